"""The USB devices of this machine: what they are, and whether the kernel lets anybody use them.

The kernel reads a device's descriptors when it is plugged in, before it is authorised; they lie in sysfs from
then on. So a device is judged by what it said to the kernel, and nothing is asked of it again.

Most of sysfs answers at once. What a device calls itself, and writing `authorized`, do not: for those the
kernel takes the device's lock, which it holds itself while it talks to the device, and a hub's for as long as
it tries to make out a device on one of its ports (many seconds, for one with a bad cable).
"""

from __future__ import annotations

import errno
import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from madoguchi.device_control.descriptors import MOST_BYTES, BadDescriptors, parse
from madoguchi.device_control.device import LONGEST_TEXT, UsbDevice, is_plain
from madoguchi.device_control.netlink import NAME

_GONE: Final = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ESHUTDOWN, errno.ENOTDIR})


_Mark = tuple[bytes, tuple[str, str, str]]
"""By which one that is plugged in is told from every other: descriptors and numbers."""


class Gone(Exception):
    """The device is not there any more, or another one is in its place."""


class Changed(Exception):
    """The device is no more what it was when it was judged; it is closed."""


class NotDone(Exception):
    """The kernel did not do what was written, or cannot say now what is asked. The message is its error."""


class Unreadable(Exception):
    """What a device says of itself is no description of a USB device.

    Attributes:
        device: as much of it as can be told: where it is, and no interface.
    """

    def __init__(self, device: UsbDevice) -> None:
        super().__init__(device.port)
        self.device = device


class Bus(Protocol):
    """What the agent asks of a USB bus."""

    def names(self) -> list[str]:
        """The names of all devices, hubs before what hangs on them."""

    def seen(self, name: str) -> UsbDevice | None:
        """Who a device is, if it is the one that was read there last; waits for nothing. Raises as `read`."""

    def read(self, name: str) -> UsbDevice:
        """Who a device is, now. Raises Gone, Unreadable, NotDone: it cannot be read at this moment."""

    def is_open(self, name: str) -> bool:
        """Whether the kernel lets it be used. Raises Gone, NotDone."""

    def authorize(self, device: UsbDevice) -> None:
        """Opens it, if it still is what it was. Whatever it raises, it has closed it again if it could.

        Raises:
            Gone, Changed, NotDone: it is not to be used.
        """

    def deauthorize(self, name: str) -> None:
        """Closes whatever is there under this name. Raises Gone, NotDone."""

    def close_by_default(self) -> bool:
        """Has every controller that is there close what is plugged in; returns whether one did not before."""


