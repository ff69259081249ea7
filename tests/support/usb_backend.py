"""A USB for pyusb that is not there: devices are plugged in, send what they are told, fail as real ones do.

What it refuses and how is Linux' (usbfs, through libusb's error numbers): a claimed interface, or one with a
driver of the kernel, is busy; an interface must be claimed before it is read; whatever is done to a device
that is gone fails. Beside it stand the tests on a real USB stack.
"""

from __future__ import annotations

import array
import errno
import os
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core


@dataclass
class FakeInterface:
    """One interface of a device.

    Attributes:
        report_descriptor: what it answers when it is asked for it.
        declares: the length of it that its HID descriptor says; -1: the real one.
        is_boot_keyboard: it is a keyboard, to a BIOS too.
        usb_class: 3 is HID, 0xFF the vendor's own.
    """

    report_descriptor: bytes = b""
    declares: int = -1
    packet_bytes: int = 64
    is_boot_keyboard: bool = False
    usb_class: int = 3
    has_driver: bool = True

    @property
    def extra(self) -> bytes:
        """Its HID descriptor (HID 1.11, 6.2.1)."""
        if self.usb_class != 3:
            return b""
        length = len(self.report_descriptor) if self.declares < 0 else self.declares
        return bytes([9, 0x21, 0x11, 0x01, 0, 1, 0x22, length & 0xFF, length >> 8])


@dataclass(eq=False)
class FakeDevice:
    """A device that can be plugged in.

    Attributes:
        strings: what it answers for its strings, as bytes behind their header; None: it stalls.
        denied: nobody may open it.
        stalls: so many reads are answered by a stall, each until it is cleared.
        driven: the interfaces that a driver of the kernel has now.
        claimed: who has which interface now.
    """

    interfaces: list[FakeInterface]
    vendor_id: int = 0x1234
    product_id: int = 0x5678
    serial: str = "SN0001"
    name: str = "Scanner"
    ports: tuple[int, ...] = (4, 2)
    denied: bool = False
    is_configured: bool = True
    stalls: int = 0
    strings: dict[int, bytes | None] = field(default_factory=dict)
    driven: set[int] = field(default_factory=set)
    claimed: dict[int, object] = field(default_factory=dict)
    sent: deque[bytes | int] = field(default_factory=deque)
    address: int = 0
    is_there: bool = False
    is_stalled: bool = False

    def string(self, index: int) -> bytes | None:
        """One of its strings as it is answered."""
        if index in self.strings:
            return self.strings[index]
        return {0: b"\x09\x04", 2: self.name.encode("utf-16-le"), 3: self.serial.encode("utf-16-le")}[index]


@dataclass(eq=False)
class _Handle:
    device: FakeDevice
    address: int


