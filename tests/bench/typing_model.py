"""Hands and scanners as streams of key presses: from published statistics, and as recorded at a real window.

Hands: Dhakal, Feit, Kristensson, Oulasvirta, "Observations on Typing from 136 Million Keystrokes" (CHI 2018),
168,000 people: 239 ms between two key presses on average (SD 112 over people), a quarter of the pairs rolled
(the next key goes down before the one before it is let go), and 154 ms for the quickest group of eight. What
is not published is assumed: one person's gaps spread by half of their mean, and a rolled pair takes a fifth
to three fifths of its gap. How quick hands may be beyond that is measured as a margin.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from madoguchi.barcode.check_digits import CheckDigit, check_character
from madoguchi.barcode.symbology import TRAINING_PLAN, complete
from madoguchi.barcode.wedge import Key, KeyPress

RECORDED: Final = Path(__file__).with_name("typing_recorded.json")
"""What `python -m tests.bench.record_typing` wrote."""

MEAN_MS, SD_MS = 239, 112
QUICKEST_MS = 154
ROLLED = 0.25
_ROLLED_SHARE = (0.2, 0.6)
_SHORTENED = 1 - ROLLED * (1 - sum(_ROLLED_SHARE) / 2)
# of one person's own gaps, as a share of their mean
_SPREAD = 0.5
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"

Line = list[KeyPress]
"""The keys of one line, Enter included."""


def _log_normal(random: Random, mean: float, sd: float) -> float:
    variance = math.log(1 + (sd / mean) ** 2)
    return random.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))


def typed_lines(count: int, seed: int = 1, quickest_ms: float = QUICKEST_MS) -> Iterator[Line]:
    """Lines that people type and end with Enter: words, and numbers without a check digit.

    Nobody is quicker than ``quickest_ms`` a key on average.
    """
    random, now = Random(seed), 0.0
    for _ in range(count):
        # the mean is that of all gaps, rolled pairs among them
        mean = max(quickest_ms, _log_normal(random, MEAN_MS, SD_MS)) / _SHORTENED
        now += random.uniform(300, 3000)
        text = "".join(random.choices(random.choice((_LETTERS, _DIGITS)), k=random.randint(4, 13)))
        line = []
        for character in text:
            line.append(KeyPress(Key.CHARACTER, round(now), character))
            gap = max(15.0, _log_normal(random, mean, mean * _SPREAD))
            now += gap * random.uniform(*_ROLLED_SHARE) if random.random() < ROLLED else gap
        line.append(KeyPress(Key.ENTER, round(now), "\r"))
        yield line


def scans(count: int, seed: int = 2) -> Iterator[tuple[str, Line]]:
    """Codes as scanners send them: 1 to 40 ms a key, each gap up to a fifth shorter or longer; with Enter."""
    random, now = Random(seed), 0.0
    for _ in range(count):
        now += random.uniform(300, 3000)
        pace, code = random.uniform(1, 40), _code(random)
        line = []
        for character in code:
            if character.isalpha():
                line.append(KeyPress(Key.MODIFIER, round(now)))
            line.append(KeyPress(Key.CHARACTER, round(now), character))
            now += pace * random.uniform(0.8, 1.2)
        line.append(KeyPress(Key.ENTER, round(now), "\r"))
        yield code, line


def _code(random: Random) -> str:
    """A number of the training library, with its letters or without, or an ISBN."""
    which = random.randrange(len(TRAINING_PLAN.rules) + 1)
    if which == len(TRAINING_PLAN.rules):
        body = "978" + "".join(random.choices(_DIGITS, k=9))
        return body + check_character(CheckDigit.EAN_13, body)
    rule = TRAINING_PLAN.rules[which]
    number = complete(rule, random.randrange(10**rule.serial_digits))
    return f"A{number}A" if random.random() < 0.3 else number


def recorded(file: Path = RECORDED) -> dict[str, Line]:
    """The streams that were recorded, by what was done."""
    streams: dict[str, list[list[object]]] = json.loads(file.read_text(encoding="utf-8"))
    return {
        what: [
            KeyPress(Key[str(kind)], int(str(at)), str(text), bool(repeated))
            for kind, at, text, repeated in keys
        ]
        for what, keys in streams.items()
    }
