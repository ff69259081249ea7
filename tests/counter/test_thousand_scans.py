"""A thousand scans while a clerk composes kana: a quarter of them each way, on a machine at rest and busy.

What came of a thousand each way stands in ``docs/decisions/0032-wedge-and-input-methods.md``: by hand, with
``SCANS_EACH_WAY=1000`` and ``pytest -s``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import pytest

from tests.counter.composing import LEARNED, Composing, composing_on
from tests.counter.harness import CounterLibrary
from tests.counter.test_two_hundred_scans import busy_machine, stock

pytestmark = pytest.mark.timeout(900)

SCANS: Final = int(os.environ.get("SCANS_EACH_WAY", "250"))
ROUND: Final = 50
CLERK: Final = "honngonosyoseki"
KANA: Final = "ほんごのしょせき"
KEY_MS: Final = (1, 5, 2, 12, 5, 30, 5)


@pytest.fixture
def terminal(tmp_path: Path, embedded: CounterLibrary) -> Iterator[Composing]:
    stock(embedded, on_loan_to=embedded.patron())
    with composing_on(tmp_path, embedded) as made:
        yield made


def numbers() -> list[str]:
    """So many numbers; no two in a row are the same."""
    return list(islice(cycle(f"{1000 + n}00{n % 10}{(n * 7) % 1000:03d}" for n in range(260)), SCANS))


def busy_or_not(busy: bool) -> AbstractContextManager[None]:
    return busy_machine() if busy else nullcontext()


def judge(kind: str, typed: list[str], caught: list[str], begun: float) -> None:
    """Prints what came; none may be wrong, lost, doubled or out of order."""
    wrong = [text for text in caught if text not in set(typed)]
    print(
        f"\n{kind}: {len(typed)} scans typed, {len(caught)} caught, {len(wrong)} wrong, "
        f"{'in order' if caught == typed else 'OUT OF ORDER'}, {time.monotonic() - begun:.0f} s"
    )
    assert caught == typed


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_by_device(terminal: Composing, busy: bool) -> None:
    terminal.begin(LEARNED)
    typed, caught, begun = numbers(), [], time.monotonic()
    kana = ""
    with busy_or_not(busy):
        for place in range(0, SCANS, ROUND):
            now = typed[place : place + ROUND]
            terminal.compose("ni", "に")
            scanner = terminal.session.begin_scanning_at(now, KEY_MS)
            # the clerk's keys lie between those of the scanner
            terminal.session.screen.type_like_a_clerk(CLERK, key_ms=90)
            assert scanner.wait(120) == 0
            caught += terminal.scans(len(now))
            kana = f"に{KANA}"
            terminal.finish(kana)
            terminal.tell("clear")
    judge(f"by device, {'busy' if busy else 'idle'}", typed, caught, begun)


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_by_timing(terminal: Composing, busy: bool) -> None:
    terminal.begin()
    typed, caught, begun = numbers(), [], time.monotonic()
    with busy_or_not(busy):
        for place in range(0, SCANS, ROUND):
            now = typed[place : place + ROUND]
            terminal.compose("ni", "に")
            lines = []
            for turn, number in enumerate(now):
                key_ms = KEY_MS[turn % len(KEY_MS)]
                lines += [f"type --delay {2 * key_ms} {number}", "key --delay 0 Return"]
                if turn % 5 == 4:
                    lines += ["sleep 0.2", "key --delay 0 h", "sleep 0.1", "key --delay 0 o", "sleep 0.2"]
            assert terminal.session.screen.play(lines).wait(120) == 0
            caught += terminal.scans(len(now))
            terminal.finish("に" + "ほ" * (ROUND // 5))
            terminal.tell("clear")
    judge(f"by timing, {'busy' if busy else 'idle'}", typed, caught, begun)
