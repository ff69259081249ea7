"""Today's counter by hour (今日の窓口): what this branch lent, took back and renewed, from the statistics."""

from __future__ import annotations

from collections.abc import Iterable

from madoguchi.app.lending.answers import CounterToday, HourAtCounter
from madoguchi.app.lending.facts import CountedAct, Counter, Desk, HourCount

# Shown on every day, so that the picture has the same shape in the morning and in the evening. The libraries
# are open from 9 to 19 at the longest. The server has no setting for opening hours (``policy`` holds none and
# ``closed_day`` knows whole days): acts outside them widen the range, so nothing is lost where others open.
USUAL_HOURS = range(9, 19)


def counter_today(counter: Counter, *, desk: Desk, usual_hours: range = USUAL_HOURS) -> CounterToday:
    """The day so far at the desk's branch; one round trip.

    The hours run from the first to the last one with acts, ``usual_hours`` at least.
    """
    return by_hour(counter.reads.today_at_counter(desk), usual_hours)


def by_hour(counts: Iterable[HourCount], usual_hours: range = USUAL_HOURS) -> CounterToday:
    """Pure: the counts as hours without a gap, and their totals; the hours add up to the totals."""
    sums = {act: [0] * 24 for act in CountedAct}
    for count in counts:
        sums[count.act][count.hour] += count.amount
    acts = {act: _less_undone(amounts) for act, amounts in sums.items()}
    busy = [hour for hour in range(24) if any(amounts[hour] for amounts in acts.values())]
    first = min([*busy, usual_hours.start])
    last = max([*busy, usual_hours.stop - 1])
    hours = tuple(
        HourAtCounter(
            hour,
            checkouts=acts[CountedAct.CHECKOUT][hour],
            checkins=acts[CountedAct.CHECKIN][hour],
            renewals=acts[CountedAct.RENEWAL][hour],
        )
        for hour in range(first, last + 1)
    )
    return CounterToday(
        hours,
        checkouts=sum(acts[CountedAct.CHECKOUT]),
        checkins=sum(acts[CountedAct.CHECKIN]),
        renewals=sum(acts[CountedAct.RENEWAL]),
    )


def _less_undone(amounts: list[int]) -> list[int]:
    """The amounts, none below zero.

    The statistics take an act back in the hour in which it is undone, and hold nothing that says which act it
    was (a time would join it to a person). Where an hour would fall below zero, the act was one of an earlier
    hour and is taken from there, the nearest first. So the day's sum is always right, and an hour is off by
    the acts undone after its end only where the next hour had acts of its own to take them from.
    """
    left = list(amounts)
    for hour in range(len(left) - 1, 0, -1):
        if left[hour] < 0:
            left[hour - 1] += left[hour]
            left[hour] = 0
    # undone here, done at another branch: there is nothing of this branch to take it from
    left[0] = max(0, left[0])
    return left
