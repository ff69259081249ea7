"""Reservations under way at real windows: looked for, sent, received, kept, told, lent; and otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.barcode.commands import Command
from madoguchi.widgets.application import CounterApplication
from madoguchi.widgets.look.views import Sign, Tone
from madoguchi.widgets.tour_town import TourTown
from madoguchi.widgets.way_page import WAY
from madoguchi.widgets.way_views import COMING, LEAVING, WayList
from tests.counter.harness import COLLEAGUE, Counter, CounterLibrary, CutLine, SlowServer, both, where_said
from tests.counter.searching import form, form_is_open, look_until_found
from tests.counter.test_commands import command
from tests.counter.way import chips, listed, open_list, open_person, press, read, ready, scan, way_page
from tests.support.library import MINAMI, TODAY

TSUJIDO = 3
DAY = dt.timedelta(days=1)
BRANCHES = {
    "minami": ("南市民図書館", MINAMI, COLLEAGUE),
    "tsujido": ("辻堂市民図書館", TSUJIDO, "clerk"),
}


def states(library: CounterLibrary) -> list[str]:
    """The states of all reservations, in the order in which they were placed."""
    rows = library.rows(sa.select(t.reservation.c.state).order_by(t.reservation.c.id))
    return [str(row["state"]) for row in rows]


class Town:
    """The tour's own counters of several branches, with hands to work them."""

    def __init__(self, qtbot: QtBot, application: QApplication, library: CounterLibrary) -> None:
        self._qtbot, self._application, self._library = qtbot, application, library
        self._made: dict[str, Counter] = {}
        self._counters = TourTown(application, self._open)

    def go_to(self, code: str) -> Counter:
        """To this branch, where somebody is signed in."""
        self._counters.go_to(code)
        self._made[code].come_to_front()
        return self._made[code]

    def close(self) -> None:
        """Closes every counter."""
        self._counters.close()
        for counter in self._made.values():
            counter.put_away()

    def _open(self, code: str) -> CounterApplication:
        name, branch_id, login = BRANCHES[code]
        server = SlowServer(self._library, branch_id=branch_id)
        made = Counter(self._qtbot, self._application, self._library, server, branch=(code, name))
        made.sign_in(login)
        self._made[code] = made
        return made.application


@pytest.fixture
def town(qtbot: QtBot, qapp: QApplication, library: CounterLibrary) -> Iterator[Town]:
    """Counters at 南 and at 辻堂."""
    there = Town(qtbot, qapp, library)
    yield there
    there.close()


