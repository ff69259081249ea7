"""Copying from a stick and to it: a file is checked before it has its name, and is what was checked.

It is copied into a hidden folder that only this account may enter, and checked there; one that is clean gets
its name by a link, one that is not is deleted. What leaves is copied and checked in the same way before the
stick sees it, and has its name there only when it is whole. What is clean is on record before anything of it
is to be seen or leaves: a program that is killed has copied nothing that is on none. What a program that died
left hidden is cleared by `clear_left` at the next start, and by the next copy to that stick.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from madoguchi.app import files
from madoguchi.app.devices.virus_check import CheckVerdict, VirusCheck

MOST_LISTED: Final = 500
DEEPEST: Final = 4
MOST_BYTES: Final = 2 * 1024**3
"""Of one file: what takes longer than the exception may is not begun."""

_HIDDEN: Final = ".checking-"
_UNFINISHED: Final = ".madoguchi-"
"""How what is not whole yet begins on a stick."""
_PART: Final = 1024 * 1024
_LONGEST_NAME: Final = 150
_MOST_NAMES: Final = 1000


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that could be copied: its path below the folder, as it stands there, and its size in bytes."""

    path_untrusted: str
    size: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What could be copied from a folder.

    Attributes:
        files: the files, by their paths.
        more: there is, or may be, more in there than these.
    """

    files: tuple[Listed, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of copying.

    Attributes:
        verdict: of the check: clean, or the worst that was met; nothing is copied after it.
        names: the names under which files are to be seen now.
        size: of these, in bytes.
        why: of a file that could not be read or written: the system's own words, and the verdict is
            ``FAILED`` though no check failed; else empty.
    """

    verdict: CheckVerdict
    names: tuple[str, ...] = field(default=(), repr=False)
    size: int = 0
    why: str = ""


Progress = Callable[[int, int], None]
"""Is told how many files of how many are done."""


class Noting(Protocol):
    """Puts on record what is clean; several files in one note, for a copy of many would wait for each."""

    def is_due(self, size: int) -> bool:
        """Whether what is clean by now, ``size`` bytes, is to be noted before the next file."""
        ...

    def note(self, files: int, size: int) -> bool:
        """Notes it, and waits for that; whether it is on record. ``size`` in bytes, of all together."""
        ...


def listed(folder: Path) -> Listing:
    """The ordinary files below a folder; at most 500, at most four folders deep.

    Links, devices, whatever begins with a dot and what cannot be read are left out, and ``more`` says so.
    Raises OSError if the folder cannot be read.
    """
    found: list[Listed] = []
    is_whole = _walk(folder, "", 0, found)
    return Listing(tuple(sorted(found, key=lambda each: each.path_untrusted)), more=not is_whole)


def _walk(folder: Path, below: str, depth: int, found: list[Listed]) -> bool:
    """Returns whether all that is in there was found. Raises OSError."""
    is_whole = True
    with os.scandir(folder) as entries:
        for entry in entries:
            if len(found) >= MOST_LISTED:
                return False
            try:
                is_whole = _look_at(entry, below, depth, found) and is_whole
            except OSError:
                is_whole = False
    return is_whole


def _look_at(entry: os.DirEntry[str], below: str, depth: int, found: list[Listed]) -> bool:
    if entry.name.startswith("."):
        return False
    if entry.is_file(follow_symlinks=False):
        found.append(Listed(below + entry.name, entry.stat(follow_symlinks=False).st_size))
        return True
    if not entry.is_dir(follow_symlinks=False) or depth + 1 >= DEEPEST:
        return False
    return _walk(Path(entry.path), f"{below}{entry.name}/", depth + 1, found)


