"""The patron of the open visit: a column at the left, or a band above the list when the window is narrow."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, least_width, paragraph_height, text_width
from madoguchi.widgets.look.flags import (
    draw_flag,
    draw_flag_inline,
    draw_note,
    flag_height,
    inline_flag_width,
)
from madoguchi.widgets.look.icons import Icon
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Layout, Look
from madoguchi.widgets.look.views import LoanMeter, PatronView
from madoguchi.widgets.look.words import translate

MOST_BOXES = 20
_QUIET = Ink("label", colour="ink2")
_KANA = Ink("label", colour="ink2")
_NAME = Ink("name", bold=True)
_OFFLINE_NUMBER = Ink("name", bold=True, number=True)
_STRONG = Ink("body", bold=True)
_NUMBER = Ink("body", bold=True, number=True)


def meter_words(meter: LoanMeter) -> str:
    """What stands at the right of a meter: how many in this visit, how many are left."""
    if meter.words:
        return meter.words
    words = []
    if meter.used_now:
        words.append(translate("Look", "今回{count}").format(count=meter.used_now))
    if meter.limit:
        left = max(0, meter.limit - meter.used_before - meter.used_now)
        words.append(translate("Look", "あと{count}").format(count=left))
    return "  ".join(words)


def meter_count(meter: LoanMeter) -> str:
    """The meter's number: used of the limit."""
    used = meter.used_before + meter.used_now
    return f"{used}/{meter.limit}" if meter.limit else str(used)


