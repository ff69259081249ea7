"""What errors mean, on errors a real server and a real line produced."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pyodbc
import pytest
from sqlalchemy import Connection, Engine, exc, text

from madoguchi.app.server.odbc import Fault, UnsafeConnectionError, classify, sqlstate
from madoguchi.app.server.odbc_errors import dbapi_class_name, is_lost
from tests.server.odbc_helpers import engine_on, engine_on_new_database, pid_of
from tests.support.certificates import make_certificates
from tests.support.cluster import Cluster
from tests.support.wire import Wire

DATABASE = "odbc_errors"


@pytest.fixture(scope="module")
def engine(cluster: Cluster) -> Iterator[Engine]:
    """An engine on a database with a table of two rows."""
    with engine_on_new_database(cluster, DATABASE) as engine:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE item (id int PRIMARY KEY)"))
            connection.execute(text("INSERT INTO item VALUES (1), (2)"))
        yield engine


def failure(act: Callable[[], object]) -> exc.DBAPIError:
    """Return the error `act` ends with."""
    with pytest.raises(exc.DBAPIError) as caught:
        act()
    return caught.value


def connecting(cluster: Cluster, database: str = DATABASE, **changes: str) -> exc.DBAPIError:
    """Return the error of signing in with something wrong."""
    user, password = changes.pop("user", None), changes.pop("password", None)
    query: dict[str, Any] = dict(changes)
    with engine_on(cluster.url(database, user, password, **query)) as engine:
        return failure(engine.connect)


def running(engine: Engine, statement: str) -> exc.DBAPIError:
    """Return the error of one statement."""
    with engine.connect() as connection:
        return failure(lambda: connection.execute(text(statement)))


# -- not let in, or not even reached -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "account"),
    [
        ("LOGIN PASSWORD 'other'", {}),
        ("LOGIN PASSWORD 'right' VALID UNTIL '-infinity'", {}),
        ("NOLOGIN PASSWORD 'right'", {}),
        ("LOGIN PASSWORD 'right'", {"user": "nobody_of_that_name"}),
        ("LOGIN PASSWORD 'right'", {"user": "certificate"}),
    ],
)
def test_a_refused_sign_in(cluster: Cluster, engine: Engine, role: str, account: dict[str, str]) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS refused_person"))
        connection.exec_driver_sql(f"CREATE ROLE refused_person {role}")
    error = connecting(cluster, **{"user": "refused_person", "password": "right", **account})
    assert isinstance(error, exc.OperationalError)
    assert sqlstate(error) == "08001"
    assert classify(error) is Fault.SIGN_IN_REFUSED


def test_a_sign_in_without_a_password(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", "/dev/null")
    with engine_on(cluster.url(DATABASE).set(password="")) as engine:
        assert classify(failure(engine.connect)) is Fault.SIGN_IN_REFUSED


def test_a_role_that_may_not_use_this_database(cluster: Cluster, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE ROLE elsewhere LOGIN PASSWORD 'x'"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE DATABASE closed"))
        connection.execute(text("REVOKE CONNECT ON DATABASE closed FROM public"))
        error = connecting(cluster, "closed", user="elsewhere", password="x")
        connection.execute(text("DROP DATABASE closed"))
    assert classify(error) is Fault.SIGN_IN_REFUSED


def test_no_room_for_one_more_session(cluster: Cluster, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE ROLE crowded LOGIN PASSWORD 'x' CONNECTION LIMIT 0"))
    error = connecting(cluster, user="crowded", password="x")
    assert "too many connections" in str(error.orig)
    assert classify(error) is Fault.OUTAGE


def test_a_database_nobody_made_is_our_mistake(cluster: Cluster) -> None:
    assert classify(connecting(cluster, "no_such_database")) is Fault.BUG


def test_a_certificate_that_proves_nothing_is_our_mistake(cluster: Cluster, tmp_path: Path) -> None:
    other = make_certificates(tmp_path).ca
    assert classify(connecting(cluster, sslrootcert=str(other))) is Fault.BUG
    assert classify(connecting(cluster, sslrootcert=str(tmp_path / "none.crt"))) is Fault.BUG


def test_a_driver_that_is_not_installed_is_our_mistake(cluster: Cluster) -> None:
    assert classify(connecting(cluster, driver="No such driver")) is Fault.BUG


def test_a_server_that_is_down(cluster: Cluster, engine: Engine) -> None:
    engine.dispose()
    cluster.stop()
    error = failure(engine.connect)
    assert sqlstate(error) == "08001"
    assert classify(error) is Fault.OUTAGE


def test_a_line_that_refuses(cluster: Cluster) -> None:
    with Wire(cluster.host, cluster.port) as wire, engine_on(cluster.url(DATABASE, port=wire.port)) as engine:
        wire.refuse()
        assert classify(failure(engine.connect)) is Fault.OUTAGE


def raising(state: str) -> str:
    """Return a statement that fails with `state` and a text that sounds like a broken line."""
    return f"DO $$ BEGIN RAISE 'server closed the connection' USING ERRCODE = '{state}'; END $$"


# -- a session that stands -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "kind", "state", "fault"),
    [
        ("SELEC 1", exc.ProgrammingError, "42601", Fault.BUG),
        ("SELECT * FROM no_such_table", exc.ProgrammingError, "42P01", Fault.BUG),
        ("INSERT INTO item VALUES (1)", exc.IntegrityError, "23505", Fault.BUG),
        ("INSERT INTO item VALUES (NULL)", exc.IntegrityError, "23502", Fault.BUG),
        ("SELECT 1/0", exc.DataError, "22012", Fault.BUG),
        (raising("P0001"), exc.InternalError, "P0001", Fault.BUG),
        (raising("MD001"), exc.DBAPIError, "MD001", Fault.BUG),
        (raising("40001"), exc.OperationalError, "40001", Fault.OUTAGE),
        (raising("53100"), exc.OperationalError, "53100", Fault.OUTAGE),
        (raising("XX000"), exc.InternalError, "XX000", Fault.BUG),
        ("SET TRANSACTION READ ONLY; DELETE FROM item", exc.InternalError, "25006", Fault.OUTAGE),
        ("SELECT pg_cancel_backend(pg_backend_pid())", exc.OperationalError, "57014", Fault.OUTAGE),
    ],
)  # fmt: skip
def test_an_error_in_a_statement(
    engine: Engine, statement: str, kind: type[exc.DBAPIError], state: str, fault: Fault
) -> None:
    error = running(engine, statement)
    assert isinstance(error, kind)
    assert sqlstate(error) == state
    assert classify(error) is fault
    assert error.orig is not None
    assert classify(error.orig) is fault
    assert not error.connection_invalidated


def test_a_statement_that_takes_too_long(cluster: Cluster) -> None:
    with engine_on(cluster.url(DATABASE, statement_timeout=50)) as engine:
        error = running(engine, "SELECT pg_sleep(10)")
    assert (type(error), sqlstate(error)) == (exc.OperationalError, "57014")
    assert classify(error) is Fault.OUTAGE


def test_a_row_another_terminal_holds(cluster: Cluster, engine: Engine) -> None:
    with (
        engine_on(cluster.url(DATABASE, lock_timeout=50)) as impatient,
        engine.begin() as holder,
    ):
        holder.execute(text("SELECT * FROM item WHERE id = 1 FOR UPDATE"))
        error = running(impatient, "SELECT * FROM item WHERE id = 1 FOR UPDATE")
    assert (type(error), sqlstate(error)) == (exc.OperationalError, "55P03")
    assert classify(error) is Fault.OUTAGE
    assert not error.connection_invalidated


def test_a_deadlock(cluster: Cluster, engine: Engine) -> None:
    def lock(connection: Connection, number: int) -> None:
        connection.execute(text("SELECT * FROM item WHERE id = :id FOR UPDATE"), {"id": number})

    errors: list[exc.DBAPIError] = []

    def lock_or_keep_error(connection: Connection, number: int) -> None:
        try:
            lock(connection, number)
        except exc.DBAPIError as error:
            errors.append(error)
            connection.rollback()

    with (
        engine_on(cluster.url(DATABASE, lock_timeout=0, statement_timeout=0)) as patient,
        patient.connect() as one,
        patient.connect() as two,
    ):
        lock(one, 1)
        lock(two, 2)
        other = threading.Thread(target=lock_or_keep_error, args=(two, 1))
        other.start()
        lock_or_keep_error(one, 2)
        other.join()
    assert [(type(error), sqlstate(error), classify(error)) for error in errors] == [
        (exc.OperationalError, "40P01", Fault.OUTAGE)
    ]


# -- a session that ends -----------------------------------------------------------------------------------


def terminate(engine: Engine, pid: int) -> None:
    """End another session as an administrator does, and wait until it is gone."""
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_a_session_ended_by_an_administrator(engine: Engine) -> None:
    with engine.connect() as connection:
        terminate(engine, pid_of(connection))
        error = failure(lambda: connection.execute(text("INSERT INTO item VALUES (100)")))
        assert (type(error), sqlstate(error)) == (exc.OperationalError, "57P01")
        assert classify(error) is Fault.OUTAGE
        assert error.connection_invalidated
        # The driver itself would answer OK to this commit.
        with pytest.raises(exc.PendingRollbackError):
            connection.commit()
        connection.rollback()
        assert connection.scalar(text("SELECT count(*) FROM item")) == 2


def test_a_session_ended_before_the_commit(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO item VALUES (101)"))
        terminate(engine, pid_of(connection))
        error = failure(connection.commit)
    assert (type(error), sqlstate(error)) == (exc.OperationalError, "57P01")
    assert classify(error) is Fault.OUTAGE
    assert error.connection_invalidated


def test_a_session_idle_for_too_long(cluster: Cluster) -> None:
    with (
        engine_on(cluster.url(DATABASE, idle_in_transaction_session_timeout=20)) as engine,
        engine.connect() as connection,
        engine_on(cluster.url(DATABASE)) as watching,
        watching.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher,
    ):
        gone = text("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = :pid)")
        pid = pid_of(connection)
        while not watcher.scalar(gone, {"pid": pid}):
            pass
        error = failure(lambda: connection.execute(text("SELECT 1")))
    assert (type(error), sqlstate(error)) == (exc.OperationalError, "25P03")
    assert classify(error) is Fault.OUTAGE
    assert error.connection_invalidated


@pytest.mark.parametrize("in_the_middle", [False, True])
def test_a_line_that_breaks(cluster: Cluster, in_the_middle: bool) -> None:
    with (
        Wire(cluster.host, cluster.port) as wire,
        engine_on(cluster.url(DATABASE, port=wire.port)) as engine,
        engine.connect() as connection,
    ):
        connection.execute(text("SELECT 1"))
        if in_the_middle:
            wire.lose_next_answer()
        else:
            wire.cut()
        error = failure(lambda: connection.execute(text("SELECT 2")))
        assert sqlstate(error) == "08S01"
        assert classify(error) is Fault.OUTAGE
        assert error.connection_invalidated


def test_a_server_that_crashes(cluster: Cluster, engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        cluster.kill()
        error = failure(lambda: connection.execute(text("SELECT 2")))
    assert classify(error) is Fault.OUTAGE
    assert error.connection_invalidated


def test_a_ping_finds_a_dead_connection_before_it_is_used(cluster: Cluster, engine: Engine) -> None:
    with engine_on(cluster.url(DATABASE), pool_pre_ping=True, pool_size=1) as pinging:
        with pinging.connect() as connection:
            before = pid_of(connection)
        terminate(engine, before)
        with pinging.connect() as connection:
            assert pid_of(connection) != before


# -- without a server ----------------------------------------------------------------------------------


def test_the_classes_are_psycopgs_for_every_state_there_is() -> None:
    ours_alone = {"P0", "25P03"}
    known = [
        error
        for error in vars(psycopg.errors).values()
        if isinstance(error, type) and issubclass(error, psycopg.Error) and getattr(error, "sqlstate", None)
    ]
    assert len(known) > 200
    standard = (
        "ProgrammingError",
        "DataError",
        "IntegrityError",
        "InternalError",
        "NotSupportedError",
        "OperationalError",
    )
    for error in known:
        state = error.sqlstate
        assert state is not None
        if state in ours_alone or state[:2] in ours_alone:
            continue
        theirs = next((base.__name__ for base in error.__mro__ if base.__name__ in standard), None)
        # What neither maps stays a plain error: warnings, "no data", states nobody raises.
        assert dbapi_class_name(state) == theirs, state


def test_errors_of_others_are_bugs_and_have_no_state() -> None:
    for error in (
        ValueError("57P01"),
        KeyError(),
        UnsafeConnectionError("not encrypted"),
        exc.ArgumentError("x"),
    ):
        assert sqlstate(error) is None
        assert classify(error) is Fault.BUG
        assert not is_lost(error)


def test_waiting_for_a_connection_in_vain_is_an_outage() -> None:
    assert classify(exc.TimeoutError()) is Fault.OUTAGE
    assert classify(exc.DisconnectionError()) is Fault.OUTAGE


@pytest.mark.parametrize("arguments", [(), ("no state",), (None,), ("57p01",), ("08001 ",)])
def test_an_error_without_a_state(arguments: tuple[object, ...]) -> None:
    error = pyodbc.Error(*arguments)
    assert sqlstate(error) is None
    assert classify(error) is Fault.BUG


def test_use_after_close_is_a_lost_connection() -> None:
    error = pyodbc.ProgrammingError("Attempt to use a closed connection.")
    assert is_lost(error)
    assert classify(error) is Fault.OUTAGE


def test_what_somebody_typed_is_not_taken_for_a_broken_line() -> None:
    error = pyodbc.DataError("22P02", "[22P02] ERROR: invalid input: 'server closed the connection'")
    assert not is_lost(error)
    assert classify(error) is Fault.BUG
