"""The counter's window in a process of its own, on a library a test has made, told what to do line by line.

    python -m tests.counter.watched_terminal sqlite:////…/library.sqlite

Each line of its input is a command, each answered with a line of JSON; it ends where its input does. Keys do
not come this way: they come from the X server, and every one is noted with the time stamp the server gave it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import sqlalchemy as sa
from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from madoguchi.app.settings import Settings
from madoguchi.barcode.scan import Scan
from madoguchi.barcode.sources.scanner import Scanner
from madoguchi.barcode.symbology import TRAINING_PLAN
from madoguchi.widgets.application import CounterApplication
from madoguchi.widgets.look.sign_in_panel import SignInPanel
from madoguchi.widgets.look.views import Sign
from tests.counter.harness import PASSWORD, CounterLibrary, LibraryClock, Place, SlowServer

# A prime number of milliseconds, so that the focus moves between scans and within them.
FOCUS_STAYS_MS: Final = 173
BLOCKED_EVERY_MS: Final = 900


class KeyWatch(QObject):
    """Notes every key that reaches the window, before anything else sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[tuple[int, str]] = []
        self.on_key: Callable[[], None] | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's call, for every event of the application."""
        if event.type() == QEvent.Type.KeyPress and isinstance(watched, QWindow):
            assert isinstance(event, QKeyEvent)
            self.keys.append((event.timestamp(), event.text()))
            if self.on_key is not None:
                self.on_key()
        return False


