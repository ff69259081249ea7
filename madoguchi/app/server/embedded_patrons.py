"""Patrons in the embedded library: the twin of the server's ``desk.find_patrons`` and what goes with it.

It keeps no record of who was looked at. ``tests/contracts/test_patrons.py`` holds both to one suite.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.catalogue.folding import KANJI_RANGES, folded
from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import NotDone, PatronFile, PatronRefusal, PatronsFound
from madoguchi.app.patrons.comparing import compare, keys_of, keys_typed, person_key, telephone_key
from madoguchi.app.patrons.finding import Likeness, PatronQuery
from madoguchi.app.patrons.likeness import Alike, likely
from madoguchi.app.patrons.person import Person
from madoguchi.app.server import tables as t
from madoguchi.app.server.cards import sendable
from madoguchi.app.server.embedded_about import contracted, not_theirs, of_branch, theirs
from madoguchi.app.server.embedded_ties import ties_of
from madoguchi.app.server.patron_statements import FILE, PERSON, USABLE_CATEGORIES
from madoguchi.app.server.patrons import (
    FIRST,
    LONGEST_WORDS,
    MOST_COMPARED,
    Row,
    can_be_asked,
    plain_end,
    read_categories,
    read_compared,
    read_file,
    read_found,
    read_person,
    searchable,
    worth_telling,
)

_SPACES: Final = re.compile("[ \u3000]+")
_KANJI: Final = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in KANJI_RANGES) + "]")


def register(connection: sqlite3.Connection) -> None:
    """Gives a connection the functions that its triggers call."""
    for name, function in (("person_key", person_key), ("telephone_key", telephone_key)):
        connection.create_function(name, 1, function, deterministic=True)


def words_of(typed: str) -> list[str]:
    """The words asked for, as they are looked for."""
    return [word for word in map(folded, _SPACES.split(typed)) if word]


class EmbeddedPatrons:
    """The patrons over one open connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, visit: UUID, query: PatronQuery, desk: Desk) -> PatronsFound | NotDone:
        """The first patrons that a query finds."""
        del visit
        typed, telephone_end = searchable(query.words), plain_end(query)
        if not can_be_asked(typed, telephone_end):
            return NotDone(PatronRefusal.NOT_ALLOWED)
        # a word that is said twice is one
        words = list(dict.fromkeys(words_of(typed)))
        letters = "".join(words)
        if len(letters) < 2 and not _KANJI.search(letters) and not telephone_end and query.birth_date is None:
            return NotDone(PatronRefusal.SEARCH_TOO_WIDE)
        search = t.patron_search.c
        # fifty are chosen before anything else is looked up: a common name has thousands
        first = (
            sa.select(search.patron_id)
            .where(
                *(
                    sa.or_(sa.func.instr(search.kana_key, word) > 0, sa.func.instr(search.name_key, word) > 0)
                    for word in words
                ),
                # asked of each who fits the words, not of everybody first
                sa.or_(
                    ~contracted(desk),
                    sa.exists().where(t.patron.c.id == search.patron_id, of_branch(desk)),
                ),
            )
            .order_by(search.kana_key, search.patron_id)
            .limit(FIRST + 1)
        )
        if telephone_end:
            first = first.where(sa.func.substr(search.telephone_key, -4) == telephone_end)
        if query.birth_date is not None:
            born = sa.select(t.patron.c.id).where(t.patron.c.birth_date == query.birth_date)
            first = first.where(search.patron_id.in_(born))
        shown = (
            sa.select(
                t.patron.c.id.label("patron_id"),
                t.patron.c.name,
                t.patron.c.kana,
                t.patron.c.birth_date,
                search.kana_key,
                sa.func.substr(t.card.c.number, -4).label("number_end"),
            )
            .join(t.patron_search, search.patron_id == t.patron.c.id)
            .outerjoin(t.card, sa.and_(t.card.c.patron_id == t.patron.c.id, t.card.c.state == "active"))
            .where(t.patron.c.id.in_(first))
            .order_by(search.kana_key, t.patron.c.id)
        )
        rows = self._connection.execute(shown).mappings().all()
        return read_found(told_apart(rows[:FIRST]), more=len(rows) > FIRST)

    def open_card(self, visit: UUID, card_number: str, desk: Desk) -> PatronFile | NotDone:
        """The patron whose card it is."""
        del visit, desk
        card = self._connection.execute(
            sa.select(t.card.c.patron_id, t.card.c.state).where(t.card.c.number == sendable(card_number))
        ).one_or_none()
        if card is None:
            return NotDone(PatronRefusal.UNKNOWN_CARD)
        if card.state != "active":
            return NotDone(PatronRefusal.CARD_LOST)
        return self._file(card.patron_id)

    def open_patron(self, visit: UUID, patron_id: int, desk: Desk) -> PatronFile | NotDone:
        """A patron that was found."""
        del visit
        refusal = not_theirs(self._connection, patron_id, desk)
        return self._file(patron_id) if refusal is None else NotDone(refusal)

    def details(self, visit: UUID, patron_id: int, desk: Desk) -> Person | NotDone:
        """Where somebody lives and how to reach them."""
        del visit
        refusal = not_theirs(self._connection, patron_id, desk)
        if refusal is not None:
            return NotDone(refusal)
        return read_person(self._connection.execute(PERSON, {"patron_id": patron_id}).mappings().one())

    def alike(self, visit: UUID, typed: Likeness, desk: Desk) -> tuple[Alike, ...] | NotDone:
        """Those who may be the one being typed."""
        del visit
        asked = Likeness(
            searchable(typed.name),
            searchable(typed.kana),
            typed.birth_date,
            searchable(typed.telephone),
            searchable(typed.address),
        )
        if max(map(len, (asked.name, asked.kana, asked.telephone, asked.address))) > LONGEST_WORDS:
            return NotDone(PatronRefusal.NOT_ALLOWED)
        keys = keys_typed(asked)
        search = t.patron_search.c
        blocks = []
        if keys.person_key:
            blocks.append(sa.select(search.patron_id).where(search.alike_key == keys.person_key))
        if keys.birth_date is not None:
            blocks.append(sa.select(t.patron.c.id).where(t.patron.c.birth_date == keys.birth_date))
        if keys.telephone_key:
            blocks.append(sa.select(search.patron_id).where(search.telephone_key == keys.telephone_key))
        if not blocks:
            return ()
        candidates = (
            sa.select(t.patron, sa.func.substr(t.card.c.number, -4).label("number_end"))
            .outerjoin(t.card, sa.and_(t.card.c.patron_id == t.patron.c.id, t.card.c.state == "active"))
            .where(t.patron.c.id.in_(sa.union(*blocks)), theirs(desk))
            .order_by(t.patron.c.id)
            .limit(MOST_COMPARED)
        )
        compared = []
        for row in self._connection.execute(candidates).mappings():
            there = keys_of(
                name=row["name"],
                kana=row["kana"],
                birth_date=row["birth_date"],
                telephone=row["telephone"],
                address=row["address"],
            )
            shown = {
                "patron_id": row["id"],
                "name": row["name"],
                "kana": row["kana"],
                "number_end": row["number_end"] or "",
            }
            compared.append(read_compared(shown | asdict(compare(keys, there))))
        return likely(tuple(filter(worth_telling, compared)))

    def categories(self, desk: Desk) -> tuple[tuple[str, str], ...]:
        """The categories that everything can be lent by."""
        del desk
        return read_categories(self._connection.execute(USABLE_CATEGORIES).mappings())

    def _file(self, patron_id: int) -> PatronFile:
        row = dict(self._connection.execute(FILE, {"patron_id": patron_id}).mappings().one())
        return read_file(row | ties_of(self._connection, patron_id))


def told_apart(rows: Sequence[Row]) -> list[dict[str, object]]:
    """What is shown of each: the day of birth only where it tells somebody from another."""
    alike = [(row["kana_key"], row["birth_date"].year) for row in rows]
    return [
        dict(row)
        | {
            "number_end": row["number_end"] or "",
            "birth_year": key[1],
            "birth_date": row["birth_date"] if alike.count(key) > 1 else None,
        }
        for row, key in zip(rows, alike, strict=True)
    ]
