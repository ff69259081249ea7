"""The library's clock, for what stands at the counter; a lending server has its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class LibraryClock:
    """The clock of the embedded library and of the window; a PostgreSQL server has its own."""

    now: Callable[[], dt.datetime] = _utc_now
    zone: str = "Asia/Tokyo"

    def local(self) -> dt.datetime:
        """Now, in the library's own time."""
        return self.now().astimezone(ZoneInfo(self.zone))
