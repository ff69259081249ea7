"""Has the server note what is copied: gathered, for of one exception it takes two hundred notes.

The first of it is noted at once, what comes then every twenty seconds, one note at a time: in the hour that
an exception lasts at most that is 181. What a check found is noted at once, with all that was gathered.
"""

from __future__ import annotations

import logging
from typing import Final
from uuid import uuid4

from PySide6.QtCore import QObject, QTimer, Signal

from madoguchi.app.devices.values import CopyWay, DeviceRefusal, Verdict
from madoguchi.widgets.worker import DatabaseWorker

EVERY_MS: Final = 20_000

_log = logging.getLogger(__name__)


class CopyNotes(QObject):
    """What waits to be noted, of whichever exception.

    Signals:
        refused(): the server does not take it: what is copied from now on would be on no record.
    """

    refused = Signal()

    def __init__(self, worker: DatabaseWorker) -> None:
        super().__init__()
        self._worker = worker
        self._gathered: dict[tuple[int, CopyWay, Verdict], tuple[int, int]] = {}
        self._asked = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(EVERY_MS)
        self._pause.timeout.connect(self._go_on)

    def add(self, exception: int, way: CopyWay, verdict: Verdict, files: int, size: int) -> None:
        """Notes it soon; ``exception`` is the server's number, ``size`` in bytes."""
        of_files, of_size = self._gathered.get((exception, way, verdict), (0, 0))
        self._gathered[exception, way, verdict] = of_files + files, of_size + size
        if verdict is Verdict.CLEAN:
            self._go_on()
        else:
            self.flush()

    def flush(self) -> None:
        """Notes all that was gathered now."""
        while self._gathered:
            self._note_next()

    def _go_on(self) -> None:
        if self._gathered and not self._asked and not self._pause.isActive():
            self._note_next()

    def _note_next(self) -> None:
        key = next(iter(self._gathered))
        (exception, way, verdict), (count, size) = key, self._gathered.pop(key)
        note = uuid4()
        self._asked += 1
        self._pause.start()
        self._worker.ask(
            lambda server: (
                server.devices.note_copy(note, exception, way=way, verdict=verdict, files=count, size=size),
            ),
            self._noted,
        )

    def _noted(self, answer: tuple[DeviceRefusal | None]) -> None:
        self._asked -= 1
        if answer[0] is not None:
            _log.error("the server does not note what was copied: %s", answer[0])
            self.refused.emit()
        self._go_on()
