"""PostgreSQL's column types as psqlodbc carries them.

Parameters travel inside the statement as literals, so each type casts its own: without `::TYPE` a NULL or a
text would be of unknown type to the server. Results come as pyodbc's Python values where those are right and
as text where the driver knows no better (uuid, interval, arrays, JSON, times with a zone).

The session is set to TimeZone UTC and IntervalStyle postgres (odbc_connect.FIXED_SETTINGS); reading depends
on it. Not carried right, because the driver answers with a wrong date and no error: `infinity`, dates before
our era and after the year 9999. Columns that could hold such need a check constraint.
"""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect, types
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT, INTERVAL, OID, REGCONFIG
from sqlalchemy.dialects.postgresql.pg_catalog import INT2VECTOR, OIDVECTOR, _SpaceVector
from sqlalchemy.dialects.postgresql.types import PGUuid
from sqlalchemy.engine import processors

from madoguchi.app.server import odbc_values

Processor = Callable[[Any], Any]


# -- numbers and truth -----------------------------------------------------------------------------


class OdbcBoolean(types.Boolean):
    """boolean: True, False or None, with BoolsAsChar=0."""

    render_bind_cast = True


class OdbcInteger(types.Integer):
    """integer"""

    render_bind_cast = True


class OdbcSmallInteger(types.SmallInteger):
    """smallint"""

    render_bind_cast = True


class OdbcBigInteger(types.BigInteger):
    """bigint"""

    render_bind_cast = True


class OdbcNumeric(types.Numeric[Any]):
    """numeric, exact: sent as text, whatever its exponent."""

    render_bind_cast = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        return _number_text

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor | None:
        if self.asdecimal and coltype is float:
            return processors.to_decimal_processor_factory(
                decimal.Decimal, self._effective_decimal_return_scale
            )
        processor: Processor | None = super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]
        return processor


class OdbcFloat(types.Float[Any]):
    """double precision or real, to the last bit: sent as the shortest text that reads back the same."""

    render_bind_cast = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        return _number_text


def _number_text(value: Any) -> Any:
    return repr(value) if isinstance(value, float) else odbc_values.to_wire(value)


# -- text and bytes --------------------------------------------------------------------------------


class OdbcString(types.String):
    """varchar. NUL and lone surrogates are refused by the dialect, in parameters of every type."""

    render_bind_cast = True


class OdbcText(types.Text):
    """text"""

    render_bind_cast = True


class OdbcCitext(CITEXT):
    """citext: text that ignores case"""

    render_bind_cast = True


class OdbcLargeBinary(types.LargeBinary):
    """bytea, under either of its names"""

    render_bind_cast = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        return _bytes_or_none


