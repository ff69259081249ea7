"""Scanners that the program reads by itself, at a whole counter: what they read, and what is theirs alone."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.training.situations import staff_number
from madoguchi.barcode.commands import Command
from madoguchi.barcode.scan import Scan, Source
from madoguchi.barcode.sources.kinds import KINDS
from madoguchi.barcode.sources.scanner import Scanner, Use
from madoguchi.barcode.sources.source import Received, SourceState, SourceStatus
from madoguchi.widgets.look.views import Sign
from madoguchi.widgets.scan_sources import MOST_ON_THEIR_WAY, ScanSources
from tests.counter.harness import Counter, CounterLibrary, SlowServer, where_said
from tests.support.library import TODAY
from tests.support.scanners import MemorySource, PtyRig, in_memory

DESK, RETURNS, TYPES = "カウンター", "返却口", "手持ち"
SCANNERS = (
    Scanner(DESK, "memory"),
    Scanner(RETURNS, "memory", Use.RETURNS, port="2"),
    Scanner(TYPES, "wedge"),
)
RETURNS_ONLY = "返却専用のスキャナです"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, MemorySource]:
    """The scanners in memory that the counter has made, by their names."""
    found: dict[str, MemorySource] = {}
    monkeypatch.setitem(KINDS, "memory", in_memory(found))
    return found


@pytest.fixture
def open_counter(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary, made: dict[str, MemorySource]
) -> Iterator[Callable[..., Counter]]:
    """Opens a counter with three scanners where nobody is signed in."""
    counters: list[Counter] = []

    def open_counter(scanners: tuple[Scanner, ...] = SCANNERS, *, hold: bool = False) -> Counter:
        server = SlowServer(library)
        counters.append(Counter(qtbot, qapp, library, server, scanners=scanners, hold_scans=hold))
        return counters[-1]

    yield open_counter
    for counter in counters:
        counter.close()


@pytest.fixture
def counter(open_counter: Callable[..., Counter]) -> Counter:
    """The clerk is signed in there."""
    made = open_counter()
    made.sign_in()
    return made


@pytest.fixture
def desk(counter: Counter, made: dict[str, MemorySource]) -> MemorySource:
    """The one at the counter, for everything."""
    return made[DESK]


@pytest.fixture
def returns(counter: Counter, made: dict[str, MemorySource]) -> MemorySource:
    """The one for returns only."""
    return made[RETURNS]


def lent(library: CounterLibrary) -> str:
    """An item that somebody has."""
    item = library.item()
    library.lent(library.patron(), item, due_on=TODAY)
    return item


# -- as any scanner ---------------------------------------------------------------------------------------


def test_it_lends_as_one_that_types(counter: Counter, desk: MemorySource, library: CounterLibrary) -> None:
    card, items = library.patron(), [library.item() for _ in range(3)]
    desk.scan(f"A{card}B")
    for item in items:
        desk.scan(f"A{item}B")
    counter.until(lambda: library.loans() == [(card, item) for item in items])
    assert [row.number for row in counter.rows()] == [1, 2, 3]


def test_a_real_serial_scanner_lends(
    open_counter: Callable[..., Counter], library: CounterLibrary, tmp_path: Path
) -> None:
    rig = PtyRig(tmp_path)
    counter = open_counter((Scanner("1番", "serial", port=str(rig.link)),))
    counter.sign_in()
    sources = counter.application.sources
    counter.until(lambda: (s := sources.state("1番")) is not None and s.state is SourceState.READY)
    card, item = library.patron(), library.item()
    rig.send(card)
    rig.send(item)
    counter.until(lambda: library.loans() == [(card, item)])
    rig.unplug()
    counter.until(lambda: (s := sources.state("1番")) is not None and s.state is SourceState.MISSING)
    counter.close()
    rig.close()


def test_every_scan_has_its_scanners_name(counter: Counter, made: dict[str, MemorySource]) -> None:
    seen: list[Scan] = []
    counter.application.sources.scanned.connect(seen.append)
    made[DESK].scan("X-1")
    made[RETURNS].scan("X-2")
    counter.until(lambda: len(seen) == 2)
    counter.scan("HELLO-123")
    assert {(scan.text_untrusted, scan.scanner, scan.source) for scan in seen} == {
        ("X-1", DESK, Source.SERIAL),
        ("X-2", RETURNS, Source.SERIAL),
        ("HELLO-123", TYPES, Source.WEDGE),
    }
    assert [scan.took_ms for scan in seen if scan.source is Source.WEDGE] == [45]


def test_of_two_that_type_none_is_named(qapp: QApplication) -> None:
    sources = ScanSources((Scanner("1", "wedge"), Scanner("2", "wedge", port="1-1")))
    seen: list[Scan] = []
    sources.scanned.connect(seen.append)
    sources.typed(Scan("X", Source.WEDGE, 0.0))
    assert [scan.scanner for scan in seen] == [""]
    sources.close()


def test_what_is_typed_is_no_scanners(counter: Counter) -> None:
    seen: list[Scan] = []
    counter.application.sources.scanned.connect(seen.append)
    counter.type("1000000016")
    counter.turn()
    assert [scan.scanner for scan in seen] == []


def test_they_begin_with_the_first_paint_and_end_with_the_program(
    open_counter: Callable[..., Counter], made: dict[str, MemorySource]
) -> None:
    counter = open_counter()
    sources = counter.application.sources
    counter.until(lambda: sources.state(DESK) is not None)
    seen: list[Scan] = []
    sources.scanned.connect(seen.append)
    made[DESK].scan("ON ITS WAY")
    counter.close()
    counter.turn()
    assert seen == []
    assert not [s for s in made.values() if s._thread is None or s._thread.is_alive()]


def test_nothing_is_started_before_the_window_is_painted(
    made: dict[str, MemorySource], qapp: QApplication
) -> None:
    sources = ScanSources(SCANNERS)
    assert [source._thread for source in made.values()] == [None, None]
    sources.close()


def test_one_that_does_not_stop_fills_no_memory(qtbot: QtBot, made: dict[str, MemorySource]) -> None:
    """The window is busy, and a device sends: it has to wait once so many are on their way."""
    sources = ScanSources((Scanner("1", "memory"),))
    seen: list[Scan] = []
    sources.scanned.connect(seen.append)
    sources.start()
    sent = MOST_ON_THEIR_WAY + 300
    for number in range(sent):
        made["1"].scan(f"A{number}")
    time.sleep(0.3)
    assert made["1"]._told.qsize() >= 299
    qtbot.waitUntil(lambda: len(seen) == sent)
    assert [scan.text_untrusted for scan in seen] == [f"A{number}" for number in range(sent)]
    # one that waits is let go of at the end
    for number in range(sent):
        made["1"].scan(f"A{number}")
    sources.close()
    qtbot.wait(50)
    assert len(seen) == sent


# -- one that is not there --------------------------------------------------------------------------------


def test_the_clerk_is_told_when_one_is_unplugged_and_when_it_is_back(
    counter: Counter, made: dict[str, MemorySource], library: CounterLibrary
) -> None:
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    assert counter.banner_text() == ""
    made[RETURNS].tell(SourceStatus(SourceState.MISSING))
    counter.until(lambda: f"スキャナがつながっていません：{RETURNS}" in counter.banner_text())
    # nothing waits for anybody: the other one lends, and the banner stays on every page
    made[DESK].scan(item)
    counter.until(lambda: library.loans() == [(card, item)])
    for key in (2, 3, 1):
        counter.f(key)
        assert RETURNS in counter.banner_text()
    # every one of them is counted
    made[DESK].tell(SourceStatus(SourceState.MISSING))
    counter.until(lambda: "スキャナ 2台がつながっていません" in counter.banner_text())
    assert f"{DESK}、{RETURNS}" in counter.banner_text()
    made[DESK].tell(SourceStatus(SourceState.REFUSED, "Permission denied"))
    counter.until(lambda: "スキャナ 2台が使えません" in counter.banner_text())
    assert "Permission denied" not in counter.banner_text()
    for name in (DESK, RETURNS):
        made[name].tell(SourceStatus(SourceState.READY))
    counter.until(lambda: counter.banner_text() == "")


def test_it_stands_behind_a_mode_and_is_told_to_who_comes_back(
    counter: Counter, made: dict[str, MemorySource]
) -> None:
    counter.press(Qt.Key.Key_Escape)
    hidden = counter.banner_text()
    made[DESK].tell(SourceStatus(SourceState.MISSING))
    counter.until(lambda: DESK in counter.banner_text())
    assert hidden.split()[0] in counter.banner_text()
    counter.window.sign_out()
    counter.sign_in()
    assert DESK in counter.banner_text()
    made[DESK].tell(SourceStatus(SourceState.READY))
    counter.until(lambda: counter.banner_text() == "")


# -- for returns only -------------------------------------------------------------------------------------


def test_its_items_come_back_and_the_visit_in_sight_stays(
    counter: Counter, returns: MemorySource, library: CounterLibrary
) -> None:
    back, card, item = lent(library), library.patron(), library.item()
    counter.open_visit(card)
    counter.scan_and_wait(item)
    counter.type("12", enter=False)
    counter.until(lambda: counter.window.typed.text() == "12")
    before = counter.rows()
    returns.scan(back)
    counter.until(lambda: library.loans() == [(card, item)])
    counter.until(lambda: counter.strip().title == library.title_of(back))
    assert counter.strip().word == "返却"
    assert counter.window.page is counter.window.pages.session.checkout
    assert counter.rows() == before
    assert card in counter.left_text()
    assert counter.window.typed.text() == "12", "what is half typed stays"
    counter.f(2)
    assert [row.title for row in counter.rows()] == [library.title_of(back)]


def test_a_question_that_is_open_stays_open(
    counter: Counter, returns: MemorySource, library: CounterLibrary
) -> None:
    back = lent(library)
    counter.open_visit(library.patron())
    counter.scan_and_wait(lent(library))
    counter.f(10)
    assert counter.window.asking()
    returns.scan(back)
    counter.until(lambda: counter.strip().title == library.title_of(back))
    assert counter.window.asking()


@pytest.mark.parametrize("key", [1, 2, 3, 4, 5, 6, 7])
def test_on_every_page_it_returns(
    counter: Counter, returns: MemorySource, library: CounterLibrary, key: int
) -> None:
    back = lent(library)
    counter.f(key)
    page = counter.window.page
    returns.scan(back)
    counter.until(lambda: library.loans() == [])
    counter.until(lambda: counter.strip().word == "返却")
    assert counter.window.page is page


@pytest.mark.parametrize("misread", [False, True])
def test_a_card_is_told_where_it_belongs(
    counter: Counter, returns: MemorySource, library: CounterLibrary, misread: bool
) -> None:
    card, other = library.patron(), library.patron()
    counter.open_visit(card)
    returns.scan(other[:-1] if misread else other)
    counter.until(lambda: counter.strip().word == RETURNS_ONLY)
    assert card in counter.left_text()
    assert where_said(other[:-1]) == []
    counter.f(2)
    assert counter.rows() == ()


def test_what_is_no_item_has_its_row_on_the_page_of_returns(
    counter: Counter, returns: MemorySource, library: CounterLibrary
) -> None:
    wrong = library.item()[:-1]
    returns.scan(wrong)
    counter.until(lambda: counter.strip().word == "桁数が違います")
    assert counter.rows() == ()
    counter.f(2)
    assert [(row.title, row.sign) for row in counter.rows()] == [(wrong, Sign.REFUSED)]


def test_a_command_does_what_it_always_does(counter: Counter, returns: MemorySource) -> None:
    returns.scan(f"{counter.window.pages.session.plan.command_prefix}{Command.RENEW.value}")
    counter.until(lambda: counter.window.page is counter.window.pages.session.pages[3])


def test_the_others_lend_meanwhile(
    counter: Counter, made: dict[str, MemorySource], library: CounterLibrary
) -> None:
    backs, items, card = (
        [lent(library) for _ in range(10)],
        [library.item() for _ in range(10)],
        library.patron(),
    )
    counter.open_visit(card)
    for back, item in zip(backs, items, strict=True):
        made[RETURNS].scan(back)
        made[DESK].scan(item)
    counter.until(lambda: sorted(library.loans()) == sorted((card, item) for item in items))
    assert len(counter.rows()) == 10


# -- while nobody is there ----------------------------------------------------------------------------------


def leave(counter: Counter) -> None:
    counter.f(12)
    counter.until(lambda: not counter.window.away.leaving and counter.window.sign_in.front().isVisible())


def test_held_scans_come_to_the_same_person_and_a_return_stays_a_return(
    open_counter: Callable[..., Counter], made: dict[str, MemorySource], library: CounterLibrary
) -> None:
    counter = open_counter(hold=True)
    counter.sign_in()
    card, item, back = library.patron(), library.item(), lent(library)
    counter.open_visit(card)
    leave(counter)
    made[RETURNS].scan(back)
    counter.until(lambda: len(counter.window.sign_in.held) == 1)
    made[DESK].scan(item)
    counter.until(lambda: len(counter.window.sign_in.held) == 2)
    counter.settled()
    assert library.loans() != []
    assert where_said(item, back) == []
    counter.sign_in()
    counter.until(lambda: library.loans() == [(card, item)])
    counter.until(lambda: [row.title for row in counter.rows()] == [library.title_of(item)])
    counter.f(2)
    counter.until(lambda: [row.title for row in counter.rows()] == [library.title_of(back)])


def test_where_they_are_not_held_they_are_refused(
    counter: Counter, made: dict[str, MemorySource], library: CounterLibrary
) -> None:
    back = lent(library)
    before = library.loans()
    counter.open_visit(library.patron())
    leave(counter)
    for name, text in ((DESK, library.item()), (RETURNS, back)):
        made[name].scan(text)
    counter.until(lambda: where_said("サインインしてから読み取ってください。") != [])
    counter.settled()
    counter.sign_in()
    counter.settled()
    assert library.loans() == before
    assert counter.rows() == ()


@pytest.mark.parametrize("name", [DESK, RETURNS])
def test_nothing_is_ever_typed_into_the_sign_in(
    open_counter: Callable[..., Counter], made: dict[str, MemorySource], library: CounterLibrary, name: str
) -> None:
    counter = open_counter()
    panel = counter.window.sign_in.front()
    panel.password_field().setFocus()
    for text in (library.item(), library.patron(), "HELLO-123", "\t\x1d\r", "図書館", staff_number(1)):
        made[name].scan(text)
    made[name].scan(library.item())
    counter.until(lambda: where_said("サインインしてから読み取ってください。") != [])
    assert panel.password_field().text() == ""
    assert panel.user_field().text() == ""


def test_no_log_and_no_repr_tells_what_was_read(
    counter: Counter, made: dict[str, MemorySource], library: CounterLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    card, item = library.patron(), library.item()
    made[DESK].scan(card)
    made[RETURNS].scan(card)
    made[DESK].scan(item)
    counter.until(lambda: library.loans() == [(card, item)])
    assert card not in caplog.text
    assert item not in caplog.text
    assert card not in repr(Scan(card, Source.SERIAL, 0.0, DESK))
    assert card not in repr(Received(card, 0.0, 5.0, "]A0", card.encode()))
