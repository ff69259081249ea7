"""Ways round the lock, tried on the real program under a window manager, with keys and mouse of the X server.

After each the screen shows the lock and nothing else, the library has not changed, and the password, which is
the way out, still leads to the work as it was.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.app.training.situations import STAFF, Case, case_number
from tests.counter.lock_tricks import TRICKS, finds_the_way_out
from tests.counter.program import LOANS, Terminal, built, give_password, scan, sign_in, started, terminal
from tests.support.keyring_backend import FileKeyring
from tests.support.logind import OURS, SESSION, Logind, bus, bus_daemon, logind
from tests.support.xvfb import wait_for

__all__ = ["built", "bus", "bus_daemon", "logind", "terminal"]

CARD = case_number(Case.GROUP)

# Outside the card in the middle and the top bar there is one colour while the terminal is locked: where the
# rail, the patron, the rows and the strip stand otherwise.
_GROUND = ((0, 60, 290, 700), (1080, 60, 280, 700), (0, 640, 1366, 128))


def shows_the_lock_alone(terminal: Terminal) -> bool:
    """Whether nothing can be seen where everything stands while somebody works."""
    return all(terminal.screen.colours(*part) == 1 for part in _GROUND) and (
        terminal.screen.colours(300, 150, 760, 400) > 20
    )


@pytest.fixture
def locked(terminal: Terminal) -> Iterator[Terminal]:
    """A patron is at the counter with one loan, and the clerk has left."""
    sign_in(terminal, STAFF[0].login)
    book = terminal.free_books()[0]
    scan(terminal, CARD)
    scan(terminal, book)
    wait_for(lambda: terminal.rows(LOANS, CARD) != [], "the loan")
    assert not shows_the_lock_alone(terminal)
    terminal.screen.key("F12")
    wait_for(lambda: shows_the_lock_alone(terminal), "the lock")
    yield terminal
    assert terminal.program.poll() is None
    assert "Traceback" not in terminal.said()


@pytest.mark.timeout(300)
def test_no_trick_leads_past_the_lock(locked: Terminal) -> None:
    loans, acts = locked.rows(LOANS, CARD), locked.rows("select act from operation")
    codes = (CARD, *locked.free_books()[:3], locked.login)
    for trick in TRICKS:
        trick(locked, codes)
        wait_for(lambda: shows_the_lock_alone(locked), f"the lock after {trick.__name__}")
        # what is not there at once does not come later either
        time.sleep(0.5)
        assert shows_the_lock_alone(locked), trick.__name__
    assert locked.rows(LOANS, CARD) == loans
    assert locked.rows("select act from operation") == acts
    assert finds_the_way_out(locked)
    scan(locked, locked.free_books()[0])
    wait_for(lambda: len(locked.rows(LOANS, CARD)) == 2, "the next loan of the same visit")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV], ids=lambda how: how.name)
def test_a_crash_while_locked_or_at_work_shows_nobody(terminal: Terminal, how: signal.Signals) -> None:
    """The window goes with the process; started again, nobody is signed in."""
    sign_in(terminal, STAFF[0].login)
    scan(terminal, CARD)
    time.sleep(0.5)
    terminal.program.send_signal(how)
    terminal.program.wait(10)
    # the pointer rests in the middle
    empty = ((0, 0, 600, 768), (800, 0, 566, 768))
    wait_for(lambda: all(terminal.screen.colours(*part) == 1 for part in empty), "an empty screen")
    terminal.start()
    assert not terminal.signed_in()


def test_work_is_found_again_after_kill_9(tmp_path: Path, built: bytes) -> None:
    with started(tmp_path, built, **FileKeyring.environment(tmp_path / "ring.json")) as terminal:
        first, second = terminal.free_books()[:2]
        sign_in(terminal, STAFF[0].login)
        scan(terminal, CARD)
        scan(terminal, first)
        wait_for(lambda: terminal.rows(LOANS, CARD) == [first], "the loan")
        terminal.screen.key("F12")
        kept = tmp_path / "home" / "kept"
        wait_for(lambda: list(kept.glob("*.kept")) != [], "the work on disk")
        terminal.program.kill()
        terminal.program.wait(10)
        terminal.start()
        give_password(terminal, terminal.login)
        time.sleep(2)
        assert not terminal.signed_in(), "asked first whether to go on"
        terminal.screen.key("F10")
        wait_for(terminal.signed_in, "the work")
        # no card: the visit is still open
        scan(terminal, second)
        wait_for(lambda: terminal.rows(LOANS, CARD) == [first, second], "the next loan of the same visit")
        assert not kept.exists()
        assert "Traceback" not in terminal.said()


def test_a_second_copy_of_the_program_is_locked_too(locked: Terminal) -> None:
    second = subprocess.Popen(
        [sys.executable, "-m", "madoguchi"],
        env=locked.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(4)
        assert second.poll() is None
        assert not locked.signed_in()
        locked.screen.key("F1", "Return")
        locked.screen.type_like_a_scanner(CARD)
        time.sleep(0.5)
        assert all(locked.screen.colours(*part) == 1 for part in _GROUND[:2])
    finally:
        second.kill()
        second.wait()
    wait_for(lambda: shows_the_lock_alone(locked), "the first one's lock")


@pytest.fixture
def on_the_bus(tmp_path: Path, built: bytes, bus: str, logind: Logind) -> Iterator[Terminal]:
    """The program on a machine whose system bus is the test's; the desktop is locked with it."""
    settings = "lock_desktop = true\n"
    with started(tmp_path, built, settings, DBUS_SYSTEM_BUS_ADDRESS=bus, XDG_SESSION_ID="2") as made:
        wait_for(logind.watched, "somebody who listens to logind")
        yield made
        assert "Traceback" not in made.said()


@pytest.mark.parametrize("what", ["sleep", "lock", "switched", "locked"])
def test_sleep_and_the_desktops_lock_lock_the_counter(
    on_the_bus: Terminal, logind: Logind, what: str
) -> None:
    terminal = on_the_bus
    sign_in(terminal, STAFF[0].login)
    scan(terminal, CARD)
    time.sleep(1)
    if what == "sleep":
        logind.prepare_for_sleep(True)
        wait_for(lambda: not logind.inhibitors[0].held(), "leave to sleep")
        assert shows_the_lock_alone(terminal), "before the machine may sleep"
        logind.prepare_for_sleep(False)
        wait_for(lambda: len(logind.inhibitors) == 2, "the next sleep held back")
    elif what == "lock":
        logind.says(OURS, SESSION, "Lock")
    elif what == "switched":
        logind.session_changed(Active=("b", False))
    else:
        logind.session_changed(LockedHint=("b", True))
    wait_for(lambda: shows_the_lock_alone(terminal), "the lock")
    assert logind.locked == [], "who was told of it does not ask for it"


def test_leaving_the_desk_locks_the_desktop(on_the_bus: Terminal, logind: Logind) -> None:
    terminal = on_the_bus
    sign_in(terminal, STAFF[0].login)
    scan(terminal, CARD)
    terminal.screen.key("F12")
    wait_for(lambda: shows_the_lock_alone(terminal), "the lock")
    wait_for(lambda: logind.locked == ["2"], "the desktop's lock")
    # it has come back by now, or comes
    time.sleep(0.5)
    assert shows_the_lock_alone(terminal)
    assert finds_the_way_out(terminal)
    assert logind.locked == ["2"]


def test_the_program_ends_while_it_listens(on_the_bus: Terminal, logind: Logind) -> None:
    assert on_the_bus.end() == 0
    wait_for(lambda: not logind.inhibitors[0].held(), "leave to sleep")
