"""A year's statistics, anonymous as they are: how much each branch lent, took back and renewed, hour by hour.

The table counts acts; the counters write a row for each, six million a year here. ``amount`` says that one
row may count several, so that of each hour of each branch at most eight an act are written, each for a
kind, a class, an age band and a category. The sums of the year and of each act are exact, and the year has
some 600,000 rows.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Final

from madoguchi.app.lending.facts import CountedAct
from madoguchi.app.lending.materials import LoanGroup, MaterialKind, group_of
from madoguchi.app.synth.classes import KINDS, Classes
from madoguchi.app.synth.days import DAY, OpenDays
from madoguchi.app.synth.sizes import Sizes
from madoguchi.app.synth.titles import Row
from madoguchi.app.synth.words import Picker
from madoguchi.app.training.branches import BRANCHES, BranchKind
from madoguchi.app.training.house import branch_ids

STATISTIC_COLUMNS: Final = (
    "id", "day", "hour", "branch_id", "act", "kind", "ndc_class", "age_band", "category", "amount",
)  # fmt: skip

_DAYS: Final = 365
_SATURDAY: Final = 5
_ROWS_AN_HOUR: Final = 8

# By hand: how busy each branch and hour are, beside each other.
_LIBRARIES: Final = (30.0, 20.0, 17.0, 16.0)
_ROOM: Final = 1.6
_HOURS: Final = (
    (9, 6.0), (10, 11.0), (11, 12.0), (12, 9.0), (13, 11.0), (14, 13.0), (15, 14.0), (16, 13.0),
    (17, 7.0), (18, 4.0),
)  # fmt: skip
_ROOM_HOURS: Final = (10, 11, 12, 13, 14, 15, 16)
_WEEKEND: Final = 1.55

_KIND: Final = Picker(KINDS, (88.0, 4.5, 0.8, 4.2, 0.2, 0.3, 2.0))
_AGE: Final = Picker(
    (("0-6", "child"), ("7-12", "child"), ("13-15", "resident"), ("16-18", "resident"), ("19-29", "resident"),
     ("30-59", "resident"), ("60+", "resident"), ("30-59", "wide_area"), ("30-59", "commuter"),
     ("30-59", "group")),
    (8.0, 12.0, 3.0, 2.0, 6.0, 36.0, 22.0, 6.0, 4.0, 1.0),
)  # fmt: skip


def hours_of(branch: int) -> tuple[tuple[int, float], ...]:
    """The hours in which a branch is open, and how busy each is."""
    if branch <= len(_LIBRARIES):
        return _HOURS
    return tuple(hour for hour in _HOURS if hour[0] in _ROOM_HOURS)


def cells(today: dt.date, back: int = _DAYS) -> list[tuple[dt.date, int, int, float]]:
    """Every hour of every branch from so many days back until yesterday, and how busy each is."""
    open_days = OpenDays(today)
    ids = branch_ids()
    busy = {
        ids[seed.code]: _ROOM if seed.kind is BranchKind.ROOM else _LIBRARIES[ids[seed.code] - 1]
        for seed in BRANCHES
    }
    return [
        (day, branch, hour, weight * share * (_WEEKEND if day.weekday() >= _SATURDAY else 1.0))
        for day in (today - place * DAY for place in range(back, 0, -1))
        for branch, weight in busy.items()
        if open_days.is_open(branch, day)
        for hour, share in hours_of(branch)
    ]


def shared_out(total: int, weights: list[float]) -> Iterator[int]:
    """Whole numbers in about these proportions, whose sum is exactly the total."""
    whole = sum(weights)
    given, passed = 0, 0.0
    for weight in weights[:-1]:
        passed += weight
        until = min(total, int(total * passed / whole))
        yield until - given
        given = until
    yield total - given


def statistics(sizes: Sizes, seed: int, today: dt.date) -> Iterator[Row]:
    """The rows of the year that ended yesterday; as much was returned in it as was lent."""
    random = Random(f"{seed} statistics")
    classes = Classes()
    found = cells(today)
    weights = [cell[3] for cell in found]
    totals = {
        CountedAct.CHECKOUT: sizes.loans_a_year,
        CountedAct.CHECKIN: sizes.loans_a_year,
        CountedAct.RENEWAL: sizes.renewals_a_year,
    }
    key = 0
    amounts = {act: shared_out(total, weights) for act, total in totals.items()}
    for day, branch, hour, _ in found:
        for act, each in amounts.items():
            for what, amount in _split(next(each), branch, classes, random):
                key += 1
                yield (key, day, hour, branch, act.value, *what, amount)


def _split(
    total: int, branch: int, classes: Classes, random: Random
) -> Iterator[tuple[tuple[str, str, str, str], int]]:
    if not total:
        return
    rows = min(total, _ROWS_AN_HOUR)
    counted = Counter[tuple[str, str, str, str]]()
    for amount in shared_out(total, [0.2 + random.random() for _ in range(rows)]):
        kind = _KIND(random)
        if branch > len(_LIBRARIES) and group_of(kind) is not LoanGroup.PRINT:
            kind = MaterialKind.BOOK
        ndc = classes(random)[:1] if group_of(kind) is LoanGroup.PRINT else ""
        counted[(kind.value, ndc, *_AGE(random))] += amount
    yield from ((what, amount) for what, amount in counted.items() if amount)
