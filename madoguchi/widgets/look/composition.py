"""What an input method composes in a line edit, told while it does: the reading is only ever seen there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QLineEdit


class Composition(QObject):
    """Watches a line edit, and takes nothing from it. Goes with the edit.

    Signals:
        went_on(preedit, commit): what is being composed now, and what of it has just been committed.
        dropped(): what was being composed came to nothing.
    """

    went_on = Signal(str, str)
    dropped = Signal()

    def __init__(self, edit: QLineEdit) -> None:
        super().__init__(edit)
        self._composing = False
        edit.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's call."""
        del watched
        if isinstance(event, QInputMethodEvent):
            preedit, commit = event.preeditString(), event.commitString()
            if preedit or commit:
                self._composing = bool(preedit)
                self.went_on.emit(preedit, commit)
            elif self._composing:
                self._composing = False
                self.dropped.emit()
        return False
