"""Return on both databases: where an item goes, what is trapped, what is undone, what is erased."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Notice, Refused, ReturnUndone, Route
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.server import tables as t
from tests.support.library import MINAMI, TODAY, SmallLibrary, new_id

DUE = TODAY + dt.timedelta(days=14)


def take_back(library, server, item, **changes):
    """Takes an item back at the main library."""
    values = {"operation": new_id(), "item_number": item, "desk": library.desk()}
    return server.run(partial(check_in, **values | changes))


def undo(library, server, return_operation, **changes):
    """Undoes a return."""
    values = {"operation": new_id(), "return_operation": return_operation, "desk": library.desk()}
    return server.run(partial(undo_return, **values | changes))


def test_an_item_comes_home_to_its_shelf(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item()
    library.lent(card, item, due_on=DUE)
    answer = take_back(library, server, item)
    assert isinstance(answer, CheckedIn)
    assert (answer.route, answer.due_on, answer.overdue_days) == (Route.SHELF, DUE, 0)
    assert (answer.notices, answer.can_undo) == ((), True)
    assert library.open_loans(card) == 0


def test_an_item_of_another_branch_goes_into_transit_and_arrives(library: SmallLibrary, server) -> None:
    item = library.item(home_branch_id=MINAMI)
    library.lent(library.patron(), item, due_on=DUE)
    answer = take_back(library, server, item)
    assert (answer.route, answer.to_branch) == (Route.TRANSIT, "南市民図書館")
    assert library.value(sa.select(t.transit.c.to_branch_id)) == MINAMI
    arrived = take_back(library, server, item, desk=library.desk(MINAMI))
    assert (arrived.route, arrived.notices) == (Route.SHELF, (Notice.NOT_ON_LOAN,))
    assert library.rows(sa.select(t.transit)) == []


def test_a_late_return_says_how_late(library: SmallLibrary, server) -> None:
    item = library.item()
    library.lent(library.patron(), item, due_on=TODAY - dt.timedelta(days=5))
    answer = take_back(library, server, item)
    assert (answer.overdue_days, answer.notices) == (5, (Notice.OVERDUE,))


def test_the_first_in_the_queue_is_trapped(library: SmallLibrary, server) -> None:
    item, first, second = library.item(), library.patron(), library.patron()
    library.lent(library.patron(), item, due_on=DUE)
    head, rest = library.reserved(first, item), library.reserved(second, item)
    answer = take_back(library, server, item)
    # seven open days after Tuesday 12 May, the 13th being the second Wednesday
    assert (answer.route, answer.keep_until) == (Route.RESERVATION_SHELF, dt.date(2026, 5, 20))
    states = {row["id"]: row["state"] for row in library.rows(sa.select(t.reservation))}
    assert states == {head: "ready", rest: "waiting"}
    again = take_back(library, server, item)
    assert (again.route, again.keep_until) == (Route.RESERVATION_SHELF, dt.date(2026, 5, 20))
    states = {row["id"]: row["state"] for row in library.rows(sa.select(t.reservation))}
    assert states == {head: "ready", rest: "waiting"}


def test_a_reservation_for_another_branch_travels_first(library: SmallLibrary, server) -> None:
    item = library.item()
    library.lent(library.patron(), item, due_on=DUE)
    library.reserved(library.patron(), item, pickup_branch_id=MINAMI)
    answer = take_back(library, server, item)
    assert (answer.route, answer.to_branch, answer.keep_until) == (Route.TRANSIT, "南市民図書館", None)
    assert library.value(sa.select(t.reservation.c.state)) == "in_transit"
    arrived = take_back(library, server, item, desk=library.desk(MINAMI))
    assert arrived.route is Route.RESERVATION_SHELF
    assert library.value(sa.select(t.reservation.c.state)) == "ready"


def test_an_unknown_item(library: SmallLibrary, server) -> None:
    assert take_back(library, server, "1000000000") == Refused(Refusal.UNKNOWN_ITEM)


@pytest.mark.parametrize(("back", "late"), [(0, 5), (1, 4), (7, 0)])
def test_the_book_drops_day_counts(library: SmallLibrary, server, back: int, late: int) -> None:
    item = library.item()
    library.lent(library.patron(), item, due_on=TODAY - dt.timedelta(days=5))
    drop = TODAY - dt.timedelta(days=back)
    answer = take_back(library, server, item, book_drop_day=drop)
    assert (answer.returned_on, answer.overdue_days) == (drop, late)


@pytest.mark.parametrize("back", [-1, 8])
def test_a_book_drops_day_out_of_range_is_no_return(library: SmallLibrary, server, back: int) -> None:
    card, item = library.patron(), library.item()
    library.lent(card, item, due_on=DUE)
    with pytest.raises(ValueError, match="book drop"):
        take_back(library, server, item, book_drop_day=TODAY - dt.timedelta(days=back))
    assert library.open_loans(card) == 1


def test_a_return_never_counts_for_a_day_before_the_loan(library: SmallLibrary, server) -> None:
    item = library.item()
    library.lent(library.patron(), item, due_on=DUE, lent_on=TODAY)
    answer = take_back(library, server, item, book_drop_day=TODAY - dt.timedelta(days=2))
    assert answer.returned_on == TODAY


def test_a_return_is_undone_for_ten_minutes(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item()
    library.lent(card, item, due_on=DUE)
    returned = take_back(library, server, item)
    library.pass_time(minutes=10)
    operation = new_id()
    assert undo(library, server, returned.operation, operation=operation) == ReturnUndone(item, DUE)
    assert undo(library, server, returned.operation, operation=operation) == ReturnUndone(item, DUE)
    assert library.open_loans(card) == 1
    assert library.value(sa.select(sa.func.sum(t.statistic.c.amount))) == 0
    assert undo(library, server, returned.operation).refusal is Refusal.LENT_AGAIN


def test_undoing_gives_what_was_trapped_its_place_back(library: SmallLibrary, server) -> None:
    item = library.item()
    library.lent(library.patron(), item, due_on=DUE)
    first = library.reserved(library.patron(), item, pickup_branch_id=MINAMI)
    returned = take_back(library, server, item)
    assert library.value(sa.select(t.reservation.c.state)) == "in_transit"
    undo(library, server, returned.operation)
    row = library.rows(sa.select(t.reservation))[0]
    assert (row["id"], row["state"], row["trapped_item_id"]) == (first, "waiting", None)
    assert library.rows(sa.select(t.transit)) == []


def test_after_ten_minutes_it_is_too_late_even_before_anything_was_erased(library, server) -> None:
    item = library.item()
    library.lent(library.patron(), item, due_on=DUE)
    returned = take_back(library, server, item)
    library.pass_time(minutes=10, seconds=1)
    assert undo(library, server, returned.operation) == Refused(Refusal.UNDO_EXPIRED)


def test_an_item_lent_again_is_not_taken_away(library: SmallLibrary, server) -> None:
    first, second, item = library.patron(), library.patron(), library.item()
    library.lent(first, item, due_on=DUE)
    returned = take_back(library, server, item)
    lent = server.run(
        partial(
            check_out,
            operation=new_id(),
            visit=new_id(),
            card_number=second,
            item_number=item,
            desk=library.desk(),
        )
    )
    assert isinstance(lent, CheckedOut)
    assert undo(library, server, returned.operation) == Refused(Refusal.LENT_AGAIN)
    assert library.open_loans(second) == 1


def test_an_undo_of_something_else_is_refused(library: SmallLibrary, server) -> None:
    item = library.item()
    nothing_lent = take_back(library, server, item)
    assert not nothing_lent.can_undo
    assert undo(library, server, nothing_lent.operation) == Refused(Refusal.UNDO_EXPIRED)
    assert undo(library, server, new_id()) == Refused(Refusal.UNDO_EXPIRED)


def test_repeating_a_return_answers_the_same(library: SmallLibrary, server) -> None:
    item, operation = library.item(), new_id()
    library.lent(library.patron(), item, due_on=TODAY - dt.timedelta(days=4))
    library.reserved(library.patron(), item)
    first = take_back(library, server, item, operation=operation)
    assert take_back(library, library.server(), item, operation=operation) == first
    assert first.overdue_days == 4
    assert len(library.rows(sa.select(t.statistic))) == 1


def test_the_link_between_patron_and_item_goes_once_undo_is_over(library: SmallLibrary, server) -> None:
    card, item, lend_operation = library.patron(), library.item(), new_id()
    library.reserved(card, item)
    server.run(
        partial(
            check_out,
            operation=lend_operation,
            visit=new_id(),
            card_number=card,
            item_number=item,
            desk=library.desk(),
        )
    )
    take_back(library, server, item)
    library.pass_time(minutes=9)
    assert library.erase_returned() == 0
    library.pass_time(minutes=2)
    assert library.erase_returned() == 1
    assert library.rows(sa.select(t.loan)) == []
    assert library.rows(sa.select(t.reservation)) == []
    operations = library.rows(sa.select(t.operation.c.loan_id, t.operation.c.answer))
    assert operations == [{"loan_id": None, "answer": None}] * 2
    assert {row["act"] for row in library.rows(sa.select(t.statistic))} == {"checkout", "checkin"}
    repeated = server.run(
        partial(
            check_out,
            operation=lend_operation,
            visit=new_id(),
            card_number=card,
            item_number=item,
            desk=library.desk(),
        )
    )
    assert repeated.refusal is Refusal.ANSWER_ERASED
    assert library.open_loans(card) == 0
