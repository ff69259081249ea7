"""The chart of the hours: every number whole in any room, no need of colour, spoken as it is painted."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QColor, QImage
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.canvas import Piece, Shape
from madoguchi.widgets.look.chart_plan import plans
from madoguchi.widgets.look.chart_views import BarFill, HourChartView, HourSeries
from madoguchi.widgets.look.hour_chart import HourChart, top_of_scale
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, Look, Theme, contrast_ratio
from madoguchi.widgets.look.tokens import Contrast, load_tokens
from madoguchi.widgets.look.views import Sign

Amounts = tuple[int | None, ...]

LENT: Amounts = (96, 143, 171, 128, 188, 214, 62, None, None, None)
RETURNED: Amounts = (182, 121, 130, 97, 150, 166, 41, None, None, None)
RENEWED: Amounts = (8, 12, 15, 9, 0, 22, 4, None, None, None)
PLACES = {1.0: (894, 530), 1.25: (1330, 780), 1.5: (1168, 430), 2.0: (1142, 330)}


def chart_view(
    lent: Amounts = LENT, returned: Amounts = RETURNED, renewed: Amounts = RENEWED, first: int = 9
) -> HourChartView:
    def series(label: str, amounts: Amounts, fill: BarFill, share: int) -> HourSeries:
        return HourSeries(label, f"{sum(n or 0 for n in amounts)}点", amounts, fill, share)

    return HourChartView(
        "今日の窓口",
        "この館の1時間ごとの点数",
        tuple(range(first, first + len(lent))),
        (
            series("貸出", lent, BarFill.SOLID, 2),
            series("返却", returned, BarFill.HATCHED, 2),
            series("延長", renewed, BarFill.OUTLINED, 1),
        ),
        now=15,
        now_word="いま",
    )


SATURDAY = chart_view()
FOUR_FIGURES = chart_view(*(tuple(1000 + 888 * n for n in range(10)),) * 3)
ALL_NIGHT = chart_view(*(tuple(range(1977, 2001)),) * 3, first=0)
STALE = replace(SATURDAY, now=None, note="11/20(金) 14:28 時点", note_sign=Sign.OUTAGE)
NOTHING_YET = HourChartView("今日の窓口", sentence="今日はまだ、貸出・返却・延長がありません。")
ENGLISH = replace(
    SATURDAY,
    title="The counter today",
    detail="Items by the hour at this branch",
    series=tuple(
        replace(series, label=label, total="12840")
        for series, label in zip(SATURDAY.series, ("Checkout", "Return", "Renewal"), strict=True)
    ),
    now_word="now",
)
VIEWS = {
    "saturday": SATURDAY,
    "four figures": FOUR_FIGURES,
    "all night": ALL_NIGHT,
    "stale": STALE,
    "nothing yet": NOTHING_YET,
    "nothing yet, stale": replace(NOTHING_YET, note="14:28 時点", note_sign=Sign.OUTAGE),
    "english": ENGLISH,
}


def shown(qtbot: QtBot, theme: Theme, view: HourChartView | None, size: tuple[int, int]) -> HourChart:
    chart = HourChart(Look(theme))
    qtbot.addWidget(chart)
    chart.resize(*size)
    chart.set_view(view)
    return chart


def texts(chart: HourChart) -> list[str]:
    return [piece.text for piece in chart.trace()]


def numbers(view: HourChartView) -> list[str]:
    """Every number of the chart, row by row."""
    return [str(n) for series in view.series for n in series.amounts if n is not None]


def _ink(piece: Piece) -> QRect:
    """What the text covers: neighbours may touch."""
    return piece.rect.adjusted(1, 2, -1, -2)


def assert_whole(chart: HourChart) -> None:
    """Every text fits its room and the chart, is large enough, uncut, and overlaps no other."""
    pieces = [piece for piece in chart.trace() if piece.text.strip()]
    for piece in pieces:
        assert piece.width <= piece.rect.width() + 1.5, piece
        assert piece.height <= piece.rect.height() + 1.5, piece
        assert piece.px >= MINIMUM_TEXT_PX, piece
        assert not piece.elidable, piece
        assert not piece.text.endswith("…"), piece
        assert chart.rect().contains(piece.rect), piece
    for at, first in enumerate(pieces):
        for second in pieces[at + 1 :]:
            assert not _ink(first).intersects(_ink(second)), (first, second)


@pytest.mark.parametrize("contrast", Contrast)
@pytest.mark.parametrize("scale", PLACES)
@pytest.mark.parametrize("name", VIEWS)
def test_in_its_place_every_text_is_whole(
    qtbot: QtBot, theme: Theme, contrast: Contrast, scale: float, name: str
) -> None:
    view = VIEWS[name]
    chart = shown(qtbot, replace(theme, contrast=contrast, text_scale=scale), view, PLACES[scale])
    assert_whole(chart)
    painted = texts(chart)
    for series in view.series:
        assert series.label in painted
        assert series.total in painted
    # the hours' own labels may be plain numbers, too
    assert not (set(numbers(view)) - set(painted))
    assert view.note in ["", *painted]
    assert view.sentence in ["", *painted]


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("name", VIEWS)
def test_in_any_room_what_is_said_is_whole(qtbot: QtBot, theme: Theme, scale: float, name: str) -> None:
    chart = shown(qtbot, replace(theme, text_scale=scale), VIEWS[name], (10, 10))
    for width in (0, 60, 150, 240, 330, 420, 600, 894):
        for height in (0, 30, 60, 90, 120, 160, 200, 260, 330, 430):
            chart.resize(width, height)
            assert_whole(chart)
            # figures that are not of this moment are never shown without saying so
            assert not chart.trace() or not VIEWS[name].note or VIEWS[name].note in texts(chart)


def test_it_says_less_in_steps_and_never_more_with_less_room(qtbot: QtBot, theme: Theme) -> None:
    chart = shown(qtbot, theme, SATURDAY, (894, 530))
    amounts = set(numbers(SATURDAY))
    totals = [f"{series.label} {series.total}" for series in SATURDAY.series]
    lengths = []
    for height in range(530, 0, -10):
        chart.resize(894, height)
        lengths.append(len(texts(chart)))
    assert all(less <= more + len(totals) for more, less in pairwise(lengths))
    assert lengths[-1] == 0
    chart.resize(600, 220)
    assert amounts <= set(texts(chart)), "without bars the numbers stay"
    chart.resize(330, 120)
    assert [text for text in texts(chart) if text in totals] == totals
    chart.resize(120, 20)
    assert texts(chart) == []


def test_the_numbers_stand_in_the_column_of_their_hour(qtbot: QtBot, theme: Theme) -> None:
    for size in ((894, 530), (600, 220)):
        pieces = shown(qtbot, theme, SATURDAY, size).trace()
        middles = {piece.text: piece.rect.center().x() for piece in pieces}
        for hour, lent, returned in zip(SATURDAY.hours[:6], LENT, RETURNED, strict=False):
            assert middles[str(lent)] == middles[str(returned)] == middles[f"{hour}時"]
        assert middles["214"] < middles["62"] < middles["18時"]


def test_an_hour_still_to_come_has_no_number_and_one_without_acts_has_a_nought(
    qtbot: QtBot, theme: Theme
) -> None:
    painted = texts(shown(qtbot, theme, SATURDAY, (894, 530)))
    assert painted.count("0") == 1
    assert {"16時", "17時", "18時"} <= set(painted)
    assert len(set(numbers(SATURDAY)) & set(painted)) == len(set(numbers(SATURDAY)))


@pytest.mark.parametrize("size", [(894, 530), (1330, 780), (600, 220), (560, 150), (894, 330)])
def test_the_present_hour_is_marked_by_a_word(qtbot: QtBot, theme: Theme, size: tuple[int, int]) -> None:
    marked = [text for text in texts(shown(qtbot, theme, SATURDAY, size)) if "いま" in text]
    assert len(marked) == 1
    elsewhere = texts(shown(qtbot, theme, replace(SATURDAY, now=20), size))
    assert not any("いま" in text for text in elsewhere)
    assert "15時" in elsewhere


def _bar_image(qtbot: QtBot, theme: Theme, fill: BarFill) -> tuple[QImage, QRect]:
    """The picture of one tall bar, and the bar's inside."""
    view = HourChartView("", hours=(9,), series=(HourSeries("貸出", "100点", (100,), fill),))
    chart = shown(qtbot, theme, view, (400, 400))
    number = next(piece.rect for piece in chart.trace() if piece.text == "100")
    inside = QRect(number.center().x() - 20, number.bottom() + 20, 40, 60)
    return chart.grab().toImage(), inside


