"""The agent's contract on a tree of devices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.device_control.contract import KEYBOARD, SCANNER, SCANNER_AND_STICK, STICK, AgentContract
from tests.device_control.windows_end import Window
from tests.support.usb_tree import AgentOnTree, until_

KINDS = {
    STICK: ("0951:1666", "08:06:50"),
    KEYBOARD: ("046d:c31c", "03:01:01"),
    SCANNER: ("0c2e:0901", "03:00:00"),
    SCANNER_AND_STICK: ("0c2e:0901", "03:00:00,08:06:50"),
    "mtp": ("18d1:4ee1", "06:01:01"),
    "serial": ("0403:6001", "ff:ff:ff"),
    "hub": ("05e3:0608", "09:00:00"),
}


class OnTree:
    """A terminal on a tree, with a window."""

    def __init__(self, tree: AgentOnTree) -> None:
        self._tree = tree
        self._window = Window(tree)
        self._port = 0

    def plug(self, kind: str, serial: str = "") -> str:
        self._port += 1
        ids, interfaces = KINDS[kind]
        device_class = 9 if kind == "hub" else 0
        return self._tree.plug(
            interfaces, id=ids, serial=serial, port=f"1-{self._port}", device_class=device_class
        )

    def unplug(self, port: str) -> None:
        self._tree.unplug(port)

    def is_usable(self, port: str) -> bool:
        return self._tree.is_usable(port)

    def give(self, rules: str) -> None:
        self.ask("policy", text=self._tree.sign_policy(rules))

    def ask(self, ask: str, **fields: Any) -> dict[str, Any]:
        return self._window.ask(ask, **fields)

    def lend(self, instance: str, minutes: int) -> None:
        answer = self.ask("ask_lease", device=instance, minutes=minutes)
        nonce = answer["challenge"].split("\n")[2]
        self.ask("grant", nonce=nonce, mac=self._tree.grant(nonce, minutes))

    def close_window(self) -> None:
        self._window.close()
        self._window = Window(self._tree)

    def until(self, holds: Callable[[], object], what: str = "") -> None:
        until_(holds, what)

    def close(self) -> None:
        self._window.close()


class TestOnTree(AgentContract):
    @pytest.fixture
    def terminal(self, tmp_path: Path) -> Iterator[OnTree]:
        with AgentOnTree(tmp_path) as tree:
            made = OnTree(tree)
            yield made
            made.close()
