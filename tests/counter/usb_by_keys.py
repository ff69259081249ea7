"""An exception in the real program, by keys from the X server."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from tests.counter.central_program import CentralTerminal
from tests.counter.program import give_password
from tests.support.xvfb import ScreenError, wait_for

_ANSWER_SECONDS: Final = 5.0
_PATIENCE_SECONDS: Final = 60.0


def open_the_stick(terminal: CentralTerminal, manager: str, is_open: Callable[[], bool]) -> None:
    """From the key for the devices to the second person's yes, by keyboard alone; until the stick is open."""
    screen = terminal.screen

    def asked() -> bool:
        # until the list is there the keys mean nothing
        screen.key("shift+F8")
        time.sleep(0.5)
        screen.key("F10")
        time.sleep(0.5)
        screen.key("Return")
        screen.type_like_a_clerk("move")
        screen.key("F10")
        try:
            wait_for(is_asked, "the request", _ANSWER_SECONDS)
        except ScreenError:
            screen.key("Escape")
            return False
        return True

    def is_asked() -> bool:
        return terminal.ask("select count(*) from account.usb_exception where decision is null") == 1

    wait_for(asked, "the request at the server", _PATIENCE_SECONDS)
    # the server knows of it before the panel for the second person is there
    time.sleep(2)
    give_password(terminal, manager)
    wait_for(
        lambda: (
            terminal.ask(
                f"select count(*) from account.session where login = '{manager}' and ended_at is null"
            )
            == 1
        ),
        "the approver's session",
        _PATIENCE_SECONDS,
    )

    def approved() -> bool:
        # whoever hammers on the key answers nothing
        time.sleep(1)
        screen.key("F10")
        return is_open()

    wait_for(approved, "the open stick", _PATIENCE_SECONDS)
