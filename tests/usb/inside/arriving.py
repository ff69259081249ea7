"""What is plugged in: devices that a policy knows, devices that nobody knows, and some that pretend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tests.usb.devices import KEYBOARD, POS_SCANNER

Function = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A device as the gadget makes it.

    Attributes:
        allowed: whether the policy of these tests (`RULES`) allows it.
    """

    name: str
    vendor: int
    product: int
    serial: str
    functions: tuple[Function, ...]
    allowed: bool = False


STICK: Final[Function] = {"kind": "storage"}
_ELSEWHERE: Final[Function] = {"configuration": 2}
MOUSE: Final[Function] = {
    "kind": "hid",
    "boot": 2,
    "length": 3,
    "report": (
        "05010902a1010901a100050919012903150025019503750181029501750581010501093009311581257f750895028106c0c0"
    ),
}


def raw(*interface: int) -> Function:
    """An interface of any class."""
    return {"kind": "raw", "interface": interface}


SCANNER: Final = Kind("scanner", 0x0C2E, 0x0901, "S1", (POS_SCANNER,), allowed=True)
TYPING: Final = Kind("scanner that types", 0x0C2E, 0x0902, "K1", (KEYBOARD,), allowed=True)
PRINTER: Final = Kind("printer", 0x04B8, 0x0E15, "", ({"kind": "printer"},), allowed=True)
REGISTERED: Final = (SCANNER, TYPING, PRINTER)

RULES: Final = """\
# what the tests' terminal knows
allow id 0c2e:0901 serial "S1" interfaces 03:00:00 as "Scanner 1" because "counter"
allow id 0c2e:0902 serial "K1" interfaces 03:01:01 as "Scanner 2" because "counter, types"
allow id 04b8:0e15 interfaces 07:01:02 as "Receipt printer" because "counter"
block as "everything else" because "nobody has registered it"
"""
NO_SCANNER: Final = "".join(line for line in RULES.splitlines(keepends=True) if "0901" not in line)
"""The same without the scanner."""

_NOBODY: Final = (0x1209, 0x0001)
UNKNOWN: Final = (
    Kind("stick", 0x0781, 0x5567, "4C530001", (STICK,)),
    Kind("stick without a serial number", 0x0781, 0x5567, "", (STICK,)),
    Kind("keyboard", 0x046D, 0xC31C, "", (KEYBOARD,)),
    Kind("mouse", 0x046D, 0xC077, "", (MOUSE,)),
    Kind("telephone as MTP", 0x04E8, 0x6860, "R58", (raw(6, 1, 1),)),
    Kind("telephone as MTP of a vendor's class", 0x18D1, 0x4EE1, "R59", (raw(0xFF, 0xFF, 0),)),
    Kind("serial line", 0x0403, 0x6015, "FT1", ({"kind": "serial"},)),
    Kind("network", 0x0BDA, 0x8153, "N1", ({"kind": "network"},)),
    Kind("tethering", 0x18D1, 0x4EE3, "R60", (raw(0xE0, 1, 3),)),
    Kind("Bluetooth", 0x0A12, 0x0001, "", (raw(0xE0, 1, 1),)),
    Kind("card reader", 0x076B, 0x3021, "C1", (raw(0x0B, 0, 0),)),
    Kind("camera", 0x046D, 0x0825, "V1", (raw(0x0E, 1, 0),)),
    Kind("another printer", 0x04B8, 0x0E28, "", ({"kind": "printer"},)),
    Kind("firmware", *_NOBODY, "", (raw(0xFE, 1, 1),)),
)
COMPOSITE: Final = (
    Kind("stick that types", 0x0781, 0x5568, "4C530002", (STICK, KEYBOARD)),
    Kind("mouse that types", 0x046D, 0xC52B, "", (MOUSE, KEYBOARD)),
    Kind("network that types", 0x0BDA, 0x8154, "N2", ({"kind": "network"}, KEYBOARD)),
    Kind("telephone with a stick in it", 0x04E8, 0x6861, "R61", (raw(6, 1, 1), STICK, {"kind": "serial"})),
    Kind("keyboard, and a stick elsewhere", 0x046D, 0xC31D, "", (KEYBOARD, STICK | _ELSEWHERE)),
)
IMPOSTORS: Final = (
    Kind("scanner with a stick", 0x0C2E, 0x0901, "S1", (POS_SCANNER, STICK)),
    Kind("scanner with a stick before", 0x0C2E, 0x0901, "S1", (STICK, POS_SCANNER)),
    Kind("scanner with a stick elsewhere", 0x0C2E, 0x0901, "S1", (POS_SCANNER, STICK | _ELSEWHERE)),
    Kind("scanner twice", 0x0C2E, 0x0901, "S1", (POS_SCANNER, POS_SCANNER)),
    Kind("scanner of another number", 0x0C2E, 0x0901, "S2", (POS_SCANNER,)),
    Kind("scanner without a number", 0x0C2E, 0x0901, "", (POS_SCANNER,)),
    Kind("scanner with a blank more", 0x0C2E, 0x0901, "S1 ", (POS_SCANNER,)),
    Kind("scanner in wide letters", 0x0C2E, 0x0901, "\uff33\uff11", (POS_SCANNER,)),
    Kind("stick as scanner", 0x0C2E, 0x0901, "S1", (STICK,)),
    Kind("keyboard as scanner", 0x0C2E, 0x0901, "S1", (KEYBOARD,)),
    Kind("MTP as scanner", 0x0C2E, 0x0901, "S1", (raw(6, 1, 1),)),
    Kind("scanner that types, with a stick", 0x0C2E, 0x0902, "K1", (KEYBOARD, STICK)),
    Kind("scanner that types, of another number", 0x0C2E, 0x0902, "K2", (KEYBOARD,)),
    Kind("printer that types", 0x04B8, 0x0E15, "", ({"kind": "printer"}, KEYBOARD)),
    Kind("printer with a stick elsewhere", 0x04B8, 0x0E15, "", ({"kind": "printer"}, STICK | _ELSEWHERE)),
)
KINDS: Final = REGISTERED * 4 + UNKNOWN + COMPOSITE + IMPOSTORS
