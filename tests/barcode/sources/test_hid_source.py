"""A scanner on USB through pyusb: found, held, listened to, given back, whatever happens to it.

The USB here is `tests.support.usb_backend`; its devices are written by hand from the HID specification.
"""

from __future__ import annotations

import errno
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
import usb.backend.libusb1

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources import hid_source
from madoguchi.barcode.sources.hid_devices import candidates
from madoguchi.barcode.sources.hid_reports import RawText
from madoguchi.barcode.sources.hid_source import HidSource
from madoguchi.barcode.sources.source import Device, Received, SourceState, SourceStatus
from tests.support.hid_forms import COUNTED, PLAIN, SMALL, Form, vendor_descriptor
from tests.support.hid_rig import WANTED, HidRig
from tests.support.usb_backend import FakeDevice, FakeInterface, FakeUsb

READY, MISSING = SourceStatus(SourceState.READY), SourceStatus(SourceState.MISSING)
LONG = "".join(str(number % 10) for number in range(100))


@dataclass
class Heard:
    """What a source said, in order."""

    _received: queue.Queue[Received] = field(default_factory=queue.Queue)
    _changed: queue.Queue[SourceStatus] = field(default_factory=queue.Queue)

    def listen(self, source: HidSource) -> None:
        source.start(self._received.put, self._changed.put)

    def scan(self) -> Received:
        return self._received.get(timeout=20)

    def text(self) -> str:
        return self.scan().text_untrusted

    def status(self) -> SourceStatus:
        return self._changed.get(timeout=20)

    def is_silent(self) -> bool:
        return self._received.empty() and self._changed.empty()


