"""A scanner's keyboard found and taken; what every source promises is in test_contract.py."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_devices import Keyboards, NotUsable
from madoguchi.barcode.sources.evdev_source import EvdevSource
from madoguchi.barcode.sources.framing import Frame
from madoguchi.barcode.sources.source import Device, Received, SourceState, SourceStatus
from tests.support.evdev import MOUSE_BUTTONS, PRODUCT, VENDOR, EvdevRig, MadeUpSysfs, packed, presses
from tests.support.scanners import Heard

FIRST, SECOND = "A1000000016A", "A1000000024A"


@pytest.fixture
def sysfs(tmp_path: Path) -> MadeUpSysfs:
    return MadeUpSysfs(tmp_path)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[EvdevRig]:
    made = EvdevRig(tmp_path, Frame(prefix="<", suffix="]"))
    yield made
    made.source.close()
    made.close()


@pytest.fixture
def heard() -> Heard:
    return Heard()


def wanted(serial: str = "", port: str = "", product: int = PRODUCT) -> Device:
    return Device(Source.EVDEV, VENDOR, product, serial, port)


def begin(rig: EvdevRig, heard: Heard) -> None:
    rig.source.start(heard.received, heard.changed)
    heard.until_stands(SourceState.READY)


# -- which device it is ----------------------------------------------------------------------------------


def test_what_can_type_digits_is_listed_with_who_it_is(sysfs: MadeUpSysfs) -> None:
    sysfs.add_built_in(0)
    sysfs.add(3)
    sysfs.add(4, port="1-1", serial="", keys=MOUSE_BUTTONS)
    built_in, scanner = Keyboards(sysfs.root).listed()
    assert built_in.device == Device(Source.EVDEV, port="usb-1/input0", name_untrusted="Scanner of somebody")
    assert scanner.node == Path("/dev/input/event3")
    assert scanner.device == Device(Source.EVDEV, VENDOR, PRODUCT, "S1", "1-4.2", "Scanner of somebody")


def test_a_serial_number_decides_wherever_it_is_plugged_in(sysfs: MadeUpSysfs) -> None:
    sysfs.add(3, port="1-1", serial="S1")
    sysfs.add(4, port="1-2", serial="S2")
    keyboards = Keyboards(sysfs.root)
    assert [each.node.name for each in keyboards.find(wanted("S2", port="1-1"))] == ["event4"]
    assert keyboards.find(wanted("S3")) == ()
    assert keyboards.find(wanted("S1", product=PRODUCT + 1)) == ()


def test_without_a_serial_number_the_port_decides(sysfs: MadeUpSysfs) -> None:
    sysfs.add(3, port="1-1", serial="")
    sysfs.add(4, port="1-2", serial="")
    keyboards = Keyboards(sysfs.root)
    assert [each.node.name for each in keyboards.find(wanted(port="1-2"))] == ["event4"]
    assert keyboards.find(wanted(port="1-3")) == ()
    with pytest.raises(NotUsable, match="2 devices fit"):
        keyboards.find(wanted())


def test_of_two_with_one_serial_number_the_port_decides(sysfs: MadeUpSysfs) -> None:
    sysfs.add(3, port="1-1", serial="000")
    sysfs.add(4, port="1-2", serial="000")
    keyboards = Keyboards(sysfs.root)
    assert [each.node.name for each in keyboards.find(wanted("000", port="1-1"))] == ["event3"]
    with pytest.raises(NotUsable):
        keyboards.find(wanted("000"))


def test_a_device_with_two_keyboards_is_found_with_both(sysfs: MadeUpSysfs) -> None:
    sysfs.add(3)
    usb = sysfs.root / "devices/pci0000:00/usb1/1-4.2"
    sysfs._input(usb / "1-4.2:1.1/0003:X/input/input9", 9, "10000000000000 e080ffdf01cfffff fffffffffffffffe")
    assert [each.node.name for each in Keyboards(sysfs.root).find(wanted("S1"))] == ["event3", "event9"]


@pytest.mark.parametrize("broken", ["no number", "", "zz zz", "-1"])
def test_whatever_a_device_says_of_itself_it_is_only_not_found(sysfs: MadeUpSysfs, broken: str) -> None:
    sysfs.add(3)
    usb = sysfs.root / "devices/pci0000:00/usb1/1-4.2"
    (usb / "idVendor").write_text(broken)
    (usb / "serial").write_bytes(b"\xff\xfe\x00")
    assert Keyboards(sysfs.root).find(wanted("S1")) == ()
    (sysfs.root / "class/input/event3/device/capabilities/key").write_text(broken)
    assert Keyboards(sysfs.root).listed() == ()


# -- taken ---------------------------------------------------------------------------------------------


def test_prefix_and_suffix_are_taken_off_and_kept_in_the_raw_text(rig: EvdevRig, heard: Heard) -> None:
    begin(rig, heard)
    rig.send(f"<{FIRST}]")
    heard.until(lambda: heard.texts() == [FIRST])
    assert heard.scans[0].raw_untrusted == f"<{FIRST}]\r".encode()


def test_moment_and_length_are_the_kernels(rig: EvdevRig, heard: Heard) -> None:
    begin(rig, heard)
    at = time.monotonic() - 5
    rig.write(packed(presses(f"{FIRST}\r", at, gap=0.01)))
    heard.until(lambda: heard.texts() == [FIRST])
    (scan,) = heard.scans
    assert scan.at == pytest.approx(at + 0.01 * len(FIRST), abs=1e-4)
    assert scan.took_ms == pytest.approx(10 * len(FIRST), abs=0.1)


def test_a_rest_that_does_not_come_is_not_joined_to_the_next_scan(rig: EvdevRig, heard: Heard) -> None:
    begin(rig, heard)
    at = time.monotonic()
    # by the kernel's stamps alone: both are read at once
    rig.write(packed([*presses("A10000", at - 1), *presses(f"{SECOND}\r", at)]))
    heard.until(lambda: heard.texts() == [SECOND])


def test_each_keyboard_of_a_device_has_its_own_scan(rig: EvdevRig, heard: Heard) -> None:
    usb = rig.sysfs.root / "devices/pci0000:00/usb1/1-4.2"
    rig.sysfs._input(
        usb / "1-4.2:1.1/0003:X/input/input9", 9, "10000000000000 e080ffdf01cfffff fffffffffffffffe"
    )
    begin(rig, heard)
    second = rig.keyboards.writing["event9"]
    rig.send_half("A10")
    os.write(second, packed(presses("A1000")))
    rig.send("00000016A")
    heard.until(lambda: heard.texts() == [FIRST])
    os.write(second, packed(presses("000024A\r")))
    heard.until(lambda: heard.texts() == [FIRST, SECOND])


def test_a_device_that_is_not_ours_is_said_to_be_refused(rig: EvdevRig, heard: Heard) -> None:
    rig.keyboards.refused = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    rig.source.start(heard.received, heard.changed)
    heard.until_stands(SourceState.REFUSED)
    assert heard.states == [SourceStatus(SourceState.REFUSED, "Permission denied")]
    rig.keyboards.refused = None
    heard.until_stands(SourceState.READY)


def test_the_moment_until_udev_has_decided_is_not_told(rig: EvdevRig, heard: Heard) -> None:
    once = threading.Event()
    take = rig.keyboards.take

    def refused_once(keyboard):  # type: ignore[no-untyped-def]
        if not once.is_set():
            once.set()
            raise PermissionError(errno.EACCES, "not yet")
        return take(keyboard)

    rig.keyboards.take = refused_once  # type: ignore[method-assign]
    begin(rig, heard)
    assert heard.states == [SourceStatus(SourceState.READY)]


def test_closed_it_lets_go_of_everything(rig: EvdevRig, heard: Heard) -> None:
    begin(rig, heard)
    assert rig.keyboards.taken
    rig.source.close()
    assert not rig.keyboards.taken
    rig.source.close()


def test_it_can_be_closed_by_whom_it_calls(tmp_path: Path) -> None:
    rig = EvdevRig(tmp_path)
    closed = threading.Event()

    def received(scan: Received) -> None:
        rig.source.close()
        closed.set()

    heard = Heard()
    rig.source.start(received, heard.changed)
    heard.until_stands(SourceState.READY)
    rig.send(FIRST)
    assert closed.wait(10)
    rig.source.close()
    assert not rig.keyboards.taken
    rig.close()


def test_a_source_is_started_once() -> None:
    source = EvdevSource(wanted("S1"), keyboards=Keyboards(Path("/nonexistent")))
    heard = Heard()
    source.start(heard.received, heard.changed)
    with pytest.raises(RuntimeError):
        source.start(heard.received, heard.changed)
    heard.until_stands(SourceState.MISSING)
    source.close()
