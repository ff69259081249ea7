"""What a counter asks of the server by the clock, also while nobody works there: how it is.

While a stick is open it asks often: a session that the server has ended takes the stick with it (0036), and
that comes to light by asking alone.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from madoguchi.app.staff.session import ServerState
from madoguchi.widgets.worker import DatabaseWorker

EVERY_MS: Final = 60_000
LEASE_MS: Final = 5_000
"""How often while a stick is open."""
OUTAGE_MS: Final = 30_000
"""How long a stick stays open without the server."""


class ServerLook(QObject):
    """Looks every minute (every five seconds while a stick is open), and when told to; never twice at once.

    Signals:
        due(): it is time to look, and for whatever else goes by the clock.
        looked(state): a ``ServerState``.
        cut_off(): a stick is open, and the server has not answered for half a minute.
    """

    due = Signal()
    looked = Signal(object)
    cut_off = Signal()

    def __init__(self, worker: DatabaseWorker, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._looking = False
        self._lease = False
        self._up = True
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(EVERY_MS)
        self._outage = QTimer(self)
        self._outage.setSingleShot(True)
        self._outage.timeout.connect(self.cut_off)
        worker.line_changed.connect(self._line_changed)

    def look(self) -> None:
        """Looks now."""
        self.due.emit()
        if not self._looking:
            self._looking = True
            self._worker.ask(
                lambda server: server.look_after(), self._home, on_fault=self.give_up, matters=False
            )

    def watch_lease(self, is_open: bool) -> None:
        """A stick is open, or is not any more."""
        self._lease = is_open
        self._timer.start(LEASE_MS if is_open else EVERY_MS)
        self._time_outage()

    def give_up(self) -> None:
        """Whatever was asked comes home no more."""
        self._looking = False

    def stop(self) -> None:
        """Looks no more by itself."""
        self._timer.stop()
        self._outage.stop()

    def _line_changed(self, up: bool) -> None:
        self._up = up
        self._time_outage()

    def _time_outage(self) -> None:
        if self._lease and not self._up:
            self._outage.start(OUTAGE_MS)
        else:
            self._outage.stop()

    def _home(self, state: ServerState) -> None:
        self._looking = False
        self.looked.emit(state)
