"""Checkout (貸出): a patron's card opens a visit, each item is lent or refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from madoguchi.app.lending.answers import (
    CheckedOut,
    LoanCancelled,
    Notice,
    OverrideGranted,
    Refused,
    VisitOpened,
)
from madoguchi.app.lending.facts import (
    CheckoutFacts,
    Counter,
    Desk,
    GroupUse,
    ItemFacts,
    PatronFacts,
    Verdict,
)
from madoguchi.app.lending.rules import (
    ABOUT_THE_ITEM,
    OVERRIDABLE,
    ItemStanding,
    PatronStanding,
    Refusal,
    card_valid_until,
    due_date,
    is_blocked,
    overdue_days,
    refuse_checkout,
)

# The state may move between the read and the write; twice in one scan is another terminal working
# on the very same item or patron, more often is not worth a clerk's time.
ATTEMPTS = 3

# What an operation was once answered stays so, however the state moves.
FINAL = (Refusal.CANCELLED, Refusal.ANSWER_ERASED)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules make of a checkout: a refusal, or a due date to lend until."""

    refusal: Refusal | None
    due_on: dt.date | None = None


def open_visit(counter: Counter, *, visit: UUID, card_number: str, desk: Desk) -> VisitOpened | Refused:
    """The patron a card belongs to, as the panel shows them; one round trip."""
    patron = counter.reads.patron(visit, card_number, desk)
    if isinstance(patron, Refusal):
        return Refused(patron)
    if patron.lost:
        return Refused(Refusal.CARD_LOST)
    today = patron.today
    return VisitOpened(
        visit=visit,
        patron=patron,
        valid_until=card_valid_until(patron.last_used_on, today.policy),
        card_idle=today.day > card_valid_until(patron.last_used_on, today.policy),
        blocked=is_blocked(patron.oldest_due_on, today.day, today.policy),
        overdue_days=overdue_days(patron.oldest_due_on, today.day),
    )


def decide_checkout(facts: CheckoutFacts, wished_due: dt.date | None) -> Decision:
    """Pure: whether the item is lent to the patron, and until when."""
    patron, item, term, today = facts.patron, facts.item, facts.term, facts.today
    if patron is None:
        return Decision(Refusal.UNKNOWN_CARD)
    if patron.lost:
        return Decision(Refusal.CARD_LOST)
    if item is None or term is None:
        return Decision(Refusal.UNKNOWN_ITEM)
    ruled_due = due_date(today.day, term, today.calendar, today.policy)
    refusal = refuse_checkout(
        PatronStanding(patron.last_used_on, patron.oldest_due_on, patron.uses[0].open_loans, patron.blocked),
        _standing(item, patron, facts.others_ahead),
        term,
        today.policy,
        today=today.day,
        overrides=facts.overrides,
        wished_due=wished_due,
        ruled_due=ruled_due,
    )
    return Decision(refusal, None if refusal else wished_due or ruled_due)


def _standing(item: ItemFacts, patron: PatronFacts, others_ahead: int) -> ItemStanding:
    trapped = item.head is not None and item.head.state != "waiting"
    trapped_for_patron = trapped and item.head is not None and item.head.patron_id == patron.patron_id
    return ItemStanding(
        reference_only=item.reference_only,
        on_loan_to_patron=item.loan is not None and item.loan.patron_id == patron.patron_id,
        on_loan_to_other=item.loan is not None and item.loan.patron_id != patron.patron_id,
        trapped_for_other=trapped and not trapped_for_patron,
        others_ahead=0 if trapped_for_patron else others_ahead,
    )


def check_out(
    counter: Counter,
    *,
    operation: UUID,
    visit: UUID,
    card_number: str,
    item_number: str,
    desk: Desk,
    wished_due: dt.date | None = None,
) -> CheckedOut | Refused:
    """Lends one item, or says why not; two round trips.

    Repeating an operation that was done changes nothing and gives the same answer.
    """
    last: Refused | None = None
    for _ in range(ATTEMPTS):
        facts = counter.reads.checkout(operation, visit, card_number, item_number, desk)
        if isinstance(facts, Refusal):
            return Refused(facts)
        verdict = facts.earlier
        if verdict is None:
            decision = decide_checkout(facts, wished_due)
            if decision.due_on is None:
                return _refused(facts, decision.refusal or Refusal.CHANGED)
            verdict = counter.writes.lend(operation, visit, card_number, item_number, decision.due_on, desk)
        if verdict.refusal is None:
            return _checked_out(operation, facts, verdict)
        if verdict.refusal in FINAL:
            return _refused(facts, verdict.refusal)
        last = _refused(facts, Refusal.CHANGED)
    return last or Refused(Refusal.CHANGED)


def _refused(facts: CheckoutFacts, refusal: Refusal) -> Refused:
    item = facts.item
    return Refused(
        refusal,
        item=None if item is None else item.shown,
        may_override=refusal in OVERRIDABLE,
        due_on=item.loan.due_on if item is not None and item.loan is not None else None,
        waiting=0 if item is None else item.waiting,
        limit=0 if facts.term is None else facts.term.max_loans,
    )


def _checked_out(operation: UUID, facts: CheckoutFacts, verdict: Verdict) -> CheckedOut:
    item, patron = facts.item, facts.patron
    if item is None or patron is None:
        raise LookupError("lent, but the item or the patron is not there")
    notices = (
        (Notice.ATTACHMENTS, bool(item.shown.attachments)),
        (Notice.ITEM_NOTE, bool(item.shown.note)),
        (Notice.WAS_RESERVED, bool(verdict.values.get("reserved"))),
        (Notice.KEPT_FOR_OTHER, bool(verdict.values.get("waits_again"))),
    )
    use = patron.uses[0]
    return CheckedOut(
        operation=operation,
        item=item.shown,
        due_on=dt.date.fromisoformat(str(verdict.values["due_on"])),
        use=GroupUse(use.group, int(verdict.values["open_loans"] or 0), use.max_loans),
        notices=tuple(notice for notice, holds in notices if holds),
        waits_again_at=int(verdict.values.get("waits_again") or 0),
    )


def cancel_checkout(counter: Counter, *, operation: UUID) -> LoanCancelled | Refused:
    """Calls off a checkout whose answer never came: the book stayed at the counter.

    Whether the server had lent it or not, afterwards it is not lent.
    """
    verdict = counter.writes.cancel_lend(operation)
    return LoanCancelled(operation) if verdict.refusal is None else Refused(verdict.refusal)


def override(
    counter: Counter,
    *,
    operation: UUID,
    visit: UUID,
    card_number: str,
    item_number: str,
    refusal: Refusal,
    reason: str,
    desk: Desk,
) -> OverrideGranted | Refused:
    """Sets a refusal aside for the rest of this patron's visit, on record.

    One that is about the item (``ABOUT_THE_ITEM``) is set aside for that item alone; of one that is about
    the patron the record keeps no item.

    Raises:
        ValueError: no reason was given.
    """
    if not reason.strip():
        raise ValueError("an override needs a reason")
    if refusal not in OVERRIDABLE:
        return Refused(Refusal.NOT_ALLOWED)
    verdict = counter.writes.grant_override(
        operation,
        visit,
        card_number,
        item_number if refusal in ABOUT_THE_ITEM else None,
        refusal,
        reason.strip(),
        desk,
    )
    return OverrideGranted(refusal) if verdict.refusal is None else Refused(verdict.refusal)
