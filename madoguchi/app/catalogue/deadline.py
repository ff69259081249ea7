"""One deadline for everything that a fetch waits for, however slowly it comes."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from madoguchi.app.catalogue.fetched import CannotFetch, Reason

if TYPE_CHECKING:
    from typing_extensions import Buffer

_Answer = TypeVar("_Answer")


class Deadline:
    """A moment, so many seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then. Raises CannotFetch when there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise CannotFetch(Reason.TIMED_OUT)
        return left


def within(deadline: Deadline, call: Callable[[], _Answer]) -> _Answer:
    """What `call` returns or raises, where nobody can tell it how long it may take.

    It runs in a thread of its own, which is left behind when the time is up; it keeps no program from ending.

    Raises:
        CannotFetch: the time is up.
    """
    answers: SimpleQueue[tuple[_Answer] | BaseException] = SimpleQueue()

    def work() -> None:
        try:
            answers.put((call(),))
        except BaseException as error:  # noqa: BLE001 - carried to the caller's thread
            answers.put(error)

    threading.Thread(target=work, name="fetch", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except Empty as error:
        raise CannotFetch(Reason.TIMED_OUT) from error
    if isinstance(answer, BaseException):
        raise answer
    return answer[0]


class Line(io.RawIOBase):
    """A connection that is given up at the deadline and after so many bytes, in whatever portions they come.

    Each single wait gets what is left of the time: somebody who sends a byte now and then gains nothing.
    It does not own the socket.

    Raises, wherever it reads or sends:
        CannotFetch: the time is up, or more came than `most` bytes.
        OSError: the connection broke; TimeoutError: the time is up.
    """

    def __init__(self, connected: socket.socket, deadline: Deadline, most: int) -> None:
        self._socket = connected
        self._deadline = deadline
        self._left = most

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        """Waits for some bytes; 0 is the end."""
        self._socket.settimeout(self._deadline.left())
        count = self._socket.recv_into(buffer)
        self._left -= count
        if self._left < 0:
            raise CannotFetch(Reason.TOO_BIG)
        return count

    def send(self, content: bytes) -> None:
        """Sends all of it."""
        while content:
            self._socket.settimeout(self._deadline.left())
            content = content[self._socket.send(content) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        """As a socket's, for reading: what http.client asks of one."""
        return io.BufferedReader(self)
