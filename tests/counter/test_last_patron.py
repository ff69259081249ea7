"""The last patron comes back for what they forgot: one key, for a few minutes, and never after sign-out."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.app.training.situations import patron_number
from madoguchi.widgets.look.views import Sign, Tone
from tests.counter.harness import COLLEAGUE, Counter, CounterLibrary, SlowServer, both, unique, where_said
from tests.support.library import TODAY


@both
def test_the_last_patron_is_back(counter: Counter, library: CounterLibrary) -> None:
    card, forgotten = library.patron(), library.item()
    assert 8 not in counter.live_keys()
    counter.open_visit(card)
    assert 8 not in counter.live_keys()
    counter.f(11)
    assert where_said(card) == []
    assert 8 in counter.live_keys()
    counter.f(2)
    counter.f(8)
    counter.until(lambda: card in counter.left_text())
    assert counter.scan_and_wait(forgotten).sign is Sign.DONE
    assert library.loans() == [(card, forgotten)]


def test_two_patrons_take_turns(counter: Counter, library: CounterLibrary) -> None:
    first, second = library.patron(), library.patron()
    counter.open_visit(first)
    counter.open_visit(second)
    for card in (first, second, first):
        counter.f(8)
        counter.until(lambda card=card: card in counter.left_text())  # type: ignore[misc]


def test_a_card_that_opened_nothing_is_not_called_back(counter: Counter) -> None:
    counter.scan(patron_number(999_999))
    counter.settled()
    counter.f(11)
    assert 8 not in counter.live_keys()


def test_an_override_does_not_come_back_with_them(counter: Counter, library: CounterLibrary) -> None:
    card = library.patron()
    counter.open_visit(card)
    counter.scan_and_wait(library.item(reference_only=True))
    counter.f(10)
    counter.pass_guard()
    counter.window.frame.question.reasons().buttons()[0].click()
    counter.f(11)
    counter.until(lambda: counter.rows()[-1].sign is Sign.DONE)
    counter.f(11)
    counter.f(8)
    counter.until(lambda: card in counter.left_text())
    assert counter.scan_and_wait(library.item(reference_only=True)).state == "禁帯出"
    assert len(library.rows(sa.select(t.loan_override))) == 1


def test_after_sign_out_nobody_is_called_back(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    counter.f(12)
    counter.sign_in(COLLEAGUE)
    assert 8 not in counter.live_keys()
    counter.f(8)
    assert counter.left_text() == ""


def test_after_a_few_minutes_nobody_is_called_back(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary
) -> None:
    counter = Counter(qtbot, qapp, library, SlowServer(library), last_patron_minutes=0.02)
    counter.sign_in()
    counter.open_visit(library.patron())
    counter.f(11)
    assert 8 in counter.live_keys()
    counter.until(lambda: 8 not in counter.live_keys())
    counter.f(8)
    counter.settled()
    assert counter.page.next_words().startswith("利用者カードを")
    counter.close()


def test_the_panel_counts_what_came_back_meanwhile(counter: Counter, library: CounterLibrary) -> None:
    card, kept, brought = library.patron(), library.item(), library.item()
    library.lent(card, kept, due_on=TODAY)
    library.lent(card, brought, due_on=TODAY)
    counter.open_visit(card)
    assert "2/10" in counter.left_text()
    counter.f(2)
    counter.scan_and_wait(brought)
    counter.f(1)
    counter.until(lambda: "1/10" in counter.left_text())
    counter.scan_and_wait(brought)
    assert "2/10" in counter.left_text()
    assert "今回1" in counter.left_text()


def test_the_last_patron_is_not_the_one_before(
    counter: Counter, library: CounterLibrary, slow: SlowServer
) -> None:
    earlier, last, item = library.patron(), library.patron(), library.item()
    counter.open_visit(earlier)
    counter.f(11)
    slow.hold()
    counter.scan(last)
    counter.scan(item)
    counter.f(11)
    slow.let_go()
    slow.let_through(20)
    counter.settled()
    assert library.loans() == [(last, item)]
    counter.f(8)
    counter.until(lambda: last in counter.left_text())


def test_a_card_that_answers_long_after_is_not_the_last_one(
    counter: Counter, library: CounterLibrary, slow: SlowServer
) -> None:
    earlier, last = library.patron(), library.patron()
    slow.hold()
    for card in (earlier, last):
        counter.scan(card)
        counter.f(11)
    slow.let_through(1)
    counter.turn()
    assert 8 not in counter.live_keys()
    slow.let_go()
    slow.let_through(20)
    counter.settled()
    counter.f(8)
    counter.until(lambda: last in counter.left_text())


def test_a_card_that_answers_after_sign_out_is_nobodys(
    counter: Counter, library: CounterLibrary, slow: SlowServer
) -> None:
    slow.hold()
    counter.scan(library.patron())
    counter.f(12)
    slow.let_go()
    slow.let_through(20)
    counter.settled()
    counter.sign_in()
    assert 8 not in counter.live_keys()


def test_f8_between_two_patrons_says_that_one_was_finished(counter: Counter, library: CounterLibrary) -> None:
    name = unique("名")
    first, second, item = library.patron(), library.patron(name=name), library.item()
    counter.open_visit(first)
    counter.open_visit(second)
    counter.scan_and_wait(item)
    counter.f(8)
    counter.until(lambda: first in counter.left_text())
    assert (counter.strip().side_first, counter.strip().side_second) == (
        "その前の利用者は終了",
        "F8 で戻れます",
    )
    counter.turn()
    assert where_said(name) == []
    counter.f(8)
    counter.until(lambda: second in counter.left_text())
    assert library.loans() == [(second, item)]


@pytest.mark.parametrize("what", ["pending", "refusal", "override", "day", "prompt"])
def test_f8_takes_nothing_from_who_is_at_the_counter(
    counter: Counter, library: CounterLibrary, slow: SlowServer, what: str
) -> None:
    """The key may have been hit by accident."""
    first, second = library.patron(), library.patron(name="見本 花子")
    counter.open_visit(first)
    if what == "override":
        second = library.patron(name="見本 花子", last_used_on=dt.date(2020, 4, 1))
    counter.open_visit(second)
    if what == "pending":
        slow.hold()
        counter.scan(library.item())
    elif what == "refusal":
        counter.scan_and_wait(library.item(reference_only=True))
    elif what == "override":
        counter.scan_and_wait(library.item())
        counter.f(10)
        counter.pass_guard()
        counter.window.frame.question.reasons().buttons()[0].click()
        counter.f(11)
        counter.until(lambda: counter.rows()[-1].sign is Sign.DONE)
    else:
        counter.f(9)
        if what == "day":
            counter.type("0520")
    rows, keys = counter.rows(), counter.page.function_keys()
    counter.f(8)
    assert (counter.strip().tone, counter.strip().word) == (Tone.NOTICE, "この利用者は途中です")
    assert counter.strip().title == "見本 花子"
    assert (counter.rows(), counter.page.function_keys()) == (rows, keys)
    slow.let_go()
    counter.settled()
    assert second in counter.left_text()
    if what == "override":
        assert counter.scan_and_wait(library.item()).sign is Sign.DONE


def test_f8_after_their_card_was_read_again_ends_nothing(counter: Counter, library: CounterLibrary) -> None:
    card, item = library.patron(), library.item(reference_only=True)
    counter.open_visit(card)
    counter.f(11)
    counter.open_visit(card)
    row = counter.scan_and_wait(item)
    counter.f(8)
    counter.settled()
    assert counter.rows() == (row,)
    assert card in counter.left_text()
