"""The real program in a real window: a scanner and a clerk at the keyboard, under an X server.

Keys come from xdotool through the X server, so that time stamps, focus and the window manager are real.
"""

from __future__ import annotations

from madoguchi.app.training.situations import STAFF, Case, case_number, patron_number
from tests.counter.program import FREE_BOOKS, LOANS, TRIES, Terminal, built, scan, sign_in, terminal
from tests.support.xvfb import ScreenError, wait_for

__all__ = ["built", "terminal"]


def scan_into_a_field(terminal: Terminal, *codes: str) -> None:
    """Scans while the cursor is in a field; in a fresh window if the machine typed too slowly."""
    for _ in range(TRIES):
        in_time = [terminal.screen.type_like_a_scanner(code) for code in codes]
        if all(in_time):
            return
        assert terminal.end() == 0
        terminal.start()
    raise ScreenError("this machine is too busy to type like a scanner")


def test_twenty_scans_are_twenty_loans_in_their_order(terminal: Terminal) -> None:
    screen = terminal.screen
    card, items = case_number(Case.GROUP), terminal.rows(FREE_BOOKS)[:20]
    # while the cursor is in the name's field, a scan is a scan and leaves nothing in the field
    scan_into_a_field(terminal, card, items[0])
    sign_in(terminal, STAFF[0].login)
    scan(terminal, card)
    for place, item in enumerate(items):
        scan(terminal, item, key_ms=(5, 10, 20)[place % 3])
    wait_for(lambda: len(terminal.rows(LOANS, card)) >= len(items), "twenty loans")
    # a number typed by hand comes after them
    last = terminal.rows(FREE_BOOKS)[0]
    screen.type_like_a_clerk(last, key_ms=80)
    screen.key("Return")
    wait_for(lambda: len(terminal.rows(LOANS, card)) > len(items), "the typed number's loan")
    screen.key("F12")
    wait_for(lambda: not terminal.signed_in(), "the lock")
    assert terminal.end() == 0
    assert terminal.rows(LOANS, card) == [*items, last]
    assert terminal.rows("select act from operation") == ["lend"] * (len(items) + 1)
    assert "Traceback" not in terminal.said()


def test_a_number_typed_slowly_into_a_field_is_no_scan(terminal: Terminal) -> None:
    sign_in(terminal, patron_number(999))
    assert terminal.end() == 0
    assert "Traceback" not in terminal.said()
