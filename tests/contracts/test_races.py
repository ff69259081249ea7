"""Invariants under racing connections, on both databases, thousands of times.

Every terminal has a connection of its own and starts each round at the same moment.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Refused, Renewed, Reserved
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import cancel_checkout, check_out, override
from madoguchi.app.lending.facts import Desk
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.reserving import place_reservation
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.server import tables as t
from tests.support.library import TODAY, SmallLibrary, new_id

pytestmark = pytest.mark.timeout(600)

DUE = TODAY + dt.timedelta(days=14)
TERMINALS = 4
# 500 by hand: RACE_ROUNDS=500
ROUNDS = int(os.environ.get("RACE_ROUNDS", "200"))

Act = Callable[[object], object]


class Race:
    """Some terminals that all start at once, round after round."""

    def __init__(self, library: SmallLibrary, terminals: int = TERMINALS) -> None:
        library.let_look_freely()
        # a crowd on one SQLite file waits for its turn longer than a lone terminal would
        self._servers = [library.server(limit_seconds=30) for _ in range(terminals)]
        self._start = threading.Barrier(terminals)

    def run(self, rounds: Sequence[Sequence[Act]]) -> list[list[object]]:
        """Runs every round's acts side by side; returns the answers, round by round."""

        def terminal(number: int) -> list[object]:
            answers = []
            for acts in rounds:
                self._start.wait(60)
                answers.append(self._servers[number].run(acts[number]))
            return answers

        with ThreadPoolExecutor(len(self._servers)) as pool:
            columns = list(pool.map(terminal, range(len(self._servers))))
        return [list(row) for row in zip(*columns, strict=True)]


def lending(desk: Desk, card: str, item: str, operation=None) -> Act:
    """A checkout, ready to run."""
    return partial(
        check_out,
        operation=operation or new_id(),
        visit=new_id(),
        card_number=card,
        item_number=item,
        desk=desk,
    )


def _patrons(library: SmallLibrary, count: int) -> list[str]:
    numbers = [f"3{serial:09}" for serial in range(1, count + 1)]
    with library.engine.connect() as connection:
        connection.execute(
            t.patron.insert(),
            [
                {
                    "id": 100_000 + place,
                    "name": "見本",
                    "kana": "ミホン",
                    "birth_date": dt.date(1980, 4, 1),
                    "category": "resident",
                    "last_used_on": TODAY,
                    "registered_on": TODAY,
                }
                for place in range(count)
            ],
        )
        connection.execute(
            t.card.insert(),
            [
                {"number": number, "patron_id": 100_000 + place, "state": "active", "issued_on": TODAY}
                for place, number in enumerate(numbers)
            ],
        )
    return numbers


def _items(library: SmallLibrary, count: int) -> list[str]:
    library.item()
    title_id = library.value(sa.select(sa.func.min(t.title.c.id)))
    numbers = [f"4{serial:09}" for serial in range(1, count + 1)]
    with library.engine.connect() as connection:
        connection.execute(
            t.item.insert(),
            [
                {
                    "id": 100_000 + place,
                    "number": number,
                    "title_id": title_id,
                    "home_branch_id": 1,
                    "kind": "book",
                }
                for place, number in enumerate(numbers)
            ],
        )
    return numbers


