"""Returns, the book drop, undo, and renewals by item alone."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from madoguchi.app.server import tables as t
from madoguchi.widgets.look.views import Sign, Tone
from tests.counter.harness import Counter, CounterLibrary, both
from tests.support.library import MINAMI, TODAY


@both
def test_the_book_drop_has_its_day_and_its_banner(counter: Counter, library: CounterLibrary) -> None:
    items = [library.item() for _ in range(3)]
    for item in items:
        library.lent(library.patron(), item, due_on=TODAY)
    counter.f(2)
    assert counter.banner_text() == ""
    counter.f(11)
    assert "返却ポスト処理中  返却日 5/11(月)" in counter.banner_text()
    counter.scan_and_wait(items[0])
    counter.type("0509")
    assert "返却日 5/9(土)" in counter.banner_text()
    counter.scan_and_wait(items[1])
    counter.type("0501")  # further back than a week
    assert counter.strip().word == "返却日にできません"
    assert "返却日 5/9(土)" in counter.banner_text()
    counter.f(11)
    assert counter.banner_text() == ""
    counter.scan_and_wait(items[2])
    days = library.rows(sa.select(t.loan.c.returned_on).order_by(t.loan.c.id))
    assert [row["returned_on"] for row in days] == [dt.date(2026, 5, 11), dt.date(2026, 5, 9), TODAY]


@both
def test_the_last_return_is_undone_with_f9(counter: Counter, library: CounterLibrary) -> None:
    card, item, before = library.patron(), library.item(), library.item()
    library.lent(card, before, due_on=TODAY)
    library.lent(card, item, due_on=TODAY - dt.timedelta(days=3))
    counter.f(2)
    assert 9 not in counter.live_keys()
    counter.scan_and_wait(before)
    row = counter.scan_and_wait(item)
    assert (row.sign, row.state, row.right) == (Sign.OVERDUE, "延滞 3日", "書架へ")
    assert library.loans() == []
    counter.f(9)
    counter.settled()
    assert counter.rows()[-1].state == "返却取消"
    assert library.loans() == [(card, item)]
    assert counter.page.header().count == 1


def test_an_undo_after_its_time_is_refused(counter: Counter, library: CounterLibrary) -> None:
    item = library.item()
    library.lent(library.patron(), item, due_on=TODAY)
    counter.f(2)
    counter.scan_and_wait(item)
    library.pass_time(minutes=11)
    counter.f(9)
    counter.settled()
    assert (counter.strip().tone, counter.strip().word) == (Tone.REFUSED, "取り消せません")
    assert library.loans() == []


@both
def test_a_returned_item_says_where_it_goes(counter: Counter, library: CounterLibrary) -> None:
    elsewhere, wanted, plain = library.item(home_branch_id=MINAMI), library.item(), library.item()
    waiting = library.patron()
    library.reserved(waiting, wanted)
    for item in (elsewhere, wanted, plain):
        library.lent(library.patron(), item, due_on=TODAY)
    counter.f(2)
    rows = [counter.scan_and_wait(item) for item in (elsewhere, wanted, plain)]
    assert [(row.sign, row.right) for row in rows] == [
        (Sign.TO_TRANSIT, "南市民図書館へ"),
        (Sign.TO_RESERVATION_SHELF, "取置棚へ"),
        (Sign.DONE, "書架へ"),
    ]
    assert counter.page.header().count == 3


@both
def test_renewal_by_item_alone(counter: Counter, library: CounterLibrary) -> None:
    card, item = library.patron(), library.item()
    library.lent(card, item, due_on=TODAY + dt.timedelta(days=2))
    counter.f(3)
    row = counter.scan_and_wait(item)
    assert (row.sign, row.state, row.right) == (Sign.DONE, "延長", "5/26(火)")
    row = counter.scan_and_wait(item)
    assert (row.sign, row.state) == (Sign.REFUSED, "延長済み")
    counter.f(11)
    assert counter.rows() == ()
