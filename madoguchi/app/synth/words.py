"""The stock of words that titles and names are made of, and picking from it as often as words are used."""

from __future__ import annotations

import gzip
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import accumulate
from random import Random
from typing import Final, Generic, TypeAlias, TypeVar

T = TypeVar("T")

Word: TypeAlias = tuple[str, str]
"""As it is written, and its reading in katakana."""

_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


class Picker(Generic[T]):
    """Picks one of some things, each with its own weight."""

    def __init__(self, things: Sequence[T], weights: Sequence[float]) -> None:
        self._things = things
        self._bounds = list(accumulate(weights))
        self._total = self._bounds[-1]

    def __call__(self, random: Random) -> T:
        """One of them."""
        # rounding never leads past the last one
        return self._things[bisect(self._bounds, random.random() * self._total, 0, len(self._things) - 1)]


def zipf(things: Sequence[T], offset: float, exponent: float = 1.0) -> Picker[T]:
    """Picks the n-th thing with the weight 1 / (n + offset) ** exponent: the law of Zipf and Mandelbrot."""
    return Picker(things, [(rank + offset) ** -exponent for rank in range(1, len(things) + 1)])


@dataclass(frozen=True, slots=True)
class Words:
    """The stock, each class with the commonest word first."""

    noun: tuple[Word, ...]
    quality: tuple[Word, ...]
    adjective: tuple[Word, ...]
    verb: tuple[Word, ...]
    family: tuple[Word, ...]
    given: tuple[Word, ...]
    place: tuple[Word, ...]


def shipped_words() -> Words:
    """The words that come with the program; resources/synth/README.md says where they are from."""
    packed = resources.files("madoguchi.resources").joinpath("synth", "words.tsv.gz").read_bytes()
    classes: dict[str, list[Word]] = {}
    for line in gzip.decompress(packed).decode().splitlines():
        kind, word, reading = line.split("\t")
        classes.setdefault(kind, []).append((word, reading))
    return Words(**{kind: tuple(words) for kind, words in classes.items()})


def to_hiragana(text: str) -> str:
    """Katakana as hiragana, the rest as it is."""
    return text.translate(_HIRAGANA)
