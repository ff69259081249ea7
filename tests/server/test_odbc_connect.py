"""The connection string: what it sets, what it refuses, and that a real server takes it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyodbc
import pytest
from sqlalchemy import URL, Engine, create_engine, exc, make_url, text

from madoguchi.app.server import odbc
from madoguchi.app.server.odbc_connect import connection_string, wants_tls
from tests.server.odbc_helpers import engine_on, engine_on_new_database
from tests.support.cluster import TRIP_COUNT_DATABASE, Cluster

BASE = "postgresql+pyodbc://clerk:secret@db.example/lending"
PASSWORDS = [
    "100%", "a+b", "a%41b", "%zz", "a;b", "{braces}", "}{", "a}}b", "{", "}", "x};Database=other;PWD={y",
    " space ", "'single' \"double\"", "\\", "=", "日本語のパスワード", "é€😀", "%+;{}'\"\\?:@/#",
]  # fmt: skip


@pytest.fixture(scope="module")
def engine(cluster: Cluster) -> Iterator[Engine]:
    """An engine as the superuser on an empty database."""
    with engine_on_new_database(cluster, "odbc_connect", isolation_level="AUTOCOMMIT") as engine:
        yield engine


def test_the_options_no_caller_need_remember() -> None:
    written = connection_string(make_url(BASE))
    assert written == (
        "DRIVER={PostgreSQL Unicode};Server=db.example;Port=5432;Database=lending;UID=clerk;PWD={secret};"
        "BoolsAsChar=0;Protocol=7.4-0;UseServerSidePrepare=0;LFConversion=0;UnknownSizes=2;UseDeclareFetch=0;"
        "CommLog=0;Debug=0;"
        "SSLmode=verify-full;pqopt={gssencmode='disable' connect_timeout='3' tcp_user_timeout='3000'"
        " keepalives_idle='2' keepalives_interval='1' keepalives_count='2' application_name='madoguchi'"
        " options='-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres"
        " -c statement_timeout=2500 -c lock_timeout=1500'};"
    )


def test_our_keys_change_what_is_theirs() -> None:
    url = make_url(f"{BASE}?sslmode=require&statement_timeout=0&lock_timeout=7&connect_timeout=9&driver=Mine")
    written = connection_string(url)
    assert written.startswith("DRIVER={Mine};")
    assert "SSLmode=require;" in written
    assert "connect_timeout='9'" in written
    assert "-c statement_timeout=0 -c lock_timeout=7'" in written


@pytest.mark.parametrize(
    "address",
    [
        f"{BASE}?SSLmode=disable",
        f"{BASE}?ssl_mode=verify-full",
        f"{BASE}?BoolsAsChar=1",
        f"{BASE}?odbc_connect=DSN%3Dx",
        f"{BASE}?options=-c%20TimeZone%3DJapan",
        f"{BASE}?sslmode=prefer",
        f"{BASE}?sslmode=Verify-Full",
        f"{BASE}?sslmode=require&sslmode=disable",
        f"{BASE}?statement_timeout=2s",
        f"{BASE}?statement_timeout=-1",
        f"{BASE}?lock_timeout=%EF%BC%93",
        f"{BASE}?sslrootcert=a%00b",
        "postgresql+pyodbc://clerk@db.example/",
        "postgresql+pyodbc:///lending",
        "postgresql+pyodbc://clerk;SSLmode=disable@db.example/lending",
        "postgresql+pyodbc://clerk@db.example/lending%7B",
        "postgresql+pyodbc://clerk@db.example/lending;SSLmode=disable",
    ],
)
def test_what_the_driver_would_ignore_or_misread_is_refused(address: str) -> None:
    with pytest.raises(exc.ArgumentError) as caught:
        connection_string(make_url(address))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [("", True), ("?sslmode=require", True), ("?sslmode=verify-ca", True), ("?sslmode=disable", False)],
)
def test_tls_is_wanted_unless_the_url_says_otherwise(query: str, wanted: bool) -> None:
    assert wants_tls(make_url(BASE + query)) is wanted


def test_keywords_pyodbc_would_slip_into_the_string_are_refused(cluster: Cluster) -> None:
    with (
        engine_on(cluster.url("postgres"), connect_args={"SSLmode": "disable"}) as engine,
        pytest.raises(exc.ArgumentError, match="SSLmode"),
    ):
        engine.connect()


def test_the_session_is_as_it_was_asked_for(engine: Engine) -> None:
    names = [
        "TimeZone",
        "DateStyle",
        "IntervalStyle",
        "statement_timeout",
        "lock_timeout",
        "application_name",
    ]
    asked = ", ".join(f"current_setting('{name}')" for name in names)
    with engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT {asked}").one()
        encrypted = connection.exec_driver_sql(
            "SELECT ssl, version LIKE 'TLSv1.%' FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        ).one()
    assert list(found) == ["UTC", "ISO, MDY", "postgres", "2500ms", "1500ms", "madoguchi"]
    assert list(encrypted) == [True, True]


@pytest.mark.parametrize("password", PASSWORDS)
def test_any_password_signs_in(cluster: Cluster, engine: Engine, password: str) -> None:
    with engine.connect() as connection:
        connection.execute(text("DROP ROLE IF EXISTS odd_password"))
        quoted = password.replace("'", "''")
        connection.exec_driver_sql(f"CREATE ROLE odd_password LOGIN PASSWORD '{quoted}'")
    with (
        engine_on(cluster.url("odbc_connect", user="odd_password", password=password)) as theirs,
        theirs.connect() as connection,
    ):
        assert connection.scalar(text("SELECT current_user")) == "odd_password"
    with (
        engine_on(cluster.url("odbc_connect", user="odd_password", password=password + "x")) as wrong,
        pytest.raises(exc.OperationalError),
    ):
        wrong.connect()


@pytest.mark.parametrize("user", ["a%41b", "a+b", "a b", "職員一", "o'x", "a=b", '"q"'])
def test_any_user_the_string_can_carry_is_that_user(cluster: Cluster, engine: Engine, user: str) -> None:
    name = '"' + user.replace('"', '""') + '"'
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
    with (
        engine_on(cluster.url("odbc_connect", user=user, password="x")) as theirs,
        theirs.connect() as connection,
    ):
        assert connection.scalar(text("SELECT current_user")) == user


def test_a_certificate_in_an_awkward_place(cluster: Cluster, tmp_path: Path) -> None:
    place = tmp_path / "o'dd } {; \\ 窓口 %41+"
    place.mkdir()
    shutil.copy(cluster.ca_file, place / "ca.crt")
    with (
        engine_on(cluster.url("postgres", sslrootcert=str(place / "ca.crt"))) as engine,
        engine.connect() as connection,
    ):
        assert connection.scalar(text("SELECT 1")) == 1


# -- when the driver did not do as it was told -----------------------------------------------------------


def opener(url: URL, change: Callable[[str], str]) -> tuple[Callable[[], Any], list[Any]]:
    """Return a function that connects with a changed string, and the list of what it opened."""
    opened: list[Any] = []

    def connect() -> Any:
        opened.append(pyodbc.connect(change(connection_string(url))))
        return opened[-1]

    return connect, opened


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("SSLmode=", "SSLmoode=", "not encrypted"),
        ("SSLmode=verify-full", "SSLmode=disable", "not encrypted"),
        ("-c TimeZone=UTC", "-c TimeZone=Asia/Tokyo", "TimeZone is 'Asia/Tokyo'"),
        ("-c IntervalStyle=postgres", "-c IntervalStyle=iso_8601", "IntervalStyle is 'iso_8601'"),
    ],
)
def test_a_session_that_is_not_as_asked_is_refused_and_closed(
    cluster: Cluster, right: str, wrong: str, complaint: str
) -> None:
    odbc.register()
    url = cluster.url(TRIP_COUNT_DATABASE if "SSL" in right else "postgres")
    connect, opened = opener(url, lambda written: written.replace(right, wrong))
    engine = create_engine(url, creator=connect)
    with pytest.raises(odbc.UnsafeConnectionError, match=complaint):
        engine.connect()
    assert len(opened) == 1
    with pytest.raises(pyodbc.ProgrammingError, match="closed connection"):
        opened[0].cursor()


def test_no_tls_where_none_was_asked_for(cluster: Cluster) -> None:
    url = cluster.url(TRIP_COUNT_DATABASE, sslmode="disable")
    with engine_on(url) as engine, engine.connect() as connection:
        asked = text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        assert connection.scalar(asked) is False
