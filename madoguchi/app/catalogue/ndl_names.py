"""Names in a catalogue record: how they are shown, which reading is whose, and who did what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from madoguchi.app.catalogue.ndl_text import clean, clean_folded, has_japanese, is_kana, narrowed, to_katakana

CREATOR_NAME_MAX: Final = 120
CREATOR_READING_MAX: Final = 200
CREATOR_ROLE_MAX: Final = 40
CREATORS_MAX: Final = 40

# No heading is longer; what is longer is cut before it is taken apart.
_HEADING_MAX: Final = 500

# Past this many the lists are not matched: where one is cut short, nothing is certain.
_TAKEN_APART_MAX: Final = 2 * CREATORS_MAX

_SEPARATOR: Final = re.compile(r"\s*[,、/]\s*")
_LIFE_DATES: Final = re.compile(r"(?:(?:b|d|fl|ca?)\.? ?)?-?\d{3,4}\??(?: ?-(?: ?\d{3,4}\??)?)?")
_LIFE_DATES_AFTER: Final = re.compile(r"\s*[(\[]\s*(\d{3,4}\s*-\s*(?:\d{3,4})?)\s*[)\]]$")
_AND_OTHERS: Final = re.compile(r"\s*[\[〔(](?:ほか|他|et al\.?)[\]〕)]")
_NOT_OF_A_KEY: Final = re.compile(r"[\s,./・=\-\[\]〔〕()\"'’]+")

_ROLE_WORDS: Final = """
    著 共著 編著 著者 著作 作者 原著 原作 原作者 作 文 詩 編 共編 編集 編纂 編者 編集責任
    訳 共訳 訳者 翻訳 監訳 訳編 訳注 訳註 監修 監修者 総監修 校訂 校注 校閲 注 註 解説
    執筆 述 記 選 指導 協力 構成 取材 企画 制作 製作 発行
    絵 画 え ぶん イラスト 挿絵 挿画 装丁 装幀 デザイン 写真 撮影 まんが マンガ 漫画 作画
    シナリオ テレビシナリオ 脚本 脚色 小説 監督 総監督 演出 出演 朗読 語り 声
    音楽 作曲 作詞 編曲 指揮 演奏 歌 唄 うた ボーカル ピアノ ヴァイオリン チェロ ギター