class PatronPanel(Readout):
    """Shows a ``PatronView``, or nothing at all between two visits."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._view: PatronView | None = None
        self._waiting = ""

    def set_view(self, view: PatronView | None, waiting: str = "") -> None:
        """Show this patron; with None the panel is empty but for the quiet sentence ``waiting``."""
        if view is not None and view.as_of:
            view = replace(view, kana="", name="", note="")
        self._view, self._waiting = view, waiting
        if view is None:
            self.speak(waiting)
        else:
            meters = (f"{m.label} {meter_count(m)} {meter_words(m)}" for m in view.meters)
            flags = (f"{f.label} {f.detail}" for f in view.flags)
            who = (f"{label} {value}" for label, value, _ in _labelled(view) if value)
            note = f"{_note_label()} {view.note}" if view.note else ""
            self.speak(view.as_of, view.kana, view.name, *who, *meters, *flags, note)
        self.update()

    def wanted_height(self) -> int:
        """Height of the band; 0 as a column."""
        if self.look.layout is Layout.WIDE:
            return 0
        theme = self.look.theme
        return theme.line(self._name_ink().role) + theme.line("body") + theme.grown(18)

    def _name_ink(self) -> Ink:
        """In the narrowest layout the name is a heading: still the largest words of the band."""
        return Ink("heading", bold=True) if self.look.layout is Layout.NARROW else _NAME

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        canvas.fill(self.rect(), "surface")
        wide = self.look.layout is Layout.WIDE
        if wide:
            canvas.vline(self.width() - 1, 0, self.height() - 1)
        else:
            canvas.hline(0, self.width() - 1, self.height() - 1)
        if self._view is None:
            pad = self.look.theme.space(4)
            room = self.rect().adjusted(pad, self.look.theme.space(3), -pad, -self.look.theme.space(2))
            canvas.paragraph(room, self._waiting, _QUIET)
        elif wide:
            self._column(canvas, self._view)
        else:
            self._band(canvas, self._view)

    # Column -----------------------------------------------------------------------------------------

    def _column(self, canvas: Canvas, view: PatronView) -> None:
        theme = canvas.theme
        pad = theme.space(4)
        area = QRect(pad, 0, self.width() - 2 * pad, self.height())
        y = self._who(canvas, area, view, theme.space(3))
        y = self._divider(canvas, area, y + theme.space(3))
        for meter in view.meters:
            y = self._meter(canvas, area, y, meter)
        if view.meters:
            y = self._divider(canvas, area, y)
        for flag in view.flags:
            box = QRect(area.left(), y, area.width(), flag_height(theme, flag, area.width()))
            draw_flag(canvas, box, flag)
            y = box.bottom() + 1 + theme.space(2)
        if view.note:
            y += theme.space(1)
            room = QRect(area.left(), y, area.width(), self.height() - y - theme.space(3))
            draw_note(canvas, room, _note_label(), view.note)

    def _who(self, canvas: Canvas, area: QRect, view: PatronView, y: int) -> int:
        theme = canvas.theme
        small = theme.line("label")
        name = theme.line("name") + theme.space(1)
        number, *labels = _labelled(view)
        if view.as_of:
            # The replica has no name: the number, which is on the card in the clerk's hand, takes its place.
            y = self._as_of(canvas, area, view, y)
            canvas.text(QRect(area.left(), y, area.width(), small), number[0], _QUIET)
            canvas.text(QRect(area.left(), y + small, area.width(), name), view.number, _OFFLINE_NUMBER)
        else:
            canvas.text(QRect(area.left(), y, area.width(), small), view.kana, _KANA)
            canvas.text(QRect(area.left(), y + small, area.width(), name), view.name, _NAME)
            labels.insert(0, number)
        y += small + name + theme.space(1)
        labels = [label for label in labels if label[1]]
        if not labels:
            return y
        column = max(round(text_width(theme, label, _QUIET)) for label, _, _ in labels) + theme.space(2)
        column = min(column, area.width() // 2)
        pitch = theme.line("body") + theme.space(1)
        for label, value, ink in labels:
            canvas.text(QRect(area.left(), y, column, pitch), label, _QUIET)
            room = area.width() - column
            if least_width(theme, value, ink) <= room:
                canvas.text(QRect(area.left() + column, y, room, pitch), value, ink)
                y += pitch
                continue
            wrapped_ink = Ink("label")
            height = paragraph_height(theme, value, wrapped_ink, room)
            y += canvas.paragraph(QRect(area.left() + column, y, room, height), value, wrapped_ink)
        return y

    def _as_of(self, canvas: Canvas, area: QRect, view: PatronView, y: int) -> int:
        theme = canvas.theme
        icon, line = theme.px(20), theme.line("label") + theme.space(1)
        canvas.icon(area.left() + icon // 2, y + line // 2, icon, Icon.RECORDED, "ink2")
        left = area.left() + icon + theme.space(2)
        canvas.text(QRect(left, y, area.right() + 1 - left, line), view.as_of, Ink("label", bold=True))
        return y + line + theme.space(1)

    def _divider(self, canvas: Canvas, area: QRect, y: int) -> int:
        canvas.hline(area.left(), area.right(), y)
        return y + self.look.theme.space(3)

    def _meter(self, canvas: Canvas, area: QRect, y: int, meter: LoanMeter) -> int:
        theme = canvas.theme
        line = theme.line("heading") + theme.grown(3)
        words = meter_words(meter)
        count_ink = Ink("heading", bold=True, number=True)
        label_px = round(text_width(theme, meter.label, Ink("body"))) + 1
        count_px = round(text_width(theme, meter_count(meter), count_ink)) + 1
        count_right = max(area.left() + theme.px(121), area.left() + label_px + theme.space(2) + count_px)
        canvas.text(QRect(area.left(), y, label_px, line), meter.label, Ink("body"))
        canvas.text(QRect(count_right - count_px, y, count_px, line), meter_count(meter), count_ink)
        left = count_right + theme.space(1)
        canvas.text(QRect(left, y, area.right() + 1 - left, line), words, _QUIET, Qt.AlignmentFlag.AlignRight)
        y += line + theme.grown(1)
        height = theme.grown(10)
        if meter.limit:
            self._boxes(canvas, QRect(area.left(), y, area.width(), height), meter)
        return y + height + theme.grown(10)

    def _boxes(self, canvas: Canvas, rect: QRect, meter: LoanMeter) -> None:
        """One box for each loan allowed; a plain bar where boxes would be too small to count."""
        gap = 3
        used = min(meter.limit, meter.used_before + meter.used_now)
        before = min(meter.limit, meter.used_before)
        if meter.limit > MOST_BOXES:
            canvas.box(rect, border="lineStrong", fill="surface")
            filled = round(rect.width() * used / meter.limit)
            grey = round(rect.width() * before / meter.limit)
            now = QRect(rect.left() + grey, rect.top(), filled - grey, rect.height())
            canvas.fill(now, "accent")
            low = rect.height() * 3 // 5
            canvas.fill(QRect(rect.left(), rect.bottom() + 1 - low, grey, low), "ink2")
            return
        step = (rect.width() + gap) / meter.limit
        for index in range(meter.limit):
            left = round(rect.left() + index * step)
            right = round(rect.left() + (index + 1) * step) - gap
            box = QRect(left, rect.top(), right - left, rect.height())
            if index < before:
                # Lower, not only grey: what was borrowed before must be told apart without colour.
                canvas.fill(box.adjusted(0, box.height() - box.height() * 3 // 5, 0, 0), "ink2")
            elif index < used:
                canvas.fill(box, "accent")
            else:
                canvas.box(box, border="lineStrong", fill="surface")

    # Band -------------------------------------------------------------------------------------------

    def _band(self, canvas: Canvas, view: PatronView) -> None:
        theme = canvas.theme
        pad = theme.space(4)
        right = self.width() - pad
        name_ink = self._name_ink()
        top, name_line = theme.grown(6), theme.line(name_ink.role)
        left = pad
        if view.as_of:
            self._offline_line(canvas, view, QRect(left, top, right - left, name_line))
            self._band_second_line(canvas, view, QRect(pad, top + name_line, right - pad, theme.line("body")))
            return
        number_px = round(text_width(theme, view.number, Ink("label", colour="ink2"))) + 1
        name_px = min(
            round(text_width(theme, view.name, name_ink)) + 1, right - left - number_px - theme.space(4)
        )
        canvas.text(QRect(left, top, name_px, name_line), view.name, name_ink)
        left += name_px + theme.space(4)
        kana_px = round(text_width(theme, view.kana, _KANA)) + 1
        if self.look.layout is Layout.COMPACT and left + kana_px + theme.space(4) + number_px <= right:
            canvas.text(QRect(left, top, kana_px, name_line), view.kana, _KANA)
            left += kana_px + theme.space(4)
        canvas.text(QRect(left, top, number_px, name_line), view.number, _QUIET)
        self._band_second_line(canvas, view, QRect(pad, top + name_line, right - pad, theme.line("body")))

    def _offline_line(self, canvas: Canvas, view: PatronView, rect: QRect) -> None:
        """The number large, and when it was true; the latter is never left out."""
        theme = canvas.theme
        ink = replace(_OFFLINE_NUMBER, role=self._name_ink().role)
        as_of = Ink("label", bold=True)
        number_px = round(text_width(theme, view.number, ink)) + 1
        canvas.text(QRect(rect.left(), rect.top(), number_px, rect.height()), view.number, ink)
        left = rect.left() + number_px + theme.space(4)
        room = QRect(left, rect.top(), max(0, rect.right() + 1 - left), rect.height())
        canvas.text(room, view.as_of, as_of, Qt.AlignmentFlag.AlignRight)

    def _band_second_line(self, canvas: Canvas, view: PatronView, rect: QRect) -> None:
        """The first flags, as many as fit, at the right; then meters from the left, as many as still fit."""
        theme = canvas.theme
        right = rect.right() + 1
        first = round(text_width(theme, _meter_line(view.meters[0]), _STRONG)) if view.meters else 0
        room, shown = right - rect.left() - first - theme.space(4), 0
        for flag in view.flags:
            room -= inline_flag_width(theme, flag)
            if room < 0:
                break
            room -= theme.space(4)
            shown += 1
        for flag in reversed(view.flags[:shown]):
            right = draw_flag_inline(canvas, right, rect.top(), rect.height(), flag) - theme.space(4)
        icon = theme.px(22)
        if view.note and right - icon > rect.left() + first + theme.space(4):
            canvas.icon(right - icon // 2, rect.center().y(), icon, Icon.NOTE, "ink2")
            right -= icon + theme.space(4)
        left = rect.left()
        for meter in view.meters:
            line = _meter_line(meter)
            width = round(text_width(theme, line, _STRONG)) + 1
            if left + width > right:
                break
            canvas.text(QRect(left, rect.top(), width, rect.height()), line, _STRONG)
            left += width + theme.space(4)


def _labelled(view: PatronView) -> tuple[tuple[str, str, Ink], ...]:
    """Label, value and the ink of what is known of the patron besides the name; the number comes first."""
    return (
        (translate("Look", "利用者番号"), view.number, _NUMBER),
        (translate("Look", "区分"), view.category, Ink("body")),
        (translate("Look", "有効期限"), view.valid_until, Ink("body")),
    )


def _note_label() -> str:
    return translate("Look", "職員メモ")


def _meter_line(meter: LoanMeter) -> str:
    return f"{meter.label} {meter_count(meter)}"
