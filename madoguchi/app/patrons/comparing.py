"""What tells whether two records are of one person: keys that stay alike over ways of writing.

The embedded library compares with these functions; the central server with functions of its own that are
written from the very tables here, as with ``catalogue.folding``. ``likeness`` weighs what comes out.

Looked at is whoever has the same ``person_key``, the same date of birth or the same ``telephone_key``
(``blocks``): each can stand in an index. Whoever differs in all three is not found; the bench says how many.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from madoguchi.app.catalogue.folding import folded
from madoguchi.app.patrons.finding import Likeness
from madoguchi.app.patrons.likeness import Match

PERSON_LETTERS: Final = dict(
    zip(
        "ァィゥェォッャュョヮヵヶヰヱガギグゲゴザジズゼゾダデドバビブベボパピプペポ",
        "アイウエオツヤユヨワカケイエカキクケコサシスセソタテトハヒフヘホハヒフヘホ",
        strict=True,
    )
)
"""Of folded kana (it has neither ヂ, ヅ nor ー): small to large, voiced to plain, ヰヱ by their sound."""

LENGTHENED: Final = (
    "(?<=[アカサタナハマヤラワ])ア+",
    "(?<=[イキシチニヒミリ])イ+",
    "(?<=[ウクスツヌフムユル])ウ+",
    "(?<=[エケセテネヘメレ])[エイ]+",
    "(?<=[オコソトノホモヨロ])[オウ]+",
)
"""A vowel that at most lengthens the syllable before it goes, as ー has gone: オオノ, オーノ, オノ; ユウコ,
ユーコ; ケイコ, ケーコ. In this order, after ``PERSON_LETTERS``. マサアキ and マサキ become one: the price."""

SPACES: Final = " \u3000"
"""What stands between a family name and a given name."""

POSTAL_CODE: Final = "^ *〒? *[0-9]{3}-?[0-9]{4} *"
PREFECTURE: Final = "^(.{3}県|東京都|北海道|京都府|大阪府|..県)"
"""The longest first: the server's patterns take the longest, wherever it stands."""
NUMBERS_BEGIN: Final = "[0-9]|[〇一二三四五六七八九十]+(丁目|番(?!町)|号|[-‐‑‒–—―−ー])"
"""Where the town ends: at a digit, or at kanji numerals that count blocks (not those of 三田 or 一番町)."""
NUMERALS: Final = dict(zip("〇一二三四五六七八九", "0123456789", strict=True))
TENS: Final = (
    ("(?<=[1-9])十(?=[1-9])", ""),
    ("(?<=[1-9])十", "0"),
    ("十(?=[1-9])", "1"),
    ("十", "10"),
)
"""After ``NUMERALS``, in this order."""
TOWN_LETTERS: Final = PERSON_LETTERS | {"ヶ": "カ", "ケ": "カ", "ゲ": "カ"}
"""茅ヶ崎 is written with ケ and が, too."""

_PERSON: Final = str.maketrans(PERSON_LETTERS)
_TOWN: Final = str.maketrans(TOWN_LETTERS)
_NUMERALS: Final = str.maketrans(NUMERALS)
_LENGTHENED: Final = tuple(map(re.compile, LENGTHENED))
_TENS: Final = tuple((re.compile(pattern), kept) for pattern, kept in TENS)
_POSTAL_CODE: Final = re.compile(POSTAL_CODE)
_PREFECTURE: Final = re.compile(PREFECTURE)
_NUMBERS_BEGIN: Final = re.compile(NUMBERS_BEGIN)
_NO_DIGITS: Final = re.compile("[^0-9]+")
_SPACE: Final = re.compile(f"[{SPACES}]")

SHORTEST_EDITED: Final = 4
"""Letters: of less, one that is wrong is too much."""


def person_key(kana: str) -> str:
    """A person's kana without what is typed one way or the other: size, voice, length, width, spaces."""
    key = folded(kana).translate(_PERSON)
    for pattern in _LENGTHENED:
        key = pattern.sub("", key)
    return key


def given(text: str) -> str:
    """What stands after the first space; empty where there is none."""
    parts = _SPACE.split(text, maxsplit=1)
    return parts[1] if len(parts) > 1 else ""


def telephone_key(text: str) -> str:
    """The digits of a telephone number."""
    return _NO_DIGITS.sub("", unicodedata.normalize("NFKC", text))


