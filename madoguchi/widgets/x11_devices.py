"""What is asked of the X server itself, on Qt's own connection to it, through libX11, libXi and libxcb.

Xlib's calls are used for what XInput 2 has, because Qt silences Xlib's errors: a device that is unplugged
between two questions makes a call fail, and ends nothing.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_long, c_ubyte, c_ulong, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.source import Device

ALL_MASTERS: Final = 1
"""In place of a device's number: whatever is plugged in."""

_SLAVE_KEYBOARD = 4
_RAW_PRESS, _RAW_RELEASE = 13, 14
_ANY_TYPE = 0
_SYS_INPUT: Final = Path("/sys/class/input")


class _DeviceInfo(Structure):
    _fields_ = (
        ("deviceid", c_int),
        ("name", c_char_p),
        ("use", c_int),
        ("attachment", c_int),
        ("enabled", c_int),
        ("num_classes", c_int),
        ("classes", c_void_p),
    )


class _EventMask(Structure):
    _fields_ = (("deviceid", c_int), ("mask_len", c_int), ("mask", POINTER(c_ubyte)))


@dataclass(frozen=True, slots=True)
class XDevice:
    """A keyboard as the X server knows it: by a number that is another one after every start."""

    number: int
    device: Device


class XServer:
    """Qt's connection to the server. Raises OSError where a library is missing, LookupError an extension."""

    def __init__(self, display: int, connection: int) -> None:
        self._x11, self._xi = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXi.so.6")
        self._xcb = ctypes.CDLL("libxcb.so.1")
        self._declare()
        self._display, self.connection = c_void_p(display), connection
        self._root = self._x11.XDefaultRootWindow(self._display)
        self.input_extension, _ = self._extension(b"XInputExtension")
        _, self.keyboard_event = self._extension(b"XKEYBOARD")
        major, minor = c_int(2), c_int(4)
        # Qt has settled this already unless it was told to leave XInput 2 alone
        self._xi.XIQueryVersion(self._display, byref(major), byref(minor))
        self._node = self._atom(b"Device Node")
        self._product = self._atom(b"Device Product ID")
        self._simulated = self._atom(b"XTEST Device")

    def _declare(self) -> None:
        x11, xi, xcb = self._x11, self._xi, self._xcb
        x11.XDefaultRootWindow.argtypes, x11.XDefaultRootWindow.restype = [c_void_p], c_ulong
        x11.XInternAtom.argtypes, x11.XInternAtom.restype = [c_void_p, c_char_p, c_int], c_ulong
        x11.XQueryExtension.argtypes = [c_void_p, c_char_p, *[POINTER(c_int)] * 3]
        x11.XFree.argtypes = [c_void_p]
        x11.XFlush.argtypes = [c_void_p]
        xi.XIQueryVersion.argtypes = [c_void_p, POINTER(c_int), POINTER(c_int)]
        xi.XIQueryDevice.argtypes = [c_void_p, c_int, POINTER(c_int)]
        xi.XIQueryDevice.restype = POINTER(_DeviceInfo)
        xi.XIFreeDeviceInfo.argtypes = [POINTER(_DeviceInfo)]
        xi.XISelectEvents.argtypes = [c_void_p, c_ulong, POINTER(_EventMask), c_int]
        xi.XIGetProperty.argtypes = [
            *(c_void_p, c_int, c_ulong, c_long, c_long, c_int, c_ulong),
            *(POINTER(c_ulong), POINTER(c_int), POINTER(c_ulong), POINTER(c_ulong), POINTER(c_void_p)),
        ]
        xcb.xcb_send_event.argtypes = [c_void_p, c_ubyte, ctypes.c_uint32, ctypes.c_uint32, c_char_p]
        xcb.xcb_send_event.restype = ctypes.c_uint64
        xcb.xcb_flush.argtypes = [c_void_p]

    def _extension(self, name: bytes) -> tuple[int, int]:
        number, event, error = c_int(), c_int(), c_int()
        if not self._x11.XQueryExtension(self._display, name, byref(number), byref(event), byref(error)):
            raise LookupError(f"the X server has no {name.decode()}")
        return number.value, event.value

    def _atom(self, name: bytes) -> int:
        return int(self._x11.XInternAtom(self._display, name, 0))

    def select_raw_keys(self, devices: Iterable[int], *, on: bool) -> None:
        """From now on the raw keys of these devices come, or come no more."""
        bits = (c_ubyte * 4)()
        if on:
            for kind in (_RAW_PRESS, _RAW_RELEASE):
                bits[kind >> 3] |= 1 << (kind & 7)
        for number in devices:
            # one by one: a device that is gone must not take the others with it
            mask = _EventMask(number, len(bits), bits)
            self._xi.XISelectEvents(self._display, self._root, byref(mask), 1)
        self._x11.XFlush(self._display)

    def send(self, window: int, wire: bytes) -> None:
        """Sends a key's event to one of our own windows: it arrives behind all that is on its way."""
        self._xcb.xcb_send_event(self.connection, 0, window, 0, wire)
        self._xcb.xcb_flush(self.connection)

    def keyboards(self, sys_input: Path = _SYS_INPUT) -> tuple[XDevice, ...]:
        """Every keyboard that is plugged in and in use; programs that simulate one are none."""
        count = c_int()
        found = self._xi.XIQueryDevice(self._display, 0, byref(count))
        if not found:
            return ()
        try:
            slaves = [
                (info.deviceid, (info.name or b"").decode("utf-8", "replace"))
                for info in found[: count.value]
                if info.use == _SLAVE_KEYBOARD and info.enabled
            ]
        finally:
            self._xi.XIFreeDeviceInfo(found)
        return tuple(
            XDevice(number, self._device(number, name, sys_input))
            for number, name in slaves
            if not self._property(number, self._simulated)
        )

    def _device(self, number: int, name: str, sys_input: Path) -> Device:
        product = self._property(number, self._product)
        vendor_id, product_id = (
            int.from_bytes(product[at : at + 4], "little") if len(product) == 8 else -1 for at in (0, 4)
        )
        node = self._property(number, self._node).rstrip(b"\0").decode("utf-8", "replace")
        serial, port = place_of(node, sys_input) if node else ("", "")
        return Device(Source.WEDGE, vendor_id, product_id, serial, port, name)

    def _property(self, number: int, atom: int) -> bytes:
        kind, bits, items, left, data = c_ulong(), c_int(), c_ulong(), c_ulong(), c_void_p()
        failed = self._xi.XIGetProperty(
            self._display, number, atom, 0, 64, 0, _ANY_TYPE,
            byref(kind), byref(bits), byref(items), byref(left), byref(data),
        )  # fmt: skip
        if failed or not data.value:
            return b""
        try:
            return ctypes.string_at(data.value, items.value * bits.value // 8)
        finally:
            self._x11.XFree(data)


def place_of(node: str, sys_input: Path = _SYS_INPUT) -> tuple[str, str]:
    """The serial number of a device node such as ``/dev/input/event5``, and the socket it is plugged into."""

    def said(what: str) -> str:
        try:
            return (sys_input / Path(node).name / "device" / what).read_text("utf-8", "replace").strip()
        except OSError:
            return ""

    # phys is the way to the device's interface, such as usb-0000:00:14.0-4.2/input0
    return said("uniq"), said("phys").partition("/")[0]
