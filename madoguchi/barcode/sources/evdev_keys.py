"""What a scanner typed, from the key events that Linux tells of it. Pure: no device and no clock.

Source: `linux/input-event-codes.h`; the layouts are those of XKB's `us` and `jp` (OADG 109A).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

EVENT: Final = struct.Struct("llHHi")
"""`struct input_event`: seconds and microseconds, type, code, value, as a 64-bit Linux has it."""

EV_SYN: Final = 0
EV_KEY: Final = 1
EV_LED: Final = 0x11
SYN_DROPPED: Final = 3
LED_CAPS_LOCK: Final = 1

KEY_TAB: Final = 15
KEY_ENTER: Final = 28
KEY_CAPS_LOCK: Final = 58
KEY_KEYPAD_ENTER: Final = 96

UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands for a key that types nothing, and for what was lost: with it in it, a text can be no code."""

_SHIFTS: Final = frozenset({42, 54})
# Ctrl, Alt and the logo keys, left and right
_OTHER_MODIFIERS: Final = frozenset({29, 97, 56, 100, 125, 126})
# They only switch something, and type nothing by themselves: Num Lock, Scroll Lock.
_SWITCHES: Final = frozenset({69, 70})
_PRESSED: Final = 1
_RELEASED: Final = 0

# The keypad types digits whatever Num Lock says: a scanner has no other use for it.
_KEYPAD: Final = dict(zip((82, 79, 80, 81, 75, 76, 77, 71, 72, 73), "0123456789", strict=True)) | {
    **{55: "*", 74: "-", 78: "+", 83: ".", 98: "/", 117: "="},
}
_LETTERS: Final = {
    first + number: letter
    for first, row in ((16, "qwertyuiop"), (30, "asdfghjkl"), (44, "zxcvbnm"))
    for number, letter in enumerate(row)
}
_ROW: Final = range(2, 14)
_BELOW: Final = {51: ",<", 52: ".>", 53: "/?", 57: "  "}


class KeyLayout(Enum):
    """The keyboard that the scanner takes itself for; it is set at the scanner, and here the same."""

    US = "us"
    JIS = "jis"


def _table(row: str, shifted_row: str, others: dict[int, str]) -> dict[int, str]:
    """Two characters for each key: alone, and with Shift. NUL: it types nothing."""
    keys = {code: plain + shifted for code, plain, shifted in zip(_ROW, row, shifted_row, strict=True)}
    keys |= {code: letter + letter.upper() for code, letter in _LETTERS.items()}
    keys |= {code: sign * 2 for code, sign in _KEYPAD.items()}
    return keys | _BELOW | others


_TABLES: Final = {
    KeyLayout.US: _table(
        "1234567890-=",
        "!@#$%^&*()_+",
        {26: "[{", 27: "]}", 39: ";:", 40: "'\"", 41: "`~", 43: "\\|", 86: "<>"},
    ),
    KeyLayout.JIS: _table(
        "1234567890-^",
        "!\"#$%&'()\0=~",
        # 124 is the key of the yen sign, which is a backslash in the codes of a scanner
        {26: "@`", 27: "[{", 39: ";+", 40: ":*", 43: "]}", 89: "\\_", 124: "\\|"},
    ),
}


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """One event.

    Attributes:
        at: when, in seconds of the clock that the device was told to stamp by.
        kind: ``EV_KEY`` or another type.
        code: which key.
        value: 0 let go, 1 pressed, 2 still held.
    """

    at: float
    kind: int
    code: int
    value: int

    def packed(self) -> bytes:
        """As the kernel hands it over."""
        seconds = int(self.at)
        return EVENT.pack(seconds, round((self.at - seconds) * 1_000_000), self.kind, self.code, self.value)


class EventReader:
    """Cuts bytes into events; half of one waits for its other half."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[KeyEvent]:
        """The events that are whole by now."""
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        for seconds, micros, kind, code, value in EVENT.iter_unpack(data[:whole]):
            yield KeyEvent(seconds + micros / 1_000_000, kind, code, value)


class KeyDecoder:
    """Turns events into characters: Shift and Caps Lock as they stand, Enter as CR, Tab as Tab.

    Caps Lock counts as the scanner itself presses it, from off: the clerk's is none of its business, since
    codes of keys are read here and not what a desktop makes of them. On a JIS keyboard the key locks with
    Shift only; alone it is 英数, which types nothing.
    """

    def __init__(self, layout: KeyLayout) -> None:
        self._layout = layout
        self._table = _TABLES[layout]
        self._down: set[int] = set()
        self._caps = False

    def feed(self, event: KeyEvent) -> str:
        """What this event types: a character, CR, Tab, ``UNREADABLE``, or nothing."""
        if event.kind == EV_SYN and event.code == SYN_DROPPED:
            # The kernel's queue ran over: keys are missing, and nobody knows which are held.
            self._down.clear()
            return UNREADABLE
        if event.kind != EV_KEY:
            return ""
        if event.value == _RELEASED:
            if event.code in self._down:
                self._down.discard(event.code)
                return ""
            # Pressed before we listened: the code that it belongs to has lost its beginning.
            return UNREADABLE if event.code in self._table else ""
        # A key that is held goes on by itself, which no scanner means.
        if event.value != _PRESSED:
            return ""
        self._down.add(event.code)
        return self._pressed(event.code)

    def _pressed(self, code: int) -> str:
        shifted = bool(self._down & _SHIFTS)
        if code in _SHIFTS or code in _OTHER_MODIFIERS or code in _SWITCHES:
            return ""
        if code == KEY_CAPS_LOCK:
            if self._layout is KeyLayout.US or shifted:
                self._caps = not self._caps
            return ""
        if self._down & _OTHER_MODIFIERS:
            return UNREADABLE
        if code in {KEY_ENTER, KEY_KEYPAD_ENTER}:
            return "\r"
        if code == KEY_TAB:
            return "\t"
        typed = self._table.get(code, "\0\0")[shifted ^ (self._caps and code in _LETTERS)]
        return UNREADABLE if typed == "\0" else typed