"""
_ROLES: Final = frozenset(_ROLE_WORDS.split())
_ROLES_WITHOUT_SPACE: Final = tuple(sorted(_ROLES, key=lambda role: (-len(role), role)))

_STATEMENT_BREAK: Final = re.compile(r"\s*[,，、;；]\s*|\s+[.．]\s+")
_ROLE_AFTER_MARK: Final = re.compile(r"(.+?)\s*[/／∥]\s*([^/／∥]{1,16})")
_ROLE_AFTER_SPACE: Final = re.compile(r"(.+)\s[\[〔［]?(?:ほか)?([^\s\[\]〔〕［］]{1,16})[\]〕］]?")


@dataclass(frozen=True, slots=True)
class Creator:
    """One person or body: name as shown, reading in katakana if known, role (著, 訳...) if stated."""

    name: str
    reading: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class _Heading:
    """A name or a reading taken apart: as shown, its years of life, whether it is inverted (姓, 名)."""

    shown: str
    years: str | None
    inverted: bool

    @property
    def key(self) -> str:
        return _key(self.shown)


def creators_of(names: Sequence[str], readings: Sequence[str], statement: str | None) -> tuple[Creator, ...]:
    """The creators of a record, each with its reading and role where these are certain.

    `names` and `readings` are the record's own lists, which need not be of one length: a reading that cannot
    be given to one name with certainty is given to none. `statement` is the statement of responsibility.
    """
    headings = _several(_headings, names)
    spoken = _several(_readings, readings)
    if len(headings) != len(spoken):
        # One name written twice (ZARD, Zard) has one reading.
        once: dict[tuple[str, str | None], _Heading] = {}
        for heading in headings:
            once.setdefault((heading.key, heading.years), heading)
        headings = list(once.values())
    if max(len(headings), len(spoken), len(names), len(readings)) > _TAKEN_APART_MAX:
        headings, spoken = headings[:CREATORS_MAX], []
    matched = _matched_readings(headings, spoken)
    roles = _roles({heading.key for heading in headings}, statement or "")
    creators: dict[tuple[str, str | None], Creator] = {}
    for heading, reading in zip(headings, matched, strict=True):
        creator = Creator(
            heading.shown, clean_folded(reading or "", CREATOR_READING_MAX), roles.get(heading.key)
        )
        creators.setdefault((heading.key, heading.years), creator)
    return tuple(creators.values())[:CREATORS_MAX]


def _several(read: Callable[[str], list[_Heading]], texts_untrusted: Sequence[str]) -> list[_Heading]:
    parts = (part for text in texts_untrusted[:_TAKEN_APART_MAX] for part in read(text))
    return list(islice(parts, 4 * _TAKEN_APART_MAX))


def _headings(text_untrusted: str) -> list[_Heading]:
    """One catalogue heading as names; two bodies joined by a semicolon are two."""
    text = narrowed(clean(text_untrusted, _HEADING_MAX) or "")
    found = [_heading(part, CREATOR_NAME_MAX) for part in _AND_OTHERS.sub("", text).split(";")]
    return [heading for heading in found if heading is not None]


def _readings(text_untrusted: str) -> list[_Heading]:
    text = to_katakana(clean_folded(text_untrusted, _HEADING_MAX) or "")
    found = [_heading(part, CREATOR_READING_MAX) for part in _AND_OTHERS.sub("", text).split(";")]
    return [heading for heading in found if heading is not None]


def _heading(text: str, limit: int) -> _Heading | None:
    years = None
    if (after := _LIFE_DATES_AFTER.search(text)) is not None:
        years = after[1].replace(" ", "")
        text = text[: after.start()]
    parts: list[str] = []
    for part in _SEPARATOR.split(text.strip()):
        if parts and _LIFE_DATES.fullmatch(part):
            years = part.replace(" ", "")
        elif part and not (parts and _is_trailing_role(part)):
            parts.append(part)
    # A Japanese name is shown as it is spoken; a foreign one keeps the comma that marks the family name.
    shown = clean((" " if has_japanese(text) else ", ").join(parts), limit)
    return None if shown is None else _Heading(shown, years, inverted=len(parts) > 1)


def _is_trailing_role(part: str) -> bool:
    # 文, 詩, うた are roles and given names both; 企画 and 原作 are no names.
    return len(part) > 1 and part in _ROLES and not is_kana(part)


def _matched_readings(names: Sequence[_Heading], readings: Sequence[_Heading]) -> list[str | None]:
    """For each name its reading, or None.

    From the most certain evidence to the least: the same years of life; a name in kana that reads as itself;
    lists of one length; lists of one length once names without a Japanese reading (foreign, or kana) are set
    aside; lists of one length among persons, and among bodies.
    """
    found: dict[int, str] = {}
    left = dict(enumerate(readings))

    def give(name: int, reading: int) -> None:
        found[name] = left.pop(reading).shown

    def open_names() -> list[int]:
        return [index for index in range(len(names)) if index not in found]

    def same_years(name: int, reading: int) -> bool:
        return names[name].years == left[reading].years

    def pair_if_equal(chosen: Sequence[int], candidates: Sequence[int]) -> None:
        if len(chosen) != len(candidates):
            return
        pairs = list(zip(chosen, candidates, strict=True))
        if all(None in {names[n].years, left[r].years} or same_years(n, r) for n, r in pairs):
            for name, reading in pairs:
                give(name, reading)

    for reading in list(left):
        years = left[reading].years
        same = [index for index in open_names() if years is not None and names[index].years == years]
        if len(same) == 1 and [heading.years for heading in readings].count(years) == 1:
            give(same[0], reading)
    for name in open_names():
        if is_kana(names[name].shown):
            own = _sound(names[name].shown)
            same = [reading for reading in left if _sound(left[reading].shown) == own]
            if same:
                give(name, same[0])
    pair_if_equal(open_names(), list(left))
    if left:
        spoken = [n for n in open_names() if has_japanese(names[n].shown) and not is_kana(names[n].shown)]
        pair_if_equal(spoken, list(left))
        if left:
            for inverted in (True, False):
                pair_if_equal(
                    [n for n in spoken if n not in found and names[n].inverted is inverted],
                    [r for r in left if left[r].inverted is inverted],
                )
    for name in open_names():
        if is_kana(names[name].shown):
            found[name] = to_katakana(names[name].shown)
    return [found.get(index) for index in range(len(names))]


def _sound(text: str) -> str:
    return _NOT_OF_A_KEY.sub("", to_katakana(text))


def _key(name: str) -> str:
    """A name as a statement of responsibility and a heading have it in common."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    if has_japanese(folded):
        return _NOT_OF_A_KEY.sub("", folded)
    return " ".join(sorted(filter(None, _NOT_OF_A_KEY.split(folded))))


def _roles(keys: set[str], statement: str) -> dict[str, str]:
    """Who did what, by key of the name. Names before a role without one of their own share it."""
    found: dict[str, str] = {}
    waiting: list[str] = []
    for segment in _STATEMENT_BREAK.split(_AND_OTHERS.sub("", statement)):
        name, role = _name_and_role(segment.strip(), keys)
        waiting.append(_key(name))
        if role is not None:
            for key in waiting:
                found.setdefault(key, role)
            waiting.clear()
    return found


def _name_and_role(segment: str, keys: set[str]) -> tuple[str, str | None]:
    if (marked := _ROLE_AFTER_MARK.fullmatch(segment)) is not None:
        return marked[1], clean(marked[2].strip("[]〔〕［］ "), CREATOR_ROLE_MAX)
    if (spaced := _ROLE_AFTER_SPACE.fullmatch(segment)) is not None and _is_role(spaced[2]):
        return spaced[1], clean(spaced[2], CREATOR_ROLE_MAX)
    if _key(segment) not in keys:
        for role in _ROLES_WITHOUT_SPACE:
            if segment.endswith(role) and _key(segment.removesuffix(role)) in keys:
                return segment.removesuffix(role), role
    return segment, None


def _is_role(text: str) -> bool:
    return all(part in _ROLES for part in re.split("[・&＆]", text))
