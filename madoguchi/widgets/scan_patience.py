"""Waits until nothing that the keyboard has sent can still be on its way here.

A timer alone does not tell: where this thread was blocked, or the whole process stood still, the timer is due
before the keys that wait for us have been read. (With one timer and the window blocked in the middle of each
scan, 1 scan in 30 was typed into a field with GLib's event loop and 20 in 30 with Qt's own; with the process
stopped, 26 and 29.) So it first waits for the successor, then beats until one beat came on time, which shows
that the event loop was turning all the while, and then lets the loop turn once more.
"""

from __future__ import annotations

import time
from enum import Enum, auto

from PySide6.QtCore import QObject, Qt, QTimer, Signal

_BEAT_MS = 50
_ON_TIME_MS = 25


class _Wait(Enum):
    """What the timer waits for while keys are held back."""

    SUCCESSOR = auto()
    BEAT = auto()
    LAST_TURN = auto()


class ScanPatience(QObject):
    """Waits for the key that would follow.

    Signals:
        over(): it has not come, and nothing that was sent is still on its way.
    """

    over = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wait = _Wait.SUCCESSOR
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._waited)

    def begin(self, milliseconds: int) -> None:
        """Waits so long for a successor, from now on."""
        self._wait_for(_Wait.SUCCESSOR, milliseconds)

    def end(self) -> None:
        """Waits no more."""
        self._timer.stop()

    def _wait_for(self, what: _Wait, milliseconds: int) -> None:
        self._wait = what
        self._due = time.monotonic() + milliseconds / 1000
        self._timer.start(milliseconds)

    def _waited(self) -> None:
        late_ms = (time.monotonic() - self._due) * 1000
        if self._wait is _Wait.LAST_TURN:
            self.over.emit()
        elif self._wait is _Wait.BEAT and late_ms <= _ON_TIME_MS:
            self._wait_for(_Wait.LAST_TURN, 0)
        else:
            self._wait_for(_Wait.BEAT, _BEAT_MS)
