"""Addresses looked up by their postal codes, beside everything else: the list is on a disk."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, Signal

from madoguchi.app.patrons.postal import areas_of


class Addressing(QObject):
    """Looks one code up at a time; the one before is not wanted any more and told to nobody.

    Signals:
        came(code, areas): the answer of ``areas_of`` to what was asked for last.
    """

    came = Signal(str, object)
    _home = Signal(int, str, object)

    def __init__(self) -> None:
        super().__init__()
        self._wanted = 0
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def look_up(self, code: str) -> None:
        """Asks where a code leads."""
        self._wanted += 1
        wanted = self._wanted

        def ask() -> None:
            self._home.emit(wanted, code, areas_of(code))

        threading.Thread(target=ask, name="postal code", daemon=True).start()

    def stop(self) -> None:
        """What is on its way is not wanted any more."""
        self._wanted += 1

    def _deliver(self, wanted: int, code: str, answer: object) -> None:
        if wanted == self._wanted:
            self.came.emit(code, answer)
