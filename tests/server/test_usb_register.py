"""The register, policies, agents and the month's report, as the office's pages ask for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from madoguchi.app.devices.fields import new_device
from madoguchi.app.devices.values import (
    AgentRecord,
    CopyWay,
    DeviceKind,
    DeviceRefusal,
    DeviceState,
    Disposal,
    ExceptionState,
    NewDevice,
    PolicyOfTerminal,
    Receipt,
    RecordTrouble,
    RegisteredDevice,
    UsbReport,
    Verdict,
)
from madoguchi.app.server.devices import CentralDevices
from tests.server.rights.world import SOGO, World
from tests.support.cluster import Cluster
from tests.support.staff import terminal_number
from tests.support.usb_carrying import send_records
from tests.support.usb_library import add_stick, agent_at, asked, devices_of
from tests.support.usb_policies import signed_text
from tests.support.usb_sealed import SealedAgent, new_serial

HERE, THERE = terminal_number(SOGO, 4), terminal_number(SOGO, 5)


@pytest.fixture
def world(cluster: Cluster, library_template: str) -> Iterator[World]:
    made = World(cluster, library_template, f"library_of_register_{uuid4().hex[:8]}")
    yield made
    made.close()


def scanner(label: str, serial: str = "") -> NewDevice:
    made = new_device(
        kind=DeviceKind.SCANNER,
        vendor_id_untrusted="0C2E",
        product_id_untrusted="0b61",
        serial_untrusted=serial,
        interfaces_untrusted=["03:01:01", "03:00:00"],
        label_untrusted=label,
        owner_untrusted="総合市民図書館",
    )
    assert isinstance(made, NewDevice), made
    return made


def test_a_device_from_its_enrolment_to_its_disposal(world: World) -> None:
    with devices_of(world, world.person("system_staff")) as devices:
        number = devices.enrol_device(scanner("読取機 １"))
        assert isinstance(number, int)
        # scanners without a serial number are as many as there are
        assert isinstance(devices.enrol_device(scanner("読取機 ２")), int)
        assert devices.enrol_device(scanner("読取機 ２")) is DeviceRefusal.LABEL_TAKEN
        serial = new_serial()
        assert isinstance(devices.enrol_device(scanner("読取機 ３", serial)), int)
        assert devices.enrol_device(scanner("読取機 ４", serial)) is DeviceRefusal.ENROLLED_ALREADY
        assert devices.lend_device(999_999, "企画課") is DeviceRefusal.NO_SUCH_DEVICE
        assert devices.lend_device(number, "企画課 田中") is None
        assert state_of(devices, number) is DeviceState.LENT
        assert devices.return_device(number) is None
        assert state_of(devices, number) is DeviceState.HERE
        day = world.value("select library_day(0)")
        assert devices.dispose_device(number, Disposal(day, "内容なし。破砕した", "情報課 佐藤")) is None
        listed = devices.list_devices()
        assert not isinstance(listed, DeviceRefusal)
        assert [device.label for device in listed] == ["読取機 ２", "読取機 ３", "読取機 １"]
        (gone,) = (device for device in listed if device.number == number)
    assert (gone.usb_id, gone.interfaces, gone.serial) == ("0c2e:0b61", ("03:00:00", "03:01:01"), "")
    assert (gone.state, gone.disposed_on, gone.lent_to) == (DeviceState.DISPOSED, day, "企画課 田中")
    with devices_of(world, world.person("counter_staff")) as devices:
        assert devices.enrol_device(scanner("読取機 ５")) is DeviceRefusal.NOT_ALLOWED
        assert devices.list_devices() is DeviceRefusal.NOT_ALLOWED


def state_of(devices: CentralDevices, number: int) -> DeviceState:
    listed = devices.list_devices()
    assert not isinstance(listed, DeviceRefusal)
    (found,) = (device for device in listed if device.number == number)
    assert isinstance(found, RegisteredDevice)
    return found.state


def test_which_agents_are_heard_of_and_which_policy_they_have(world: World) -> None:
    agent = agent_at(world, HERE)
    agent_at(world, THERE)
    text = signed_text("counters", 3)
    with devices_of(world, world.person("system_staff", terminal=HERE)) as devices:
        assert devices.read_policy() == PolicyOfTerminal("counters", 0, "")
        kept = devices.put_policy(text)
        assert not isinstance(kept, DeviceRefusal)
        assert (kept.group, kept.version, kept.text) == ("counters", 3, text)
        assert devices.put_policy(text) is DeviceRefusal.OLDER
        assert devices.put_policy("x") is DeviceRefusal.MALFORMED
        assert devices.read_policy() == PolicyOfTerminal("counters", 3, text)
        for version in range(4, 10):
            devices.put_policy(signed_text("counters", version))
        listed = devices.list_policies()
        assert not isinstance(listed, DeviceRefusal)
        assert [(policy.group, policy.version) for policy in listed] == [
            ("counters", n) for n in (9, 8, 7, 6, 5)
        ]
        # what was withdrawn is not shown, and takes nobody's place
        devices.put_policy(signed_text("counters", 10**9))
        world.value("select account.withdraw_usb_policy('counters', 1000000000)")
        assert devices.list_policies() == listed
        assert devices.read_policy() == PolicyOfTerminal("counters", 9, signed_text("counters", 9))

        agent.record("started", agent="1", policy_version=0, why=["no_floor", "no_policy"])
        devices.send_records(tuple(agent.records))
        assert seen(devices, agent)[:4] == (True, False, 0, False)
        agent.record("floor", why=["no_policy"])
        agent.record("policy", version=9)
        devices.send_records(tuple(agent.records))
        assert seen(devices, agent) == (True, True, 9, False, None)
        devices.send_records((AgentRecord(9, "{}", "0" * 64),))
        assert seen(devices, agent)[4] is RecordTrouble.ORDER
        world.admin("update account.usb_agent set heard_at = heard_at - interval '73 hours'")
        assert seen(devices, agent)[3] is True
        agents = devices.list_agents(74)
        assert not isinstance(agents, DeviceRefusal)
        assert devices.list_agents(0) is DeviceRefusal.BAD_VALUE
        by_terminal = {found.terminal: found for found in agents}
        assert not by_terminal[agent.terminal].is_silent
        # one that never sent any is silent however long one waits; it may have no key, even
        never = [found for found in agents if found.heard_at is None]
        assert all(found.is_silent and found.is_protected is None for found in never)
        assert sum(found.has_key for found in agents) == 2
        assert {found.newest_version for found in agents} == {9}
        records = devices.list_records(agent.terminal)
        assert not isinstance(records, DeviceRefusal)
        assert [record.what for record in records] == ["policy", "floor", "started"]
        assert records[0].said_untrusted == {"version": 9}
        assert devices.list_records("どこにもない") == ()


def seen(devices: CentralDevices, agent: SealedAgent) -> tuple[Any, ...]:
    agents = devices.list_agents()
    assert not isinstance(agents, DeviceRefusal)
    (found,) = (each for each in agents if each.terminal == agent.terminal)
    return found.has_key, found.is_protected, found.policy_version, found.is_silent, found.trouble


def test_the_report_of_a_month(world: World) -> None:
    agent = agent_at(world, HERE)
    serial = add_stick(world, label="貸出用 1号")
    clerk = world.person("counter_staff", terminal=HERE)
    manager = world.person("security_manager", terminal=HERE)
    with world.at_work(clerk) as desk, world.at_work(manager) as second:
        number, nonce = asked(desk, agent, serial)
        refused, _ = asked(desk, agent, serial)
        second.ask("desk.refuse_usb_exception", refused)
        second.ask_again("desk.approve_usb_exception", number)
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        agent.record("started", at=now, policy_version=0, why=[])
        agent.record("blocked", at=now)
        agent.record("blocked", at=now)
        agent.record("lease", at=now, nonce=nonce)
        agent.record("lease_ended", at=now, nonce=nonce, how="window_gone")
        # of another month, by the agent's clock
        agent.record("blocked", at="2025-01-31T14:59:59.999+00:00")
        agent.record("blocked", at="2025-01-31T15:00:00.000+00:00")
        devices = CentralDevices(desk.connection)
        answer = devices.send_records(tuple(agent.records))
        assert isinstance(answer, Receipt)
        assert (
            devices.note_copy(
                uuid4(), number, way=CopyWay.FROM_STICK, verdict=Verdict.CLEAN, files=2, size=10
            )
            is None
        )
    with devices_of(world, manager) as devices:
        month = devices.report(dt.datetime.now(dt.UTC).date())
        assert isinstance(month, UsbReport)
        january, february = devices.report(dt.date(2025, 1, 9)), devices.report(dt.date(2025, 2, 28))
        assert isinstance(january, UsbReport)
        assert isinstance(february, UsbReport)
        assert devices.report(dt.date(1999, 12, 31)) is DeviceRefusal.BAD_VALUE
        listed = devices.list_exceptions()
    assert month.happened == {"started": 1, "blocked": 2, "lease": 1, "lease_ended": 1}
    assert [(each.number, each.state) for each in month.exceptions] == [
        (number, ExceptionState.ENDED),
        (refused, ExceptionState.REFUSED),
    ]
    assert listed == tuple(reversed(month.exceptions))
    assert (month.exceptions[0].files, month.exceptions[0].bytes) == (2, 10)
    assert [device.label for device in month.enrolled] == ["貸出用 1号"]
    assert month.disposed == month.lent == ()
    assert agent.terminal not in month.silent_terminals
    assert month.silent_terminals
    # a month begins at the library's midnight
    assert (january.first, january.happened) == (dt.date(2025, 1, 1), {"blocked": 1})
    assert (february.happened, february.exceptions) == ({"blocked": 1}, ())


class Journal:
    """An agent at the other end of the window, as decision 0036 has it answer; no disk, no devices."""

    def __init__(self, sealed: SealedAgent) -> None:
        self.sealed = sealed
        self.confirmed = 0

    def ask(self, ask: str, **fields: Any) -> dict[str, Any]:
        match ask:
            case "records":
                left = [
                    each for each in self.sealed.records if each.seq > max(fields["after"], self.confirmed)
                ]
                return {
                    "records": [{"seq": r.seq, "text": r.text, "mac": r.mac} for r in left[:100]],
                }
            case "sent":
                up_to = int(fields["receipt"].split("\n")[2])
                assert (fields["receipt"], fields["mac"]) == self.sealed.receipt(up_to)
                self.confirmed = up_to
                return {"up_to": up_to}
        raise AssertionError(ask)


def test_what_waits_is_carried_over_and_let_go_of(world: World) -> None:
    agent = agent_at(world, HERE)
    journal = Journal(agent)
    with devices_of(world, world.person("counter_staff", terminal=HERE)) as devices:
        assert send_records(journal, devices.send_records) is None
        for _ in range(250):
            agent.record("blocked")
        answer = send_records(journal, devices.send_records)
        assert answer == Receipt(250, *agent.receipt(250))
        assert journal.confirmed == 250
        # the receipt never arrived: what is sent again is passed over, and let go of
        agent.record("gone")
        journal.confirmed = 200
        assert send_records(journal, devices.send_records) == Receipt(251, *agent.receipt(251))
        assert journal.confirmed == 251
        # one was lost on the way: the agent keeps what the server did not take
        agent.record("gone")
        del agent.records[-1]
        agent.record("gone")
        stopped = send_records(journal, devices.send_records)
        assert isinstance(stopped, Receipt)
        assert stopped.trouble is RecordTrouble.ORDER
        assert journal.confirmed == 251
        kept = world.value("select count(*) from account.usb_record")
    assert kept == 251
