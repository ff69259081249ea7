"""What every act about a patron begins and ends with on the embedded SQLite file."""

from __future__ import annotations

import datetime as dt
import json
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.patrons.answers import Done, NotDone, PatronRefusal
from madoguchi.app.server import tables as t
from madoguchi.app.server.cards import read_done
from madoguchi.app.server.embedded_rows import EmbeddedRows


class EmbeddedAbout(EmbeddedRows):
    """The twin of the server's ``begin_about`` and ``done_about``; both belong inside a transaction."""

    def _begin_about(self, operation: UUID, act: str, patron_id: int | None) -> Done | NotDone | None:
        """The act's answer where it is over with it; None: nothing stands in its way."""
        before = self._connection.execute(
            sa.select(t.operation.c.act, t.operation.c.answer).where(t.operation.c.id == operation)
        ).one_or_none()
        if before is not None:
            if before.act == "cancelled":
                return NotDone(PatronRefusal.CANCELLED)
            if before.act != act:
                return NotDone(PatronRefusal.NOT_ALLOWED)
            return read_done(operation, json.loads(before.answer))
        there = sa.select(t.patron.c.id).where(t.patron.c.id == patron_id)
        if self._connection.execute(there).first() is None:
            return NotDone(PatronRefusal.UNKNOWN_PATRON)
        return None

    def _done_about(self, operation: UUID, act: str, **more: int) -> Done | NotDone:
        answer = {"refusal": None} | more
        self._connection.execute(
            t.operation.insert().values(
                id=operation, act=act, answer=json.dumps(answer), done_on=sa.func.library_day(0)
            )
        )
        return read_done(operation, answer)

    def _day(self) -> dt.date:
        return self._connection.execute(sa.select(sa.func.library_day(0, type_=sa.Date))).scalar_one()
