"""The lists of a branch, and what is done about them, on the embedded file: the twin of ``0015_rounds.sql``.

``tests/contracts/test_rounds.py`` holds both to one suite.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.reservations.answers import CircleRefusal, Cleared, Done, NotDone, Sent
from madoguchi.app.reservations.rounds import Shelf, ToLookFor, Transits
from madoguchi.app.server import tables as t
from madoguchi.app.server.embedded_rows import TRAPPED, EmbeddedRows
from madoguchi.app.server.round_statements import SHELF, TO_LOOK_FOR, TRANSITS
from madoguchi.app.server.rounds import (
    MOST_IN_A_CRATE,
    read_cleared,
    read_not_found,
    read_pull_list,
    read_sent,
    read_shelf,
    read_transits,
)


class EmbeddedRounds(EmbeddedRows):
    """The rounds over one autocommit SQLite connection."""

    def to_look_for(self, desk: Desk) -> tuple[ToLookFor, ...]:
        """The copies to look for on the desk's branch's shelves."""
        rows = self._connection.execute(TO_LOOK_FOR, {"branch_id": desk.branch_id})
        return read_pull_list(rows.mappings().all())

    def transits(self, desk: Desk) -> Transits:
        """What leaves the desk's branch and what comes to it."""
        rows = self._connection.execute(TRANSITS, {"branch_id": desk.branch_id})
        return read_transits(rows.mappings().all(), desk.branch_id)

    def shelf(self, desk: Desk) -> Shelf:
        """The desk's branch's reservation shelf. Who looked is not kept of made-up people."""
        slip_name = self._connection.execute(sa.select(t.policy.c.slip_name)).scalar_one()
        values = {"branch_id": desk.branch_id, "slip_name": slip_name}
        return read_shelf(self._connection.execute(SHELF, values).mappings().all(), self._day())

    def not_found(self, operation: UUID, item_number: str, desk: Desk) -> Done | NotDone:
        """Counts that a copy is not where it should stand; on the same day once."""
        with self._transaction():
            before = self._begin_round(operation, "not_found", item=item_number)
            if before is not None:
                return read_not_found(operation, before)
            item = self._scanned(item_number)
            if isinstance(item, CircleRefusal):
                return NotDone(item)
            trapped = sa.exists().where(
                t.reservation.c.trapped_item_id == item.id, t.reservation.c.state.in_(TRAPPED)
            )
            on_its_way = sa.exists().where(t.transit.c.item_id == item.id)
            to_clear = sa.exists().where(t.shelf_leftover.c.item_id == item.id)
            elsewhere = sa.select(sa.or_(trapped, on_its_way, to_clear))
            if item.home_branch_id != desk.branch_id or self._connection.execute(elsewhere).scalar_one():
                return NotDone(CircleRefusal.NOT_HERE)
            today = self._day()
            times = item.not_found + (item.not_found_on != today)
            after = self._connection.execute(sa.select(t.policy.c.missing_after)).scalar_one()
            missing = item.missing_since is not None or times >= after
            self._connection.execute(
                t.item.update()
                .where(t.item.c.id == item.id)
                .values(
                    not_found=times,
                    not_found_on=today,
                    missing_since=(item.missing_since or today) if missing else None,
                )
            )
            answer = self._done_round(operation, "not_found", item=item_number, missing=missing)
            return read_not_found(operation, answer)

    def send(self, operation: UUID, item_numbers: tuple[str, ...], desk: Desk) -> Sent | NotDone:
        """A crate leaves."""
        if len(item_numbers) > MOST_IN_A_CRATE:
            return NotDone(CircleRefusal.NOT_ALLOWED)
        with self._transaction():
            before = self._begin_round(operation, "send")
            if before is not None:
                return read_sent(operation, before)
            leaves = sa.and_(
                t.transit.c.item_id.in_(sa.select(t.item.c.id).where(t.item.c.number.in_(item_numbers))),
                t.transit.c.from_branch_id == desk.branch_id,
                t.transit.c.to_branch_id != desk.branch_id,
            )
            if self._connection.execute(sa.select(t.transit.c.item_id).where(leaves)).first() is None:
                return NotDone(CircleRefusal.NOT_HERE)
            sent = self._connection.execute(
                t.transit.update().where(leaves, t.transit.c.sent_on.is_(None)).values(sent_on=self._day())
            )
            return read_sent(operation, self._done_round(operation, "send", copies=sent.rowcount))

    def clear(self, operation: UUID, item_number: str, desk: Desk) -> Cleared | NotDone:
        """Takes a copy off the reservation shelf; it is for the next one, or goes home."""
        with self._transaction():
            before = self._begin_round(operation, "shelf_clear", item=item_number)
            if before is not None:
                return read_cleared(operation, before)
            item = self._scanned(item_number)
            if isinstance(item, CircleRefusal):
                return NotDone(item)
            today = self._day()
            ended = self._connection.execute(
                sa.select(t.reservation).where(
                    t.reservation.c.trapped_item_id == item.id, t.reservation.c.state.in_(TRAPPED)
                )
            ).one_or_none()
            refusal = self._why_not_cleared(item.id, ended, desk, today)
            if refusal is not None:
                return NotDone(refusal)
            if ended is not None:
                self._count("expiry", 1, desk.branch_id, item.id, ended.patron_id, today)
                self._connection.execute(t.reservation.delete().where(t.reservation.c.id == ended.id))
            facts = self._reads.item(operation, item_number, desk)
            if facts.item is None:
                raise LookupError("the copy in hand is not there")
            head = facts.item.head
            kept = None
            if head is not None and head.pickup_branch_id == desk.branch_id:
                kept = facts.today.calendar.open_days_after(today, facts.today.policy.shelf_open_days)
            put = self._put_away(facts.item, item.id, desk, kept, today)
            answer = self._done_round(
                operation, "shelf_clear", item=item_number, title=facts.item.shown.title, **put
            )
            return read_cleared(operation, answer)

    def _why_not_cleared(
        self, item_id: int, ended: sa.Row[Any] | None, desk: Desk, today: dt.date
    ) -> CircleRefusal | None:
        if ended is None:
            left = sa.select(t.shelf_leftover.c.item_id).where(
                t.shelf_leftover.c.item_id == item_id, t.shelf_leftover.c.branch_id == desk.branch_id
            )
            return CircleRefusal.NOT_HERE if self._connection.execute(left).first() is None else None
        if ended.state != "ready" or ended.pickup_branch_id != desk.branch_id:
            return CircleRefusal.NOT_HERE
        return CircleRefusal.NOT_EXPIRED if ended.keep_until >= today else None

    def _scanned(self, item_number: str) -> sa.Row[Any] | CircleRefusal:
        """The item's row, or why there is none on any shelf."""
        row = self._connection.execute(
            sa.select(
                t.item,
                sa.exists()
                .where(t.loan.c.item_id == t.item.c.id, t.loan.c.returned_at.is_(None))
                .label("on_loan"),
            ).where(t.item.c.number == item_number)
        ).one_or_none()
        if row is None:
            return CircleRefusal.UNKNOWN_ITEM
        return CircleRefusal.ON_LOAN if row.on_loan else row

    def _begin_round(self, operation: UUID, act: str, **about: str) -> dict[str, Any] | None:
        """What the act was answered before; None: nothing stands in its way."""
        before = self._connection.execute(
            sa.select(t.operation.c.act, t.operation.c.answer).where(t.operation.c.id == operation)
        ).one_or_none()
        if before is None:
            return None
        if before.act == "cancelled":
            return {"refusal": CircleRefusal.CANCELLED.value}
        answer: dict[str, Any] = json.loads(before.answer) if before.answer else {}
        if before.act != act or any(answer.get(key) != value for key, value in about.items()):
            return {"refusal": CircleRefusal.NOT_ALLOWED.value}
        return answer

    def _done_round(self, operation: UUID, act: str, **values: object) -> dict[str, Any]:
        answer = {"refusal": None} | values
        self._connection.execute(
            t.operation.insert().values(
                id=operation, act=act, answer=json.dumps(answer), done_on=sa.func.library_day(0)
            )
        )
        return answer
