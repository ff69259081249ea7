"""What goes wrong at the counter while items are lent: the same item or card again, what is said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.training.situations import patron_number
from madoguchi.widgets.look.views import Sign, Tone
from tests.counter.harness import Counter, CounterLibrary, CutLine, unique
from tests.support.library import TODAY

DUE = TODAY + dt.timedelta(days=14)


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


# -- the same item, the same card ------------------------------------------------------------------------


def test_lent_by_mistake_returned_and_lent_again(counter: Counter, library: CounterLibrary) -> None:
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    counter.scan_and_wait(item)
    counter.f(2)
    counter.scan_and_wait(item)
    counter.f(1)
    assert counter.scan_and_wait(item).sign is Sign.DONE
    assert library.loans() == [(card, item)]


def test_what_was_lent_twice_is_one_item_and_known_by_its_last_row(
    counter: Counter, library: CounterLibrary
) -> None:
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    counter.scan_and_wait(item)
    counter.f(2)
    counter.scan_and_wait(item)
    counter.f(1)
    counter.scan_and_wait(item)
    row = counter.scan_and_wait(item)
    assert (row.sign, row.detail, row.title) == (
        Sign.SAME_ITEM,
        "2行目で読み取り済み",
        counter.rows()[0].title,
    )
    assert counter.page.header().count == 1
    assert counter.strip().side_first == row.detail
    assert library.loans() == [(card, item)]


def test_the_same_item_that_another_has_taken_meanwhile(counter: Counter, library: CounterLibrary) -> None:
    item, other = library.item(), library.patron()
    counter.open_visit(library.patron())
    counter.scan_and_wait(item)
    counter.f(2)
    counter.scan_and_wait(item)
    library.lent(other, item, due_on=DUE)
    counter.f(1)
    assert counter.scan_and_wait(item).state == "別の利用者が貸出中"


def test_the_same_item_whose_answer_comes_to_the_next_patron_leaves_no_row(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    card, item, after = library.patron(), library.item(), library.patron()
    counter.open_visit(card)
    counter.scan_and_wait(item)
    line.hold()
    counter.scan(item)
    counter.scan(after)
    let_go(counter, line)
    assert counter.rows() == ()
    assert library.loans() == [(card, item)]


def test_the_same_card_again_gives_no_loan_up(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    line.down = True
    counter.scan(item)
    counter.until(lambda: counter.rows()[-1].sign is Sign.OUTAGE)
    counter.scan(card)
    line.down = False
    counter.settled()
    counter.settled()
    assert library.loans() == [(card, item)]


def test_the_same_card_again_says_who_it_is_and_ends_nothing(
    counter: Counter, library: CounterLibrary
) -> None:
    card, item, stays = library.patron(name="見本 花子"), library.item(), library.item(reference_only=True)
    counter.open_visit(card)
    counter.f(9)
    counter.type("0520")
    counter.scan_and_wait(item)
    counter.scan_and_wait(stays)
    before = counter.rows()
    counter.scan(card)
    counter.settled()
    assert (counter.strip().tone, counter.strip().title) == (Tone.DONE, "見本 花子")
    assert counter.rows() == before
    assert "期限指定 5/20(水)" in counter.banner_text()
    assert counter.page.header().count == 1


def test_a_card_that_was_refused_is_asked_about_again(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    card = patron_number(999_999)
    line.hold()
    counter.scan(card)
    counter.scan(library.item())
    let_go(counter, line)
    assert counter.rows()[-1].state == "登録のない利用者"
    counter.f(2)
    counter.f(1)
    assert counter.strip().tone is Tone.IDLE
    counter.scan(card)
    counter.settled()
    assert (counter.strip().tone, counter.strip().word) == (Tone.REFUSED, "登録のない利用者番号")


# -- words ------------------------------------------------------------------------------------------------


def test_parts_and_note_of_one_item_are_both_said(counter: Counter, library: CounterLibrary) -> None:
    item = library.item(attachments="別冊解答1", note="背が破れている")
    counter.open_visit(library.patron())
    row = counter.scan_and_wait(item)
    assert (row.state, row.detail) == ("付録あり", "別冊解答1・背が破れている")
    assert (counter.strip().side_first, counter.strip().side_second) == ("別冊解答1", "背が破れている")


@pytest.mark.parametrize("state", ["pending", "outage"])
def test_the_row_of_the_same_item_promises_nothing(
    counter: Counter, library: CounterLibrary, line: CutLine, state: str
) -> None:
    counter.open_visit(library.patron())
    item = library.item()
    if state == "pending":
        line.hold()
        counter.scan(item)
    else:
        line.down = True
        counter.scan(item)
        counter.until(lambda: counter.rows()[-1].sign is Sign.OUTAGE)
    counter.scan(item)
    row = counter.rows()[-1]
    assert row.sign is Sign.SAME_ITEM
    assert (row.under, row.action) == ("", "")


def test_after_an_answer_the_strip_says_what_became_of_it(counter: Counter, library: CounterLibrary) -> None:
    title = unique("事典")
    counter.open_visit(library.patron())
    counter.scan_and_wait(library.item(reference_only=True, title=title))
    counter.scan_and_wait(library.item(reference_only=True))
    counter.f(10)
    counter.pass_guard()
    counter.f(9)
    strip = counter.strip()
    assert (strip.tone, strip.word, strip.title) == (Tone.IDLE, "対応済み", title)
    assert (strip.right, strip.side_first) == ("貸出していません", "要対応 1")
    counter.f(10)
    counter.pass_guard()
    counter.f(9)
    assert counter.strip().side_first == ""


def test_back_at_the_page_the_strip_names_the_patron_and_no_outcome(
    counter: Counter, library: CounterLibrary
) -> None:
    counter.open_visit(library.patron(name="見本 花子"))
    counter.scan_and_wait(library.item(reference_only=True))
    counter.f(2)
    counter.f(1)
    strip = counter.strip()
    assert (strip.tone, strip.word, strip.title) == (Tone.IDLE, "資料を読み取ってください", "見本 花子")
    counter.open_visit(library.patron(name="前田 古志", last_used_on=dt.date(2020, 4, 1)))
    counter.f(2)
    counter.f(1)
    assert (counter.strip().tone, counter.strip().word) == (Tone.NOTICE, "カード期限切れ")


def test_a_reservation_that_was_picked_up_waits_no_more(counter: Counter, library: CounterLibrary) -> None:
    card, item = library.patron(), library.item()
    library.reserved(card, item, state="ready", trapped_item_id=library.id_of_item(item), keep_until=TODAY)
    counter.open_visit(card)
    assert "取置 1点" in counter.left_text()
    row = counter.scan_and_wait(item)
    assert row.detail == "予約していた資料"
    counter.settled()
    assert "取置" not in counter.left_text()


def test_rows_left_behind_have_no_number(counter: Counter, library: CounterLibrary) -> None:
    for _ in range(2):
        counter.open_visit(library.patron())
        counter.scan_and_wait(library.item(reference_only=True))
    counter.open_visit(library.patron())
    counter.scan_and_wait(library.item())
    assert [row.number for row in counter.rows()] == [0, 0, 1]
    counter.f(10)
    question = counter.window.frame.question.view()
    assert question is not None
    assert question.detail.startswith(counter.rows()[0].title)
