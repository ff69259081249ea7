"""Patrons as the central server shows and keeps them: calls of its functions. It knows who asks."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import (
    Done,
    NotDone,
    PatronFile,
    PatronRefusal,
    PatronsFound,
    Registered,
    SamePerson,
)
from madoguchi.app.patrons.finding import Likeness, PatronQuery
from madoguchi.app.patrons.likeness import Alike, likely
from madoguchi.app.patrons.person import Person
from madoguchi.app.patrons.registering import NewPatron
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.server.odbc_errors import sqlstate
from madoguchi.app.server.patrons import (
    can_be_asked,
    plain_end,
    read_categories,
    read_compared,
    read_file,
    read_found,
    read_person,
    sendable,
)

_NO_RIGHT: Final = "42501"
_UUID, _TEXT, _ID = sa.Uuid(), sa.Text(), sa.BigInteger()


class CentralPatrons:
    """The patrons over the connection of a member of staff who has entered."""

    _FIND = call("desk.find_patrons", visit=_UUID, words=_TEXT, telephone_end=_TEXT, birth_date=sa.Date())
    _OPEN_CARD = call("desk.open_card", visit=_UUID, card_number=_TEXT)
    _OPEN_PATRON = call("desk.open_patron", visit=_UUID, patron_id=_ID)
    _PERSON = call("desk.read_person", visit=_UUID, patron_id=_ID)
    _ALIKE = call(
        "desk.patrons_alike",
        visit=_UUID,
        name=_TEXT,
        kana=_TEXT,
        birth_date=sa.Date(),
        telephone=_TEXT,
        address=_TEXT,
    )
    _CATEGORIES = call("desk.read_categories")

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, visit: UUID, query: PatronQuery, desk: Desk) -> PatronsFound | NotDone:
        """The first patrons that a query finds."""
        del desk
        words, telephone_end = sendable(query.words), plain_end(query)
        if not can_be_asked(words, telephone_end):
            return NotDone(PatronRefusal.NOT_ALLOWED)
        answer = answer_of(
            self._connection,
            self._FIND,
            visit=visit,
            words=words,
            telephone_end=telephone_end,
            birth_date=query.birth_date,
        )
        return _refused(answer) or read_found(answer["rows"], more=answer["more"])

    def open_card(self, visit: UUID, card_number: str, desk: Desk) -> PatronFile | NotDone:
        """The patron whose card it is."""
        del desk
        answer = answer_of(self._connection, self._OPEN_CARD, visit=visit, card_number=sendable(card_number))
        return _refused(answer) or read_file(answer["patron"])

    def open_patron(self, visit: UUID, patron_id: int, desk: Desk) -> PatronFile | NotDone:
        """A patron that was found."""
        del desk
        answer = answer_of(self._connection, self._OPEN_PATRON, visit=visit, patron_id=patron_id)
        return _refused(answer) or read_file(answer["patron"])

    def details(self, visit: UUID, patron_id: int, desk: Desk) -> Person | NotDone:
        """Where somebody lives and how to reach them."""
        del desk
        answer = answer_of(self._connection, self._PERSON, visit=visit, patron_id=patron_id)
        return _refused(answer) or read_person(answer["person"])

    def alike(self, visit: UUID, typed: Likeness, desk: Desk) -> tuple[Alike, ...] | NotDone:
        """Those who may be the one being typed."""
        del desk
        answer = answer_of(
            self._connection,
            self._ALIKE,
            visit=visit,
            name=sendable(typed.name),
            kana=sendable(typed.kana),
            birth_date=typed.birth_date,
            telephone=sendable(typed.telephone),
            address=sendable(typed.address),
        )
        return _refused(answer) or likely(tuple(map(read_compared, answer["rows"])))

    def categories(self, desk: Desk) -> tuple[tuple[str, str], ...]:
        """The categories that everything can be lent by."""
        del desk
        return read_categories(answer_of(self._connection, self._CATEGORIES)["rows"])


class CentralRegistrations:
    """Registration over the connection of a member of staff who has entered."""

    _REGISTER = call("desk.register_patron", operation=_UUID, fields=_TEXT, as_new=sa.Boolean())
    _CHANGE = call("desk.change_patron", operation=_UUID, patron_id=_ID, version=sa.Integer(), fields=_TEXT)

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def register(
        self, operation: UUID, new: NewPatron, as_new: bool, desk: Desk
    ) -> Registered | SamePerson | NotDone:
        """Registers somebody where the server knows the terminal to stand."""
        del desk
        answer = self._run(
            self._REGISTER,
            operation=operation,
            fields=as_json(new.person, card_number=new.card_number, family_of=new.family_of),
            as_new=as_new,
        )
        if answer["refusal"] == "same_person":
            return SamePerson(tuple(answer["patron_ids"]))
        return _refused(answer) or Registered(operation, answer["patron_id"], new.card_number)

    def change(
        self, operation: UUID, patron_id: int, version: int, person: Person, desk: Desk
    ) -> Done | NotDone:
        """Puts ``person`` in place of what is kept of a patron."""
        del desk
        answer = self._run(
            self._CHANGE, operation=operation, patron_id=patron_id, version=version, fields=as_json(person)
        )
        return _refused(answer) or Done(operation)

    def _run(self, statement: sa.Select[str], **values: object) -> Mapping[str, Any]:
        try:
            return answer_of(self._connection, statement, **values)
        except sa.exc.DBAPIError as error:
            if sqlstate(error) != _NO_RIGHT:
                raise
            return {"refusal": PatronRefusal.NOT_ALLOWED.value}


def as_json(person: Person, **more: str | int | None) -> str:
    """A person's fields as the server's functions take them, and what else goes with them."""
    fields = dataclasses.asdict(person) | {"birth_date": person.birth_date.isoformat()} | more
    # in ASCII: half a letter would not get as far as the server, which refuses it
    return json.dumps(fields)


def _refused(answer: Mapping[str, Any]) -> NotDone | None:
    return None if answer["refusal"] is None else NotDone(PatronRefusal(answer["refusal"]))
