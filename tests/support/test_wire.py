"""The line that can break breaks as it says, and its count of round trips is right."""

import struct
from collections.abc import Iterator

import psycopg
import pytest

from tests.support.cluster import TRIP_COUNT_DATABASE, Cluster
from tests.support.protocol import TripCounter
from tests.support.test_cluster import awaited, odbc, one
from tests.support.wire import Wire

STARTUP = struct.pack("!ii", 8, 196608)
SSL_REQUEST = struct.pack("!ii", 8, 80877103)
READY = b"Z" + struct.pack("!i", 5) + b"I"


def row(text: bytes) -> bytes:
    """A DataRow message of one value."""
    return b"D" + struct.pack("!ihi", 10 + len(text), 1, len(text)) + text


@pytest.fixture
def wire(cluster: Cluster) -> Iterator[Wire]:
    with Wire(cluster.host, cluster.port) as between:
        yield between


def plain(cluster: Cluster, wire: Wire) -> psycopg.Connection:
    """A connection without TLS through the wire."""
    line = cluster.conninfo(TRIP_COUNT_DATABASE, port=wire.port, sslmode="disable")
    return psycopg.connect(line, autocommit=True)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_ready_is_counted_however_the_bytes_arrive(size: int) -> None:
    answers = b"N" + row(b"Z" * 300) + READY + row(READY) + READY
    counter = TripCounter()
    for begin in (SSL_REQUEST, STARTUP):
        for at in range(0, 8, min(size, 8)):
            counter.from_client(begin[at : at + min(size, 8)])
    counted = sum(counter.from_server(answers[at : at + size]) for at in range(0, len(answers), size))
    assert counted == 2
    assert not counter.encrypted


def test_an_encrypted_line_says_so() -> None:
    counter = TripCounter()
    counter.from_client(SSL_REQUEST)
    assert counter.from_server(b"S" + READY) == 0
    assert counter.encrypted


def test_psycopg_takes_one_trip_a_statement(cluster: Cluster, wire: Wire) -> None:
    with plain(cluster, wire) as session:
        before = wire.trips
        session.execute("SELECT 1")
        assert wire.trips - before == 1
        session.execute("SELECT %s::text", ["Z" * 100_000])
        assert wire.trips - before == 2
        with session.transaction():
            session.execute("SELECT 1")
        assert wire.trips - before == 5
    assert before == 1
    assert wire.connects == 1


def test_pyodbc_takes_one_trip_a_statement(cluster: Cluster, wire: Wire) -> None:
    connection = odbc(cluster, TRIP_COUNT_DATABASE, port=wire.port, tls=False)
    try:
        before = wire.trips
        assert connection.execute("SELECT ?::text", "窓口").fetchval() == "窓口"
        assert wire.trips - before == 1
        connection.autocommit = False
        before = wire.trips
        connection.execute("SELECT 1").fetchall()
        connection.commit()
        assert wire.trips - before == 2  # the driver sends BEGIN and the first statement together
    finally:
        connection.close()


def test_trips_over_tls_are_not_guessed_at(cluster: Cluster, wire: Wire, database: str) -> None:
    with psycopg.connect(cluster.conninfo(database, port=wire.port)) as session:
        assert session.execute("SELECT 'ok'").fetchone() == ("ok",)
    with pytest.raises(RuntimeError, match="encrypted"):
        _ = wire.trips


def test_a_large_answer_comes_through_whole(cluster: Cluster, wire: Wire) -> None:
    with plain(cluster, wire) as session:
        text = one(session, "SELECT repeat('窓', 5000000)")
        assert text == "窓" * 5_000_000
        assert session.execute("SELECT length(%s::text)", [text]).fetchone() == (5_000_000,)


def test_cut_drops_what_is_there_and_takes_new_ones(cluster: Cluster, wire: Wire) -> None:
    session = plain(cluster, wire)
    wire.cut()
    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    session.close()
    with plain(cluster, wire) as again:
        assert again.execute("SELECT 1").fetchone() == (1,)


def test_refuse_lets_nobody_in_until_mended(cluster: Cluster, wire: Wire) -> None:
    wire.refuse()
    with pytest.raises(psycopg.OperationalError):
        plain(cluster, wire)
    wire.mend()
    with plain(cluster, wire) as session:
        assert session.execute("SELECT 1").fetchone() == (1,)


def test_a_stalled_line_holds_everything_back_until_mended(cluster: Cluster, wire: Wire) -> None:
    with plain(cluster, wire) as session:
        wire.stall()
        session.pgconn.send_query(b"SELECT 'late'")
        session.pgconn.flush()
        asked = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT ''late''%'"
        assert cluster.psql(TRIP_COUNT_DATABASE, asked) == "0"
        line = cluster.conninfo(TRIP_COUNT_DATABASE, port=wire.port, sslmode="disable", connect_timeout=2)
        with pytest.raises(psycopg.errors.ConnectionTimeout):
            psycopg.connect(line)
        wire.mend()
        assert awaited(session) == b"late"


def test_a_lost_answer_leaves_the_deed_done(cluster: Cluster, wire: Wire) -> None:
    cluster.psql(TRIP_COUNT_DATABASE, "CREATE TABLE deed (n int)")
    try:
        session = plain(cluster, wire)
        wire.lose_next_answer(b"INSERT")
        assert session.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError):
            session.execute("INSERT INTO deed VALUES (1)")
        session.close()
        assert cluster.psql(TRIP_COUNT_DATABASE, "SELECT count(*) FROM deed") == "1"
        with plain(cluster, wire) as again:
            again.execute("INSERT INTO deed VALUES (2)")
    finally:
        cluster.psql(TRIP_COUNT_DATABASE, "DROP TABLE deed")


def test_a_dead_server_is_a_dead_line(cluster: Cluster, wire: Wire) -> None:
    session = plain(cluster, wire)
    cluster.kill()
    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    session.close()
    with pytest.raises(psycopg.OperationalError):
        plain(cluster, wire)
