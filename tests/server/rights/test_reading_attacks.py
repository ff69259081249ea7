"""A member of staff with psql reads patrons, or tries to: slowly, masked, on record, or never."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.server.rights.world import SOGO, TSUJIDO, Person, Refused, Staff, World
from tests.support.library import MINAMI


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
    visit = uuid4()
    due = world.library.now.date()
    looks = [
        f"select desk.read_patron('{visit}', '{card}')",
        f"select desk.read_checkout(gen_random_uuid(), '{visit}', '{card}', '{item}')",
        f"select desk.lend(gen_random_uuid(), '{visit}', '{card}', '{item}', '{due}')",
        f"select desk.search_patrons('{visit}', 'ミホン', null, null)",
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
        for telling in ("秘密", "patron_id", "on_loan", "birth_year"):
            assert telling not in words, look
    assert _views(world, clerk) == []
    # with the record kept, it is shown
    assert "秘密" in world.psql(clerk, looks[:1] * 2)[1].printed
    assert _views(world, clerk) == [world.library.id_of_patron(card)]


def test_a_colleagues_look_shows_nothing_to_another(world: World, desk: Staff) -> None:
    card, visit = world.library.patron(), uuid4()
    assert desk.ask_again("desk.read_patron", visit, card)["refusal"] is None
    with world.at_work(world.person("counter_staff")) as colleague:
        assert colleague.ask("desk.read_patron", visit, card)["refusal"] == "again"


def test_a_search_shows_fifty_masked_and_each_is_on_record(world: World, clerk: Person, desk: Staff) -> None:
    made = [
        world.library.patron(
            name="試験 花子", kana="シケン ハナコ", telephone="0466-00-4321", address="藤沢市朝日町1"
        )
        for _ in range(51)
    ]
    answer = desk.ask_again("desk.search_patrons", uuid4(), "シケン", None, None)
    assert len(answer["rows"]) == 50
    for row in answer["rows"]:
        assert set(row) == {"number_end", "kana_initial", "birth_year"}
        assert len(row["number_end"]) == 4
        assert row["kana_initial"] == "シ"
    assert len(_views(world, clerk)) == 50
    assert {row["number_end"] for row in answer["rows"]} <= {card[-4:] for card in made}


@pytest.mark.parametrize("kana", ["", " ", "シ", "%", "_ ", "　 "])
def test_a_search_for_everybody_is_refused(desk: Staff, kana: str) -> None:
    answer = desk.ask_again("desk.search_patrons", uuid4(), kana, None, None)
    assert answer["refusal"] == "search_too_wide" or answer["rows"] == []


def test_contract_staff_find_those_of_their_branches(world: World) -> None:
    for branch in (SOGO, MINAMI, TSUJIDO, None):
        world.library.patron(kana="ケイヤク", branch_id=branch)
    with world.at_work(world.person("contract_staff")) as staff:
        assert len(staff.ask_again("desk.search_patrons", uuid4(), "ケイヤク", None, None)["rows"]) == 1


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
