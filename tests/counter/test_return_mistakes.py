"""What goes wrong while items are taken back or renewed: the line, a sign-out, a second thought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.app.training.situations import item_number
from madoguchi.widgets import scan_page
from madoguchi.widgets.look.views import Sign, Tone
from tests.counter.harness import COLLEAGUE, Counter, CounterLibrary, CutLine, unique, where_said
from tests.support.library import MINAMI, TODAY


@pytest.fixture
def line(library: CounterLibrary) -> CutLine:
    return CutLine(library)


@pytest.fixture
def counter(qtbot: QtBot, qapp: QApplication, library: CounterLibrary, line: CutLine) -> Iterator[Counter]:
    made = Counter(qtbot, qapp, library, line)
    made.sign_in()
    yield made
    line.down = False
    made.close()


def let_go(counter: Counter, line: CutLine) -> None:
    """What was held goes on; waits for all answers."""
    line.let_go()
    line.let_through(20)
    for _ in range(3):
        counter.settled()


def scan_while_cut(counter: Counter, line: CutLine, *items: str) -> None:
    """The line is down, and the items' rows say so."""
    line.down = True
    for item in items:
        counter.scan(item)
    waiting = [Sign.OUTAGE] * len(items)
    counter.until(lambda: [row.sign for row in counter.rows()][-len(items) :] == waiting)


def mend(counter: Counter, line: CutLine) -> None:
    """The line is back, and all that waited is answered."""
    line.down = False
    counter.settled()
    counter.until(lambda: "回線断" not in counter.banner_text())


def lent(library: CounterLibrary, days_late: int = 0, **changes: object) -> str:
    """An item on loan."""
    item = library.item(**changes)
    library.lent(library.patron(), item, due_on=TODAY - dt.timedelta(days=days_late))
    return item


# -- a sign-out in between -------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["slow", "down"])
def test_where_a_return_goes_is_said_to_whoever_signs_in_next(
    counter: Counter, library: CounterLibrary, line: CutLine, why: str
) -> None:
    title = unique("本")
    here, elsewhere = lent(library, title=title), lent(library, home_branch_id=MINAMI)
    counter.f(2)
    if why == "down":
        scan_while_cut(counter, line, here, elsewhere)
    else:
        line.hold()
        counter.scan(here)
        counter.scan(elsewhere)
    counter.f(12)
    assert where_said(here, title) == []
    line.down = False
    let_go(counter, line)
    assert library.loans() == []
    assert where_said(here, title) == []
    counter.sign_in()
    assert (counter.strip().word, counter.strip().title) == ("離席の前の続き", "返却 2点（F2）")
    counter.f(2)
    rows = [(row.number, row.sign, row.title, row.right) for row in counter.rows()]
    assert rows == [
        (0, Sign.DONE, title, "書架へ"),
        (0, Sign.TO_TRANSIT, library.title_of(elsewhere), "南市民図書館へ"),
    ]
    assert counter.page.header().count == 2
    # they are another session's: not the last return of this one
    assert 9 not in counter.live_keys()
    assert counter.strip().tone is Tone.IDLE
    assert counter.scan_and_wait(lent(library)).number == 1
    # what somebody has seen is not told again
    counter.f(12)
    counter.sign_in(COLLEAGUE)
    assert counter.strip().word == "利用者カードを読み取ってください"
    counter.f(2)
    assert counter.rows() == ()


