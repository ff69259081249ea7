"""Labels over the central server: one call of its functions each; rows made into values, for both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.catalogue.labels import ItemToLabel, LabelRefusal, NotAllotted, NumberRange
from madoguchi.app.lending.facts import Desk
from madoguchi.app.server.cards import sendable
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.server.odbc_errors import sqlstate

_NO_RIGHT = "42501"

Row = Mapping[Any, Any]


class CentralLabels:
    """Labels over the connection of a member of staff who has entered."""

    _ALLOT = call(
        "desk.allot_item_numbers",
        operation=sa.Uuid(),
        prefix=sa.Text(),
        digits=sa.Integer(),
        check=sa.Boolean(),
        size=sa.Integer(),
    )
    _RANGES = call("desk.read_item_ranges")
    _LABEL = call("desk.read_label", item_number=sa.Text())

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def allot(
        self, operation: UUID, prefix: str, digits: int, checked: bool, size: int, desk: Desk
    ) -> NumberRange | NotAllotted:
        """Allots so many numbers in a row."""
        del desk
        about = {"operation": operation, "prefix": prefix, "digits": digits, "check": checked, "size": size}
        try:
            answer = answer_of(self._connection, self._ALLOT, **about)
        except sa.exc.DBAPIError as error:
            if sqlstate(error) != _NO_RIGHT:
                raise
            return NotAllotted(LabelRefusal.NOT_ALLOWED)
        return read_allotted(answer)

    def ranges(self, desk: Desk) -> tuple[NumberRange, ...]:
        """The last ranges, newest first."""
        del desk
        return tuple(map(read_range, answer_of(self._connection, self._RANGES)["rows"]))

    def item(self, number: str, desk: Desk) -> ItemToLabel | None:
        """What an item's labels say."""
        del desk
        answer = answer_of(self._connection, self._LABEL, item_number=sendable(number))
        return read_label(answer["rows"])


def read_allotted(answer: Row) -> NumberRange | NotAllotted:
    """The answer that either database gives, and remembers, as a value."""
    if answer["refusal"] is not None:
        return NotAllotted(LabelRefusal(answer["refusal"]))
    return read_range(answer)


def read_range(row: Row) -> NumberRange:
    """A range that was allotted."""
    day = row["allotted_on"]
    return NumberRange(
        row["prefix"],
        row["digits"],
        bool(row["checked"]),
        row["first"],
        row["size"],
        row["branch"],
        day if isinstance(day, dt.date) else dt.date.fromisoformat(day),
    )


def read_label(rows: Sequence[Row]) -> ItemToLabel | None:
    """The item, if there is one."""
    if not rows:
        return None
    (row,) = rows
    return ItemToLabel(row["number"], row["title"], row["volume"], row["ndc"], row["author_mark"])
