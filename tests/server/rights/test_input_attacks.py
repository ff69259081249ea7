"""What a hand with psql may type into the functions: nothing crashes, is half done or told on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest

from madoguchi.app.server.rights import MAIL_SIDE, MAY_CALL, WATCHER
from tests.server.rights import matrix
from tests.server.rights.world import Person, Refused, World

NAME, PLACE = "見本 葛飾北斎", "藤沢市大庭5527番地"
LOST_FOR_WORDS = ("Failing row", "Key (", NAME, PLACE)

LONG = "repeat('あ', 1000000)"
WORDS = {
    "text": ["null", "''", LONG, r"E'\u202e\u0001'", "'''; drop table patron; --'", "'\ud7a3'", "'-1'"],
    "uuid": ["null", "'00000000-0000-0000-0000-000000000000'", "gen_random_uuid()"],
    "date": ["null", "'infinity'", "'-infinity'", "'4713-01-01 BC'", "'5874897-12-31'"],
    "bigint": ["null", "-1", "0", "9223372036854775807", "-9223372036854775808"],
    "integer": ["null", "-1", "2147483647", "-2147483648"],
    "boolean": ["null", "true", "false"],
    "jsonb": ["null", "'[]'", "'1'", "'\"x\"'", "('{\"a\":\"' || repeat('x', 1000000) || '\"}')::jsonb"],
    "timestamptz": ["null", "'infinity'", "'-infinity'", "'4713-01-01 BC'"],
    "timestamp with time zone": ["null", "'infinity'", "'-infinity'", "'4713-01-01 BC'"],
    "text[]": ["null", "'{}'", "'{NULL}'", "'{{a},{b}}'"],
}

_TABLES = ("patron", "card", "item", "loan", "reservation", "transit", "statistic", "policy", "branch")


@pytest.fixture(scope="module")
def people(world: World) -> dict[str, Person]:
    return {role: world.person(role) for role in ("counter_staff", "system_staff", "security_manager")}


@pytest.fixture(autouse=True)
def card(world: World) -> Iterator[str]:
    """The card of somebody with a name; nothing of the library is changed."""
    card = world.library.patron(name=NAME, address=PLACE)
    before = _contents(world)
    yield card
    assert _contents(world) == before


def _contents(world: World) -> list[object]:
    sums = [
        f"(select md5(string_agg(x::text, '|' order by x::text)) from public.{table} x)" for table in _TABLES
    ]
    return world.admin(f"select {', '.join(sums)}")


def _calls(world: World, function: str) -> list[str]:
    """Calls with each odd word in each place, good and null ones in the others."""
    (kinds,) = world.admin(
        "select array_to_string(array(select format_type(t, null) from unnest(proargtypes) with ordinality"
        " a (t, n) order by n), ',') from pg_proc"
        f" where pronamespace::regnamespace::text || '.' || proname = '{function}'"
    )[0]
    types = [kind for kind in kinds.split(",") if kind]
    found = []
    for place, kind in enumerate(types):
        for word in WORDS[kind]:
            arguments = [
                f"{WORDS[other][-1] if here != place else word}::{other}" for here, other in enumerate(types)
            ]
            found.append(f"select length({function}({', '.join(arguments)}))")
    return found


STAFFED = sorted(
    name
    for name, groups in MAY_CALL.items()
    if not {WATCHER, MAIL_SIDE} & set(groups)
    and name not in ("desk.enter", "desk.leave", "account.set_terminal")
)


@pytest.mark.parametrize("function", STAFFED)
def test_odd_words_in_every_place(world: World, people: dict[str, Person], function: str) -> None:
    role = next((group for group in MAY_CALL[function] if group in people), "counter_staff")
    calls = _calls(world, function)
    if not calls:
        assert matrix.functions_there(world)[function].endswith("()")
        return
    log_before = len(world.cluster.read_log())
    tried = world.psql(people[role], calls)
    for call, one in zip(calls, tried, strict=True):
        # well, or refused as a value: nothing that says the server's own words went wrong
        assert one.state[:2] in ("00", "22", "P0") or one.state == "28M01", (call[:120], one)
        for words in LOST_FOR_WORDS:
            assert words not in one.said
    log = world.cluster.read_log()[log_before:]
    assert NAME not in log
    assert "Failing row" not in log
    assert "server process" not in log


def test_a_nul_ends_before_the_server(world: World, people: dict[str, Person]) -> None:
    with world.at_work(people["counter_staff"]) as staff, pytest.raises(Refused, match="22021"):
        staff.ask("desk.read_patron", uuid4(), "2000\x00'; drop table patron")


def test_a_terminals_settings_are_an_object_of_some_size(world: World, people: dict[str, Person]) -> None:
    name = world.value("select name from account.terminal order by id limit 1")
    sizes = ["null", "'[]'", "'3'", "('{\"a\":\"' || repeat('x', 20000) || '\"}')::jsonb"]
    bomb = "(repeat('{\"a\":', 100000) || '1' || repeat('}', 100000))::jsonb"
    tried = world.psql(
        people["system_staff"],
        [f"select account.set_terminal('{name}', {settings})" for settings in (*sizes, bomb)],
    )
    assert [one.state for one in tried] == ["22023", "22023", "22023", "23514", "54001"]


def test_names_in_wrong_places_are_not_in_the_log(world: World, people: dict[str, Person], card: str) -> None:
    """By the program's way: what is typed where it does not belong stays out of the server's log."""
    log_before = len(world.cluster.read_log())
    with world.at_work(people["counter_staff"]) as staff:
        for _ in range(2):
            staff.ask_again("desk.read_patron", uuid4(), NAME)
            staff.ask_again("desk.find_patrons", uuid4(), NAME, PLACE, None)
            staff.ask_again("desk.find_patrons", uuid4(), NAME, None, None)
            staff.ask_again("desk.patrons_alike", uuid4(), NAME, NAME, None, PLACE, PLACE)
            staff.ask("desk.register_patron", uuid4(), json.dumps({"name": NAME, "address": PLACE}), True)
            staff.ask("desk.register_patron", uuid4(), "{" + NAME, True)
            staff.ask("desk.change_patron", uuid4(), 1, 1, json.dumps({"kana": NAME, "email": PLACE}))
            staff.ask("desk.grant_override", uuid4(), uuid4(), card, None, "over_limit", NAME * 100)
            staff.ask("desk.take_back", uuid4(), NAME, None, None, None)
    for words in (NAME, NAME.encode("unicode_escape").decode(), PLACE, card):
        assert words not in world.cluster.read_log()[log_before:]
