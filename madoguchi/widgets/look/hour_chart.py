"""The day by hour: one row of bars for each act, every bar with its number, all to one scale.

The acts stand in rows of their own, each with its word and total at its left, so that no legend is needed;
their fills differ as well. Where room is short the picture says less, step by step: the detail of the title,
the bars, the hours, the totals; what it still says is whole.
"""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRect, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, paragraph_height
from madoguchi.widgets.look.chart_plan import (
    HOUR,
    HOUR_NOW,
    LABEL,
    NOTE,
    SMALL_TOTAL,
    TITLE,
    TOTAL,
    Plan,
    axis_height,
    head_height,
    hour_labels,
    hour_word,
    number_line,
    plans,
    row_gap,
    title_fits,
    whole_width,
)
from madoguchi.widgets.look.chart_views import BarFill, HourChartView, HourSeries
from madoguchi.widgets.look.icons import SIGN_ICONS
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Look, Theme
from madoguchi.widgets.look.words import translate

_QUIET = Ink("label", colour="ink2")
_SENTENCE = Ink("body", colour="ink2")

_BAR = "lineStrong"
_BAR_PART = 0.58
_OUTLINE = 2
_STEPS = (10, 15, 20, 25, 30, 40, 50, 60, 80, 100)


def top_of_scale(highest: int) -> int:
    """The round number at or above the highest amount; bars are drawn to it, so that they do not jump."""
    factor = 1
    while highest > _STEPS[-1] * factor:
        factor *= 10
    return next(step * factor for step in _STEPS if highest <= step * factor)


