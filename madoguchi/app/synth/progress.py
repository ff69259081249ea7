"""How far it has come: a bar on a terminal, else a line for each part."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TextIO

_WIDTH: Final = 30
_EVERY_SECONDS: Final = 0.2


class Progress:
    """Says it on a stream; on none it is silent."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._bar = stream is not None and stream.isatty()

    @contextmanager
    def stage(self, name: str, total: int, *, already: int = 0) -> Iterator[Callable[[int], None]]:
        """A part of the work; what it yields is told how many more are done. ``total`` 0: it is not known.

        ``already``: how many of them an earlier run has done.
        """
        began = shown = time.monotonic()
        done = already

        def step(number: int) -> None:
            nonlocal done, shown
            done += number
            if self._bar and time.monotonic() - shown > _EVERY_SECONDS:
                shown = time.monotonic()
                left = _left(done - already, total - done, shown - began)
                self._say(f"\r{name:<14} {_bar(done, total)} {done:>10,}{left}")

        if self._bar:
            self._say(f"\r{name:<14}")
        yield step
        seconds = time.monotonic() - began
        if self._bar:
            self._say("\r")
        rate = f"  {(done - already) / seconds:>10,.0f} rows/s" if done > already and seconds else ""
        self._say(f"{name:<14} {done:>10,}  {seconds:6.1f} s{rate}{' ' * _WIDTH if self._bar else ''}\n")

    def _say(self, text: str) -> None:
        if self._stream is not None:
            self._stream.write(text)
            self._stream.flush()


def _bar(done: int, total: int) -> str:
    full = _WIDTH * min(done, total) // total if total else 0
    return "#" * full + "-" * (_WIDTH - full)


def _left(done: int, to_do: int, seconds: float) -> str:
    """The time that the rest will take at the speed so far."""
    if done <= 0 or to_do <= 0:
        return " " * 13
    minutes, rest = divmod(round(seconds * to_do / done), 60)
    return f"  {minutes:>3}:{rest:02} left"
