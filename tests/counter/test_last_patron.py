"""The last patron comes back for what they forgot: one key, for a few minutes, and never after sign-out."""

from __future__ import annotations

import sqlalchemy as sa
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.app.training.situations import patron_number
from madoguchi.widgets.look.views import Sign
from tests.counter.harness import Counter, CounterLibrary, SlowServer, both, where_said
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
    counter.sign_in()
    assert 8 not in counter.live_keys()
    counter.f(8)
    assert counter.left_text() == ""


def test_after_a_few_minutes_nobody_is_called_back(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary
) -> None:
    counter = Counter(qtbot, qapp, library, SlowServer(library.engine), last_patron_minutes=0.02)
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
