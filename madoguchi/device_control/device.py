"""What a USB device is to us: what it says it is, where it is plugged in, what it could do. Pure.

Source of the class codes: "Defined Class Codes" of the USB-IF; HID 1.11, sections 4.1 to 4.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONGEST_TEXT: Final = 100
"""Characters that are kept of what a device calls itself."""

HID: Final = 0x03
STORAGE: Final = 0x08
HUB: Final = 0x09

_CLASS: Final = re.compile(r"([0-9a-f]{2}):([0-9a-f]{2}):([0-9a-f]{2})")
_PORT: Final = re.compile(r"usb[0-9]{1,3}|[0-9]{1,3}-[0-9]{1,3}(?:\.[0-9]{1,3})*")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_IDEOGRAPHIC_SPACE: Final = "\u3000"
_MOST_ID: Final = 0xFFFF


def is_plain(text: str) -> bool:
    """Whether every character can be seen, or is a space (U+0020, U+3000): no control, no line's end."""
    return all(each.isprintable() or each == _IDEOGRAPHIC_SPACE for each in text)


def plain(text_untrusted: str) -> str:
    """What a device calls itself, as it is kept: characters that can be seen, 100 at most. Never raises."""
    kept = "".join(each for each in text_untrusted if each.isprintable() or each == _IDEOGRAPHIC_SPACE)
    return kept[:LONGEST_TEXT]


@dataclass(frozen=True, slots=True, order=True)
class InterfaceClass:
    """What an interface does: class, subclass and protocol, each a byte. Ordered as numbers are."""

    base: int
    sub: int
    protocol: int

    def __str__(self) -> str:
        return f"{self.base:02x}:{self.sub:02x}:{self.protocol:02x}"

    @classmethod
    def parse(cls, text: str) -> InterfaceClass:
        """Reads "CC:SS:PP", in lower-case hex. Raises `ValueError` for anything else."""
        found = _CLASS.fullmatch(text)
        if found is None:
            raise ValueError(f"not a class like 03:01:01, but {text[:LONGEST_TEXT]!r}")
        return cls(*(int(part, 16) for part in found.groups()))


BOOT_KEYBOARD: Final = InterfaceClass(HID, 0x01, 0x01)


def interfaces_text(interfaces: tuple[InterfaceClass, ...]) -> str:
    """A set of interfaces as rules and texts under a MAC have it: sorted, with commas between them."""
    return ",".join(map(str, sorted(interfaces)))


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """A device that is plugged in.

    The three texts are cut and cleaned as `plain` does, the interfaces sorted, when the value is made.

    Attributes:
        instance: what tells this plugging-in from every other; opaque.
        port: where it is, as the kernel names it: "1-4.2"; "usb1" for a root hub.
        interfaces: as `descriptors.parse` counts them; empty: it has none, or they could not be read.
        digest: SHA-256 of its raw descriptors, hex; "": they could not be read.
        device_class: the class in its device descriptor; 0: its interfaces say it.
        is_root_hub: the kernel's own, of a controller; it was never plugged in.

    Raises:
        ValueError: a number, the port or the digest is none.
    """

    instance: str
    port: str
    vendor_id: int
    product_id: int
    serial_untrusted: str
    maker_untrusted: str
    name_untrusted: str
    interfaces: tuple[InterfaceClass, ...]
    digest: str
    device_class: int = 0
    is_root_hub: bool = False

    def __post_init__(self) -> None:
        if not (0 <= self.vendor_id <= _MOST_ID and 0 <= self.product_id <= _MOST_ID):
            raise ValueError("vendor and product are numbers of 16 bits")
        if _PORT.fullmatch(self.port) is None:
            raise ValueError(f"not a port like 1-4.2, but {self.port!r}")
        if self.digest and _DIGEST.fullmatch(self.digest) is None:
            raise ValueError("a digest is 64 hex digits")
        for text in ("serial_untrusted", "maker_untrusted", "name_untrusted"):
            object.__setattr__(self, text, plain(getattr(self, text)))
        object.__setattr__(self, "interfaces", tuple(sorted(self.interfaces)))

    @property
    def id_text(self) -> str:
        """Vendor and product, "VVVV:PPPP"."""
        return f"{self.vendor_id:04x}:{self.product_id:04x}"

    @property
    def is_hub(self) -> bool:
        """Other devices can be plugged into it."""
        return self.device_class == HUB or any(each.base == HUB for each in self.interfaces)

    @property
    def is_keyboard(self) -> bool:
        """It can type.

        That is every HID device, a mouse too: what it sends stands in its report descriptor, which nobody
        can read before it is open, and Linux takes keys from an interface that calls itself a mouse.
        """
        return any(each.base == HID for each in self.interfaces)

    @property
    def is_more_than_hid(self) -> bool:
        """It has an interface of another class than HID."""
        return any(each.base != HID for each in self.interfaces)

    @property
    def is_boot_keyboard_only(self) -> bool:
        """One interface, a boot keyboard's, and nothing else."""
        return self.interfaces == (BOOT_KEYBOARD,) and not self.is_hub

    @property
    def is_storage_only(self) -> bool:
        """A stick or a disk, and nothing else."""
        return (
            bool(self.interfaces)
            and not self.is_hub
            and all(each.base == STORAGE for each in self.interfaces)
        )
