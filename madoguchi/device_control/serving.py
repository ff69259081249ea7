"""The agent's socket: who may talk there."""

from __future__ import annotations

import logging
import os
import pwd
import selectors
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final

from madoguchi.device_control.channel import MOST_CLIENTS
from madoguchi.device_control.clients import Client, Clients, Message

__all__ = ["Client", "Message", "Server", "account"]

_log = logging.getLogger(__name__)

_CREDENTIALS: Final = struct.Struct("3i")


class Server(Clients):
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
        super().__init__(hello, asked, left)
        self._selector, self._allowed = selector, allowed
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

    def wants_to_write(self, client: Client, wants: bool) -> None:
        """Whether a client has something to take."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if wants else 0)
        if self._selector.get_key(client).events != events:
            self._selector.modify(client, events, client.ready)

    def close(self) -> None:
        """Lets everybody go and listens no more."""
        super().close()
        if self._listening is not None:
            self._selector.unregister(self._listening)
            self._listening.close()

    def _watch(self, client: Client) -> None:
        self._selector.register(client, selectors.EVENT_READ, client.ready)

    def _unwatch(self, client: Client) -> None:
        self._selector.unregister(client)

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
        self.let_in(connected)


def account(name: str) -> tuple[int, int] | None:
    """Number and group of an account; None: there is none of this name."""
    try:
        found = pwd.getpwnam(name)
    except (KeyError, ValueError):
        return None
    return found.pw_uid, found.pw_gid