@pytest.mark.parametrize("contrast", Contrast)
def test_the_acts_differ_on_a_grey_screen(qtbot: QtBot, theme: Theme, contrast: Contrast) -> None:
    worn = replace(theme, contrast=contrast)
    bar, surface = worn.colour("lineStrong"), worn.colour("surface")
    inked = {}
    for fill in BarFill:
        image, inside = _bar_image(qtbot, worn, fill)
        pixels = [
            image.pixelColor(x, y)
            for x in range(inside.left(), inside.right() + 1)
            for y in range(inside.top(), inside.bottom() + 1)
        ]
        middle = (QColor(bar).lightness() + surface.lightness()) / 2
        dark_bar = bar.lightness() < surface.lightness()
        inked[fill] = sum((pixel.lightness() < middle) is dark_bar for pixel in pixels) / len(pixels)
    assert inked[BarFill.SOLID] == 1
    assert inked[BarFill.OUTLINED] == 0
    assert 0.1 < inked[BarFill.HATCHED] < 0.5


def test_all_bars_are_drawn_to_one_scale_and_one_act_can_be_seen(qtbot: QtBot, theme: Theme) -> None:
    view = chart_view((200, 100, 1) + (0,) * 7, (200, 100, 1) + (0,) * 7, (20, 10, 1) + (0,) * 7)
    pieces = shown(qtbot, theme, view, (894, 530)).trace()
    bottoms = [piece.rect.bottom() for piece in pieces if piece.text in numbers(view)]
    rows = [bottoms[at : at + 10] for at in (0, 10, 20)]
    # the number stands on its bar, and the noughts on the line
    lent, returned, renewed = ([row[-1] - bottom for bottom in row] for row in rows)
    assert lent == returned
    assert lent[0] == pytest.approx(2 * lent[1], abs=1)
    assert lent[0] == pytest.approx(10 * renewed[0], abs=6)
    assert (lent[2], lent[3], renewed[2]) == (2, 0, 2)


