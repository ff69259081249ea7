"""Whoever sends mail sees mail alone; who is to be told is shown when it is on record, and within limits."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.server.rights.world import SOGO, TSUJIDO, Person, Staff, World

MAILS = "select id::text, sent_at is not null, failed_at is not null from outbox order by reservation_id"


@pytest.fixture(autouse=True)
def nobody_waits(world: World) -> Iterator[None]:
    """No reservation is left to other tests."""
    world.admin("delete from reservation")
    yield
    world.admin("delete from reservation")


@pytest.fixture(scope="module")
def login(world: World) -> Iterator[str]:
    """A login of whatever sends, as its administrator will make one."""
    name = "mail_side_of_tests"
    world.admin(f"create role {name} login in role mail_side")
    yield name
    world.admin(f"drop role {name}")


@pytest.fixture
def sender(world: World, login: str) -> Iterator[Staff]:
    """A connection that is the sender's: who it is and who it may become."""
    with world.library.engine.connect() as connection:
        staff = Staff(connection)
        assert staff.run(f"set session authorization {login}").state == "00000"
        yield staff
        staff.run("reset session authorization")


def ready(world: World, branch: int = SOGO, **about: object) -> tuple[int, int]:
    """Somebody for whom something lies ready, and the key of that."""
    library = world.library
    card, item = library.patron(**{"telephone": "0466-00-0001"} | about), library.item()
    how = {"state": "ready", "trapped_item_id": library.id_of_item(item), "pickup_branch_id": branch}
    last = world.value("select library_day(7)")
    return library.id_of_patron(card), library.reserved(card, item, **how, keep_until=last)


def test_the_sender_takes_mail_says_what_became_of_it_and_may_do_nothing_else(
    world: World, sender: Staff
) -> None:
    for number in range(3):
        ready(world, notice_by="mail", email=f"{number}@example.jp", name="葛飾 応為")
    taken = sender.run("select * from mail.to_send()")
    assert taken.state == "00000"
    lines = taken.printed.splitlines()
    assert len(lines) == 3
    # what is sent, and nothing that it is about
    assert "0@example.jp" in taken.printed
    assert "応為" not in taken.printed
    assert "こころ" not in taken.printed
    first, second, third = (key for key, _, _ in world.admin(MAILS))
    # sent or failed, once, and never unsaid
    for call, done in (
        (f"mail.note_sent('{first}')", True),
        (f"mail.note_sent('{first}')", False),
        (f"mail.note_failed('{first}')", False),
        (f"mail.note_failed('{second}')", True),
        (f"mail.note_sent('{second}')", False),
        ("mail.note_sent(gen_random_uuid())", False),
        ("mail.note_failed(null)", False),
    ):
        assert sender.run(f"select {call}").printed == f"({done},)", call
    assert world.admin(MAILS) == [(first, True, False), (second, False, True), (third, False, False)]
    assert len(sender.run("select * from mail.to_send()").printed.splitlines()) == 1
    for tried in (
        "select * from public.outbox",
        "select id, address, subject, body from public.outbox",
        "select count(*) from public.outbox",
        "copy public.outbox to stdout",
        f"update public.outbox set sent_at = now() where id = '{third}'",
        f"update public.outbox set sent_at = null where id = '{first}'",
        "update public.outbox set address = 'x@example.com'",
        "insert into public.outbox default values",
        "delete from public.outbox",
        "truncate public.outbox",
        "select * from public.mail_to_write",
        "select * from public.mail_template",
        "update public.mail_template set body = 'x'",
        "select * from public.reservation",
        "select email from public.patron",
        "select * from public.telling",
        "select desk.list_to_tell(gen_random_uuid())",
        "select desk.read_shelf_slip('1')",
        "select public.library_midnight()",
        "select public.facts_to_tell(1::smallint)",
        "set role madoguchi_owner",
        "set role web_side",
        "create table public.mine (a text)",
        "create temporary table mine (a text)",
        "create function mail.to_send(integer) returns integer language sql as 'select 1'",
        "select lo_create(0)",
    ):
        assert sender.run(tried).state == "42501", tried


@pytest.mark.parametrize(
    "role", ["counter_staff", "contract_staff", "system_staff", "security_manager", "temporary"]
)
def test_nobody_on_staff_reads_mail_sends_it_or_changes_its_words(world: World, role: str) -> None:
    ready(world, notice_by="mail", email="hanako@example.jp")
    before = world.admin("select * from outbox"), world.admin("select * from mail_template")
    tries = (
        "select * from public.outbox",
        "select address from public.outbox",
        "update public.outbox set address = 'x@example.com'",
        "delete from public.outbox",
        "select * from public.mail_to_write",
        "select * from public.mail_template",
        "update public.mail_template set body = 'x'",
        "select * from public.telling",
        "insert into public.telling default values",
        "select * from mail.to_send()",
        "select mail.note_sent(gen_random_uuid())",
        "select mail.note_failed(gen_random_uuid())",
        "select public.mail_follows_patron()",
        "select public.facts_to_tell(1::smallint)",
        "select public.facts_of_shelf_slip('1', 1::smallint)",
        "set role mail_side",
    )
    temporary = role == "temporary"
    person = world.person("counter_staff" if temporary else role, temporary=temporary)
    for tried in world.psql(person, tries):
        assert tried.state == "42501", tried
    with contextlib.ExitStack() as stack:
        staff = Staff(stack.enter_context(world.connected(person)))
        for statement in tries:
            assert staff.run(statement).state == "42501", statement
    assert (world.admin("select * from outbox"), world.admin("select * from mail_template")) == before


