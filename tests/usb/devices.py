"""What the gadgets of these tests are: report descriptors, and the reports that a scan is.

Sources: "Device Class Definition for HID 1.11", appendix B.1 (boot keyboard) and E.6; "HID Usage Tables",
pages 0x07 (keyboard) and 0x8C (bar code scanner).
"""

from __future__ import annotations

from typing import Any, Final

KEYBOARD: Final[dict[str, Any]] = {
    "kind": "hid",
    "boot": 1,
    "length": 8,
    "report": (
        "05010906a101050719e029e71500250175019508810295017508810395057501050819012905910295017503910395"
        "067508150025650507190029658100c0"
    ),
}
"""A scanner that types: modifiers, a byte, six keys; five lamps the other way."""

_DATA_BYTES: Final = 56
_POS_REPORT: Final = 2

# Report 2, 64 bytes with its number: how many bytes of data (Generic Desktop 0x3B), the symbology identifier
# in three (0x8C: 0xFB to 0xFD), the data (0xFE), and a bit that says that more comes (0xFF).
POS_SCANNER: Final[dict[str, Any]] = {
    "kind": "hid",
    "boot": 0,
    "length": 64,
    "report": (
        "058c0902a1018502"
        "0912a102"
        "150026ff00750895010501093b8102"
        "058c09fb09fc09fd95038102"
        f"09fe95{_DATA_BYTES:02x}820201"
        "09ff25017501950181029507810395018103"
        "c0c0"
    ),
}
"""A scanner that sends reports (HID POS), and types nothing."""

_ENTER: Final = 0x28
_USAGES: Final = {
    **{chr(ord("a") + place): 0x04 + place for place in range(26)},
    **{sign: 0x1E + place for place, sign in enumerate("1234567890")},
    "\n": _ENTER, "\t": 0x2B, " ": 0x2C, "-": 0x2D, "$": 0x21, "/": 0x38, ".": 0x37,
}  # fmt: skip
_LEFT_SHIFT: Final = 0x02


def typed(text: str) -> list[str]:
    """The reports of a keyboard: each key pressed, and let go."""
    reports = []
    for sign in text:
        shift = _LEFT_SHIFT if sign.isupper() or sign == "$" else 0
        reports += [f"{shift:02x}00{_USAGES[sign.lower()]:02x}0000000000", "00" * 8]
    return reports


def scanned(text: str, symbology: str = "]F0") -> list[str]:
    """The reports of a HID POS scanner: as many as it needs, all but the last saying that more comes."""
    data = text.encode()
    pieces = [data[at : at + _DATA_BYTES] for at in range(0, len(data), _DATA_BYTES)]
    reports = []
    for number, piece in enumerate(pieces):
        more = number < len(pieces) - 1
        report = bytes([_POS_REPORT, len(piece)]) + symbology.encode() + piece.ljust(_DATA_BYTES, b"\0")
        reports.append((report + bytes([more])).ljust(POS_SCANNER["length"], b"\0").hex())
    return reports
