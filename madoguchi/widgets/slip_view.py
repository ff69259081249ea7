"""A slip on screen, as it stands on paper: the same rows, painted by the same hand."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.slip_paper import Ruled, SlipPainter, picture

_COLUMN = 9
"""Pixels of a column at 100 %: a character that takes two is a body text's size."""
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class SlipView(Readout):
    """Shows one slip, or a sentence; what does not fit is reached by the keys that scroll."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._slip: Ruled | None = None
        self._words = ""
        self._top = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_slip(self, slip: Ruled | None, words: str = "") -> None:
        """Shows this; ``words`` where there is no slip."""
        self._slip, self._words, self._top = slip, words, 0
        texts = [row.text for row in slip.rows] if slip is not None else [words]
        self.speak(*(text.strip() for text in texts))
        self.update()

    def slip(self) -> Ruled | None:
        """What it shows."""
        return self._slip

    def _across(self, slip: Ruled) -> int:
        room = self.width() - 4 * self.look.theme.space(6)
        return max(64, min(room, self.look.theme.px(_COLUMN) * slip.columns))

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme = canvas.theme
        canvas.fill(self.rect(), "ground")
        margin = theme.space(6)
        if self._slip is None:
            box = self.rect().adjusted(margin, margin, -margin, -margin)
            canvas.paragraph(box, self._words, Ink("body"))
            return
        # paper is white and print is black, whatever the contrast of the screen
        made = picture(self._slip, self._across(self._slip), margin=margin)
        left = (self.width() - made.width()) // 2
        at = margin - self._top
        canvas.painter.drawImage(left, at, made)
        canvas.painter.setPen(theme.colour("lineStrong"))
        canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
        canvas.painter.drawRect(QRect(left, at, made.width() - 1, made.height() - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: the keys that scroll; all others are the window's."""
        steps = _STEPS.get(Qt.Key(event.key()))
        if steps is None or self._slip is None:
            event.ignore()
        else:
            self._scroll(steps * self.look.theme.px(27))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt's call."""
        self._scroll(-event.angleDelta().y() // 2)

    def _scroll(self, by: int) -> None:
        if self._slip is not None:
            margin = self.look.theme.space(6)
            whole = round(SlipPainter(self._slip, self._across(self._slip)).height()) + 4 * margin
            self._top = max(0, min(self._top + by, whole - self.height()))
            self.update()