def test_a_return_that_nobody_looked_at_waits_for_the_session_after(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    item = lent(library)
    counter.f(2)
    line.hold()
    counter.scan(item)
    counter.f(12)
    let_go(counter, line)
    for _ in range(2):
        counter.sign_in()
        assert counter.strip().title == "返却 1点（F2）"
        counter.f(12)
    counter.sign_in()
    counter.f(2)
    assert [row.right for row in counter.rows()] == ["書架へ"]


def test_what_became_of_a_return_that_was_refused_or_met_a_bug_is_told_as_well(
    counter: Counter, library: CounterLibrary, line: CutLine, qtbot: QtBot
) -> None:
    unknown = item_number(9_999)
    counter.f(2)
    line.hold()
    counter.scan(unknown)
    counter.f(12)
    let_go(counter, line)
    counter.sign_in()
    counter.f(2)
    assert [(row.sign, row.title) for row in counter.rows()] == [(Sign.REFUSED, unknown)]
    with qtbot.captureExceptions() as caught:
        scan_while_cut(counter, line, lent(library))
        counter.f(12)
        line.bug = ValueError("a bug")
        line.down = False
        counter.until(lambda: bool(caught))
    # a bug does not say that the line is up, what is asked next does; before that nobody is signed in
    counter.settled()
    counter.sign_in(COLLEAGUE)
    counter.f(2)
    assert [row.state for row in counter.rows()] == ["処理できませんでした"]


def test_a_renewal_in_an_outage_stays_as_a_number_until_it_is_answered(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    title = unique("題")
    renewed, done = lent(library, title=title), lent(library)
    refused = lent(library, days_late=2, title=title)
    counter.f(3)
    counter.scan_and_wait(done)
    scan_while_cut(counter, line, renewed, refused)
    counter.f(11)
    left = [(row.number, row.title, row.under, row.state) for row in counter.rows()]
    assert left == [(0, number, "前の利用者", "未延長") for number in (renewed, refused)]
    assert 11 not in counter.live_keys()
    assert "未延長" in counter.banner_text()
    mend(counter, line)
    (row,) = counter.rows()
    assert (row.title, row.state, row.under) == (refused, "延滞中", "前の利用者・延長していません")
    assert where_said(title) == []
    assert (counter.strip().title, counter.page.header().count) == (refused, 0)
    counter.f(11)
    assert counter.rows() == ()


def test_a_renewal_on_its_way_at_sign_out_is_told_if_it_was_refused(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    title = unique("題")
    renewed, refused = lent(library, title=title), lent(library, days_late=2, title=title)
    counter.f(3)
    scan_while_cut(counter, line, renewed, refused)
    counter.f(12)
    mend(counter, line)
    counter.sign_in()
    assert counter.strip().title == "延長 1点（F3）"
    counter.f(3)
    assert [(row.title, row.state) for row in counter.rows()] == [(refused, "延滞中")]
    assert where_said(title) == []


# -- undo ------------------------------------------------------------------------------------------


def test_undo_pressed_twice_says_what_is_so(counter: Counter, library: CounterLibrary, line: CutLine) -> None:
    item = lent(library)
    counter.f(2)
    counter.scan_and_wait(item)
    line.hold()
    counter.f(9)
    assert counter.strip().tone is Tone.PENDING
    assert 9 not in counter.live_keys()
    counter.f(9)
    let_go(counter, line)
    assert [number for _, number in library.loans()] == [item]
    assert (counter.strip().word, counter.row(item).state) == ("返却取消", "返却取消")


def test_undo_is_of_the_last_return_alone(counter: Counter, library: CounterLibrary) -> None:
    before, last, again, idle = lent(library), lent(library), lent(library), library.item()
    counter.f(2)
    for item in (before, last):
        counter.scan_and_wait(item)
    # no return: the one before it is still the last
    assert counter.scan_and_wait(idle).state == "貸出中ではありません"
    for _ in range(2):
        counter.f(9)
        counter.settled()
    assert 9 not in counter.live_keys()
    assert {number for _, number in library.loans()} == {last, again}
    counter.scan_and_wait(again)
    counter.f(9)
    counter.settled()
    assert {number for _, number in library.loans()} == {last, again}
    assert counter.row(again).state == "返却取消"


def test_undo_waits_until_the_last_return_is_known(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    before, last = lent(library), lent(library)
    counter.f(2)
    counter.scan_and_wait(before)
    line.hold()
    counter.scan(last)
    counter.f(9)
    assert (counter.strip().word, counter.strip().side_first) == (
        "照会中の返却があります",
        "取り消していません",
    )
    let_go(counter, line)
    assert library.loans() == []
    counter.f(9)
    counter.settled()
    assert [number for _, number in library.loans()] == [last]


def test_undo_in_an_outage_says_so_and_is_done_when_the_line_is_back(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    item = lent(library)
    counter.f(2)
    before = counter.scan_and_wait(item)
    line.down = True
    counter.f(9)
    counter.until(lambda: counter.row(item).sign is Sign.OUTAGE)
    assert (counter.row(item).state, counter.row(item).right) == ("未取消", "")
    strip = counter.strip()
    assert (strip.tone, strip.word, strip.title) == (Tone.OUTAGE, "未取消", before.title)
    assert 9 not in counter.live_keys()
    mend(counter, line)
    row = counter.row(item)
    assert (row.state, row.under) == ("返却取消", before.under)
    assert [number for _, number in library.loans()] == [item]


def test_an_undo_that_is_refused_after_an_outage_leaves_the_row_as_it_was(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    item = lent(library)
    counter.f(2)
    before = counter.scan_and_wait(item)
    line.down = True
    counter.f(9)
    counter.until(lambda: counter.row(item).sign is Sign.OUTAGE)
    library.pass_time(minutes=11)
    mend(counter, line)
    assert counter.row(item) == before
    assert (counter.strip().word, counter.strip().right) == ("取り消せません", "取り消していません")
    assert 9 not in counter.live_keys()
    assert library.loans() == []


def test_an_undo_that_waits_is_not_done_after_sign_out(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    item = lent(library)
    counter.f(2)
    counter.scan_and_wait(item)
    line.down = True
    counter.f(9)
    counter.until(lambda: counter.row(item).sign is Sign.OUTAGE)
    counter.f(12)
    mend(counter, line)
    counter.settled()
    assert library.loans() == []


def test_an_undo_that_met_a_bug_is_seen_on_its_row(
    counter: Counter, library: CounterLibrary, line: CutLine, qtbot: QtBot
) -> None:
    item = lent(library)
    counter.f(2)
    counter.scan_and_wait(item)
    with qtbot.captureExceptions() as caught:
        line.bug = ValueError("a bug")
        counter.f(9)
        counter.until(lambda: bool(caught))
    assert counter.row(item).state == "処理できませんでした"
    assert 9 not in counter.live_keys()


# -- the same item again -----------------------------------------------------------------------------


def test_the_same_item_returned_twice_is_one_and_keeps_its_place(
    counter: Counter, library: CounterLibrary
) -> None:
    item, idle = lent(library, home_branch_id=MINAMI), library.item()
    counter.f(2)
    counter.scan_and_wait(lent(library))
    counter.scan_and_wait(item)
    row = counter.scan_and_wait(item)
    assert (row.sign, row.state, row.detail) == (Sign.SAME_ITEM, "同じ資料", "2行目で返却済み")
    assert row.right == "南市民図書館へ"
    strip = counter.strip()
    assert (strip.word, strip.right, strip.side_first) == ("同じ資料", row.right, row.detail)
    counter.scan_and_wait(idle)
    # never on loan at all
    assert counter.scan_and_wait(idle).detail == "4行目で読み取り済み"
    assert counter.page.header().count == 3
    counter.f(9)
    counter.settled()
    assert [number for _, number in library.loans()] == [item]


def test_an_item_that_was_returned_long_ago_is_not_the_same_pile(
    counter: Counter, library: CounterLibrary
) -> None:
    item = lent(library)
    counter.f(2)
    counter.scan_and_wait(item)
    library.pass_time(minutes=6)
    assert counter.scan_and_wait(item).state == "貸出中ではありません"


def test_an_item_that_was_reserved_meanwhile_is_kept_and_told_anew(
    counter: Counter, library: CounterLibrary
) -> None:
    item = lent(library)
    counter.f(2)
    assert counter.scan_and_wait(item).right == "書架へ"
    library.reserved(library.patron(), item)
    row = counter.scan_and_wait(item)
    assert (row.sign, row.right) == (Sign.TO_RESERVATION_SHELF, "取置棚へ")
    assert counter.page.header().count == 2
    # and from then on it goes there: the third time it is the same
    row = counter.scan_and_wait(item)
    assert (row.sign, row.right, row.detail) == (Sign.SAME_ITEM, "取置棚へ", "2行目で読み取り済み")
    assert counter.page.header().count == 2


def test_an_item_whose_return_was_undone_is_returned_again(counter: Counter, library: CounterLibrary) -> None:
    item = lent(library)
    counter.f(2)
    counter.scan_and_wait(item)
    counter.f(9)
    counter.settled()
    assert counter.scan_and_wait(item).state == "返却"
    assert counter.scan_and_wait(item).detail == "2行目で返却済み"


def test_a_row_out_of_the_list_is_named_by_nobody(
    counter: Counter, library: CounterLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_page, "MOST_ROWS", 2)
    item = lent(library)
    counter.f(2)
    for number in (item, lent(library), lent(library)):
        counter.scan_and_wait(number)
    assert counter.scan_and_wait(item).state == "貸出中ではありません"


# -- what is said ------------------------------------------------------------------------------------


def test_late_with_parts_and_a_note_all_three_are_said(counter: Counter, library: CounterLibrary) -> None:
    item = lent(library, days_late=3, attachments="別冊解答1", note="背が破れている")
    counter.f(2)
    row = counter.scan_and_wait(item)
    assert (row.sign, row.state) == (Sign.OVERDUE, "延滞 3日")
    assert row.detail == "別冊解答1・背が破れている・期限 5/9(土)"
    strip = counter.strip()
    assert (strip.word, strip.side_first, strip.side_second) == ("延滞 3日", "別冊解答1", "背が破れている")


def test_one_thing_to_look_at_stands_beside_the_day(counter: Counter, library: CounterLibrary) -> None:
    counter.f(2)
    row = counter.scan_and_wait(lent(library, note="背が破れている"))
    assert (row.state, row.detail) == ("資料メモ", "背が破れている")
    strip = counter.strip()
    assert (strip.side_first, strip.side_second) == ("背が破れている", "返却日 5/12(火)")


def test_a_refusal_that_waits_for_nobody_does_not_say_it_waits(
    counter: Counter, library: CounterLibrary
) -> None:
    counter.f(3)
    counter.scan_and_wait(lent(library, days_late=3))
    assert (counter.strip().right, counter.strip().side_second) == (
        "延長していません",
        "次の読み取りができます",
    )


@pytest.mark.parametrize(
    ("page", "word", "keep"),
    [
        (1, "未貸出", "資料は渡さないでください"),
        (2, "未返却", "棚に戻さないでください"),
        (3, "未延長", "まだ延長できていません"),
    ],
)
def test_an_outage_is_told_in_the_words_of_its_page(
    counter: Counter, library: CounterLibrary, line: CutLine, page: int, word: str, keep: str
) -> None:
    if page == 1:
        counter.open_visit(library.patron())
    counter.f(page)
    scan_while_cut(counter, line, lent(library))
    assert (counter.strip().word, counter.strip().right) == (word, keep)
    said = {other: other in counter.banner_text() for other in ("未貸出", "未返却", "未延長")}
    assert said == {other: other == word for other in said}


@pytest.mark.parametrize("why", ["veil", "line", "both"])
def test_the_book_drop_says_so_as_long_as_it_is_on(
    counter: Counter, library: CounterLibrary, line: CutLine, why: str
) -> None:
    counter.f(2)
    counter.f(11)
    if why != "line":
        counter.press(Qt.Key.Key_Escape, "\x1b")
    if why != "veil":
        scan_while_cut(counter, line, lent(library))
    said = counter.banner_text()
    assert "返却ポスト処理中  返却日 5/11(月)" in said
    assert ("画面を隠しています" in said, "回線断" in said) == (why != "line", why != "veil")
    # the banner's button ends what it names: first the veil, then the book drop
    counter.window.frame.banner.button().click()
    assert ("返却ポスト" in counter.banner_text()) is (why != "line")
    assert "画面を隠しています" not in counter.banner_text()


def test_the_day_of_the_book_drop_is_the_day_on_record(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    item = lent(library)
    counter.f(2)
    counter.f(11)
    scan_while_cut(counter, line, item)
    mend(counter, line)
    with library.engine.connect() as connection:
        days = connection.execute(t.loan.select()).mappings().all()
    assert [row["returned_on"] for row in days] == [TODAY - dt.timedelta(days=1)]
