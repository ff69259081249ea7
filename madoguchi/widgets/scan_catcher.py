"""Takes scans out of the stream of keys, whatever has the focus, and leaves typing alone."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from madoguchi.barcode.scan import Scan, Source
from madoguchi.barcode.wedge import Fate, Key, KeyPress, WedgeRecogniser, WedgeSettings

_MODIFIERS = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_Meta,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
}
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


@dataclass(frozen=True, slots=True)
class _Held:
    """A key kept back, and the widget it was meant for."""

    receiver: QWidget
    event: QKeyEvent


class ScanCatcher(QObject):
    """Filters the application's key events through the wedge recogniser.

    Signals:
        scanned(scan): a ``Scan`` was recognised; its keys reach no widget.
    """

    scanned = Signal(object)

    def __init__(self, settings: WedgeSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings or WedgeSettings()
        self._recogniser = WedgeRecogniser(self._settings)
        self._replaying = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._let_go)

    def install(self, application: QApplication) -> None:
        """Begins to filter."""
        application.installEventFilter(self)
        application.applicationStateChanged.connect(self._state_changed)

    def remove(self, application: QApplication) -> None:
        """Ends filtering; keys held back are given up."""
        application.removeEventFilter(self)
        application.applicationStateChanged.disconnect(self._state_changed)
        self._patience.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's call, for every event of the application."""
        if self._replaying or not isinstance(watched, QWidget) or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            # a key that may belong to a scan must not trigger a shortcut on the way
            if _kind(event) in (Key.CHARACTER, Key.ENTER):
                event.accept()
                return True
            return False
        if event.type() != QEvent.Type.KeyPress:
            return False
        # An unanswered key climbs from widget to parent; it is judged where it arrives first.
        if watched is not (QApplication.focusWidget() or QApplication.activeWindow() or watched):
            return False
        return self._judge(watched, event)

    def _judge(self, receiver: QWidget, event: QKeyEvent) -> bool:
        press = KeyPress(
            _kind(event),
            event.timestamp(),
            event.text(),
            event.isAutoRepeat(),
            _Held(receiver, event.clone()),
        )
        verdict = self._recogniser.feed(press)
        self._replay(verdict.released)
        self._patience.stop()
        if self._recogniser.deadline_ms is not None:
            self._patience.start(2 * self._settings.max_gap_ms)
        if verdict.scanned is not None:
            self.scanned.emit(Scan(verdict.scanned, Source.WEDGE, time.monotonic()))
        return verdict.fate is not Fate.PASS

    def _let_go(self) -> None:
        # Keys that already wait in Qt's queue are delivered before this timer fires, so what is held
        # now had no successor in time.
        deadline = self._recogniser.deadline_ms
        if deadline is not None:
            self._replay(self._recogniser.timeout(deadline + 1).released)

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive:
            self._replay(self._recogniser.give_up().released)

    def _replay(self, released: tuple[KeyPress, ...]) -> None:
        self._replaying = True
        try:
            for press in released:
                held = press.native
                if isinstance(held, _Held) and isValid(held.receiver):
                    QCoreApplication.sendEvent(held.receiver, held.event)
        finally:
            self._replaying = False


def _kind(event: QKeyEvent) -> Key:
    key = event.key()
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return Key.ENTER
    if key == Qt.Key.Key_Tab:
        return Key.TAB
    if key in _MODIFIERS:
        return Key.MODIFIER
    # a scanner sends control characters, too; they are text, and refused as such
    return Key.CHARACTER if event.text() and not event.modifiers() & _COMMANDS else Key.OTHER
