"""Who is to be told that something lies ready for them (連絡), with what came of it; and a shelf's slip."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.person import NoticeBy
from madoguchi.app.reservations.answers import Done, NotDone


class Outcome(StrEnum):
    """What came of telling somebody."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    POSTED = "posted"
    """A post card went out."""


def goes_together(way: NoticeBy, outcome: Outcome) -> bool:
    """Whether telling somebody that way can come to that: what is posted is a post card, and nothing else."""
    return way is not NoticeBy.NOT_AT_ALL and (way is NoticeBy.POST_CARD) == (outcome is Outcome.POSTED)


class SlipName(StrEnum):
    """How a slip on the reservation shelf says who it is for, where other readers see it."""

    NUMBER_END = "number_end"
    KANA_INITIAL = "kana_initial"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class ToTell:
    """A patron for whom something lies ready here, and who is not told yet.

    What lies ready is not said: it is not read out to whoever answers a telephone.

    Attributes:
        reservation_ids: all of theirs that lie ready here and were not told of.
        copies: how many that is.
        way: how they wish to be told; where that cannot be done, how it can.
        reach: the telephone number, the mail address, or the postal code and address, as ``way`` says.
        tries: how often nobody answered; ``last_try`` says when.
        mail_failed: a mail was to be sent, and could not.
    """

    patron_id: int
    name: str = field(repr=False)
    kana: str = field(repr=False)
    way: NoticeBy
    reach: str = field(repr=False)
    reservation_ids: tuple[int, ...]
    copies: int
    keep_until: dt.date
    tries: int
    last_try: dt.date | None
    mail_failed: bool


@dataclass(frozen=True, slots=True)
class ShelfSlip:
    """What the slip in a copy on the reservation shelf says (取置票).

    Attributes:
        label: who it is for, as the library's setting lets it be said.
    """

    item_number: str
    title: str
    label: str = field(repr=False)
    branch: str
    keep_until: dt.date


class Telling(Protocol):
    """A list, an act, and a slip's words, on whichever database, of the desk's own branch."""

    def to_tell(self, visit: UUID, desk: Desk) -> tuple[ToTell, ...] | NotDone: ...

    def tell(
        self,
        operation: UUID,
        patron_id: int,
        reservation_ids: tuple[int, ...],
        way: NoticeBy,
        outcome: Outcome,
        desk: Desk,
    ) -> Done | NotDone: ...

    def shelf_slip(self, item_number: str, desk: Desk) -> ShelfSlip | NotDone: ...


class HasTelling(Protocol):
    """A connection that has it."""

    @property
    def telling(self) -> Telling: ...


def to_tell(connected: HasTelling, *, visit: UUID, desk: Desk) -> tuple[ToTell, ...] | NotDone:
    """Who is to be told, the shortest time left first; each one shown is a look that is on record."""
    return connected.telling.to_tell(visit, desk)


def tell(
    connected: HasTelling,
    *,
    operation: UUID,
    patron_id: int,
    reservation_ids: tuple[int, ...],
    way: NoticeBy,
    outcome: Outcome,
    desk: Desk,
) -> Done | NotDone:
    """Keeps what came of telling somebody of these; who was not reached stays on the list."""
    return connected.telling.tell(operation, patron_id, reservation_ids, way, outcome, desk)


def shelf_slip(connected: HasTelling, *, item_number: str, desk: Desk) -> ShelfSlip | NotDone:
    """What the slip says of a copy that lies ready here; nothing of it is kept where it is printed."""
    return connected.telling.shelf_slip(item_number, desk)
