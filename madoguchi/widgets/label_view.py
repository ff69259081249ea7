"""A sheet of labels on screen, as it will be on paper."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink
from madoguchi.widgets.look.flow import block_height, draw_block
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Layout, Look

_STEPS = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_WORDS = Ink("label", bold=True)
_SMALLEST_PX = 120


class LabelView(Readout):
    """Shows one sheet and the words above it.

    Where there is no room for a picture (a band across the page) the words stand alone.

    Signals:
        turned(by): the clerk wants the sheet so many behind this one.
        resized(): the picture is to be of another size.
        pressed(): it was clicked.
    """

    turned = Signal(int)
    resized = Signal()
    pressed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None, *, beside: bool = False) -> None:
        super().__init__(look, parent)
        self._beside = beside
        self._image: QImage | None = None
        self._words = ""
        if not beside:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_words(self, words: str) -> None:
        """Says what it is that is shown."""
        self._words = words
        self.speak(words)
        self.update()

    def set_image(self, image: QImage | None) -> None:
        """Shows this; None: nothing."""
        self._image = image
        self.update()

    def image(self) -> QImage | None:
        """What it shows."""
        return self._image

    def words(self) -> str:
        """What it says."""
        return self._words

    def dots_per_inch(self) -> int:
        """How fine a picture has to be to fill the room there is, on this screen."""
        room = self._room()
        across = min(room.width(), room.height() * 210 / 297) * self.devicePixelRatioF()
        return max(20, min(round(across * 25.4 / 210), 300))

    def wanted_height(self) -> int:
        """Height of the band; 0 as a column."""
        if not self._beside or self.look.layout is Layout.WIDE:
            return 0
        return self.look.theme.line("body") + self.look.theme.grown(20)

    def sizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(self.look.theme.px(200), self.wanted_height())

    def _room(self) -> QRect:
        theme = self.look.theme
        pad = theme.space(4 if self._beside else 6)
        top = theme.space(3) + block_height(theme, self._words or " ", _WORDS, self.width() - 2 * pad)
        return self.rect().adjusted(pad, top + theme.space(3), -pad, -pad)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme = canvas.theme
        canvas.fill(self.rect(), "surface" if self._beside else "ground")
        pad = theme.space(4 if self._beside else 6)
        draw_block(canvas, pad, theme.space(3), self.width() - 2 * pad, self._words, _WORDS)
        if self._beside and self.look.layout is Layout.WIDE:
            canvas.vline(self.width() - 1, 0, self.height() - 1)
        elif self._beside:
            canvas.hline(0, self.width() - 1, self.height() - 1)
        room = self._room()
        if self._image is None or min(room.width(), room.height()) < _SMALLEST_PX:
            return
        # paper is white and print is black, whatever the contrast of the screen
        size = QSize(210, 297).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(
            room.left() + (room.width() - size.width()) // 2, room.top(), size.width(), size.height()
        )
        canvas.painter.drawImage(place, self._image)
        canvas.painter.setPen(theme.colour("lineStrong"))
        canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
        canvas.painter.drawRect(place.adjusted(0, 0, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call."""
        super().resizeEvent(event)
        self.resized.emit()

    def look_changed(self) -> None:
        """Another size of everything."""
        self.resized.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt's call."""
        del event
        self.pressed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt's call: the wheel turns pages, as it does on paper on a screen."""
        steps = event.angleDelta().y()
        if self._beside or not steps:
            event.ignore()
        else:
            self.turned.emit(-1 if steps > 0 else 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: the keys that turn pages; all others are the window's."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or self._beside:
            event.ignore()
        else:
            self.turned.emit(step)