def address_key(text: str) -> str:
    """The town, a space, and the numbers of block, house and room with hyphens between; empty of nothing.

    "神奈川県藤沢市石川１丁目２番３号 ハイツ101" and "藤沢市石川一丁目2-3-101" have one: names of
    buildings are left out as often as not.
    """
    plain = _POSTAL_CODE.sub("", unicodedata.normalize("NFKC", text))
    begins = _NUMBERS_BEGIN.search(plain)
    town, rest = (plain[: begins.start()], plain[begins.start() :]) if begins else (plain, "")
    town = _PREFECTURE.sub("", folded(town)).replace("大字", "").translate(_TOWN)
    rest = rest.translate(_NUMERALS)
    for pattern, kept in _TENS:
        rest = pattern.sub(kept, rest)
    numbers = _NO_DIGITS.sub("-", rest).strip("-")
    return f"{town} {numbers}" if town or numbers else ""


@dataclass(frozen=True, slots=True)
class Keys:
    """What is compared of a person; empty or None: not known."""

    name: str = field(repr=False)
    given_name: str = field(repr=False)
    person_key: str = field(repr=False)
    given_key: str = field(repr=False)
    birth_date: dt.date | None = field(repr=False)
    telephone_key: str = field(repr=False)
    address_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Matches:
    """How each field of two people compares."""

    name_match: Match
    kana_match: Match
    birth_match: Match
    telephone_match: Match
    address_match: Match


def keys_of(
    *, name: str, kana: str, birth_date: dt.date | None, telephone: str = "", address: str = ""
) -> Keys:
    """The keys of somebody who is there."""
    return Keys(
        folded(name),
        folded(given(name)),
        person_key(kana),
        person_key(given(kana)),
        birth_date,
        telephone_key(telephone),
        address_key(address),
    )


def keys_typed(typed: Likeness) -> Keys:
    """The keys of what has been typed."""
    return keys_of(
        name=typed.name,
        kana=typed.kana,
        birth_date=typed.birth_date,
        telephone=typed.telephone,
        address=typed.address,
    )


def blocks(typed: Keys, there: Keys) -> bool:
    """Whether somebody is looked at at all."""
    return (
        bool(typed.person_key and typed.person_key == there.person_key)
        or (typed.birth_date is not None and typed.birth_date == there.birth_date)
        or bool(typed.telephone_key and typed.telephone_key == there.telephone_key)
    )


def compare(typed: Keys, there: Keys) -> Matches:
    """Compares what is typed with somebody who is there."""
    return Matches(
        name_match=_texts(
            typed.name,
            there.name,
            near=bool(typed.given_name) and typed.given_name == there.given_name,
        ),
        kana_match=_texts(
            typed.person_key,
            there.person_key,
            near=(bool(typed.given_key) and typed.given_key == there.given_key)
            or one_edit(typed.person_key, there.person_key),
        ),
        birth_match=_births(typed.birth_date, there.birth_date),
        telephone_match=_texts(
            typed.telephone_key,
            there.telephone_key,
            near=len(typed.telephone_key) >= 4 and typed.telephone_key[-4:] == there.telephone_key[-4:],
        ),
        address_match=_texts(
            typed.address_key,
            there.address_key,
            near=_town(typed.address_key) != "" and _town(typed.address_key) == _town(there.address_key),
        ),
    )


def one_edit(one: str, other: str) -> bool:
    """Whether one letter more, less or another makes one key of the other; of very short keys never."""
    if max(len(one), len(other)) < SHORTEST_EDITED:
        return False
    alike = 0
    while alike < min(len(one), len(other)) and one[alike] == other[alike]:
        alike += 1
    return (
        one[alike + 1 :] == other[alike + 1 :]
        or one[alike + 1 :] == other[alike:]
        or one[alike:] == other[alike + 1 :]
    )


def _texts(one: str, other: str, *, near: bool) -> Match:
    if not one or not other:
        return Match.UNKNOWN
    if one == other:
        return Match.SAME
    return Match.NEAR if near else Match.DIFFERENT


def _births(one: dt.date | None, other: dt.date | None) -> Match:
    if one is None or other is None:
        return Match.UNKNOWN
    if one == other:
        return Match.SAME
    differing = (one.year != other.year) + (one.month != other.month) + (one.day != other.day)
    swapped = one.year == other.year and one.month == other.day and one.day == other.month
    return Match.NEAR if differing == 1 or swapped else Match.DIFFERENT


def _town(key: str) -> str:
    return key.split(" ", maxsplit=1)[0]
