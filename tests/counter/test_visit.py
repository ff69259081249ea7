"""Whole visits: what a clerk does with scanner and keys, what is shown, what the library holds."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt

from madoguchi.app.server import tables as t
from madoguchi.widgets.look.views import Answer, RowView, Sign, Tone
from tests.counter.harness import Counter, CounterLibrary, SlowServer, both, unique, where_said
from tests.support.library import TODAY

DUE = TODAY + dt.timedelta(days=14)


def states(counter: Counter) -> list[tuple[int, Sign]]:
    """Number and sign of each row."""
    return [(row.number, row.sign) for row in counter.rows()]


# -- lending ---------------------------------------------------------------------------------------------


@both
def test_a_visit_lends_and_the_next_card_ends_it(counter: Counter, library: CounterLibrary) -> None:
    name, title = unique("見本"), unique("銀河")
    first, second = library.patron(name=name), library.patron(name="次の人")
    items = [library.item(title=title), library.item()]
    counter.open_visit(first)
    assert name in counter.left_text()
    for number, item in enumerate(items, start=1):
        row = counter.scan_and_wait(item)
        assert (row.number, row.sign, row.right) == (number, Sign.DONE, "5/26(火)")
    assert counter.rows()[0].title == title
    assert counter.page.header().count == 2
    assert "図書・雑誌 2/10" in counter.left_text()
    assert library.loans() == [(first, items[0]), (first, items[1])]

    counter.open_visit(second)
    assert counter.rows() == ()
    assert "次の人" in counter.left_text()
    counter.turn()
    assert where_said(name, title, first, *items) == []
    assert counter.scan_and_wait(library.item()).number == 1


@both
def test_each_scan_has_its_row_at_once_and_in_order_while_the_library_is_slow(
    counter: Counter, library: CounterLibrary, slow: SlowServer
) -> None:
    card = library.patron()
    counter.open_visit(card)
    items = [library.item() for _ in range(3)]
    slow.delay_seconds = 1.0
    for place, item in enumerate(items, start=1):
        counter.scan(item)
        assert states(counter)[-1] == (place, Sign.PENDING)
        assert counter.rows()[-1].title == item
    assert library.loans() == []
    seen: list[list[Sign]] = []

    def in_order() -> bool:
        signs = [row.sign for row in counter.rows()]
        if not seen or signs != seen[-1]:
            seen.append(signs)
        return signs == [Sign.DONE] * 3

    counter.until(in_order)
    assert seen == [[Sign.DONE] * done + [Sign.PENDING] * (3 - done) for done in range(4)]
    assert library.loans() == [(card, item) for item in items]


def test_the_strip_says_that_an_answer_takes_its_time(counter: Counter, slow: SlowServer) -> None:
    counter.open_visit(counter.library.patron())
    item = counter.library.item()
    slow.hold()
    counter.scan(item)
    counter.until(lambda: counter.strip().tone is Tone.PENDING)
    assert counter.strip().title == item
    slow.let_go()
    counter.settled()
    assert counter.strip().tone is Tone.DONE


@both
def test_three_answers_to_an_item_that_is_on_loan(counter: Counter, library: CounterLibrary) -> None:
    card, other = library.patron(), library.patron()
    own, taken, free = library.item(), library.item(), library.item()
    library.lent(card, own, due_on=TODAY + dt.timedelta(days=3))
    library.lent(other, taken, due_on=TODAY)
    counter.open_visit(card)
    counter.scan_and_wait(free)
    said = [(row.sign, row.state, row.detail) for row in map(counter.scan_and_wait, (own, taken, free))]
    assert said == [
        (Sign.REFUSED, "この利用者が貸出中", "期限 5/15(金)"),
        (Sign.REFUSED, "別の利用者が貸出中", "先に返却が必要"),
        (Sign.SAME_ITEM, "同じ資料", "1行目で読み取り済み"),
    ]
    assert library.counted() == 1


def test_the_same_item_before_its_first_answer_is_not_asked_for_again(
    counter: Counter, library: CounterLibrary, slow: SlowServer
) -> None:
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    slow.hold()
    counter.scan(item)
    counter.scan(item)
    slow.let_go()
    counter.settled()
    assert states(counter) == [(1, Sign.DONE), (2, Sign.SAME_ITEM)]
    assert library.loans() == [(card, item)]


def test_what_is_on_loan_to_the_patron_can_be_renewed_from_the_row(
    counter: Counter, library: CounterLibrary
) -> None:
    card, own = library.patron(), library.item()
    library.lent(card, own, due_on=TODAY + dt.timedelta(days=3))
    counter.open_visit(card)
    counter.scan_and_wait(own)
    counter.f(10)
    counter.pass_guard()
    counter.f(10)
    counter.settled()
    assert [(row.sign, row.state, row.right) for row in counter.rows()] == [(Sign.DONE, "延長", "5/26(火)")]
    assert library.value(sa.select(t.loan.c.due_on)) == DUE


def test_an_item_before_any_card_is_told_so_and_can_be_scanned_again(counter: Counter) -> None:
    item = counter.library.item()
    row = counter.scan_and_wait(item)
    assert (row.sign, row.state) == (Sign.REFUSED, "利用者カードが先です")
    counter.open_visit(counter.library.patron())
    assert counter.scan_and_wait(item).sign is Sign.DONE


@pytest.mark.parametrize("card", ["unknown", "lost"])
def test_a_card_that_opens_no_visit(counter: Counter, library: CounterLibrary, card: str) -> None:
    number = "2000009007" if card == "unknown" else "2000009106"
    owner = library.patron(lost_card=number) if card == "lost" else library.patron()
    counter.scan(number)
    counter.until(lambda: counter.strip().tone is Tone.REFUSED)
    said = {"unknown": "登録のない利用者番号", "lost": "紛失届のあるカード"}
    assert counter.strip().word == said[card]
    assert counter.scan_and_wait(library.item()).state == "利用者カードが先です"
    counter.open_visit(owner)
    assert counter.scan_and_wait(library.item()).sign is Sign.DONE


def test_notes_are_seen_at_the_scan(counter: Counter, library: CounterLibrary) -> None:
    note, about = unique("大活字本を希望"), unique("背の破れあり")
    noted = library.patron(note=note)
    counter.scan(noted)
    counter.until(lambda: counter.strip().word == "職員メモ")
    assert (counter.strip().tone, counter.strip().title) == (Tone.NOTICE, note)
    assert note in counter.left_text()
    row = counter.scan_and_wait(library.item(note=about))
    assert (row.sign, row.state, row.detail) == (Sign.NOTICE, "資料メモ", about)
    # what stops a loan comes first; the note is in the panel
    idle = library.patron(note=note, last_used_on=dt.date(2020, 4, 1))
    counter.scan(idle)
    counter.until(lambda: counter.strip().word == "カード期限切れ・職員メモあり")
    assert note in counter.left_text()


# -- refusals --------------------------------------------------------------------------------------------


def test_an_unanswered_refusal_stays_for_the_next_patron_as_a_number(
    counter: Counter, library: CounterLibrary
) -> None:
    title = unique("事典")
    reference, answered = library.item(title=title, reference_only=True), library.item(reference_only=True)
    counter.open_visit(library.patron())
    counter.scan_and_wait(answered)
    counter.f(10)
    counter.pass_guard()
    counter.f(9)
    counter.scan_and_wait(reference)
    counter.open_visit(library.patron())
    (left,) = counter.rows()
    assert (left.sign, left.title, left.answered) == (Sign.REFUSED, reference, False)
    assert "前の利用者" in left.under
    counter.turn()
    assert where_said(title) == []
    # to the next patron it can be neither lent nor renewed from there, only be dealt with
    counter.f(10)
    question = counter.window.frame.question.view()
    assert question is not None
    assert (question.offered, question.unusual) == (None, None)
    counter.pass_guard()
    counter.f(9)
    assert counter.rows() == ()
    assert library.loans() == []


@both
def test_an_override_needs_a_reason_and_holds_for_its_item_only(
    counter: Counter, library: CounterLibrary
) -> None:
    card, first, second = (
        library.patron(),
        library.item(reference_only=True),
        library.item(reference_only=True),
    )
    counter.open_visit(card)
    counter.scan_and_wait(first)
    card_of_question = counter.window.frame.question
    counter.f(10)
    counter.pass_guard()
    counter.f(11)
    assert card_of_question.view() is not None, "no reason was given"
    card_of_question.reasons().buttons()[1].click()
    counter.f(11)
    counter.until(lambda: counter.rows()[-1].sign is Sign.DONE)
    assert library.loans() == [(card, first)]
    (granted,) = library.rows(sa.select(t.loan_override))
    assert [granted[column] for column in ("refusal", "reason", "login")] == [
        "reference_only",
        "approved",
        "clerk",
    ]
    assert counter.rows()[0].answered
    # what was said about the one item says nothing of the next
    row = counter.scan_and_wait(second)
    assert (row.sign, row.state) == (Sign.REFUSED, "禁帯出")


@both
def test_an_override_about_the_patron_holds_for_the_visit_only(
    counter: Counter, library: CounterLibrary
) -> None:
    card = library.patron()
    library.lent(card, library.item(), due_on=TODAY - dt.timedelta(days=40))
    counter.open_visit(card)
    assert counter.scan_and_wait(library.item()).state == "長期延滞あり"
    counter.f(10)
    counter.pass_guard()
    counter.window.frame.question.reasons().buttons()[0].click()
    counter.f(11)
    counter.until(lambda: counter.rows()[-1].sign is Sign.DONE)
    # for the rest of the visit the question is not asked again; in the next one it is
    assert counter.scan_and_wait(library.item()).sign is Sign.DONE
    counter.f(11)
    counter.open_visit(card)
    assert counter.scan_and_wait(library.item()).state == "長期延滞あり"


def test_what_does_not_answer_a_question(counter: Counter, library: CounterLibrary) -> None:
    question = counter.window.frame.question
    counter.open_visit(library.patron())
    counter.scan_and_wait(library.item(reference_only=True))
    before = library.dump()
    counter.f(10)
    question.reasons().buttons()[0].setChecked(True)
    for key in (9, 10, 11):  # within the guard time
        counter.f(key)
    assert question.view() is not None
    counter.pass_guard()
    for button in (*question.reasons().buttons(), *(question.button(answer) for answer in Answer)):
        if button.isVisible():
            button.setFocus()
            counter.press(Qt.Key.Key_Return, "\r")
            counter.press(Qt.Key.Key_Enter, "\r")
    for key in (1, 2, 3, 8):
        counter.f(key)
    counter.f(11, repeat=True)
    assert question.view() is not None
    # the privacy key takes the question away with the title it is about, and answers nothing
    counter.press(Qt.Key.Key_Escape, "\x1b")
    assert question.view() is None
    counter.settled()
    assert library.dump() == before
    assert counter.page is counter.window.page
    assert [(row.sign, row.answered) for row in counter.rows()] == [(Sign.REFUSED, False)]


def test_the_next_scan_leaves_a_question_unanswered(counter: Counter, library: CounterLibrary) -> None:
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    counter.scan_and_wait(library.item(reference_only=True))
    counter.f(10)
    counter.pass_guard()
    assert counter.window.frame.question.isVisible()
    row = counter.scan_and_wait(item)
    assert row.sign is Sign.DONE
    assert counter.window.frame.question.view() is None
    assert not counter.window.frame.question.isVisible()
    assert [entry.row.number for entry in counter.page.open_refusals()] == [1]
    assert library.loans() == [(card, item)]
    assert library.rows(sa.select(t.loan_override)) == []


def test_a_question_offers_only_what_can_be_done(counter: Counter, library: CounterLibrary) -> None:
    # on loan to another: nothing can set that aside
    item = library.item()
    library.lent(library.patron(), item, due_on=DUE)
    counter.open_visit(library.patron())
    counter.scan_and_wait(item)
    counter.f(10)
    view = counter.window.frame.question.view()
    assert view is not None
    assert (view.offered, view.unusual) == (None, None)
    assert counter.live_keys() == {9, 12}


# -- typed numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("wide", [False, True])
def test_numbers_typed_by_hand(counter: Counter, library: CounterLibrary, wide: bool) -> None:
    def form(number: str) -> str:
        return "".join(chr(ord(digit) + 0xFEE0) for digit in number) if wide else number

    card, item = library.patron(), library.item()
    counter.type(form(card), enter=False)
    assert counter.rows() == ()
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: card in counter.left_text())
    counter.type(form(item) + "9", enter=False)
    counter.press(Qt.Key.Key_Backspace, "\b")
    counter.press(Qt.Key.Key_Return, "\r")
    counter.settled()
    assert library.loans() == [(card, item)]


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Delete])
def test_what_was_typed_is_taken_back(counter: Counter, library: CounterLibrary, key: Qt.Key) -> None:
    card = library.patron()
    counter.type(card, enter=False)
    counter.until(lambda: card in counter.page.list.next_line().text())
    assert where_said(card) != []
    counter.press(key)
    counter.press(Qt.Key.Key_Return, "\r")
    counter.settled()
    assert counter.rows() == ()
    assert where_said(card) == []


def test_a_row_is_painted_as_it_is(counter: Counter, library: CounterLibrary) -> None:
    title = "<b>太字</b> & <img src=x>"
    counter.open_visit(library.patron(name="<i>斜</i>"))
    row: RowView = counter.scan_and_wait(library.item(title=title))
    assert row.title == title
    assert title in counter.painted_rows()
    assert "<i>斜</i>" in counter.left_text()
