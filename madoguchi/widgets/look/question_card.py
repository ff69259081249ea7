"""A question about one row, asked between list and strip, covering nothing and answered by F9, F10 or F11."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, paragraph_height, text_width
from madoguchi.widgets.look.controls import ButtonKind, KeyButton
from madoguchi.widgets.look.flags import sign_colour, sign_mark
from madoguchi.widgets.look.hint_line import HintLine
from madoguchi.widgets.look.icons import SIGN_ICONS
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.reason_row import ReasonRow
from madoguchi.widgets.look.theme import SMALLEST_SCALE, Look
from madoguchi.widgets.look.views import Answer, AnswerView, QuestionView, Sign
from madoguchi.widgets.look.words import translate

FRAME = 3
SCALE_STEP = 5
"""Per cent of text scale between two attempts to fit a question into the room there is."""
_DETAIL = Ink("label", colour="ink2")
_KINDS = {
    Answer.STOP: ButtonKind.PLAIN,
    Answer.OFFERED: ButtonKind.OFFERED,
    Answer.UNUSUAL: ButtonKind.UNUSUAL,
}
_KEYS = {
    int(Qt.Key.Key_F9): Answer.STOP,
    int(Qt.Key.Key_F10): Answer.OFFERED,
    int(Qt.Key.Key_F11): Answer.UNUSUAL,
}


def monotonic_ms() -> int:
    """Milliseconds on a clock that never goes back."""
    return time.monotonic_ns() // 1_000_000


class AnswerButton(KeyButton):
    """An answer's button: a held-down space bar does not press it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call."""
        if not event.isAutoRepeat():
            super().keyPressEvent(event)