class WatchedTerminal(QObject):
    """The window, and notes of all that happens in it."""

    def __init__(self, application: QApplication, url: sa.URL, scanners: tuple[Scanner, ...] = ()) -> None:
        super().__init__()
        self._library = CounterLibrary(url)
        self._server = SlowServer(self._library, limit_seconds=30.0)
        place = Place(
            "sogo", "総合市民図書館", "1番窓口", TRAINING_PLAN, LibraryClock(lambda: self._library.now)
        )
        settings = Settings(library_file=Path("not-used.sqlite"), text_scale=1.0, scanner=scanners)
        self._counter = CounterApplication(application, settings, place, self._server)
        self._counter.catcher.scanned.connect(self._note_scan)
        self._watch = KeyWatch()
        application.installEventFilter(self._watch)
        window = self._counter.window
        window.resize(1366, 768)
        # what a search or a registration will bring: a field with a cursor while somebody is signed in
        self._field = QLineEdit(window)
        self._field.setGeometry(600, 4, 120, 30)
        window.show()
        self._scans: list[str] = []
        self._rows_when_caught: list[int] = []
        self._row_when_caught: list[str] = []
        self._pending: set[str] = set()
        self._answered: list[str] = []
        self._focused: set[str] = set()
        self._focus_turn = count()
        self._focus = self._timer(FOCUS_STAYS_MS, self._move_focus)
        self._blocks: list[int] = []
        self._blocked = 0
        self._block = self._timer(BLOCKED_EVERY_MS, self._sleep)
        self._input = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._input.activated.connect(self._read)

    def _timer(self, milliseconds: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    # -- what is noted ---------------------------------------------------------------------------------

    def _note_scan(self, scan: Scan) -> None:
        # connected after the window: its row is there now, or it is not there at once
        self._scans.append(scan.text_untrusted)
        self._look_at_rows()
        page = self._counter.window.page
        entries = page.entries() if page is not None else []
        self._rows_when_caught.append(len(entries))
        self._row_when_caught.append(entries[-1].item_number if entries else "")

    def _look_at_rows(self) -> None:
        page = self._counter.window.page
        if page is None:
            return
        for entry in page.entries():
            number = entry.item_number
            if entry.row.sign is Sign.PENDING:
                self._pending.add(number)
            elif number in self._pending:
                self._pending.remove(number)
                self._answered.append(number)

    def _move_focus(self) -> None:
        able = [
            widget
            for widget in self._counter.window.findChildren(QWidget)
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        ]
        widget = able[next(self._focus_turn) % len(able)]
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focused.add(type(widget).__name__)

    def _sleep(self) -> None:
        time.sleep(self._blocks[self._blocked % len(self._blocks)] / 1000)
        self._blocked += 1

    def _sleep_after_key(self, keys: int, milliseconds: int) -> None:
        """Blocks this thread once, after so many more keys have been dealt with."""
        left = count(keys - 1, -1)

        def after_key() -> None:
            if next(left) == 0:
                self._watch.on_key = None
                QTimer.singleShot(0, lambda: time.sleep(milliseconds / 1000))

        self._watch.on_key = after_key

    # -- commands --------------------------------------------------------------------------------------

    def _read(self) -> None:
        line = sys.stdin.readline()
        if not line:
            self._end()
            return
        command: dict[str, Any] = json.loads(line)
        answer = getattr(self, "do_" + command.pop("do"))(**command)
        print(json.dumps(answer), flush=True)

    def _end(self) -> None:
        self._input.setEnabled(False)
        self._focus.stop()
        self._block.stop()
        self._counter.close()
        self._library.close()
        QApplication.quit()

    def do_sign_in(self) -> None:
        """Signs the clerk in."""
        panel = self._counter.window.findChild(SignInPanel)
        assert isinstance(panel, SignInPanel)
        panel.user_field().set_text("clerk")
        panel.password_field().set_text(PASSWORD)
        panel.button().click()

    def do_page(self) -> str:
        """The page in sight; empty before somebody is signed in."""
        page = self._counter.window.page
        if page is not None and not getattr(page, "watched", False):
            page.watched = True  # type: ignore[attr-defined]
            page.changed.connect(self._look_at_rows)
        return type(page).__name__ if page is not None else ""

    def do_delay(self, seconds: float) -> None:
        """From now on every answer of the library takes so long."""
        self._server.delay_seconds = seconds

    def do_wander(self, on: bool) -> None:
        """Whether the focus moves from widget to widget."""
        self._focus.start() if on else self._focus.stop()

    def do_block(self, milliseconds: list[int]) -> None:
        """From now on this thread sleeps so long, each in turn, now and again; nothing to end it."""
        self._blocks = milliseconds
        self._block.start() if milliseconds else self._block.stop()

    def do_block_once(self, keys: int, milliseconds: int) -> None:
        """This thread sleeps once, after so many more keys."""
        self._sleep_after_key(keys, milliseconds)

    def do_focus_field(self) -> None:
        """Puts the cursor into the field."""
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def do_forget(self) -> None:
        """Notes begin anew."""
        for notes in (self._scans, self._rows_when_caught, self._row_when_caught, self._answered):
            notes.clear()

    def do_counts(self) -> dict[str, int]:
        """How far things are."""
        return {
            "keys": len(self._watch.keys), "scans": len(self._scans),
            "pending": len(self._pending), "answered": len(self._answered),
        }  # fmt: skip

    def do_report(self) -> dict[str, object]:
        """All that has been noted."""
        page = self._counter.window.page
        return {
            "keys": self._watch.keys,
            "scans": self._scans,
            "rows": [entry.item_number for entry in page.entries()] if page is not None else [],
            "rows_when_caught": self._rows_when_caught,
            "row_when_caught": self._row_when_caught,
            "answered": self._answered,
            "focused": sorted(self._focused),
            "field": self._field.text(),
            "blocked": self._blocked,
            "page": self.do_page(),
        }


def _end_on_a_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Whoever waits for an answer must not wait for ever."""
    sys.__excepthook__(kind, error, trace)
    sys.stderr.flush()
    os._exit(1)


def run(kind: Callable[[QApplication, sa.URL], QObject]) -> int:
    """Runs until its input ends, or until a bug is met."""
    sys.excepthook = _end_on_a_bug
    os.set_blocking(sys.stdin.fileno(), True)
    application = QApplication(sys.argv[:1])
    terminal = kind(application, sa.make_url(sys.argv[1]))
    print(json.dumps("ready"), flush=True)
    status = application.exec()
    del terminal
    return status


if __name__ == "__main__":
    sys.exit(run(WatchedTerminal))
