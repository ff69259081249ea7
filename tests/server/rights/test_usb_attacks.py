"""Whoever would open a stick alone, with what is theirs: a login, ``psql``, the window between the two."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from uuid import uuid4

import pytest
import sqlalchemy as sa

from madoguchi.app.devices.values import UsbException
from madoguchi.app.server.devices import CentralDevices
from madoguchi.app.server.rights import ROLES
from madoguchi.device_control.device import is_plain
from tests.server.rights.usb_seats import (
    HERE,
    REASON,
    THERE,
    agent,
    an_hour_passes,
    approve,
    ask,
    clerk,
    desk,
    second,
    send,
)
from tests.server.rights.world import Person, Refused, Staff, World
from tests.support.usb_library import add_stick, agent_at, asked, number_of
from tests.support.usb_sealed import SealedAgent

__all__ = ["agent", "clerk", "desk", "second"]


# -- challenges ---------------------------------------------------------------------------------------


def test_a_challenge_that_no_agent_made_is_refused_and_on_record(
    world: World, agent: SealedAgent, desk: Staff, clerk: Person
) -> None:
    serial, other = add_stick(world), add_stick(world)
    text, mac = agent.challenge(serial)
    forged = dataclasses.replace(agent, key=bytes(32))
    elsewhere = agent_at(world, THERE)
    agent.record("started")
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
    noted = (
        "select (subject ->> 'more_before')::integer from audit.record"
        f" where act = 'usb challenge forged' and who = '{clerk.login}' order by seq"
    )
    # once an hour, with how many there were: nobody fills the audit up with them
    assert world.admin(noted) == [(None,)]
    an_hour_passes(world, clerk)
    for _ in range(3):
        assert ask(desk, "x", "y") == "forged"
    assert world.admin(noted) == [(None,), (len(tried) - 1,)]
    assert ask(desk, "x" * 3000, mac) == "bad_value"
    for reason in ("", "　 ".strip("　"), "x" * 201):
        assert ask(desk, text, mac, reason) == "bad_value"
    assert ask(desk, text, mac) is None


_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")


def test_a_reason_is_one_line_that_the_second_person_sees_all_of(
    world: World, agent: SealedAgent, desk: Staff, second: Staff
) -> None:
    text, mac = agent.challenge(add_stick(world))
    for reason in (
        "市史\n\n状態: 館長承認済み",
        "市史\r",
        "市史\u2028状態: 承認済み",
        "市史\u2029",
        "\u202e市史",
        "市\u2066史",
        "市\u200b史",
        "\u3000",
        "",
        None,
    ):
        assert desk.ask("desk.ask_usb_exception", text, mac, reason)["refusal"] == "bad_value", reason
    whole = "市史の原稿　を 移す（1〜3巻）、𠮷田・髙橋 🖨"
    number = desk.ask("desk.ask_usb_exception", text, mac, whole)["number"]
    assert second.ask("desk.read_usb_exception", number)["row"]["reason"] == whole


def test_the_server_takes_no_line_that_a_terminal_would_not(world: World) -> None:
    """Every character that cannot be seen, as Unicode has them; and none that can be is refused."""
    everything = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF]
    unseen = [each for each in everything if unicodedata.category(each) in _UNSEEN and each not in " \u3000"]
    unseen += ["\ue000", "\uf8ff", "\ufdd0", "\uffff", "\U000f0000", "\U0010fffd"]
    assert len(unseen) > 200
    assert not any(map(is_plain, unseen))
    seen = [each for each in everything if is_plain(each)]

    def taken(characters: list[str]) -> list[str]:
        question = sa.text(
            "select c from unnest(string_to_array(:all, null)) c where usb_is_line('a' || c || 'a', 9)"
        )
        with world.library.engine.connect() as connection:
            return list(connection.execute(question, {"all": "".join(characters)}).scalars())

    assert taken(unseen) == []
    assert taken(seen[::29]) == seen[::29]


def test_what_stands_in_a_row_all_the_same_is_not_shown_as_it_is(
    world: World, agent: SealedAgent, desk: Staff, second: Staff
) -> None:
    number, _ = asked(desk, agent, add_stick(world))
    world.admin(f"update account.usb_exception set reason = E'a\\nb\u202ec' where number = {number}")
    found = CentralDevices(second.connection).read_exception(number)
    assert isinstance(found, UsbException)
    assert found.reason == "a\ufffdb\ufffdc"


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


def test_a_stick_that_may_be_open_elsewhere_is_not_asked_for_nor_approved(
    world: World, agent: SealedAgent, desk: Staff, second: Staff
) -> None:
    """One serial number at two terminals: somebody has a copy."""
    serial = add_stick(world)
    device = number_of(world, serial)
    other_agent = agent_at(world, THERE)
    here, nonce = asked(desk, agent, serial)
    clerk_there, manager_there = (
        world.person(role, terminal=THERE) for role in ("counter_staff", "security_manager")
    )
    with world.at_work(clerk_there) as there, world.at_work(manager_there) as second_there:
        # asked for before it was open here
        number, _ = asked(there, other_agent, serial)
        assert approve(second, here)["refusal"] is None
        assert approve(second_there, number)["refusal"] == "open_elsewhere"
        assert ask(there, *other_agent.challenge(serial)) == "open_elsewhere"
        assert ask(there, *other_agent.challenge(add_stick(world))) is None
        noted = world.admin(
            "select who from audit.record where act = 'usb stick elsewhere'"
            f" and (subject ->> 'device')::integer = {device} order by at"
        )
        assert noted == [(manager_there.login,), (clerk_there.login,)]
        # at this terminal the agent has one lease at a time
        assert ask(desk, *agent.challenge(serial)) is None
        agent.record("lease_ended", nonce=nonce, how="released")
        assert send(desk, agent.records)["trouble"] is None
        assert approve(second_there, number)["refusal"] is None
        # nobody reported the end: it is over with its time
        assert ask(desk, *agent.challenge(serial)) == "open_elsewhere"
        world.admin(
            "update account.usb_exception set asked_at = asked_at - interval '25 minutes'"
            f" where number = {number}"
        )
        assert ask(desk, *agent.challenge(serial)) is None


def test_one_that_is_disposed_of_meanwhile_is_not_approved(
    world: World, agent: SealedAgent, desk: Staff, second: Staff
) -> None:
    serial = add_stick(world)
    number, _ = asked(desk, agent, serial)
    day = world.value("select library_day(0)")
    device = number_of(world, serial)
    world.value(f"select account.dispose_usb_device({device}, '{day}', '破砕した', '情報課 佐藤')")
    assert approve(second, number)["refusal"] == "disposed"


def test_copies_are_noted_while_it_is_open_and_a_little_after_once_each(
    world: World, agent: SealedAgent, desk: Staff, second: Staff
) -> None:
    serial = add_stick(world)
    number, _ = asked(desk, agent, serial)
    other, _ = asked(desk, agent, serial)

    def note(key: object, *said: object, of: int = number) -> str | None:
        given = ", ".join(f"'{each}'" for each in said)
        tried = desk.run(f"select desk.note_usb_copy('{key}', {of}, {given})")
        refusal: str | None = json.loads(tried.printed[2:-3])["refusal"]
        return refusal

    assert note(uuid4(), "to_stick", "clean", 1, 1) == "not_open"
    assert approve(second, number)["refusal"] is None
    assert approve(second, other)["refusal"] is None
    key = uuid4()
    assert note(key, "to_stick", "clean", 1, 1) is None
    assert note(key, "to_stick", "clean", 1, 1) is None
    assert note(key, "to_stick", "clean", 1, 1, of=other) == "not_allowed"
    for said in (
        ("sideways", "clean", 1, 1),
        ("to_stick", "dirty", 1, 1),
        ("to_stick", "clean", -1, 1),
        ("to_stick", "clean", 1, -1),
        ("to_stick", "clean", 1_000_001, 1),
        ("to_stick", "clean", 1, 10**15 + 1),
    ):
        assert note(uuid4(), *said) == "bad_value"
    # ten minutes to take it, fifteen open, an hour for a line that was down
    for minutes, refusal in ((84, None), (1, "not_open")):
        world.admin(
            f"update account.usb_exception set decided_at = decided_at - interval '{minutes} minutes'"
            f" where number = {number}"
        )
        assert note(uuid4(), "from_stick", "failed", 0, 0) == refusal
    world.admin(
        "insert into account.usb_copy select gen_random_uuid(), e.number, now(), 'to_stick', 'clean', 1, 1"
        f" from account.usb_exception e, generate_series(1, 200) where e.number = {other}"
    )
    assert note(uuid4(), "to_stick", "clean", 1, 1, of=other) == "too_many"


def test_who_asks_without_end_is_stopped(world: World, agent: SealedAgent, desk: Staff) -> None:
    serial = add_stick(world)
    answers = [ask(desk, *agent.challenge(serial)) for _ in range(61)]
    assert answers == [None] * 60 + ["too_many"]


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
