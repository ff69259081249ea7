"""A bus of the test's own, and in logind's place what has its name there."""

from __future__ import annotations

import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from socket import SHUT_RDWR
from threading import Lock, Thread

import pytest
from jeepney import (
    DBusAddress,
    DBusNameFlags,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection

from tests.support.xvfb import wait_for

LOGIND = "org.freedesktop.login1"
MANAGER = "/org/freedesktop/login1"
OURS, ANOTHERS = f"{MANAGER}/session/_32", f"{MANAGER}/session/c7"
SESSION = f"{LOGIND}.Session"
PROPERTIES = "org.freedesktop.DBus.Properties"

_NAME = message_bus.RequestName(LOGIND, DBusNameFlags.do_not_queue)
_SIGNATURES = {bool: "b", str: "s", dict: "a{sv}", list: "as"}


@pytest.fixture
def bus_daemon(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A bus of the test's own; it says its address first."""
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1", f"--address=unix:dir={tmp_path}"],
        stdout=subprocess.PIPE,
        text=True,
    ) as daemon:
        yield daemon
        daemon.terminate()


@pytest.fixture
def bus(bus_daemon: subprocess.Popen[str]) -> str:
    """The bus' address."""
    assert bus_daemon.stdout is not None
    return bus_daemon.stdout.readline().strip()


class Speaker:
    """Any program on the bus, which says what it is told to."""

    def __init__(self, address: str) -> None:
        self._bus = open_dbus_connection(address, enable_fds=True)
        self._sending = Lock()

    def says(self, path: str, interface: str, name: str, *arguments: object, to: str = "") -> None:
        """Sends a signal; ``to``: to this connection, whether it wants it or not."""
        signature = "".join(_SIGNATURES[type(argument)] for argument in arguments) or None
        message = new_signal(DBusAddress(path, interface=interface), name, signature, arguments)
        if to:
            message.header.fields[HeaderFields.destination] = to
        self.send(message)

    def send(self, message: Message) -> None:
        """Sends a message, from any thread."""
        with self._sending:
            self._bus.send(message)

    def session_changed(self, path: str = OURS, /, **properties: tuple[str, object]) -> None:
        """Says that properties of a session have changed."""
        self.says(path, PROPERTIES, "PropertiesChanged", SESSION, dict(properties), [])

    def prepare_for_sleep(self, begins: bool) -> None:
        """Says that the machine goes to sleep, or has woken up."""
        self.says(MANAGER, f"{LOGIND}.Manager", "PrepareForSleep", begins)

    def delivered(self) -> None:
        """Waits until the bus has passed on all that was said."""
        self._bus.send_and_get_reply(message_bus.GetId(), timeout=10)

    def close(self) -> None:
        """Leaves the bus."""
        self._bus.close()


class Inhibitor:
    """Sleep, held back by whoever asked: for as long as they keep what they were handed."""

    def __init__(self, asked: tuple[str, ...], caller: str) -> None:
        self.what, self.who, self.why, self.mode = asked
        self.caller = caller
        self._ours, self.theirs = os.pipe()

    def held(self) -> bool:
        """Whether it is held."""
        poll = select.poll()
        poll.register(self._ours, select.POLLHUP)
        return poll.poll(0) == []

    def close(self) -> None:
        """Waits for it no more."""
        os.close(self._ours)


class Logind(Speaker):
    """What has logind's name, and does the little of its work that is asked of it here.

    ``answers``: ``yes``, ``no`` (it refuses) or ``never``: then it does so when ``answers_late`` is called.
    """

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.answers = "yes"
        self.inhibitors: list[Inhibitor] = []
        self.locked: list[str] = []
        self.unanswered: list[Message] = []
        # who had it before may not be gone yet
        wait_for(lambda: self._bus.send_and_get_reply(_NAME, timeout=10).body == (1,), "logind's name")
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                message = self._bus.receive()
                if message.header.message_type is MessageType.method_call:
                    self._answer(message)

    def _answer(self, asked: Message) -> None:
        method = asked.header.fields[HeaderFields.member]
        if method == "LockSession":
            self.locked.append(asked.body[0])
        if self.answers == "never":
            self.unanswered.append(asked)
            return
        if self.answers == "no":
            self.send(new_error(asked, "org.freedesktop.DBus.Error.AccessDenied", "s", ("no",)))
        elif method == "Inhibit":
            made = Inhibitor(asked.body, asked.header.fields[HeaderFields.sender])
            self.send(new_method_return(asked, "h", (made.theirs,)))
            os.close(made.theirs)
            self.inhibitors.append(made)
        elif method == "LockSession":
            self.says(OURS, SESSION, "Lock")
            self.send(new_method_return(asked))
        elif method == "GetSession":
            assert asked.body == ("auto",)
            self.send(new_method_return(asked, "o", (OURS,)))

    def answers_late(self) -> None:
        """Answers whatever it was asked, and from now on at once."""
        self.answers = "yes"
        while self.unanswered:
            self._answer(self.unanswered.pop(0))

    def watched(self) -> bool:
        """Whether somebody listens who has asked for the rest before."""
        return self.inhibitors != []

    def close(self) -> None:
        """Leaves the bus, as logind does when it begins anew."""
        with suppress(OSError):
            self._bus.sock.shutdown(SHUT_RDWR)
        self._thread.join(10)
        for inhibitor in self.inhibitors:
            inhibitor.close()
        super().close()


@pytest.fixture
def logind(bus: str) -> Iterator[Logind]:
    made = Logind(bus)
    yield made
    made.close()


def says_all(speaker: Speaker, to: str = "") -> None:
    """All that would have the counter lock."""
    speaker.says(MANAGER, f"{LOGIND}.Manager", "PrepareForSleep", True, to=to)
    speaker.says(OURS, SESSION, "Lock", to=to)
    speaker.says(OURS, PROPERTIES, "PropertiesChanged", SESSION, {"Active": ("b", False)}, [], to=to)
