"""Fifty known questions and the title that must be among the first ten, over real records.

How they were chosen: of the shipped records, in the order of their files, fifty at equal distances (record
``i * 211 // 50`` of 211), whatever they are; and for each the way of asking, of ten, that had been taken
least so far and that the record allows (without an ISBN nobody asks by it), the first among equals. So
each way comes five times, and nobody picked the easy ones. The words were then written by hand, from the
record alone, before any of them was tried. ``test_relevance.py`` holds the choice to this rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from madoguchi.app.catalogue.ndl import BibRecord
from madoguchi.app.catalogue.search import Found

AMONG = 10


class Way(StrEnum):
    """How a reader asks."""

    BEGINNING = "what the title begins with, in kana"
    MIDDLE = "words out of its middle, in kana"
    TURNED = "words of the title the other way round"
    CREATOR = "a creator and a word of the title"
    READING = "a creator's reading and the title's, in kana"
    PUBLISHER = "the publisher and a word of the title"
    OTHERWISE = "otherwise written: old forms, widths, kana for kanji and kanji for kana"
    SERIES = "the series or volume, and a number or word"
    ISBN = "the ISBN, with hyphens or in its older form"
    PRINTED = "the title as it is printed, with its marks"


_NEEDED: dict[Way, Callable[[BibRecord], object]] = {
    Way.CREATOR: lambda record: record.creators or record.statement_of_responsibility,
    Way.READING: lambda record: any(creator.reading for creator in record.creators),
    Way.PUBLISHER: lambda record: record.publisher,
    Way.SERIES: lambda record: record.series or record.volume,
    Way.ISBN: lambda record: record.isbn13,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is typed, and the record that must be found by it."""

    ndl_id: str
    way: Way
    typed: str


