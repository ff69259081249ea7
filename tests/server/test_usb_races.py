"""Several at once: one grant for one exception, each terminal its own, one policy of a version."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.server.rights.world import SOGO, Staff, World
from tests.support.cluster import Cluster
from tests.support.staff import terminal_number
from tests.support.usb_library import add_stick, agent_at, asked
from tests.support.usb_policies import signed_text
from tests.support.usb_sealed import nonce_of

HERE, THERE = terminal_number(SOGO, 2), terminal_number(SOGO, 3)
ROUNDS = 8


@pytest.fixture(scope="module")
def world(cluster: Cluster, library_template: str) -> Iterator[World]:
    made = World(cluster, library_template, "library_of_usb_races")
    yield made
    made.close()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each of them comes to, begun together."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        gate.wait(30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(60) for each in [pool.submit(run, act) for act in acts]]


def approve(staff: Staff, number: int) -> Callable[[], dict[str, Any]]:
    return lambda: staff.ask_again("desk.approve_usb_exception", number)


def test_two_approvers_at_once_give_one_grant(world: World) -> None:
    agent = agent_at(world, HERE)
    clerk = world.person("counter_staff", terminal=HERE)
    first, second = (world.person("security_manager", terminal=HERE) for _ in range(2))
    serial = add_stick(world)
    with world.at_work(clerk) as desk, world.at_work(first) as one, world.at_work(second) as other:
        for _ in range(ROUNDS):
            number, nonce = asked(desk, agent, serial)
            answers = at_once(approve(one, number), approve(other, number))
            assert sorted(str(answer["refusal"]) for answer in answers) == ["None", "decided_already"]
            (granted,) = (answer for answer in answers if answer["refusal"] is None)
            assert granted["mac"] == agent.grant(nonce, 15)
            notes = world.value(
                "select count(*) from audit.record where act = 'usb exception approved'"
                f" and (subject ->> 'exception')::integer = {number}"
            )
            assert notes == 1


def test_one_approves_while_another_refuses(world: World) -> None:
    agent = agent_at(world, HERE)
    clerk = world.person("counter_staff", terminal=HERE)
    first, second = (world.person("security_manager", terminal=HERE) for _ in range(2))
    serial = add_stick(world)
    with world.at_work(clerk) as desk, world.at_work(first) as one, world.at_work(second) as other:
        for _ in range(ROUNDS):
            number, _ = asked(desk, agent, serial)
            approved, refused = at_once(
                approve(one, number), lambda n=number: other.ask("desk.refuse_usb_exception", n)
            )
            assert {approved["refusal"], refused["refusal"]} == {None, "decided_already"}
            decision = world.value(f"select decision from account.usb_exception where number = {number}")
            assert decision == ("approved" if approved["refusal"] is None else "refused")


def test_one_challenge_asked_twice_at_once_is_one_exception(world: World) -> None:
    """As a window does whose first question the line cut off, and is still under way."""
    agent = agent_at(world, HERE)
    clerk = world.person("counter_staff", terminal=HERE)
    serial = add_stick(world)
    with world.at_work(clerk) as desk:
        for _ in range(ROUNDS):
            text, mac = agent.challenge(serial)
            with (
                world.library.engine.connect().execution_options(isolation_level="READ COMMITTED") as first,
                ThreadPoolExecutor(1) as pool,
            ):
                # the row that the first question has written and not committed yet
                number = first.exec_driver_sql(
                    "insert into account.usb_exception"
                    " (terminal_id, device_id, nonce, challenge, minutes, login, session_id, reason)"
                    f" select t.id, d.id, '{nonce_of(text)}', '', 15,"
                    f" '{clerk.login}', gen_random_uuid(), '理由'"
                    " from account.terminal t, account.usb_device d"
                    f" where t.name = '{agent.terminal}' and d.serial = '{serial}' returning number"
                ).scalar_one()
                second = pool.submit(
                    lambda t=text, m=mac: desk.ask_again("desk.ask_usb_exception", t, m, "理由")
                )
                waits_for_a_lock(world)
                first.commit()
                assert second.result(30) == {"refusal": None, "number": number}


def waits_for_a_lock(world: World) -> None:
    until = time.monotonic() + 30
    waiting = (
        f"select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = '{world.name}'"
    )
    while not world.value(waiting):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_two_terminals_at_once_have_each_their_own(world: World) -> None:
    sticks = add_stick(world), add_stick(world)
    agents = [agent_at(world, HERE), agent_at(world, THERE)]
    clerks = [world.person("counter_staff", terminal=place) for place in (HERE, THERE)]
    managers = [world.person("security_manager", terminal=place) for place in (HERE, THERE)]
    with (
        world.at_work(clerks[0]) as desk,
        world.at_work(clerks[1]) as other_desk,
        world.at_work(managers[0]) as one,
        world.at_work(managers[1]) as other,
    ):
        for _ in range(ROUNDS):
            (here, nonce), (there, other_nonce) = at_once(
                lambda: asked(desk, agents[0], sticks[0]), lambda: asked(other_desk, agents[1], sticks[1])
            )
            # whoever takes the other terminal's number meets nothing
            assert one.ask("desk.approve_usb_exception", there)["refusal"] == "no_such_exception"
            answers = at_once(approve(one, here), approve(other, there))
            assert [answer["mac"] for answer in answers] == [
                agents[0].grant(nonce, 15),
                agents[1].grant(other_nonce, 15),
            ]


def test_one_stick_asked_for_at_two_terminals_at_once_is_opened_at_one(world: World) -> None:
    """Two with one serial number: one of them is a copy."""
    serial = add_stick(world)
    agents = [agent_at(world, HERE), agent_at(world, THERE)]
    clerks = [world.person("counter_staff", terminal=place) for place in (HERE, THERE)]
    managers = [world.person("security_manager", terminal=place) for place in (HERE, THERE)]
    with (
        world.at_work(clerks[0]) as desk,
        world.at_work(clerks[1]) as other_desk,
        world.at_work(managers[0]) as one,
        world.at_work(managers[1]) as other,
    ):
        desks = desk, other_desk
        for _ in range(ROUNDS):
            (here, nonce), (there, other_nonce) = at_once(
                lambda: asked(desk, agents[0], serial), lambda: asked(other_desk, agents[1], serial)
            )
            answers = at_once(approve(one, here), approve(other, there))
            assert sorted(str(answer["refusal"]) for answer in answers) == ["None", "open_elsewhere"]
            place = next(place for place in (0, 1) if answers[place]["refusal"] is None)
            agents[place].record("lease_ended", nonce=(nonce, other_nonce)[place], how="released")
            taken = desks[place].ask_again(
                "desk.send_usb_records",
                json.dumps(
                    [{"seq": r.seq, "text": r.text, "mac": r.mac} for r in agents[place].records[-1:]]
                ),
            )
            assert taken["trouble"] is None


def test_the_same_records_over_two_connections_are_taken_once(world: World) -> None:
    agent = agent_at(world, HERE)
    people = [world.person("counter_staff", terminal=HERE) for _ in range(2)]
    with world.at_work(people[0]) as one, world.at_work(people[1]) as other:
        for _ in range(ROUNDS):
            made = [agent.record("blocked") for _ in range(5)]
            sent = json.dumps([{"seq": each.seq, "text": each.text, "mac": each.mac} for each in made])
            answers = at_once(
                lambda s=sent: one.ask_again("desk.send_usb_records", s),
                lambda s=sent: other.ask_again("desk.send_usb_records", s),
            )
            receipt = agent.receipt(agent.seq)
            assert [(each["receipt"], each["mac"], each["trouble"]) for each in answers] == [
                (*receipt, None)
            ] * 2
        kept = world.admin(
            "select r.seq from account.usb_record r join account.terminal t on t.id = r.terminal_id"
            " join account.usb_agent a on a.terminal_id = t.id and a.epoch = r.epoch"
            f" where t.name = '{agent.terminal}' order by r.seq"
        )
    assert kept == [(seq,) for seq in range(1, agent.seq + 1)]


def test_one_version_of_a_policy_is_put_once(world: World) -> None:
    people = [world.person("system_staff", terminal=place) for place in (HERE, THERE)]
    with world.at_work(people[0]) as one, world.at_work(people[1]) as other:
        for version in range(1, ROUNDS + 1):
            texts = [signed_text("races", version, f"# {name}\n") for name in ("a", "b")]
            answers = at_once(
                lambda t=texts[0]: one.ask("account.put_usb_policy", t),
                lambda t=texts[1]: other.ask("account.put_usb_policy", t),
            )
            assert sorted(str(answer["refusal"]) for answer in answers) == ["None", "older"]


def test_one_stick_is_enrolled_once_and_a_label_is_one_devices(world: World) -> None:
    people = [world.person("system_staff", terminal=place) for place in (HERE, THERE)]

    def enrol(staff: Staff, serial: str, label: str) -> Callable[[], dict[str, Any]]:
        statement = (
            "select account.enrol_usb_device('stick', '0951', '1666',"
            f" '{serial}', '{{08:06:50}}', '{label}', '課')"
        )

        def run() -> dict[str, Any]:
            for _ in range(2):
                tried = staff.run(statement)
                assert tried.state == "00000", tried
                answer: dict[str, Any] = json.loads(tried.printed[2:-3])
                if answer["refusal"] != "again":
                    return answer
            raise AssertionError("again and again")

        return run

    with world.at_work(people[0]) as one, world.at_work(people[1]) as other:
        for place in range(ROUNDS):
            answers = at_once(
                enrol(one, f"RACE{place}", f"競 {place}甲"), enrol(other, f"RACE{place}", f"競 {place}乙")
            )
            assert sorted(str(answer["refusal"]) for answer in answers) == ["None", "enrolled_already"]
            answers = at_once(
                enrol(one, f"RACE{place}A", f"札 {place}"), enrol(other, f"RACE{place}B", f"札 {place}")
            )
            assert sorted(str(answer["refusal"]) for answer in answers) == ["None", "label_taken"]
