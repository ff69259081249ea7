"""One quiet line that says what can be done now, with a sign if it has one."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, text_width
from madoguchi.widgets.look.flags import sign_colour
from madoguchi.widgets.look.icons import ATTENTION_SIGNS, SIGN_ICONS, Icon
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Sign


class HintLine(Readout):
    """Shows a sentence. A refusal's sign makes it an error message; without a sign it shows the barcode."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._sign: Sign | None = None

    def set_words(self, words: str, sign: Sign | None = None) -> None:
        """Say this; empty says nothing."""
        self._sign = sign
        self.speak(words)
        self.update()

    def wanted_height(self) -> int:
        """Height in px in this look."""
        return self.look.theme.line("label") + self.look.theme.space(1)

    def width_of(self, words: str) -> int:
        """Width in px that these words would take with their sign, in the usual size."""
        theme = self.look.theme
        return theme.px(20) + theme.space(2) + round(text_width(theme, words, Ink("label"))) + 1

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        if not self.text():
            return
        theme = canvas.theme
        icon = theme.px(20)
        error = self._sign in ATTENTION_SIGNS
        if self._sign is None:
            picture, colour = Icon.BARCODE, "ink2"
        else:
            picture = Icon.ERROR if error else SIGN_ICONS[self._sign]
            colour = sign_colour(self._sign)
        canvas.icon(icon // 2, self.height() // 2, icon, picture, colour)
        left = icon + theme.space(2)
        ink = Ink("label", bold=error, colour=colour)
        canvas.text(QRect(left, 0, self.width() - left, self.height()), self.text(), ink)
