"""A scanner on USB for the suite that every source is held to."""

from __future__ import annotations

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.hid_source import HidSource
from madoguchi.barcode.sources.source import Device, ScanSource
from tests.support.hid_forms import COUNTED, Form
from tests.support.usb_backend import FakeDevice, FakeInterface, FakeUsb

_NO_IDENTIFIER = bytes(3)

WANTED = Device(Source.HID, 0x1234, 0x5678, "SN0001")


class HidRig:
    """A HID POS scanner that is plugged in, beside a keyboard of its own as many of them have.

    Attributes:
        source: not started yet.
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
        self.source: ScanSource = HidSource(WANTED, backend=self.usb, look_every_s=0.02)
        self.plug()

    def send(self, text: str) -> None:
        """Has it scan something; it sends no symbology identifier."""
        self.usb.send(self.scanner, *self._form.reports(text, _NO_IDENTIFIER))

    def send_half(self, text: str) -> None:
        """Has it send a report that says that the scan goes on; it does not."""
        self.usb.send(self.scanner, self._form.report(text.encode("ascii"), _NO_IDENTIFIER, continued=True))

    def send_noise(self, noise: bytes) -> None:
        """Has it send any bytes: as they are, and as the data of reports whose count is wrong."""
        self.usb.send(self.scanner, noise)
        self.usb.send(self.scanner, self._form.report(noise[: self._form.room], noise[:3], count=255))

    def unplug(self) -> None:
        """Pulls it out."""
        self.usb.unplug(self.scanner)

    def plug(self) -> None:
        """Puts it back."""
        self.usb.plug(self.scanner)

    def close(self) -> None:
        """Nothing is left."""
