"""Beside a registration: somebody who is there already and may be the one being typed, field by field."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, cap_height, least_width, text_width
from madoguchi.widgets.look.flow import block_height, draw_block
from madoguchi.widgets.look.icons import Icon
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Layout, Look, Theme
from madoguchi.widgets.look.words import translate

_HEADING = Ink("heading", bold=True)
_QUIET = Ink("label", colour="ink2")
_VALUE = Ink("body")
_WORD = Ink("label", bold=True)
_BAND = Ink("body", bold=True)
_ICON = 24
_PERSON = 26


class Agreement(enum.Enum):
    """How a field of somebody who is there compares with what is typed."""

    SAME = "same"
    NEAR = "near"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AlikeField:
    """One field: its label, what is there as far as it may be shown, and how it compares, if it does."""

    label: str
    value: str
    agreement: Agreement | None


@dataclass(frozen=True, slots=True)
class AlikeView:
    """The likeliest one. ``others`` are the further ones, a line each; ``key`` opens the likeliest.

    ``short`` is what is said where there is no room for more than a line.
    """

    heading: str
    note: str
    fields: tuple[AlikeField, ...]
    key: str
    key_word: str
    short: str
    others: tuple[str, ...] = ()


class AlikePanel(Readout):
    """Shows an ``AlikeView``, or with None what it is there for. Nothing in it takes the keyboard."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._view: AlikeView | None = None
        self._hint = ""

    def set_view(self, view: AlikeView | None, hint: str = "") -> None:
        """Show this."""
        self._view, self._hint = view, hint
        if view is None:
            self.speak(hint)
        else:
            fields = (f"{each.label} {each.value} {_word(each.agreement)}" for each in view.fields)
            self.speak(view.heading, view.note, *fields, view.key, view.key_word, *view.others)
        self.update()

    def view(self) -> AlikeView | None:
        """What it shows."""
        return self._view

    def wanted_height(self) -> int:
        """Height of the band; 0 as a column."""
        if self.look.layout is Layout.WIDE:
            return 0
        return 2 * self.look.theme.line("body") + self.look.theme.grown(16)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        canvas.fill(self.rect(), "surface")
        if self.look.layout is Layout.WIDE:
            canvas.vline(self.width() - 1, 0, self.height() - 1)
            self._column(canvas)
        else:
            self._band(canvas)
            canvas.hline(0, self.width() - 1, self.height() - 1)

    def _column(self, canvas: Canvas) -> None:
        theme, view = canvas.theme, self._view
        pad = theme.space(4)
        width = self.width() - 2 * pad
        y = theme.space(4)
        if view is None:
            draw_block(canvas, pad, y, width, self._hint, _QUIET)
            return
        icon = theme.px(_PERSON)
        left = pad + icon + theme.space(2)
        canvas.icon(pad + icon // 2, y + theme.line("heading") // 2, icon, Icon.PERSON, "notice")
        y = draw_block(canvas, left, y, self.width() - pad - left, view.heading, _HEADING)
        y = draw_block(canvas, left, y, self.width() - pad - left, view.note, _QUIET) + theme.space(2)
        y = self._fields(canvas, QRect(pad, y, width, self.height() - y), view) + theme.space(3)
        y = _key(canvas, pad, y, width, view.key, view.key_word) + theme.space(3)
        for other in view.others:
            if y + theme.line("label") > self.height():
                break
            y = draw_block(canvas, pad, y, width, other, _QUIET) + theme.space(1)

    def _fields(self, canvas: Canvas, area: QRect, view: AlikeView) -> int:
        """The fields in a frame, each on two lines: label and comparison, then what is there."""
        theme = canvas.theme
        inset = theme.space(3)
        width = area.width() - 2 * inset
        heights = [_field_height(theme, each, width) for each in view.fields]
        height = sum(heights) + theme.space(2)
        frame = QRect(area.left(), area.top(), area.width(), height)
        canvas.box(frame, border="noticeMark", width=2, fill="surface", radius=theme.radius("card"))
        y = frame.top() + theme.space(1)
        for each, high in zip(view.fields, heights, strict=True):
            self._field(canvas, QRect(area.left() + inset, y, width, high), each)
            y += high
            if each is not view.fields[-1]:
                canvas.hline(area.left() + inset, area.left() + inset + width - 1, y)
        return frame.bottom() + 1

    @staticmethod
    def _field(canvas: Canvas, rect: QRect, each: AlikeField) -> None:
        theme = canvas.theme
        line, top = theme.line("label"), rect.top() + theme.space(1)
        word, mark = _word(each.agreement), _mark(each.agreement)
        colour = "notice" if each.agreement in (Agreement.SAME, Agreement.NEAR) else "ink2"
        ink = Ink("label", bold=each.agreement is not Agreement.UNKNOWN, colour=colour)
        right = round(text_width(theme, word, ink)) + 1
        sign = theme.px(_ICON)
        end = rect.left() + rect.width()
        canvas.text(QRect(end - right, top, right, line), word, ink)
        canvas.text(QRect(end - right - sign, top, sign, line), mark, ink, Qt.AlignmentFlag.AlignHCenter)
        canvas.text(QRect(rect.left(), top, rect.width() - right - sign, line), each.label, _QUIET)
        if each.value:
            place = QRect(rect.left(), top + line, rect.width(), rect.bottom() + 1 - top - line)
            _value(canvas, place, each.value)

    def _band(self, canvas: Canvas) -> None:
        theme, view = canvas.theme, self._view
        pad = theme.space(4)
        width, height = self.width() - 2 * pad, self.height() - 1
        if view is None:
            canvas.text(QRect(pad, 0, width, height), self._hint, _QUIET)
            return
        canvas.fill(QRect(0, 0, self.width(), height), "noticeTint")
        canvas.fill(QRect(0, 0, theme.px(8), height), "noticeMark")
        icon, line = theme.px(_PERSON), theme.line("body")
        top = (height - 2 * line) // 2
        canvas.icon(pad + icon // 2, height // 2, icon, Icon.PERSON, "notice")
        left = pad + icon + theme.space(2)
        room = self.width() - pad - left
        keys = f"{view.key} {view.key_word}"
        key_px = min(round(text_width(theme, keys, _WORD)) + 1, room // 2)
        head = QRect(left, top, room - key_px - theme.space(3), line)
        canvas.text(head, view.heading, _BAND, elide=least_width(theme, view.heading, _BAND) > head.width())
        canvas.text(QRect(left + room - key_px, top, key_px, line), keys, _WORD, Qt.AlignmentFlag.AlignRight)
        low = QRect(left, top + line, room, line)
        canvas.text(low, view.short, _VALUE, elide=least_width(theme, view.short, _VALUE) > room)


def _key(canvas: Canvas, left: int, top: int, width: int, key: str, word: str) -> int:
    """The key and what it does; returns the y below."""
    theme = canvas.theme
    high = max(cap_height(theme), theme.line("label"))
    begin = canvas.cap(left, top + high // 2, key, "ink") + theme.space(2)
    room = left + width - begin
    # the first line stands in the middle of the cap
    lower = max(0, (high - theme.line("label")) // 2)
    return max(top + high, draw_block(canvas, begin, top + lower, room, word, _WORD))


def _field_height(theme: Theme, each: AlikeField, width: int) -> int:
    value = block_height(theme, each.value, _VALUE, width) if each.value else 0
    return theme.line("label") + value + 2 * theme.space(1)


def _value(canvas: Canvas, place: QRect, value: str) -> None:
    if block_height(canvas.theme, value, _VALUE, place.width()) > canvas.theme.line("body"):
        canvas.paragraph(place, value, _VALUE)
    else:
        canvas.text(QRect(place.left(), place.top(), place.width(), canvas.theme.line("body")), value, _VALUE)


def _mark(agreement: Agreement | None) -> str:
    return {
        None: "",
        Agreement.SAME: "＝",
        Agreement.NEAR: "≒",
        Agreement.DIFFERENT: "×",
        Agreement.UNKNOWN: "－",
    }[agreement]


def _word(agreement: Agreement | None) -> str:
    return {
        None: "",
        Agreement.SAME: translate("Look", "一致"),
        Agreement.NEAR: translate("Look", "近い"),
        Agreement.DIFFERENT: translate("Look", "違う"),
        Agreement.UNKNOWN: translate("Look", "未入力"),
    }[agreement]
