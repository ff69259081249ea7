"""What the guarded writes on the embedded file are made of: their transaction, their memory, single rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk, ItemFacts, QueueHead, Verdict
from madoguchi.app.lending.rules import age_band
from madoguchi.app.server import tables as t
from madoguchi.app.server.reads import SqlReads
from madoguchi.app.server.rows import parse_verdict, read_earlier
from madoguchi.app.server.tables.columns import UtcDateTime

TRAPPED = ("in_transit", "ready")


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
        return self._connection.execute(sa.select(sa.func.library_clock(type_=UtcDateTime))).scalar_one()

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

    def _wait_again(self, item_id: int) -> int | None:
        """What a copy that is on loan after all was kept for waits again at its old place; which that is."""
        queue = t.reservation.c
        again = self._connection.execute(
            t.reservation.update()
            .where(queue.trapped_item_id == item_id, queue.state.in_(TRAPPED))
            .values(state="waiting", trapped_item_id=None, keep_until=None, ready_on=None)
            .returning(queue.id, queue.title_id, queue.placed_at)
        ).one_or_none()
        if again is None:
            return None
        place: int = self._connection.execute(
            sa.select(sa.func.count())
            .select_from(t.reservation)
            .where(
                queue.title_id == again.title_id,
                queue.state == "waiting",
                sa.or_(
                    queue.placed_at < again.placed_at,
                    sa.and_(queue.placed_at == again.placed_at, queue.id <= again.id),
                ),
            )
        ).scalar_one()
        return place

    def _end_transit(self, item_id: int) -> sa.Row[Any] | None:
        """The copy is on its way no more; how it was."""
        was = self._connection.execute(
            sa.select(t.transit, t.branch.c.name.label("to_branch"))
            .join(t.branch, t.branch.c.id == t.transit.c.to_branch_id)
            .where(t.transit.c.item_id == item_id)
        ).one_or_none()
        if was is not None:
            self._connection.execute(t.transit.delete().where(t.transit.c.item_id == item_id))
        return was

    def _is_there(self, item_id: int) -> None:
        """A copy was scanned: it is neither lost nor left over."""
        of = t.item.c
        self._connection.execute(
            t.item.update()
            .where(
                of.id == item_id,
                sa.or_(of.not_found != 0, of.not_found_on.is_not(None), of.missing_since.is_not(None)),
            )
            .values(not_found=0, not_found_on=None, missing_since=None)
        )
        self._connection.execute(t.shelf_leftover.delete().where(t.shelf_leftover.c.item_id == item_id))

    def _put_away(
        self, item: ItemFacts, item_id: int, desk: Desk, kept: dt.date | None, today: dt.date
    ) -> dict[str, str | int | None]:
        """Puts a copy in hand where it belongs: for its reservation on the shelf or on its way, else home.

        ``kept``: until when it is kept, on this branch's shelf. What is answered of it: ``expected`` is where
        it was on its way to, if that was another branch and it is still on its way.
        """
        route, to_branch_id, to_branch = route_of(item, desk)
        if item.head is not None:
            self._trap(item.head, item_id, kept, today)
        was, expected = self._end_transit(item_id), None
        if route == "transit":
            waits_here = was is not None and was.from_branch_id == desk.branch_id and was.sent_on is None
            same_van = waits_here and was is not None and was.to_branch_id == to_branch_id
            if was is not None and was.to_branch_id != desk.branch_id and not waits_here:
                expected = was.to_branch
            self._connection.execute(
                t.transit.insert().values(
                    item_id=item_id,
                    to_branch_id=to_branch_id,
                    # scanned once more while it waits for the same van, it waits as long as it does
                    since=was.since if same_van and was is not None else today,
                    from_branch_id=desk.branch_id,
                )
            )
        self._is_there(item_id)
        return {
            "route": route,
            "to_branch": to_branch or self._branch_name(desk.branch_id),
            "keep_until": None if kept is None else kept.isoformat(),
            "expected": expected,
        }

    def _own_reservation(self, item_id: int, patron_id: int) -> int | None:
        """The patron's own reservation that this copy answers: the one it was trapped for, or the first."""
        queue = t.reservation
        statement = (
            sa.select(queue.c.id)
            .join(t.item, t.item.c.id == item_id)
            .where(
                queue.c.patron_id == patron_id,
                sa.or_(
                    sa.and_(queue.c.trapped_item_id == item_id, queue.c.state.in_(TRAPPED)),
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

    def _trap(self, head: QueueHead, item_id: int, kept: dt.date | None, today: dt.date) -> None:
        """Binds the item to the reservation: on the shelf until a day, or on its way there."""
        ready_on = None if kept is None else sa.func.coalesce(t.reservation.c.ready_on, today)
        self._connection.execute(
            t.reservation.update()
            .where(t.reservation.c.id == head.reservation_id)
            .values(
                trapped_item_id=item_id,
                keep_until=kept,
                ready_on=ready_on,
                state="in_transit" if kept is None else "ready",
            )
        )


def route_of(item: ItemFacts, desk: Desk) -> tuple[str, int, str]:
    """Where a copy in hand goes: the route, the branch it leads to, and that one's name (empty: this one)."""
    if item.head is not None:
        if item.head.pickup_branch_id == desk.branch_id:
            return "reservation_shelf", desk.branch_id, ""
        return "transit", item.head.pickup_branch_id, item.head.pickup_branch
    if item.home_branch_id != desk.branch_id:
        return "transit", item.home_branch_id, item.home_branch
    return "shelf", desk.branch_id, ""
