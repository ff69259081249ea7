"""Return (返却): taken at any branch, for any day the book drop allows, and undone for ten minutes."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from madoguchi.app.lending.answers import CheckedIn, Notice, Refused, ReturnUndone, Route
from madoguchi.app.lending.checkout import FINAL
from madoguchi.app.lending.facts import Counter, Desk, ItemFacts, ItemOnlyFacts, Verdict
from madoguchi.app.lending.rules import Refusal, overdue_days, return_day

# Each time that the state has moved, another terminal has got through: of so many that return copies of one
# title at the same moment none is sent away.
_ATTEMPTS = 30


def check_in(
    counter: Counter, *, operation: UUID, item_number: str, desk: Desk, book_drop_day: dt.date | None = None
) -> CheckedIn | Refused:
    """Takes an item back and says where it goes; two round trips.

    The reservation that waits for it is trapped in the same transaction. ``book_drop_day`` is the
    day the return counts for, None for today.

    Raises:
        ValueError: the book drop's day is out of range (the page offers no such day).
    """
    item: ItemFacts | None = None
    for _ in range(_ATTEMPTS):
        facts = counter.reads.item(operation, item_number, desk)
        verdict = facts.earlier
        item = facts.item
        if item is None:
            return Refused(Refusal.UNKNOWN_ITEM)
        if verdict is None:
            verdict = _take_back(counter, operation, facts, item, book_drop_day, desk)
        if verdict.refusal is None:
            return _checked_in(operation, facts, item, verdict)
        if verdict.refusal in FINAL:
            return Refused(verdict.refusal, item=item.shown)
    return Refused(Refusal.CHANGED, item=None if item is None else item.shown)


def _take_back(
    counter: Counter,
    operation: UUID,
    facts: ItemOnlyFacts,
    item: ItemFacts,
    book_drop_day: dt.date | None,
    desk: Desk,
) -> Verdict:
    today = facts.today
    returned_on = return_day(
        book_drop_day,
        today=today.day,
        lent_on=None if item.loan is None else item.loan.lent_on,
        policy=today.policy,
    )
    head = item.head
    keeps_here = head is not None and head.pickup_branch_id == desk.branch_id
    return counter.writes.take_back(
        operation,
        item.shown.number,
        returned_on,
        None if head is None else head.reservation_id,
        today.calendar.open_days_after(today.day, today.policy.shelf_open_days) if keeps_here else None,
        desk,
    )


def _checked_in(operation: UUID, facts: ItemOnlyFacts, item: ItemFacts, verdict: Verdict) -> CheckedIn:
    values = verdict.values
    due_on = _day(values.get("due_on"))
    returned_on = _day(values.get("returned_on")) or facts.today.day
    late = overdue_days(due_on, returned_on)
    notices = (
        (Notice.NOT_ON_LOAN, due_on is None),
        (Notice.OVERDUE, late > 0),
        (Notice.WRONG_BRANCH, bool(values.get("expected"))),
        (Notice.ATTACHMENTS, bool(item.shown.attachments)),
        (Notice.ITEM_NOTE, bool(item.shown.note)),
    )
    return CheckedIn(
        operation=operation,
        item=item.shown,
        route=Route(str(values["route"])),
        to_branch=str(values["to_branch"]),
        keep_until=_day(values.get("keep_until")),
        returned_on=returned_on,
        overdue_days=late,
        due_on=due_on,
        notices=tuple(notice for notice, holds in notices if holds),
        can_undo=due_on is not None,
        expected_at=str(values.get("expected") or ""),
    )


def _day(value: str | int | None) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(str(value))


def undo_return(
    counter: Counter, *, operation: UUID, return_operation: UUID, desk: Desk
) -> ReturnUndone | Refused:
    """Undoes a return within ten minutes: the loan is open again with its old due date.

    What the return trapped goes back to its place in the queue.
    """
    verdict = counter.writes.undo_return(operation, return_operation, desk)
    due_on = _day(verdict.values.get("due_on"))
    if verdict.refusal is not None or due_on is None:
        return Refused(verdict.refusal or Refusal.UNDO_EXPIRED)
    return ReturnUndone(item_number=str(verdict.values["item_number"]), due_on=due_on)