def test_who_is_to_be_told_is_shown_when_it_is_on_record_and_counted(world: World) -> None:
    clerk, visit = world.person("counter_staff"), uuid4()
    (patron, key), (other, _) = ready(world, name="見本 秘密"), ready(world, name="見本 秘密")
    look = f"select desk.list_to_tell('{visit}')"
    tell = f"select desk.tell('{uuid4()}', {patron}, '{key}', 'telephone', 'no_answer')"
    for words in (look, tell):
        shown = world.psql(
            clerk, ["begin", words, words, "savepoint s", words, "release s", words, "rollback"]
        )
        said = " ".join(one.printed + one.said for one in shown)
        assert '"again"' in said
        assert "秘密" not in said
    looks = f"select patron_id, how from audit.viewed where who = '{clerk.login}' order by seq"
    assert world.admin(looks) == []
    assert world.admin("select * from telling") == []
    with world.at_work(clerk) as desk:
        listed = desk.ask_again("desk.list_to_tell", visit)["rows"]
        assert [row["patron_id"] for row in listed] == [patron, other]
        # no title, no copy, no number of a card, and of the ways to reach them the one
        assert set(listed[0]) == {
            "patron_id", "name", "kana", "way", "postal_code", "reach", "reservation_id", "keep_until",
            "tries", "last_try", "mail_failed",
        }  # fmt: skip
        assert world.admin(looks) == [(patron, "to_tell"), (other, "to_tell")]
        # whoever comes into the list is a look, too; a look of another's shows nothing
        new, _ = ready(world)
        assert desk.ask("desk.list_to_tell", visit)["refusal"] == "again"
        assert world.admin(looks)[2:] == [(new, "to_tell")]
        with world.at_work(world.person("counter_staff")) as colleague:
            assert colleague.ask("desk.list_to_tell", visit)["refusal"] == "again"
        # they count with those seen in lists, not with those opened
        views, rows = world.admin("select views_an_hour, list_rows_an_hour from account.rule")[0]
        world.admin("update account.rule set views_an_hour = 1, list_rows_an_hour = 4")
        try:
            assert desk.ask("desk.list_to_tell", uuid4())["refusal"] == "too_many_views"
            assert desk.ask("desk.list_to_tell", visit)["refusal"] is None
            assert desk.ask("desk.find_patrons", uuid4(), "見本", None, None)["refusal"] == "too_many_views"
            assert desk.ask_again("desk.open_patron", uuid4(), patron)["refusal"] is None
        finally:
            world.admin(f"update account.rule set views_an_hour = {views}, list_rows_an_hour = {rows}")


def test_what_is_on_record_of_it_names_neither_item_nor_person(world: World) -> None:
    clerk = world.person("counter_staff")
    (patron, key) = ready(world, name="葛飾 応為")
    more = world.library.reserved(
        world.value(f"select number from card where patron_id = {patron}"),
        (item := world.library.item()),
        state="ready",
        trapped_item_id=world.library.id_of_item(item),
        keep_until=world.value("select library_day(7)"),
    )
    log_before = len(world.cluster.read_log())
    with world.at_work(clerk) as desk:
        call = ("desk.tell", uuid4(), patron, f"{key},{more},987654", "telephone", "message_left")
        for _ in range(2):
            assert desk.ask_again(*call)["refusal"] is None
        slip = desk.ask("desk.read_shelf_slip", item)
        assert set(slip["slip"]) == {"item_number", "title", "volume", "label", "branch", "keep_until"}
    noted = world.admin(
        "select act, subject::text from audit.record"
        f" where who = '{clerk.login}' and act ~ 'told' order by seq"
    )
    said = {"way": "telephone", "outcome": "message_left"}
    assert [(act, json.loads(subject)) for act, subject in noted] == [
        ("reservation told", {"reservation": each} | said) for each in (key, more)
    ]
    # the slip is no look
    assert world.value(f"select count(*) from audit.viewed where who = '{clerk.login}'") == 1
    assert "応為" not in world.cluster.read_log()[log_before:]


def test_contract_staff_see_and_tell_whoever_fetches_it_where_they_stand(world: World) -> None:
    contractor: Person = world.person("contract_staff")
    (here, own), (there, strange) = ready(world, TSUJIDO, branch_id=SOGO), ready(world, branch_id=TSUJIDO)
    far = world.value("select i.number from item i join reservation r on r.trapped_item_id = i.id"
                      f" where r.id = {strange}")  # fmt: skip
    with world.at_work(contractor) as staff:
        rows = staff.ask_again("desk.list_to_tell", uuid4())["rows"]
        assert [row["patron_id"] for row in rows] == [here]
        for patron, keys in ((there, strange), (here, strange), (there, own)):
            answer = staff.ask_again("desk.tell", uuid4(), patron, str(keys), "telephone", "reached")
            assert answer["refusal"] == "unknown_reservation"
        assert world.admin("select * from telling") == []
        assert staff.ask("desk.read_shelf_slip", far)["refusal"] == "not_here"
        answer = staff.ask_again("desk.tell", uuid4(), here, f"{own},{strange}", "telephone", "reached")
        assert answer["refusal"] is None
    assert world.admin("select reservation_id, login from telling") == [(own, contractor.login)]


def test_the_words_of_the_mail_are_on_record_when_they_change(world: World) -> None:
    before = world.admin("select subject, body from mail_template")[0]
    world.admin("update mail_template set subject = '{branch}から'")
    try:
        (record,) = world.admin(
            "select subject from audit.record where act = 'setting'"
            " and subject ->> 'table' = 'public.mail_template'"
        )
        assert json.loads(record[0])["old"]["subject"] == before[0]
        assert json.loads(record[0])["new"]["subject"] == "{branch}から"
    finally:
        world.admin(f"update mail_template set subject = '{before[0]}'")
