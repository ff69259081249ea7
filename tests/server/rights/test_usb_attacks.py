"""Whoever would open a stick alone, with what is theirs: a login, ``psql``, the window between the two."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from madoguchi.app.server.rights import ROLES
from tests.server.rights.world import SOGO, Person, Refused, Staff, World
from tests.support.staff import terminal_number
from tests.support.usb_library import add_stick, agent_at, asked, number_of
from tests.support.usb_policies import signed_text
from tests.support.usb_sealed import SealedAgent

HERE, THERE = terminal_number(SOGO, 10), terminal_number(SOGO, 11)
REASON = "理由"


@pytest.fixture
def agent(world: World) -> SealedAgent:
    return agent_at(world, HERE)


@pytest.fixture
def clerk(world: World) -> Person:
    return world.person("counter_staff", terminal=HERE)


@pytest.fixture
def desk(world: World, clerk: Person) -> Iterator[Staff]:
    with world.at_work(clerk) as staff:
        yield staff


@pytest.fixture
def second(world: World) -> Iterator[Staff]:
    """A security manager at the same terminal."""
    with world.at_work(world.person("security_manager", terminal=HERE)) as staff:
        yield staff


def ask(desk: Staff, text: str | None, mac: str | None, reason: str = REASON) -> str | None:
    refusal: str | None = desk.ask("desk.ask_usb_exception", text, mac, reason)["refusal"]
    return refusal


def approve(staff: Staff, number: int) -> dict[str, Any]:
    return staff.ask_again("desk.approve_usb_exception", number)


def sent(records: list[Any]) -> str:
    return json.dumps([{"seq": each.seq, "text": each.text, "mac": each.mac} for each in records])


def send(desk: Staff, records: list[Any]) -> dict[str, Any]:
    return desk.ask_again("desk.send_usb_records", sent(records))


# -- challenges ---------------------------------------------------------------------------------------


def test_a_challenge_that_no_agent_made_is_refused_and_on_record(
    world: World, agent: SealedAgent, desk: Staff, clerk: Person
) -> None:
    serial, other = add_stick(world), add_stick(world)
    text, mac = agent.challenge(serial)
    forged = dataclasses.replace(agent, key=bytes(32))
    elsewhere = agent_at(world, THERE)
    tried = [
        (text, "0" * 64),
        (text, mac.upper()),
        (text, mac[:-1]),
        (text, ""),
        (text, None),
        (None, mac),
        ("", mac),
        forged.challenge(serial),
        # another stick, more minutes, or a line more under the MAC of this one
        (text.replace(serial, other), mac),
        (text.replace("\n15\n", "\n60\n"), mac),
        (text + "\n", mac),
        (text[:-1], mac),
        # sealed as it must be, and yet no challenge
        agent.challenge(serial, minutes=61),
        agent.challenge(serial, minutes=0),
        agent.challenge(serial, nonce="G" * 32),
        agent.challenge(serial, usb_id="0951:166"),
        agent.challenge(f"{serial}\n08:06:50"),
        (agent.receipt(1)[0], agent.receipt(1)[1]),
        # of another terminal, in its name and in this one's
        elsewhere.challenge(serial),
        elsewhere.challenge(serial, terminal=agent.terminal),
        agent.challenge(serial, terminal=elsewhere.terminal),
    ]
    assert {ask(desk, *each) for each in tried} == {"forged"}
    noted = world.value(
        f"select count(*) from audit.record where act = 'usb challenge forged' and who = '{clerk.login}'"
    )
    assert noted == len(tried)
    assert ask(desk, "x" * 3000, mac) == "bad_value"
    for reason in ("", "　 ".strip("　"), "x" * 201):
        assert ask(desk, text, mac, reason) == "bad_value"
    assert ask(desk, text, mac) is None


def test_a_nonce_is_good_for_one_exception(
    world: World, agent: SealedAgent, desk: Staff, second: Staff
) -> None:
    serial = add_stick(world)
    text, mac = agent.challenge(serial)
    numbers = {desk.ask("desk.ask_usb_exception", text, mac, REASON)["number"] for _ in range(3)}
    (number,) = numbers
    assert approve(second, number)["refusal"] is None
    # said again it is the one that is decided on
    assert desk.ask("desk.ask_usb_exception", text, mac, "別の理由")["number"] == number
    assert world.value(f"select reason from account.usb_exception where number = {number}") == REASON
    # nobody else takes it up
    with world.at_work(world.person("counter_staff", terminal=HERE)) as other:
        assert ask(other, text, mac) == "not_allowed"


# -- approving ----------------------------------------------------------------------------------------


def test_nobody_approves_but_a_second_person_at_this_terminal_in_time_and_once(
    world: World, agent: SealedAgent, desk: Staff, clerk: Person, second: Staff
) -> None:
    serial = add_stick(world)
    number, _ = asked(desk, agent, serial)
    with pytest.raises(Refused, match="42501"):
        approve(desk, number)
    for role in ("counter_staff", "system_staff"):
        with world.at_work(world.person(role, terminal=HERE)) as other, pytest.raises(Refused, match="42501"):
            approve(other, number)
    with world.at_work(world.person("security_manager", terminal=THERE)) as other:
        assert approve(other, number)["refusal"] == "no_such_exception"
        assert other.ask("desk.read_usb_exception", number)["refusal"] == "no_such_exception"
        assert other.ask("desk.refuse_usb_exception", number)["refusal"] == "no_such_exception"
    # one more clerk at this terminal sees and decides nothing of it
    with world.at_work(world.person("counter_staff", terminal=HERE)) as other:
        assert other.ask("desk.read_usb_exception", number)["refusal"] == "no_such_exception"
        assert other.ask("desk.refuse_usb_exception", number)["refusal"] == "no_such_exception"
        noted = other.run(
            f"select desk.note_usb_copy('{uuid4()}', {number}, 'to_stick', 'clean', 1, 1)"
        ).printed
        assert "no_such_exception" in noted
    assert approve(second, number)["refusal"] is None
    with world.at_work(world.person("security_manager", terminal=HERE)) as third:
        assert approve(third, number)["refusal"] == "decided_already"
        assert third.ask("desk.refuse_usb_exception", number)["refusal"] == "decided_already"
    world.admin(
        "update account.usb_exception set asked_at = asked_at - interval '10 minutes'"
        f" where number = {number}"
    )
    assert approve(second, number)["refusal"] == "too_late"


def test_who_asked_does_not_approve_though_they_became_a_manager(
    world: World, agent: SealedAgent, desk: Staff
) -> None:
    serial = add_stick(world)
    number, _ = asked(desk, agent, serial)
    manager = world.person("security_manager", terminal=HERE)
    world.admin(f"update account.usb_exception set login = '{manager.login}' where number = {number}")
    with world.at_work(manager) as staff:
        assert approve(staff, number)["refusal"] == "own_request"
    # not even by the table itself
    with pytest.raises(Exception, match="check constraint"):
        world.admin(
            "update account.usb_exception set decision = 'approved', decided_by = login, decided_at = now(),"
            f" tx = pg_current_xact_id() where number = {number}"
        )


def test_an_approval_that_is_rolled_back_proves_nothing(
    world: World, agent: SealedAgent, desk: Staff, second: Staff
) -> None:
    number, _ = asked(desk, agent, add_stick(world))
    assert second.run("begin").state == "00000"
    for _ in range(3):
        assert second.ask("desk.approve_usb_exception", number) == {"refusal": "again"}
    second.run("savepoint a")
    assert second.ask("desk.approve_usb_exception", number) == {"refusal": "again"}
    second.run("rollback")
    assert world.value(f"select decision from account.usb_exception where number = {number}") is None
    assert approve(second, number)["refusal"] is None


def test_one_that_is_disposed_of_meanwhile_is_not_approved(
    world: World, agent: SealedAgent, desk: Staff, second: Staff
) -> None:
    serial = add_stick(world)
    number, _ = asked(desk, agent, serial)
    day = world.value("select library_day(0)")
    device = number_of(world, serial)
    world.value(f"select account.dispose_usb_device({device}, '{day}', '破砕した', '情報課 佐藤')")
    assert approve(second, number)["refusal"] == "disposed"


def test_who_asks_without_end_is_stopped(world: World, agent: SealedAgent, desk: Staff) -> None:
    serial = add_stick(world)
    answers = [ask(desk, *agent.challenge(serial)) for _ in range(61)]
    assert answers == [None] * 60 + ["too_many"]


# -- what the agent kept ------------------------------------------------------------------------------


def test_a_window_leaves_out_changes_invents_or_turns_round_no_record(
    world: World, agent: SealedAgent, desk: Staff, clerk: Person
) -> None:
    one, two, three, four = (agent.record("blocked", name=f"{place}") for place in "1234")

    def taken() -> tuple[int, str | None]:
        answer = world.admin(
            "select a.last_seq, a.trouble from account.usb_agent a join account.terminal t"
            f" on t.id = a.terminal_id where t.name = '{agent.terminal}'"
        )
        return tuple(answer[0])  # type: ignore[return-value]

    # left out, the first or one between
    assert send(desk, [two])["trouble"] == "order"
    assert send(desk, [one, three]) == {
        "refusal": None,
        "up_to": 1,
        "receipt": agent.receipt(1)[0],
        "mac": agent.receipt(1)[1],
        "trouble": "order",
    }
    assert taken() == (1, "order")
    # changed, or numbered as the next
    changed = dataclasses.replace(two, text=two.text.replace('"2"', '"3"'))
    assert send(desk, [changed])["trouble"] == "mac"
    assert send(desk, [dataclasses.replace(three, seq=2)])["trouble"] == "mac"
    assert send(desk, [dataclasses.replace(two, mac=three.mac)])["trouble"] == "mac"
    # turned round: what is in order is taken
    assert send(desk, [three, two])["trouble"] == "order"
    assert taken() == (1, "order")
    # twice: passed over, if it says the same
    answer = send(desk, [one, one, two, two])
    assert (answer["up_to"], answer["trouble"]) == (2, None)
    assert send(desk, [changed])["trouble"] == "changed"
    assert send(desk, [dataclasses.replace(one, mac=two.mac)])["trouble"] == "changed"
    # by another terminal's hand
    elsewhere = agent_at(world, THERE)
    with world.at_work(world.person("counter_staff", terminal=THERE)) as other:
        assert send(other, [one])["trouble"] == "mac"
        assert send(other, [three])["trouble"] == "order"
        ours = elsewhere.record("started")
        assert send(other, [ours])["up_to"] == 1
    # each trouble is on record once, however often it is sent
    for _ in range(3):
        assert send(desk, [four])["trouble"] == "order"
    noted = world.value(
        "select count(*) from audit.record where act = 'usb records refused'"
        f' and who = \'{clerk.login}\' and subject = \'{{"why": "order", "record": 4}}\''
    )
    assert noted == 1
    answer = send(desk, [three, four])
    assert (answer["up_to"], answer["trouble"]) == (4, None)
    assert taken() == (4, None)
    assert world.value("select count(*) from account.usb_record where text = " + f"'{changed.text}'") == 0


def test_a_receipt_that_is_rolled_back_is_none(world: World, agent: SealedAgent, desk: Staff) -> None:
    records = [agent.record("blocked")]
    assert desk.run("begin").state == "00000"
    for _ in range(3):
        assert desk.ask("desk.send_usb_records", sent(records)) == {"refusal": "again"}
    desk.run("rollback")
    # what is not there has no receipt; an empty list asks how far it is
    assert desk.ask("desk.send_usb_records", "[]")["up_to"] == 0
    assert send(desk, records)["up_to"] == 1


def test_what_cannot_be_read_is_kept_and_stands_in_nobodys_way(
    world: World, agent: SealedAgent, desk: Staff
) -> None:
    odd = [
        '{"what":"blocked","name":"\\u0000"}',
        '{"what":"blocked","at":"2026-13-41T99:99:99Z"}',
        '{"what":"blocked","at":"infinity"}',
        '{"what":"policy","version":"99999999999999999999"}',
        '{"what":"policy","version":4000000000}',
        '{"what":"floor","why":"no_floor"}',
        '{"what":"lease","nonce":7}',
        '{"what":["lease"],"at":{}}',
        "[1]",
        '"text"',
        "not JSON at all",
        "[" * 6000,
        '{"what":"' + "x" * 50 + '"}',
    ]
    for text in odd:
        agent.seq += 1
        agent.raw(text)
    answer = send(desk, agent.records)
    assert (answer["up_to"], answer["trouble"]) == (len(odd), None)
    kept = world.admin(
        "select r.text, r.what from account.usb_record r join account.usb_agent a"
        " on a.terminal_id = r.terminal_id and a.epoch = r.epoch join account.terminal t"
        f" on t.id = r.terminal_id where t.name = '{agent.terminal}' order by r.seq"
    )
    assert [text for text, _ in kept] == odd
    assert {what for _, what in kept} == {"blocked", "policy", "floor", "lease", "unreadable"}
    with world.at_work(world.person("system_staff", terminal=HERE)) as staff:
        assert len(staff.ask("account.list_usb_records", agent.terminal)["rows"]) >= len(odd)
        assert staff.ask("account.list_usb_agents", 1)["refusal"] is None


@pytest.mark.parametrize(
    "words",
    [
        None,
        "",
        "{}",
        "7",
        "not JSON",
        "[[]]",
        "[7]",
        '[{"seq": "1", "text": "{}"}]',
        '[{"seq": 1.5, "text": "{}", "mac": "' + "0" * 64 + '"}]',
        '[{"seq": -1, "text": "{}", "mac": "' + "0" * 64 + '"}]',
        '[{"seq": 1, "text": null, "mac": "' + "0" * 64 + '"}]',
        json.dumps([{"seq": 1, "text": "x" * 100_001, "mac": "0" * 64}]),
        json.dumps([{"seq": place, "text": "{}", "mac": "0" * 64} for place in range(1, 102)]),
        "[" * 100_000,
    ],
)
def test_what_is_no_list_of_records_is_refused(agent: SealedAgent, desk: Staff, words: str | None) -> None:
    assert desk.ask("desk.send_usb_records", words)["refusal"] == "bad_value"


def test_a_record_ends_no_exception_of_another_terminal(
    world: World, agent: SealedAgent, desk: Staff, second: Staff
) -> None:
    number, nonce = asked(desk, agent, add_stick(world))
    assert approve(second, number)["refusal"] is None
    elsewhere = agent_at(world, THERE)
    elsewhere.record("lease_ended", nonce=nonce, how="time")
    with world.at_work(world.person("counter_staff", terminal=THERE)) as other:
        assert send(other, elsewhere.records)["up_to"] == 1
    assert desk.ask("desk.read_usb_exception", number)["row"]["state"] == "approved"


def test_with_another_key_the_records_begin_anew(world: World, agent: SealedAgent, desk: Staff) -> None:
    agent.record("started")
    assert send(desk, agent.records)["up_to"] == 1
    name = agent.terminal
    again = json.loads(world.value(f"select account.make_usb_key('{name}', false)"))
    assert again == {"refusal": "key_there"}
    anew = agent_at(world, HERE)
    assert anew.key != agent.key
    agent.record("blocked")
    assert send(desk, agent.records)["trouble"] == "mac"
    anew.record("started")
    assert send(desk, anew.records) | {"mac": ""} == {
        "refusal": None,
        "up_to": 1,
        "receipt": anew.receipt(1)[0],
        "mac": "",
        "trouble": None,
    }


# -- policies and the register ------------------------------------------------------------------------


def test_a_policy_is_not_rolled_back_and_is_for_one_group(world: World) -> None:
    group = f"g-{uuid4().hex[:8]}"
    with world.at_work(world.person("system_staff", terminal=HERE)) as staff:

        def put(text: str | None) -> str | None:
            refusal: str | None = staff.ask("account.put_usb_policy", text)["refusal"]
            return refusal

        newest = signed_text(group, 7)
        assert put(newest) is None
        for text in (
            newest,
            signed_text(group, 7, "# anders\n"),
            signed_text(group, 6),
            signed_text(group, 1),
        ):
            assert put(text) == "older"
        assert put(signed_text(group, 10**9)) is None
        whole = signed_text(f"{group}-b", 1)
        for text in (
            None,
            "",
            whole[:-1],
            whole + "\n",
            whole.replace("policy 1", "policy 2"),
            whole.replace("version: 1", "version: 01"),
            whole.replace("version: 1", "version: 0"),
            whole.replace("version: 1", "version: 1000000001"),
            whole.replace("version: 1", "version: 99999999999999"),
            whole.replace(f"{group}-b", "Counters"),
            whole.replace("\n\n", "\n"),
            whole.replace("\n", "\r\n"),
            whole.replace("signature: ", "signature:  "),
            " " + whole,
            "x" * 70_000,
        ):
            assert put(text) == "malformed", text
        assert put(whole) is None
    with world.at_work(world.person("counter_staff", terminal=HERE)) as desk:
        world.admin(
            "update account.terminal set settings = jsonb_build_object('usb_group', "
            f"'{group}') where serial = '{1000 + HERE}'"
        )
        found = desk.ask("desk.read_usb_policy")
        world.admin(f"update account.terminal set settings = '{{}}' where serial = '{1000 + HERE}'")
    assert (found["group"], found["version"]) == (group, 10**9)
    assert found["text"] == signed_text(group, 10**9)


def test_what_was_put_or_taken_stays(world: World, agent: SealedAgent, desk: Staff) -> None:
    agent.record("started")
    assert send(desk, agent.records)["up_to"] == 1
    text = signed_text(f"g-{uuid4().hex[:8]}", 1)
    assert json.loads(world.value(f"select account.put_usb_policy($text${text}$text$)"))["refusal"] is None
    for table in ("account.usb_policy", "account.usb_record"):
        for statement in (
            f"delete from {table}",
            f"update {table} set text = 'x'",
            f"truncate {table}",
        ):
            with pytest.raises(Exception, match="stays"):
                world.admin(statement)


def test_what_was_disposed_of_stays_so(world: World, agent: SealedAgent, desk: Staff) -> None:
    serial = add_stick(world, label=f"処分 {uuid4().hex[:6]}")
    number = number_of(world, serial)
    label = world.value(f"select label from account.usb_device where id = {number}")
    day = world.value("select library_day(0)")
    with world.at_work(world.person("system_staff", terminal=HERE)) as staff:

        def dispose(**said: Any) -> str | None:
            given = {"on": day, "what": "原稿 三件。上書きで消去し、破砕した", "person": "情報課 佐藤"} | said
            refusal: str | None = staff.ask("account.dispose_usb_device", number, *given.values())["refusal"]
            return refusal

        assert staff.ask("account.lend_usb_device", number, "企画課 田中")["refusal"] is None
        assert staff.ask("account.lend_usb_device", number, "企画課 鈴木")["refusal"] == "lent_already"
        assert dispose() == "lent_already"
        assert staff.ask("account.return_usb_device", number)["refusal"] is None
        assert staff.ask("account.return_usb_device", number)["refusal"] == "not_lent"
        later = world.value("select library_day(1)")
        for wrong in ({"what": ""}, {"what": "a\nb"}, {"person": "  "}, {"what": "x" * 501}, {"on": later}):
            assert dispose(**wrong) == "bad_value"
        assert dispose() is None
        assert dispose() == "disposed"
        assert staff.ask("account.lend_usb_device", number, "企画課 田中")["refusal"] == "disposed"
        # neither the stick nor its label comes back under another row
        enrol = (
            "select account.enrol_usb_device('stick', '0951', '1666',"
            " '{serial}', '{{08:06:50}}', '{label}', '課')"
        )
        assert "disposed" in staff.run(enrol.format(serial=serial, label="別の札")).printed
        assert "label_taken" in staff.run(enrol.format(serial="60A44CEEEEEE", label=label)).printed
        row = next(r for r in staff.ask("account.list_usb_devices")["rows"] if r["number"] == number)
    assert (row["disposed_on"], row["disposed_by"]) == (str(day), "情報課 佐藤")
    assert row["disposed_what"] == "原稿 三件。上書きで消去し、破砕した"
    assert row["lent_to"] == "企画課 田中"
    assert row["returned_at"] is not None
    assert ask(desk, *agent.challenge(serial)) == "disposed"
    # not even the owner of the table undoes it in passing
    for statement in (
        f"update account.usb_device set disposed_on = null where id = {number}",
        f"update account.usb_device set disposed_what = 'x' where id = {number}",
        f"delete from account.usb_device where id = {number}",
    ):
        with pytest.raises(Exception, match="stays"):
            world.admin(statement)


@pytest.mark.parametrize(
    "given",
    [
        "'stick', '0951', '1666', '', '{08:06:50}', 'L', 'O'",
        "'stick', '0951', '1666', '-', '{08:06:50}', 'L', 'O'",
        "'stick', '0951', '1666', ' S', '{08:06:50}', 'L', 'O'",
        "'stick', '0951', '1666', 'S\"', '{08:06:50}', 'L', 'O'",
        "'stick', '0951', '1666', E'S\\\\', '{08:06:50}', 'L', 'O'",
        "'stick', '0951', '1666', E'S\\n', '{08:06:50}', 'L', 'O'",
        "'stick', '0951', '1666', 'S', '{}', 'L', 'O'",
        "'stick', '0951', '1666', 'S', null, 'L', 'O'",
        "'stick', '0951', '1666', 'S', '{08:06}', 'L', 'O'",
        "'stick', '0951', '1666', 'S', '{\"08:06:50,03:01:01\"}', 'L', null",
        "'stick', '095G', '1666', 'S', '{08:06:50}', 'L', 'O'",
        "'stick', '0951', null, 'S', '{08:06:50}', 'L', 'O'",
        "'hammer', '0951', '1666', 'S', '{08:06:50}', 'L', 'O'",
        "null, '0951', '1666', 'S', '{08:06:50}', 'L', 'O'",
        "'stick', '0951', '1666', 'S', '{08:06:50}', '', 'O'",
        "'stick', '0951', '1666', 'S', '{08:06:50}', 'L\"', 'O'",
        "'stick', '0951', '1666', 'S', '{08:06:50}', 'L', ''",
    ],
)
def test_what_is_no_device_is_not_enrolled(world: World, given: str) -> None:
    before = world.value("select count(*) from account.usb_device")
    answer = json.loads(world.value(f"select account.enrol_usb_device({given})"))
    assert answer["refusal"] in ("bad_value", "no_serial")
    assert world.value("select count(*) from account.usb_device") == before


# -- the keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role.name for role in ROLES if role.name != "madoguchi_web"])
def test_no_role_reads_a_key_or_makes_one(world: World, agent: SealedAgent, role: str) -> None:
    """Not even those that own the functions, though nobody can be one of them."""
    tried = (
        "select * from web.usb_key",
        "select key from web.usb_key limit 1",
        "update web.usb_key set key = decode(repeat('00', 32), 'hex')",
        "insert into web.usb_key (terminal_id, key) values (1, decode(repeat('00', 32), 'hex'))",
        "copy web.usb_key to stdout",
        "create table public.keys_of_mine as select * from web.usb_key",
        "select web.hmac('a'::bytea, 'b'::bytea, 'sha256')",
        *(("select web.make_usb_key(1, true)",) if role != "madoguchi_accounts" else ()),
        *(("select web.usb_mac(1, 'a')",) if role not in ("madoguchi_owner", "madoguchi_accounts") else ()),
    )
    with world.library.engine.connect() as connection:
        staff = Staff(connection)
        assert staff.run(f"set role {role}").state == "00000"
        found = {statement: staff.run(statement).state for statement in tried}
        staff.run("reset role")
    assert found == dict.fromkeys(tried, "42501")


def test_no_log_and_no_record_holds_a_key(world: World, agent: SealedAgent) -> None:
    whole = world.value("select string_agg(subject::text, ' ') from audit.record where act like 'usb%'")
    assert agent.key.hex() not in whole
    assert agent.key.hex() not in json.dumps(world.admin("select settings::text from account.terminal"))
