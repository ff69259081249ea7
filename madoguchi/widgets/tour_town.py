"""Counters of several branches on one machine: the keyboard and the scanner are one counter's at a time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from madoguchi.widgets.application import CounterApplication
from madoguchi.widgets.counter_window import CounterWindow


class TourTown:
    """Goes from counter to counter.

    ``open_counter`` makes the counter of a branch, by its code, when it is first gone to.
    """

    def __init__(self, application: QApplication, open_counter: Callable[[str], CounterApplication]) -> None:
        self._application = application
        self._open_counter = open_counter
        self._counters: dict[str, CounterApplication] = {}
        self._at: CounterApplication | None = None

    def go_to(self, branch: str) -> CounterWindow:
        """To this branch, whose window takes the keyboard from the one before."""
        left, there = self._at, self._counters.get(branch)
        if left is not None:
            if left is there:
                return left.window
            left.catcher.remove(self._application)
        if there is None:
            # a new one listens from the first
            there = self._counters[branch] = self._open_counter(branch)
        else:
            there.catcher.install(self._application)
        self._at = there
        there.window.show()
        there.window.activateWindow()
        if left is not None:
            left.window.hide()
        return there.window

    def close(self) -> None:
        """Closes every counter."""
        for counter in self._counters.values():
            if counter is not self._at:
                # only what listens can be told to stop
                counter.catcher.install(self._application)
            counter.close()
