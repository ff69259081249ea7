"""A slip laid out for paper of so many columns: a Japanese character takes two. Pure.

One layout for all: the receipt printer's bytes, the painted slip and the picture on screen are made of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from madoguchi.app.printing.slips import LineKind, Slip, SlipLine

COLUMNS: Final = {"58": 32, "80": 48, "a6": 48, "a4": 48}
"""Narrow characters in a line, by paper: rolls of 58 and 80 mm, and sheets, which the slip stands on."""

MOST_ROWS: Final = 3
"""So many rows of paper a line may take; a title that is longer is cut."""

UNPRINTABLE: Final = "〓"
"""What stands where a printer has no sign: printers of Japanese have used it since movable type."""

# Unicode has two of each; Shift_JIS as printers know it has the second one alone.
_SAME: Final = str.maketrans("〜−—‖¢£¬", "～－―∥￠￡￢")
_NOT_FIRST: Final = frozenset("、。，．・：；？！）］｝」』】〉》ー々～…ぁぃぅぇぉっゃゅょァィゥェォッャュョ")


def printable(text: str) -> str:
    """The text as it can stand on a slip: in one line, every character with a width."""
    plain = unicodedata.normalize("NFC", text).translate(_SAME)
    return "".join(_seen(letter) for letter in plain)


def _seen(letter: str) -> str:
    if letter.isspace():
        return "　" if letter == "　" else " "
    # marks that join or turn what is beside them, and whatever has no width of its own, would shift a column
    return letter if letter.isprintable() and not unicodedata.combining(letter) else ""


def width(text: str) -> int:
    """How many columns it takes: as many as it has bytes in Shift_JIS, two where it has no sign there."""
    return sum(1 if letter.isascii() or "｡" <= letter <= "ﾟ" else 2 for letter in text)


def laid_out(slip: Slip, columns: int) -> tuple[SlipLine, ...]:
    """The rows of paper, from top to bottom, none wider than ``columns``."""
    return tuple(row for line in slip.lines for row in _rows(line, columns))


def _rows(line: SlipLine, columns: int) -> Iterator[SlipLine]:
    if line.kind is not LineKind.TEXT:
        yield line
        return
    room = columns // 2 if line.large else columns
    rows = _wrapped(printable(line.text), room)
    if len(rows) > MOST_ROWS:
        last = rows[MOST_ROWS - 1]
        while width(last) > room - 2:
            last = last[:-1]
        rows = [*rows[: MOST_ROWS - 1], last + "…"]
    for row in rows:
        yield replace(line, text=row)


def _wrapped(text: str, room: int) -> list[str]:
    rows, row, used = [], "", 0
    # what goes on in the next row stands below what it goes on from
    indent = text[: len(text) - len(text.lstrip())]
    indent = indent if width(indent) <= room // 4 else ""
    for letter in text:
        wide = width(letter)
        if used + wide > room:
            carried = row[-1] if letter in _NOT_FIRST and len(row.strip()) > 1 else ""
            rows.append((row[: len(row) - len(carried)]).rstrip())
            row = indent + carried
            used = width(row)
            if letter.isspace():
                continue
        row += letter
        used += wide
    return [*rows, row.rstrip()]
