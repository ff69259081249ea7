"""The PostgreSQL the other tests stand on is what they take it for."""

import json
import os
import pwd
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pyodbc  # type: ignore[import-not-found]  # it has a stub, but not where mypy looks
import pytest

from tests.support import processes
from tests.support.account import NAME
from tests.support.binaries import ClusterError
from tests.support.certificates import make_certificates
from tests.support.cluster import TRIP_COUNT_DATABASE, Cluster

ROOT = Path(__file__).parents[2]


def odbc(cluster: Cluster, database: str, *, port: int | None = None, tls: bool = True) -> pyodbc.Connection:
    """A plain pyodbc connection, without our dialect."""
    secure = f"SSLmode=verify-full;pqopt={{sslrootcert={cluster.ca_file}}}" if tls else "SSLmode=disable"
    return pyodbc.connect(
        f"Driver={{PostgreSQL Unicode}};Server={cluster.host};Port={port or cluster.port};"
        f"Database={database};UID={cluster.superuser};PWD={{{cluster.password}}};Protocol=7.4-0;UseServerSidePrepare=0;{secure}",
        autocommit=True,
    )


def one(session: psycopg.Connection, question: str) -> str:
    """The single value that a question answers."""
    answer = session.execute(question.encode()).fetchone()
    assert answer is not None
    value = answer[0]
    assert isinstance(value, str)
    return value


def awaited(session: psycopg.Connection) -> bytes:
    """The value of a statement sent with `send_query`, waited for without holding up other threads."""
    values = []
    while True:
        while session.pgconn.is_busy():
            assert select.select([session.pgconn.socket], [], [], 30)[0], "no answer came"
            session.pgconn.consume_input()
        if (answer := session.pgconn.get_result()) is None:
            break
        values.append(answer.get_value(0, 0))
    [value] = values
    assert value is not None
    return value


def test_the_server_speaks_utc_c_and_utf8_and_takes_scram(cluster: Cluster, database: str) -> None:
    names = "timezone", "lc_messages", "lc_collate", "server_encoding", "password_encryption"
    with psycopg.connect(cluster.conninfo(database)) as session:
        settings = [one(session, f"SHOW {name}") for name in names]
        stored = one(session, "SELECT rolpassword FROM pg_authid WHERE rolname = current_user")
        version = session.info.server_version
    assert settings == ["UTC", "C", "C.UTF-8", "UTF8", "scram-sha-256"]
    assert stored.startswith("SCRAM-SHA-256$")
    assert version >= 150000


def test_the_log_carries_no_statement_and_no_key_value(cluster: Cluster, database: str) -> None:
    cluster.psql(
        database, "CREATE TABLE patron (name text PRIMARY KEY); INSERT INTO patron VALUES ('窓口太郎')"
    )
    with pytest.raises(ClusterError, match="duplicate key"):
        cluster.psql(database, "INSERT INTO patron VALUES ('窓口太郎')")
    log = cluster.read_log()
    assert "duplicate key value" in log
    assert "窓口太郎" not in log


def test_a_json_log_carries_a_violations_key_whatever_the_verbosity() -> None:
    """So a server whose log is to hold no personal data must not write one: PostgreSQL 15, jsonlog.c."""
    with Cluster(settings={"log_destination": "stderr,jsonlog"}) as own:
        own.psql("postgres", "CREATE TABLE book (n int PRIMARY KEY); INSERT INTO book VALUES (4711)")
        with pytest.raises(ClusterError, match="duplicate key"):
            own.psql("postgres", "INSERT INTO book VALUES (4711)")
        assert "4711" not in own.read_log()
        lines = own.log_path.with_suffix(".json").read_text(encoding="utf-8").splitlines()
    [entry] = [entry for entry in map(json.loads, lines) if "duplicate key" in entry["message"]]
    assert entry["detail"] == "Key (n)=(4711) already exists."
    assert "statement" not in entry


def test_a_log_is_read_with_all_that_was_said_before(cluster: Cluster, database: str) -> None:
    for number in range(20):
        cluster.psql(database, f"DO $$ BEGIN RAISE LOG 'saying {number}.'; END $$")
        assert f"saying {number}." in cluster.read_log()


def test_a_failed_start_says_why_before_and_after_the_log_collector_runs() -> None:
    with pytest.raises(ClusterError, match="outside the valid range"):
        Cluster(settings={"max_connections": "0"})
    with Cluster() as own, socket.socket() as taken:
        own.stop()
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((own.host, own.port))
        taken.listen()
        with pytest.raises(ClusterError, match="could not bind"):
            own.start()


def test_sslinfo_is_there(cluster: Cluster, database: str) -> None:
    cluster.psql(database, "CREATE EXTENSION sslinfo")
    assert cluster.psql(database, "SELECT ssl_is_used(), ssl_client_cert_present()") == "t|f"


def test_both_drivers_connect_over_verified_tls(cluster: Cluster, database: str) -> None:
    question = "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    with psycopg.connect(cluster.conninfo(database)) as session:
        assert session.execute(question).fetchone() == (True, "TLSv1.3")
    connection = odbc(cluster, database)
    try:
        assert connection.execute(question).fetchall()[0][1] == "TLSv1.3"
    finally:
        connection.close()


