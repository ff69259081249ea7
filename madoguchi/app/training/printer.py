"""A receipt printer to practise with: it takes slips on a socket of this machine and keeps the last of them.

The tour prints on it, for real but for the paper; like a real one it can be out of paper.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Final

_HOW_IS_IT: Final = b"\x10\x04\x02"
_AT_THE_END: Final = b"\x1dr\x01"
_READY: Final = 0x12
_PAPER_END: Final = 0x20
_MOST: Final = 100_000
"""Bytes of a slip: nobody but the tour is expected, and nobody else gets more of this machine's memory."""


class TrainingPrinter:
    """Takes one slip after another, each over a connection of its own.

    Attributes:
        printed: how many slips came to their end.
        paper: whether there is any.
    """

    def __init__(self) -> None:
        self.printed = 0
        self.paper = True
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, name="training printer", daemon=True)
        self._thread.start()

    @property
    def place(self) -> str:
        """Its address, as a terminal's setting says it."""
        return f"127.0.0.1:{self._listening.getsockname()[1]}"

    def close(self) -> None:
        """Takes nothing more."""
        with contextlib.suppress(OSError):
            # a thread that waits in accept is woken
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connected, _ = self._listening.accept()
            except OSError:
                return
            connected.settimeout(10)
            with connected, contextlib.suppress(OSError):
                self._take(connected)

    def _take(self, connected: socket.socket) -> None:
        came = b""
        asked = False
        while len(came) < _MOST:
            more = connected.recv(4096)
            if not more:
                return
            came += more
            if not asked and came.startswith(_HOW_IS_IT):
                asked = True
                connected.sendall(bytes([_READY if self.paper else _READY | _PAPER_END]))
            if came.endswith(_AT_THE_END):
                self.printed += 1
                connected.sendall(b"\x00")
                return
