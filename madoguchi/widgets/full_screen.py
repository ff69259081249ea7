"""The counter's window stays full screen, whoever takes it out of there."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

AGAIN_AFTER_MS = 200
"""A window manager that insists is not argued with more often than that."""

_LEFT = (Qt.WindowState.WindowNoState, Qt.WindowState.WindowMaximized)


class StaysFullScreen(QObject):
    """Puts a window back when it has come out of full screen.

    A window that another program takes from the screen and puts back is managed anew: in a frame, with the
    desktop around it. Minimised it may be. ``window`` is shown already.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AGAIN_AFTER_MS)
        self._timer.timeout.connect(window.showFullScreen)
        window.windowHandle().windowStateChanged.connect(self._changed)

    def _changed(self, state: Qt.WindowState) -> None:
        if state in _LEFT:
            self._timer.start()
