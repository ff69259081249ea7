"""A day typed as month and day, four digits, by a clerk who has no time for more."""

from __future__ import annotations

import datetime as dt
import re

RECENT_DAYS = 92
"""A day of the last three months that is typed as a due date is a slip, and not a day of the coming year."""

_NARROW = {
    ord(wide): narrow for wide, narrow in zip("０１２３４５６７８９／．－", "0123456789/.-", strict=True)
}
_DATE = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})")


def is_month_and_day(digits: str) -> bool:
    """Whether four digits were typed; anything else is a number of something."""
    return len(digits) == 4 and digits.isascii() and digits.isdigit()


def day_of(digits: str, today: dt.date, *, forward: bool) -> dt.date | None:
    """The day nearest to today in one direction (today included) that ``MMDD`` names; None if none does."""
    if not is_month_and_day(digits):
        return None
    for year in (today.year, today.year + (1 if forward else -1)):
        try:
            day = dt.date(year, int(digits[:2]), int(digits[2:]))
        except ValueError:
            continue
        if day >= today if forward else day <= today:
            return day
    return None


def recent_day(digits: str, today: dt.date) -> dt.date | None:
    """The day before today, ``RECENT_DAYS`` back at most, that ``MMDD`` names; None if none does."""
    day = day_of(digits, today - dt.timedelta(days=1), forward=False)
    return day if day is not None and (today - day).days <= RECENT_DAYS else None


def coming_day(typed: str, today: dt.date) -> dt.date | None:
    """Today or a day to come, typed as 1203 or as 2027/3/31; None if it is none."""
    plain = typed.translate(_NARROW)
    day = day_of(plain, today, forward=True)
    match = _DATE.fullmatch(plain)
    if match is not None:
        try:
            day = dt.date(*(int(part) for part in match.groups()))
        except ValueError:
            return None
    return day if day is not None and day >= today else None
