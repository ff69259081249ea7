"""What the chart of the hours has room for: the most it can say with every word and number whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from madoguchi.widgets.look.canvas import Ink, least_width, text_width
from madoguchi.widgets.look.chart_views import HourChartView
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, Theme
from madoguchi.widgets.look.words import translate

TITLE = Ink("heading", bold=True)
NOTE = Ink("label", bold=True)
LABEL = Ink("heading", bold=True)
TOTAL = Ink("date", bold=True)
SMALL_TOTAL = Ink("body", bold=True)
HOUR = Ink("label", colour="ink2")
HOUR_NOW = Ink("label", bold=True)

# Totals get room for so many figures from the first loan on: the bars do not move as the day grows.
_FIGURES_OF_A_TOTAL = 4
_LEAST_BAR = 20
# Lower than this, even the busiest hours differ by a few px: the bars would say nothing.
_LEAST_TALLEST = 48


@dataclass(frozen=True, slots=True)
class Plan:
    """What is shown, and how large. Lengths are px.

    ``head`` is the height of the title's line, 0 without one. With ``stacked`` a row's total stands under
    its word, else beside it. With one axis line only, the word for the present hour stands beside the hour
    or, without room for both, in its place. ``rows`` are the rows' heights.
    """

    bars: bool
    head: int
    axis_lines: int
    stacked: bool
    gutter: int
    column: float
    number_px: int
    rows: tuple[int, ...]


def plans(theme: Theme, view: HourChartView, width: int, height: int) -> Iterator[Plan]:
    """The plans that fit into the room, the one that says most first."""
    axes = (2, 1) if view.now in view.hours and not _now_beside(theme, view, width) else (1,)
    for titled in (True, False):
        if titled and not title_fits(theme, view, width):
            continue
        # figures that are not of this moment are never shown without saying so
        if view.note and not titled:
            continue
        for bars in (True, False):
            for stacked in (True, False) if bars else (False,):
                for axis_lines in axes:
                    plan = _plan(
                        theme,
                        view,
                        (width, height),
                        bars=bars,
                        titled=titled,
                        stacked=stacked,
                        axis_lines=axis_lines,
                    )
                    if plan is not None:
                        yield plan


def _plan(
    theme: Theme,
    view: HourChartView,
    size: tuple[int, int],
    *,
    bars: bool,
    titled: bool,
    stacked: bool,
    axis_lines: int,
) -> Plan | None:
    width, height = size
    gutter = _gutter(theme, view, stacked=stacked)
    column = (width - gutter) / len(view.hours)
    amounts = [str(n) for series in view.series for n in series.amounts if n is not None]
    widest = max(amounts, key=len, default="0")
    labels = [str(hour) for hour in view.hours] + ([view.now_word] if view.now in view.hours else [])
    needed = [least_width(theme, widest, Ink("body", bold=True, number=True))]
    needed += [least_width(theme, label, HOUR_NOW) for label in labels]
    if max(needed) > int(column) - 2:
        return None
    head = head_height(theme) if titled else 0
    room = height - head - axis_height(theme, axis_lines) - row_gap(theme) * len(view.series)
    words = theme.line("heading") + (theme.line("date") if stacked else 0)
    if bars:
        least = max(words, number_line(theme) + theme.grown(_LEAST_BAR))
        rows = _dealt(room, [series.share for series in view.series], least)
    else:
        least = max(words, number_line(theme))
        rows = (least,) * len(view.series)
    if min(rows) < least or sum(rows) > room:
        return None
    if bars and max(rows) - number_line(theme) < theme.px(_LEAST_TALLEST):
        return None
    return Plan(bars, head, axis_lines, stacked, gutter, column, _number_px(theme, widest, column), rows)


def _dealt(room: int, shares: list[int], least: int) -> tuple[int, ...]:
    """The room dealt out by shares, of which none is under ``least`` as long as there is room enough."""
    rows = tuple(room * share // sum(shares) for share in shares)
    small = {at for at, row in enumerate(rows) if row < least}
    if not small or len(small) == len(rows):
        return rows
    others = [share for at, share in enumerate(shares) if at not in small]
    dealt = iter(_dealt(room - least * len(small), others, least))
    return tuple(least if at in small else next(dealt) for at in range(len(shares)))


def _gutter(theme: Theme, view: HourChartView, *, stacked: bool) -> int:
    """Width of the words at the left of the rows, with the space after them."""
    widest = 0
    for series in view.series:
        label, total = whole_width(theme, series.label, LABEL), roomy(series.total)
        if stacked:
            widest = max(widest, label, whole_width(theme, total, TOTAL))
        else:
            widest = max(widest, label + theme.space(2) + whole_width(theme, total, SMALL_TOTAL))
    return widest + theme.space(4)


def roomy(total: str) -> str:
    """The total with as many figures as a usual day ends with."""
    return re.sub(r"\d+", lambda figures: figures.group().rjust(_FIGURES_OF_A_TOTAL, "0"), total)


def _number_px(theme: Theme, widest: str, column: float) -> int:
    """One size for all numbers: the body's, or the largest in which the widest of them fits."""
    for px in range(theme.type_px("body"), MINIMUM_TEXT_PX, -1):
        if text_width(theme, widest, Ink("body", bold=True, number=True, px=px)) <= int(column) - 4:
            return px
    return MINIMUM_TEXT_PX


def hour_word(hour: int) -> str:
    """An hour of the day in words: 14 is the hour that begins at 14:00."""
    return translate("Look", "{hour}時").format(hour=hour)


def hour_labels(theme: Theme, view: HourChartView, plan: Plan) -> list[str]:
    """The words under the columns: all hours in words, or all as numbers alone where a word does not fit."""
    labels = [hour_word(hour) for hour in view.hours]
    if max(text_width(theme, label, HOUR_NOW) for label in labels) > int(plan.column) - 4:
        labels = [str(hour) for hour in view.hours]
    if view.now is not None and view.now in view.hours and plan.axis_lines == 1:
        both = f"{hour_word(view.now)} {view.now_word}"
        beside = text_width(theme, both, HOUR_NOW) <= int(plan.column) - 4
        labels[view.hours.index(view.now)] = both if beside else view.now_word
    return labels


def _now_beside(theme: Theme, view: HourChartView, width: int) -> bool:
    """Whether the word for the present hour fits beside it, however the words at the left are set."""
    if view.now is None:
        return False
    gutter = max(_gutter(theme, view, stacked=stacked) for stacked in (True, False))
    both = text_width(theme, f"{hour_word(view.now)} {view.now_word}", HOUR_NOW)
    return both <= int((width - gutter) / len(view.hours)) - 4


def title_fits(theme: Theme, view: HourChartView, width: int) -> bool:
    """Whether the title and the note with its sign fit beside each other."""
    note = 0
    if view.note:
        note = whole_width(theme, view.note, NOTE) + theme.space(4)
        note += 0 if view.note_sign is None else theme.px(22) + theme.space(2)
    return least_width(theme, view.title, TITLE) + note <= width


def whole_width(theme: Theme, text: str, ink: Ink) -> int:
    """The px a text takes unshortened."""
    return round(text_width(theme, text, ink)) + 1


def head_height(theme: Theme) -> int:
    """Height of the title's line."""
    return theme.line("heading") + theme.space(2)


def axis_height(theme: Theme, lines: int) -> int:
    """Height of the hours' line or lines."""
    return lines * theme.line("label") + theme.space(1)


def row_gap(theme: Theme) -> int:
    """Space under a row."""
    return theme.space(2)


def number_line(theme: Theme) -> int:
    """Height of a bar's number."""
    return theme.line("body")
