"""Has the command of the setting ``virus_check`` look at a file: no shell, bounded, cancellable."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from madoguchi.app.devices.fields import FILE_ARGUMENT

CHECK_SECONDS: Final = 120.0
_LOOK_SECONDS: Final = 0.05
_FOUND_STATUS: Final = 1


class CheckVerdict(StrEnum):
    """What came of a check. Only ``CLEAN`` lets a file be seen under its name."""

    CLEAN = "clean"
    """The command ended with 0."""
    FOUND = "found"
    """It ended with 1, by which ClamAV and others say that they found something."""
    FAILED = "failed"
    """It could not be started, took too long, was killed, or ended with anything else."""
    CANCELLED = "cancelled"


class VirusCheck:
    """Runs the command. ``command``: its arguments, as `fields.virus_check_of` takes them."""

    def __init__(self, command: Sequence[str], *, seconds: float = CHECK_SECONDS) -> None:
        self._command = tuple(command)
        self._seconds = seconds

    @property
    def configured(self) -> bool:
        """Whether there is a command; without one nothing is copied."""
        return bool(self._command)

    def check(self, file: Path, cancelled: threading.Event) -> CheckVerdict:
        """Looks at one file; never raises because of the command.

        What it prints is thrown away: names of files and of what was found stay out of every log. It runs in
        a session of its own, so that whatever it started ends with it.
        """
        arguments = [part.replace(FILE_ARGUMENT, str(file)) for part in self._command]
        try:
            process = subprocess.Popen(  # noqa: S603 - the administrator's command, as a list
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError, IndexError):
            return CheckVerdict.FAILED
        ends = time.monotonic() + self._seconds
        try:
            while True:
                try:
                    status = process.wait(_LOOK_SECONDS)
                except subprocess.TimeoutExpired:
                    if cancelled.is_set():
                        return CheckVerdict.CANCELLED
                    if time.monotonic() > ends:
                        return CheckVerdict.FAILED
                else:
                    if status == 0:
                        return CheckVerdict.CLEAN
                    return CheckVerdict.FOUND if status == _FOUND_STATUS else CheckVerdict.FAILED
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends it with all that it started; one that has ended may have left children."""
    try:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except (ProcessLookupError, PermissionError):
        pass
    process.wait()