def _bytes_or_none(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


class OdbcUuid(PGUuid[Any]):
    """uuid"""

    def bind_processor(self, dialect: Dialect) -> Processor:
        return lambda value: None if value is None else str(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        def process(value: str | None) -> object:
            if value is None:
                return None
            return uuid.UUID(value) if self.as_uuid else value.lower()

        return process


class OdbcRegconfig(REGCONFIG):
    """regconfig: the configuration of a full-text search"""

    render_bind_cast = True


class OdbcJsonIntIndex(types.JSON.JSONIntIndexType):
    """The index in `json -> 1`"""

    __visit_name__ = "json_int_index"
    render_bind_cast = True


class OdbcJsonStrIndex(types.JSON.JSONStrIndexType):
    """The key in `json -> 'key'`"""

    __visit_name__ = "json_str_index"
    render_bind_cast = True


# -- dates and times -------------------------------------------------------------------------------


class OdbcDate(types.Date):
    """date"""

    render_bind_cast = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        return lambda value: value.isoformat() if isinstance(value, dt.date) else value


class OdbcDateTime(types.DateTime):
    """timestamp or timestamptz. Each takes its own kind only: an aware value where the zone would be lost
    and a naive one where it would be guessed are ValueErrors. Aware results are in UTC.
    """

    render_bind_cast = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        def process(value: Any) -> Any:
            if not isinstance(value, dt.datetime):
                return value
            if self.timezone and value.tzinfo is None:
                raise ValueError("a date and time without a zone for a column with one")
            if not self.timezone and value.tzinfo is not None:
                raise ValueError("a date and time with a zone for a column without one")
            return odbc_values.datetime_text(value)

        return process

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor | None:
        return _in_utc if self.timezone else None


def _in_utc(value: dt.datetime | None) -> dt.datetime | None:
    return value.replace(tzinfo=dt.UTC) if value is not None and value.tzinfo is None else value


class OdbcTime(types.Time):
    """time or timetz, with its fraction. A zone where it would be lost is a ValueError."""

    render_bind_cast = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        def process(value: Any) -> Any:
            if not isinstance(value, dt.time):
                return value
            if not self.timezone and value.tzinfo is not None:
                raise ValueError("a time with a zone for a column without one")
            return value.isoformat()

        return process

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        return lambda value: dt.time.fromisoformat(value) if isinstance(value, str) else value


class OdbcInterval(INTERVAL):
    """interval, as a timedelta; a month read counts 30 days and a year 365."""

    render_bind_cast = True

    # SQLAlchemy's own INTERVAL narrows its base class in the same way.
    @classmethod
    def adapt_emulated_to_native(cls, interval: Any, **kw: Any) -> OdbcInterval:  # type: ignore[override]
        return cls(precision=interval.second_precision)

    def bind_processor(self, dialect: Dialect) -> Processor:
        return odbc_values.to_wire

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        return lambda value: odbc_values.interval_from_text(value) if isinstance(value, str) else value


# -- arrays ----------------------------------------------------------------------------------------


class OdbcArray(ARRAY[Any]):
    """An array of any item type here; the driver knows arrays as text only."""

    render_bind_cast = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        to_list = super().bind_processor(dialect)

        def process(value: Any) -> Any:
            if value is None or isinstance(value, str):
                return value
            return odbc_values.array_text(to_list(value) if to_list else value)

        return process

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        read_item = _item_reader(self.item_type, dialect)

        def read(value: object) -> object:
            if isinstance(value, list):
                items = map(read, value)
                return tuple(items) if self.as_tuple else list(items)
            return None if value is None else read_item(value)

        def process(value: Any) -> Any:
            return None if value is None else read(odbc_values.array_from_text(value))

        return process


# What pyodbc would have made of the item had it stood alone, and the class it would have called it.
_ITEM_READERS: tuple[tuple[type[Any], Processor, type[Any]], ...] = (
    (types.Boolean, "t".__eq__, bool),
    (types.Integer, int, int),
    (OID, int, int),
    (types.Float, float, float),
    (types.Numeric, decimal.Decimal, decimal.Decimal),
    (types.DateTime, dt.datetime.fromisoformat, dt.datetime),
    (types.Date, dt.date.fromisoformat, dt.date),
    (types.LargeBinary, lambda text: bytes.fromhex(text[2:]), bytes),
    (types.TypeEngine, str, str),
)


def _item_reader(item: types.TypeEngine[Any], dialect: Dialect) -> Processor:
    """Return the function that makes an item's text its Python value."""
    underneath = item._unwrapped_dialect_impl(dialect)
    read, coltype = next((read, kind) for known, read, kind in _ITEM_READERS if isinstance(underneath, known))
    process = item.dialect_impl(dialect).result_processor(dialect, coltype)
    return (lambda text: process(read(text))) if process else read


class OdbcInt2Vector(_SpaceVector, INT2VECTOR):
    """int2vector, in the system catalogue only"""


class OdbcOidVector(_SpaceVector, OIDVECTOR):
    """oidvector, in the system catalogue only"""


COLSPECS: dict[type[Any], type[Any]] = {
    types.Boolean: OdbcBoolean,
    types.Integer: OdbcInteger,
    types.SmallInteger: OdbcSmallInteger,
    types.BigInteger: OdbcBigInteger,
    types.Numeric: OdbcNumeric,
    types.Float: OdbcFloat,
    types.String: OdbcString,
    types.Text: OdbcText,
    types.LargeBinary: OdbcLargeBinary,
    types.Uuid: OdbcUuid,
    CITEXT: OdbcCitext,
    REGCONFIG: OdbcRegconfig,
    types.JSON.JSONIntIndexType: OdbcJsonIntIndex,
    types.JSON.JSONStrIndexType: OdbcJsonStrIndex,
    types.Date: OdbcDate,
    types.DateTime: OdbcDateTime,
    types.Time: OdbcTime,
    types.Interval: OdbcInterval,
    INTERVAL: OdbcInterval,
    types.ARRAY: OdbcArray,
    INT2VECTOR: OdbcInt2Vector,
    OIDVECTOR: OdbcOidVector,
}
"""Which of the types above stands in for which of SQLAlchemy's; those not named are right as they are."""
