"""Reads a USB device's raw descriptors, as the kernel keeps them in sysfs. Pure.

The file `descriptors` has the device descriptor and then each configuration, whole. It comes from whatever
was plugged in, so it is hostile until read: each length is checked against what is there, every step moves
on, and anything unusual is refused with `BadDescriptors`; a device that cannot be read is not opened.

Source: "Universal Serial Bus Specification", revision 2.0, section 9.6; bounds of Linux
(`drivers/usb/core/config.c`): 8 configurations, 32 interfaces each.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from madoguchi.device_control.device import InterfaceClass

MOST_BYTES: Final = 0x40000
"""The longest file that is read: the device and four whole configurations. Real ones have some hundreds."""
MOST_CONFIGURATIONS: Final = 8
MOST_INTERFACES: Final = 64
"""Different interfaces of one device, over all its configurations and alternate settings."""

_DEVICE, _CONFIGURATION, _INTERFACE = 1, 2, 4
_DEVICE_BYTES: Final = 18
_CONFIGURATION_BYTES: Final = 9
_INTERFACE_BYTES: Final = 9
_HEAD_BYTES: Final = 2
_DEVICE_HEAD: Final = struct.Struct("<BB2x3BxHH5xB")
"""Length, type, class, subclass, protocol, vendor, product, number of configurations."""
_SAID_ELSEWHERE: Final = frozenset({0x00, 0xEF, 0xFF})
"""Device classes that claim nothing which drivers of a class believe: by interface, several, the maker's."""


class BadDescriptors(ValueError):
    """These are no descriptors of a device that we could know; the message says why."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a device says it is.

    Attributes:
        device_class: of the device descriptor; 0: the interfaces say it.
        interfaces: sorted; of every configuration and interface number, each different class, subclass and
            protocol that any of its alternate settings has. So nothing hides in an alternate setting, and ten
            that differ in bandwidth alone (a camera's) count once. Two interfaces that are alike count twice.
            The device's own class (other than 00, EF, FF) is one more, where none of its interfaces has it.
    """

    vendor_id: int
    product_id: int
    device_class: int
    interfaces: tuple[InterfaceClass, ...]


def parse(raw: bytes) -> Described:
    """Reads the whole file. Raises `BadDescriptors`, and nothing else, for whatever is none."""
    if len(raw) > MOST_BYTES:
        raise BadDescriptors(f"longer than {MOST_BYTES} bytes")
    if len(raw) < _DEVICE_BYTES:
        raise BadDescriptors("shorter than a device descriptor")
    length, kind, *own, vendor_id, product_id, configurations = _DEVICE_HEAD.unpack_from(raw)
    if (length, kind) != (_DEVICE_BYTES, _DEVICE):
        raise BadDescriptors("does not begin with a device descriptor")
    if not 1 <= configurations <= MOST_CONFIGURATIONS:
        raise BadDescriptors(f"a device has 1 to {MOST_CONFIGURATIONS} configurations")
    found: set[tuple[int, int, InterfaceClass]] = set()
    at = _DEVICE_BYTES
    for place in range(configurations):
        whole = _configuration(raw, at)
        for number, interface in _interfaces(whole):
            found.add((place, number, interface))
            if len(found) > MOST_INTERFACES:
                raise BadDescriptors(f"more than {MOST_INTERFACES} interfaces")
        at += len(whole)
    if at != len(raw):
        raise BadDescriptors("something stands behind the last configuration")
    interfaces = [interface for _, _, interface in found]
    own_class = InterfaceClass(*own)
    # Drivers may go by the device's class alone; then a set that is known would hide what it is.
    if own_class.base not in _SAID_ELSEWHERE and all(each.base != own_class.base for each in interfaces):
        interfaces.append(own_class)
    return Described(vendor_id, product_id, own_class.base, tuple(sorted(interfaces)))


def _configuration(raw: bytes, at: int) -> bytes:
    if len(raw) - at < _CONFIGURATION_BYTES:
        raise BadDescriptors("a configuration is missing")
    length, kind, total = struct.unpack_from("<BBH", raw, at)
    if kind != _CONFIGURATION or not _CONFIGURATION_BYTES <= length <= total:
        raise BadDescriptors("a configuration does not begin with its descriptor")
    if total > len(raw) - at:
        raise BadDescriptors("a configuration is cut")
    return raw[at : at + total]


def _interfaces(configuration: bytes) -> Iterator[tuple[int, InterfaceClass]]:
    """Number and class of every interface descriptor, alternate settings included."""
    at = configuration[0]
    while at < len(configuration):
        if len(configuration) - at < _HEAD_BYTES:
            raise BadDescriptors("cut within a descriptor's head")
        length, kind = configuration[at], configuration[at + 1]
        if length < _HEAD_BYTES or length > len(configuration) - at:
            raise BadDescriptors("a descriptor's length is wrong")
        if kind in (_DEVICE, _CONFIGURATION):
            raise BadDescriptors("a device or a configuration within a configuration")
        if kind == _INTERFACE:
            if length < _INTERFACE_BYTES:
                raise BadDescriptors("an interface's descriptor is too short")
            yield configuration[at + 2], InterfaceClass(*configuration[at + 5 : at + 8])
        at += length
