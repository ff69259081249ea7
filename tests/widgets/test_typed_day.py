"""A day typed as four digits: the nearest one that way, and nothing else is a day."""

from __future__ import annotations

import datetime as dt
from itertools import count, takewhile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from madoguchi.widgets.typed_day import day_of

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2200, 12, 31))


def first_found(digits: str, today: dt.date, step: int) -> dt.date | None:
    """The same by walking from today to the end of the next year, or the beginning of the last one."""
    walk = (today + dt.timedelta(days=step * far) for far in count())
    near = takewhile(lambda day: abs(day.year - today.year) <= 1, walk)
    return next((day for day in near if f"{day:%m%d}" == digits), None)


@given(today=DAYS, meant=DAYS, forward=st.booleans())
@example(today=dt.date(2027, 3, 1), meant=dt.date(2028, 2, 29), forward=True)
@example(today=dt.date(2026, 3, 1), meant=dt.date(2028, 2, 29), forward=True)
@example(today=dt.date(2028, 2, 29), meant=dt.date(2028, 2, 29), forward=False)
@example(today=dt.date(2026, 12, 31), meant=dt.date(2027, 1, 1), forward=True)
@example(today=dt.date(2026, 1, 1), meant=dt.date(2025, 12, 31), forward=False)
def test_it_is_the_nearest_day_of_that_name(today: dt.date, meant: dt.date, forward: bool) -> None:
    digits = f"{meant:%m%d}"
    assert day_of(digits, today, forward=forward) == first_found(digits, today, 1 if forward else -1)


@given(today=DAYS, ahead=st.integers(0, 364))
def test_a_day_of_the_coming_year_is_meant_as_it_is_typed(today: dt.date, ahead: int) -> None:
    meant = today + dt.timedelta(days=ahead)
    assert day_of(f"{meant:%m%d}", today, forward=True) == meant


@given(text=st.text(max_size=8) | st.from_regex(r"\d{4}"), today=DAYS, forward=st.booleans())
@example(text="１２０３", today=dt.date(2026, 1, 1), forward=True)
@example(text="²²²²", today=dt.date(2026, 1, 1), forward=True)
@example(text="-101", today=dt.date(2026, 1, 1), forward=True)
def test_any_text_is_a_day_that_way_or_none(text: str, today: dt.date, forward: bool) -> None:
    day = day_of(text, today, forward=forward)
    if day is not None:
        assert text == f"{day:%m%d}"
        assert day >= today if forward else day <= today


@pytest.mark.parametrize("digits", ["0000", "0100", "0230", "0431", "1301", "9999", "", "123", "12031"])
@pytest.mark.parametrize("forward", [True, False])
def test_what_no_calendar_has(digits: str, forward: bool) -> None:
    assert day_of(digits, dt.date(2026, 5, 12), forward=forward) is None
