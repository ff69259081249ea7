"""Made-up people, publishers and series, each drawn again and again as real ones come back on the shelves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Final

from madoguchi.app.synth.words import Picker, Word, Words, zipf

_FAMILY_NAMES: Final = """
    Adams Baker Bauer Bennett Bianchi Brown Carter Christensen Clark Cohen Cook Dubois Evans Fischer
    Fraser Garcia Gibson Gray Green Hansen Harris Hill Hoffmann Hughes Ivanov Jensen Johnson Kelly King
    Klein Lambert Larsen Lee Lewis Lopez Martin Meyer Miller Moore Moreau Morris Murphy Nielsen Novak
    Olsen Parker Petrov Phillips Powell Reed Ricci Roberts Robinson Rossi Schmidt Schulz Scott Silva
    Smith Svensson Taylor Thomas Turner Vogel Walker Ward Watson Weber White Wilson Wood Wright Young
"""
_FOREIGN_FAMILIES: Final = tuple(_FAMILY_NAMES.split())
_GIVEN_NAMES: Final = """
    Alan Alice Andrew Anna Anton Barbara Carl Charles Claire Daniel David Diana Elena Emily Eric Eva
    Frank Georges Hannah Hans Helen Henry Isabel Jack James Jane Jean John Julia Karl Kate Laura Leo
    Linda Louis Lucy Marc Maria Michael Nina Oliver Paul Peter Philip Richard Robert Rosa Sam Sara Simon
    Sofia Stephen Thomas Victor William
"""
_FOREIGN_GIVEN: Final = tuple(_GIVEN_NAMES.split())

_PUBLISHERS_OF_FAMILIES: Final = ("書店", "書房", "出版", "社", "堂", "館", "文庫")
_PUBLISHERS_OF_WORDS: Final = (
    "社",
    "出版社",
    "書院",
    "新聞社",
    "出版会",
    "館",
    "ブックス",
    "出版局",
    "舎",
    "センター",
)
_BODIES: Final = (
    ("協会", "キョウカイ"), ("研究会", "ケンキュウカイ"), ("編集部", "ヘンシュウブ"), ("委員会",
    "イインカイ"),
    ("学会", "ガッカイ"), ("研究所", "ケンキュウジョ"), ("の会", "ノ カイ"), ("財団", "ザイダン"),
)  # fmt: skip
_SERIES: Final = (
    "新書",
    "文庫",
    "選書",
    "叢書",
    "シリーズ",
    "ブックス",
    "ライブラリー",
    "双書",
    "全集",
    "コレクション",
)

_FOREIGN_SHARE: Final = 0.13
_BODY_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Creator:
    """A creator's heading; a foreign one has no reading, as in the catalogue."""

    name: str
    reading: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher and its number in ISBNs.

    Attributes:
        isbn_code: two to seven digits; the larger the house, the fewer.
    """

    name: str
    isbn_code: str


class People:
    """Names of persons, as often as families and given names are met."""

    def __init__(self, words: Words) -> None:
        self._family = zipf(words.family, 12, 0.95)
        self._given = zipf(words.given, 60, 0.8)

    def __call__(self, random: Random) -> tuple[Word, Word]:
        """A family and a given name."""
        return self._family(random), self._given(random)


def creators(words: Words, people: People, number: int, random: Random) -> Picker[Creator]:
    """So many creators, each of them picked the oftener the earlier they stand (Zipf)."""
    noun, place = zipf(words.noun, 60), zipf(words.place, 40)
    foreign = list(product(_FOREIGN_FAMILIES, _FOREIGN_GIVEN))
    made = []
    for _ in range(number):
        draw = random.random()
        if draw < _FOREIGN_SHARE:
            made.append(Creator(", ".join(random.choice(foreign)), ""))
        elif draw < _FOREIGN_SHARE + _BODY_SHARE:
            about = noun(random) if random.random() < 0.6 else place(random)
            body = random.choice(_BODIES)
            made.append(Creator(f"{about[0]}{body[0]}", f"{about[1]} {body[1]}"))
        else:
            family, given = people(random)
            made.append(Creator(f"{family[0]} {given[0]}", f"{family[1]} {given[1]}"))
    return zipf(made, 40, 0.75)


def publishers(words: Words, real: Sequence[str], number: int, random: Random) -> list[Publisher]:
    """So many publishers, the largest first: those that the shipped records name among made-up ones."""
    noun, family, place = zipf(words.noun, 60), zipf(words.family, 30), zipf(words.place, 40)
    names = [name for name, _ in Counter(name.strip("[]") for name in real).most_common()]
    while len(names) < number:
        draw = random.random()
        if draw < 0.4:
            names.append(family(random)[0] + random.choice(_PUBLISHERS_OF_FAMILIES))
        elif draw < 0.85:
            names.append(noun(random)[0] + random.choice(_PUBLISHERS_OF_WORDS))
        else:
            names.append(place(random)[0] + random.choice(_PUBLISHERS_OF_WORDS))
    return [Publisher(name, isbn_code(rank)) for rank, name in enumerate(dict.fromkeys(names))]


def isbn_code(rank: int) -> str:
    """The publisher's part of a Japanese ISBN: none is the beginning of another.

    Raises:
        ValueError: there are no numbers for so many publishers.
    """
    for first, count, width in (
        (0, 20, 2), (200, 500, 3), (7000, 1500, 4), (85000, 5000, 5), (900000, 50000, 6),
        (9500000, 500000, 7),
    ):  # fmt: skip
        if rank < count:
            return f"{first + rank:0{width}}"
        rank -= count
    raise ValueError("more publishers than numbers")


def series(words: Words, houses: Sequence[Publisher], number: int, random: Random) -> list[str]:
    """So many names of series, the longest first."""
    noun = zipf(words.noun, 60)
    made = []
    for _ in range(number):
        about = (
            houses[int(random.random() ** 2 * len(houses))].name if random.random() < 0.4 else noun(random)[0]
        )
        made.append(about + random.choice(_SERIES))
    return list(dict.fromkeys(made))
