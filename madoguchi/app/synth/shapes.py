"""The shapes of titles: what stands where, in parts that words are put into.

A shape is a list of parts: a letter that a word is drawn for (``N`` a noun, ``P`` a place, ``F`` a family,
``H`` a person, ``V`` a verb, ``A`` an adjective and ``Q`` a quality, each with a noun, ``L`` a word in Latin
letters), or a word of its own with its reading. Readings follow the National Diet Library: katakana, words
apart, は ワ, へ エ, を オ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

from madoguchi.app.synth.words import Word

Part: TypeAlias = str | Word
Shape: TypeAlias = tuple[Part, ...]

PARTICLES: Final = {
    "ノ": "の", "ト": "と", "オ": "を", "ワ": "は", "ニ": "に", "ガ": "が", "エ": "へ", "デ": "で",
    "ヤ": "や", "モ": "も", "カラ": "から", "マデ": "まで",
}  # fmt: skip

# A longer run of words is one long name, which no run of words drawn one by one resembles.
_LONGEST_RUN: Final = 3
_LONGEST_SHAPE: Final = 9

_MARKS: Final = re.compile(r"[「」『』()!?、。・,;.…\-<>*〈〉]")
_ENDS_AS_VERBS_DO: Final = tuple("ウクスツヌフムルグズブ")
_BEFORE_A_VERB: Final = ("オ", "ニ", "ガ", "デ", "ト")


def shape_of(title_kana: str) -> Shape | None:
    """The shape of a title, taken from its reading; None: it is too long, or no reading.

    What stands between particles counts as nouns, but for what ends like a verb after a particle that calls
    for one.
    """
    main, _, _ = title_kana.partition(" : ")
    found: list[Part] = []
    run = 0
    for word in _MARKS.sub(" ", main).split():
        particle = PARTICLES.get(word)
        if particle is not None:
            if not found:
                return None
            found.append((particle, word))
            run = 0
        elif run < _LONGEST_RUN:
            run += 1
            calls = bool(found) and isinstance(found[-1], tuple) and found[-1][1] in _BEFORE_A_VERB
            found.append("V" if calls and word.endswith(_ENDS_AS_VERBS_DO) else "N")
    ends_well = bool(found) and isinstance(found[-1], str)
    return tuple(found) if ends_well and len(found) <= _LONGEST_SHAPE else None


def _parsed(lines: str) -> tuple[tuple[Shape, float], ...]:
    shapes = []
    for line in lines.strip().splitlines():
        weight, *parts = line.split()
        shapes.append((tuple(_part(part) for part in parts), float(weight)))
    return tuple(shapes)


def _part(text: str) -> Part:
    word, slash, reading = text.partition("/")
    return (word, reading) if slash else text


def words_of(shapes: Iterable[Shape]) -> set[Word]:
    """The words that shapes bring along themselves."""
    return {part for shape in shapes for part in shape if isinstance(part, tuple)}


# The shipped records are found by two words, so what is usual on a city library's shelves stands here,
# weighted by how usual it is to somebody who looks along them.
USUAL: Final = _parsed("""
    9 N 入門/ニュウモン
    5 N N 入門/ニュウモン
    8 はじめて/ハジメテ の/ノ N
    4 はじめて/ハジメテ の/ノ N N
    6 よく/ヨク わかる/ワカル N
    5 図解/ズカイ N N
    5 N の/ノ 基礎/キソ 知識/チシキ
    4 N の/ノ 作り方/ツクリカタ
    4 N の/ノ しくみ/シクミ
    5 N の/ノ 歴史/レキシ
    5 N の/ノ 本/ホン
    4 N の/ノ 教科書/キョウカショ
    5 N と/ト は/ワ 何/ナニ か/カ
    4 なぜ/ナゼ N は/ワ V の/ノ か/カ
    4 N を/オ V
    3 N を/オ V ため/タメ の/ノ N
    4 N に/ニ V N
    4 N と/ト N の/ノ 間/アイダ
    4 現代/ゲンダイ N 論/ロン
    3 N 学/ガク 概論/ガイロン
    3 N N 辞典/ジテン
    3 N 大/ダイ 事典/ジテン
    4 N N ハンドブック/ハンドブック
    3 N N 年鑑/ネンカン
    5 P の/ノ N
    4 P N ガイド/ガイド
    4 P を/オ 歩く/アルク
    3 P の/ノ 歴史/レキシ と/ト N
    3 N から/カラ N へ/エ
    4 L 時代/ジダイ の/ノ N
    4 L N 入門/ニュウモン
    3 図説/ズセツ N の/ノ N
    4 H の/ノ 生涯/ショウガイ
    3 H 伝/デン
    2 H と/ト N
    2 評伝/ヒョウデン H
    3 世界/セカイ の/ノ N
    3 日本/ニホン の/ノ N
    4 日本/ニホン N 史/シ
    3 N レシピ/レシピ
    3 かんたん/カンタン N
    3 Q N の/ノ N
    2 N N の/ノ すべて/スベテ
    2 N は/ワ N で/デ 決まる/キマル
