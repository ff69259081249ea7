"""The two keys at the end of the top bar that belong to no task: hide the screen, and preferences."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas
from madoguchi.widgets.look.controls import ButtonKind, KeyButton
from madoguchi.widgets.look.painted import Lookable
from madoguchi.widgets.look.theme import Layout, Look
from madoguchi.widgets.look.words import translate

HIDE_KEY = "Esc"
PREFERENCES_KEY = "Shift+F12"


class CornerKeys(Lookable, QWidget):
    """Shows both with key and word where there is room, with the key alone where there is not.

    Signals:
        hide_pressed(): the privacy key, by mouse.
        preferences_pressed(): the clerk wants to change how the terminal looks and sounds.
    """

    hide_pressed = Signal()
    preferences_pressed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._hide = KeyButton(look, ButtonKind.QUIET, self)
        self._preferences = KeyButton(look, ButtonKind.QUIET, self)
        for button in (self._hide, self._preferences):
            # A click must not take the focus from where the clerk types.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._hide.clicked.connect(self.hide_pressed)
        self._preferences.clicked.connect(self.preferences_pressed)
        self._say()

    def hide_key(self) -> KeyButton:
        """The privacy key's button."""
        return self._hide

    def preferences_key(self) -> KeyButton:
        """The preferences' button."""
        return self._preferences

    def look_changed(self) -> None:
        """Say as much as the layout has room for."""
        for button in (self._hide, self._preferences):
            button.look = self.look
        self._say()

    def sizeHint(self) -> QSize:
        """Qt's call."""
        theme = self.look.theme
        width = sum(button.sizeHint().width() for button in (self._hide, self._preferences))
        return QSize(width + 2 * theme.space(2), theme.tokens.size_px["topBar"])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call: the top bar goes on below the keys."""
        del event
        painter = QPainter(self)
        canvas = Canvas(painter, self.look.theme, pixel_ratio=self.devicePixelRatioF())
        canvas.fill(self.rect(), "surface")
        canvas.hline(0, self.width() - 1, self.height() - 1)
        painter.end()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _say(self) -> None:
        full = self.look.layout is Layout.WIDE
        hide, preferences = translate("Look", "隠す"), translate("Look", "設定")
        for button, key, word in (
            (self._hide, HIDE_KEY, hide),
            (self._preferences, PREFERENCES_KEY, preferences),
        ):
            button.set_words(key, word if full else "")
            button.setAccessibleName(f"{key} {word}")
        self._arrange()

    def _arrange(self) -> None:
        # the focus ring needs room within the bar
        height = min(self.height() - 4, self._hide.wanted_height())
        left = 0
        for button in (self._hide, self._preferences):
            width = button.sizeHint().width()
            button.setGeometry(left, (self.height() - height) // 2, width, height)
            left += width + self.look.theme.space(2)
