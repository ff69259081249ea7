"""A day typed as month and day, four digits, by a clerk who has no time for more."""

from __future__ import annotations

import datetime as dt


def day_of(digits: str, today: dt.date, *, forward: bool) -> dt.date | None:
    """The day nearest to today in one direction (today included) that ``MMDD`` names; None if none does."""
    if len(digits) != 4 or not digits.isascii() or not digits.isdigit():
        return None
    for year in (today.year, today.year + (1 if forward else -1)):
        try:
            day = dt.date(year, int(digits[:2]), int(digits[2:]))
        except ValueError:
            continue
        if day >= today if forward else day <= today:
            return day
    return None
