"""One row of the scan list: number, sign, title over item number and creator, state over detail, date.

Sign, word and shape say the state before colour does: a refusal has a frame and a solid block, a lost line
a dark frame and a dark plate behind its words, a notice a bar, an ordinary loan only a thin ring.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt

from madoguchi.widgets.look.canvas import Canvas, Ink, text_width
from madoguchi.widgets.look.flags import sign_colour, sign_mark, sign_tint
from madoguchi.widgets.look.icons import NOTICE_SIGNS, ROUTE_SIGNS, SIGN_ICONS, Icon
from madoguchi.widgets.look.theme import Layout, Theme
from madoguchi.widgets.look.views import RightColumn, RowView, Sign

_RIGHT = Qt.AlignmentFlag.AlignRight
_LEFT = Qt.AlignmentFlag.AlignLeft
_HAS_FIGURE = re.compile(r"\d")
_KEY_AND_WORD = re.compile(r"(F\d{1,2})[ \u3000]+(.+)")
_LATIN_DATE = re.compile(r"(\d[\d/]*)(\([A-Za-z]+\))")
_WIDEST_DAY = "(Wed)"
_ITEM_NUMBER = re.compile(r"[0-9A-Za-z\-]+")
OUTAGE_FRAME = 3
_LIGHT_TITLES = frozenset({Sign.PENDING, Sign.RECORDED, Sign.SAME_ITEM})


def row_height(theme: Theme) -> int:
    """Height of every row: two lines of text, and spaces that grow more slowly."""
    return theme.line("rowTitle") + theme.line("label") + theme.grown(15)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a list stand: x from the row's left edge, and widths, in px."""

    number_right: int
    sign_centre: int
    title: int
    state: int
    right: int
    right_end: int
    narrow: bool
    destination: bool

    @staticmethod
    def of(theme: Theme, layout: Layout, width: int, right: RightColumn, digits: int = 2) -> Columns:
        """The columns for a list of this width whose largest number has so many digits."""
        wider = round(text_width(theme, "0" * digits, Ink("rowTitle", number=True)))
        number_right = theme.grown(12) + wider
        sign = theme.px(28)
        sign_left = number_right + theme.grown(10)
        title = sign_left + sign + theme.grown(12)
        end = width - theme.space(4)
        destination = right is RightColumn.DESTINATION
        if layout is Layout.NARROW:
            return Columns(number_right, sign_left + sign // 2, title, end, end, end, True, destination)
        spare = max(0, width - theme.px(894))
        wide = layout is Layout.WIDE
        if destination:
            right_px = theme.px(232 if wide else 180) + spare // 5
            state_px = theme.px(226 if wide else 156) + spare // 8
        else:
            right_px = theme.px(158 if wide else 146)
            state_px = theme.px(213 if wide else 190) + spare // 5
        right_left = end - right_px
        return Columns(
            number_right,
            sign_left + sign // 2,
            title,
            right_left - state_px,
            right_left,
            end,
            False,
            destination,
        )


class ScanRow:
    """Paints a ``RowView`` into a rectangle. Keeps nothing, so one is enough for all rows."""

    def paint(self, canvas: Canvas, rect: QRect, row: RowView, columns: Columns) -> None:
        """Paint the row."""
        self._ground(canvas, rect, row, columns)
        theme = canvas.theme
        block_ink = self._block_ink(row)
        number = QRect(rect.left(), rect.top(), columns.number_right, rect.height())
        number_ink = Ink("body", number=True, bold=True, colour=block_ink or "ink2")
        if row.number:
            canvas.text(number, str(row.number), number_ink, _RIGHT)
        icon, colour = self._icon(row)
        canvas.icon(rect.left() + columns.sign_centre, rect.center().y() + 1, theme.px(28), icon, colour)
        if columns.narrow:
            self._narrow(canvas, rect, row, columns)
        else:
            self._title(canvas, rect, row, columns, rect.left() + columns.state - theme.space(3))
            self._state(canvas, rect, row, columns)
            self._right(canvas, rect, row, columns)

    # Ground and sign --------------------------------------------------------------------------------

    @staticmethod
    def _ground(canvas: Canvas, rect: QRect, row: RowView, columns: Columns) -> None:
        block = QRect(rect.left(), rect.top(), columns.title - canvas.theme.grown(9), rect.height())
        if row.sign is Sign.OUTAGE and row.pinned:
            canvas.fill(rect, "surface")
            canvas.fill(block, "system")
            canvas.box(rect, border="system", width=OUTAGE_FRAME)
            return
        if row.sign is Sign.REFUSED and row.pinned:
            canvas.fill(rect, "refusedTint")
            canvas.fill(block, "refused")
            canvas.box(rect, border="refused", width=canvas.theme.stroke("frame"))
            return
        marked = row.sign in NOTICE_SIGNS | ROUTE_SIGNS
        ground = "surfaceAlt" if row.sign is Sign.SAME_ITEM else "surface"
        canvas.fill(rect, sign_tint(row.sign) if marked else ground)
        dashed = row.sign is Sign.PENDING
        canvas.hline(
            rect.left(), rect.right(), rect.bottom(), "lineStrong" if dashed else "line", dashed=dashed
        )
        if marked:
            bar = canvas.theme.stroke("mark")
            canvas.fill(QRect(rect.left(), rect.top(), bar, rect.height()), sign_mark(row.sign))

    @staticmethod
    def _block_ink(row: RowView) -> str:
        """The ink on a solid block, or nothing for a row without one."""
        if not row.pinned:
            return ""
        return "onRefused" if row.sign is Sign.REFUSED else "onSystem"

    @staticmethod
    def _icon(row: RowView) -> tuple[Icon, str]:
        if row.sign is Sign.REFUSED and not row.pinned:
            return Icon.REFUSED_ANSWERED, "refused"
        if row.sign is Sign.OUTAGE and row.pinned:
            return Icon.OUTAGE, "systemMark"
        if row.pinned:
            return SIGN_ICONS[row.sign], "onRefused"
        return SIGN_ICONS[row.sign], sign_colour(row.sign)

    # Words ------------------------------------------------------------------------------------------

    @staticmethod
    def _lines(canvas: Canvas, rect: QRect) -> tuple[int, int, int, int]:
        """Top and height of the upper line, top and height of the lower one."""
        upper, lower = canvas.theme.line("rowTitle"), canvas.theme.line("label")
        top = rect.top() + (rect.height() - upper - lower) // 2
        return top, upper, top + upper, lower

    def _title(self, canvas: Canvas, rect: QRect, row: RowView, columns: Columns, right: int) -> None:
        top, upper, low_top, lower = self._lines(canvas, rect)
        left = rect.left() + columns.title
        is_number = bool(_ITEM_NUMBER.fullmatch(row.title))
        title = Ink(
            "rowTitle",
            bold=row.sign not in _LIGHT_TITLES,
            colour="ink2" if row.sign is Sign.SAME_ITEM else "ink",
            number=is_number,
        )
        room = right - left
        if not row.under:
            canvas.text(QRect(left, rect.top(), room, rect.height()), row.title, title, elide=True)
            return
        canvas.text(QRect(left, top, room, upper), row.title, title, elide=True)
        canvas.text(QRect(left, low_top, room, lower), row.under, Ink("label", colour="ink2"), elide=True)

    def _state_inks(self, row: RowView) -> tuple[Ink, Ink]:
        if row.sign is Sign.OUTAGE and row.pinned:
            return Ink("body", bold=True, colour="onSystem"), Ink("label", colour="onSystem")
        if row.sign in (Sign.REFUSED, Sign.OUTAGE) or row.sign in NOTICE_SIGNS:
            return Ink("body", bold=True, colour=sign_colour(row.sign)), Ink("label")
        if row.sign in ROUTE_SIGNS:
            return Ink("body", bold=True, colour="accent"), Ink("label", colour="ink2")
        quiet = row.sign is Sign.DONE and not row.detail
        return Ink("label" if quiet else "body", bold=not quiet, colour="ink2"), Ink("label", colour="ink2")

    def _state(self, canvas: Canvas, rect: QRect, row: RowView, columns: Columns) -> None:
        top, upper, low_top, lower = self._lines(canvas, rect)
        left = rect.left() + columns.state
        # What the row says may go on where its date would stand.
        alone = not (row.right or row.right_detail or row.action)
        end = columns.right_end if alone else columns.right - canvas.theme.space(2)
        room = end - columns.state
        if row.sign is Sign.OUTAGE and row.pinned:
            pad = canvas.theme.space(3)
            plate_end = rect.width() if alone else end
            plate = QRect(left - pad, rect.top(), plate_end - columns.state + pad, rect.height())
            canvas.fill(plate, "system")
            room -= canvas.theme.space(2)
        word, detail = self._state_inks(row)
        if row.detail:
            canvas.text(QRect(left, top, room, upper), row.state, word)
            canvas.text(QRect(left, low_top, room, lower), row.detail, detail)
        else:
            canvas.text(QRect(left, rect.top(), room, rect.height()), row.state, word)

    def _right(self, canvas: Canvas, rect: QRect, row: RowView, columns: Columns) -> None:
        left = rect.left() + columns.right
        room = columns.right_end - columns.right
        if row.action:
            self._action(canvas, action_rect(canvas.theme, rect, row, columns), row)
            return
        ink = self._right_ink(canvas.theme, row, columns)
        align = _LEFT if columns.destination else _RIGHT
        if not row.right_detail:
            box = QRect(left, rect.top(), room, rect.height())
            if not self._latin_date(canvas, box, row.right, ink):
                canvas.text(box, row.right, ink, align)
            return
        top, upper, low_top, lower = self._lines(canvas, rect)
        if ink.role == "date":
            # A date over its remark is set as large as the row's two lines let it be.
            ink = Ink("date", colour=ink.colour, px=max(16, round(upper / 1.1)))
        canvas.text(QRect(left, top, room, upper), row.right, ink, align)
        canvas.text(QRect(left, low_top, room, lower), row.right_detail, Ink("label", colour="ink2"), align)

    @staticmethod
    def _latin_date(canvas: Canvas, box: QRect, date: str, ink: Ink) -> bool:
        """A date with its weekday in Latin letters, which are not all as wide: the figures stand in line.

        False if it is none, or there is no room.
        """
        match = _LATIN_DATE.fullmatch(date)
        if match is None:
            return False
        day = round(text_width(canvas.theme, _WIDEST_DAY, ink)) + 1
        figures = round(text_width(canvas.theme, match.group(1), ink)) + 1
        if figures + day > box.width() or text_width(canvas.theme, match.group(2), ink) > day:
            return False
        right = box.right() + 1 - day
        canvas.text(QRect(right - figures, box.top(), figures, box.height()), match.group(1), ink, _RIGHT)
        canvas.text(QRect(right, box.top(), day, box.height()), match.group(2), ink)
        return True

    @staticmethod
    def _right_ink(theme: Theme, row: RowView, columns: Columns) -> Ink:
        if columns.destination:
            return Ink("rowTitle", bold=True, px=theme.px(22))
        if _HAS_FIGURE.search(row.right):
            return Ink("date", bold=row.sign is not Sign.RECORDED)
        return Ink("body", bold=len(row.right) > 1, colour="ink2")

    @staticmethod
    def _action(canvas: Canvas, box: QRect, row: RowView) -> None:
        theme = canvas.theme
        colour = "refused" if row.sign is Sign.REFUSED else "ink"
        canvas.box(box, border=colour, width=1.5, radius=theme.radius("control"), fill="surface")
        match = _KEY_AND_WORD.fullmatch(row.action)
        left = box.left() + theme.grown(9)
        if match:
            left = canvas.cap(left, box.center().y() + 1, match.group(1), colour) + theme.grown(9)
        word = match.group(2) if match else row.action
        room = box.right() - theme.grown(6) - left
        canvas.text(QRect(left, box.top(), room, box.height()), word, Ink("body", bold=True, colour=colour))

    # Narrow -----------------------------------------------------------------------------------------

    def _narrow(self, canvas: Canvas, rect: QRect, row: RowView, columns: Columns) -> None:
        """Two lines without columns: at the right the date over the state, or the state over the action."""
        theme = canvas.theme
        top, upper, low_top, lower = self._lines(canvas, rect)
        state_ink, _ = self._state_inks(row)
        has_date = bool(row.right) and (columns.destination or bool(_HAS_FIGURE.search(row.right)))
        if row.action or not has_date:
            first, first_ink = row.state, state_ink
            second, second_ink = row.action, Ink("label", bold=True, colour=sign_colour(row.sign))
        else:
            first, first_ink = row.right, self._right_ink(theme, row, columns)
            second, second_ink = row.state, Ink("label", colour=state_ink.colour)
            upper_px = min(theme.type_px(first_ink.role), round((upper + theme.grown(4)) / 1.25))
            first_ink = Ink(
                first_ink.role, first_ink.bold, first_ink.colour, number=first_ink.number, px=upper_px
            )
        outage = row.sign is Sign.OUTAGE and row.pinned
        beside = ""
        action_ink = Ink("label", bold=True, colour="onSystem")
        if outage:
            # Both what to do with the book and the key are needed: the key goes beside the state.
            beside = row.action if row.detail else ""
            second, second_ink = row.detail or row.action, action_ink
        most = rect.width() // 2 - columns.title // 2
        width = max(round(text_width(theme, first, first_ink)), round(text_width(theme, second, second_ink)))
        gap = theme.space(4)
        key = round(text_width(theme, beside, action_ink)) + 1 if beside else 0
        if beside:
            width = max(width, round(text_width(theme, first, first_ink)) + gap + key)
        width = min(most, width + 1)
        left = rect.left() + columns.right_end - width
        if outage:
            plate = QRect(
                left - theme.space(3), rect.top(), rect.right() - left + theme.space(3) + 1, rect.height()
            )
            canvas.fill(plate, "system")
        if beside:
            canvas.text(QRect(left, top, width - gap - key, upper), first, first_ink)
            canvas.text(QRect(left + width - key, top, key, upper), beside, action_ink, _RIGHT)
        else:
            canvas.text(QRect(left, top, width, upper), first, first_ink, _RIGHT)
        if second:
            canvas.text(QRect(left, low_top, width, lower), second, second_ink, _RIGHT)
        self._title(canvas, rect, row, columns, left - theme.space(5))


def action_rect(theme: Theme, rect: QRect, row: RowView, columns: Columns) -> QRect:
    """Where the row's action can be pressed; empty if it has none. A narrow row is pressed anywhere."""
    if not row.action:
        return QRect()
    if columns.narrow:
        return QRect(rect)
    left = rect.left() + columns.right
    height = min(rect.height() - 12, theme.grown(44))
    width = columns.right_end - columns.right
    return QRect(left, rect.center().y() - height // 2 + 1, width, height)


def without_key(action: str) -> str:
    """The action's word alone ("F10 対応" → "対応")."""
    match = _KEY_AND_WORD.fullmatch(action)
    return match.group(2) if match else action


def spoken_row(row: RowView) -> str:
    """What a screen reader says of the row: state and action before the title."""
    parts = (
        str(row.number) if row.number else "",
        row.state,
        row.detail,
        row.right,
        row.right_detail,
        row.action,
        row.title,
        row.under,
    )
    return " ".join(part for part in parts if part)
