"""The hands of the tour: a wedge scanner, a clerk at the keyboard, a clerk at the mouse.

What they do takes the same way through the application as the real devices: key and mouse events for whatever
has the focus or lies under the pointer. Their clock is their own, so that a machine that is busy types no
slower.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

SCANNER_GAP_MS = 5
CLERK_GAP_MS = 200
PAUSE_MS = 1_000


class Hands:
    """Work a window.

    Attributes:
        window: which takes what is typed where nothing has the focus.
    """

    def __init__(self, window: QWidget) -> None:
        self.window = window
        self._time_ms = PAUSE_MS

    # -- the scanner -----------------------------------------------------------------------------------

    def scan(self, text: str) -> None:
        """Reads a barcode that holds this."""
        self._time_ms += PAUSE_MS
        for character in text:
            self._strike(_key_of(character), character, SCANNER_GAP_MS)
        self._strike(Qt.Key.Key_Return, "\r", SCANNER_GAP_MS)

    def scan_number(self, number: str) -> None:
        """Reads a card or an item: NW-7, whose letters this scanner sends along."""
        self.scan(f"A{number}A")

    def scan_numbers(self, numbers: Iterable[str]) -> None:
        """Reads them one after the other, and waits for nothing."""
        for number in numbers:
            self.scan_number(number)

    # -- the keyboard ----------------------------------------------------------------------------------

    def press(self, key: Qt.Key, *, shift: bool = False) -> None:
        """Presses a key that types nothing."""
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        self._strike(key, "", CLERK_GAP_MS, modifier)

    def f(self, number: int) -> None:
        """Presses a function key."""
        self.press(Qt.Key(Qt.Key.Key_F1.value + number - 1))

    def hold(self, number: int) -> None:
        """A function key goes down, and stays there."""
        self._send(QEvent.Type.KeyPress, Qt.Key(Qt.Key.Key_F1.value + number - 1), "")

    def let_go(self, number: int) -> None:
        """It comes up again."""
        self._send(QEvent.Type.KeyRelease, Qt.Key(Qt.Key.Key_F1.value + number - 1), "")

    def type(self, text: str) -> None:
        """Types as people do."""
        for character in text:
            self._strike(_key_of(character), character, CLERK_GAP_MS)

    def enter(self) -> None:
        """Presses Enter, as people do."""
        self._strike(Qt.Key.Key_Return, "\r", CLERK_GAP_MS)

    def _strike(
        self,
        key: Qt.Key,
        text: str,
        after_ms: int,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        for kind, pause in ((QEvent.Type.KeyPress, after_ms), (QEvent.Type.KeyRelease, 0)):
            self._send(kind, key, text, modifier, after_ms=pause)

    def _send(
        self,
        kind: QEvent.Type,
        key: Qt.Key,
        text: str,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        *,
        after_ms: int = CLERK_GAP_MS,
    ) -> None:
        self._time_ms += after_ms
        event = QKeyEvent(kind, key, modifier, text, False)
        event.setTimestamp(self._time_ms)
        QCoreApplication.sendEvent(QApplication.focusWidget() or self.window, event)

    # -- the mouse -------------------------------------------------------------------------------------

    def click(self, widget: QWidget) -> None:
        """Clicks in the middle of what is in sight.

        Raises:
            LookupError: it is not.
        """
        if not widget.isVisible():
            raise LookupError(f"{type(widget).__name__} is not in sight and cannot be clicked")
        self._time_ms += CLERK_GAP_MS
        middle = QPointF(widget.rect().center())
        whole = widget.mapToGlobal(middle)
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        for kind, held in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
            event = QMouseEvent(kind, middle, whole, left, held, Qt.KeyboardModifier.NoModifier)
            QCoreApplication.sendEvent(widget, event)


def _key_of(character: str) -> Qt.Key:
    # a letter of no key comes from an input method
    return Qt.Key(ord(character.upper())) if " " <= character <= "~" else Qt.Key.Key_unknown