class HourChart(Readout):
    """Shows an ``HourChartView``, or nothing at all."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._view: HourChartView | None = None

    def view(self) -> HourChartView | None:
        """What is shown."""
        return self._view

    def set_view(self, view: HourChartView | None) -> None:
        """Show this; with None nothing is shown or said.

        Raises:
            ValueError: a series has not one amount for every hour.
        """
        if view is not None and any(len(series.amounts) != len(view.hours) for series in view.series):
            raise ValueError("a series of the chart has not one amount for every hour")
        self._view = view
        self.speak(*(() if view is None else spoken(view)))
        self.update()

    # Painting ---------------------------------------------------------------------------------------

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        canvas.fill(self.rect(), "surface")
        if self._view is None:
            return
        theme, view = canvas.theme, self._view
        pad = theme.space(4)
        area = self.rect().adjusted(pad, theme.space(3), -pad, -theme.space(3))
        if view.sentence or not view.hours:
            self._say(canvas, area, view)
            return
        plan = next(plans(theme, view, area.width(), area.height()), None)
        if plan is None:
            self._totals(canvas, area, view)
            return
        if plan.head:
            self._head(canvas, QRect(area.left(), area.top(), area.width(), plan.head), view)
        self._figures(canvas, area.adjusted(0, plan.head, 0, 0), view, plan)

    def _say(self, canvas: Canvas, area: QRect, view: HourChartView) -> None:
        theme = canvas.theme
        if area.width() < theme.type_px("body"):
            return
        head = head_height(theme)
        height = paragraph_height(theme, view.sentence, _SENTENCE, area.width())
        if area.height() >= head + height and title_fits(theme, view, area.width()):
            self._head(canvas, QRect(area.left(), area.top(), area.width(), head), view)
            area = area.adjusted(0, head, 0, 0)
        elif view.note:
            return
        if area.height() >= height:
            canvas.paragraph(area, view.sentence, _SENTENCE)

    def _head(self, canvas: Canvas, line: QRect, view: HourChartView) -> None:
        theme = canvas.theme
        box = line.adjusted(0, 0, 0, -theme.space(2))
        right = line.right() + 1
        if view.note:
            width = whole_width(theme, view.note, NOTE)
            canvas.text(QRect(right - width, box.top(), width, box.height()), view.note, NOTE)
            right -= width
            if view.note_sign is not None:
                icon = theme.px(22)
                right -= theme.space(2) + icon
                middle = box.top() + box.height() // 2
                canvas.icon(right + icon // 2, middle, icon, SIGN_ICONS[view.note_sign], "ink")
            right -= theme.space(4)
        width = min(whole_width(theme, view.title, TITLE), right - line.left())
        canvas.text(QRect(line.left(), box.top(), width, box.height()), view.title, TITLE)
        left = line.left() + width + theme.space(3)
        width = whole_width(theme, view.detail, _QUIET)
        if view.detail and left + width <= right:
            canvas.text(QRect(left, box.top(), width, box.height()), view.detail, _QUIET)

    def _figures(self, canvas: Canvas, area: QRect, view: HourChartView, plan: Plan) -> None:
        theme = canvas.theme
        axis = QRect(area.left(), 0, area.width(), axis_height(theme, plan.axis_lines))
        axis.moveTop(area.top() + sum(plan.rows) + row_gap(theme) * len(plan.rows))
        if view.now in view.hours:
            column = _column(area, plan, view.hours.index(view.now))
            column.setBottom(axis.bottom())
            canvas.fill(column, "accentTint")
        scale = _scale(theme, view, plan)
        y = area.top()
        for series, height in zip(view.series, plan.rows, strict=True):
            row = QRect(area.left(), y, area.width(), height)
            self._row_words(canvas, row, series, plan)
            for index, amount in enumerate(series.amounts):
                if amount is not None:
                    column = _column(row, plan, index)
                    bar = round(amount * scale) if plan.bars else 0
                    if plan.bars and amount:
                        bar = _draw_bar(canvas, column, bar, series.fill)
                    now = view.hours[index] == view.now
                    self._number(canvas, column.adjusted(1, 0, -1, -bar), amount, plan.number_px, bold=now)
            if plan.bars:
                canvas.hline(row.left() + plan.gutter, row.right(), row.bottom(), "lineStrong")
            y += height + row_gap(theme)
        self._axis(canvas, axis, view, plan)

    def _row_words(self, canvas: Canvas, row: QRect, series: HourSeries, plan: Plan) -> None:
        theme = canvas.theme
        room = plan.gutter - theme.space(4)
        if plan.stacked:
            total, label = theme.line("date"), theme.line("heading")
            top = row.bottom() + 1 - total
            canvas.text(QRect(row.left(), top - label, room, label), series.label, LABEL)
            canvas.text(QRect(row.left(), top, room, total), series.total, TOTAL)
            return
        line = theme.line("heading")
        top = row.bottom() + 1 - line
        label = whole_width(theme, series.label, LABEL)
        canvas.text(QRect(row.left(), top, label, line), series.label, LABEL)
        left = row.left() + label + theme.space(2)
        box = QRect(left, top, row.left() + room - left, line)
        canvas.text(box, series.total, SMALL_TOTAL, Qt.AlignmentFlag.AlignRight)

    def _number(self, canvas: Canvas, room: QRect, amount: int, px: int, *, bold: bool) -> None:
        ink = Ink("body", bold=bold, colour="ink" if amount else "ink2", number=True, px=px)
        line = number_line(canvas.theme)
        box = QRect(room.left(), room.bottom() + 1 - line, room.width(), line)
        canvas.text(box, str(amount), ink, Qt.AlignmentFlag.AlignHCenter)

    def _axis(self, canvas: Canvas, axis: QRect, view: HourChartView, plan: Plan) -> None:
        theme = canvas.theme
        line = theme.line("label")
        top = axis.top() + theme.space(1) // 2
        for index, label in enumerate(hour_labels(theme, view, plan)):
            now = view.hours[index] == view.now
            column = _column(axis, plan, index)
            box = QRect(column.left() + 1, top, column.width() - 2, line)
            canvas.text(box, label, HOUR_NOW if now else HOUR, Qt.AlignmentFlag.AlignHCenter)
            if now and plan.axis_lines == 2:
                box.moveTop(top + line)
                canvas.text(box, view.now_word, HOUR_NOW, Qt.AlignmentFlag.AlignHCenter)

    def _totals(self, canvas: Canvas, area: QRect, view: HourChartView) -> None:
        """Only what the day adds up to, where the hours have no room; nothing where that has none."""
        theme = canvas.theme
        line, gap = theme.line("heading"), theme.space(4)
        words = [f"{series.label} {series.total}" for series in view.series]
        widths = [whole_width(theme, text, SMALL_TOTAL) for text in words]
        beside = sum(widths) + gap * (len(widths) - 1) <= area.width()
        height = line if beside else line * len(widths)
        head = head_height(theme)
        titled = area.height() >= head + height and title_fits(theme, view, area.width())
        if (not titled and (view.note or area.height() < height)) or max(widths, default=0) > area.width():
            return
        left, top = area.left(), area.top()
        if titled:
            self._head(canvas, QRect(left, top, area.width(), head), view)
            top += head
        for text, width in zip(words, widths, strict=True):
            canvas.text(QRect(left, top, width, line), text, SMALL_TOTAL)
            if beside:
                left += width + gap
            else:
                top += line


def spoken(view: HourChartView) -> list[str]:
    """What the chart says to a screen reader: the same numbers, a sentence for each hour."""
    if view.sentence or not view.hours:
        return [view.title, view.note, view.sentence]
    comma = translate("Look", "、")
    sentence = translate("Look", "{subject}：{words}。")
    totals = comma.join(f"{series.label} {series.total}" for series in view.series)
    sentences = [sentence.format(subject=view.title, words=totals)]
    for index, hour in enumerate(view.hours):
        amounts = [
            f"{series.label} {series.amounts[index]}"
            for series in view.series
            if series.amounts[index] is not None
        ]
        if amounts:
            subject = f"{hour_word(hour)} {view.now_word}" if hour == view.now else hour_word(hour)
            sentences.append(sentence.format(subject=subject, words=comma.join(amounts)))
    return [view.note, *sentences]


def _scale(theme: Theme, view: HourChartView, plan: Plan) -> float:
    """Px an act: the same in all rows, so that bars can be compared between them."""
    scale = float("inf")
    for series, height in zip(view.series, plan.rows, strict=True):
        highest = max((amount for amount in series.amounts if amount is not None), default=0)
        scale = min(scale, (height - number_line(theme)) / top_of_scale(highest))
    return scale


def _column(row: QRect, plan: Plan, index: int) -> QRect:
    left = round(row.left() + plan.gutter + index * plan.column)
    right = round(row.left() + plan.gutter + (index + 1) * plan.column)
    return QRect(left, row.top(), right - left, row.height())


def _draw_bar(canvas: Canvas, column: QRect, height: int, fill: BarFill) -> int:
    """A bar told apart by its fill, in one ink, at the foot of its column; returns its height.

    One act can be seen, too.
    """
    height = max(_OUTLINE, height)
    width = round(column.width() * _BAR_PART)
    left = column.left() + (column.width() - width) // 2
    bar = QRect(left, column.bottom() + 1 - height, width, height)
    if height <= 2 * _OUTLINE or fill is BarFill.SOLID:
        canvas.fill(bar, _BAR)
        return height
    canvas.fill(bar, "surface")
    if fill is BarFill.HATCHED:
        painter = canvas.painter
        painter.save()
        painter.setClipRect(bar)
        painter.setPen(QPen(canvas.theme.colour(_BAR), 1.5))
        for x in range(bar.left() - height, bar.right() + 1, canvas.theme.grown(7)):
            painter.drawLine(QLineF(x, bar.bottom() + 1, x + height, bar.top()))
        painter.restore()
    canvas.box(bar, border=_BAR, width=_OUTLINE)
    return height
