"""Where a scanner's reports have what: the fields of the bar code scanner page. Pure: no USB, no Qt.

Source: "HID Point of Sale Usage Tables", version 1.02 (USB Implementers' Forum, 2001), section 3: page 0x8C,
symbology identifier 1 to 3 (0xFB to 0xFD), decoded data (0xFE), decode data continued (0xFF). "HID Usage
Tables" has the same table, and byte count (0x3B) on the Generic Desktop page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from madoguchi.barcode.sources.hid_descriptor import Field, Kind, ReportMap, usage

BAR_CODE_PAGE: Final = 0x8C
_VENDOR_PAGES: Final = range(0xFF00, 0x10000)
_BYTE: Final = 8

BYTE_COUNT: Final = usage(0x01, 0x3B)
SYMBOLOGY_IDENTIFIERS: Final = tuple(usage(BAR_CODE_PAGE, number) for number in (0xFB, 0xFC, 0xFD))
DECODED_DATA: Final = usage(BAR_CODE_PAGE, 0xFE)
DECODE_DATA_CONTINUED: Final = usage(BAR_CODE_PAGE, 0xFF)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a report.

    Attributes:
        bit: where it begins, counted from the report's first byte, its number included.
        element_bits: how long each element is.
        count: how many elements there are.
    """

    bit: int
    element_bits: int
    count: int

    def value(self, report: bytes) -> int:
        """The first element as an unsigned number; the report is as long as its descriptor says."""
        last = (self.bit + self.element_bits + _BYTE - 1) // _BYTE
        number = int.from_bytes(report[self.bit // _BYTE : last], "little") >> self.bit % _BYTE
        return number & ((1 << self.element_bits) - 1)

    def octets(self, report: bytes) -> bytes:
        """All elements, where each is a byte."""
        first, shift = divmod(self.bit, _BYTE)
        if not shift:
            return report[first : first + self.count]
        number = int.from_bytes(report[first : first + self.count + 1], "little") >> shift
        return (number & ((1 << self.count * _BYTE) - 1)).to_bytes(self.count, "little")


@dataclass(frozen=True, slots=True)
class ScanLayout:
    """Where a report of the bar code scanner page has what.

    Attributes:
        report_id: its number; 0: reports have none.
        report_bytes: its length, its number included.
        data: the decoded data, in bytes.
        length: how many bytes of it count; None: it is filled up with zeros.
        symbology: the parts of the symbology identifier, of a byte each; empty: it is not sent.
        continued: whether the scan goes on in the next report; None: it never does.
    """

    report_id: int
    report_bytes: int
    data: Place
    length: Place | None = None
    symbology: tuple[Place, ...] = ()
    continued: Place | None = None


def scan_layouts(reports: ReportMap) -> tuple[ScanLayout, ...]:
    """The reports in which decoded data comes; empty: this is no scanner of the bar code page."""
    found: dict[int, ScanLayout] = {}
    lengths = reports.lengths(Kind.INPUT)
    for each in reports.fields:
        run = each.run_of(DECODED_DATA)
        if each.kind is Kind.INPUT and run is not None and each.application >> 16 == BAR_CODE_PAGE:
            data = _place(each, *run)
            if data.element_bits == _BYTE and each.report_id not in found:
                parts = [_find(reports, each.report_id, one) for one in SYMBOLOGY_IDENTIFIERS]
                found[each.report_id] = ScanLayout(
                    each.report_id,
                    lengths[each.report_id],
                    data,
                    _find(reports, each.report_id, BYTE_COUNT),
                    tuple(part for part in parts if part is not None and part.element_bits == _BYTE),
                    _find(reports, each.report_id, DECODE_DATA_CONTINUED),
                )
    return tuple(found.values())


def vendor_reports(reports: ReportMap) -> frozenset[int]:
    """The numbers of the input reports that stand on a vendor's own page (0xFF00 and above)."""
    return frozenset(
        each.report_id
        for each in reports.fields
        if each.kind is Kind.INPUT and each.is_data and each.application >> 16 in _VENDOR_PAGES
    )


def _find(reports: ReportMap, report_id: int, wanted: int) -> Place | None:
    for each in reports.fields:
        if each.kind is Kind.INPUT and each.report_id == report_id:
            run = each.run_of(wanted)
            if run is not None:
                return _place(each, *run)
    return None


def _place(declared: Field, first: int, count: int) -> Place:
    return Place(declared.bit + first * declared.element_bits, declared.element_bits, count)
