"""Leaving the desk: how soon the lock is painted, how soon the work is back, and what memory keeps."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from madoguchi.widgets import garbage
from madoguchi.widgets.idle_watch import EVERY_MS
from tests.bench.figures import BenchError, Figure, Limit, spread
from tests.bench.ground import POSTGRESQL, Child, Ground, environment
from tests.bench.process_memory import Copies, copies_of
from tests.counter.central_program import CentralTerminal, on_server
from tests.counter.program import sign_in

SETTLED_SECONDS = 2.0
COLLECTED_SECONDS = 2 * garbage.EVERY_MS * garbage.WHOLE_EVERY / 1e3
"""After so long whatever Python still held in a cycle has gone."""


def measure(ground: Ground) -> Iterator[Figure]:
    """Every figure of this section; without a screen none of the memory, which is root's alone to read."""
    yield from _times(ground)
    if ground.screen() is not None:
        yield from _memory(ground)


def _times(ground: Ground) -> Iterator[Figure]:
    url = ground.library(POSTGRESQL).terminal_url().render_as_string(hide_password=False)
    child = Child("-m", "tests.bench.leaving_window", environment=environment(ground.screen()))
    try:
        child.tell({"url": url, "leavings": ground.sizes.leavings})
        child.finish_telling()
        result: dict[str, Any] = child.answer()
    finally:
        child.end()
    on, times = f"{POSTGRESQL}, {result['platform']}", result["times"]
    rows = f"{result['rows']} rows of a visit on the screen"
    repaint = Limit("one full repaint of the same window, median", spread(times["repaint"])["median"])
    bare = Limit("a bare connection by pyodbc, median", spread(times["bare"])["median"])
    for what, name, limits in (
        (f"F12 to the lock painted, {rows}", "key", (repaint,)),
        (
            f"idle deadline to the lock painted, {rows}",
            "idle",
            (repaint, Limit("the watch's turn", EVERY_MS)),
        ),
        ("one full repaint of the same window", "repaint", ()),
        ("unlock: Enter on the password to the rows painted", "rows painted", (bare,)),
        ("unlock: Enter on the password to the patron asked anew and there", "patron", (bare,)),
        ("a bare connection by pyodbc", "bare", ()),
    ):
        yield Figure("leaving", on, what, "ms", len(times[name]), spread(times[name]), limits)


def _memory(ground: Ground) -> Iterator[Figure]:
    """The real program, from a keyboard: copies of the password in what can be read of its memory."""
    with (
        tempfile.TemporaryDirectory(prefix="madoguchi-leaving-") as folder,
        on_server(Path(folder), ground.library(POSTGRESQL)) as terminal,
    ):
        try:
            yield _found(terminal, "nobody has signed in yet")
            sign_in(terminal, terminal.login)
            time.sleep(SETTLED_SECONDS)
            found = _found(terminal, "signed in")
            if not found.main:
                raise BenchError("a password that is in use was not found: the search is blind")
            yield found
            # with nothing to keep there would be no lock: a digit is something
            terminal.screen.key("2", "F12")
            terminal.nobody_is_connected()
            time.sleep(SETTLED_SECONDS)
            yield _found(terminal, "locked")
            # the smallest run is there to see that all of this runs
            seconds = min(COLLECTED_SECONDS, ground.sizes.leavings)
            time.sleep(seconds)
            yield _found(terminal, f"locked for {seconds:g} s more")
        except PermissionError as error:
            raise BenchError("the program's memory is root's alone to read: run this as root") from error


def _found(terminal: CentralTerminal, when: str) -> Figure:
    found: Copies = copies_of(terminal.password, terminal.program.pid)
    values = {"": float(len(found)), **found.by_place(), **found.by_encoding()}
    return Figure("leaving", POSTGRESQL, f"the password in memory, {when}", "copies", 1, values)
