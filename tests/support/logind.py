"""A bus of the test's own, and in logind's place a process that has its name there."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtDBus import QDBusConnection, QDBusMessage

LOGIND = "org.freedesktop.login1"
MANAGER = "/org/freedesktop/login1"
OURS, ANOTHERS = f"{MANAGER}/session/_32", f"{MANAGER}/session/c7"
SESSION = f"{LOGIND}.Session"

_numbers = count(1)


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    """The address of a bus of the test's own."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1", f"--address=unix:dir={tmp_path}"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.wait()
    daemon.stdout.close()


class Logind:
    """What has logind's name on the bus, and says what it is told to."""

    def __init__(self, address: str) -> None:
        self._name = f"logind {next(_numbers)}"
        self._bus = QDBusConnection.connectToBus(address, self._name)
        assert self._bus.registerService(LOGIND)

    def says(self, path: str, interface: str, name: str, *arguments: object) -> None:
        """Sends a signal."""
        message = QDBusMessage.createSignal(path, interface, name)
        message.setArguments(list(arguments))
        assert self._bus.send(message)

    def close(self) -> None:
        """Leaves the bus."""
        QDBusConnection.disconnectFromBus(self._name)


@pytest.fixture
def logind(bus: str) -> Iterator[Logind]:
    made = Logind(bus)
    yield made
    made.close()