def chosen(records: Sequence[BibRecord], amount: int = 50) -> list[tuple[str, Way]]:
    """Which records are asked for, and how."""
    used = dict.fromkeys(Way, 0)
    found = []
    for place in range(amount):
        record = records[place * len(records) // amount]
        allowed = [way for way in Way if way not in _NEEDED or _NEEDED[way](record)]
        # the first of the least used: the order of the list decides among equals
        way = min(allowed, key=lambda way: used[way])
        used[way] += 1
        found.append((record.ndl_id, way))
    return found


KNOWN = tuple(
    Known(ndl_id, way, typed)
    for ndl_id, way, typed in (
        ("R100000002-I029096886", Way.BEGINNING, "くりーんあーきてく"),
        ("R100000002-I023246336", Way.MIDDLE, "しゃがーるをりかい"),
        ("R100000002-I023251653", Way.TURNED, "オルガン 教会"),
        ("R100000136-I1131975833802341002", Way.CREATOR, "相笠昌義 ステンドグラス"),
        ("R100000002-I026982770", Way.READING, "えちぜん あい"),
        ("R100000002-I000001984786", Way.PUBLISHER, "キリスト新聞社 会津"),
        ("R100000136-I1130000793963812224", Way.OTHERWISE, "朝鮮基督敎會の歩み"),
        ("R100000136-I1130000797547964672", Way.ISBN, "978-7-80149-072-8"),
        ("R100000002-I000008447906", Way.PRINTED, "愛と祈りにささえられて　野並キリスト教会４０周年記念誌"),
        ("R100000002-I000001358729", Way.BEGINNING, "あいとしんじつ"),
        ("R100000002-I000002095888", Way.SERIES, "聖母文庫 キリスト教信仰案内講座 3"),
        ("R100000002-I033226627", Way.MIDDLE, "むきょうかいきりすときょうでんどう"),
        ("R100000136-I1130282270263003008", Way.TURNED, "キリスト者 信仰"),
        ("R100000002-I000007419048", Way.CREATOR, "長津真理子 愛の歌"),
        ("R100000002-I000001499248", Way.READING, "かいづ にわ"),
        ("R100000002-I000001545492", Way.PUBLISHER, "めるくまーる 錬金術"),
        ("R100000002-I029540855", Way.OTHERWISE, "慶応義塾 アイランドスケープ"),
        ("R100000002-I000011013682", Way.ISBN, "4-7642-6930-9"),
        ("R100000136-I1130282270583142912", Way.PRINTED, "アウグスチヌス・ルター"),
        ("R100000002-I000010025898", Way.SERIES, "書物誕生 告白"),
        ("R100000002-I000010654512", Way.BEGINNING, "あうぐすてぃぬすちょ"),
        ("R100000136-I1130000795479274368", Way.MIDDLE, "てききりすときょうしそう"),
        ("R100000002-I024016529", Way.TURNED, "コナン ヒーローソング"),
        ("R100000002-I024053922", Way.CREATOR, "なついろ あの夏色"),
        ("R100000136-I1130000798331611520", Way.READING, "いけうち うちゅう"),
        ("R100000002-I029029910", Way.PUBLISHER, "コロムビア 運動会"),
        ("R100000002-I000002801176", Way.OTHERWISE, "映画名探偵コナン 世紀末の魔術師"),
        ("R100000002-I033696426", Way.PRINTED, "エスケープ フロム ナイト 名探偵コナン"),
        ("R100000002-I029106992", Way.SERIES, "オルゴール・セレクション シネマ"),
        ("R100000002-I029773839", Way.BEGINNING, "かいんどおぶ"),
        ("R100000002-I028758043", Way.MIDDLE, "えくすぷれす"),
        ("R100000002-I032035024", Way.TURNED, "心 空っぽ"),
        ("R100000002-I029164242", Way.CREATOR, "mai kuraki 君想ふ"),
        ("R100000002-I023764035", Way.PUBLISHER, "king record キメキメ"),
        ("R100000002-I028376972", Way.OTHERWISE, "ＣＯＬＬＡＢＯＲＡＴＩＯＮ 倉木麻衣"),
        ("R100000002-I031499732", Way.SERIES, "オリジナル・サウンドトラック1997-2006 銀翼の奇術師"),
        ("R100000002-I000007704529", Way.ISBN, "4-09-106219-9"),
        ("R100000136-I1130282272403179136", Way.READING, "あおやまごうしょう しっこうにん"),
        (
            "R100000002-I031319960",
            Way.PRINTED,
            "劇場版『名探偵コナン 時計じかけの摩天楼』オリジナル・サウンドトラック",
        ),
        ("R100000002-I031499714", Way.BEGINNING, "げきじょうばんめいたんていこなんべいかー"),
        ("R100000002-I033043622", Way.ISBN, "９７８－４－９１１０６５－５２－５"),
        ("R100000002-I024927464", Way.MIDDLE, "あくゆう"),
        ("R100000002-I000009994596", Way.TURNED, "挑戦状 コナン 3"),
        ("R100000002-I024945316", Way.CREATOR, "四谷大塚 コナン 計算"),
        ("R100000002-I026285024", Way.READING, "かわむらやすふみ みのまわり"),
        ("R100000002-I028404639", Way.PUBLISHER, "小学館 防災の不思議"),
        ("R100000002-I033569562", Way.OTHERWISE, "ざんしん ざんしょ"),
        ("R100000002-I000009433147", Way.SERIES, "少年サンデーコミックススペシャル 江神原"),
        ("R100000002-I000008119485", Way.ISBN, "4091203086"),
        ("R100000002-I023230413", Way.PRINTED, "小説名探偵コナン 特別編［５］"),
    )
)

MISSED: dict[str, str] = {
    "映画名探偵コナン 世紀末の魔術師": "the record has えいが in kana alone, and no reading says 映画",
}
"""What is known not to be among the first ten of the shipped records alone, by what is typed, and why."""


def place_of(title_id: int, found: Found) -> int | None:
    """The place of a title among those found, from 1; None where it is not there."""
    return next(
        (place for place, each in enumerate(found.titles, start=1) if each.title_id == title_id), None
    )
