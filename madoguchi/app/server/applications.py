"""Provisional applications as the central server has them: one call each, and how its answers are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone, PatronRefusal, Registered, SamePerson
from madoguchi.app.patrons.applications import (
    Application,
    ApplicationFound,
    ApplicationQuery,
    ApplicationsFound,
    RejectReason,
)
from madoguchi.app.patrons.person import Category, Person
from madoguchi.app.patrons.registering import NewPatron
from madoguchi.app.server.central_patrons import as_json
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.server.odbc_errors import sqlstate

_NO_RIGHT = "42501"
_AGAIN = "again"
_TIMES = 3

_TEXT, _UUID = sa.Text(), sa.Uuid()


class CentralApplications:
    """Applications over the connection of a member of staff who has entered."""

    _LIST = call("desk.list_applications", visit=_UUID, number=_TEXT, words=_TEXT, birth_date=sa.Date())
    _OPEN = call("desk.open_application", visit=_UUID, number=_TEXT)
    _CONFIRM = call(
        "desk.confirm_application", operation=_UUID, number=_TEXT, fields=_TEXT, as_new=sa.Boolean()
    )
    _REJECT = call("desk.reject_application", operation=_UUID, number=_TEXT, reason=_TEXT)

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, visit: UUID, query: ApplicationQuery, desk: Desk) -> ApplicationsFound | NotDone:
        """The first fifty that a query finds."""
        del desk
        answer = self._ask(
            self._LIST, visit=visit, number=query.number, words=query.words, birth_date=query.birth_date
        )
        if answer["refusal"] is not None:
            return NotDone(PatronRefusal(answer["refusal"]))
        return ApplicationsFound(tuple(read_found(row) for row in answer["rows"]), answer["more"])

    def open(self, visit: UUID, number: str, desk: Desk) -> Application | NotDone:
        """All of one."""
        del desk
        answer = self._ask(self._OPEN, visit=visit, number=number)
        if answer["refusal"] is not None:
            return NotDone(PatronRefusal(answer["refusal"]))
        row = answer["application"]
        return read_application(
            row | {name: dt.date.fromisoformat(row[name]) for name in ("birth_date", "applied_on")}
        )

    def confirm(
        self, operation: UUID, number: str, new: NewPatron, as_new: bool, desk: Desk
    ) -> Registered | SamePerson | NotDone:
        """Registers whoever wrote it where the server knows the terminal to stand, and erases it."""
        del desk
        answer = self._ask(
            self._CONFIRM,
            operation=operation,
            number=number,
            fields=as_json(new.person, card_number=new.card_number, family_of=new.family_of),
            as_new=as_new,
        )
        if answer["refusal"] == "same_person":
            return SamePerson(tuple(answer["patron_ids"]))
        if answer["refusal"] is not None:
            return NotDone(PatronRefusal(answer["refusal"]))
        return Registered(operation, answer["patron_id"], new.card_number)

    def reject(self, operation: UUID, number: str, reason: RejectReason, desk: Desk) -> Done | NotDone:
        """Erases one."""
        del desk
        answer = self._ask(self._REJECT, operation=operation, number=number, reason=reason.value)
        refusal = answer["refusal"]
        return Done(operation) if refusal is None else NotDone(PatronRefusal(refusal))

    def _ask(self, statement: sa.Select[str], **values: object) -> dict[str, Any]:
        """What the server answers; asked anew where one came in between the look and its record."""
        try:
            for _ in range(_TIMES):
                answer = answer_of(self._connection, statement, **values)
                if answer["refusal"] != _AGAIN:
                    return answer
        except sa.exc.DBAPIError as error:
            if sqlstate(error) != _NO_RIGHT:
                raise
            return {"refusal": PatronRefusal.NOT_ALLOWED.value}
        return {"refusal": PatronRefusal.CHANGED.value}


def read_found(row: Mapping[str, Any]) -> ApplicationFound:
    """One of a list, from its row."""
    day = row["applied_on"]
    return ApplicationFound(
        number=row["number"],
        name=row["name"],
        kana=row["kana"],
        birth_year=int(row["birth_year"]),
        applied_on=day if isinstance(day, dt.date) else dt.date.fromisoformat(day),
    )


def read_application(row: Mapping[str, Any]) -> Application:
    """The whole of one, from its row."""
    return Application(
        number=row["number"],
        person=Person(
            name=row["name"],
            kana=row["kana"],
            birth_date=row["birth_date"],
            category=Category(row["category"]),
            postal_code=row["postal_code"],
            address=row["address"],
            telephone=row["telephone"],
            email=row["email"],
        ),
        applied_on=row["applied_on"],
    )
