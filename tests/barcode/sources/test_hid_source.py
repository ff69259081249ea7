"""A scanner on USB through pyusb: held, listened to, given back, whatever happens to it.

The USB here is `tests.support.usb_backend`; its devices are written by hand from the HID specification.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator

import pytest
import usb.backend.libusb1

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources import hid_source
from madoguchi.barcode.sources.hid_reports import RawText
from madoguchi.barcode.sources.hid_source import HidSource
from madoguchi.barcode.sources.source import Device, Received
from tests.support.hid_forms import COUNTED, PLAIN, SMALL, Form, vendor_descriptor
from tests.support.hid_listening import MISSING, READY, Listen, Told, plugged, refused, scanner
from tests.support.hid_rig import WANTED, HidRig
from tests.support.usb_backend import FakeDevice, FakeInterface

LONG = "".join(str(number % 10) for number in range(100))


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Starts sources, and closes them behind the test."""
    listen = Listen()
    yield listen
    listen.close()


@pytest.fixture
def rig() -> Iterator[HidRig]:
    """A scanner that is plugged in."""
    rig = HidRig()
    yield rig
    rig.source.close()


# Listening --------------------------------------------------------------------------------------------------


def test_scans_come_with_their_symbology_in_their_order(rig: HidRig, listen: Listen) -> None:
    source, heard = listen(rig.usb)
    assert heard.status() == READY
    assert source.device == WANTED
    assert source.found == Device(Source.HID, 0x1234, 0x5678, "SN0001", "1-4.2", "Scanner")
    for text in ("1000000016", LONG, "A0000000017A"):
        rig.usb.send(rig.scanner, *COUNTED.reports(text))
    first = heard.scan()
    assert (first.text_untrusted, first.symbology_untrusted) == ("1000000016", "]C0")
    assert first.raw_untrusted == COUNTED.report(b"1000000016")
    second = heard.scan()
    assert (second.text_untrusted, heard.text()) == (LONG, "A0000000017A")
    assert second.at >= first.at
    assert second.took_ms >= 0


@pytest.mark.parametrize(("form", "packet_bytes"), [(COUNTED, 8), (SMALL, 8), (SMALL, 64), (PLAIN, 8)])
def test_reports_of_any_length_come_in_packets_of_any_length(
    form: Form, packet_bytes: int, listen: Listen
) -> None:
    rig = HidRig(form, packet_bytes)
    _, heard = listen(rig.usb)
    assert heard.status() == READY
    text = LONG[:8] if form is PLAIN else LONG
    rig.send(text)
    assert heard.text() == text


def test_a_report_that_is_halfway_when_a_read_runs_out_of_time_is_one(listen: Listen) -> None:
    rig = HidRig(COUNTED, 8)
    _, heard = listen(rig.usb)
    assert heard.status() == READY
    (report,) = COUNTED.reports("1000000016")
    rig.usb.send(rig.scanner, report[:16])
    rig.usb.wait_for_silences(1)
    rig.usb.send(rig.scanner, report[16:])
    assert heard.text() == "1000000016"


def test_a_scan_that_does_not_go_on_is_dropped(
    rig: HidRig, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hid_source, "READ_MS", 10)
    monkeypatch.setattr(hid_source, "PATIENCE_MS", 50)
    _, heard = listen(rig.usb)
    assert heard.status() == READY
    rig.usb.send(rig.scanner, COUNTED.reports(LONG)[0])
    rig.usb.wait_for_silences(8)
    rig.send("1000000016")
    assert heard.text() == "1000000016"
    assert heard.is_silent()


def test_half_a_report_that_does_not_go_on_is_dropped(
    listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hid_source, "READ_MS", 10)
    monkeypatch.setattr(hid_source, "PATIENCE_MS", 50)
    rig = HidRig(COUNTED, 8)
    _, heard = listen(rig.usb)
    assert heard.status() == READY
    rig.usb.send(rig.scanner, COUNTED.reports("999")[0][:16])
    rig.usb.wait_for_silences(8)
    rig.send("1000000016")
    assert heard.text() == "1000000016"


def test_what_was_scanned_before_anybody_listened_is_thrown_away(rig: HidRig, listen: Listen) -> None:
    rig.send("9999999999")
    rig.send(LONG)
    rig.usb.send(rig.scanner, COUNTED.reports(LONG)[0])
    _, heard = listen(rig.usb)
    assert heard.status() == READY
    rig.send("1000000016")
    assert heard.text() == "1000000016"
    assert heard.is_silent()


