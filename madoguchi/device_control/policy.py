"""Rules for USB devices, as text that an administrator reads and writes. Pure.

    allow|block [id VVVV:PPPP|VVVV:*] [serial "S"] [interfaces CC:SS:PP,…] [port "1-4.2"] as "L" because "R"

In this order, each at most once, blanks between them. Lines that begin with `#` are comments, empty lines
count for nothing. The first rule that matches decides; where none does, the device is blocked (`decide`).
`docs/decisions/0036-usb-device-control.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from madoguchi.device_control.device import LONGEST_TEXT, InterfaceClass, UsbDevice, interfaces_text, is_plain

MOST_RULES: Final = 1000

_ID: Final = re.compile(r"([0-9a-f]{4}):([0-9a-f]{4}|\*)")
_PORT: Final = re.compile(r"[0-9]{1,3}-[0-9]{1,3}(?:\.[0-9]{1,3})*")
_WORD: Final = re.compile(r'"[^"\\]*"|[^ "]+')


class Slip(StrEnum):
    """What is wrong with a line."""

    TEXT = "text"
    """A character that cannot be seen, or half a surrogate pair."""
    ACTION = "action"
    """A rule begins with `allow` or `block`."""
    WORD = "word"
    """A word that is not known, stands twice or out of order, has no value, or blanks around the line."""
    ID = "id"
    SERIAL = "serial"
    INTERFACES = "interfaces"
    """Not classes like 03:01:01 with commas between them, or they are not sorted."""
    PORT = "port"
    LABEL = "label"
    """Missing, empty, too long."""
    REASON = "reason"
    """Missing, empty, too long."""
    NO_CONDITION = "no_condition"
    """`allow` whatever comes."""
    NO_DEVICE = "no_device"
    """`allow` without `id` or `port`."""
    NO_INTERFACES = "no_interfaces"
    """`allow` without `interfaces`."""
    TOO_MANY = "too_many"
    HEAD = "head"
    """The first line of a signed policy."""
    GROUP = "group"
    VERSION = "version"
    BLANK = "blank"
    """The empty line between a signed policy's head and its rules."""
    LENGTH = "length"
    """A signed policy of more than 64 KiB."""


class PolicySlip(ValueError):
    """A line is not right.

    Attributes:
        line: which, from 1.
        slip: a word of `Slip`.
    """

    def __init__(self, line: int, slip: Slip) -> None:
        super().__init__(f"line {line}: {slip.value}")
        self.line = line
        self.slip = slip


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. A condition that is None is not asked for; all others must hold.

    Attributes:
        allows: whether what matches may be used.
        vendor_id: None: any device.
        product_id: None: any of that vendor's (`046d:*`).
        interfaces: the whole set, sorted: equality is meant, never inclusion.
        label: what is granted, or kept out, in the library's words.
        reason: why.
    """

    allows: bool
    label: str
    reason: str
    vendor_id: int | None = None
    product_id: int | None = None
    serial: str | None = None
    interfaces: tuple[InterfaceClass, ...] | None = None
    port: str | None = None

    def matches(self, device: UsbDevice) -> bool:
        """Whether the device is one of those that the rule is about."""
        return (
            self.vendor_id in (None, device.vendor_id)
            and self.product_id in (None, device.product_id)
            and self.serial in (None, device.serial_untrusted)
            and self.interfaces in (None, device.interfaces)
            and self.port in (None, device.port)
        )

    @property
    def is_registration(self) -> bool:
        """It names one make, one device or one place, not a whole vendor, and says all that it is."""
        is_named = self.product_id is not None or self.serial is not None or self.port is not None
        return self.allows and is_named and self.interfaces is not None

    def __str__(self) -> str:
        words = ["allow" if self.allows else "block"]
        if self.vendor_id is not None:
            product = "*" if self.product_id is None else f"{self.product_id:04x}"
            words += ["id", f"{self.vendor_id:04x}:{product}"]
        if self.serial is not None:
            words += ["serial", f'"{self.serial}"']
        if self.interfaces is not None:
            words += ["interfaces", interfaces_text(self.interfaces)]
        if self.port is not None:
            words += ["port", f'"{self.port}"']
        return " ".join([*words, "as", f'"{self.label}"', "because", f'"{self.reason}"'])


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules in their order."""

    rules: tuple[Rule, ...]

    def first_match(self, device: UsbDevice) -> Rule | None:
        """The rule that decides on a device; None: none does, it is blocked."""
        return next((rule for rule in self.rules if rule.matches(device)), None)


