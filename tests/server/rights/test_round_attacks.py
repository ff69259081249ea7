"""What somebody with psql tries on a branch's rounds: other branches' copies, readers' names."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from tests.server.rights.world import SOGO, Person, World
from tests.support.library import MINAMI, TODAY


@pytest.fixture(scope="module")
def clerk(world: World) -> Person:
    return world.person("counter_staff")


def _ready(world: World, card: str, *, branch: int = SOGO, days: int = 5) -> str:
    item = world.library.item(home_branch_id=branch)
    world.library.reserved(
        card,
        item,
        state="ready",
        pickup_branch_id=branch,
        trapped_item_id=world.library.id_of_item(item),
        keep_until=TODAY.replace(day=TODAY.day + days),
    )
    return item


def test_the_shelf_says_no_more_of_anybody_than_the_setting_lets_it(world: World, clerk: Person) -> None:
    """In full each of them is a look, on record before it is shown; past the limit the numbers' ends are."""
    library, visit = world.library, uuid4()
    cards = [library.patron(name="葛飾 応為", kana="カツシカ オウイ") for _ in range(3)]
    keys = [library.id_of_patron(card) for card in cards]
    items = [_ready(world, card) for card in cards]
    _ready(world, library.patron(), branch=MINAMI)
    looked = f"select patron_id, how from audit.viewed where who = '{clerk.login}' order by 1"
    most = world.value("select list_rows_an_hour from account.rule")
    try:
        with world.at_work(clerk) as staff:
            shown = staff.ask("desk.read_shelf", None)
            assert {row["number"]: row["label"] for row in shown["rows"]} == {
                item: card[-4:] for item, card in zip(items, cards, strict=True)
            }
            assert "応為" not in json.dumps(shown, ensure_ascii=False)
            assert not any(key in row.values() for row in shown["rows"] for key in keys)
            world.admin("update policy set slip_name = 'kana_initial'")
            assert {row["label"] for row in staff.ask("desk.read_shelf", visit)["rows"]} == {"カ"}
            assert world.admin(looked) == []
            world.admin("update policy set slip_name = 'full'")
            # without a visit nobody is shown
            assert {row["label"] for row in staff.ask("desk.read_shelf", None)["rows"]} == {
                card[-4:] for card in cards
            }
            assert world.admin(looked) == []
        # nor in the transaction that puts it on record
        once = world.psql(clerk, ["begin", f"select desk.read_shelf('{visit}')", "rollback"])
        assert json.loads(once[1].printed) == {"refusal": "again"}
        assert world.admin(looked) == []
        with world.at_work(clerk) as staff:
            for _ in range(2):
                assert {row["label"] for row in staff.ask_again("desk.read_shelf", visit)["rows"]} == {
                    "葛飾 応為"
                }
                assert world.admin(looked) == [(key, "search") for key in keys]
            world.admin("update account.rule set list_rows_an_hour = 4")
            other = staff.ask_again("desk.read_shelf", uuid4())
            assert {row["label"] for row in other["rows"]} == {card[-4:] for card in cards}
    finally:
        world.admin(f"update account.rule set list_rows_an_hour = {most}")
        world.admin("update policy set slip_name = 'number_end'")
    assert world.admin(looked) == [(key, "search") for key in keys]


def test_nothing_is_done_with_another_branchs_copies(world: World) -> None:
    """Contract staff stand at 辻堂: what lies, leaves or should stand at 総合 is not theirs to move."""
    library = world.library
    ready, moving, standing = _ready(world, library.patron(), days=-1), library.item(), library.item()
    for item, number in ((moving, MINAMI), (standing, None)):
        if number is not None:
            world.admin(
                "insert into transit (item_id, to_branch_id, from_branch_id, since)"
                f" values ({library.id_of_item(item)}, {number}, {SOGO}, '{TODAY}')"
            )
    library.reserved(library.patron(), standing)
    states = "select md5(string_agg(r::text, '' order by r.id)) from reservation r"
    before = world.value(states)
    with world.at_work(world.person("contract_staff")) as staff:
        assert staff.ask("desk.clear_shelf", uuid4(), ready)["refusal"] == "not_here"
        assert staff.ask("desk.not_found", uuid4(), standing)["refusal"] == "not_here"
        assert staff.ask("desk.send_copies", uuid4(), json.dumps([moving]))["refusal"] == "not_here"
        for reads, *given in (
            ("desk.read_pull_list",),
            ("desk.read_transits",),
            ("desk.read_shelf", uuid4()),
        ):
            rows = staff.ask(reads, *given)["rows"]
            assert [row["number"] for row in rows if row["number"] is not None] == [], reads
    assert world.value(states) == before
    assert world.value(f"select sent_on from transit where item_id = {library.id_of_item(moving)}") is None


