"""What an agent kept, in the hands of a window that would rather have it otherwise."""

from __future__ import annotations

import dataclasses
import json

import pytest

from madoguchi.app.devices.values import DeviceRefusal
from madoguchi.app.server.devices import CentralDevices
from tests.server.rights.usb_seats import (
    HERE,
    THERE,
    agent,
    an_hour_passes,
    approve,
    clerk,
    desk,
    second,
    send,
    sent,
)
from tests.server.rights.world import Person, Staff, World
from tests.support.usb_library import add_stick, agent_at, asked
from tests.support.usb_sealed import SealedAgent

__all__ = ["agent", "clerk", "desk", "second"]


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
    # each trouble is on record once an hour, however often it is sent, and of how many numbers
    for _ in range(20):
        assert send(desk, [four])["trouble"] == "order"
        assert send(desk, [dataclasses.replace(four, seq=5)])["trouble"] == "order"
    noted = world.admin(
        "select subject ->> 'why', subject ->> 'record' from audit.record"
        f" where act = 'usb records refused' and who = '{clerk.login}' order by seq"
    )
    assert noted == [("order", "2"), ("mac", "2"), ("changed", "2")]
    an_hour_passes(world, clerk)
    assert send(desk, [four])["trouble"] == "order"
    later = world.admin(
        "select subject ->> 'record', (subject ->> 'more_before')::integer from audit.record"
        f" where act = 'usb records refused' and who = '{clerk.login}' order by seq desc limit 1"
    )
    # two before, and forty here: each was of another number than the last
    assert later == [("4", 42)]
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


@pytest.mark.parametrize(
    "turned_off", ["set synchronous_commit = off", "set local synchronous_commit = local"]
)
def test_what_is_proved_waits_for_the_disk_whatever_the_session_says(
    world: World, agent: SealedAgent, desk: Staff, second: Staff, turned_off: str
) -> None:
    def commits_as(staff: Staff, function: str, *values: object) -> str:
        """What the session's commit goes by once the function was called."""
        assert staff.run("begin").state == staff.run(turned_off).state == "00000"
        assert staff.ask(function, *values) == {"refusal": "again"}
        said = staff.run("show synchronous_commit").printed
        assert staff.run("commit").state == "00000"
        return said

    number, _ = asked(desk, agent, add_stick(world))
    assert commits_as(second, "desk.approve_usb_exception", number) == "('on',)"
    assert second.ask("desk.approve_usb_exception", number)["refusal"] is None
    records = [agent.record("blocked")]
    assert commits_as(desk, "desk.send_usb_records", sent(records)) == "('on',)"
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


def test_records_are_listed_to_the_last(world: World, agent: SealedAgent, desk: Staff) -> None:
    for number in range(450):
        agent.record("blocked", number=number)
    for first in range(0, 450, 90):
        assert send(desk, agent.records[first : first + 90])["trouble"] is None
    with world.at_work(world.person("security_manager", terminal=HERE)) as staff:
        devices = CentralDevices(staff.connection)
        pages = []
        before = None
        while True:
            page = devices.list_records(agent.terminal, before=before)
            assert not isinstance(page, DeviceRefusal)
            if not page:
                break
            pages.append(page)
            before = page[-1].place
        for odd in ("", "x", "1 2", "1 2 3 4", "9" * 30 + " 1 1", "-1 1 1"):
            assert devices.list_records(agent.terminal, before=odd) is DeviceRefusal.BAD_VALUE
    assert [len(page) for page in pages[:2]] == [200, 200]
    listed = [each for page in pages for each in page]
    kept = world.value(
        "select count(*) from account.usb_record r join account.terminal t on t.id = r.terminal_id"
        f" where t.name = '{agent.terminal}'"
    )
    assert len(listed) == len({each.place for each in listed}) == kept
    assert [each.said_untrusted.get("number") for each in listed[:450]] == list(range(449, -1, -1))


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


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"seq": 2, "text": "{}", "mac": "not hex"},
        {"seq": 2, "text": None, "mac": "0" * 64},
        {"seq": "two", "text": "{}", "mac": "0" * 64},
        {"seq": 2, "text": "x" * 100_001, "mac": "0" * 64},
    ],
)
def test_what_is_no_record_behind_a_good_one_leaves_nothing_half_done(
    world: World, agent: SealedAgent, desk: Staff, odd: dict[str, object]
) -> None:
    """One record kept and not counted would stand in the way of all that are honestly sent, for ever."""
    one, two = agent.record("started", why=[]), agent.record("blocked")
    answer = desk.ask("desk.send_usb_records", json.dumps([*json.loads(sent([one])), odd]))
    assert answer == {"refusal": "bad_value"}
    kept = (
        "select count(*) from account.usb_record r join account.usb_agent a on a.terminal_id = r.terminal_id"
        " and a.epoch = r.epoch join account.terminal t on t.id = r.terminal_id"
        f" where t.name = '{agent.terminal}'"
    )
    assert world.value(kept) == 0
    answer = send(desk, [one, two])
    assert (answer["up_to"], answer["receipt"], answer["trouble"]) == (2, agent.receipt(2)[0], None)
    assert world.value(kept) == 2


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