class QuestionCard(Painted, QWidget):
    """Shows a ``QuestionView`` and takes one answer.

    Enter never answers: it ends every scan. Auto-repeat and everything within the guard time after opening
    (400 ms) are ignored, so that a key pressed for something else answers nothing. What is ignored begins the
    guard time anew: F10 opens the question and takes its offer, and whoever hammers on it answers nothing.

    Signals:
        answered(answer, reason): an ``Answer`` and the key of the chosen reason, or an empty string.
    """

    answered = Signal(object, str)

    def __init__(
        self, look: Look, parent: QWidget | None = None, *, now_ms: Callable[[], int] = monotonic_ms
    ) -> None:
        QWidget.__init__(self, parent)
        self.look = self._window_look = look
        self._now_ms = now_ms
        self._quiet_from: int | None = None
        self._view: QuestionView | None = None
        self._reasons = ReasonRow(look, self)
        self._buttons = {answer: AnswerButton(look, kind, self) for answer, kind in _KINDS.items()}
        for answer, button in self._buttons.items():
            button.clicked.connect(lambda _checked=False, chosen=answer: self._choose(chosen))
        self._hint = HintLine(look, self)
        self._said: tuple[str, Sign | None] = ("", None)
        self._reasons.chosen.connect(lambda _key: self._say_hint(""))
        self.hide()

    # Opening and answering --------------------------------------------------------------------------

    def open(self, view: QuestionView) -> None:
        """Ask this. The focus goes to the answer that changes nothing (F9)."""
        self._view = view
        self.setAccessibleName(view.title)
        self.setAccessibleDescription(view.detail)
        answers = {Answer.STOP: view.stop, Answer.OFFERED: view.offered, Answer.UNUSUAL: view.unusual}
        for answer, words in answers.items():
            shown = words or AnswerView("")
            self._buttons[answer].set_words(f"F{answer.value}", shown.word, shown.detail)
            self._buttons[answer].setVisible(words is not None)
        self._reasons.set_reasons(view.reasons)
        self._say_hint("")
        self._quiet_from = self._now_ms()
        self.updateGeometry()
        self.show()
        self._arrange()
        self._buttons[Answer.STOP].setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    def close_question(self) -> None:
        """Take the question away without an answer; nothing of it can be found any more."""
        self._view = None
        self._quiet_from = None
        self.hide()
        self.setAccessibleName("")
        self.setAccessibleDescription("")
        for button in self._buttons.values():
            button.set_words("", "")
        self._reasons.set_reasons(())
        self._hint.set_words("")

    def view(self) -> QuestionView | None:
        """The question that is open."""
        return self._view

    def press(self, key: int, *, auto_repeat: bool = False) -> bool:
        """Take a function key that a page caught elsewhere; say whether it was meant for the question.

        ``key`` is a ``Qt.Key``. F9, F10 and F11 are taken while a question is open, also when they are
        ignored because of the guard time.
        """
        answer = _KEYS.get(int(key))
        if answer is None or self._view is None:
            return False
        if not auto_repeat:
            self._choose(answer)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: the keys that the focused button left."""
        # Shift+F11 is another key: it reports an incident, and answers nothing
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if not plain or not self.press(event.key(), auto_repeat=event.isAutoRepeat()):
            event.ignore()

    def _choose(self, answer: Answer) -> None:
        if self._view is None or self._buttons[answer].isHidden() or self._guarded():
            return
        reason = self._reasons.chosen_key() if answer is Answer.UNUSUAL else ""
        if answer is Answer.UNUSUAL and self._view.reasons and not reason:
            self._say_hint(translate("Look", "理由を選んでから F11 を押してください"), Sign.REFUSED)
            self._reasons.buttons()[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.answered.emit(answer, reason)

    def _guarded(self) -> bool:
        guard = self.look.theme.tokens.answer_guard_ms
        now = self._now_ms()
        if self._quiet_from is None:
            return True
        if now - self._quiet_from >= guard:
            return False
        self._quiet_from = now
        return True

    def _say_hint(self, words: str, sign: Sign | None = None) -> None:
        self._said = (words, sign)
        self._show_hint(self.width())

    def _show_hint(self, width: int) -> None:
        """What is to be said now; else the question's own hint and as much of the usual one as has room."""
        words, sign = self._said
        if self._view is None:
            return
        own, (keys, no_enter) = self._view.hint, self._usual_hint()
        wordings = [f"{own} {keys} {no_enter}".strip(), f"{own} {no_enter}", own]
        room = width - 2 * self.look.theme.grown(21)
        fitting = (wording for wording in wordings if self._hint.width_of(wording) <= room)
        shown = words or (next(fitting, own) if own else wordings[0])
        if shown != self._hint.text():
            self._hint.set_words(shown, sign or Sign.INFORMATION)

    def _usual_hint(self) -> tuple[str, str]:
        """Which keys answer, and that Enter, which scanners send, does not; no code answers with F11."""
        view, no_enter = self._view, translate("Look", "Enter では答えになりません。")
        if view is None or (view.offered is None and view.unusual is None):
            return translate("Look", "F9 で答えます。"), no_enter
        if view.unusual is None:
            return translate("Look", "F9 か F10 で答えます。"), no_enter
        if view.offered is None:
            return translate("Look", "F9 か F11 で答えます（操作コード表は F9 だけ）。"), no_enter
        return translate("Look", "F9・F10・F11 で答えます（操作コード表は F9・F10 だけ）。"), no_enter

    def button(self, answer: Answer) -> AnswerButton:
        """The button of that answer."""
        return self._buttons[answer]

    def reasons(self) -> ReasonRow:
        """The reasons."""
        return self._reasons

    # Layout and painting ----------------------------------------------------------------------------

    def height_for(self, width: int) -> int:
        """Height in px the open question takes at this width."""
        return self._measure(width)[-1]

    def fit(self, width: int, room: int) -> int:
        """Wear the largest text, from the window's scale down to 100 %, that leaves the question whole.

        Returns its height in px at this width, more than ``room`` only if even 100 % is too large for it.
        """
        theme = self._window_look.theme
        smaller = range(round(theme.text_scale * 100), round(SMALLEST_SCALE * 100), -SCALE_STEP)
        for percent in (*smaller, round(SMALLEST_SCALE * 100)):
            self._wear(Look(replace(theme, text_scale=percent / 100), self._window_look.layout))
            height = self.height_for(width)
            if height <= room:
                break
        return height

    def sizeHint(self) -> QSize:
        """Qt's call."""
        width = self.width() or self.look.theme.px(800)
        return QSize(width, self.height_for(width))

    def look_changed(self) -> None:
        """Lay everything out again."""
        self._window_look = self.look
        self._wear(self.look)

    def _wear(self, look: Look) -> None:
        self.look = look
        for part in (*self._buttons.values(), self._hint, self._reasons):
            if part.look != look:
                part.set_look(look)
        self._arrange()
        self.update()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _measure(self, width: int) -> tuple[int, int, int, int, int]:
        """Top of the reasons, the buttons and the hint, the height of the buttons, and of the whole."""
        theme = self.look.theme
        y = theme.grown(13) + theme.line("heading") + self._detail_height(width) + theme.grown(10)
        reasons_top = y
        inner = width - 2 * theme.grown(21)
        if self._view is not None and self._view.reasons:
            y += self._reasons.height_for(inner - self._reason_label()) + max(14, theme.space(3))
        buttons_top = y
        self._stack(self._button_width(width))
        buttons = max(button.wanted_height() for button in self._buttons.values())
        hint_top = y + buttons + theme.grown(8)
        return (
            reasons_top,
            buttons_top,
            hint_top,
            buttons,
            hint_top + self._hint.wanted_height() + theme.space(3),
        )

    def _button_width(self, width: int) -> int:
        theme = self.look.theme
        return (width - 2 * theme.grown(21) - 2 * theme.space(4)) // 3

    def _stack(self, width: int) -> None:
        """Three answers look alike: if one has no room beside its key, all have their words below it."""
        shown = [button for button in self._buttons.values() if not button.isHidden()]
        narrow = any(button.width_beside() > width for button in shown)
        for button in self._buttons.values():
            button.set_stacked(narrow)
        sizes = [button.fitting_px(width) for button in shown]
        word = min((size for size, _ in sizes), default=0)
        detail = min((size for _, size in sizes), default=0)
        for button in self._buttons.values():
            button.set_text_px(word, detail)

    def _words_left(self) -> int:
        """Where the words begin, right of the sign."""
        theme = self.look.theme
        return theme.grown(21) + theme.px(32) + theme.space(3)

    def _detail_height(self, width: int) -> int:
        """One line, or what the detail takes wrapped: it holds numbers, which may not be cut."""
        theme = self.look.theme
        room = width - self._words_left() - theme.grown(21)
        detail = self._view.detail if self._view is not None else ""
        if text_width(theme, detail, _DETAIL) <= room:
            return theme.line("label")
        return paragraph_height(theme, detail, _DETAIL, room)

    def _reason_label(self) -> int:
        return self.look.theme.px(48)

    def _arrange(self) -> None:
        theme, width = self.look.theme, self.width()
        reasons_top, buttons_top, hint_top, buttons, _ = self._measure(width)
        pad = theme.grown(21)
        inner = width - 2 * pad
        label = self._reason_label()
        height = self._reasons.height_for(inner - label)
        self._reasons.setGeometry(pad + label, reasons_top, inner - label, height)
        self._reasons.setVisible(bool(height))
        gap = theme.space(4)
        each = self._button_width(width)
        for at, button in enumerate(self._buttons.values()):
            button.setGeometry(pad + at * (each + gap), buttons_top, each, buttons)
        self._show_hint(width)
        self._hint.setGeometry(pad, hint_top, inner, self._hint.wanted_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        del event
        painter = QPainter(self)
        self.draw(Canvas(painter, self.look.theme, pixel_ratio=self.devicePixelRatioF()))
        painter.end()

    def draw(self, canvas: Canvas) -> None:
        """Paint the frame and the question; buttons and reasons paint themselves."""
        if self._view is None:
            return
        theme, view = canvas.theme, self._view
        canvas.fill(self.rect(), "ground")
        canvas.box(
            self.rect(),
            border=sign_mark(view.sign),
            width=FRAME,
            radius=theme.radius("card"),
            fill="surface",
        )
        top = theme.grown(13)
        upper, lower = theme.line("heading"), self._detail_height(self.width())
        icon = theme.px(32)
        pad = theme.grown(21)
        middle = top + (upper + min(lower, theme.line("label"))) // 2
        canvas.icon(pad + icon // 2, middle, icon, SIGN_ICONS[view.sign], sign_colour(view.sign))
        left = self._words_left()
        room = self.width() - left - pad
        canvas.text(QRect(left, top, room, upper), view.title, Ink("heading", bold=True))
        if lower > theme.line("label"):
            canvas.paragraph(QRect(left, top + upper, room, lower), view.detail, _DETAIL)
        else:
            canvas.text(QRect(left, top + upper, room, lower), view.detail, _DETAIL)
        if view.reasons:
            first = self._reasons.buttons()[0].height() if self._reasons.buttons() else lower
            box = QRect(pad, self._reasons.y(), self._reason_label(), first)
            canvas.text(box, translate("Look", "理由"), Ink("body", bold=True))
