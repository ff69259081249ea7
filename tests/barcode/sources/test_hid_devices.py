"""Which device on USB it is, and what is refused and why; what a device says of itself is never trusted.

The USB here is `tests.support.usb_backend`; its devices are written by hand from the HID specification.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import replace

import pytest

from madoguchi.barcode.sources.hid_devices import candidates
from madoguchi.barcode.sources.source import Device, SourceState
from tests.support.hid_forms import COUNTED, vendor_descriptor
from tests.support.hid_listening import MISSING, READY, Listen, plugged, refused, scanner
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


# Refused ----------------------------------------------------------------------------------------------------


def test_what_another_program_holds_is_refused_until_it_lets_go(rig: HidRig, listen: Listen) -> None:
    rig.scanner.driven.remove(1)
    rig.scanner.claimed[1] = "another program"
    _, heard = listen(rig.usb)
    assert heard.status() == refused("Device or resource busy")
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
    assert heard.status() == refused("Permission denied")
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
    assert heard.status() == refused("Configuration not set")


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


def test_stalls_with_scans_between_are_no_reason_to_give_up(rig: HidRig, listen: Listen) -> None:
    _, heard = listen(rig.usb)
    assert heard.status() == READY
    for _ in range(4):
        rig.usb.stall(rig.scanner)
        rig.send("1000000016")
        assert heard.text() == "1000000016"
    assert [each for each in rig.usb.log if each[0] == "claim"] == [("claim", 1)]
    assert heard.is_silent()


def test_what_goes_on_stalling_is_refused_once_until_it_sends(rig: HidRig, listen: Listen) -> None:
    rig.usb.stall(rig.scanner, 1_000_000)
    _, heard = listen(rig.usb)
    assert heard.status() == refused("Broken pipe")
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
    assert heard.status() == refused("2 devices fit: tell them apart by their port")
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
