"""Where a text stands in the memory of another process."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENCODINGS = {"UTF-8": "utf-8", "UTF-16": "utf-16-le", "UTF-32": "utf-32-le"}
"""As C, Qt and ODBC, and Python's widest strings keep it."""
PLACES = ("heap", "anonymous", "stack", "library")
_PIECE = 16 << 20


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy: how it is written, in what kind of mapping, and where."""

    encoding: str
    place: str
    address: int


class Copies(list[Copy]):
    """Everything that was found."""

    def by_place(self) -> dict[str, float]:
        """How many are in each kind of mapping; anonymous ones hold Python's objects and threads' heaps."""
        counted = Counter(copy.place for copy in self)
        return {f"{place}:": float(counted[place]) for place in PLACES}

    def by_encoding(self) -> dict[str, float]:
        """How many are written in each way."""
        counted = Counter(copy.encoding for copy in self)
        return {f"{name}:": float(counted[name]) for name in ENCODINGS}


def copies_of(text: str, pid: int) -> Copies:
    """Every copy of a text in what can be read of a process, which stands still meanwhile.

    Raises PermissionError: this account may not look.
    """
    needles = {name: text.encode(codec) for name, codec in ENCODINGS.items()}
    os.kill(pid, signal.SIGSTOP)
    try:
        while Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][0] != "T":
            time.sleep(0.01)
        return Copies(_search(needles, pid))
    finally:
        os.kill(pid, signal.SIGCONT)


def _search(needles: dict[str, bytes], pid: int) -> Iterator[Copy]:
    overlap = max(map(len, needles.values())) - 1
    memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        for first, last, place in _readable(pid):
            for begin in range(first, last, _PIECE):
                piece = b""
                # what the kernel maps for itself is listed, and cannot be read
                with contextlib.suppress(OSError):
                    piece = os.pread(memory, min(_PIECE + overlap, last - begin), begin)
                for name, needle in needles.items():
                    at = piece.find(needle)
                    while 0 <= at < _PIECE:
                        yield Copy(name, place, begin + at)
                        at = piece.find(needle, at + 1)
    finally:
        os.close(memory)


def _readable(pid: int) -> Iterator[tuple[int, int, str]]:
    for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
        addresses, rights, _, _, _, *name = line.split(maxsplit=5)
        first, last = (int(each, 16) for each in addresses.split("-"))
        if rights.startswith("r"):
            yield first, last, _place(name[0] if name else "")


def _place(name: str) -> str:
    if name.startswith("/"):
        return "library"
    return {"[heap]": "heap", "[stack]": "stack"}.get(name, "anonymous")
