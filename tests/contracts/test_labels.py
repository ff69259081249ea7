"""Numbers for labels, on both databases: in a row, each once, whoever asks; and what labels say."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

from madoguchi.app.catalogue.adding import ItemAdded, add_item
from madoguchi.app.catalogue.labels import (
    MOST_AT_ONCE,
    ItemToLabel,
    LabelRefusal,
    NotAllotted,
    NumberRange,
    allot_item_numbers,
    item_ranges,
    item_rules,
    item_to_label,
    shape_of,
)
from madoguchi.app.catalogue.new_item import NewCreator, NewItem, NewTitle
from madoguchi.app.lending.checkout import cancel_checkout
from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import LendingServer
from madoguchi.barcode.symbology import (
    TRAINING_PLAN,
    CheckDigit,
    CodePlan,
    CodeRule,
    ItemCode,
    Meaning,
    PatronCode,
    Symbology,
    complete,
    parse,
)
from tests.support.library import SmallLibrary, new_id

(RULE,) = item_rules(TRAINING_PLAN)
FIRST = 90_000_000


def allot(
    library: SmallLibrary,
    server: LendingServer,
    size: int = 10,
    operation: UUID | None = None,
    rule: CodeRule = RULE,
) -> NumberRange | NotAllotted:
    asked = {"operation": operation or new_id(), "rule": rule, "size": size, "desk": library.desk()}
    return server.run(partial(allot_item_numbers, **asked))


def serials(allotted: NumberRange | NotAllotted) -> range:
    assert isinstance(allotted, NumberRange)
    return range(allotted.first, allotted.first + allotted.size)


def give(library: SmallLibrary, number: str) -> None:
    """An item has this number."""
    library.item(number=number)


def start_at(library: SmallLibrary, serial: int) -> None:
    with library.engine.connect() as connection:
        connection.execute(t.policy.update().values(printed_items_from=serial))


def test_a_range_has_no_gap_and_follows_the_one_before(library: SmallLibrary, server: LendingServer) -> None:
    asked = new_id()
    first = allot(library, server, 65, asked)
    assert isinstance(first, NumberRange)
    assert serials(first) == range(FIRST, FIRST + 65)
    assert first.shape == shape_of(RULE)
    # once more, from wherever: it is the same one
    assert allot(library, server, 65, asked) == allot(library, library.server(), 65, asked) == first
    numbers = first.numbers(RULE)
    assert len(set(numbers)) == 65
    assert all(parse(number, TRAINING_PLAN) == ItemCode(number) for number in numbers)
    assert serials(allot(library, server, 1)) == range(FIRST + 65, FIRST + 66)
    assert serials(allot(library, server, MOST_AT_ONCE))[0] == FIRST + 66
    # numbers of another shape have serials of their own
    other = CodeRule(Meaning.ITEM, Symbology.NW7, "30", 10, CheckDigit.NONE)
    assert serials(allot(library, server, 3, rule=other)) == range(FIRST, FIRST + 3)
    assert serials(allot(library, server, 2))[0] == FIRST + 66 + MOST_AT_ONCE
    # the same id for another size or shape, or after another act, is another act
    for size, rule in ((64, RULE), (65, other)):
        assert allot(library, server, size, asked, rule) == NotAllotted(LabelRefusal.NOT_ALLOWED)
    called_off = new_id()
    server.run(partial(cancel_checkout, operation=called_off))
    assert allot(library, server, 5, called_off) == NotAllotted(LabelRefusal.CANCELLED)


def test_what_is_on_an_item_is_in_no_range(library: SmallLibrary, server: LendingServer) -> None:
    for serial in (3, 4, 14, 25):
        give(library, complete(RULE, FIRST + serial))
    # what stands beside them is none of these numbers
    for number in ("19", "1" + "9" * 12, complete(RULE, FIRST + 5)[1:] + "0"):
        give(library, number)
    # ten in a row have room nowhere before the last of them, nine do
    assert serials(allot(library, server, 10)) == range(FIRST + 15, FIRST + 25)
    assert serials(allot(library, server, 9)) == range(FIRST + 26, FIRST + 35)
    give(library, complete(RULE, FIRST + 36))
    assert serials(allot(library, server, 1)) == range(FIRST + 35, FIRST + 36)
    assert serials(allot(library, server, 2)) == range(FIRST + 37, FIRST + 39)
    # nothing is written twice, and every range is one row
    shown = server.run(partial(item_ranges, desk=library.desk()))
    assert [each.first - FIRST for each in shown] == [37, 35, 26, 15]


def test_the_library_says_where_they_begin_and_they_end(library: SmallLibrary, server: LendingServer) -> None:
    short = CodeRule(Meaning.ITEM, Symbology.NW7, "1", 4, CheckDigit.MODULUS_10_2_1_SPLIT)
    start_at(library, 95)
    used_up = NotAllotted(LabelRefusal.NUMBERS_USED_UP)
    # all or none
    assert allot(library, server, 6, rule=short) == used_up
    assert serials(allot(library, server, 2, rule=short)) == range(95, 97)
    assert allot(library, server, 4, rule=short) == used_up
    assert serials(allot(library, server, 3, rule=short)) == range(97, 100)
    assert allot(library, server, 1, rule=short) == used_up
    # going back allots nothing again, and does not bring back what is over
    start_at(library, 1)
    assert allot(library, server, 1, rule=short) == used_up
    assert serials(allot(library, server, 2)) == range(1, 3)
    start_at(library, 0)
    assert serials(allot(library, server, 2)) == range(FIRST, FIRST + 2)
    assert len(library.rows(sa.select(t.item_range))) == 4


def test_a_number_under_a_longer_prefix_is_the_same_number(
    library: SmallLibrary, server: LendingServer
) -> None:
    """A library that changes its prefix, or two terminals that have other settings, get no number twice."""
    longer = CodeRule(Meaning.ITEM, Symbology.NW7, "19", 10, CheckDigit.MODULUS_10_2_1_SPLIT)
    start_at(library, 90_000_000)
    first = allot(library, server, 5)
    start_at(library, 1)
    second = allot(library, server, 5, rule=longer)
    third = allot(library, server, 5)
    all_numbers = [*first.numbers(RULE), *second.numbers(longer), *third.numbers(RULE)]
    assert len(set(all_numbers)) == 15
    assert all_numbers == sorted(all_numbers)
    assert serials(second) == range(5, 10)
    # without a check digit they are other numbers
    bare = CodeRule(Meaning.ITEM, Symbology.NW7, "1", 9, CheckDigit.NONE)
    assert serials(allot(library, server, 5, rule=bare)) == range(1, 6)


@pytest.mark.parametrize("before", [CheckDigit.NONE, CheckDigit.LUHN])
def test_a_check_digit_put_on_or_taken_off_makes_no_number_twice(
    library: SmallLibrary, server: LendingServer, before: CheckDigit
) -> None:
    after = CheckDigit.LUHN if before is CheckDigit.NONE else CheckDigit.NONE
    rules = [CodeRule(Meaning.ITEM, Symbology.NW7, "30", 10, check) for check in (before, after, before)]
    start_at(library, 100)
    made: list[str] = []
    for rule in rules:
        allotted = allot(library, server, 25, rule=rule)
        assert isinstance(allotted, NumberRange)
        made += allotted.numbers(rule)
    assert len(set(made)) == 75


@pytest.mark.parametrize(
    ("prefix", "digits", "size"),
    [
        ("1", 0, 5), ("1", 19, 5), ("1" * 20, 1, 5), ("a", 8, 5), ("1'", 8, 5), ("１", 8, 5), ("1\n", 8, 5),
        ("1", 8, 0), ("1", 8, -1), ("1", 8, MOST_AT_ONCE + 1),
    ],
)  # fmt: skip
def test_no_number_is_allotted_that_could_be_on_no_item(
    library: SmallLibrary, server: LendingServer, prefix: str, digits: int, size: int
) -> None:
    def ask(connected):
        return connected.labels.allot(new_id(), prefix, digits, True, size, library.desk())

    assert server.run(ask) == NotAllotted(LabelRefusal.NOT_ALLOWED)
    assert library.rows(sa.select(t.operation)) == library.rows(sa.select(t.item_range)) == []


def test_terminals_that_ask_at_once_get_each_its_own(library: SmallLibrary) -> None:
    """Also for one and the same act that two of them send: it has one range. Together they have no gap."""
    rounds, terminals, size = 15, 3, 7
    servers = [library.server(limit_seconds=60) for _ in range(terminals)]
    shared = [new_id() for _ in range(rounds)]
    start = threading.Barrier(terminals)

    def terminal(place: int) -> tuple[list[NumberRange], list[NumberRange]]:
        own, same = [], []
        for operation in shared:
            start.wait(60)
            own.append(allot(library, servers[place], size))
            same.append(allot(library, servers[place], size, operation))
        return own, same

    with ThreadPoolExecutor(terminals) as pool:
        answers = list(pool.map(terminal, range(terminals)))
    assert all(same == answers[0][1] for _, same in answers)
    ranges = [each for own, _ in answers for each in own] + answers[0][1]
    allotted = [serial for each in ranges for serial in serials(each)]
    assert sorted(allotted) == list(range(FIRST, FIRST + rounds * (terminals + 1) * size))


def test_an_item_that_is_added_at_once_is_in_no_range(library: SmallLibrary) -> None:
    """Whoever sticks a label from a box on a book while a range is allotted has a number beside it."""
    rounds = 15
    adding, allotting = library.server(limit_seconds=60), library.server(limit_seconds=60)
    start = threading.Barrier(2)

    def add() -> list[str]:
        added = []
        for turn in range(rounds):
            number = complete(RULE, FIRST + 3 * turn + 1)
            new = NewItem(number, NewTitle(f"見本 {turn}"))
            start.wait(60)
            answer = adding.run(partial(add_item, operation=new_id(), new=new, desk=library.desk()))
            if isinstance(answer, ItemAdded):
                added.append((turn, number))
        return added

    def get() -> list[NumberRange]:
        got = []
        for _ in range(rounds):
            start.wait(60)
            got.append(allot(library, allotting, 3))
        return got

    with ThreadPoolExecutor(2) as pool:
        added, ranges = (future.result() for future in (pool.submit(add), pool.submit(get)))
    assert len(added) == rounds
    mine = [serial for each in ranges for serial in serials(each)]
    assert len(set(mine)) == 3 * rounds
    # in the turn in which it was added at the latest, a range of that turn or a later one goes round it
    for turn, number in added:
        later = [n for each in ranges[turn + 1 :] for n in each.numbers(RULE)]
        assert number not in later


def test_a_range_is_found_again_and_prints_the_same(library: SmallLibrary, server: LendingServer) -> None:
    made = [allot(library, server, size) for size in (5, 6)]
    shown = server.run(partial(item_ranges, desk=library.desk()))
    assert list(shown) == made[::-1]
    assert shown[0].branch == made[0].branch != ""
    assert shown[0].rule(TRAINING_PLAN) == RULE
    assert shown[0].numbers(RULE) == made[1].numbers(RULE)
    # under another numbering they are no numbers
    other = CodePlan((CodeRule(Meaning.ITEM, Symbology.NW7, "3", 10, CheckDigit.NONE),))
    assert shown[0].rule(other) is None
    with pytest.raises(ValueError, match="does not follow"):
        shown[0].numbers(other.rules[0])
    for _ in range(50):
        allot(library, server, 1)
    assert len(server.run(partial(item_ranges, desk=library.desk()))) == 50


def test_it_is_on_record_that_numbers_were_allotted_and_not_which(
    library: SmallLibrary, server: LendingServer
) -> None:
    asked = new_id()
    for _ in range(2):
        allot(library, server, 1, asked)
    kept = library.rows(sa.select(t.item_range))
    assert set(kept[0]) == {
        "id", "prefix", "digits", "checked", "first", "size", "branch_id", "allotted_on",
    }  # fmt: skip
    if library.on_postgresql:
        # once, whatever was repeated; a number here would stand beside whoever was looked at just before
        records = library.rows(
            sa.text("select subject::text from audit.record where act = 'item numbers allotted'")
        )
        assert records == [{"subject": '{"size": 1}'}]


def test_what_an_items_labels_say(library: SmallLibrary, server: LendingServer) -> None:
    def ask(number: str) -> ItemToLabel | None:
        return server.run(partial(item_to_label, number=number, desk=library.desk()))

    title = NewTitle(
        "坊っちゃん", creators=(NewCreator("夏目漱石", "ナツメ ソウセキ"),), ndc="913.6", volume="上"
    )
    bare = NewTitle("無題", title_kana="ムダイ")
    for number, new in (("1000000108", title), ("1000000116", bare)):
        answer = server.run(
            partial(add_item, operation=new_id(), new=NewItem(number, new), desk=library.desk())
        )
        assert isinstance(answer, ItemAdded)
    assert ask("1000000108") == ItemToLabel("1000000108", "坊っちゃん", "上", "913.6", "ナ")
    assert ask("1000000116") == ItemToLabel("1000000116", "無題", "", "", "ム")
    with library.engine.connect() as connection:
        connection.execute(t.item.update().where(t.item.c.number == "1000000108").values(author_mark="ナツ"))
    assert ask("1000000108").author_mark == "ナツ"
    for nobody in ("1000000124", "", "\x00", "x" * 500, library.patron()):
        assert ask(nobody) is None


def test_a_plan_without_items_prints_none() -> None:
    patrons = CodePlan(tuple(rule for rule in TRAINING_PLAN.rules if rule.means is Meaning.PATRON))
    assert item_rules(patrons) == ()
    assert isinstance(parse("2900000005", patrons), PatronCode)
