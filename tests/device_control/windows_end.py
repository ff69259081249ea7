"""The window's end of the channel, as the tests of the agent use it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Protocol

import pytest

from madoguchi.device_control.channel import DeviceSeen, LeaseSeen
from madoguchi.device_control.client import AgentClient, AgentRefused
from madoguchi.device_control.sealed import Challenge
from tests.support.usb_tree import until_

MINUTES = 5


class Terminal(Protocol):
    """A terminal with the agent on it: `AgentOnTree`, or another one that is talked to as it is."""

    def open(self, told: Callable[[str, dict[str, Any]], None], gone: Callable[[], None]) -> AgentClient:
        """Connects as a window does."""

    def grant(self, nonce: str, minutes: int) -> str:
        """The server's MAC on an exception."""


class Window:
    """A connection, and what was told over it.

    Attributes:
        gone: the agent has ended the connection.
    """

    def __init__(self, tree: Terminal) -> None:
        self._tree = tree
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.gone = threading.Event()
        self._client = tree.open(lambda kind, fields: self.told.append((kind, fields)), self.gone.set)

    def ask(self, ask: str, **fields: Any) -> dict[str, Any]:
        """The answer's fields."""
        return self._client.ask(ask, **fields)

    def refused(self, ask: str, **fields: Any) -> str:
        """The word with which it is refused."""
        with pytest.raises(AgentRefused) as refused:
            self._client.ask(ask, **fields)
        return refused.value.word

    def device(self, port: str = "1-1") -> DeviceSeen:
        """The device at a port, once the agent knows of it."""
        found: list[DeviceSeen] = []

        def is_there() -> bool:
            devices = map(DeviceSeen.from_message, self.ask("devices")["devices"])
            found[:] = [device for device in devices if device.port == port]
            return bool(found)

        until_(is_there, f"a device at {port}")
        return found[0]

    def challenge(self, port: str = "1-1", minutes: int = MINUTES) -> Challenge:
        """Asks for a lease of what is plugged in there; returns what the server is to be asked."""
        answer = self.ask("ask_lease", device=self.device(port).instance, minutes=minutes)
        return Challenge.parse(answer["challenge"])

    def lend(self, port: str = "1-1", minutes: int = MINUTES) -> LeaseSeen:
        """Has a stick opened for minutes, with the server's proof."""
        nonce = self.challenge(port, minutes).nonce
        return LeaseSeen.from_message(self.ask("grant", nonce=nonce, mac=self._tree.grant(nonce, minutes)))

    def hears(self, kind: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """What it was told, once something like that was."""
        found: list[dict[str, Any]] = []

        def is_told() -> bool:
            found[:] = [fields for what, fields in list(self.told) if what == kind and holds(fields)]
            return bool(found)

        until_(is_told, f"{kind} told")
        return found[0]

    def close(self) -> None:
        """Ends the connection, as a window does that is closed or killed."""
        self._client.close()
