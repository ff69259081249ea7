"""The terminal's certificate shown to a real PostgreSQL through our ODBC dialect; who is refused there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, exc, text

from madoguchi.app.server.engine import make_engine
from madoguchi.app.terminal.connection import present
from madoguchi.app.terminal.identity import Identity, NoIdentity
from tests.support.cluster import Cluster
from tests.support.keyring_backend import MemoryKeyring, ring
from tests.support.office import NAME, Office, identity, office, stranger

__all__ = ["identity", "office", "ring", "stranger"]


@pytest.fixture(scope="module")
def guarded(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server with the authority's certificate that takes connections from its terminals only."""
    folder = tmp_path_factory.mktemp("server")
    office.authority.server_certificate(["127.0.0.1", "localhost"], folder)
    with Cluster() as cluster:
        cluster.create_database("lending")
        cluster.psql("lending", "CREATE EXTENSION sslinfo")
        data = cluster.directory / "data"
        owner = data.stat()
        for name, content in [
            ("ca.crt", office.authority.certificate_pem),
            ("own.crt", (folder / "server.crt").read_bytes()),
            ("own.key", (folder / "server.key").read_bytes()),
        ]:
            file = data / name
            file.touch(mode=0o600)
            file.write_bytes(content)
            os.chown(file, owner.st_uid, owner.st_gid)
        with (data / "postgresql.conf").open("a") as settings:
            settings.write("ssl_ca_file = 'ca.crt'\nssl_cert_file = 'own.crt'\nssl_key_file = 'own.key'\n")
        (data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n")
        cluster.stop()
        cluster.start()
        yield cluster


def lending(cluster: Cluster, office: Office, **query: str) -> URL:
    """The server's address as a terminal's settings have it."""
    return cluster.url("lending").set(query={"sslrootcert": str(office.folder / "ca.crt"), **query})


def ask(engine: Engine, question: str) -> str:
    try:
        with engine.connect() as connection:
            return str(connection.execute(text(question)).scalar_one())
    finally:
        engine.dispose()


def refused(engine: Engine) -> str:
    with pytest.raises(exc.DBAPIError) as error:
        ask(engine, "SELECT 1")
    return str(error.value.orig)


def test_the_server_takes_an_enrolled_terminal_and_knows_its_number(
    identity: Identity, office: Office, guarded: Cluster
) -> None:
    signed = office.enrol(identity)
    by_address = make_engine(lending(guarded, office, **identity.connection_options()))
    assert ask(by_address, "SELECT ssl_client_serial()") == str(signed.serial)
    engine = make_engine(lending(guarded, office))
    present(identity, engine)
    assert ask(engine, "SELECT ssl_client_serial()") == str(signed.serial)
    assert ask(engine, "SELECT ssl_client_dn_field('commonName')") == NAME
    renewed = office.enrol(identity)
    assert ask(engine, "SELECT ssl_client_serial()") == str(renewed.serial) != str(signed.serial)


def test_the_longest_name_comes_whole_to_the_servers_list(
    identity: Identity, office: Office, guarded: Cluster
) -> None:
    longest = "窓" * 19
    signed = office.authority.sign_terminal(identity.begin(longest), name=longest)
    identity.install(signed.pem, office.authority.certificate_pem)
    engine = make_engine(lending(guarded, office))
    present(identity, engine)
    seen = "SELECT client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    assert ask(engine, seen) == f"/CN={longest}"


def test_the_server_refuses_everybody_else(
    tmp_path: Path, ring: MemoryKeyring, office: Office, stranger: Office, guarded: Cluster
) -> None:
    assert "requires a valid client certificate" in refused(make_engine(lending(guarded, office)))
    foreign = Identity(tmp_path / "foreign")
    stranger.enrol(foreign)
    shown = {**foreign.connection_options(), "sslrootcert": str(office.folder / "ca.crt")}
    assert "unknown ca" in refused(make_engine(lending(guarded, office, **shown)))
    # the server's own certificate is no terminal's
    office.authority.server_certificate(["localhost"], tmp_path / "server")
    own = {
        "sslcert": str(tmp_path / "server" / "server.crt"),
        "sslkey": str(tmp_path / "server" / "server.key"),
    }
    assert "unsupported certificate" in refused(make_engine(lending(guarded, office, **own)))


def test_the_key_without_its_passphrase_opens_nothing(
    identity: Identity, office: Office, guarded: Cluster
) -> None:
    office.enrol(identity)
    options = {**identity.connection_options(), "sslpassword": "guessed"}
    assert "private key" in refused(make_engine(lending(guarded, office, **options)))


def test_a_terminal_without_identity_sends_nothing_and_says_why(
    identity: Identity, office: Office, guarded: Cluster
) -> None:
    engine = make_engine(lending(guarded, office))
    present(identity, engine)
    with pytest.raises(NoIdentity, match="登録されていません"):
        ask(engine, "SELECT 1")


def test_the_passphrase_is_in_nothing_that_is_printed(
    identity: Identity, office: Office, guarded: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    office.enrol(identity)
    secret = identity.connection_options()["sslpassword"]
    engine = make_engine(lending(guarded, office).set(password="wrong"))
    present(identity, engine)
    said = refused(engine)
    assert "password authentication failed" in said
    assert secret not in said + repr(engine) + repr(engine.url) + repr(identity) + caplog.text
    assert secret not in guarded.log_path.read_text(errors="replace")
