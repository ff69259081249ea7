"""Texts between a terminal's agent and the server, under a MAC: who carries them is not trusted. Pure.

Each text is lines of UTF-8 with LF behind every one, the last too. The first says what it is, so that none
can be taken for another; no field holds a line's end, so that none can be read in two ways. The MAC is
HMAC-SHA256 (RFC 2104) under the 32 bytes that the agent and the server know, in hex.
`docs/decisions/0036-usb-device-control.md`; the server's SQL makes the same texts.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Final

from madoguchi.device_control.device import (
    LONGEST_TEXT,
    InterfaceClass,
    UsbDevice,
    interfaces_text,
    is_plain,
)

KEY_BYTES: Final = 32
MOST_MINUTES: Final = 60
"""The longest that a stick is opened for."""
BEFORE_FIRST: Final = "0" * 64
"""Stands in the first record for the MAC of the one before."""
LONGEST_RECORD: Final = 8000
"""Characters of one record's JSON."""

NO_SERIAL: Final = "-"

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,17}")
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_MAC: Final = _KEY
_NONCE: Final = re.compile(r"[0-9a-f]{32}")
_ID: Final = re.compile(r"([0-9a-f]{4}):([0-9a-f]{4})")

_CHALLENGE: Final = "madoguchi usb challenge 1"
_GRANT: Final = "madoguchi usb grant 1"
_RECORD: Final = "madoguchi usb record 1"
_RECEIPT: Final = "madoguchi usb receipt 1"


class BadText(ValueError):
    """This cannot be put under a MAC, or is no such text; the message says which field."""


def key_of(text: str) -> bytes:
    """The key of a file `agent.key`: 64 hex digits. Raises `BadText` for anything else."""
    if _KEY.fullmatch(text.strip()) is None:
        raise BadText("key: 64 hex digits")
    return bytes.fromhex(text.strip())


def mac(key: bytes, text: str) -> str:
    """The MAC of a text, 64 hex digits. Raises `BadText`: the key is not of 32 bytes, or this is no text."""
    if len(key) != KEY_BYTES:
        raise BadText("key: 32 bytes")
    try:
        return hmac.digest(key, text.encode(), "sha256").hex()
    except UnicodeEncodeError:
        raise BadText("text: half a surrogate pair") from None


