"""Notes, families and consents as the central server keeps them, and how either database's are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone, Note, Relative
from madoguchi.app.server.cards import done, sendable
from madoguchi.app.server.functions import call

_UUID, _TEXT, _ID = sa.Uuid(), sa.Text(), sa.BigInteger()


@dataclass(frozen=True, slots=True)
class PatronTies:
    """What a patron's file shows besides who they are; the fields of ``PatronFile`` of the same names."""

    notes: tuple[Note, ...]
    family: tuple[Relative, ...]
    may_pick_up: tuple[Relative, ...]


def read_ties(ties: Mapping[str, Sequence[Mapping[str, Any]]]) -> PatronTies:
    """The ties as ``public.ties_of_patron`` and its twin ``embedded_ties.ties_of`` answer them."""
    return PatronTies(
        notes=tuple(
            Note(
                id=UUID(note["id"]),
                text=note["text"],
                blocks=note["blocks"],
                author=note["author"],
                made_on=dt.date.fromisoformat(note["made_on"]),
                ends_on=None if note["ends_on"] is None else dt.date.fromisoformat(note["ends_on"]),
            )
            for note in ties["notes"]
        ),
        family=tuple(Relative(**each) for each in ties["family"]),
        may_pick_up=tuple(Relative(**each) for each in ties["may_pick_up"]),
    )


class CentralTies:
    """Notes, families and consents over the connection of a member of staff who has entered."""

    _ADD_NOTE = call(
        "desk.add_note", operation=_UUID, patron_id=_ID, text=_TEXT, blocks=sa.Boolean(), ends_on=sa.Date()
    )
    _END_NOTE = call("desk.end_note", operation=_UUID, note_id=_UUID)
    _LINK_FAMILY = call("desk.link_family", operation=_UUID, patron_id=_ID, card_number=_TEXT)
    _LEAVE_FAMILY = call("desk.leave_family", operation=_UUID, patron_id=_ID)
    _LET_PICK_UP = call("desk.let_pick_up", operation=_UUID, patron_id=_ID, card_number=_TEXT)
    _END_PICK_UP = call("desk.end_pick_up", operation=_UUID, patron_id=_ID, other_id=_ID)

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add_note(
        self, operation: UUID, patron_id: int, text: str, blocks: bool, ends_on: dt.date | None, desk: Desk
    ) -> Done | NotDone:
        """Writes a note; the server knows by whom."""
        del desk
        return done(
            self._connection,
            self._ADD_NOTE,
            operation=operation,
            patron_id=patron_id,
            text=sendable(text),
            blocks=blocks,
            ends_on=ends_on,
        )

    def end_note(self, operation: UUID, note_id: UUID, desk: Desk) -> Done | NotDone:
        """Takes a note away."""
        del desk
        return done(self._connection, self._END_NOTE, operation=operation, note_id=note_id)

    def link_family(self, operation: UUID, patron_id: int, card_number: str, desk: Desk) -> Done | NotDone:
        """Makes two patrons' families one."""
        del desk
        return done(
            self._connection,
            self._LINK_FAMILY,
            operation=operation,
            patron_id=patron_id,
            card_number=sendable(card_number),
        )

    def leave_family(self, operation: UUID, patron_id: int, desk: Desk) -> Done | NotDone:
        """Takes the patron out of their family."""
        del desk
        return done(self._connection, self._LEAVE_FAMILY, operation=operation, patron_id=patron_id)

    def let_pick_up(self, operation: UUID, patron_id: int, card_number: str, desk: Desk) -> Done | NotDone:
        """Keeps that the patron agrees."""
        del desk
        return done(
            self._connection,
            self._LET_PICK_UP,
            operation=operation,
            patron_id=patron_id,
            card_number=sendable(card_number),
        )

    def end_pick_up(self, operation: UUID, patron_id: int, other_id: int, desk: Desk) -> Done | NotDone:
        """Keeps no longer that they agree."""
        del desk
        return done(
            self._connection, self._END_PICK_UP, operation=operation, patron_id=patron_id, other_id=other_id
        )
