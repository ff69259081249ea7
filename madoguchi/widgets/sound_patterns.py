"""The four families of sounds the counter makes, and their samples, computed here.

The families are told apart by rhythm: by how many pulses there are and how long they last. The pitches
differ too, but nothing depends on hearing that. What this rests on is in ``docs/decisions/0008-sounds.md``;
in short:

- Every frequency lies between 500 and 2500 Hz. JIS S 0014:2013 (ISO 24501) advises, referring to JIS S 0013,
  that a fundamental not exceed 2500 Hz, and asks for a higher level band by band from 1600 Hz up, for hearing
  that has aged: our fundamentals lie below that. The lower end is our own choice, for small speakers.
- A sound that asks more of the clerk is longer and has more pulses.
- A pulse has overtones as far as they stay under 2500 Hz: a loss at one frequency does not take all of it.
- A pulse swells and fades in a hundredth of a second, so that no speaker clicks.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

SAMPLE_RATE: Final = 48_000
"""Samples a second: what sound servers and cards work with inside, so that nothing is resampled."""

LOWEST_HZ: Final = 500.0
HIGHEST_HZ: Final = 2_500.0

EDGE_SECONDS: Final = 0.010
"""How long a pulse takes to swell, and again to fade."""

HUSH_SECONDS: Final = 0.005
"""Silence before the first pulse and after the last."""

_FULL_SCALE: Final = 32_767
_OVERTONES: Final = (1.0, 0.5, 0.33, 0.25)


class Family(Enum):
    """What a sound says. In the order of their seriousness; the value is what a settings file holds."""

    DONE = "done"
    """It is done; go on."""
    NOTICE = "notice"
    """It is done, and there is something to read: a reservation, another branch, a note."""
    REFUSED = "refused"
    """It is not done: a rule says no."""
    ERROR = "error"
    """It is not done, and no rule is the reason: not readable, no answer, out of order."""

    @property
    def seriousness(self) -> int:
        """Its place in the order: 0 for DONE, 3 for ERROR."""
        return _ORDER.index(self)


_ORDER: Final = tuple(Family)


@dataclass(frozen=True, slots=True)
class Pulse:
    """One beep, and the silence between it and the next.

    Attributes:
        hz: the fundamental, from 500 to 2500.
        seconds: how long it sounds, with its swell and its fade.
        pause_seconds: the silence after it. Nothing is added after the last pulse of a pattern.
    """

    hz: float
    seconds: float
    pause_seconds: float

    def __post_init__(self) -> None:
        """Raises ValueError for a pulse that cannot be heard by all, or cannot swell and fade."""
        if not LOWEST_HZ <= self.hz <= HIGHEST_HZ:
            raise ValueError(f"{self.hz} Hz is not between {LOWEST_HZ} and {HIGHEST_HZ}")
        if self.seconds < 2 * EDGE_SECONDS:
            raise ValueError(f"{self.seconds} s leave no room to swell and fade")
        if self.pause_seconds < 0:
            raise ValueError(f"a pause of {self.pause_seconds} s")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rhythm of pulses.

    Attributes:
        pulses: at least one.
        loudness: its highest possible sample as a share of full scale, over 0 and up to 1.
    """

    pulses: tuple[Pulse, ...]
    loudness: float

    def __post_init__(self) -> None:
        """Raises ValueError for a pattern that would be silent or distorted."""
        if not self.pulses:
            raise ValueError("a pattern without a pulse")
        if not 0 < self.loudness <= 1:
            raise ValueError(f"a loudness of {self.loudness}")

    @property
    def seconds(self) -> float:
        """How long it takes, with the silence at both ends."""
        return len(synthesise(self)) / 2 / SAMPLE_RATE


PATTERNS: Final[Mapping[Family, Pattern]] = MappingProxyType(
    {
        # ピッ
        Family.DONE: Pattern((Pulse(1_150, 0.09, 0),), loudness=0.45),
        # ピピー: short and long, so that it is not two DONE on end
        Family.NOTICE: Pattern((Pulse(800, 0.08, 0.08), Pulse(1_200, 0.24, 0)), loudness=0.6),
        # ブー ブー ブー
        Family.REFUSED: Pattern((Pulse(520, 0.19, 0.09),) * 3, loudness=0.85),
        # ピピピピピピピ
        Family.ERROR: Pattern(
            tuple(Pulse(hz, 0.055, 0.065) for hz in (1_000, 1_250, 1_000, 1_250, 1_000, 1_250, 1_000)),
            loudness=0.85,
        ),
    }
)


@lru_cache(maxsize=32)
def synthesise(pattern: Pattern) -> bytes:
    """The samples of a pattern: 16 bits, little-endian, one channel, ``SAMPLE_RATE`` a second."""
    hush = _silence(HUSH_SECONDS)
    samples = array("h", hush)
    for place, pulse in enumerate(pattern.pulses, start=1):
        samples += _pulse(pulse.hz, pulse.seconds, pattern.loudness)
        if place < len(pattern.pulses):
            samples += _silence(pulse.pause_seconds)
    samples += hush
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


def line_up(sounding: Family, waiting: Family | None, asked: Family) -> Family | None:
    """Which sound waits after ``asked`` was wanted while ``sounding`` sounds and ``waiting`` waits.

    One place to wait is all there is, so no sound comes later than the one before it lasts. The more serious
    has it. A sound that has begun is never cut off: half a rhythm may be another family's. DONE does not wait
    behind a refusal or an error: it would come when the clerk has long scanned the next book.
    """
    if asked is Family.DONE and sounding.seriousness > Family.NOTICE.seriousness:
        return waiting
    if waiting is not None and waiting.seriousness >= asked.seriousness:
        return waiting
    return asked


def _silence(seconds: float) -> array[int]:
    return array("h", bytes(2 * round(seconds * SAMPLE_RATE)))


@lru_cache(maxsize=32)
def _pulse(hz: float, seconds: float, loudness: float) -> array[int]:
    overtones = [(hz * n, part) for n, part in enumerate(_OVERTONES, start=1) if hz * n <= HIGHEST_HZ]
    # divided by the sum of all parts, no sum of them can pass full scale, whatever their phases
    height = loudness * _FULL_SCALE / sum(part for _, part in overtones)
    wave = [0.0] * round(seconds * SAMPLE_RATE)
    for partial_hz, part in overtones:
        step, most = math.tau * partial_hz / SAMPLE_RATE, height * part
        wave = [so_far + most * math.sin(step * i) for i, so_far in enumerate(wave)]
    edge = round(EDGE_SECONDS * SAMPLE_RATE)
    for i in range(edge):
        swell = 0.5 - 0.5 * math.cos(math.pi * i / edge)
        wave[i] *= swell
        wave[-1 - i] *= swell
    return array("h", map(round, wave))
