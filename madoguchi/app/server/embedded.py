"""The guarded writes on the embedded SQLite file: the twin of the server's functions.

SQLite has one writer at a time, so ``BEGIN IMMEDIATE`` is the lock: inside it the same reads and
the same pure rules decide again, then the rows are written.  ``tests/contracts`` holds both twins
to one suite.
"""

from __future__ import annotations

import datetime as dt
import json
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from madoguchi.app.lending.checkout import decide_checkout
from madoguchi.app.lending.facts import Desk, Verdict
from madoguchi.app.lending.renewal import decide_renewal
from madoguchi.app.lending.rules import ABOUT_THE_ITEM, OVERRIDABLE, Refusal
from madoguchi.app.server import tables as t
from madoguchi.app.server.embedded_reserving import EmbeddedReserving
from madoguchi.app.server.embedded_rows import TRAPPED

_MAY_OVERRIDE = ("counter_staff", "contract_staff")
_BLANK = " \t\r\n\u3000"


class EmbeddedWrites(EmbeddedReserving):
    """Guarded writes over one autocommit SQLite connection."""

    def lend(
        self, operation: UUID, visit: UUID, card_number: str, item_number: str, due_on: dt.date, desk: Desk
    ) -> Verdict:
        """Lends if the rules still say so."""
        with self._transaction():
            facts = self._reads.checkout(operation, visit, card_number, item_number, desk)
            if facts.earlier is not None:
                return facts.earlier
            refusal = decide_checkout(facts, due_on).refusal
            if refusal is not None:
                return Verdict(refusal)
            if facts.patron is None:
                raise LookupError("the rules lent to nobody")
            item_id, patron_id, today = self._item_id(item_number), facts.patron.patron_id, facts.today.day
            loan_id: int = self._connection.execute(
                t.loan.insert()
                .values(
                    item_id=item_id,
                    patron_id=patron_id,
                    branch_id=desk.branch_id,
                    lent_on=today,
                    due_on=due_on,
                )
                .returning(t.loan.c.id)
            ).scalar_one()
            self._connection.execute(
                t.patron.update().where(t.patron.c.id == patron_id).values(last_used_on=today)
            )
            own = self._own_reservation(item_id, patron_id)
            if own is not None:
                self._connection.execute(
                    t.reservation.update()
                    .where(t.reservation.c.id == own)
                    .values(state="lent", loan_id=loan_id)
                )
            # lent over another's reservation, with a reason: the copy that was trapped waits no more
            waits_again = self._wait_again(item_id)
            self._end_transit(item_id)
            self._is_there(item_id)
            self._count("checkout", 1, desk.branch_id, item_id, patron_id, today)
            return self._remember(
                operation,
                "lend",
                loan_id,
                {
                    "due_on": due_on.isoformat(),
                    "open_loans": facts.patron.uses[0].open_loans + 1,
                    "reserved": own is not None,
                    "waits_again": waits_again,
                },
            )

    def cancel_lend(self, operation: UUID) -> Verdict:
        """Calls off a loan whose answer never reached the counter."""
        with self._transaction():
            row = self._connection.execute(
                sa.select(t.operation.c.act, t.loan)
                .outerjoin(t.loan, t.loan.c.id == t.operation.c.loan_id)
                .where(t.operation.c.id == operation)
            ).one_or_none()
            if row is None:
                self._connection.execute(
                    t.operation.insert().values(id=operation, act="cancelled", done_on=sa.func.library_day(0))
                )
                return Verdict(None)
            if row.act == "cancelled":
                return Verdict(None)
            if row.act != "lend" or row.id is None or row.returned_at is not None:
                return Verdict(Refusal.CHANGED)
            kept = t.reservation.c
            self._connection.execute(
                t.reservation.update()
                .where(kept.loan_id == row.id)
                .values(
                    loan_id=None,
                    state=sa.case(
                        (kept.keep_until.is_not(None), "ready"),
                        (kept.trapped_item_id.is_not(None), "in_transit"),
                        else_="waiting",
                    ),
                )
            )
            self._on_its_way_again(row.item_id, row.branch_id)
            self._count("checkout", -1, row.branch_id, row.item_id, row.patron_id, row.lent_on)
            self._connection.execute(
                t.operation.update()
                .where(t.operation.c.id == operation)
                .values(act="cancelled", answer=None, loan_id=None)
            )
            self._connection.execute(t.loan.delete().where(t.loan.c.id == row.id))
            return Verdict(None)

    def _on_its_way_again(self, item_id: int, branch_id: int) -> None:
        """A copy whose loan was called off is at that branch; where it was going, it still has to get."""
        trap = t.reservation.c
        row = self._connection.execute(
            sa.select(t.item.c.home_branch_id, trap.state, trap.pickup_branch_id)
            .select_from(
                t.item.outerjoin(
                    t.reservation,
                    sa.and_(trap.trapped_item_id == t.item.c.id, trap.state.in_(TRAPPED)),
                )
            )
            .where(t.item.c.id == item_id)
        ).one()
        if row.state == "in_transit" or (row.state is None and row.home_branch_id != branch_id):
            self._connection.execute(
                t.transit.insert()
                .prefix_with("OR IGNORE")
                .values(
                    item_id=item_id,
                    to_branch_id=row.pickup_branch_id or row.home_branch_id,
                    since=sa.func.library_day(0),
                    from_branch_id=branch_id,
                )
            )

    def take_back(
        self,
        operation: UUID,
        item_number: str,
        returned_on: dt.date,
        reservation_id: int | None,
        keep_until: dt.date | None,
        desk: Desk,
    ) -> Verdict:
        """Closes the open loan, traps the reservation that waits, sends the item on its way."""
        with self._transaction():
            facts = self._reads.item(operation, item_number, desk)
            item, today = facts.item, facts.today
            if facts.earlier is not None:
                return facts.earlier
            if item is None:
                return Verdict(Refusal.UNKNOWN_ITEM)
            if not today.day - dt.timedelta(days=today.policy.backdate_days) <= returned_on <= today.day:
                return Verdict(Refusal.DUE_IN_PAST)
            if (item.head.reservation_id if item.head else None) != reservation_id:
                return Verdict(Refusal.CHANGED)
            item_id = self._item_id(item_number)
            kept: dt.date | None = None
            if item.head is not None and item.head.pickup_branch_id == desk.branch_id:
                ruled = today.calendar.open_days_after(today.day, today.policy.shelf_open_days)
                kept = self._kept_until(item.head)
                if kept is None and keep_until != ruled:
                    return Verdict(Refusal.CHANGED)
                kept = kept or ruled
            put = self._put_away(item, item_id, desk, kept, today.day)
            loan = item.loan
            if loan is not None:
                returned_on = max(returned_on, loan.lent_on)
                self._connection.execute(
                    t.loan.update()
                    .where(t.loan.c.id == loan.loan_id)
                    .values(returned_on=returned_on, returned_at=self._clock())
                )
                self._count("checkin", 1, desk.branch_id, item_id, loan.patron_id, returned_on)
            return self._remember(
                operation,
                "checkin",
                None if loan is None else loan.loan_id,
                {
                    **put,
                    "due_on": None if loan is None else loan.due_on.isoformat(),
                    "returned_on": returned_on.isoformat(),
                    "branch_id": desk.branch_id,
                },
            )

    def undo_return(self, operation: UUID, return_operation: UUID, desk: Desk) -> Verdict:
        """Opens the loan of a return again, within the time the setting allows."""
        with self._transaction():
            earlier = self._earlier(operation)
            if earlier is not None:
                return earlier
            row = self._connection.execute(
                sa.select(t.loan, t.item.c.number, t.operation.c.act, t.operation.c.answer)
                .join(t.operation, t.operation.c.loan_id == t.loan.c.id)
                .join(t.item, t.item.c.id == t.loan.c.item_id)
                .where(t.operation.c.id == return_operation, t.operation.c.act.in_(("checkin", "undone")))
            ).one_or_none()
            policy = self._connection.execute(sa.select(t.policy.c.undo_minutes, t.policy.c.time_zone)).one()
            if row is not None and row.returned_at is None:
                return Verdict(Refusal.LENT_AGAIN)
            # a return undone before stays so: what closed the loan since is another return
            if row is None or row.act == "undone":
                return Verdict(Refusal.UNDO_EXPIRED)
            if row.returned_at < self._clock() - dt.timedelta(minutes=policy.undo_minutes):
                return Verdict(Refusal.UNDO_EXPIRED)
            # also where that later loan is over: this one did end
            lent_since = sa.select(t.loan.c.id).where(
                t.loan.c.item_id == row.item_id,
                t.loan.c.id != row.id,
                sa.or_(t.loan.c.returned_at.is_(None), t.loan.c.returned_at > row.returned_at),
            )
            if self._connection.execute(lent_since).first() is not None:
                return Verdict(Refusal.LENT_AGAIN)
            self._count(
                "checkin",
                -1,
                # one answered before the branch was kept is taken off where it is undone
                json.loads(row.answer or "{}").get("branch_id", desk.branch_id),
                row.item_id,
                row.patron_id,
                row.returned_on,
                row.returned_at.astimezone(ZoneInfo(policy.time_zone)).hour,
            )
            self._connection.execute(
                t.loan.update().where(t.loan.c.id == row.id).values(returned_on=None, returned_at=None)
            )
            self._connection.execute(
                t.operation.update().where(t.operation.c.id == return_operation).values(act="undone")
            )
            self._wait_again(row.item_id)
            self._end_transit(row.item_id)
            self._is_there(row.item_id)
            return self._remember(
                operation, "undo", row.id, {"item_number": row.number, "due_on": row.due_on.isoformat()}
            )

    def renew(self, operation: UUID, item_number: str, due_on: dt.date, desk: Desk) -> Verdict:
        """Renews if the rules still say so, and to no later day than they say."""
        with self._transaction():
            facts = self._reads.item(operation, item_number, desk)
            if facts.earlier is not None:
                return facts.earlier
            decision = decide_renewal(facts)
            if isinstance(decision, Refusal):
                return Verdict(decision)
            if facts.item is None or facts.item.loan is None:
                return Verdict(Refusal.CHANGED)
            loan = facts.item.loan
            if not loan.due_on <= due_on <= decision:
                return Verdict(Refusal.CHANGED)
            self._connection.execute(
                t.loan.update()
                .where(t.loan.c.id == loan.loan_id)
                .values(due_on=due_on, renewals=t.loan.c.renewals + 1)
            )
            self._connection.execute(
                t.patron.update().where(t.patron.c.id == loan.patron_id).values(last_used_on=facts.today.day)
            )
            self._count(
                "renewal", 1, desk.branch_id, self._item_id(item_number), loan.patron_id, facts.today.day
            )
            return self._remember(
                operation,
                "renew",
                loan.loan_id,
                {"due_on": due_on.isoformat(), "earlier_due_on": loan.due_on.isoformat()},
            )

    def grant_override(
        self,
        operation: UUID,
        visit: UUID,
        card_number: str,
        item_number: str | None,
        refusal: Refusal,
        reason: str,
        desk: Desk,
    ) -> Verdict:
        """Records that a refusal is set aside for this visit, by somebody who may; about an item, for it."""
        with self._transaction():
            repeated = sa.select(t.loan_override.c.id).where(t.loan_override.c.id == operation)
            if self._connection.execute(repeated).first() is not None:
                return Verdict(None)
            patron_id = self._connection.execute(
                sa.select(t.card.c.patron_id).where(
                    t.card.c.number == card_number, t.card.c.state == "active"
                )
            ).scalar_one_or_none()
            if patron_id is None:
                return Verdict(Refusal.UNKNOWN_CARD)
            may = self._connection.execute(
                sa.select(t.staff.c.login).where(
                    t.staff.c.login == desk.login,
                    t.staff.c.role.in_(_MAY_OVERRIDE),
                    sa.or_(
                        t.staff.c.active_until.is_(None),
                        t.staff.c.active_until >= sa.func.library_day(0, type_=sa.Date),
                    ),
                )
            ).first()
            if may is None or refusal not in OVERRIDABLE or not reason.strip(_BLANK):
                return Verdict(Refusal.NOT_ALLOWED)
            item_id: int | None = None
            if refusal in ABOUT_THE_ITEM:
                item_id = self._connection.execute(
                    sa.select(t.item.c.id).where(t.item.c.number == item_number)
                ).scalar_one_or_none()
                if item_id is None:
                    return Verdict(Refusal.UNKNOWN_ITEM)
            granted = sa.select(t.loan_override.c.id).where(
                t.loan_override.c.visit_id == visit,
                t.loan_override.c.patron_id == patron_id,
                t.loan_override.c.refusal == refusal,
                t.loan_override.c.item_id.is_not_distinct_from(item_id),
                sa.not_(t.loan_override.c.item_erased),
            )
            if self._connection.execute(granted).first() is None:
                self._connection.execute(
                    t.loan_override.insert().values(
                        id=operation,
                        visit_id=visit,
                        patron_id=patron_id,
                        refusal=refusal,
                        reason=reason,
                        login=desk.login,
                        granted_at=self._clock(),
                        item_id=item_id,
                    )
                )
            return Verdict(None)

    def erase_returned(self) -> int:
        """Erases what joins a person to an item once the return can no longer be undone.

        An override forgets its item as long after it was given, lent or not: never later than its loan goes.
        What was answered of a reservation, or of a copy that was cleared away or not found, goes when its day
        is over. Returns how many loans were erased.
        """
        with self._transaction():
            minutes = self._connection.execute(sa.select(t.policy.c.undo_minutes)).scalar_one()
            since = self._clock() - dt.timedelta(minutes=minutes)
            self._connection.execute(
                t.loan_override.update()
                .where(t.loan_override.c.item_id.is_not(None), t.loan_override.c.granted_at < since)
                .values(item_id=None, item_erased=True)
            )
            self._connection.execute(
                t.operation.update()
                .where(
                    t.operation.c.act.in_(("reserve", "shelf_clear", "not_found")),
                    t.operation.c.answer.is_not(None),
                    t.operation.c.done_on < sa.func.library_day(0, type_=sa.Date),
                )
                .values(answer=None)
            )
            due = t.loan.c.returned_at < since
            gone = sa.select(t.loan.c.id).where(due)
            self._connection.execute(
                t.operation.update().where(t.operation.c.loan_id.in_(gone)).values(answer=None, loan_id=None)
            )
            return self._connection.execute(t.loan.delete().where(due)).rowcount
