"""The banner of a mode that holds: brought about by the system (near-black) or by the clerk (accent)."""

from __future__ import annotations

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, least_width, text_width
from madoguchi.widgets.look.controls import KeyButton
from madoguchi.widgets.look.icons import SIGN_ICONS
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import BannerTone, BannerView


class ModeBanner(Readout):
    """Shows a ``BannerView``. It cannot be closed; its key, if it has one, ends the mode itself.

    Signals:
        ended(): the button with the ending key was pressed. The page ends the mode and takes the banner away.
    """

    ended = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._view: BannerView | None = None
        self._button = KeyButton(look, parent=self)
        self._button.clicked.connect(self.ended)
        self._button.hide()

    def set_view(self, view: BannerView) -> None:
        """Show this mode."""
        self._view = view
        self.speak(view.word, view.detail)
        self._button.set_words(view.key, view.key_word)
        self._button.setVisible(bool(view.key_word))
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._arrange()
        self.update()

    def button(self) -> KeyButton:
        """The button that ends the mode."""
        return self._button

    def wanted_height(self) -> int:
        """Height in px in this look."""
        theme = self.look.theme
        return max(theme.tokens.size_px["banner"], theme.line("body") + theme.grown(26))

    def look_changed(self) -> None:
        """Lay the button out again."""
        self._button.look = self.look
        self._arrange()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _arrange(self) -> None:
        # The focus ring needs 6 px around the button; the banner leaves exactly that.
        height = self.height() - 12
        width = min(self._button.sizeHint().width(), self.width() // 2)
        left = self.width() - width - self.look.theme.space(3)
        self._button.setGeometry(left, (self.height() - height) // 2, width, height)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        if self._view is None:
            return
        theme, view = canvas.theme, self._view
        system = view.tone is BannerTone.SYSTEM
        ink = "onSystem" if system else "onAccent"
        canvas.fill(self.rect(), "system" if system else "accent")
        icon = theme.px(32)
        left = theme.space(4)
        mark = "systemMark" if system else ink
        canvas.icon(left + icon // 2, self.height() // 2, icon, SIGN_ICONS[view.sign], mark)
        left += icon + theme.grown(14)
        right = self._button.x() - theme.space(3) if view.key_word else self.width() - theme.space(4)
        word = Ink("heading", bold=True, colour=ink)
        detail = Ink("label", colour=ink)
        gap = theme.space(4)
        word_px = round(text_width(theme, view.word, word)) + 1
        detail_px = round(text_width(theme, view.detail, detail)) + 1 if view.detail else 0
        if word_px + gap + detail_px > right - left:
            # The mode's name must be whole; the explanation is set smaller or left out, and still spoken.
            word_px = min(word_px, right - left)
            detail_px = min(detail_px, right - left - word_px - gap)
        canvas.text(QRect(left, 0, word_px, self.height()), view.word, word)
        if detail_px > 0 and detail_px >= least_width(theme, view.detail, detail):
            canvas.text(QRect(left + word_px + gap, 0, detail_px, self.height()), view.detail, detail)
