"""A clerk with psql lends past the rules, or tries to: the functions refuse it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.server.rights.world import Person, Refused, Staff, World
from tests.support.library import MINAMI, TODAY

DUE = TODAY + dt.timedelta(days=14)


@pytest.fixture(scope="module")
def clerk(world: World) -> Person:
    return world.person("counter_staff")


@pytest.fixture
def desk(world: World, clerk: Person) -> Iterator[Staff]:
    with world.at_work(clerk) as staff:
        yield staff


def _lend(desk: Staff, card: str, item: str, *, due: object = DUE, visit: object = None) -> Any:
    return desk.ask_again("desk.lend", uuid4(), visit or uuid4(), card, item, due)["refusal"]


def _override(
    desk: Staff, visit: object, card: str, item: str | None, refusal: str, reason: object = "館長の許可"
) -> Any:
    return desk.ask("desk.grant_override", uuid4(), visit, card, item, refusal, reason)["refusal"]


@pytest.mark.parametrize(("kind", "limit"), [("book", 10), ("cd", 5), ("dvd", 2)])
def test_past_the_limit_of_each_group(world: World, desk: Staff, kind: str, limit: int) -> None:
    card = world.library.patron()
    visit = uuid4()
    answers = [_lend(desk, card, world.library.item(kind=kind), visit=visit) for _ in range(limit + 1)]
    assert answers == [None] * limit + ["over_limit"]


def test_past_the_limit_by_psql_too(world: World, clerk: Person) -> None:
    card, items = world.library.patron(), [world.library.item(kind="dvd") for _ in range(3)]
    visit = uuid4()
    lends = [
        f"select desk.lend(gen_random_uuid(), '{visit}', '{card}', '{item}', '{DUE}')::json ->> 'refusal'"
        for item in [items[0], *items]
    ]
    tried = world.psql(clerk, lends)
    assert [one.printed for one in tried] == ["again", "", "", "over_limit"]


def test_what_is_not_lent(world: World, desk: Staff) -> None:
    library = world.library
    idle = library.patron(last_used_on=TODAY - dt.timedelta(days=3 * 366))
    assert _lend(desk, idle, library.item()) == "card_idle"
    lost = f"29{library.id_of_patron(idle):08}"
    library.patron(lost_card=lost)
    assert _lend(desk, lost, library.item()) == "card_lost"
    blocked = library.patron()
    library.lent(blocked, library.item(), due_on=TODAY - dt.timedelta(days=31))
    assert _lend(desk, blocked, library.item()) == "overdue_block"
    assert _lend(desk, library.patron(), library.item(reference_only=True)) == "reference_only"
    wanted = library.item()
    library.reserved(library.patron(), wanted)
    assert _lend(desk, library.patron(), wanted) == "reserved"
    out = library.item()
    library.lent(library.patron(), out, due_on=DUE)
    assert _lend(desk, library.patron(), out) == "on_loan_to_other"


@pytest.mark.parametrize(
    ("due", "refusal"),
    [
        (DUE + dt.timedelta(days=1), "due_too_late"),
        (dt.date(9999, 12, 31), "due_too_late"),
        (TODAY - dt.timedelta(days=1), "due_in_past"),
        (None, "not_allowed"),
        ("infinity", "not_allowed"),
        ("-infinity", "not_allowed"),
    ],
)
def test_an_invented_due_date(world: World, desk: Staff, due: Any, refusal: str) -> None:
    card, item = world.library.patron(), world.library.item()
    if isinstance(due, str):
        call = f"select desk.lend(gen_random_uuid(), gen_random_uuid(), '{card}', '{item}', '{due}')"
        assert refusal in desk.run(call).printed
    else:
        assert _lend(desk, card, item, due=due) == refusal
    assert world.library.open_loans(card) == 0


def test_a_reason_lends_longer_but_not_for_good(world: World, desk: Staff) -> None:
    card, item, visit = world.library.patron(), world.library.item(), uuid4()
    assert _override(desk, visit, card, item, "due_too_late") is None
    assert _lend(desk, card, item, visit=visit, due=TODAY + dt.timedelta(days=400)) == "due_too_late"
    assert _lend(desk, card, item, visit=visit, due=TODAY + dt.timedelta(days=60)) is None


def test_an_override_holds_for_its_visit_person_item_and_login_alone(world: World, desk: Staff) -> None:
    library = world.library
    card, other = library.patron(), library.patron()
    item, another = library.item(reference_only=True), library.item(reference_only=True)
    visit = uuid4()
    assert _override(desk, visit, card, item, "reference_only") is None
    assert _lend(desk, card, item) == "reference_only"
    assert _lend(desk, other, item, visit=visit) == "reference_only"
    assert _lend(desk, card, another, visit=visit) == "reference_only"
    with world.at_work(world.person("counter_staff")) as colleague:
        assert _lend(colleague, card, item, visit=visit) == "reference_only"
    assert _lend(desk, card, item, visit=visit) is None


@pytest.mark.parametrize("reason", ["", "   ", "\u3000\t\n", None, "長" * 201])
def test_an_override_without_a_reason(world: World, desk: Staff, reason: str | None) -> None:
    card, item, visit = world.library.patron(), world.library.item(reference_only=True), uuid4()
    assert _override(desk, visit, card, item, "reference_only", reason) == "not_allowed"
    assert _lend(desk, card, item, visit=visit) == "reference_only"


@pytest.mark.parametrize("refusal", ["card_lost", "on_loan_to_other", "unknown_card", "too_many_views", None])
def test_what_no_reason_sets_aside(world: World, desk: Staff, refusal: str | None) -> None:
    card = world.library.patron()
    asked = desk.ask("desk.grant_override", uuid4(), uuid4(), card, None, refusal, "理由")
    assert asked["refusal"] == "not_allowed"


@pytest.mark.parametrize("role", ["system_staff", "security_manager"])
def test_no_other_role_lends_or_sets_aside(world: World, role: str) -> None:
    card, item = world.library.patron(), world.library.item()
    with world.at_work(world.person(role)) as other:
        with pytest.raises(Refused, match="42501"):
            _override(other, uuid4(), card, item, "over_limit")
        with pytest.raises(Refused, match="42501"):
            _lend(other, card, item)


def test_a_return_is_not_dated_back_further_than_the_rule(world: World, desk: Staff) -> None:
    library = world.library
    card, item = library.patron(), library.item()
    library.lent(card, item, due_on=DUE - dt.timedelta(days=60), lent_on=TODAY - dt.timedelta(days=60))
    for day, refusal in (
        (None, "not_allowed"),
        (TODAY - dt.timedelta(days=8), "due_in_past"),
        (TODAY + dt.timedelta(days=1), "due_in_past"),
    ):
        assert desk.ask("desk.take_back", uuid4(), item, day, None, None)["refusal"] == refusal
    assert library.open_loans(card) == 1


def test_a_renewal_is_not_longer_than_the_rule(world: World, desk: Staff) -> None:
    library = world.library
    card, item = library.patron(), library.item()
    library.lent(card, item, due_on=TODAY)
    assert desk.ask("desk.renew", uuid4(), item, DUE + dt.timedelta(days=1))["refusal"] == "changed"
    assert desk.ask("desk.renew", uuid4(), item, None)["refusal"] == "not_allowed"
    assert desk.ask("desk.renew", uuid4(), item, DUE)["refusal"] is None
    assert desk.ask("desk.renew", uuid4(), item, DUE)["refusal"] == "renewed_already"


@pytest.mark.parametrize(
    "setting",
    [
        "set timezone to 'Pacific/Kiritimati'",
        "set timezone to 'Etc/GMT+12'",
        "set datestyle to 'German, DMY'",
        "set intervalstyle to 'sql_standard'",
        "set standard_conforming_strings to off",
        "set default_transaction_isolation to 'serializable'",
        "set search_path to pg_temp",
        "set madoguchi.login to 'clerk'",
        "set plpgsql.extra_errors to 'all'",
    ],
)
def test_no_setting_of_the_session_moves_the_day_the_branch_or_the_name(
    world: World, clerk: Person, setting: str
) -> None:
    library = world.library
    card, item, wanted, elsewhere = (
        library.patron(), library.item(), library.item(), library.item(home_branch_id=MINAMI),
    )  # fmt: skip
    with world.at_work(clerk) as desk:
        assert desk.run(setting).state == "00000"
        assert _lend(desk, card, wanted, due=DUE + dt.timedelta(days=1)) == "due_too_late"
        assert _lend(desk, card, item) is None
        back = desk.ask("desk.take_back", uuid4(), elsewhere, TODAY, None, None)
        assert (back["route"], back["branch_id"]) == ("transit", 1)
    key = library.id_of_item(item)
    assert world.admin(f"select lent_on, branch_id from loan where item_id = {key}") == [(TODAY, 1)]
    noted = "select who, chain, abs(extract(epoch from now() - at)) < 60 from audit.record"
    terminal = world.value("select id from account.terminal where serial = '1100'")
    assert world.admin(f"{noted} where act = 'checkout' order by at desc limit 1") == [
        (clerk.login, terminal, True)
    ]
