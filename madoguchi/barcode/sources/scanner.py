"""A scanner of this terminal, as its settings name it. One value; ``kinds.py`` makes a source of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_keys import KeyLayout
from madoguchi.barcode.sources.framing import Frame
from madoguchi.barcode.sources.serial_source import SerialLine
from madoguchi.barcode.sources.source import Device


class Use(Enum):
    """What a scanner is there for."""

    ALL = "all"
    RETURNS = "returns"
    """An item that it reads is returned, whatever page of the counter is in sight; it reads no patron's
    card.
    """


@dataclass(frozen=True, slots=True)
class Scanner:
    """One scanner.

    Attributes:
        name: what the staff call it; no other scanner of the terminal is called so.
        read: how it is read, a key of ``kinds.KINDS``.
        use: what it is there for.
        port: where it is plugged in: a serial port, or a USB path such as ``1-4.2``; empty: anywhere.
        vendor_id: of USB, 0 to 65535; -1: whichever.
        product_id: of USB, in the same way.
        serial_number: of USB; empty: whichever.
        vendor_text: a USB one sends plain text in reports of its maker's own, not those of bar code scanners.
        device_name: what the system calls it, where it types: by that it was learned; empty: by its timing.
        layout: the keyboard that it types on; None: for a keyboard wedge the machine's own, else ``us``.
        line: how a serial one sends.
        frame: what it puts around a code.
        vendor_skip: with ``vendor_text``, bytes before the text in every report, behind its number.
        vendor_room: with ``vendor_text``, bytes of text in every report; 0: all that are left.
    """

    name: str
    read: str
    use: Use = Use.ALL
    port: str = ""
    vendor_id: int = -1
    product_id: int = -1
    serial_number: str = ""
    vendor_text: bool = False
    device_name: str = ""
    layout: KeyLayout | None = None
    line: SerialLine = field(default_factory=SerialLine)
    frame: Frame = field(default_factory=Frame)
    vendor_skip: int = 0
    vendor_room: int = 0

    @property
    def place(self) -> tuple[object, ...]:
        """How it is told from the others: two of one place would be one device, read twice."""
        return (
            self.read,
            self.device_name,
            self.port,
            self.vendor_id,
            self.product_id,
            self.serial_number,
        )

    @property
    def wanted(self) -> Device:
        """The device that it is, as far as the settings say."""
        return Device(
            Source(self.read),
            self.vendor_id,
            self.product_id,
            self.serial_number,
            self.port,
            self.device_name,
        )
