"""Provisional applications from a CSV file: each row made into a value, or told what is wrong with it. Pure.

A row is told of by its number and the names of its columns; what stands in it is somebody's.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from madoguchi.app.catalogue.ndl_text import to_katakana
from madoguchi.app.catalogue.new_item import HIDDEN
from madoguchi.app.patrons.applications import Application
from madoguchi.app.patrons.person import LONGEST, Category, Person

COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "number": "申請番号",
        "name": "氏名",
        "kana": "カナ",
        "birth_date": "生年月日",
        "postal_code": "郵便番号",
        "address": "住所",
        "telephone": "電話番号",
        "email": "メール",
        "category": "区分",
        "applied_on": "申請日",
    }
)
"""The columns, by either name, in any order; others are not looked at."""
NEEDED: Final = ("number", "name", "kana", "birth_date", "category")
"""Columns that must be there. The day of an application that says none is the day on which it is taken in."""

LONGEST_NUMBER: Final = 20
EARLIEST_BIRTH: Final = dt.date(1850, 1, 1)

_DAY: Final = re.compile(r"([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})")
_EMAIL: Final = re.compile(r"[!-?A-~]+@[!-?A-~]+")
_TELEPHONE: Final = re.compile(r"\+?[0-9][0-9-]*")
_HYPHENS: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ－", "-") | {"(": "-", ")": "-"})


class CannotRead(Exception):
    """The file as a whole is none of applications; the message says why, without what stands in it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file: what it says, or in which columns it is wrong.

    Attributes:
        number: of the row, as a spreadsheet counts; the names of the columns are in the first.
        wrong: names of columns, as the file names them.
        says_day: whether it says on which day it was sent.
    """

    number: int
    application: Application | None = field(default=None, repr=False)
    wrong: tuple[str, ...] = ()
    says_day: bool = False


def read_file(content: bytes, categories: Mapping[str, str], today: dt.date) -> list[Row]:
    """The rows of a file; ``categories`` are the library's, keys and names.

    Raises:
        CannotRead: it is neither UTF-8 nor CP932, or has not the columns that must be there.
    """
    lines = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        named = [name.strip() for name in next(lines, [])]
        places = _places(named)
        codes = {name: code for code, name in categories.items()} | {code: code for code in categories}
        return list(_rows(lines, places, named, codes, today))
    except csv.Error as error:
        raise CannotRead(f"line {lines.line_num}: not CSV") from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotRead("neither UTF-8 nor CP932") from None


def _places(named: list[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for column, japanese in COLUMNS.items():
        found = [place for place, name in enumerate(named) if name in (column, japanese)]
        if len(found) > 1:
            raise CannotRead(f"the column {named[found[0]]} is there twice")
        if found:
            places[column] = found[0]
    missing = [f"{COLUMNS[column]} ({column})" for column in NEEDED if column not in places]
    if missing:
        raise CannotRead(f"the first line names no column {', '.join(missing)}")
    return places


def _rows(
    lines: Iterator[list[str]],
    places: Mapping[str, int],
    named: list[str],
    codes: Mapping[str, str],
    today: dt.date,
) -> Iterator[Row]:
    for number, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(named):
            # a comma or a line's end that belongs to a value: what stands where is not known
            yield Row(number, wrong=(f"{len(cells)} columns in place of {len(named)}",))
            continue
        said = {column: _tidy(cells[place]) for column, place in places.items()}
        found, wrong = _read(said, codes, today)
        yield Row(
            number,
            found,
            tuple(named[places[column]] for column in COLUMNS if column in wrong),
            bool(said.get("applied_on")),
        )


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _read(
    said: Mapping[str, str], codes: Mapping[str, str], today: dt.date
) -> tuple[Application | None, set[str]]:
    folded = {column: unicodedata.normalize("NFKC", text) for column, text in said.items()}
    values = {
        "name": said["name"],
        "kana": to_katakana(folded["kana"]),
        "address": said.get("address", ""),
        "telephone": _telephone(folded.get("telephone", "")),
        "email": folded.get("email", ""),
        "postal_code": folded.get("postal_code", "").translate(_HYPHENS).replace("-", "").removeprefix("〒"),
    }
    number, category = folded["number"], codes.get(said["category"], "")
    birth, applied = _day(folded["birth_date"]), _day(folded.get("applied_on", ""))
    wrong = {
        column for column, text in values.items() if len(text) > LONGEST.get(column, 7) or HIDDEN.search(text)
    }
    wrong |= {column for column in ("name", "kana") if not values[column]}
    if not re.fullmatch(r"[!-~]{1,20}", number):
        wrong.add("number")
    if not re.fullmatch(r"(?:[0-9]{7})?", values["postal_code"]):
        wrong.add("postal_code")
    if values["telephone"] and not _TELEPHONE.fullmatch(values["telephone"]):
        wrong.add("telephone")
    if values["email"] and not _EMAIL.fullmatch(values["email"]):
        wrong.add("email")
    if birth is None or not EARLIEST_BIRTH <= birth <= today:
        wrong.add("birth_date")
    if folded.get("applied_on") and (applied is None or applied > today):
        wrong.add("applied_on")
    if category not in set(Category):
        wrong.add("category")
    if wrong or birth is None:
        return None, wrong
    person = Person(
        name=values["name"],
        kana=values["kana"],
        birth_date=birth,
        category=Category(category),
        postal_code=values["postal_code"],
        address=values["address"],
        telephone=values["telephone"],
        email=values["email"],
    )
    return Application(number, person, applied or today), wrong


def _telephone(text: str) -> str:
    return re.sub("-{2,}", "-", text.translate(_HYPHENS).replace(" ", "")).strip("-")


def _day(text: str) -> dt.date | None:
    found = _DAY.fullmatch(text)
    if found is None or (not found[2] and len(text) != 8):
        return None
    try:
        return dt.date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None
