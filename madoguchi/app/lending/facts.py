"""What one read brings, and the two things a use case needs of the server: reads and guarded writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from madoguchi.app.lending.calendar import ClosedDays
from madoguchi.app.lending.materials import LoanGroup, MaterialKind
from madoguchi.app.lending.rules import LoanTerm, Policy, Refusal


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an act is done and by whom.

    The central server takes neither from here: it knows the terminal by its certificate and the person by
    their login. What stands here is what it said at sign-in.
    """

    branch_id: int
    terminal: str
    login: str


@dataclass(frozen=True, slots=True)
class ItemShown:
    """What the counter shows of an item."""

    number: str
    title: str
    creators: str
    kind: MaterialKind
    attachments: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """The server's day, with the settings and the calendar of the branch that hold on it."""

    day: dt.date
    policy: Policy
    calendar: ClosedDays


@dataclass(frozen=True, slots=True)
class GroupUse:
    """How many of a group a patron has on loan, and how many they may."""

    group: LoanGroup
    open_loans: int
    max_loans: int


@dataclass(frozen=True, slots=True)
class ReadyElsewhere:
    """What lies ready for a patron at another branch."""

    branch: str
    count: int


@dataclass(frozen=True, slots=True)
class PatronFacts:
    """A patron as the card's scan finds them; within a checkout without name, kana, category and note.

    Attributes:
        ready_reservations: what lies ready for them here; ``ready_elsewhere``: at each other branch.
        travelling_reservations: what is on its way to wherever they pick it up.
        note: what staff noted about them and holds today, in one line.
        blocked: one of the notes stops new loans and reservations.
    """

    patron_id: int
    number: str
    lost: bool
    name: str
    kana: str
    category: str
    note: str
    last_used_on: dt.date
    uses: tuple[GroupUse, ...]
    overdue_items: int
    oldest_due_on: dt.date | None
    ready_reservations: int
    today: Today
    blocked: bool = False
    travelling_reservations: int = 0
    ready_elsewhere: tuple[ReadyElsewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class LoanFacts:
    """The open loan of an item."""

    loan_id: int
    patron_id: int
    lent_on: dt.date
    due_on: dt.date
    renewals: int
    term: LoanTerm


@dataclass(frozen=True, slots=True)
class QueueHead:
    """The reservation an item is meant for: already trapped by it, or first in the queue."""

    reservation_id: int
    patron_id: int
    pickup_branch_id: int
    pickup_branch: str
    state: str


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item as its number finds it."""

    shown: ItemShown
    group: LoanGroup
    reference_only: bool
    borrowed_from: str | None
    home_branch_id: int
    home_branch: str
    loan: LoanFacts | None
    head: QueueHead | None
    waiting: int
    """Waiting reservations that this copy could answer."""
    others_waiting: int
    """Those of them that are not the present borrower's own."""


@dataclass(frozen=True, slots=True)
class CheckoutFacts:
    """Everything a checkout is decided on."""

    today: Today
    patron: PatronFacts | None
    item: ItemFacts | None
    term: LoanTerm | None
    overrides: frozenset[Refusal]
    """What was set aside in this visit and holds for this item."""
    others_ahead: int
    earlier: Verdict | None
    """The answer this very operation already got, if it was done before."""


@dataclass(frozen=True, slots=True)
class TitleWanted:
    """A title as a reservation of it, or of one copy, finds it.

    Attributes:
        name: title and volume.
        copies_to_lend: copies that are lent at all, wherever they are now; where one is asked for, that one.
        on_shelf: those of them that stand on a shelf, at any branch.
        waiting: reservations in the queue that come before a new one; where a copy is asked for, those that
            it could answer.
        passed_over: those of them that no copy is looked for today (一時停止): they keep their place.
        reserved_by_patron: the patron's own reservation waits, is on its way or lies ready.
        due_on: until when the patron has a copy on loan; None: they have none.
    """

    name: str
    copies_to_lend: int
    on_shelf: int
    waiting: int
    reserved_by_patron: bool
    due_on: dt.date | None
    passed_over: int = 0

    @property
    def place(self) -> int:
        """The place in the queue that a new reservation gets; 1 is the first."""
        return self.waiting + 1

    @property
    def in_stock(self) -> bool:
        """Whether a copy stands on a shelf for a new reservation: one more than those before it need."""
        return self.on_shelf > self.waiting - self.passed_over


@dataclass(frozen=True, slots=True)
class CopyWanted:
    """One copy of the title that is asked for by its number; ``known``: the title has it."""

    number: str
    known: bool
    reference_only: bool


@dataclass(frozen=True, slots=True)
class ReservationFacts:
    """Everything a reservation is decided on; of other people, how many wait."""

    today: Today
    patron: PatronFacts | None
    reservations: int
    """The patron's own that wait, are on their way or lie ready."""
    max_reservations: int
    title: TitleWanted | None
    copy: CopyWanted | None
    pickup_branch: str | None
    earlier: Verdict | None
    reservations_of_group: int = 0
    """Those of them that are of the same group of materials as the title."""
    max_of_group: int | None = None
    """How many of those there may be; None: the group has no limit of its own."""


@dataclass(frozen=True, slots=True)
class ItemOnlyFacts:
    """Everything a return or a renewal by item is decided on."""

    today: Today
    item: ItemFacts | None
    earlier: Verdict | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the server made of a write: done, with values, or a refusal and nothing written."""

    refusal: Refusal | None
    values: Mapping[str, str | int | None] = field(default_factory=dict)


class CountedAct(StrEnum):
    """What of the statistics the counter's day shows."""

    CHECKOUT = "checkout"
    CHECKIN = "checkin"
    RENEWAL = "renewal"


@dataclass(frozen=True, slots=True)
class HourCount:
    """What the statistics sum up for one hour (0-23, in the library's time zone) and one act.

    A return that is undone is counted with -1 where and when it was counted as a return; a loan called
    off with -1 in the hour in which it was called off, so that ``amount`` can be below zero.
    """

    hour: int
    act: CountedAct
    amount: int


class Reads(Protocol):
    """One statement or one call each, one round trip.

    Looking at a patron is on record at the central server, and limited; then the refusal is the answer.
    """

    def patron(self, visit: UUID, card_number: str, desk: Desk) -> PatronFacts | Refusal: ...

    def checkout(
        self, operation: UUID, visit: UUID, card_number: str, item_number: str, desk: Desk
    ) -> CheckoutFacts | Refusal: ...

    def item(self, operation: UUID, item_number: str, desk: Desk) -> ItemOnlyFacts: ...

    def reservation(
        self,
        operation: UUID,
        visit: UUID,
        card_number: str,
        title_id: int,
        item_number: str | None,
        pickup_branch_id: int,
        desk: Desk,
    ) -> ReservationFacts | Refusal: ...

    def today_at_counter(self, desk: Desk) -> tuple[HourCount, ...]: ...


class Writes(Protocol):
    """One call each, one round trip, one transaction; each re-checks under its locks.

    Every write takes an operation id. Repeating one changes nothing and answers what the first
    answered.
    """

    def lend(
        self, operation: UUID, visit: UUID, card_number: str, item_number: str, due_on: dt.date, desk: Desk
    ) -> Verdict: ...

    def cancel_lend(self, operation: UUID) -> Verdict: ...

    def take_back(
        self,
        operation: UUID,
        item_number: str,
        returned_on: dt.date,
        reservation_id: int | None,
        keep_until: dt.date | None,
        desk: Desk,
    ) -> Verdict: ...

    def undo_return(self, operation: UUID, return_operation: UUID, desk: Desk) -> Verdict: ...

    def renew(self, operation: UUID, item_number: str, due_on: dt.date, desk: Desk) -> Verdict: ...

    def place_reservation(
        self,
        operation: UUID,
        visit: UUID,
        card_number: str,
        title_id: int,
        item_number: str | None,
        pickup_branch_id: int,
        desk: Desk,
    ) -> Verdict: ...

    def grant_override(
        self,
        operation: UUID,
        visit: UUID,
        card_number: str,
        item_number: str | None,
        refusal: Refusal,
        reason: str,
        desk: Desk,
    ) -> Verdict: ...


class Counter(Protocol):
    """The lending server as a use case sees it, for the length of one act."""

    @property
    def reads(self) -> Reads: ...

    @property
    def writes(self) -> Writes: ...
