"""How long it took, as the tests say it: middle and worst of each kind of time. Nothing is judged by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import median
from typing import Final

from tests.usb.terminal import Terminal
from tests.usb.watched import Event

DECIDED: Final = "from the kernel's event to the agent's decision"
GONE: Final = "from the end of an exception to the disk's end"
PREFIX: Final = "usb: "


class Figures:
    """Milliseconds of one test, handed to the report of the run."""

    def __init__(self, record: Callable[[str, object], None]) -> None:
        self._record = record

    def decided(self, terminal: Terminal, said: Event) -> None:
        """A device came (`said`: its `instance`, and when), and the decision on it went on record."""
        terminal.collect()
        self._record(PREFIX + DECIDED, terminal.decision_ms(said["instance"], said["came_at"]))

    def gone(self, how: str, milliseconds: float) -> None:
        """An exception ended like that, and the disk was gone."""
        self._record(f"{PREFIX}{GONE} ({how})", milliseconds)


def in_words(what: str, milliseconds: Iterable[float]) -> str:
    """One line: how often, the middle and the worst."""
    times = sorted(milliseconds)
    return f"{what}: {len(times)} times, median {median(times):.0f} ms, worst {times[-1]:.0f} ms"
