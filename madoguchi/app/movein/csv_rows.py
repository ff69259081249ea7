"""A CSV file from outside, read row by row: its encoding, its header, and rows that may be anything.

Memory is bounded whatever the file holds: a line that is too long is skipped in pieces, a quotation mark that
is never closed spoils its own line and no other. No sentence repeats what the file says, its header included:
the first row of a file without one is a person.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from madoguchi.app.movein.columns import COLUMNS, LONGEST_RECORD, MOST_LINES, File
from madoguchi.app.movein.problems import Problem

ENCODINGS: Final = ("utf-8", "cp932")
_PIECE: Final = 1 << 18
_BOM: Final = codecs.BOM_UTF8
_MOST_COLUMNS: Final = 200


class NotReadable(Exception):
    """A file that is not moved in at all; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was looked through once.

    Attributes:
        encoding: Python's name of it.
        lines: how many there are, about as many as rows.
    """

    path: Path
    file: File
    sha256: str
    encoding: str
    lines: int


@dataclass(frozen=True, slots=True)
class Header:
    """Where each of our columns stands; ``unknown``: the places (from 1) of those that are none of ours."""

    places: dict[str, int]
    width: int
    unknown: tuple[int, ...]


Record = tuple[int, list[str] | Problem]
"""A row's number, as a spreadsheet counts it (the header is row 1), and its fields or why there are none."""


def look_through(folder: Path, file: File, encoding: str | None) -> Source:
    """Finds out which file it is and how its letters are written: strictly, for all of it, or not at all.

    With ``encoding`` it is read in that one, and rows with bytes that are none of it are refused one by one.

    Raises:
        NotReadable: it is not there, cannot be read, is empty or in no encoding that is known.
    """
    path = folder / file.csv
    digest = hashlib.sha256()
    candidates = {name: codecs.getincrementaldecoder(name)("strict") for name in ENCODINGS}
    first_bad: dict[str, int] = {}
    lines = size = 0
    with _sentences(path), path.open("rb") as opened:
        while piece := opened.read(_PIECE):
            digest.update(piece)
            for name in [name for name in candidates if name not in first_bad]:
                try:
                    candidates[name].decode(piece)
                except UnicodeDecodeError:
                    first_bad[name] = lines + 1
            lines += piece.count(b"\n")
            size += len(piece)
    if not size:
        raise NotReadable(f"{path}: it is empty; its first row names the columns")
    for name in [name for name in candidates if name not in first_bad]:
        try:
            candidates[name].decode(b"", final=True)
        except UnicodeDecodeError:
            first_bad[name] = lines + 1
    found = encoding or next((name for name in ENCODINGS if name not in first_bad), None)
    if found is None:
        raise NotReadable(
            f"{path}: it is neither UTF-8 nor CP932 throughout; with --encoding only the rows that cannot be"
            " read are refused"
        )
    return Source(path, file, digest.hexdigest(), found, lines)


