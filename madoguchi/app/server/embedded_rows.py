"""What the guarded writes on the embedded file are made of: their transaction, their memory, single rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from madoguchi.app.lending.facts import QueueHead, Verdict
from madoguchi.app.lending.rules import age_band
from madoguchi.app.server import tables as t
from madoguchi.app.server.reads import SqlReads
from madoguchi.app.server.rows import parse_verdict, read_earlier

_TRAPPED = ("in_transit", "ready")


class EmbeddedRows:
    """One autocommit SQLite connection, and the steps that several writes share.

    Every step but ``_transaction`` belongs inside one.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._reads = SqlReads(connection)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.exec_driver_sql("ROLLBACK")
            raise
        self._connection.exec_driver_sql("COMMIT")

    def _earlier(self, operation: UUID) -> Verdict | None:
        row = self._connection.execute(
            sa.select(t.operation.c.act, t.operation.c.answer).where(t.operation.c.id == operation)
        ).one_or_none()
        return None if row is None else read_earlier(row.act, row.answer)

    def _remember(
        self, operation: UUID, act: str, loan_id: int | None, values: dict[str, str | int | None]
    ) -> Verdict:
        answer = json.dumps({"refusal": None, **values})
        self._connection.execute(
            t.operation.insert().values(
                id=operation, act=act, loan_id=loan_id, answer=answer, done_on=sa.func.library_day(0)
            )
        )
        return parse_verdict(answer)

    def _clock(self) -> dt.datetime:
        return self._connection.execute(sa.select(sa.func.library_clock(type_=t.UtcDateTime))).scalar_one()

    def _day(self) -> dt.date:
        return self._connection.execute(sa.select(sa.func.library_day(0, type_=sa.Date))).scalar_one()

    def _day_of(self, moment: dt.datetime) -> dt.date:
        """The library's day at a moment."""
        zone = self._connection.execute(sa.select(t.policy.c.time_zone)).scalar_one()
        return moment.astimezone(ZoneInfo(zone)).date()

    def _count(
        self,
        act: str,
        amount: int,
        branch_id: int,
        item_id: int,
        patron_id: int,
        day: dt.date,
        hour: int | None = None,
    ) -> None:
        person = self._connection.execute(
            sa.select(
                t.patron.c.birth_date,
                t.patron.c.category,
                sa.func.library_day(0, type_=sa.Date).label("today"),
            ).where(t.patron.c.id == patron_id)
        ).one()
        thing = self._connection.execute(
            sa.select(t.item.c.kind, t.title.c.ndc).join(t.title).where(t.item.c.id == item_id)
        ).one()
        self._connection.execute(
            t.statistic.insert().values(
                day=day,
                hour=sa.func.library_hour() if hour is None else hour,
                branch_id=branch_id,
                act=act,
                kind=thing.kind,
                ndc_class=thing.ndc[:1],
                age_band=age_band(person.birth_date, person.today),
                category=person.category,
                amount=amount,
            )
        )

    def _item_id(self, number: str) -> int:
        found: int = self._connection.execute(
            sa.select(t.item.c.id).where(t.item.c.number == number)
        ).scalar_one()
        return found

    def _release_trap(self, item_id: int) -> None:
        self._connection.execute(
            t.reservation.update()
            .where(t.reservation.c.trapped_item_id == item_id, t.reservation.c.state.in_(_TRAPPED))
            .values(state="waiting", trapped_item_id=None, keep_until=None)
        )

    def _end_transit(self, item_id: int) -> None:
        self._connection.execute(t.transit.delete().where(t.transit.c.item_id == item_id))

    def _own_reservation(self, item_id: int, patron_id: int) -> int | None:
        """The patron's own reservation that this copy answers: the one it was trapped for, or the first."""
        queue = t.reservation
        statement = (
            sa.select(queue.c.id)
            .join(t.item, t.item.c.id == item_id)
            .where(
                queue.c.patron_id == patron_id,
                sa.or_(
                    sa.and_(queue.c.trapped_item_id == item_id, queue.c.state.in_(_TRAPPED)),
                    sa.and_(
                        queue.c.title_id == t.item.c.title_id,
                        queue.c.state == "waiting",
                        sa.or_(queue.c.item_id.is_(None), queue.c.item_id == item_id),
                    ),
                ),
            )
            .order_by(queue.c.state == "waiting", queue.c.placed_at, queue.c.id)
            .limit(1)
        )
        return self._connection.execute(statement).scalar_one_or_none()

    def _branch_name(self, branch_id: int) -> str:
        name: str = self._connection.execute(
            sa.select(t.branch.c.name).where(t.branch.c.id == branch_id)
        ).scalar_one()
        return name

    def _kept_until(self, head: QueueHead) -> dt.date | None:
        """The day that the reservation is already kept until; it stays, however often the item is scanned."""
        kept: dt.date | None = self._connection.execute(
            sa.select(t.reservation.c.keep_until).where(t.reservation.c.id == head.reservation_id)
        ).scalar_one()
        return kept

    def _trap(self, head: QueueHead, item_id: int, kept: dt.date | None) -> None:
        """Binds the item to the reservation: on the shelf until a day, or on its way there."""
        self._connection.execute(
            t.reservation.update()
            .where(t.reservation.c.id == head.reservation_id)
            .values(trapped_item_id=item_id, keep_until=kept, state="in_transit" if kept is None else "ready")
        )
