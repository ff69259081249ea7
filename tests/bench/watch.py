"""Where a scan's time goes: the Enter key's delivery, the act in the worker, the paint that shows its answer.

The product is not changed. The row painter of a page's list is replaced by one that paints the same and then
tells which row it painted, so a row counts only once Qt has really called for it; the end of the paint is
taken when control comes back from the window's update, with all that was painted in it and flushed to the
platform's window.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Any, TypeVar, cast

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QRect, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.server.gateway import Act
from madoguchi.widgets.look.canvas import Canvas
from madoguchi.widgets.look.row_view import RowDelegate
from madoguchi.widgets.look.scan_row import Columns, ScanRow
from madoguchi.widgets.look.views import RowView, Sign
from madoguchi.widgets.worker import Server
from tests.bench.figures import BenchError
from tests.bench.stock import BenchLibrary
from tests.counter.harness import Counter

T = TypeVar("T")

PATIENCE_MS = 20_000
# after a paint, so that whatever the answer has left in the queue is done before the next scan
PAUSE_MS = 2
_AFTER_PAINT = QEvent.Type(QEvent.registerEventType())
_FIRST_OF_ALL = 1 << 20
_NOT_ANSWERED = (Sign.PENDING, Sign.OUTAGE)
_FAILED = (Sign.REFUSED, Sign.OUTAGE)


class Hands:
    """What the counter of the tests asks of pytest-qt: to wait, in an event loop that really runs."""

    def wait(self, milliseconds: int) -> None:
        """Waits."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def waitUntil(self, holds: Callable[[], bool], *, timeout: int = PATIENCE_MS) -> None:
        """Waits until something holds. Raises BenchError when it does not within `timeout` milliseconds."""
        deadline = time.monotonic() + timeout / 1000
        while not holds():
            if time.monotonic() > deadline:
                raise BenchError(f"waited in vain for {timeout} ms")
            self.wait(PAUSE_MS)


class TimedServer:
    """The real way to the library; notes when the last checkout or return began and ended, in ns."""

    begun = ended = 0

    def __init__(self, line: Server) -> None:
        self._line = line

    def run(self, act: Act[T]) -> T:
        """Runs `act`."""
        timed = isinstance(act, partial) and act.func in (check_out, check_in)
        begun = time.perf_counter_ns()
        answer = self._line.run(act)
        if timed:
            self.begun, self.ended = begun, time.perf_counter_ns()
        return answer

    def sign_out(self) -> None:
        """Whoever is signed in is so no longer."""
        self._line.sign_out()

    def close(self) -> None:
        """Closes the connection."""
        self._line.close()


class _ToldRow(ScanRow):
    """Paints a row, then tells which."""

    def __init__(self, painted: Callable[[RowView], None]) -> None:
        super().__init__()
        self._painted = painted

    def paint(self, canvas: Canvas, rect: QRect, row: RowView, columns: Columns) -> None:
        """Paints the row."""
        super().paint(canvas, rect, row, columns)
        self._painted(row)


class TimedCounter(Counter):
    """A counter whose scans are timed, one after the other."""

    def __init__(self, application: QApplication, library: BenchLibrary, server: TimedServer) -> None:
        super().__init__(cast(QtBot, Hands()), application, library, server)
        self.timed = server
        self.paint = PaintWatch()
        self._hook = sys.excepthook
        sys.excepthook = self._fault

    def close(self) -> None:
        """Ends it as the program does."""
        super().close()
        sys.excepthook = self._hook

    def watch_page(self) -> None:
        """From now on the paints of the page in sight are watched."""
        delegate = self.page.list.rows_view().itemDelegate()
        assert isinstance(delegate, RowDelegate)
        delegate._row = _ToldRow(self.paint.painted)

    def press(self, *key: Any, **how: Any) -> None:
        """Presses a key, as any counter does; the clock starts with Enter."""
        if Qt.Key.Key_Return in key:
            self.paint.entered = time.perf_counter_ns()
        super().press(*key, **how)

    def timed_scan(self, number: str) -> tuple[int, int, int]:
        """Scans an item and waits for the paint that shows what became of it.

        Returns nanoseconds: from Enter to the act's begin in the worker, the act, from its end to the end of
        the paint. Raises BenchError when the item is refused, or nothing is painted.
        """
        self.paint.expect(number)
        self.scan(number)
        self.paint.wait()
        row = self.paint.row
        if row is None or row.sign in _FAILED or not row.right.strip(" —"):
            raise BenchError(f"{number} was not done: {row}")
        begun, ended = self.timed.begun, self.timed.ended
        times = (begun - self.paint.entered, ended - begun, self.paint.shown - ended)
        Hands().wait(PAUSE_MS)
        return times

    def scan_all(self, numbers: Sequence[str]) -> None:
        """Scans items as fast as keys come, and waits for the paint that shows the last one's answer."""
        self.paint.expect(numbers[-1])
        for number in numbers:
            self.scan(number)
        self.paint.wait()
        failed = [entry.row for entry in self.page.entries() if entry.row.sign in (*_FAILED, Sign.PENDING)]
        if self.paint.row is None or failed:
            raise BenchError(f"not all of {numbers} were done: {failed}")

    def _fault(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._hook(kind, error, trace)
        self.paint.give_up()


class PaintWatch(QObject):
    """Waits for the end of the paint in which the row of one item was painted with its answer."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = self.shown = 0
        self.row: RowView | None = None
        self._expected = ""
        self._loop = QEventLoop()
        self._limit = QTimer()
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._loop.quit)

    def expect(self, number: str) -> None:
        """The row of this item is to be painted next."""
        self.row, self._expected = None, number

    def painted(self, row: RowView) -> None:
        """A row was painted just now."""
        if not self._expected or row.sign in _NOT_ANSWERED or self._expected not in (row.title, _number(row)):
            return
        self.row, self._expected = row, ""
        # delivered as soon as the window's update, with its flush, has come to its end
        QCoreApplication.postEvent(self, QEvent(_AFTER_PAINT), _FIRST_OF_ALL)

    def customEvent(self, event: QEvent) -> None:
        """Qt's call: the update is over."""
        if event.type() == _AFTER_PAINT:
            self.shown = time.perf_counter_ns()
            self._loop.quit()

    def wait(self) -> None:
        """Runs the event loop until that paint has come to its end, or no longer than the patience lasts."""
        self._limit.start(PATIENCE_MS)
        self._loop.exec()
        self._limit.stop()

    def give_up(self) -> None:
        """A bug was met: there is nothing to wait for."""
        self.row = None
        self._loop.quit()


def _number(row: RowView) -> str:
    return row.under.partition(" ")[0]
