"""A receipt printer on a socket: takes what is sent, answers what it is asked, or fails as printers do."""

from __future__ import annotations

import contextlib
import os
import pty
import socket
import threading
import tty
from collections.abc import Callable
from functools import partial

_HOW_IS_IT, _AT_THE_END = b"\x10\x04\x02", b"\x1dr\x01"
READY = 0x12


class FakePrinter:
    """Takes slips one after another, each over a connection of its own, until it is closed.

    Attributes:
        slips: what was printed, each without the questions around it; also the part of one that broke off.
        state: what it answers when it is asked how it is. None: nothing, it hangs.
        paper: what it answers at the end. None: nothing.
        dies_after: closes the connection after so many bytes of a slip; None: it does not.
    """

    def __init__(self) -> None:
        self.slips: list[bytes] = []
        self.state: int | None = READY
        self.paper: int | None = 0
        self.dies_after: int | None = None
        self._connected: socket.socket | None = None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, name="fake printer", daemon=True)
        self._thread.start()

    @property
    def place(self) -> str:
        """Its address, as a terminal's setting says it."""
        return f"127.0.0.1:{self._listening.getsockname()[1]}"

    def hang_up(self) -> None:
        """Lets go of whoever is connected, as when it is switched off."""
        if self._connected is not None:
            with contextlib.suppress(OSError):
                self._connected.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Closes its door: whoever comes is refused."""
        with contextlib.suppress(OSError):
            # a thread that waits in accept is woken
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connected, _ = self._listening.accept()
            except OSError:
                return
            self._connected = connected
            with connected, contextlib.suppress(OSError):
                self._talk(partial(connected.recv, 4096), connected.sendall)

    def _talk(self, read: Callable[[], bytes], write: Callable[[bytes], object]) -> None:
        came = b""
        while not came.startswith(_HOW_IS_IT):
            more = read()
            if not more:
                return
            came += more
        if self.state is not None:
            write(bytes([self.state]))
        slip = came[len(_HOW_IS_IT) :]
        place = len(self.slips)
        while not slip.endswith(_AT_THE_END):
            if self.dies_after is not None and len(slip) >= self.dies_after:
                self.slips.append(slip)
                return
            more = read()
            if not more:
                if slip:
                    self.slips.append(slip)
                return
            slip += more
        self.slips[place:] = [slip[: -len(_AT_THE_END)]]
        if self.paper is None:
            # whoever waits gives up first
            read()
        else:
            write(bytes([self.paper]))


class DevicePrinter(FakePrinter):
    """The same at a device: one slip, over a pseudo-terminal that passes bytes on as they are."""

    def __init__(self) -> None:
        self._ours, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        super().__init__()

    @property
    def place(self) -> str:
        """Its path."""
        return os.ttyname(self._theirs)

    def close(self) -> None:
        """Lets go of the device."""
        # whoever reads at the other end is woken
        os.close(self._theirs)
        super().close()
        os.close(self._ours)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            self._talk(lambda: os.read(self._ours, 4096), lambda answer: os.write(self._ours, answer))
