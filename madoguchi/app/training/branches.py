"""The branches of the training library: four libraries and eleven citizens' rooms, and their calendars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from madoguchi.app.lending.calendar import (
    EVERY_MONDAY,
    SECOND_AND_FOURTH_WEDNESDAY,
    ClosedDayRule,
    ClosedReason,
    closed_days,
)
from madoguchi.app.training.holidays_jp import national_holidays

BRANCH_CODE_MAX: Final = 12

# Holidays are asked for this far around a span: the closing rule looks a month to either side.
_AROUND: Final = timedelta(days=31)

_STOCKTAKING_DAYS: Final = 10


class BranchKind(StrEnum):
    """A library, or a citizens' room (市民図書室) on-line with the same card."""

    LIBRARY = "library"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class BranchSeed:
    """One branch as the training library begins with it.

    short_name: what fits on a slip. has_av: whether CDs, cassettes, videos and DVDs are kept and lent there.
    """

    code: str
    name: str
    short_name: str
    kind: BranchKind
    closed_day_rule: ClosedDayRule
    has_av: bool


def _library(code: str, short_name: str, rule: ClosedDayRule) -> BranchSeed:
    return BranchSeed(code, f"{short_name}市民図書館", short_name, BranchKind.LIBRARY, rule, has_av=True)


def _room(code: str, short_name: str) -> BranchSeed:
    return BranchSeed(
        code, f"{short_name}市民図書室", short_name, BranchKind.ROOM, EVERY_MONDAY, has_av=False
    )


# Names and rules of the libraries: DOMAIN.md, "The place" and "Closed days". The rooms stand in the citizens'
# centres of the eleven districts without a library of their own. Their closing day could not be confirmed and
# is taken to be the Monday of the three smaller libraries.
BRANCHES: Final[tuple[BranchSeed, ...]] = (
    _library("sogo", "総合", SECOND_AND_FOURTH_WEDNESDAY),
    _library("minami", "南", EVERY_MONDAY),
    _library("tsujido", "辻堂", EVERY_MONDAY),
    _library("oba", "湘南大庭", EVERY_MONDAY),
    _room("katase", "片瀬"),
    _room("kugenuma", "鵠沼"),
    _room("muraoka", "村岡"),
    _room("fujisawa", "藤沢"),
    _room("meiji", "明治"),
    _room("zengyo", "善行"),
    _room("mutsuai", "六会"),
    _room("shonandai", "湘南台"),
    _room("endo", "遠藤"),
    _room("chogo", "長後"),
    _room("goshomi", "御所見"),
)

# Made up: the libraries publish that stock-taking takes about ten days a year, and the days year by year.
# Spread over four months here, so that on any day most branches are open.
_STOCKTAKING_MONTH: Final[Mapping[str, int]] = MappingProxyType(
    {seed.code: (2, 6, 10, 11)[index % 4] for index, seed in enumerate(BRANCHES)}
)


def training_stocktaking(branch: BranchSeed, year: int) -> tuple[date, ...]:
    """Ten days on end, from the second Tuesday of the branch's month. Made up: real days are announced."""
    month_begins = date(year, _STOCKTAKING_MONTH[branch.code], 1)
    first_tuesday = month_begins + timedelta(days=(1 - month_begins.weekday()) % 7)
    begins = first_tuesday + timedelta(days=7)
    return tuple(begins + timedelta(days=offset) for offset in range(_STOCKTAKING_DAYS))


def training_calendar(branch: BranchSeed, first: date, last: date) -> dict[date, ClosedReason]:
    """The closed days of a branch of the training library from `first` to `last`, both included.

    Raises ValueError outside the years whose holidays are known (see `national_holidays`).
    """
    holidays = national_holidays(first - _AROUND, last + _AROUND)
    stocktaking = [
        day for year in range(first.year, last.year + 1) for day in training_stocktaking(branch, year)
    ]
    return closed_days(branch.closed_day_rule, first, last, holidays, stocktaking)
