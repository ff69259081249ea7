"""Child: one real window whose clerk leaves and comes back. A job in, results out.

`python -m tests.bench.leaving_window` reads a job as JSON from its standard input and prints its results as
JSON on the last line of its standard output. Times are in milliseconds.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from madoguchi.widgets.idle_watch import EVERY_MS
from madoguchi.widgets.look.lock_panel import LockPanel
from madoguchi.widgets.look.row_view import RowsView
from tests.bench.first_paint import FirstPaint
from tests.bench.stock import VISIT, BenchLibrary, window_card, window_item
from tests.bench.watch import Hands
from tests.counter.harness import Counter, SlowServer
from tests.support.staff import PASSWORD, door_at

LOGIN = "clerk"
LEAST_IDLE_SECONDS = 0.3


def main() -> int:
    """Does the job."""
    job: dict[str, Any] = json.load(sys.stdin)
    application = QApplication(sys.argv[:1])
    library = BenchLibrary(make_url(job["url"]))
    counter = Counter(cast(QtBot, Hands()), application, library, SlowServer(library))
    times = _measured(counter, job["leavings"])
    counter.close()
    times["bare"] = _bare_connections(library, job["leavings"])
    rows, platform = times.pop("rows"), QGuiApplication.platformName()
    library.close()
    print(json.dumps({"platform": platform, "rows": rows, "times": times}))
    return 0


def _measured(counter: Counter, amount: int) -> dict[str, Any]:
    lock, rows = FirstPaint(LockPanel), FirstPaint(RowsView, lambda view: view.model().rowCount() > 0)
    times: dict[str, Any] = {name: [] for name in ("key", "idle", "repaint", "rows painted", "patron")}
    counter.sign_in(LOGIN)
    counter.open_visit(window_card(0))
    # the second scan of an item is a row, too
    for _ in range(2):
        for place in range(VISIT):
            counter.scan(window_item(place))
            counter.settled()
    seen = len(counter.rows())
    for place in range(amount):
        times["repaint"].append(_taken(counter.window.repaint))
        begun = time.perf_counter()
        times["key"].append((lock.after(lambda: counter.f(12)) - begun) * 1e3)
        _come_back(counter, rows, times)
        # the watch looks four times a second: at every part of its turn the deadline comes once
        seconds = LEAST_IDLE_SECONDS + EVERY_MS / 1e3 * place / amount
        begun = time.perf_counter()
        painted = lock.after(lambda seconds=seconds: counter.window.idle.start(seconds))  # type: ignore[misc]
        times["idle"].append((painted - begun - seconds) * 1e3)
        _come_back(counter, rows, times)
    if len(counter.rows()) != seen:
        raise ValueError(f"{seen} rows were left, and {len(counter.rows())} found again")
    times["rows"] = seen
    return times


def _come_back(counter: Counter, rows: FirstPaint, times: dict[str, Any]) -> None:
    counter.until(lambda: not counter.window.away.leaving)
    # the connection that was left is closed before the next is asked for: not part of coming back
    counter.settled()
    field = counter.window.sign_in.front().password_field()
    field.set_text(PASSWORD)
    field.edit().setFocus(Qt.FocusReason.OtherFocusReason)
    begun = time.perf_counter()
    painted = rows.after(lambda: counter.press(Qt.Key.Key_Return, "\r"))
    times["rows painted"].append((painted - begun) * 1e3)
    counter.until(lambda: "見本 0" in counter.left_text())
    times["patron"].append((time.perf_counter() - begun) * 1e3)
    counter.settled()


def _taken(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1e3


def _bare_connections(library: BenchLibrary, amount: int) -> list[float]:
    """By pyodbc, with the same credentials: TLS, both certificates, SCRAM."""
    engine = door_at(library.url)(LOGIN, PASSWORD)
    arguments, keywords = engine.dialect.create_connect_args(engine.url)
    taken = [_taken(lambda: engine.dialect.connect(*arguments, **keywords).close()) for _ in range(amount)]
    engine.dispose()
    return taken


if __name__ == "__main__":
    sys.exit(main())
