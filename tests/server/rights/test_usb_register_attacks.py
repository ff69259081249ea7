"""Older policies, odd devices, and what was disposed of: what was put on record stays."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.server.rights.usb_seats import (
    HERE,
    agent,
    ask,
    clerk,
    desk,
    second,
    send,
)
from tests.server.rights.world import Staff, World
from tests.support.usb_library import add_stick, number_of
from tests.support.usb_policies import signed_text
from tests.support.usb_sealed import SealedAgent

__all__ = ["agent", "clerk", "desk", "second"]


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


def test_nonsense_with_the_highest_version_is_withdrawn_by_the_administrator_alone(world: World) -> None:
    group = f"g-{uuid4().hex[:8]}"
    nonsense = f"madoguchi device policy 1\ngroup: {group}\nversion: 1000000000\n\nsignature: {'A' * 86}==\n"
    withdraw = f"select account.withdraw_usb_policy('{group}', {{}})"
    with world.at_work(world.person("system_staff", terminal=HERE)) as staff:
        assert staff.ask("account.put_usb_policy", signed_text(group, 12))["refusal"] is None
        assert staff.ask("account.put_usb_policy", nonsense)["refusal"] is None
        assert staff.ask("account.put_usb_policy", signed_text(group, 13))["refusal"] == "older"
        assert staff.run(withdraw.format(10**9)).state == "42501"
        assert json.loads(world.value(withdraw.format(14))) == {"refusal": "no_such_policy"}
        assert json.loads(world.value(withdraw.format(10**9))) == {"refusal": None}
        assert json.loads(world.value(withdraw.format(10**9))) == {"refusal": "withdrawn_already"}
        world.admin(
            "update account.terminal set settings = jsonb_build_object('usb_group', "
            f"'{group}') where serial = '{1000 + HERE}'"
        )
        given = [staff.ask("desk.read_usb_policy")["version"]]
        # neither what was withdrawn, nor anything under the one that is there now
        for text in (nonsense, signed_text(group, 10**9), signed_text(group, 12), signed_text(group, 11)):
            assert staff.ask("account.put_usb_policy", text)["refusal"] == "older"
        assert staff.ask("account.put_usb_policy", signed_text(group, 13))["refusal"] is None
        given.append(staff.ask("desk.read_usb_policy")["version"])
        rows = staff.ask("account.list_usb_policies")["rows"]
        agents = staff.ask("account.list_usb_agents", 72)["rows"]
        world.admin(f"update account.terminal set settings = '{{}}' where serial = '{1000 + HERE}'")
    assert given == [12, 13]
    assert [(r["version"], r["withdrawn_at"] is None) for r in rows if r["group"] == group] == [
        (10**9, False),
        (13, True),
        (12, True),
    ]
    assert {row["newest_version"] for row in agents if row["group"] == group} == {13}
    noted = world.admin(
        "select subject ->> 'version' from audit.record where act = 'usb policy withdrawn'"
        f" and subject ->> 'group' = '{group}'"
    )
    assert noted == [("1000000000",)]


def test_what_was_put_or_taken_stays(world: World, agent: SealedAgent, desk: Staff) -> None:
    agent.record("started")
    assert send(desk, agent.records)["up_to"] == 1
    text = signed_text(f"g-{uuid4().hex[:8]}", 1)
    assert json.loads(world.value(f"select account.put_usb_policy($text${text}$text$)"))["refusal"] is None
    group = text.split("\n")[1][7:]
    assert json.loads(world.value(f"select account.withdraw_usb_policy('{group}', 1)"))["refusal"] is None
    for table, column in (
        ("account.usb_policy", "text"),
        ("account.usb_record", "text"),
        ("account.usb_policy_withdrawn", "by"),
    ):
        for statement in (
            f"delete from {table}",
            f"update {table} set {column} = 'x'",
            f"truncate {table} cascade",
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
