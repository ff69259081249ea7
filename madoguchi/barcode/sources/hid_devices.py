"""Finds a USB scanner through pyusb and takes hold of the one interface that it sends its scans by.

Whatever a device says of itself is untrusted. Its strings are read by a request that it may answer with
anything (nothing, half a surrogate pair): that is then an empty string. Two devices may say the same of
themselves, and nobody can tell a perfect copy from the device that it copies.
"""

from __future__ import annotations

import contextlib
import errno
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import usb.backend.libusb1
import usb.core
import usb.util

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.hid_descriptor import (
    MAX_BYTES,
    DescriptorError,
    Kind,
    ReportMap,
    read_descriptor,
)
from madoguchi.barcode.sources.hid_layout import scan_layouts, vendor_reports
from madoguchi.barcode.sources.hid_reports import (
    Assembler,
    BarCodeAssembler,
    PacketJoiner,
    RawText,
    RawTextAssembler,
)
from madoguchi.barcode.sources.source import Device, Received

_HID_CLASS: Final = 0x03
_BOOT_INTERFACE: Final = 0x01
_VENDOR_CLASS: Final = 0xFF
_HID_DESCRIPTOR: Final = 0x21
_REPORT_DESCRIPTOR: Final = 0x22
_GET_DESCRIPTOR: Final = 0x06
_CONTROL_MS: Final = 1000

_loading = threading.Lock()

_TROUBLE: Final = (usb.core.USBError, ValueError, IndexError, NotImplementedError)
"""What pyusb raises for a device that fails, that answers nonsense, or that is not for us."""


class NotUsable(Exception):
    """The device is there and cannot be used; the message is what the system said of it, untrusted."""


class Gone(Exception):
    """The device is not there any more."""


class Stalled(Exception):
    """The device refuses to send until its endpoint is cleared."""


class Lost(Exception):
    """A part of what it sent did not arrive."""


def libusb() -> Any:
    """The real USB. Raises NotUsable where libusb is not installed."""
    with _loading:  # pyusb keeps one for all, and two threads would load two
        backend = usb.backend.libusb1.get_backend()
    if backend is None:
        raise NotUsable("libusb-1.0 is not installed")
    return backend


def port_of(device: Any) -> str:
    """Where a device is plugged in, as Linux writes it: bus and ports, ``1-4.2``; empty: nobody knows."""
    ports = device.port_numbers
    return f"{device.bus}-{'.'.join(str(port) for port in ports)}" if ports else ""


def identity(device: Any) -> Device:
    """Who a device says it is. Opens it to read its strings; they stay empty where that is not allowed."""
    return Device(
        Source.HID,
        device.idVendor,
        device.idProduct,
        _string(device, device.iSerialNumber),
        port_of(device),
        _string(device, device.iProduct),
    )


def candidates(backend: Any) -> tuple[Device, ...]:
    """The devices that are plugged in and might send scans, for set-up. Their strings are untrusted.

    A keyboard is none (a scanner that types is read by other ways). Whether one is a scanner is seen only
    once its interface is held. Nothing is taken from anybody here. Raises NotUsable where USB is not
    there.
    """
    found = []
    for device in _all(backend):
        try:
            if any(_may_send(each) for each in device[0]):
                found.append(identity(device))
        except _TROUBLE:
            continue
        finally:
            usb.util.dispose_resources(device)
    return tuple(found)


def find(wanted: Device, backend: Any) -> Any:
    """The pyusb device that is wanted; None: it is not plugged in.

    Vendor and product must agree. A serial number decides where one is wanted, and the port where none is;
    the port decides also between two of one serial number, which cheap scanners have. Raises NotUsable where
    one fits and may not be opened, or where several fit.
    """
    fitting = []
    refused = None
    for device in _all(backend):
        if (device.idVendor, device.idProduct) != (wanted.vendor_id, wanted.product_id):
            continue
        if not wanted.serial_untrusted:
            fitting.append(device)
            continue
        try:
            device.get_active_configuration()
        except _TROUBLE as trouble:
            refused = reason(trouble)  # which one it is cannot be read
            continue
        if _string(device, device.iSerialNumber) == wanted.serial_untrusted:
            fitting.append(device)
        else:
            usb.util.dispose_resources(device)
    if wanted.port and (len(fitting) > 1 or not wanted.serial_untrusted):
        fitting = [device for device in fitting if port_of(device) == wanted.port]
    if len(fitting) > 1:
        for device in fitting:
            usb.util.dispose_resources(device)
        raise NotUsable(f"{len(fitting)} devices fit: tell them apart by their port")
    if not fitting and refused is not None:
        raise NotUsable(refused)
    return fitting[0] if fitting else None


