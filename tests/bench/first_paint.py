"""How long it takes until something is painted: the end of the first paint that follows an act."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QWidget

from tests.bench.watch import PATIENCE_MS

_AFTER_PAINT = QEvent.Type(QEvent.registerEventType())
_FIRST_OF_ALL = 1 << 20


class FirstPaint(QObject):
    """Waits for the end of the next paint of a kind of widget, of one that counts."""

    def __init__(self, kind: type[QWidget], counts: Callable[[Any], bool] = lambda _: True) -> None:
        super().__init__()
        self.counts = counts
        self._expected = False
        self._at = 0.0
        self._loop = QEventLoop()
        self._limit = QTimer()
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._loop.quit)
        original: Any = kind.paintEvent

        def paint_event(widget: QWidget, event: object) -> None:
            original(widget, event)
            if self._expected and self.counts(widget):
                self._expected = False
                # delivered as soon as the window's update, with its flush, has come to its end
                QCoreApplication.postEvent(self, QEvent(_AFTER_PAINT), _FIRST_OF_ALL)

        kind.paintEvent = paint_event  # type: ignore[method-assign]

    def customEvent(self, event: QEvent) -> None:
        """Qt's call: the update is over."""
        if event.type() == _AFTER_PAINT:
            self._at = time.perf_counter()
            self._loop.quit()

    def after(self, act: Callable[[], object]) -> float:
        """Does something; seconds of the clock at which the paint that follows had come to its end.

        Raises TimeoutError.
        """
        self._expected, self._at = True, 0.0
        act()
        if not self._at:
            self._limit.start(PATIENCE_MS)
            self._loop.exec()
            self._limit.stop()
        if not self._at:
            raise TimeoutError("nothing was painted")
        return self._at
