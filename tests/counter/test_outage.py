"""The line breaks in the middle of a checkout: the window lives on, and nothing is done twice.

On a real PostgreSQL through ODBC, which is stopped, killed, or cut off in front of the window's eyes.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.app.server.central import CentralServer
from madoguchi.widgets.look.views import Sign, Tone
from tests.counter.harness import COLLEAGUE, Counter, CounterLibrary, Heartbeat, unique, where_said
from tests.support.cluster import Cluster
from tests.support.library import TODAY
from tests.support.staff import door_at
from tests.support.wire import Wire

LIMIT_SECONDS = 1.5
DOWN_AT_LATEST_MS = 6_000
STALL_SECONDS = 0.5
"""What a GUI thread that waits for the server would exceed by far; a busy machine does not."""

_LEND = re.compile(r"\blend\(")


class Line:
    """The counter's line to the server, and what happens to it in the middle of a checkout."""

    def __init__(self, url: sa.URL, wire: Wire) -> None:
        self.wire = wire
        self._door = door_at(url.set(port=wire.port))
        self._at_write: Callable[[], object] | None = None
        self._down = False

    def door(self, login: str, password: str) -> sa.Engine:
        """The terminal's door, and what happens on its line."""
        engine = self._door(login, password)
        sa.event.listen(engine, "before_cursor_execute", self._before)
        sa.event.listen(engine, "do_connect", self._connecting)
        return engine

    def at_next_loan(self, act: Callable[[], object]) -> None:
        """Runs ``act`` between the read and the write of the next checkout."""
        self._at_write = act

    def lose_answer_of_next_loan(self) -> None:
        """The next loan is committed, its answer never arrives, and the line stays down until ``mend``."""

        def lose() -> None:
            self._down = True
            self.wire.lose_next_answer()

        self.at_next_loan(lose)

    def mend(self) -> None:
        """The line is well again."""
        self._down = False
        self.wire.mend()

    def _before(self, *arguments: object) -> None:
        act = self._at_write
        if act is not None and _LEND.search(str(arguments[2])):
            self._at_write = None
            act()

    def _connecting(self, *_arguments: object) -> None:
        if self._down:
            self.wire.refuse()


@pytest.fixture
def library(served: CounterLibrary) -> CounterLibrary:
    return served


@pytest.fixture
def line(cluster: Cluster, library: CounterLibrary) -> Iterator[Line]:
    with Wire(cluster.host, cluster.port) as wire:
        made = Line(library.terminal_url(), wire)
        yield made
        made.mend()


@pytest.fixture
def counter(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary, line: Line, cluster: Cluster
) -> Iterator[Counter]:
    made = Counter(qtbot, qapp, library, CentralServer(line.door, limit_seconds=LIMIT_SECONDS))
    made.sign_in()
    yield made
    cluster.recover()
    line.mend()
    made.close()


def until_down(counter: Counter, rows: int) -> None:
    """Waits until the last rows say that nothing was done, which is at most the limit, and some slack."""
    said = [Sign.OUTAGE] * rows
    counter.until(lambda: [row.sign for row in counter.rows()][-rows:] == said, DOWN_AT_LATEST_MS)


def until_up(counter: Counter) -> None:
    counter.settled()
    counter.until(lambda: counter.banner_text() == "")


def test_a_server_that_freezes_in_the_middle_of_a_checkout(
    counter: Counter, library: CounterLibrary, line: Line, cluster: Cluster
) -> None:
    card, items = library.patron(), [library.item() for _ in range(3)]
    counter.open_visit(card)
    line.at_next_loan(cluster.freeze)
    heartbeat = Heartbeat(counter.window)
    counter.scan(items[0])
    counter.scan(items[1])
    until_down(counter, rows=2)
    assert heartbeat.longest_gap_seconds < STALL_SECONDS
    for row in counter.rows():
        assert (row.state, row.detail) == ("未貸出", "資料は渡さないでください")
    assert (counter.strip().tone, counter.strip().word) == (Tone.OUTAGE, "未貸出")
    assert "回線断" in counter.banner_text()
    # one more, while the line is known to be down
    counter.scan(items[2])
    until_down(counter, rows=3)
    # the keys go on working, too
    counter.f(2)
    counter.f(1)
    assert len(counter.rows()) == 3
    assert heartbeat.longest_gap_seconds < STALL_SECONDS

    cluster.thaw()
    counter.until(lambda: [row.sign for row in counter.rows()] == [Sign.DONE] * 3)
    until_up(counter)
    assert [(row.state, row.right, row.action) for row in counter.rows()] == [("貸出", "5/26(火)", "")] * 3
    assert library.loans() == [(card, item) for item in items]
    assert library.counted() == 3
    assert len(library.rows(sa.select(t.operation))) == 3
    assert heartbeat.longest_gap_seconds < STALL_SECONDS


