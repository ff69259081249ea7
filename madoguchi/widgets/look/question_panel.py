"""A question that stands before the sign-in is done: alone in the window, answered like any other."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.question_card import QuestionCard, monotonic_ms
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Answer, QuestionView

CARD_WIDTH = 860


class QuestionPanel(Painted, QWidget):
    """Holds a ``QuestionCard`` in the middle of the window. Esc is the answer that changes nothing.

    Signals:
        answered(answer): an ``Answer``.
    """

    answered = Signal(object)

    def __init__(
        self, look: Look, parent: QWidget | None = None, *, now_ms: Callable[[], int] = monotonic_ms
    ) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._question = QuestionCard(look, self, now_ms=now_ms)
        self._question.answered.connect(lambda answer, _reason: self.answered.emit(answer))
        self.setFocusProxy(self._question.button(Answer.STOP))

    def ask(self, view: QuestionView) -> None:
        """Ask this; the focus goes to the answer that changes nothing once the panel is in sight."""
        self._question.open(view)
        self._arrange()

    def close_question(self) -> None:
        """Nothing of the question can be found any more."""
        self._question.close_question()

    def question(self) -> QuestionCard:
        """The question."""
        return self._question

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: the keys that the question left."""
        if event.key() == Qt.Key.Key_Escape and self._question.view() is not None:
            if not event.isAutoRepeat():
                self.answered.emit(Answer.STOP)
        else:
            event.ignore()

    # Layout and painting ----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(self.look.theme.px(CARD_WIDTH), self.look.theme.px(400))

    def look_changed(self) -> None:
        """Lay everything out again."""
        self._question.set_look(self.look)
        self._arrange()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's call."""
        super().showEvent(event)
        self._arrange()
        if self._question.view() is not None:
            self._question.button(Answer.STOP).setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """Qt's call: the frame has handed the question a look of its own."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        theme = self.look.theme
        width = min(theme.px(CARD_WIDTH), self.width() - 2 * theme.space(4))
        if self._question.view() is None or width <= 0:
            return
        height = self._question.fit(width, self.height() - 2 * theme.space(2))
        left, top = (self.width() - width) // 2, max(theme.space(1), (self.height() - height) * 2 // 5)
        self._question.setGeometry(left, top, width, height)

    def draw(self, canvas: Canvas) -> None:
        """Paint the ground; the question paints itself."""
        canvas.fill(self.rect(), "ground")
