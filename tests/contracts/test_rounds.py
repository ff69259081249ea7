"""A reservation's way round, on both databases: looked for, sent, received, on the shelf, lent or cleared away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Notice, Refused, Route
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.reservations.answers import CircleRefusal, Cleared, Done, NotDone, Sent
from madoguchi.app.reservations.rounds import (
    OnShelf,
    Shelf,
    ToLookFor,
    Transits,
    clear_shelf,
    pull_list,
    report_not_found,
    reservation_shelf,
    send,
    transits,
)
from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import LendingServer
from tests.support.library import MINAMI, SOGO, TODAY, SmallLibrary, new_id

TSUJIDO = 3
DAY = dt.timedelta(days=1)


class Round:
    """A library with what staff do in it, at a branch each."""

    def __init__(self, library: SmallLibrary, server: LendingServer) -> None:
        self.library, self.server = library, server

    def do(self, act: Callable, branch: int = SOGO, **how: object):
        return self.server.run(
            partial(act, **{"operation": new_id(), "desk": self.library.desk(branch)} | how)
        )

    def read(self, act: Callable, branch: int = SOGO):
        return self.server.run(partial(act, desk=self.library.desk(branch)))

    def looked_for(self, branch: int = SOGO) -> list[str]:
        return [copy.item_number for copy in self.read(pull_list, branch)]

    def on_shelf(self, branch: int = SOGO) -> tuple[OnShelf, ...]:
        return self.read(reservation_shelf, branch).copies

    def scan(self, item: str, branch: int = SOGO, **how: object) -> CheckedIn:
        answer = self.do(check_in, branch, item_number=item, **how)
        assert isinstance(answer, CheckedIn)
        return answer

    def lend(self, card: str, item: str, branch: int = SOGO, **how: object) -> CheckedOut | Refused:
        return self.do(
            check_out, branch, **{"visit": new_id(), "card_number": card, "item_number": item} | how
        )

    def not_found(self, item: str, branch: int = SOGO, **how: object) -> Done | NotDone:
        return self.do(report_not_found, branch, item_number=item, **how)

    def send(self, *items: str, branch: int = SOGO, **how: object) -> Sent | NotDone:
        return self.do(send, branch, item_numbers=items, **how)

    def clear(self, item: str, branch: int = SOGO, **how: object) -> Cleared | NotDone:
        return self.do(clear_shelf, branch, item_number=item, **how)

    def reservation(self, key: int) -> dict[str, object] | None:
        of = t.reservation.c
        rows = self.library.rows(
            sa.select(of.state, of.trapped_item_id, of.ready_on, of.keep_until).where(of.id == key)
        )
        return rows[0] if rows else None

    def state(self, key: int) -> object:
        row = self.reservation(key)
        return None if row is None else row["state"]

    def change(self, table: sa.Table, **values: object) -> None:
        with self.library.engine.connect() as connection:
            connection.execute(table.update().values(values))

    def change_item(self, number: str, **values: object) -> None:
        with self.library.engine.connect() as connection:
            connection.execute(t.item.update().where(t.item.c.number == number).values(values))

    def title_of(self, item: str) -> int:
        return self.library.value(sa.select(t.item.c.title_id).where(t.item.c.number == item))


@pytest.fixture
def round_(library: SmallLibrary, server: LendingServer) -> Round:
    return Round(library, server)


def refused(why: CircleRefusal) -> NotDone:
    return NotDone(why)


def test_from_the_shelves_of_one_branch_to_a_reader_at_another(library: SmallLibrary, round_: Round) -> None:
    """Wished for at 辻堂, found at 南, sent, received, lent; the shelf says whom as the setting lets it."""
    item = library.item(home_branch_id=MINAMI)
    card = library.patron(name="見本 花子", kana="ミホン ハナコ")
    wanted = library.reserved(card, item, pickup_branch_id=TSUJIDO)
    title = f"こころ {round_.title_of(item)}"
    assert round_.read(pull_list, MINAMI) == (
        ToLookFor(item, "913.6", "", title, "夏目 漱石", "辻堂", TODAY - 3 * DAY, 0),
    )
    assert round_.looked_for(SOGO) == round_.looked_for(TSUJIDO) == []
    answer = round_.scan(item, MINAMI)
    assert (answer.route, answer.to_branch) == (Route.TRANSIT, "辻堂市民図書館")
    assert round_.looked_for(MINAMI) == []
    [waits] = round_.read(transits, MINAMI).leaving
    assert (waits.item_number, waits.to_branch_id, waits.since) == (item, TSUJIDO, TODAY)
    assert (waits.sent_on, waits.reserved, waits.late) == (None, True, False)
    assert (waits.title, waits.from_branch, waits.to_branch) == (title, "南", "辻堂")
    # not from elsewhere, nor what nobody knows; said again it is the same crate
    assert round_.send(item, branch=SOGO) == refused(CircleRefusal.NOT_HERE)
    assert round_.send("1999999999", branch=MINAMI) == refused(CircleRefusal.NOT_HERE)
    assert round_.send(branch=MINAMI) == refused(CircleRefusal.NOT_HERE)
    operation = new_id()
    for _ in range(2):
        assert round_.send(item, item, branch=MINAMI, operation=operation) == Sent(operation, 1)
    assert round_.send(item, branch=MINAMI).copies == 0
    [comes] = round_.read(transits, TSUJIDO).coming
    assert (comes.sent_on, comes.late) == (TODAY, False)
    library.pass_time(days=4)
    [late] = round_.read(transits, TSUJIDO).coming
    assert late.late
    assert round_.read(transits, SOGO) == Transits(TODAY + 4 * DAY, (), ())
    here = round_.scan(item, TSUJIDO)
    assert (here.route, here.notices) == (Route.RESERVATION_SHELF, (Notice.NOT_ON_LOAN,))
    today = TODAY + 4 * DAY
    assert round_.read(transits, TSUJIDO) == Transits(today, (), ())
    row = round_.reservation(wanted)
    assert (row["state"], row["ready_on"], row["keep_until"]) == ("ready", today, here.keep_until)
    expected = OnShelf(item, title, card[-4:], today, here.keep_until, expired=False, told=False)
    assert round_.read(reservation_shelf, TSUJIDO) == Shelf(today, (expected,))
    for setting, label in (("kana_initial", "ミ"), ("full", "見本 花子")):
        round_.change(t.policy, slip_name=setting)
        assert [copy.label for copy in round_.on_shelf(TSUJIDO)] == [label]
    assert round_.on_shelf(SOGO) == ()
    # scanned once more on the next day it lies there since it came
    library.pass_time(days=1)
    assert round_.scan(item, TSUJIDO).keep_until == here.keep_until
    assert round_.reservation(wanted)["ready_on"] == today
    assert round_.clear(item, TSUJIDO) == refused(CircleRefusal.NOT_EXPIRED)
    lent = round_.lend(card, item, TSUJIDO)
    assert lent.notices == (Notice.WAS_RESERVED,)
    assert round_.on_shelf(TSUJIDO) == ()
