"""Reservations: queues with a long tail, what stands on the reservation shelf, what is on its way there."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Final

from madoguchi.app.synth.days import DAY, OpenDays
from madoguchi.app.synth.holdings import Holdings
from madoguchi.app.synth.patrons import Patrons
from madoguchi.app.synth.titles import Row
from madoguchi.app.training.branches import BRANCHES
from madoguchi.app.training.house import branch_ids

RESERVATION_COLUMNS: Final = (
    "id", "title_id", "item_id", "patron_id", "pickup_branch_id", "placed_at", "state", "trapped_item_id",
    "keep_until",
)  # fmt: skip

MOST_AT_ONCE: Final = 6
"""Reservations a patron may have (DOMAIN, "Reservations")."""

_READY_SHARE: Final = 0.02
_IN_TRANSIT_SHARE: Final = 0.008
_IN_A_QUEUE_SHARE: Final = 0.4
_OF_A_COPY_SHARE: Final = 0.01
_SHELF_DAYS: Final = 7
_PASSED_SHARE: Final = 0.04
_ACTIVE_WITHIN_DAYS: Final = 365
_LONGEST_QUEUE: Final = 450


@dataclass(slots=True)
class Reservation:
    """One reservation; ``place`` is the patron's, counted from 0."""

    title: int
    place: int
    pickup: int
    placed_at: dt.datetime
    state: str = "waiting"
    item: int | None = None
    trapped: int | None = None
    keep_until: dt.date | None = None


class Reservations:
    """Plans so many of them over given holdings and patrons.

    Attributes:
        all: in the order in which they were placed.
        held: patrons and the titles that they wait for.
    """

    def __init__(
        self,
        holdings: Holdings,
        patrons: Patrons,
        taken: bytearray,
        number: int,
        random: Random,
        today: dt.date,
    ) -> None:
        self._holdings = holdings
        self._patrons = patrons
        self._taken = taken
        self._random = random
        self._today = today
        self._open = OpenDays(today)
        self._had = Counter[int]()
        self._with_av = {branch_ids()[seed.code] for seed in BRANCHES if seed.has_av}
        self._active = [
            place for place, days in enumerate(patrons.last_used) if days < _ACTIVE_WITHIN_DAYS
        ] or list(range(len(patrons)))
        self.held = set[tuple[int, int]]()
        self.all: list[Reservation] = []
        trapped = [("ready", round(number * _READY_SHARE)), ("in_transit", round(number * _IN_TRANSIT_SHARE))]
        earliest = self._queues(number - sum(count for _, count in trapped))
        for state, count in trapped:
            for _ in range(count):
                self._trap(state, earliest)
        self.all.sort(key=lambda each: (each.placed_at, each.title, each.place))

    def rows(self) -> list[Row]:
        """The rows, in the order of the queue."""
        return [
            (
                key, each.title, each.item, each.place + 1, each.pickup, each.placed_at, each.state,
                each.trapped,
                each.keep_until,
            )
            for key, each in enumerate(self.all, start=1)
        ]  # fmt: skip

    def queued_titles(self) -> list[int]:
        """The titles that somebody waits for."""
        return sorted({each.title for each in self.all if each.state == "waiting"})

    # -- queues -----------------------------------------------------------------------------------

    def _queues(self, number: int) -> dict[int, dt.datetime]:
        """Queues that wait; answers when each of them begins."""
        random = self._random
        earliest: dict[int, dt.datetime] = {}
        left = number
        while left:
            title = self._some_title()
            if title in earliest:
                continue
            # most queues are one or two people long, a few as long as a novel everybody talks about
            most = min(left, _LONGEST_QUEUE, max(1, len(self._active) // 4))
            length = min(most, int(random.paretovariate(1.1)))
            days = min(330.0, 12 + length * 1.1)
            for _ in range(length):
                placed = self._moment(random.random() * days)
                item = self._copy(title) if random.random() < _OF_A_COPY_SHARE else None
                self._add(title, placed, item=item)
                earliest[title] = min(placed, earliest.get(title, placed))
            left -= length
        return earliest

    def _trap(self, state: str, earliest: dict[int, dt.datetime]) -> None:
        """Keeps a copy for whoever was before all who still wait."""
        random = self._random
        queued = list(earliest) if random.random() < _IN_A_QUEUE_SHARE else []
        item = 0
        while not item or self._taken[item - 1]:
            if queued and random.random() < 0.9:
                item = self._copy(queued[int(random.random() * len(queued))]) or 0
            else:
                item = 1 + int(random.random() * len(self._holdings.title))
        self._taken[item - 1] = 1
        title = self._holdings.title[item - 1]
        begins = earliest.get(title)
        placed = self._moment(1 + random.random() * 20)
        if begins is not None:
            placed = min(placed, begins - dt.timedelta(hours=1 + random.random() * 200))
        made = self._add(title, placed, trapped=item)
        made.state = state
        if state == "ready":
            made.keep_until = self._until(made.pickup)

    def _add(
        self, title: int, placed: dt.datetime, *, item: int | None = None, trapped: int | None = None
    ) -> Reservation:
        random = self._random
        while True:
            place = self._active[int(random.random() * len(self._active))]
            if self._had[place] < MOST_AT_ONCE and (place, title) not in self.held:
                break
        self._had[place] += 1
        self.held.add((place, title))
        days = max(0, (self._today - placed.date()).days)
        self._patrons.last_used[place] = min(self._patrons.last_used[place], days)
        pickup = self._patrons.branch[place]
        copy = self._holdings.first[title - 1]
        if self._holdings.group[copy - 1] != 0 and pickup not in self._with_av:
            pickup = min(self._with_av)
        made = Reservation(title, place, pickup, placed, item=item, trapped=trapped)
        self.all.append(made)
        return made

    def _moment(self, days: float) -> dt.datetime:
        # the day begins at 15:00 UTC of the day before; nothing is placed later than it
        begin = dt.datetime.combine(self._today, dt.time(), dt.UTC) - dt.timedelta(hours=9)
        return begin - dt.timedelta(seconds=int(days * 86400))

    def _until(self, branch: int) -> dt.date:
        random = self._random
        told = self._open.on_or_before(branch, self._today - int(random.random() * 6) * DAY)
        if random.random() < _PASSED_SHARE:
            return told - (1 + int(random.random() * 3)) * DAY
        day = told
        for _ in range(_SHELF_DAYS):
            day = self._open.on_or_after(branch, day + DAY)
        return day

    def _some_title(self) -> int:
        """A title that can be lent, the oftener the more copies there are of it."""
        while True:
            item = int(self._random.random() * len(self._holdings.title))
            if not self._holdings.fixed[item]:
                return self._holdings.title[item]

    def _copy(self, title: int) -> int | None:
        """A copy of the title that can be lent and is kept for nobody."""
        free = [item for item in self._holdings.copies_of(title) if not self._taken[item - 1]]
        return self._random.choice(free) if free else None
