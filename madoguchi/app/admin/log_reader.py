"""The server's text log, read line by line: the bad sign-ins in it, and how far it has been read.

PostgreSQL writes a line for each message and begins it as ``log_line_prefix`` says, here ``%m [%p] %h ``
with the time in UTC. Where a message itself holds the end of a line, what follows begins with a tab. So
nobody who chooses a message's words, a user name among them, can begin a line; and what stands behind the
beginning is taken only if it is PostgreSQL's own sentence, with a login in it that could be one of ours.
"""

from __future__ import annotations

import datetime as dt
import errno
import ipaddress
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

_MOST_BYTES: Final = 1 << 20
"""What is read at a time."""

# the login as account.add_staff takes it; bytes, and \Z: a carriage return ends no line of PostgreSQL's
_FAILED: Final = re.compile(
    rb"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) UTC \[(\d{1,10})\] ([0-9A-Fa-f.:%a-z]{2,60}) "
    rb'FATAL:  password authentication failed for user "([a-z][a-z0-9_]{2,29})"\Z'
)


@dataclass(frozen=True, slots=True)
class FailedSignIn:
    """A sign-in that was refused for its password, as the server's log tells of it.

    Attributes:
        at: when, in UTC, to the millisecond.
        pid: of the connection; with the time and the login it tells one such sign-in from another.
        host: the address that it came from.
    """

    login: str
    at: dt.datetime
    pid: int
    host: str


def failed_sign_in(line: bytes) -> FailedSignIn | None:
    """What a line of the log, without its end, says of a bad sign-in; None: it says something else."""
    found = _FAILED.match(line)
    if found is None:
        return None
    at, pid, host, login = (part.decode("ascii") for part in found.groups())
    try:
        moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
        ipaddress.ip_address(host)
    except ValueError:
        return None
    return FailedSignIn(login, moment, int(pid), host)


@dataclass(frozen=True, slots=True)
class Position:
    """How far the log was read: a file, named with the host whose log it is, and the bytes read of it."""

    file: str = ""
    offset: int = 0


class LogReader:
    """Reads the ``*.log`` files of a directory, whose names stand in the order in which they were written.

    PostgreSQL's are so when ``log_filename`` names the time from the year down. A file is read to its end
    before the next one is begun. ``position`` is where it goes on; one of another host's log (the database
    was copied from there) begins at this host's newest file, as does none.
    """

    def __init__(self, directory: Path, position: Position, *, host: str | None = None) -> None:
        self._directory = directory
        self._host = host or socket.gethostname()
        whose, _, self._name = position.file.rpartition("/")
        self._offset = position.offset
        if whose != self._host:
            self._name, self._offset = "", 0

    @property
    def position(self) -> Position:
        """Up to where all has been given out."""
        return Position(f"{self._host}/{self._name}" if self._name else "", self._offset)

    def read(self) -> Iterator[FailedSignIn]:
        """The bad sign-ins of the next stretch of the log, perhaps none; call it until ``position`` stays.

        ``position`` has moved when the last one has been given out, and not before.

        Raises:
            OSError: the log cannot be read, or there is none.
        """
        names = sorted(path.name for path in self._directory.glob("*.log"))
        if not names:
            raise FileNotFoundError(errno.ENOENT, "no log is written there", str(self._directory))
        if not self._name:
            self._name, self._offset = names[-1], 0
        stretch, after = self._next_lines()
        for line in stretch:
            if (failed := failed_sign_in(line)) is not None:
                yield failed
        if after == self._offset:
            # nothing more came since the last look: the next file was begun after all of this one was written
            later = [name for name in names if name > self._name]
            if later:
                self._name, after = later[0], 0
            elif self._name not in names:
                self._name, after = names[-1], 0
        self._offset = after

    def _next_lines(self) -> tuple[list[bytes], int]:
        """Whole lines from where we are, and where they end."""
        try:
            with (self._directory / self._name).open("rb") as log:
                # a file shorter than it was has been begun anew
                if log.seek(0, 2) < self._offset:
                    self._offset = 0
                log.seek(self._offset)
                block = log.read(_MOST_BYTES)
                whole = block.rfind(b"\n") + 1
                if not whole and len(block) == _MOST_BYTES:
                    return [], self._past_the_line(log)
        except FileNotFoundError:
            return [], self._offset
        return block[:whole].split(b"\n"), self._offset + whole

    def _past_the_line(self, log: BinaryIO) -> int:
        """Where a line ends that is longer than any of a sign-in: what is in its middle begins no line."""
        while block := log.read(_MOST_BYTES):
            end = block.find(b"\n")
            if end >= 0:
                return log.tell() - len(block) + end + 1
        return self._offset
