"""Dates of birth are read as they are typed, refused for their own reason, read again as shown."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.patrons.birth_dates import OLDEST, BirthDateProblem, in_eras, parse_birth_date

TODAY = dt.date(2026, 11, 29)
BORN = st.dates(dt.date(TODAY.year - OLDEST, 11, 29), TODAY)
APRIL_FIRST = dt.date(1980, 4, 1)


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("S55.4.1", APRIL_FIRST),
        ("s55.04.01", APRIL_FIRST),
        ("Ｓ５５．４．１", APRIL_FIRST),
        ("S550401", APRIL_FIRST),
        ("昭和55年4月1日", APRIL_FIRST),
        ("昭和　５５年　４月　１日", APRIL_FIRST),
        ("昭55・4・1", APRIL_FIRST),
        ("㍼55ー4ー1", APRIL_FIRST),
        ("1980-04-01", APRIL_FIRST),
        ("1980/4/1", APRIL_FIRST),
        ("1980.4.1", APRIL_FIRST),
        ("１９８０年４月１日", APRIL_FIRST),
        ("19800401", APRIL_FIRST),
        ("R8/4/1", dt.date(2026, 4, 1)),
        ("令和元年5月1日", dt.date(2019, 5, 1)),
        ("H3-12-31", dt.date(1991, 12, 31)),
        ("H31.4.30", dt.date(2019, 4, 30)),
        ("H1.1.8", dt.date(1989, 1, 8)),
        ("平成元年1月8日", dt.date(1989, 1, 8)),
        ("S64.1.7", dt.date(1989, 1, 7)),
        ("S1.12.25", dt.date(1926, 12, 25)),
        ("T15.12.25", dt.date(1926, 12, 25)),
        ("T1.7.30", dt.date(1912, 7, 30)),
        ("M45.7.30", dt.date(1912, 7, 30)),
        ("明治30年1月2日", dt.date(1897, 1, 2)),
        ("S55.2.29", dt.date(1980, 2, 29)),
        ("R8.11.29", TODAY),
        ("M29.11.29", dt.date(1896, 11, 29)),
    ],
)
def test_a_date_is_read(typed: str, date: dt.date) -> None:
    assert parse_birth_date(typed, TODAY) == date


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", BirthDateProblem.EMPTY),
        (" 　\n", BirthDateProblem.EMPTY),
        ("きのう", BirthDateProblem.NOT_A_DATE),
        ("S55.4", BirthDateProblem.NOT_A_DATE),
        ("S.4.1", BirthDateProblem.NOT_A_DATE),
        ("S155.4.1", BirthDateProblem.NOT_A_DATE),
        ("S1980.4.1", BirthDateProblem.NOT_A_DATE),
        ("X55.4.1", BirthDateProblem.NOT_A_DATE),
        ("3550401", BirthDateProblem.NOT_A_DATE),
        ("980.4.1", BirthDateProblem.NOT_A_DATE),
        ("1980-04-01-", BirthDateProblem.NOT_A_DATE),
        ("٣٣٣٣-٠٤-٠١", BirthDateProblem.NOT_A_DATE),
        ("S55.4.1" + " " * 100, BirthDateProblem.NOT_A_DATE),
        ("550401", BirthDateProblem.ERA_MISSING),
        ("55.4.1", BirthDateProblem.ERA_MISSING),
        ("元年4月1日", BirthDateProblem.ERA_MISSING),
        ("S55.2.30", BirthDateProblem.NO_SUCH_DAY),
        ("S57.2.29", BirthDateProblem.NO_SUCH_DAY),
        ("19801301", BirthDateProblem.NO_SUCH_DAY),
        ("1980-00-01", BirthDateProblem.NO_SUCH_DAY),
        ("S64.1.8", BirthDateProblem.NOT_IN_ERA),
        ("S64.2.1", BirthDateProblem.NOT_IN_ERA),
        ("S1.12.24", BirthDateProblem.NOT_IN_ERA),
        ("S0.4.1", BirthDateProblem.NOT_IN_ERA),
        ("H1.1.7", BirthDateProblem.NOT_IN_ERA),
        ("H31.5.1", BirthDateProblem.NOT_IN_ERA),
        ("R1.4.30", BirthDateProblem.NOT_IN_ERA),
        ("T15.12.26", BirthDateProblem.NOT_IN_ERA),
        ("R8.11.30", BirthDateProblem.IN_FUTURE),
        ("R99.1.1", BirthDateProblem.IN_FUTURE),
        ("2980-04-01", BirthDateProblem.IN_FUTURE),
        ("M29.11.28", BirthDateProblem.TOO_OLD),
        ("1180-04-01", BirthDateProblem.TOO_OLD),
        ("0000-04-01", BirthDateProblem.TOO_OLD),
    ],
)
def test_what_is_no_date_has_its_reason(typed: str, problem: BirthDateProblem) -> None:
    assert parse_birth_date(typed, TODAY) is problem


def test_on_the_29th_of_february_nobody_is_too_old_by_accident() -> None:
    leap_day = dt.date(2028, 2, 29)
    assert parse_birth_date("1898-03-01", leap_day) == dt.date(1898, 3, 1)
    assert parse_birth_date("1898-02-28", leap_day) is BirthDateProblem.TOO_OLD


@given(BORN)
def test_what_is_shown_is_read_again(date: dt.date) -> None:
    shown = in_eras(date)
    era_part, western = shown.removesuffix(")").split(" (")
    assert parse_birth_date(era_part, TODAY) == date
    assert int(western) == date.year
    assert parse_birth_date(f"{date:%Y%m%d}", TODAY) == date
    assert parse_birth_date(f"{date.year}/{date.month}/{date.day}", TODAY) == date


def test_a_date_is_shown_in_its_era() -> None:
    assert in_eras(APRIL_FIRST) == "昭和55年4月1日 (1980)"
    assert in_eras(dt.date(1989, 1, 7)) == "昭和64年1月7日 (1989)"
    assert in_eras(dt.date(1989, 1, 8)) == "平成元年1月8日 (1989)"
    assert in_eras(dt.date(1926, 12, 25)) == "昭和元年12月25日 (1926)"
    assert in_eras(dt.date(1872, 1, 1)) == "1872年1月1日"


@given(
    st.text(max_size=50) | st.from_regex(r"[MTSHR昭]?[0-9元]{0,5}[./年]?[0-9]{0,3}[./月]?[0-9]{0,3}"),
    st.dates(),
)
def test_no_text_breaks_it(text: str, today: dt.date) -> None:
    found = parse_birth_date(text, today)
    assert isinstance(found, BirthDateProblem) or found <= today
