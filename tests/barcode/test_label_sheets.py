"""Sheets of labels: none reaches beyond the paper or over another, and what cannot lie so is refused."""

from __future__ import annotations

from itertools import combinations
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.barcode.label_sheets import (
    A4_MM,
    CARDS_TO_CUT,
    MOST_LABELS,
    SHEETS,
    SMALLEST_MM,
    LayoutError,
    LayoutField,
    LayoutProblem,
    Sheet,
    SheetLayout,
    layout_of,
)

GOOD = {
    "columns": "3", "rows": "8", "width": "66", "height": "33.9",
    "left": "6", "top": "12.9", "pitch_x": "66", "pitch_y": "33.9",
}  # fmt: skip
HUNDREDTH = 0.01


def apart(layout: SheetLayout) -> None:
    """No two labels of a sheet have more than an edge in common, and all are on the paper."""
    places = list(layout.places(layout.count))
    assert len(places) == layout.count
    assert {place.page for place in places} == {0}
    for place in places:
        assert place.x >= 0
        assert place.y >= 0
        assert place.x + layout.width <= A4_MM[0] + HUNDREDTH
        assert place.y + layout.height <= A4_MM[1] + HUNDREDTH
    for one, other in combinations(places, 2):
        beside = abs(one.x - other.x) >= layout.width - HUNDREDTH
        below = abs(one.y - other.y) >= layout.height - HUNDREDTH
        assert beside or below


@pytest.mark.parametrize("layout", [*SHEETS.values(), CARDS_TO_CUT])
def test_the_sheets_that_are_sold_are_whole(layout: SheetLayout) -> None:
    apart(layout)


def test_they_have_as_many_labels_as_they_are_called_by_and_lie_in_the_middle() -> None:
    for sheet in Sheet:
        layout = SHEETS[sheet]
        assert layout.count == int(sheet.value)
        last = list(layout.places(layout.count))[-1]
        assert A4_MM[0] - last.x - layout.width == pytest.approx(layout.left, abs=0.05)
        assert A4_MM[1] - last.y - layout.height == pytest.approx(layout.top, abs=0.05)


LENGTHS = st.integers(0, 30_000).map(lambda hundredths: f"{hundredths / 100:.2f}")


@given(
    st.fixed_dictionaries(
        {
            "columns": st.integers(0, 12).map(str),
            "rows": st.integers(0, 30).map(str),
            "width": LENGTHS,
            "height": LENGTHS,
            "left": LENGTHS,
            "top": LENGTHS,
            "pitch_x": LENGTHS,
            "pitch_y": LENGTHS,
        }
    )
)
def test_whatever_is_typed_is_a_whole_sheet_or_refused(typed: dict[str, str]) -> None:
    try:
        layout = layout_of(typed)
    except LayoutError:
        return
    assert layout.width >= SMALLEST_MM[0]
    assert layout.height >= SMALLEST_MM[1]
    assert layout.count <= MOST_LABELS
    apart(layout)


@st.composite
def fitting(draw: st.DrawFn) -> dict[str, str]:
    """Sheets as one would describe them, from the paper inwards."""
    described = {}
    for number, size, edge, pitch, paper, least in (
        ("columns", "width", "left", "pitch_x", 21_000, 2_000),
        ("rows", "height", "top", "pitch_y", 29_700, 1_000),
    ):
        count = draw(st.integers(1, 9))
        before = draw(st.integers(0, 2_000))
        step = draw(st.integers(least, (paper - before) // count))
        wide = draw(st.integers(least, step))
        for key, value in ((size, wide), (edge, before), (pitch, step)):
            described[key] = f"{value / 100:.2f}"
        described[number] = str(count)
    return described


@given(fitting())
def test_a_sheet_that_fits_is_taken(typed: dict[str, str]) -> None:
    apart(layout_of(typed))


@given(st.data(), st.sampled_from([*SHEETS.values()]))
def test_it_begins_anywhere_and_goes_on_on_the_next_sheet(data: st.DataObject, layout: SheetLayout) -> None:
    start = data.draw(st.integers(1, layout.count))
    labels = data.draw(st.integers(0, 3 * layout.count))
    places = list(layout.places(labels, start))
    assert len(places) == len(set(places)) == labels
    assert [place.page for place in places] == sorted(place.page for place in places)
    assert layout.pages(labels, start) == (places[-1].page + 1 if places else 0)
    whole = list(layout.places(4 * layout.count))
    assert places == whole[start - 1 : start - 1 + labels]
    for beyond in (0, -1, layout.count + 1):
        with pytest.raises(ValueError, match="no position"):
            list(layout.places(1, beyond))


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({"columns": "4"}, {LayoutField.PITCH_X: LayoutProblem.OFF_THE_PAPER}),
        ({"left": "12.1"}, {LayoutField.PITCH_X: LayoutProblem.OFF_THE_PAPER}),
        ({"rows": "9"}, {LayoutField.PITCH_Y: LayoutProblem.OFF_THE_PAPER}),
        ({"pitch_x": "65.9"}, {LayoutField.PITCH_X: LayoutProblem.OVERLAPPING}),
        ({"pitch_y": "30"}, {LayoutField.PITCH_Y: LayoutProblem.OVERLAPPING}),
        ({"width": "220", "pitch_x": "220"}, {LayoutField.WIDTH: LayoutProblem.OFF_THE_PAPER}),
        ({"width": "19.9"}, {LayoutField.WIDTH: LayoutProblem.TOO_SMALL}),
        ({"height": "9.99"}, {LayoutField.HEIGHT: LayoutProblem.TOO_SMALL}),
        ({"rows": "0"}, {LayoutField.ROWS: LayoutProblem.NONE_OR_TOO_MANY}),
        ({"columns": "201"}, {LayoutField.COLUMNS: LayoutProblem.NONE_OR_TOO_MANY}),
        ({"width": ""}, {LayoutField.WIDTH: LayoutProblem.NOT_A_NUMBER}),
        ({"width": "-1"}, {LayoutField.WIDTH: LayoutProblem.NOT_A_NUMBER}),
        ({"top": "1e2"}, {LayoutField.TOP: LayoutProblem.NOT_A_NUMBER}),
        ({"rows": "8.0"}, {LayoutField.ROWS: LayoutProblem.NOT_A_NUMBER}),
        ({"rows": "٣"}, {LayoutField.ROWS: LayoutProblem.NOT_A_NUMBER}),
        (
            {"left": "nan", "top": "inf"},
            {LayoutField.LEFT: LayoutProblem.NOT_A_NUMBER, LayoutField.TOP: LayoutProblem.NOT_A_NUMBER},
        ),
    ],
)
def test_what_does_not_fit_is_told_where_it_is_wrong(
    changed: dict[str, str], problems: dict[LayoutField, LayoutProblem]
) -> None:
    with pytest.raises(LayoutError) as refused:
        layout_of(GOOD | changed)
    assert refused.value.problems == problems


def test_figures_may_be_wide_and_a_field_may_be_missing() -> None:
    assert layout_of(GOOD | {"height": "３３．９", "rows": " ８ "}) == SHEETS[Sheet.OF_24]
    with pytest.raises(LayoutError) as refused:
        layout_of({})
    assert set(refused.value.problems) == set(LayoutField)
    # one column or row needs no pitch
    assert layout_of(GOOD | {"columns": "1", "rows": "1", "pitch_x": "0", "pitch_y": "0"}).count == 1
    for bad in (nan, inf, -inf):
        with pytest.raises(LayoutError):
            SheetLayout(1, 1, 30, 30, bad, 0, 30, 30)
