"""Records fetched beside everything else: a thread for each, at most one that is still wanted."""

from __future__ import annotations

import threading
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal

from madoguchi.app.catalogue.fetched import Fetched


class Source(Protocol):
    """Where records come from."""

    @property
    def configured(self) -> bool: ...

    def fetch(self, isbn: str) -> Fetched: ...


class Fetching(QObject):
    """Asks for one record at a time; the one before is not wanted any more and told to nobody.

    Signals:
        came(isbn, fetched): the answer, a ``Fetched``, to what was asked for last.
    """

    came = Signal(str, object)
    _home = Signal(int, str, object)

    def __init__(self, source: Source | None) -> None:
        super().__init__()
        self._source = source
        self._wanted = 0
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def can_fetch(self) -> bool:
        """Whether fetching is set up on this terminal."""
        return self._source is not None and self._source.configured

    def fetch(self, isbn: str) -> bool:
        """Asks for a record; whether it can."""
        source = self._source
        if source is None or not source.configured:
            return False
        self._wanted += 1
        wanted = self._wanted

        def ask() -> None:
            try:
                self._home.emit(wanted, isbn, source.fetch(isbn))
            except Exception as error:  # noqa: BLE001 - a bug, shown by the GUI thread's own hook
                self._home.emit(wanted, isbn, error)

        # it ends by its own deadline, and nothing waits for it
        threading.Thread(target=ask, name="fetching", daemon=True).start()
        return True

    def stop(self) -> None:
        """What is on its way is not wanted any more."""
        self._wanted += 1

    def _deliver(self, wanted: int, isbn: str, answer: object) -> None:
        if isinstance(answer, Exception):
            raise answer
        if wanted == self._wanted:
            self.came.emit(isbn, answer)
