"""Devices to decide on, and their raw descriptors as the kernel would keep them."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence

from madoguchi.device_control.device import InterfaceClass, UsbDevice

KEYBOARD, MOUSE, POS, STORAGE, UAS = "03:01:01", "03:01:02", "03:00:00", "08:06:50", "08:06:62"
HUB, SERIAL, SERIAL_DATA, MTP, PRINTER = "09:00:00", "02:02:01", "0a:00:00", "06:01:01", "07:01:02"


def classes(text: str) -> tuple[InterfaceClass, ...]:
    return tuple(InterfaceClass.parse(each) for each in text.split(",")) if text else ()


def interface(number: int, kind: str, alternate: int = 0) -> bytes:
    """An interface descriptor with one endpoint behind it."""
    said = InterfaceClass.parse(kind)
    head = bytes([9, 4, number, alternate, 1, said.base, said.sub, said.protocol, 0])
    return head + bytes([7, 5, 0x81 + number, 3, 8, 0, 10])


def configuration(*parts: bytes, interfaces: int = 1) -> bytes:
    body = b"".join(parts)
    return struct.pack("<BBHBBBBB", 9, 2, 9 + len(body), interfaces, 1, 0, 0x80, 50) + body


def described(
    *configurations: bytes, vendor_id: int = 0x046D, product_id: int = 0xC31C, device_class: int = 0
) -> bytes:
    """The whole file."""
    head = struct.pack(
        "<BBHBBBBHHHBBBB",
        18, 1, 0x0200, device_class, 0, 0, 64, vendor_id, product_id, 0x0100, 1, 2, 3, len(configurations),
    )  # fmt: skip
    return head + b"".join(configurations)


def raw_of(kinds: Sequence[str], device_class: int = 0) -> bytes:
    """The file of a device with one configuration, and an interface of each kind."""
    parts = [interface(number, kind) for number, kind in enumerate(kinds)]
    return described(configuration(*parts, interfaces=len(parts)), device_class=device_class)


def device(
    interfaces: str = KEYBOARD,
    *,
    id: str = "046d:c31c",
    serial: str = "",
    port: str = "1-1",
    instance: str = "",
    device_class: int = 0,
    is_root_hub: bool = False,
    name: str = "",
) -> UsbDevice:
    vendor, product = id.split(":")
    said = f"{id} {serial} {port} {interfaces}"
    return UsbDevice(
        instance=instance or said,
        port=port,
        vendor_id=int(vendor, 16),
        product_id=int(product, 16),
        serial_untrusted=serial,
        maker_untrusted="Example",
        name_untrusted=name,
        interfaces=classes(interfaces),
        digest=hashlib.sha256(said.encode()).hexdigest(),
        device_class=device_class,
        is_root_hub=is_root_hub,
    )
