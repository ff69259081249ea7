"""The guarded writes on PostgreSQL: one call of one server function each, one transaction each."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk, Verdict
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.server.reads import parse_verdict


def _call(name: str, **types: sa.types.TypeEngine[Any]) -> sa.Select[str]:
    arguments = (sa.bindparam(argument, type_=kind) for argument, kind in types.items())
    return sa.select(getattr(sa.func, name)(*arguments, type_=sa.Text))


_LEND = _call(
    "lend",
    operation=sa.Uuid(),
    visit=sa.Uuid(),
    card_number=sa.Text(),
    item_number=sa.Text(),
    due_on=sa.Date(),
    branch_id=sa.SmallInteger(),
)
_CANCEL_LEND = _call("cancel_lend", operation=sa.Uuid())
_TAKE_BACK = _call(
    "take_back",
    operation=sa.Uuid(),
    item_number=sa.Text(),
    returned_on=sa.Date(),
    reservation_id=sa.BigInteger(),
    keep_until=sa.Date(),
    branch_id=sa.SmallInteger(),
)
_UNDO_RETURN = _call(
    "undo_return", operation=sa.Uuid(), return_operation=sa.Uuid(), branch_id=sa.SmallInteger()
)
_RENEW = _call(
    "renew", operation=sa.Uuid(), item_number=sa.Text(), due_on=sa.Date(), branch_id=sa.SmallInteger()
)
_GRANT_OVERRIDE = _call(
    "grant_override",
    operation=sa.Uuid(),
    visit=sa.Uuid(),
    card_number=sa.Text(),
    item_number=sa.Text(),
    refusal=sa.Text(),
    reason=sa.Text(),
    login=sa.Text(),
)


class PostgresWrites:
    """Guarded writes over one autocommit PostgreSQL connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _run(self, call: sa.Select[str], **values: object) -> Verdict:
        return parse_verdict(self._connection.execute(call, values).scalar_one())

    def lend(
        self, operation: UUID, visit: UUID, card_number: str, item_number: str, due_on: dt.date, desk: Desk
    ) -> Verdict:
        """Lends if every ceiling holds under the patron's row lock."""
        return self._run(
            _LEND,
            operation=operation,
            visit=visit,
            card_number=card_number,
            item_number=item_number,
            due_on=due_on,
            branch_id=desk.branch_id,
        )

    def cancel_lend(self, operation: UUID) -> Verdict:
        """Calls off a loan whose answer never reached the counter."""
        return self._run(_CANCEL_LEND, operation=operation)

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
            _TAKE_BACK,
            operation=operation,
            item_number=item_number,
            returned_on=returned_on,
            reservation_id=reservation_id,
            keep_until=keep_until,
            branch_id=desk.branch_id,
        )

    def undo_return(self, operation: UUID, return_operation: UUID, desk: Desk) -> Verdict:
        """Opens the loan of a return again, within the time the setting allows."""
        return self._run(
            _UNDO_RETURN, operation=operation, return_operation=return_operation, branch_id=desk.branch_id
        )

    def renew(self, operation: UUID, item_number: str, due_on: dt.date, desk: Desk) -> Verdict:
        """Renews if the rules still say so, and to no later day than they say."""
        return self._run(
            _RENEW, operation=operation, item_number=item_number, due_on=due_on, branch_id=desk.branch_id
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
            _GRANT_OVERRIDE,
            operation=operation,
            visit=visit,
            card_number=card_number,
            item_number=item_number,
            refusal=refusal.value,
            reason=reason,
            login=desk.login,
        )

    def erase_returned(self) -> int:
        """Erases what joins a person to an item once the return can no longer be undone."""
        return self._connection.execute(sa.select(sa.func.erase_returned(type_=sa.Integer))).scalar_one()
