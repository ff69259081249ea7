"""What the chart of the hours shows: frozen values, worded and translated by the page."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from madoguchi.widgets.look.views import Sign


class BarFill(enum.Enum):
    """How the bars of an act are drawn, so that they differ without colour and on a grey screen."""

    SOLID = "solid"
    HATCHED = "hatched"
    OUTLINED = "outlined"


@dataclass(frozen=True, slots=True)
class HourSeries:
    """One act over the hours: its word, its day's total ("1284点") and one amount an hour.

    An amount None is not known: the hour has not begun, or nothing has been heard of it. ``share`` is the
    part of the height its bars get beside the others'; all bars are drawn to one scale.
    """

    label: str
    total: str
    amounts: tuple[int | None, ...]
    fill: BarFill
    share: int = 1


@dataclass(frozen=True, slots=True)
class HourChartView:
    """Acts by hour. ``hours`` are 0..23 in order; every series has as many amounts.

    ``now`` is the hour that is running, None if it is not among them; ``now_word`` marks it. ``note`` says
    when the figures were true if that is not now, with its sign. A ``sentence`` stands instead of the figures
    where there are none.
    """

    title: str
    detail: str = ""
    hours: tuple[int, ...] = ()
    series: tuple[HourSeries, ...] = ()
    now: int | None = None
    now_word: str = ""
    note: str = ""
    note_sign: Sign | None = None
    sentence: str = ""
