"""An item that nobody has catalogued (簡易登録): what was typed or fetched, made into values. Pure.

Every field that is wrong is told at once. The server checks again whatever could do harm.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from madoguchi.app.catalogue.ndl_text import clean, clean_folded, normalise_ndc, parse_year, to_katakana
from madoguchi.app.lending.materials import MaterialKind
from madoguchi.barcode.symbology import (
    CodePlan,
    Isbn,
    ItemCode,
    Meaning,
    PatronCode,
    Unknown,
    UnknownReason,
    normalise_isbn,
    parse,
)


class ItemField(StrEnum):
    """The fields of the form; the values are their keys."""

    ITEM_NUMBER = "item_number"
    KIND = "kind"
    ATTACHMENTS = "attachments"
    TITLE = "title"
    TITLE_KANA = "title_kana"
    CREATORS = "creators"
    CREATORS_KANA = "creators_kana"
    PUBLISHER = "publisher"
    YEAR = "year"
    ISBN = "isbn"
    NDC = "ndc"
    VOLUME = "volume"
    SERIES = "series"
    EDITION = "edition"
    EXTENT = "extent"


OF_THE_ITEM: Final = (ItemField.ITEM_NUMBER, ItemField.KIND, ItemField.ATTACHMENTS)
"""What is asked also where the title is there already. The other fields are the title's."""


class ItemProblem(StrEnum):
    """What is wrong with a field; each has its sentence."""

    NEEDED = "needed"
    TOO_LONG = "too_long"
    NOT_AN_ITEM = "not_an_item"
    A_PATRONS_CARD = "a_patrons_card"
    ITEM_CHECK_DIGIT = "item_check_digit"
    ITEM_LENGTH = "item_length"
    NO_SUCH_KIND = "no_such_kind"
    NOT_KANA = "not_kana"
    MORE_READINGS_THAN_NAMES = "more_readings_than_names"
    TOO_MANY_NAMES = "too_many_names"
    NOT_A_YEAR = "not_a_year"
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    NOT_AN_ISBN = "not_an_isbn"
    ISBN_CHECK_DIGIT = "isbn_check_digit"
    NOT_AN_NDC = "not_an_ndc"


Problems = dict[ItemField, ItemProblem]

LONGEST: Final[Mapping[ItemField, int]] = MappingProxyType(
    {
        ItemField.ITEM_NUMBER: 20,
        ItemField.ATTACHMENTS: 300,
        ItemField.TITLE: 500,
        ItemField.TITLE_KANA: 1000,
        ItemField.CREATORS: 500,
        ItemField.CREATORS_KANA: 1000,
        ItemField.PUBLISHER: 300,
        ItemField.NDC: 20,
        ItemField.VOLUME: 200,
        ItemField.SERIES: 500,
        ItemField.EDITION: 100,
        ItemField.EXTENT: 300,
    }
)
"""Characters; what the columns hold."""
LONGEST_NAME: Final = 200
"""Characters of one creator's name, and of its reading."""
MOST_CREATORS: Final = 40
LONGEST_TYPED: Final = 20_000
"""Characters of one field that are looked at at all."""
EARLIEST_YEAR: Final = 1000

HIDDEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0001\U000e0020-\U000e007f]"
)
"""Control characters, direction marks and what else nobody sees. `clean` takes them out; whoever sends them
has not used it. The server's own list is in migration 0008."""

BETWEEN_CREATORS: Final = " ; "
SEMICOLON: Final = re.compile("[;；]")
_ERA: Final = re.compile(r"(?:明治?|大正?|昭和?|平成?|令和?|[MTSHR])\.?(?:元|[0-9]{1,2})年?")
_YEAR: Final = re.compile(r"([0-9]{4})年?")
_NDC: Final = re.compile(r"[0-9]{3}(?:\.[0-9]{1,9})?")
_ITEM_NUMBER: Final = re.compile(r"(?=.*[!-~])[ -~]{1,20}")
_KANA: Final = re.compile("[\u3041-\u30ff\u31f0-\u31ff]")
# a book's own number is known without a plan
_NO_PLAN: Final = CodePlan(())


@dataclass(frozen=True, slots=True)
class NewCreator:
    """A creator's name, and how it is read (katakana) if known."""

    name: str
    reading: str = ""


