"""Ways round the lock, tried on the real program at a real central server.

After each the screen is, to the last pixel, the lock of a person at whose counter no patron ever was, and
nobody is connected to the server.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence

import pytest

from tests.counter.central_program import LIMIT_SECONDS, CentralTerminal, central, settled
from tests.counter.harness import CounterLibrary
from tests.counter.lock_tricks import (
    TRICKS,
    WINDOW_TRICKS,
    Trick,
    a_wrong_password,
    finds_the_way_out,
    scans,
    screen_saver,
)
from tests.counter.program import Terminal, scan, sign_in
from tests.support.xvfb import wait_for

__all__ = ["central"]

NAME, TITLE = "秘密 ひみこ", "だれにも見せない本"

# What stands around the card of a lock, in which fields and message are.
_AROUND = ((0, 0, 1366, 150), (0, 150, 290, 430), (1080, 150, 286, 430), (0, 580, 1366, 188))
_CORNER = "mousemove 1365 767"


def around(terminal: Terminal) -> bytes:
    """The screen without the lock's card."""
    return b"".join(terminal.screen.picture(*part) for part in _AROUND)


def tidied(terminal: Terminal) -> bytes:
    """The screen once login and password are as in a lock that nobody has touched.

    The focus is on the button meanwhile: a cursor in a field would come and go. Afterwards it is where the
    password belongs.
    """
    lines = [
        "mousemove 477 420 click 1",
        "key ctrl+a",
        f"type --delay 120 {terminal.login}",
        "key Tab ctrl+a BackSpace Tab",
        _CORNER,
    ]
    assert terminal.screen.play(lines).wait(60) == 0
    picture = settled(terminal.screen.picture)
    terminal.screen.key("shift+Tab")
    return picture


class Blank:
    """Pictures of the lock where no patron ever was, in each of its states."""

    def __init__(self, terminal: CentralTerminal) -> None:
        self._terminal = terminal
        self.states = {"untouched": tidied(terminal)}
        self._around = {around(terminal)}

    def learn(self, state: str, act: Callable[[], None]) -> None:
        """What the lock looks like after this; each state looks different."""
        seen: list[bytes] = []

        def holds() -> bool:
            seen.append(tidied(self._terminal))
            # a sign-in under way says nothing yet
            return seen[-1] not in self.states.values() and seen[-2:-1] == seen[-1:]

        act()
        wait_for(holds, f"what is said: {state}")
        self.states[state] = seen[-1]
        self._around.add(around(self._terminal))

    def is_around(self) -> bool:
        """Whether the screen is as around a lock."""
        return around(self._terminal) in self._around

    def is_all_there_is(self, after: str, *states: str) -> None:
        """Waits until nothing else is on the screen, and nobody connected. Raises ScreenError."""
        terminal, wanted = self._terminal, [self.states[state] for state in states or self.states]
        # the pointer is on the picture, too
        assert terminal.screen.play([_CORNER]).wait(60) == 0
        wait_for(self.is_around, f"the lock after {after}")
        wait_for(lambda: tidied(terminal) in wanted, f"the lock, and nothing but the lock, after {after}")
        terminal.nobody_is_connected()
        # what is not there at once does not come later either
        time.sleep(0.3)
        assert self.is_around(), after
        assert terminal.connections() == 0, after


def password_and_enter(terminal: Terminal) -> None:
    """Types the password into a lock whose fields are tidy."""
    terminal.screen.type_like_a_clerk(terminal.password, key_ms=80)
    terminal.screen.key("Return")


def at_work_with_a_patron(terminal: CentralTerminal, library: CounterLibrary) -> str:
    """A patron is at the counter and has lent a book; returns the number of their card."""
    card, item = library.patron(name=NAME), library.item(title=TITLE)
    scan(terminal, card)
    scan(terminal, item)
    wait_for(lambda: library.loans() == [(card, item)], "the loan")
    assert terminal.connections() == 1
    return card


def no_server_while(
    terminal: CentralTerminal, gone: Callable[[], object], back: Callable[[], object]
) -> Trick:
    """A trick: the right password, with the server out of reach until the program has said so."""

    def trick(_terminal: Terminal, _codes: Sequence[str]) -> None:
        tidied(terminal)
        gone()
        try:
            password_and_enter(terminal)
            time.sleep(LIMIT_SECONDS + 1.5)
        finally:
            back()
            terminal.library.engine.dispose()

    return trick


@pytest.mark.timeout(300)
def test_no_trick_leads_past_the_lock_or_leaves_a_connection(
    central: CentralTerminal, served: CounterLibrary
) -> None:
    terminal, cluster = central, served.cluster
    assert cluster is not None
    frozen = no_server_while(terminal, cluster.freeze, cluster.thaw)
    killed = no_server_while(terminal, cluster.kill, cluster.start)
    sign_in(terminal, terminal.login)
    # with nothing to keep there would be no lock: a digit is something
    terminal.screen.key("2", "F12")
    wait_for(lambda: not terminal.signed_in(), "the lock")
    blank = Blank(terminal)
    codes = (served.patron(), *terminal.free_books(), terminal.login)
    blank.learn("scanned", lambda: scans(terminal, codes))
    blank.learn("wrong password", lambda: a_wrong_password(terminal, ()))
    blank.learn("no server", lambda: frozen(terminal, ()))
    assert finds_the_way_out(terminal)
    terminal.screen.key("Delete")
    card = at_work_with_a_patron(terminal, served)
    assert not blank.is_around(), "a page would be seen"
    terminal.screen.key("F12")
    blank.is_all_there_is("F12", "untouched")
    codes = (card, *codes)
    for trick in (*TRICKS, *WINDOW_TRICKS):
        trick(terminal, codes)
        blank.is_all_there_is(trick.__name__)
    for trick, what in ((frozen, "the server frozen"), (killed, "the server killed")):
        trick(terminal, codes)
        blank.is_all_there_is(what, "no server")
    for hours in (-24, 9):
        now = served.now
        terminal.set_clock(now + dt.timedelta(hours=hours))
        time.sleep(1.5)
        terminal.set_clock(now)
        blank.is_all_there_is(f"the clock moved by {hours} hours and back")
    assert len(served.loans()) == 1
    assert finds_the_way_out(terminal)
    item = served.item()
    scan(terminal, item)
    wait_for(lambda: (card, item) in served.loans(), "the next loan of the same visit")
    # a screen saver begins in the moment in which it locks, and is killed
    with screen_saver(terminal) as saver:
        terminal.screen.key("F12")
        saver.begin()
        saver.wait()
    blank.is_all_there_is("a screen saver that raced it", "untouched")
    # the server stands still between a scan and its answer, and the clerk leaves
    assert finds_the_way_out(terminal)
    wait_for(lambda: terminal.connections() == 1, "the connection")
    with cluster.freeze():
        terminal.screen.type_like_a_scanner(card)
        terminal.screen.key("F12")
        wait_for(lambda: not terminal.signed_in(), "the lock")
        time.sleep(LIMIT_SECONDS + 1)
    blank.is_all_there_is("the server frozen while it locked")
    assert terminal.program.poll() is None
    assert "Traceback" not in terminal.said()
