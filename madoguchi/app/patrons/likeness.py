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

_OTHER: Final = -100

_WHO: Final = {
    # kana, name
    (Match.SAME, Match.SAME): 17,
    (Match.NEAR, Match.SAME): 17,
    (Match.SAME, Match.NEAR): 16,
    (Match.UNKNOWN, Match.SAME): 15,
    (Match.SAME, Match.UNKNOWN): 12,
    (Match.DIFFERENT, Match.SAME): 10,
    (Match.SAME, Match.DIFFERENT): 6,
    (Match.NEAR, Match.NEAR): 6,
    (Match.UNKNOWN, Match.NEAR): 4,
    (Match.DIFFERENT, Match.NEAR): 3,
}
"""Name and kana say the same thing twice, so they are weighed together. What is not here is another given
name, or none that is known: somebody else of the family, twins above all, who share everything but that."""
_BIRTH: Final = {Match.SAME: 14, Match.NEAR: 3, Match.UNKNOWN: 0, Match.DIFFERENT: -6}
_TELEPHONE: Final = {Match.SAME: 13, Match.NEAR: 5, Match.UNKNOWN: 0, Match.DIFFERENT: -2}
_ADDRESS: Final = {Match.SAME: 13, Match.NEAR: 3, Match.UNKNOWN: 0, Match.DIFFERENT: -2}
_BOTH_AT_HOME: Final = 2
"""What the second of telephone and address adds to the first: who shares one shares the other."""

_BEFORE: Final = -20
_NEEDED: Final = -4
_A_BIT: Final = 2


def likely(candidates: tuple[Compared, ...]) -> tuple[Alike, ...]:
    """Those who are likely the same person, the likeliest first, at most five.

    After Fellegi and Sunter (1969): each field adds the logarithm (base 2) of how much oftener it compares so
    where two records are of one person than where they are of two. How often by chance was counted among the
    synthetic library's 117,795 patrons, with the keys of ``comparing`` (full name 2**-20, kana 2**-17, given
    name 2**-11, birth date 2**-15, town 2**-5), and taken a little oftener, for real names are less spread.
    How often of one person is an estimate: nine in ten names are written alike, one birth date in twenty-five
    is wrong, two in five have moved or changed their telephone. Before anything is compared it is one of
    117,795, and one in eight who register is there already: 2**-20.

    A glance at somebody else costs little and a second record much, so one in sixteen is likely enough to be
    shown. A name alone makes nobody likely: whatever else is known must speak for it.
    """
    weighed = [Alike(each, _score(each)) for each in candidates]
    found = [alike for alike in weighed if alike.score >= LIKELY]
    return tuple(sorted(found, key=lambda alike: (-alike.score, alike.compared.patron_id))[:MOST])


def _score(compared: Compared) -> int:
    """From 0 to 100: two for each bit, 60 where it is just likely enough."""
    who = _WHO.get((compared.kana_match, compared.name_match), _OTHER)
    rest = _BIRTH[compared.birth_match] + _home(compared)
    if rest <= 0:
        return 0
    bits = _BEFORE + who + rest
    return max(0, min(100, LIKELY + _A_BIT * (bits - _NEEDED)))


def _home(compared: Compared) -> int:
    telephone, address = _TELEPHONE[compared.telephone_match], _ADDRESS[compared.address_match]
    if telephone > 0 and address > 0:
        return max(telephone, address) + _BOTH_AT_HOME
    return telephone + address
