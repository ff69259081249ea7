"""Telling on the embedded SQLite file: the twin of the functions of ``0016_telling.sql``.

``tests/contracts/test_telling.py`` holds both to one suite. Which mail is written is said by triggers
(``0016_telling_embedded.sql``).
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from uuid import UUID, uuid4

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.person import NoticeBy
from madoguchi.app.reservations.answers import CircleRefusal, Done, NotDone
from madoguchi.app.reservations.telling import Outcome, ShelfSlip, ToTell, goes_together
from madoguchi.app.server import tables as t
from madoguchi.app.server.cards import sendable
from madoguchi.app.server.embedded_about import contracted
from madoguchi.app.server.embedded_rows import EmbeddedRows
from madoguchi.app.server.telling import MOST_AT_ONCE, read_shelf_slip, read_to_tell
from madoguchi.app.server.telling_statements import SHELF_SLIP, TO_TELL

_ACT = "tell"


def register(connection: sqlite3.Connection) -> None:
    """Gives a connection the function that its triggers call."""
    connection.create_function("day_in_words", 1, _in_words, deterministic=True)


def _in_words(day: str | None) -> str | None:
    if day is None:
        return None
    said = dt.date.fromisoformat(day)
    return f"{said.year}年{said.month}月{said.day}日（{'月火水木金土日'[said.weekday()]}）"


class EmbeddedTelling(EmbeddedRows):
    """Telling over one autocommit SQLite connection."""

    def to_tell(self, visit: UUID, desk: Desk) -> tuple[ToTell, ...] | NotDone:
        """Who is to be told at the desk's branch; the embedded library keeps no record of looks."""
        del visit
        if self._is_elsewhere(desk):
            return NotDone(CircleRefusal.NOT_ALLOWED)
        rows = self._connection.execute(TO_TELL, {"branch_id": desk.branch_id})
        return read_to_tell(rows.mappings())

    def tell(
        self,
        operation: UUID,
        patron_id: int,
        reservation_ids: tuple[int, ...],
        way: NoticeBy,
        outcome: Outcome,
        desk: Desk,
    ) -> Done | NotDone:
        """Keeps what came of it."""
        if not goes_together(way, outcome) or not 1 <= len(reservation_ids) <= MOST_AT_ONCE:
            return NotDone(CircleRefusal.NOT_ALLOWED)
        with self._transaction():
            if self._is_elsewhere(desk):
                return NotDone(CircleRefusal.NOT_ALLOWED)
            said = {"refusal": None, "patron": patron_id, "way": way.value, "outcome": outcome.value}
            before = self._connection.execute(
                sa.select(t.operation.c.act, t.operation.c.answer).where(t.operation.c.id == operation)
            ).one_or_none()
            if before is not None:
                if before.act == "cancelled":
                    return NotDone(CircleRefusal.CANCELLED)
                # about anybody or anything else it is another act
                same = before.act == _ACT and json.loads(before.answer) == said
                return Done(operation) if same else NotDone(CircleRefusal.NOT_ALLOWED)
            ready = self._ready(patron_id, reservation_ids, desk)
            if not ready:
                return NotDone(CircleRefusal.UNKNOWN_RESERVATION)
            self._write(ready, way, outcome, desk)
            self._connection.execute(
                t.operation.insert().values(
                    id=operation, act=_ACT, answer=json.dumps(said), done_on=sa.func.library_day(0)
                )
            )
            return Done(operation)

    def shelf_slip(self, item_number: str, desk: Desk) -> ShelfSlip | NotDone:
        """What the slip of a copy says."""
        if self._is_elsewhere(desk):
            return NotDone(CircleRefusal.NOT_ALLOWED)
        asked = {"item_number": sendable(item_number), "branch_id": desk.branch_id}
        row = self._connection.execute(SHELF_SLIP, asked).mappings().one_or_none()
        if row is None:
            return NotDone(CircleRefusal.UNKNOWN_ITEM)
        return NotDone(CircleRefusal.NOT_HERE) if row["keep_until"] is None else read_shelf_slip(row)

    def _ready(self, patron_id: int, reservation_ids: tuple[int, ...], desk: Desk) -> list[int]:
        """Those of them that still lie ready here for this patron."""
        r = t.reservation.c
        found = self._connection.execute(
            sa.select(r.id)
            .where(
                r.id.in_(reservation_ids),
                r.patron_id == patron_id,
                r.state == "ready",
                r.pickup_branch_id == desk.branch_id,
            )
            .order_by(r.id)
        )
        return list(found.scalars())

    def _write(self, reservation_ids: list[int], way: NoticeBy, outcome: Outcome, desk: Desk) -> None:
        today = self._day()
        said = {"way": way.value, "outcome": outcome.value, "told_on": today, "login": desk.login}
        self._connection.execute(
            t.telling.insert(), [{"id": uuid4(), "reservation_id": each} | said for each in reservation_ids]
        )
        if outcome is not Outcome.NO_ANSWER:
            # whoever knows it gets no mail about it
            self._connection.execute(
                t.outbox.delete().where(
                    t.outbox.c.reservation_id.in_(reservation_ids),
                    t.outbox.c.sent_at.is_(None),
                    t.outbox.c.failed_at.is_(None),
                )
            )

    def _is_elsewhere(self, desk: Desk) -> bool:
        """Whether the desk's clerk is of the contract staff and stands at a branch that is none of theirs."""
        here = sa.exists().where(
            t.staff_branch.c.login == desk.login, t.staff_branch.c.branch_id == desk.branch_id
        )
        elsewhere: bool = self._connection.execute(sa.select(contracted(desk) & ~here)).scalar_one()
        return elsewhere
