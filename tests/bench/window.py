"""Child: one real window with its worker; scans, times them, reads its own memory. A job in, results out.

`python -m tests.bench.window` reads a job as JSON from its standard input and prints its results as JSON on
the last line of its standard output. The platform is what the environment says.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from sqlalchemy import make_url

from tests.bench.bare import bare_acts
from tests.bench.stock import VISIT, BenchLibrary, window_card, window_item
from tests.bench.watch import TimedCounter, TimedServer
from tests.support.staff import line_to

Memory = dict[str, float]
PARTS = ("before", "act", "after")
PAGES = {"checkout": 1, "return": 2}


def main() -> int:
    """Does the job."""
    job: dict[str, Any] = json.load(sys.stdin)
    application = QApplication(sys.argv[:1])
    library = BenchLibrary(make_url(job["url"]))
    counter = TimedCounter(application, library, TimedServer(line_to(library.url, limit_seconds=10)))
    counter.sign_in()
    result: dict[str, object] = {"platform": QGuiApplication.platformName()}
    for act, key in PAGES.items():
        counter.f(key)
        counter.watch_page()
        if job["marks"]:
            memory = _remembered(counter, key, tuple(job["marks"]))
            result[act] = {"memory": memory, "rows": len(counter.rows())}
        else:
            times = _timed(counter, key, job["scans"])
            result[act] = {"times": times, "rows": len(counter.rows())}
    counter.close()
    if job["bare"]:
        result["bare"] = bare_acts(library, job["bare"])
    library.close()
    print(json.dumps(result))
    return 0


def _timed(counter: TimedCounter, key: int, scans: int) -> dict[str, list[float]]:
    """So many scans on a page, one after the other: milliseconds of each part of each."""
    times: dict[str, list[float]] = {part: [] for part in PARTS}
    for place in range(scans):
        if key == PAGES["checkout"] and place % VISIT == 0:
            counter.open_visit(window_card(place // VISIT))
        for part, taken in zip(PARTS, counter.timed_scan(window_item(place)), strict=True):
            times[part].append(taken / 1e6)
    return times


def _remembered(counter: TimedCounter, key: int, marks: tuple[int, ...]) -> dict[int, Memory]:
    """Scans as fast as keys come, a visit at a time; the memory after as many as the marks say."""
    memory = {0: _memory(counter)}
    for visit, first in enumerate(range(0, marks[-1], VISIT)):
        if key == PAGES["checkout"]:
            counter.open_visit(window_card(visit))
        last = min(first + VISIT, marks[-1])
        counter.scan_all([window_item(place) for place in range(first, last)])
        for mark in marks:
            if first < mark <= last:
                memory[mark] = _memory(counter)
    return memory


def _memory(counter: TimedCounter) -> Memory:
    """MiB of this process, and how many objects Python's collector knows.

    What is shared is divided among those who share it, so PSS moves with what others do; what nobody
    shares does not.
    """
    counter.turn()
    gc.collect()
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    kib = {name: int(value.split()[0]) for name, _, value in (line.partition(":") for line in lines)}
    return {
        "rss": kib["Rss"] / 1024,
        "pss": kib["Pss"] / 1024,
        "private": (kib["Private_Clean"] + kib["Private_Dirty"]) / 1024,
        "objects": len(gc.get_objects()),
    }


if __name__ == "__main__":
    sys.exit(main())