""")

STORIES: Final = _parsed("""
    14 N の/ノ N
    9 A N
    7 Q N
    6 N 物語/モノガタリ
    5 P の/ノ N
    5 N と/ト N
    4 N の/ノ N の/ノ N
    4 N に/ニ V
    4 N を/オ V
    4 V N
    4 N の/ノ ある/アル N
    4 P N 事件/ジケン
    4 F 家/ケ の/ノ N
    3 N 殿/ドノ の/ノ N
    3 N へ/エ
    3 N 日記/ニッキ
    3 N 捕物/トリモノ 帖/チョウ
    3 N まで/マデ の/ノ N
    3 さよなら/サヨナラ N
    3 君/キミ と/ト N
    3 N は/ワ V
    3 P 恋/コイ 歌/ウタ
    2 N 短編/タンペン 集/シュウ
    2 N 詩集/シシュウ
    2 H 詩集/シシュウ
    2 H 全集/ゼンシュウ
    2 H の/ノ N
    2 N 随筆/ズイヒツ 集/シュウ
    5 N
""")

CHILDRENS: Final = _parsed("""
    8 N の/ノ N
    6 N と/ト N
    5 N ちゃん/チャン の/ノ N
    5 N くん/クン
    4 おおきな/オオキナ N
    4 ちいさな/チイサナ N
    4 N の/ノ おはなし/オハナシ
    4 N は/ワ どこ/ドコ
    3 N が/ガ いっぱい/イッパイ
    3 なかよし/ナカヨシ N
    3 どうぶつ/ドウブツ N
    3 N の/ノ ぼうけん/ボウケン
    3 ふしぎ/フシギ な/ナ N
    3 N だいすき/ダイスキ
""")

MAGAZINES: Final = _parsed("""
    4 月刊/ゲッカン N
    3 週刊/シュウカン N
    3 N N
    2 N の/ノ 友/トモ
    2 N 通信/ツウシン
    2 P N
    1 季刊/キカン N N
""")

RECORDINGS: Final = _parsed("""
    5 N N
    5 N の/ノ N
    4 N ベスト/ベスト コレクション/コレクション
    3 N 名曲/メイキョク 集/シュウ
    3 A N
    3 N への/エノ N
    2 交響曲/コウキョウキョク N
    2 P 民謡/ミンヨウ 集/シュウ
    2 L N
    3 劇場/ゲキジョウ 版/バン N の/ノ N
""")

_LATIN_WORDS: Final = """
    AI IT IoT DX SDGs ESG NPO PTA DIY DNA CD DVD SNS Excel Word Python Java Web Windows Linux iPhone
    Google YouTube Photoshop CAD GIS GPS LED LSI TOEIC TOEFL MBA NHK JR NATO EU WTO TPP GDP FX NISA
    iDeCo PDCA KPI Q&A Vol CSS HTML JavaScript SQL Ruby PHP Kindle Zoom Twitter VR 3D UFO SF BL
"""
LATIN: Final = tuple(_LATIN_WORDS.split())
