"""Tells when nobody has been at the terminal for a while: by keys, mouse, touch and scans."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent

COUNTDOWN_SECONDS = 10
EVERY_MS = 250

_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.ShortcutOverride,
        QEvent.Type.InputMethod,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
    }
)


def seconds_awake_or_asleep() -> float:
    """Seconds since the machine was started, with those it slept: a lid that was closed is idle time."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class IdleWatch(QObject):
    """Counts while somebody is signed in. The clock on the wall has no part in it.

    A pointer that the window system reports again where it was (as when a window opens below it) is no input.

    Signals:
        counting(seconds): so many whole seconds are left; told for each of the last ten.
        awake(): there was input after all.
        idle(): nobody is there.
    """

    counting = Signal(int)
    awake = Signal()
    idle = Signal()

    def __init__(
        self,
        seconds: float,
        parent: QObject | None = None,
        *,
        now: Callable[[], float] = seconds_awake_or_asleep,
    ) -> None:
        super().__init__(parent)
        self._seconds = seconds
        self._now = now
        self._last = now()
        self._told = 0
        self._pointer = QPointF()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self, seconds: float | None = None) -> None:
        """Somebody has just signed in; ``seconds``: after how long they are gone, from now on."""
        if seconds is not None:
            self._seconds = seconds
        self._last, self._told = self._now(), 0
        self._timer.start()

    @property
    def seconds(self) -> float:
        """After how long without input nobody is there."""
        return self._seconds

    def stop(self) -> None:
        """Nobody is signed in."""
        self._timer.stop()
        self._told = 0

    def noticed(self) -> None:
        """Somebody is there: a scanner told so, or the event filter."""
        self._last = self._now()
        if self._told:
            self._told = 0
            self.awake.emit()

    def look(self) -> None:
        """Looks at the clock."""
        if not self._timer.isActive():
            return
        left = self._seconds - (self._now() - self._last)
        if left <= 0:
            self.stop()
            self.idle.emit()
        elif left <= COUNTDOWN_SECONDS and math.ceil(left) != self._told:
            self._told = math.ceil(left)
            self.counting.emit(self._told)

    def see(self, event: QEvent) -> None:
        """Any event of the application: some of them are somebody."""
        kind = event.type()
        if kind in _INPUT:
            self.noticed()
        elif kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            at = event.globalPosition()
            if at != self._pointer:
                self._pointer = at
                self.noticed()
