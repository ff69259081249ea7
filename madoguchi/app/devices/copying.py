"""Copying from a stick and to it: a file is checked before it has its name, and is what was checked.

It is copied into a hidden folder that only this account may enter, and checked there; one that is clean gets
its name by a link, one that is not is deleted. What leaves is copied and checked in the same way before the
stick sees it. A program that dies in between leaves a nameless file in there, which the next copy clears.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from madoguchi.app import files
from madoguchi.app.devices.virus_check import CheckVerdict, VirusCheck

MOST_LISTED: Final = 500
DEEPEST: Final = 4
MOST_BYTES: Final = 2 * 1024**3
"""Of one file: what takes longer than the exception may is not begun."""

_HIDDEN: Final = ".checking"
_PART: Final = 1024 * 1024
_LONGEST_NAME: Final = 150
_MOST_NAMES: Final = 1000


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that could be copied: its path below the folder, as it stands there, and its size in bytes."""

    path_untrusted: str
    size: int


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of copying.

    Attributes:
        verdict: of the check: clean, or the worst that was met; nothing is copied after it.
        names: the names under which files are to be seen now.
        size: of these, in bytes.
        why: of a file that could not be read or written: the system's own words; else empty.
    """

    verdict: CheckVerdict
    names: tuple[str, ...] = field(default=(), repr=False)
    size: int = 0
    why: str = ""


Progress = Callable[[int, int], None]
"""Is told how many files of how many are done."""


def listed(folder: Path) -> tuple[Listed, ...]:
    """The ordinary files below a folder, by their paths; at most 500, at most four folders deep.

    Links, devices and whatever begins with a dot are left out. Raises OSError if the folder cannot be read.
    """
    found: list[Listed] = []
    _walk(folder, "", 0, found)
    return tuple(sorted(found, key=lambda each: each.path_untrusted))


def _walk(folder: Path, below: str, depth: int, found: list[Listed]) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            if len(found) >= MOST_LISTED:
                return
            if entry.name.startswith("."):
                continue
            if entry.is_file(follow_symlinks=False):
                found.append(Listed(below + entry.name, entry.stat(follow_symlinks=False).st_size))
            elif entry.is_dir(follow_symlinks=False) and depth + 1 < DEEPEST:
                with suppress(OSError):
                    _walk(Path(entry.path), f"{below}{entry.name}/", depth + 1, found)


def copy(
    source: Path,
    names: Sequence[str],
    target: Path,
    hidden_in: Path,
    check: VirusCheck,
    cancelled: threading.Event,
    progress: Progress = lambda done, of: None,
) -> Copied:
    """Copies files from one folder into another, each checked before it has its name there.

    ``names`` are paths below ``source``; they are checked in ``hidden_in``, on this terminal's own disk. A
    file that is there already is never written over. The first one that is not clean ends it.
    """
    done: list[str] = []
    size = 0
    try:
        with _hidden_folder(hidden_in) as hidden:
            for place, name in enumerate(names):
                progress(place, len(names))
                unseen = hidden / secrets.token_hex(8)
                length = _fetch(source, name, unseen, cancelled)
                verdict = CheckVerdict.CANCELLED if length < 0 else check.check(unseen, cancelled)
                if verdict is CheckVerdict.CLEAN and cancelled.is_set():
                    verdict = CheckVerdict.CANCELLED
                if verdict is not CheckVerdict.CLEAN:
                    return Copied(verdict, tuple(done), size)
                done.append(_give_name(unseen, target, plain_name(name)))
                size += length
            progress(len(names), len(names))
    except OSError as error:
        return Copied(CheckVerdict.FAILED, tuple(done), size, error.strerror or str(error.errno))
    return Copied(CheckVerdict.CLEAN, tuple(done), size)


@contextmanager
def _hidden_folder(parent: Path) -> Iterator[Path]:
    hidden = parent / _HIDDEN
    # what a program that died left there
    shutil.rmtree(hidden, ignore_errors=True)
    files.make_folder(hidden, 0o700)
    try:
        yield hidden
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _fetch(source: Path, name: str, unseen: Path, cancelled: threading.Event) -> int:
    """Copies what is to be checked; -1 if it was cancelled. Raises OSError."""
    descriptor = _open_below(source, name)
    length = 0
    with os.fdopen(descriptor, "rb") as read:
        made = os.open(unseen, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "wb") as written:
            while part := read.read(_PART):
                if cancelled.is_set():
                    return -1
                length += len(part)
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
    name = name.lstrip(".").strip() or "_"
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = name, ""
    room = _LONGEST_NAME - len(ending.encode()) - 1
    while len(stem.encode()) > room:
        stem = stem[:-1]
    return f"{stem}.{ending}" if ending else stem


def _give_name(unseen: Path, target: Path, name: str) -> str:
    """Lets a file that was checked be seen; returns the name that was free. Raises OSError."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    for number in range(1, _MOST_NAMES):
        free = name if number == 1 else f"{stem} ({number}){dot}{ending}"
        try:
            _put(unseen, target / free)
        except FileExistsError:
            continue
        return free
    raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))


def _put(unseen: Path, named: Path) -> None:
    """Raises OSError, FileExistsError where the name is taken."""
    try:
        os.link(unseen, named)
    except FileExistsError:
        raise
    except OSError:
        # another file system, a stick's for one, which knows no links
        _copy_whole(unseen, named)
    unseen.unlink()


def _copy_whole(unseen: Path, named: Path) -> None:
    made = os.open(named, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(made, "wb") as written, unseen.open("rb") as read:
            shutil.copyfileobj(read, written, _PART)
            written.flush()
            os.fsync(made)
    except BaseException:
        named.unlink(missing_ok=True)
        raise
