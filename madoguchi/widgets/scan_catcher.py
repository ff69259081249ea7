"""Takes scans out of the stream of keys, whatever has the focus, and leaves typing alone.

When a key that was held back may be let go: ``scan_patience``. Where an input method takes the keys first, or
a scanner is known by its device, they are taken before Qt sees them (``x11_keys``), and this stands back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from madoguchi.barcode.scan import Scan, Source
from madoguchi.barcode.wedge import Fate, Key, KeyPress, WedgeRecogniser, WedgeSettings
from madoguchi.widgets.scan_patience import ScanPatience

_MODIFIERS = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_Meta,
    Qt.Key.Key_Super_L,
    Qt.Key.Key_Super_R,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Mode_switch,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
    Qt.Key.Key_ScrollLock,
    # a Japanese keyboard's: its key for capitals is Eisu_toggle
    Qt.Key.Key_Eisu_toggle,
    Qt.Key.Key_Eisu_Shift,
    Qt.Key.Key_Kana_Lock,
    Qt.Key.Key_Kana_Shift,
}
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
# A dead key stands for no character of its own; a code it is part of must not become another code.
_NO_CHARACTER = "\N{REPLACEMENT CHARACTER}"


@dataclass(slots=True, eq=False)
class _Held:
    """A key kept back: the widget it was meant for, its press and, once that has come, its release."""

    receiver: QWidget
    code: int
    events: list[QKeyEvent] = field(default_factory=list)


class ScanCatcher(QObject):
    """Filters the application's key events through the wedge recogniser.

    What an input method commits to a widget that has no use for one arrives there as a key that types it.
    ``seen`` is shown every event: one filter does for all, since each costs every event a call.

    Signals:
        scanned(scan): a ``Scan`` was recognised; its keys reach no widget.
    """

    scanned = Signal(object)

    def __init__(
        self,
        settings: WedgeSettings | None = None,
        parent: QObject | None = None,
        *,
        seen: Callable[[QEvent], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._seen = seen
        self._recogniser = WedgeRecogniser(settings)
        self._replaying = False
        # keys kept from their widget that are still pressed: their releases are kept from it, too
        self._down: dict[int, _Held] = {}
        self._passed: tuple[QWidget, tuple[object, ...]] | None = None
        self._resting = False
        self._patience = ScanPatience(self)
        self._patience.over.connect(self._nothing_comes)

    def install(self, application: QApplication) -> None:
        """Begins to filter."""
        application.installEventFilter(self)
        application.applicationStateChanged.connect(self._state_changed)

    def remove(self, application: QApplication) -> None:
        """Ends filtering; keys held back are given up."""
        application.removeEventFilter(self)
        application.applicationStateChanged.disconnect(self._state_changed)
        self._patience.end()

    def rest(self, resting: bool) -> None:
        """Whether scans are taken elsewhere, before keys come here; keys held back are given up."""
        self._resting = resting
        self._give_up()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's call, for every event of the application."""
        if self._seen is not None:
            self._seen(event)
        if self._replaying or not isinstance(watched, QWidget):
            return False
        if isinstance(event, QInputMethodEvent):
            return self._committed(watched, event)
        if not isinstance(event, QKeyEvent) or self._resting:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._no_shortcut(watched, event)
        # An unanswered key climbs from widget to parent; it is judged where it arrives first.
        if self._climbs(watched, event):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            swallowed = self._released(event)
        else:
            swallowed = self._judge(watched, event)
        self._passed = None if swallowed else (watched, _identity(event))
        return swallowed

    def _climbs(self, watched: QWidget, event: QKeyEvent) -> bool:
        if self._passed is None:
            return False
        before, identity = self._passed
        if identity != _identity(event) or not isValid(before) or not watched.isAncestorOf(before):
            return False
        self._passed = (watched, identity)
        return True

    def _no_shortcut(self, receiver: QWidget, event: QKeyEvent) -> bool:
        """A key that may belong to a scan must not trigger a shortcut on the way."""
        press = _press(event, _Held(receiver, _code(event)))
        plain = press.key in (Key.CHARACTER, Key.ENTER) and not event.modifiers() & _COMMANDS
        if not plain and not (
            press.key in (Key.CONTROL, Key.ENTER, Key.TAB) and self._recogniser.belongs(press)
        ):
            return False
        event.accept()
        return True

    def _judge(self, receiver: QWidget, event: QKeyEvent) -> bool:
        held = _Held(receiver, _code(event), [copy_of(event)])
        verdict = self._recogniser.feed(_press(event, held))
        self._replay(verdict.released)
        if verdict.fate is Fate.PASS:
            self._down.pop(held.code, None)
        else:
            self._down[held.code] = held
        self._patience.end()
        if self._recogniser.deadline_ms is not None:
            self._patience.begin(self._recogniser.patience_ms)
        if verdict.scanned is not None:
            took_ms = float(verdict.took_ms)
            scan = Scan(
                verdict.scanned,
                Source.WEDGE,
                time.monotonic(),
                took_ms=took_ms,
                raw_untrusted=verdict.raw,
            )
            self.scanned.emit(scan)
        return verdict.fate is not Fate.PASS

    def _released(self, event: QKeyEvent) -> bool:
        """A release follows its press: not before it, and nowhere if that was part of a scan."""
        code = _code(event)
        held = self._down.get(code)
        if held is None:
            return False
        held.events.append(copy_of(event))
        if not event.isAutoRepeat():
            del self._down[code]
        return True

    def _committed(self, receiver: QWidget, event: QInputMethodEvent) -> bool:
        text = event.commitString()
        if not text or receiver.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            return False
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            # without a time stamp: it is no evidence of a scan
            key = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, text)
            QCoreApplication.sendEvent(receiver, key)
        event.accept()
        return True

    # -- waiting -------------------------------------------------------------------------------------

    def _nothing_comes(self) -> None:
        deadline = self._recogniser.deadline_ms
        if deadline is not None:
            self._replay(self._recogniser.timeout(deadline + 1).released)

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive:
            self._give_up()

    def _give_up(self) -> None:
        self._patience.end()
        self._replay(self._recogniser.give_up().released)

    def _replay(self, released: tuple[KeyPress, ...]) -> None:
        replaying, self._replaying = self._replaying, True
        try:
            for press in released:
                held = press.native
                if not isinstance(held, _Held):
                    continue
                if self._down.get(held.code) is held:
                    del self._down[held.code]
                for event in held.events:
                    if isValid(held.receiver):
                        QCoreApplication.sendEvent(held.receiver, event)
        finally:
            self._replaying = replaying


