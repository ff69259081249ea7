"""A scanner of its own device under Xvfb: types a script of scans by the XTEST extension, through libXtst.

    python -m tests.support.x11_scanner DEVICE LAYOUT FILE

Each line of the file is ``milliseconds-a-key pause-behind-it code``. Keycodes are those of a keyboard with
this layout; what the machine has is not looked at: a scanner does not know either.
"""

from __future__ import annotations

import ctypes
import sys
import time
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_uint, c_ulong, c_void_p
from pathlib import Path
from typing import Final

_SHIFT: Final = 50
_ROWS: Final = {10: "1234567890-", 24: "qwertyuiop", 38: "asdfghjkl", 52: "zxcvbnm"}
PLAIN: Final = {character: first + n for first, row in _ROWS.items() for n, character in enumerate(row)} | {
    "\n": 36,
    "\t": 23,
    "/": 61,
    ".": 60,
    " ": 65,
}
"""Keycodes that every layout here has in common."""
SHIFTED: Final = {character.upper(): code for character, code in PLAIN.items() if character.isalpha()}
SYMBOLS: Final = {
    "us": {
        "$": (13, True),
        "+": (21, True),
        ":": (47, True),
        "*": (17, True),
        "@": (11, True),
        "=": (21, False),
    },
    "jp": {
        "$": (13, True),
        "+": (47, True),
        ":": (48, False),
        "*": (48, True),
        "@": (34, False),
        "=": (20, True),
    },
}
"""Where the layouts differ: keycode, and whether Shift is held."""


class _DeviceInfo(Structure):
    _fields_ = (
        *(("id", c_ulong), ("type", c_ulong), ("name", c_char_p)),
        *(("num_classes", c_int), ("use", c_int), ("inputclassinfo", c_void_p)),
    )


class Scanner:
    """One device of the X server, by its name. Raises LookupError without it."""

    def __init__(self, name: str, layout: str) -> None:
        self._x11, self._xi, self._xtst = (
            ctypes.CDLL(library) for library in ("libX11.so.6", "libXi.so.6", "libXtst.so.6")
        )
        self._x11.XOpenDisplay.restype = c_void_p
        self._xi.XListInputDevices.restype = POINTER(_DeviceInfo)
        self._xi.XListInputDevices.argtypes = [c_void_p, POINTER(c_int)]
        self._xi.XOpenDevice.restype, self._xi.XOpenDevice.argtypes = c_void_p, [c_void_p, c_ulong]
        fake = self._xtst.XTestFakeDeviceKeyEvent
        fake.argtypes = [c_void_p, c_void_p, c_uint, c_int, c_void_p, c_int, c_ulong]
        self._display = c_void_p(self._x11.XOpenDisplay(None))
        count = c_int()
        devices = self._xi.XListInputDevices(self._display, byref(count))[: count.value]
        number = next((device.id for device in devices if device.name == name.encode()), None)
        if number is None:
            raise LookupError(name)
        self._device = c_void_p(self._xi.XOpenDevice(self._display, number))
        self._symbols = SYMBOLS[layout]

    def key(self, character: str) -> None:
        """Types a character, with Shift if it needs it."""
        if character in PLAIN:
            code, shift = PLAIN[character], False
        elif character in SHIFTED:
            code, shift = SHIFTED[character], True
        else:
            code, shift = self._symbols[character]
        strokes = [(code, 1), (code, 0)]
        if shift:
            strokes = [(_SHIFT, 1), *strokes, (_SHIFT, 0)]
        for which, pressed in strokes:
            self._xtst.XTestFakeDeviceKeyEvent(self._display, self._device, which, pressed, None, 0, 0)
        self._x11.XFlush(self._display)

    def sync(self) -> None:
        """Returns once the server has had all of it."""
        self._x11.XSync(self._display, 0)


def main(name: str, layout: str, file: str) -> int:
    """Types the script."""
    scanner = Scanner(name, layout)
    due = time.monotonic()
    for line in Path(file).read_text(encoding="ascii").splitlines():
        key_ms, pause_ms, code = line.split(" ", 2)
        text = code.replace("\\t", "\t")
        for character in text if text.endswith("\t") else f"{text}\n":
            scanner.key(character)
            due = max(due + int(key_ms) / 1000, time.monotonic())
            time.sleep(max(0.0, due - time.monotonic()))
        due += int(pause_ms) / 1000
    scanner.sync()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