@pytest.mark.parametrize(
    "numbers",
    ["", "x", "{}", '"1"', "[1, {}]", "[[[[", '["\\u0000"]', "null", None, "[" + "1," * 20000 + "1]"],
)
def test_no_list_of_copies_breaks_it(world: World, clerk: Person, numbers: str | None) -> None:
    with world.at_work(clerk) as staff:
        assert staff.ask("desk.send_copies", uuid4(), numbers)["refusal"] in {"not_allowed", "not_here"}


def test_no_act_without_an_id_and_none_under_anothers(world: World, clerk: Person) -> None:
    library = world.library
    card, item, used = library.patron(), library.item(), uuid4()
    with world.at_work(clerk) as staff:
        for function in ("desk.clear_shelf", "desk.not_found"):
            assert staff.ask(function, None, item)["refusal"] == "not_allowed"
            assert staff.ask(function, uuid4(), None)["refusal"] == "unknown_item"
        assert staff.ask("desk.send_copies", None, "[]")["refusal"] == "not_allowed"
        staff.ask_again("desk.add_note", used, library.id_of_patron(card), "筆談を希望", False, None)
        # what was answered about a patron is not told to whoever says the id of it
        for function, given in (
            ("desk.clear_shelf", item),
            ("desk.not_found", item),
            ("desk.send_copies", json.dumps([item])),
        ):
            assert staff.ask(function, used, given) == {"refusal": "not_allowed"}


def test_what_is_on_record_names_no_copy_and_no_reservation(world: World) -> None:
    library, clerk = world.library, world.person("counter_staff")
    card = library.patron()
    over, missing, moving = _ready(world, card, days=-1), library.item(), library.item(home_branch_id=MINAMI)
    with world.at_work(clerk) as staff:
        assert staff.ask("desk.clear_shelf", uuid4(), over)["refusal"] is None
        assert staff.ask("desk.not_found", uuid4(), missing)["refusal"] is None
        staff.ask("desk.take_back", uuid4(), moving, TODAY, None, None)
        assert staff.ask("desk.send_copies", uuid4(), json.dumps([moving]))["copies"] == 1
    found = world.admin(
        f"select act, subject::text from audit.record where who = '{clerk.login}'"
        " and act in ('shelf cleared', 'copy not found', 'copies sent') order by chain, seq"
    )
    assert [(act, json.loads(subject)) for act, subject in found] == [
        ("shelf cleared", {}),
        ("copy not found", {"missing": False}),
        ("copies sent", {"copies": 1}),
    ]
    assert (
        world.value(f"select count(*) from reservation where patron_id = {library.id_of_patron(card)}") == 0
    )


def test_settings_of_the_rounds(world: World) -> None:
    setting = "account.set_setting"
    with world.at_work(world.person("system_staff")) as staff:
        listed = {row["name"]: row for row in staff.ask("account.list_settings")["rows"]}
        assert {name: listed[name]["value"] for name in ("slip_name", "transit_days", "missing_after")} == {
            "slip_name": "number_end",
            "transit_days": "3",
            "missing_after": "3",
        }
        for bad in ("", "all", "number_end full", "1", None):
            refused = staff.ask(setting, "policy", "", "slip_name", "number_end", bad)
            assert refused == {"refusal": "bad_value"}, bad
        for name, bad in (("transit_days", "0"), ("transit_days", "61"), ("missing_after", "21")):
            assert staff.ask(setting, "policy", "", name, "3", bad) == {"refusal": "bad_value"}
        assert staff.ask(setting, "policy", "", "slip_name", "number_end", "full") == {"refusal": None}
        assert world.value("select slip_name from policy") == "full"
        assert staff.ask(setting, "policy", "", "slip_name", "full", "number_end") == {"refusal": None}
