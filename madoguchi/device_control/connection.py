"""The window's end of a connection: bytes there and back, over what the system has for it."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

_READ_BYTES: Final = 65536


class Connection(Protocol):
    """A connection to the agent. One thread sends, another one receives, any may hang up."""

    def send(self, data: bytes, /) -> None:
        """Sends all of it. Raises OSError: it cannot, or not in time."""

    def receive(self) -> bytes:
        """Waits for what comes; empty: the connection has ended.

        Raises:
            TimeoutError: nothing came for long. Nothing is lost by it.
            OSError: it cannot be read.
        """

    def hang_up(self) -> None:
        """Ends it for both sides; whoever waits in it comes back."""

    def close(self) -> None:
        """Hangs up, and gives back what it took from the system."""


Connect = Callable[[str, float], Connection]
"""Connects to an address; no sending or waiting takes longer than so many seconds. Raises OSError."""


class SocketConnection:
    """Over a local socket."""

    def __init__(self, path: str, seconds: float) -> None:
        """Connects. Raises OSError: nobody listens there, or there are no such sockets here."""
        family = getattr(socket, "AF_UNIX", None)
        if family is None:
            raise OSError("no such sockets on this system")
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(seconds)
            self._socket.connect(path)
        except OSError:
            self._socket.close()
            raise

    def send(self, data: bytes, /) -> None:
        """See `Connection`."""
        self._socket.sendall(data)

    def receive(self) -> bytes:
        """See `Connection`."""
        return self._socket.recv(_READ_BYTES)

    def hang_up(self) -> None:
        """See `Connection`."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """See `Connection`."""
        self._socket.close()


def connect_here(address: str, seconds: float) -> Connection:
    """Connects over what this system has: a local socket, or a named pipe on Windows. Raises OSError."""
    if sys.platform == "win32":
        from madoguchi.device_control.windows_pipe import PipeConnection

        return PipeConnection(address, seconds)
    else:
        return SocketConnection(address, seconds)
