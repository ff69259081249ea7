"""How a name is read, from what an input method showed while it was typed. Pure.

What is composed (the preedit) stands there in kana until it is converted, and the conversion is committed
without its reading: it was seen only then.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from madoguchi.app.catalogue.ndl_text import to_katakana

_LONGEST: Final = 200
_KANA: Final = re.compile("(?=.*[ァ-ヺ])[ァ-ヺーヽヾ・ ]+")
# an n that is still open becomes ん when it is converted
_OPEN_N: Final = re.compile("(?<=[ァ-ヺー])[Nn]$")


def kana_from_composition(preedits: Sequence[str], commit: str) -> str:
    """The reading of what is committed, in katakana; empty where none was ever seen.

    ``preedits`` is what was composed since the last commit, in its order: とう, とうｋ, とうき, 東木. The
    last that is all kana counts, so what was deleted is gone and a syllable half typed (やまｄ) is not in it.
    What is committed in kana is its own reading.
    """
    readings = (_katakana(commit), *(_OPEN_N.sub("ン", _katakana(each)) for each in reversed(preedits)))
    return next((kana for kana in readings if _KANA.fullmatch(kana)), "")


def _katakana(text: str) -> str:
    return to_katakana(unicodedata.normalize("NFKC", text[:_LONGEST])).strip()
