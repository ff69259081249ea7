"""The sockets a database driver opened, so that a call that hangs can be cut off.

pyodbc hands out no descriptor.  On Linux the new ones are found in ``/proc/self/fd`` around the
connect; elsewhere there are none to be found, and a lane that hangs is only left behind.
"""

from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL

_DESCRIPTORS = Path("/proc/self/fd")


class Sockets:
    """The sockets one connection to ``url`` uses."""

    def __init__(self, url: URL) -> None:
        self._port = url.port or 5432
        self._looked_for = sys.platform == "linux" and url.get_backend_name() != "sqlite"
        self._found: set[int] = set()
        self._before: set[int] | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Notes what sockets to the server's port are opened meanwhile, also when it fails."""
        before = self._before = self._open()
        try:
            yield
        finally:
            self._before = None
            self._found = self._open() - before

    def shut_down(self) -> None:
        """Ends whatever waits on the sockets, in another thread; they stay that thread's to close."""
        before = self._before
        # still connecting: what has appeared so far is ours
        for descriptor in self._found if before is None else self._open() - before:
            self._shut(descriptor)
        self._found = set()

    def _open(self) -> set[int]:
        if not self._looked_for:
            return set()
        numbers = [int(entry.name) for entry in _DESCRIPTORS.iterdir()]
        return {number for number in numbers if self._leads_there(number)}

    def _leads_there(self, descriptor: int) -> bool:
        with _twin(descriptor) as twin:
            return twin is not None and _port_of_peer(twin) == self._port

    def _shut(self, descriptor: int) -> None:
        with _twin(descriptor) as twin:
            if twin is not None and _port_of_peer(twin) == self._port:
                with suppress(OSError):  # it may close by itself at this very moment
                    twin.shutdown(socket.SHUT_RDWR)


@contextmanager
def _twin(descriptor: int) -> Iterator[socket.socket | None]:
    """A second descriptor of the same socket; None if it is closed by now, or no socket."""
    try:
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            yield None
            return
        copy = os.dup(descriptor)
    except OSError:
        yield None
        return
    with socket.socket(fileno=copy) as twin:
        yield twin


def _port_of_peer(twin: socket.socket) -> int | None:
    try:
        peer = twin.getpeername()
    except OSError:
        return None
    return peer[1] if isinstance(peer, tuple) else None
