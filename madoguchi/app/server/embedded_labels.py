"""Labels on the embedded SQLite file: the twin of the server's functions of ``0020_item_ranges.sql``.

``tests/contracts/test_labels.py`` holds both to one suite.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.catalogue.labels import (
    MOST_AT_ONCE,
    ItemToLabel,
    LabelRefusal,
    NotAllotted,
    NumberRange,
)
from madoguchi.app.lending.facts import Desk
from madoguchi.app.server import tables as t
from madoguchi.app.server.embedded_rows import EmbeddedRows
from madoguchi.app.server.label_statements import ITEM_RANGES, LABEL
from madoguchi.app.server.labels import read_allotted, read_label, read_range
from madoguchi.barcode.code_plan import LONGEST_NUMBER

_ACT: Final = "item_range"
_PREFIX: Final = re.compile("[0-9A-Z]{0,19}")

_Shape = dict[str, str | int | bool]


class EmbeddedLabels(EmbeddedRows):
    """Labels over one autocommit SQLite connection."""

    def allot(
        self, operation: UUID, prefix: str, digits: int, checked: bool, size: int, desk: Desk
    ) -> NumberRange | NotAllotted:
        """Allots so many numbers in a row."""
        if (
            not _PREFIX.fullmatch(prefix)
            or digits not in range(1, 19)
            or not 1 <= size <= MOST_AT_ONCE
            or len(prefix) + digits + checked > LONGEST_NUMBER
        ):
            return NotAllotted(LabelRefusal.NOT_ALLOWED)
        shape: _Shape = {"prefix": prefix, "digits": digits, "checked": checked}
        with self._transaction():
            before = self._connection.execute(
                sa.select(t.operation.c.act, t.operation.c.answer).where(t.operation.c.id == operation)
            ).one_or_none()
            if before is not None:
                return _earlier(before.act, before.answer, shape | {"size": size})
            first = self._first_free_run(prefix, digits, checked, size)
            if len(str(first + size - 1)) > digits:
                return NotAllotted(LabelRefusal.NUMBERS_USED_UP)
            return self._allot(operation, shape, first, size, desk)

    def ranges(self, desk: Desk) -> tuple[NumberRange, ...]:
        """The last ranges, newest first."""
        del desk
        return tuple(map(read_range, self._connection.execute(ITEM_RANGES).mappings()))

    def item(self, number: str, desk: Desk) -> ItemToLabel | None:
        """What an item's labels say."""
        del desk
        return read_label(self._connection.execute(LABEL, {"item_number": number}).mappings().all())

    def _allot(
        self, operation: UUID, shape: _Shape, first: int, size: int, desk: Desk
    ) -> NumberRange | NotAllotted:
        today = self._connection.execute(sa.select(sa.func.library_day(0, type_=sa.Date))).scalar_one()
        self._connection.execute(
            t.item_range.insert().values(
                **shape, first=first, size=size, branch_id=desk.branch_id, allotted_on=today
            )
        )
        branch = self._connection.execute(
            sa.select(t.branch.c.short_name).where(t.branch.c.id == desk.branch_id)
        ).scalar_one()
        answer = {"refusal": None, **shape, "first": first, "size": size, "branch": branch}
        answer["allotted_on"] = today.isoformat()
        self._connection.execute(
            t.operation.insert().values(
                id=operation, act=_ACT, answer=json.dumps(answer), done_on=sa.func.library_day(0)
            )
        )
        return read_allotted(answer)

    def _first_free_run(self, prefix: str, digits: int, checked: bool, size: int) -> int:
        """The first serial, behind whatever was allotted, with which so many begin that are on no item."""
        setting: int = self._connection.execute(sa.select(t.policy.c.printed_items_from)).scalar_one()
        # labels that are bought printed begin low
        first = max(setting or 9 * 10 ** (digits - 1), self._last_allotted(prefix, digits, checked) + 1)
        number = t.item.c.number
        alike = self._connection.execute(
            sa.select(sa.func.substr(number, len(prefix) + 1, digits)).where(
                sa.func.substr(number, 1, len(prefix)) == prefix,
                sa.func.length(number) == len(prefix) + digits + checked,
            )
        ).scalars()
        serials = {int(serial) for serial in alike if serial.isascii() and serial.isdecimal()}
        used = [first - 1, *sorted(serial for serial in serials if serial >= first)]
        wide = (before for before, after in pairwise(used) if after - before > size)
        return next(wide, used[-1]) + 1

    def _last_allotted(self, prefix: str, digits: int, checked: bool) -> int:
        """The last serial allotted of numbers that could be mistaken for those; -1: none was."""
        low, high = prefix + "0" * digits, prefix + "9" * digits

        def lasts() -> Iterator[int]:
            for each in self._connection.execute(
                sa.select(t.item_range).where(
                    sa.func.length(t.item_range.c.prefix) + t.item_range.c.digits + t.item_range.c.checked
                    == len(low) + checked
                )
            ):
                # whole numbers of one length, as far as these serials reach
                begin = (each.prefix + str(each.first).zfill(each.digits))[: len(low)].ljust(len(low), "0")
                end = each.prefix + str(each.first + each.size - 1).zfill(each.digits)
                end = end[: len(low)].ljust(len(low), "9")
                if begin <= high and end >= low:
                    yield int(min(end, high)[len(prefix) :])

        return max(lasts(), default=-1)


def _earlier(act: str, answer: str, about: _Shape) -> NumberRange | NotAllotted:
    """What the operation was answered, if it was this one."""
    if act == "cancelled":
        return NotAllotted(LabelRefusal.CANCELLED)
    earlier = json.loads(answer) if act == _ACT else {}
    if not earlier.items() >= about.items():
        return NotAllotted(LabelRefusal.NOT_ALLOWED)
    return read_allotted(earlier)
