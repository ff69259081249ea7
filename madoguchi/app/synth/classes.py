"""Kinds of material and classes of the Nippon Decimal Classification, as on a city library's shelves."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Final

from madoguchi.app.lending.materials import MaterialKind
from madoguchi.app.synth.words import Picker

KINDS: Final = tuple(MaterialKind)
"""A kind's number is its place here."""

# By hand, not measured: nearly everything is a book, about a third of the books literature.
KIND_WEIGHTS: Final[Mapping[MaterialKind, float]] = MappingProxyType(
    {
        MaterialKind.BOOK: 91.0,
        MaterialKind.MAGAZINE: 3.6,
        MaterialKind.KAMISHIBAI: 0.6,
        MaterialKind.CD: 3.3,
        MaterialKind.CASSETTE: 0.3,
        MaterialKind.VIDEO: 0.3,
        MaterialKind.DVD: 0.9,
    }
)

_MAIN_CLASSES: Final = (2.5, 4.5, 8.5, 14.5, 7.0, 8.5, 3.5, 14.5, 2.0, 34.5)

# within a class, what its readers come for; the rest of it is spread over its divisions
_FAVOURITES: Final[Mapping[int, tuple[tuple[str, float], ...]]] = MappingProxyType(
    {
        0: (("007.6", 25), ("007.63", 10), ("019.9", 8), ("049", 10), ("031", 5), ("070", 5)),
        1: (("159", 20), ("146.8", 10), ("140", 6), ("188.8", 6), ("160", 3), ("198.2", 3), ("104", 4)),
        2: (("210.5", 8), ("210.6", 6), ("213.7", 10), ("289.1", 18), ("291.09", 14), ("290.9", 12),
            ("209", 4)),
        3: (("336", 8), ("338.8", 6), ("369.2", 8), ("376.1", 6), ("367.7", 6), ("388.1", 4), ("312.1", 5)),
        4: (("498.3", 16), ("493.7", 8), ("480", 8), ("486", 8), ("410", 4), ("440", 4), ("492.9", 6)),
        5: (("596", 24), ("594", 10), ("599", 8), ("547.4", 6), ("523.1", 4), ("597", 5), ("537", 3)),
        6: (("626.9", 12), ("645.6", 10), ("673", 8), ("686.2", 10), ("627", 8), ("659", 3)),
        7: (("726.6", 46), ("726.1", 12), ("783", 6), ("767", 4), ("754.9", 4), ("778.2", 4), ("721", 3),
            ("748", 3)),
        8: (("837", 20), ("810", 10), ("816", 8), ("814", 8), ("829", 4)),
        9: (
            ("913.6", 62), ("933.7", 9), ("914.6", 9), ("910.26", 3), ("911.1", 2), ("911.3", 3),
            ("911.5", 1), ("913.3", 1), ("953.7", 1.5), ("943.7", 1), ("923.7", 1), ("929.1", 1), ("916", 3),
            ("918.6", 1.5),
        ),
    }
)  # fmt: skip
_SPREAD_SHARE: Final = 0.35


class Classes:
    """Draws class numbers."""

    def __init__(self) -> None:
        self._main = Picker(range(10), _MAIN_CLASSES)
        self._favourites = {
            main: Picker([code for code, _ in codes], [weight for _, weight in codes])
            for main, codes in _FAVOURITES.items()
        }

    def __call__(self, random: Random, *, recording: bool = False) -> str:
        """A class number for a book, or for a recording (music and film)."""
        if recording:
            return random.choice(("767.8", "764", "762.1", "763.2", "778.77", "778.2", "779.1", "908"))
        main = self._main(random)
        if main != 9 and random.random() < _SPREAD_SHARE:
            # the earlier divisions and sections are the larger ones
            division, section = int(random.random() ** 1.3 * 10), int(random.random() ** 1.3 * 10)
            code = f"{main}{division}{section}"
            draw = random.random()
            if draw < 0.3:
                return code
            return f"{code}.{int(draw * 10)}" if draw < 0.8 else f"{code}.{int(draw * 1000)}"
        return self._favourites[main](random)
