"""Programs that are connected to the agent: whole messages in and out, and nobody who can make it wait."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol

from madoguchi.device_control.channel import BadMessage, Lines, encode

_log = logging.getLogger(__name__)

_READ_BYTES: Final = 1 << 16
_UNREAD_BYTES: Final = 1 << 20
_UNREAD_SECONDS: Final = 10.0
_AT_ONCE: Final = 16

Message = dict[str, Any]


class Connected(Protocol):
    """The agent's end of a connection. Nothing waits: what cannot be done now raises BlockingIOError."""

    def recv(self, size: int, /) -> bytes:
        """What came; empty: the other end is closed. Raises OSError."""

    def send(self, data: bytearray, /) -> int:
        """Sends the beginning of it; returns how much that was. Raises OSError."""

    def fileno(self) -> int:
        """What the system calls it."""

    def close(self) -> None: ...


class Client:
    """A program that is connected. `number` is never given twice."""

    def __init__(self, server: Clients, connected: Connected, number: int) -> None:
        self._server, self.connected = server, connected
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
        """Its connection can perhaps be read or written."""
        if self not in self._server.clients:
            return
        self._flush()
        if self not in self._server.clients or self._asked:
            # what it asked before comes first; until then nothing more is read
            return
        try:
            came = self.connected.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._server.drop(self, str(error))
            return
        if not came:
            self._server.drop(self, "")
            return
        if not self._server.may_ask(self):
            self._server.drop(self, "it is not let in")
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
        """Closes its connection; the server has let it go."""
        self.connected.close()

    def fileno(self) -> int:
        """What the system calls its connection."""
        return self.connected.fileno()

    def _flush(self) -> None:
        try:
            while self._out:
                del self._out[: self.connected.send(self._out)]
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


class Clients(ABC):
    """Who is connected, in the agent's own loop.

    Args:
        hello: what everybody is told first.
        asked: is called with what a client asked.
        left: is called with the number of a client that is gone.
    """

    def __init__(
        self,
        hello: Callable[[], list[Message]],
        asked: Callable[[Client, Message], None],
        left: Callable[[int], None],
    ) -> None:
        self._hello, self.asked, self._left = hello, asked, left
        self.clients: list[Client] = []
        self._numbers = 0

    def let_in(self, connected: Connected) -> None:
        """Greets a program that may talk."""
        self._numbers += 1
        client = Client(self, connected, self._numbers)
        self.clients.append(client)
        self._watch(client)
        for message in self._hello():
            client.tell(message)

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
            self._unwatch(client)
            client.close()
            if why:
                _log.warning("a client is dropped: %s", why)
            self._left(client.number)

    def close(self) -> None:
        """Lets everybody go."""
        for client in list(self.clients):
            self.drop(client, "")

    def may_ask(self, client: Client) -> bool:
        """Whether what it says is listened to; asked each time something came of it."""
        return True

    @abstractmethod
    def wants_to_write(self, client: Client, wants: bool) -> None:
        """Whether a client has something to take."""

    @abstractmethod
    def _watch(self, client: Client) -> None:
        """From now on `Client.ready` is called when something came of it."""

    @abstractmethod
    def _unwatch(self, client: Client) -> None:
        """No longer."""
