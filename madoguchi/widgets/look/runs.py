"""Text prepared for painting: plain, on one line, figures told from words, and cut when it is too long."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

LONGEST_PAINTED = 300
ELLIPSIS = "…"

# A figure with what belongs to it: 7/10, 14:32, 1000-2345-67, 12/5(土), A-12.
_NUMBER = re.compile(r"[A-Z]-\d[\d-]*|F\d{1,2}(?!\d)|\d+/\d+\([^()]\)|\d(?:[\d/:.,\-]*\d)?")
_DROPPED_FORMATS = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def plain(text: str) -> str:
    """The text on one line: no control characters, no marks that turn the direction round.

    At most 300 characters stay; no place on the screen holds more on one line.
    """
    kept = plain_line(text[:LONGEST_PAINTED])
    return kept + ELLIPSIS if len(text) > LONGEST_PAINTED else kept


def plain_line(text: str) -> str:
    """As ``plain``, but of any length: for what is only heard, or goes into a field."""
    return "".join(
        " " if character in "\n\r\t\v\f" else character
        for character in text
        if character in "\n\r\t\v\f" or unicodedata.category(character) not in _DROPPED_FORMATS
    )


def plain_paragraph(text: str) -> str:
    """As ``plain``, but line ends stay and the length is not limited."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(
        "".join(c for c in line if unicodedata.category(c) not in _DROPPED_FORMATS) for line in lines
    )


def cut_to_letters(text: str, most: int) -> str:
    """The text, or its beginning of that many characters with an ellipsis."""
    return text if len(text) <= most else text[:most] + ELLIPSIS


def split_runs(text: str) -> list[tuple[str, bool]]:
    """The text as pieces ``(piece, is_number)`` in order; numbers are set in the face with even figures."""
    runs: list[tuple[str, bool]] = []
    at = 0
    for match in _NUMBER.finditer(text):
        if match.start() > at:
            runs.append((text[at : match.start()], False))
        runs.append((match.group(), True))
        at = match.end()
    if at < len(text):
        runs.append((text[at:], False))
    return runs


def cut_to_width(text: str, width: float, measure: Callable[[str], float]) -> str:
    """The text, or the longest beginning of it that fits with an ellipsis."""
    if measure(text) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle] + ELLIPSIS) <= width:
            low = middle
        else:
            high = middle - 1
    while low and low < len(text) and unicodedata.combining(text[low]):
        low -= 1
    return text[:low].rstrip() + ELLIPSIS