Listen = Callable[..., tuple[HidSource, Heard]]


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Starts sources, and closes them behind the test."""
    sources = []

    def start(usb: FakeUsb, wanted: Device = WANTED, raw: RawText | None = None) -> tuple[HidSource, Heard]:
        source, heard = HidSource(wanted, raw, backend=usb, look_every_s=0.01), Heard()
        sources.append(source)
        heard.listen(source)
        return source, heard

    yield start
    for source in sources:
        source.close()


@pytest.fixture
def rig() -> HidRig:
    return HidRig()


def plugged(*devices: FakeDevice) -> FakeUsb:
    usb = FakeUsb()
    for device in devices:
        usb.plug(device)
    return usb


def scanner(form: Form = COUNTED, **about: object) -> FakeDevice:
    return replace(FakeDevice([FakeInterface(form.descriptor())]), **about)  # type: ignore[arg-type]


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

    source, heard = HidSource(WANTED, unframed=unframed, backend=rig.usb), Heard()
    heard.listen(source)
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
        heard.listen(source)


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


# Refused ----------------------------------------------------------------------------------------------------


def test_what_another_program_holds_is_refused_until_it_lets_go(rig: HidRig, listen: Listen) -> None:
    rig.scanner.driven.remove(1)
    rig.scanner.claimed[1] = "another program"
    _, heard = listen(rig.usb)
    assert heard.status() == SourceStatus(SourceState.REFUSED, "Device or resource busy")
    assert rig.scanner.claimed == {1: "another program"}
    del rig.scanner.claimed[1]
    assert heard.status() == READY
    rig.send("1000000016")
    assert heard.text() == "1000000016"
    assert heard.is_silent()


@pytest.mark.parametrize("wanted", [WANTED, replace(WANTED, serial_untrusted="", port="1-4.2")])
def test_what_we_may_not_open_is_refused_until_we_may(rig: HidRig, listen: Listen, wanted: Device) -> None:
    rig.scanner.denied = True
    _, heard = listen(rig.usb, wanted)
    assert heard.status() == SourceStatus(SourceState.REFUSED, "Permission denied")
    rig.scanner.denied = False
    assert heard.status() == READY


def test_a_device_that_the_system_is_still_making_ready_is_not_called_refused(
    rig: HidRig, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = [True]
    opens = rig.usb.open_device

    def refuse_once(dev: FakeDevice) -> object:
        dev.denied = bool(once)
        once.clear()
        return opens(dev)

    monkeypatch.setattr(rig.usb, "open_device", refuse_once)
    _, heard = listen(rig.usb)
    assert heard.status() == READY
    assert once == []


@pytest.mark.parametrize(
    ("interface", "why"),
    [
        (FakeInterface(b"\x05"), "cut within an item"),
        (FakeInterface(COUNTED.descriptor(), declares=400), "its report descriptor is cut"),
        (
            FakeInterface(COUNTED.descriptor(), declares=5000),
            "its report descriptor is longer than 4096 bytes",
        ),
        (FakeInterface(vendor_descriptor()), "no report of it is on the bar code scanner page"),
        (FakeInterface(usb_class=0xFF), "it sends as its vendor likes: how its text is sent must be set"),
        (FakeInterface(is_boot_keyboard=True), "no interface of it can send scans"),
    ],
)
def test_what_is_no_scanner_is_refused_as_it_was(interface: FakeInterface, why: str, listen: Listen) -> None:
    device = FakeDevice([interface])
    _, heard = listen(plugged(device))
    status = heard.status()
    assert status.state is SourceState.REFUSED
    assert status.reason_untrusted.startswith(why)
    assert device.claimed == {}
    assert device.driven == {0}


def test_a_device_that_is_not_configured_is_refused(listen: Listen) -> None:
    """As one that the system has not authorised."""
    _, heard = listen(plugged(scanner(is_configured=False)))
    assert heard.status() == SourceStatus(SourceState.REFUSED, "Configuration not set")


def test_a_stall_is_cleared_and_takes_the_half_scan_with_it(rig: HidRig, listen: Listen) -> None:
    _, heard = listen(rig.usb)
    assert heard.status() == READY
    first, second = COUNTED.reports(LONG)
    rig.usb.send(rig.scanner, first)
    rig.usb.wait_for_silences(1)
    rig.usb.stall(rig.scanner)
    rig.usb.send(rig.scanner, second)
    rig.send("1000000016")
    assert heard.text() == "1000000016"
    assert ("clear", 0x82) in rig.usb.log
    assert heard.is_silent()


def test_what_goes_on_stalling_is_refused_once_until_it_sends(rig: HidRig, listen: Listen) -> None:
    rig.usb.stall(rig.scanner, 1_000_000)
    _, heard = listen(rig.usb)
    assert heard.status() == SourceStatus(SourceState.REFUSED, "Broken pipe")
    rig.usb.stall(rig.scanner, 0)
    assert heard.status() == READY
    rig.send("1000000016")
    assert heard.text() == "1000000016"


def test_what_did_not_fit_takes_its_scan_with_it(rig: HidRig, listen: Listen) -> None:
    _, heard = listen(rig.usb)
    assert heard.status() == READY
    first, second = COUNTED.reports(LONG)
    rig.usb.send(rig.scanner, first)
    rig.usb.fail(rig.scanner, errno.EOVERFLOW)
    rig.usb.send(rig.scanner, second)
    rig.send("1000000016")
    assert heard.text() == "1000000016"


# Which one it is --------------------------------------------------------------------------------------------


def test_a_serial_number_is_followed_to_another_port(listen: Listen) -> None:
    other, ours = scanner(serial="SN0002"), scanner(ports=(7,))
    usb = plugged(other, ours)
    source, heard = listen(usb, replace(WANTED, port="1-4.2"))
    assert heard.status() == READY
    assert (source.found.serial_untrusted, source.found.port) == ("SN0001", "1-7")
    usb.send(other, *COUNTED.reports("999"))
    usb.send(ours, *COUNTED.reports("1000000016"))
    assert heard.text() == "1000000016"
    assert other.claimed == {}
    assert heard.is_silent()


@pytest.mark.parametrize("serial", ["", "000000"])
def test_two_that_say_the_same_are_told_apart_by_their_port(serial: str, listen: Listen) -> None:
    usb = plugged(scanner(serial=serial), scanner(serial=serial, ports=(4, 3)))
    wanted = replace(WANTED, serial_untrusted=serial)
    _, heard = listen(usb, wanted)
    assert heard.status() == SourceStatus(SourceState.REFUSED, "2 devices fit: tell them apart by their port")
    source, heard = listen(usb, replace(wanted, port="1-4.3"))
    assert heard.status() == READY
    assert source.found.port == "1-4.3"


def test_without_a_serial_number_another_port_is_another_device(listen: Listen) -> None:
    _, heard = listen(plugged(scanner(serial="")), replace(WANTED, serial_untrusted="", port="1-4.3"))
    assert heard.status() == MISSING


def test_another_make_is_not_opened(listen: Listen) -> None:
    usb = plugged(scanner(product_id=1), scanner(vendor_id=1))
    _, heard = listen(usb)
    assert heard.status() == MISSING
    assert usb.log == []


@pytest.mark.parametrize(
    "answer", [None, b"", b"\x00", b"\x00\xd8", b"\x00\xd8\x00", b"\x2e\x20" + b"\x07\x00" * 100]
)
def test_strings_of_any_kind_do_no_harm(answer: bytes | None, listen: Listen) -> None:
    """None, an odd one, half a surrogate pair, marks that turn the reading round: text, and not trusted."""
    for strings in ({2: answer, 3: answer}, {0: answer, 2: answer, 3: answer}):
        usb = plugged(scanner(strings=strings))
        (found,) = candidates(usb)
        assert found.port == "1-4.2"
        assert len(found.name_untrusted) <= 126
        _, heard = listen(usb)
        assert heard.status() == MISSING  # of another serial number, if it has one at all
        source, heard = listen(usb, replace(WANTED, serial_untrusted="", port="1-4.2"))
        assert heard.status() == READY
        assert source.found == found
        usb.send(usb.devices[0], *COUNTED.reports("1000000016"))
        assert heard.text() == "1000000016"
        source.close()


def test_what_might_be_a_scanner_is_listed_and_nothing_is_taken() -> None:
    keyboard = FakeDevice([FakeInterface(is_boot_keyboard=True)], product_id=1)
    denied, vendors = scanner(denied=True, product_id=2), FakeDevice([FakeInterface(usb_class=0xFF)])
    usb = plugged(keyboard, denied, vendors)
    found = candidates(usb)
    assert [(each.product_id, each.serial_untrusted) for each in found] == [(2, ""), (0x5678, "SN0001")]
    assert {each[0] for each in usb.log} == {"open", "close"}


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
    source, heard = HidSource(Device(Source.HID, 0, 0), look_every_s=0.01), Heard()
    heard.listen(source)
    try:
        said = heard.status()
    finally:
        source.close()
    if usb.backend.libusb1.get_backend() is None:
        assert said == SourceStatus(SourceState.REFUSED, "libusb-1.0 is not installed")
    else:
        assert said == MISSING
