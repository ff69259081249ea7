"""Notes and blocks with an author and an end, family links, and who may pick up for whom."""

from __future__ import annotations

import datetime as dt
from typing import Protocol
from uuid import UUID

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone

LONGEST_NOTE = 300
"""Characters."""


class Ties(Protocol):
    """Guarded writes, on whichever database; each takes an operation id and is done once."""

    def add_note(
        self, operation: UUID, patron_id: int, text: str, blocks: bool, ends_on: dt.date | None, desk: Desk
    ) -> Done | NotDone: ...

    def end_note(self, operation: UUID, note_id: UUID, desk: Desk) -> Done | NotDone: ...

    def link_family(
        self, operation: UUID, patron_id: int, card_number: str, desk: Desk
    ) -> Done | NotDone: ...

    def leave_family(self, operation: UUID, patron_id: int, desk: Desk) -> Done | NotDone: ...

    def let_pick_up(
        self, operation: UUID, patron_id: int, card_number: str, desk: Desk
    ) -> Done | NotDone: ...

    def end_pick_up(self, operation: UUID, patron_id: int, other_id: int, desk: Desk) -> Done | NotDone: ...


class HasTies(Protocol):
    """A connection that has them."""

    @property
    def ties(self) -> Ties: ...


def add_note(
    connected: HasTies,
    *,
    operation: UUID,
    patron_id: int,
    text: str,
    blocks: bool,
    ends_on: dt.date | None,
    desk: Desk,
) -> Done | NotDone:
    """Writes a note; one that blocks stops new loans and reservations while it holds.

    Who wrote it is for the server to know. ``ends_on`` is the last day on which it holds.
    """
    return connected.ties.add_note(operation, patron_id, text, blocks, ends_on, desk)


def end_note(connected: HasTies, *, operation: UUID, note_id: UUID, desk: Desk) -> Done | NotDone:
    """Ends a note or a block: it is gone; that it was ended, and by whom, is on record."""
    return connected.ties.end_note(operation, note_id, desk)


def link_family(
    connected: HasTies, *, operation: UUID, patron_id: int, card_number: str, desk: Desk
) -> Done | NotDone:
    """Makes the patron one family with whoever has the card; both of their families become one."""
    return connected.ties.link_family(operation, patron_id, card_number, desk)


def leave_family(connected: HasTies, *, operation: UUID, patron_id: int, desk: Desk) -> Done | NotDone:
    """The patron is of no family any more."""
    return connected.ties.leave_family(operation, patron_id, desk)


def let_pick_up(
    connected: HasTies, *, operation: UUID, patron_id: int, card_number: str, desk: Desk
) -> Done | NotDone:
    """The patron agrees that whoever has the card picks up for them."""
    return connected.ties.let_pick_up(operation, patron_id, card_number, desk)


def end_pick_up(
    connected: HasTies, *, operation: UUID, patron_id: int, other_id: int, desk: Desk
) -> Done | NotDone:
    """The patron agrees no longer."""
    return connected.ties.end_pick_up(operation, patron_id, other_id, desk)
