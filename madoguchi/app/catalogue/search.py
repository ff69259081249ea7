"""A search: what the clerk typed, made into what is compared; and what came of it. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from madoguchi.app.catalogue.folding import folded
from madoguchi.app.lending.materials import MaterialKind
from madoguchi.barcode.symbology import normalise_isbn

FIRST: Final = 50
"""How many titles are shown of those found; of more it is said that there are more."""

MOST_LETTERS: Final = 200
"""Letters of a question that are looked at; a title's beginning is kept as long."""
MOST_WORDS: Final = 12

_ISBN_MARKS: Final = re.compile(r"[\s‐-―−－-]")
_NDC: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{0,6})?")
_NDC_IN_BOX: Final = re.compile(r"[0-9]{3}(\.[0-9]{0,6})?")
_LONG_NUMBER: Final = re.compile(r"[A-Da-d]?[0-9]{4,18}[0-9Xx]?[A-Da-d]?")


class Field(IntEnum):
    """Where a word is looked for; the number is its place in what is searched, 0 is anywhere."""

    ANYWHERE = 0
    TITLE = 1
    CREATOR = 2
    PUBLISHER = 3
    SERIES = 4


@dataclass(frozen=True, slots=True)
class TitleQuery:
    """What the clerk typed: in the one box, or in fields. All of it must hold."""

    anywhere: str = ""
    title: str = ""
    creator: str = ""
    publisher: str = ""
    series: str = ""
    ndc: str = ""
    isbn: str = ""
    item_number: str = ""


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """A query as it is compared.

    Attributes:
        words: each with where it must stand.
        head: all words of box or title in one: what a title or its reading may begin with.
        number: a number typed into the box that may be an item's.
        book: the same, as the beginning of an ISBN; a whole one as ISBN-13.
        class_or_words: digits typed into the box that may be an NDC as well.
        isbn: what the ISBN must begin with; whole ones as ISBN-13.
        ndc: what the NDC must begin with.
        item_number: the item it must have.
    """

    words: tuple[tuple[str, Field], ...] = ()
    head: str = ""
    number: str = ""
    book: str = ""
    class_or_words: str = ""
    isbn: str = ""
    ndc: str = ""
    item_number: str = ""

    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return self == SearchPlan()


def plan_of(query: TitleQuery) -> SearchPlan:
    """Makes a query into what is compared; letters too many are left out, marks alone are nothing."""
    words = [
        (word, field)
        for text, field in (
            (query.anywhere, Field.ANYWHERE),
            (query.title, Field.TITLE),
            (query.creator, Field.CREATOR),
            (query.publisher, Field.PUBLISHER),
            (query.series, Field.SERIES),
        )
        for word in _words(text)
    ][:MOST_WORDS]
    box = unwidened(query.anywhere)
    number = box.upper() if _LONG_NUMBER.fullmatch(box) else ""
    return SearchPlan(
        words=tuple(words),
        head="".join(word for word, field in words if field in (Field.ANYWHERE, Field.TITLE))[:MOST_LETTERS],
        number=number,
        book=_isbn(number),
        class_or_words=box if _NDC_IN_BOX.fullmatch(box) else "",
        isbn=_isbn(unwidened(query.isbn)),
        ndc=ndc if _NDC.fullmatch(ndc := unwidened(query.ndc)) else folded(ndc),
        item_number=unwidened(query.item_number).upper()[:20],
    )


def _words(text: str) -> list[str]:
    # half a letter, as some input methods leave, is none
    whole = text[: 4 * MOST_LETTERS].encode("utf-8", "ignore").decode("utf-8")
    return [word for part in whole.split() if (word := folded(part)[:MOST_LETTERS])]


def unwidened(text: str) -> str:
    """A number as it was meant: full-width digits narrow, no spaces and hyphens."""
    narrow = text[: 4 * MOST_LETTERS].translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
    return "".join(letter for letter in _ISBN_MARKS.sub("", narrow) if letter.isprintable())


def _isbn(typed: str) -> str:
    return normalise_isbn(typed) or typed.upper()[:20]


class Place(StrEnum):
    """Where a copy is now."""

    SHELF = "shelf"
    LENT = "lent"
    RESERVATION_SHELF = "reservation_shelf"
    TRANSIT = "transit"
    MISSING = "missing"
    """It was looked for in vain too often, and not seen since."""


@dataclass(frozen=True, slots=True)
class TitleFound:
    """A title among those found; of its copies, how many are where. No person is in it.

    Attributes:
        here: copies that stand on the shelf at the branch that asks.
        on_shelf: copies that stand on the shelf anywhere.
        waiting: reservations that wait for one.
    """

    title_id: int
    title: str
    volume: str
    creators: str
    publisher: str
    year: int | None
    kind: MaterialKind | None
    copies: int
    here: int
    on_shelf: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the first of them, the best one first."""

    titles: tuple[TitleFound, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy and where it is now.

    Attributes:
        home: the branch it belongs to, by its short name.
        at: the branch where it stands or is on its way to; empty while it is lent.
        due_on: until when it is lent.
    """

    number: str
    kind: MaterialKind
    home: str
    place: Place
    at: str
    due_on: dt.date | None
    reference_only: bool
    borrowed_from: str
    here: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch where a reservation can be picked up."""

    branch_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait for a title, to be picked up at one branch. Who they are is not in it."""

    branch: str
    count: int


@dataclass(frozen=True, slots=True)
class TitleCard:
    """A title with all its copies and the queue for it."""

    title_id: int
    title: str
    title_kana: str
    volume: str
    series: str
    creators: str
    publisher: str
    year: int | None
    edition: str
    extent: str
    isbn: str
    ndc: str
    copies: tuple[Copy, ...]
    waiting: tuple[Waiting, ...]