class SysfsBus:
    """The kernel's own tree. `root` is `/sys`, or a tree of the same shape."""

    def __init__(
        self, root: Path = Path("/sys"), boot_id: Path = Path("/proc/sys/kernel/random/boot_id")
    ) -> None:
        self._devices = root / "bus/usb/devices"
        self._boot = boot_id.read_text(encoding="ascii").strip()
        self._seen: dict[str, tuple[_Mark, UsbDevice, bool]] = {}
        """By name: what was read there last, and whether it can be told what it is. What it calls itself the
        kernel asks once for each that is plugged in, so there is no waiting for its lock again."""

    def names(self) -> list[str]:
        """As `Bus`. A machine without USB has none."""
        try:
            found = [entry.name for entry in self._devices.iterdir()]
        except FileNotFoundError:
            return []
        return sorted((name for name in found if NAME.fullmatch(name)), key=_place)

    def seen(self, name: str) -> UsbDevice | None:
        """As `Bus`."""
        mark, device, readable = self._seen.get(name, (None, None, False))
        if device is None or mark != self._mark(name):
            return None
        if not readable:
            raise Unreadable(device)
        return device

    def read(self, name: str) -> UsbDevice:
        """As `Bus`. The descriptors are read before and after the rest: it is one device throughout."""
        if (seen := self.seen(name)) is not None:
            return seen
        mark = self._mark(name)
        raw, numbers = mark
        digest = hashlib.sha256(raw).hexdigest()
        instance = hashlib.sha256("\n".join((name, *numbers, self._boot, digest)).encode()).hexdigest()[:32]
        serial, maker, said = self._calls_itself(name)
        if mark != self._mark(name):
            raise NotDone("it changed while it was read")
        readable = True
        try:
            found = parse(raw)
            vendor_id, product_id = found.vendor_id, found.product_id
            interfaces, device_class = found.interfaces, found.device_class
        except BadDescriptors:
            readable = False
            vendor_id, product_id, interfaces, device_class = 0, 0, (), 0xFF
        device = UsbDevice(
            instance=instance,
            port=name,
            vendor_id=vendor_id,
            product_id=product_id,
            serial_untrusted=serial,
            maker_untrusted=maker,
            name_untrusted=said,
            interfaces=interfaces,
            digest=digest,
            device_class=device_class,
            is_root_hub=name.startswith("usb"),
        )
        self._seen[name] = mark, device, readable
        if not readable:
            raise Unreadable(device)
        return device

    def is_open(self, name: str) -> bool:
        """As `Bus`."""
        return self._text(name, "authorized") != "0"

    def authorize(self, device: UsbDevice) -> None:
        """As `Bus`: who it is is read again before and after `authorized` is written."""
        self._same(device)
        try:
            self._write(device.port, "authorized", "1")
            self._same(device)
            if not self.is_open(device.port):
                raise NotDone("authorized is still 0")
        except (Gone, Changed, NotDone):
            # The kernel may have opened it and then failed, or another one is there by now. Whoever called
            # closes it again, and is told if that is not done.
            with suppress(Gone, NotDone):
                self.deauthorize(device.port)
            raise

    def deauthorize(self, name: str) -> None:
        """As `Bus`; that it is closed is read again."""
        self._write(name, "authorized", "0")
        if self.is_open(name):
            raise NotDone("authorized is still 1")

    def close_by_default(self) -> bool:
        """As `Bus`. A controller that will not is told by the floor, which is read from the command line."""
        changed = False
        for name in self.names():
            if name.startswith("usb"):
                with suppress(Gone, NotDone):
                    if self._text(name, "authorized_default") != "0":
                        self._write(name, "authorized_default", "0")
                        changed = True
        return changed

    def _same(self, device: UsbDevice) -> None:
        try:
            now = self.read(device.port)
        except Unreadable as error:
            raise Changed(device.port) from error
        if now != device:
            raise Changed(device.port)

    def _mark(self, name: str) -> _Mark:
        return self._raw(name), self._numbers(name)

    def _numbers(self, name: str) -> tuple[str, str, str]:
        bus, number = self._text(name, "busnum"), self._text(name, "devnum")
        if number == "0":
            # the kernel has it so while it resets the port
            raise NotDone("it is being reset")
        try:
            # device numbers come round again, behind 127; a directory's is another one each time
            return bus, number, str((self._devices / name).stat().st_ino)
        except OSError as error:
            raise _fault(name, error) from error

    def _raw(self, name: str) -> bytes:
        try:
            with (self._devices / name / "descriptors").open("rb", buffering=0) as file:
                raw = b""
                # more than is ever parsed is not read either
                while len(raw) <= MOST_BYTES and (more := file.read(MOST_BYTES)):
                    raw += more
                return raw
        except OSError as error:
            raise _fault(name, error) from error

    def _text(self, name: str, what: str) -> str:
        try:
            return (self._devices / name / what).read_bytes().decode("ascii", "replace").strip()
        except OSError as error:
            raise _fault(name, error) from error

    def _calls_itself(self, name: str) -> tuple[str, str, str]:
        if name.startswith("usb"):
            # a root hub is the kernel's own, and locked whenever one of its ports is slow
            return "", "", ""
        return self._said(name, "serial"), self._said(name, "manufacturer"), self._said(name, "product")

    def _said(self, name: str, what: str) -> str:
        """What a device calls itself; nothing, if it does not say."""
        try:
            raw = (self._devices / name / what).read_bytes()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise _fault(name, error) from error
        said = raw.removesuffix(b"\n").decode("utf-8", "replace")
        # replaced and marked, never left out: with something left out, it could be taken for another's
        shown = "".join(character if is_plain(character) else "\ufffd" for character in said)
        return shown if len(shown) <= LONGEST_TEXT else shown[: LONGEST_TEXT - 1] + "…"

    def _write(self, name: str, what: str, value: str) -> None:
        try:
            # never made: what is gone stays gone
            descriptor = os.open(self._devices / name / what, os.O_WRONLY | os.O_CLOEXEC)
            try:
                os.write(descriptor, value.encode("ascii"))
            finally:
                os.close(descriptor)
        except OSError as error:
            raise _fault(name, error) from error


def _fault(name: str, error: OSError) -> Gone | NotDone:
    """Only what the kernel says of a device that is not there any more means that."""
    return Gone(name) if error.errno in _GONE else NotDone(str(error))


def _place(name: str) -> tuple[bool, int, list[int]]:
    if name.startswith("usb"):
        return (False, int(name[3:]), [])
    bus, ports = name.split("-")
    return (True, int(bus), [int(port) for port in ports.split(".")])
