"""How likely somebody typed is somebody who is there: compared field by field, then weighed. Pure.

The databases compare (``Compared`` is what they answer of a candidate), this file weighs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final


class Match(IntEnum):
    """How two values of a field compare. Unknown: one of them is empty."""

    UNKNOWN = 0
    DIFFERENT = 1
    NEAR = 2
    SAME = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """Somebody who is there, and how each field compares with what is typed."""

    patron_id: int
    name: str = field(repr=False)
    kana: str = field(repr=False)
    number_end: str = field(repr=False)
    name_match: Match
    kana_match: Match
    birth_match: Match
    telephone_match: Match
    address_match: Match


@dataclass(frozen=True, slots=True)
class Alike:
    """A likely one: ``score`` is between 0 and 100."""

    compared: Compared
    score: int


LIKELY: Final = 60
MOST: Final = 5


def likely(candidates: tuple[Compared, ...]) -> tuple[Alike, ...]:
    """Those who are likely the same person, the likeliest first, at most five."""
    raise NotImplementedError
