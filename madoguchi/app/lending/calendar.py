"""Closed days: the rule that makes a branch's calendar, and the questions lending asks of it.

Pure: dates only, no clock. Source of the rule: DOMAIN.md, "Closed days".
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Self

MONDAY: Final = 0
WEDNESDAY: Final = 2
SATURDAY: Final = 5

_ONE_DAY: Final = timedelta(days=1)

# The longest run of holidays and week-ends on record is ten days (2019). A month is far beyond any run,
# and bounds the search where the holidays given are nonsense.
_SUBSTITUTE_WITHIN_DAYS: Final = 31


class ClosedReason(StrEnum):
    """Why a branch is closed on a day. Where two reasons meet, the later one in this list is kept."""

    SUBSTITUTE = "substitute"
    REGULAR = "regular"
    STOCKTAKING = "stocktaking"
    YEAR_END = "year_end"


class CalendarEnds(Exception):
    """The calendar holds no data for a day that was asked for. Carries the day and the last day known."""

    def __init__(self, day: date, first: date, last: date) -> None:
        super().__init__(f"the calendar covers {first} to {last} and was asked beyond that, from {day}")
        self.day = day
        self.first = first
        self.last = last


@dataclass(frozen=True, slots=True)
class ClosedDayRule:
    """When a branch closes regularly.

    weekday: 0 is Monday, as in `date.weekday`.
    weeks: which of that weekday in a month (2 is the second); empty means every one.
    open_on: (month, day) pairs that are open although the rule closes them; nothing replaces them.
    year_end_from, year_end_until: the first and the last (month, day) of the closing over New Year.
    """

    weekday: int
    weeks: frozenset[int] = frozenset()
    open_on: frozenset[tuple[int, int]] = frozenset({(8, 31)})
    year_end_from: tuple[int, int] = (12, 29)
    year_end_until: tuple[int, int] = (1, 4)

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"no such weekday: {self.weekday}")
        if not self.weeks <= frozenset(range(1, 6)):
            raise ValueError(f"no such weeks of a month: {sorted(self.weeks)}")

    def closes_regularly(self, day: date) -> bool:
        """Whether the rule names this day, holidays and New Year left aside."""
        if day.weekday() != self.weekday or (day.month, day.day) in self.open_on:
            return False
        return not self.weeks or (day.day - 1) // 7 + 1 in self.weeks

    def in_year_end(self, day: date) -> bool:
        """Whether the day is within the closing over New Year."""
        month_day = (day.month, day.day)
        if self.year_end_from <= self.year_end_until:
            return self.year_end_from <= month_day <= self.year_end_until
        return month_day >= self.year_end_from or month_day <= self.year_end_until


EVERY_MONDAY: Final = ClosedDayRule(weekday=MONDAY)
SECOND_AND_FOURTH_WEDNESDAY: Final = ClosedDayRule(
    weekday=WEDNESDAY, weeks=frozenset({2, 4}), open_on=frozenset()
)


def closed_days(
    rule: ClosedDayRule,
    first: date,
    last: date,
    holidays: Container[date],
    stocktaking: Iterable[date],
) -> dict[date, ClosedReason]:
    """Every closed day of a branch from `first` to `last`, both included, in order of date.

    A regular closing day that is a national holiday is open, and the branch closes on the first weekday
    after it instead: Monday to Friday and no holiday itself. A regular day that is closed anyway (New
    Year, stock-taking) is not opened by a holiday, so nothing replaces it. A replacement that meets another
    closed day is that day: one closed day, not two.

    `holidays` must know the days from a month before `first` to a month after `last`.
    Raises ValueError when `first` is after `last`, or when the holidays leave no weekday for a month.
    Source: DOMAIN.md, "Closed days".
    """
    if first > last:
        raise ValueError(f"the calendar would end before it begins: {first}, {last}")
    counted = frozenset(stocktaking)
    found: dict[date, ClosedReason] = {}
    for day in _days(_shifted(first, -_SUBSTITUTE_WITHIN_DAYS), last):
        if rule.in_year_end(day):
            found[day] = ClosedReason.YEAR_END
        elif day in counted:
            found[day] = ClosedReason.STOCKTAKING
        elif rule.closes_regularly(day):
            if day not in holidays:
                found[day] = ClosedReason.REGULAR
            elif (substitute := _first_weekday_after(day, last, holidays)) is not None:
                found[substitute] = ClosedReason.SUBSTITUTE
    return {day: found[day] for day in sorted(found) if first <= day <= last}


def _first_weekday_after(day: date, last: date, holidays: Container[date]) -> date | None:
    """The first Monday-to-Friday after `day` that is no holiday, or None if it lies beyond `last`."""
    candidate = day
    for _ in range(_SUBSTITUTE_WITHIN_DAYS):
        if candidate >= last:
            return None
        candidate += _ONE_DAY
        if candidate.weekday() < SATURDAY and candidate not in holidays:
            return candidate
    raise ValueError(f"no weekday without a holiday within {_SUBSTITUTE_WITHIN_DAYS} days after {day}")


def _shifted(day: date, days: int) -> date:
    return date.fromordinal(max(day.toordinal() + days, 1))


def _days(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The closed days of one branch, known from `first` to `last`, both included.

    A day outside that span is neither open nor closed: every question about it raises `CalendarEnds`.
    """

    closed: frozenset[date]
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"the calendar would end before it begins: {self.first}, {self.last}")

    @classmethod
    def of(cls, closed: Iterable[date], first: date, last: date) -> Self:
        """The calendar from `first` to `last`; closed days outside that span are dropped."""
        return cls(frozenset(day for day in closed if first <= day <= last), first, last)

    def __contains__(self, day: object) -> bool:
        return day in self.closed

    def __iter__(self) -> Iterator[date]:
        return iter(sorted(self.closed))

    def __len__(self) -> int:
        return len(self.closed)

    def is_open(self, day: date) -> bool:
        """Whether the branch is open on `day`. Raises CalendarEnds outside the span of the calendar."""
        if not self.first <= day <= self.last:
            raise CalendarEnds(day, self.first, self.last)
        return day not in self.closed

    def next_open_day(self, day: date) -> date:
        """`day` itself if the branch is open then, else the first open day after it.

        Raises CalendarEnds when the calendar ends before one is found.
        """
        if not self.first <= day <= self.last:
            raise CalendarEnds(day, self.first, self.last)
        for candidate in _days(day, self.last):
            if candidate not in self.closed:
                return candidate
        raise CalendarEnds(day, self.first, self.last)

    def open_days_after(self, day: date, count: int) -> date:
        """The `count`-th open day after `day`; `day` itself is not counted, open or closed.

        Raises ValueError unless `count` is at least 1, CalendarEnds when the calendar ends first.
        """
        if count < 1:
            raise ValueError(f"there is no open day number {count}")
        if not self.first <= day <= self.last:
            raise CalendarEnds(day, self.first, self.last)
        left = count
        for candidate in _days(day, self.last):
            if candidate == day or candidate in self.closed:
                continue
            left -= 1
            if left == 0:
                return candidate
        raise CalendarEnds(day, self.first, self.last)
