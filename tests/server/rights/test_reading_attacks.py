"""A member of staff with psql reads patrons, or tries to: slowly, masked, on record, or never."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.server.rights.world import SOGO, TSUJIDO, Person, Refused, Staff, World
from tests.support.library import MINAMI

PERSON = {
    "name": "試験 花子",
    "kana": "シケン ハナコ",
    "birth_date": "1980-04-01",
    "category": "resident",
    "notice_by": "telephone",
    "card_number": "2999000001",
}


@pytest.fixture
def clerk(world: World) -> Person:
    return world.person("counter_staff")


@pytest.fixture
def desk(world: World, clerk: Person) -> Iterator[Staff]:
    with world.at_work(clerk) as staff:
        yield staff


def _views(world: World, person: Person) -> list[int]:
    found = world.admin(f"select patron_id from audit.viewed where who = '{person.login}' order by at, seq")
    return [patron for (patron,) in found]


@pytest.fixture
def three_an_hour(world: World) -> Iterator[None]:
    world.admin("update account.rule set views_an_hour = 3")
    yield
    world.admin("update account.rule set views_an_hour = 300")


@pytest.mark.usefixtures("three_an_hour")
def test_dumping_patrons_one_by_one_ends_and_is_on_record(world: World, clerk: Person, desk: Staff) -> None:
    cards = [world.library.patron() for _ in range(5)]
    answers = [desk.ask_again("desk.read_patron", uuid4(), card) for card in cards]
    assert [answer["refusal"] for answer in answers] == [None, None, None, "too_many_views", "too_many_views"]
    assert _views(world, clerk) == [world.library.id_of_patron(card) for card in cards[:3]]
    # by the other way to a patron, too, and through what a refusal to lend would tell
    item = world.library.item()
    assert (
        desk.ask_again("desk.read_checkout", uuid4(), uuid4(), cards[4], item)["refusal"] == "too_many_views"
    )
    lend = desk.ask_again("desk.lend", uuid4(), uuid4(), cards[4], item, None)
    assert lend["refusal"] == "not_allowed"
    # and by psql, signed in anew
    tried = world.psql(clerk, [f"select desk.read_patron(gen_random_uuid(), '{cards[4]}')"])
    assert "too_many_views" in tried[0].printed


def test_nobody_looks_and_takes_the_record_back(world: World, clerk: Person) -> None:
    """Whoever rolls back what they did has seen nothing, since nothing is shown before it is on record."""
    card, item = world.library.patron(name="見本 秘密"), world.library.item()
    world.library.lent(card, item, due_on=world.library.now.date())
    visit, key = uuid4(), world.library.id_of_patron(card)
    due = world.library.now.date()
    same = json.dumps(PERSON | {"kana": "ミホン", "birth_date": "1980-04-01"}, ensure_ascii=False)
    looks = [
        f"select desk.read_patron('{visit}', '{card}')",
        f"select desk.read_checkout(gen_random_uuid(), '{visit}', '{card}', '{item}')",
        f"select desk.lend(gen_random_uuid(), '{visit}', '{card}', '{item}', '{due}')",
        f"select desk.find_patrons('{visit}', 'ミホン', null, null)",
        f"select desk.open_card('{visit}', '{card}')",
        f"select desk.open_patron('{visit}', {key})",
        f"select desk.read_person('{visit}', {key})",
        f"select desk.patrons_alike('{visit}', '見本 秘密', 'ミホン', '1980-04-01', null, null)",
        f"select desk.register_patron('{visit}', '{same}', false)",
    ]
    for look in looks:
        shown = world.psql(
            clerk,
            [
                "begin",
                look,
                look,
                "savepoint s",
                look,
                "release s",
                look,
                "rollback",
                f"begin isolation level serializable; {look}; {look}; rollback",
                f"do $$ begin raise warning '%', ({look}); raise exception 'x'; end $$",
            ],
        )
        words = " ".join(one.printed + one.said for one in shown)
        assert '"again"' in words
        for telling in ("秘密", "patron_id", "on_loan", "birth_year", "same_person"):
            assert telling not in words, look
    assert _views(world, clerk) == []
    # with the record kept, it is shown
    assert "秘密" in world.psql(clerk, looks[:1] * 2)[1].printed
    assert _views(world, clerk) == [key]


def test_a_colleagues_look_shows_nothing_to_another(world: World, desk: Staff) -> None:
    card, visit = world.library.patron(), uuid4()
    assert desk.ask_again("desk.read_patron", visit, card)["refusal"] is None
    with world.at_work(world.person("counter_staff")) as colleague:
        assert colleague.ask("desk.read_patron", visit, card)["refusal"] == "again"


def test_a_search_shows_fifty_masked_and_each_is_on_record(world: World, clerk: Person, desk: Staff) -> None:
    made = [
        world.library.patron(
            name="試験 花子",
            kana="シケン ハナコ",
            telephone="0466-00-4321",
            address="藤沢市朝日町1",
            birth_date=dt.date(1900 + place, 4, 1),
        )
        for place in range(51)
    ]
    visit = uuid4()
    answer = desk.ask_again("desk.find_patrons", visit, "けん はな", None, None)
    assert (len(answer["rows"]), answer["more"]) == (50, True)
    for row in answer["rows"]:
        assert set(row) == {"patron_id", "name", "kana", "number_end", "birth_year", "birth_date"}
        assert len(row["number_end"]) == 4
        assert row["birth_date"] is None
    assert len(_views(world, clerk)) == 50
    assert {row["number_end"] for row in answer["rows"]} <= {card[-4:] for card in made}
    # the same search again is no other look
    assert desk.ask("desk.find_patrons", visit, "けん はな", None, None) == answer
    assert len(_views(world, clerk)) == 50


@pytest.mark.parametrize("words", ["", " ", "シ", "%", "_ ", "　 ", "シ%"])
def test_a_search_for_everybody_is_refused(desk: Staff, words: str) -> None:
    assert desk.ask_again("desk.find_patrons", uuid4(), words, None, None)["refusal"] == "search_too_wide"


def test_lists_have_a_limit_of_their_own(world: World, clerk: Person, desk: Staff) -> None:
    cards = [world.library.patron(kana="レツ", birth_date=dt.date(1980, 4, 9)) for _ in range(4)]
    world.admin("update account.rule set views_an_hour = 2, list_rows_an_hour = 8")
    try:
        for _ in range(2):
            assert desk.ask_again("desk.find_patrons", uuid4(), "レツ", None, None)["refusal"] is None
        # what is dumped through lists ends, by whichever question, and is on record
        born = dt.date(1980, 4, 9)
        for answer in (
            desk.ask_again("desk.find_patrons", uuid4(), "レツ", None, None),
            desk.ask_again("desk.find_patrons", uuid4(), None, None, born),
            desk.ask_again("desk.patrons_alike", uuid4(), None, "レツ", born, None, None),
        ):
            assert answer["refusal"] == "too_many_views"
        assert len(_views(world, clerk)) == 8
        # records are opened all the same, as many as may be: with where somebody lives, each is two
        key, visit = world.library.id_of_patron(cards[0]), uuid4()
        for function in ("desk.open_patron", "desk.read_person"):
            assert desk.ask_again(function, visit, key)["refusal"] is None
        assert desk.ask_again("desk.open_card", visit, cards[0])["refusal"] is None
        for function in ("desk.open_patron", "desk.read_person"):
            assert desk.ask_again(function, uuid4(), key)["refusal"] == "too_many_views"
        hows = world.admin(f"select how, count(*) from audit.viewed where who = '{clerk.login}' group by how")
        assert dict(hows) == {"search": 8, "patron": 1, "details": 1}
    finally:
        world.admin("update account.rule set views_an_hour = 300, list_rows_an_hour = 1500")


def test_contract_staff_come_to_those_of_their_branches_and_to_whose_card_they_read(world: World) -> None:
    keys = {
        branch: world.library.id_of_patron(
            world.library.patron(kana="ケイヤク", birth_date=dt.date(1980, 4, 8), branch_id=branch)
        )
        for branch in (SOGO, MINAMI, TSUJIDO, None)
    }
    fields = json.dumps(PERSON)
    with world.at_work(world.person("contract_staff")) as staff:
        found = staff.ask_again("desk.find_patrons", uuid4(), "ケイヤク", None, None)["rows"]
        assert [row["patron_id"] for row in found] == [keys[TSUJIDO]]
        alike = staff.ask_again(
            "desk.patrons_alike", uuid4(), None, "ケイヤク", dt.date(1980, 4, 8), None, None
        )
        assert [row["patron_id"] for row in alike["rows"]] == [keys[TSUJIDO]]
        for branch in (SOGO, MINAMI, None):
            for function in ("desk.open_patron", "desk.read_person"):
                assert staff.ask_again(function, uuid4(), keys[branch])["refusal"] == "not_allowed"
            answer = staff.ask("desk.change_patron", uuid4(), keys[branch], 1, fields)
            assert answer["refusal"] == "not_allowed"
        card = world.value(f"select number from card where patron_id = {keys[SOGO]}")
        # a colleague's reading is nobody else's
        with world.at_work(world.person("counter_staff")) as colleague:
            assert colleague.ask_again("desk.open_card", uuid4(), card)["refusal"] is None
        assert staff.ask_again("desk.read_person", uuid4(), keys[SOGO])["refusal"] == "not_allowed"
        assert staff.ask_again("desk.open_card", uuid4(), card)["refusal"] is None
        assert staff.ask_again("desk.read_person", uuid4(), keys[SOGO])["refusal"] is None
        assert staff.ask("desk.change_patron", uuid4(), keys[SOGO], 1, fields)["refusal"] is None


def test_whoever_is_compared_stays_on_the_server(world: World, clerk: Person, desk: Staff) -> None:
    born = dt.date(1977, 7, 7)
    there = world.library.patron(
        name="比較 一",
        kana="ヒカク ハジメ",
        birth_date=born,
        telephone="0466-00-7777",
        address="藤沢市石川1-2-3",
    )
    for _ in range(3):
        world.library.patron(name="他人", kana="タニン", birth_date=born, telephone="0466-00-8888")
    asked = ("比較 二", "ヒカク ハジメ", born, "0466-00-7777", "藤沢市石川1-2-4")
    visit = uuid4()
    for _ in range(2):
        (row,) = desk.ask_again("desk.patrons_alike", visit, *asked)["rows"]
        assert row == {
            "patron_id": world.library.id_of_patron(there),
            "name": "比較 一",
            "kana": "ヒカク ハジメ",
            "number_end": there[-4:],
            "name_match": 1,
            "kana_match": 3,
            "birth_match": 3,
            "telephone_match": 3,
            "address_match": 2,
        }
    # once a registration
    assert _views(world, clerk) == [row["patron_id"]]
    # by one thing alone nobody is told
    assert desk.ask_again("desk.patrons_alike", uuid4(), None, None, born, None, None)["rows"] == []


def test_another_persons_loan_is_one_without_a_name(world: World, desk: Staff) -> None:
    borrower, asker, item = world.library.patron(), world.library.patron(), world.library.item()
    world.library.lent(borrower, item, due_on=world.library.now.date())
    rows = [
        desk.ask_again("desk.read_checkout", uuid4(), uuid4(), asker, item)["rows"][0],
        desk.ask("desk.read_item", uuid4(), item)["rows"][0],
    ]
    for row in rows:
        assert row["loan_patron_id"] == 0
        assert borrower not in str(row)


WEB = (
    "select * from web.password",
    "select verifier from web.password",
    "select count(*) from web.favourite",
    "insert into web.password (patron_id, verifier) values (1, 'planted')",
    "update web.password set verifier = 'planted'",
    "insert into web.favourite values (1, 1, '2026-05-12')",
    "copy web.password to stdout",
    "select * from pg_stats where schemaname = 'web'",
    "select query_to_xml('select * from web.password', true, true, '')",
    "select table_to_xml('web.password', true, true, '')",
    "with x as (delete from web.password returning *) select * from x",
    "select currtid2('web.password', '(0,1)'::tid)",
)


@pytest.mark.parametrize("role", ["counter_staff", "contract_staff", "system_staff", "security_manager"])
def test_nobody_reads_or_plants_web_passwords_and_favourites(world: World, role: str) -> None:
    card = world.library.patron()
    key = world.library.id_of_patron(card)
    world.admin(f"insert into web.password (patron_id, verifier) values ({key}, 'geheim-{key}')")
    tried = world.psql(world.person(role), WEB)
    for one in tried:
        assert one.state == "42501" or (one.state == "00000" and one.printed == ""), one
        assert "geheim" not in one.printed + one.said
    assert world.admin("select count(*) from web.password where verifier = 'planted'") == [(0,)]


def test_not_even_the_owner_of_the_counters_tables_may_read_them(world: World) -> None:
    with world.library.engine.connect() as connection:
        admin = Staff(connection)
        for owner in ("madoguchi_owner", "madoguchi_accounts", "madoguchi_watch"):
            assert admin.run(f"set role {owner}").state == "00000"
            states = [admin.run(f"select * from web.{table}").state for table in ("password", "favourite")]
            admin.run("reset role")
            assert states == ["42501", "42501"]


def test_the_managers_views_are_for_the_manager(world: World, desk: Staff) -> None:
    for function in ("audit.search_views", "audit.search"):
        with pytest.raises(Refused, match="42501"):
            desk.ask(function, None, None, None, None)
    with world.at_work(world.person("security_manager")) as manager:
        found = manager.ask("audit.search_views", None, None, None, None)
        assert found["rows"]
        assert {"hash", "tx"}.isdisjoint(found["rows"][0])