def _press(event: QKeyEvent, held: _Held) -> KeyPress:
    return KeyPress(
        _kind(event), event.timestamp(), event.text() or _NO_CHARACTER, event.isAutoRepeat(), held
    )


def _kind(event: QKeyEvent) -> Key:
    key, text = event.key(), event.text()
    if key in _MODIFIERS:
        return Key.MODIFIER
    if not event.timestamp():
        return Key.OTHER
    # scanners send CR, LF and Tab as keys of their own or as Ctrl with M, J and I
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or text in ("\r", "\n"):
        return Key.ENTER
    if key == Qt.Key.Key_Tab or text == "\t":
        return Key.TAB
    if Qt.Key.Key_Dead_Grave <= key <= Qt.Key.Key_Dead_Longsolidusoverlay:
        return Key.CHARACTER
    if len(text) == 1 and (text < " " or text == "\x7f"):
        return Key.CONTROL
    return Key.CHARACTER if text and not event.modifiers() & _COMMANDS else Key.OTHER


def _code(event: QKeyEvent) -> int:
    """Which key it is: the same for its press and its release, whatever happens to Shift in between."""
    return event.nativeScanCode() or -event.key()


def _identity(event: QKeyEvent) -> tuple[object, ...]:
    return event.type(), event.timestamp(), event.key(), event.text(), event.isAutoRepeat()


def copy_of(event: QKeyEvent) -> QKeyEvent:
    """A copy that Python owns; one made by ``clone`` is never freed."""
    copy = QKeyEvent(
        event.type(),
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        event.isAutoRepeat(),
        event.count(),
    )
    copy.setTimestamp(event.timestamp())
    return copy
