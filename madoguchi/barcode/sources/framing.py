"""Cuts a stream of bytes into scans: where one ends, and what of it the scanner put around the code.

Pure: no device and no clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from madoguchi.barcode.sources.source import Received

LONGEST_BYTES: Final = 1024
"""What is kept of one scan. No code that anybody prints on a card or a book has a tenth of it."""

SHOWS_A_CUT: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands behind what was kept of a longer scan, so that it can be no code."""

# AIM's identifiers begin so: a letter for the symbology, and what was done to the text.
_IDENTIFIER: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_LONGEST_AFFIX: Final = 16


class Terminator(Enum):
    """What a scanner sends behind each scan."""

    ANY = "any"
    """Whichever of CR, LF and Tab comes first; one behind another ends nothing."""
    CR = "cr"
    LF = "lf"
    CRLF = "crlf"
    TAB = "tab"

    @property
    def pattern(self) -> re.Pattern[bytes]:
        """What it is in bytes."""
        return _PATTERNS[self]


_PATTERNS: Final = {
    Terminator.ANY: re.compile(rb"[\r\n\t]"),
    Terminator.CR: re.compile(rb"\r"),
    Terminator.LF: re.compile(rb"\n"),
    Terminator.CRLF: re.compile(rb"\r\n"),
    Terminator.TAB: re.compile(rb"\t"),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a scanner puts around a code.

    ``prefix`` and ``suffix`` are taken off where they are; a scan without them goes on as it came, so that a
    wrong setting is seen. ``aim``: the scanner sends AIM's symbology identifier (``]A0``) before the code.
    """

    terminator: Terminator = Terminator.ANY
    prefix: str = ""
    suffix: str = ""
    aim: bool = False

    def unframed(self, text: str) -> tuple[str, str]:
        """The text without what was put around it, and the symbology identifier.

        Scanners send the identifier behind their prefix or before it, as they are set.
        """
        text, had_prefix = _without_prefix(text, self.prefix)
        symbology = ""
        if self.aim and (found := _IDENTIFIER.match(text)):
            symbology, text = found[0], text[found.end() :]
            if not had_prefix:
                text, _ = _without_prefix(text, self.prefix)
        return text.removesuffix(self.suffix), symbology


def _without_prefix(text: str, prefix: str) -> tuple[str, bool]:
    return text.removeprefix(prefix), bool(prefix) and text.startswith(prefix)


def is_affix(text: str) -> bool:
    """Whether a prefix or suffix can be this: up to 16 characters of ASCII, none that ends a scan."""
    return len(text) <= _LONGEST_AFFIX and text.isascii() and not set(text) & set("\r\n\t")


class Framer:
    """Takes bytes as they come; says which scans are whole by now. Holds one scan at the most."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._begun = bytearray()
        self._since = 0.0
        self._cut = False

    def feed(self, data: bytes, at: float) -> list[Received]:
        """Bytes that came at this moment, in seconds of ``time.monotonic``; the scans they complete."""
        scans = []
        while data:
            if not self._begun:
                self._since = at
            # a terminator of two bytes may have come in two pieces
            known = len(self._begun)
            end = self._frame.terminator.pattern.search(self._begun + data, max(0, known - 1))
            if end is None:
                self._keep(data)
                break
            piece, data = data[: end.end() - known], data[end.end() - known :]
            self._keep(piece)
            scan = self._scan(len(end[0]), at)
            if scan is not None:
                scans.append(scan)
            self.drop()
        return scans

    def drop(self) -> None:
        """What has begun is forgotten: its rest will not come any more."""
        self._begun.clear()
        self._cut = False

    def _keep(self, data: bytes) -> None:
        self._begun += data
        if len(self._begun) > LONGEST_BYTES:
            # the last byte stays: it may be the first of a terminator
            del self._begun[LONGEST_BYTES - 1 : -1]
            self._cut = True

    def _scan(self, terminator: int, at: float) -> Received | None:
        raw = bytes(self._begun)
        kept = raw if self._cut else raw[:-terminator]
        text, symbology = self._frame.unframed(kept.decode("utf-8", "replace"))
        if not kept:
            return None
        return Received(
            text + SHOWS_A_CUT * self._cut, at, max(0.0, (at - self._since) * 1000), symbology, raw
        )
