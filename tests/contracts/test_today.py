"""Today's counter by hour, on both databases: right after every act and its undoing, and of no person."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import json
import typing
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, CounterToday, HourAtCounter, Refused, Renewed
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.app.lending.checkout import cancel_checkout, check_out
from madoguchi.app.lending.facts import CountedAct, HourCount
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.today import by_hour, counter_today
from madoguchi.app.server import tables as t
from tests.support.cluster import Cluster
from tests.support.counted import counted_library
from tests.support.library import JST, MINAMI, SOGO, TODAY, SmallLibrary, new_id

DUE = TODAY + dt.timedelta(days=14)
Hours = dict[int, tuple[int, int, int]]


def at(library: SmallLibrary, clock: str, day: dt.date = TODAY) -> None:
    """Sets the library's clock to a time of day."""
    library.set_clock(dt.datetime.combine(day, dt.time.fromisoformat(clock), JST))


def lend(library, server, *, branch=SOGO, operation=None) -> str:
    """Lends a new item to a new patron; returns the item's number."""
    item = library.item()
    answer = server.run(
        partial(
            check_out,
            operation=operation or new_id(),
            visit=new_id(),
            card_number=library.patron(last_used_on=library.now.astimezone(JST).date()),
            item_number=item,
            desk=library.desk(branch),
        )
    )
    assert isinstance(answer, CheckedOut)
    return item


def take_back(library, server, item, *, branch=SOGO, book_drop_day=None):
    """Takes an item back; returns the return's operation."""
    answer = server.run(
        partial(
            check_in,
            operation=new_id(),
            item_number=item,
            desk=library.desk(branch),
            book_drop_day=book_drop_day,
        )
    )
    assert isinstance(answer, CheckedIn)
    return answer.operation


def undo(library, server, returned, *, branch=SOGO) -> None:
    """Undoes a return."""
    undone = server.run(
        partial(undo_return, operation=new_id(), return_operation=returned, desk=library.desk(branch))
    )
    assert not isinstance(undone, Refused)


def today(library, server, branch: int = SOGO) -> CounterToday:
    """The picture of a branch."""
    return server.run(partial(counter_today, desk=library.desk(branch)))


def busy(picture: CounterToday) -> Hours:
    """The hours with acts: lent, returned, renewed."""
    acts = {hour.hour: (hour.checkouts, hour.checkins, hour.renewals) for hour in picture.hours}
    return {hour: amounts for hour, amounts in acts.items() if any(amounts)}


def totals(picture: CounterToday) -> tuple[int, int, int]:
    """What the day adds up to."""
    return picture.checkouts, picture.checkins, picture.renewals


def shown(picture: CounterToday) -> list[int]:
    """The hours of the picture."""
    return [hour.hour for hour in picture.hours]


def test_a_day_without_acts_has_the_usual_hours(library: SmallLibrary, server) -> None:
    picture = today(library, server)
    assert picture == CounterToday(tuple(HourAtCounter(hour) for hour in range(9, 19)), 0, 0, 0)


def test_every_act_counts_in_its_hour(library: SmallLibrary, server) -> None:
    at(library, "09:00:00")
    first = lend(library, server)
    at(library, "09:59:59")
    second = lend(library, server)
    at(library, "10:00:00")
    answer = server.run(partial(renew, operation=new_id(), item_number=first, desk=library.desk()))
    assert isinstance(answer, Renewed)
    lend(library, server)
    at(library, "14:30:00")
    take_back(library, server, first)
    take_back(library, server, second)
    picture = today(library, server)
    assert busy(picture) == {9: (2, 0, 0), 10: (1, 0, 1), 14: (0, 2, 0)}
    assert totals(picture) == (3, 2, 1)
    assert shown(picture) == list(range(9, 19))


def test_what_was_not_on_loan_is_no_return(library: SmallLibrary, server) -> None:
    take_back(library, server, library.item())
    assert busy(today(library, server)) == {}


def test_another_branch_has_its_own_picture(library: SmallLibrary, server) -> None:
    item = lend(library, server)
    lend(library, server, branch=MINAMI)
    lend(library, server, branch=MINAMI)
    take_back(library, server, item, branch=MINAMI)
    assert busy(today(library, server)) == {10: (1, 0, 0)}
    assert busy(today(library, server, MINAMI)) == {10: (2, 1, 0)}


def test_yesterday_is_gone_at_the_librarys_midnight(library: SmallLibrary, server) -> None:
    at(library, "23:59:59")
    lend(library, server)
    picture = today(library, server)
    assert busy(picture) == {23: (1, 0, 0)}
    assert shown(picture) == list(range(9, 24))
    at(library, "00:00:00", TODAY + dt.timedelta(days=1))
    assert busy(today(library, server)) == {}
    lend(library, server)
    picture = today(library, server)
    assert busy(picture) == {0: (1, 0, 0)}
    assert shown(picture) == list(range(19))


