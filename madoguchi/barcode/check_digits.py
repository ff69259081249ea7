"""The check-digit schemes of Japanese library barcodes, and of books. Pure: digits in, one character out.

NW-7 (JIS X 0506) leaves the check digit to its user, so a library's own choice decides. The definitions
below are those of AIM Japan's NW-7 page and of the lists that reader and software makers publish (PFU
ScanConnect, JustSystems Label Mighty, MESCIUS/GrapeCity NW7, Intermec 1800); docs/decisions/0003-barcodes.md
says where they disagree and what was chosen.

What each scheme catches, for one wrong digit and for two neighbours exchanged (the check digit counts):

=========================  ======================================  ==========================================
scheme                     one wrong digit                         two neighbours exchanged
=========================  ======================================  ==========================================
modulus 10, 2-1 split      all                                     all but 0 and 9
modulus 10, 2-1 whole      not 5 apart under a doubled digit       all
modulus 10, 3-1; EAN-13    all                                     not 5 apart
7 DR                       not 7 apart                             not 7 apart
7 DSR                      not 7 apart                             not 7 apart, nor the last pair
9 DR                       not 0 for 9                             the last pair only
9 DSR                      not 0 for 9                             none
modulus 11                 all while the check digit is not 0      all while neither digit nor check is 0
weighted modulus 11        nearly all, no guarantee                nearly all, no guarantee
modulus 16, modulus 43     all                                     none
ISBN-10, ISSN              all                                     all
=========================  ======================================  ==========================================

tests/barcode/test_check_digits.py holds every cell of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from functools import reduce
from typing import Final

DIGITS: Final = "0123456789"
START_STOP_LETTERS: Final = "ABCD"
NW7_CHARACTERS: Final = "0123456789-$:/.+"
CODE39_CHARACTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"

_NW7_VALUES: Final = NW7_CHARACTERS + START_STOP_LETTERS
_MODULUS_11_WEIGHTS: Final = (2, 3, 4, 5, 6, 7)
# Written here from the last digit to the first; printed descriptions list them the other way round.
_WEIGHTED_11_FIRST: Final = (2, 6, 3, 5, 4, 8, 7, 10, 9, 5, 3, 6)
_WEIGHTED_11_SECOND: Final = (9, 5, 8, 6, 7, 3, 4, 10, 2, 6, 8, 5)


class CheckDigit(Enum):
    """A check-digit scheme. The value is the name a settings file uses."""

    NONE = "none"
    MODULUS_10_2_1_SPLIT = "modulus-10-weight-2-1-split"
    MODULUS_10_2_1_WHOLE = "modulus-10-weight-2-1-whole"
    MODULUS_10_3_1 = "modulus-10-weight-3-1"
    SEVEN_DR = "7dr"
    SEVEN_DSR = "7dsr"
    NINE_DR = "9dr"
    NINE_DSR = "9dsr"
    MODULUS_11 = "modulus-11"
    WEIGHTED_MODULUS_11 = "weighted-modulus-11"
    MODULUS_16 = "modulus-16"
    MODULUS_43 = "modulus-43"
    ISBN_10 = "isbn-10"
    ISSN = "issn"
    EAN_13 = "ean-13"

    LUHN = MODULUS_10_2_1_SPLIT
    """The same scheme by its inventor's name; ルーンズ in Japanese manuals."""

    @property
    def alphabet(self) -> str:
        """Every character that may stand in the check digit's place; empty for NONE."""
        return _ALPHABETS.get(self, DIGITS)


_ALPHABETS: Final = {
    CheckDigit.NONE: "",
    CheckDigit.MODULUS_16: NW7_CHARACTERS,
    CheckDigit.MODULUS_43: CODE39_CHARACTERS,
    CheckDigit.ISBN_10: DIGITS + "X",
    CheckDigit.ISSN: DIGITS + "X",
}


def check_character(scheme: CheckDigit, body: str, *, start: str = "A", stop: str = "A") -> str:
    """Return the check character that belongs behind `body`; empty for `CheckDigit.NONE`.

    `body` is the number without check character and without start and stop letters. Only modulus 16 looks at
    `start` and `stop` (A to D, either case): they are part of its sum even where the scanner strips them.

    Raises ValueError when the scheme knows no answer for this body: a character it has no value for, an empty
    body, more than 12 digits for weighted modulus 11, other than 9 for ISBN-10, 7 for ISSN
    or 12 for EAN-13.
    """
    if scheme is CheckDigit.NONE:
        return ""
    if not body:
        raise ValueError("an empty number has no check digit")
    if scheme is CheckDigit.MODULUS_16:
        return _modulus_16(body, start.upper(), stop.upper())
    if scheme is CheckDigit.MODULUS_43:
        return CODE39_CHARACTERS[sum(_values(body, CODE39_CHARACTERS)) % 43]
    return _DIGIT_SCHEMES[scheme](_values(body, DIGITS))


def is_valid(scheme: CheckDigit, number: str, *, start: str = "A", stop: str = "A") -> bool:
    """Tell whether the last character of `number` is its check character. Never raises.

    With `CheckDigit.NONE` there is nothing to check and every number that is not empty is valid.
    """
    if scheme is CheckDigit.NONE:
        return bool(number)
    try:
        return check_character(scheme, number[:-1], start=start, stop=stop) == number[-1:]
    except ValueError:
        return False


def _values(text: str, alphabet: str) -> list[int]:
    values = [alphabet.find(character) for character in text]
    if -1 in values:
        raise ValueError(f"{text!r} has a character this check digit has no value for")
    return values


def _weighted_sum(digits: list[int], weights: Iterable[int]) -> int:
    """Sum of the digits times the weights, the last digit taking the first weight."""
    return sum(digit * weight for digit, weight in zip(reversed(digits), weights, strict=False))


