"""The search's left column: one title, and where each of its copies is now."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, least_width, text_width
from madoguchi.widgets.look.flags import sign_colour
from madoguchi.widgets.look.flow import block_height, draw_block
from madoguchi.widgets.look.icons import SIGN_ICONS
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Layout, Look, Theme
from madoguchi.widgets.look.title_views import CopyLine, TitleView
from madoguchi.widgets.look.words import translate

_TITLE = Ink("heading", bold=True)
_QUIET = Ink("label", colour="ink2")
_LABEL = Ink("label")
_STATE = Ink("label", bold=True)
_BAND_TITLE = Ink("body", bold=True)
_SIGN = 20
_LEFT = Qt.AlignmentFlag.AlignLeft
_MOST_LINES = {_TITLE: 4, _QUIET: 2}
_COPIES_IN_SIGHT = 4


class TitlePanel(Readout):
    """Shows a ``TitleView``, or with None the sentence of what to do."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._view: TitleView | None = None
        self._hint = ""

    def set_view(self, view: TitleView | None, hint: str = "") -> None:
        """Show this title."""
        self._view, self._hint = view, hint
        if view is None:
            self.speak(hint)
        else:
            copies = (f"{copy.branch} {copy.state}" for copy in view.copies)
            self.speak(view.title, view.kana, *view.facts, view.short, view.queue, *copies)
        self.update()

    def view(self) -> TitleView | None:
        """What it shows."""
        return self._view

    def wanted_height(self) -> int:
        """Height of the band; 0 as a column."""
        if self.look.layout is Layout.WIDE:
            return 0
        return self.look.theme.line("body") + self.look.theme.grown(20)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        canvas.fill(self.rect(), "surface")
        if self.look.layout is Layout.WIDE:
            canvas.vline(self.width() - 1, 0, self.height() - 1)
            self._column(canvas)
        else:
            canvas.hline(0, self.width() - 1, self.height() - 1)
            self._band(canvas)

    def _column(self, canvas: Canvas) -> None:
        theme, view = canvas.theme, self._view
        pad = theme.space(4)
        width = self.width() - 2 * pad
        y = theme.space(3)
        if view is None:
            draw_block(canvas, pad, y, width, self._hint, _QUIET)
            return
        queue = block_height(theme, view.queue, _STATE, width)
        row = self._row_height(width, view)
        # where the copies are matters more than all that is known of the title, which can still be heard
        least = min(len(view.copies), _COPIES_IN_SIGHT) * row + queue + theme.space(6) + theme.space(3)
        title = min(_cut_height(theme, view.title, _TITLE, width), self.height() - y - least)
        y = _draw_cut(canvas, QRect(pad, y, width, max(theme.line("heading"), title)), view.title, _TITLE)
        for text in (view.kana, *view.facts):
            place = QRect(pad, y + theme.space(1), width, _cut_height(theme, text, _QUIET, width))
            if text and place.bottom() + 1 + least <= self.height():
                y = _draw_cut(canvas, place, text, _QUIET)
        y += theme.space(3)
        canvas.hline(pad, pad + width - 1, y)
        y += theme.space(2)
        if view.queue:
            y = draw_block(canvas, pad, y, width, view.queue, _STATE) + theme.space(2)
        self._copies(canvas, QRect(pad, y, width, self.height() - y - theme.space(2)), row, view)

    def _copies(self, canvas: Canvas, area: QRect, height: int, view: TitleView) -> None:
        room = max(1, area.height() // height)
        # the last line says how many are left out, where some are
        shown = view.copies if len(view.copies) <= room else view.copies[: max(0, room - 1)]
        y = area.top()
        for copy in shown:
            self._copy(canvas, QRect(area.left(), y, area.width(), height), copy)
            y += height
        left_out = len(view.copies) - len(shown)
        if left_out:
            more = translate("Look", "ほか {count} 行").format(count=left_out)
            canvas.text(QRect(area.left(), y, area.width(), height), more, _QUIET)

    def _copy_room(self, width: int) -> int:
        """Px beside the sign of a copy."""
        return width - self.look.theme.px(_SIGN) - self.look.theme.space(2)

    def _row_height(self, width: int, view: TitleView) -> int:
        """Height of a copy: two lines where branch and state of one of them are too wide for one."""
        theme = self.look.theme
        room, gap, line = self._copy_room(width), theme.space(2), theme.line("label")
        in_a_line = all(
            text_width(theme, copy.branch, _LABEL) + gap + text_width(theme, copy.state, _STATE) <= room
            for copy in view.copies
        )
        return (line if in_a_line else 2 * line) + theme.grown(10)

    def _copy(self, canvas: Canvas, rect: QRect, copy: CopyLine) -> None:
        theme = canvas.theme
        icon, line, room = theme.px(_SIGN), theme.line("label"), self._copy_room(rect.width())
        left = rect.right() + 1 - room
        if rect.height() < 2 * line:
            state = round(text_width(theme, copy.state, _STATE)) + 1
            places = (
                QRect(left, rect.top(), room - state - theme.space(2), rect.height()),
                QRect(left + room - state, rect.top(), state, rect.height()),
            )
        else:
            top = rect.top() + (rect.height() - 2 * line) // 2
            places = QRect(left, top, room, line), QRect(left, top + line, room, line)
        middle = places[0].center().y()
        canvas.icon(rect.left() + icon // 2, middle, icon, SIGN_ICONS[copy.sign], sign_colour(copy.sign))
        for place, text, ink in zip(places, (copy.branch, copy.state), (_LABEL, _STATE), strict=True):
            self._line(canvas, place, text, ink)

    @staticmethod
    def _line(canvas: Canvas, place: QRect, text: str, ink: Ink, align: Qt.AlignmentFlag = _LEFT) -> None:
        """Write a text that is made smaller rather than cut, as long as that helps."""
        canvas.text(place, text, ink, align, elide=least_width(canvas.theme, text, ink) > place.width())

    def _band(self, canvas: Canvas) -> None:
        theme, view = canvas.theme, self._view
        pad, height = theme.space(4), self.height() - 1
        width = self.width() - 2 * pad
        if view is None:
            self._line(canvas, QRect(pad, 0, width, height), self._hint, _QUIET)
            return
        right = min(round(text_width(theme, view.short, _STATE)) + 1, width * 2 // 3)
        place = QRect(pad + width - right, 0, right, height)
        self._line(canvas, place, view.short, _STATE, Qt.AlignmentFlag.AlignRight)
        left = width - right - theme.space(3)
        canvas.text(QRect(pad, 0, left, height), view.title, _BAND_TITLE, elide=True)


def _cut_height(theme: Theme, text: str, ink: Ink, width: int) -> int:
    """Height in px of what is cut after some lines."""
    pitch = round(theme.type_px(ink.role) * theme.tokens.paragraph_line)
    return min(block_height(theme, text, ink, width), _MOST_LINES[ink] * pitch)


def _draw_cut(canvas: Canvas, place: QRect, text: str, ink: Ink) -> int:
    """Write it as ``_cut_height`` measures it; return the y below it."""
    if place.height() > canvas.theme.line(ink.role):
        canvas.paragraph(place, text, ink, elide=True)
    else:
        canvas.text(place, text, ink, elide=True)
    return place.bottom() + 1
