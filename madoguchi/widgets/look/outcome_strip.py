"""The strip along the bottom edge, nearest the counter: what became of the last scan."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, text_width
from madoguchi.widgets.look.icons import SIGN_ICONS, Icon
from madoguchi.widgets.look.line_break import phrase_lines
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Layout, Look
from madoguchi.widgets.look.views import StripView, Tone

EDGE = 4
_HAS_FIGURE = re.compile(r"\d")
# Ground, ink, block and sign of each tone. A tone whose ground is its block colour fills the whole strip.
_COLOURS: dict[Tone, tuple[str, str, str, str]] = {
    Tone.IDLE: ("surface", "ink", "surface", "ink2"),
    Tone.DONE: ("surface", "ink", "done", "surface"),
    Tone.PENDING: ("surface", "ink", "surfaceAlt", "ink2"),
    Tone.NOTICE: ("noticeTint", "ink", "noticeMark", "noticeTint"),
    Tone.ROUTE: ("accentTint", "ink", "accent", "onAccent"),
    Tone.RECORDED: ("surface", "ink", "system", "onSystem"),
    Tone.REFUSED: ("refused", "onRefused", "refused", "onRefused"),
    Tone.OUTAGE: ("system", "onSystem", "system", "systemMark"),
}
_ICONS: dict[Tone, Icon] = {
    Tone.DONE: Icon.DONE_SOLID,
    Tone.PENDING: Icon.PENDING,
    Tone.NOTICE: Icon.NOTICE,
    Tone.ROUTE: Icon.RESERVATION_SHELF,
    Tone.RECORDED: Icon.RECORDED,
    Tone.REFUSED: Icon.REFUSED,
    Tone.OUTAGE: Icon.OUTAGE,
}


class OutcomeStrip(Readout):
    """Shows a ``StripView`` and has it read out. It changes only on an outcome."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._view = StripView(Tone.IDLE, "")

    def set_view(self, view: StripView) -> None:
        """Show this."""
        self._view = view
        right = f"{view.right} {view.right_suffix}".strip()
        self.speak(view.word, right, view.title, view.side_first, view.side_second)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self.update()

    def view(self) -> StripView:
        """What it says."""
        return self._view

    def wanted_height(self) -> int:
        """Height in px: 96 at 100 %; two lines in a narrower layout."""
        theme = self.look.theme
        base = theme.tokens.size_px["strip"]
        if self.look.layout is Layout.WIDE:
            return round(base * theme.text_scale)
        return max(
            round(base * (1 + (theme.text_scale - 1) / 3)), theme.line("stripWord") + theme.line("label")
        )

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme, view = canvas.theme, self._view
        ground, ink, block, sign_ink = _COLOURS[view.tone]
        canvas.fill(self.rect(), ground)
        side = self.height()
        edge = "line" if view.tone in (Tone.IDLE, Tone.PENDING) else block
        canvas.fill(QRect(0, 0, side, side), block)
        canvas.fill(QRect(0, 0, self.width(), EDGE), edge)
        icon = SIGN_ICONS[view.sign] if view.sign is not None else _ICONS.get(view.tone)
        if icon is not None:
            middle = EDGE + (side - EDGE) // 2
            canvas.icon(side // 2, middle, min(theme.size("iconStrip"), side - 32), icon, sign_ink)
        area = QRect(side, EDGE, self.width() - side - theme.grown(20), side - EDGE)
        area.setLeft(side + theme.grown(20))
        if not view.word:
            canvas.text(area, view.title, Ink("heading", colour="ink2" if ink == "ink" else ink), elide=True)
            return
        right = self._side(canvas, area, ink)
        right = self._right(canvas, area, right, ink)
        area.setRight(right - theme.space(4))
        self._words(canvas, area, ink)

    def _side(self, canvas: Canvas, area: QRect, ink: str) -> int:
        """The two lines at the far right behind a thin line; return where they begin."""
        theme, view = canvas.theme, self._view
        if not (view.side_first or view.side_second) or self.look.layout is Layout.NARROW:
            return area.right() + 1
        inks = [Ink("label", bold=view.strong_side == line, colour=ink) for line in (1, 2)]
        texts = (view.side_first, view.side_second)
        most = max(area.width() // 3, area.width() - self._needed() - theme.grown(35))
        if not view.side_second and text_width(theme, view.side_first, inks[0]) > area.width() // 4:
            first, second = phrase_lines(view.side_first, lambda part: text_width(theme, part, inks[0]))
            texts, inks = (first, second), [inks[0], inks[0]]
        width = max(round(text_width(theme, text, i)) for text, i in zip(texts, inks, strict=True)) + 1
        width = min(width, most)
        left = area.right() + 1 - width
        line = theme.line("label") + theme.grown(3)
        top = area.center().y() - line + 1
        for index, text in enumerate(texts):
            canvas.text(QRect(left, top + index * line, width, line), text, inks[index])
        divider = left - theme.grown(17)
        canvas.vline(divider, area.top() + 14, area.bottom() - 18, ink if ink != "ink" else "lineStrong")
        return divider - theme.grown(18)

    def _needed(self) -> int:
        """The width of everything but the two lines at the far right, with all of it whole."""
        theme, view = self.look.theme, self._view
        large = Ink("stripDate" if _HAS_FIGURE.search(view.right) else "stripWord", bold=True)
        right = text_width(theme, view.right, large)
        if view.right_suffix:
            right += text_width(theme, view.right_suffix, Ink("body", bold=True)) + theme.space(2)
        word = text_width(theme, view.word, Ink("stripWord", bold=True))
        if self.look.layout is Layout.WIDE:
            title = text_width(theme, view.title, Ink("body", px=theme.px(24)))
            words = word + (theme.grown(20) + title if view.title else 0)
        else:
            words = max(word, text_width(theme, view.title, Ink("label")))
        return round(words + right) + 2 * theme.space(4)

    def _right(self, canvas: Canvas, area: QRect, right: int, ink: str) -> int:
        """The large answer; return where it begins."""
        theme, view = canvas.theme, self._view
        if view.right_suffix:
            suffix = Ink("body", bold=True, colour=ink)
            width = round(text_width(theme, view.right_suffix, suffix)) + 1
            box = QRect(right - width, area.top() + theme.grown(6), width, area.height() - theme.grown(6))
            canvas.text(box, view.right_suffix, suffix)
            right -= width + theme.space(2)
        if view.right:
            figure = bool(_HAS_FIGURE.search(view.right))
            large = Ink("stripDate" if figure else "stripWord", bold=True, colour=ink)
            width = min(round(text_width(theme, view.right, large)) + 1, area.width() * 3 // 5)
            canvas.text(QRect(right - width, area.top(), width, area.height()), view.right, large)
            right -= width
        return right

    def _words(self, canvas: Canvas, area: QRect, ink: str) -> None:
        theme, view = canvas.theme, self._view
        word = Ink("stripWord", bold=True, colour=ink)
        if self.look.layout is Layout.WIDE:
            width = min(round(text_width(theme, view.word, word)) + 1, max(0, area.width()))
            canvas.text(QRect(area.left(), area.top(), width, area.height()), view.word, word)
            left = area.left() + width + theme.grown(20)
            room = area.right() - left
            if view.title and room > theme.px(48):
                title = Ink("body", colour=ink, px=theme.px(24))
                box = QRect(left, area.top() + 2, room, area.height() - 2)
                canvas.text(box, view.title, title, elide=True)
            return
        upper, lower = theme.line("stripWord"), theme.line("label")
        top = area.top() + (area.height() - upper - lower) // 2
        canvas.text(QRect(area.left(), top, area.width(), upper), view.word, word)
        box = QRect(area.left(), top + upper, area.width(), lower)
        canvas.text(box, view.title, Ink("label", colour=ink), elide=True)
