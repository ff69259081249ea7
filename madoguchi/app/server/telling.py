"""Telling as the central server has it: one call each, and how either database's answers are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.person import NoticeBy
from madoguchi.app.reservations.answers import CircleRefusal, Done, NotDone
from madoguchi.app.reservations.telling import Outcome, ShelfSlip, ToTell
from madoguchi.app.server.cards import sendable
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.server.odbc_errors import sqlstate
from madoguchi.app.server.rows import name_of

Row = Mapping[str, Any] | sa.RowMapping

_NO_RIGHT: Final = "42501"
_TEXT, _UUID = sa.Text(), sa.Uuid()

MOST_AT_ONCE: Final = 100
"""Reservations that somebody is told of in one act; nobody has as many."""


class CentralTelling:
    """Telling over the connection of a member of staff who has entered."""

    _TO_TELL = call("desk.list_to_tell", visit=_UUID)
    _TELL = call(
        "desk.tell",
        operation=_UUID,
        patron_id=sa.BigInteger(),
        reservation_ids=_TEXT,
        way=_TEXT,
        outcome=_TEXT,
    )
    _SHELF_SLIP = call("desk.read_shelf_slip", item_number=_TEXT)

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def to_tell(self, visit: UUID, desk: Desk) -> tuple[ToTell, ...] | NotDone:
        """Who is to be told at the terminal's branch."""
        del desk
        answer = self._ask(self._TO_TELL, visit=visit)
        return _refused(answer) or read_to_tell(answer["rows"])

    def tell(
        self,
        operation: UUID,
        patron_id: int,
        reservation_ids: tuple[int, ...],
        way: NoticeBy,
        outcome: Outcome,
        desk: Desk,
    ) -> Done | NotDone:
        """Keeps what came of it; the server knows who told them."""
        del desk
        answer = self._ask(
            self._TELL,
            operation=operation,
            patron_id=patron_id,
            reservation_ids=",".join(map(str, reservation_ids)),
            way=way.value,
            outcome=outcome.value,
        )
        return _refused(answer) or Done(operation)

    def shelf_slip(self, item_number: str, desk: Desk) -> ShelfSlip | NotDone:
        """What the slip of a copy says."""
        del desk
        answer = self._ask(self._SHELF_SLIP, item_number=sendable(item_number))
        return _refused(answer) or read_shelf_slip(answer["slip"])

    def _ask(self, statement: sa.Select[str], **values: object) -> dict[str, Any]:
        try:
            return answer_of(self._connection, statement, **values)
        except sa.exc.DBAPIError as error:
            if sqlstate(error) != _NO_RIGHT:
                raise
            return {"refusal": CircleRefusal.NOT_ALLOWED.value}


def _refused(answer: Mapping[str, Any]) -> NotDone | None:
    return None if answer["refusal"] is None else NotDone(CircleRefusal(answer["refusal"]))


def read_to_tell(rows: Iterable[Row]) -> tuple[ToTell, ...]:
    """The patrons of a list that has a row for each reservation, in its order."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["patron_id"], []).append(row)
    return tuple(_one(own) for own in found.values())


def _one(rows: list[Row]) -> ToTell:
    first = rows[0]
    tried = [_day(row["last_try"]) for row in rows if row["last_try"] is not None]
    code = first["postal_code"]
    return ToTell(
        patron_id=first["patron_id"],
        name=first["name"],
        kana=first["kana"],
        way=NoticeBy(first["way"]),
        reach=f"〒{code[:3]}-{code[3:]} {first['reach']}" if code else first["reach"],
        reservation_ids=tuple(row["reservation_id"] for row in rows),
        copies=len(rows),
        keep_until=_day(first["keep_until"]),
        # nobody answered once, however many copies it was about
        tries=max(row["tries"] for row in rows),
        last_try=max(tried, default=None),
        mail_failed=any(row["mail_failed"] for row in rows),
    )


def read_shelf_slip(row: Row) -> ShelfSlip:
    """What a slip says, from its row."""
    return ShelfSlip(
        item_number=row["item_number"],
        title=name_of(row),
        label=row["label"],
        branch=row["branch"],
        keep_until=_day(row["keep_until"]),
    )


def _day(value: dt.date | str) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
