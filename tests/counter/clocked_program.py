"""The real program, whose time of day stands in a file: `python -m tests.counter.clocked_program`.

Nothing else is changed, but where the USB agent listens, if that is named. So two pictures of one screen can
be equal to the last byte, and a clock be moved.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from functools import partial
from pathlib import Path

from madoguchi.app import clock
from madoguchi.app.clock import LibraryClock
from madoguchi.device_control import channel

CLOCK_FILE = "MADOGUCHI_TEST_CLOCK"
"""The environment's variable that names the file."""

AGENT_SOCKET = "MADOGUCHI_TEST_AGENT"
"""The one that names the agent's socket."""


def _now() -> dt.datetime:
    return dt.datetime.fromisoformat(Path(os.environ[CLOCK_FILE]).read_text(encoding="ascii"))


if __name__ == "__main__":
    # named before the command asks for it
    clock.LibraryClock = partial(LibraryClock, _now)  # type: ignore[assignment,misc]
    channel.ADDRESS = os.environ.get(AGENT_SOCKET, channel.ADDRESS)  # type: ignore[misc]
    from madoguchi.__main__ import main

    sys.exit(main([]))
