"""Child: one real window in which searches are typed, and scans come while one is under way.

`python -m tests.bench.search_window` reads a job as JSON from its standard input and prints its results as
JSON on the last line of its standard output. Times are in milliseconds.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from typing import Any
from uuid import uuid4

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import make_url

from madoguchi.app.catalogue.look_up import search
from madoguchi.app.catalogue.search import TitleQuery
from madoguchi.app.server.entering import enter, leave
from madoguchi.app.server.gateway import Connected
from madoguchi.widgets.look.record_table import RecordsView
from madoguchi.widgets.look.search_panel import BOX, SearchPanel
from madoguchi.widgets.search_page import SEARCH, SearchPage
from tests.bench.first_paint import FirstPaint
from tests.bench.stock import VISIT, BenchLibrary, window_card, window_item
from tests.bench.watch import Hands, TimedCounter, TimedServer
from tests.support.staff import PASSWORD, door_at, line_to

BETWEEN_KEYS_MS = 150
CHECKOUT = 1
Times = dict[str, list[float]]


class Searcher:
    """Types into the search and waits until what was found is painted."""

    def __init__(self, counter: TimedCounter, paint: FirstPaint) -> None:
        self._counter = counter
        self._paint = paint
        self._paint.counts = lambda _: self._panel.results.view() is not self._before
        counter.f(SEARCH)
        page: Any = counter.window.page
        assert isinstance(page, SearchPage)
        panel = page.centre()
        assert isinstance(panel, SearchPanel)
        self._panel = panel
        self._box = panel.field(BOX).edit()
        self._before = panel.results.view()
        self._begun = self._in_box = 0.0
        panel.edited.connect(self._typed)

    def last_letter(self, text: str) -> float:
        """All but the last letter stands there already, and nothing else is asked."""
        self._prepare(text[:-1])
        return self._last(text[-1])

    def held_back(self) -> float:
        """Milliseconds after the letter's key until it was in the box."""
        return (self._in_box - self._begun) * 1e3

    def as_people_type(self, text: str) -> float:
        """Letter by letter; each is looked for."""
        self._prepare("")
        for letter in text[:-1]:
            self._type(letter)
            Hands().wait(BETWEEN_KEYS_MS)
        return self._last(text[-1])

    def begin(self, text: str) -> None:
        """Types the last letter and does not wait."""
        self._prepare(text[:-1])
        self._type(text[-1])

    def _type(self, letter: str) -> None:
        if letter.isascii():
            self._counter.type(letter, enter=False)
            return
        # by an input method, as all that is Japanese: what it commits is no key, and nothing holds it back
        committed = QInputMethodEvent()
        committed.setCommitString(letter)
        QCoreApplication.sendEvent(self._box, committed)

    def _prepare(self, text: str) -> None:
        self.quiet()
        self._panel.set_values({BOX: text})
        self._box.setFocus()

    def _last(self, letter: str) -> float:
        self._before = self._panel.results.view()
        self._begun = time.perf_counter()
        return (self._paint.after(lambda: self._type(letter)) - self._begun) * 1e3

    def _typed(self, _values: object) -> None:
        self._in_box = time.perf_counter()

    def quiet(self) -> None:
        """Waits until nothing is being looked up."""
        worker = self._counter.application.worker
        self._counter.until(lambda: not worker._look_ups)
        self._counter.settled()


def main() -> int:
    """Does the job."""
    job: dict[str, Any] = json.load(sys.stdin)
    application = QApplication(sys.argv[:1])
    library = BenchLibrary(make_url(job["url"]))
    # before the first of them is made: Qt looks once for what paints
    paint = FirstPaint(RecordsView)
    counter = TimedCounter(application, library, TimedServer(line_to(library.url, limit_seconds=30)))
    counter.sign_in()
    result: dict[str, Any] = {"platform": QGuiApplication.platformName()}
    questions: list[dict[str, Any]] = job["questions"]
    counter.f(CHECKOUT)
    counter.watch_page()
    result["scans"] = _scans(counter, paint, job["disturbing"], job["scans"])
    searcher = Searcher(counter, paint)
    result["held back"] = []

    def typed(text: str) -> float:
        taken = searcher.last_letter(text)
        if text[-1].isascii():
            result["held back"].append(searcher.held_back())
        return taken

    result["typed"] = _times(typed, questions, job["searches"])
    slowly = [question for question in questions if question["slowly"]]
    result["as people type"] = _times(searcher.as_people_type, slowly, max(1, job["searches"] // 10))
    searcher.quiet()
    counter.close()
    result["bare"] = _bare(library, questions, max(1, job["searches"] // 4))
    library.close()
    print(json.dumps(result))
    return 0


def _times(act: Any, questions: list[dict[str, Any]], times: int) -> Times:
    taken: Times = defaultdict(list)
    for _ in range(times):
        for question in questions:
            taken[question["kind"]].append(act(question["text"]))
    return taken


def _scans(counter: TimedCounter, paint: FirstPaint, texts: list[str], amount: int) -> dict[str, Times]:
    """Scans on the checkout page: none is looking, and a search that many titles hold began just before."""
    taken: dict[str, Times] = {"alone": defaultdict(list), "while searching": defaultdict(list)}
    searcher = Searcher(counter, paint)
    for place in range(amount):
        searcher.quiet()
        if place % VISIT == 0:
            counter.f(CHECKOUT)
            counter.open_visit(window_card(place // VISIT))
        counter.f(SEARCH)
        alone = place % 2 == 0
        if not alone:
            searcher.begin(texts[place // 2 % len(texts)])
        counter.f(CHECKOUT)
        before, act, after = (part / 1e6 for part in counter.timed_scan(window_item(place)))
        kept = taken["alone" if alone else "while searching"]
        kept["whole"].append(before + act + after)
        kept["waited"].append(before)
    return taken


def _bare(library: BenchLibrary, questions: list[dict[str, Any]], times: int) -> Times:
    """The use case with its statements and its answer, on a connection of its own, without a window."""
    desk = library.desk()
    engine = door_at(library.url)(desk.login, PASSWORD) if library.on_postgresql else library.engine
    with engine.connect() as connection:
        if library.on_postgresql:
            enter(connection, uuid4(), login=desk.login)

        def ask(text: str) -> float:
            begun = time.perf_counter()
            search(Connected(connection), query=TitleQuery(anywhere=text), desk=desk)
            return (time.perf_counter() - begun) * 1e3

        taken = _times(ask, questions, times)
        if library.on_postgresql:
            leave(connection)
    engine.dispose()
    return taken


if __name__ == "__main__":
    sys.exit(main())
