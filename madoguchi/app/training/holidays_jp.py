"""National holidays of Japan, from the `holidays` package; the only place that imports it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

FIRST_YEAR: Final = 1949
LAST_YEAR: Final = 2099


def national_holidays(first: date, last: date) -> Mapping[date, str]:
    """National holidays from `first` to `last`, both included, with their Japanese names.

    Substitute holidays (振替休日) and citizens' holidays (国民の休日) are among them. The equinoxes of a year
    are announced in the February before it; later ones are computed and may still move by a day.
    Raises ValueError outside 1949 to 2099, the years the package knows.
    Source: 国民の祝日に関する法律.
    """
    if first > last:
        raise ValueError(f"the span would end before it begins: {first}, {last}")
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise ValueError(f"holidays are known from {FIRST_YEAR} to {LAST_YEAR}, not for {first} to {last}")
    # Loading the package takes long enough to be felt at start-up, where nobody asks for a holiday.
    from holidays import country_holidays

    years = range(first.year, last.year + 1)
    known = country_holidays("JP", years=years, expand=False, language="ja")
    return MappingProxyType({day: known[day] for day in sorted(known) if first <= day <= last})
