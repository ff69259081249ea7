"""A receipt printer on USB without a device file: asked and bounded as every other, through python-escpos."""

from __future__ import annotations

import errno
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
import usb.core
import usb.util

from madoguchi.app.printing.receipt_printer import (
    NoSuchPrinter,
    PrinterPlace,
    PrinterTrouble,
    parse_printer,
    print_slip,
)

PLACE = "usb:04b8:0e15"
SLIP = b"\x1b@" + b"slip " * 2_000


@dataclass
class FakeUsb:
    """What pyusb finds: takes what is written, answers what it is asked."""

    state: int | None = 0x12
    paper: int | None = 0
    gone_after: int | None = None
    written: bytearray = field(default_factory=bytearray)
    ends: tuple[int, ...] = (0x81, 0x02)
    backend: object = field(default_factory=lambda: SimpleNamespace(__module__="fake"))
    disposed: bool = False

    def set_configuration(self) -> None: ...

    def reset(self) -> None: ...

    def get_active_configuration(self) -> dict[tuple[int, int], list[SimpleNamespace]]:
        return {(0, 0): [SimpleNamespace(bEndpointAddress=end) for end in self.ends]}

    def write(self, end: int, content: bytes, timeout: int) -> int:
        assert end == 0x02
        assert 0 < timeout <= 10_000
        if self.gone_after is not None and len(self.written) >= self.gone_after:
            raise usb.core.USBError("gone", errno=errno.ENODEV)
        taken = bytes(content[:1000])
        self.written += taken
        return len(taken)

    def read(self, end: int, size: int, timeout: int) -> bytes:
        assert end == 0x81
        assert size >= 1
        answer = self.state if self.written.endswith(b"\x10\x04\x02") else self.paper
        if answer is None:
            raise usb.core.USBTimeoutError("nothing", errno=errno.ETIMEDOUT)
        return bytes([answer])


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> FakeUsb:
    made = FakeUsb()

    def find(**asked: int) -> FakeUsb | None:
        return made if asked == {"idVendor": 0x04B8, "idProduct": 0x0E15} else None

    monkeypatch.setattr(usb.core, "find", find)
    monkeypatch.setattr(usb.util, "dispose_resources", lambda each: setattr(each, "disposed", True))
    return made


def test_a_slip_is_sent_whole_and_waited_for(device: FakeUsb) -> None:
    assert print_slip(PLACE, SLIP) is None
    assert bytes(device.written) == b"\x10\x04\x02" + SLIP + b"\x1dr\x01"
    assert device.disposed


@pytest.mark.parametrize(
    ("fails", "trouble"),
    [
        ({"state": 0x16}, PrinterTrouble.COVER_OPEN),
        ({"state": 0x32}, PrinterTrouble.NO_PAPER),
        ({"state": None}, PrinterTrouble.TIMED_OUT),
        ({"paper": 0x0C}, PrinterTrouble.NO_PAPER),
        ({"paper": None}, PrinterTrouble.BROKE_OFF),
        ({"gone_after": 500}, PrinterTrouble.BROKE_OFF),
    ],
)
def test_why_it_was_not_printed(
    device: FakeUsb, fails: dict[str, int | None], trouble: PrinterTrouble
) -> None:
    for name, value in fails.items():
        setattr(device, name, value)
    assert print_slip(PLACE, SLIP) is trouble
    assert device.disposed


def test_where_it_may_be(device: FakeUsb) -> None:
    assert parse_printer(" usb:04B8:0e15 ") == PrinterPlace(usb=(0x04B8, 0x0E15))
    assert parse_printer("system:EPSON TM-m30 ") == PrinterPlace(system="EPSON TM-m30")
    for wrong in ("usb:4b8:0e15", "usb:04b8", "system:", "system: ", "system:a\tb"):
        with pytest.raises(NoSuchPrinter):
            parse_printer(wrong)
    assert print_slip("usb:04b8:0e16", SLIP) is PrinterTrouble.NOT_REACHED
    assert device.written == b""
