"""Values as psqlodbc must be given them, and PostgreSQL's text forms read back.

pyodbc and psqlodbc lose things without a word: a time zone, the fraction of a time, everything after a NUL.
So whatever they would harm is sent as text for the server to read.
"""

from __future__ import annotations

import datetime as dt
import decimal
import re
import uuid
from collections.abc import Iterable, Sequence
from functools import singledispatch

_INT64 = range(-(2**63), 2**63)


class UnsendableTextError(ValueError):
    """Text PostgreSQL cannot hold: it has a NUL or half a surrogate pair. The text itself is not quoted."""


def checked_text(value: str) -> str:
    """Return `value` if the server can hold it. Raises UnsendableTextError."""
    if "\x00" in value:
        raise UnsendableTextError("text with a NUL character: the driver would cut it there")
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise UnsendableTextError("text with half a surrogate pair: it is no character") from None
    return value


@singledispatch
def to_wire(value: object) -> object:
    """Return a parameter in the form psqlodbc passes on unharmed. Raises UnsendableTextError.

    Column types do this for what they know; this serves the parameters of plain SQL text, which have no type.
    """
    return value


@to_wire.register
def _(value: str) -> object:
    return checked_text(value)


@to_wire.register
def _(value: int) -> object:
    return value if value in _INT64 else str(value)


@to_wire.register
def _(value: bool) -> object:
    return value


@to_wire.register
def _(value: decimal.Decimal) -> object:
    return str(value)


@to_wire.register
def _(value: dt.datetime) -> object:
    return datetime_text(value)


@to_wire.register
def _(value: dt.time) -> object:
    return value.isoformat()


@to_wire.register
def _(value: dt.timedelta) -> object:
    return interval_text(value)


@to_wire.register
def _(value: uuid.UUID) -> object:
    return str(value)


@to_wire.register(list)
@to_wire.register(tuple)
def _(value: Sequence[object]) -> object:
    return checked_text(array_text(value))


@to_wire.register
def _(value: memoryview) -> object:
    return bytes(value)


# -- dates and times -------------------------------------------------------------------------------


def datetime_text(value: dt.datetime) -> str:
    """Return a date and time as PostgreSQL reads it, with its offset if it has one."""
    return value.isoformat(" ")


def interval_text(value: dt.timedelta) -> str:
    """Return a duration as PostgreSQL reads it; the days stay days."""
    return f"{value.days} days {value.seconds}.{value.microseconds:06d} seconds"


_INTERVAL = re.compile(
    r"(?:(?P<years>[-+]?\d+) years? ?)?"
    r"(?:(?P<months>[-+]?\d+) mons? ?)?"
    r"(?:(?P<days>[-+]?\d+) days? ?)?"
    r"(?:(?P<sign>[-+])?(?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d)(?:\.(?P<fraction>\d+))?)?"
)


def interval_from_text(text: str) -> dt.timedelta:
    """Read an interval in the style `postgres`; a year counts 365 days and a month 30, as psycopg has it.

    Raises ValueError for another style, OverflowError for more than a timedelta holds.
    """
    match = _INTERVAL.fullmatch(text)
    if match is None or not text:
        raise ValueError(f"not an interval in the style the session was set to: {text!r}")
    part = match.groupdict(default="0")
    time = dt.timedelta(
        hours=int(part["hours"]),
        minutes=int(part["minutes"]),
        seconds=int(part["seconds"]),
        microseconds=int((match["fraction"] or "").ljust(6, "0")),
    )
    days = dt.timedelta(days=int(part["years"]) * 365 + int(part["months"]) * 30 + int(part["days"]))
    return days - time if match["sign"] == "-" else days + time


# -- arrays ----------------------------------------------------------------------------------------

_ARRAY_PART = re.compile(r'[{},]|"(?:[^"\\]|\\.)*"|[^{},"]+', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def array_text(values: Iterable[object]) -> str:
    """Return an array, of arrays if need be, as PostgreSQL reads it. Items are what `to_wire` takes."""
    return "{" + ",".join(map(_item_text, values)) + "}"


def _item_text(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, list | tuple | set | frozenset):
        return array_text(value)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes | bytearray | memoryview):
        text = "\\x" + bytes(value).hex()
    elif isinstance(value, str):
        text = value  # checked with the whole array, by the dialect
    else:
        text = str(to_wire(value))
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def array_from_text(text: str) -> list[object]:
    """Read an array PostgreSQL wrote: nested lists of text and None. Lower bounds other than 1 are dropped.

    Raises ValueError when `text` is no array.
    """
    body = text[text.index("=") + 1 :] if text.startswith("[") else text
    outermost: list[object] = []
    open_lists = [outermost]
    for part in _ARRAY_PART.findall(body):
        if part == "{":
            inner: list[object] = []
            open_lists[-1].append(inner)
            open_lists.append(inner)
        elif part == "}":
            open_lists.pop()
        elif part.startswith('"'):
            open_lists[-1].append(_ESCAPED.sub(r"\1", part[1:-1]))
        elif part != ",":
            open_lists[-1].append(None if part == "NULL" else part)
    if len(open_lists) != 1 or len(outermost) != 1 or not isinstance(outermost[0], list):
        raise ValueError("not an array as PostgreSQL writes one")
    return outermost[0]
