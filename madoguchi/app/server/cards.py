"""Cards as the central server gives, ends and renews them: one call of its functions each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone, PatronRefusal
from madoguchi.app.patrons.person import Proof
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.server.odbc_errors import sqlstate

_NO_RIGHT: Final = "42501"
_NOT_SENT: Final = re.compile("[\0\ud800-\udfff]")
_ABOUT: Final[dict[str, sa.types.TypeEngine[Any]]] = {"operation": sa.Uuid(), "patron_id": sa.BigInteger()}


class CentralCards:
    """Cards over the connection of a member of staff who has entered."""

    _REPLACE = call("desk.replace_card", **_ABOUT, card_number=sa.Text())
    _ALLOT = call(
        "desk.allot_card_number",
        operation=sa.Uuid(),
        prefix=sa.Text(),
        digits=sa.Integer(),
        check=sa.Boolean(),
    )
    _REPORT_LOST = call("desk.report_lost", **_ABOUT)
    _RENEW = call("desk.renew_card", **_ABOUT, proof=sa.Text())
    _WITHDRAW = call("desk.withdraw_patron", **_ABOUT)

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def replace(self, operation: UUID, patron_id: int, card_number: str, desk: Desk) -> Done | NotDone:
        """Gives a new card in place of the one before."""
        del desk
        return done(
            self._connection,
            self._REPLACE,
            operation=operation,
            patron_id=patron_id,
            card_number=sendable(card_number),
        )

    def allot(self, operation: UUID, prefix: str, digits: int, check: bool, desk: Desk) -> int | NotDone:
        """The serial of the next card that the library prints itself."""
        del desk
        try:
            answer = answer_of(
                self._connection, self._ALLOT, operation=operation, prefix=prefix, digits=digits, check=check
            )
        except sa.exc.DBAPIError as error:
            if sqlstate(error) != _NO_RIGHT:
                raise
            return NotDone(PatronRefusal.NOT_ALLOWED)
        return read_serial(answer)

    def report_lost(self, operation: UUID, patron_id: int, desk: Desk) -> Done | NotDone:
        """Ends the card that works."""
        del desk
        return done(self._connection, self._REPORT_LOST, operation=operation, patron_id=patron_id)

    def renew(self, operation: UUID, patron_id: int, proof: Proof, desk: Desk) -> Done | NotDone:
        """Lets a card that lay idle work again."""
        del desk
        return done(
            self._connection, self._RENEW, operation=operation, patron_id=patron_id, proof=proof.value
        )

    def withdraw(self, operation: UUID, patron_id: int, desk: Desk) -> Done | NotDone:
        """Erases a person."""
        del desk
        return done(self._connection, self._WITHDRAW, operation=operation, patron_id=patron_id)


def done(
    connection: sa.Connection, statement: sa.Select[str], *, operation: UUID, **values: object
) -> Done | NotDone:
    """What a function about a patron answered, called under an operation's id."""
    try:
        answer = answer_of(connection, statement, operation=operation, **values)
    except sa.exc.DBAPIError as error:
        if sqlstate(error) != _NO_RIGHT:
            raise
        return NotDone(PatronRefusal.NOT_ALLOWED)
    return read_done(operation, answer)


def read_done(operation: UUID, answer: Mapping[str, Any]) -> Done | NotDone:
    """The answer that either database gives, and remembers, as a value."""
    if answer["refusal"] is not None:
        return NotDone(PatronRefusal(answer["refusal"]))
    return Done(operation, answer.get("kept", 0))


def read_serial(answer: Mapping[str, Any]) -> int | NotDone:
    """The serial that was allotted, or why none was."""
    return (
        NotDone(PatronRefusal(answer["refusal"])) if answer["refusal"] is not None else int(answer["serial"])
    )


def sendable(text: str) -> str:
    """A number or a note that the driver takes; where it was another, either database refuses it."""
    return _NOT_SENT.sub("\x01", text)
