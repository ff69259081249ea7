"""The agent's own journal and leases, and the real server: what either says, the other believes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from madoguchi.app.devices.values import (
    DeviceRefusal,
    ExceptionState,
    Grant,
    HowEnded,
    Receipt,
    RecordTrouble,
    UsbException,
)
from madoguchi.app.server.devices import CentralDevices
from madoguchi.device_control.device import InterfaceClass, UsbDevice
from madoguchi.device_control.journal import Journal
from madoguchi.device_control.leases import Leases
from tests.server.rights.world import SOGO, World
from tests.support.cluster import Cluster
from tests.support.staff import terminal_number
from tests.support.usb_carrying import send_records
from tests.support.usb_library import add_stick, agent_at

HERE = terminal_number(SOGO, 6)
NONCE = "ab" * 16


@pytest.fixture
def world(cluster: Cluster, library_template: str) -> Iterator[World]:
    made = World(cluster, library_template, "library_with_agent")
    yield made
    made.close()


class AtTheSocket:
    """What the agent's socket answers of its journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def ask(self, ask: str, **fields: Any) -> dict[str, Any]:
        if ask == "records":
            found = self._journal.after(fields["after"])
            return {"records": [{"seq": each.seq, "text": each.text, "mac": each.mac} for each in found]}
        assert ask == "sent"
        up_to = self._journal.confirm(fields["receipt"], fields["mac"])
        assert up_to is not None
        return {"up_to": up_to}


def stick(serial: str) -> UsbDevice:
    return UsbDevice(
        instance="1-1 1 5",
        port="1-1",
        vendor_id=0x0951,
        product_id=0x1666,
        serial_untrusted=serial,
        maker_untrusted="Kingston",
        name_untrusted='USB "メモリ" \\',
        interfaces=(InterfaceClass(0x08, 0x06, 0x50),),
        digest="5e" * 32,
        device_class=0,
        is_root_hub=False,
    )


def test_a_lease_is_granted_recorded_and_let_go_of(world: World, tmp_path: Path) -> None:
    sealed = agent_at(world, HERE)
    device = stick(add_stick(world))
    leases = Leases(sealed.terminal, sealed.key)
    journal = Journal(
        tmp_path / "records", sealed.terminal, sealed.key, lambda: "2026-05-12T01:02:03.250+00:00"
    )
    clerk = world.person("counter_staff", terminal=HERE)
    manager = world.person("security_manager", terminal=HERE)
    with world.at_work(clerk) as desk, world.at_work(manager) as second:
        devices, approving = CentralDevices(desk.connection), CentralDevices(second.connection)
        asked = leases.ask(1, device, 15, NONCE, 0.0)
        journal.append("lease_asked", {"nonce": NONCE, "minutes": 15})
        number = devices.ask_exception(asked.challenge.text, leases.mac_of(asked), "市史の原稿を移すため")
        assert isinstance(number, int)
        assert approving.approve_exception(number + 1) is DeviceRefusal.NO_SUCH_EXCEPTION
        grant = approving.approve_exception(number)
        assert isinstance(grant, Grant)
        lease = leases.grant(1, grant.nonce, grant.mac, 5.0)
        journal.append("lease", {"nonce": lease.nonce, "minutes": lease.minutes})
        for _ in range(230):
            journal.note("blocked", {"name": device.name_untrusted})
        journal.append("lease_ended", {"how": "device_gone", "nonce": lease.nonce})
        assert journal.unsent == 233

        sent = send_records(AtTheSocket(journal), devices.send_records)
        assert isinstance(sent, Receipt)
        assert (sent.up_to, sent.trouble, journal.unsent) == (233, None, 0)
        ended = devices.read_exception(number)
        assert isinstance(ended, UsbException)
        assert (ended.state, ended.how_ended) == (ExceptionState.ENDED, HowEnded.DEVICE_GONE)

        # an agent whose disk was lost begins anew under the same key: it is not taken for the old one, and
        # keeps its records though it has as many as were receipted before, whoever kept that receipt
        anew = Journal(tmp_path / "anew", sealed.terminal, sealed.key, lambda: "2026-05-12T02:00:00Z")
        for _ in range(233):
            anew.append("started", {"why": []})
        stopped = send_records(AtTheSocket(anew), devices.send_records)
        assert isinstance(stopped, Receipt)
        assert (stopped.trouble, stopped.text, stopped.mac) == (RecordTrouble.CHANGED, "", "")
        assert anew.confirm(sent.text, sent.mac) is None
        assert anew.unsent == 233
        # the old one takes it again
        assert journal.confirm(sent.text, sent.mac) == 233
