"""One row of a file by itself: its fields made into values, or everything that is wrong with it. Pure.

What other rows and the library itself have to do with it is looked at in the database (``compare``).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from madoguchi.app.catalogue.ndl_text import normalise_ndc, parse_year, to_katakana
from madoguchi.app.catalogue.new_item import (
    EARLIEST_YEAR,
    HIDDEN,
    LONGEST_NAME,
    MOST_CREATORS,
    SEMICOLON,
    is_reading,
)
from madoguchi.app.movein.columns import COLUMNS, KEY, MAPPED, Column, File
from madoguchi.app.movein.problems import NOTICES, Problem
from madoguchi.app.patrons.birth_dates import BirthDateProblem, parse_birth_date
from madoguchi.app.patrons.comparing import person_key
from madoguchi.barcode.safe_text import AROUND
from madoguchi.barcode.symbology import normalise_isbn

Row = tuple[object, ...]

# what a byte becomes that is none of the encoding; of CP932, Python makes these four of single bytes
_ODD: Final = re.compile("[\udc80-\udcff\uf8f0-\uf8f3]")
_OWN: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
# one look at every field, before those that tell what it is
_UNUSUAL: Final = re.compile(f"{_ODD.pattern}|{HIDDEN.pattern}|{_OWN.pattern}")
_GETA: Final = "〓"
_LINE_BREAKS: Final = re.compile(r"\s*[\r\n\t\v\f]+\s*")
_NUMBER: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_USUAL_KANA: Final = re.compile("[ァ-ヺー・ヽヾ ]+")
_POSTAL_CODE: Final = re.compile(r"〒?\s*([0-9]{3})-?([0-9]{4})")
_TELEPHONE: Final = re.compile(r"\+?[0-9]+(?:-[0-9]+)*")
_EMAIL: Final = re.compile(r"[!-?A-~]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+")
# databases give it with the time that no day has
_MIDNIGHT: Final = re.compile(" 0?0:00(?::00)?$")
_AHEAD: Final = dt.timedelta(days=3660)
"""How far a due date may be ahead: ten years."""
_HYPHENS: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))


# the same few thousand days come again and again
_parsed_day = lru_cache(maxsize=8192)(parse_birth_date)


@dataclass(frozen=True, slots=True)
class Codes:
    """What the files' codes mean here, for each column of ``MAPPED``."""

    meanings: Mapping[str, Mapping[str, object]]

    def __post_init__(self) -> None:
        assert set(self.meanings) == set(MAPPED)


@dataclass(slots=True)
class Checked:
    """A row that was looked at.

    Attributes:
        key: by which others refer to it, where it can be read.
        values: what is staged; None: it is refused.
        more: what is staged with it in a second table (creators, lost cards).
        found: column and problem of everything there is to say.
    """

    key: str | None
    values: Row | None
    more: list[Row] = field(default_factory=list)
    found: list[tuple[str, Problem]] = field(default_factory=list)


