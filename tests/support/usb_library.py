"""A library of ``tests.server.rights.world`` with USB control: agents with keys, sticks in the register."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from madoguchi.app.server.approver import ApproverSession
from madoguchi.app.server.central import CentralServer
from madoguchi.app.server.devices import CentralDevices
from madoguchi.app.staff.session import SignedIn
from tests.server.rights.world import PASSWORD, Person, Staff, World
from tests.support.staff import door
from tests.support.usb_sealed import STICK_INTERFACES, SealedAgent, new_serial

FIRST_KEY = bytes(range(32))


def agent_at(world: World, terminal: int, *, again: bool = True) -> SealedAgent:
    """Makes a key for a terminal's agent as the administrator does."""
    name = world.value(f"select name from account.terminal where serial = '{1000 + terminal}'")
    answer = json.loads(world.value(f"select account.make_usb_key('{name}', {again})"))
    assert answer["refusal"] is None, answer
    return SealedAgent(name, bytes.fromhex(answer["key"]))


def add_stick(
    world: World, *, label: str | None = None, kind: str = "stick", interfaces: str = STICK_INTERFACES
) -> str:
    """Puts a device into the register as the administrator does; its serial number."""
    serial = new_serial()
    answer = json.loads(
        world.value(
            f"select account.enrol_usb_device('{kind}', '0951', '1666', '{serial}',"
            f" '{{{interfaces}}}', '{label or serial}', '総務課')"
        )
    )
    assert answer["refusal"] is None, answer
    return serial


def number_of(world: World, serial: str) -> int:
    """The register's number of the device with that serial number."""
    number: int = world.value(f"select id from account.usb_device where serial = '{serial}'")
    return number


def asked(desk: Staff, agent: SealedAgent, serial: str, **said: Any) -> tuple[int, str]:
    """Asks for a stick as the window does; number and nonce."""
    text, mac = agent.challenge(serial, **said)
    answer = desk.ask("desk.ask_usb_exception", text, mac, "市史の原稿を移すため")
    assert answer["refusal"] is None, answer
    return answer["number"], text.split("\n")[2]


@contextlib.contextmanager
def signed_in(world: World, person: Person) -> Iterator[CentralServer]:
    """The person at their terminal as the program has them."""
    assert person.terminal is not None
    server = CentralServer(door(world.library.url, world.cluster, person.terminal))
    answer = server.sign_in(person.login, PASSWORD)
    assert isinstance(answer, SignedIn), answer
    try:
        yield server
    finally:
        server.close()


@contextlib.contextmanager
def devices_of(world: World, person: Person) -> Iterator[CentralDevices]:
    """The calls about USB devices over a connection of somebody who has entered."""
    with world.at_work(person) as staff:
        yield CentralDevices(staff.connection)


@contextlib.contextmanager
def approving(server: CentralServer) -> Iterator[ApproverSession]:
    """A second person's way in beside whoever is signed in there."""
    session = server.approver()
    try:
        yield session
    finally:
        session.leave()
