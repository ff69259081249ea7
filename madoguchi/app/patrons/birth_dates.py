"""Dates of birth as they are typed, in Japanese eras (和暦) or western, and as they are shown. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class BirthDateProblem(StrEnum):
    """Why a text is no date of birth; each has its sentence."""

    EMPTY = "empty"
    NOT_A_DATE = "not_a_date"
    ERA_MISSING = "era_missing"
    """A year of one or two digits is one of several: 55.4.1, 550401, 元年."""
    NO_SUCH_DAY = "no_such_day"
    NOT_IN_ERA = "not_in_era"
    """The era had ended or not begun: S64.2.1, H1.1.7."""
    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"


OLDEST: Final = 130
"""Years; whoever is older is a mistake."""


@dataclass(frozen=True, slots=True)
class _Era:
    letter: str
    name: str
    begins: dt.date
    ends: dt.date

    def year(self, number: int) -> int:
        return self.begins.year + number - 1


# The day on which an era was changed has both names until 1926. Before 1873 dates were of another calendar:
# nobody alive has one.
_ERAS: Final = (
    _Era("R", "令和", dt.date(2019, 5, 1), dt.date.max),
    _Era("H", "平成", dt.date(1989, 1, 8), dt.date(2019, 4, 30)),
    _Era("S", "昭和", dt.date(1926, 12, 25), dt.date(1989, 1, 7)),
    _Era("T", "大正", dt.date(1912, 7, 30), dt.date(1926, 12, 25)),
    _Era("M", "明治", dt.date(1868, 1, 25), dt.date(1912, 7, 30)),
)
_CALENDAR_SINCE: Final = dt.date(1873, 1, 1)
_BY_LETTER: Final = {era.letter: era for era in _ERAS} | {era.name[0]: era for era in _ERAS}

_LONGEST: Final = 40
_ERA_NAME: Final = r"(?P<era>明治?|大正?|昭和?|平成?|令和?|[MTSHR])"
# an input method gives these for the key of the hyphen
_BETWEEN: Final = "[-./・ー‐‑‒–—―−"
_SEPARATED: Final = re.compile(
    rf"(?:{_ERA_NAME}\.?)?(?P<year>元|[0-9]{{1,4}}){_BETWEEN}年](?P<month>[0-9]{{1,2}}){_BETWEEN}月]"
    r"(?P<day>[0-9]{1,2})日?"
)
_DIGITS: Final = re.compile(
    rf"(?:{_ERA_NAME}\.?(?P<year>[0-9]{{2}})|(?P<western>[0-9]{{2}}|[0-9]{{4}}))"
    r"(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
)


def parse_birth_date(text_untrusted: str, today: dt.date) -> dt.date | BirthDateProblem:
    """The date of birth that was typed, or what is wrong with it. Never raises.

    Understands S55.4.1, R8/4/1, H3-12-31, S550401, 昭和55年4月1日, 平成元年1月8日, 1980-04-01, 1980/4/1,
    1980年4月1日 and 19800401, with full-width letters and spaces anywhere.
    """
    if len(text_untrusted) > _LONGEST:
        return BirthDateProblem.NOT_A_DATE
    text = "".join(unicodedata.normalize("NFKC", text_untrusted).upper().split())
    if not text:
        return BirthDateProblem.EMPTY
    match = _SEPARATED.fullmatch(text) or _DIGITS.fullmatch(text)
    if match is None:
        return BirthDateProblem.NOT_A_DATE
    typed = match.groupdict()
    year, month, day = typed["year"] or typed["western"], int(typed["month"]), int(typed["day"])
    found = _in_era(typed["era"], year, month, day) if typed["era"] else _western(year, month, day)
    if isinstance(found, BirthDateProblem):
        return found
    if found > today:
        return BirthDateProblem.IN_FUTURE
    if (found.year + OLDEST, found.month, found.day) < (today.year, today.month, today.day):
        return BirthDateProblem.TOO_OLD
    return found


def in_eras(date: dt.date) -> str:
    """A date as it is shown: 昭和55年4月1日 (1980)."""
    for era in _ERAS:
        if date >= max(era.begins, _CALENDAR_SINCE):
            number = date.year - era.begins.year + 1
            year = "元" if number == 1 else str(number)
            return f"{era.name}{year}年{date.month}月{date.day}日 ({date.year})"
    return f"{date.year}年{date.month}月{date.day}日"


def _in_era(name: str, year: str, month: int, day: int) -> dt.date | BirthDateProblem:
    if len(year) > 2:
        return BirthDateProblem.NOT_A_DATE
    era = _BY_LETTER[name[0]]
    number = 1 if year == "元" else int(year)
    found = _date(era.year(number), month, day)
    if isinstance(found, dt.date) and (number == 0 or not era.begins <= found <= era.ends):
        return BirthDateProblem.NOT_IN_ERA
    return found


def _western(year: str, month: int, day: int) -> dt.date | BirthDateProblem:
    if len(year) <= 2:
        return BirthDateProblem.ERA_MISSING
    if len(year) == 3:
        return BirthDateProblem.NOT_A_DATE
    return _date(int(year), month, day) if int(year) else BirthDateProblem.TOO_OLD


def _date(year: int, month: int, day: int) -> dt.date | BirthDateProblem:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return BirthDateProblem.NO_SUCH_DAY
