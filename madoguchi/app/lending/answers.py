"""The answers of the counter: values, also *no*. An outage is not among them; it is an exception."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from madoguchi.app.lending.facts import GroupUse, ItemShown, PatronFacts
from madoguchi.app.lending.rules import Refusal


class Notice(StrEnum):
    """What the clerk should see though the act was done."""

    ATTACHMENTS = "attachments"
    ITEM_NOTE = "item_note"
    WAS_RESERVED = "was_reserved"
    NOT_ON_LOAN = "not_on_loan"
    OVERDUE = "overdue"
    KEPT_FOR_OTHER = "kept_for_other"
    """It was kept, or on its way, for somebody else, who waits again."""
    WRONG_BRANCH = "wrong_branch"
    """It was on its way to another branch, and is on its way again from this one."""


class Route(StrEnum):
    """Where a returned item goes."""

    SHELF = "shelf"
    TRANSIT = "transit"
    RESERVATION_SHELF = "reservation_shelf"


@dataclass(frozen=True, slots=True)
class Refused:
    """Not done, and why; nothing was written."""

    refusal: Refusal
    item: ItemShown | None = None
    may_override: bool = False
    due_on: dt.date | None = None
    waiting: int = 0
    limit: int = 0


@dataclass(frozen=True, slots=True)
class VisitOpened:
    """A patron's card was read; the visit carries what the panel shows."""

    visit: UUID
    patron: PatronFacts
    valid_until: dt.date
    card_idle: bool
    blocked: bool
    overdue_days: int


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """Lent: the item is the patron's until the due date.

    Attributes:
        waits_again_at: the place in the queue that the one has for whom it was kept until now; 0: it was
            kept for nobody else.
    """

    operation: UUID
    item: ItemShown
    due_on: dt.date
    use: GroupUse
    notices: tuple[Notice, ...]
    waits_again_at: int = 0


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Returned, or not on loan at all; either way the item has somewhere to go.

    Attributes:
        expected_at: the branch it was on its way to, where it is at a wrong one; else empty.
    """

    operation: UUID
    item: ItemShown
    route: Route
    to_branch: str
    keep_until: dt.date | None
    returned_on: dt.date
    overdue_days: int
    due_on: dt.date | None
    notices: tuple[Notice, ...]
    can_undo: bool
    expected_at: str = ""


@dataclass(frozen=True, slots=True)
class ReturnUndone:
    """The last return never was: the item is on loan again as before."""

    item_number: str
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class Renewed:
    """Renewed, from today."""

    operation: UUID
    item: ItemShown
    due_on: dt.date
    earlier_due_on: dt.date


@dataclass(frozen=True, slots=True)
class Reserved:
    """Reserved: the patron waits for the title.

    Attributes:
        item_number: the one copy that is waited for; None: any.
        place: in the queue at that moment; 1 is the first.
        in_stock: a copy stood on a shelf for it then, one more than those before it need (在庫予約).
    """

    operation: UUID
    title: str
    item_number: str | None
    pickup_branch: str
    place: int
    in_stock: bool


@dataclass(frozen=True, slots=True)
class OverrideGranted:
    """A refusal is set aside for this patron's visit; one about the item, for that item alone."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class LoanCancelled:
    """An act whose answer never came was called off: nothing is lent, whatever had arrived."""

    operation: UUID


@dataclass(frozen=True, slots=True)
class HourAtCounter:
    """Items lent, returned and renewed within one hour of a branch's day; ``hour`` 9 is 9:00 to 9:59."""

    hour: int
    checkouts: int = 0
    checkins: int = 0
    renewals: int = 0


@dataclass(frozen=True, slots=True)
class CounterToday:
    """A branch's day so far, hour by hour without a gap, and what it adds up to. Nothing of any person."""

    hours: tuple[HourAtCounter, ...]
    checkouts: int
    checkins: int
    renewals: int
