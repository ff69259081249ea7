"""Notes, families and consents on the embedded SQLite file: the twin of the functions of ``0011_ties.sql``.

``tests/contracts/test_ties.py`` holds both to one suite.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from madoguchi.app.catalogue.new_item import HIDDEN
from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone, PatronRefusal
from madoguchi.app.patrons.ties import LONGEST_NOTE
from madoguchi.app.server import tables as t
from madoguchi.app.server.embedded_about import EmbeddedAbout

_SAID: Final = re.compile("[^ \u3000]")
_LONGEST_HOLD: Final = dt.timedelta(days=36525)
_TODAY: Final = sa.func.library_day(0, type_=sa.Date)


def ties_of(connection: sa.Connection, patron_id: int) -> dict[str, list[dict[str, Any]]]:
    """The notes that hold today, the family, and who may pick up: what ``public.ties_of_patron`` answers."""
    own, relative = t.family_member.alias("own"), t.family_member.alias("relative")
    who = (t.patron.c.id.label("patron_id"), t.patron.c.name, t.patron.c.kana)
    notes = connection.execute(
        sa.select(t.patron_note, sa.func.coalesce(t.staff.c.name, t.patron_note.c.login).label("author"))
        .outerjoin(t.staff, t.staff.c.login == t.patron_note.c.login)
        .where(
            t.patron_note.c.patron_id == patron_id,
            sa.or_(t.patron_note.c.ends_on.is_(None), t.patron_note.c.ends_on >= _TODAY),
        )
        .order_by(t.patron_note.c.blocks.desc(), t.patron_note.c.made_on, t.patron_note.c.id)
    )
    family = connection.execute(
        sa.select(*who)
        .select_from(
            own.join(relative, relative.c.family_id == own.c.family_id).join(
                t.patron, t.patron.c.id == relative.c.patron_id
            )
        )
        .where(own.c.patron_id == patron_id, t.patron.c.id != patron_id)
        .order_by(t.patron.c.birth_date, t.patron.c.id)
    )
    may_pick_up = connection.execute(
        sa.select(*who)
        .join(t.pick_up, t.pick_up.c.by_patron_id == t.patron.c.id)
        .where(t.pick_up.c.patron_id == patron_id)
        .order_by(t.pick_up.c.given_on, t.patron.c.id)
    )
    return {
        "notes": [
            {
                "id": str(note.id),
                "text": note.text,
                "blocks": note.blocks,
                "author": note.author,
                "made_on": note.made_on.isoformat(),
                "ends_on": None if note.ends_on is None else note.ends_on.isoformat(),
            }
            for note in notes
        ],
        "family": [dict(row) for row in family.mappings()],
        "may_pick_up": [dict(row) for row in may_pick_up.mappings()],
    }


def join_family(connection: sa.Connection, patron_id: int, other_id: int) -> None:
    """Makes two patrons one family, with all who are of either's; inside a transaction."""
    member = t.family_member
    found = {
        row.patron_id: row.family_id
        for row in connection.execute(sa.select(member).where(member.c.patron_id.in_((patron_id, other_id))))
    }
    family = found.get(patron_id) or found.get(other_id) or uuid4()
    if other_id in found:
        connection.execute(
            member.update().where(member.c.family_id == found[other_id]).values(family_id=family)
        )
    new = [{"patron_id": key, "family_id": family} for key in (patron_id, other_id) if key not in found]
    if new:
        connection.execute(member.insert(), new)


def part_family(connection: sa.Connection, patron_id: int) -> None:
    """Takes a patron out of their family; a family of one is none. Inside a transaction."""
    member = t.family_member
    family = connection.execute(
        member.delete().where(member.c.patron_id == patron_id).returning(member.c.family_id)
    ).scalar_one_or_none()
    left = connection.execute(
        sa.select(sa.func.count()).select_from(member).where(member.c.family_id == family)
    ).scalar_one()
    if left == 1:
        connection.execute(member.delete().where(member.c.family_id == family))


def erase_notes(connection: sa.Connection) -> int:
    """Erases the notes whose last day is over; how many."""
    return connection.execute(t.patron_note.delete().where(t.patron_note.c.ends_on < _TODAY)).rowcount


