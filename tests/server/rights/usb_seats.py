"""A terminal with an agent, a clerk and a security manager at it, and what they send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.rights.world import SOGO, Person, Staff, World
from tests.support.staff import terminal_number
from tests.support.usb_library import agent_at
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


def an_hour_passes(world: World, person: Person) -> None:
    """What was put on record of them so far was an hour ago."""
    world.admin(
        f"update account.usb_noted set since = since - interval '1 hour' where login = '{person.login}'"
    )
