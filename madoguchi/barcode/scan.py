"""One scan as it comes from outside: text nobody has looked at yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Source(Enum):
    """How the text reached the program."""

    WEDGE = "wedge"
    """A scanner that types (keyboard wedge, HID keyboard)."""
    SERIAL = "serial"
    """A scanner on a serial port, real or over USB."""
    HID = "hid"
    """A scanner that sends HID POS reports."""
    EVDEV = "evdev"
    """A scanner that types, read before it types into anything (Linux)."""
    TYPED = "typed"
    """The clerk's own fingers, confirmed with Enter."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanner or a clerk sent.

    `text_untrusted` is what arrived, without what the settings say that the scanner puts around a code, for
    `symbology.parse` to judge; `raw_untrusted` is all of it, where something was taken off. `at` is the
    moment of its last character in seconds of a monotonic clock: good for order and intervals, not a time of
    day. `scanner` is the name under which this terminal knows the scanner; empty where nobody can tell which
    it was. `took_ms` is from its first character to its last, as far as this side can tell; -1: it cannot.
    """

    text_untrusted: str = field(repr=False)
    source: Source
    at: float
    scanner: str = ""
    took_ms: float = field(default=-1.0, compare=False)
    raw_untrusted: str = field(default="", compare=False, repr=False)
