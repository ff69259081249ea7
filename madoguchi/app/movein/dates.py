"""Days as old systems write them: western, or in the years of an era. Pure."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

EARLIEST_YEAR: Final = 1868

# each era's first and last day; the day on which one followed the other is written either way
_ERAS: Final = {
    "M": (dt.date(1868, 1, 25), dt.date(1912, 7, 30)),
    "T": (dt.date(1912, 7, 30), dt.date(1926, 12, 25)),
    "S": (dt.date(1926, 12, 25), dt.date(1989, 1, 7)),
    "H": (dt.date(1989, 1, 8), dt.date(2019, 4, 30)),
    "R": (dt.date(2019, 5, 1), dt.date.max),
}
_LETTER: Final = {"明": "M", "大": "T", "昭": "S", "平": "H", "令": "R"}
_REST: Final = r"(?:年|[./-])\s*([0-9]{1,2})(?:月|[./-])\s*([0-9]{1,2})日?"
_WESTERN: Final = re.compile(rf"([0-9]{{4}}){_REST}(?:\s+0{{1,2}}:00(?::00)?)?")
_DIGITS: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_ERA: Final = re.compile(rf"(?:([MTSHR])\.?|([明大昭平令])[治正和成]?)\s*(元|[0-9]{{1,2}}){_REST}")
_ERA_DIGITS: Final = re.compile(r"([MTSHR])()([0-9]{2})([0-9]{2})([0-9]{2})")


def read_date(text: str) -> dt.date | None:
    """The day that a text of plain letters says; None: it says none, or one that is in no calendar.

    Takes 1980-04-01, 1980/4/1, 1980.4.1, 19800401, 1980年4月1日, S55.4.1, S55/04/01, S550401, 昭和55年4月1日
    and 令和元年5月1日. A day outside its era is none: it was mistyped, and nobody knows how.
    """
    plain = text.strip().upper()
    if found := _WESTERN.fullmatch(plain) or _DIGITS.fullmatch(plain):
        day = _day(int(found[1]), found[2], found[3])
        return day if day is not None and day.year >= EARLIEST_YEAR else None
    if found := _ERA.fullmatch(plain) or _ERA_DIGITS.fullmatch(plain):
        first, last = _ERAS[found[1] or _LETTER[found[2]]]
        number = 1 if found[3] == "元" else int(found[3])
        day = _day(first.year + number - 1, found[4], found[5])
        return day if number and day is not None and first <= day <= last else None
    return None


def _day(year: int, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(year, int(month), int(day))
    except ValueError:
        return None
