"""Enter confirms what was typed, whatever the mouse has just pressed; it answers and presses nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from tests.counter.harness import Counter, CounterLibrary


def test_after_the_corner_key_by_mouse_enter_confirms_what_is_typed(
    counter: Counter, library: CounterLibrary, qtbot: QtBot
) -> None:
    card = library.patron()
    for _ in range(2):
        qtbot.mouseClick(counter.window.frame.corner.hide_key(), Qt.MouseButton.LeftButton)
    counter.type(card)
    counter.settled()
    assert card in counter.left_text()


def test_after_the_banner_by_mouse_enter_confirms_what_is_typed(
    counter: Counter, library: CounterLibrary, qtbot: QtBot
) -> None:
    counter.f(2)
    counter.f(11)
    button = counter.window.frame.banner.findChildren(QAbstractButton)[0]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert counter.banner_text() == ""
    counter.type(library.item())
    counter.settled()
    assert len(counter.rows()) == 1


def test_a_number_typed_beside_a_question_is_taken_by_enter(
    counter: Counter, library: CounterLibrary
) -> None:
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    counter.scan_and_wait(library.item(reference_only=True))
    counter.f(10)
    counter.type(item)
    counter.settled()
    assert library.loans() == [(card, item)]