def test_day_and_hour_are_the_librarys_not_utcs(library: SmallLibrary, server) -> None:
    # 23:30 on the 11th in Greenwich is 8:30 on the 12th here; 14:59 is 23:59 on the 11th
    library.set_clock(dt.datetime(2026, 5, 11, 23, 30, tzinfo=dt.UTC))
    lend(library, server)
    assert busy(today(library, server)) == {8: (1, 0, 0)}
    library.set_clock(dt.datetime(2026, 5, 12, 14, 59, tzinfo=dt.UTC))
    lend(library, server)
    assert busy(today(library, server)) == {8: (1, 0, 0), 23: (1, 0, 0)}


def test_a_return_of_the_book_drop_counts_for_the_day_it_is_dated(library: SmallLibrary, server) -> None:
    yesterday = TODAY - dt.timedelta(days=1)
    early, late = library.item(), library.item()
    for item in (early, late):
        library.lent(library.patron(), item, due_on=DUE - dt.timedelta(days=3))
    take_back(library, server, early, book_drop_day=yesterday)
    take_back(library, server, late)
    assert busy(today(library, server)) == {10: (0, 1, 0)}
    at(library, "20:00:00", yesterday)
    assert totals(today(library, server)) == (0, 1, 0)


def test_an_undone_return_is_none(library: SmallLibrary, server) -> None:
    item = lend(library, server)
    returned = take_back(library, server, item)
    assert totals(today(library, server)) == (1, 1, 0)
    undo(library, server, returned)
    picture = today(library, server)
    assert (busy(picture), totals(picture)) == ({10: (1, 0, 0)}, (1, 0, 0))


def test_a_return_undone_in_the_next_hour_leaves_the_hour_it_was_in(library: SmallLibrary, server) -> None:
    at(library, "10:58:00")
    items = [lend(library, server) for _ in range(3)]
    returned = [take_back(library, server, item) for item in items]
    at(library, "11:04:00")
    undo(library, server, returned[-1])
    picture = today(library, server)
    assert (busy(picture), totals(picture)) == ({10: (3, 2, 0)}, (3, 2, 0))


def test_an_undone_return_is_taken_off_where_and_when_it_was_counted(library: SmallLibrary, server) -> None:
    """In the statistics themselves: by branch, day and hour they are as if it had never been."""
    sums = (
        sa.select(t.statistic.c.branch_id, t.statistic.c.day, t.statistic.c.hour)
        .group_by(t.statistic.c.branch_id, t.statistic.c.day, t.statistic.c.hour)
        .having(sa.func.sum(t.statistic.c.amount) != 0)
        .order_by(t.statistic.c.day, t.statistic.c.hour)
    )
    at(library, "09:10:00", TODAY - dt.timedelta(days=1))
    dropped = lend(library, server)
    at(library, "09:30:00")
    item = lend(library, server)
    lent = library.rows(sums)
    at(library, "23:56:00")
    returned = take_back(library, server, item)
    # of the book drop: it counts for yesterday
    dated_back = take_back(library, server, dropped, book_drop_day=TODAY - dt.timedelta(days=1))
    assert len(library.rows(sums)) == len(lent) + 2
    at(library, "00:04:00", TODAY + dt.timedelta(days=1))
    undo(library, server, returned, branch=MINAMI)
    undo(library, server, dated_back, branch=MINAMI)
    assert library.rows(sums) == lent


def test_a_return_of_before_its_branch_was_kept_is_undone_here(library: SmallLibrary, server) -> None:
    item = lend(library, server)
    returned = take_back(library, server, item)
    answer = json.loads(library.value(sa.select(t.operation.c.answer).where(t.operation.c.id == returned)))
    assert answer.pop("branch_id") == SOGO
    with library.engine.connect() as connection:
        connection.execute(
            t.operation.update().where(t.operation.c.id == returned).values(answer=json.dumps(answer))
        )
    undo(library, server, returned)
    assert busy(today(library, server)) == {10: (1, 0, 0)}


def test_a_called_off_loan_is_none_also_hours_later(library: SmallLibrary, server) -> None:
    operation = new_id()
    at(library, "10:58:00")
    lend(library, server)
    lend(library, server, operation=operation)
    at(library, "13:01:00")
    server.run(partial(cancel_checkout, operation=operation))
    picture = today(library, server)
    assert (busy(picture), totals(picture)) == ({10: (1, 0, 0)}, (1, 0, 0))


