"""Files that are whole or not there, and readable by whom they are meant for."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def make_folder(folder: Path, mode: int) -> None:
    """Makes a folder, its parents too, open to exactly ``mode``. Raises OSError."""
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    folder.chmod(mode)


def write(file: Path, content: str | bytes, mode: int, owner: tuple[int, int] | None = None) -> bool:
    """Puts a file in place at once or not at all; ``owner`` is an account and a group.

    Returns whether anything changed. Raises OSError.
    """
    raw = content.encode() if isinstance(content, str) else content
    if file.is_file() and file.read_bytes() == raw and _is_as(file, mode, owner):
        return False
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(raw)
            opened.flush()
            if owner is not None and os.geteuid() == 0:
                os.fchown(descriptor, *owner)
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        unfinished.replace(file)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync(file.parent)
    return True


def sync(folder: Path) -> None:
    """Has the kernel write the names in a folder to the disk, where it can be told to. Raises OSError."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_as(file: Path, mode: int, owner: tuple[int, int] | None) -> bool:
    found = file.stat()
    if found.st_mode & 0o7777 != mode:
        return False
    return owner is None or os.geteuid() != 0 or (found.st_uid, found.st_gid) == owner
