"""The agent's socket: who may talk, whole messages in and out, and nobody who can make the agent wait."""

from __future__ import annotations

import logging
import os
import pwd
import selectors
import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from madoguchi.device_control.channel import MOST_CLIENTS, BadMessage, Lines, encode

_log = logging.getLogger(__name__)

_READ_BYTES: Final = 1 << 16
_UNREAD_BYTES: Final = 1 << 20
_UNREAD_SECONDS: Final = 10.0
_AT_ONCE: Final = 16
_CREDENTIALS: Final = struct.Struct("3i")

Message = dict[str, Any]


class Client:
    """A program that is connected. `number` is never given twice."""

    def __init__(self, server: Server, connected: socket.socket, number: int) -> None:
        self._server, self._socket = server, connected
        self.number = number
        self._lines = Lines()
        self._asked: deque[Message] = deque()
        self._out = bytearray()
        self._stuck_since: float | None = None

    def tell(self, message: Message) -> None:
        """Sends a message; what the client does not take at once waits, and too much of it is its end."""
        if self not in self._server.clients:
            return
        self._out += encode(message)
        self._flush()

    def expire(self, now: float) -> None:
        """Drops it if it has taken nothing for long."""
        if self._stuck_since is not None and now - self._stuck_since > _UNREAD_SECONDS:
            self._server.drop(self, "it does not read")

    def ready(self) -> None:
        """Its socket can be read or written."""
        if self not in self._server.clients:
            return
        self._flush()
        if self not in self._server.clients or self._asked:
            # what it asked before comes first; until then nothing more is read
            return
        try:
            came = self._socket.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._server.drop(self, str(error))
            return
        if not came:
            self._server.drop(self, "")
            return
        try:
            self._asked += self._lines.feed(came)
        except BadMessage as error:
            self._server.drop(self, str(error))
            return

    @property
    def is_behind(self) -> bool:
        """It has asked something that is not answered yet."""
        return bool(self._asked)

    def go_on(self) -> None:
        """Answers some of what it asked: between two turns the kernel is heard, however much that is."""
        for _ in range(_AT_ONCE):
            if self._asked and self in self._server.clients:
                self._server.asked(self, self._asked.popleft())

    def drop(self, why: str) -> None:
        """Ends the connection."""
        self._server.drop(self, why)

    def close(self) -> None:
        """Closes its socket; the server has let it go."""
        self._socket.close()

    def fileno(self) -> int:
        """The descriptor of its socket."""
        return self._socket.fileno()

    def _flush(self) -> None:
        try:
            while self._out:
                del self._out[: self._socket.send(self._out)]
                self._stuck_since = None
        except BlockingIOError:
            self._stuck_since = self._stuck_since or time.monotonic()
        except OSError as error:
            self._server.drop(self, str(error))
            return
        if len(self._out) > _UNREAD_BYTES:
            self._server.drop(self, "it does not read")
            return
        self._server.wants_to_write(self, bool(self._out))


class Server:
    """The listening socket and its clients, in the agent's own loop.

    Args:
        allowed: the accounts whose programs may talk, by what the kernel says of them (SO_PEERCRED).
        hello: what everybody is told first.
        asked: is called with what a client asked.
        left: is called with the number of a client that is gone.
    """

    def __init__(
        self,
        selector: selectors.BaseSelector,
        allowed: frozenset[int],
        hello: Callable[[], list[Message]],
        asked: Callable[[Client, Message], None],
        left: Callable[[int], None],
    ) -> None:
        self._selector, self._allowed, self._hello, self.asked, self._left = (
            selector,
            allowed,
            hello,
            asked,
            left,
        )
        self.clients: list[Client] = []
        self._numbers = 0
        self._listening: socket.socket | None = None

    def listen(self, path: Path, group: int | None) -> None:
        """Opens the socket, for root and a group. Raises OSError."""
        path.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        before = os.umask(0o777)
        try:
            listening.bind(str(path))
        finally:
            os.umask(before)
        if group is not None and group != os.getegid():
            # allowed without any capability, for a group that the unit gives the agent
            os.chown(path, -1, group)
        path.chmod(0o660)
        listening.listen(MOST_CLIENTS)
        listening.setblocking(False)
        self._listening = listening
        self._selector.register(listening, selectors.EVENT_READ, self._accept)

    def tell_all(self, message: Message) -> None:
        """Tells every client."""
        for client in list(self.clients):
            client.tell(message)

    @property
    def is_behind(self) -> bool:
        """Somebody has asked something that is not answered yet."""
        return any(client.is_behind for client in self.clients)

    def go_on(self) -> None:
        """Answers some of what each client asked."""
        for client in list(self.clients):
            client.go_on()

    def expire(self) -> None:
        """Drops who does not read."""
        now = time.monotonic()
        for client in list(self.clients):
            client.expire(now)

    def drop(self, client: Client, why: str) -> None:
        """Closes a connection."""
        if client in self.clients:
            self.clients.remove(client)
            self._selector.unregister(client)
            client.close()
            if why:
                _log.warning("a client is dropped: %s", why)
            self._left(client.number)

    def wants_to_write(self, client: Client, wants: bool) -> None:
        """Whether a client has something to take."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if wants else 0)
        if self._selector.get_key(client).events != events:
            self._selector.modify(client, events, client.ready)

    def close(self) -> None:
        """Lets everybody go and listens no more."""
        for client in list(self.clients):
            self.drop(client, "")
        if self._listening is not None:
            self._selector.unregister(self._listening)
            self._listening.close()

    def _accept(self) -> None:
        if self._listening is None:
            return
        try:
            connected, _ = self._listening.accept()
        except OSError:
            return
        uid = _CREDENTIALS.unpack(
            connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        )[1]
        # an administrator who looks after a terminal is kept out by no program of the clerk's account
        places = MOST_CLIENTS + 1 if uid == 0 else MOST_CLIENTS
        if uid not in self._allowed or len(self.clients) >= places:
            _log.warning("a program of account %d is not let in", uid)
            connected.close()
            return
        connected.setblocking(False)
        self._numbers += 1
        client = Client(self, connected, self._numbers)
        self.clients.append(client)
        self._selector.register(client, selectors.EVENT_READ, client.ready)
        for message in self._hello():
            client.tell(message)


def account(name: str) -> tuple[int, int] | None:
    """Number and group of an account; None: there is none of this name."""
    try:
        found = pwd.getpwnam(name)
    except (KeyError, ValueError):
        return None
    return found.pw_uid, found.pw_gid
