"""The system's message bus, read by a thread of its own. On Linux alone: elsewhere there is none."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from selectors import EVENT_READ, DefaultSelector
from threading import Thread
from typing import Any, Final, Protocol

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    MessageType,
    message_bus,
    new_method_call,
)
from jeepney.bus import get_bus
from jeepney.io.blocking import DBusConnection, prep_socket

_log = logging.getLogger(__name__)

BUS: Final = "org.freedesktop.DBus"
SYSTEM: Final = "SYSTEM"
"""The address of the system's bus, wherever this machine has it."""

ANSWER_SECONDS: Final = 10.0
"""After so long without an answer the log says so."""

_END_SECONDS: Final = 1.0

Then = Callable[[tuple[Any, ...]], None]


@dataclass(frozen=True, slots=True)
class BusSignal:
    """A signal that came over the bus.

    Attributes:
        sender: the connection it is from; the bus itself writes that, nobody can forge it.
        body_untrusted: what it carries, of whatever types the sender chose.
    """

    sender: str
    path: str
    interface: str
    member: str
    body_untrusted: tuple[Any, ...]


class BusUser(Protocol):
    """Who is told what comes over a bus, in the bus' thread."""

    def opened(self, bus: SystemBus) -> None:
        """There is a connection: what is to be heard and asked is said now."""

    def heard(self, signal: BusSignal) -> None:
        """A signal came."""

    def closed(self) -> None:
        """Nothing more comes."""


class _Socket(socket.socket):
    """What comes with a message is ours alone: no program that we start meanwhile keeps it open."""

    def recvmsg(self, bufsize: int, ancbufsize: int = 0, flags: int = 0, /) -> Any:
        """The socket's own, which makes descriptors that children inherit unless it is told not to."""
        return super().recvmsg(bufsize, ancbufsize, flags | socket.MSG_CMSG_CLOEXEC)


class SystemBus:
    """A connection to a bus.

    Whatever the bus does or leaves undone, nothing of it is raised in another thread: the log says it, and
    the connection, once lost, is not made again. A bus goes with its machine.
    """

    def __init__(self, user: BusUser, address: str = SYSTEM) -> None:
        self._user = user
        self._address = address
        self._posted: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._waker, self._woken = socket.socketpair()
        self._waker.setblocking(False)
        self._woken.setblocking(False)
        self._socket: socket.socket | None = None
        self._connection: Any = None
        self._ending = False
        self._asked: dict[int, tuple[str, Then]] = {}
        self._due: list[tuple[float, Callable[[], None]]] = []
        self._said: set[str] = set()
        # a daemon: it keeps no program from ending
        self._thread = Thread(target=self._run, name="system bus", daemon=True)
        self._thread.start()

    # -- for any thread ----------------------------------------------------------------------------------

    def post(self, act: Callable[[], None]) -> None:
        """Has something done in the bus' thread, and waits for nothing; without a bus it is not done."""
        self._posted.put(act)
        # full, it is awake; closed, there is nobody to wake
        with suppress(OSError):
            self._waker.send(b"\0")

    def close(self) -> None:
        """Ends the connection, and waits a second at most for it."""
        self._ending = True
        self.post(lambda: None)
        connected = self._socket
        if connected is not None:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)
        self._thread.join(_END_SECONDS)
        self._waker.close()

    # -- for the bus' own thread -------------------------------------------------------------------------

    def hear(self, *, sender: str, path: str, interface: str, member: str, first: str = "") -> None:
        """Has the bus bring these signals; ``first``: those alone whose first argument is this text."""
        rule = MatchRule(type="signal", sender=sender, path=path, interface=interface, member=member)
        if first:
            rule.add_arg_condition(0, first)
        self._send(message_bus.AddMatch(rule), f"to hear {member}", lambda _body: None)

    def ask(self, whom: DBusAddress, method: str, body: tuple[str, ...], then: Then) -> None:
        """Asks for something by texts; ``then`` is given the answer, which may be of any types.

        No answer and a refusal are logged once, and that is all.
        """
        self._send(new_method_call(whom, method, "s" * len(body), body), method, then)

    def ask_owner(self, name: str, then: Then) -> None:
        """Asks which connection has a name."""
        self._send(message_bus.GetNameOwner(name), f"who is {name}", then)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Has something done after so long."""
        self._due.append((time.monotonic() + seconds, act))

    def say_once(self, what: str, why: str) -> None:
        """Logs that something is not to be had, if that is not logged already."""
        if what not in self._said:
            self._said.add(what)
            _log.warning("asked the system's bus for %s: %s", what, why)

    def _send(self, message: Any, what: str, then: Then) -> None:
        serial = next(self._connection.outgoing_serial)
        self._asked[serial] = what, then
        self.later(ANSWER_SECONDS, partial(self._no_answer, serial))
        self._connection.send(message, serial=serial)

    def _no_answer(self, serial: int) -> None:
        """Says so; an answer is welcome still. Logind asks others first, who may only just be starting."""
        if serial in self._asked:
            self.say_once(self._asked[serial][0], "no answer yet")

    # -- the thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            with self._open() as self._connection:
                self._serve()
        except Exception as error:  # noqa: BLE001 - no bus, no answer, nonsense: lending goes on without it
            if not self._ending:
                _log.warning("the system's bus is not listened to: %s: %s", type(error).__name__, error)
        finally:
            self._user.closed()
            self._woken.close()

    def _open(self) -> Any:
        let_in = prep_socket(get_bus(self._address), enable_fds=True, timeout=ANSWER_SECONDS)
        connected = _Socket(fileno=let_in.detach())
        # a bus that takes nothing more is as good as gone
        connected.settimeout(ANSWER_SECONDS)
        self._socket = connected
        try:
            return DBusConnection(connected, enable_fds=True)
        except BaseException:
            connected.close()
            raise

    def _serve(self) -> None:
        with DefaultSelector() as selector:
            selector.register(self._connection.sock, EVENT_READ)
            selector.register(self._woken, EVENT_READ)
            self._user.opened(self)
            while not self._ending:
                selector.select(self._until_due())
                with suppress(BlockingIOError):
                    self._woken.recv(4096)
                # one message a turn: whoever floods us holds up neither what was posted nor what is due
                with suppress(TimeoutError):
                    self._take(self._connection.receive(timeout=0))
                self._do_posted()
                self._do_due()

    def _do_posted(self) -> None:
        with suppress(Empty):
            while True:
                self._posted.get_nowait()()

    def _do_due(self) -> None:
        now = time.monotonic()
        due = [act for at, act in self._due if at <= now]
        self._due = [(at, act) for at, act in self._due if at > now]
        for act in due:
            act()

    def _until_due(self) -> float | None:
        return max(0.0, min(at for at, _ in self._due) - time.monotonic()) if self._due else None

    def _take(self, message: Any) -> None:
        fields, kind = message.header.fields, message.header.message_type
        if kind is MessageType.signal:
            self._user.heard(
                BusSignal(
                    sender=fields.get(HeaderFields.sender, ""),
                    path=fields[HeaderFields.path],
                    interface=fields[HeaderFields.interface],
                    member=fields[HeaderFields.member],
                    body_untrusted=message.body,
                )
            )
        elif kind is not MessageType.method_call:
            what, then = self._asked.pop(fields[HeaderFields.reply_serial], ("", None))
            if then is None:
                return
            if kind is MessageType.error:
                why = str(message.body[0]) if message.body else ""
                self.say_once(what, f"{fields.get(HeaderFields.error_name, '')} {why}")
            else:
                then(message.body)
