"""The search's left column: one title, and where each of its copies is now."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, text_width
from madoguchi.widgets.look.flags import sign_colour
from madoguchi.widgets.look.flow import block_height, draw_block
from madoguchi.widgets.look.icons import SIGN_ICONS
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Layout, Look
from madoguchi.widgets.look.title_views import CopyLine, TitleView
from madoguchi.widgets.look.words import translate

_TITLE = Ink("heading", bold=True)
_QUIET = Ink("label", colour="ink2")
_LABEL = Ink("label")
_STATE = Ink("label", bold=True)
_TITLE_LINES = 4


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
        title = min(block_height(theme, view.title, _TITLE, width), _TITLE_LINES * theme.line("heading"))
        canvas.paragraph(QRect(pad, y, width, title), view.title, _TITLE)
        y += title
        for text in (view.kana, *view.facts):
            y = draw_block(canvas, pad, y + theme.space(1), width, text, _QUIET) if text else y
        y += theme.space(3)
        canvas.hline(pad, pad + width - 1, y)
        y += theme.space(2)
        if view.queue:
            y = draw_block(canvas, pad, y, width, view.queue, _STATE) + theme.space(2)
        self._copies(canvas, QRect(pad, y, width, self.height() - y - theme.space(2)), view)

    def _copies(self, canvas: Canvas, area: QRect, view: TitleView) -> None:
        theme = canvas.theme
        height = theme.line("label") + theme.grown(10)
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

    def _copy(self, canvas: Canvas, rect: QRect, copy: CopyLine) -> None:
        theme = canvas.theme
        icon = theme.px(20)
        middle = rect.top() + rect.height() // 2
        canvas.icon(rect.left() + icon // 2, middle, icon, SIGN_ICONS[copy.sign], sign_colour(copy.sign))
        left = rect.left() + icon + theme.space(2)
        state = min(round(text_width(theme, copy.state, _STATE)) + 1, (rect.right() - left) * 2 // 3)
        right = rect.right() + 1 - state
        canvas.text(QRect(right, rect.top(), state, rect.height()), copy.state, _STATE)
        place = QRect(left, rect.top(), right - theme.space(2) - left, rect.height())
        canvas.text(place, copy.branch, _LABEL)

    def _band(self, canvas: Canvas) -> None:
        theme, view = canvas.theme, self._view
        pad, height = theme.space(4), self.height() - 1
        width = self.width() - 2 * pad
        if view is None:
            canvas.text(QRect(pad, 0, width, height), self._hint, _QUIET)
            return
        words = "  ".join(text for text in (view.short, view.queue) if text)
        right = min(round(text_width(theme, words, _STATE)) + 1, width * 2 // 3)
        place = QRect(pad + width - right, 0, right, height)
        canvas.text(place, words, _STATE, Qt.AlignmentFlag.AlignRight)
        left = width - right - theme.space(3)
        canvas.text(QRect(pad, 0, left, height), view.title, Ink("body", bold=True))
