"""Copies from a stick and to it in a thread of its own, and has each verdict noted at the server.

A file that is clean is on record there before anything of it is seen under its name or leaves: whatever ends
the window in the middle of it. Nothing is copied that the server does not note.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal

from madoguchi.app import files
from madoguchi.app.devices.copying import Copied, Listing, copy, listed
from madoguchi.app.devices.values import CopyWay, Verdict
from madoguchi.app.devices.virus_check import CheckVerdict, VirusCheck
from madoguchi.widgets.copy_notes import CopyNote, CopyNotes, CopyRecord
from madoguchi.widgets.worker import DatabaseWorker

_END_SECONDS: Final = 0.5
"""How long whoever leaves in the middle of a copy is held up for it at most: a check is ended at once."""

_NOT_CLEAN: Final = {
    CheckVerdict.FOUND: Verdict.FOUND,
    CheckVerdict.FAILED: Verdict.FAILED,
}

_log = logging.getLogger(__name__)


class Stopped(StrEnum):
    """Why a copy is stopped that nobody stopped."""

    LINE_DOWN = "line_down"
    """The server cannot be reached, and cannot note it."""
    NOT_NOTED = "not_noted"
    """The server does not take the note."""


class AroundCopying(Protocol):
    """What copying needs of the session around it."""

    worker: DatabaseWorker


class CopyingDesk(QObject):
    """One copy at a time.

    Attributes:
        folder: this terminal's own, where files come from and go to.

    Signals:
        listed(found): a ``Listing``; or a text: why they cannot be read.
        progressed(done, of): how far it is.
        stopped(why): nothing more may be copied, a ``Stopped``; ``ended`` follows if a copy is under way.
        ended(copied, coming): a ``Copied`` of all together, and whether files came from the stick.
    """

    listed = Signal(object)
    progressed = Signal(int, int)
    stopped = Signal(object)
    ended = Signal(object, bool)
    _home = Signal(object)

    def __init__(self, around: AroundCopying, folder: Path, check: VirusCheck) -> None:
        super().__init__()
        self.folder = folder
        self._worker = around.worker
        self._check = check
        self._cancelled: threading.Event | None = None
        self._gone = False
        self._thread: threading.Thread | None = None
        self._look = 0
        self._notes = CopyNotes(around.worker)
        self._notes.refused.connect(self._not_noted)
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._worker.line_changed.connect(self._line_changed)

    @property
    def can_check(self) -> bool:
        """Whether there is a command that checks; without one nothing is copied."""
        return self._check.configured

    @property
    def busy(self) -> bool:
        """Whether files are on their way."""
        return self._cancelled is not None

    @property
    def line_up(self) -> bool:
        """Whether the server can be reached; nothing is copied that it cannot note."""
        return self._worker.line_up

    def look(self, place: Path) -> None:
        """Lists what could be copied from there; what was asked for before is not told any more."""
        self._look += 1
        arguments = place, self._look
        threading.Thread(target=self._list, args=arguments, name="files", daemon=True).start()

    def begin(self, exception: int, source: Path, names: Sequence[str], target: Path) -> None:
        """Copies these files; ``exception`` is the server's number."""
        if self._cancelled is not None or not self.can_check or not self.line_up:
            return
        self._cancelled = threading.Event()
        coming = target == self.folder
        record = CopyRecord(
            self._notes.pace(exception),
            exception,
            CopyWay.FROM_STICK if coming else CopyWay.TO_STICK,
            self._cancelled,
            lambda note: self._home.emit(partial(self._note, note)),
        )
        self._thread = threading.Thread(
            target=self._copy,
            args=(source, tuple(names), target, self._cancelled, record),
            name="copying",
            daemon=True,
        )
        self._thread.start()
        self.progressed.emit(0, len(names))

    def cancel(self) -> None:
        """Stops what is on its way; what has its name already stays."""
        if self._cancelled is not None:
            self._cancelled.set()

    def leave(self) -> None:
        """The session ends: nothing is shown any more; what was noted already may still get its name."""
        self.cancel()
        if self._thread is not None:
            self._thread.join(_END_SECONDS)
            QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
            self._thread = None
        if not self._gone:
            self._worker.line_changed.disconnect(self._line_changed)
        self._gone = True

    # -- in the thread -------------------------------------------------------------------------------------

    def _list(self, place: Path, look: int) -> None:
        try:
            if place == self.folder:
                files.make_folder(place, 0o700)
            found: Listing | str = listed(place)
        except OSError as error:
            found = error.strerror or str(error.errno)
        self._home.emit(partial(self._found, look, found))

    def _copy(
        self,
        source: Path,
        names: tuple[str, ...],
        target: Path,
        cancelled: threading.Event,
        record: CopyRecord,
    ) -> None:
        def tell(done: int, of: int) -> None:
            self._home.emit(partial(self._tell, partial(self.progressed.emit, done, of)))

        copied = copy(source, names, target, self.folder, self._check, cancelled, record, tell)
        if copied.verdict in _NOT_CLEAN and not copied.why:
            record.note_not_clean(_NOT_CLEAN[copied.verdict])
        self._home.emit(partial(self._end, copied, target == self.folder))

    # -- in the window's -----------------------------------------------------------------------------------

    def _deliver(self, act: Callable[[], None]) -> None:
        act()

    def _tell(self, tell: Callable[[], None]) -> None:
        if not self._gone:
            tell()

    def _end(self, copied: Copied, coming: bool) -> None:
        self._cancelled = None
        self._tell(partial(self.ended.emit, copied, coming))

    def _found(self, look: int, found: Listing | str) -> None:
        if look == self._look:
            self._tell(partial(self.listed.emit, found))

    def _note(self, note: CopyNote) -> None:
        if self._gone:
            # its thread hung for longer than whoever left was held up
            _log.error("a file was checked and is not noted: the session was over")
            return
        self._notes.ask(note)

    def _not_noted(self) -> None:
        self._stop(Stopped.NOT_NOTED)

    def _line_changed(self, up: bool) -> None:
        if not up and self.busy:
            self._stop(Stopped.LINE_DOWN)

    def _stop(self, why: Stopped) -> None:
        self.cancel()
        self._tell(partial(self.stopped.emit, why))
