"""Files of the agent that are whole or not there, on the disk when the call returns."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

if sys.platform == "win32":
    # never run there: without O_BINARY each LF would become two characters
    OPENED: Final = os.O_BINARY | os.O_NOINHERIT
else:
    OPENED: Final = os.O_CLOEXEC
"""How a descriptor is opened: for no program that is started, byte for byte."""


def keep(file: Path, content: str) -> None:
    """Puts a file in place at once or not at all, for root alone. Raises OSError."""
    unfinished = file.with_name(f".{file.name}.new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | OPENED, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content.encode())
        opened.flush()
        os.fsync(descriptor)
    unfinished.replace(file)
    sync(file.parent)


def remove(file: Path) -> None:
    """Takes a file away, if it is there. Raises OSError."""
    file.unlink(missing_ok=True)
    sync(file.parent)


def sync(folder: Path) -> None:
    """Has the names in a folder written to the disk; on Windows it cannot be asked for. Raises OSError."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_data(descriptor: int) -> None:
    """Has what a file holds written to the disk. Raises OSError."""
    if sys.platform == "win32":
        os.fsync(descriptor)
    else:
        os.fdatasync(descriptor)
