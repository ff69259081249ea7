"""Reserving from the search at the real window: for whom it is, what is meant, what is told."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.barcode.commands import Command
from madoguchi.widgets.look.search_panel import BOX
from madoguchi.widgets.look.views import Tone
from madoguchi.widgets.search_page import SEARCH
from tests.counter.harness import Counter, CounterLibrary, CutLine, SlowServer, both, where_said
from tests.counter.searching import (
    form,
    form_is_open,
    found,
    look_for,
    look_until_found,
    open_reservation,
    panel,
    search_page,
    shown,
    waiting,
)
from tests.counter.test_commands import command
from tests.support.library import MINAMI, TODAY


@both
def test_enter_reserves_for_whoever_is_at_the_counter(
    counter: Counter, library: CounterLibrary, titles: list[int], items: list[str]
) -> None:
    card = library.patron()
    counter.open_visit(card)
    look_until_found(counter, "ここ", "こころ")
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: form_is_open(counter))
    assert form(counter).values()["card"] == card
    form(counter).set_values({"pickup": str(MINAMI)})
    # Enter goes on and never sends: a scanner types it
    counter.press(Qt.Key.Key_Return, "\r")
    assert waiting(library, card) == []
    counter.f(10)
    counter.until(lambda: counter.strip().tone is Tone.DONE)
    assert counter.strip().title == "こころ"
    assert "1番目" in counter.strip().right
    assert waiting(library, card) == [(titles[0], MINAMI)]
    counter.until(lambda: panel(counter).results.view().records[0].cells[-1] == "1")
    view = search_page(counter).left().view()
    counter.until(lambda: "1人" in search_page(counter).left().view().queue)
    assert view is not None
    # the visit goes on where it was
    counter.f(1)
    assert card in counter.left_text()


@both
def test_a_card_that_is_read_in_the_form_is_whose_it_is(
    counter: Counter, library: CounterLibrary, titles: list[int], items: list[str]
) -> None:
    card = library.patron()
    open_reservation(counter, "ここ", "こころ")
    counter.pass_guard()
    counter.f(10)
    counter.until(lambda: form(counter).field("card").field_view().error != "")
    assert waiting(library, card) == []
    counter.scan(card)
    counter.until(lambda: form(counter).values()["card"] == card)
    counter.f(10)
    counter.until(lambda: waiting(library, card) == [(titles[0], 1)])


def test_a_refusal_is_said_in_the_form_and_the_next_try_is_another(
    counter: Counter, library: CounterLibrary, titles: list[int], items: list[str]
) -> None:
    late = library.patron()
    library.lent(late, library.item(title="遅れた本"), due_on=TODAY - dt.timedelta(days=40))
    card = library.patron()
    open_reservation(counter, "ここ", "こころ")
    counter.scan(late)
    counter.f(10)
    counter.until(lambda: counter.strip().tone is Tone.REFUSED)
    assert "長期延滞" in counter.strip().word
    assert form_is_open(counter)
    counter.scan(card)
    counter.f(10)
    counter.until(lambda: waiting(library, card) == [(titles[0], 1)])
    counter.until(lambda: not form_is_open(counter))
    assert waiting(library, late) == []
    assert where_said(card, late) == []


def test_an_outage_in_the_middle_reserves_once_and_says_so_later(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary
) -> None:
    line = CutLine(embedded)
    counter = Counter(qtbot, qapp, embedded, line)
    try:
        counter.sign_in()
        embedded.item(title="深海の魚")
        card = embedded.patron()
        open_reservation(counter, "深海", "深海の魚")
        counter.scan(card)
        line.down = True
        counter.f(10)
        counter.until(lambda: "回線" in form(counter).message_line().text())
        counter.press(Qt.Key.Key_Escape)
        counter.until(lambda: not form_is_open(counter))
        line.down = False
        counter.until(lambda: counter.strip().tone is Tone.DONE)
        assert len(waiting(embedded, card)) == 1
    finally:
        counter.close()


def test_esc_leaves_the_form_and_hides_nothing(counter: Counter, items: list[str]) -> None:
    open_reservation(counter, "ここ", "こころ")
    counter.press(Qt.Key.Key_Escape)
    counter.until(lambda: not form_is_open(counter))
    assert counter.banner_text() == ""
    assert QApplication.focusWidget() is panel(counter).field(BOX).edit()


# -- somebody else comes ---------------------------------------------------------------------------------


def test_the_form_does_not_outlive_the_visit_it_was_opened_in(
    counter: Counter, library: CounterLibrary, items: list[str]
) -> None:
    first, second = library.patron(), library.patron()
    counter.open_visit(first)
    open_reservation(counter, "ここ", "こころ")
    counter.f(1)
    counter.open_visit(second)
    counter.turn()
    assert where_said(first) == []
    counter.f(SEARCH)
    assert not form_is_open(counter)
    counter.type("ここ", enter=False)
    counter.until(lambda: shown(counter) == "こころ" and 10 in counter.live_keys())
    counter.f(10)
    counter.until(lambda: form_is_open(counter))
    assert form(counter).values()["card"] == second


def test_what_was_looked_for_with_one_patron_is_gone_for_the_next(
    counter: Counter, library: CounterLibrary, items: list[str]
) -> None:
    look_for(counter, "ここ")
    counter.until(lambda: shown(counter) == "こころ")
    # read in the middle of a search: it is for whoever comes
    counter.scan(card := library.patron())
    counter.until(lambda: card in counter.left_text())
    counter.f(SEARCH)
    assert found(counter) == ["こころ"]
    counter.f(1)
    counter.f(11)
    counter.turn()
    assert where_said("こころ") == []
    counter.f(SEARCH)
    assert (found(counter), panel(counter).values()) == ([], {})


def test_while_the_screen_is_hidden_the_form_shows_nobodys_number(
    counter: Counter, library: CounterLibrary, items: list[str]
) -> None:
    card = library.patron()
    counter.open_visit(card)
    counter.press(Qt.Key.Key_Escape)
    open_reservation(counter, "ここ", "こころ")
    assert where_said(card) == []


def test_what_is_still_in_sight_of_an_earlier_question_is_not_reserved(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary
) -> None:
    line = SlowServer(embedded)
    counter = Counter(qtbot, qapp, embedded, line)
    try:
        counter.sign_in()
        embedded.item(title="深海の魚")
        star = embedded.item(title="星の本")
        look_until_found(counter, "深海", "深海の魚")
        line.delay_seconds = 0.5
        counter.scan(star)
        counter.f(10)
        assert not form_is_open(counter)
        # once it is known what was meant
        counter.until(lambda: form_is_open(counter))
        assert "星の本" in form(counter).view().note
    finally:
        counter.close()


def test_a_card_that_is_read_while_a_reservation_is_on_its_way_begins_its_visit(
    qtbot: QtBot, qapp: QApplication, embedded: CounterLibrary
) -> None:
    line = SlowServer(embedded)
    counter = Counter(qtbot, qapp, embedded, line)
    try:
        counter.sign_in()
        embedded.item(title="深海の魚")
        first, second = embedded.patron(), embedded.patron()
        open_reservation(counter, "深海", "深海の魚")
        counter.scan(first)
        line.hold()
        counter.f(10)
        counter.scan(second)
        line.let_go()
        counter.until(lambda: counter.window.page is not None and second in counter.left_text())
        counter.until(lambda: len(waiting(embedded, first)) == 1)
        assert waiting(embedded, second) == []
    finally:
        counter.close()


def test_no_command_code_reserves(counter: Counter, library: CounterLibrary, items: list[str]) -> None:
    card = library.patron()
    counter.open_visit(card)
    look_until_found(counter, "ここ", "こころ")
    command(counter, Command.ATTEND, Command.ATTEND)
    counter.turn()
    assert not form_is_open(counter)
    assert waiting(library, card) == []
