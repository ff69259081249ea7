"""What staff look for, send, receive and clear away: lists of a branch, ticked off by scanning.

Receiving a copy, and taking one that was looked for to the desk, is a return like any other
(``app.lending.checkin``): it traps what waits for it and says where it goes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from madoguchi.app.lending.facts import Desk
from madoguchi.app.reservations.answers import Cleared, Done, NotDone, Sent


@dataclass(frozen=True, slots=True)
class ToLookFor:
    """A copy on this branch's shelves that somebody waits for (予約在庫リスト), in the order of the shelves.

    Attributes:
        ndc, author_mark: what the shelves are in order of.
        title: with its volume.
        pickup_branch: where it will go.
        not_found: how often it was looked for in vain since it was last seen.
    """

    item_number: str
    ndc: str
    author_mark: str
    title: str
    creators: str
    pickup_branch: str
    wanted_since: dt.date
    not_found: int


@dataclass(frozen=True, slots=True)
class Travelling:
    """A copy that is to be sent, or is on its way.

    Attributes:
        sent_on: None: it still waits for the van.
        reserved: somebody waits for it there; else it goes home.
        late: it has been on its way for more days than the setting allows.
    """

    item_number: str
    title: str
    from_branch: str
    to_branch_id: int
    to_branch: str
    since: dt.date
    sent_on: dt.date | None
    reserved: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Transits:
    """What leaves this branch and what is on its way to it; each by the other branch, the oldest first."""

    today: dt.date
    leaving: tuple[Travelling, ...]
    coming: tuple[Travelling, ...]


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A copy on this branch's reservation shelf.

    Attributes:
        label: who it is for, as the library's setting lets it be said (``policy.slip_name``); empty: nobody
            any more.
        keep_until: the last day; None: nobody waits for it any more, it is to be cleared away.
        expired: that day is over.
        told: who waits for it has been told, or a message was left.
    """

    item_number: str
    title: str
    label: str = field(repr=False)
    ready_on: dt.date | None
    keep_until: dt.date | None
    expired: bool
    told: bool

    @property
    def to_clear(self) -> bool:
        """Whether it is to be taken off the shelf."""
        return self.expired or self.keep_until is None


@dataclass(frozen=True, slots=True)
class Shelf:
    """This branch's reservation shelf: by the last day, then by who it is for."""

    today: dt.date
    copies: tuple[OnShelf, ...]


class Rounds(Protocol):
    """Lists and guarded writes, on whichever database, all of the desk's own branch."""

    def to_look_for(self, desk: Desk) -> tuple[ToLookFor, ...]: ...

    def not_found(self, operation: UUID, item_number: str, desk: Desk) -> Done | NotDone: ...

    def transits(self, desk: Desk) -> Transits: ...

    def send(self, operation: UUID, item_numbers: tuple[str, ...], desk: Desk) -> Sent | NotDone: ...

    def shelf(self, desk: Desk) -> Shelf: ...

    def clear(self, operation: UUID, item_number: str, desk: Desk) -> Cleared | NotDone: ...


class HasRounds(Protocol):
    """A connection that has them."""

    @property
    def rounds(self) -> Rounds: ...


def pull_list(connected: HasRounds, *, desk: Desk) -> tuple[ToLookFor, ...]:
    """The copies to look for on this branch's shelves: one for each who waits, and no more than there are."""
    return connected.rounds.to_look_for(desk)


def report_not_found(
    connected: HasRounds, *, operation: UUID, item_number: str, desk: Desk
) -> Done | NotDone:
    """It is not on the shelf: another copy, here or elsewhere, is looked for from now on.

    After as many times as the setting says (``policy.missing_after``) it counts as missing, until it is
    scanned again.
    """
    return connected.rounds.not_found(operation, item_number, desk)


def transits(connected: HasRounds, *, desk: Desk) -> Transits:
    """What leaves and what comes."""
    return connected.rounds.transits(desk)


def send(
    connected: HasRounds, *, operation: UUID, item_numbers: tuple[str, ...], desk: Desk
) -> Sent | NotDone:
    """The crate leaves: these copies, which wait here for the van, are on their way from today."""
    return connected.rounds.send(operation, item_numbers, desk)


def reservation_shelf(connected: HasRounds, *, desk: Desk) -> Shelf:
    """The reservation shelf."""
    return connected.rounds.shelf(desk)


def clear_shelf(connected: HasRounds, *, operation: UUID, item_number: str, desk: Desk) -> Cleared | NotDone:
    """Takes a copy off the reservation shelf that nobody waits for any more, or whose days are over.

    The reservation has ended; the copy is for the next one in the queue, or goes home, in one transaction.
    Refused (``NOT_EXPIRED``) while it is kept for its reader.
    """
    return connected.rounds.clear(operation, item_number, desk)
