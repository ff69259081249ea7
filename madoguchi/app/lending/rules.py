"""The rules of lending, pure: facts in, a decision out; no session, no clock.

Every number here is a setting that arrives with the facts; the defaults are the ones Fujisawa's
libraries publish (DOMAIN, "Loans"). Days are the library's own calendar days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Refusal(StrEnum):
    """Why an act was not done. The value is what the server's functions answer, too."""

    UNKNOWN_CARD = "unknown_card"
    CARD_LOST = "card_lost"
    CARD_IDLE = "card_idle"
    OVERDUE_BLOCK = "overdue_block"
    BLOCKED = "blocked"
    """Staff wrote a note that stops the patron."""
    OVER_LIMIT = "over_limit"
    UNKNOWN_ITEM = "unknown_item"
    REFERENCE_ONLY = "reference_only"
    RESERVED = "reserved"
    ON_LOAN_TO_PATRON = "on_loan_to_patron"
    ON_LOAN_TO_OTHER = "on_loan_to_other"
    DUE_IN_PAST = "due_in_past"
    DUE_TOO_LATE = "due_too_late"
    NOT_ON_LOAN = "not_on_loan"
    RENEWED_ALREADY = "renewed_already"
    BORROWED_ELSEWHERE = "borrowed_elsewhere"
    OVERDUE = "overdue"
    UNDO_EXPIRED = "undo_expired"
    LENT_AGAIN = "lent_again"
    NOT_ALLOWED = "not_allowed"
    TOO_MANY_VIEWS = "too_many_views"
    CANCELLED = "cancelled"
    ANSWER_ERASED = "answer_erased"
    UNKNOWN_TITLE = "unknown_title"
    RESERVED_ALREADY = "reserved_already"
    NO_COPY_TO_LEND = "no_copy_to_lend"
    RESERVATION_LIMIT = "reservation_limit"
    KIND_LIMIT = "kind_limit"
    """As many reservations as there may be of this kind of material."""
    CHANGED = "changed"


OVERRIDABLE = frozenset(
    {
        Refusal.CARD_IDLE,
        Refusal.OVERDUE_BLOCK,
        Refusal.BLOCKED,
        Refusal.OVER_LIMIT,
        Refusal.REFERENCE_ONLY,
        Refusal.RESERVED,
        Refusal.DUE_TOO_LATE,
    }
)
"""What a member of staff with the permission may set aside, with a reason, for one visit."""

ABOUT_THE_ITEM = frozenset({Refusal.REFERENCE_ONLY, Refusal.RESERVED})
"""Those of them that speak of one item: set aside for that item alone, since the reason says nothing
of the next one. The others speak of the patron, and are set aside for all of the visit."""


class OpenDays(Protocol):
    """The opening days of one branch."""

    def next_open_day(self, day: dt.date) -> dt.date:
        """``day`` if the branch is open, else the first open day after it."""
        ...


@dataclass(frozen=True, slots=True)
class Policy:
    """The library's settings that hold for every patron and item."""

    overdue_block_days: int = 30
    card_idle_years: int = 3
    max_renewals: int = 1
    due_on_open_day: bool = True
    undo_minutes: int = 10
    shelf_open_days: int = 7
    backdate_days: int = 7


@dataclass(frozen=True, slots=True)
class LoanTerm:
    """How many at once, and for how many days, for one category of patron and group of kinds."""

    max_loans: int
    days: int


@dataclass(frozen=True, slots=True)
class PatronStanding:
    """What of a patron decides a loan."""

    last_used_on: dt.date
    oldest_due_on: dt.date | None
    open_loans: int
    """Open loans in the group the item belongs to."""
    blocked: bool = False
    """A note stops new loans and reservations today."""


@dataclass(frozen=True, slots=True)
class ItemStanding:
    """What of an item decides a loan, as seen for one patron."""

    reference_only: bool
    on_loan_to_patron: bool
    on_loan_to_other: bool
    trapped_for_other: bool
    others_ahead: int
    """Waiting reservations of others that come before this patron's own (all, if they have none)."""


def card_valid_until(last_used_on: dt.date, policy: Policy) -> dt.date:
    """The last day a card works without proof of address: idle for three years (DOMAIN, "Cards")."""
    year = last_used_on.year + policy.card_idle_years
    try:
        return last_used_on.replace(year=year)
    except ValueError:  # 29 February
        return last_used_on.replace(year=year, day=28)


def overdue_days(due_on: dt.date | None, today: dt.date) -> int:
    """Days past the due date; 0 on the day itself and for nothing on loan."""
    return 0 if due_on is None else max(0, (today - due_on).days)


def is_blocked(oldest_due_on: dt.date | None, today: dt.date, policy: Policy) -> bool:
    """More than 30 days overdue stops loans and reservations until the item is back (DOMAIN, "Loans")."""
    return overdue_days(oldest_due_on, today) > policy.overdue_block_days


def due_date(today: dt.date, term: LoanTerm, branch: OpenDays, policy: Policy) -> dt.date:
    """The due date of a loan made today; from a closed day it moves to the next open one."""
    due = today + dt.timedelta(days=term.days)
    return branch.next_open_day(due) if policy.due_on_open_day else due


