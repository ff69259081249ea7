"""What a counter asks of the server by the clock, also while nobody works there: how it is."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from madoguchi.app.staff.session import ServerState
from madoguchi.widgets.worker import DatabaseWorker

EVERY_MS = 60_000


class ServerLook(QObject):
    """Looks every minute, and when it is told to; never twice at once.

    Signals:
        due(): it is time to look, and for whatever else goes by the clock.
        looked(state): a ``ServerState``.
    """

    due = Signal()
    looked = Signal(object)

    def __init__(self, worker: DatabaseWorker, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._looking = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(EVERY_MS)

    def look(self) -> None:
        """Looks now."""
        self.due.emit()
        if not self._looking:
            self._looking = True
            self._worker.ask(
                lambda server: server.look_after(), self._home, on_fault=self.give_up, matters=False
            )

    def give_up(self) -> None:
        """Whatever was asked comes home no more."""
        self._looking = False

    def stop(self) -> None:
        """Looks no more by itself."""
        self._timer.stop()

    def _home(self, state: ServerState) -> None:
        self._looking = False
        self.looked.emit(state)
