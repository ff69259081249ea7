"""The agent's process on a tree: `ROOT EVENTS` runs it, `lockdown ROOT …` what runs when it cannot."""

from __future__ import annotations

import logging
import signal
import socket
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

from madoguchi.device_control import agent, lockdown
from madoguchi.device_control.floor import read_floor
from madoguchi.device_control.mounting import FileSystem, Systemd
from madoguchi.device_control.netlink import Uevents
from madoguchi.device_control.places import Places
from madoguchi.device_control.sysfs import SysfsBus

_REPOSITORY = Path(__file__).resolve().parents[2]


class WrittenDown(Systemd):
    """Systemd where there is none: what it is asked is written down, and nothing is done."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._at = root

    def guard(self, agent: int) -> list[str]:
        lockdown = [sys.executable, "-m", "tests.support.usb_agent", "lockdown", str(self._at)]
        here = ["/bin/sh", "-c", 'cd "$1"; shift; exec "$@"', "sh", str(_REPOSITORY)]
        return [*here, *lockdown, "--guard", str(agent)]

    def timer(self, nonce: str, seconds: float) -> list[str]:
        return self._written(super().timer(nonce, seconds))

    def end_timer(self, nonce: str) -> list[str]:
        return self._written(super().end_timer(nonce))

    def mount(self, found: FileSystem, place: Path, account: tuple[int, int]) -> list[str]:
        return self._written(super().mount(found, place, account))

    def unmount(self, place: Path) -> list[str]:
        return self._written(super().unmount(place))

    def _written(self, command: list[str]) -> list[str]:
        script = (
            'cd "$1"; shift; echo "$*" >>systemd.log;'
            "test ! -e slow-systemd || exec sleep 60; test ! -e no-systemd"
        )
        return ["/bin/sh", "-c", script, "sh", str(self._at), *command]


class Held(SysfsBus):
    """The kernel writes to no device for which there is a file `slow-<its name>`, until that is gone."""

    def __init__(self, root: Path) -> None:
        super().__init__(root / "sys", root / "proc/sys/kernel/random/boot_id")
        self._at = root

    def _write(self, name: str, what: str, value: str) -> None:
        while (self._at / f"slow-{name}").exists():
            time.sleep(0.01)
        super()._write(name, what, value)


def run(root: Path, events: int) -> None:
    """Runs the agent until SIGTERM."""
    bus = Held(root)
    kernel = Uevents(socket.socket(fileno=events))
    floor = partial(read_floor, root / "proc", root / "sys")

    def uptime() -> float:
        with suppress(OSError):
            return agent.uptime() + float((root / "later").read_text())
        return agent.uptime()

    made = agent.Agent(Places(root), bus, kernel, WrittenDown(root), floor, uptime)
    signal.signal(signal.SIGTERM, lambda *_: made.stop())
    made.run()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="agent: %(message)s")
    if sys.argv[1] == "lockdown":
        sys.exit(lockdown.main(sys.argv[3:], sys.argv[2]))
    run(Path(sys.argv[1]), int(sys.argv[2]))
