"""What is out, reserved and under way: planned as a whole, so that no two rows contradict each other.

Within the rules of the house: no patron above a limit or with more than six reservations, no item lent
twice, a due date on an open day, nobody lent anything while something of theirs is more than 30 days
overdue, no patron in a queue for what they hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Final

from madoguchi.app.lending.materials import LoanGroup
from madoguchi.app.synth.days import DAY, OpenDays
from madoguchi.app.synth.holdings import GROUPS, Holdings
from madoguchi.app.synth.patrons import CATEGORIES, Patrons
from madoguchi.app.synth.queues import Reservations
from madoguchi.app.synth.sizes import Sizes
from madoguchi.app.synth.titles import Row
from madoguchi.app.training.branches import BRANCHES
from madoguchi.app.training.house import GROUP_PRINT_LIMIT, TERMS, branch_ids

LOAN_COLUMNS: Final = ("id", "item_id", "patron_id", "branch_id", "lent_on", "due_on", "renewals")
TRANSIT_COLUMNS: Final = ("item_id", "to_branch_id", "since")

_ACTIVE_WITHIN_DAYS: Final = 365
_PRINT, _AUDIO, _VIDEO = (
    GROUPS.index(group) for group in (LoanGroup.PRINT, LoanGroup.AUDIO, LoanGroup.VIDEO)
)
_AUDIO_SHARE: Final = 0.075
_VIDEO_SHARE: Final = 0.025
_OVERDUE_SHARE: Final = 0.06
_LONG_OVERDUE_SHARE: Final = 0.008
_RENEWED_SHARE: Final = 0.15
_LOAN_DAYS: Final = 14
_BLOCKED_AFTER_DAYS: Final = 30
_SECOND_VISIT_SHARE: Final = 0.3
_BOXFUL: Final = 60
_HOMEWARD_SHARE: Final = 0.0003
_TRIES: Final = 400


class TooFewPatrons(Exception):
    """There are fewer places in the patrons' limits than loans to be made."""


