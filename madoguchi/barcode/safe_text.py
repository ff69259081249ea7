"""Text from outside, read in plain characters, and made fit to be shown to a clerk."""

from __future__ import annotations

import unicodedata
from typing import Final

SHOWN_AT_MOST: Final = 40

AROUND: Final = " \t\r\n\u3000\u00a0"
"""What a scanner adds behind a text (CR, LF, Tab) and people leave around it."""

_CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TO_CAPITALS: Final = str.maketrans(_CAPITALS.lower(), _CAPITALS)
# A Japanese input method writes the hyphen key as a long-vowel mark or a mathematical minus.
_TO_HYPHEN: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))

# Letters and symbols to Unicode, blank on the screen.
_BLANK: Final = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_DELETE: Final = "\x7f"


def is_control(character: str) -> bool:
    """Tell whether this is a control character, a line or paragraph separator, or half a surrogate pair."""
    return unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs")


def is_hidden_mark(character: str) -> bool:
    """Tell whether this is an invisible format character: bidirectional controls, zero widths, tags."""
    return unicodedata.category(character) == "Cf"


def plain_form(text: str) -> str:
    """Full-width characters as their plain ones (NFKC), hyphens of every kind as one, a to z as capitals."""
    return unicodedata.normalize("NFKC", text).translate(_TO_HYPHEN).translate(_TO_CAPITALS).strip(AROUND)


def show(text_untrusted: str) -> str:
    """Render text of any kind as one short line of at most 40 characters, an ellipsis where it was cut.

    Control characters appear as their pictures (␀), everything else that is invisible, combines with its
    neighbour or runs from right to left appears as its number (<U+202E>). Never raises.
    """
    shown = ""
    for character in text_untrusted[: SHOWN_AT_MOST + 1]:
        piece = _piece(character)
        if len(shown) + len(piece) > SHOWN_AT_MOST:
            return _cut(text_untrusted)
        shown += piece
    return shown


def _cut(text_untrusted: str) -> str:
    shown = ""
    for character in text_untrusted:
        piece = _piece(character)
        if len(shown) + len(piece) > SHOWN_AT_MOST - 1:
            break
        shown += piece
    return shown + "…"


def _piece(character: str) -> str:
    if character < " ":
        return chr(0x2400 + ord(character))
    if character == _DELETE:
        return "␡"
    harmless = (
        character.isprintable()
        and character not in _BLANK
        and unicodedata.category(character) not in ("Mn", "Me")
        and unicodedata.bidirectional(character) not in _RIGHT_TO_LEFT
    )
    return character if harmless else f"<U+{ord(character):04X}>"
