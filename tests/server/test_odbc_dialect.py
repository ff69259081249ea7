"""The dialect at work on a real PostgreSQL: round trips, transactions, RETURNING, row counts, operators."""

import threading
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    bindparam,
    column,
    delete,
    exc,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, HSTORE, JSONB, JSONPATH, array
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from madoguchi.app.server import odbc
from tests.server.odbc_helpers import counted_engine, engine_on, engine_on_new_database, pid_of
from tests.support.cluster import Cluster

METADATA = MetaData()
SHELF = Table(
    "shelf",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(50)),
    Column("count", Integer),
)


class Base(DeclarativeBase):
    """For the one mapped class here."""


class Book(Base):
    """A mapped row, to see that the ORM trusts our row counts."""

    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@pytest.fixture(scope="module")
def engine(cluster: Cluster) -> Iterator[Engine]:
    """An engine on a database of our own."""
    with engine_on_new_database(cluster, "odbc_dialect") as engine:
        with engine.begin() as connection:
            connection.execute(text("CREATE EXTENSION hstore"))
            METADATA.create_all(connection)
            Base.metadata.create_all(connection)
        yield engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose shelf has three rows; nothing of the test stays."""
    with engine.connect() as connection:
        rows = [{"id": number, "name": f"shelf {number}", "count": 0} for number in (1, 2, 3)]
        connection.execute(insert(SHELF), rows)
        yield connection


def test_it_is_found_by_its_name(engine: Engine) -> None:
    assert isinstance(engine.dialect, odbc.PostgresOdbcDialect)
    assert (engine.dialect.name, engine.dialect.driver) == ("postgresql", "pyodbc")
    assert engine.dialect.server_version_info is not None
    assert engine.dialect.server_version_info >= (15,)
    assert engine.dialect.loaded_dbapi.pooling is False


# -- round trips -------------------------------------------------------------------------------------


def one_call() -> Select[Any]:
    """Return a call as the scan path makes it, with a NULL among its parameters."""
    return select(func.concat(literal("x", Text), literal(None, Text), literal(1, Integer)))


def trips_of(cluster: Cluster, act: Any, **options: Any) -> int:
    """Count the round trips of `act` on a connection that has been used before."""
    with counted_engine(cluster, **options) as (engine, wire), engine.connect() as connection:
        connection.execute(one_call())
        connection.rollback()
        before = wire.trips
        act(connection)
        return wire.trips - before


def test_one_call_is_one_trip(cluster: Cluster) -> None:
    assert trips_of(cluster, lambda it: it.scalar(one_call()), isolation_level="AUTOCOMMIT") == 1


def test_commit_and_rollback_are_free_in_autocommit(cluster: Cluster) -> None:
    def act(connection: Connection) -> None:
        with connection.begin():
            connection.execute(one_call())
        connection.execute(one_call())
        connection.rollback()

    assert trips_of(cluster, act, isolation_level="AUTOCOMMIT") == 2


def test_a_transaction_costs_its_statements_and_one_commit(cluster: Cluster) -> None:
    def act(connection: Connection) -> None:
        with connection.begin():
            for _ in range(4):
                connection.execute(one_call())

    assert trips_of(cluster, act) == 5


def test_many_rows_are_inserted_in_one_trip(cluster: Cluster) -> None:
    rows = [{"id": number, "name": "x", "count": 0} for number in range(500)]
    with (
        counted_engine(cluster, isolation_level="AUTOCOMMIT") as (engine, wire),
        engine.connect() as connection,
    ):
        METADATA.create_all(connection)
        before = wire.trips
        connection.execute(insert(SHELF), rows)
        trips = wire.trips - before
        METADATA.drop_all(connection)
    assert trips == 1


def test_a_ping_is_one_trip(cluster: Cluster) -> None:
    def ping(connection: Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        connection.dialect.do_ping(raw)

    assert trips_of(cluster, ping) == 1


def test_a_level_for_one_connection_is_one_trip(cluster: Cluster) -> None:
    assert trips_of(cluster, lambda it: it.execution_options(isolation_level="SERIALIZABLE")) == 1
    assert trips_of(cluster, lambda it: it.execution_options(isolation_level="AUTOCOMMIT")) == 0


def test_a_tables_columns_cost_one_more_trip_the_first_time(cluster: Cluster) -> None:
    """psqlodbc looks each table up in the catalogue once a connection; what is computed, it does not."""
    with (
        counted_engine(cluster, isolation_level="AUTOCOMMIT") as (engine, wire),
        engine.connect() as connection,
    ):
        METADATA.create_all(connection)
        trips = [wire.trips]
        for _ in range(2):
            connection.execute(select(SHELF)).all()
            trips.append(wire.trips)
        connection.execute(select(func.count()).select_from(SHELF)).all()
        trips.append(wire.trips)
        METADATA.drop_all(connection)
    assert [after - before for before, after in pairwise(trips)] == [2, 1, 1]


# -- RETURNING and row counts -----------------------------------------------------------------------------


def test_returning_that_touches_no_row(connection: Connection) -> None:
    nowhere = SHELF.c.id == 99
    changed = connection.execute(
        update(SHELF).where(nowhere).values(name="x").returning(SHELF.c.id, SHELF.c.name)
    )
    assert changed.keys() == ["id", "name"]
    assert (changed.all(), changed.rowcount) == ([], 0)
    assert connection.execute(delete(SHELF).where(nowhere).returning(SHELF.c.id)).first() is None
    again = upsert(SHELF).values(id=1, name="x").on_conflict_do_nothing().returning(SHELF.c.id)
    assert connection.execute(again).one_or_none() is None
    plain = text("UPDATE shelf SET name = 'x' WHERE id = 99 RETURNING id").columns(column("id", Integer))
    assert connection.scalars(plain).all() == []


def test_returning_that_touches_rows(connection: Connection) -> None:
    changed = connection.execute(
        update(SHELF)
        .where(SHELF.c.id < 3)
        .values(count=SHELF.c.count + 1)
        .returning(SHELF.c.id, SHELF.c.count)
    )
    assert (sorted(changed.all()), changed.rowcount) == ([(1, 1), (2, 1)], 2)


def test_row_counts(connection: Connection) -> None:
    assert connection.execute(update(SHELF).values(count=1)).rowcount == 3
    assert connection.execute(update(SHELF).where(SHELF.c.id == 99).values(count=1)).rowcount == 0
    assert connection.execute(delete(SHELF).where(SHELF.c.id > 1)).rowcount == 2


def test_row_count_of_many(connection: Connection) -> None:
    changed = update(SHELF).where(SHELF.c.id == bindparam("which")).values(name=bindparam("new"))
    parameters = [{"which": number, "new": None if number == 2 else f"new {number}"} for number in (1, 2, 99)]
    assert connection.execute(changed, parameters).rowcount == 2
    assert connection.scalars(select(SHELF.c.name).order_by(SHELF.c.id)).all() == ["new 1", None, "shelf 3"]
    plain = text("DELETE FROM shelf WHERE id = :which")
    assert connection.execute(plain, [{"which": 1}, {"which": 3}]).rowcount == 2


def test_the_orm_notices_a_row_that_is_gone(engine: Engine) -> None:
    with Session(engine) as session:
        session.add_all([Book(id=1, name="one"), Book(id=2, name="two")])
        session.flush()
        one, two = session.get_one(Book, 1), session.get_one(Book, 2)
        session.execute(text("DELETE FROM book WHERE id = 2"))
        one.name, two.name = "first", "second"
        with pytest.raises(StaleDataError):
            session.flush()


# -- transactions --------------------------------------------------------------------------------------


def test_a_savepoint_undoes_only_what_came_after_it(connection: Connection) -> None:
    savepoint = connection.begin_nested()
    connection.execute(insert(SHELF).values(id=4))
    with pytest.raises(exc.IntegrityError):
        connection.execute(insert(SHELF).values(id=1))
    savepoint.rollback()
    with connection.begin_nested():
        connection.execute(insert(SHELF).values(id=5))
    assert connection.scalars(select(SHELF.c.id).order_by(SHELF.c.id)).all() == [1, 2, 3, 5]


def test_an_error_spoils_the_transaction_and_nothing_of_it_stays(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(insert(SHELF).values(id=1))
        with pytest.raises(exc.IntegrityError):
            connection.execute(insert(SHELF).values(id=1))
        with pytest.raises(exc.InternalError, match="25P02"):
            connection.execute(insert(SHELF).values(id=2))
        connection.rollback()
        assert connection.scalar(select(func.count()).select_from(SHELF)) == 0


@pytest.mark.parametrize("level", ["READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_isolation_levels(engine: Engine, level: Any) -> None:
    with engine.connect().execution_options(isolation_level=level) as connection:
        assert connection.get_isolation_level() == level
        assert connection.scalar(text("SHOW transaction_isolation")) == level.lower()
    with engine.connect() as connection:
        assert connection.get_isolation_level() == "READ COMMITTED"


def test_autocommit_commits_and_ends_with_the_connection(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(insert(SHELF).values(id=50))
        connection.rollback()
    with engine.connect() as connection:
        assert connection.execute(delete(SHELF).where(SHELF.c.id == 50)).rowcount == 1
        connection.rollback()
        assert connection.execute(delete(SHELF).where(SHELF.c.id == 50)).rowcount == 1
        connection.commit()


def test_two_transactions_that_cannot_both_be_right(engine: Engine) -> None:
    serial = engine.execution_options(isolation_level="SERIALIZABLE")
    total = select(func.count()).select_from(SHELF)
    with serial.connect() as one, serial.connect() as two:
        for number, connection in ((60, one), (61, two)):
            connection.execute(total)
            connection.execute(insert(SHELF).values(id=number))
        one.commit()
        with pytest.raises(exc.OperationalError) as caught:
            two.commit()
    assert odbc.sqlstate(caught.value) == "40001"
    with engine.begin() as connection:
        assert connection.execute(delete(SHELF)).rowcount == 1


def test_changing_the_level_does_not_commit_what_is_open(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(insert(SHELF).values(id=70))
        raw: Any = connection.connection.dbapi_connection
        for level in ("SERIALIZABLE", "AUTOCOMMIT", "READ COMMITTED"):
            engine.dialect.set_isolation_level(raw, level)
        assert connection.scalar(select(func.count()).select_from(SHELF)) == 0


def test_read_only_and_deferrable(engine: Engine) -> None:
    options: dict[str, Any] = {"postgresql_readonly": True, "postgresql_deferrable": True}
    with engine.connect().execution_options(isolation_level="SERIALIZABLE", **options) as connection:
        assert connection.scalar(text("SHOW transaction_deferrable")) == "on"
        with pytest.raises(exc.InternalError, match="25006"):
            connection.execute(insert(SHELF).values(id=1))
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert engine.dialect.get_readonly(raw) is False  # type: ignore[attr-defined]
        assert engine.dialect.get_deferrable(raw) is False  # type: ignore[attr-defined]


def test_connections_are_used_again(cluster: Cluster) -> None:
    with engine_on(cluster.url("odbc_dialect"), pool_size=1) as engine:
        pids = set()
        for _ in range(3):
            with engine.connect() as connection:
                pids.add(pid_of(connection))
    assert len(pids) == 1


def test_two_threads_at_once(engine: Engine) -> None:
    answers: list[int] = []

    def ask(number: int) -> None:
        for _ in range(50):
            with engine.connect() as connection:
                answers.append(connection.scalar(select(literal(number))) or 0)

    threads = [threading.Thread(target=ask, args=(number,)) for number in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [1] * 50 + [2] * 50 + [3] * 50


# -- operators with a question mark ------------------------------------------------------------------------

DOCUMENT = literal({"a": 1, "b": {"?": None}}, JSONB)
PAIRS = literal({"a": "1", "b": None}, HSTORE)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (DOCUMENT.has_key("a"), True),
        (DOCUMENT.has_key("?"), False),
        (literal({"?": None}, JSONB).has_key("?"), True),
        (DOCUMENT.has_any(array(["x", "b"])), True),
        (DOCUMENT.has_all(array(["a", "x"])), False),
        (DOCUMENT.has_all(literal(["a", "b"], ARRAY(Text))), True),
        (DOCUMENT.path_exists(literal("$.b", JSONPATH)), True),
        (DOCUMENT.path_match(literal("$.a == 2", JSONPATH)), False),
        (DOCUMENT.contains({"a": 1}), True),
        (DOCUMENT["a"].astext == "1", True),
        (PAIRS.has_key("b"), True),
        (PAIRS.has_any(array(["x", "a"])), True),
        (PAIRS.has_all(array(["x", "a"])), False),
        (literal("a?b", Text) == "a?b", True),
        (literal("a?b", Text, literal_execute=True) == literal_column("'a?b'"), True),
    ],
)
def test_json_and_hstore_operators(connection: Connection, condition: Any, expected: bool) -> None:
    assert connection.scalar(select(condition)) is expected


def test_another_operator_with_a_question_mark_is_refused(connection: Connection) -> None:
    with pytest.raises(exc.CompileError, match=r"\?-"):
        connection.scalar(select(literal("(1,2)", Text).op("?-")("(3,2)")))


def test_a_question_mark_in_plain_sql_where_it_is_no_parameter(connection: Connection) -> None:
    asked = text('SELECT \'a?\' || "x?" || :more /* ? */ FROM (SELECT $$?$$ AS "x?") AS _ -- ?')
    assert connection.scalar(asked, {"more": "b?"}) == "a??b?"
