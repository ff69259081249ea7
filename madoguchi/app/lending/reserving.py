"""Reservation (予約): a patron waits for a title, to pick it up at a branch."""

from __future__ import annotations

from uuid import UUID

from madoguchi.app.lending.answers import Refused, Reserved
from madoguchi.app.lending.checkout import ATTEMPTS, FINAL
from madoguchi.app.lending.facts import Counter, Desk, ReservationFacts, Verdict
from madoguchi.app.lending.rules import Refusal, refuse_reservation


def decide_reservation(facts: ReservationFacts) -> Refusal | None:
    """Pure: why the title is not reserved for the patron, or None."""
    patron, title, copy, today = facts.patron, facts.title, facts.copy, facts.today
    if patron is None:
        return Refusal.UNKNOWN_CARD
    if patron.lost:
        return Refusal.CARD_LOST
    if title is None:
        return Refusal.UNKNOWN_TITLE
    if copy is not None and not copy.known:
        return Refusal.UNKNOWN_ITEM
    if facts.pickup_branch is None:
        return Refusal.NOT_ALLOWED
    return refuse_reservation(
        reserved_already=title.reserved_by_patron,
        on_loan_to_patron=title.due_on is not None,
        copy_reference_only=copy is not None and copy.reference_only,
        copies_to_lend=title.copies_to_lend,
        last_used_on=patron.last_used_on,
        oldest_due_on=patron.oldest_due_on,
        blocked=patron.blocked,
        reservations=facts.reservations,
        max_reservations=facts.max_reservations,
        reservations_of_group=facts.reservations_of_group,
        max_of_group=facts.max_of_group,
        policy=today.policy,
        today=today.day,
    )


def place_reservation(
    counter: Counter,
    *,
    operation: UUID,
    visit: UUID,
    card_number: str,
    title_id: int,
    pickup_branch_id: int,
    desk: Desk,
    item_number: str | None = None,
) -> Reserved | Refused:
    """Puts a patron at the end of a title's queue, or says why not; two round trips.

    With ``item_number`` that copy alone will do (a volume of a set). Repeating an operation that was done
    changes nothing and gives the same answer.
    """
    last: Refused | None = None
    wanted = (card_number, title_id, item_number, pickup_branch_id)
    for _ in range(ATTEMPTS):
        facts = counter.reads.reservation(operation, visit, *wanted, desk)
        if isinstance(facts, Refusal):
            return Refused(facts)
        verdict = facts.earlier
        if verdict is None:
            refusal = decide_reservation(facts)
            if refusal is not None:
                return _refused(facts, refusal)
            verdict = counter.writes.place_reservation(operation, visit, *wanted, desk)
        if verdict.refusal is None:
            return _reserved(operation, facts, verdict)
        if verdict.refusal in FINAL:
            return _refused(facts, verdict.refusal)
        last = _refused(facts, Refusal.CHANGED)
    return last or Refused(Refusal.CHANGED)


def _refused(facts: ReservationFacts, refusal: Refusal) -> Refused:
    title = facts.title
    limit = facts.max_of_group if refusal is Refusal.KIND_LIMIT else facts.max_reservations
    return Refused(
        refusal,
        due_on=None if title is None else title.due_on,
        waiting=0 if title is None else title.waiting,
        limit=limit or 0,
    )


def _reserved(operation: UUID, facts: ReservationFacts, verdict: Verdict) -> Reserved:
    if facts.title is None or facts.pickup_branch is None:
        raise LookupError("reserved, but the title or the branch is not there")
    return Reserved(
        operation=operation,
        title=facts.title.name,
        item_number=None if facts.copy is None else facts.copy.number,
        pickup_branch=facts.pickup_branch,
        place=int(verdict.values["place"] or 0),
        in_stock=bool(verdict.values["in_stock"]),
    )
