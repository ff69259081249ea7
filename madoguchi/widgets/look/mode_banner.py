"""The banner of a mode that holds: brought about by the system (near-black) or by the clerk.

The clerk's own mode has the sign in a solid accent block, as the strip has, and its words on the pale tint: a
whole bar of accent beside the accent key of the rail was two loud things that say one.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, least_width, text_width
from madoguchi.widgets.look.controls import KeyButton
from madoguchi.widgets.look.icons import SIGN_ICONS
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import BannerTone, BannerView

_WORD = Ink("heading", bold=True)
EDGE = 3
PLATE_INSET = 6


class ModeBanner(Readout):
    """Shows a ``BannerView``. It cannot be closed; its key, if it has one, ends the mode itself.

    It stands right of the rail, or, where room is short, folded into the top bar.

    Signals:
        ended(): the button with the ending key was pressed. The page ends the mode and takes the banner away.
    """

    ended = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._view: BannerView | None = None
        self._asking = False
        self._button = KeyButton(look, parent=self)
        # A click must not take the focus from where the clerk types.
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self.ended)
        self._button.hide()

    def set_view(self, view: BannerView) -> None:
        """Show this mode."""
        self._view = view
        self.speak(view.word, view.detail)
        self._show_button()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def set_asking(self, asking: bool) -> None:
        """While a question is open the ending key may mean an answer: the button has none and is off."""
        self._asking = asking
        self._show_button()

    def _show_button(self) -> None:
        if self._view is None:
            return
        self._button.setEnabled(not self._asking)
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

    def _words_left(self) -> int:
        """Where the words begin, right of the sign."""
        theme = self.look.theme
        return theme.space(3) + self._plate_side() + theme.space(4)

    def _plate_side(self) -> int:
        return self.height() - EDGE - 2 * PLATE_INSET

    def _dress_button(self) -> None:
        """Key and word, or the key alone where the mode's own name would have to be smaller for the word."""
        view = self._view
        if view is None:
            return
        key = "" if self._asking else view.key
        self._button.set_words(key, view.key_word)
        name = round(text_width(self.look.theme, view.word, _WORD)) + 1
        if (
            self._words_left() + name + self._button.width_beside() + 2 * self.look.theme.space(3)
            > self.width()
        ):
            self._button.set_words(key, "")
            self._button.setAccessibleName(f"{key} {view.key_word}".strip())
        self._button.setVisible(bool(view.key_word) and bool(key or self._button.word()))

    def _arrange(self) -> None:
        self._dress_button()
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
        ink, quiet = ("onSystem", "onSystem") if system else ("ink", "ink2")
        # Free on all sides, so that it does not run into the accent key of the rail beside it.
        side = self._plate_side()
        plate = QRect(theme.space(3), PLATE_INSET, side, side)
        icon = min(theme.px(32), side - 8)
        if system:
            canvas.fill(self.rect(), "system")
        else:
            canvas.fill(self.rect(), "accentTint")
            canvas.fill(QRect(0, self.height() - EDGE, self.width(), EDGE), "accent")
            canvas.box(plate, fill="accent", radius=theme.radius("control"))
        mark = "systemMark" if system else "onAccent"
        centre = plate.center() + QPoint(1, 1)
        canvas.icon(centre.x(), centre.y(), icon, SIGN_ICONS[view.sign], mark)
        left = self._words_left()
        right = self.width() - theme.space(4)
        if not self._button.isHidden():
            right = self._button.x() - theme.space(3)
        word = replace(_WORD, colour=ink)
        detail = Ink("label", colour=quiet)
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
