"""Phrases with their readings, made by putting words into shapes."""

from __future__ import annotations

from random import Random
from typing import Final

from madoguchi.app.synth.shapes import LATIN, Shape
from madoguchi.app.synth.words import Word, Words, to_hiragana, zipf

# Of the words drawn for a noun, these are a place, a family's name (a biography) or a noun of two words.
_PLACE_SHARE: Final = 0.08
_FAMILY_SHARE: Final = 0.02
_COMPOUND_SHARE: Final = 0.12


class Phrases:
    """Puts words into shapes."""

    def __init__(self, words: Words) -> None:
        self._noun = zipf(words.noun, 60)
        self._place = zipf(words.place, 40)
        self._family = zipf(words.family, 30)
        self._given = zipf(words.given, 60, 0.8)
        self._verb = zipf(words.verb, 20)
        self._adjective = zipf(words.adjective, 15)
        self._quality = zipf(words.quality, 20)

    def __call__(self, shape: Shape, random: Random, *, in_hiragana: bool = False) -> Word:
        """A phrase of that shape as it is written, and as it is read."""
        written: list[str] = []
        read: list[str] = []
        for part in shape:
            word, reading = part if isinstance(part, tuple) else self._word(part, random)
            # a picture book is for those who read kana alone
            in_kana = in_hiragana and not isinstance(part, tuple)
            written.append(to_hiragana(reading).replace(" ", "") if in_kana else word)
            read.append(reading)
        return "".join(written), " ".join(read)

    def _word(self, part: str, random: Random) -> Word:
        if part == "N":
            return self._some_noun(random)
        if part == "P":
            return self._place(random)
        if part == "F":
            return self._family(random)
        if part == "H":
            family, given = self._family(random), self._given(random)
            return family[0] + given[0], f"{family[1]} {given[1]}"
        if part == "V":
            return self._verb(random)
        if part == "A":
            adjective, noun = self._adjective(random), self._noun(random)
            return adjective[0] + noun[0], f"{adjective[1]} {noun[1]}"
        if part == "Q":
            quality, noun = self._quality(random), self._noun(random)
            return f"{quality[0]}な{noun[0]}", f"{quality[1]} ナ {noun[1]}"
        latin = random.choice(LATIN)
        return latin, latin

    def _some_noun(self, random: Random) -> Word:
        draw = random.random()
        if draw < _PLACE_SHARE:
            return self._place(random)
        if draw < _PLACE_SHARE + _FAMILY_SHARE:
            return self._family(random)
        noun = self._noun(random)
        if draw > 1 - _COMPOUND_SHARE:
            second = self._noun(random)
            return noun[0] + second[0], f"{noun[1]} {second[1]}"
        return noun