@dataclass(frozen=True, slots=True)
class NewTitle:
    """A title to be made. Texts are clean, in NFC, as long as the columns allow; ``isbn`` has 13 digits."""

    title: str
    title_kana: str = ""
    creators: tuple[NewCreator, ...] = ()
    publisher: str = ""
    year: int | None = None
    isbn: str | None = None
    ndc: str = ""
    volume: str = ""
    series: str = ""
    edition: str = ""
    extent: str = ""

    @property
    def statement(self) -> str:
        """The creators as they are shown."""
        return "・".join(creator.name for creator in self.creators)


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be added. ``title`` is a new one, or the id of one that is there."""

    item_number: str
    title: NewTitle | int
    kind: MaterialKind = MaterialKind.BOOK
    attachments: str = ""


def check_new_item(
    typed: Mapping[str, str], *, plan: CodePlan, today: dt.date, title_id: int | None = None
) -> NewItem | Problems:
    """The item that the form says, or what is wrong with each field that is wrong. Never raises.

    A field that is not there is empty; an empty kind is a book. With ``title_id`` the item becomes a copy of
    that title, and only the fields ``OF_THE_ITEM`` are looked at.
    """
    form = _Form(typed)
    number = form.item_number(plan)
    kind = form.kind()
    attachments = form.text(ItemField.ATTACHMENTS)
    title = title_id if title_id is not None else form.new_title(today)
    return form.problems or NewItem(number, title, kind, attachments)


class _Form:
    """What was typed, read field by field; what is wrong is gathered in ``problems``."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self._typed = typed
        self.problems: Problems = {}

    def _raw(self, field: ItemField) -> str:
        return self._typed.get(field.value, "")

    def _bounded(self, field: ItemField, text: str | None) -> str:
        if len(self._raw(field)) > LONGEST_TYPED or len(text or "") > LONGEST.get(field, LONGEST_TYPED):
            self.problems[field] = ItemProblem.TOO_LONG
            return ""
        return text or ""

    def text(self, field: ItemField) -> str:
        """A text, without what nobody sees: whoever pasted it cannot see it either."""
        return self._bounded(field, clean(self._raw(field), 20 * LONGEST_TYPED))

    def folded(self, field: ItemField) -> str:
        """A text with full-width letters and digits as plain ones."""
        return self._bounded(field, clean_folded(self._raw(field), 20 * LONGEST_TYPED))

    def kana(self, field: ItemField) -> str:
        """A reading in katakana; letters and digits stay in it as the catalogue's readings have them."""
        text = to_katakana(self.folded(field))
        if not is_reading(text):
            self.problems[field] = ItemProblem.NOT_KANA
        return text

    def item_number(self, plan: CodePlan) -> str:
        field = ItemField.ITEM_NUMBER
        match parse(self._raw(field), plan):
            case ItemCode(number):
                return self._bounded(field, number)
            case Unknown(UnknownReason.EMPTY):
                self.problems[field] = ItemProblem.NEEDED
            case Unknown(UnknownReason.WRONG_CHECK_DIGIT, looked_like=Meaning.ITEM):
                self.problems[field] = ItemProblem.ITEM_CHECK_DIGIT
            case Unknown(UnknownReason.WRONG_LENGTH, looked_like=Meaning.ITEM):
                self.problems[field] = ItemProblem.ITEM_LENGTH
            case PatronCode():
                self.problems[field] = ItemProblem.A_PATRONS_CARD
            case _:
                self.problems[field] = ItemProblem.NOT_AN_ITEM
        return ""

    def kind(self) -> MaterialKind:
        text = self._raw(ItemField.KIND).strip()
        if text and text not in set(MaterialKind):
            self.problems[ItemField.KIND] = ItemProblem.NO_SUCH_KIND
            text = ""
        return MaterialKind(text) if text else MaterialKind.BOOK

    def new_title(self, today: dt.date) -> NewTitle:
        title = self.text(ItemField.TITLE)
        if not title:
            self.problems.setdefault(ItemField.TITLE, ItemProblem.NEEDED)
        return NewTitle(
            title=title,
            title_kana=self.kana(ItemField.TITLE_KANA),
            creators=self.creators(),
            publisher=self.text(ItemField.PUBLISHER),
            year=self.year(today),
            isbn=self.isbn(),
            ndc=self.ndc(),
            volume=self.folded(ItemField.VOLUME),
            series=self.text(ItemField.SERIES),
            edition=self.text(ItemField.EDITION),
            extent=self.folded(ItemField.EXTENT),
        )

    def creators(self) -> tuple[NewCreator, ...]:
        """Names and readings, side by side, each ended by a semicolon but the last."""
        names = [part.strip() for part in SEMICOLON.split(self.text(ItemField.CREATORS))]
        readings = [part.strip() for part in SEMICOLON.split(self.kana(ItemField.CREATORS_KANA))]
        readings += [""] * (len(names) - len(readings))
        if any(len(name) > LONGEST_NAME for name in names):
            self.problems[ItemField.CREATORS] = ItemProblem.TOO_LONG
        if sum(map(bool, names)) > MOST_CREATORS:
            self.problems[ItemField.CREATORS] = ItemProblem.TOO_MANY_NAMES
        if any(len(reading) > LONGEST_NAME for reading in readings):
            self.problems[ItemField.CREATORS_KANA] = ItemProblem.TOO_LONG
        names += [""] * (len(readings) - len(names))
        both = list(zip(names, readings, strict=True))
        if ItemField.CREATORS not in self.problems and any(reading and not name for name, reading in both):
            self.problems.setdefault(ItemField.CREATORS_KANA, ItemProblem.MORE_READINGS_THAN_NAMES)
        return tuple(NewCreator(name, reading) for name, reading in both if name)

    def year(self, today: dt.date) -> int | None:
        text = self.folded(ItemField.YEAR).replace(" ", "")
        if not text:
            return None
        if plain := _YEAR.fullmatch(text):
            year = int(plain[1])
        elif _ERA.fullmatch(text.upper()) and (found := parse_year(text)) is not None:
            year = found
        else:
            self.problems[ItemField.YEAR] = ItemProblem.NOT_A_YEAR
            return None
        if not EARLIEST_YEAR <= year <= today.year + 1:
            self.problems[ItemField.YEAR] = ItemProblem.YEAR_OUT_OF_RANGE
        return year

    def isbn(self) -> str | None:
        """A check digit that is wrong is never put right: which digit was misread nobody knows."""
        match parse(self._raw(ItemField.ISBN), _NO_PLAN):
            case Isbn(isbn13):
                return isbn13
            case Unknown(UnknownReason.EMPTY):
                pass
            case Unknown(UnknownReason.WRONG_CHECK_DIGIT, looked_like=Meaning.ISBN):
                self.problems[ItemField.ISBN] = ItemProblem.ISBN_CHECK_DIGIT
            case _:
                self.problems[ItemField.ISBN] = ItemProblem.NOT_AN_ISBN
        return None

    def ndc(self) -> str:
        text = self.folded(ItemField.NDC)
        if not text:
            return ""
        number = normalise_ndc(text)
        if number is None:
            self.problems[ItemField.NDC] = ItemProblem.NOT_AN_NDC
        return number or ""


