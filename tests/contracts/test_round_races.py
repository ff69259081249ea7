"""However many terminals return, send and clear at once: one copy for one reservation, on both databases."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Route
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.lending.facts import Desk
from madoguchi.app.reservations.answers import CircleRefusal, Cleared, NotDone, Sent
from madoguchi.app.reservations.rounds import clear_shelf, send
from madoguchi.app.server import tables as t
from tests.contracts.test_races import Act, Race
from tests.support.library import MINAMI, SOGO, TODAY, SmallLibrary, new_id

pytestmark = pytest.mark.timeout(600)

TERMINALS = 5
ROUNDS = 60
TITLES = range(200_001, 200_001 + ROUNDS)
PATRON = 100_000


def returning(desk: Desk, item: str) -> Act:
    return partial(check_in, operation=new_id(), item_number=item, desk=desk)


def number(title: int, copy: int) -> str:
    return f"6{title}{copy:03}"


def fill(library: SmallLibrary, copies: int, waiting: int) -> None:
    """Titles with copies at 総合, for each of which some patrons wait, at both branches in turn."""
    people = [PATRON + place for place in range(waiting)]
    with library.engine.connect() as connection:
        run = connection.execute
        run(t.title.insert(), [{"id": title, "title": "題", "ndc": "913"} for title in TITLES])
        run(
            t.item.insert(),
            [
                {
                    "id": title * 10 + copy,
                    "number": number(title, copy),
                    "title_id": title,
                    "home_branch_id": SOGO,
                    "kind": "book",
                }
                for title in TITLES
                for copy in range(copies)
            ],
        )
        run(
            t.patron.insert(),
            [
                {
                    "id": key,
                    "name": "見本",
                    "kana": "ミホン",
                    "birth_date": dt.date(1980, 4, 1),
                    "category": "resident",
                    "last_used_on": TODAY,
                    "registered_on": TODAY,
                }
                for key in people
            ],
        )
        run(
            t.card.insert(),
            [
                {"number": f"3{key:09}", "patron_id": key, "state": "active", "issued_on": TODAY}
                for key in people
            ],
        )
        run(t.loan_term.update().values(max_loans=999))
        run(
            t.reservation.insert(),
            [
                {
                    "title_id": title,
                    "patron_id": key,
                    "pickup_branch_id": (SOGO, MINAMI)[place % 2],
                    "placed_at": library.now - dt.timedelta(days=1, minutes=-place),
                    "state": "waiting",
                }
                for title in TITLES
                for place, key in enumerate(people)
            ],
        )


def trapped(library: SmallLibrary) -> list[dict[str, object]]:
    of = t.reservation.c
    return library.rows(
        sa.select(of.title_id, of.patron_id, of.state, of.trapped_item_id, of.pickup_branch_id).where(
            of.state != "waiting"
        )
    )


def test_copies_that_come_back_at_once_are_for_one_reservation_each(library: SmallLibrary) -> None:
    """Five copies of a title for three who wait: the first three of the queue get one each, two go home."""
    fill(library, copies=TERMINALS, waiting=4)
    # the last who waits wants one copy and no other
    with library.engine.connect() as connection:
        connection.execute(
            t.reservation.update()
            .where(t.reservation.c.patron_id == PATRON + 3)
            .values(item_id=t.reservation.c.title_id * 10 + 4)
        )
    desks = [library.desk(SOGO), library.desk(MINAMI)]
    rounds = [
        [returning(desks[(copy + title) % 2], number(title, copy)) for copy in range(TERMINALS)]
        for title in TITLES
    ]
    answers = Race(library, TERMINALS).run(rounds)
    rows = trapped(library)
    of_title = Counter(row["title_id"] for row in rows)
    for title, told in zip(TITLES, answers, strict=True):
        assert all(isinstance(answer, CheckedIn) for answer in told), told
        here = [row for row in rows if row["title_id"] == title]
        assert len({row["trapped_item_id"] for row in here}) == len(here) == of_title[title]
        # the first three, whoever is quick; the fourth only by that copy
        assert {row["patron_id"] for row in here} >= {PATRON, PATRON + 1, PATRON + 2}
        assert {row["trapped_item_id"] for row in here if row["patron_id"] == PATRON + 3} <= {title * 10 + 4}
        # what each terminal was told is so
        by_copy = {row["trapped_item_id"]: row for row in here}
        for copy, answer in enumerate(told):
            row = by_copy.get(title * 10 + copy)
            branch = (SOGO, MINAMI)[(copy + title) % 2]
            to = SOGO if row is None else row["pickup_branch_id"]
            route = Route.TRANSIT if to != branch else Route.SHELF if row is None else Route.RESERVATION_SHELF
            assert answer.route is route, (answer, row)
            if row is not None:
                assert row["state"] == ("ready" if route is Route.RESERVATION_SHELF else "in_transit")
    sent = library.rows(sa.select(t.transit.c.item_id, t.transit.c.to_branch_id))
    assert len(sent) == sum(answer.route is Route.TRANSIT for told in answers for answer in told)


def test_one_who_waits_borrows_while_another_copy_comes_back(library: SmallLibrary) -> None:
    """The reservation is answered by the loan or trapped by the other copy; it is never both."""
    fill(library, copies=2, waiting=1)
    desk = library.desk()
    rounds = [
        [
            partial(
                check_out,
                operation=new_id(),
                visit=new_id(),
                card_number=f"3{PATRON:09}",
                item_number=number(title, 0),
                desk=desk,
            ),
            returning(desk, number(title, 1)),
        ]
        for title in TITLES
    ]
    answers = Race(library, 2).run(rounds)
    by_title = {row["title_id"]: row for row in trapped(library)}
    for title, (lent, returned) in zip(TITLES, answers, strict=True):
        row = by_title[title]
        assert isinstance(lent, CheckedOut)
        if returned.route is Route.RESERVATION_SHELF:
            assert (row["state"], row["trapped_item_id"]) == ("ready", title * 10 + 1)
        else:
            assert (row["state"], row["trapped_item_id"]) == ("lent", None)


def test_cleared_by_two_while_its_reader_comes_and_it_is_scanned(library: SmallLibrary) -> None:
    fill(library, copies=1, waiting=2)
    with library.engine.connect() as connection:
        connection.execute(
            t.reservation.update()
            .where(t.reservation.c.patron_id == PATRON)
            .values(
                state="ready",
                trapped_item_id=t.reservation.c.title_id * 10,
                keep_until=TODAY - dt.timedelta(days=1),
                ready_on=TODAY - dt.timedelta(days=9),
            )
        )
    desk = library.desk()
    rounds = [
        [
            partial(clear_shelf, operation=new_id(), item_number=number(title, 0), desk=desk),
            partial(clear_shelf, operation=new_id(), item_number=number(title, 0), desk=desk),
            partial(
                check_out,
                operation=new_id(),
                visit=new_id(),
                card_number=f"3{PATRON:09}",
                item_number=number(title, 0),
                desk=desk,
            ),
            returning(desk, number(title, 0)),
        ]
        for title in TITLES
    ]
    answers = Race(library, 4).run(rounds)
    open_loans = {
        row["item_id"]
        for row in library.rows(sa.select(t.loan.c.item_id).where(t.loan.c.returned_at.is_(None)))
    }
    keys = {(row["title_id"], row["patron_id"]): row for row in trapped(library)}
    travelling = {row["item_id"] for row in library.rows(sa.select(t.transit.c.item_id))}
    for title, (first, second, lent, _) in zip(TITLES, answers, strict=True):
        item, told = title * 10, (first, second)
        cleared = [answer for answer in told if isinstance(answer, Cleared)]
        refusals = {answer.refusal for answer in told if isinstance(answer, NotDone)}
        assert len(cleared) <= 1
        assert refusals <= {CircleRefusal.NOT_HERE, CircleRefusal.ON_LOAN}
        own, other = keys.get((title, PATRON)), keys.get((title, PATRON + 1))
        if cleared:
            # the next one waits at 南: it goes there, whoever scans it
            assert own is None
            assert not isinstance(lent, CheckedOut)
            assert (other["state"], other["trapped_item_id"]) == ("in_transit", item)
            assert item in travelling
        else:
            assert isinstance(lent, CheckedOut)
            assert own["state"] == "lent"
        assert not (item in open_loans and item in travelling)
        kept = [row for row in (own, other) if row is not None and row["state"] in {"ready", "in_transit"}]
        assert len(kept) <= 1
        assert not (item in open_loans and kept)


def test_one_crate_sent_from_everywhere_leaves_once(library: SmallLibrary) -> None:
    fill(library, copies=1, waiting=1)
    with library.engine.connect() as connection:
        connection.execute(
            t.transit.insert(),
            [
                {"item_id": title * 10, "to_branch_id": MINAMI, "from_branch_id": SOGO, "since": TODAY}
                for title in TITLES
            ],
        )
    desk, numbers = library.desk(), [number(title, 0) for title in TITLES]
    ways = [tuple(numbers), tuple(reversed(numbers)), tuple(numbers[::2]), tuple(numbers[1::2])]
    operation = new_id()
    same = [partial(send, operation=operation, item_numbers=tuple(numbers[:9]), desk=desk)] * 4
    apart = [partial(send, operation=new_id(), item_numbers=way, desk=desk) for way in ways]
    once, told = Race(library, 4).run([same, apart])
    assert set(once) == {Sent(operation, 9)}
    assert sum(answer.copies for answer in told) == ROUNDS - 9
