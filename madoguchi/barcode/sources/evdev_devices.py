"""The keyboards that Linux knows, found through sysfs, and one of them taken so that nobody else reads it.

What a device says of itself is untrusted. A perfect copy cannot be told from what it copies.
"""

from __future__ import annotations

import contextlib
import os
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_keys import EV_LED, EV_SYN, KEY_ENTER, KEY_TAB, LED_CAPS_LOCK, KeyEvent
from madoguchi.barcode.sources.source import Device

# linux/input.h: _IOW('E', 0x90, int) and _IOW('E', 0xa0, int)
_EVIOCGRAB: Final = 0x40044590
_EVIOCSCLOCKID: Final = 0x400445A0
_CLOCK_MONOTONIC: Final = 1
_KEY_1: Final = 2
_KEY_0: Final = 11
_LONGEST_NAME: Final = 126
_WORD_BITS: Final = 64


class NotUsable(Exception):
    """The device is there and cannot be used; the message is what the system said of it, untrusted."""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """One node of a device that types; a device may have several.

    Attributes:
        node: below ``/dev/input``.
        device: whose it is. Without USB it has no vendor that anybody could tell it by.
        at: the device's directory in sysfs, the same for all its nodes.
    """

    node: Path
    device: Device
    at: Path


class Keyboards:
    """The keyboards of this machine. ``sysfs`` and ``nodes`` are other directories in tests."""

    def __init__(self, sysfs: Path = Path("/sys"), nodes: Path = Path("/dev/input")) -> None:
        self._sysfs = sysfs
        self._nodes = nodes

    def listed(self) -> tuple[Keyboard, ...]:
        """Everything that can type digits and end them, scanner or keyboard, in the order of its nodes."""
        events = self._sysfs.glob("class/input/event*/device")
        found = sorted(events, key=lambda path: int(path.parent.name.removeprefix("event") or "0"))
        return tuple(each for path in found if (each := self._keyboard(path)) is not None)

    def find(self, wanted: Device) -> tuple[Keyboard, ...]:
        """The nodes of the device that is wanted; none: it is not plugged in.

        Vendor and product must agree. A serial number decides where one is wanted, and the port where none
        is; the port decides also between two of one serial number, which cheap scanners have. Raises
        NotUsable where several devices fit.
        """
        fitting = [
            each
            for each in self.listed()
            if (each.device.vendor_id, each.device.product_id) == (wanted.vendor_id, wanted.product_id)
            and wanted.serial_untrusted in {"", each.device.serial_untrusted}
        ]
        several = len({each.at for each in fitting}) > 1
        if wanted.port and (several or not wanted.serial_untrusted):
            fitting = [each for each in fitting if each.device.port == wanted.port]
        if (number := len({each.at for each in fitting})) > 1:
            raise NotUsable(f"{number} devices fit: tell them apart by their port")
        return tuple(fitting)

    def take(self, keyboard: Keyboard) -> int:
        """Opens a node for reading without waiting, for us alone; its events are stamped in monotonic time.

        The lamp of Caps Lock is put out: some scanners look at it and turn their letters round, and nobody
        can switch it any more once the device is ours. Raises OSError: not there, not allowed, or somebody
        else has it.
        """
        import fcntl

        port = os.open(keyboard.node, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            fcntl.ioctl(port, _EVIOCSCLOCKID, _CLOCK_MONOTONIC.to_bytes(4, "little"))
            fcntl.ioctl(port, _EVIOCGRAB, 1)
        except BaseException:
            os.close(port)
            raise
        with contextlib.suppress(OSError):  # it has no lamps
            dark = KeyEvent(0, EV_LED, LED_CAPS_LOCK, 0), KeyEvent(0, EV_SYN, 0, 0)
            os.write(port, b"".join(event.packed() for event in dark))
        return port

    def let_go(self, port: int) -> None:
        """Closes what ``take`` opened, which ends the grab."""
        os.close(port)

    def _keyboard(self, path: Path) -> Keyboard | None:
        keys = _bits(_read(path / "capabilities/key"))
        if not all(keys >> code & 1 for code in range(_KEY_1, _KEY_0 + 1)):
            return None
        if not (keys >> KEY_ENTER | keys >> KEY_TAB) & 1:
            return None
        real = path.resolve()
        usb = next((above for above in real.parents if (above / "idVendor").is_file()), None)
        name = _read(path / "name")[:_LONGEST_NAME]
        node = self._nodes / path.parent.name
        if usb is None:
            return Keyboard(node, Device(Source.EVDEV, port=_read(path / "phys"), name_untrusted=name), real)
        device = Device(
            Source.EVDEV,
            _number(usb / "idVendor"),
            _number(usb / "idProduct"),
            _read(usb / "serial")[:_LONGEST_NAME],
            usb.name,
            name,
        )
        return Keyboard(node, device, usb)


def _read(path: Path) -> str:
    """A file of sysfs, which may be gone by now: then it is empty."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _number(path: Path) -> int:
    try:
        return int(_read(path), 16)
    except ValueError:
        return -1


def _bits(words: str) -> int:
    """A bitmap as sysfs writes it: words of a machine's length in hexadecimal digits, the highest first."""
    bits = 0
    for word in words.split():
        if not set(word) <= set(string.hexdigits):
            return 0
        bits = bits << _WORD_BITS | int(word, 16)
    return bits