@given(st.integers(min_value=0, max_value=100_000))
def test_the_scale_ends_at_or_above_the_highest_and_not_far_above(highest: int) -> None:
    top = top_of_scale(highest)
    assert highest <= top
    assert top <= max(10, 1.5 * highest)


def test_the_bars_do_not_move_sideways_as_the_day_grows(theme: Theme) -> None:
    morning = chart_view((3,) + (None,) * 9, (0,) + (None,) * 9, (0,) + (None,) * 9)
    early = next(plans(theme, morning, 862, 506))
    late = next(plans(theme, FOUR_FIGURES, 862, 506))
    assert early.bars
    saturday = next(plans(theme, SATURDAY, 862, 506))
    assert (early.gutter, early.column, early.rows) == (saturday.gutter, saturday.column, saturday.rows)
    assert late.gutter > early.gutter, "five figures still get their room"


@pytest.mark.parametrize("contrast", Contrast)
def test_words_reach_aa_and_bars_three_to_one(contrast: Contrast) -> None:
    palette = load_tokens().palettes[contrast]
    for ground in ("surface", "accentTint"):
        for ink in ("ink", "ink2"):
            assert contrast_ratio(palette[ink], palette[ground]) >= 4.5
        assert contrast_ratio(palette["lineStrong"], palette[ground]) >= 3


def test_a_screen_reader_hears_the_same_numbers_hour_by_hour(qtbot: QtBot, theme: Theme) -> None:
    chart = shown(qtbot, theme, SATURDAY, (894, 530))
    interface = QAccessible.queryAccessibleInterface(chart)
    assert interface.role() is QAccessible.Role.StaticText
    assert interface.text(QAccessible.Text.Name) == (
        "今日の窓口：貸出 1002点、返却 887点、延長 70点。"
        " 9時：貸出 96、返却 182、延長 8。"
        " 10時：貸出 143、返却 121、延長 12。"
        " 11時：貸出 171、返却 130、延長 15。"
        " 12時：貸出 128、返却 97、延長 9。"
        " 13時：貸出 188、返却 150、延長 0。"
        " 14時：貸出 214、返却 166、延長 22。"
        " 15時 いま：貸出 62、返却 41、延長 4。"
    )
    chart.resize(60, 20)
    assert "13時：貸出 188" in interface.text(QAccessible.Text.Name), "also where nothing can be painted"
    chart.set_view(STALE)
    assert interface.text(QAccessible.Text.Name).startswith("11/20(金) 14:28 時点 今日の窓口：")
    chart.set_view(NOTHING_YET)
    assert interface.text(QAccessible.Text.Name) == "今日の窓口 今日はまだ、貸出・返却・延長がありません。"
    chart.set_view(None)
    assert interface.text(QAccessible.Text.Name) == ""
    assert texts(chart) == []


def test_stale_figures_carry_the_sign_of_the_outage(qtbot: QtBot, theme: Theme) -> None:
    signed = shown(qtbot, theme, STALE, (894, 530)).grab().toImage()
    plain = shown(qtbot, theme, replace(STALE, note_sign=None), (894, 530)).grab().toImage()
    assert signed != plain


def test_a_series_that_lacks_an_hour_is_refused(qtbot: QtBot, theme: Theme) -> None:
    chart = shown(qtbot, theme, SATURDAY, (894, 530))
    with pytest.raises(ValueError, match="every hour"):
        chart.set_view(replace(SATURDAY, hours=SATURDAY.hours[:-1]))
    assert chart.view() is SATURDAY


def test_another_look_is_worn_at_once(qtbot: QtBot, theme: Theme) -> None:
    chart = shown(qtbot, theme, SATURDAY, (1142, 530))
    before = {piece.px for piece in chart.trace()}
    chart.set_look(Look(replace(theme, text_scale=2.0)))
    assert max(piece.px for piece in chart.trace()) > max(before)
    assert_whole(chart)


def test_bars_too_low_to_compare_give_way_to_the_numbers_and_the_title_stays(
    qtbot: QtBot, theme: Theme
) -> None:
    large = replace(theme, text_scale=1.5)
    for height in range(200, 800, 20):
        chart = shown(qtbot, large, chart_view(), (1168, height))
        bars = [m.rect for m in chart.notes().marks if m.shape is Shape.GROUND and m.colour == "lineStrong"]
        if bars:
            assert max(bar.height() for bar in bars) >= 40, height
            assert "今日の窓口" in texts(chart), height
    assert bars