class EmbeddedTies(EmbeddedAbout):
    """Notes, families and consents over one autocommit SQLite connection."""

    def add_note(
        self, operation: UUID, patron_id: int, text: str, blocks: bool, ends_on: dt.date | None, desk: Desk
    ) -> Done | NotDone:
        """Writes a note."""
        with self._transaction():
            today = self._day()
            if (
                len(text) > LONGEST_NOTE
                or HIDDEN.search(text)
                or not _SAID.search(text)
                or (ends_on is not None and not today <= ends_on <= today + _LONGEST_HOLD)
            ):
                return NotDone(PatronRefusal.NOT_ALLOWED)
            over = self._begin_about(operation, "note_add", patron_id)
            if over is not None:
                return over
            self._connection.execute(
                t.patron_note.insert().values(
                    id=operation,
                    patron_id=patron_id,
                    text=text,
                    blocks=blocks,
                    login=desk.login,
                    made_on=today,
                    ends_on=ends_on,
                )
            )
            return self._done_about(operation, "note_add")

    def end_note(self, operation: UUID, note_id: UUID, desk: Desk) -> Done | NotDone:
        """Takes a note away."""
        del desk
        with self._transaction():
            patron_id = self._connection.execute(
                sa.select(t.patron_note.c.patron_id).where(t.patron_note.c.id == note_id)
            ).scalar_one_or_none()
            over = self._begin_about(operation, "note_end", patron_id)
            if over == NotDone(PatronRefusal.UNKNOWN_PATRON):
                return NotDone(PatronRefusal.CHANGED)
            if over is not None:
                return over
            self._connection.execute(t.patron_note.delete().where(t.patron_note.c.id == note_id))
            return self._done_about(operation, "note_end")

    def link_family(self, operation: UUID, patron_id: int, card_number: str, desk: Desk) -> Done | NotDone:
        """Makes two patrons' families one."""
        del desk
        with self._transaction():
            over = self._begin_about(operation, "family_link", patron_id)
            if over is not None:
                return over
            other = self._other(patron_id, card_number)
            if isinstance(other, NotDone):
                return other
            join_family(self._connection, patron_id, other)
            return self._done_about(operation, "family_link")

    def leave_family(self, operation: UUID, patron_id: int, desk: Desk) -> Done | NotDone:
        """Takes the patron out of their family."""
        del desk
        with self._transaction():
            over = self._begin_about(operation, "family_leave", patron_id)
            if over is not None:
                return over
            part_family(self._connection, patron_id)
            return self._done_about(operation, "family_leave")

    def let_pick_up(self, operation: UUID, patron_id: int, card_number: str, desk: Desk) -> Done | NotDone:
        """Keeps that the patron agrees."""
        del desk
        with self._transaction():
            over = self._begin_about(operation, "pick_up", patron_id)
            if over is not None:
                return over
            other = self._other(patron_id, card_number)
            if isinstance(other, NotDone):
                return other
            pair = {"patron_id": patron_id, "by_patron_id": other}
            # who has agreed already did so then
            self._connection.execute(
                sqlite.insert(t.pick_up).values(pair | {"given_on": self._day()}).on_conflict_do_nothing()
            )
            return self._done_about(operation, "pick_up")

    def end_pick_up(self, operation: UUID, patron_id: int, other_id: int, desk: Desk) -> Done | NotDone:
        """Keeps no longer that they agree."""
        del desk
        with self._transaction():
            over = self._begin_about(operation, "pick_up_end", patron_id)
            if over is not None:
                return over
            self._connection.execute(
                t.pick_up.delete().where(
                    t.pick_up.c.patron_id == patron_id, t.pick_up.c.by_patron_id == other_id
                )
            )
            return self._done_about(operation, "pick_up_end")

    def _other(self, patron_id: int, card_number: str) -> int | NotDone:
        """The patron whose card it is."""
        card = self._connection.execute(
            sa.select(t.card.c.patron_id, t.card.c.state).where(t.card.c.number == card_number)
        ).one_or_none()
        if card is None:
            return NotDone(PatronRefusal.UNKNOWN_CARD)
        if card.state != "active":
            return NotDone(PatronRefusal.CARD_LOST)
        if card.patron_id == patron_id:
            return NotDone(PatronRefusal.NOT_ALLOWED)
        other: int = card.patron_id
        return other
