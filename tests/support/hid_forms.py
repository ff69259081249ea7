"""Report descriptors and reports, written by hand from the HID specification; nothing here was recorded.

Only the order and size of the fields of `COUNTED` are somebody's: Honeywell's scanners and Access-IS' readers
send 64 bytes so. "LSR118 Product manual" (Access-IS 2020), appendix B, prints the report; how it is declared
(byte count of the Generic Desktop page, a vendor's two bytes, eight single bits of which the first counts) is
in several public programs for Honeywell's scanners.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# Prefixes without their size (HID 1.11, 6.2.2.4 to 6.2.2.8).
INPUT, FEATURE, COLLECTION, END_COLLECTION = 0x80, 0xB0, 0xA0, 0xC0
PAGE, LOGICAL_MINIMUM, LOGICAL_MAXIMUM, SIZE, REPORT_ID, COUNT = 0x04, 0x14, 0x24, 0x74, 0x84, 0x94
PUSH, POP = 0xA4, 0xB4
USAGE, USAGE_MINIMUM, USAGE_MAXIMUM, DELIMITER = 0x08, 0x18, 0x28, 0xA8

DATA_VARIABLE, CONSTANT, BUFFERED = 0x02, 0x03, 0x102
APPLICATION, LOGICAL = 0x01, 0x02


def item(prefix: int, value: int | None = None, size: int | None = None) -> bytes:
    """One short item, in as few bytes as hold the value or in as many as are asked for."""
    if value is None:
        return bytes([prefix])
    length = size or next(each for each in (1, 2, 4) if value < 1 << 8 * each)
    return bytes([prefix | (3 if length == 4 else length)]) + value.to_bytes(length, "little")


@dataclass(frozen=True, slots=True)
class Form:
    """One report of a bar code scanner.

    Attributes:
        report_id: its number; 0: none.
        parts: what stands in it, in this order: count, symbology, data, vendor (16 bits), flag (continued,
            one bit), flags (the same as eight single bits), pad1 to pad7 (so many bits).
        room: how many bytes of data.
    """

    report_id: int = 2
    parts: tuple[str, ...] = ("count", "symbology", "data", "vendor", "flags")
    room: int = 56

    def descriptor(self) -> bytes:
        """What declares it."""
        number = item(REPORT_ID, self.report_id) if self.report_id else b""
        return b"".join(
            (
                item(PAGE, 0x8C),
                item(USAGE, 0x02),
                item(COLLECTION, APPLICATION),
                item(USAGE, 0x12),
                item(COLLECTION, LOGICAL),
                number,
                item(LOGICAL_MINIMUM, 0),
                item(LOGICAL_MAXIMUM, 255, 2),
                *map(self._declared, self.parts),
                item(END_COLLECTION),
                item(END_COLLECTION),
            )
        )

    def _declared(self, part: str) -> bytes:
        match part:
            case "count":
                return _field(0x01, (0x3B,), 8, 1)
            case "symbology":
                return _field(0x8C, (0xFB, 0xFC, 0xFD), 8, 3)
            case "data":
                return _field(0x8C, (0xFE,), 8, self.room, BUFFERED)
            case "vendor":
                return _field(0xFF66, (0x04, 0x00), 8, 2)
            case "flag":
                return _field(0x8C, (0xFF,), 1, 1)
            case "flags":
                return _field(0x8C, (0xFF,), 1, 8)
        return _field(0x8C, (), int(part.removeprefix("pad")), 1, CONSTANT)

    def _bits(self, part: str) -> int:
        if part.startswith("pad"):
            return int(part.removeprefix("pad"))
        return {"count": 8, "symbology": 24, "data": 8 * self.room, "vendor": 16, "flag": 1, "flags": 8}[part]

    @property
    def length(self) -> int:
        """In bytes, its number included."""
        return bool(self.report_id) + -(-sum(map(self._bits, self.parts)) // 8)

    def report(
        self, data: bytes, symbology: bytes = b"]C0", *, continued: bool = False, count: int | None = None
    ) -> bytes:
        """One report with this data, filled up with zeros."""
        values = {
            "count": len(data) if count is None else count,
            "symbology": int.from_bytes(symbology, "little"),
            "data": int.from_bytes(data, "little"),
            "vendor": 0x6A,
            "flag": int(continued),
            "flags": int(continued),
        }
        number = at = 0
        for part in self.parts:
            number |= values.get(part, 0) << at
            at += self._bits(part)
        numbered = bytes([self.report_id]) if self.report_id else b""
        return numbered + number.to_bytes(self.length - len(numbered), "little")

    def reports(self, text: str, symbology: bytes = b"]C0") -> list[bytes]:
        """A scan in as many reports as it takes."""
        return list(self._reports(text.encode("ascii"), symbology))

    def _reports(self, data: bytes, symbology: bytes) -> Iterator[bytes]:
        for at in range(0, max(len(data), 1), self.room):
            piece = data[at : at + self.room]
            yield self.report(piece, symbology, continued=at + self.room < len(data))


COUNTED = Form()
"""As Honeywell's are laid out: number, byte count, identifier, 56 bytes, two of the vendor, flag."""
PLAIN = Form(0, ("data",), 8)
"""The least: eight bytes of data, no number, nothing else."""
SMALL = Form(5, ("symbology", "data", "flag", "pad7"), 8)
"""Scans over several reports, filled up with zeros instead of counted."""


def vendor_descriptor(report_id: int = 0, room: int = 64) -> bytes:
    """A report of so many bytes on a vendor's page."""
    return b"".join(
        (
            item(PAGE, 0xFF00),
            item(USAGE, 0x01),
            item(COLLECTION, APPLICATION),
            item(REPORT_ID, report_id) if report_id else b"",
            _field(0xFF00, (0x02,), 8, room),
            item(END_COLLECTION),
        )
    )


def _field(page: int, usages: tuple[int, ...], bits: int, count: int, flags: int = DATA_VARIABLE) -> bytes:
    return b"".join(
        (
            item(PAGE, page),
            item(SIZE, bits),
            item(COUNT, count),
            *(item(USAGE, usage) for usage in usages),
            item(INPUT, flags),
        )
    )
