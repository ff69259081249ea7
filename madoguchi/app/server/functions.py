"""The central server's functions as the counter calls them: one call each, one round trip, one transaction.

Staff have no privilege on any table. What a function is told is what a scan said; who asks, from which
terminal and at which branch is for the server to know.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import (
    CheckoutFacts,
    CountedAct,
    Desk,
    HourCount,
    ItemOnlyFacts,
    PatronFacts,
    ReservationFacts,
    Verdict,
)
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.server.odbc_errors import sqlstate
from madoguchi.app.server.rows import (
    checkout_facts,
    item_facts,
    parse_verdict,
    patron_facts,
    reservation_facts,
)

_NO_RIGHT: Final = "42501"
_AGAIN: Final = "again"
_MOST_ASKED: Final = 10
_DAYS: Final = ("today", "last_used_on", "oldest_due_on", "lent_on", "due_on")
_TEXT, _DATE, _UUID = sa.Text(), sa.Date(), sa.Uuid()


_WANTED: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    "operation": _UUID,
    "visit": _UUID,
    "card_number": _TEXT,
    "title_id": sa.BigInteger(),
    "item_number": _TEXT,
    "pickup_branch_id": sa.BigInteger(),
}


def call(name: str, /, **types: sa.types.TypeEngine[Any]) -> sa.Select[str]:
    """A call of a server function that answers JSON text, with an argument for each type."""
    schema, function = name.split(".")
    arguments = (sa.bindparam(argument, type_=kind) for argument, kind in types.items())
    return sa.select(getattr(getattr(sa.func, schema), function)(*arguments, type_=sa.Text))


def _days_read(row: dict[str, Any]) -> dict[str, Any]:
    for name in _DAYS:
        if row.get(name) is not None:
            row[name] = dt.date.fromisoformat(row[name])
    return row


def answer_of(connection: sa.Connection, statement: sa.Select[str], **values: object) -> dict[str, Any]:
    """What a server function answered: ``refusal``, and what else its answer holds."""
    answer: dict[str, Any] = json.loads(_said(connection, statement, values))
    return answer


def _said(connection: sa.Connection, statement: sa.Select[str], values: dict[str, object]) -> str:
    """What the function says, asked again where it only put the look at a patron on record.

    A patron is shown when that record is committed, not in the transaction that makes it: whoever rolled it
    back would have looked unseen. The connection commits each call by itself. More than twice it is
    asked only where somebody came into a list in between.

    Raises:
        LookupError: there is no end to it.
    """
    for _ in range(_MOST_ASKED):
        said: str = connection.execute(statement, values).scalar_one()
        if json.loads(said)["refusal"] != _AGAIN:
            return said
    raise LookupError("the server puts the same look on record again and again")


class CentralReads:
    """The reads over one connection of a member of staff who has entered."""

    _PATRON = call("desk.read_patron", visit=_UUID, card_number=_TEXT)
    _CHECKOUT = call("desk.read_checkout", operation=_UUID, visit=_UUID, card_number=_TEXT, item_number=_TEXT)
    _ITEM = call("desk.read_item", operation=_UUID, item_number=_TEXT)
    _RESERVATION = call("desk.read_reservation", **_WANTED)
    _TODAY = call("desk.read_today")

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _rows(self, statement: sa.Select[str], **values: object) -> list[dict[str, Any]] | Refusal:
        answer = answer_of(self._connection, statement, **values)
        if answer["refusal"] is not None:
            return Refusal(answer["refusal"])
        return [_days_read(row) for row in answer["rows"]]

    def patron(self, visit: UUID, card_number: str, desk: Desk) -> PatronFacts | Refusal:
        """The patron a card belongs to, or why there is none to show; that it was looked at is on record."""
        rows = self._rows(self._PATRON, visit=visit, card_number=card_number)
        return rows if isinstance(rows, Refusal) else patron_facts(rows) or Refusal.UNKNOWN_CARD

    def checkout(
        self, operation: UUID, visit: UUID, card_number: str, item_number: str, desk: Desk
    ) -> CheckoutFacts | Refusal:
        """All a checkout is decided on; of other patrons it is known that there is one, not who."""
        rows = self._rows(
            self._CHECKOUT,
            operation=operation,
            visit=visit,
            card_number=card_number,
            item_number=item_number,
        )
        return rows if isinstance(rows, Refusal) else checkout_facts(rows[0])

    def item(self, operation: UUID, item_number: str, desk: Desk) -> ItemOnlyFacts:
        """All a return, or a renewal by item, is decided on."""
        rows = self._rows(self._ITEM, operation=operation, item_number=item_number)
        if isinstance(rows, Refusal):
            raise LookupError(f"the server refuses to read an item: {rows}")
        return item_facts(rows[0])

    def reservation(
        self,
        operation: UUID,
        visit: UUID,
        card_number: str,
        title_id: int,
        item_number: str | None,
        pickup_branch_id: int,
        desk: Desk,
    ) -> ReservationFacts | Refusal:
        """All a reservation is decided on; that the patron was looked at is on record."""
        rows = self._rows(
            self._RESERVATION,
            operation=operation,
            visit=visit,
            card_number=card_number,
            title_id=title_id,
            item_number=item_number,
            pickup_branch_id=pickup_branch_id,
        )
        return rows if isinstance(rows, Refusal) else reservation_facts(rows[0], item_number)

    def today_at_counter(self, desk: Desk) -> tuple[HourCount, ...]:
        """What the statistics count for the terminal's branch on the library's day; of no person."""
        rows = self._rows(self._TODAY)
        if isinstance(rows, Refusal):
            raise LookupError(f"the server refuses to read the day: {rows}")
        return tuple(HourCount(row["hour"], CountedAct(row["act"]), int(row["amount"])) for row in rows)


class CentralWrites:
    """The guarded writes over one connection of a member of staff who has entered."""

    _LEND = call(
        "desk.lend", operation=_UUID, visit=_UUID, card_number=_TEXT, item_number=_TEXT, due_on=_DATE
    )
    _CANCEL_LEND = call("desk.cancel_lend", operation=_UUID)
    _TAKE_BACK = call(
        "desk.take_back",
        operation=_UUID,
        item_number=_TEXT,
        returned_on=_DATE,
        reservation_id=sa.BigInteger(),
        keep_until=_DATE,
    )
    _UNDO_RETURN = call("desk.undo_return", operation=_UUID, return_operation=_UUID)
    _RENEW = call("desk.renew", operation=_UUID, item_number=_TEXT, due_on=_DATE)
    _PLACE_RESERVATION = call("desk.place_reservation", **_WANTED)
    _GRANT_OVERRIDE = call(
        "desk.grant_override",
        operation=_UUID,
        visit=_UUID,
        card_number=_TEXT,
        item_number=_TEXT,
        refusal=_TEXT,
        reason=_TEXT,
    )

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _run(self, statement: sa.Select[str], **values: object) -> Verdict:
        try:
            answer = _said(self._connection, statement, values)
        except sa.exc.DBAPIError as error:
            if sqlstate(error) != _NO_RIGHT:
                raise
            return Verdict(Refusal.NOT_ALLOWED)
        return parse_verdict(answer)

    def lend(
        self, operation: UUID, visit: UUID, card_number: str, item_number: str, due_on: dt.date, desk: Desk
    ) -> Verdict:
        """Lends if every ceiling holds under the patron's row lock."""
        return self._run(
            self._LEND,
            operation=operation,
            visit=visit,
            card_number=card_number,
            item_number=item_number,
            due_on=due_on,
        )

    def cancel_lend(self, operation: UUID) -> Verdict:
        """Calls off a loan whose answer never reached the counter."""
        return self._run(self._CANCEL_LEND, operation=operation)

    def take_back(
        self,
        operation: UUID,
        item_number: str,
        returned_on: dt.date,
        reservation_id: int | None,
        keep_until: dt.date | None,
        desk: Desk,
    ) -> Verdict:
        """Closes the open loan, traps the reservation that waits, sends the item on its way."""
        return self._run(
            self._TAKE_BACK,
            operation=operation,
            item_number=item_number,
            returned_on=returned_on,
            reservation_id=reservation_id,
            keep_until=keep_until,
        )

    def undo_return(self, operation: UUID, return_operation: UUID, desk: Desk) -> Verdict:
        """Opens the loan of a return again, within the time the setting allows."""
        return self._run(self._UNDO_RETURN, operation=operation, return_operation=return_operation)

    def renew(self, operation: UUID, item_number: str, due_on: dt.date, desk: Desk) -> Verdict:
        """Renews if the rules still say so, and to no later day than they say."""
        return self._run(self._RENEW, operation=operation, item_number=item_number, due_on=due_on)

    def place_reservation(
        self,
        operation: UUID,
        visit: UUID,
        card_number: str,
        title_id: int,
        item_number: str | None,
        pickup_branch_id: int,
        desk: Desk,
    ) -> Verdict:
        """Puts the patron at the end of the title's queue if every ceiling holds under their row lock."""
        return self._run(
            self._PLACE_RESERVATION,
            operation=operation,
            visit=visit,
            card_number=card_number,
            title_id=title_id,
            item_number=item_number,
            pickup_branch_id=pickup_branch_id,
        )

    def grant_override(
        self,
        operation: UUID,
        visit: UUID,
        card_number: str,
        item_number: str | None,
        refusal: Refusal,
        reason: str,
        desk: Desk,
    ) -> Verdict:
        """Records that a refusal is set aside for this visit, by somebody who may; about an item, for it."""
        return self._run(
            self._GRANT_OVERRIDE,
            operation=operation,
            visit=visit,
            card_number=card_number,
            item_number=item_number,
            refusal=refusal.value,
            reason=reason,
        )