def test_a_server_that_is_killed_and_started_again(
    counter: Counter, library: CounterLibrary, line: Line, cluster: Cluster
) -> None:
    card, item, after = library.patron(), library.item(), library.item()
    counter.open_visit(card)
    line.at_next_loan(cluster.kill)
    heartbeat = Heartbeat(counter.window)
    counter.scan(item)
    until_down(counter, rows=1)
    assert "回線断" in counter.banner_text()
    assert heartbeat.longest_gap_seconds < STALL_SECONDS
    cluster.start()
    counter.until(lambda: counter.rows()[0].sign is Sign.DONE)
    until_up(counter)
    assert counter.scan_and_wait(after).sign is Sign.DONE
    assert library.loans() == [(card, item), (card, after)]
    assert library.counted() == 2


def test_an_answer_that_is_lost_is_asked_for_again_and_not_done_again(
    counter: Counter, library: CounterLibrary, line: Line
) -> None:
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    line.lose_answer_of_next_loan()
    counter.scan(item)
    until_down(counter, rows=1)
    assert library.loans() == [(card, item)], "the first attempt was to be committed"
    line.mend()
    counter.until(lambda: counter.rows()[0].sign is Sign.DONE)
    until_up(counter)
    assert library.loans() == [(card, item)]
    assert library.counted() == 1


def test_the_next_card_calls_a_loan_off_even_if_it_had_been_committed(
    counter: Counter, library: CounterLibrary, line: Line
) -> None:
    title, name = unique("題"), unique("次")
    item, behind, other = library.item(title=title), library.item(title=title), library.patron(name=name)
    card = library.patron()
    counter.open_visit(card)
    line.lose_answer_of_next_loan()
    counter.scan(item)
    counter.scan(behind)
    until_down(counter, rows=2)
    assert library.loans() == [(card, item)], "the first attempt was to be committed"
    counter.scan(other)
    assert [(row.title, row.state) for row in counter.rows()] == [(item, "取りやめ"), (behind, "取りやめ")]
    line.mend()
    counter.until(lambda: name in counter.left_text())
    until_up(counter)
    assert counter.rows() == ()
    assert library.loans() == []
    assert library.counted() == 0
    assert where_said(title) == []
    # the book is still here: the next patron takes it
    assert counter.scan_and_wait(item).sign is Sign.DONE
    assert library.loans() == [(other, item)]


def test_a_loan_whose_answer_is_on_its_way_when_it_is_called_off(
    counter: Counter, library: CounterLibrary, line: Line
) -> None:
    card, item, other = library.patron(), library.item(), library.patron()
    counter.open_visit(card)
    line.lose_answer_of_next_loan()
    counter.scan(item)
    until_down(counter, rows=1)
    line.mend()
    # the event loop stands still while the worker gets its answer, then the card is read first
    answered = threading.Event()
    counter.application.worker.ask(lambda _: answered.set(), lambda _: None)
    assert answered.wait(30)
    assert counter.rows()[0].sign is Sign.OUTAGE
    counter.scan(other)
    counter.until(lambda: other in counter.left_text())
    until_up(counter)
    assert counter.rows() == ()
    assert library.loans() == []
    assert library.counted() == 0


def test_the_next_card_while_the_server_stands_still(
    counter: Counter, library: CounterLibrary, line: Line, cluster: Cluster
) -> None:
    card, items, other = library.patron(), [library.item() for _ in range(2)], library.patron()
    counter.open_visit(card)
    line.at_next_loan(cluster.freeze)
    for item in items:
        counter.scan(item)
    until_down(counter, rows=2)
    counter.scan(other)
    counter.scan(items[1])  # kept back, and wanted by the next patron
    cluster.thaw()
    counter.until(lambda: other in counter.left_text())
    until_up(counter)
    assert library.loans() == [(other, items[1])]
    assert library.counted() == 1
    assert [(row.number, row.sign) for row in counter.rows()] == [(1, Sign.DONE)]


