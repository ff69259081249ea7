"""The days on which each branch is open, a year back and two months ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from madoguchi.app.training.branches import BRANCHES, training_calendar
from madoguchi.app.training.house import branch_ids

DAY: Final = dt.timedelta(days=1)
_BACK: Final = 400 * DAY
_AHEAD: Final = 60 * DAY


class OpenDays:
    """Asks the training library's calendar; the day in question must lie in its span."""

    def __init__(self, today: dt.date) -> None:
        self._closed = _closed(today)

    def is_open(self, branch: int, day: dt.date) -> bool:
        """Whether the branch opens on that day."""
        return day not in self._closed[branch]

    def on_or_after(self, branch: int, day: dt.date) -> dt.date:
        """The first open day from that day on."""
        while day in self._closed[branch]:
            day += DAY
        return day

    def on_or_before(self, branch: int, day: dt.date) -> dt.date:
        """The last open day up to that day."""
        while day in self._closed[branch]:
            day -= DAY
        return day


@lru_cache(maxsize=2)
def _closed(today: dt.date) -> Mapping[int, frozenset[dt.date]]:
    ids = branch_ids()
    return {
        ids[seed.code]: frozenset(training_calendar(seed, today - _BACK, today + _AHEAD)) for seed in BRANCHES
    }