def _cycled(weights: tuple[int, ...], count: int) -> list[int]:
    return [weights[place % len(weights)] for place in range(count)]


def _modulus_10_2_1_split(digits: list[int]) -> str:
    """Digits of each product added (分割). Example of AIM Japan: 12345678 gives 2."""
    weights = _cycled((2, 1), len(digits))
    products = [digit * weight for digit, weight in zip(reversed(digits), weights, strict=True)]
    return str(-sum(product // 10 + product % 10 for product in products) % 10)


def _modulus_10_2_1_whole(digits: list[int]) -> str:
    """Products added as they are (一括). Example of AIM Japan: 12345678 sums to 56 and gives 4."""
    return str(-_weighted_sum(digits, _cycled((2, 1), len(digits))) % 10)


def _modulus_10_3_1(digits: list[int]) -> str:
    """Weight 3 on the last digit, then 1, 3, ... GS1's own scheme, of any length. 491234567890 gives 4."""
    return str(-_weighted_sum(digits, _cycled((3, 1), len(digits))) % 10)


def _seven_dr(digits: list[int]) -> str:
    """Remainder of the whole number by 7 (セブンチェック). 123456 gives 4."""
    return str(_remainder_by_7(digits))


def _seven_dsr(digits: list[int]) -> str:
    """Seven less the remainder, and 0 when there is none: PFU gives the range of 7DSR as 0 to 6."""
    return str(-_remainder_by_7(digits) % 7)


def _nine_dr(digits: list[int]) -> str:
    """Remainder of the whole number by 9 (ナインチェック), which is that of its digits' sum."""
    return str(sum(digits) % 9)


def _nine_dsr(digits: list[int]) -> str:
    """Nine less the remainder, and 0 when there is none: PFU gives the range of 9DSR as 0 to 8."""
    return str(-sum(digits) % 9)


def _modulus_11(digits: list[int]) -> str:
    """Weights 2 to 7 from the last digit, again and again (M11W2-7); 10 and 11 both become 0.

    That is the convention of Japan's driving licences, resident numbers and NW-7 software. It costs the proof
    against some errors: two numbers out of eleven share the 0.
    """
    value = -_weighted_sum(digits, _cycled(_MODULUS_11_WEIGHTS, len(digits))) % 11
    return str(value % 10)


def _weighted_modulus_11(digits: list[int]) -> str:
    """A first set of weights; where it would give 10, a second set is used, which then never does.

    At most 12 digits. Examples: 5012924346 gives 4; 0200290068 needs the second set and gives 1.
    """
    if len(digits) > len(_WEIGHTED_11_FIRST):
        raise ValueError("weighted modulus 11 has weights for 12 digits, no more")
    value = -_weighted_sum(digits, _WEIGHTED_11_FIRST) % 11
    if value == 10:
        value = -_weighted_sum(digits, _WEIGHTED_11_SECOND) % 11
    return str(value)


def _modulus_16(body: str, start: str, stop: str) -> str:
    """Values of all characters with the start and stop letters make a multiple of 16.

    Intermec's example: A01234B takes 5. A sum that is one already takes 0, not A, which no reader accepts.
    """
    if not (len(start) == len(stop) == 1 and start in START_STOP_LETTERS and stop in START_STOP_LETTERS):
        raise ValueError("modulus 16 needs a start and a stop letter from A to D")
    total = sum(_values(body, NW7_CHARACTERS)) + _NW7_VALUES.index(start) + _NW7_VALUES.index(stop)
    return NW7_CHARACTERS[-total % 16]


def _isbn_10(digits: list[int]) -> str:
    """Weights 2 to 10 from the last digit, modulus 11, 10 written X (ISO 2108:1992; JIS X 0305)."""
    if len(digits) != 9:
        raise ValueError("an ISBN-10 has nine digits before its check digit")
    return (DIGITS + "X")[-_weighted_sum(digits, range(2, 11)) % 11]


def _issn(digits: list[int]) -> str:
    """Weights 2 to 8 from the last digit, modulus 11, 10 written X (ISO 3297). 0317847 gives 1."""
    if len(digits) != 7:
        raise ValueError("an ISSN has seven digits before its check digit")
    return (DIGITS + "X")[-_weighted_sum(digits, range(2, 9)) % 11]


def _ean_13(digits: list[int]) -> str:
    """Modulus 10 weight 3-1 on twelve digits (GS1 General Specifications; JIS X 0501)."""
    if len(digits) != 12:
        raise ValueError("an EAN-13 has twelve digits before its check digit")
    return _modulus_10_3_1(digits)


def _remainder_by_7(digits: list[int]) -> int:
    return reduce(lambda remainder, digit: (remainder * 10 + digit) % 7, digits, 0)


_DIGIT_SCHEMES: Final[dict[CheckDigit, Callable[[list[int]], str]]] = {
    CheckDigit.MODULUS_10_2_1_SPLIT: _modulus_10_2_1_split,
    CheckDigit.MODULUS_10_2_1_WHOLE: _modulus_10_2_1_whole,
    CheckDigit.MODULUS_10_3_1: _modulus_10_3_1,
    CheckDigit.SEVEN_DR: _seven_dr,
    CheckDigit.SEVEN_DSR: _seven_dsr,
    CheckDigit.NINE_DR: _nine_dr,
    CheckDigit.NINE_DSR: _nine_dsr,
    CheckDigit.MODULUS_11: _modulus_11,
    CheckDigit.WEIGHTED_MODULUS_11: _weighted_modulus_11,
    CheckDigit.ISBN_10: _isbn_10,
    CheckDigit.ISSN: _issn,
    CheckDigit.EAN_13: _ean_13,
}
