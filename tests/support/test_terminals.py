"""Terminals' certificates: made once, signed by the cluster's authority, asked for from the staff alone."""

import stat
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from cryptography import x509
from sqlalchemy import text

from tests.server.odbc_helpers import engine_on
from tests.support.cluster import TRIP_COUNT_DATABASE, Cluster
from tests.support.server_files import STAFF_ROLE
from tests.support.terminals import TerminalCertificate, terminal_certificate

CLERK, PASSWORD = "clerk_of_the_certificate_test", "pässword of the clerk"


@pytest.fixture
def clerk(cluster: Cluster) -> Iterator[dict[str, Any]]:
    """A login of the staff; the group is made too where no test's schema has made it."""
    had_group = (
        cluster.psql("postgres", f"SELECT count(*) FROM pg_roles WHERE rolname = '{STAFF_ROLE}'") == "1"
    )
    if not had_group:
        cluster.psql("postgres", f"CREATE ROLE {STAFF_ROLE} NOLOGIN")
    cluster.psql("postgres", f"CREATE ROLE {CLERK} LOGIN PASSWORD '{PASSWORD}' IN ROLE {STAFF_ROLE}")
    yield {"user": CLERK, "password": PASSWORD}
    cluster.psql("postgres", f"DROP ROLE {CLERK}")
    if not had_group:
        cluster.psql("postgres", f"DROP ROLE {STAFF_ROLE}")


def test_a_certificate_is_made_once_with_its_serial_number(cluster: Cluster) -> None:
    terminal = terminal_certificate(cluster, 7)
    written = terminal.cert.read_bytes()
    assert terminal.serial == x509.load_pem_x509_certificate(written).serial_number == 1007
    assert stat.S_IMODE(terminal.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(cluster.ca_key.stat().st_mode) == 0o600
    assert terminal_certificate(cluster, 7) == terminal
    assert terminal.cert.read_bytes() == written


def test_the_staff_needs_a_certificate_beside_the_password(
    cluster: Cluster, database: str, clerk: dict[str, Any]
) -> None:
    cluster.psql(database, "CREATE EXTENSION sslinfo")
    with pytest.raises(psycopg.OperationalError, match="requires a valid client certificate"):
        psycopg.connect(cluster.conninfo(database, **clerk))
    terminal = terminal_certificate(cluster, 8)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.conninfo(database, terminal=terminal, user=CLERK, password="wrong"))
    with psycopg.connect(cluster.conninfo(database, terminal=terminal, **clerk)) as session:
        row = session.execute("SELECT ssl_client_serial()").fetchone()
    assert row == (1008,)


def test_our_dialect_shows_the_certificate(cluster: Cluster, database: str, clerk: dict[str, Any]) -> None:
    cluster.psql(database, "CREATE EXTENSION sslinfo")
    url = cluster.url(database, **clerk, terminal=terminal_certificate(cluster, 9))
    with engine_on(url) as engine, engine.connect() as connection:
        assert connection.execute(text("SELECT ssl_client_serial()::int")).scalar_one() == 1009


def test_a_certificate_of_another_authority_is_refused(
    cluster: Cluster, database: str, clerk: dict[str, Any]
) -> None:
    with Cluster() as stranger:
        theirs = terminal_certificate(stranger, 1)
        with pytest.raises(psycopg.OperationalError, match=r"alert (unknown ca|decrypt error)"):
            psycopg.connect(cluster.conninfo(database, terminal=theirs, **clerk))


def test_a_servers_certificate_is_no_terminals(
    cluster: Cluster, database: str, clerk: dict[str, Any]
) -> None:
    server = TerminalCertificate(2, cluster.directory / "server.crt", cluster.directory / "server.key")
    with pytest.raises(psycopg.OperationalError, match="certificate"):
        psycopg.connect(cluster.conninfo(database, terminal=server, **clerk))


def test_the_superuser_counts_as_a_member_of_no_role(cluster: Cluster, clerk: dict[str, Any]) -> None:
    by_sql = f"SELECT pg_has_role('{cluster.superuser}', '{STAFF_ROLE}', 'MEMBER')"
    without_certificate = "SELECT ssl, client_dn IS NULL FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    with psycopg.connect(cluster.conninfo("postgres")) as session:
        assert session.execute(by_sql.encode()).fetchone() == (True,)
        assert session.execute(without_certificate).fetchone() == (True, True)


def test_the_staff_reaches_the_trip_count_database_without_tls(
    cluster: Cluster, clerk: dict[str, Any]
) -> None:
    plain = cluster.conninfo(TRIP_COUNT_DATABASE, sslmode="disable", **clerk)
    with psycopg.connect(plain) as session:
        answer = session.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
    assert answer == (False,)
