"""What the desktop and the machine tell of the clerk: the screen is to lock, the machine goes to sleep.

On Linux logind tells it over the system's bus. Where there is none (another system, a container) nothing is
told; the idle time, which counts the seconds of sleep, is there all the same.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal

from madoguchi.app.terminal.logind import HOLD_SECONDS, Logind
from madoguchi.app.terminal.system_bus import SYSTEM


class DesktopSession(QObject):
    """Listens to logind for the session this program is in. Nothing here is ever waited for.

    Signals:
        gone(): the desktop is to lock or is locked, another session is in front, or the machine goes to sleep
            or has just woken up.
    """

    gone = Signal()
    _told = Signal()

    def __init__(
        self,
        bus: str = SYSTEM,
        environment: Mapping[str, str] | None = None,
        parent: QObject | None = None,
        *,
        hold_seconds: float = HOLD_SECONDS,
    ) -> None:
        super().__init__(parent)
        session = (os.environ if environment is None else environment).get("XDG_SESSION_ID", "")
        # told in the bus' thread, said in this one
        self._told.connect(self.gone, Qt.ConnectionType.QueuedConnection)
        self._logind = Logind(self._told.emit, session=session, bus=bus, hold_seconds=hold_seconds)

    def listen(self) -> None:
        """Begins, and asks logind to hold sleep back until the lock is shown."""
        self._logind.listen()

    def lock_is_shown(self) -> None:
        """Nothing of anybody is on the screen any more: a machine that is about to sleep may."""
        self._logind.lock_is_shown()

    def lock_desktop(self) -> None:
        """Asks that the desktop be locked, too."""
        self._logind.lock_desktop()

    def close(self) -> None:
        """Listens no more; waits a second at most."""
        self._logind.close()
