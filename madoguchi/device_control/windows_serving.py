"""The agent's named pipe on Windows: who may talk there. **Never run on Windows**: made from documents.

Who may open it is decided by Windows, by the pipe's security descriptor (`security`); who it was that wrote
is asked of Windows by the client's token, before anything it said is looked at. The agent speaks first, and
Windows tells whose program it is only once something of it was read (error 1368: "Unable to impersonate using
a named pipe until data has been read from that pipe"): the greeting goes to whom the descriptor let in.

Sources: "Named Pipe Security and Access Rights", "Security Descriptor String Format", `CreateNamedPipe`,
`ImpersonateNamedPipeClient`. What calls them is in `windows_pipe.py`; nothing in this file needs Windows.
"""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from madoguchi.device_control.channel import MOST_CLIENTS
from madoguchi.device_control.clients import Client, Clients, Message

_log = logging.getLogger(__name__)

SYSTEM: Final = "S-1-5-18"
ADMINISTRATORS: Final = "S-1-5-32-544"
OWNERS: Final = frozenset({SYSTEM, ADMINISTRATORS})
"""Whose a pipe must be for a window to talk there: nobody else can give a pipe to them, and while no agent
runs any program could make one of that name."""

CLIENT_RIGHTS: Final = 0x0012008B
"""What a client opens the pipe with: FILE_GENERIC_READ and FILE_WRITE_DATA. Not FILE_GENERIC_WRITE: that has
FILE_APPEND_DATA, which on a pipe is FILE_CREATE_PIPE_INSTANCE, the right to stand in for the agent."""

_SILENT_SECONDS: Final = 10.0


def security(window: str | None) -> str:
    """The pipe's security descriptor, in SDDL: SYSTEM's own; for it, Administrators and the window's account.

    Args:
        window: the SID of that account; None: there is none.
    """
    entries = ["(D;;GA;;;NU)", "(A;;GA;;;SY)", "(A;;GA;;;BA)"]
    if window is not None:
        entries.append(f"(A;;{CLIENT_RIGHTS:#x};;;{window})")
    return f"O:SYG:SYD:P{''.join(entries)}"


@dataclass(frozen=True, slots=True)
class Peer:
    """Whose program is at the other end, by its token.

    Attributes:
        account: the SID.
        is_administrator: Administrators is among its groups, and not for denying only; so it is SYSTEM's.
    """

    account: str
    is_administrator: bool


class PipeEnd(ABC):
    """The agent's end of one connection. Nothing waits: what cannot be done now raises BlockingIOError."""

    @abstractmethod
    def recv(self, size: int, /) -> bytes:
        """What came, at most so much; empty: the other end is closed. Raises OSError."""

    @abstractmethod
    def send(self, data: bytearray, /) -> int:
        """Sends the beginning of it; returns how much that was. Raises OSError."""

    @abstractmethod
    def peer(self) -> Peer:
        """Who wrote what was received last. Raises OSError: nothing was, or it cannot be said."""

    @abstractmethod
    def fileno(self) -> int:
        """The handle."""

    @abstractmethod
    def close(self) -> None:
        """Ends the connection."""


class Pipe(ABC):
    """The agent's side of the pipe: its instances, and waiting for any of them."""

    @abstractmethod
    def listen(self, descriptor: str) -> None:
        """Opens it, if it is not open.

        Args:
            descriptor: in SDDL.

        Raises:
            OSError: it cannot be, as where another program has a pipe of that name.
        """

    @abstractmethod
    def accept(self) -> PipeEnd:
        """The next connection. Raises BlockingIOError: there is none. OSError: no more can come."""

    @abstractmethod
    def wait(self, seconds: float) -> None:
        """Returns when something can be accepted, received or sent, after `wake`, or after so long."""

    @abstractmethod
    def wake(self) -> None:
        """Has `wait` return, from any thread or handler of signals."""

    @abstractmethod
    def close(self) -> None:
        """Listens no more. Connections are closed by who has them."""


class PipeClients(Clients):
    """Who is connected over the pipe.

    Args:
        pipe: the agent's side of it.
        window: the SID of the account whose programs may talk, beside SYSTEM and Administrators.
        hello, asked, left: see `Clients`.
    """

    def __init__(
        self,
        pipe: Pipe,
        window: str | None,
        hello: Callable[[], list[Message]],
        asked: Callable[[Client, Message], None],
        left: Callable[[int], None],
    ) -> None:
        super().__init__(hello, asked, left)
        self._pipe, self._window = pipe, window
        self._silent: dict[int, float] = {}

    def listen(self) -> None:
        """Opens the pipe, if it is not open. Raises OSError."""
        self._pipe.listen(security(self._window))

    def turn(self) -> None:
        """Lets in who has come, and takes what can be taken of everybody."""
        try:
            while True:
                self._arrived(self._pipe.accept())
        except BlockingIOError:
            pass
        except OSError as error:
            _log.error("nobody more can talk to the agent: %s", error)
        for client in list(self.clients):
            client.ready()

    def may_ask(self, client: Client) -> bool:
        """Whether the account that wrote it may talk, and has a place: the ninth is an administrator's."""
        end = client.connected
        try:
            peer = end.peer() if isinstance(end, PipeEnd) else None
        except OSError as error:
            _log.warning("it cannot be said whose program a client is: %s", error)
            peer = None
        if peer is None:
            return False
        has_place = peer.is_administrator or client in self.clients[:MOST_CLIENTS]
        if not has_place or not (peer.is_administrator or peer.account == self._window):
            _log.warning("a program of account %s is not let in", peer.account)
            return False
        self._silent.pop(client.number, None)
        return True

    def expire(self) -> None:
        """Drops who does not read, and who keeps the ninth place without saying who it is."""
        super().expire()
        now = time.monotonic()
        for client in self.clients[MOST_CLIENTS:]:
            if now - self._silent.get(client.number, now) > _SILENT_SECONDS:
                self.drop(client, "it keeps the last place and asks nothing")

    def wants_to_write(self, client: Client, wants: bool) -> None:
        """Nothing to do: each turn asks everybody."""

    def close(self) -> None:
        """Lets everybody go and listens no more."""
        super().close()
        self._pipe.close()

    def _watch(self, client: Client) -> None:
        self._silent[client.number] = time.monotonic()

    def _unwatch(self, client: Client) -> None:
        self._silent.pop(client.number, None)

    def _arrived(self, end: PipeEnd) -> None:
        # one more than the window's: an administrator is kept out by no program of the clerk's account
        if len(self.clients) > MOST_CLIENTS:
            _log.warning("a program more is not let in")
            end.close()
            return
        self.let_in(end)