def test_one_item_is_never_lent_twice(library: SmallLibrary) -> None:
    items, cards, desk = _items(library, ROUNDS), _patrons(library, TERMINALS * 50), library.desk()
    rounds = [
        [lending(desk, cards[(place // 10) % 50 * TERMINALS + number], item) for number in range(TERMINALS)]
        for place, item in enumerate(items)
    ]
    for answers in Race(library).run(rounds):
        lent = [answer for answer in answers if isinstance(answer, CheckedOut)]
        assert len(lent) == 1
        assert {answer.refusal for answer in answers if isinstance(answer, Refused)} <= {
            Refusal.ON_LOAN_TO_OTHER
        }
    assert library.value(sa.select(sa.func.count()).select_from(t.loan)) == ROUNDS
    assert library.value(sa.select(sa.func.count(sa.distinct(t.loan.c.item_id)))) == ROUNDS


def test_no_limit_is_passed_by_terminals_serving_one_patron(library: SmallLibrary) -> None:
    patrons = ROUNDS
    cards, items, desk = _patrons(library, patrons), _items(library, patrons * 13), library.desk()
    supply = iter(items)
    # nine books are on loan already; four terminals lend one more each at the same moment
    with library.engine.connect() as connection:
        connection.execute(
            t.loan.insert(),
            [
                {
                    "item_id": library_id,
                    "patron_id": 100_000 + place,
                    "branch_id": 1,
                    "lent_on": TODAY,
                    "due_on": DUE,
                }
                for place in range(patrons)
                for library_id in (int(next(supply)[1:]) + 99_999 for _ in range(9))
            ],
        )
    rounds = [[lending(desk, card, next(supply)) for _ in range(TERMINALS)] for card in cards]
    for answers in Race(library).run(rounds):
        assert sum(isinstance(answer, CheckedOut) for answer in answers) == 1
        refusals = [answer.refusal for answer in answers if isinstance(answer, Refused)]
        assert refusals == [Refusal.OVER_LIMIT] * (TERMINALS - 1)
    per_patron = sa.select(sa.func.count().label("n")).group_by(t.loan.c.patron_id).select_from(t.loan)
    assert library.value(sa.select(sa.func.max(per_patron.subquery().c.n))) == 10


def test_one_operation_sent_from_everywhere_is_done_once(library: SmallLibrary) -> None:
    items, cards, desk = _items(library, ROUNDS), _patrons(library, ROUNDS // 10), library.desk()
    rounds = [
        [lending(desk, cards[place // 10], item, operation)] * TERMINALS
        for place, item in enumerate(items)
        for operation in [new_id()]
    ]
    for answers in Race(library).run(rounds):
        assert all(isinstance(answer, CheckedOut) for answer in answers)
        assert len({(answer.operation, answer.due_on, answer.use.open_loans) for answer in answers}) == 1
    assert library.value(sa.select(sa.func.count()).select_from(t.loan)) == ROUNDS
    assert library.value(sa.select(sa.func.sum(t.statistic.c.amount))) == ROUNDS


def test_a_loan_called_off_while_under_way_never_stands(library: SmallLibrary) -> None:
    items, cards, desk = _items(library, ROUNDS), _patrons(library, ROUNDS // 10), library.desk()
    operations = [new_id() for _ in items]
    rounds = [
        [
            lending(desk, cards[place // 10], item, operation),
            partial(cancel_checkout, operation=operation),
        ]
        for place, (item, operation) in enumerate(zip(items, operations, strict=True))
    ]
    Race(library, 2).run(rounds)
    assert library.rows(sa.select(t.loan)) == []
    assert library.value(sa.select(sa.func.coalesce(sa.func.sum(t.statistic.c.amount), 0))) == 0


def test_returns_loans_and_renewals_of_one_item_leave_it_whole(library: SmallLibrary) -> None:
    cards, items, desk = _patrons(library, 3), _items(library, 5), library.desk()
    waiting = _patrons_waiting(library, items)
    rounds = [
        [
            lending(desk, cards[place % 3], item),
            partial(check_in, operation=new_id(), item_number=item, desk=desk),
            partial(renew, operation=new_id(), item_number=item, desk=desk),
            partial(check_in, operation=new_id(), item_number=item, desk=library.desk(2)),
        ]
        for place in range(ROUNDS)
        for item in [items[place % len(items)]]
    ]
    kinds = {type(answer) for answers in Race(library).run(rounds) for answer in answers}
    assert kinds <= {CheckedOut, CheckedIn, Renewed, Refused}
    assert {CheckedIn, Refused} <= kinds
    open_items = library.rows(sa.select(t.loan.c.item_id).where(t.loan.c.returned_at.is_(None)))
    assert len({row["item_id"] for row in open_items}) == len(open_items)
    trapped = library.rows(
        sa.select(t.reservation.c.trapped_item_id).where(t.reservation.c.state.in_(["ready", "in_transit"]))
    )
    assert len({row["trapped_item_id"] for row in trapped}) == len(trapped)
    states = {row["state"] for row in library.rows(sa.select(t.reservation.c.state))}
    assert states <= {"waiting", "ready", "in_transit"}
    assert library.value(sa.select(sa.func.count()).select_from(t.reservation)) == len(waiting)


def test_a_reason_for_one_item_never_lets_another_out(library: SmallLibrary) -> None:
    """Reasons are given, both items are scanned and what is due is erased, all at the same moment."""
    rounds_of_it = ROUNDS // 2
    cards, items, desk = _patrons(library, rounds_of_it), _items(library, 2 * rounds_of_it), library.desk()
    _patrons_waiting(library, items)
    visits = [new_id() for _ in cards]

    def giving_a_reason(place: int) -> Act:
        return partial(
            override,
            operation=new_id(),
            visit=visits[place],
            card_number=cards[place],
            item_number=items[2 * place],
            refusal=Refusal.RESERVED,
            reason="窓口で確認した",
            desk=desk,
        )

    def scanning(place: int, item: str) -> Act:
        return partial(
            check_out,
            operation=new_id(),
            visit=visits[place],
            card_number=cards[place],
            item_number=item,
            desk=desk,
        )

    def erasing(_counter) -> int:
        return library.erase_returned()

    rounds = [
        acts
        for place in range(rounds_of_it)
        for allowed, other in [items[2 * place : 2 * place + 2]]
        for acts in (
            # on the server a terminal each with a person each: the first one's reason is nobody else's
            [giving_a_reason(place), scanning(place, other), scanning(place, other), erasing],
            [
                scanning(place, allowed),
                scanning(place, other),
                giving_a_reason(place),
                scanning(place, other),
            ],
            [scanning(place, other), erasing, giving_a_reason(place), scanning(place, other)],
        )
    ]
    for place, answers in enumerate(Race(library).run(rounds)):
        lent = [answer.item.number for answer in answers if isinstance(answer, CheckedOut)]
        assert lent == ([items[2 * (place // 3)]] if place % 3 == 1 else [])
        refused = [answer.refusal for answer in answers if isinstance(answer, Refused)]
        assert set(refused) == {Refusal.RESERVED}
    # each reason once, though it was given three times over
    given_for = library.rows(sa.select(t.loan_override.c.visit_id, t.loan_override.c.item_id))
    assert len(given_for) == rounds_of_it
    # two terminals that erase at once: nothing is left, and neither waits for the other for ever
    library.pass_time(minutes=11)
    Race(library).run([[erasing] * TERMINALS])
    assert {row["item_id"] for row in library.rows(sa.select(t.loan_override))} == {None}


def reserving(desk: Desk, card: str, title_id: int, operation=None) -> Act:
    """A reservation, ready to run."""
    return partial(
        place_reservation,
        operation=operation or new_id(),
        visit=new_id(),
        card_number=card,
        title_id=title_id,
        pickup_branch_id=1,
        desk=desk,
    )


def _titles(library: SmallLibrary, count: int) -> range:
    """Titles with a copy each, the keys of which are theirs."""
    keys = range(200_000, 200_000 + count)
    with library.engine.connect() as connection:
        connection.execute(t.title.insert(), [{"id": key, "title": "題", "ndc": "913"} for key in keys])
        connection.execute(
            t.item.insert(),
            [
                {"id": key, "number": f"5{key:09}", "title_id": key, "home_branch_id": 1, "kind": "book"}
                for key in keys
            ],
        )
    return keys


RESERVING_ROUNDS = 100


def test_no_reservation_limit_is_passed_by_terminals_serving_one_patron(library: SmallLibrary) -> None:
    cards, desk = _patrons(library, RESERVING_ROUNDS), library.desk()
    titles = _titles(library, 5 + TERMINALS)
    # five are waited for already; four terminals reserve one more each at the same moment
    with library.engine.connect() as connection:
        connection.execute(
            t.reservation.insert(),
            [
                {
                    "title_id": title_id,
                    "patron_id": 100_000 + place,
                    "pickup_branch_id": 1,
                    "placed_at": library.now - dt.timedelta(days=1),
                    "state": "waiting",
                }
                for place in range(RESERVING_ROUNDS)
                for title_id in titles[:5]
            ],
        )
    rounds = [[reserving(desk, card, title_id) for title_id in titles[5:]] for card in cards]
    for answers in Race(library).run(rounds):
        assert sum(isinstance(answer, Reserved) for answer in answers) == 1
        refusals = [answer.refusal for answer in answers if isinstance(answer, Refused)]
        assert refusals == [Refusal.RESERVATION_LIMIT] * (TERMINALS - 1)
    per_patron = (
        sa.select(sa.func.count().label("n")).group_by(t.reservation.c.patron_id).select_from(t.reservation)
    )
    assert library.value(sa.select(sa.func.max(per_patron.subquery().c.n))) == 6


def test_nobody_gets_one_title_twice(library: SmallLibrary) -> None:
    """At one terminal it is lent to them, at the others reserved for them: one of it at most."""
    cards, desk = _patrons(library, RESERVING_ROUNDS), library.desk()
    titles = _titles(library, RESERVING_ROUNDS)
    rounds = [
        [
            *(reserving(desk, card, title_id) for _ in range(3)),
            lending(desk, card, f"5{title_id:09}") if place % 2 else reserving(desk, card, title_id),
        ]
        for place, (card, title_id) in enumerate(zip(cards, titles, strict=True))
    ]
    for place, answers in enumerate(Race(library).run(rounds)):
        reserved = sum(isinstance(answer, Reserved) for answer in answers)
        lent = sum(isinstance(answer, CheckedOut) for answer in answers)
        # reserved first, then lent: the loan answers it
        assert (reserved, lent) in {(1, 0)} if place % 2 == 0 else {(1, 1), (0, 1)}
        refused = {answer.refusal for answer in answers if isinstance(answer, Refused)}
        assert refused <= {Refusal.RESERVED_ALREADY, Refusal.ON_LOAN_TO_PATRON}
    per_title = (
        sa.select(sa.func.count().label("n")).group_by(t.reservation.c.title_id).select_from(t.reservation)
    )
    assert library.value(sa.select(sa.func.max(per_title.subquery().c.n))) == 1
    waiting = sa.select(t.reservation.c.id).where(
        t.reservation.c.state == "waiting", t.reservation.c.title_id.in_(list(titles[1::2]))
    )
    assert library.rows(waiting) == []


def test_each_place_in_a_queue_is_given_once_and_in_its_order(library: SmallLibrary) -> None:
    cards, desk = _patrons(library, RESERVING_ROUNDS * TERMINALS), library.desk()
    [title_id] = _titles(library, 1)
    supply = iter(cards)
    rounds = [[reserving(desk, next(supply), title_id) for _ in range(TERMINALS)] for _ in range(25)]
    told = [answer for answers in Race(library).run(rounds) for answer in answers]
    assert sorted(answer.place for answer in told) == list(range(1, 25 * TERMINALS + 1))
    ordered = sa.select(t.reservation.c.patron_id).order_by(t.reservation.c.placed_at, t.reservation.c.id)
    # four terminals take the cards in turn
    by_place = sorted(range(len(told)), key=lambda place: told[place].place)
    assert [row["patron_id"] for row in library.rows(ordered)] == [100_000 + place for place in by_place]


def test_one_reservation_sent_from_everywhere_is_placed_once(library: SmallLibrary) -> None:
    cards, desk = _patrons(library, RESERVING_ROUNDS), library.desk()
    [title_id] = _titles(library, 1)
    rounds = [
        [reserving(desk, card, title_id, operation)] * TERMINALS for card in cards for operation in [new_id()]
    ]
    for place, answers in enumerate(Race(library).run(rounds), start=1):
        assert {(answer.place, answer.in_stock) for answer in answers} == {(place, place == 1)}
    assert library.value(sa.select(sa.func.count()).select_from(t.reservation)) == RESERVING_ROUNDS
    assert library.value(sa.select(sa.func.sum(t.statistic.c.amount))) == RESERVING_ROUNDS


def _patrons_waiting(library: SmallLibrary, items: Sequence[str]) -> list[int]:
    """Two patrons wait for the title, so that returns trap and loans are refused."""
    return [library.reserved(library.patron(), items[0]) for _ in range(2)]


def test_the_schema_itself_refuses_a_second_open_loan(library: SmallLibrary) -> None:
    item, first, second = library.item(), library.patron(), library.patron()
    library.lent(first, item, due_on=DUE)
    with pytest.raises(sa.exc.IntegrityError):
        library.lent(second, item, due_on=DUE)
