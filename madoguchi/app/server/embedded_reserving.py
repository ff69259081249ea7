"""Reserving on the embedded SQLite file: the twin of ``desk.place_reservation``."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk, Verdict
from madoguchi.app.lending.reserving import decide_reservation
from madoguchi.app.server import tables as t
from madoguchi.app.server.embedded_rows import EmbeddedRows


class EmbeddedReserving(EmbeddedRows):
    """The guarded writes about reservations over one autocommit SQLite connection."""

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
        """Puts the patron at the end of the title's queue if the rules still say so."""
        with self._transaction():
            facts = self._reads.reservation(
                operation, visit, card_number, title_id, item_number, pickup_branch_id, desk
            )
            if facts.earlier is not None:
                return facts.earlier
            refusal = decide_reservation(facts)
            if refusal is not None:
                return Verdict(refusal)
            if facts.patron is None or facts.title is None:
                raise LookupError("the rules reserved nothing, or for nobody")
            patron_id, today = facts.patron.patron_id, facts.today.day
            self._connection.execute(
                t.reservation.insert().values(
                    title_id=title_id,
                    item_id=None if item_number is None else self._item_id(item_number),
                    patron_id=patron_id,
                    pickup_branch_id=pickup_branch_id,
                    placed_at=self._end_of_queue(title_id),
                    state="waiting",
                )
            )
            self._connection.execute(
                t.patron.update().where(t.patron.c.id == patron_id).values(last_used_on=today)
            )
            counted = self._counted_copy(title_id, item_number)
            self._count("reservation", 1, desk.branch_id, counted, patron_id, today)
            return self._remember(
                operation,
                "reserve",
                None,
                {"place": facts.title.place, "in_stock": facts.title.in_stock},
            )

    def _end_of_queue(self, title_id: int) -> dt.datetime:
        """Now, or with the last who wait if the clock was set back since: nobody comes before them."""
        last: dt.datetime | None = self._connection.execute(
            sa.select(sa.func.max(t.reservation.c.placed_at)).where(
                t.reservation.c.title_id == title_id, t.reservation.c.state == "waiting"
            )
        ).scalar_one()
        now = self._clock()
        return now if last is None else max(now, last)

    def _counted_copy(self, title_id: int, item_number: str | None) -> int:
        """The copy whose kind the statistics count: the one that is asked for, or the first that is lent."""
        if item_number is not None:
            return self._item_id(item_number)
        first: int = self._connection.execute(
            sa.select(sa.func.min(t.item.c.id)).where(
                t.item.c.title_id == title_id, sa.not_(t.item.c.reference_only)
            )
        ).scalar_one()
        return first
