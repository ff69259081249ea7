"""The number pad: by mouse alone, beside keyboard and scanner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.number_pad import NumberPad, TypedLine
from madoguchi.widgets.look.panel_views import NumberPadView
from madoguchi.widgets.look.question_card import QuestionCard
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import AnswerView, QuestionView

from .panel_checks import spoken

VIEW = NumberPadView("返却期限", "12", "月日4桁（例 1203）")
WORDS = ("erase", "clear", "enter", "close")


class Desk(QWidget):
    """A window with a field that has the focus and the pad below it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.resize(890, 400)
        self.field = QLineEdit(self)
        self.field.setGeometry(0, 0, 890, 48)
        self.pad = NumberPad(look, self)
        self.pad.setGeometry(0, 60, 890, self.pad.height_for(890))


@pytest.fixture
def desk(qtbot: QtBot, look: Look) -> Iterator[Desk]:
    widget = Desk(look)
    qtbot.addWidget(widget)
    widget.pad.set_view(VIEW)
    widget.show()
    widget.pad.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    widget.field.setFocus()
    yield widget
    widget.close()


@pytest.fixture
def told(desk: Desk) -> list[str]:
    said: list[str] = []
    desk.pad.digit.connect(said.append)
    for name, signal in zip(
        WORDS, (desk.pad.erased, desk.pad.cleared, desk.pad.entered, desk.pad.closed), strict=True
    ):
        signal.connect(lambda name=name: said.append(name))
    return said


def test_every_key_is_pressed_by_mouse_and_the_focus_stays_where_it_was(desk: Desk, told: list[str]) -> None:
    for name in (*"1234567890", *WORDS):
        QTest.mouseClick(desk.pad.key(name), Qt.MouseButton.LeftButton)
        assert desk.field.hasFocus()
    assert told == [*"1234567890", *WORDS]


def test_the_pad_does_not_take_the_focus_when_it_comes(desk: Desk) -> None:
    desk.pad.set_view(None)
    assert desk.pad.isHidden()
    desk.pad.set_view(VIEW)
    desk.pad.show()
    assert desk.field.hasFocus()


def test_by_keyboard_the_keys_are_reached_with_tab_and_pressed_with_space(
    desk: Desk, told: list[str]
) -> None:
    reached = []
    for _ in range(14):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        reached.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Space)
    assert reached == [
        desk.pad.key(name) for name in (*"12345", "erase", "enter", *"67890", "clear", "close")
    ]
    assert told == [*"12345", "erase", "enter", *"67890", "clear", "close"]


def test_enter_and_a_held_space_bar_press_nothing(desk: Desk, told: list[str]) -> None:
    for name in (*"1234567890", *WORDS):
        key = desk.pad.key(name)
        key.setFocus()
        for code in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QTest.keyClick(key, code)
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            held = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", True, 1)
            QApplication.sendEvent(key, held)
    assert told == []


def test_typed_figures_are_left_to_the_page(desk: Desk, told: list[str]) -> None:
    heard: list[str] = []
    desk.keyPressEvent = lambda event: heard.append(event.text())  # type: ignore[method-assign]
    desk.pad.key("5").setFocus()
    QTest.keyClicks(desk.pad.key("5"), "123")
    assert heard == ["1", "2", "3"]
    assert told == []


def test_what_is_typed_is_shown_and_spoken(desk: Desk) -> None:
    line = desk.pad.findChild(TypedLine)
    assert line is not None
    assert [piece.text for piece in line.trace()] == ["12"]
    assert spoken(line)[1] == "12"
    desk.pad.set_view(replace(VIEW, typed=""))
    assert [piece.text for piece in line.trace()] == ["未入力"]
    assert spoken(line)[1] == "未入力"


def test_the_pad_says_what_is_asked_for(desk: Desk) -> None:
    assert {piece.text for piece in desk.pad.trace()} == {"返却期限", "月日4桁（例 1203）"}
    assert spoken(desk.pad)[1:] == ("返却期限", "月日4桁（例 1203）")
    assert spoken(desk.pad.key("7"))[:2] == (QAccessible.Role.Button, "7")
    assert spoken(desk.pad.key("erase"))[:2] == (QAccessible.Role.Button, "1字消す")


def test_of_a_number_that_is_too_long_the_end_is_shown(desk: Desk) -> None:
    desk.pad.set_view(replace(VIEW, typed="1" * 150 + "9876"))
    line = desk.pad.findChild(TypedLine)
    assert line is not None
    (piece,) = line.trace()
    assert piece.text.startswith("…")
    assert piece.text.endswith("19876")
    assert piece.width <= piece.rect.width()


def test_put_away_the_pad_holds_nothing(desk: Desk) -> None:
    desk.pad.set_view(None)
    line = desk.pad.findChild(TypedLine)
    assert line is not None
    assert line.text() == "未入力"
    assert spoken(desk.pad)[1:] == ("", "")
    assert desk.pad.trace() == []


def test_the_pad_is_hardly_higher_than_a_question(qtbot: QtBot, look: Look) -> None:
    card = QuestionCard(look)
    qtbot.addWidget(card)
    answer = AnswerView("取置棚へ回す", "予約票を印刷します")
    card.open(QuestionView("どうしますか", "4行目", answer, answer, answer))
    pad = NumberPad(look)
    qtbot.addWidget(pad)
    pad.set_view(VIEW)
    assert pad.height_for(890) <= card.height_for(890) + 24


def test_untrusted_text_is_one_plain_line(desk: Desk) -> None:
    desk.pad.set_view(replace(VIEW, typed="12\n<b>3</b>\u202e"))
    line = desk.pad.findChild(TypedLine)
    assert line is not None
    assert [piece.text for piece in line.trace()] == ["12 <b>3</b>"]
