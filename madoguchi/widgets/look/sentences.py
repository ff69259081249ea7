"""Sentences below each other, each with its sign: what is wrong, all of it at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink
from madoguchi.widgets.look.flags import sign_colour
from madoguchi.widgets.look.flow import block_height, draw_block
from madoguchi.widgets.look.icons import ATTENTION_SIGNS, SIGN_ICONS, Icon
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Sign


class Sentences(Readout):
    """Shows sentences that wrap. A refusal's sign makes them error messages; a change is read out."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._lines: tuple[str, ...] = ()
        self._sign = Sign.REFUSED

    def set_lines(self, lines: Sequence[str], sign: Sign = Sign.REFUSED) -> None:
        """Say these; none says nothing."""
        said = tuple(line for line in lines if line)
        self._sign = sign
        if said != self._lines:
            self._lines = said
            self.speak(*said)
            if said and QAccessible.isActive():
                QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self.update()

    def lines(self) -> tuple[str, ...]:
        """What it says."""
        return self._lines

    def wanted_height(self) -> int:
        """Height in px of one sentence on one line."""
        return self.look.theme.line("label") + self.look.theme.space(1)

    def height_for(self, width: int) -> int:
        """Height in px at this width; 0 without sentences."""
        return sum(self._height_of(line, width) for line in self._lines)

    def _height_of(self, line: str, width: int) -> int:
        theme = self.look.theme
        return block_height(theme, line, self._ink(), width - self._words_left()) + theme.space(1)

    def _words_left(self) -> int:
        return self.look.theme.px(20) + self.look.theme.space(2)

    def _ink(self) -> Ink:
        return Ink("label", bold=self._sign in ATTENTION_SIGNS, colour=sign_colour(self._sign))

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme, ink = canvas.theme, self._ink()
        icon, left = theme.px(20), self._words_left()
        picture = Icon.ERROR if self._sign in ATTENTION_SIGNS else SIGN_ICONS[self._sign]
        y = 0
        for line in self._lines:
            height = self._height_of(line, self.width())
            canvas.icon(icon // 2, y + (theme.line("label") + theme.space(1)) // 2, icon, picture, ink.colour)
            draw_block(canvas, left, y + theme.space(1) // 2, self.width() - left, line, ink)
            y += height