def copy(
    source: Path,
    names: Sequence[str],
    target: Path,
    hidden_in: Path,
    check: VirusCheck,
    cancelled: threading.Event,
    notes: Noting,
    progress: Progress = lambda done, of: None,
) -> Copied:
    """Copies files from one folder into another, each checked, and on record, before it has its name there.

    ``names`` are paths below ``source``; they are checked in ``hidden_in``, on this terminal's own disk. A
    file that is there already is never written over. The first one that is not clean ends it. Whoever
    cancels what was noted of files that leave may still keep them from leaving.
    """
    checked = _Checked(target, cancelled, notes, is_here=target == hidden_in)
    verdict, why = CheckVerdict.CLEAN, ""
    try:
        with _hidden_folder(hidden_in) as hidden:
            try:
                verdict = _check_each(source, names, hidden, check, cancelled, checked, progress)
            except OSError as error:
                verdict, why = CheckVerdict.FAILED, _words(error)
            # those before the one that ended it were clean
            if verdict is not CheckVerdict.CANCELLED and not checked.give() and verdict is CheckVerdict.CLEAN:
                verdict = CheckVerdict.CANCELLED
    except OSError as error:
        if verdict is CheckVerdict.CLEAN:
            verdict, why = CheckVerdict.FAILED, _words(error)
    if verdict is CheckVerdict.CLEAN:
        progress(len(names), len(names))
    return Copied(verdict, tuple(checked.names), checked.size, why)


def _check_each(
    source: Path,
    names: Sequence[str],
    hidden: Path,
    check: VirusCheck,
    cancelled: threading.Event,
    checked: _Checked,
    progress: Progress,
) -> CheckVerdict:
    """Until one is not clean; returns that verdict. Raises OSError."""
    for place, name in enumerate(names):
        progress(place, len(names))
        unseen = hidden / secrets.token_hex(8)
        length = _fetch(source, name, unseen, checked, cancelled)
        verdict = CheckVerdict.CANCELLED if length < 0 else check.check(unseen, cancelled)
        if verdict is CheckVerdict.CLEAN and cancelled.is_set():
            verdict = CheckVerdict.CANCELLED
        if verdict is not CheckVerdict.CLEAN:
            return verdict
        if not checked.add(unseen, name, length):
            return CheckVerdict.CANCELLED
    return CheckVerdict.CLEAN


class _Checked:
    """Files that are clean, hidden until they are on record.

    Attributes:
        names: the names under which files are to be seen now, ``size`` their bytes.
        waiting_size: of those that are still hidden, in bytes.
    """

    def __init__(self, target: Path, cancelled: threading.Event, notes: Noting, *, is_here: bool) -> None:
        self.target = target
        self.names: list[str] = []
        self.size = 0
        self.waiting_size = 0
        self._cancelled = cancelled
        self._notes = notes
        self._is_here = is_here
        self._waiting: list[tuple[Path, str]] = []

    def room(self) -> int:
        """How many bytes the target has for the next file."""
        # a link takes none
        return shutil.disk_usage(self.target).free - (0 if self._is_here else self.waiting_size)

    def add(self, unseen: Path, name: str, length: int) -> bool:
        """One more, and all of them if they are to be noted by now; as ``give``."""
        self._waiting.append((unseen, name))
        self.waiting_size += length
        return not self._notes.is_due(self.waiting_size) or self.give()

    def give(self) -> bool:
        """Has them noted, then lets them be seen; False: they are not on record, or it was cancelled.

        Raises OSError.
        """
        waiting, self._waiting = self._waiting, []
        length, self.waiting_size = self.waiting_size, 0
        if waiting and not self._notes.note(len(waiting), length):
            return False
        for unseen, name in waiting:
            given = _Namer(self.target, plain_name(name)).give(unseen, self._cancelled, by_link=self._is_here)
            if given is None:
                return False
            unseen.unlink()
            self.names.append(given[0])
            self.size += given[1]
        return True


def _words(error: OSError) -> str:
    return error.strerror or str(error.errno)


