"""Titles: one after the other, volumes of a set together, with the fields that real records have and lack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import Final, TypeAlias

from madoguchi.app.catalogue.ndl import BibRecord
from madoguchi.app.lending.materials import LoanGroup, MaterialKind, group_of
from madoguchi.app.synth.classes import KIND_WEIGHTS, KINDS, Classes
from madoguchi.app.synth.measured import ISBN_SINCE, Measured, measure
from madoguchi.app.synth.names import Creator, People, creators, publishers, series
from madoguchi.app.synth.phrases import Phrases
from madoguchi.app.synth.shapes import CHILDRENS, MAGAZINES, RECORDINGS, STORIES, USUAL, Shape
from madoguchi.app.synth.words import Picker, Words, zipf

Row: TypeAlias = tuple[object, ...]

TITLE_COLUMNS: Final = (
    "id", "ndl_id", "title", "title_kana", "volume", "series", "statement", "publisher", "year", "isbn",
    "ndc",
    "edition", "extent",
)  # fmt: skip
CREATOR_COLUMNS: Final = ("title_id", "position", "name", "reading")

# Of the shapes of books that are no stories, this part is as the shipped records have it, the rest as usual.
_MEASURED_SHARE: Final = 0.4
_PICTURE_BOOKS: Final = ("726.6",)
_MEAN_SET: Final = 4.0
_LONGEST_SET: Final = 60
_MAGAZINE_ISSUES: Final = 24
_YEARS_KEPT: Final = 60

_VOLUMES: Final = ("{}", "{}", "{}", "第{}巻", "第{}巻", "{}巻", "その{}")
_HALVES: Final = {2: ("上", "下"), 3: ("上", "中", "下")}


@dataclass(frozen=True, slots=True)
class Made:
    """A title with its creators.

    Attributes:
        kind: the place of its kind in ``classes.KINDS``.
        recent: how many years ago it came out.
    """

    row: Row
    creators: tuple[Row, ...]
    kind: int
    recent: int


@dataclass(frozen=True, slots=True)
class _Work:
    """What the volumes of a set have in common."""

    kind: MaterialKind
    measured: Measured
    title: str
    kana: str
    ndc: str
    year: int
    creators: tuple[Creator, ...]
    publisher: int
    series: str


class Titles:
    """Makes titles, always the same from the same seed, in the same year."""

    def __init__(
        self, words: Words, records: Sequence[BibRecord], number: int, seed: int, today: dt.date
    ) -> None:
        self._number = number
        self._today = today
        self._random = random = Random(f"{seed} titles")
        self._print = measure(records, LoanGroup.PRINT)
        self._other = measure(records, LoanGroup.AUDIO)
        self._phrases = Phrases(words)
        self._classes = Classes()
        self._kind = Picker(KINDS, [_works_of(kind, self._print) for kind in KINDS])
        # how many there are of each grows more slowly than what they make
        self._creator = creators(words, People(words), 300 + number // 12, random)
        self._houses = publishers(words, self._print.publishers, 120 + int(4 * number**0.5), random)
        self._house = zipf(range(len(self._houses)), 8, 1.05)
        self._series = zipf(series(words, self._houses, 60 + int(6 * number**0.5), random), 20, 0.9)
        self._labels = tuple(dict.fromkeys(self._other.publishers))
        self._printed = [0] * len(self._houses)
        self._shapes = {
            measured: Picker([shape for shape, _ in measured.shapes], [met for _, met in measured.shapes])
            for measured in (self._print, self._other)
        }
        self._tables = {
            table: Picker([shape for shape, _ in table], [weight for _, weight in table])
            for table in (USUAL, STORIES, CHILDRENS, MAGAZINES, RECORDINGS)
        }

    def __iter__(self) -> Iterator[Made]:
        made = chain.from_iterable(self._works())
        return (self._with_keys(place, work, volume, year) for place, (work, volume, year) in
                zip(range(1, self._number + 1), made, strict=False))  # fmt: skip

    # -- works and their volumes ------------------------------------------------------------------

    def _works(self) -> Iterator[list[tuple[_Work, str, int]]]:
        random = self._random
        while True:
            work = self._work()
            if work.kind is MaterialKind.MAGAZINE:
                yield [(work, volume, year) for volume, year in self._issues()]
                continue
            share = work.measured.volume
            if random.random() >= share / (_MEAN_SET * (1 - share) + share):
                yield [(work, "", work.year)]
                continue
            volumes = 2 + min(_LONGEST_SET, int(random.paretovariate(1.5) - 1) + (random.random() < 0.5))
            names = _HALVES.get(volumes) if random.random() < 0.5 else None
            style = random.choice(_VOLUMES)
            yield [
                (
                    work,
                    names[place] if names else style.format(place + 1),
                    min(work.year + place // 4, self._today.year),
                )
                for place in range(volumes)
            ]

    def _issues(self) -> Iterator[tuple[str, int]]:
        month = self._today.year * 12 + self._today.month - 1
        for back in range(_MAGAZINE_ISSUES, 0, -1):
            year, place = divmod(month - back, 12)
            yield f"{year}年{place + 1}月号", year

    def _work(self) -> _Work:
        random = self._random
        kind = self._kind(random)
        printed = group_of(kind) is LoanGroup.PRINT
        measured = self._print if printed else self._other
        ndc = self._classes(random, recording=not printed)
        if kind is MaterialKind.KAMISHIBAI:
            ndc = "726.6"
        title, kana = self._title(kind, ndc, measured)
        by = Picker(range(len(measured.creators)), measured.creators)(random)
        year = self._today.year - min(_YEARS_KEPT, int(random.expovariate(1 / 14)))
        return _Work(
            kind=kind,
            measured=measured,
            title=title,
            kana=kana if random.random() < measured.kana else "",
            ndc=ndc if random.random() < measured.ndc else "",
            year=year,
            creators=tuple(dict.fromkeys(self._creator(random) for _ in range(by))),
            publisher=self._house(random),
            series=self._in_series() if random.random() < measured.series else "",
        )

    def _title(self, kind: MaterialKind, ndc: str, measured: Measured) -> tuple[str, str]:
        random = self._random
        childrens = ndc in _PICTURE_BOOKS or kind is MaterialKind.KAMISHIBAI
        shape = self._shape(kind, ndc, measured, childrens=childrens)
        title, kana = self._phrases(shape, random, in_hiragana=childrens and random.random() < 0.7)
        # a magazine, a story and a picture book have a subtitle less often than the learned works measured
        share = measured.subtitle * (0.25 if childrens or ndc.startswith("9") else 1)
        if kind is not MaterialKind.MAGAZINE and random.random() < share:
            under, under_kana = self._phrases(self._shape(kind, ndc, measured, childrens=False), random)
            title = f"{title} : {under}"
            if random.random() < measured.subtitle_read:
                kana = f"{kana} : {under_kana}"
        return title, kana

    def _shape(self, kind: MaterialKind, ndc: str, measured: Measured, *, childrens: bool) -> Shape:
        random = self._random
        if kind is MaterialKind.MAGAZINE:
            return self._tables[MAGAZINES](random)
        if childrens:
            return self._tables[CHILDRENS](random)
        if random.random() < _MEASURED_SHARE and not ndc.startswith("9"):
            return self._shapes[measured](random)
        if group_of(kind) is not LoanGroup.PRINT:
            return self._tables[RECORDINGS](random)
        return self._tables[STORIES if ndc.startswith("9") else USUAL](random)

    def _in_series(self) -> str:
        random = self._random
        name = self._series(random)
        return f"{name} ; {1 + int(random.random() ** 2 * 900)}" if random.random() < 0.6 else name

    # -- one record -------------------------------------------------------------------------------

    def _with_keys(self, place: int, work: _Work, volume: str, year: int) -> Made:
        random, measured = self._random, work.measured
        printed = measured is self._print
        row = (
            place,
            f"synth-{place:09}",
            work.title,
            work.kana,
            volume,
            work.series,
            "・".join(creator.name for creator in work.creators),
            self._houses[work.publisher].name if printed else random.choice(self._labels),
            year,
            self._isbn(work, year),
            work.ndc,
            random.choice(measured.editions) if random.random() < measured.edition else "",
            random.choice(measured.extents),
        )
        by = tuple(
            (place, position, creator.name, creator.reading)
            for position, creator in enumerate(work.creators, start=1)
        )
        return Made(row, by, KINDS.index(work.kind), self._today.year - year)

    def _isbn(self, work: _Work, year: int) -> str | None:
        measured = work.measured
        share = measured.isbn if year >= ISBN_SINCE else measured.isbn_before
        if work.kind is MaterialKind.MAGAZINE or self._random.random() >= share:
            return None
        code = self._houses[work.publisher].isbn_code
        width = 8 - len(code)
        # a house that has used up its numbers begins anew: one number on two books is met in real catalogues
        serial = self._printed[work.publisher] % 10**width
        self._printed[work.publisher] += 1
        return isbn13(f"9784{code}{serial:0{width}}")


def isbn13(body: str) -> str:
    """An ISBN's twelve digits with the check digit behind them."""
    digits = [int(digit) for digit in body]
    return f"{body}{-(sum(digits[::2]) + 3 * sum(digits[1::2])) % 10}"


def _works_of(kind: MaterialKind, measured: Measured) -> float:
    """How many works of a kind make its share of titles: a magazine's issues are a title each."""
    return KIND_WEIGHTS[kind] / (_MAGAZINE_ISSUES if kind is MaterialKind.MAGAZINE else 1)