def test_a_loan_called_off_before_it_arrived_counts_nowhere(library: SmallLibrary, server) -> None:
    server.run(partial(cancel_checkout, operation=new_id()))
    assert busy(today(library, server)) == {}


def test_yesterdays_loan_called_off_today_is_not_taken_from_today(library: SmallLibrary, server) -> None:
    operation = new_id()
    at(library, "23:58:00", TODAY - dt.timedelta(days=1))
    lend(library, server, operation=operation)
    at(library, "00:01:00")
    lend(library, server)
    server.run(partial(cancel_checkout, operation=operation))
    assert busy(today(library, server)) == {0: (1, 0, 0)}


def test_a_return_undone_at_another_branch_takes_nothing_below_zero(library: SmallLibrary, server) -> None:
    returned = take_back(library, server, lend(library, server))
    undo(library, server, returned, branch=MINAMI)
    picture = today(library, server, MINAMI)
    assert (busy(picture), totals(picture)) == ({}, (0, 0, 0))


def test_it_is_read_again_after_everything_is_erased(library: SmallLibrary, server) -> None:
    take_back(library, server, lend(library, server))
    library.pass_time(minutes=11)
    assert library.erase_returned() == 1
    assert busy(today(library, server)) == {10: (1, 1, 0)}


def test_what_is_counted_besides_the_three_acts_is_left_out(library: SmallLibrary, server) -> None:
    lend(library, server)
    other = sa.literal("reservation")
    columns = [column for column in t.statistic.c if column.name != "id"]
    copied = sa.select(*(other if column.name == "act" else column for column in columns))
    with library.engine.connect() as connection:
        connection.execute(t.statistic.insert().from_select([column.name for column in columns], copied))
    assert library.value(sa.select(sa.func.sum(t.statistic.c.amount))) == 2
    assert totals(today(library, server)) == (1, 0, 0)


def test_the_read_brings_numbers_of_hours_and_acts_alone(library: SmallLibrary, server) -> None:
    lend(library, server)
    lend(library, server)
    counts = server.run(lambda counter: counter.reads.today_at_counter(library.desk()))
    assert counts == (HourCount(10, CountedAct.CHECKOUT, 2),)


def test_it_costs_one_round_trip(cluster: Cluster) -> None:
    with counted_library(cluster) as (counted, wire):
        terminal = counted.server()
        # connected, and nothing read yet
        terminal.run(lambda _: None)
        trips = []
        for _ in range(2):
            before = wire.trips
            today(counted, terminal)
            trips.append(wire.trips - before)
    assert trips == [1, 1]


def leaves(kind: typing.Any) -> set[type]:
    """What a type is made of in the end."""
    if typing.get_origin(kind) is tuple:
        return set().union(*(leaves(part) for part in typing.get_args(kind) if part is not Ellipsis))
    if dataclasses.is_dataclass(kind):
        return set().union(*(leaves(part) for part in typing.get_type_hints(kind).values()))
    return {kind}


def test_nothing_in_the_answers_type_could_hold_a_person() -> None:
    assert leaves(CounterToday) == {int}
    assert leaves(HourCount) == {int, CountedAct}
    assert issubclass(CountedAct, enum.Enum)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # undone in an hour of its own, in the next, two hours later, and more than one hour holds
        ({9: 3, 10: -1}, {9: 2}),
        ({9: 3, 11: -2}, {9: 1}),
        ({9: 1, 10: 1, 11: -2}, {}),
        ({9: 5, 10: 1, 11: -2, 12: 4}, {9: 4, 12: 4}),
        # what is undone here and was done elsewhere
        ({0: -1, 9: 2}, {9: 2}),
    ],
)
def test_an_hour_below_zero_is_taken_from_the_ones_before(
    counts: dict[int, int], expected: dict[int, int]
) -> None:
    picture = by_hour(HourCount(hour, CountedAct.CHECKIN, amount) for hour, amount in counts.items())
    assert {hour: acts[1] for hour, acts in busy(picture).items()} == expected
    assert picture.checkins == sum(expected.values())


@pytest.mark.parametrize(
    ("acts_at", "first", "last"),
    [((), 9, 18), ((12,), 9, 18), ((7,), 7, 18), ((8, 20), 8, 20), ((23,), 9, 23)],
)
def test_the_hours_are_the_usual_ones_and_those_with_acts(
    acts_at: tuple[int, ...], first: int, last: int
) -> None:
    picture = by_hour(HourCount(hour, CountedAct.RENEWAL, 1) for hour in acts_at)
    assert shown(picture) == list(range(first, last + 1))
    assert shown(by_hour((), range(10, 20))) == list(range(10, 20))
