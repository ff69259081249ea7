"""A device is what it was when it was judged, before and after it is opened; what the kernel says of it."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from madoguchi.device_control.netlink import Uevent, Uevents, parse
from madoguchi.device_control.sysfs import Changed, Gone, NotDone, SysfsBus, Unreadable
from tests.support.usb_tree import UsbTree

ADD = (
    b"add@/devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4.2\0ACTION=add\0"
    b"DEVPATH=/devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4.2\0SUBSYSTEM=usb\0DEVTYPE=usb_device\0SEQNUM=7\0"
)


@pytest.fixture
def tree(tmp_path: Path) -> UsbTree:
    return UsbTree(tmp_path / "root")


def bus_of(tree: UsbTree) -> SysfsBus:
    return SysfsBus(tree.root / "sys", tree.root / "proc/sys/kernel/random/boot_id")


class Swapping(SysfsBus):
    """Another device takes the place of one in the moment in which it is opened."""

    tree: UsbTree

    def _write(self, name: str, what: str, value: str) -> None:
        super()._write(name, what, value)
        if value == "1":
            self.tree.become(name, "03:01:01")


class Stalling(SysfsBus):
    """The kernel opens it, and answers with an error, or has the port in a reset when it is read again."""

    error = False
    reset = False

    def _write(self, name: str, what: str, value: str) -> None:
        super()._write(name, what, value)
        if value == "1":
            if self.error:
                raise NotDone("[Errno 32] Broken pipe")
            self.reset = True

    def _numbers(self, name: str) -> tuple[str, str, str]:
        if self.reset:
            (self._devices / name / "devnum").write_text("0\n")
        return super()._numbers(name)


def test_hubs_come_before_what_hangs_on_them(tree: UsbTree) -> None:
    tree.add_controller(10)
    tree.add_controller(2)
    for port in ("1-10", "1-2.1", "1-2", "2-1"):
        tree.plug(port=port)
    (tree.devices / "1-2:1.0").mkdir()
    assert bus_of(tree).names() == ["usb1", "usb2", "usb10", "1-2", "1-2.1", "1-10", "2-1"]


def test_every_plugging_in_is_another_instance(tree: UsbTree) -> None:
    bus = bus_of(tree)
    tree.plug(serial="A1")
    first = bus.read("1-1")
    assert bus.read("1-1") == first
    tree.unplug()
    tree.plug(serial="A1")
    second = bus.read("1-1")
    assert second.instance != first.instance
    assert second.digest == first.digest
    with pytest.raises(Changed):
        bus.authorize(first)
    assert not tree.is_usable()
    bus.authorize(second)
    assert tree.is_usable()


def test_what_a_device_calls_itself_is_asked_once_and_of_the_kernels_own_hubs_never(tree: UsbTree) -> None:
    class Asked(SysfsBus):
        asked: list[str]

        def _said(self, name: str, what: str) -> str:
            self.asked.append(name)
            return super()._said(name, what)

    bus = Asked(tree.root / "sys", tree.root / "proc/sys/kernel/random/boot_id")
    bus.asked = []
    tree.plug(serial="A1")
    for _ in range(3):
        assert bus.read("1-1").serial_untrusted == "A1"
        assert bus.read("usb1").name_untrusted == ""
    assert bus.asked == ["1-1"] * 3
    # another one in its place
    tree.unplug()
    tree.plug(serial="A2")
    assert bus.read("1-1").serial_untrusted == "A2"


def test_a_number_that_comes_round_again_is_another_instance(
    tree: UsbTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bus has 127 device numbers. What is plugged in under one of before is not what was there."""
    bus = bus_of(tree)
    tree.plug(serial="A1")
    first, number = bus.read("1-1"), (tree.devices / "1-1/devnum").read_text()
    # so that this file system does not give its directory's number to the next one; the kernel's never does
    held = os.open(tree.devices / "1-1", os.O_RDONLY)
    tree.unplug()
    monkeypatch.setattr(tree, "_devnum", int(number) - 1)
    tree.plug(serial="A2")
    os.close(held)
    second = bus.read("1-1")
    assert (tree.devices / "1-1/devnum").read_text() == number
    assert (second.serial_untrusted, second.digest) == ("A2", first.digest)
    assert second.instance != first.instance
    with pytest.raises(Changed):
        bus.authorize(first)


def test_another_boot_is_another_instance(tree: UsbTree) -> None:
    tree.plug()
    before = bus_of(tree).read("1-1")
    (tree.root / "proc/sys/kernel/random/boot_id").write_text("another\n")
    assert bus_of(tree).read("1-1").instance != before.instance


def test_one_that_changes_before_it_is_opened_stays_closed(tree: UsbTree) -> None:
    tree.plug()
    device = bus_of(tree).read("1-1")
    tree.become("1-1", "08:06:50,03:01:01")
    authorized = tree.devices / "1-1/authorized"
    os.utime(authorized, ns=(1, 1))
    with pytest.raises(Changed):
        bus_of(tree).authorize(device)
    assert not tree.is_usable()
    # not for a moment either: nothing was written
    assert authorized.stat().st_mtime_ns == 1


