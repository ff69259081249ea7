"""What the desktop and the machine tell of the clerk: the screen is to lock, the machine goes to sleep.

On Linux logind tells it over the system's bus. Where there is none (another system, a container) nothing is
told; the idle time, which counts the seconds of sleep, is there all the same.

That another session came to the front logind tells by a map of properties, at which this Qt's Python binding
aborts the program (PySide6 6.11.3): it is not listened to.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection

_LOGIND: Final = "org.freedesktop.login1"
_MANAGER: Final = "/org/freedesktop/login1"


class DesktopSession(QObject):
    """Listens to logind for the session this program is in.

    Signals:
        gone(): the desktop is to lock, or the machine goes to sleep or has just woken up.
    """

    gone = Signal()

    def __init__(
        self,
        bus: QDBusConnection | None = None,
        environment: Mapping[str, str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bus = bus if bus is not None else QDBusConnection.systemBus()
        session = (os.environ if environment is None else environment).get("XDG_SESSION_ID", "")
        self._path = f"{_MANAGER}/session/{path_element(session)}" if session else ""

    def listen(self) -> bool:
        """Begins; whether there is anything to listen to."""
        if not self._bus.isConnected():
            return False
        heard = self._hear(_MANAGER, "Manager", "PrepareForSleep", "sleeps(bool)")
        if self._path:
            self._hear(self._path, "Session", "Lock", "locked()")
        return heard

    def _hear(self, path: str, interface: str, name: str, slot: str) -> bool:
        # the binding takes what SLOT() makes, a str; its stub asks for bytes, which it refuses
        told: bytes = SLOT(slot)  # type: ignore[assignment]
        return self._bus.connect(_LOGIND, path, f"{_LOGIND}.{interface}", name, self, told)

    @Slot(bool)
    def sleeps(self, _begins: bool) -> None:
        """The machine goes to sleep, or has woken up."""
        self.gone.emit()

    @Slot()
    def locked(self) -> None:
        """The desktop is to lock."""
        self.gone.emit()


def path_element(text: str) -> str:
    """A session's id as logind writes it into a path: what is no letter, and a digit in front, as _hex."""
    return "".join(
        letter
        if letter.isascii() and (letter.isalpha() or (letter.isdigit() and place))
        else "".join(f"_{byte:02x}" for byte in letter.encode())
        for place, letter in enumerate(text)
    )
