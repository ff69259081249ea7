"""What every act about a patron begins and ends with on the embedded SQLite file."""

from __future__ import annotations

import json
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone, PatronRefusal
from madoguchi.app.server import tables as t
from madoguchi.app.server.cards import read_done
from madoguchi.app.server.embedded_rows import EmbeddedRows


def contracted(desk: Desk) -> sa.ColumnElement[bool]:
    """Whether the desk's clerk is of the contract staff."""
    return sa.exists().where(t.staff.c.login == desk.login, t.staff.c.role == "contract_staff")


def of_branch(desk: Desk) -> sa.ColumnElement[bool]:
    """Whether a row of ``patron`` is of one of the branches that the desk's clerk works for."""
    return sa.exists().where(
        t.staff_branch.c.login == desk.login, t.staff_branch.c.branch_id == t.patron.c.branch_id
    )


def theirs(desk: Desk) -> sa.ColumnElement[bool]:
    """Whether a row of ``patron`` is of somebody whom the desk's clerk may come to without a card.

    Contract staff come to those of their branches. Who read whose card is kept on the central server alone.
    """
    return sa.or_(~contracted(desk), of_branch(desk))


def not_theirs(connection: sa.Connection, patron_id: int | None, desk: Desk) -> PatronRefusal | None:
    """Why the desk's clerk may not come to a patron without a card; None: they may."""
    here = connection.execute(
        sa.select(theirs(desk)).select_from(t.patron).where(t.patron.c.id == patron_id)
    ).scalar_one_or_none()
    if here is None:
        return PatronRefusal.UNKNOWN_PATRON
    return None if here else PatronRefusal.NOT_ALLOWED


class EmbeddedAbout(EmbeddedRows):
    """The twin of the server's ``begin_about`` and ``done_about``; both belong inside a transaction."""

    def _begin_about(
        self, operation: UUID, act: str, patron_id: int | None, desk: Desk, **about: int | str | None
    ) -> Done | NotDone | None:
        """The act's answer where it is over with it; None: nothing stands in its way.

        ``about``: what else the act is about; done under the same id about anybody or anything else, it is
        another act.
        """
        before = self._connection.execute(
            sa.select(t.operation.c.act, t.operation.c.answer).where(t.operation.c.id == operation)
        ).one_or_none()
        if before is not None:
            if before.act == "cancelled":
                return NotDone(PatronRefusal.CANCELLED)
            answer = json.loads(before.answer) if before.act == act else {}
            if patron_id is not None:
                about["patron"] = patron_id
            if before.act != act or any(answer.get(key) != value for key, value in about.items()):
                return NotDone(PatronRefusal.NOT_ALLOWED)
            return read_done(operation, answer)
        refusal = not_theirs(self._connection, patron_id, desk)
        return None if refusal is None else NotDone(refusal)

    def _done_about(self, operation: UUID, act: str, patron_id: int | None, **more: int | str) -> Done:
        """The act's answer, remembered with whom and what it was about."""
        answer = {"refusal": None, "patron": patron_id} | more
        self._connection.execute(
            t.operation.insert().values(
                id=operation, act=act, answer=json.dumps(answer), done_on=sa.func.library_day(0)
            )
        )
        return Done(operation, kept=int(more.get("kept", 0)))

    def _is_known(self, operation: UUID) -> bool:
        known = sa.select(t.operation.c.id).where(t.operation.c.id == operation)
        return self._connection.execute(known).first() is not None