def test_leaving_calls_off_what_was_not_confirmed(
    counter: Counter, library: CounterLibrary, line: Line
) -> None:
    name = unique("名")
    card, item, behind = library.patron(name=name), library.item(), library.item()
    counter.open_visit(card)
    line.lose_answer_of_next_loan()
    counter.scan(item)
    counter.scan(behind)
    until_down(counter, rows=2)
    assert library.loans() == [(card, item)], "the first attempt was to be committed"
    counter.f(12)
    assert counter.window.page is None
    assert where_said(name) == []
    line.mend()
    counter.settled()
    counter.sign_in(COLLEAGUE)
    counter.settled()
    assert counter.rows() == ()
    assert library.loans() == []
    assert library.counted() == 0
    assert where_said(name, card, item, behind) == []


def test_a_clerk_can_give_up_a_loan_that_waits(counter: Counter, library: CounterLibrary, line: Line) -> None:
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    line.lose_answer_of_next_loan()
    counter.scan(item)
    until_down(counter, rows=1)
    counter.f(10)
    counter.pass_guard()
    counter.f(10)
    assert (counter.rows()[0].state, counter.rows()[0].under) == ("取りやめ", "貸出していません")
    line.mend()
    counter.until(lambda: counter.rows() == ())
    until_up(counter)
    assert library.loans() == []
    assert counter.scan_and_wait(item).sign is Sign.DONE
    assert library.loans() == [(card, item)]


def test_a_question_about_a_loan_that_waits_ends_with_its_answer(
    counter: Counter, library: CounterLibrary, line: Line
) -> None:
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    line.lose_answer_of_next_loan()
    counter.scan(item)
    until_down(counter, rows=1)
    counter.f(10)
    question = counter.window.frame.question
    assert question.isVisible()
    line.mend()
    counter.until(lambda: counter.rows()[0].sign is Sign.DONE)
    assert not question.isVisible()
    assert question.view() is None
    counter.pass_guard()
    counter.press(Qt.Key.Key_F10)  # "give it up" a moment too late does nothing else instead
    counter.settled()
    assert library.loans() == [(card, item)]
    assert library.value(sa.select(t.loan.c.renewals)) == 0


@pytest.mark.parametrize(
    ("page", "waiting", "done", "act"), [(2, "未返却", "返却", "checkin"), (3, "未延長", "延長", "renewal")]
)
def test_returns_and_renewals_wait_and_are_done_once(
    counter: Counter, library: CounterLibrary, cluster: Cluster, page: int, waiting: str, done: str, act: str
) -> None:
    items = [library.item() for _ in range(2)]
    for item in items:
        library.lent(library.patron(), item, due_on=TODAY)
    counter.f(page)
    with cluster.freeze():
        for item in items:
            counter.scan(item)
        until_down(counter, rows=2)
        assert [row.state for row in counter.rows()] == [waiting] * 2
        assert counter.strip().tone is Tone.OUTAGE
    counter.until(lambda: [row.state for row in counter.rows()] == [done] * 2)
    until_up(counter)
    assert library.counted(act) == 2
    assert counter.page.header().count == 2


@pytest.mark.parametrize("when", ["at once", "known"])
def test_closing_the_window_in_an_outage_leaves_no_thread(
    counter: Counter, library: CounterLibrary, line: Line, cluster: Cluster, when: str
) -> None:
    item = library.item()
    counter.open_visit(library.patron())
    frozen = threading.Event()

    def freeze() -> None:
        cluster.freeze()
        frozen.set()

    line.at_next_loan(freeze)
    counter.scan(item)
    if when == "known":
        until_down(counter, rows=1)
    else:
        counter.until(frozen.is_set)
    ours = [each for each in threading.enumerate() if each.name in ("database worker", "lending server")]
    assert "database worker" in [thread.name for thread in ours]
    counter.close()
    # given back by then, although the server still stands still
    counter.until(lambda: not any(thread.is_alive() for thread in ours))
