"""Renewal on both databases: once, from today, with its refusals."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import Refused, Renewed
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.server import tables as t
from tests.support.library import TODAY, SmallLibrary, new_id


def extend(library, server, item, operation=None):
    """Renews an item at the main library."""
    return server.run(partial(renew, operation=operation or new_id(), item_number=item, desk=library.desk()))


@pytest.mark.parametrize("left", [0, 1, 13])
def test_fourteen_days_from_today(library: SmallLibrary, server, left: int) -> None:
    card, item = library.patron(), library.item()
    due = TODAY + dt.timedelta(days=left)
    library.lent(card, item, due_on=due)
    answer = extend(library, server, item)
    assert isinstance(answer, Renewed)
    assert (answer.due_on, answer.earlier_due_on) == (TODAY + dt.timedelta(days=14), due)
    assert library.value(sa.select(t.patron.c.last_used_on)) == TODAY


def test_never_shorter_than_it_was(library: SmallLibrary, server) -> None:
    item, due = library.item(), TODAY + dt.timedelta(days=20)
    library.lent(library.patron(), item, due_on=due, lent_on=TODAY)
    assert extend(library, server, item).due_on == due


def test_once_only(library: SmallLibrary, server) -> None:
    item = library.item()
    library.lent(library.patron(), item, due_on=TODAY)
    extend(library, server, item)
    again = extend(library, server, item)
    assert (again.refusal, again.may_override) == (Refusal.RENEWED_ALREADY, False)
    assert library.value(sa.select(t.loan.c.renewals)) == 1


def test_not_when_somebody_else_waits(library: SmallLibrary, server) -> None:
    item = library.item()
    library.lent(library.patron(), item, due_on=TODAY)
    library.reserved(library.patron(), item)
    answer = extend(library, server, item)
    assert (answer.refusal, answer.waiting) == (Refusal.RESERVED, 1)


def test_ones_own_reservation_does_not_stop_it(library: SmallLibrary, server) -> None:
    card, item = library.patron(), library.item()
    library.lent(card, item, due_on=TODAY)
    library.reserved(card, item)
    assert isinstance(extend(library, server, item), Renewed)


def test_not_when_borrowed_from_another_library(library: SmallLibrary, server) -> None:
    item = library.item(borrowed_from="神奈川県立図書館")
    library.lent(library.patron(), item, due_on=TODAY)
    assert extend(library, server, item).refusal is Refusal.BORROWED_ELSEWHERE


def test_not_when_overdue(library: SmallLibrary, server) -> None:
    item = library.item()
    library.lent(library.patron(), item, due_on=TODAY - dt.timedelta(days=1))
    assert extend(library, server, item).refusal is Refusal.OVERDUE


def test_not_on_loan_and_unknown(library: SmallLibrary, server) -> None:
    assert extend(library, server, library.item()).refusal is Refusal.NOT_ON_LOAN
    assert extend(library, server, "1000000000") == Refused(Refusal.UNKNOWN_ITEM)


def test_repeating_a_renewal_renews_once(library: SmallLibrary, server) -> None:
    item, operation = library.item(), new_id()
    library.lent(library.patron(), item, due_on=TODAY)
    first = extend(library, server, item, operation)
    assert extend(library, library.server(), item, operation) == first
    assert library.value(sa.select(t.loan.c.renewals)) == 1


def test_the_server_takes_no_later_day_than_the_rule(library: SmallLibrary, server) -> None:
    item = library.item()
    library.lent(library.patron(), item, due_on=TODAY)
    verdict = server.run(
        lambda counter: counter.writes.renew(new_id(), item, TODAY + dt.timedelta(days=15), library.desk())
    )
    assert verdict.refusal is Refusal.CHANGED
    assert library.value(sa.select(t.loan.c.due_on)) == TODAY
