"""Every column type there and back through pyodbc, psqlodbc and a real PostgreSQL."""

import datetime as dt
import decimal
import enum
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    Uuid,
    cast,
    exc,
    func,
    literal,
    literal_column,
    null,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import BYTEA, CITEXT, INTERVAL, JSON, JSONB, REGCONFIG, TIMESTAMP, UUID
from sqlalchemy.types import TypeEngine

from madoguchi.app.server import odbc_values
from tests.server.odbc_helpers import engine_on_new_database
from tests.support.cluster import Cluster

JST = dt.timezone(dt.timedelta(hours=9))
OLD_TOKYO = dt.timezone(dt.timedelta(hours=9, minutes=18, seconds=59))
AWKWARD = "it's \\ \\' \"q\" ? $1 $$ {fn now()} {x} %s %% :name -- /* \r\n\t end "


class Kind(enum.Enum):
    """A native enumeration whose labels need quoting in an array."""

    BOOK = 1
    PICTURE_CARDS = 2


class Shouted(TypeDecorator[str]):
    """A type of the program's own, to see that arrays go through it too."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else value.lower()

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else value.upper()


@pytest.fixture(scope="module")
def connection(cluster: Cluster) -> Iterator[Connection]:
    """A connection to an empty database; every statement commits by itself."""
    with (
        engine_on_new_database(cluster, "odbc_types", isolation_level="AUTOCOMMIT") as engine,
        engine.connect() as connection,
    ):
        yield connection


A_DAY = dt.datetime(2026, 4, 1, 8, 30, 0, 123456)
CASES: list[tuple[TypeEngine[Any], list[Any]]] = [
    (Boolean(), [True, False]),
    (SmallInteger(), [0, -32768, 32767]),
    (Integer(), [0, -(2**31), 2**31 - 1]),
    (BigInteger(), [0, 2**40, -(2**63), 2**63 - 1]),
    (
        Numeric(),
        [
            decimal.Decimal(number)
            for number in ("0", "-1.50", "1E+40", "1E-20", "123456789012345678901234567890.123456789012345")
        ],
    ),
    (Numeric(10, 2), [decimal.Decimal("12345678.90"), 7]),
    (Numeric(10, 2, asdecimal=False), [1.25]),
    (Float(53), [0.1, -0.0, 5e-324, 1.7976931348623157e308, float("inf"), float("-inf")]),
    (Float(53, asdecimal=True), [decimal.Decimal("0.25")]),
    (Text(), ["", " ", "  x  ", AWKWARD, "日本語 髙﨑 😀 👩‍👩‍👧", "あ" * 100_000, "\x01\x7f"]),
    (String(20), ["予約", ""]),
    (Date(), [dt.date(1, 1, 1), dt.date(2024, 2, 29), dt.date(9999, 12, 31)]),
    (DateTime(), [A_DAY, dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59, 999999)]),
    (
        DateTime(timezone=True),
        [
            A_DAY.replace(tzinfo=zone)
            for zone in (dt.UTC, JST, OLD_TOKYO, dt.timezone(-dt.timedelta(hours=3.5)))
        ],
    ),
    (TIMESTAMP(timezone=True, precision=0), [dt.datetime(2026, 4, 1, tzinfo=JST)]),
    (Time(), [dt.time(), dt.time(8, 30, 0, 1), dt.time(23, 59, 59, 999999)]),
    (Time(timezone=True), [dt.time(8, 30, 0, 123456, tzinfo=JST), dt.time(0, tzinfo=dt.UTC)]),
    (
        Interval(),
        [
            dt.timedelta(),
            dt.timedelta(microseconds=-1),
            dt.timedelta(days=-3, seconds=5),
            dt.timedelta(days=14, hours=1, microseconds=500),
            dt.timedelta(days=999_999_999),
            dt.timedelta.min,
        ],
    ),
    (INTERVAL(), [dt.timedelta(seconds=-90)]),
    (Uuid(), [uuid.UUID(int=0), uuid.UUID("9285d503-ee42-4ca1-91c0-13cda792d3a6")]),
    (Uuid(as_uuid=False), ["9285d503-ee42-4ca1-91c0-13cda792d3a6"]),
    (UUID(), [uuid.UUID(int=2**128 - 1)]),
    (LargeBinary(), [b"", bytes(range(256)), b"'\\x00?" * 50_000]),
    (BYTEA(), [b"\x00", bytes(range(256))]),
    (JSON(), [{"鍵": [1, 2.5, None, True, "?"]}, [], "text", AWKWARD]),
    (JSONB(), [{"a": {"b": ["あ😀", AWKWARD]}}, {"long": "あ" * 100_000}, 0, False]),
    (Enum(Kind, name="kind"), [Kind.BOOK, Kind.PICTURE_CARDS]),
    (Enum("a", "b", native_enum=False), ["a", "b"]),
    (
        ARRAY(Text()),
        [[], [None], ["NULL", "null", "", " ", 'a"b', "{,}", AWKWARD, "日本 😀"], ["あ" * 100_000]],
    ),
    (ARRAY(Text(), dimensions=2), [[["a", None], ["b", "c"]]]),
    (ARRAY(Integer()), [[1, None, -3], []]),
    (ARRAY(Integer(), as_tuple=True), [(1, 2)]),
    (ARRAY(Boolean()), [[True, False, None]]),
    (ARRAY(Float(53)), [[0.1, 5e-324, float("inf"), None]]),
    (ARRAY(Numeric()), [[decimal.Decimal("1E-20"), None]]),
    (ARRAY(Date()), [[dt.date(2026, 4, 1), None]]),
    (ARRAY(DateTime()), [[A_DAY]]),
    (ARRAY(DateTime(timezone=True)), [[A_DAY.replace(tzinfo=JST), None]]),
    (ARRAY(Time()), [[dt.time(8, 30, 0, 1)]]),
    (ARRAY(Interval()), [[dt.timedelta(microseconds=-1), None]]),
    (ARRAY(Uuid()), [[uuid.UUID(int=1), None]]),
    (ARRAY(LargeBinary()), [[bytes(range(256)), b"", None]]),
    (ARRAY(JSONB()), [[{"a": 'q"'}, None]]),
    (ARRAY(Shouted()), [["LOUD", None]]),
]


@pytest.mark.parametrize(("type_", "values"), CASES, ids=lambda each: repr(each)[:40])
def test_a_column_gives_back_what_was_put_in(
    connection: Connection, type_: TypeEngine[Any], values: list[Any]
) -> None:
    table = Table("kept", MetaData(), Column("id", Integer, primary_key=True), Column("value", type_))
    table.metadata.create_all(connection)
    try:
        for number, value in enumerate(values):
            connection.execute(table.insert(), {"id": number, "value": value})
        nothing = null() if isinstance(type_, JSON) else None  # to JSON, None is a value: its own null
        connection.execute(table.insert().values(id=len(values), value=nothing))

        found = connection.execute(select(table.c.value).order_by(table.c.id)).scalars().all()

        assert found == [*values, None]
        assert [type(each) for each in found[:-1]] == [type(each) for each in expected_types(type_, values)]
        assert connection.scalars(select(table.c.id).where(table.c.value.is_(None))).all() == [len(values)]
        if not isinstance(type_, JSON) or isinstance(type_, JSONB):  # json has no equality
            for number, value in enumerate(values):
                assert connection.scalars(
                    select(table.c.id).where(table.c.value == literal(value, type_))
                ).all() == [number]
    finally:
        table.metadata.drop_all(connection)


def expected_types(type_: TypeEngine[Any], values: list[Any]) -> list[Any]:
    """Return the values in the types a column of `type_` answers with."""
    if isinstance(type_, Numeric) and type_.asdecimal:
        return [decimal.Decimal(value) for value in values]
    return values


SQL_NAMES: list[tuple[TypeEngine[Any], Any, str]] = [
    (Boolean(), True, "boolean"),
    (SmallInteger(), 1, "smallint"),
    (Integer(), 1, "integer"),
    (BigInteger(), 1, "bigint"),
    (Numeric(10, 2), 1, "numeric"),
    (Float(53), 1.5, "double precision"),
    (String(20), "x", "character varying"),
    (Text(), "x", "text"),
    (Date(), A_DAY.date(), "date"),
    (DateTime(), A_DAY, "timestamp without time zone"),
    (DateTime(timezone=True), A_DAY.replace(tzinfo=JST), "timestamp with time zone"),
    (Time(), A_DAY.time(), "time without time zone"),
    (Interval(), dt.timedelta(1), "interval"),
    (Uuid(), uuid.UUID(int=1), "uuid"),
    (LargeBinary(), b"x", "bytea"),
    (BYTEA(), b"x", "bytea"),
    (JSON(none_as_null=True), {}, "json"),
    (JSONB(none_as_null=True), {}, "jsonb"),
    (ARRAY(Integer()), [1], "integer[]"),
    (ARRAY(Text()), ["x"], "text[]"),
    (REGCONFIG(), "english", "regconfig"),
]


@pytest.mark.parametrize(("type_", "value", "name"), SQL_NAMES, ids=lambda each: repr(each)[:40])
def test_a_parameter_has_its_type_even_when_it_is_null(
    connection: Connection, type_: TypeEngine[Any], value: Any, name: str
) -> None:
    for each in (value, None):
        asked = select(cast(func.pg_typeof(literal(each, type_)), Text), literal(each, type_).is_(None))
        assert connection.execute(asked).one() == (name, each is None)


def test_the_server_sees_the_values_that_were_meant(connection: Connection) -> None:
    seen = {
        literal(dt.time(1, 2, 3, 45)): "01:02:03.000045",
        literal(A_DAY.replace(tzinfo=JST)): "2026-03-31 23:30:00.123456+00",
        literal(dt.timedelta(days=-1, microseconds=1)): "-1 days +00:00:00.000001",
        literal(decimal.Decimal("1E+5")): "100000",
        literal(True): "true",
        literal(b"\x00\xff"): "\\x00ff",
    }
    row = connection.execute(select(*(cast(value, Text) for value in seen))).one()
    assert list(row) == list(seen.values())


def test_an_exact_type_over_a_float_is_exact(connection: Connection) -> None:
    found = connection.scalar(select(type_coerce(literal_column("1.25::double precision"), Numeric(10, 2))))
    assert (found, type(found)) == (decimal.Decimal("1.25"), decimal.Decimal)


def test_text_that_ignores_case_still_does(connection: Connection) -> None:
    connection.execute(text("CREATE EXTENSION citext"))
    assert connection.scalar(select(literal("Tanaka", CITEXT) == literal("TANAKA", CITEXT))) is True


def test_not_a_number(connection: Connection) -> None:
    row = connection.execute(
        select(literal(float("nan"), Float(53)), literal(decimal.Decimal("NaN"), Numeric))
    ).one()
    assert row[0] != row[0]
    assert row[1].is_nan()


def test_months_and_years_of_an_interval(connection: Connection) -> None:
    asked = select(cast(text("'1 year 2 mons -3 days -04:05:06.789'"), Interval))
    expected = dt.timedelta(days=365 + 60 - 3) - dt.timedelta(hours=4, minutes=5, seconds=6, milliseconds=789)
    assert connection.scalar(asked) == expected


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (DateTime(), A_DAY.replace(tzinfo=JST)),
        (DateTime(timezone=True), A_DAY),
        (Time(), dt.time(8, tzinfo=JST)),
    ],
)
def test_a_zone_is_neither_dropped_nor_guessed(
    connection: Connection, type_: TypeEngine[Any], value: object
) -> None:
    with pytest.raises(exc.StatementError) as caught:
        connection.scalar(select(literal(value, type_)))
    assert isinstance(caught.value.orig, ValueError)


# -- text the server cannot hold -------------------------------------------------------------------


REFUSED_WAYS = {
    "typed": lambda connection, bad: connection.scalar(select(literal(bad, Text))),
    "untyped": lambda connection, bad: connection.execute(text("SELECT :value"), {"value": bad}),
    "array": lambda connection, bad: connection.scalar(select(literal([bad], ARRAY(Text)))),
    "untyped array": lambda connection, bad: connection.execute(text("SELECT :value"), {"value": [bad]}),
    "many": lambda connection, bad: connection.execute(
        text("SELECT :value"), [{"value": ""}, {"value": bad}]
    ),
    "statement": lambda connection, bad: connection.exec_driver_sql(f"SELECT '{bad}'"),
    "statement with a parameter": lambda connection, bad: connection.exec_driver_sql(
        f"SELECT '{bad}', ?", (1,)
    ),
}


@pytest.mark.parametrize("bad", ["a\x00b", "\x00", "a\ud800", "\udc00b", "😀\ud83d"])
@pytest.mark.parametrize("way", REFUSED_WAYS)
def test_text_that_is_no_text_is_refused_and_not_shown(connection: Connection, bad: str, way: str) -> None:
    with pytest.raises(exc.DataError) as caught:
        REFUSED_WAYS[way](connection, "secret" + bad)
    assert caught.value.orig is not None
    assert caught.value.orig.args[0] == "22021"
    assert "secret" not in str(caught.value.orig)
    assert connection.scalar(select(literal("the next one works"))) == "the next one works"


# -- parameters of plain SQL, which have no type ------------------------------------------------------


def _word(value: Any) -> str:
    """A name for a value that is the same in every run: a memory's address is not."""
    return repr(value.obj) if isinstance(value, memoryview) else repr(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (A_DAY.replace(tzinfo=JST), "2026-03-31 23:30:00.123456+00"),
        (A_DAY, "2026-04-01 08:30:00.123456+00"),
        (dt.time(1, 2, 3, 45), "01:02:03.000045"),
        (dt.timedelta(seconds=-1), "-1 days +23:59:59"),
        (uuid.UUID(int=10), "00000000-0000-0000-0000-00000000000a"),
        (2**70, str(2**70)),
        (decimal.Decimal("1E-7"), "0.0000001"),
        ([1, None, 3], "{1,NULL,3}"),
        (("a", 'b"'), '{a,"b\\""}'),
        (memoryview(b"\x01"), "\\x01"),
        (True, "true"),
    ],
    ids=_word,
)
def test_an_untyped_parameter_loses_nothing(connection: Connection, value: object, written: str) -> None:
    names = {
        dt.datetime: "timestamptz", dt.time: "time", dt.timedelta: "interval", uuid.UUID: "uuid",
        int: "numeric", decimal.Decimal: "numeric", list: "int[]", tuple: "text[]", memoryview: "bytea",
        bool: "boolean",
    }  # fmt: skip
    asked = text(f"SELECT CAST(CAST(:value AS {names[type(value)]}) AS text)")
    assert connection.scalar(asked, {"value": value}) == written


