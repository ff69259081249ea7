"""What somebody with psql tries about patrons: cards, notes and ties of people who are not theirs."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from madoguchi.app.server.office import CentralOffice
from tests.server.rights.world import SOGO, TSUJIDO, Person, World
from tests.support.library import TODAY

ABOUT = {
    "desk.replace_card": ("2911111111",),
    "desk.report_lost": (),
    "desk.renew_card": ("licence",),
    "desk.withdraw_patron": (),
    "desk.change_patron": (1, "{}"),
    "desk.add_note": ("筆談を希望", False, None),
    "desk.link_family": ("{other}",),
    "desk.leave_family": (),
    "desk.let_pick_up": ("{other}",),
    "desk.end_pick_up": (1,),
}


@pytest.fixture(scope="module")
def clerk(world: World) -> Person:
    return world.person("counter_staff")


@pytest.fixture(scope="module")
def contractor(world: World) -> Person:
    return world.person("contract_staff")


def _records(world: World, person: Person) -> list[tuple[str, object]]:
    rows = world.admin(
        f"select act, subject::text from audit.record where who = '{person.login}' order by chain, seq"
    )
    return [(act, json.loads(subject)) for act, subject in rows]


def test_contract_staff_touch_nobody_of_another_branch(world: World, contractor: Person) -> None:
    library = world.library
    strange, own, other = (library.patron(branch_id=branch) for branch in (SOGO, TSUJIDO, SOGO))
    key = library.id_of_patron(strange)
    before = world.admin(f"select * from patron where id = {key}")
    with world.at_work(contractor) as staff:
        for function, more in ABOUT.items():
            given = [other if value == "{other}" else value for value in more]
            assert staff.ask_again(function, uuid4(), key, *given)["refusal"] == "not_allowed", function
        assert world.admin(f"select * from patron where id = {key}") == before
        noted = uuid4()
        mine = library.id_of_patron(own)
        assert staff.ask_again("desk.add_note", noted, mine, "筆談を希望", False, None)["refusal"] is None
        # whoever's card was read stands before them
        assert staff.ask_again("desk.open_card", uuid4(), strange)["refusal"] is None
        assert staff.ask_again("desk.report_lost", uuid4(), key)["refusal"] is None
    # a note of somebody else's patron is not ended by its id, which nobody tells
    theirs = uuid4()
    far = library.id_of_patron(other)
    world.admin(
        "insert into patron_note (id, patron_id, text, login, made_on)"
        f" values ('{theirs}', {far}, 'x', 'clerk', '{TODAY}')"
    )
    with world.at_work(contractor) as staff:
        assert staff.ask_again("desk.end_note", uuid4(), theirs)["refusal"] == "not_allowed"
        assert staff.ask_again("desk.end_note", uuid4(), noted)["refusal"] is None


def test_what_is_on_record_names_nobody(world: World) -> None:
    library, clerk, noted = world.library, world.person("counter_staff"), uuid4()
    card, other = library.patron(name="葛飾 応為"), library.patron()
    key, other_key = library.id_of_patron(card), library.id_of_patron(other)
    acts = (
        ("desk.add_note", noted, key, "応為さんは筆談を希望", True, None),
        ("desk.end_note", uuid4(), noted),
        ("desk.link_family", uuid4(), key, other),
        ("desk.leave_family", uuid4(), key),
        ("desk.let_pick_up", uuid4(), key, other),
        ("desk.end_pick_up", uuid4(), key, other_key),
        ("desk.renew_card", uuid4(), key, "licence"),
        ("desk.report_lost", uuid4(), key),
        ("desk.replace_card", uuid4(), key, "2922222222"),
        ("desk.withdraw_patron", uuid4(), key),
    )
    log_before = len(world.cluster.read_log())
    with world.at_work(clerk) as staff:
        for function, *given in acts:
            assert staff.ask_again(function, *given)["refusal"] is None, function
        # refused: nothing is noted
        assert staff.ask_again("desk.report_lost", uuid4(), key)["refusal"] == "unknown_patron"
    patron, both = {"patron": key}, {"patron": key, "other": other_key}
    found = [
        record for record in _records(world, clerk) if isinstance(record[1], dict) and "patron" in record[1]
    ]
    assert found == [
        ("patron blocked", patron | {"note": str(noted)}),
        ("note ended", patron | {"note": str(noted)}),
        ("family linked", both),
        ("family left", patron),
        ("pick-up agreed", both),
        ("pick-up ended", both),
        ("card renewed", patron),
        ("card lost", patron),
        ("card replaced", patron),
        ("patron withdrawn", patron),
    ]
    # each act was a look at the patron, and one at whoever's card was read
    looks = dict(
        world.admin(f"select patron_id, count(*) from audit.viewed where who = '{clerk.login}' group by 1")
    )
    assert looks == {key: len(acts), other_key: 2}
    log = world.cluster.read_log()[log_before:]
    for words in ("応為", card, "2922222222"):
        assert words not in log


def test_nobody_erases_one_patron_after_the_other_without_end(world: World) -> None:
    """Each is a look; so many looks an hour are enough."""
    library, clerk = world.library, world.person("counter_staff")
    keys = [library.id_of_patron(library.patron()) for _ in range(4)]
    most = world.value("select views_an_hour from account.rule")
    world.admin("update account.rule set views_an_hour = 3")
    try:
        with world.at_work(clerk) as staff:
            said = [staff.ask_again("desk.withdraw_patron", uuid4(), key)["refusal"] for key in keys]
    finally:
        world.admin(f"update account.rule set views_an_hour = {most}")
    assert said == [None, None, None, "too_many_views"]


def test_a_change_and_a_family_joined_are_looks(world: World) -> None:
    """Who runs through all keys with either meets the limit, and stands on record."""
    library, clerk = world.library, world.person("counter_staff")
    keys = [library.id_of_patron(library.patron()) for _ in range(4)]
    person = {
        "name": "見本 次", "kana": "ミホン ツギ", "birth_date": "1990-01-01", "category": "resident",
        "notice_by": "none", "proof": "licence",
    }  # fmt: skip
    # those whom the library of the tests adds have keys of its own
    world.admin("select setval(pg_get_serial_sequence('patron', 'id'), 900000)")
    most = world.value("select views_an_hour from account.rule")
    world.admin("update account.rule set views_an_hour = 3")
    joined, family = uuid4(), {"card_number": "2933333333", "family_of": str(keys[0])}
    try:
        with world.at_work(clerk) as staff:
            said = [
                staff.ask_again("desk.register_patron", joined, json.dumps(person | family), False)["refusal"]
            ]
            for key in keys[1:]:
                # of another version: what it answers is told all the same
                asked = uuid4(), key, 77, json.dumps(person)
                said.append(staff.ask_again("desk.change_patron", *asked)["refusal"])
            again = {"card_number": "2944444444", "family_of": str(keys[3])}
            asked = uuid4(), json.dumps(person | again), True
            said.append(staff.ask_again("desk.register_patron", *asked)["refusal"])
    finally:
        world.admin(f"update account.rule set views_an_hour = {most}")
    assert said == [None, "changed", "changed", "too_many_views", "too_many_views"]
    looks = world.admin(
        "select patron_id, how, visit::text from audit.viewed"
        f" where who = '{clerk.login}' and how = 'patron' order by seq"
    )
    assert [tuple(look[:2]) for look in looks] == [(key, "patron") for key in keys[:3]]
    assert looks[0][2] == str(joined)


def test_a_look_that_is_rolled_back_tells_nothing(world: World, clerk: Person) -> None:
    library = world.library
    card = library.patron()
    library.lent(card, library.item(), due_on=TODAY)
    key = library.id_of_patron(card)
    operation = uuid4()
    call = f"select desk.withdraw_patron('{operation}', {key})::json ->> 'refusal'"
    tried = world.psql(
        clerk, [f"begin;\n{call};\nrollback", f"begin;\n{call};\n{call};\nrollback", call, call]
    )
    assert [one.printed for one in tried] == ["again", "again\nagain", "again", "open_loans"]


def test_notes_are_signed_by_the_server_and_no_act_goes_under_anothers_id(
    world: World, clerk: Person
) -> None:
    library = world.library
    card, operation = library.patron(), uuid4()
    key = library.id_of_patron(card)
    with world.at_work(clerk) as staff:
        assert staff.ask_again("desk.add_note", operation, key, "x", False, None)["refusal"] is None
        for function, more in ABOUT.items():
            given = [card if value == "{other}" else value for value in more]
            answer = staff.ask_again(function, operation, key, *given)["refusal"]
            assert answer == (None if function == "desk.add_note" else "not_allowed"), function
    assert world.admin(f"select login, made_on::text from patron_note where id = '{operation}'") == [
        (clerk.login, str(TODAY))
    ]


# -- reservations ------------------------------------------------------------------------------------


def _reservation_acts(key: object) -> tuple[tuple[object, ...], ...]:
    return (
        ("desk.change_reservation", uuid4(), key, TSUJIDO, True, None),
        ("desk.move_reservation", uuid4(), key, 1, "順番の誤り"),
        ("desk.cancel_reservation", uuid4(), key, ""),
    )


def test_contract_staff_end_nobodys_reservation_by_its_key(world: World, contractor: Person) -> None:
    library, item = world.library, world.library.item()
    strange, own = (library.patron(branch_id=branch) for branch in (SOGO, TSUJIDO))
    first, key, mine = (library.reserved(card, item) for card in (library.patron(), strange, own))
    title = library.id_of_item(item)
    before = world.admin(f"select * from reservation where title_id = {title} order by id")
    looks = f"select count(*) from audit.viewed where who = '{contractor.login}' and patron_id = "
    with world.at_work(contractor) as staff:
        shown = staff.ask("desk.read_queue", title)["rows"]
        assert [(row["reservation_id"], row["number_end"]) for row in shown] == [
            (first, ""),
            (key, ""),
            (mine, own[-4:]),
        ]
        for wanted, why in (
            (key, "not_allowed"),
            (987_654, "unknown_reservation"),
            (-1, "unknown_reservation"),
            (None, "unknown_reservation"),
        ):
            for function, *given in _reservation_acts(wanted):
                assert staff.ask_again(function, *given)["refusal"] == why, function
        assert world.admin(f"select * from reservation where title_id = {title} order by id") == before
        # who is refused has not seen whose it is
        assert world.value(looks + str(library.id_of_patron(strange))) == 0
        # whoever's card was read stands before them; each act is a look at them besides
        assert staff.ask_again("desk.read_reservations", uuid4(), strange)["refusal"] is None
        for function, *given in _reservation_acts(key):
            assert staff.ask(function, *given)["refusal"] == "again"
            assert staff.ask(function, *given)["refusal"] is None, function
        assert world.value(looks + str(library.id_of_patron(strange))) == 4
    assert world.value(f"select count(*) from reservation where title_id = {title}") == 2


def test_what_nobody_may_say_of_a_reservation(world: World, clerk: Person) -> None:
    library, item = world.library, world.library.item()
    key = library.reserved(library.patron(), item)
    before = world.admin(f"select * from reservation where id = {key}")
    day = TODAY.isoformat()
    odd = (
        (f"desk.change_reservation(gen_random_uuid(), {key}, null, true, null)", "not_allowed"),
        (f"desk.change_reservation(gen_random_uuid(), {key}, 99, true, null)", "not_allowed"),
        (f"desk.change_reservation(gen_random_uuid(), {key}, 1, null, null)", "not_allowed"),
        (f"desk.change_reservation(gen_random_uuid(), {key}, 1, true, 'infinity')", "not_allowed"),
        (f"desk.change_reservation(gen_random_uuid(), {key}, 1, true, '-infinity')", "not_allowed"),
        (f"desk.change_reservation(gen_random_uuid(), {key}, 1, true, '{day}')", "not_allowed"),
        (f"desk.change_reservation(gen_random_uuid(), {key}, 1, false, '2026-06-01')", "not_allowed"),
        (f"desk.change_reservation(null, {key}, 1, true, null)", "not_allowed"),
        (f"desk.move_reservation(gen_random_uuid(), {key}, null, 'x')", "not_allowed"),
        (f"desk.move_reservation(gen_random_uuid(), {key}, -1, 'x')", "not_allowed"),
        (f"desk.move_reservation(gen_random_uuid(), {key}, 1, null)", "reason_needed"),
        (f"desk.move_reservation(gen_random_uuid(), {key}, 1, '　')", "reason_needed"),
        (f"desk.move_reservation(gen_random_uuid(), {key}, 1, repeat('x', 201))", "not_allowed"),
        (f"desk.move_reservation(gen_random_uuid(), {key}, 1, E'x\\ny')", "not_allowed"),
        (f"desk.cancel_reservation(gen_random_uuid(), {key}, repeat('x', 201))", "not_allowed"),
        (f"desk.cancel_reservation(null, {key}, '')", "not_allowed"),
        ("desk.read_reservations(gen_random_uuid(), null)", "unknown_card"),
        ("desk.read_reservations(null, '2000000000')", "unknown_card"),
        ("desk.read_queue(null)", "unknown_title"),
    )
    tried = world.psql(clerk, [f"select {call}::json ->> 'refusal'" for call, _ in odd])
    assert [(call, one.printed) for (call, _), one in zip(odd, tried, strict=True)] == list(odd)
    assert world.admin(f"select * from reservation where id = {key}") == before


def test_what_is_on_record_of_a_reservation_is_its_key(world: World) -> None:
    library, clerk, item = world.library, world.person("counter_staff"), world.library.item()
    key = library.reserved(library.patron(), item)
    word = "モウシデノトオリ"
    with world.at_work(clerk) as staff:
        for function, *given in _reservation_acts(key):
            said = [word if value == "順番の誤り" else value for value in given]
            assert staff.ask_again(function, *said)["refusal"] is None
    assert [record for record in _records(world, clerk) if record[0].startswith("reservation")] == [
        (f"reservation {what}", {"reservation": key}) for what in ("changed", "moved", "cancelled")
    ]
    assert world.admin(f"select reservation_id, login from reservation_reason where reason = '{word}'") == [
        (None, clerk.login)
    ]
    # the reason is kept as long as it is kept who looked at whom
    world.admin(f"update reservation_reason set given_on = current_date - 400 where reason = '{word}'")
    world.admin("select watch.erase_by_age()")
    assert world.admin(f"select from reservation_reason where reason = '{word}'") == []


def test_a_kinds_limit_is_set_and_taken_away(world: World) -> None:
    keeper = world.person("system_staff")
    kind = ("loan_term", "resident/video", "max_reservations")
    limit = "select max_reservations from loan_term where category = 'resident' and loan_group = 'video'"
    with world.at_work(keeper) as staff:
        (listed,) = [
            row
            for row in staff.ask("account.list_settings")["rows"]
            if (row["place"], row["row_key"], row["name"]) == kind
        ]
        assert (listed["value"], listed["kind"]) == ("", "number or none")
        for old, new, kept in (("", "0", 0), ("0", "999", 999), ("999", "", None), ("", "", None)):
            assert staff.ask("account.set_setting", *kind, old, new)["refusal"] is None
            assert world.value(limit) == kept
        for new in ("1000", "-1", "x", " ", None):
            assert staff.ask("account.set_setting", *kind, "", new)["refusal"] == "bad_value", new
        assert staff.ask("account.set_setting", *kind, "5", "6") == {"refusal": "changed", "value": ""}
        # nothing else may be empty
        for other in ("max_loans", "loan_days"):
            term = "from loan_term where category = 'resident' and loan_group = 'print'"
            was = str(world.value(f"select {other} {term}"))
            refusal = staff.ask("account.set_setting", "loan_term", "resident/print", other, was, "")
            assert refusal["refusal"] == "bad_value"
        # from none and to none are changes, too
        changes = CentralOffice(staff.connection).setting_changes()
        assert isinstance(changes, tuple)
        assert [(change.row_key, change.changed) for change in changes[:3]] == [
            ("resident/video", {"max_reservations": pair}) for pair in (("999", ""), ("0", "999"), ("", "0"))
        ]