def parse_rules(text: str) -> Policy:
    """Reads rules. Lines end with LF.

    Raises:
        PolicySlip: of the first line that is not right.
    """
    rules: list[Rule] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not is_plain(line):
            raise PolicySlip(number, Slip.TEXT)
        if not line or line.startswith("#"):
            continue
        if len(rules) == MOST_RULES:
            raise PolicySlip(number, Slip.TOO_MANY)
        try:
            rules.append(_rule(line))
        except _Slipped as slipped:
            raise PolicySlip(number, slipped.slip) from None
    return Policy(tuple(rules))


def format_rules(policy: Policy) -> str:
    """The rules as `parse_rules` reads them, a line each; comments are not part of a policy."""
    return "".join(f"{rule}\n" for rule in policy.rules)


class _Slipped(Exception):
    def __init__(self, slip: Slip) -> None:
        self.slip = slip


def _rule(line: str) -> Rule:
    words = list(_words(line))
    if words[0] not in ("allow", "block"):
        raise _Slipped(Slip.ACTION)
    said = _pairs(words[1:])
    vendor_id, product_id = _id(said["id"]) if "id" in said else (None, None)
    rule = Rule(
        words[0] == "allow",
        _quoted(said.get("as", ""), Slip.LABEL),
        _quoted(said.get("because", ""), Slip.REASON),
        vendor_id,
        product_id,
        _quoted(said["serial"], Slip.SERIAL) if "serial" in said else None,
        _interfaces(said["interfaces"]) if "interfaces" in said else None,
        _port(said["port"]) if "port" in said else None,
    )
    if rule.allows:
        if not said.keys() & {"id", "serial", "interfaces", "port"}:
            raise _Slipped(Slip.NO_CONDITION)
        if rule.vendor_id is None and rule.port is None:
            raise _Slipped(Slip.NO_DEVICE)
        if rule.interfaces is None:
            raise _Slipped(Slip.NO_INTERFACES)
    return rule


def _words(line: str) -> Iterator[str]:
    """The words of a line, quoted ones whole; blanks stand between them and nowhere else."""
    at = 0
    while True:
        found = _WORD.match(line, at)
        if found is None:
            raise _Slipped(Slip.WORD)
        yield found[0]
        if found.end() == len(line):
            return
        at = found.end()
        while line.startswith(" ", at):
            at += 1
        if at == found.end():
            raise _Slipped(Slip.WORD)


_ORDER: Final = ("id", "serial", "interfaces", "port", "as", "because")


def _pairs(words: list[str]) -> dict[str, str]:
    """Keys and their values, in the one order that there is."""
    said: dict[str, str] = {}
    left: tuple[str, ...] = _ORDER
    for at in range(0, len(words), 2):
        key = words[at]
        if key not in left or at + 1 == len(words):
            raise _Slipped(Slip.WORD)
        left = left[left.index(key) + 1 :]
        said[key] = words[at + 1]
    return said


def _quoted(word: str, slip: Slip) -> str:
    text = word[1:-1]
    if not (word.startswith('"') and word.endswith('"') and 1 <= len(text) <= LONGEST_TEXT and text.strip()):
        raise _Slipped(slip)
    return text


def _id(word: str) -> tuple[int, int | None]:
    found = _ID.fullmatch(word)
    if found is None:
        raise _Slipped(Slip.ID)
    return int(found[1], 16), None if found[2] == "*" else int(found[2], 16)


def _interfaces(word: str) -> tuple[InterfaceClass, ...]:
    try:
        interfaces = tuple(InterfaceClass.parse(part) for part in word.split(","))
    except ValueError:
        raise _Slipped(Slip.INTERFACES) from None
    if list(interfaces) != sorted(interfaces):
        raise _Slipped(Slip.INTERFACES)
    return interfaces


def _port(word: str) -> str:
    port = _quoted(word, Slip.PORT)
    if _PORT.fullmatch(port) is None:
        raise _Slipped(Slip.PORT)
    return port
