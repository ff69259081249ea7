"""Child: starts a program and says when its first sight was painted, by the clock its parent shares.

`python -m tests.bench.started madoguchi` runs the real program, `... bare` the least that Qt can show.
The first line it prints is the moment (seconds of the monotonic clock) at which the first paint had come to
its end; the second, some time after it, the longest time the event loop stood still meanwhile, and until
when: so long did a key that was pressed have to wait.
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

WATCHED_SECONDS = 2.5
BEAT_MS = 5


def main() -> int:
    """Runs what was asked for."""
    if sys.argv[1] == "bare":
        return _bare()
    # as the command does it; what the sign-in needs it loads now or a moment later
    from madoguchi.__main__ import main as madoguchi
    from madoguchi.widgets.look.sign_in_panel import SignInPanel

    _tell_first_paint(SignInPanel)
    return madoguchi([])


def _bare() -> int:
    from PySide6.QtGui import QPainter, QPaintEvent
    from PySide6.QtWidgets import QApplication, QWidget

    class Bare(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            painter = QPainter(self)
            painter.drawText(event.rect().center(), "窓口")
            painter.end()

    application = QApplication(sys.argv[:1])
    window = Bare()
    _tell_first_paint(Bare)
    window.showFullScreen()
    return application.exec()


def _tell_first_paint(kind: type[QWidget]) -> None:
    original: Any = kind.paintEvent
    painted: list[Beat] = []

    def paint_event(self: QWidget, event: object) -> None:
        original(self, event)
        if not painted:
            painted.append(Beat())

    kind.paintEvent = paint_event  # type: ignore[method-assign]


class Beat:
    """Beats from the first paint on, and notes how long it was kept from beating."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._first = self._last = 0.0
        self._longest, self._until = 0.0, 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        # no sooner than the update, with its flush, has come to its end
        QTimer.singleShot(0, self._begin)

    def _begin(self) -> None:
        self._first = self._last = time.monotonic()
        _say({"painted": self._first})
        self._timer.start(BEAT_MS)

    def _beat(self) -> None:
        now = time.monotonic()
        if now - self._last > self._longest:
            self._longest, self._until = now - self._last, now
        self._last = now
        if now - self._first > WATCHED_SECONDS:
            self._timer.stop()
            _say({"longest": self._longest, "until": self._until})


def _say(words: dict[str, float]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
