"""Reading single fields of a catalogue record: text hygiene, years, class numbers, kana."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_GETA: Final = "〓"
_CUT: Final = "…"

# Far beyond any field; what lies behind is not looked at, so that one field cannot hold up an import.
_READ_MAX: Final = 20_000

# No letter of any script bears more marks (Unicode Standard Annex 15, stream-safe text); putting thousands in
# their order takes seconds.
_MARKS_MAX: Final = 30

EARLIEST_YEAR: Final = 1400
LATEST_YEAR: Final = 2100

# First year of the era, and its last numbered year (None while it lasts).
_ERAS: Final[Mapping[str, tuple[int, int | None]]] = MappingProxyType(
    {
        "明": (1868, 45),
        "大": (1912, 15),
        "昭": (1926, 64),
        "平": (1989, 31),
        "令": (2019, None),
        "M": (1868, 45),
        "T": (1912, 15),
        "S": (1926, 64),
        "H": (1989, 31),
        "R": (2019, None),
    }
)
_ERA: Final = re.compile(
    r"(?:(明)治?|(大)正?|(昭)和?|(平)成?|(令)和?|(?<![A-Z])([MTSHR])\.?)\s*(元|\d{1,2})(?!\d)"
)
_WESTERN: Final = re.compile(r"(?<!\d)(\d{4})(?:\d{2}){0,2}(?!\d)")

_NDC: Final = re.compile(r"[A-Z]?(\d{3})(?:\.?(\d{1,9}))?")

_KANA: Final = "\u3040-\u30ff\u31f0-\u31ff"
_KANA_LETTER: Final = "\u3041-\u3096\u30a1-\u30fa"
_KANJI: Final = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_JAPANESE: Final = re.compile(f"[{_KANA}{_KANJI}]")
_KANA_ONLY: Final = re.compile(f"(?=.*[{_KANA_LETTER}])[{_KANA} ,/]+")

_FULL_WIDTH_ASCII: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_HIRAGANA: Final = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}


def clean(text_untrusted: str, limit: int) -> str | None:
    """One line of text in NFC, at most `limit` characters, or None if nothing is left.

    Control and invisible formatting characters go (direction marks among them); a private-use character,
    which has no shape anywhere but in the catalogue it comes from, becomes 〓; white space of any kind
    becomes single spaces. What is too long ends in "…".
    """
    kept: list[str] = []
    marks = 0
    for character in text_untrusted[:_READ_MAX]:
        category = unicodedata.category(character)
        if category in {"Cc", "Cf", "Cs"} and not character.isspace():
            continue
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MARKS_MAX:
            continue
        if character.isspace():
            kept.append(" ")
        else:
            kept.append(_GETA if category == "Co" else character)
    text = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    if len(text) > limit:
        text = text[: limit - len(_CUT)].rstrip() + _CUT
    return text or None


def clean_folded(text_untrusted: str, limit: int) -> str | None:
    """As `clean`, with full-width digits and letters, half-width kana and the like made ordinary (NFKC)."""
    return clean(_folded(text_untrusted), limit)


def _folded(text_untrusted: str) -> str:
    """The text in NFKC, as far as it is looked at."""
    kept: list[str] = []
    marks = 0
    for character in text_untrusted[:_READ_MAX]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_MAX:
            kept.append(character)
    return unicodedata.normalize("NFKC", "".join(kept))


def narrowed(text: str) -> str:
    """Full-width ASCII made ordinary; kana and kanji as they are."""
    return text.translate(_FULL_WIDTH_ASCII)


def has_japanese(text: str) -> bool:
    """Whether there is any kana or kanji in it."""
    return _JAPANESE.search(text) is not None


def is_kana(text: str) -> bool:
    """Whether it is kana throughout, but for separators."""
    return _KANA_ONLY.fullmatch(text) is not None


def to_katakana(text: str) -> str:
    """Hiragana as katakana, the rest as it is."""
    return text.translate(_HIRAGANA)


def parse_year(text_untrusted: str) -> int | None:
    """The first year in a date of publication, or None.

    Understands 2018, ２０１８.7, [2018], c1999, 195412, 2019.4～2020.3 and the Japanese eras: 平成30, 昭55.4,
    明24.12, S55, 令和元年. A year that is no year of its era (昭和99) is none, nor is a decade ([201-]).
    """
    text = _folded(text_untrusted).upper()
    for match in _WESTERN.finditer(text):
        year = int(match[1])
        if EARLIEST_YEAR <= year <= LATEST_YEAR:
            return year
    for match in _ERA.finditer(text):
        begins, last_year = _ERAS[next(group for group in match.groups()[:-1] if group)]
        number = 1 if match[7] == "元" else int(match[7])
        if number >= 1 and (last_year is None or number <= last_year) and begins + number - 1 <= LATEST_YEAR:
            return begins + number - 1
    return None


def normalise_ndc(text_untrusted: str) -> str | None:
    """A class number of the Nippon Decimal Classification such as "913.6", or None if it is not one.

    A local prefix of one letter goes (K913 is 913 on the children's shelves); a point left out is put back.
    """
    match = _NDC.fullmatch(_folded(text_untrusted).strip().upper())
    if match is None:
        return None
    return f"{match[1]}.{match[2]}" if match[2] else match[1]
