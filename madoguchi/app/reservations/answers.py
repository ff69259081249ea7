"""What the library answers about reservations that are under way. An answer is a value, also *no*."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from madoguchi.app.lending.answers import Route


class CircleRefusal(StrEnum):
    """Why nothing was done, or nothing is shown. The value is what the server's functions answer, too."""

    UNKNOWN_CARD = "unknown_card"
    CARD_LOST = "card_lost"
    UNKNOWN_TITLE = "unknown_title"
    UNKNOWN_RESERVATION = "unknown_reservation"
    """It was cancelled, lent or passed on meanwhile."""
    UNKNOWN_ITEM = "unknown_item"
    ON_LOAN = "on_loan"
    """The copy is with a reader: it neither lies on a shelf nor travels."""
    NOT_HERE = "not_here"
    """The copy is not where this act needs it: not on this branch's shelf, list or van."""
    NOT_WAITING = "not_waiting"
    """A copy was found for it already: what is asked for can be done to one that waits alone."""
    NOT_EXPIRED = "not_expired"
    """The copy is still kept for its reader."""
    REASON_NEEDED = "reason_needed"
    TOO_MANY_VIEWS = "too_many_views"
    CHANGED = "changed"
    NOT_ALLOWED = "not_allowed"
    CANCELLED = "cancelled"
    ANSWER_ERASED = "answer_erased"


@dataclass(frozen=True, slots=True)
class NotDone:
    """Nothing was written, or nothing may be shown, and why."""

    refusal: CircleRefusal


@dataclass(frozen=True, slots=True)
class Done:
    """It is so now.

    Attributes:
        to_clear: what was cancelled had a copy on the reservation shelf: it is on the list to clear away.
        missing: a copy that was looked for once too often: it counts as missing until it is scanned again.
    """

    operation: UUID
    to_clear: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A crate is on the van: how many copies are on their way now that were not before."""

    operation: UUID
    copies: int


@dataclass(frozen=True, slots=True)
class Cleared:
    """A copy was taken off the reservation shelf, and where it goes now.

    Attributes:
        title: with its volume.
        to_branch: where it goes, this branch's own name where it stays.
        keep_until: it stays on the reservation shelf, for the next one in the queue, until this day.
    """

    operation: UUID
    item_number: str
    title: str
    route: Route
    to_branch: str
    keep_until: dt.date | None
