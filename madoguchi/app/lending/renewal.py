"""Renewal (延長): once, from today, by item alone or with the patron's card."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from madoguchi.app.lending.answers import Refused, Renewed
from madoguchi.app.lending.checkout import ATTEMPTS, FINAL
from madoguchi.app.lending.facts import Counter, Desk, ItemFacts, ItemOnlyFacts
from madoguchi.app.lending.rules import Refusal, refuse_renewal, renewed_due_date


def decide_renewal(facts: ItemOnlyFacts) -> Refusal | dt.date:
    """Pure: the new due date of an item's open loan, or why there is none."""
    item, today = facts.item, facts.today
    if item is None:
        return Refusal.UNKNOWN_ITEM
    if item.loan is None:
        return Refusal.NOT_ON_LOAN
    refusal = refuse_renewal(
        due_on=item.loan.due_on,
        renewals=item.loan.renewals,
        reserved=item.others_waiting > 0,
        borrowed_from=item.borrowed_from,
        policy=today.policy,
        today=today.day,
    )
    if refusal is not None:
        return refusal
    return renewed_due_date(today.day, item.loan.due_on, item.loan.term, today.calendar, today.policy)


def renew(counter: Counter, *, operation: UUID, item_number: str, desk: Desk) -> Renewed | Refused:
    """Renews the open loan of an item, or says why not; two round trips."""
    for _ in range(ATTEMPTS):
        facts = counter.reads.item(operation, item_number, desk)
        verdict = facts.earlier
        if verdict is None:
            decision = decide_renewal(facts)
            if isinstance(decision, Refusal):
                return _refused(facts.item, decision)
            verdict = counter.writes.renew(operation, item_number, decision, desk)
        if verdict.refusal is None and facts.item is not None:
            return Renewed(
                operation=operation,
                item=facts.item.shown,
                due_on=dt.date.fromisoformat(str(verdict.values["due_on"])),
                earlier_due_on=dt.date.fromisoformat(str(verdict.values["earlier_due_on"])),
            )
        if verdict.refusal in FINAL:
            return _refused(facts.item, verdict.refusal)
    return _refused(facts.item, Refusal.CHANGED)


def _refused(item: ItemFacts | None, refusal: Refusal) -> Refused:
    if item is None:
        return Refused(refusal)
    return Refused(
        refusal,
        item=item.shown,
        due_on=None if item.loan is None else item.loan.due_on,
        waiting=item.waiting,
    )
