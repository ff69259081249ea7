"""The desktop and the counter: who leaves one has left the other, and sleep waits for the lock."""

from __future__ import annotations

import pytest
from PySide6.QtCore import SignalInstance

from madoguchi.barcode.commands import Command
from madoguchi.widgets.desktop_session import DesktopSession
from tests.counter.harness import Counter, CounterLibrary, SlowServer, where_said
from tests.counter.test_away import is_away
from tests.counter.test_commands import command
from tests.support.logind import OURS, SESSION, Logind, bus, bus_daemon, logind

__all__ = ["bus", "bus_daemon", "logind"]


def times_told(signal: SignalInstance) -> list[None]:
    """Has one more for each time that the signal was emitted."""
    told: list[None] = []
    signal.connect(lambda: told.append(None))
    return told


@pytest.mark.parametrize("way", ["F12", "card", "idle"])
def test_every_way_to_leave_is_told_once(counter: Counter, library: CounterLibrary, way: str) -> None:
    left = times_told(counter.window.left)
    counter.open_visit(library.patron())
    if way == "F12":
        counter.f(12)
    elif way == "card":
        command(counter, Command.LOCK)
    else:
        counter.window.idle.start(0.3)
    counter.until(lambda: left != [] and is_away(counter))
    counter.f(12)
    counter.turn()
    assert left == [None]


def test_what_the_desktop_tells_is_not_told_back(counter: Counter, library: CounterLibrary) -> None:
    left = times_told(counter.window.left)
    counter.open_visit(library.patron())
    counter.window.nobody_there()
    counter.until(lambda: is_away(counter))
    assert left == []


def test_the_lock_is_told_when_it_is_painted(
    counter: Counter, library: CounterLibrary, slow: SlowServer
) -> None:
    """Between a scan and its answer nothing is seen, but there is no lock yet."""
    painted = times_told(counter.window.lock_painted)
    name = "眠い ためし"
    counter.open_visit(library.patron(name=name))
    slow.hold()
    counter.scan(library.item())
    counter.window.nobody_there()
    counter.turn()
    assert where_said(name) == []
    assert painted == []
    slow.let_go()
    counter.until(lambda: painted != [])
    assert is_away(counter)
    assert counter.window.page is None


def test_where_nobody_is_signed_in_the_lock_is_told_at_once(counter: Counter) -> None:
    counter.window.sign_out()
    painted = times_told(counter.window.lock_painted)
    counter.window.nobody_there()
    counter.until(lambda: painted == [None])
    assert counter.window.sign_in.panel.isVisible()


def test_sleep_waits_for_the_lock(
    counter: Counter, library: CounterLibrary, slow: SlowServer, bus: str, logind: Logind
) -> None:
    desktop = DesktopSession(bus, {"XDG_SESSION_ID": "2"}, hold_seconds=600)
    desktop.gone.connect(counter.window.nobody_there)
    gone = times_told(desktop.gone)
    held: list[bool] = []
    counter.window.lock_painted.connect(lambda: held.append(logind.inhibitors[0].held()))
    counter.window.lock_painted.connect(desktop.lock_is_shown)
    desktop.listen()
    counter.until(logind.watched)
    counter.open_visit(library.patron())
    slow.hold()
    counter.scan(library.item())
    logind.prepare_for_sleep(True)
    counter.until(lambda: gone != [])
    counter.turn()
    assert logind.inhibitors[0].held()
    slow.let_go()
    counter.until(lambda: not logind.inhibitors[0].held())
    assert held == [True]
    assert is_away(counter)
    desktop.close()


def test_a_lock_that_comes_back_does_nothing_more(
    counter: Counter, library: CounterLibrary, bus: str, logind: Logind
) -> None:
    desktop = DesktopSession(bus, {"XDG_SESSION_ID": "2"})
    desktop.gone.connect(counter.window.nobody_there)
    counter.window.left.connect(desktop.lock_desktop)
    gone = times_told(desktop.gone)
    desktop.listen()
    counter.until(logind.watched)
    card = library.patron()
    counter.open_visit(card)
    counter.f(12)
    counter.until(lambda: gone == [None])
    logind.says(OURS, SESSION, "Lock")
    counter.until(lambda: gone == [None, None])
    counter.turn()
    assert is_away(counter)
    assert logind.locked == ["2"]
    counter.sign_in()
    counter.until(lambda: card in counter.left_text())
    desktop.close()