def test_a_device_that_is_never_silent_is_ready_all_the_same(
    rig: HidRig, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that reports its battery all the time."""
    read = rig.usb.intr_read

    def talking(*asked: object) -> int:
        if not rig.scanner.sent:
            rig.scanner.sent.append(b"\x09\x01")
        return read(*asked)

    monkeypatch.setattr(rig.usb, "intr_read", talking)
    _, heard = listen(rig.usb)
    assert heard.status() == READY
    rig.send("1000000016")
    assert heard.text() == "1000000016"


def test_what_the_scanner_puts_around_a_code_is_taken_off(rig: HidRig) -> None:
    def unframed(text: str) -> tuple[str, str]:
        return text[3:].strip("<>"), text[:3]

    source, heard = HidSource(WANTED, unframed=unframed, backend=rig.usb), Told()
    heard.begin(source)
    assert heard.status() == READY
    rig.send("]E0<123>")
    rig.usb.send(rig.scanner, *COUNTED.reports("]E0<456>", b"]C0"))
    one, two = heard.scan(), heard.scan()
    source.close()
    assert (one.text_untrusted, one.symbology_untrusted) == ("123", "]E0")
    assert (two.text_untrusted, two.symbology_untrusted) == ("456", "]C0")


# Unplugged, and back ----------------------------------------------------------------------------------------


def test_unplugged_and_back_it_goes_on_and_half_a_scan_is_dropped(rig: HidRig, listen: Listen) -> None:
    _, heard = listen(rig.usb)
    assert heard.status() == READY
    for _ in range(3):
        rig.usb.send(rig.scanner, COUNTED.reports(LONG)[0])
        rig.unplug()
        assert heard.status() == MISSING
        rig.plug()
        assert heard.status() == READY
        rig.send("1000000016")
        assert heard.text() == "1000000016"
    assert heard.is_silent()


def test_a_device_that_is_not_there_yet_is_waited_for(rig: HidRig, listen: Listen) -> None:
    rig.unplug()
    source, heard = listen(rig.usb)
    assert heard.status() == MISSING
    assert source.found is None
    rig.plug()
    assert heard.status() == READY


@pytest.mark.parametrize("number", [errno.EIO, errno.EPROTO, errno.ENOMEM])
def test_a_read_that_fails_otherwise_is_begun_anew(rig: HidRig, listen: Listen, number: int) -> None:
    _, heard = listen(rig.usb)
    assert heard.status() == READY
    rig.usb.fail(rig.scanner, number)
    assert heard.status() == MISSING
    assert heard.status() == READY
    rig.send("1000000016")
    assert heard.text() == "1000000016"


# Claimed, and given back ------------------------------------------------------------------------------------


def test_one_interface_is_taken_and_given_back_and_the_keyboard_is_never_touched(
    rig: HidRig, listen: Listen
) -> None:
    source, heard = listen(rig.usb)
    assert heard.status() == READY
    assert rig.scanner.driven == {0}
    assert set(rig.scanner.claimed) == {1}
    source.close()
    assert rig.scanner.driven == {0, 1}
    assert rig.scanner.claimed == {}
    assert [each for each in rig.usb.log if each[0] in ("detach", "claim", "release", "attach")] == [
        ("detach", 1),
        ("claim", 1),
        ("release", 1),
        ("attach", 1),
    ]
    opened = [each for each in rig.usb.log if each[0] == "open"]
    assert len(opened) == len([each for each in rig.usb.log if each[0] == "close"])


def test_an_interface_without_a_driver_gets_none_behind_us(listen: Listen) -> None:
    device = scanner()
    device.interfaces[0].has_driver = False
    usb = plugged(device)
    source, heard = listen(usb)
    assert heard.status() == READY
    source.close()
    assert device.driven == set()
    assert device.claimed == {}


def test_interfaces_that_do_not_scan_get_their_driver_back_at_once(listen: Listen) -> None:
    other, wrong = FakeInterface(vendor_descriptor()), FakeInterface(b"\xff\xff\xff")
    device = FakeDevice([other, wrong, FakeInterface(COUNTED.descriptor())])
    _, heard = listen(plugged(device))
    assert heard.status() == READY
    assert device.driven == {0, 1}
    assert set(device.claimed) == {2}


def test_closing_ends_the_thread_and_twice_does_nothing(rig: HidRig, listen: Listen) -> None:
    source, heard = listen(rig.usb)
    assert heard.status() == READY
    source.close()
    source.close()
    assert "scanner on USB" not in [thread.name for thread in threading.enumerate()]
    rig.send("1000000016")
    assert heard.is_silent()
    with pytest.raises(RuntimeError):
        heard.begin(source)


def test_a_source_that_was_never_started_can_be_closed(rig: HidRig) -> None:
    rig.source.close()
    assert rig.usb.log == []


def test_it_may_be_closed_from_within_its_own_call(rig: HidRig) -> None:
    source, ended = HidSource(WANTED, backend=rig.usb), threading.Event()

    def stop(_: Received) -> None:
        source.close()
        ended.set()

    source.start(stop, lambda status: rig.send("1000000016"))
    assert ended.wait(20)
    source.close()
    assert rig.scanner.claimed == {}


# Text on a vendor's page ------------------------------------------------------------------------------------


def test_text_on_a_vendors_page_is_read_as_it_is_set(listen: Listen) -> None:
    device = FakeDevice(
        [FakeInterface(COUNTED.descriptor()), FakeInterface(vendor_descriptor(3, 8), packet_bytes=8)]
    )
    usb = plugged(device)
    _, heard = listen(usb, raw=RawText(b"\r"))
    assert heard.status() == READY
    assert set(device.claimed) == {1}
    usb.send(device, b"\x0310000000", b"\x0316\r\0\0\0\0\0")
    assert heard.text() == "1000000016"


def test_text_of_a_device_that_declares_nothing_is_read_as_it_comes(listen: Listen) -> None:
    device = FakeDevice([FakeInterface(usb_class=0xFF, packet_bytes=16, has_driver=False)])
    usb = plugged(device)
    _, heard = listen(usb, raw=RawText(b"\r\n"))
    assert heard.status() == READY
    usb.send(device, b"1000000016\r\n", b"42", b"43\r\n")
    assert (heard.text(), heard.text()) == ("1000000016", "4243")


# The real libusb --------------------------------------------------------------------------------------------


def test_the_systems_own_usb_has_no_such_device() -> None:
    """Vendor 0 is nobody's. Where libusb is not installed, that is what is said."""
    source, heard = HidSource(Device(Source.HID, 0, 0), look_every_s=0.01), Told()
    heard.begin(source)
    try:
        said = heard.status()
    finally:
        source.close()
    if usb.backend.libusb1.get_backend() is None:
        assert said == refused("libusb-1.0 is not installed")
    else:
        assert said == MISSING
