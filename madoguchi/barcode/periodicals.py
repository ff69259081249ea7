"""What is printed on periodicals: ISSN as EAN-13 (977), and the codes of Japanese magazines (491).

An ISSN names a periodical; a magazine code (定期刊行物コード（雑誌） of 日本出版インフラセンター; see
図書館情報学用語辞典, 雑誌コード) names one issue of one:

    491 0 CCCCC II Y D  0 PPPP

``CCCCC`` is the magazine's code, ``II`` the issue, ``Y`` the last digit of its year, ``D`` the check digit
of EAN-13; in the add-on of five digits ``PPPP`` is the price without tax. Behind 977 stand the ISSN without
its own check digit, two digits of a variant, and in the add-on of two or five digits the issue.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from madoguchi.barcode.check_digits import CheckDigit, check_character, is_valid

_LABEL: Final = re.compile(r"ISSN:?[ -]?")
_WRITTEN: Final = re.compile(r"([0-9]{4})-([0-9]{3}[0-9X])")
_BARE: Final = re.compile(r"([0-9]{4})-?([0-9]{3}[0-9X])")
_EAN: Final = re.compile(r"(977([0-9]{7})([0-9]{2})[0-9])((?:[0-9]{2}|[0-9]{5})?)")
_MAGAZINE: Final = re.compile(r"(491[0-9]([0-9]{5})([0-9]{2})([0-9])[0-9])((?:[0-9]{2}|[0-9]{5})?)")
# 0 and 1: monthlies; 2 and 3: weeklies. From 4 on (comics, mooks, recordings) the issue is a serial number.
_DATED: Final = "0123"
_MONTHS: Final = range(1, 13)


@dataclass(frozen=True, slots=True)
class Issn:
    """A periodical's own number.

    Attributes:
        issn: as it is written, ``0317-8471``, check digit right.
        variant: the two digits behind it on the cover (``00``: the usual edition); empty where it was typed.
        issue: the add-on of two or five digits, mostly the issue; empty without one.
    """

    issn: str
    variant: str = ""
    issue: str = ""


@dataclass(frozen=True, slots=True)
class Magazine:
    """An issue of a Japanese magazine.

    Attributes:
        code: 雑誌コード, five digits. It can be given to another magazine later.
        issue: two digits (月号, or a serial number).
        year_digit: the last digit of the year, 0 to 9.
        price_yen: without tax; None without an add-on, or where that says nothing (0000).
        digits: all thirteen, without the add-on.
    """

    code: str
    issue: str
    year_digit: int
    price_yen: int | None
    digits: str

    @property
    def month(self) -> int | None:
        """The month of a magazine that comes by months or weeks; None: its issues are counted."""
        month = int(self.issue)
        return month if self.code[0] in _DATED and month in _MONTHS else None

    @property
    def written(self) -> str:
        """As it stands on the back cover: ``06541-02``."""
        return f"{self.code}-{self.issue}"


def magazine_of(digits: str) -> Magazine | None:
    """The issue that 13, 15 or 18 digits name; None: no magazine's, or a wrong check digit."""
    found = _MAGAZINE.fullmatch(digits)
    if found is None or not is_valid(CheckDigit.EAN_13, found[1]):
        return None
    # one digit in reserve, then the price; an add-on of two digits has none
    price = int(found[5][1:]) if len(found[5]) == 5 else 0
    return Magazine(found[2], found[3], int(found[4]), price or None, found[1])


def issn_of(plain: str) -> Issn | None:
    """The ISSN in text made plain (ASCII digits, capitals, hyphens), as scanned or as written; None: none.

    Eight digits without hyphen and without the word are no ISSN: they are somebody's card as likely.
    """
    scanned = _EAN.fullmatch(plain)
    if scanned is not None:
        if not is_valid(CheckDigit.EAN_13, scanned[1]):
            return None
        body = scanned[2]
        return Issn(f"{body[:4]}-{body[4:]}{check_character(CheckDigit.ISSN, body)}", scanned[3], scanned[4])
    written = _written(plain)
    if written is None or not is_valid(CheckDigit.ISSN, written[1] + written[2]):
        return None
    return Issn(f"{written[1]}-{written[2]}")


def looks_like_issn(plain: str) -> bool:
    """Tell whether a text has the form of an ISSN, whatever its check digit."""
    return _EAN.fullmatch(plain) is not None or _written(plain) is not None


def _written(plain: str) -> re.Match[str] | None:
    if plain.startswith("ISSN"):
        return _BARE.fullmatch(_LABEL.sub("", plain, count=1))
    return _WRITTEN.fullmatch(plain)