# -- anything at all ---------------------------------------------------------------------------------

SENDABLE = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | SENDABLE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SENDABLE, inner, max_size=3),
    max_leaves=6,
)
AWARE = st.datetimes(
    dt.datetime(2, 1, 1), dt.datetime(9998, 12, 31), timezones=st.sampled_from([dt.UTC, JST, OLD_TOKYO])
)


@given(
    words=SENDABLE,
    data=st.binary(),
    number=st.floats(allow_nan=False),
    exact=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**50), max_value=10**50),
    whole=st.integers(-(2**63), 2**63 - 1),
    moment=AWARE,
    local=st.datetimes(),
    time=st.times(),
    duration=st.timedeltas(),
    identifier=st.uuids(),
    document=JSON_VALUES.filter(lambda value: value is not None),
    names=st.lists(st.none() | SENDABLE),
)
def test_any_value_there_and_back(connection: Connection, **values: Any) -> None:
    types: dict[str, TypeEngine[Any]] = {
        "words": Text(), "data": LargeBinary(), "number": Float(53), "exact": Numeric(),
        "whole": BigInteger(), "moment": DateTime(timezone=True), "local": DateTime(), "time": Time(),
        "duration": Interval(), "identifier": Uuid(), "document": JSONB(), "names": ARRAY(Text()),
    }  # fmt: skip
    row = connection.execute(
        select(*(literal(values[name], type_).label(name) for name, type_ in types.items()))
    )
    assert row.one()._asdict() == {name: values[name] for name in types}


@given(
    st.recursive(st.none() | SENDABLE, lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=8)
)
def test_array_text_reads_back(value: object) -> None:
    array = [value]
    assert odbc_values.array_from_text(odbc_values.array_text(array)) == array


@pytest.mark.parametrize("wrong", ["", "x", "{", "{1,2", "1,2}", "{}{}"])
def test_what_is_no_array_is_not_read_as_one(wrong: str) -> None:
    with pytest.raises(ValueError, match="array"):
        odbc_values.array_from_text(wrong)


def test_an_array_with_its_lower_bound() -> None:
    assert odbc_values.array_from_text('[0:1]={"a=b",NULL}') == ["a=b", None]


@pytest.mark.parametrize("wrong", ["", "P1D", "@ 1 day", "1 day ago", "1-2"])
def test_an_interval_in_another_style_is_not_guessed(wrong: str) -> None:
    with pytest.raises(ValueError, match="interval"):
        odbc_values.interval_from_text(wrong)
