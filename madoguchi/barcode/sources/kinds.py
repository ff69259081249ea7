"""How scanners can be read: every kind there is, and what makes a source of it.

A new kind is an entry here: the settings accept no other, and the window starts what ``make`` gives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_keys import KeyLayout
from madoguchi.barcode.sources.framing import Terminator
from madoguchi.barcode.sources.scanner import Scanner
from madoguchi.barcode.sources.serial_source import SerialSource
from madoguchi.barcode.sources.source import ScanSource


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to read a scanner.

    Attributes:
        source: what its scans are marked with.
        keys: the keys of its table in the settings, besides ``name``, ``read`` and ``use``.
        needed: those of them that must be there.
        make: makes its source, which has not begun; None: the window hears it by the keys that it types.
    """

    source: Source
    keys: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    make: Callable[[Scanner], ScanSource] | None = None


def _serial(scanner: Scanner) -> ScanSource:
    return SerialSource(scanner.port, scanner.line, scanner.frame)


def _hid(scanner: Scanner) -> ScanSource:
    # pyusb looks for libusb when it is first imported: no terminal without such a scanner waits for that
    from madoguchi.barcode.sources.hid_reports import RawText
    from madoguchi.barcode.sources.hid_source import HidSource

    raw = None
    if scanner.vendor_text:
        raw = RawText(scanner.frame.terminator.sent, scanner.vendor_skip, scanner.vendor_room)
    return HidSource(scanner.wanted, raw, unframed=scanner.frame.unframed)


def _evdev(scanner: Scanner) -> ScanSource:
    # of Linux alone
    from madoguchi.barcode.sources.evdev_source import EvdevSource

    frame = scanner.frame
    if frame.terminator in (Terminator.LF, Terminator.CRLF):
        # what is a line's end elsewhere is the key Enter here
        frame = replace(frame, terminator=Terminator.CR)
    return EvdevSource(scanner.wanted, scanner.layout or KeyLayout.US, frame)


FRAME_KEYS: Final = frozenset({"terminator", "prefix", "suffix", "aim"})
LINE_KEYS: Final = frozenset({"baud", "data_bits", "parity", "stop_bits", "flow"})
VENDOR_KEYS: Final = frozenset({"vendor_text", "vendor_skip", "vendor_room"})
USB_KEYS: Final = frozenset({"usb", "serial_number", "port"})

KINDS: Final = {
    Source.WEDGE.value: Kind(Source.WEDGE, USB_KEYS | {"device", "layout", "prefix", "suffix", "terminator"}),
    Source.SERIAL.value: Kind(Source.SERIAL, FRAME_KEYS | LINE_KEYS | {"port"}, frozenset({"port"}), _serial),
    Source.HID.value: Kind(Source.HID, FRAME_KEYS | USB_KEYS | VENDOR_KEYS, frozenset({"usb"}), _hid),
    Source.EVDEV.value: Kind(Source.EVDEV, FRAME_KEYS | USB_KEYS | {"layout"}, frozenset({"usb"}), _evdev),
}
