"""Makes madoguchi/resources/synth/words.tsv.gz of mecab-ipadic's lists; to be run when these change.

    python installer/make_words.py [/usr/share/mecab/dic/ipadic]

The folder is where Debian's package mecab-ipadic puts them; `dpkg -x` unpacks a package and installs nothing.
The same lists give the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

IPADIC = Path("/usr/share/mecab/dic/ipadic")
OUT = Path(__file__).parents[1] / "madoguchi" / "resources" / "synth" / "words.tsv.gz"

_SURFACE = re.compile("[ぁ-ゖァ-ヺー々一-鿿]{1,8}")
_READING = re.compile("[ァ-ヺー]+")
_KANJI = re.compile("[々一-鿿]{1,3}")

# words that no invented title should be made of
_LEFT_OUT = re.compile(
    "[姦淫糞痴猥娼膣屍尻]|性交|陰茎|レイプ|セックス|ポルノ|ヌード|エロ|土人|乞食|支那|部落|めくら|つんぼ"
    "|きちがい|気違い|びっこ|自殺|虐殺|売春|白痴|奴隷|暴力|死体|殺|犯|オッパイ|おっぱい|クソ|くそ|バカ|ばか"
)

# the newspapers that the dictionary's costs come from name other people than live here
_COMMON_FAMILIES = """
    佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水
    山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川
"""
_COMMONEST = tuple(_COMMON_FAMILIES.split())


def entries(folder: Path, file: str) -> Iterator[tuple[int, str, str, list[str]]]:
    """Cost, word, reading and parts of speech of each line of one of its lists."""
    with (folder / file).open(encoding="euc-jp", newline="") as opened:
        for line in csv.reader(opened):
            yield int(line[3]), line[0].strip(), line[11], line[4:10]


def chosen(
    folder: Path, files: tuple[str, ...], limit: int, wanted: Callable[[str, list[str]], bool]
) -> list[tuple[str, str]]:
    """The words of lowest cost, the commonest, each once with its commonest reading."""
    found = sorted(
        # words that no corpus told apart stand in no order that a reader could see
        (cost, zlib.crc32(word.encode()), word, reading)
        for file in files
        for cost, word, reading, speech in entries(folder, file)
        if _SURFACE.fullmatch(word)
        and _READING.fullmatch(reading)
        and not _LEFT_OUT.search(word)
        and wanted(word, speech)
    )
    once: dict[str, str] = {}
    for _, _, word, reading in found:
        once.setdefault(word, reading)
    return list(once.items())[:limit]


def main() -> None:
    """Writes the file and says how many words of each class it holds."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IPADIC

    def longer(word: str, _speech: list[str]) -> bool:
        # a single kana is no word that anybody looks for
        return len(word) > 1 or _KANJI.fullmatch(word) is not None

    def plain(word: str, speech: list[str]) -> bool:
        return (
            speech[5] == "基本形" and speech[1] == "自立" and len(word) > 1 and word not in ("ある", "なる")
        )

    def name(part: str) -> Callable[[str, list[str]], bool]:
        return lambda word, speech: speech[3] == part and _KANJI.fullmatch(word) is not None

    classes = {
        "noun": chosen(folder, ("Noun.csv", "Noun.verbal.csv"), 26_000, longer),
        "quality": chosen(folder, ("Noun.adjv.csv",), 900, longer),
        "adjective": chosen(folder, ("Adj.csv",), 350, plain),
        "verb": chosen(folder, ("Verb.csv",), 900, plain),
        "family": chosen(folder, ("Noun.name.csv",), 6_000, name("姓")),
        "given": chosen(folder, ("Noun.name.csv",), 6_000, name("名")),
        "place": chosen(folder, ("Noun.place.csv",), 3_000, longer),
    }
    families = dict(classes["family"])
    first = [(word, families[word]) for word in _COMMONEST if word in families]
    classes["family"] = first + [pair for pair in classes["family"] if pair not in first]
    lines = [f"{kind}\t{word}\t{reading}\n" for kind, pairs in classes.items() for word, reading in pairs]
    OUT.write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))
    sizes = ", ".join(f"{kind} {len(pairs)}" for kind, pairs in classes.items())
    print(f"{OUT.name}: {sizes}; {OUT.stat().st_size} bytes")


main()
