"""What holds on every bus, the tree's and the real kernel's.

A suite of tests to be inherited by a class that has a fixture `terminal`, a `Terminal`: what is plugged in
there is either made up in a folder, or comes over a kernel's bus. Nothing here knows which.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import pytest

from madoguchi.device_control.channel import DeviceSeen, Ended
from madoguchi.device_control.device import interfaces_text

STICK, KEYBOARD, SCANNER, SCANNER_AND_STICK = "stick", "keyboard", "scanner", "scanner and stick"
UNKNOWN = (STICK, KEYBOARD, SCANNER, SCANNER_AND_STICK, "mtp", "serial", "hub")


class Terminal(Protocol):
    """A terminal with the agent on it, no policy but what the suite gives it, and nothing plugged in."""

    def plug(self, kind: str, serial: str = "") -> str:
        """Plugs in a kind of `UNKNOWN`; returns its port. `SCANNER_AND_STICK` has the ids of `SCANNER`."""

    def unplug(self, port: str) -> None:
        """Pulls it out."""

    def is_usable(self, port: str) -> bool:
        """Whether a driver could have it, asked of the kernel and not of the agent."""

    def give(self, rules: str) -> None:
        """Hands the agent a newer policy with these rules; returns when it is in force."""

    def ask(self, ask: str, **fields: Any) -> dict[str, Any]:
        """The agent's answer over the window's connection."""

    def lend(self, instance: str, minutes: int) -> None:
        """Has a stick opened over the window's connection, with the server's proof."""

    def close_window(self) -> None:
        """The window's connection ends, as when it is killed; a new one is made."""

    def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Waits until something holds; fails after a long time."""


def seen(terminal: Terminal, port: str) -> DeviceSeen:
    """What the agent says of a device, once it knows of it."""
    found: list[DeviceSeen] = []

    def is_there() -> bool:
        devices = map(DeviceSeen.from_message, terminal.ask("devices")["devices"])
        found[:] = [device for device in devices if device.port == port]
        return bool(found)

    terminal.until(is_there, f"the agent knows of {port}")
    return found[0]


def rule_for(device: DeviceSeen) -> str:
    """The rule that an administrator writes for a device from the list of what was blocked."""
    serial = f' serial "{device.serial_untrusted}"' if device.serial_untrusted else ""
    what = f"id {device.id_text}{serial} interfaces {interfaces_text(device.interfaces)}"
    return f'allow {what} as "it" because "registered"\n'


class AgentContract:
    """The suite."""

    @pytest.mark.parametrize("kind", UNKNOWN)
    def test_what_nobody_allowed_is_unusable(self, terminal: Terminal, kind: str) -> None:
        port = terminal.plug(kind)
        assert not seen(terminal, port).allowed
        assert not terminal.is_usable(port)

    @pytest.mark.parametrize("kind", [KEYBOARD, SCANNER])
    def test_what_a_rule_allows_is_usable_each_time_it_comes(self, terminal: Terminal, kind: str) -> None:
        port = terminal.plug(kind)
        terminal.give(rule_for(seen(terminal, port)))
        terminal.until(lambda: terminal.is_usable(port))
        assert seen(terminal, port).rule == "it"
        terminal.unplug(port)
        again = terminal.plug(kind)
        terminal.until(lambda: terminal.is_usable(again))

    def test_an_impostor_with_one_interface_more_is_unusable(self, terminal: Terminal) -> None:
        port = terminal.plug(SCANNER)
        terminal.give(rule_for(seen(terminal, port)))
        terminal.until(lambda: terminal.is_usable(port))
        terminal.unplug(port)
        impostor = terminal.plug(SCANNER_AND_STICK)
        assert not seen(terminal, impostor).allowed
        assert not terminal.is_usable(impostor)

    def test_what_a_newer_policy_does_not_allow_is_closed(self, terminal: Terminal) -> None:
        port = terminal.plug(KEYBOARD)
        terminal.give(rule_for(seen(terminal, port)))
        terminal.until(lambda: terminal.is_usable(port))
        terminal.give("")
        assert not terminal.is_usable(port)
        assert not seen(terminal, port).allowed

    def test_a_stick_is_usable_while_it_is_lent(self, terminal: Terminal) -> None:
        port = terminal.plug(STICK, "A1")
        instance = seen(terminal, port).instance
        terminal.lend(instance, 5)
        assert terminal.is_usable(port)
        assert seen(terminal, port).lease
        terminal.ask("release")
        assert not terminal.is_usable(port)
        assert not seen(terminal, port).lease

    def test_a_window_that_is_gone_has_lent_nothing(self, terminal: Terminal) -> None:
        port = terminal.plug(STICK, "A1")
        terminal.lend(seen(terminal, port).instance, 5)
        terminal.close_window()
        terminal.until(lambda: not terminal.is_usable(port))

    def test_a_stick_that_was_pulled_out_is_lent_no_more(self, terminal: Terminal) -> None:
        port = terminal.plug(STICK, "A1")
        terminal.lend(seen(terminal, port).instance, 5)
        terminal.unplug(port)
        again = terminal.plug(STICK, "A1")
        assert not seen(terminal, again).allowed
        assert not terminal.is_usable(again)
        texts = [record["text"] for record in terminal.ask("records", after=0)["records"]]
        assert any('"lease_ended"' in text and Ended.DEVICE_GONE.value in text for text in texts)
