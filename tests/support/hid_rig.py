"""A scanner on USB for the suite that every source is held to."""

from __future__ import annotations

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.hid_source import HidSource
from madoguchi.barcode.sources.source import Device, ScanSource
from tests.support.hid_forms import COUNTED, Form
from tests.support.usb_backend import FakeDevice, FakeInterface, FakeUsb

WANTED = Device(Source.HID, 0x1234, 0x5678, "SN0001")


class HidRig:
    """A HID POS scanner that is plugged in, beside a keyboard of its own as many of them have.

    Attributes:
        usb: the bus.
        scanner: what is plugged into it.
    """

    def __init__(self, form: Form = COUNTED, packet_bytes: int = 64) -> None:
        self._form = form
        self.usb = FakeUsb()
        self.scanner = FakeDevice(
            [
                FakeInterface(is_boot_keyboard=True),
                FakeInterface(form.descriptor(), packet_bytes=packet_bytes),
            ]
        )
        self.plug()

    def source(self) -> ScanSource:
        """A source that is not started yet."""
        return HidSource(WANTED, backend=self.usb, look_every_s=0.02)

    def send(self, text: str) -> None:
        """Has it scan something."""
        self.usb.send(self.scanner, *self._form.reports(text))

    def unplug(self) -> None:
        """Pulls it out."""
        self.usb.unplug(self.scanner)

    def plug(self) -> None:
        """Puts it back."""
        self.usb.plug(self.scanner)
