"""Leaving a patron, the session, the program: no scan is lost, nobody comes in later by themselves."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.widgets.worker import Job
from tests.counter.harness import PASSWORD, Counter, CounterLibrary, CutLine
from tests.support.library import TODAY


@pytest.fixture
def line(library: CounterLibrary) -> CutLine:
    """A line that can be cut."""
    return CutLine(library)


@pytest.fixture
def counter(qtbot: QtBot, qapp: QApplication, library: CounterLibrary, line: CutLine) -> Iterator[Counter]:
    """A counter at the end of it, signed in."""
    made = Counter(qtbot, qapp, library, line)
    made.sign_in()
    yield made
    line.down = False
    made.close()


# -- the program -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [1, 2])
def test_closing_the_window_loses_no_scan(
    counter: Counter, library: CounterLibrary, line: CutLine, page: int
) -> None:
    card, items = library.patron(), [library.item() for _ in range(3)]
    if page == 2:
        for item in items:
            library.lent(card, item, due_on=TODAY)
    counter.open_visit(card)
    counter.f(page)
    counter.settled()
    line.delay_seconds = 0.2
    for item in items:
        counter.scan(item)
    counter.close()
    assert len(library.loans()) == (3 if page == 1 else 0)


def test_with_the_line_down_the_window_is_closed_on_purpose_only(
    counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    counter.open_visit(library.patron())
    line.down = True
    counter.scan(library.item())
    counter.until(lambda: "回線断" in counter.banner_text())
    assert not counter.window.close()
    assert counter.window.isVisible()
    assert counter.strip().word == "まだ記録されていません"
    assert "1件" in counter.strip().title
    assert counter.window.close()


def test_with_the_line_down_and_nothing_waiting_it_closes(counter: Counter, line: CutLine) -> None:
    line.down = True
    counter.application.worker.ask(lambda _: None, lambda _: None, matters=False)
    counter.until(lambda: "回線断" in counter.banner_text())
    assert counter.window.close()


# -- the session -------------------------------------------------------------------------------------------


def test_nobody_is_signed_in_long_after_they_gave_up(counter: Counter, line: CutLine) -> None:
    counter.f(12)
    line.down = True
    counter.try_to_sign_in("clerk")
    counter.until(lambda: "届きません" in counter.window.sign_in.panel.message())
    # they go home; the line comes back in the night
    line.down = False
    counter.settled()
    assert counter.window.page is None
    # who asks again is let in
    counter.sign_in()


def test_no_password_waits_in_memory_for_the_next_act(counter: Counter) -> None:
    counter.f(12)
    counter.try_to_sign_in("clerk", "wrong-" + PASSWORD)
    counter.until(lambda: "違うか" in counter.window.sign_in.panel.message())
    counter.turn()
    gc.collect()
    jobs = [held for held in gc.get_objects() if isinstance(held, Job)]
    cells = [cell.cell_contents for job in jobs for cell in getattr(job.act, "__closure__", None) or ()]
    assert "wrong-" + PASSWORD not in cells


def test_before_sign_in_there_are_no_preferences(counter: Counter) -> None:
    counter.f(12)
    counter.press(Qt.Key.Key_F12, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert counter.window.frame.card() is None


@pytest.mark.parametrize(
    "modifier",
    [
        Qt.KeyboardModifier.ControlModifier,
        Qt.KeyboardModifier.AltModifier,
        Qt.KeyboardModifier.MetaModifier,
    ],
)
def test_only_f12_itself_signs_out(counter: Counter, modifier: Qt.KeyboardModifier) -> None:
    counter.press(Qt.Key.Key_F12, modifiers=modifier)
    assert counter.window.page is not None


# -- the visit ---------------------------------------------------------------------------------------------


def test_what_was_half_typed_goes_with_its_visit(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    counter.type("2000", enter=False)
    counter.f(11)
    card = library.patron()
    counter.type(card)
    counter.until(lambda: card in counter.left_text())