def test_a_connection_without_tls_is_refused(cluster: Cluster, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        psycopg.connect(cluster.conninfo(database, sslmode="disable"))
    with pytest.raises(pyodbc.Error, match="no encryption"):
        odbc(cluster, database, tls=False)


def test_only_the_trip_count_database_is_reached_without_tls(cluster: Cluster) -> None:
    connection = odbc(cluster, TRIP_COUNT_DATABASE, tls=False)
    try:
        asked = connection.execute("SELECT ssl::int FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        assert asked.fetchval() == 0
    finally:
        connection.close()


def test_a_wrong_password_and_another_authority_are_refused(
    cluster: Cluster, database: str, tmp_path: Path
) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.conninfo(database, password="not it"))
    other = make_certificates(tmp_path)
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        psycopg.connect(cluster.conninfo(database, sslrootcert=str(other.ca)))


def test_the_server_runs_without_roots_rights_and_listens_on_loopback_alone(cluster: Cluster) -> None:
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in cluster.pids()}
    expected = pwd.getpwnam(NAME).pw_uid if os.geteuid() == 0 else os.geteuid()
    assert owners == {expected}
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", cluster.port), timeout=1)


def test_a_database_is_a_copy_of_its_template(cluster: Cluster) -> None:
    cluster.create_database("pattern")
    cluster.psql("pattern", "CREATE TABLE branch (name text); INSERT INTO branch VALUES ('辻堂')")
    cluster.create_database('copy of "pattern"', template="pattern")
    assert cluster.psql('copy of "pattern"', "SELECT name FROM branch") == "辻堂"
    cluster.drop_database('copy of "pattern"')
    cluster.drop_database("pattern")
    assert "pattern" not in cluster.psql("postgres", "SELECT datname FROM pg_database")


def test_each_test_has_a_database_of_its_own(cluster: Cluster, database: str) -> None:
    assert (
        cluster.psql(database, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        == "0"
    )
    assert (
        cluster.psql(database, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        == "1"
    )


def test_addresses_carry_host_port_account_and_further_keys(cluster: Cluster) -> None:
    ours = cluster.url("lending", "clerk", "p%+ {}", port=1234, lock_timeout=1500)
    assert ours.drivername == "postgresql+pyodbc"
    assert (ours.username, ours.password, ours.host, ours.port) == ("clerk", "p%+ {}", "127.0.0.1", 1234)
    assert dict(ours.query) == {"sslrootcert": str(cluster.ca_file), "lock_timeout": "1500"}
    control = cluster.psycopg_url("lending")
    assert (control.drivername, control.username) == ("postgresql+psycopg", "postgres")
    assert control.query["sslmode"] == "verify-full"


def test_a_frozen_server_answers_nothing_and_goes_on_when_thawed(cluster: Cluster, database: str) -> None:
    with psycopg.connect(cluster.conninfo(database), autocommit=True) as session:
        with cluster.freeze():
            assert all(processes.is_stopped(pid) for pid in cluster.pids())
            session.pgconn.send_query(b"SELECT 1")
            session.pgconn.flush()
            with socket.socket(fileno=os.dup(session.pgconn.socket)) as ours:
                ours.settimeout(0.3)
                with pytest.raises(TimeoutError):
                    ours.recv(1, socket.MSG_PEEK)
        assert awaited(session) == b"1"


def test_what_was_committed_is_there_after_a_kill(cluster: Cluster, database: str) -> None:
    cluster.psql(database, "CREATE TABLE loan (n int); INSERT INTO loan SELECT generate_series(1, 1000)")
    port = cluster.port
    cluster.kill()
    assert cluster.pids() == []
    assert not cluster.is_running
    cluster.start()
    assert cluster.port == port
    assert cluster.psql(database, "SELECT count(*) FROM loan") == "1000"


def test_a_stop_waits_for_no_session(cluster: Cluster, database: str) -> None:
    with psycopg.connect(cluster.conninfo(database)) as session:
        cluster.freeze()
        cluster.stop()
        assert cluster.pids() == []
        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")
    cluster.recover()
    assert cluster.psql(database, "SELECT 1") == "1"


def test_a_test_may_leave_the_server_frozen(cluster: Cluster) -> None:
    cluster.freeze()
    assert cluster.is_running


def test_and_the_next_one_finds_it_well(cluster: Cluster, database: str) -> None:
    assert not any(processes.is_stopped(pid) for pid in cluster.pids())
    assert cluster.psql(database, "SELECT 1") == "1"


def test_a_durable_server_writes_through() -> None:
    with Cluster(durable=True, settings={"max_connections": "20"}) as own:
        assert own.psql("postgres", "SHOW fsync; SHOW full_page_writes; SHOW max_connections") == "on\non\n20"
        directory = own.directory
        assert directory.exists()
    assert not directory.exists()


def test_a_server_runs_in_a_place_that_only_we_may_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Cluster() as own:
        assert own.directory.parent == tmp_path
        assert own.psql("postgres", "SELECT 1") == "1"


def test_a_killed_run_leaves_no_process_and_no_directory_even_when_frozen() -> None:
    script = (
        "import json, sys, time\n"
        "from tests.support.cluster import Cluster\n"
        "cluster = Cluster()\n"
        "cluster.freeze()\n"
        "print(json.dumps([str(cluster.directory), cluster._account.uid]), flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT) as run:
        assert run.stdout is not None
        told, uid = json.loads(run.stdout.readline())
        directory = Path(told)
        assert len(processes.cluster_pids(directory.name, uid)) >= 5
        run.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while directory.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not directory.exists()
    assert processes.cluster_pids(directory.name, uid) == []