def test_one_that_changes_while_it_is_opened_is_closed(tree: UsbTree) -> None:
    bus = Swapping(tree.root / "sys", tree.root / "proc/sys/kernel/random/boot_id")
    bus.tree = tree
    tree.plug()
    with pytest.raises(Changed):
        bus.authorize(bus.read("1-1"))
    assert not tree.is_usable()


@pytest.mark.parametrize("error", [True, False], ids=["an error", "a reset"])
def test_what_the_kernel_opened_with_an_error_is_closed(tree: UsbTree, error: bool) -> None:
    bus = Stalling(tree.root / "sys", tree.root / "proc/sys/kernel/random/boot_id")
    bus.error = error
    tree.plug()
    with pytest.raises(NotDone):
        bus.authorize(bus.read("1-1"))
    assert not tree.is_usable()


@pytest.mark.parametrize("what", ["busnum", "descriptors", "serial"])
def test_what_cannot_be_read_now_is_not_gone(tree: UsbTree, what: str) -> None:
    tree.plug(serial="A1")
    file = tree.devices / "1-1" / what
    file.unlink()
    # reading it is an error that no device's going gives
    file.mkdir()
    with pytest.raises(NotDone):
        bus_of(tree).read("1-1")


def test_what_is_gone_is_gone_and_is_not_made(tree: UsbTree) -> None:
    bus = bus_of(tree)
    tree.plug()
    device = bus.read("1-1")
    tree.unplug()
    for act in (lambda: bus.read("1-1"), lambda: bus.is_open("1-1"), lambda: bus.deauthorize("1-1")):
        with pytest.raises(Gone):
            act()
    with pytest.raises(Gone):
        bus.authorize(device)
    assert not (tree.devices / "1-1").exists()


def test_a_kernel_that_does_not_obey_is_told_of(tree: UsbTree) -> None:
    bus = bus_of(tree)
    tree.plug(is_open=True)
    authorized = tree.devices / "1-1/authorized"
    authorized.unlink()
    # it takes what is written, and stays as it is
    authorized.symlink_to(os.devnull)
    with pytest.raises(NotDone):
        bus.deauthorize("1-1")


def test_what_is_no_description_is_unreadable(tree: UsbTree) -> None:
    tree.plug(raw=b"\x12\x01")
    with pytest.raises(Unreadable) as unreadable:
        bus_of(tree).read("1-1")
    assert unreadable.value.device.interfaces == ()


def test_a_machine_without_usb_has_no_devices(tmp_path: Path, tree: UsbTree) -> None:
    bus = SysfsBus(tmp_path / "none", tree.root / "proc/sys/kernel/random/boot_id")
    assert bus.names() == []
    assert not bus.close_by_default()


def test_controllers_that_open_by_default_are_told(tree: UsbTree) -> None:
    bus = bus_of(tree)
    assert not bus.close_by_default()
    (tree.devices / "usb1/authorized_default").write_text("1\n")
    assert bus.close_by_default()
    assert (tree.devices / "usb1/authorized_default").read_text().strip() == "0"


def test_an_event_names_the_device() -> None:
    assert parse(ADD) == Uevent("add", "1-4.2")
    interface = ADD.replace(b"/1-4.2\0SUB", b"/1-4.2/1-4.2:1.0\0SUB").replace(b"usb_device", b"usb_interface")
    assert parse(interface) == Uevent("add", "1-4.2")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0",
        b"libudev\0\xfe\xed\xca\xfe",
        ADD.replace(b"SUBSYSTEM=usb", b"SUBSYSTEM=block"),
        ADD.replace(b"usb_device", b"usb_host"),
        ADD.replace(b"1-4.2\0SUB", b"..\0SUB"),
        ADD.replace(b"DEVPATH=", b"PATH="),
    ],
)
def test_what_is_about_something_else_is_no_event(raw: bytes) -> None:
    assert parse(raw) is None


class Lossy(socket.socket):
    """A socket on which messages were lost, or that has one from a process."""

    said: object

    def recvfrom(self, bufsize: int, flags: int = 0) -> object:  # type: ignore[override]
        if isinstance(self.said, OSError):
            raise self.said
        said, self.said = self.said, BlockingIOError()
        return said


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        (OSError(105, "No buffer space available"), None),
        ((ADD, (4711, 1)), []),
        ((ADD, (0, 1)), [Uevent("add", "1-4.2")]),
    ],
    ids=["lost", "a process", "the kernel"],
)
def test_only_the_kernel_is_believed_and_a_loss_is_told(said: object, taken: list[Uevent] | None) -> None:
    with Lossy(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.said = said
        assert Uevents(listening).take() == taken
