"""The question card: what answers it, and above all what does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.hint_line import HintLine
from madoguchi.widgets.look.question_card import QuestionCard, monotonic_ms
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Answer, AnswerView, QuestionView, ReasonView

QUESTION = QuestionView(
    "この資料には予約があります。どうしますか",
    "4行目  注文の多い料理店",
    AnswerView("貸さない", "資料は手元に残す"),
    AnswerView("取置棚へ回す"),
    AnswerView("予約を越えて貸す", "責任者の確認が必要"),
)
REASONS = (ReasonView("agreed", "予約者の了承あり"), ReasonView("mistake", "予約の入力誤り"))


class Clock:
    """Milliseconds that pass when told."""

    now = 10_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def card(qtbot: QtBot, look: Look, clock: Clock) -> Iterator[QuestionCard]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 400)
    widget = QuestionCard(look, window, now_ms=clock)
    widget.setGeometry(10, 10, 870, 300)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield widget
    window.close()


@pytest.fixture
def answers(card: QuestionCard) -> list[tuple[Answer, str]]:
    given: list[tuple[Answer, str]] = []
    card.answered.connect(lambda answer, reason: given.append((answer, reason)))
    return given


KEYS = [
    (Qt.Key.Key_F9, Answer.STOP),
    (Qt.Key.Key_F10, Answer.OFFERED),
    (Qt.Key.Key_F11, Answer.UNUSUAL),
]


@pytest.mark.parametrize(("key", "answer"), KEYS)
def test_each_key_gives_its_answer(
    card: QuestionCard, clock: Clock, answers: list[tuple[Answer, str]], key: Qt.Key, answer: Answer
) -> None:
    card.open(QUESTION)
    clock.now += 400
    QTest.keyClick(card.button(Answer.STOP), key)
    assert answers == [(answer, "")]


@pytest.mark.parametrize(("key", "answer"), KEYS)
def test_a_key_caught_elsewhere_counts_too(
    card: QuestionCard, clock: Clock, answers: list[tuple[Answer, str]], key: Qt.Key, answer: Answer
) -> None:
    assert not card.press(key)
    card.open(QUESTION)
    clock.now += 400
    assert not card.press(Qt.Key.Key_F8)
    assert card.press(key, auto_repeat=True)
    assert answers == []
    assert card.press(key)
    assert answers == [(answer, "")]


def test_the_focus_starts_on_f9(card: QuestionCard) -> None:
    card.open(QUESTION)
    assert card.button(Answer.STOP).hasFocus()


def test_nothing_answers_within_the_guard_time(
    card: QuestionCard, clock: Clock, answers: list[tuple[Answer, str]]
) -> None:
    card.open(QUESTION)
    clock.now += 399
    for key, answer in KEYS:
        QTest.keyClick(card, key)
        assert card.press(key)
        card.button(answer).click()
    assert answers == []
    clock.now += 400
    assert card.press(Qt.Key.Key_F10)
    assert answers == [(Answer.OFFERED, "")]


def test_whoever_hammers_on_the_key_that_opened_the_question_does_not_answer_it(
    card: QuestionCard, clock: Clock, answers: list[tuple[Answer, str]]
) -> None:
    card.open(QUESTION)
    for _ in range(20):
        clock.now += 150
        assert card.press(Qt.Key.Key_F10)
    assert answers == []
    clock.now += 400
    card.press(Qt.Key.Key_F10)
    assert answers == [(Answer.OFFERED, "")]


def test_nothing_of_a_closed_question_is_left_to_be_found(card: QuestionCard) -> None:
    card.open(replace(QUESTION, reasons=REASONS, hint="先頭の受取館 辻堂"))
    card.close_question()
    widgets = [card, *card.findChildren(QWidget)]
    said = [text for w in widgets for text in (w.accessibleName(), w.accessibleDescription())]
    said += [w.text() for w in widgets if isinstance(w, QAbstractButton | QLabel)]
    kept = [text for text in said if text and text not in ("理由",)]
    assert [text for text in kept if "Enter" not in text] == []


def test_the_hint_names_the_keys_that_answer_and_says_that_enter_does_not(card: QuestionCard) -> None:
    hints = []
    for offered, unusual in (
        (None, None),
        (AnswerView("する"), None),
        (AnswerView("する"), AnswerView("他")),
    ):
        card.open(replace(QUESTION, offered=offered, unusual=unusual))
        hints.append(next(w.text() for w in card.findChildren(HintLine)))
    assert ["F10" in hint for hint in hints] == [False, True, True]
    assert ["F11" in hint for hint in hints] == [False, False, True]
    assert all("Enter" in hint for hint in hints)


def test_a_question_too_large_for_its_room_wears_smaller_text_and_stays_whole(
    qtbot: QtBot, look: Look
) -> None:
    doubled = replace(look, theme=replace(look.theme, text_scale=2.0))
    card = QuestionCard(doubled)
    qtbot.addWidget(card)
    card.open(replace(QUESTION, reasons=REASONS))
    whole = card.height_for(900)
    assert card.fit(900, whole) == whole
    assert card.fit(900, whole - 1) < whole
    smallest = card.fit(900, 0)
    assert smallest == card.height_for(900) < whole // 2 + 40
    assert card.look.theme.text_scale == 1.0
    # With room again the text is as large as the clerk wished it.
    assert card.fit(900, whole) == whole


def test_the_guard_begins_again_with_each_question(
    card: QuestionCard, clock: Clock, answers: list[tuple[Answer, str]]
) -> None:
    card.open(QUESTION)
    clock.now += 5000
    card.open(QUESTION)
    card.press(Qt.Key.Key_F10)
    assert answers == []


def test_enter_never_answers(card: QuestionCard, clock: Clock, answers: list[tuple[Answer, str]]) -> None:
    card.open(replace(QUESTION, reasons=REASONS))
    clock.now += 5000
    targets: list[QWidget] = [card, *(card.button(answer) for answer in Answer), *card.reasons().buttons()]
    for widget in targets:
        widget.setFocus()
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QTest.keyClick(widget, key)
        QTest.keyClicks(widget, "a1012399016b")
    assert answers == []
    assert card.reasons().chosen_key() == ""


def test_a_held_key_does_not_answer(
    card: QuestionCard, clock: Clock, answers: list[tuple[Answer, str]]
) -> None:
    card.open(QUESTION)
    clock.now += 5000
    button = card.button(Answer.STOP)
    for key in (Qt.Key.Key_F10, Qt.Key.Key_Space):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            held = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", True, 1)
            QApplication.sendEvent(button, held)
    assert answers == []


def test_the_mouse_and_the_space_bar_answer(
    card: QuestionCard, clock: Clock, answers: list[tuple[Answer, str]]
) -> None:
    card.open(QUESTION)
    clock.now += 400
    QTest.mouseClick(card.button(Answer.OFFERED), Qt.MouseButton.LeftButton)
    QTest.keyClick(card.button(Answer.STOP), Qt.Key.Key_Space)
    assert answers == [(Answer.OFFERED, ""), (Answer.STOP, "")]


def test_an_answer_that_is_not_offered_is_not_taken(
    card: QuestionCard, clock: Clock, answers: list[tuple[Answer, str]]
) -> None:
    card.open(replace(QUESTION, offered=None, unusual=None))
    clock.now += 400
    assert card.press(Qt.Key.Key_F10)
    assert card.press(Qt.Key.Key_F11)
    assert answers == []
    assert card.press(Qt.Key.Key_F9)
    assert answers == [(Answer.STOP, "")]


def test_out_of_the_ordinary_needs_a_reason(
    card: QuestionCard, clock: Clock, answers: list[tuple[Answer, str]]
) -> None:
    card.open(replace(QUESTION, reasons=REASONS))
    clock.now += 400
    card.press(Qt.Key.Key_F11)
    assert answers == []
    first, second = card.reasons().buttons()
    assert first.hasFocus()
    QTest.mouseClick(second, Qt.MouseButton.LeftButton)
    card.press(Qt.Key.Key_F11)
    assert answers == [(Answer.UNUSUAL, "mistake")]


def test_a_reason_can_be_chosen_by_keyboard(
    card: QuestionCard, clock: Clock, answers: list[tuple[Answer, str]]
) -> None:
    card.open(replace(QUESTION, reasons=REASONS))
    clock.now += 400
    first, second = card.reasons().buttons()
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert card.reasons().chosen_key() == "agreed"
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert second.hasFocus()
    assert card.reasons().chosen_key() == "mistake"
    QTest.keyClick(second, Qt.Key.Key_F11)
    assert answers == [(Answer.UNUSUAL, "mistake")]


def test_the_ordinary_answers_carry_no_reason(
    card: QuestionCard, clock: Clock, answers: list[tuple[Answer, str]]
) -> None:
    card.open(replace(QUESTION, reasons=REASONS))
    clock.now += 400
    card.reasons().buttons()[0].click()
    card.press(Qt.Key.Key_F10)
    assert answers == [(Answer.OFFERED, "")]


def test_the_reasons_of_the_last_question_are_gone(card: QuestionCard) -> None:
    card.open(replace(QUESTION, reasons=REASONS))
    card.reasons().buttons()[0].click()
    card.open(replace(QUESTION, reasons=REASONS[1:]))
    assert card.reasons().chosen_key() == ""
    assert [button.reason.key for button in card.reasons().buttons()] == ["mistake"]


def test_a_closed_question_takes_nothing(
    card: QuestionCard, clock: Clock, answers: list[tuple[Answer, str]]
) -> None:
    card.open(QUESTION)
    clock.now += 400
    card.close_question()
    assert not card.press(Qt.Key.Key_F9)
    assert card.isHidden()
    assert answers == []


def test_the_real_clock_does_not_go_back() -> None:
    read: Callable[[], int] = monotonic_ms
    assert read() <= read()
