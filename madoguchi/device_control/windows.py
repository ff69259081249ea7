"""A policy as Windows' *Device Installation Restrictions*. Pure. **Never run there**: made from documents.

Sources: DeviceInstallation.admx and its Policy CSP (names of the values, what goes before what); "Manage
Device Installation with Group Policy" (what has to be allowed below a device); "Standard USB Identifiers";
"HIDClass Hardware IDs for Top-Level Collections"; `IRP_MN_QUERY_ID` (what an ID may hold).

The default is `DenyUnspecified`: what no list names is not installed. The layered order (`AllowDenyLayered`)
is off on purpose: while it is on, Windows ignores `DenyUnspecified`, and what is not named is let in. Without
it every deny goes before every allow, so an order of rules that needs it otherwise is narrowed: rules that
Windows cannot keep are left out, never widened, and `Compiled.findings` says so of each.

What a set of interfaces is, Windows cannot be told. The nearest that it has: the classes that no rule which
is kept allows are denied by their compatible IDs (`USB\\Class_08`), for devices already installed, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from madoguchi.device_control.device import HID, HUB, STORAGE
from madoguchi.device_control.policy import Policy, Rule

KEY: Final = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\DeviceInstall\Restrictions"
LISTS: Final = (
    "AllowDeviceIDs",
    "AllowInstanceIDs",
    "AllowDeviceClasses",
    "DenyDeviceIDs",
    "DenyInstanceIDs",
    "DenyDeviceClasses",
)
"""Each is a switch (a number in `KEY`) and a key of its own below it, with texts called 1, 2, 3…"""

CONTROLLERS: Final = (
    r"PCI\CC_0C03",
    r"PCI\CC_0C0330",
    r"USB\ROOT_HUB",
    r"USB\ROOT_HUB20",
    r"USB\ROOT_HUB30",
)
"""Controllers and their root hubs: nothing that is plugged in, and without them nothing is found."""

_SEVERAL: Final = 0xEF
_VENDOR: Final = 0xFF
_ALL_CLASSES: Final = range(0x01, 0x100)
_MOST_COLLECTIONS: Final = 8
_WITHOUT_CHILDREN: Final = frozenset({0x02, HID, HUB, 0x0A, 0x0B, _VENDOR})
"""Classes below which Windows makes no further devices, or (HID) such whose IDs are known beforehand."""
# U+0021 to U+007E without a comma; a serial number of others is none to Windows. Rules hold no \ and no ".
_SERIAL: Final = re.compile(r"[!-+\--~]{1,100}")


class Cannot(StrEnum):
    """What Windows cannot be told, and what was done about it."""

    VENDOR = "vendor"
    """Left out: there is no ID for all devices of a vendor."""
    PORT = "port"
    """Left out: it would be allowed at every port."""
    SERIAL = "serial"
    """Left out: Windows takes a serial number with such characters for none."""
    STORAGE = "storage"
    """Left out: a disk's ID below a stick is not known beforehand."""
    AFTER_BLOCK = "after_block"
    """Left out: a block before it, which Windows cannot be told, could be about the same device."""
    INTERFACES = "interfaces"
    """Kept, but not the whole set: another device with these IDs is closed only by classes no rule has."""
    CHILDREN = "children"
    """Kept, but what Windows makes of it (a print queue, say) has IDs that must be added by hand."""
    BROADER = "broader"
    """A block that closes more: every interface set, every port."""
    BY_DEFAULT = "by_default"
    """A block that is not said: what it is about is closed because nothing allows it."""
    ONE_AT_A_TIME = "one_at_a_time"
    """Of the whole policy: a second keyboard is not told from the first."""
    WHOLE_COMPUTER = "whole_computer"
    """Of the whole policy: new devices that are not on USB are not installed either."""
    INSTALLED_BEFORE = "installed_before"
    """Of the whole policy: what was installed before stays, unless its ID or its class is denied."""


_LEFT_OUT: Final = frozenset({Cannot.VENDOR, Cannot.PORT, Cannot.SERIAL, Cannot.STORAGE, Cannot.AFTER_BLOCK})


@dataclass(frozen=True, slots=True)
class RegistryValue:
    """One value; a number is a REG_DWORD, a text a REG_SZ."""

    key: str
    name: str
    value: int | str


@dataclass(frozen=True, slots=True)
class Finding:
    """What Windows cannot be told of a rule; of the whole policy, if it is None."""

    rule: Rule | None
    what: Cannot

    @property
    def is_left_out(self) -> bool:
        """The rule allows nothing there."""
        return self.what in _LEFT_OUT


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy for Windows.

    Attributes:
        values: all that has to stand in the registry. The lists' keys have to be emptied before.
        findings: what it does not say, in the order of the rules.
    """

    values: tuple[RegistryValue, ...]
    findings: tuple[Finding, ...]


def compile_policy(policy: Policy) -> Compiled:
    """Makes a policy into values of the registry. Nothing is let in that no rule allows by its id."""
    making = _Making()
    for rule in policy.rules:
        if rule.allows:
            making.allow(rule)
        else:
            making.block(rule)
    return making.finish()


def reg_text(compiled: Compiled) -> str:
    """The values as a file for `reg import`; it is written in UTF-16 (`reg_bytes`). Lines end with CR LF."""
    lines = ["Windows Registry Editor Version 5.00", "", "; Made from a policy; never run on Windows."]
    for finding in compiled.findings:
        lines.append(f"; {finding.what.value}: {finding.rule or 'the whole policy'}")
    lines += ["", *(f"[-{KEY}\\{name}]" for name in LISTS)]
    key = ""
    for value in compiled.values:
        if value.key != key:
            key = value.key
            lines += ["", f"[{key}]"]
        lines.append(f"{_quoted(value.name)}={_data(value.value)}")
    return "".join(f"{line}\r\n" for line in lines)


def reg_bytes(compiled: Compiled) -> bytes:
    """The file's bytes: UTF-16, little-endian, with its mark."""
    return b"\xff\xfe" + reg_text(compiled).encode("utf-16-le")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _data(value: int | str) -> str:
    return f"dword:{value:08x}" if isinstance(value, int) else _quoted(value)


