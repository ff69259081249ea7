"""Copies from a stick and to it in a thread of its own, and has each verdict noted at the server.

What is to be seen under its name is noted as it comes: if somebody locks in the middle of it, all is on
record that was copied before.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, Protocol
from uuid import uuid4

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal

from madoguchi.app import files
from madoguchi.app.devices.copying import Copied, Listed, copy, listed
from madoguchi.app.devices.values import CopyWay, DeviceRefusal, Verdict
from madoguchi.app.devices.virus_check import CheckVerdict, VirusCheck
from madoguchi.widgets.worker import DatabaseWorker

_END_SECONDS: Final = 0.5
"""How long whoever leaves in the middle of a copy is held up for it at most: a check is ended at once."""

_VERDICTS: Final = {
    CheckVerdict.CLEAN: Verdict.CLEAN,
    CheckVerdict.FOUND: Verdict.FOUND,
    CheckVerdict.FAILED: Verdict.FAILED,
}


_log = logging.getLogger(__name__)


class AroundCopying(Protocol):
    """What copying needs of the session around it."""

    worker: DatabaseWorker


class CopyingDesk(QObject):
    """One copy at a time.

    Attributes:
        folder: this terminal's own, where files come from and go to.

    Signals:
        listed(files): a tuple of ``Listed``; or a text: why they cannot be read.
        progressed(done, of): how far it is.
        ended(copied, coming): a ``Copied`` of all together, and whether files came from the stick.
    """

    listed = Signal(object)
    progressed = Signal(int, int)
    ended = Signal(object, bool)
    _home = Signal(object)

    def __init__(self, around: AroundCopying, folder: Path, check: VirusCheck) -> None:
        super().__init__()
        self.folder = folder
        self._around = around
        self._check = check
        self._cancelled: threading.Event | None = None
        self._gone = False
        self._thread: threading.Thread | None = None
        self._exception = 0
        self._to_note: dict[tuple[CopyWay, Verdict], tuple[int, int]] = {}
        self._noting = False
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def can_check(self) -> bool:
        """Whether there is a command that checks; without one nothing is copied."""
        return self._check.configured

    @property
    def busy(self) -> bool:
        """Whether files are on their way."""
        return self._cancelled is not None

    def look(self, place: Path) -> None:
        """Lists what could be copied from there."""
        threading.Thread(target=self._list, args=(place,), name="files", daemon=True).start()

    def begin(self, exception: int, source: Path, names: Sequence[str], target: Path) -> None:
        """Copies these files; ``exception`` is the server's number."""
        if self._cancelled is not None or not self.can_check:
            return
        self._exception = exception
        self._cancelled = threading.Event()
        coming = target == self.folder
        self._thread = threading.Thread(
            target=self._copy,
            args=(source, tuple(names), target, coming, self._cancelled),
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
        """The session ends: nothing is shown any more; what has its name is noted before it is over."""
        self.cancel()
        if self._thread is not None:
            self._thread.join(_END_SECONDS)
            QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
            self._thread = None
        while self._to_note:
            # the answer to the one before comes when the session is over
            self._note_next()
        self._gone = True

    # -- in the thread -------------------------------------------------------------------------------------

    def _list(self, place: Path) -> None:
        try:
            if place == self.folder:
                files.make_folder(place, 0o700)
            found: tuple[Listed, ...] | str = listed(place)
        except OSError as error:
            found = error.strerror or str(error.errno)
        self._home.emit(partial(self._tell, partial(self.listed.emit, found)))

    def _copy(
        self, source: Path, names: tuple[str, ...], target: Path, coming: bool, cancelled: threading.Event
    ) -> None:
        seen: list[str] = []
        size, why = 0, ""
        verdict = CheckVerdict.CLEAN
        for place, name in enumerate(names):
            done = copy(source, (name,), target, self.folder, self._check, cancelled)
            seen += done.names
            size += done.size
            verdict, why = done.verdict, done.why
            self._home.emit(partial(self._note, coming, done))
            if verdict is not CheckVerdict.CLEAN:
                break
            self._home.emit(partial(self._tell, partial(self.progressed.emit, place + 1, len(names))))
        self._home.emit(partial(self._end, Copied(verdict, tuple(seen), size, why), coming))

    # -- in the window's -----------------------------------------------------------------------------------

    def _deliver(self, act: Callable[[], None]) -> None:
        act()

    def _tell(self, tell: Callable[[], None]) -> None:
        if not self._gone:
            tell()

    def _end(self, copied: Copied, coming: bool) -> None:
        self._cancelled = None
        self._tell(partial(self.ended.emit, copied, coming))

    def _note(self, coming: bool, done: Copied) -> None:
        verdict = _VERDICTS.get(done.verdict)
        if verdict is None:
            return
        if self._gone:
            # its thread hung in what the stick did not answer
            _log.error("a file was copied and is not noted: the session was over")
            return
        way = CopyWay.FROM_STICK if coming else CopyWay.TO_STICK
        count, size = self._to_note.get((way, verdict), (0, 0))
        self._to_note[way, verdict] = count + len(done.names), size + done.size
        if not self._noting:
            self._note_next()

    def _note_next(self) -> None:
        self._noting = bool(self._to_note)
        if not self._to_note:
            return
        (way, verdict), (count, size) = self._to_note.popitem()
        number, note = self._exception, uuid4()
        self._around.worker.ask(
            lambda server: (
                server.devices.note_copy(note, number, way=way, verdict=verdict, files=count, size=size),
            ),
            self._noted,
        )

    def _noted(self, answer: tuple[DeviceRefusal | None]) -> None:
        if answer[0] is not None:
            _log.error("the server does not note what was copied: %s", answer[0])
        self._note_next()
