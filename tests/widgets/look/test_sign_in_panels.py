"""What can stand in the place of the sign-in, and what stands there right after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.arrival_card import ArrivalCard
from madoguchi.widgets.look.new_password_panel import NewPasswordPanel
from madoguchi.widgets.look.panel_views import ArrivalView
from madoguchi.widgets.look.question_panel import QuestionPanel
from madoguchi.widgets.look.sentences import Sentences
from madoguchi.widgets.look.theme import Look, Theme
from madoguchi.widgets.look.views import Answer, Sign

from .panel_checks import check_texts, spoken
from .panel_scenes import (
    ARRIVAL,
    DIFFERING,
    ELSEWHERE,
    NEW_PASSWORD,
    REFUSED_PASSWORD,
    arrival,
    elsewhere,
    new_password,
    present,
)
from .stage import theme as theme_of

# A new password ------------------------------------------------------------------------------------


@pytest.fixture
def panel(qtbot: QtBot, look: Look) -> Iterator[NewPasswordPanel]:
    widget = NewPasswordPanel(look)
    qtbot.addWidget(widget)
    widget.resize(1366, 700)
    widget.set_view(NEW_PASSWORD)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    widget.start()
    yield widget
    widget.close()


def _edits(panel: NewPasswordPanel) -> tuple[QLineEdit, QLineEdit]:
    return panel.first_field().edit(), panel.second_field().edit()


def test_enter_goes_on_to_the_second_field_and_there_it_sends(qtbot: QtBot, panel: NewPasswordPanel) -> None:
    first, second = _edits(panel)
    assert first.hasFocus()
    QTest.keyClicks(first, " kaze no ")
    QTest.keyClick(first, Qt.Key.Key_Return)
    assert second.hasFocus()
    QTest.keyClicks(second, "matasaburo")
    with qtbot.waitSignal(panel.submitted) as sent:
        QTest.keyClick(second, Qt.Key.Key_Return)
    # as they were typed, and gone from the fields, also from what Undo would bring back
    assert sent.args == [" kaze no ", "matasaburo"]
    assert first.text() == second.text() == ""
    assert not first.isUndoAvailable()
    assert not second.isUndoAvailable()
    assert first.hasFocus()


def test_nothing_is_sent_while_a_field_is_empty(qtbot: QtBot, panel: NewPasswordPanel) -> None:
    first, second = _edits(panel)
    with qtbot.assertNotEmitted(panel.submitted):
        QTest.keyClick(first, Qt.Key.Key_Return)
        assert first.hasFocus()
        panel.change_button().click()
        QTest.keyClicks(first, "kaze")
        panel.change_button().click()
    assert second.hasFocus()


def test_the_passwords_are_never_shown_or_spoken(panel: NewPasswordPanel) -> None:
    for edit in _edits(panel):
        QTest.keyClicks(edit, "s3cret")
        assert edit.echoMode() is QLineEdit.EchoMode.Password
        assert "s3cret" not in edit.displayText()
        interface = QAccessible.queryAccessibleInterface(edit)
        assert "s3cret" not in interface.text(QAccessible.Text.Value)
        assert not edit.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_all_problems_stand_there_at_once_and_are_heard(panel: NewPasswordPanel) -> None:
    panel.set_view(REFUSED_PASSWORD)
    assert panel.problem_lines().lines() == REFUSED_PASSWORD.problems
    heard = spoken(panel.problem_lines())[1]
    assert all(line in heard for line in REFUSED_PASSWORD.problems)
    first, second = _edits(panel)
    assert spoken(first)[2] == " ".join(REFUSED_PASSWORD.problems)
    assert spoken(second)[2] == ""
    panel.set_view(DIFFERING)
    assert not panel.problem_lines().isVisible()
    assert spoken(first)[2] == ""
    assert spoken(second)[2] == DIFFERING.differ


def test_esc_and_the_button_lead_back_and_clear_what_was_typed(qtbot: QtBot, panel: NewPasswordPanel) -> None:
    first, _ = _edits(panel)
    QTest.keyClicks(first, "half")
    with qtbot.waitSignal(panel.left):
        QTest.keyClick(first, Qt.Key.Key_Escape)
    assert first.text() == ""
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        panel.back_button().setFocus()
        with qtbot.waitSignal(panel.left):
            QTest.keyClick(panel.back_button(), key)


def test_while_busy_nothing_is_typed_sent_or_left(qtbot: QtBot, panel: NewPasswordPanel) -> None:
    first, _ = _edits(panel)
    panel.change_button().setFocus()
    panel.set_view(replace(NEW_PASSWORD, busy=True))
    assert first.hasFocus()
    with qtbot.assertNotEmitted(panel.submitted), qtbot.assertNotEmitted(panel.left):
        QTest.keyClicks(first, "more")
        QTest.keyClick(first, Qt.Key.Key_Return)
        QTest.keyClick(first, Qt.Key.Key_Escape)
    assert first.text() == ""
    assert not panel.change_button().isEnabled()


def test_its_controls_are_named(panel: NewPasswordPanel) -> None:
    first, second = _edits(panel)
    assert spoken(first)[:2] == (QAccessible.Role.EditableText, "新しいパスワード")
    assert spoken(second)[:2] == (QAccessible.Role.EditableText, "もう一度")
    assert spoken(panel.change_button())[:2] == (QAccessible.Role.Button, "Enter パスワードを変える")
    assert spoken(panel.back_button())[:2] == (QAccessible.Role.Button, "Esc サインインに戻る")
    assert spoken(panel)[1] == NEW_PASSWORD.heading
    assert NEW_PASSWORD.rules in spoken(panel)[2]


# A question before the sign-in is done ----------------------------------------------------------------


class Clock:
    """Milliseconds that a test lets pass."""

    now = 0

    def __call__(self) -> int:
        return self.now


def test_no_is_the_answer_at_hand_and_enter_gives_none(qtbot: QtBot, look: Look) -> None:
    clock = Clock()
    panel = QuestionPanel(look, now_ms=clock)
    qtbot.addWidget(panel)
    panel.resize(1366, 700)
    panel.ask(ELSEWHERE)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    stop = panel.question().button(Answer.STOP)
    assert stop.hasFocus()
    answers: list[object] = []
    panel.answered.connect(answers.append)
    QTest.keyClick(stop, Qt.Key.Key_F10)
    assert answers == []
    clock.now = 1_000
    QTest.keyClick(stop, Qt.Key.Key_Return)
    assert answers == []
    QTest.keyClick(stop, Qt.Key.Key_F10)
    QTest.keyClick(stop, Qt.Key.Key_F9)
    QTest.keyClick(stop, Qt.Key.Key_Escape)
    assert answers == [Answer.OFFERED, Answer.STOP, Answer.STOP]
    panel.close_question()
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert len(answers) == 3
    assert spoken(panel.question())[1] == ""


# Arrived ----------------------------------------------------------------------------------------------


def test_the_arrival_takes_no_focus_and_is_heard(qtbot: QtBot) -> None:
    scene = arrival(theme_of())
    qtbot.addWidget(scene.frame)
    with qtbot.waitExposed(scene.frame):
        scene.frame.show()
    scene.frame.activateWindow()
    qtbot.waitUntil(scene.frame.isActiveWindow)
    before = QApplication.focusWidget()
    present(scene)
    card = scene.part
    assert isinstance(card, ArrivalCard)
    assert QApplication.focusWidget() is before
    heard = spoken(card.flag_list())[1]
    assert all(flag.label in heard and flag.detail in heard for flag in ARRIVAL.flags)
    with qtbot.waitSignal(card.closed):
        QTest.mouseClick(card.close_button(), Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is before
    # a scanner's Enter does not press it
    with qtbot.assertNotEmitted(card.closed):
        QTest.keyClick(card.close_button(), Qt.Key.Key_Return)
    card.set_view(None)
    assert card.isHidden()
    assert spoken(card.flag_list())[1] == ""
    assert ARRIVAL.heading not in card.accessibleName()


def test_one_flag_makes_a_low_card(look: Look, qtbot: QtBot) -> None:
    card = ArrivalCard(look)
    qtbot.addWidget(card)
    card.set_view(ARRIVAL)
    full = card.fit(900, 700)
    card.set_view(ArrivalView(ARRIVAL.heading, ARRIVAL.flags[:1], ARRIVAL.hint))
    assert card.fit(900, 700) < full


# Sentences --------------------------------------------------------------------------------------------


def test_sentences_wrap_and_take_no_room_when_there_are_none(look: Look, qtbot: QtBot) -> None:
    lines = Sentences(look)
    qtbot.addWidget(lines)
    assert lines.height_for(400) == 0
    lines.set_lines(
        ["短い文です。", "", "こちらは幅に入らないので、いくつかの行に分けて書かれる、長い文です。"]
    )
    assert len(lines.lines()) == 2
    assert lines.height_for(400) > lines.height_for(2000) == 2 * lines.wanted_height()
    lines.resize(400, lines.height_for(400))
    assert "".join(piece.text for piece in lines.trace()).endswith("長い文です。")
    lines.set_lines(["注意"], Sign.NOTICE)
    assert spoken(lines)[1] == "注意"


# In any window ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("build", [new_password, elsewhere, arrival], ids=lambda build: build.__name__)
def test_they_follow_another_text_size_and_back(qtbot: QtBot, build: type) -> None:
    scene = build(theme_of(), (1024, 700))
    qtbot.addWidget(scene.frame)
    with qtbot.waitExposed(scene.frame):
        present(scene)
    before = [piece.px for piece in _first_text(scene.part)]

    def wear(new: Theme) -> None:
        scene.frame.set_theme(new)
        QApplication.processEvents()

    for scale in (2.0, 1.5):
        wear(theme_of(scale=scale))
        assert check_texts(scene.part) > 3
        largest = max(piece.px for piece in _first_text(scene.part))
        assert largest > max(before), "nothing was set larger"
    wear(theme_of())
    assert [piece.px for piece in _first_text(scene.part)] == before


def _first_text(part: object) -> list:
    widgets = [part, *part.findChildren(Sentences), *part.findChildren(QuestionPanel)]  # type: ignore[attr-defined]
    if isinstance(part, QuestionPanel):
        widgets = [part.question()]
    return [piece for widget in widgets for piece in widget.trace() if piece.text.strip()]
