"""Today's counter on a page, with the real worker and library: fresh in sight, honest in an outage."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from madoguchi.app.lending.answers import CheckedOut, CounterToday, HourAtCounter
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.server.engine import embedded_url
from madoguchi.app.server.gateway import Act, LendingServer, Outage
from madoguchi.widgets.garbage import GuiGarbageCollector
from madoguchi.widgets.look.chart_views import HourChartView
from madoguchi.widgets.look.fonts import load_faces
from madoguchi.widgets.look.theme import Look, Theme
from madoguchi.widgets.look.tokens import load_tokens
from madoguchi.widgets.look.views import Sign
from madoguchi.widgets.today_board import TodayBoard, chart_view
from madoguchi.widgets.worker import DatabaseWorker
from tests.support.library import JST, TODAY, SmallLibrary, new_id

T = TypeVar("T")

OFTEN_MS = 20


class CountedServer(LendingServer):
    """The real way to the library: counts what is asked, and can be cut."""

    asked = 0
    cut = False
    broken = False

    def run(self, act: Act[T]) -> T:
        """Runs ``act``, unless the line is cut."""
        self.asked += 1
        if self.cut:
            raise Outage("cut by the test")
        if self.broken:
            raise ZeroDivisionError("on purpose")
        return super().run(act)


@pytest.fixture
def library(library_file: Path, tmp_path: Path) -> Iterator[SmallLibrary]:
    path = tmp_path / "library.sqlite"
    shutil.copyfile(library_file, path)
    made = SmallLibrary(embedded_url(path))
    yield made
    made.close()


@pytest.fixture
def server(library: SmallLibrary) -> CountedServer:
    return CountedServer(library.engine)


@pytest.fixture
def worker(qtbot: QtBot, server: CountedServer) -> Iterator[DatabaseWorker]:
    made = DatabaseWorker(server, retry_seconds=0.02)
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 540)
    return made


Make = Callable[..., TodayBoard]


@pytest.fixture
def make(window: QWidget, library: SmallLibrary, worker: DatabaseWorker) -> Iterator[Make]:
    """Makes a board in the window; it refreshes once a minute unless told otherwise."""

    boards: list[TodayBoard] = []
    # as in the program: no other thread's collector ever frees a widget
    collector = GuiGarbageCollector()

    def made(**settings: int) -> TodayBoard:
        look = Look(Theme(load_tokens(), load_faces()))
        board = TodayBoard(look, worker, library.desk(), lambda: library.now.astimezone(JST), **settings)
        board.widget.setParent(window)
        board.widget.resize(894, 530)
        boards.append(board)
        return board

    yield made
    for board in boards:
        if isValid(board.widget):
            board.widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    boards.clear()
    collector.close()


def at(library: SmallLibrary, clock: str, day: dt.date = TODAY) -> None:
    library.set_clock(dt.datetime.combine(day, dt.time.fromisoformat(clock), JST))


def lend(library: SmallLibrary) -> None:
    """Lends something, at another terminal."""
    act = partial(
        check_out,
        operation=new_id(),
        visit=new_id(),
        card_number=library.patron(),
        item_number=library.item(),
        desk=library.desk(),
    )
    assert isinstance(library.server().run(act), CheckedOut)


def said(board: TodayBoard) -> list[str]:
    return [piece.text for piece in board.widget.trace()]


def settled(qtbot: QtBot, worker: DatabaseWorker) -> None:
    """Waits until all that was asked so far has been answered."""
    answered: list[None] = []
    worker.ask(lambda _: None, answered.append)
    qtbot.waitUntil(lambda: bool(answered))


def test_shown_it_says_the_branchs_day(
    qtbot: QtBot, library: SmallLibrary, worker: DatabaseWorker, window: QWidget, make: Make
) -> None:
    at(library, "10:00:00")
    lend(library)
    at(library, "14:28:00")
    lend(library)
    lend(library)
    board = make()
    window.show()
    assert said(board) == [], "nothing is said before anything is known"
    board.show_now()
    settled(qtbot, worker)
    view = board.widget.view()
    assert view is not None
    assert (view.title, view.note, view.now, view.sentence) == ("今日の窓口", "", 14, "")
    assert view.hours == tuple(range(9, 19))
    assert [(series.label, series.total) for series in view.series] == [
        ("貸出", "3点"),
        ("返却", "0点"),
        ("延長", "0点"),
    ]
    assert view.series[0].amounts == (0, 1, 0, 0, 0, 2, None, None, None, None)
    assert view.series[1].amounts == (0, 0, 0, 0, 0, 0, None, None, None, None)
    assert {"3点", "2", "14時 いま"} <= set(said(board))
    assert "14時 いま：貸出 2、返却 0、延長 0。" in board.widget.accessibleName()


def test_a_day_without_acts_is_a_sentence(
    qtbot: QtBot, worker: DatabaseWorker, window: QWidget, make: Make
) -> None:
    board = make()
    window.show()
    board.show_now()
    settled(qtbot, worker)
    assert said(board) == ["今日の窓口", "今日はまだ、貸出・返却・延長がありません。"]


def test_in_sight_it_is_asked_again_and_again(
    qtbot: QtBot, library: SmallLibrary, window: QWidget, make: Make
) -> None:
    board = make(refresh_ms=OFTEN_MS)
    window.show()
    board.show_now()
    lend(library)
    qtbot.waitUntil(lambda: "1点" in said(board))
    lend(library)
    qtbot.waitUntil(lambda: "2点" in said(board))


def test_out_of_sight_nothing_is_asked(
    qtbot: QtBot, server: CountedServer, worker: DatabaseWorker, window: QWidget, make: Make
) -> None:
    board = make(refresh_ms=OFTEN_MS)
    board.show_now()
    qtbot.wait(5 * OFTEN_MS)
    assert server.asked == 0, "the window has not been shown yet"
    window.show()
    qtbot.waitUntil(lambda: server.asked > 2)
    for leave, come_back in (
        (board.widget.hide, board.widget.show),
        (window.hide, window.show),
        (board.rest, board.show_now),
    ):
        leave()
        settled(qtbot, worker)
        before = server.asked
        qtbot.wait(5 * OFTEN_MS)
        assert server.asked == before
        come_back()
        qtbot.waitUntil(lambda before=before: server.asked > before + 2)


def test_minimized_nothing_is_asked(
    qtbot: QtBot, server: CountedServer, worker: DatabaseWorker, window: QWidget, make: Make
) -> None:
    board = make(refresh_ms=OFTEN_MS)
    window.show()
    board.show_now()
    qtbot.waitUntil(lambda: server.asked > 2)
    window.showMinimized()
    settled(qtbot, worker)
    before = server.asked
    qtbot.wait(5 * OFTEN_MS)
    assert server.asked == before
    window.showNormal()
    qtbot.waitUntil(lambda: server.asked > before + 2)


def test_at_rest_showing_the_chart_asks_nothing(
    qtbot: QtBot, server: CountedServer, window: QWidget, make: Make
) -> None:
    board = make(refresh_ms=OFTEN_MS)
    window.show()
    board.widget.hide()
    board.widget.show()
    qtbot.wait(5 * OFTEN_MS)
    assert server.asked == 0


def test_what_comes_after_it_rests_is_kept_and_shown_next_time(
    qtbot: QtBot,
    library: SmallLibrary,
    server: CountedServer,
    worker: DatabaseWorker,
    window: QWidget,
    make: Make,
) -> None:
    lend(library)
    board = make()
    window.show()
    board.show_now()
    board.rest()
    settled(qtbot, worker)
    assert said(board) == []
    server.cut = True
    board.show_now()
    assert "1点" in said(board), "at once, from what is kept"


def test_in_an_outage_the_last_figures_stay_and_say_of_what_time_they_are(
    qtbot: QtBot,
    library: SmallLibrary,
    server: CountedServer,
    worker: DatabaseWorker,
    window: QWidget,
    make: Make,
) -> None:
    at(library, "14:28:30")
    lend(library)
    board = make(refresh_ms=OFTEN_MS)
    window.show()
    board.show_now()
    qtbot.waitUntil(lambda: "1点" in said(board))
    server.cut = True
    qtbot.waitUntil(lambda: "14:28 時点" in said(board))
    at(library, "16:05:00")
    view = board.widget.view()
    assert view is not None
    assert (view.now, view.note_sign) == (None, Sign.OUTAGE)
    assert view.series[0].amounts == (0, 0, 0, 0, 0, 1, None, None, None, None)
    assert "1点" in said(board)
    assert board.widget.accessibleName().startswith("14:28 時点 ")
    # one question waits for the line, however many minutes pass
    told: list[str] = []
    worker.ask(lambda _: None, lambda _: told.append("answered"))
    lend(library)
    qtbot.wait(5 * OFTEN_MS)
    assert board.widget.view() == view
    server.cut = False
    qtbot.waitUntil(lambda: "2点" in said(board))
    qtbot.waitUntil(lambda: told == ["answered"])
    view = board.widget.view()
    assert view is not None
    assert (view.now, view.note, view.note_sign) == (16, "", None)


def test_questions_do_not_pile_up_in_an_outage(
    qtbot: QtBot, server: CountedServer, worker: DatabaseWorker, window: QWidget, make: Make
) -> None:
    board = make(refresh_ms=OFTEN_MS)
    server.cut = True
    window.show()
    board.show_now()
    qtbot.waitUntil(lambda: server.asked > 5)
    assert said(board) == ["今日の窓口", "今日の件数は、回線が戻ると表示します。"]
    board.rest()
    before = server.asked
    server.cut = False
    settled(qtbot, worker)
    # the one that waited, perhaps tried once more before the line was back, and the settling itself
    assert server.asked - before <= 3


def test_a_bug_is_seen_and_the_next_minute_asks_again(
    qtbot: QtBot, library: SmallLibrary, server: CountedServer, window: QWidget, make: Make
) -> None:
    lend(library)
    board = make(refresh_ms=OFTEN_MS)
    server.broken = True
    window.show()
    with qtbot.capture_exceptions() as raised:
        board.show_now()
        qtbot.waitUntil(lambda: bool(raised))
        server.broken = False
        qtbot.waitUntil(lambda: "1点" in said(board))
    assert {kind for kind, *_ in raised} == {ZeroDivisionError}


def test_an_answer_to_a_chart_that_has_gone_harms_nobody(
    qtbot: QtBot, library: SmallLibrary, worker: DatabaseWorker, window: QWidget, make: Make
) -> None:
    lend(library)
    board = make()
    window.show()
    board.show_now()
    board.widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not isValid(board.widget)
    assert not isValid(board), "it goes with its widget, and with it the timer"
    settled(qtbot, worker)


# Figures in words -----------------------------------------------------------------------------------

FIGURES = CounterToday(
    (HourAtCounter(8), HourAtCounter(9, checkouts=3), HourAtCounter(10, renewals=2)), 3, 0, 2
)


def worded(as_of: str, now: str, *, line_down: bool = False) -> HourChartView:
    view = chart_view(
        FIGURES, dt.datetime.fromisoformat(as_of), dt.datetime.fromisoformat(now), line_down=line_down
    )
    assert view is not None
    return view


def test_figures_of_this_minute_need_no_time() -> None:
    view = worded("2026-05-12T09:30", "2026-05-12T09:31")
    assert (view.note, view.now) == ("", 9)


@pytest.mark.parametrize(
    ("now", "note"),
    [
        ("2026-05-12T09:32", "09:30 時点"),
        ("2026-05-12T17:00", "09:30 時点"),
        ("2026-05-13T09:30", "5/12(火) 09:30 時点"),
    ],
)
def test_older_figures_say_of_when_they_are_also_without_an_outage(now: str, note: str) -> None:
    view = worded("2026-05-12T09:30", now)
    assert (view.note, view.note_sign, view.now) == (note, None, None)


def test_right_after_midnight_yesterdays_figures_are_not_todays() -> None:
    view = worded("2026-05-12T23:59:50", "2026-05-13T00:00:10")
    assert (view.note, view.now) == ("5/12(火) 23:59 時点", None)


def test_an_hour_that_has_not_begun_is_open_unless_the_server_knows_better() -> None:
    lent, returned, renewed = (
        series.amounts for series in worded("2026-05-12T09:30", "2026-05-12T09:30").series
    )
    assert (lent, returned, renewed) == ((0, 3, None), (0, 0, None), (0, 0, 2))


def test_a_quiet_day_in_an_outage_says_of_when_it_is() -> None:
    nothing = CounterToday((HourAtCounter(9),), 0, 0, 0)
    then = dt.datetime(2026, 5, 12, 9, 30, tzinfo=JST)
    view = chart_view(nothing, then, then, line_down=True)
    assert view is not None
    assert (view.note, view.note_sign) == ("09:30 時点", Sign.OUTAGE)
    assert view.sentence == "今日はまだ、貸出・返却・延長がありません。"


def test_before_any_figures_nothing_is_claimed() -> None:
    then = dt.datetime(2026, 5, 12, 9, 30, tzinfo=JST)
    assert chart_view(None, then, then, line_down=False) is None
