"""The real program at a real central server is killed while it locks and while it unlocks, and work survives.

What is on the screen afterwards is held against pictures of the same program before anybody had signed in.
"""

from __future__ import annotations

import datetime as dt
import signal
import time

import pytest

from tests.counter.central_program import CentralTerminal, central, settled
from tests.counter.harness import COLLEAGUE, CounterLibrary
from tests.counter.program import give_password, scan, sign_in
from tests.support.library import TODAY
from tests.support.xvfb import wait_for

__all__ = ["central"]

_KILL, _SEGV = signal.SIGKILL, signal.SIGSEGV
_PAGE = (180, 48, 1186, 624)
"""List and what stands beside it: all of a page but keys and strip."""


def pictures_of_the_sign_in(terminal: CentralTerminal) -> set[bytes]:
    """The screen with nobody signed in: with the cursor in the field, and without."""
    seen: list[bytes] = []

    def holds() -> bool:
        seen.append(terminal.screen.picture())
        return len(seen) >= 30 and len(set(seen[-30:])) == 2

    wait_for(holds, "a sign-in page on which a cursor blinks and nothing else moves")
    return set(seen[-30:])


def open_sessions(terminal: CentralTerminal) -> int:
    """How many sessions the server believes to be open."""
    return terminal.ask("select count(*) from account.session where ended_at is null")


def signs_in_and_goes_on(terminal: CentralTerminal) -> None:
    """Signs in at the sign-in page; whoever is offered their work takes it."""
    give_password(terminal, terminal.login)

    def is_in() -> bool:
        # whoever hammers on the key answers nothing
        time.sleep(1)
        terminal.screen.key("F10")
        return terminal.signed_in()

    wait_for(is_in, "the checkout page")


def crash(terminal: CentralTerminal, how: signal.Signals, after_seconds: float) -> None:
    time.sleep(after_seconds)
    terminal.program.send_signal(how)
    terminal.program.wait(10)
    terminal.nobody_is_connected()


@pytest.mark.timeout(300)
def test_a_crash_while_it_locks_or_unlocks_lets_nobody_in(
    central: CentralTerminal, served: CounterLibrary
) -> None:
    terminal = central
    nobody = pictures_of_the_sign_in(terminal)
    card, item = served.patron(name="秘密 ひみこ"), served.item()
    sign_in(terminal, terminal.login)
    scan(terminal, card)
    scan(terminal, item)
    wait_for(lambda: served.loans() == [(card, item)], "the loan")
    for how, seconds, unlocking in (
        (_KILL, 0.0, False),
        (_SEGV, 0.02, False),
        (_KILL, 0.06, False),
        (_KILL, 0.0, True),
        (_SEGV, 0.05, True),
        (_KILL, 0.2, True),
    ):
        terminal.screen.key("F12")
        if unlocking:
            wait_for(lambda: not terminal.signed_in(), "the lock")
            terminal.nobody_is_connected()
            terminal.screen.type_like_a_clerk(terminal.password)
            terminal.screen.key("Return")
        crash(terminal, how, seconds)
        # the server may think it open, until its watcher looks or the same person is back
        assert open_sessions(terminal) <= 1
        terminal.start()
        wait_for(lambda: terminal.screen.picture() in nobody, f"nobody, after {how.name} {seconds}")
        assert terminal.connections() == 0
        signs_in_and_goes_on(terminal)
        assert open_sessions(terminal) == 1
        scan(terminal, card)
    crash(terminal, _KILL, 0.0)
    with served.engine.connect() as connection:
        # as the watcher does every second
        connection.exec_driver_sql("select watch.tick()")
    assert open_sessions(terminal) == 0
    assert served.loans() == [(card, item)]
    assert "Traceback" not in terminal.said()


def pages(terminal: CentralTerminal) -> list[bytes]:
    """What the pages of checkout, returns and renewals show."""
    shown = []
    # the clock and the lists stand still; a page is on the screen when another key was pressed before
    for key in ("F1", "F2", "F3"):
        terminal.screen.key(key)
        shown.append(settled(lambda: terminal.screen.picture(*_PAGE)))
    return shown


def lock(terminal: CentralTerminal) -> None:
    terminal.screen.key("F12")
    wait_for(lambda: not terminal.signed_in(), "the lock")
    terminal.nobody_is_connected()


@pytest.mark.timeout(300)
def test_every_page_is_found_to_the_last_pixel(central: CentralTerminal, served: CounterLibrary) -> None:
    terminal = central
    card, other = served.patron(name="秘密 ひみこ"), served.patron()
    lent, back, renewed = served.item(), served.item(), served.item()
    for item in (back, renewed):
        served.lent(other, item, due_on=TODAY + dt.timedelta(days=1))
    sign_in(terminal, terminal.login)
    for key, codes in (("F1", (card, lent)), ("F2", (back,)), ("F3", (renewed,))):
        terminal.screen.key(key)
        for code in codes:
            scan(terminal, code)
    renewals = f"select count(*) from loan where due_on > date '{TODAY + dt.timedelta(days=1)}'"
    wait_for(lambda: terminal.ask(renewals) == 2, "the loan and the renewal")
    shown = pages(terminal)
    assert len(set(shown)) == 3
    # the same person
    lock(terminal)
    terminal.screen.type_like_a_clerk(terminal.password)
    terminal.screen.key("Return")
    wait_for(terminal.signed_in, "the work")
    assert pages(terminal) == shown
    # a colleague, in the same program and in one that never knew the work
    lock(terminal)
    terminal.screen.key("shift+Tab", "ctrl+a")
    sign_in(terminal, COLLEAGUE)
    colleagues = pages(terminal)
    lock(terminal)
    terminal.program.kill()
    terminal.program.wait(10)
    terminal.start()
    sign_in(terminal, COLLEAGUE)
    assert pages(terminal) == colleagues
    assert not set(colleagues) & set(shown)
    # and the owner again, whose work was in another process
    terminal.program.kill()
    terminal.program.wait(10)
    terminal.start()
    signs_in_and_goes_on(terminal)
    assert pages(terminal) == shown
    assert "Traceback" not in terminal.said()
