"""Bars ready to be painted: which modules are dark, and the text beneath them.

python-barcode knows the patterns but does not check: it repairs a wrong EAN-13 check digit, cuts what is too
long and adds a check character to Code 39, all in silence. So every number is judged here first, and what
comes out reads back as exactly what went in.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Final

from barcode.codabar import CODABAR
from barcode.codex import Code39, Code128
from barcode.ean import EuropeanArticleNumber13

from madoguchi.barcode.check_digits import (
    CODE39_CHARACTERS,
    NW7_CHARACTERS,
    START_STOP_LETTERS,
    CheckDigit,
    is_valid,
)
from madoguchi.barcode.symbology import LONGEST_TEXT, CodeRule, Symbology

# Modules on either side. EAN-13 asks for 11 on the left and 7 on the right (GS1 General Specifications); the
# others for ten times the narrow element (JIS X 0506, 0503, 0504).
_QUIET_ZONES: Final = {
    Symbology.NW7: 10,
    Symbology.CODE39: 10,
    Symbology.CODE128: 10,
    Symbology.EAN13: 11,
}
_NARROW: Final = 1
# Of the ratios JIS X 0506 allows (2 to 3), the one that is whole modules and the easiest to read.
_WIDE: Final = 3


class UnprintableCode(ValueError):
    """This number cannot be drawn in this symbology, or would not read back as itself."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A barcode in modules, its unit being the narrowest element.

    `runs` are the bars and spaces from left to right, each as (is it a bar, how many modules), beginning and
    ending with a bar. Leave `quiet_zone` modules blank on either side. `text` is what to print beneath;
    `encoded` is what a scanner that strips nothing sends, which for NW-7 has the start and stop letters.
    """

    symbology: Symbology
    runs: tuple[tuple[bool, int], ...]
    text: str
    encoded: str
    quiet_zone: int

    @property
    def modules(self) -> int:
        """Width of the bars in modules, quiet zones not counted."""
        return sum(width for _, width in self.runs)


def bars(symbology: Symbology, number: str, *, start: str = "A", stop: str = "A") -> Bars:
    """Return the bars of `number`, which is the whole number with its check digit if it has one.

    `start` and `stop` are the NW-7 letters (A to D, either case); the other symbologies do not use them.

    Raises UnprintableCode for an empty number, one over 64 characters, a character the symbology lacks, and
    an EAN-13 that is not thirteen digits with the right check digit.
    """
    if not 0 < len(number) <= LONGEST_TEXT:
        raise UnprintableCode(f"a barcode has 1 to {LONGEST_TEXT} characters, not {len(number)}")
    encoded = number
    if symbology is Symbology.NW7:
        encoded = _letter(start) + _only(NW7_CHARACTERS, number) + _letter(stop)
        pattern = CODABAR(encoded, narrow=_NARROW, wide=_WIDE).build()
    elif symbology is Symbology.CODE39:
        pattern = Code39(_only(CODE39_CHARACTERS, number), add_checksum=False).build()
    elif symbology is Symbology.CODE128:
        if not (number.isascii() and number.isprintable()):
            raise UnprintableCode(f"Code 128 labels carry printable ASCII only, not {number!r}")
        pattern = Code128(number).build()
    else:
        if not is_valid(CheckDigit.EAN_13, number):
            raise UnprintableCode(f"{number!r} is no EAN-13 with its check digit")
        pattern = EuropeanArticleNumber13(number).build()
    (modules,) = pattern
    runs = tuple((value == "1", len(list(run))) for value, run in groupby(modules))
    return Bars(symbology, runs, number, encoded, _QUIET_ZONES[symbology])


def bars_for(rule: CodeRule, number: str) -> Bars:
    """Return the bars of one of the library's own numbers, as its rule has them printed.

    Raises UnprintableCode also when the number is not one of this rule's, or its check digit is wrong: a
    label that will be refused at the counter must not be printed.
    """
    if not rule.fits(number) or not is_valid(rule.check, number, start=rule.start, stop=rule.stop):
        raise UnprintableCode(f"{number!r} is no {rule.means.value} number of this library")
    return bars(rule.symbology, number, start=rule.start, stop=rule.stop)


def _letter(letter: str) -> str:
    if len(letter) != 1 or letter.upper() not in START_STOP_LETTERS:
        raise UnprintableCode(f"start and stop letters are A to D, not {letter!r}")
    return letter.upper()


def _only(alphabet: str, number: str) -> str:
    if not set(number) <= set(alphabet):
        raise UnprintableCode(f"{number!r} has a character this symbology lacks")
    return number