def renewed_due_date(
    today: dt.date, current_due: dt.date, term: LoanTerm, branch: OpenDays, policy: Policy
) -> dt.date:
    """14 days from the day of renewal, and never shorter than it was (DOMAIN, "Loans")."""
    return max(current_due, due_date(today, term, branch, policy))


def refuse_checkout(
    patron: PatronStanding,
    item: ItemStanding,
    term: LoanTerm,
    policy: Policy,
    *,
    today: dt.date,
    overrides: Collection[Refusal],
    wished_due: dt.date | None,
    ruled_due: dt.date,
) -> Refusal | None:
    """The first reason not to lend, or None.

    What no reason can set aside comes first: a clerk who overrides one refusal must not meet a
    final one behind it.
    """
    final = _final_refusal(item, wished_due, today)
    if final is not None:
        return final
    found = (
        (Refusal.CARD_IDLE, today > card_valid_until(patron.last_used_on, policy)),
        (Refusal.OVERDUE_BLOCK, is_blocked(patron.oldest_due_on, today, policy)),
        (Refusal.BLOCKED, patron.blocked),
        (Refusal.REFERENCE_ONLY, item.reference_only),
        (Refusal.RESERVED, item.trapped_for_other or item.others_ahead > 0),
        (Refusal.OVER_LIMIT, patron.open_loans >= term.max_loans),
        (Refusal.DUE_TOO_LATE, wished_due is not None and wished_due > ruled_due),
    )
    return next((refusal for refusal, holds in found if holds and refusal not in overrides), None)


def _final_refusal(item: ItemStanding, wished_due: dt.date | None, today: dt.date) -> Refusal | None:
    if item.on_loan_to_patron:
        return Refusal.ON_LOAN_TO_PATRON
    if item.on_loan_to_other:
        return Refusal.ON_LOAN_TO_OTHER
    if wished_due is not None and wished_due < today:
        return Refusal.DUE_IN_PAST
    return None


def refuse_renewal(
    *,
    due_on: dt.date,
    renewals: int,
    reserved: bool,
    borrowed_from: str | None,
    policy: Policy,
    today: dt.date,
) -> Refusal | None:
    """The first reason not to renew, or None (DOMAIN, "Loans": once, and three refusals)."""
    if overdue_days(due_on, today) > 0:
        return Refusal.OVERDUE
    if reserved:
        return Refusal.RESERVED
    if borrowed_from is not None:
        return Refusal.BORROWED_ELSEWHERE
    if renewals >= policy.max_renewals:
        return Refusal.RENEWED_ALREADY
    return None


def refuse_reservation(
    *,
    reserved_already: bool,
    on_loan_to_patron: bool,
    copy_reference_only: bool,
    copies_to_lend: int,
    last_used_on: dt.date,
    oldest_due_on: dt.date | None,
    blocked: bool,
    reservations: int,
    max_reservations: int,
    reservations_of_group: int,
    max_of_group: int | None,
    policy: Policy,
    today: dt.date,
) -> Refusal | None:
    """The first reason not to reserve a title for a patron, or None (DOMAIN, "Reservations" and "Loans").

    What is about the title comes first: a patron who puts their card in order must not hear of it after that.
    ``reservations`` are those that wait, are on their way or lie ready; ``copy_reference_only`` is about the
    one copy that is asked for. ``max_of_group`` is about this kind of material alone; None: it has no limit
    of its own.
    """
    found = (
        (Refusal.RESERVED_ALREADY, reserved_already),
        (Refusal.ON_LOAN_TO_PATRON, on_loan_to_patron),
        (Refusal.REFERENCE_ONLY, copy_reference_only),
        (Refusal.NO_COPY_TO_LEND, copies_to_lend == 0),
        (Refusal.CARD_IDLE, today > card_valid_until(last_used_on, policy)),
        (Refusal.OVERDUE_BLOCK, is_blocked(oldest_due_on, today, policy)),
        (Refusal.BLOCKED, blocked),
        (Refusal.RESERVATION_LIMIT, reservations >= max_reservations),
        (Refusal.KIND_LIMIT, max_of_group is not None and reservations_of_group >= max_of_group),
    )
    return next((refusal for refusal, holds in found if holds), None)


def return_day(wished: dt.date | None, *, today: dt.date, lent_on: dt.date | None, policy: Policy) -> dt.date:
    """The day a return counts for: the book drop's day, never before the loan nor after today.

    Raises:
        ValueError: the book drop's day lies in the future or further back than the setting allows.
    """
    if wished is None:
        return today
    if wished > today or (today - wished).days > policy.backdate_days:
        raise ValueError("the day of the book drop is out of range")
    return wished if lent_on is None else max(wished, lent_on)


AGE_BANDS = ((7, "0-6"), (13, "7-12"), (16, "13-15"), (19, "16-18"), (30, "19-29"), (60, "30-59"))


def age_band(birth_date: dt.date, today: dt.date) -> str:
    """The band statistics keep in place of a birth date."""
    age = today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))
    return next((band for below, band in AGE_BANDS if age < below), "60+")
