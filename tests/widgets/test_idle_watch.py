"""Whether somebody is there is told by what they do, not by the clock on the wall and not by repaints."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.widgets.idle_watch import IdleWatch, seconds_awake_or_asleep


class Watched:
    """A watch of 60 seconds with a clock that a test turns, and what it told."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.watch = IdleWatch(60, now=lambda: self.now)
        self.told: list[object] = []
        self.watch.counting.connect(self.told.append)
        self.watch.awake.connect(lambda: self.told.append("awake"))
        self.watch.idle.connect(lambda: self.told.append("idle"))
        self.watch.start()

    def after(self, seconds: float) -> list[object]:
        """So much later the watch looks at its clock; what it tells."""
        self.now += seconds
        self.told.clear()
        self.watch.look()
        return list(self.told)


@pytest.fixture
def watched(qapp: QApplication) -> Iterator[Watched]:
    del qapp
    made = Watched()
    yield made
    made.watch.stop()


def _mouse(x: float) -> QMouseEvent:
    none = Qt.MouseButton.NoButton
    return QMouseEvent(
        QEvent.Type.MouseMove, QPointF(x, 0), QPointF(x, 0), none, none, Qt.KeyboardModifier.NoModifier
    )


def _wheel() -> QWheelEvent:
    at, none = QPointF(), Qt.KeyboardModifier.NoModifier
    down = QPointF(0, -120).toPoint()
    return QWheelEvent(at, at, down, down, Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False)


def test_the_last_ten_seconds_are_counted_one_by_one(watched: Watched) -> None:
    assert watched.after(49.9) == []
    assert watched.after(0.1) == [10]
    assert watched.after(0.4) == []
    assert watched.after(0.6) == [9]
    assert watched.after(8.5) == [1]
    assert watched.after(0.5) == ["idle"]
    assert watched.after(100) == [], "told once"


@pytest.mark.parametrize(
    "event",
    [
        QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a"),
        QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier),
        _mouse(5),
        _wheel(),
        QEvent(QEvent.Type.TouchBegin),
    ],
    ids=["key", "shift", "mouse", "wheel", "touch"],
)
def test_input_is_somebody(watched: Watched, event: QEvent) -> None:
    assert watched.after(55) == [5]
    watched.watch.see(event)
    assert watched.told[-1] == "awake"
    assert watched.after(49) == []
    assert watched.after(11) == ["idle"]


@pytest.mark.parametrize(
    "kind",
    [
        QEvent.Type.UpdateRequest,
        QEvent.Type.Timer,
        QEvent.Type.MetaCall,
        QEvent.Type.FocusIn,
        QEvent.Type.Enter,
        QEvent.Type.WindowActivate,
        QEvent.Type.KeyRelease,
    ],
)
def test_what_nobody_did_is_nobody(watched: Watched, kind: QEvent.Type) -> None:
    assert watched.after(55) == [5]
    watched.watch.see(QEvent(kind))
    watched.watch.see(QPaintEvent(QRect(0, 0, 5, 5)))
    assert watched.after(5) == ["idle"]


def test_a_pointer_that_rests_is_nobody(watched: Watched) -> None:
    """The window system tells of it again whenever a window opens below it."""
    watched.watch.see(_mouse(5))
    assert watched.after(55) == [5]
    watched.watch.see(_mouse(5))
    assert watched.told == [5]
    watched.watch.see(_mouse(6))
    assert watched.told == [5, "awake"]


def test_a_scan_is_somebody(watched: Watched) -> None:
    assert watched.after(55) == [5]
    watched.watch.noticed()
    assert watched.after(20) == []


def test_a_machine_that_slept_wakes_up_locked(watched: Watched) -> None:
    assert watched.after(8 * 3600) == ["idle"]


def test_the_time_of_day_has_no_part_in_it() -> None:
    first = seconds_awake_or_asleep()
    assert seconds_awake_or_asleep() >= first


def test_it_looks_by_itself(qtbot: QtBot) -> None:
    watch = IdleWatch(0.1)
    with qtbot.waitSignal(watch.idle, timeout=5_000):
        watch.start()
    watch.stop()
