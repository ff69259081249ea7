"""The keys at the end of the top bar that belong to no task: report an incident, hide, preferences.

Before them stands the key of a page that has none of the twelve, where the page in sight leads to one.
"""

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
INCIDENT_KEY = "Shift+F11"


class CornerKeys(Lookable, QWidget):
    """Shows each with key and word where there is room, with the key alone where there is not.

    While the window is covered only the report is left; where nothing can be hidden its key is not there.

    Signals:
        page_pressed(): the page's own key, by mouse.
        incident_pressed(): somebody wants to report an incident, or to cut the terminal off.
        hide_pressed(): the privacy key, by mouse.
        preferences_pressed(): the clerk wants to change how the terminal looks and sounds.
    """

    page_pressed = Signal()
    incident_pressed = Signal()
    hide_pressed = Signal()
    preferences_pressed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._covered = False
        self._can_hide = True
        self._page_words = ("", "")
        self._page = KeyButton(look, ButtonKind.QUIET, self)
        self._incident = KeyButton(look, ButtonKind.QUIET, self)
        self._hide = KeyButton(look, ButtonKind.QUIET, self)
        self._preferences = KeyButton(look, ButtonKind.QUIET, self)
        for button in self._buttons():
            # A click must not take the focus from where the clerk types.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._page.clicked.connect(self.page_pressed)
        self._incident.clicked.connect(self.incident_pressed)
        self._hide.clicked.connect(self.hide_pressed)
        self._preferences.clicked.connect(self.preferences_pressed)
        self._say()

    def set_covered(self, covered: bool) -> None:
        """Whether nothing but the top bar is there of the window."""
        if covered is not self._covered:
            self._covered = covered
            self._say()

    def set_can_hide(self, can_hide: bool) -> None:
        """Whether there is anything that the privacy key hides."""
        if can_hide is not self._can_hide:
            self._can_hide = can_hide
            self._say()

    def set_page_key(self, key: str, word: str) -> bool:
        """The key of a page, and the page's name; empty: there is none. Returns whether it was another."""
        if (key, word) == self._page_words:
            return False
        self._page_words = key, word
        self._say()
        return True

    def page_key(self) -> KeyButton:
        """The page's button."""
        return self._page

    def incident_key(self) -> KeyButton:
        """The report's button."""
        return self._incident

    def hide_key(self) -> KeyButton:
        """The privacy key's button."""
        return self._hide

    def preferences_key(self) -> KeyButton:
        """The preferences' button."""
        return self._preferences

    def look_changed(self) -> None:
        """Say as much as the layout has room for."""
        for button in self._buttons():
            button.look = self.look
        self._say()

    def sizeHint(self) -> QSize:
        """Qt's call."""
        theme = self.look.theme
        widths = [button.sizeHint().width() for button in self._shown()]
        return QSize(sum(widths) + len(widths) * theme.space(2), theme.tokens.size_px["topBar"])

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

    def _buttons(self) -> tuple[KeyButton, ...]:
        return self._page, self._incident, self._hide, self._preferences

    def _shown(self) -> tuple[KeyButton, ...]:
        if self._covered:
            return (self._incident,)
        left_out = {self._hide: not self._can_hide, self._page: not self._page_words[0]}
        return tuple(button for button in self._buttons() if not left_out.get(button, False))

    def _say(self) -> None:
        full = self.look.layout is Layout.WIDE
        page_key, page_word = self._page_words
        words = page_word, translate("Look", "報告"), translate("Look", "隠す"), translate("Look", "設定")
        keys = page_key, INCIDENT_KEY, HIDE_KEY, PREFERENCES_KEY
        for button, key, word in zip(self._buttons(), keys, words, strict=True):
            button.set_words(key, word if full else "")
            button.setAccessibleName(f"{key} {word}")
            button.setVisible(button in self._shown())
        self._arrange()

    def _arrange(self) -> None:
        # the focus ring needs room within the bar
        height = min(self.height() - 4, self._hide.wanted_height())
        left = 0
        for button in self._shown():
            width = button.sizeHint().width()
            button.setGeometry(left, (self.height() - height) // 2, width, height)
            left += width + self.look.theme.space(2)
