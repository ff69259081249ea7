"""Cards that the library prints itself, on both databases: each number once, whoever asks, however often."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import VisitOpened
from madoguchi.app.lending.checkout import cancel_checkout, open_visit
from madoguchi.app.patrons.answers import Done, NotDone, PatronRefusal, Registered, SamePerson
from madoguchi.app.patrons.cards import (
    allot_number,
    printed_rule,
    register_with_printed_card,
    replace_card,
    replace_with_printed_card,
)
from madoguchi.app.patrons.person import Category, Person, Proof
from madoguchi.app.patrons.registering import NewPatron, register
from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import LendingServer
from madoguchi.barcode.symbology import (
    TRAINING_PLAN,
    CheckDigit,
    CodePlan,
    CodeRule,
    Meaning,
    PatronCode,
    Symbology,
    complete,
    parse,
)
from tests.support.library import SmallLibrary, new_id

RULE = printed_rule(TRAINING_PLAN)
assert RULE is not None
FIRST = 90_000_000
PERSON = Person(
    "見本 花子",
    "ミホン ハナコ",
    dt.date(1980, 4, 1),
    Category.RESIDENT,
    address="藤沢市石川1-2-3",
    proof=Proof.LICENCE,
)


def number(serial: int) -> str:
    return complete(RULE, serial)


def allot(
    library: SmallLibrary, server: LendingServer, operation: UUID | None = None, rule: CodeRule = RULE
) -> str | NotDone:
    act = partial(allot_number, operation=operation or new_id(), rule=rule, desk=library.desk())
    return server.run(act)


def new_patron(library: SmallLibrary, server: LendingServer, **how: object):
    given = {"operation": new_id(), "card": new_id(), "new": NewPatron(PERSON, ""), "as_new": False}
    act = partial(register_with_printed_card, act=register, rule=RULE, desk=library.desk(), **given | how)
    return server.run(act)


def active_cards(library: SmallLibrary, patron_id: int) -> set[object]:
    mine = sa.select(t.card.c.number).where(t.card.c.patron_id == patron_id, t.card.c.state == "active")
    return {row["number"] for row in library.rows(mine)}


def test_each_number_is_valid_and_allotted_once(library: SmallLibrary, server: LendingServer) -> None:
    asked = new_id()
    assert [allot(library, server, asked) for _ in range(3)] == [number(FIRST)] * 3
    assert allot(library, library.server(), asked) == number(FIRST), "another terminal may repeat it"
    assert allot(library, server) == number(FIRST + 1)
    assert parse(number(FIRST), TRAINING_PLAN) == PatronCode(number(FIRST))
    # what is on a card already is passed over: one by one, in a row, and lost ones as well
    for serial in (2, 4, 5, 6):
        with library.engine.connect() as connection:
            connection.execute(
                t.card.update()
                .where(t.card.c.number == library.patron())
                .values(number=number(FIRST + serial), state="lost" if serial == 4 else "active")
            )
    assert [allot(library, server) for _ in range(3)] == [number(FIRST + n) for n in (3, 7, 8)]
    # numbers of another shape have serials of their own
    other = CodeRule(Meaning.PATRON, Symbology.NW7, "20", 10, CheckDigit.NONE)
    assert allot(library, server, rule=other) == f"20{FIRST}"
    assert allot(library, server) == number(FIRST + 9)
    # the same id for another shape, or after another act, is another act
    assert allot(library, server, asked, other) == NotDone(PatronRefusal.NOT_ALLOWED)
    called_off = new_id()
    server.run(partial(cancel_checkout, operation=called_off))
    assert allot(library, server, called_off) == NotDone(PatronRefusal.CANCELLED)


def test_the_library_says_where_they_begin_and_they_end(library: SmallLibrary, server: LendingServer) -> None:
    short = CodeRule(Meaning.PATRON, Symbology.NW7, "2", 3, CheckDigit.MODULUS_10_3_1)
    with library.engine.connect() as connection:
        connection.execute(t.policy.update().values(printed_cards_from=8))
    assert [allot(library, server, rule=short) for _ in range(2)] == [complete(short, n) for n in (8, 9)]
    assert allot(library, server, rule=short) == NotDone(PatronRefusal.NUMBERS_USED_UP)
    with library.engine.connect() as connection:
        # going back allots nothing again
        connection.execute(t.policy.update().values(printed_cards_from=1))
    assert allot(library, server, rule=short) == NotDone(PatronRefusal.NUMBERS_USED_UP)
    assert allot(library, server) == number(1)


def test_a_check_character_that_gets_lost_is_passed_over(
    library: SmallLibrary, server: LendingServer
) -> None:
    rule = CodeRule(Meaning.PATRON, Symbology.CODE39, "L", 6, CheckDigit.MODULUS_43)
    numbers = [allot(library, server, rule=rule) for _ in range(50)]
    assert len(set(numbers)) == 50
    assert not any(str(each).endswith(" ") for each in numbers)
    assert any(complete(rule, 9_000 + n).endswith(" ") for n in range(50))


@pytest.mark.parametrize(
    ("prefix", "digits"), [("2", 0), ("2", 19), ("2" * 20, 1), ("a", 8), ("2'", 8), ("２", 8), ("2\n", 8)]
)
def test_no_number_is_allotted_that_could_be_on_no_card(
    library: SmallLibrary, server: LendingServer, prefix: str, digits: int
) -> None:
    def ask(connected):
        return connected.cards.allot(new_id(), prefix, digits, True, library.desk())

    assert server.run(ask) == NotDone(PatronRefusal.NOT_ALLOWED)
    assert library.rows(sa.select(t.operation)) == library.rows(sa.select(t.printed_serial)) == []


def test_registered_and_given_anew_with_a_card_to_print(library: SmallLibrary, server: LendingServer) -> None:
    operation, card = new_id(), new_id()
    for _ in range(3):
        answer = new_patron(library, server, operation=operation, card=card)
        assert isinstance(answer, Registered)
        assert answer.card_number == number(FIRST)
    # asked whether it is the same person, and answered, it is still the same number
    card = new_id()
    assert isinstance(new_patron(library, server, card=card), SamePerson)
    twin = new_patron(library, server, card=card, as_new=True)
    assert isinstance(twin, Registered)
    assert twin.card_number == number(FIRST + 1)
    # a new one for whoever lost theirs
    given = {"operation": new_id(), "card": new_id(), "patron_id": answer.patron_id, "rule": RULE}
    for _ in range(2):
        done = server.run(partial(replace_with_printed_card, desk=library.desk(), **given))
        assert done == Done(given["operation"], card_number=number(FIRST + 2))
    assert active_cards(library, answer.patron_id) == {number(FIRST + 2)}
    opened = server.run(
        partial(open_visit, visit=new_id(), card_number=number(FIRST + 2), desk=library.desk())
    )
    assert isinstance(opened, VisitOpened)
    # nobody is there: the number is not lost, it waits for whom it was meant
    waits = given | {"operation": new_id(), "card": new_id(), "patron_id": 987_654}
    lost = server.run(partial(replace_with_printed_card, desk=library.desk(), **waits))
    assert lost == NotDone(PatronRefusal.UNKNOWN_PATRON)
    done = server.run(
        partial(replace_with_printed_card, desk=library.desk(), **waits | {"patron_id": twin.patron_id})
    )
    assert done.card_number == number(FIRST + 3)
    # a card that was bought printed with the number that comes next
    with library.engine.connect() as connection:
        connection.execute(t.card.update().where(t.card.c.number == number(FIRST)).values(number="29"))
    late = new_id()
    assert allot(library, server, late) == number(FIRST + 4)
    taken = {"operation": new_id(), "patron_id": twin.patron_id, "card_number": number(FIRST + 4)}
    assert isinstance(server.run(partial(replace_card, desk=library.desk(), **taken)), Done)
    other = PERSON.__class__(
        "見本 次郎", "ミホン ジロウ", PERSON.birth_date, Category.RESIDENT, proof=Proof.MAIL
    )
    refused = new_patron(library, server, card=late, new=NewPatron(other, ""))
    assert refused == NotDone(PatronRefusal.CARD_TAKEN)


def test_terminals_that_ask_at_once_get_each_its_own(library: SmallLibrary) -> None:
    """Also for one and the same act that two of them send: it has one number."""
    rounds, terminals = 25, 3
    servers = [library.server(limit_seconds=60) for _ in range(terminals)]
    shared = [new_id() for _ in range(rounds)]
    start = threading.Barrier(terminals)

    def terminal(place: int) -> tuple[list[object], list[object]]:
        own, same = [], []
        for operation in shared:
            start.wait(60)
            own.append(allot(library, servers[place]))
            same.append(allot(library, servers[place], operation))
        return own, same

    with ThreadPoolExecutor(terminals) as pool:
        answers = list(pool.map(terminal, range(terminals)))
    assert all(same == answers[0][1] for _, same in answers)
    allotted = [each for own, _ in answers for each in own] + answers[0][1]
    assert sorted(allotted) == sorted(number(FIRST + n) for n in range(rounds * (terminals + 1)))


def test_a_plan_without_cards_prints_none() -> None:
    items = CodePlan(tuple(rule for rule in TRAINING_PLAN.rules if rule.means is Meaning.ITEM))
    assert printed_rule(items) is None
