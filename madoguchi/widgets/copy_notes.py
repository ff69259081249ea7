"""Has the server note what is copied, before anything of it is seen: whoever copies waits for the answer.

Of one exception the server takes two hundred notes. So files are gathered for a second, and once a hundred
notes are made for forty: in the hour that an exception lasts at most that is another ninety.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from madoguchi.app.devices.values import CopyWay, DeviceRefusal, Verdict
from madoguchi.widgets.worker import DatabaseWorker

if TYPE_CHECKING:
    from madoguchi.app.server.gateway import Connected

GATHER_SECONDS: Final = 1.0
SPARING: Final = 100
"""After so many notes of an exception the others are made sparingly."""
SPARING_SECONDS: Final = 40.0
MOST_BYTES_GATHERED: Final = 256 * 1024 * 1024
"""What is gathered lies on this terminal's disk for so long."""
LAST_ANSWER_SECONDS: Final = 0.3
"""How long a copy that is stopped waits for what the server was asked already: then it has no answer."""

_LOOK_SECONDS: Final = 0.02

_log = logging.getLogger(__name__)


class CopyNote:
    """A note on its way. The server is asked in one thread, and another one waits for its answer."""

    def __init__(self, exception: int, way: CopyWay, verdict: Verdict, files: int, size: int) -> None:
        self._exception = exception
        self._what = way, verdict, files, size
        self._id = uuid4()
        self._lock = threading.Lock()
        self._asked = self._given_up = self._on_record = False
        self._answered = threading.Event()

    def tell(self, server: Connected) -> DeviceRefusal | None:
        """Asks the server, again after an outage; not for whom nobody waits any more."""
        with self._lock:
            if self._given_up:
                return None
            self._asked = True
        way, verdict, files, size = self._what
        answer = server.devices.note_copy(
            self._id, self._exception, way=way, verdict=verdict, files=files, size=size
        )
        self._on_record = answer is None
        self._answered.set()
        return answer

    def wait(self, cancelled: threading.Event) -> bool:
        """Waits for the answer: whether it is on record. Cancelled, it is not asked for any more.

        What was asked and has no answer then may be on record all the same: of files that nobody has.
        """
        while not self._answered.wait(_LOOK_SECONDS):
            if cancelled.is_set():
                return self._give_up()
        return self._on_record

    def _give_up(self) -> bool:
        with self._lock:
            if not self._asked:
                self._given_up = True
                return False
        self._answered.wait(LAST_ANSWER_SECONDS)
        with self._lock:
            # after an outage it is not asked for again
            self._given_up = True
            return self._on_record


class Pace:
    """When the next note of an exception may be made."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._made = 0
        self._last_at = float("-inf")

    def count(self) -> None:
        """One is made."""
        self._made += 1
        self._last_at = self._now()

    @property
    def is_sparing(self) -> bool:
        """Whether so many were made that the next one has to wait for its time."""
        return self._made >= SPARING

    def seconds_left(self) -> float:
        """How long files are gathered for the next one."""
        every = SPARING_SECONDS if self.is_sparing else GATHER_SECONDS
        return max(0.0, self._last_at + every - self._now())


class CopyNotes(QObject):
    """The notes of whichever exception.

    Signals:
        refused(): the server does not take one: what is copied from now on would be on no record.
    """

    refused = Signal()

    def __init__(self, worker: DatabaseWorker) -> None:
        super().__init__()
        self._worker = worker
        self._paces: dict[int, Pace] = {}

    def pace(self, exception: int) -> Pace:
        """How the notes of an exception are made, by the server's number."""
        return self._paces.setdefault(exception, Pace())

    def ask(self, note: CopyNote) -> None:
        """Has the server asked."""
        self._worker.ask(lambda server: (note.tell(server),), self._noted, on_fault=self.refused.emit)

    def _noted(self, answer: tuple[DeviceRefusal | None]) -> None:
        if answer[0] is not None:
            _log.error("the server does not note what was copied: %s", answer[0])
            self.refused.emit()


class CopyRecord:
    """What one copy has noted; in the thread that copies, for which it is a ``Noting``.

    ``hand_over`` has the server asked, in the thread of the window.
    """

    def __init__(
        self,
        pace: Pace,
        exception: int,
        way: CopyWay,
        cancelled: threading.Event,
        hand_over: Callable[[CopyNote], None],
    ) -> None:
        self._pace = pace
        self._exception = exception
        self._way = way
        self._cancelled = cancelled
        self._hand_over = hand_over

    def is_due(self, size: int) -> bool:
        """Whether files were gathered for long enough, or are too large to lie there."""
        return size >= MOST_BYTES_GATHERED or self._pace.seconds_left() == 0

    def note(self, files: int, size: int) -> bool:
        """Has clean files noted, and waits for the answer."""
        if self._pace.is_sparing:
            self._cancelled.wait(self._pace.seconds_left())
        return not self._cancelled.is_set() and self._make(Verdict.CLEAN, files, size).wait(self._cancelled)

    def note_not_clean(self, verdict: Verdict) -> None:
        """Has it noted that a check ended the copy: at once, and nobody waits."""
        self._make(verdict, 0, 0)

    def _make(self, verdict: Verdict, files: int, size: int) -> CopyNote:
        self._pace.count()
        note = CopyNote(self._exception, self._way, verdict, files, size)
        self._hand_over(note)
        return note
