"""Puts the reports of a USB scanner together to scans. Pure: no USB, no clock, no Qt.

A scan that does not fit into one report goes on in the next one while "decode data continued" is set ("HID
Point of Sale Usage Tables" 1.02, section 3, usages 0xFE and 0xFF). What is cut is dropped whole, to the end
of its scan: the tail of a number is a wrong number. Everything is bounded, whatever the device sends.

`silence` is for the layer above to call once it has listened for so long that the rest cannot be on its way.
It must count the time in which it listened and nothing came, not the time on the wall: a USB device keeps its
next report until it is asked, so after a busy second the rest is still to come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from madoguchi.barcode.sources.hid_layout import ScanLayout
from madoguchi.barcode.sources.source import Received

MAX_TEXT_BYTES: Final = 2048
"""The longest scan. No code that anybody prints on a card or a book has a tenth of it."""
MAX_RAW_BYTES: Final = 4096
"""So many bytes of reports at most make one scan."""

MAX_TERMINATOR_BYTES: Final = 16

_ENDS: Final = b"\r\n"


class Assembler(Protocol):
    """Makes scans of reports."""

    @property
    def waits(self) -> bool:
        """Whether a part of a scan is there and the rest is not."""

    def feed(self, report: bytes, at: float) -> list[Received]:
        """Takes one report, which came at this moment; returns the scans that it ended."""

    def lost(self) -> None:
        """Something did not arrive: the scan whose part is there will not count."""

    def silence(self) -> None:
        """Drops the part of a scan that is there: nothing more is coming."""


def text_of(data: bytes) -> str:
    r"""The text of bytes from a scanner: ASCII, anything else as its number (``\xb2``).

    Not Latin-1: its ² would become a 2 when the text is brought to plain characters, and a byte that was
    misread must not become a digit.
    """
    return data.decode("ascii", "backslashreplace")


class PacketJoiner:
    """Makes reports of what single reads bring: a read that ran out of time brings the beginning of a report.

    A report ends when it has its length, or with a packet that is not full (USB 2.0, 5.7.3; HID 1.11, 8.4). A
    scanner of low speed takes eight packets for 64 bytes, so this happens every day.
    """

    def __init__(self, lengths: Mapping[int, int], is_numbered: bool, packet_bytes: int) -> None:
        """``lengths`` of the input reports by number, in bytes; ``packet_bytes`` as the endpoint says."""
        self._lengths = dict(lengths)
        self._is_numbered = is_numbered
        self._packet_bytes = max(1, packet_bytes)
        self._longest = max(self._lengths.values(), default=self._packet_bytes)
        self._there = b""

    @property
    def read_bytes(self) -> int:
        """How much to ask for: the longest report, in whole packets, so that no read overflows."""
        return -(-self._longest // self._packet_bytes) * self._packet_bytes

    @property
    def waits(self) -> bool:
        """Whether the beginning of a report is there."""
        return bool(self._there)

    def feed(self, read: bytes) -> bytes | None:
        """Takes what one read brought; returns the report that it ended, whole or cut.

        Nothing read is an empty packet, which ends a report; a read that ran out of time with nothing is not
        for this.
        """
        self._there += read
        if not self._there:
            return None
        expected = self._lengths.get(self._there[0] if self._is_numbered else 0, self._longest)
        is_short = not read or len(read) % self._packet_bytes != 0
        if len(self._there) < expected and not is_short:
            return None
        report, self._there = self._there, b""
        return report

    def silence(self) -> None:
        """Drops the beginning that is there."""
        self._there = b""


@dataclass(slots=True)
class _Scan:
    """The part of a scan that is there. Broken: something of it was lost, so that nothing of it counts."""

    report_id: int
    began: float
    symbology: bytes = b""
    text: bytes = b""
    raw: bytes = b""
    is_broken: bool = False

    def keep(self, text: bytes, raw: bytes) -> None:
        """What is there of it now. Too much, and it is broken; of a broken one the newest bytes are kept."""
        self.is_broken = self.is_broken or len(text) > MAX_TEXT_BYTES or len(raw) > MAX_RAW_BYTES
        self.text = text[-MAX_TERMINATOR_BYTES:] if self.is_broken else text
        self.raw = b"" if self.is_broken else raw

    def received(self, text: bytes, at: float) -> Received:
        return Received(text_of(text), at, (at - self.began) * 1000, text_of(self.symbology), self.raw)


class _Assembler:
    """What of a scan has come by now."""

    def __init__(self) -> None:
        self._scan: _Scan | None = None

    @property
    def waits(self) -> bool:
        """Whether a part of a scan is there and the rest is not."""
        return self._scan is not None

    def lost(self) -> None:
        """The scan whose part is there will not count; what follows is its tail."""
        if self._scan is not None:
            self._scan.is_broken = True

    def silence(self) -> None:
        """Drops the part of a scan that is there."""
        self._scan = None


class BarCodeAssembler(_Assembler):
    """Scans from reports of the bar code scanner page."""

    def __init__(self, layouts: Sequence[ScanLayout]) -> None:
        """``layouts`` as `hid_layout.scan_layouts` found them, at least one."""
        super().__init__()
        self._layouts = {layout.report_id: layout for layout in layouts}
        self._is_numbered = 0 not in self._layouts

    def feed(self, report: bytes, at: float) -> list[Received]:
        """Takes one report. Reports of other numbers (a button, a battery) disturb nothing."""
        layout = self._layouts.get(report[0] if self._is_numbered else 0) if report else None
        if layout is None:
            return []
        if len(report) < layout.report_bytes:
            # What was cut off may be its flag: its scan goes on until one says that it ends, or silence does.
            # Where reports have no flag, each is a scan, and the next one is not touched.
            self._scan = _Scan(layout.report_id, at, is_broken=True) if layout.continued else None
            return []
        text, is_right = _counted(layout, report)
        symbology = b"".join(part.octets(report) for part in layout.symbology).rstrip(b"\0")
        scan = self._going_on(layout, symbology, at)
        scan.is_broken = scan.is_broken or not is_right
        scan.keep(scan.text + text, scan.raw + report)
        goes_on = layout.continued is not None and layout.continued.value(report) != 0
        self._scan = scan if goes_on else None
        whole = scan.text.rstrip(_ENDS)
        return [scan.received(whole, at)] if whole and not goes_on and not scan.is_broken else []

    def _going_on(self, layout: ScanLayout, symbology: bytes, at: float) -> _Scan:
        """The scan that a report belongs to. Of another symbology, it is another scan: the first was cut."""
        scan = self._scan
        if scan is None or scan.report_id != layout.report_id:
            return _Scan(layout.report_id, at, symbology)
        if symbology and scan.symbology and symbology != scan.symbology:
            return _Scan(layout.report_id, at, symbology)
        scan.symbology = scan.symbology or symbology
        return scan


def _counted(layout: ScanLayout, report: bytes) -> tuple[bytes, bool]:
    """The decoded data of a report, and whether its byte count is one that it can have."""
    data = layout.data.octets(report)
    if layout.length is None:
        return data.rstrip(b"\0"), True
    count = layout.length.value(report)
    return data[:count], count <= len(data)


@dataclass(frozen=True, slots=True)
class RawText:
    """How a scanner sends plain text in reports of its vendor's own; raises ValueError for what cannot be.

    Attributes:
        terminator: what ends a scan. Empty: each report is a scan.
        skip: bytes before the text in every report, behind the report's number: a length, a channel.
        room: bytes of text in every report; 0: all that are left.
    """

    terminator: bytes = b"\r"
    skip: int = 0
    room: int = 0

    def __post_init__(self) -> None:
        if self.skip < 0 or self.room < 0:
            raise ValueError("no part of a report has less than no bytes")
        if len(self.terminator) > MAX_TERMINATOR_BYTES:
            raise ValueError("a terminator is a few bytes")
        if b"\0" in self.terminator:
            raise ValueError("reports are filled up with zeros: none of them ends a scan")


class RawTextAssembler(_Assembler):
    """Scans from plain text in a vendor's reports, up to a terminator. Zeros at a report's end fill it up."""

    def __init__(self, form: RawText, report_ids: frozenset[int], lengths: Mapping[int, int]) -> None:
        """``report_ids`` in which text comes, 0 where reports have no numbers; ``lengths`` of all, in bytes.

        No lengths: nobody declared any (no HID device), and a report is what comes in one.
        """
        super().__init__()
        self._form = form
        self._ids = report_ids
        self._lengths = dict(lengths)
        self._is_numbered = 0 not in report_ids

    def feed(self, report: bytes, at: float) -> list[Received]:
        """Takes one report."""
        number = report[0] if report and self._is_numbered else 0
        if not report or number not in self._ids:
            return []
        begins = int(self._is_numbered) + self._form.skip
        ends = begins + self._form.room if self._form.room else len(report)
        if len(report) < max(self._lengths.get(number, 0), ends):
            # The beginning of the next scan may have been in what was cut off.
            self._scan = _Scan(number, at, is_broken=True) if self._form.terminator else None
            return []
        return self._text(number, report[begins:ends].rstrip(b"\0"), report, at)

    def _text(self, number: int, text: bytes, report: bytes, at: float) -> list[Received]:
        scan = self._scan or _Scan(number, at)
        *ended, rest = (
            (scan.text + text).split(self._form.terminator) if self._form.terminator else (text, b"")
        )
        received = []
        for each in ended:
            scan.keep(each, scan.raw + report)
            whole = scan.text.strip(_ENDS)
            if whole and not scan.is_broken:
                received.append(scan.received(whole, at))
            scan = _Scan(number, at)
        scan.keep(rest, scan.raw + report)
        # The second half of CR LF is no beginning of a scan.
        self._scan = scan if scan.is_broken or rest.strip(_ENDS) else None
        return received
