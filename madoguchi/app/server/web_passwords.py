"""One-time web passwords: as the central server makes them, and that the embedded library has none."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import NotDone, PatronRefusal
from madoguchi.app.patrons.web_password import Secret, WebPassword
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.server.odbc_errors import sqlstate

_NO_RIGHT = "42501"


class CentralWebPasswords:
    """Made by a function whose tables no member of staff may read, nor the counter's other functions."""

    _ISSUE = call("desk.issue_web_password", operation=sa.Uuid(), patron_id=sa.BigInteger())

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def issue(self, operation: UUID, patron_id: int, desk: Desk) -> WebPassword | NotDone:
        """Has one made for whoever the record is of."""
        del desk
        try:
            answer = answer_of(self._connection, self._ISSUE, operation=operation, patron_id=patron_id)
        except sa.exc.DBAPIError as error:
            if sqlstate(error) != _NO_RIGHT:
                raise
            return NotDone(PatronRefusal.NOT_ALLOWED)
        if answer["refusal"] is not None:
            return NotDone(PatronRefusal(answer["refusal"]))
        return WebPassword(
            operation, Secret(answer.pop("password")), dt.datetime.fromisoformat(answer["expires"])
        )


class NoWebPasswords:
    """The embedded library is one to practise with: nobody signs in to it on the web."""

    def issue(self, operation: UUID, patron_id: int, desk: Desk) -> NotDone:
        """Never."""
        del operation, patron_id, desk
        return NotDone(PatronRefusal.NOT_ALLOWED)