def clear_left(hidden_in: Path) -> None:
    """Deletes what a program that died left hidden. To be called while nothing is copied."""
    with suppress(OSError):
        for left in hidden_in.glob(f"{_HIDDEN}*"):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _hidden_folder(parent: Path) -> Iterator[Path]:
    files.make_folder(parent, 0o700)
    # of its own: a copy of the session before may still hang in what its stick does not answer
    hidden = Path(tempfile.mkdtemp(prefix=_HIDDEN, dir=parent))
    try:
        yield hidden
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _fetch(source: Path, name: str, unseen: Path, checked: _Checked, cancelled: threading.Event) -> int:
    """Copies what is to be checked; -1 if it was cancelled. Raises OSError."""
    descriptor = _open_below(source, name)
    length = 0
    with os.fdopen(descriptor, "rb") as read:
        expected = os.fstat(descriptor).st_size
        if expected > MOST_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        if min(shutil.disk_usage(unseen.parent).free, checked.room()) < expected:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        made = os.open(unseen, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "wb") as written:
            while part := read.read(_PART):
                if cancelled.is_set():
                    return -1
                length += len(part)
                # it may have grown
                if length > MOST_BYTES:
                    raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
                written.write(part)
            written.flush()
            os.fsync(made)
    return length


def _open_below(folder: Path, path: str) -> int:
    """Opens an ordinary file below a folder without following a link anywhere. Raises OSError."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = inner
        # without O_NONBLOCK a pipe would wait for whoever writes
        found = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
    finally:
        os.close(at)
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    return found


def plain_name(path_untrusted: str) -> str:
    """A name for a file that came from outside: its last part, printable, not hidden, not too long."""
    name = PurePosixPath(path_untrusted).name
    name = "".join(each if each.isprintable() and each not in '/\\:*?"<>|' else "_" for each in name)
    name = name.strip(" .") or "_"
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = name, ""
    room = _LONGEST_NAME - len(ending.encode()) - 1
    while len(stem.encode()) > room:
        stem = stem[:-1]
    return f"{stem}.{ending}" if ending else stem


class _Namer:
    """Lets a file that was checked be seen in a folder, under the first of its names that is free."""

    def __init__(self, target: Path, name: str) -> None:
        self._target = target
        stem, dot, ending = name.rpartition(".")
        if not dot:
            stem, ending = name, ""
        numbered = (f"{stem} ({number}){dot}{ending}" for number in range(2, _MOST_NAMES))
        self._names = (name, *numbered)

    def give(self, unseen: Path, cancelled: threading.Event, *, by_link: bool) -> tuple[str, int] | None:
        """Returns the name, and how many bytes are there; None: it was cancelled. Raises OSError."""
        if by_link:
            size = unseen.stat().st_size
            try:
                return self._first_free(lambda named: os.link(unseen, named)), size
            except FileExistsError:
                raise
            except OSError:
                # a file system that knows no links
                pass
        # a stick that was pulled out in the middle
        for left in self._target.glob(f"{_UNFINISHED}*"):
            left.unlink(missing_ok=True)
        unfinished = self._target / f"{_UNFINISHED}{secrets.token_hex(8)}"
        try:
            size = _write_whole(unseen, unfinished, cancelled)
            if size < 0:
                return None
            return self._first_free(lambda named: _rename(unfinished, named)), size
        finally:
            # the stick may be gone; what went wrong before is what is told
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)

    def _first_free(self, put: Callable[[Path], None]) -> str:
        for name in self._names:
            try:
                put(self._target / name)
            except FileExistsError:
                continue
            return name
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _rename(unfinished: Path, named: Path) -> None:
    """Raises OSError, FileExistsError where the name is taken."""
    # a stick's file system has no links, by which this would be one step
    if os.path.lexists(named):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    unfinished.rename(named)


def _write_whole(unseen: Path, unfinished: Path, cancelled: threading.Event) -> int:
    """Returns how many bytes were written; -1: it was cancelled. Raises OSError."""
    size = 0
    made = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(made, "wb") as written, unseen.open("rb") as read:
        while part := read.read(_PART):
            if cancelled.is_set():
                return -1
            size += written.write(part)
        written.flush()
        os.fsync(made)
    return -1 if cancelled.is_set() else size