def same(mine: str, theirs_untrusted: str) -> bool:
    """Whether two MACs are the same; how long it takes says nothing about where they differ."""
    return hmac.compare_digest(mine.encode(), theirs_untrusted.encode(errors="replace"))


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the agent asks the server about: may this device be used here, for minutes.

    Attributes:
        terminal: the name of the terminal, as it is enrolled at the server.
        nonce: 32 hex digits; the agent's memory of device instance, connection and time.
        serial: as the device says it, cleaned; "": it has none. One that is "-" cannot be told from that, and
            is refused.
        interfaces: the whole set.
        digest: SHA-256 of the raw descriptors, hex.
        minutes: 1 to 60.

    Raises:
        BadText: a field is none.
    """

    terminal: str
    nonce: str
    vendor_id: int
    product_id: int
    serial: str
    interfaces: tuple[InterfaceClass, ...]
    digest: str
    minutes: int

    def __post_init__(self) -> None:
        _terminal(self.terminal)
        _matches("nonce", _NONCE, self.nonce)
        _matches("device", _ID, self.id_text)
        if self.serial == NO_SERIAL or len(self.serial) > LONGEST_TEXT or not is_plain(self.serial):
            raise BadText("serial: one line that can be seen, not -")
        if not self.interfaces:
            raise BadText("interfaces: none")
        object.__setattr__(self, "interfaces", tuple(sorted(self.interfaces)))
        _matches("digest", _MAC, self.digest)
        _minutes(self.minutes)

    @classmethod
    def about(cls, terminal: str, nonce: str, device: UsbDevice, minutes: int) -> Challenge:
        """The challenge about a device that is plugged in. Raises `BadText`."""
        return cls(
            terminal,
            nonce,
            device.vendor_id,
            device.product_id,
            device.serial_untrusted,
            device.interfaces,
            device.digest,
            minutes,
        )

    @property
    def id_text(self) -> str:
        """Vendor and product, "VVVV:PPPP"."""
        return f"{self.vendor_id:04x}:{self.product_id:04x}"

    @property
    def text(self) -> str:
        """What the MAC is over."""
        return _lines(
            _CHALLENGE,
            self.terminal,
            self.nonce,
            self.id_text,
            self.serial or NO_SERIAL,
            interfaces_text(self.interfaces),
            self.digest,
            str(self.minutes),
        )

    @classmethod
    def parse(cls, text: str) -> Challenge:
        """Reads a text, whoever made it: the MAC is checked elsewhere. Raises `BadText`."""
        lines = text.split("\n")
        if len(lines) != 9 or lines[0] != _CHALLENGE or lines[8]:
            raise BadText("challenge: eight lines")
        _, terminal, nonce, ids, serial, interfaces, digest, minutes, _ = lines
        found = _ID.fullmatch(ids)
        if found is None:
            raise BadText("device: like 0951:1666")
        try:
            classes = tuple(InterfaceClass.parse(each) for each in interfaces.split(","))
        except ValueError as error:
            raise BadText(f"interfaces: {error}") from None
        _matches("serial", re.compile(".+"), serial)
        challenge = cls(
            terminal,
            nonce,
            int(found[1], 16),
            int(found[2], 16),
            "" if serial == NO_SERIAL else serial,
            classes,
            digest,
            _number("minutes", minutes),
        )
        if challenge.text != text:
            raise BadText("interfaces: not in their order")
        return challenge


def grant_text(terminal: str, nonce: str, minutes: int) -> str:
    """What the server answers a challenge with, once a second person approved. Raises `BadText`."""
    _terminal(terminal)
    _matches("nonce", _NONCE, nonce)
    _minutes(minutes)
    return _lines(_GRANT, terminal, nonce, str(minutes))


def record_text(terminal: str, seq: int, before: str, json_text: str) -> str:
    """One record of the agent.

    Args:
        seq: its number, from 1.
        before: the MAC of the record before; `BEFORE_FIRST` for the first.
        json_text: the record, one line of JSON.

    Raises:
        BadText: one of them is none.
    """
    _terminal(terminal)
    _count("seq", seq)
    _matches("before", _MAC, before)
    if not 2 <= len(json_text) <= LONGEST_RECORD or not is_plain(json_text):
        raise BadText("record: one line that can be seen")
    return _lines(_RECORD, terminal, str(seq), before, json_text)


def receipt_text(terminal: str, seq: int) -> str:
    """What the server says it has: every record up to ``seq``. Raises `BadText`."""
    _terminal(terminal)
    _count("seq", seq)
    return _lines(_RECEIPT, terminal, str(seq))


def receipt_seq(text: str, terminal: str) -> int:
    """Up to which record a receipt goes, whoever made it: the MAC is checked elsewhere.

    Raises:
        BadText: this is no receipt for that terminal.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[:2] != [_RECEIPT, terminal] or lines[3]:
        raise BadText("receipt: three lines, for this terminal")
    seq = _number("seq", lines[2])
    _count("seq", seq)
    return seq


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def _terminal(name: str) -> None:
    if not (name.strip() and len(name) <= LONGEST_TEXT and is_plain(name)):
        raise BadText("terminal: one line that can be seen, of 1 to 100 characters")


def _minutes(minutes: int) -> None:
    if not 1 <= minutes <= MOST_MINUTES:
        raise BadText(f"minutes: 1 to {MOST_MINUTES}")


def _count(field: str, number: int) -> None:
    if number < 1:
        raise BadText(f"{field}: from 1")


def _number(field: str, text: str) -> int:
    _matches(field, _NUMBER, text)
    return int(text)


def _matches(field: str, pattern: re.Pattern[str], text: str) -> None:
    if pattern.fullmatch(text) is None:
        raise BadText(f"{field}: not one")
