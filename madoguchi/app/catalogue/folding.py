"""What a search takes for the same: widths, kana, long vowels, accents, forms of kanji, marks and spaces.

Titles and questions are folded alike, and what is left is compared letter by letter: two letters of it are
enough. The embedded library folds with these functions; the central server with functions of its own that are
written from the very tables here (``search_functions``), for it believes no client.
"""

from __future__ import annotations

import itertools
import re
import string
import unicodedata
from typing import Final

from madoguchi.app.catalogue.kanji_forms import KANJI

FIELD_END: Final = "\x1f"
"""Between the fields of what is searched. Nothing that is folded holds it."""
VALUE_END: Final = "\x1e"
"""Between the values of one field: two readings, several creators."""

ACCENTS: Final = ((0x300, 0x36F),)

MARKS: Final = (
    *((0x01, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0xA9), (0xAB, 0xB1), (0xB4, 0xB4), (0xB6, 0xB8)),
    *((0xBB, 0xBB), (0xBF, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7), (0x2C2, 0x2DF), (0x2000, 0x206F)),
    *((0x20A0, 0x20CF), (0x2190, 0x245F), (0x2500, 0x2BFF), (0x3000, 0x3004), (0x3008, 0x3020)),
    *((0x3030, 0x3030), (0x303D, 0x303D), (0x3099, 0x309C), (0x30A0, 0x30A0), (0x30FB, 0x30FC)),
    *((0xFE00, 0xFE6F), (0xFF00, 0xFF0F), (0xFF5B, 0xFF65), (0xFFF9, 0xFFFF), (0x1F000, 0x1FAFF)),
    (0xE0000, 0xE01EF),
)
"""Marks, signs and spaces, by number. The long vowel mark is among them; 々〆〇 stay."""

_HIRAGANA: Final = {chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)} | {"ゝ": "ヽ", "ゞ": "ヾ"}
# readings write them either way
_SAME_SOUND: Final = {"ヂ": "ジ", "ヅ": "ズ", "ヲ": "オ", "ヷ": "バ", "ヺ": "ボ"}
_CAPITALS: Final = {
    capital: capital.lower()
    for capital in [
        *string.ascii_uppercase,
        *"ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩÆØŁĐ",
        *map(chr, range(0x0410, 0x0430)),
    ]
}

LETTERS: Final = (
    _CAPITALS | {kana: _SAME_SOUND.get(full, full) for kana, full in _HIRAGANA.items()} | _SAME_SOUND
)
"""Each letter that is folded into another, kanji aside."""

SYLLABLES: Final = (("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ"))
"""What is folded into another syllable, in this order."""


def _class(ranges: tuple[tuple[int, int], ...]) -> str:
    return "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]"


_TRANSLATION: Final = str.maketrans(LETTERS | KANJI)
_ACCENT: Final = re.compile(_class(ACCENTS))
_MARK: Final = re.compile(_class(MARKS))
KANJI_RANGES: Final = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x3FFFF))
_KANJI: Final = re.compile(_class(KANJI_RANGES))
_END: Final = re.compile(f"[{FIELD_END}{VALUE_END}]")

# Beyond these there may be something to put together: most titles have no such letter.
USUAL: Final = (
    *((0x20, 0x7E), (0x3001, 0x3007), (0x3041, 0x3096), (0x309D, 0x309E), (0x30A1, 0x30FE)),
    (0x4E00, 0x9FFF),
)
_UNUSUAL: Final = re.compile("[^" + _class(USUAL)[1:])

# In a transcription particles are words of their own and stand as they sound
PARTICLES: Final = (("ワ", "ハ"), ("エ", "ヘ"))
_AS_WRITTEN: Final = dict(PARTICLES)
_PARTICLE: Final = re.compile(rf"(^|\s)({'|'.join(_AS_WRITTEN)})(?=\s|$)")


def folded(text: str) -> str:
    """The letters and digits of a text in the form they are compared in; empty when there are none."""
    plain = text
    if _UNUSUAL.search(plain):
        plain = unicodedata.normalize("NFKC", _ACCENT.sub("", unicodedata.normalize("NFKD", plain)))
    plain = plain.translate(_TRANSLATION)
    if "ヴ" in plain:
        for syllable, kept in SYLLABLES:
            plain = plain.replace(syllable, kept)
    return _MARK.sub("", plain).replace("\0", "")


def folded_reading(transcription: str) -> str:
    """A reading as it sounds and, where they differ, as it is written (ワ and ハ, エ and ヘ as particles)."""
    sounded = folded(transcription)
    as_written = _PARTICLE.sub(lambda word: word[1] + _AS_WRITTEN[word[2]], transcription)
    if as_written == transcription:
        return sounded
    written_form = folded(as_written)
    return sounded if written_form == sounded else f"{sounded}{VALUE_END}{written_form}"


def pairs(searched: str) -> list[str]:
    """Every two letters that stand side by side in one value of what is searched, and every kanji by itself.

    A kanji says as much as two kana. Each once, sorted.
    """
    values = _END.split(searched)
    both = {first + second for value in values for first, second in itertools.pairwise(value)}
    return sorted(both.union(_KANJI.findall(searched)))


def wanted_pairs(word: str) -> list[str]:
    """The pairs that a word asks for: of one letter that kanji, of more the pairs alone, of one kana none."""
    return [pair for pair in pairs(word) if len(pair) > 1 or len(word) == 1]