class FakeUsb(usb.backend.IBackend):  # type: ignore[misc]
    """The bus.

    Attributes:
        devices: what is plugged in.
        log: what was asked of it, in order.
        silences: how many reads ran out of time with nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.devices: list[FakeDevice] = []
        self.log: list[tuple[str, int]] = []
        self.silences = 0
        self._moment = threading.Condition()
        self._plugged = 0

    # What a test does ---------------------------------------------------------------------------------------

    def plug(self, device: FakeDevice) -> None:
        """Plugs it in: the kernel's drivers take what they know."""
        with self._moment:
            self._plugged += 1
            device.address, device.is_there, device.is_stalled = self._plugged, True, False
            device.driven = {number for number, each in enumerate(device.interfaces) if each.has_driver}
            device.claimed.clear()
            device.sent.clear()
            self.devices.append(device)

    def unplug(self, device: FakeDevice) -> None:
        """Pulls it out, whatever was under way."""
        with self._moment:
            device.is_there = False
            self.devices.remove(device)
            self._moment.notify_all()

    def send(self, device: FakeDevice, *reports: bytes) -> None:
        """Has it send reports, in packets as its endpoint says; they wait in it until they are read."""
        size = device.interfaces[-1].packet_bytes
        with self._moment:
            for report in reports:
                device.sent.extend(report[at : at + size] for at in range(0, len(report), size))
            self._moment.notify_all()

    def fail(self, device: FakeDevice, number: int) -> None:
        """Has one read of it fail with this error."""
        with self._moment:
            device.sent.append(number)
            self._moment.notify_all()

    def stall(self, device: FakeDevice, times: int = 1) -> None:
        """Has it refuse to send, so many times."""
        with self._moment:
            device.stalls = times
            self._moment.notify_all()

    def wait_for_silences(self, more: int) -> None:
        """Waits until so many more reads ran out of time."""
        with self._moment:
            wanted = self.silences + more
            assert self._moment.wait_for(lambda: self.silences >= wanted, timeout=20)

    # What pyusb asks ----------------------------------------------------------------------------------------

    def enumerate_devices(self) -> list[FakeDevice]:
        with self._moment:
            return list(self.devices)

    def get_device_descriptor(self, dev: FakeDevice) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=dev.vendor_id, idProduct=dev.product_id, bcdDevice=0x100,
            iManufacturer=0, iProduct=2, iSerialNumber=3 if dev.serial or 3 in dev.strings else 0,
            bNumConfigurations=1, address=dev.address, bus=1, port_number=dev.ports[-1],
            port_numbers=dev.ports, speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: FakeDevice, config: int) -> SimpleNamespace:
        if config:
            raise IndexError("there is one configuration")
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=0, bNumInterfaces=len(dev.interfaces),
            bConfigurationValue=1, iConfiguration=0, bmAttributes=0x80, bMaxPower=50, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: FakeDevice, intf: int, alt: int, config: int) -> SimpleNamespace:
        if alt or intf >= len(dev.interfaces):
            raise IndexError("there is no such interface")
        one = dev.interfaces[intf]
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=intf, bAlternateSetting=0, bNumEndpoints=1,
            bInterfaceClass=one.usb_class, bInterfaceSubClass=int(one.is_boot_keyboard),
            bInterfaceProtocol=int(one.is_boot_keyboard), iInterface=0, extra_descriptors=list(one.extra),
        )  # fmt: skip

    def get_endpoint_descriptor(
        self, dev: FakeDevice, ep: int, intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=0x81 + intf, bmAttributes=3,
            wMaxPacketSize=dev.interfaces[intf].packet_bytes, bInterval=8, bRefresh=0, bSynchAddress=0,
            extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: FakeDevice) -> _Handle:
        with self._moment:
            if not dev.is_there:
                raise _error(errno.ENODEV)
            if dev.denied:
                raise _error(errno.EACCES)
            self.log.append(("open", dev.address))
            return _Handle(dev, dev.address)

    def close_device(self, dev_handle: _Handle) -> None:
        with self._moment:
            self.log.append(("close", dev_handle.address))
            if self._is_there(dev_handle):
                claimed = dev_handle.device.claimed
                for number in [each for each, owner in claimed.items() if owner is dev_handle]:
                    del claimed[number]

    def get_configuration(self, dev_handle: _Handle) -> int:
        with self._moment:
            return int(self._there(dev_handle).is_configured)

    def claim_interface(self, dev_handle: _Handle, intf: int) -> None:
        with self._moment:
            device = self._there(dev_handle)
            if intf in device.driven or device.claimed.get(intf, dev_handle) is not dev_handle:
                raise _error(errno.EBUSY)
            device.claimed[intf] = dev_handle
            self.log.append(("claim", intf))

    def release_interface(self, dev_handle: _Handle, intf: int) -> None:
        with self._moment:
            del self._claimed(dev_handle, intf).claimed[intf]
            self.log.append(("release", intf))

    def is_kernel_driver_active(self, dev_handle: _Handle, intf: int) -> bool:
        with self._moment:
            return intf in self._there(dev_handle).driven

    def detach_kernel_driver(self, dev_handle: _Handle, intf: int) -> None:
        with self._moment:
            device = self._there(dev_handle)
            if intf not in device.driven:
                raise _error(errno.ENODATA)
            device.driven.remove(intf)
            self.log.append(("detach", intf))

    def attach_kernel_driver(self, dev_handle: _Handle, intf: int) -> None:
        with self._moment:
            device = self._there(dev_handle)
            if intf in device.driven or intf in device.claimed:
                raise _error(errno.EBUSY)
            device.driven.add(intf)
            self.log.append(("attach", intf))

    def ctrl_transfer(
        self,
        dev_handle: _Handle,
        request_type: int,
        request: int,
        value: int,
        index: int,
        data: array.array[int],
        timeout: int,
    ) -> int:
        with self._moment:
            device = self._there(dev_handle)
            kind, number = value >> 8, value & 0xFF
            answer: bytes | None = None
            if (request_type, request, kind) == (0x81, 0x06, 0x22):
                answer = self._claimed(dev_handle, index).interfaces[index].report_descriptor
            elif (request_type, request, kind) == (0x80, 0x06, 0x03):
                string = device.string(number)
                answer = string and bytes([len(string) + 2, 3]) + string
            if answer is None:
                raise _error(errno.EPIPE)
            answer = answer[: len(data)]
            data[: len(answer)] = array.array("B", answer)
            return len(answer)

    def intr_read(self, dev_handle: _Handle, ep: int, intf: int, buff: array.array[int], timeout: int) -> int:
        assert timeout > 0, "a read without an end would keep a source from closing"
        ends = time.monotonic() + timeout / 1000
        read = b""
        with self._moment:
            while True:
                device = self._claimed(dev_handle, intf)
                if device.stalls and not device.is_stalled:
                    device.stalls, device.is_stalled = device.stalls - 1, True
                if device.is_stalled:
                    raise _error(errno.EPIPE)
                if device.sent and not isinstance(device.sent[0], int):
                    packet = device.sent.popleft()
                    assert isinstance(packet, bytes)
                    if len(read) + len(packet) > len(buff):
                        raise _error(errno.EOVERFLOW)
                    read += packet
                    if len(read) == len(buff) or len(packet) < device.interfaces[intf].packet_bytes:
                        break
                elif device.sent and not read:
                    number = device.sent.popleft()
                    assert isinstance(number, int)
                    raise _error(number)
                elif not self._moment.wait(ends - time.monotonic()) and time.monotonic() >= ends:
                    if not read:
                        self.silences += 1
                        self._moment.notify_all()
                        raise usb.core.USBTimeoutError("timed out", -7, errno.ETIMEDOUT)
                    break
        buff[: len(read)] = array.array("B", read)
        return len(read)

    def clear_halt(self, dev_handle: _Handle, ep: int) -> None:
        with self._moment:
            self._there(dev_handle).is_stalled = False
            self.log.append(("clear", ep))

    def _is_there(self, handle: _Handle) -> bool:
        return handle.device.is_there and handle.device.address == handle.address

    def _there(self, handle: _Handle) -> FakeDevice:
        if not self._is_there(handle):
            raise _error(errno.ENODEV)
        return handle.device

    def _claimed(self, handle: _Handle, intf: int) -> FakeDevice:
        device = self._there(handle)
        if device.claimed.get(intf) is not handle:
            raise _error(errno.ENOENT)
        return device


def _error(number: int) -> Any:
    return usb.core.USBError(os.strerror(number), -number, number)