class Circulation:
    """Open loans, reservations and transits over given holdings and patrons.

    Brings the days on which the patrons last used their cards up to date. A loan's key counts on from those
    of the year's loans that are over, which the audit may still name.

    Raises:
        TooFewPatrons: not as many loans can be made as there are to be.
    """

    def __init__(self, holdings: Holdings, patrons: Patrons, sizes: Sizes, seed: int, today: dt.date) -> None:
        self._holdings = holdings
        self._patrons = patrons
        self._today = today
        self._random = Random(f"{seed} circulation")
        self._open = OpenDays(today)
        # an item is in one place: lent, kept for somebody, or under way; what is not lent stays where it is
        self._taken = bytearray(holdings.fixed)
        self._next_loan = sizes.loans_a_year + 1
        self._with_av = {branch_ids()[seed.code] for seed in BRANCHES if seed.has_av}
        self._reservations = Reservations(
            holdings, patrons, self._taken, sizes.reservations, self._random, today
        )
        self._held = self._reservations.held
        self.loans = self._lend(sizes.open_loans)
        self.reservations = self._reservations.rows()
        self.transits = self._send(round(sizes.items * _HOMEWARD_SHARE))

    # -- loans ------------------------------------------------------------------------------------

    def _lend(self, number: int) -> list[Row]:
        """Whoever comes takes some; what others wait for is out before anything else is."""
        random = self._random
        wanted = [
            item
            for title in self._reservations.queued_titles()
            for item in self._holdings.copies_of(title)
            if not self._taken[item - 1]
        ]
        random.shuffle(wanted)
        active = [place for place, days in enumerate(self._patrons.last_used) if days < _ACTIVE_WITHIN_DAYS]
        random.shuffle(active)
        loans: list[Row] = []
        for place in active:
            if len(loans) == number:
                break
            loans.extend(self._visit(place, wanted, number - len(loans)))
        if len(loans) < number:
            raise TooFewPatrons(f"only {len(loans)} of {number} loans fit into the patrons' limits")
        return loans

    def _visit(self, place: int, wanted: list[int], most: int) -> Iterator[Row]:
        """What one patron has at home: taken in one visit, or in two."""
        random, today = self._random, self._today
        is_group = CATEGORIES[self._patrons.category[place]] == "group"
        room = [GROUP_PRINT_LIMIT if is_group else TERMS[LoanGroup.PRINT][0], TERMS[LoanGroup.AUDIO][0],
                TERMS[LoanGroup.VIDEO][0]]  # fmt: skip
        branch = self._patrons.branch[place]
        many = 1 + int(random.betavariate(1.1, 1.4) * (_BOXFUL if is_group else 11))
        first = second = self._days(branch)
        blocked = first[1] < today - _BLOCKED_AFTER_DAYS * DAY
        if not blocked and not first[2] and random.random() < _SECOND_VISIT_SHARE:
            later = first[0] + int(random.random() * max(1, (today - first[0]).days)) * DAY
            day = max(first[0], self._open.on_or_before(branch, later))
            second = (day, self._due(branch, day), 0)
        last = None
        for taken in range(min(many, most)):
            group = self._group(branch)
            item = self._item(place, group, wanted) if room[group] else None
            if item is None:
                continue
            room[group] -= 1
            lent_on, due_on, renewals = first if taken < many / 2 else second
            last = lent_on
            yield (self._next_loan, item, place + 1, branch, lent_on, due_on, renewals)
            self._next_loan += 1
        if last is not None:
            self._patrons.last_used[place] = min(self._patrons.last_used[place], (today - last).days)

    def _days(self, branch: int) -> tuple[dt.date, dt.date, int]:
        """Lent when, due when, and how often renewed."""
        random, today = self._random, self._today
        draw = random.random()
        if draw < _OVERDUE_SHARE:
            back = _LOAN_DAYS + 1 + int(random.random() ** 2 * _BLOCKED_AFTER_DAYS)
            if draw < _LONG_OVERDUE_SHARE:
                back = _LOAN_DAYS + _BLOCKED_AFTER_DAYS + 8 + int(random.random() * 200)
        elif draw < _OVERDUE_SHARE + _RENEWED_SHARE:
            # on the day it was renewed it was not overdue yet
            renewed = self._open.on_or_before(branch, today - (1 + int(random.random() * 10)) * DAY)
            lent_on = self._open.on_or_before(branch, renewed - (2 + int(random.random() * 12)) * DAY)
            return lent_on, self._due(branch, renewed), 1
        else:
            # what was lent today the day's statistics would count, which begin when the doors open
            back = 1 + int(random.random() * (_LOAN_DAYS - 2))
        lent_on = self._open.on_or_before(branch, today - back * DAY)
        return lent_on, self._due(branch, lent_on), 0

    def _due(self, branch: int, day: dt.date) -> dt.date:
        return self._open.on_or_after(branch, day + _LOAN_DAYS * DAY)

    def _group(self, branch: int) -> int:
        draw = self._random.random()
        if branch not in self._with_av or draw >= _AUDIO_SHARE + _VIDEO_SHARE:
            return _PRINT
        return _AUDIO if draw < _AUDIO_SHARE else _VIDEO

    def _item(self, place: int, group: int, wanted: list[int]) -> int | None:
        """An item that nobody has, of that group and of a title that the patron does not wait for."""
        holdings, random = self._holdings, self._random
        found = None
        for back in range(1, min(8, len(wanted)) + 1):
            if self._fits(place, group, wanted[-back]):
                found = wanted.pop(-back)
                break
        tries = 0
        while found is None and tries < _TRIES:
            tries += 1
            item = 1 + int(random.random() * len(holdings.title))
            if self._fits(place, group, item):
                found = item
        if found is not None:
            self._taken[found - 1] = 1
            self._held.add((place, holdings.title[found - 1]))
        return found

    def _fits(self, place: int, group: int, item: int) -> bool:
        return (
            not self._taken[item - 1]
            and self._holdings.group[item - 1] == group
            and (place, self._holdings.title[item - 1]) not in self._held
        )

    # -- transits ---------------------------------------------------------------------------------

    def _send(self, homeward: int) -> list[Row]:
        """What is on its way to whoever reserved it, and what was returned elsewhere and goes home."""
        random, today = self._random, self._today

        def since() -> dt.date:
            return today - int(random.random() * 3) * DAY

        sent: list[Row] = [
            (each.trapped, each.pickup, since())
            for each in self._reservations.all
            if each.state == "in_transit"
        ]
        for _ in range(homeward):
            item = 1 + int(random.random() * len(self._holdings.title))
            if not self._taken[item - 1]:
                self._taken[item - 1] = 1
                sent.append((item, self._holdings.branch[item - 1], since()))
        return sent
