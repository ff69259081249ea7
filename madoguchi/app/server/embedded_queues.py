"""Queues on the embedded SQLite file: the twin of the server's functions of ``0014_queues.sql``.

``tests/contracts/test_queues.py`` holds both to one suite.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any, Final
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from madoguchi.app.catalogue.new_item import HIDDEN
from madoguchi.app.lending.facts import Desk
from madoguchi.app.reservations.answers import CircleRefusal, Done, NotDone
from madoguchi.app.reservations.queues import LONGEST_REASON, LONGEST_SLEEP, PatronReservations, TitleQueue
from madoguchi.app.server import tables as t
from madoguchi.app.server.cards import sendable
from madoguchi.app.server.embedded_about import not_theirs
from madoguchi.app.server.embedded_rows import EmbeddedRows
from madoguchi.app.server.queue_statements import QUEUED_TITLE, WAITED_FOR, WAITER, WHO_WAITS
from madoguchi.app.server.queues import patron_reservations, read_done, title_queue

_SAID: Final = re.compile("[^ \u3000]")
_STEP: Final = dt.timedelta(microseconds=1)

Found = sa.Row[Any]


class EmbeddedQueues(EmbeddedRows):
    """Queues over one autocommit SQLite connection."""

    def of_patron(self, visit: UUID, card_number: str, desk: Desk) -> PatronReservations | NotDone:
        """What a patron waits for."""
        del visit  # who looked is not kept of made-up people
        state = self._connection.execute(
            sa.select(t.card.c.state).where(t.card.c.number == sendable(card_number))
        ).scalar_one_or_none()
        if state is None:
            return NotDone(CircleRefusal.UNKNOWN_CARD)
        if state != "active":
            return NotDone(CircleRefusal.CARD_LOST)
        waiter = self._connection.execute(WAITER, {"card_number": sendable(card_number)}).mappings().one()
        values = {"patron_id": waiter["patron_id"], "branch_id": desk.branch_id}
        return patron_reservations(waiter, self._connection.execute(WAITED_FOR, values).mappings().all())

    def of_title(self, title_id: int, desk: Desk) -> TitleQueue | NotDone:
        """A title's queue."""
        title = self._connection.execute(QUEUED_TITLE, {"title_id": title_id}).mappings().one_or_none()
        if title is None:
            return NotDone(CircleRefusal.UNKNOWN_TITLE)
        values = {"title_id": title_id, "login": desk.login}
        return title_queue(title, self._connection.execute(WHO_WAITS, values).mappings().all())

    def change(
        self,
        operation: UUID,
        reservation_id: int,
        pickup_branch_id: int,
        suspended: bool,
        resume_on: dt.date | None,
        desk: Desk,
    ) -> Done | NotDone:
        """Changes where it is picked up, and whether it is passed over."""
        with self._transaction():
            today = self._day()
            branch = self._connection.execute(
                sa.select(t.branch.c.id).where(t.branch.c.id == pickup_branch_id)
            ).first()
            if branch is None or (resume_on is not None and not suspended):
                return NotDone(CircleRefusal.NOT_ALLOWED)
            before = self._before(operation, "reserve_edit", reservation_id)
            past = resume_on is not None and not today < resume_on <= today + LONGEST_SLEEP
            if before is None and past:
                return NotDone(CircleRefusal.NOT_ALLOWED)
            found = before or self._to_act_on(reservation_id, desk)
            if isinstance(found, Done | NotDone):
                return found
            if found.state != "waiting":
                return NotDone(CircleRefusal.NOT_WAITING)
            self._update(
                found.id, pickup_branch_id=pickup_branch_id, suspended=suspended, resume_on=resume_on
            )
            return self._done(operation, "reserve_edit", found.id)

    def move(
        self, operation: UUID, reservation_id: int, place: int, reason: str, desk: Desk
    ) -> Done | NotDone:
        """Gives it another place; those after it move on by as much as is needed."""
        if place < 1 or not _is_reason(reason):
            return NotDone(CircleRefusal.NOT_ALLOWED)
        if not _SAID.search(reason):
            return NotDone(CircleRefusal.REASON_NEEDED)
        with self._transaction():
            found = self._before(operation, "reserve_move", reservation_id) or self._to_act_on(
                reservation_id, desk
            )
            if isinstance(found, Done | NotDone):
                return found
            if found.state != "waiting":
                return NotDone(CircleRefusal.NOT_WAITING)
            queue = t.reservation
            others = self._connection.execute(
                sa.select(queue.c.id, queue.c.placed_at)
                .where(queue.c.title_id == found.title_id, queue.c.state == "waiting", queue.c.id != found.id)
                .order_by(queue.c.placed_at, queue.c.id)
            ).all()
            before, after = others[: place - 1], others[place - 1 :]
            moment: dt.datetime = found.placed_at
            if before:
                moment = before[-1].placed_at + _STEP
            elif after:
                moment = after[0].placed_at - _STEP
            self._update(found.id, placed_at=moment, asked_on=found.asked_on or self._day_of(found.placed_at))
            for row in after:
                if row.placed_at > moment:
                    break
                moment += _STEP
                self._update(row.id, placed_at=moment)
            self._keep_reason(found.id, reason, desk)
            return self._done(operation, "reserve_move", found.id)

    def cancel(self, operation: UUID, reservation_id: int, reason: str, desk: Desk) -> Done | NotDone:
        """Ends it; a copy that lay ready is to be cleared away."""
        if not _is_reason(reason):
            return NotDone(CircleRefusal.NOT_ALLOWED)
        with self._transaction():
            found = self._before(operation, "reserve_end", reservation_id) or self._to_act_on(
                reservation_id, desk
            )
            if isinstance(found, Done | NotDone):
                return found
            today, ready = self._day(), found.state == "ready"
            counted = found.trapped_item_id or found.item_id or self._first_copy(found.title_id)
            if counted is not None:
                self._count("cancellation", 1, desk.branch_id, counted, found.patron_id, today)
            if _SAID.search(reason):
                self._keep_reason(found.id, reason, desk)
            self._connection.execute(t.reservation.delete().where(t.reservation.c.id == found.id))
            if ready:
                left = {
                    "item_id": found.trapped_item_id,
                    "branch_id": found.pickup_branch_id,
                    "since": today,
                }
                self._connection.execute(
                    sqlite.insert(t.shelf_leftover).values(left).on_conflict_do_nothing()
                )
            return self._done(operation, "reserve_end", found.id, to_clear=ready)

    # -- what each of them begins and ends with; all of it inside a transaction -----------------------

    def _before(self, operation: UUID, act: str, reservation_id: int) -> Done | NotDone | None:
        """What the operation was answered before; None: it is new."""
        row = self._connection.execute(
            sa.select(t.operation.c.act, t.operation.c.answer).where(t.operation.c.id == operation)
        ).one_or_none()
        if row is None:
            return None
        if row.act == "cancelled":
            return NotDone(CircleRefusal.CANCELLED)
        if row.act != act:
            return NotDone(CircleRefusal.NOT_ALLOWED)
        answer = json.loads(row.answer)
        if answer["reservation"] != reservation_id:
            return NotDone(CircleRefusal.NOT_ALLOWED)
        return read_done(operation, answer)

    def _to_act_on(self, reservation_id: int, desk: Desk) -> Found | NotDone:
        """The reservation, or why nothing is done about it."""
        found = self._connection.execute(
            sa.select(t.reservation).where(
                t.reservation.c.id == reservation_id, t.reservation.c.state != "lent"
            )
        ).one_or_none()
        if found is None:
            return NotDone(CircleRefusal.UNKNOWN_RESERVATION)
        # positions are shared, people are not
        if not_theirs(self._connection, found.patron_id, desk) is not None:
            return NotDone(CircleRefusal.NOT_ALLOWED)
        return found

    def _update(self, reservation_id: int, **values: object) -> None:
        self._connection.execute(
            t.reservation.update().where(t.reservation.c.id == reservation_id).values(**values)
        )

    def _keep_reason(self, reservation_id: int, reason: str, desk: Desk) -> None:
        self._connection.execute(
            t.reservation_reason.insert().values(
                id=uuid4(),
                reservation_id=reservation_id,
                reason=reason,
                login=desk.login,
                given_on=self._day(),
            )
        )

    def _done(self, operation: UUID, act: str, reservation_id: int, **more: bool) -> Done | NotDone:
        answer = {"refusal": None, "reservation": reservation_id} | more
        self._connection.execute(
            t.operation.insert().values(
                id=operation, act=act, answer=json.dumps(answer), done_on=sa.func.library_day(0)
            )
        )
        return read_done(operation, answer)

    def _first_copy(self, title_id: int) -> int | None:
        """The copy whose kind the statistics count: the first that is lent, or the first."""
        return self._connection.execute(
            sa.select(t.item.c.id)
            .where(t.item.c.title_id == title_id)
            .order_by(t.item.c.reference_only, t.item.c.id)
            .limit(1)
        ).scalar_one_or_none()


def _is_reason(reason: str) -> bool:
    """Whether it can be kept; an empty one is none."""
    return len(reason) <= LONGEST_REASON and not HIDDEN.search(reason)