class _Making:
    def __init__(self) -> None:
        self._lists: dict[str, list[str]] = {name: [] for name in LISTS}
        self._lists["AllowDeviceIDs"] += CONTROLLERS
        self._kept: list[Rule] = []
        self._unsaid: list[Rule] = []
        self._findings: list[Finding] = []

    def allow(self, rule: Rule) -> None:
        cannot = self._why_not(rule)
        if cannot is not None:
            self._find(rule, cannot)
            return
        self._kept.append(rule)
        self._find(rule, Cannot.INTERFACES)
        device, interfaces = _device_id(rule), rule.interfaces or ()
        if rule.serial is None:
            self._list("AllowDeviceIDs", [device])
        else:
            self._list("AllowInstanceIDs", [f"{device}\\{rule.serial}"])
        # What is below is allowed by its make alone: it is there only if what is above it was let in.
        parts = [""] if len(interfaces) == 1 else [f"&MI_{number:02X}" for number in range(len(interfaces))]
        if len(interfaces) > 1:
            self._list("AllowDeviceIDs", [device + part for part in parts])
        if any(each.base == HID for each in interfaces):
            make = device.replace("USB\\", "HID\\", 1)
            ends = ["", *(f"&Col{number:02X}" for number in range(1, _MOST_COLLECTIONS + 1))]
            self._list("AllowDeviceIDs", [make + part + end for part in parts for end in ends])
        if any(each.base not in _WITHOUT_CHILDREN for each in interfaces):
            self._find(rule, Cannot.CHILDREN)

    def block(self, rule: Rule) -> None:
        said = replace(rule, interfaces=None, port=None)
        serial_is_known = rule.serial is None or _SERIAL.fullmatch(rule.serial)
        can_be_said = rule.product_id is not None and serial_is_known
        # A deny would go before an allow that stands above this rule.
        if not can_be_said or any(_may_both_match(said, kept) for kept in self._kept):
            self._unsaid.append(rule)
            self._find(rule, Cannot.BY_DEFAULT)
            return
        if rule.serial is None:
            self._list("DenyDeviceIDs", [_device_id(rule)])
        else:
            self._list("DenyInstanceIDs", [f"{_device_id(rule)}\\{rule.serial}"])
        if said != rule:
            self._find(rule, Cannot.BROADER)

    def finish(self) -> Compiled:
        allowed = {each.base for rule in self._kept for each in rule.interfaces or ()}
        if any(len(rule.interfaces or ()) > 1 for rule in self._kept):
            allowed.add(_SEVERAL)
        self._list(
            "DenyDeviceIDs", [f"USB\\Class_{base:02X}" for base in _ALL_CLASSES if base not in allowed]
        )
        for what in (Cannot.ONE_AT_A_TIME, Cannot.WHOLE_COMPUTER, Cannot.INSTALLED_BEFORE):
            self._find(None, what)
        values = [
            RegistryValue(KEY, "DenyUnspecified", 1),
            # On, it would have Windows ignore DenyUnspecified.
            RegistryValue(KEY, "AllowDenyLayered", 0),
            RegistryValue(KEY, "AllowAdminInstall", 0),
            # On, it would close what the lists allow: every USB device is removable.
            RegistryValue(KEY, "DenyRemovableDevices", 0),
        ]
        for name, entries in self._lists.items():
            values.append(RegistryValue(KEY, name, int(bool(entries))))
            if name.startswith("Deny"):
                values.append(RegistryValue(KEY, f"{name}Retroactive", int(bool(entries))))
        for name, entries in self._lists.items():
            for number, entry in enumerate(entries, 1):
                values.append(RegistryValue(f"{KEY}\\{name}", str(number), entry))
        return Compiled(tuple(values), tuple(self._findings))

    def _why_not(self, rule: Rule) -> Cannot | None:
        if rule.port is not None:
            return Cannot.PORT
        if rule.product_id is None:
            return Cannot.VENDOR
        if rule.serial is not None and _SERIAL.fullmatch(rule.serial) is None:
            return Cannot.SERIAL
        if any(each.base == STORAGE for each in rule.interfaces or ()):
            return Cannot.STORAGE
        if any(_may_both_match(rule, block) for block in self._unsaid):
            return Cannot.AFTER_BLOCK
        return None

    def _find(self, rule: Rule | None, what: Cannot) -> None:
        self._findings.append(Finding(rule, what))

    def _list(self, name: str, entries: Iterable[str]) -> None:
        entries_there = self._lists[name]
        entries_there += [entry for entry in entries if entry not in entries_there]


def _device_id(rule: Rule) -> str:
    return f"USB\\VID_{rule.vendor_id or 0:04X}&PID_{rule.product_id or 0:04X}"


def _may_both_match(one: Rule, other: Rule) -> bool:
    """Whether there can be a device that both rules are about. Windows takes capitals for small letters."""
    return all(
        mine is None or theirs is None or mine == theirs
        for mine, theirs in (
            (one.vendor_id, other.vendor_id),
            (one.product_id, other.product_id),
            (one.serial and one.serial.lower(), other.serial and other.serial.lower()),
            (one.interfaces, other.interfaces),
            (one.port, other.port),
        )
    )
