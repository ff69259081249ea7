"""A slip as the bytes of a receipt printer (ESC/POS), made by python-escpos; Japanese in Shift_JIS."""

from __future__ import annotations

from typing import Final

from madoguchi.app.printing.escpos_library import printers
from madoguchi.app.printing.layout import UNPRINTABLE
from madoguchi.app.printing.slips import LineKind, SlipLine

_KANJI: Final = b"\x1cC\x01\x1c&"  # FS C 1: Shift_JIS; FS &: kanji on
_LARGE, _NORMAL = b"\x1d!\x11", b"\x1d!\x00"  # GS !: twice as wide and as high, kanji too
_BAR_HEIGHT: Final = 80
_BAR_WIDTH: Final = 2
"""Dots of a narrow bar: the narrowest that python-escpos and most printers know."""

DOTS: Final = {32: 384, 48: 576}
"""Dots across the paper, by its columns, at the 203 dots an inch that receipt printers have."""

# An NW-7 character is seven bars and spaces and a gap; two of them are wide, in some signs and letters three.
_WIDE: Final = 3
_TWO_WIDE, _THREE_WIDE = 5 + 2 * _WIDE + 1, 4 + 3 * _WIDE + 1
_QUIET: Final = 20
"""Narrow bars of blank, both sides together."""


def slip_bytes(rows: tuple[SlipLine, ...], columns: int, barcode: str) -> bytes:
    """The bytes of a slip laid out for so many columns.

    ``barcode`` is what its bars hold, start and stop letters included; one that is wider than the paper,
    which no printer prints, is left out: the number stands on the slip in figures.
    """
    made = printers().Dummy()
    made.hw("INIT")
    made._raw(_KANJI)
    for row in rows:
        if row.kind is LineKind.BARCODE:
            if barcode and barcode_dots(barcode) <= DOTS[columns]:
                # what the public call does besides is write to the program's output
                made._hw_barcode(barcode, "NW7", _BAR_HEIGHT, _BAR_WIDTH, "BELOW", "A", True, "B", True)
                made._raw(b"\n")
            continue
        made.set(align=row.align.value if row.kind is LineKind.TEXT else "left")
        if row.kind is LineKind.RULE:
            made._raw(b"-" * columns + b"\n")
        else:
            made._raw((_LARGE if row.large else b"") + encoded(row.text) + b"\n")
            made._raw(_NORMAL if row.large else b"")
    made.cut(mode="PART")
    return bytes(made.output)


def encoded(text: str) -> bytes:
    """The text as the printer takes it; what it has no sign for is a 〓."""
    geta = UNPRINTABLE.encode("cp932")
    found = []
    for letter in text:
        try:
            found.append(letter.encode("cp932"))
        except UnicodeEncodeError:
            found.append(geta)
    return b"".join(found)


def barcode_dots(barcode: str) -> int:
    """How wide these bars are, with the blank on either side, at three narrow ones to a wide one."""
    modules = sum(_THREE_WIDE if letter in "ABCD:/.+" else _TWO_WIDE for letter in barcode.upper())
    return (modules + _QUIET) * _BAR_WIDTH