class Rows:
    """The rows of a file, one after the other; ``header`` is read first.

    Raises:
        NotReadable: the header is not the documented one, or the file changes while it is read.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._pushed = deque[str]()
        self._row = 0
        # the last line was read as far as its carriage return
        self._cut = False

    def __iter__(self) -> Iterator[Record]:
        with _sentences(self._source.path), self._open() as stream:
            before = os.fstat(stream.fileno())
            records = self._records(stream)
            self._header(next(records, (1, Problem.NOT_A_ROW))[1])
            yield from records
            after = os.fstat(stream.fileno())
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise NotReadable(f"{self._source.path}: it changed while it was read; stage it --again")

    def header(self) -> Header:
        """Reads the header alone."""
        with _sentences(self._source.path), self._open() as stream:
            found = next(self._records(stream), (1, Problem.NOT_A_ROW))[1]
        self._pushed.clear()
        self._row = 0
        return self._header(found)

    def _open(self) -> TextIO:
        return io.TextIOWrapper(
            self._source.path.open("rb"),
            encoding=self._source.encoding,
            errors="surrogateescape",
            newline="",
        )

    def _header(self, found: list[str] | Problem) -> Header:
        path, known = self._source.path, COLUMNS[self._source.file]
        if isinstance(found, Problem) or len(found) > _MOST_COLUMNS:
            raise NotReadable(f"{path}: its first row cannot be read; it names the columns")
        names = [name.strip(" \t\u3000").lower() for name in found]
        places: dict[str, int] = {}
        for place, name in enumerate(names):
            if name in places:
                raise NotReadable(f"{path}: its first row names the column {name} twice")
            if name in known:
                places[name] = place
        missing = [column.name for column in known.values() if column.needed and column.name not in places]
        if missing:
            raise NotReadable(
                f"{path}: its first row does not name {', '.join(missing)}; it names the columns as"
                " docs/move-in.md has them"
            )
        unknown = tuple(place + 1 for place, name in enumerate(names) if name not in places)
        return Header(places, len(names), unknown)

    def _records(self, stream: TextIO) -> Iterator[Record]:
        while (lines := self._lines_of_row(stream)) is not None:
            self._row += 1
            if isinstance(lines, Problem):
                yield self._row, lines
                continue
            if self._row == 1:
                lines[0] = lines[0].removeprefix("\ufeff")
            if any(line.strip("\r\n") for line in lines):
                yield self._row, self._fields(lines)

    def _fields(self, lines: list[str]) -> list[str] | Problem:
        """The fields of a row. Where its lines are none together, the first is a row alone or none at all."""
        try:
            return _parsed("".join(lines))
        except csv.Error:
            if len(lines) == 1:
                return Problem.NOT_A_ROW
        self._pushed.extendleft(reversed(lines[1:]))
        return self._fields(lines[:1])

    def _lines_of_row(self, stream: TextIO) -> list[str] | Problem | None:
        """The lines of one row, until the quotation marks are even; None: there is no more."""
        line = self._line(stream)
        if line is None or isinstance(line, Problem):
            return line
        lines, length, is_open = [line], len(line), line.count('"') % 2 == 1
        while is_open and len(lines) < MOST_LINES and length < LONGEST_RECORD:
            more = self._line(stream)
            if isinstance(more, Problem):
                self._pushed.appendleft(_TOO_LONG)
            if more is None or isinstance(more, Problem):
                break
            lines.append(more)
            length += len(more)
            is_open ^= more.count('"') % 2 == 1
        return lines

    def _line(self, stream: TextIO) -> str | Problem | None:
        if self._pushed:
            line = self._pushed.popleft()
            return Problem.ROW_TOO_LONG if line is _TOO_LONG else line
        line = self._read(stream)
        if not line:
            return None
        if len(line) < LONGEST_RECORD or line.endswith(("\n", "\r")):
            return line
        while line and not line.endswith(("\n", "\r")):
            line = self._read(stream)
        return Problem.ROW_TOO_LONG

    def _read(self, stream: TextIO) -> str:
        """A line, or as much of it as is read at once; the end of a line is never taken apart."""
        line = stream.readline(LONGEST_RECORD)
        if self._cut and line == "\n":
            line = stream.readline(LONGEST_RECORD)
        self._cut = len(line) == LONGEST_RECORD and line.endswith("\r")
        return line


# stands among the lines that are read anew for one that was skipped
_TOO_LONG: Final = "\x00too long"


def _parsed(text: str) -> list[str]:
    return next(csv.reader([text], strict=True))


def fields_of(record: Sequence[str], header: Header) -> dict[str, str] | Problem:
    """The fields by their columns; empty ones at the end may be left out or be too many."""
    if len(record) != header.width:
        over = record[header.width :]
        if len(record) < header.width or any(over):
            return Problem.FIELD_COUNT
    return {name: record[place] for name, place in header.places.items()}


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # strerror names no value of the file
        raise NotReadable(f"{path}: it cannot be read ({error.strerror})") from error