class Checker:
    """Looks at the rows of one file."""

    def __init__(self, file: File, codes: Codes, today: dt.date) -> None:
        self._file = file
        self._columns = COLUMNS[file]
        self._codes = codes
        self._today = today
        self._make: Callable[[_Fields], tuple[Row, list[Row]]] = {
            File.TITLES: self._title,
            File.ITEMS: self._item,
            File.PATRONS: self._patron,
            File.LOANS: self._loan,
        }[file]

    def __call__(self, row: int, values: Mapping[str, str]) -> Checked:
        """Looks at a row; never raises, whatever is in it."""
        fields = _Fields(row, self._columns, values, self._codes, self._today)
        made, more = self._make(fields)
        key_column = KEY[self._file]
        key = fields.number(key_column) if not fields.refused_at(key_column) else ""
        if fields.is_refused:
            return Checked(key or None, None, [], fields.found)
        return Checked(key or None, made, more, fields.found)

    def _title(self, row: _Fields) -> tuple[Row, list[Row]]:
        names, readings = row.names("creators"), row.names("creators_kana")
        more = [*readings, *[""] * (len(names) - len(readings))]
        creators: list[Row] = []
        if any(len(name) > LONGEST_NAME for name in (*names, *readings)) or len(names) > MOST_CREATORS:
            row.say("creators", Problem.TOO_MANY_NAMES)
        elif len(readings) > len(names) or any(
            reading and not name for name, reading in zip(names, more, strict=True)
        ):
            row.say("creators_kana", Problem.MORE_READINGS)
        else:
            both = [pair for pair in zip(names, more, strict=True) if pair[0]]
            creators = [(row.row, place, *pair) for place, pair in enumerate(both, start=1)]
        statement = "・".join(name for name in names if name)
        values = (
            row.row,
            row.number("title_id"),
            row.number("ndl_id") or None,
            row.text("title"),
            row.folded("title_kana"),
            row.folded("volume"),
            row.text("series"),
            statement,
            row.text("publisher"),
            row.year("year"),
            row.isbn("isbn"),
            row.ndc("ndc"),
            row.text("edition"),
            row.folded("extent"),
        )
        return values, creators

    def _item(self, row: _Fields) -> tuple[Row, list[Row]]:
        values = (
            row.row,
            row.number("item_number"),
            row.number("title_id"),
            row.code("branch"),
            row.code("kind"),
            row.yes_no("reference_only"),
            row.text("borrowed_from") or None,
            row.text("attachments"),
            row.text("note"),
        )
        return values, []

    def _patron(self, row: _Fields) -> tuple[Row, list[Row]]:
        kana = row.kana("kana")
        born = row.date("birth_date")
        if row.refused_at("birth_date"):
            born = None
        days = {
            name: row.date(name, born)
            for name in ("registered_on", "last_used_on", "card_issued_on", "proof_seen_on")
        }
        values = (
            row.row,
            row.number("card_number"),
            row.text("name"),
            kana,
            person_key(kana),
            born,
            row.code("category"),
            row.postal_code("postal_code"),
            row.text("address"),
            row.telephone("telephone"),
            row.email("email"),
            row.code("notice_by") or "telephone",
            row.code("proof"),
            days["proof_seen_on"],
            days["registered_on"],
            days["last_used_on"],
            days["card_issued_on"],
            row.code("branch"),
            row.text("note"),
        )
        return values, [(row.row, number) for number in row.numbers("lost_cards")]

    def _loan(self, row: _Fields) -> tuple[Row, list[Row]]:
        lent, due = row.date("lent_on"), row.date("due_on", future=True)
        if lent is not None and due is not None and due < lent:
            row.say("due_on", Problem.DUE_BEFORE_LENT)
        values = (
            row.row,
            row.number("item_number"),
            row.number("card_number"),
            row.code("branch"),
            lent,
            due,
            row.count("renewals"),
        )
        return values, []


