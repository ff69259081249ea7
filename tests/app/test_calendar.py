"""Closed days: the rule by hand-checked dates and by property, and what lending asks of a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.lending.calendar import (
    EVERY_MONDAY,
    SECOND_AND_FOURTH_WEDNESDAY,
    CalendarEnds,
    ClosedDayRule,
    ClosedDays,
    ClosedReason,
    closed_days,
)
from madoguchi.app.training.branches import (
    BRANCH_CODE_MAX,
    BRANCHES,
    BranchKind,
    training_calendar,
    training_stocktaking,
)
from madoguchi.app.training.holidays_jp import national_holidays

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
HOLIDAYS = national_holidays(date(2025, 11, 1), date(2028, 2, 29))
MONDAYS = closed_days(EVERY_MONDAY, FIRST, LAST, HOLIDAYS, ())
WEDNESDAYS = closed_days(SECOND_AND_FOURTH_WEDNESDAY, FIRST, LAST, HOLIDAYS, ())

# Read off a printed calendar: a Monday that is a holiday, and the weekday the branch closes on instead.
MOVED_MONDAYS = [
    (date(2026, 1, 12), date(2026, 1, 13)),
    (date(2026, 2, 23), date(2026, 2, 24)),
    (date(2026, 5, 4), date(2026, 5, 7)),
    (date(2026, 7, 20), date(2026, 7, 21)),
    (date(2026, 9, 21), date(2026, 9, 24)),
    (date(2026, 10, 12), date(2026, 10, 13)),
    (date(2026, 11, 23), date(2026, 11, 24)),
    (date(2027, 1, 11), date(2027, 1, 12)),
    (date(2027, 3, 22), date(2027, 3, 23)),
    (date(2027, 5, 3), date(2027, 5, 6)),
    (date(2027, 7, 19), date(2027, 7, 20)),
    (date(2027, 9, 20), date(2027, 9, 21)),
    (date(2027, 10, 11), date(2027, 10, 12)),
]

# Every regular closing day of 総合 in two years, the three that move given where they move to.
SOGO = {
    2026: "1-14 1-28 2-12 2-25 3-11 3-25 4-8 4-22 5-13 5-27 6-10 6-24 "
    "7-8 7-22 8-12 8-26 9-9 9-24 10-14 10-28 11-11 11-25 12-9 12-23",
    2027: "1-13 1-27 2-10 2-24 3-10 3-24 4-14 4-28 5-12 5-26 6-9 6-23 "
    "7-14 7-28 8-12 8-25 9-8 9-22 10-13 10-27 11-10 11-24 12-8 12-22",
}


def days(*spans: tuple[date, date]) -> list[date]:
    return [
        date.fromordinal(ordinal)
        for first, last in spans
        for ordinal in range(first.toordinal(), last.toordinal() + 1)
    ]


@pytest.mark.parametrize(("holiday", "instead"), MOVED_MONDAYS)
def test_a_monday_that_is_a_holiday_is_open_and_the_first_weekday_after_it_closed(
    holiday: date, instead: date
) -> None:
    assert all(day not in MONDAYS for day in days((holiday, instead - timedelta(days=1))))
    assert MONDAYS[instead] is ClosedReason.SUBSTITUTE


def test_no_other_monday_moves() -> None:
    moved = [day for day, reason in MONDAYS.items() if reason is ClosedReason.SUBSTITUTE]
    assert moved == [instead for _, instead in MOVED_MONDAYS]


def test_every_other_monday_is_closed_but_the_last_of_august() -> None:
    open_mondays = [day for day in days((FIRST, LAST)) if day.weekday() == 0 and day not in MONDAYS]
    assert open_mondays == sorted([holiday for holiday, _ in MOVED_MONDAYS] + [date(2026, 8, 31)])


def test_nothing_replaces_the_last_of_august() -> None:
    week = days((date(2026, 8, 31), date(2026, 9, 6)))
    assert [day for day in week if day in MONDAYS] == []


def test_sogo_closes_on_the_second_and_fourth_wednesday() -> None:
    expected = [
        date(year, *map(int, text.split("-"))) for year, line in SOGO.items() for text in line.split()
    ]
    found = [day for day, reason in WEDNESDAYS.items() if reason is not ClosedReason.YEAR_END]
    assert found == expected
    moved = [day for day, reason in WEDNESDAYS.items() if reason is ClosedReason.SUBSTITUTE]
    assert moved == [date(2026, 2, 12), date(2026, 9, 24), date(2027, 8, 12)]


@pytest.mark.parametrize("calendar", [MONDAYS, WEDNESDAYS])
def test_all_close_over_new_year(calendar: dict[date, ClosedReason]) -> None:
    expected = days(
        (date(2026, 1, 1), date(2026, 1, 4)),
        (date(2026, 12, 29), date(2027, 1, 4)),
        (date(2027, 12, 29), date(2027, 12, 31)),
    )
    assert [day for day, reason in calendar.items() if reason is ClosedReason.YEAR_END] == expected


def test_a_holiday_within_the_new_year_closing_moves_nothing() -> None:
    # 1 January 2029 is a Monday and a holiday; the branch is closed then anyway.
    holidays = national_holidays(date(2028, 12, 1), date(2029, 1, 31))
    january = closed_days(EVERY_MONDAY, date(2029, 1, 1), date(2029, 1, 9), holidays, ())
    assert january == {
        **dict.fromkeys(days((date(2029, 1, 1), date(2029, 1, 4))), ClosedReason.YEAR_END),
        date(2029, 1, 9): ClosedReason.SUBSTITUTE,
    }


def test_two_closing_days_that_fall_together_are_one() -> None:
    week_of_holidays = days((date(2026, 6, 1), date(2026, 6, 7)))
    june = closed_days(EVERY_MONDAY, date(2026, 6, 1), date(2026, 6, 14), week_of_holidays, ())
    assert june == {date(2026, 6, 8): ClosedReason.REGULAR}
    both_mondays = [*week_of_holidays, date(2026, 6, 8)]
    june = closed_days(EVERY_MONDAY, date(2026, 6, 1), date(2026, 6, 14), both_mondays, ())
    assert june == {date(2026, 6, 9): ClosedReason.SUBSTITUTE}


def test_a_closing_day_moved_from_before_the_span_is_found() -> None:
    may = closed_days(EVERY_MONDAY, date(2026, 5, 5), date(2026, 5, 10), HOLIDAYS, ())
    assert may == {date(2026, 5, 7): ClosedReason.SUBSTITUTE}


def test_stocktaking_closes_and_says_so() -> None:
    # Tuesday to Monday over the Monday holiday of 12 October: no day is owed for a day that was not opened.
    counted = days((date(2026, 10, 6), date(2026, 10, 12)))
    october = closed_days(EVERY_MONDAY, date(2026, 10, 5), date(2026, 10, 19), HOLIDAYS, counted)
    assert october == {
        date(2026, 10, 5): ClosedReason.REGULAR,
        **dict.fromkeys(counted, ClosedReason.STOCKTAKING),
        date(2026, 10, 19): ClosedReason.REGULAR,
    }


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        closed_days(EVERY_MONDAY, LAST, FIRST, (), ())
    with pytest.raises(ValueError, match="no weekday without a holiday"):
        closed_days(EVERY_MONDAY, FIRST, LAST, days((FIRST, LAST)), ())
    with pytest.raises(ValueError, match="no such weekday"):
        ClosedDayRule(weekday=7)
    with pytest.raises(ValueError, match="no such weeks"):
        ClosedDayRule(weekday=0, weeks=frozenset({0}))
    with pytest.raises(ValueError, match="before it begins"):
        ClosedDays.of((), LAST, FIRST)


def test_the_ends_of_time_do_not_break_the_rule() -> None:
    assert closed_days(EVERY_MONDAY, date.min, date.min, (), ()) == {date.min: ClosedReason.YEAR_END}
    assert closed_days(EVERY_MONDAY, date.max, date.max, (), ()) == {date.max: ClosedReason.YEAR_END}


some_day = st.dates(date(2024, 1, 1), date(2030, 12, 31))
some_holidays = st.frozensets(st.dates(date(2025, 1, 1), date(2026, 12, 31)), max_size=120)
some_rule = st.builds(
    ClosedDayRule,
    weekday=st.integers(0, 4),
    weeks=st.frozensets(st.integers(1, 5), max_size=3),
    open_on=st.sampled_from([frozenset(), frozenset({(8, 31)})]),
)


@given(some_rule, some_holidays, st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=10))
def test_the_rule_holds_for_any_holidays(
    rule: ClosedDayRule, holidays: frozenset[date], counted: frozenset[date]
) -> None:
    first, last = date(2026, 1, 1), date(2026, 11, 30)
    found = closed_days(rule, first, last, holidays, counted)
    assert list(found) == sorted(found)
    owed: set[date] = set()
    for day in days((date(2025, 12, 1), last)):
        regular = rule.closes_regularly(day) and not rule.in_year_end(day) and day not in counted
        if regular and day in holidays:
            instead = day + timedelta(days=1)
            while instead.weekday() >= 5 or instead in holidays:
                instead += timedelta(days=1)
            owed.add(instead)
    for day in days((first, last)):
        reason = found.get(day)
        if rule.in_year_end(day):
            assert reason is ClosedReason.YEAR_END
        elif day in counted:
            assert reason is ClosedReason.STOCKTAKING
        elif rule.closes_regularly(day) and day not in holidays:
            assert reason is ClosedReason.REGULAR
        else:
            assert reason is (ClosedReason.SUBSTITUTE if day in owed else None)


@given(some_rule, some_holidays, st.dates(date(2026, 1, 1), date(2026, 12, 30)))
def test_a_calendar_may_be_made_in_parts(rule: ClosedDayRule, holidays: frozenset[date], cut: date) -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    whole = closed_days(rule, first, last, holidays, ())
    left = closed_days(rule, first, cut, holidays, ())
    right = closed_days(rule, cut + timedelta(days=1), last, holidays, ())
    assert left | right == whole


@st.composite
def calendars(draw: st.DrawFn) -> ClosedDays:
    first = draw(some_day)
    length = draw(st.integers(0, 40))
    closed = draw(st.frozensets(st.integers(0, length)))
    return ClosedDays.of(
        (first + timedelta(days=offset) for offset in closed), first, first + timedelta(days=length)
    )


@given(calendars(), st.integers(-2, 42))
def test_the_next_open_day_is_open_and_the_first(calendar: ClosedDays, offset: int) -> None:
    day = calendar.first + timedelta(days=offset)
    open_days = [d for d in days((calendar.first, calendar.last)) if d not in calendar.closed and d >= day]
    if calendar.first <= day and open_days:
        assert calendar.next_open_day(day) == open_days[0]
        assert calendar.is_open(open_days[0])
    else:
        with pytest.raises(CalendarEnds) as raised:
            calendar.next_open_day(day)
        assert (raised.value.day, raised.value.last) == (day, calendar.last)


@given(calendars(), st.integers(-2, 42), st.integers(1, 9))
def test_open_days_are_counted_from_the_day_after(calendar: ClosedDays, offset: int, count: int) -> None:
    day = calendar.first + timedelta(days=offset)
    open_days = [d for d in days((calendar.first, calendar.last)) if d not in calendar.closed and d > day]
    if calendar.first <= day and len(open_days) >= count:
        assert calendar.open_days_after(day, count) == open_days[count - 1]
    else:
        with pytest.raises(CalendarEnds):
            calendar.open_days_after(day, count)


@given(calendars())
def test_a_day_beyond_the_calendar_is_neither_open_nor_closed(calendar: ClosedDays) -> None:
    for day in (calendar.first - timedelta(days=1), calendar.last + timedelta(days=1)):
        assert day not in calendar
        with pytest.raises(CalendarEnds):
            calendar.is_open(day)


def test_a_calendar_is_a_set_of_its_closed_days() -> None:
    outside = date(2028, 1, 3)
    calendar = ClosedDays.of([*MONDAYS, outside], FIRST, LAST)
    assert list(calendar) == list(MONDAYS)
    assert len(calendar) == len(MONDAYS)
    assert outside not in calendar
    assert calendar == ClosedDays.of(MONDAYS, FIRST, LAST)
    assert hash(calendar) == hash(ClosedDays.of(MONDAYS, FIRST, LAST))


def test_due_dates_and_shelf_days_over_new_year() -> None:
    calendar = ClosedDays.of(MONDAYS, FIRST, LAST)
    # Monday 28 December, then New Year until Monday 4 January; Tuesday the 5th is the first open day.
    assert calendar.next_open_day(date(2026, 12, 28)) == date(2027, 1, 5)
    assert calendar.next_open_day(date(2026, 12, 27)) == date(2026, 12, 27)
    # Seven open days from Saturday 26 December: 27th, 5th to 10th (the holiday on the 11th is not needed).
    assert calendar.open_days_after(date(2026, 12, 26), 7) == date(2027, 1, 10)
    with pytest.raises(ValueError, match="open day number 0"):
        calendar.open_days_after(date(2026, 12, 26), 0)


def test_national_holidays_have_their_substitutes_and_japanese_names() -> None:
    assert HOLIDAYS[date(2026, 5, 6)] == "振替休日"
    assert HOLIDAYS[date(2026, 9, 22)] == "国民の休日"
    assert date(2026, 5, 7) not in HOLIDAYS
    assert list(national_holidays(date(2026, 5, 4), date(2026, 5, 5))) == [date(2026, 5, 4), date(2026, 5, 5)]
    with pytest.raises(ValueError, match="1949 to 2099"):
        national_holidays(date(1948, 12, 31), date(1949, 1, 1))
    with pytest.raises(ValueError, match="1949 to 2099"):
        national_holidays(date(2099, 1, 1), date(2100, 1, 1))
    with pytest.raises(ValueError, match="before it begins"):
        national_holidays(LAST, FIRST)


def test_four_libraries_and_eleven_rooms() -> None:
    libraries = [branch for branch in BRANCHES if branch.kind is BranchKind.LIBRARY]
    rooms = [branch for branch in BRANCHES if branch.kind is BranchKind.ROOM]
    assert [branch.name for branch in libraries] == [
        "総合市民図書館",
        "南市民図書館",
        "辻堂市民図書館",
        "湘南大庭市民図書館",
    ]
    assert len(rooms) == 11
    assert len(BRANCHES) == 15
    assert len({branch.code for branch in BRANCHES}) == len({branch.name for branch in BRANCHES}) == 15
    assert all(0 < len(branch.code) <= BRANCH_CODE_MAX and branch.code.isascii() for branch in BRANCHES)
    assert all(branch.has_av for branch in libraries)
    assert not any(branch.has_av for branch in rooms)
    assert [b.code for b in BRANCHES if b.closed_day_rule == SECOND_AND_FOURTH_WEDNESDAY] == ["sogo"]


@pytest.mark.parametrize("branch", BRANCHES, ids=lambda branch: branch.code)
def test_every_branch_has_a_calendar(branch) -> None:
    calendar = training_calendar(branch, FIRST, LAST)
    plain = MONDAYS if branch.closed_day_rule == EVERY_MONDAY else WEDNESDAYS
    counted = [day for day, reason in calendar.items() if reason is ClosedReason.STOCKTAKING]
    assert counted == [*training_stocktaking(branch, 2026), *training_stocktaking(branch, 2027)]
    assert len(counted) == 20
    # Stock-taking aside, and the closing day a year it may swallow, it is the rule's own calendar.
    assert {day: why for day, why in calendar.items() if day not in counted}.items() <= plain.items()
    assert len(plain.keys() - calendar.keys()) <= 2
