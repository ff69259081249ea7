"""What a patron waits for, a title's queue, and what staff change in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from madoguchi.app.lending.facts import Desk
from madoguchi.app.reservations.answers import Done, NotDone

LONGEST_REASON = 200
"""Characters of the reason for which staff move or end a reservation."""
LONGEST_SLEEP = dt.timedelta(days=3660)
"""For how long at most a reservation can be passed over until a day."""


class State(StrEnum):
    """Where a reservation stands. ``SUSPENDED`` is one that waits and is passed over (一時停止)."""

    WAITING = "waiting"
    SUSPENDED = "suspended"
    IN_TRANSIT = "in_transit"
    READY = "ready"


FOUND = (State.IN_TRANSIT, State.READY)
"""A copy was found for it: it has no place in the queue, and all that can be done is to end it."""


@dataclass(frozen=True, slots=True)
class OwnReservation:
    """One of a patron's reservations.

    Attributes:
        title: with its volume.
        item_number: the one copy that is asked for; empty: any.
        place: in the queue, 1 is the first; 0: a copy was found.
        waiting: how long the queue is.
        resume_on: the day on which one that is suspended waits again by itself; None: when somebody says so.
        keep_until: the last day a copy that is ready is kept.
        here: it is picked up at the desk's own branch.
    """

    reservation_id: int
    title_id: int
    title: str = field(repr=False)
    creators: str = field(repr=False)
    item_number: str = field(repr=False)
    pickup_branch_id: int
    pickup_branch: str
    placed_on: dt.date
    state: State
    place: int
    waiting: int
    resume_on: dt.date | None
    keep_until: dt.date | None
    here: bool


@dataclass(frozen=True, slots=True)
class PatronReservations:
    """All that a patron waits for: ready first, then on its way, then by the day it was placed."""

    patron_id: int
    name: str = field(repr=False)
    card_number: str = field(repr=False)
    today: dt.date
    limit: int
    reservations: tuple[OwnReservation, ...]


@dataclass(frozen=True, slots=True)
class InQueue:
    """One of a title's reservations, as others may see it: who it is stays with the patron's own record.

    Attributes:
        number_end: the last four digits of the patron's card, and the first letter of their kana.
        place: 1 is the next; 0: a copy was found.
        item_number: the one copy that is asked for; empty: any.
    """

    reservation_id: int
    number_end: str = field(repr=False)
    kana_initial: str = field(repr=False)
    place: int
    pickup_branch_id: int
    pickup_branch: str
    placed_on: dt.date
    state: State
    item_number: str
    resume_on: dt.date | None
    keep_until: dt.date | None


@dataclass(frozen=True, slots=True)
class TitleQueue:
    """A title's queue across all branches, in its order; first those a copy was found for."""

    title_id: int
    title: str
    today: dt.date
    rows: tuple[InQueue, ...]


class Queues(Protocol):
    """Reads and guarded writes, on whichever database; each write takes an operation id and is done once."""

    def of_patron(self, visit: UUID, card_number: str, desk: Desk) -> PatronReservations | NotDone: ...

    def of_title(self, title_id: int, desk: Desk) -> TitleQueue | NotDone: ...

    def change(
        self,
        operation: UUID,
        reservation_id: int,
        pickup_branch_id: int,
        suspended: bool,
        resume_on: dt.date | None,
        desk: Desk,
    ) -> Done | NotDone: ...

    def move(
        self, operation: UUID, reservation_id: int, place: int, reason: str, desk: Desk
    ) -> Done | NotDone: ...

    def cancel(self, operation: UUID, reservation_id: int, reason: str, desk: Desk) -> Done | NotDone: ...


class HasQueues(Protocol):
    """A connection that has them."""

    @property
    def queues(self) -> Queues: ...


def reservations_of(
    connected: HasQueues, *, visit: UUID, card_number: str, desk: Desk
) -> PatronReservations | NotDone:
    """What a patron waits for; that it was looked at is on record."""
    return connected.queues.of_patron(visit, card_number, desk)


def queue_of(connected: HasQueues, *, title_id: int, desk: Desk) -> TitleQueue | NotDone:
    """A title's queue."""
    return connected.queues.of_title(title_id, desk)


def change_reservation(
    connected: HasQueues,
    *,
    operation: UUID,
    reservation_id: int,
    pickup_branch_id: int,
    suspended: bool,
    resume_on: dt.date | None,
    desk: Desk,
) -> Done | NotDone:
    """Changes where it is picked up, or lets it be passed over until a day; its place stays.

    Refused (``NOT_WAITING``) where a copy was found for it.
    """
    return connected.queues.change(operation, reservation_id, pickup_branch_id, suspended, resume_on, desk)


def move_reservation(
    connected: HasQueues, *, operation: UUID, reservation_id: int, place: int, reason: str, desk: Desk
) -> Done | NotDone:
    """Gives it another place in its queue, with a reason, on record; a place past the end is the last."""
    return connected.queues.move(operation, reservation_id, place, reason, desk)


def cancel_reservation(
    connected: HasQueues, *, operation: UUID, reservation_id: int, reason: str, desk: Desk
) -> Done | NotDone:
    """Ends it. A copy that lay ready is to be cleared away; one on its way goes on when it arrives.

    ``reason`` may be empty: the patron asked for it.
    """
    return connected.queues.cancel(operation, reservation_id, reason, desk)