def reason(trouble: BaseException) -> str:
    """What the system said, as one line of text that is not trusted."""
    said = getattr(trouble, "strerror", None) or str(trouble) or type(trouble).__name__
    return str(said)[:200]


@dataclass(slots=True)
class Held:
    """One interface of a device, claimed by us, with what its reports mean.

    Attributes:
        device: of pyusb.
        number: the interface.
        endpoint: the address that it sends by.
        was_driven: a driver of the kernel was taken off it, and is put back.
        packets: joins what reads bring.
        scans: makes scans of reports.
    """

    device: Any
    number: int
    endpoint: int
    was_driven: bool
    packets: PacketJoiner
    scans: Assembler

    def read(self, timeout_ms: int) -> bytes | None:
        """What it sends; None: nothing came in that time. Raises Gone, Stalled, Lost."""
        try:
            return bytes(self.device.read(self.endpoint, self.packets.read_bytes, timeout_ms))
        except usb.core.USBTimeoutError:
            return None
        except usb.core.USBError as trouble:
            if trouble.errno == errno.EPIPE:
                raise Stalled(reason(trouble)) from trouble
            if trouble.errno == errno.EOVERFLOW:
                raise Lost(reason(trouble)) from trouble
            raise Gone(reason(trouble)) from trouble

    def scans_of(self, read: bytes, at: float) -> list[Received]:
        """The scans that this read, at this moment, ended."""
        report = self.packets.feed(read)
        return [] if report is None else self.scans.feed(report, at)

    def lost(self) -> None:
        """Something did not arrive: what is on its way will not count."""
        self.packets.silence()
        self.scans.lost()

    def silence(self) -> None:
        """Nothing more is coming: what is on its way is dropped."""
        self.packets.silence()
        self.scans.silence()

    def clear(self) -> None:
        """Ends a stall. Raises Gone where that cannot be."""
        try:
            self.device.clear_halt(self.endpoint)
        except _TROUBLE as trouble:
            raise Gone(reason(trouble)) from trouble

    def let_go(self) -> None:
        """Releases the interface and gives it back to the kernel's driver, if it had one."""
        _give_back(self.device, self.number, self.was_driven)
        usb.util.dispose_resources(self.device)


def hold(device: Any, raw: RawText | None) -> Held:
    """Takes hold of the interface that scans come by: of the bar code page, or with ``raw`` of its vendor's.

    Interfaces that are not it get their driver back at once; a keyboard's or mouse's is never touched. Raises
    NotUsable, Gone.
    """
    why = "no interface of it can send scans"
    try:
        for interface in device.get_active_configuration():
            if _may_send(interface):
                try:
                    return _held(device, interface, raw)
                except _TROUBLE as trouble:
                    _raise_gone(trouble)
                    why = reason(trouble)
    except _TROUBLE as trouble:
        _raise_gone(trouble)
        why = reason(trouble)
    usb.util.dispose_resources(device)
    raise NotUsable(why)


def _raise_gone(trouble: BaseException) -> None:
    if getattr(trouble, "errno", None) == errno.ENODEV:
        raise Gone(reason(trouble)) from trouble


def _held(device: Any, interface: Any, raw: RawText | None) -> Held:
    """Raises DescriptorError where this is not the one, and what pyusb raises; then it is as it was."""
    number = interface.bInterfaceNumber
    was_driven = _is_driven(device, number)
    if was_driven:
        device.detach_kernel_driver(number)
    try:
        usb.util.claim_interface(device, number)
        address, packet_bytes = next(_endpoints(interface))
        if interface.bInterfaceClass == _VENDOR_CLASS:
            if raw is None:
                raise DescriptorError("it sends as its vendor likes: how its text is sent must be set")
            packets = PacketJoiner({}, False, packet_bytes)
            return Held(
                device, number, address, was_driven, packets, RawTextAssembler(raw, frozenset({0}), {})
            )
        reports = read_descriptor(_report_descriptor(device, interface))
        packets = PacketJoiner(reports.lengths(Kind.INPUT), reports.is_numbered, packet_bytes)
        return Held(device, number, address, was_driven, packets, _assembler(reports, raw))
    except BaseException:
        _give_back(device, number, was_driven)
        raise