@both
def test_one_visit_is_followed_from_the_wish_to_the_loan(town: Town, library: CounterLibrary) -> None:
    card = library.patron(name="湘南 待子", kana="ショウナン マチコ", telephone="0466-00-0012")
    item = library.item(title="銀河鉄道の夜", home_branch_id=MINAMI)

    # reserved at 辻堂
    tsujido = town.go_to("tsujido")
    tsujido.open_visit(card)
    look_until_found(tsujido, "銀河", "銀河鉄道の夜")
    tsujido.press(Qt.Key.Key_Return, "\r")
    tsujido.until(lambda: form_is_open(tsujido))
    assert form(tsujido).values()["pickup"] == str(TSUJIDO)
    tsujido.f(10)
    tsujido.until(lambda: states(library) == ["waiting"])

    # found at 南
    minami = town.go_to("minami")
    open_list(minami, WayList.PULL)
    assert listed(minami)[item][1:4] == ("銀河鉄道の夜 / 夏目 漱石", item, "辻堂")
    assert chips(minami)[WayList.PULL] == "Z 予約在庫 1件"
    row = scan(minami, item)
    assert (row.sign, row.state, row.right) == (Sign.TO_TRANSIT, "他館へ配送", "辻堂市民図書館へ")
    assert listed(minami) == {}
    assert chips(minami)[WayList.MOVES] == "H 配送 出す 1"

    # sent
    open_list(minami, WayList.MOVES)
    assert listed(minami)[LEAVING + item][:2] == ("出す前", "→ 辻堂")
    minami.f(10)
    question = minami.window.frame.question.view()
    assert question is not None
    assert "1点" in question.detail
    minami.pass_guard()
    press(minami, 10)
    assert minami.strip().word == "配送に出しました"
    assert listed(minami)[LEAVING + item][0] == "配送中"
    assert 10 not in minami.live_keys(), "nothing waits for the van"

    # received at 辻堂, and kept there
    tsujido = town.go_to("tsujido")
    open_list(tsujido, WayList.MOVES)
    assert listed(tsujido)[COMING + item][:2] == ("配送中", "← 南")
    row = scan(tsujido, item)
    assert (row.sign, row.state, row.right) == (Sign.TO_RESERVATION_SHELF, "予約あり", "取置棚へ")
    assert "まで取置" in row.right_detail
    assert listed(tsujido) == {}
    open_list(tsujido, WayList.SHELF)
    assert listed(tsujido)[item][0] == "取置中"
    assert listed(tsujido)[item][1] == card[-4:]
    assert listed(tsujido)[item][-1] == "まだ"

    # told
    assert chips(tsujido)[WayList.TELL] == "R 連絡 まだ 1点"
    open_list(tsujido, WayList.TELL)
    assert [cells[:1] + cells[2:4] for cells in listed(tsujido).values()] == [("湘南 待子", "電話", "1")]
    assert where_said("0466-00-0012") == [], "not seen before it is needed"
    tsujido.f(10)
    tsujido.f(10)
    assert way_page(tsujido).panel.person.view().shown, "the key that has opened it answers nothing"
    assert where_said("0466-00-0012") != []
    tsujido.pass_guard()
    press(tsujido, 10)
    assert (tsujido.strip().tone, tsujido.strip().title) == (Tone.DONE, "つながった")
    assert listed(tsujido) == {}
    assert where_said("0466-00-0012") == []
    open_list(tsujido, WayList.SHELF)
    assert listed(tsujido)[item][-1] == "済み"

    # lent, without a question
    tsujido.f(1)
    row = tsujido.scan_and_wait(item)
    assert row.sign in (Sign.DONE, Sign.NOTICE)
    assert library.loans() == [(card, item)]
    open_list(tsujido, WayList.SHELF)
    assert listed(tsujido) == {}


@both
def test_the_shelf_is_cleared_by_scanning(counter: Counter, library: CounterLibrary) -> None:
    kept, expired, left, plain = (library.item(title=f"取置の本 {place}") for place in "1234")
    cards = [library.patron(kana=kana) for kana in ("アオキ", "イトウ", "ウエダ", "エンドウ")]
    ready(library, cards[0], kept, TODAY)
    ready(library, cards[1], expired, TODAY - DAY)
    library.reserved(cards[2], expired)
    with library.engine.connect() as connection:
        connection.execute(
            t.shelf_leftover.insert().values(item_id=library.id_of_item(left), branch_id=1, since=TODAY)
        )
        connection.execute(t.policy.update().values(slip_name="kana_initial"))
    open_list(counter, WayList.SHELF)
    assert [cells[:2] for cells in listed(counter).values()] == [
        ("予約取消", "—"),
        ("期限切れ", "イ"),
        ("取置中", "ア"),
    ]
    assert chips(counter)[WayList.SHELF] == "T 取置棚 片付け 2"

    row = scan(counter, kept)
    assert (row.sign, row.state, row.detail) == (Sign.REFUSED, "まだ取り置き中です", "ア の方・5/12(火) まで")
    assert states(library) == ["ready", "ready", "waiting"]
    row = scan(counter, expired)
    assert (row.sign, row.state, row.right) == (Sign.TO_RESERVATION_SHELF, "次の人へ", "取置棚へ")
    assert states(library) == ["ready", "ready"], "who came too late waits no more, the next one's lies ready"
    row = scan(counter, left)
    assert (row.sign, row.right) == (Sign.DONE, "書架へ")
    assert scan(counter, left).sign is Sign.SAME_ITEM
    assert scan(counter, plain).state == "このリストの資料ではありません"
    assert chips(counter)[WayList.SHELF] == "T 取置棚 片付け 0"

    assert [cells[1] for cells in listed(counter).values()] == ["ア", "ウ"]
    with library.engine.connect() as connection:
        # the one with the later letter is to be fetched sooner
        connection.execute(
            t.reservation.update()
            .where(t.reservation.c.trapped_item_id == library.id_of_item(kept))
            .values(keep_until=TODAY + 30 * DAY)
        )
    press(counter, 11)
    assert [cells[1] for cells in listed(counter).values()] == ["ウ", "ア"]
    counter.f(9)
    assert [cells[1] for cells in listed(counter).values()] == ["ア", "ウ"], "by who they are for"


