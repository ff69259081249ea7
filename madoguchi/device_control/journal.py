"""The agent's records: on the disk before anything is done, in one chain, until the server has them.

The folder has files of at most a thousand records, each named by its first number, one record a line:
`<seq> <mac> <JSON>`. `confirmed` says up to where the server has them, with the MAC that the next one goes on
from. A crash in the midst of a line leaves a part of it, at the end of the last file: nothing was done on it
yet, so it is cut off. Anything else that cannot be read is damage, and then nothing is recorded or opened.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from madoguchi.device_control.kept_files import OPENED, keep, sync, sync_data
from madoguchi.device_control.key_mark import KeyMark
from madoguchi.device_control.sealed import (
    BEFORE_FIRST,
    KEY_BYTES,
    BadText,
    mac,
    read_receipt,
    record_text,
    same,
)

MOST_RECORDS: Final = 50_000
MOST_BYTES: Final = 32 << 20
"""A device that comes and goes by itself fills no disk: behind either bound nothing is opened any more."""
_MINOR_SHARE: Final = (4, 5)
"""So much of either bound may be filled by what opens nothing. The rest is kept for what does, as for the
keyboard with which somebody signs in, so that a window can take the records to the server."""
_MOST_OWED: Final = 1000
MOST_RECORDS_AT_ONCE: Final = 100
_IN_A_FILE: Final = 1000
_LINE: Final = re.compile(r"([1-9][0-9]{0,15}) ([0-9a-f]{64}) (\{.*\})")


class NotKept(Exception):
    """It is not on the disk, so nothing may be done on it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its number, its JSON, and the MAC over both and the MAC before."""

    seq: int
    text: str
    mac: str


class Journal:
    """The records in a folder, which is made if it is not there. `now` tells the time of a record.

    Records that were made with another key are put aside first, and the numbers begin at 1 (`aside`).

    Opening it never raises: where the folder cannot be read or made, or there is no key, every `append`
    raises NotKept.
    """

    def __init__(self, folder: Path, terminal: str, key: bytes, now: Callable[[], str]) -> None:
        self._folder, self._terminal, self._key, self._now = folder, terminal, key, now
        self._waiting: list[Record] = []
        self._bytes = 0
        self._confirmed = (0, BEFORE_FIRST)
        self._owed: list[str] = []
        self._left_out = 0
        self.fault = ""
        """Why nothing can be recorded at the moment; empty: it can."""
        self.aside = ""
        """The name of the folder in which the records of another key are now; empty: there were none."""
        self._damaged = False
        if len(key) != KEY_BYTES:
            self._damaged, self.fault = True, "there is no key"
            return
        try:
            self._mark = KeyMark(folder, terminal, key)
            self.aside = self._mark.aside
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._load()
        except (OSError, ValueError) as error:
            self._damaged = True
            self.fault = f"the records cannot be read: {error}"

    @property
    def unsent(self) -> int:
        """How many records the server has not confirmed."""
        return len(self._waiting)

    def append(self, what: str, fields: Mapping[str, Any], *, minor: bool = False) -> None:
        """Writes a record; it is on the disk when this returns.

        Args:
            minor: it opens nothing, and may fill four fifths of the room at most.

        Raises:
            NotKept: it is not.
        """
        if minor and not self._has_room_for_minor():
            raise NotKept("there are too many records of this kind that the server has not confirmed")
        self._write([*self._owed, self._text(what, fields)])
        self._owed.clear()
        self._left_out = 0

    def note(self, what: str, fields: Mapping[str, Any], *, minor: bool = False) -> None:
        """Writes a record of what was or will be done in any case: closing waits for no disk.

        What cannot be written is owed, with its time, until something can; a thousand records at most. How
        many were left out, there and where a `minor` one has no room, the next record says (`left_out`).
        """
        if minor and not self._has_room_for_minor():
            self._left_out += 1
            return
        text = self._text(what, fields)
        try:
            self._write([*self._owed, text])
            self._owed.clear()
        except NotKept:
            if len(self._owed) >= _MOST_OWED:
                self._left_out += 1
                return
            self._owed.append(text)
        self._left_out = 0

    def settle(self) -> bool:
        """Writes what is owed; returns whether records can be written (again)."""
        with suppress(NotKept):
            self._write(self._owed)
            self._owed.clear()
        return not self.fault

    def after(self, seq: int) -> list[Record]:
        """The records behind a number that are not confirmed, in order, a hundred at most."""
        first = self._waiting[0].seq if self._waiting else 0
        place = max(0, seq + 1 - first)
        return self._waiting[place : place + MOST_RECORDS_AT_ONCE]

    def confirm(self, receipt: str, receipt_mac: str) -> int | None:
        """Lets go of what the server has, by its receipt; returns up to where.

        None: it is no receipt for us. One for a record that is none of ours is of another journal, which was
        at this terminal before: the server never saw what has its number here. An older one changes nothing.

        Raises:
            NotKept: that they were confirmed cannot be written; they stay.
        """
        try:
            seq, last_mac = read_receipt(receipt, self._terminal)
        except BadText:
            return None
        if len(self._key) != KEY_BYTES or not same(mac(self._key, receipt), receipt_mac):
            return None
        if seq < self._confirmed[0] or (seq, last_mac) == self._confirmed:
            return self._confirmed[0]
        taken = [record for record in self._waiting if record.seq <= seq]
        if not taken or (taken[-1].seq, taken[-1].mac) != (seq, last_mac):
            return None
        self._let_go(taken)
        return seq

    def _has_room_for_minor(self) -> bool:
        part, whole = _MINOR_SHARE
        return (
            (len(self._waiting) + len(self._owed)) * whole < MOST_RECORDS * part
            and self._bytes * whole < MOST_BYTES * part
            and len(self._owed) * whole < _MOST_OWED * part
        )

    def _let_go(self, taken: list[Record]) -> None:
        last = taken[-1]
        try:
            keep(self._folder / "confirmed", f"{last.seq} {last.mac}\n")
        except OSError as error:
            raise NotKept(str(error)) from error
        self._confirmed = (last.seq, last.mac)
        self._bytes -= sum(len(_line(record)) for record in taken)
        del self._waiting[: len(taken)]
        files = self._files()
        ends = [*(int(file.name) for file in files[1:]), self._last()[0] + 1]
        for file, end in zip(files, ends, strict=False):
            if end <= last.seq + 1:
                # left behind, it is read as confirmed and taken away next time
                with suppress(OSError):
                    file.unlink()

    def _write(self, texts: list[str]) -> None:
        if self._damaged:
            raise NotKept(self.fault)
        if not texts:
            # room may have been made since
            if self.fault:
                self._probe()
            return
        seq, before = self._last()
        made: list[Record] = []
        for number, text in enumerate(texts, seq + 1):
            before = mac(self._key, record_text(self._terminal, number, before, text))
            made.append(Record(number, text, before))
        raw = b"".join(map(_line, made))
        if len(self._waiting) + len(made) > MOST_RECORDS or self._bytes + len(raw) > MOST_BYTES:
            self.fault = "there are too many records that the server has not confirmed"
            raise NotKept(self.fault)
        self._put(self._file_for(made[0].seq), raw)
        self._waiting += made
        self._bytes += len(raw)
        self.fault = ""

    def _file_for(self, seq: int) -> Path:
        files = self._files()
        if files and seq - int(files[-1].name) < _IN_A_FILE:
            return files[-1]
        return self._folder / f"{seq:016d}"

    def _put(self, file: Path, raw: bytes) -> None:
        """Adds lines to a file, all or none of them. Raises NotKept."""
        try:
            self._mark.put()
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | OPENED, 0o600)
            try:
                size = os.fstat(descriptor).st_size
                if not size:
                    # its name first, also where an earlier try failed: a line in it would have to be cut off
                    sync(file.parent)
                try:
                    if os.write(descriptor, raw) != len(raw):
                        raise OSError("the disk is full")
                    sync_data(descriptor)
                except OSError:
                    # until it is cut off again, what follows a part of a line would be damage
                    self._damaged = True
                    os.ftruncate(descriptor, size)
                    self._damaged = False
                    raise
            finally:
                os.close(descriptor)
        except OSError as error:
            self.fault = str(error)
            raise NotKept(self.fault) from error

    def _probe(self) -> None:
        if len(self._waiting) < MOST_RECORDS and self._bytes < MOST_BYTES:
            try:
                keep(self._folder / "room", "-\n" * 2048)
                (self._folder / "room").unlink()
            except OSError as error:
                self.fault = str(error)
                raise NotKept(self.fault) from error
            self.fault = ""

    def _last(self) -> tuple[int, str]:
        last = self._waiting[-1] if self._waiting else None
        return (last.seq, last.mac) if last is not None else self._confirmed

    def _text(self, what: str, fields: Mapping[str, Any]) -> str:
        seq = self._last()[0] + len(self._owed) + 1
        record = {"seq": seq, "at": self._now(), "what": what, **fields}
        if self._left_out:
            record["left_out"] = self._left_out
        # escaped, it is one line of plain characters, whatever a device calls itself
        return json.dumps(record, separators=(",", ":"))

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]" * 16))

    def _load(self) -> None:
        with suppress(FileNotFoundError):
            seq, _, said = (self._folder / "confirmed").read_text(encoding="ascii").strip().partition(" ")
            self._confirmed = (int(seq), said)
        files = self._files()
        for file in files:
            raw = file.read_bytes()
            good = 0
            for line in raw.splitlines(keepends=True):
                record = _record(line)
                if record is None:
                    break
                good += len(line)
                if record.seq > self._confirmed[0]:
                    self._take(record)
            if good < len(raw):
                self._cut(file, good, raw, is_last=file == files[-1])

    def _take(self, record: Record) -> None:
        seq, before = self._last()
        if record.seq != seq + 1 or not same(
            mac(self._key, record_text(self._terminal, record.seq, before, record.text)), record.mac
        ):
            raise ValueError(f"record {record.seq} does not follow the one before")
        self._waiting.append(record)
        self._bytes += len(_line(record))

    def _cut(self, file: Path, good: int, raw: bytes, *, is_last: bool) -> None:
        # only what was never acted on: one unfinished write, with no whole record behind its first line
        rest = raw[good:].splitlines(keepends=True)
        if not is_last or any(_record(line) is not None for line in rest):
            raise ValueError(f"{file.name} is damaged")
        os.truncate(file, good)


def _line(record: Record) -> bytes:
    return f"{record.seq} {record.mac} {record.text}\n".encode()


def _record(line: bytes) -> Record | None:
    try:
        found = _LINE.fullmatch(line.decode().removesuffix("\n"))
    except UnicodeDecodeError:
        return None
    if found is None or not line.endswith(b"\n"):
        return None
    return Record(int(found[1]), found[3], found[2])
