"""Two terminals at once make no two records of one person, give no card twice and lose no change."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa

from madoguchi.app.patrons.answers import Done, NotDone, PatronRefusal, Registered, SamePerson
from madoguchi.app.patrons.person import Category, Person
from madoguchi.app.patrons.registering import NewPatron, change, register
from madoguchi.app.server import tables as t
from tests.support.library import SmallLibrary, new_id

ROUNDS = 12
PERSON = Person(
    "見本 花子", "ミホン ハナコ", dt.date(1980, 4, 1), Category.RESIDENT, address="藤沢市石川1-2-3"
)

Act = Callable[[], Any]


def at_once(library: SmallLibrary, rounds: Sequence[tuple[Act, Act]]) -> list[tuple[Any, Any]]:
    """Both acts of each round begin at the same moment, each at a terminal of its own."""
    servers = [library.server(limit_seconds=60) for _ in range(2)]
    start = threading.Barrier(2)

    def terminal(place: int) -> list[Any]:
        answers = []
        for acts in rounds:
            start.wait(60)
            answers.append(servers[place].run(acts[place]))
        return answers

    with ThreadPoolExecutor(2) as pool:
        return list(zip(*pool.map(terminal, range(2)), strict=True))


def registering(library: SmallLibrary, person: Person, card: str, operation: object = None) -> Act:
    return partial(
        register, operation=operation or new_id(), new=NewPatron(person, card), desk=library.desk()
    )


def count(library: SmallLibrary, table: sa.Table) -> object:
    return library.value(sa.select(sa.func.count()).select_from(table))


def test_one_person_gets_one_record(library: SmallLibrary) -> None:
    library.let_look_freely()
    people = [replace(PERSON, birth_date=dt.date(1980, 1, 1 + place)) for place in range(ROUNDS)]
    rounds = [
        (
            registering(library, person, f"4{place:09}"),
            registering(library, replace(person, kana="ミホン バナコー"), f"5{place:09}"),
        )
        for place, person in enumerate(people)
    ]
    for pair in at_once(library, rounds):
        (won,) = [answer for answer in pair if isinstance(answer, Registered)]
        assert SamePerson((won.patron_id,)) in pair
    assert (count(library, t.patron), count(library, t.card)) == (ROUNDS, ROUNDS)


def test_one_card_is_given_to_one(library: SmallLibrary) -> None:
    days = [dt.date(1980, 1, 1 + place) for place in range(ROUNDS)]
    rounds = [
        (
            registering(library, replace(PERSON, birth_date=day), f"4{place:09}"),
            registering(library, replace(PERSON, kana="ベツ ジン", birth_date=day), f"4{place:09}"),
        )
        for place, day in enumerate(days)
    ]
    for pair in at_once(library, rounds):
        assert len([answer for answer in pair if isinstance(answer, Registered)]) == 1
        assert NotDone(PatronRefusal.CARD_TAKEN) in pair
    assert (count(library, t.patron), count(library, t.card)) == (ROUNDS, ROUNDS)


def test_an_operation_sent_twice_at_once_is_done_once(library: SmallLibrary) -> None:
    rounds = []
    for place in range(ROUNDS):
        person = replace(PERSON, birth_date=dt.date(1980, 1, 1 + place))
        act = registering(library, person, f"4{place:09}")
        rounds.append((act, act))
    for one, other in at_once(library, rounds):
        assert isinstance(one, Registered)
        assert one == other
    assert count(library, t.patron) == ROUNDS


def test_of_two_changes_of_one_record_one_is_told(library: SmallLibrary) -> None:
    key = library.id_of_patron(library.patron())
    rounds = [
        tuple(
            partial(
                change,
                operation=new_id(),
                patron_id=key,
                version=1 + place,
                person=replace(PERSON, address=f"藤沢市石川{place}-{terminal}"),
                desk=library.desk(),
            )
            for terminal in (1, 2)
        )
        for place in range(ROUNDS)
    ]
    for place, pair in enumerate(at_once(library, rounds)):
        assert [isinstance(answer, Done) for answer in pair].count(True) == 1, place
        assert NotDone(PatronRefusal.CHANGED) in pair
    assert library.value(sa.select(t.patron.c.version)) == 1 + ROUNDS