@both
def test_what_is_not_found_is_looked_for_elsewhere_and_in_the_end_missing(
    counter: Counter, library: CounterLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = library.item(title="さがす本")
    title_id = library.value(sa.select(t.item.c.title_id).where(t.item.c.number == first))
    second = library.item(title_id=title_id)
    other = library.item(title="ある本")
    library.reserved(library.patron(), first)
    library.reserved(library.patron(), other)
    open_list(counter, WayList.PULL)
    assert list(listed(counter)) == [first, other]
    # a moment that lasts as long as a busy machine needs
    guard = way_page(counter)._guard
    monkeypatch.setattr(guard, "_guard_ms", 600_000)
    press(counter, 10)
    assert (counter.strip().word, counter.strip().right) == ("見つからない", "別の資料か別の館で探します")
    assert set(listed(counter)) == {second, other}
    # whoever hammers on the key means the one that they have looked for, and not the next
    press(counter, 10)
    not_found = sa.select(t.item.c.number).where(t.item.c.not_found > 0)
    assert [row["number"] for row in library.rows(not_found)] == [first]
    monkeypatch.undo()
    guard.lift()
    with library.engine.connect() as connection:
        connection.execute(t.policy.update().values(missing_after=1))
    way_page(counter).panel.table.select(second)
    press(counter, 10)
    assert counter.strip().word == "所在不明にしました"
    assert list(listed(counter)) == [other]
    missing = library.rows(sa.select(t.item.c.number).where(t.item.c.missing_since.is_not(None)))
    assert [row["number"] for row in missing] == [second]
    # it turns up: the scan is a return like any other, and traps what waits
    told: list[object] = []
    way_page(counter).goes.connect(told.append)
    row = scan(counter, second)
    assert (row.sign, row.right) == (Sign.TO_RESERVATION_SHELF, "取置棚へ")
    # read twice it is one copy, and has one slip
    row = scan(counter, second)
    assert (row.sign, row.detail, row.right) == (Sign.SAME_ITEM, "1行目で読み取り済み", "取置棚へ")
    assert (way_page(counter).header().count, len(told)) == (1, 1)


def test_what_arrives_at_a_wrong_branch_or_late_says_so(counter: Counter, library: CounterLibrary) -> None:
    wrong, late = library.item(title="迷った本", home_branch_id=TSUJIDO), library.item(title="遅い本")
    with library.engine.connect() as connection:
        for item, to_branch_id in ((wrong, TSUJIDO), (late, 1)):
            connection.execute(
                t.transit.insert().values(
                    item_id=library.id_of_item(item),
                    from_branch_id=MINAMI,
                    to_branch_id=to_branch_id,
                    since=TODAY - 9 * DAY,
                    sent_on=TODAY - 9 * DAY,
                )
            )
    open_list(counter, WayList.MOVES)
    assert {key: cells[0] for key, cells in listed(counter).items()} == {COMING + late: "遅れ 9日"}
    assert chips(counter)[WayList.MOVES] == "H 配送 出す 0・遅れ 1"
    row = scan(counter, wrong)
    assert (row.state, row.right) == ("辻堂市民図書館あての資料", "辻堂市民図書館へ")
    row = scan(counter, late)
    assert (row.state, row.right) == ("待っている人はいません", "書架へ")
    # a patron's book, read here by mistake: that it is returned now is not passed over
    lent = library.item()
    library.lent(library.patron(), lent, due_on=TODAY)
    row = scan(counter, lent)
    assert (row.sign, row.state, row.detail) == (Sign.NOTICE, "返却", "貸出中の資料でした。返却しました")
    assert counter.strip().side_first == row.detail
    assert chips(counter)[WayList.MOVES] == "H 配送 出す 1"


def test_a_crate_is_packed_for_one_branch(counter: Counter, library: CounterLibrary) -> None:
    items = {
        branch_id: [library.item(home_branch_id=branch_id) for _ in range(2)]
        for branch_id in (MINAMI, TSUJIDO)
    }
    counter.f(2)
    for item in (number for numbers in items.values() for number in numbers):
        library.lent(library.patron(), item, due_on=TODAY)
        counter.scan_and_wait(item)
    open_list(counter, WayList.MOVES)
    assert len(listed(counter)) == 4
    counter.f(9)
    heading = way_page(counter).panel.table.view().heading
    (chosen,) = (each for each, name in ((MINAMI, "南"), (TSUJIDO, "辻堂")) if name in heading)
    assert set(listed(counter)) == {LEAVING + number for number in items[chosen]}
    counter.f(10)
    # letters choose no other list under a question
    counter.press(Qt.Key.Key_T, "t")
    counter.pass_guard()
    assert way_page(counter).panel.choices.chosen_key() == WayList.MOVES
    # the question is answered by a scan as well as by a key
    command(counter, Command.NO)
    assert counter.window.frame.question.view() is None
    assert [cells[0] for cells in listed(counter).values()] == ["出す前", "出す前"], "nothing is sent"
    counter.f(10)
    counter.pass_guard()
    command(counter, Command.YES)
    read(counter)
    assert counter.strip().right == "2点"
    # it stays that branch's list: the key that has sent one crate does not send all others
    assert [cells[0] for cells in listed(counter).values()] == ["配送中"] * 2
    assert way_page(counter).panel.table.view().heading == heading
    assert 10 not in counter.live_keys()
    counter.f(9)
    assert [cells[0] for cells in listed(counter).values()] == ["出す前"] * 2


def test_scans_and_keys_outlive_an_outage(qtbot: QtBot, qapp: QApplication, library: CounterLibrary) -> None:
    expired, wanted, gone = library.item(), library.item(), library.item(title="ない本")
    ready(library, library.patron(), expired, TODAY - DAY)
    for item in (wanted, gone):
        library.reserved(library.patron(), item)
    line = CutLine(library)
    counter = Counter(qtbot, qapp, library, line)
    try:
        counter.sign_in()
        open_list(counter, WayList.PULL)
        line.down = True
        way_page(counter).panel.table.select(gone)
        page = way_page(counter)
        counter.f(1)
        # as if it had been pressed a moment before: what was not done is said on any page, and of which it is
        page.attend()
        counter.until(lambda: counter.strip().tone is Tone.OUTAGE)
        assert (counter.strip().word, counter.strip().side_second) == ("未記録", "取置・配送（F7）")
        counter.f(WAY)
        counter.until(lambda: listed(counter)[gone][-1] == "回線断・未記録")
        counter.scan(wanted)
        counter.until(lambda: counter.row(wanted).sign is Sign.OUTAGE)
        assert counter.row(wanted).state == "未返却"
        counter.press(Qt.Key.Key_T, "t")
        counter.until(lambda: way_page(counter).panel.choices.chosen_key() == WayList.SHELF)
        counter.scan(expired)
        counter.until(lambda: counter.row(expired).sign is Sign.OUTAGE)
        assert counter.row(expired).state == "未処理"
        assert "棚に置かないでください" in counter.banner_text()
        # the clerk leaves meanwhile: what is on its way is for whoever signs in next
        counter.f(12)
        counter.until(lambda: not counter.window.away.leaving)
        line.down = False
        counter.settled()
        counter.sign_in(COLLEAGUE)
        counter.settled()
        assert "取置・配送 2点（F7）" in counter.strip().title
        counter.f(WAY)
        read(counter)
        assert (counter.row(wanted).state, counter.row(wanted).right) == ("予約あり", "取置棚へ")
        assert (counter.row(expired).state, counter.row(expired).right) == ("片付け", "書架へ")
        assert library.value(sa.select(t.item.c.not_found).where(t.item.c.number == gone)) == 1
        assert library.value(sa.select(sa.func.count()).where(t.operation.c.act == "shelf_clear")) == 1
    finally:
        line.down = False
        counter.close()


@both
def test_nobody_is_seen_longer_than_needed_and_the_list_is_remembered(
    counter: Counter, library: CounterLibrary
) -> None:
    name, number = "連絡 する子", "0466-00-0099"
    item = library.item(title="待たれた本")
    ready(library, library.patron(name=name, telephone=number), item, TODAY + DAY)
    open_list(counter, WayList.TELL)
    open_person(counter)
    assert where_said(number) != []
    assert counter.window.windowTitle() == "窓口"
    # nobody answers: they stay on the list, with that
    counter.pass_guard()
    press(counter, 9)
    assert [cells[-1] for cells in listed(counter).values()] == ["1回出ない（5/12(火)）"]
    open_person(counter)
    counter.press(Qt.Key.Key_Escape, "\x1b")
    assert where_said(number) == []
    assert where_said(name) != []
    # behind another page nobody is named, and whoever was open is shut
    open_person(counter)
    counter.f(1)
    assert where_said(name, number) == []
    counter.f(WAY)
    assert where_said(number) == []
    assert where_said(name) != []
    read(counter)
    # another list: nobody is here any more
    open_list(counter, WayList.SHELF)
    assert where_said(name, number) == []
    # a number that is typed is a number, and Enter its end
    counter.type(item)
    counter.settled()
    assert counter.row(item).state == "まだ取り置き中です"
    assert where_said("待たれた本") != []
    open_list(counter, WayList.TELL)
    # beside a name stands no title, nor after a scan
    assert where_said("待たれた本") == []
    assert scan(counter, item).state == "予約あり"
    assert where_said("待たれた本") == []
    counter.press(Qt.Key.Key_Escape, "\x1b")
    assert where_said(name, number, "待たれた本") == []
    counter.f(10)
    assert not way_page(counter).panel.person.view().shown
    counter.press(Qt.Key.Key_Escape, "\x1b")
    assert where_said(name) != []
    counter.f(12)
    counter.until(lambda: not counter.window.away.leaving)
    assert where_said(name, number, "待たれた本") == []
    counter.sign_in()
    read(counter)
    assert [cells[0] for cells in listed(counter).values()] == [name]
    assert counter.row(item).state == "予約あり"
    counter.window.sign_out()
    counter.settled()
    counter.sign_in()
    open_list(counter, WayList.PULL)
    assert counter.rows() == ()
    assert where_said(name, number, "待たれた本") == []


def test_a_long_list_stays_where_the_clerk_is(counter: Counter, library: CounterLibrary) -> None:
    card = library.patron()
    with library.engine.connect() as connection:
        connection.execute(t.policy.update().values(max_reservations=400))
        ids = range(9_000, 9_300)
        connection.execute(
            t.title.insert(), [{"id": each, "title": f"本 {each}", "ndc": f"{each / 10:.1f}"} for each in ids]
        )
        connection.execute(
            t.item.insert(),
            [
                {"id": each, "number": f"9{each:09}", "title_id": each, "home_branch_id": 1, "kind": "book"}
                for each in ids
            ],
        )
        connection.execute(
            t.reservation.insert(),
            [
                {
                    "title_id": each,
                    "patron_id": library.id_of_patron(card),
                    "pickup_branch_id": 1,
                    "placed_at": library.now,
                    "state": "waiting",
                }
                for each in ids
            ],
        )
    open_list(counter, WayList.PULL)
    keys = list(listed(counter))
    assert len(keys) == 300
    for _ in range(150):
        counter.press(Qt.Key.Key_Down)
    press(counter, 10)
    table = way_page(counter).panel.table
    assert len(listed(counter)) == 299
    assert table.selected() == keys[151]
    shown = table.records_view().visualRect(table.records_view().currentIndex())
    assert table.records_view().viewport().rect().contains(shown)
