"""Python's garbage collection, kept in the GUI thread.

Python collects cycles in whatever thread happens to allocate.  A widget caught in a cycle and freed by
the database's thread takes the process down.  (Crashes while collecting were seen in about one of
fifteen runs of the counter's tests, one of them in that thread; they could not be provoked at will.)
So the automatic collection is off while the window lives, and a timer of the GUI thread collects
instead: what is young twice a second, everything now and then.  What was there before the first window,
the libraries' own objects, is left out of it for good, so that no collection is felt.
"""

from __future__ import annotations

import gc
from functools import cache

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500
WHOLE_EVERY = 20


@cache
def freeze_once() -> None:
    """Leaves everything that is there now out of collections for good, the first time it is called."""
    # asking how much is frozen would count it all, 20 ms of each start
    gc.freeze()


class GuiGarbageCollector(QObject):
    """Collects garbage in the thread it lives in, and nowhere else, until it is closed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        gc.disable()
        gc.collect()
        freeze_once()
        self._timer.start(EVERY_MS)

    def close(self) -> None:
        """Collects what is left, and gives collecting back to Python."""
        self._timer.stop()
        gc.collect()
        gc.enable()

    def _collect(self) -> None:
        self._ticks += 1
        gc.collect(2 if self._ticks % WHOLE_EVERY == 0 else 1)