def is_reading(text: str) -> bool:
    """Whether it is kana, with Latin letters, digits and marks at most: readings have them (CD, 3 ネン)."""
    return all(
        _KANA.match(letter)
        or unicodedata.category(letter)[0] in "PSZ"
        or unicodedata.category(letter) == "Nd"
        or unicodedata.name(letter, "").startswith("LATIN ")
        for letter in text
    )


def fits(new: NewItem, today: dt.date) -> bool:
    """Whether the columns hold it and nothing in it is hidden: what the server asks of any client."""
    texts = [(new.attachments, LONGEST[ItemField.ATTACHMENTS])]
    if not _ITEM_NUMBER.fullmatch(new.item_number):
        return False
    if not isinstance(new.title, int):
        title = new.title
        for field in (
            ItemField.TITLE,
            ItemField.TITLE_KANA,
            ItemField.PUBLISHER,
            ItemField.VOLUME,
            ItemField.SERIES,
            ItemField.EDITION,
            ItemField.EXTENT,
        ):
            texts.append((getattr(title, field.value), LONGEST[field]))
        texts.append((title.statement, LONGEST[ItemField.CREATORS]))
        for creator in title.creators:
            texts += [(creator.name, LONGEST_NAME), (creator.reading, LONGEST_NAME)]
        if (
            not title.title.strip()
            or len(title.creators) > MOST_CREATORS
            or not all(creator.name.strip() for creator in title.creators)
            or not (title.year is None or EARLIEST_YEAR <= title.year <= today.year + 1)
            or not (title.isbn is None or normalise_isbn(title.isbn) == title.isbn)
            or not (title.ndc == "" or _NDC.fullmatch(title.ndc))
        ):
            return False
    return all(len(text) <= longest and not HIDDEN.search(text) for text, longest in texts)