class _Fields:
    """The fields of a row, read one by one; each is told at most one problem that refuses the row."""

    def __init__(
        self, row: int, columns: Mapping[str, Column], raw: Mapping[str, str], codes: Codes, today: dt.date
    ) -> None:
        self.row = row
        self.found: list[tuple[str, Problem]] = []
        self._columns = columns
        self._raw = raw
        self._codes = codes
        self._today = today
        self._read: dict[tuple[str, bool], str] = {}

    @property
    def is_refused(self) -> bool:
        """Whether anything said so far refuses the row."""
        return any(problem not in NOTICES for _, problem in self.found)

    def refused_at(self, column: str) -> bool:
        """Whether it does so for this column."""
        return any(name == column and problem not in NOTICES for name, problem in self.found)

    def say(self, column: str, problem: Problem) -> None:
        """Notes a problem, once."""
        if not (self.refused_at(column) or (column, problem) in self.found):
            self.found.append((column, problem))

    def text(self, column: str) -> str:
        """A text as it stands: in NFC, one line, nothing hidden in it, as long as it may be."""
        return self._cleaned(column, fold=False)

    def folded(self, column: str) -> str:
        """A text with full-width letters and digits, and half-width kana, made ordinary."""
        return self._cleaned(column, fold=True)

    def number(self, column: str) -> str:
        text = self.folded(column)
        if text and not _NUMBER.fullmatch(text):
            self.say(column, Problem.NOT_A_NUMBER)
            return ""
        return text

    def numbers(self, column: str) -> list[str]:
        found = [part for part in (part.strip() for part in SEMICOLON.split(self.folded(column))) if part]
        longest = self._longest("card_number")
        if any(not _NUMBER.fullmatch(number) or len(number) > longest for number in found):
            self.say(column, Problem.NOT_A_NUMBER)
        elif len(set(found)) < len(found):
            self.say(column, Problem.DUPLICATE)
        return found

    def names(self, column: str) -> list[str]:
        found = [part.strip() for part in SEMICOLON.split(self.text(column))]
        while found and not found[-1]:
            found.pop()
        return found

    def kana(self, column: str) -> str:
        text = " ".join(to_katakana(self.folded(column)).split())
        if not (_USUAL_KANA.fullmatch(text) or is_reading(text)):
            self.say(column, Problem.NOT_KANA)
        elif len(text) > self._longest(column):
            self.say(column, Problem.TOO_LONG)
        return text

    def date(self, column: str, born: dt.date | None = None, *, future: bool = False) -> dt.date | None:
        text = self.folded(column)
        if not text:
            return None
        latest = self._today + _AHEAD if future else self._today
        day = _parsed_day(_MIDNIGHT.sub("", text), latest)
        if isinstance(day, BirthDateProblem):
            in_future = day is BirthDateProblem.IN_FUTURE
            self.say(column, Problem.IN_FUTURE if in_future else Problem.NOT_A_DATE)
            return None
        if born is not None and day < born:
            self.say(column, Problem.BEFORE_BIRTH)
        return day

    def code(self, column: str) -> object:
        text = self.folded(column)
        if not text:
            return None
        meaning = self._codes.meanings[column].get(text)
        if meaning is None:
            self.say(column, Problem.UNKNOWN_CODE)
        return meaning

    def yes_no(self, column: str) -> bool:
        text = self.folded(column)
        if text not in ("", "0", "1"):
            self.say(column, Problem.NOT_YES_OR_NO)
        return text == "1"

    def count(self, column: str) -> int:
        text = self.folded(column)
        if not re.fullmatch("[0-9]{0,2}", text):
            self.say(column, Problem.NOT_A_COUNT)
            return 0
        return int(text or "0")

    def postal_code(self, column: str) -> str:
        text = self.folded(column).translate(_HYPHENS)
        found = _POSTAL_CODE.fullmatch(text)
        if text and found is None:
            self.say(column, Problem.NOT_A_POSTAL_CODE)
        return found[1] + found[2] if found else ""

    def telephone(self, column: str) -> str:
        text = re.sub("[() -]+", "-", self.folded(column).translate(_HYPHENS)).strip("-")
        if text and not _TELEPHONE.fullmatch(text):
            self.say(column, Problem.NOT_A_TELEPHONE)
        return text

    def email(self, column: str) -> str:
        text = self.folded(column)
        if text and not _EMAIL.fullmatch(text):
            self.say(column, Problem.NOT_AN_EMAIL)
        return text

    def isbn(self, column: str) -> str | None:
        text = self.folded(column)
        found = normalise_isbn(text) if text else None
        if text and found is None:
            self.say(column, Problem.ISBN_LEFT_OUT)
        return found

    def ndc(self, column: str) -> str:
        text = self.folded(column)
        found = normalise_ndc(text) if text else None
        if text and (found is None or len(found) > self._longest(column)):
            self.say(column, Problem.NDC_LEFT_OUT)
            return ""
        return found or ""

    def year(self, column: str) -> int | None:
        text = self.folded(column)
        found = parse_year(text) if text else None
        if text and (found is None or not EARLIEST_YEAR <= found <= self._today.year + 1):
            self.say(column, Problem.YEAR_LEFT_OUT)
            return None
        return found

    def _longest(self, column: str) -> int:
        return self._columns[column].longest

    def _cleaned(self, column: str, *, fold: bool) -> str:
        known = self._read.get((column, fold))
        if known is not None:
            return known
        text = self._read[column, fold] = self._clean(column, fold)
        return text

    def _clean(self, name: str, fold: bool) -> str:
        column = self._columns[name]
        text: Any = self._raw.get(name, "").strip(AROUND)
        if not text:
            if column.needed:
                self.say(name, Problem.NEEDED)
            return ""
        if len(text) > 4 * column.longest:
            self.say(name, Problem.TOO_LONG)
            return ""
        if not text.isascii():
            text = unicodedata.normalize("NFKC" if fold else "NFC", text)
        if _UNUSUAL.search(text):
            text = _LINE_BREAKS.sub(" ", text)
            if _ODD.search(text) or HIDDEN.search(text):
                self.say(name, Problem.ODD_BYTES if _ODD.search(text) else Problem.HIDDEN)
                return ""
            if _OWN.search(text):
                self.say(name, Problem.OWN_CHARACTER)
                text = _OWN.sub(_GETA, text)
        if len(text) > column.longest:
            self.say(name, Problem.TOO_LONG)
            return ""
        return str(text)