def _assembler(reports: ReportMap, raw: RawText | None) -> Assembler:
    if raw is not None:
        numbers = vendor_reports(reports)
        if not numbers:
            raise DescriptorError("no report of it is on its vendor's page")
        return RawTextAssembler(raw, numbers, reports.lengths(Kind.INPUT))
    layouts = scan_layouts(reports)
    if not layouts:
        raise DescriptorError("no report of it is on the bar code scanner page")
    return BarCodeAssembler(layouts)


def _report_descriptor(device: Any, interface: Any) -> bytes:
    """The descriptor as the device sends it, which takes a claimed interface (HID 1.11, 7.1.1)."""
    asked = _descriptor_bytes(bytes(interface.extra_descriptors))
    if asked > MAX_BYTES:
        raise DescriptorError(f"its report descriptor is longer than {MAX_BYTES} bytes")
    read = device.ctrl_transfer(
        usb.util.build_request_type(
            usb.util.CTRL_IN, usb.util.CTRL_TYPE_STANDARD, usb.util.CTRL_RECIPIENT_INTERFACE
        ),
        _GET_DESCRIPTOR,
        _REPORT_DESCRIPTOR << 8,
        interface.bInterfaceNumber,
        asked,
        _CONTROL_MS,
    )
    if len(read) < asked:
        raise DescriptorError("its report descriptor is cut")
    return bytes(read)


def _descriptor_bytes(extra: bytes) -> int:
    """The length of the report descriptor, from the HID descriptor behind the interface (HID 1.11, 6.2.1)."""
    while len(extra) >= 2 and extra[0] >= 2:
        one, extra = extra[: extra[0]], extra[extra[0] :]
        if one[1] == _HID_DESCRIPTOR:
            for at in range(6, len(one) - 2, 3):
                if one[at] == _REPORT_DESCRIPTOR:
                    return int.from_bytes(one[at + 1 : at + 3], "little")
    raise DescriptorError("it does not say that it has a report descriptor")


def _may_send(interface: Any) -> bool:
    """Whether scans may come by an interface: HID and no keyboard or mouse, or of the vendor's own."""
    return (
        not interface.bAlternateSetting
        and (
            (interface.bInterfaceClass == _HID_CLASS and interface.bInterfaceSubClass != _BOOT_INTERFACE)
            or interface.bInterfaceClass == _VENDOR_CLASS
        )
        and next(_endpoints(interface), None) is not None
    )


def _endpoints(interface: Any) -> Iterator[tuple[int, int]]:
    """Address and packet length of each endpoint by which an interface may send at any time."""
    for endpoint in interface:
        if (
            usb.util.endpoint_direction(endpoint.bEndpointAddress) == usb.util.ENDPOINT_IN
            and usb.util.endpoint_type(endpoint.bmAttributes) == usb.util.ENDPOINT_TYPE_INTR
        ):
            yield endpoint.bEndpointAddress, endpoint.wMaxPacketSize & 0x7FF


def _is_driven(device: Any, number: int) -> bool:
    try:
        return bool(device.is_kernel_driver_active(number))
    except NotImplementedError:  # Windows knows no such thing
        return False


def _give_back(device: Any, number: int, was_driven: bool) -> None:
    with contextlib.suppress(*_TROUBLE):
        usb.util.release_interface(device, number)
    if was_driven:
        with contextlib.suppress(*_TROUBLE):
            device.attach_kernel_driver(number)


def _all(backend: Any) -> list[Any]:
    try:
        return list(usb.core.find(find_all=True, backend=backend))
    except _TROUBLE as trouble:
        raise NotUsable(reason(trouble)) from trouble


def _string(device: Any, index: int) -> str:
    """At most 126 characters, as many as a string of USB can have; empty where it cannot be read."""
    if not index:
        return ""
    try:
        return str(usb.util.get_string(device, index))
    except _TROUBLE:
        return ""
