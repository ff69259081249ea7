"""ISBNs, as scanned (EAN-13), as printed (with hyphens) and as old records have them (ten digits)."""

from __future__ import annotations

import re
from typing import Final

from madoguchi.barcode.check_digits import CheckDigit, check_character, is_valid
from madoguchi.barcode.safe_text import plain_form

_LABEL: Final = re.compile(r"ISBN(?:-1[03])?:?[ -]?")
_THIRTEEN: Final = re.compile(r"97[89][0-9]{10}")
_TEN: Final = re.compile(r"[0-9]{9}[0-9X]")
_ADD_ON: Final = re.compile(r"(97[89][0-9]{10})(?:[0-9]{2}|[0-9]{5})")
_SINGLE_HYPHENS: Final = re.compile(r"[0-9]+(?:[- ][0-9]+)*(?:[- ]?X)?")
_LONGEST: Final = 64


def normalise_isbn(text: str) -> str | None:
    """Return the thirteen digits of an ISBN as records and people write it, or None when it is none.

    Takes ISBN-13 and ISBN-10, with or without hyphens or spaces, full-width, with "ISBN" before it. The check
    digit must be right; an ISBN-10 is converted to 978. Never raises.
    """
    return isbn13_of(plain_form(text)) if len(text) <= _LONGEST else None


def isbn13_of(plain: str) -> str | None:
    """The same for text already made plain: ASCII digits, capitals and hyphens.

    An add-on of two or five digits behind an EAN-13, which some scanners send along, is left off.
    """
    digits = _without_hyphens(plain)
    add_on = _ADD_ON.fullmatch(digits)
    if add_on:
        digits = add_on[1]
    if _THIRTEEN.fullmatch(digits) and is_valid(CheckDigit.EAN_13, digits):
        return digits
    if _TEN.fullmatch(digits) and is_valid(CheckDigit.ISBN_10, digits):
        body = "978" + digits[:9]
        return body + check_character(CheckDigit.EAN_13, body)
    return None


def looks_like_isbn(plain: str, *, ten_bare_digits: bool) -> bool:
    """Tell whether a text has the form of an ISBN, whatever its check digit.

    Ten digits alone are weak evidence: `ten_bare_digits` says whether they are to count.
    """
    digits = _without_hyphens(plain)
    if _THIRTEEN.fullmatch(digits) or _ADD_ON.fullmatch(digits):
        return True
    return _TEN.fullmatch(digits) is not None and (ten_bare_digits or digits != plain or digits.endswith("X"))


def _without_hyphens(plain: str) -> str:
    unlabelled = _LABEL.sub("", plain, count=1) if plain.startswith("ISBN") else plain
    if not _SINGLE_HYPHENS.fullmatch(unlabelled):
        return ""
    return unlabelled.replace("-", "").replace(" ", "")
