"""The return page's left column: how many returned items lie on which pile (仕分け)."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, text_width
from madoguchi.widgets.look.flags import (
    draw_flag,
    draw_flag_inline,
    draw_note,
    flag_height,
    inline_flag_width,
    sign_colour,
)
from madoguchi.widgets.look.icons import SIGN_ICONS, Icon
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Layout, Look
from madoguchi.widgets.look.views import SortRow, SortView
from madoguchi.widgets.look.words import translate

_QUIET = Ink("label", colour="ink2")
_COUNT = Ink("date", bold=True, number=True)


class SortPanel(Readout):
    """Shows a ``SortView``."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._view = SortView(())

    def set_view(self, view: SortView) -> None:
        """Show these piles."""
        self._view = view
        rows = (f"{row.label} {row.count}" for row in view.rows)
        flags = (f"{flag.label} {flag.detail}" for flag in view.flags)
        self.speak(
            translate("Look", "仕分け"),
            _lead(),
            *rows,
            _care() if view.flags else "",
            *flags,
            _printer() if view.printer else "",
            view.printer,
            view.note,
        )
        self.update()

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
        area = QRect(pad, 0, self.width() - 2 * pad, self.height())
        y = theme.space(3)
        line = theme.line("heading")
        canvas.text(
            QRect(area.left(), y, area.width(), line), translate("Look", "仕分け"), Ink("heading", bold=True)
        )
        y += line
        small = theme.line("label")
        canvas.text(QRect(area.left(), y, area.width(), small), _lead(), _QUIET)
        y += small + theme.space(2)
        for row in view.rows:
            y = self._pile(canvas, area, y, row)
        if view.flags:
            y = self._label(canvas, area, y + theme.space(4), _care())
            for flag in view.flags:
                box = QRect(area.left(), y, area.width(), flag_height(theme, flag, area.width()))
                draw_flag(canvas, box, flag)
                y = box.bottom() + 1 + theme.space(2)
        if view.printer:
            y = self._label(canvas, area, y + theme.space(3), _printer())
            icon = theme.px(22)
            canvas.icon(area.left() + icon // 2, y + small // 2, icon, Icon.PRINTER, "ink2")
            left = area.left() + icon + theme.space(2)
            canvas.text(QRect(left, y, area.right() + 1 - left, small), view.printer, Ink("label"))
            y += small
        if view.note:
            y += theme.space(5)
            draw_note(
                canvas,
                QRect(area.left(), y, area.width(), self.height() - y - theme.space(3)),
                "",
                view.note,
            )

    def _label(self, canvas: Canvas, area: QRect, y: int, words: str) -> int:
        height = canvas.theme.line("label") + canvas.theme.space(1)
        canvas.text(QRect(area.left(), y, area.width(), height), words, Ink("label", colour="ink2"))
        return y + height + canvas.theme.space(1)

    def _pile(self, canvas: Canvas, area: QRect, y: int, row: SortRow) -> int:
        theme = canvas.theme
        height = theme.line("date") + theme.grown(15)
        icon = theme.px(26)
        canvas.icon(
            area.left() + icon // 2, y + height // 2, icon, SIGN_ICONS[row.sign], sign_colour(row.sign)
        )
        count = str(row.count)
        width = round(text_width(theme, count, _COUNT)) + 1
        canvas.text(QRect(area.right() + 1 - width, y, width, height), count, _COUNT)
        left = area.left() + icon + theme.space(3)
        room = area.right() - width - theme.space(2) - left
        canvas.text(QRect(left, y, room, height), row.label, Ink("body"))
        canvas.hline(area.left(), area.right(), y + height - 1)
        return y + height

    def _band(self, canvas: Canvas) -> None:
        theme, view = canvas.theme, self._view
        pad, height = theme.space(4), self.height() - 1
        ink = Ink("body", bold=True)
        icon = theme.px(22)
        widths = [round(text_width(theme, _pile_line(row), ink)) + 1 for row in view.rows]
        piles = sum(widths) + len(widths) * (icon + theme.space(2) + theme.space(3))
        right = self.width() - pad
        for flag in reversed(view.flags):
            if right - inline_flag_width(theme, flag) < pad + piles:
                break
            right = draw_flag_inline(canvas, right, 0, height, flag) - theme.space(4)
        left = pad
        for row, width in zip(view.rows, widths, strict=True):
            if left + icon + theme.space(2) + width > right:
                break
            canvas.icon(left + icon // 2, height // 2, icon, SIGN_ICONS[row.sign], sign_colour(row.sign))
            left += icon + theme.space(2)
            canvas.text(QRect(left, 0, width, height), _pile_line(row), ink, Qt.AlignmentFlag.AlignLeft)
            left += width + theme.space(3)


def _lead() -> str:
    return translate("Look", "山の数と合っているか確かめる")


def _care() -> str:
    return translate("Look", "気をつける")


def _printer() -> str:
    return translate("Look", "プリンター")


def _pile_line(row: SortRow) -> str:
    return f"{row.short or row.label} {row.count}"
