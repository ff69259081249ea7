"""What the window and the agent say to each other over the local socket or pipe. Pure.

A message is one line of JSON, UTF-8, with LF behind it. The agent speaks first (`{"hello": 1, …}`); then the
window asks (`"ask"`, `"n"`), the agent answers with the same `"n"`, and tells unasked (`"told"`).
`docs/decisions/0036-usb-device-control.md` has every message.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from madoguchi.device_control.decide import Why
from madoguchi.device_control.device import InterfaceClass, is_plain

SOCKET: Final = "/run/madoguchi-usb/agent.sock"
PIPE: Final = r"\\.\pipe\madoguchi-usb"
"""The same on Windows, where it has never been opened."""
ADDRESS: Final = PIPE if sys.platform == "win32" else SOCKET
"""Where the agent of this machine listens."""
PROTOCOL: Final = 1
"""What the agent's first message says: `{"hello": 1, "agent": "<version>"}`."""
MOST_BYTES: Final = 256 * 1024
"""The longest message, its LF included: a policy of 64 KiB has room however JSON writes it."""
MOST_CLIENTS: Final = 8
MOST_RECORDS: Final = 100
"""Records in one answer; fewer where they would not fit."""
WARN_SECONDS: Final = 60
"""So long before the end of a lease the window warns."""

_WORD: Final = re.compile(r"[a-z_]{1,30}")
_ID: Final = re.compile(r"[0-9a-f]{4}")
_DIGEST: Final = re.compile(r"(?:[0-9a-f]{64})?")
_LONGEST_FIELD: Final = 300
_MOST_INTERFACES: Final = 65
_MOST_NUMBER: Final = 10**15


class BadMessage(ValueError):
    """This is no message of ours, or too long; the connection it came over is of no more use."""


class Refused(StrEnum):
    """Why the agent does not do what is asked."""

    MALFORMED = "malformed"
    """A policy has a slip (`line`, `slip`); any other ask: it is not known, or its fields are not right."""
    SIGNATURE = "signature"
    GROUP = "group"
    OLDER = "older"
    NOT_KEPT = "not_kept"
    NO_SUCH_DEVICE = "no_such_device"
    NOT_A_STICK = "not_a_stick"
    ALREADY = "already"
    NOT_PROTECTED = "not_protected"
    NO_SUCH_NONCE = "no_such_nonce"
    MAC = "mac"
    GONE = "gone"
    LATE = "late"
    NONE = "none"


class Shortfall(StrEnum):
    """What is missing, or in the way."""

    NO_FLOOR = "no_floor"
    """The kernel was started without `usbcore.authorized_default=0`."""
    USBGUARD = "usbguard"
    NO_POLICY = "no_policy"
    JOURNAL_FULL = "journal_full"
    RESCUE = "rescue"


class Ended(StrEnum):
    """How a lease ended."""

    TIME = "time"
    RELEASED = "released"
    WINDOW_GONE = "window_gone"
    DEVICE_GONE = "device_gone"
    AGENT_ENDED = "agent_ended"


def encode(message: Mapping[str, Any]) -> bytes:
    """A message as it is sent. Raises `BadMessage`: it is too long, or holds what JSON or UTF-8 have not."""
    try:
        line = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise BadMessage(type(error).__name__) from None
    if len(line) >= MOST_BYTES:
        raise BadMessage(f"longer than {MOST_BYTES} bytes")
    return line + b"\n"


class Lines:
    """Cuts what comes over a socket into messages."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """The messages that are complete with these bytes, in their order.

        Raises:
            BadMessage: one of them is none. Nothing more can be read then.
        """
        searched = len(self._rest)
        self._rest += data
        found: list[dict[str, Any]] = []
        begins = 0
        while (ends := self._rest.find(b"\n", max(begins, searched))) >= 0:
            if ends - begins >= MOST_BYTES:
                raise BadMessage(f"longer than {MOST_BYTES} bytes")
            found.append(_message(bytes(self._rest[begins:ends])))
            begins = ends + 1
        del self._rest[:begins]
        if len(self._rest) >= MOST_BYTES:
            raise BadMessage(f"longer than {MOST_BYTES} bytes")
        return found


def _message(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line.decode(), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadMessage(type(error).__name__) from None
    if not isinstance(message, dict):
        raise BadMessage("not an object")
    return message


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    message = dict(pairs)
    if len(message) != len(pairs):
        raise ValueError("a field twice")
    return message


def _refuse(constant: str) -> None:
    raise ValueError(constant)


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """A device as the window is shown it.

    Attributes:
        instance: what the agent calls this plugging-in; opaque.
        lease: it is open for minutes.
        rule: the label of the rule that decided; "": none did.
        digest: SHA-256 of its descriptors; "": they could not be read.
    """

    instance: str
    port: str
    vendor_id: int
    product_id: int
    serial_untrusted: str
    maker_untrusted: str
    name_untrusted: str
    interfaces: tuple[InterfaceClass, ...]
    allowed: bool
    lease: bool
    rule: str
    why: Why
    digest: str

    @property
    def id_text(self) -> str:
        """Vendor and product, "VVVV:PPPP"."""
        return f"{self.vendor_id:04x}:{self.product_id:04x}"

    def to_message(self) -> dict[str, Any]:
        """As it stands in a message."""
        return {
            "instance": self.instance,
            "port": self.port,
            "vendor": f"{self.vendor_id:04x}",
            "product": f"{self.product_id:04x}",
            "serial": self.serial_untrusted,
            "maker": self.maker_untrusted,
            "name": self.name_untrusted,
            "interfaces": [str(each) for each in self.interfaces],
            "allowed": self.allowed,
            "lease": self.lease,
            "rule": self.rule,
            "why": self.why.value,
            "digest": self.digest,
        }

    @classmethod
    def from_message(cls, fields: Mapping[str, Any]) -> DeviceSeen:
        """Reads it. Raises `BadMessage`: a field is missing or not what it must be."""
        interfaces = _field(fields, "interfaces", list)
        if len(interfaces) > _MOST_INTERFACES:
            raise BadMessage("interfaces")
        try:
            classes = tuple(sorted(InterfaceClass.parse(each) for each in interfaces))
        except (ValueError, TypeError):
            raise BadMessage("interfaces") from None
        return cls(
            _text(fields, "instance"),
            _text(fields, "port"),
            int(_text(fields, "vendor", _ID), 16),
            int(_text(fields, "product", _ID), 16),
            _text(fields, "serial"),
            _text(fields, "maker"),
            _text(fields, "name"),
            classes,
            _field(fields, "allowed", bool),
            _field(fields, "lease", bool),
            _text(fields, "rule"),
            _enum(fields, "why", Why),
            _text(fields, "digest", _DIGEST),
        )


@dataclass(frozen=True, slots=True)
class AgentState:
    """What the agent says of itself: the answer to `state`, and what is told of it.

    Attributes:
        is_protected: nothing that is not allowed can be used.
        why: what is missing or in the way, sorted; some of it does not make a terminal unprotected.
        policy_version: 0: there is none.
        unsent: records that the server has not confirmed.
    """

    is_protected: bool
    why: tuple[Shortfall, ...]
    group: str
    terminal: str
    policy_version: int
    unsent: int

    def to_message(self) -> dict[str, Any]:
        """As it stands in a message."""
        return {
            "protected": self.is_protected,
            "why": [each.value for each in self.why],
            "group": self.group,
            "terminal": self.terminal,
            "policy_version": self.policy_version,
            "unsent": self.unsent,
        }

    @classmethod
    def from_message(cls, fields: Mapping[str, Any]) -> AgentState:
        """Reads it. Raises `BadMessage`: a field is missing or not what it must be."""
        words = _field(fields, "why", list)
        try:
            why = tuple(sorted({Shortfall(each) for each in words}))
        except (ValueError, TypeError):
            raise BadMessage("why") from None
        return cls(
            _field(fields, "protected", bool),
            why,
            _text(fields, "group"),
            _text(fields, "terminal"),
            _number(fields, "policy_version"),
            _number(fields, "unsent"),
        )


@dataclass(frozen=True, slots=True)
class LeaseSeen:
    """A stick that is open for minutes, or was: the answer to `grant`, and what is told of it.

    Attributes:
        device: its `instance`.
        minutes: for how long it was opened.
        seconds_left: until it ends, as the message was sent; 0: it has ended.
        place: the folder where it is mounted; "": it is not, or not yet (told again once it is).
        ended: how; None: it has not.
    """

    device: str
    minutes: int
    seconds_left: int
    place: str = ""
    ended: Ended | None = None

    def to_message(self) -> dict[str, Any]:
        """As it stands in a message."""
        return {
            "device": self.device,
            "minutes": self.minutes,
            "seconds_left": self.seconds_left,
            "place": self.place,
            "ended": self.ended.value if self.ended is not None else "",
        }

    @classmethod
    def from_message(cls, fields: Mapping[str, Any]) -> LeaseSeen:
        """Reads it. Raises `BadMessage`: a field is missing or not what it must be."""
        return cls(
            _text(fields, "device"),
            _number(fields, "minutes"),
            _number(fields, "seconds_left"),
            _text(fields, "place"),
            _enum(fields, "ended", Ended) if _text(fields, "ended") else None,
        )


def word_of(fields: Mapping[str, Any], key: str) -> str:
    """A word of a message: small letters and _, 30 at most. Raises `BadMessage`."""
    return _text(fields, key, _WORD)


T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def _field(fields: Mapping[str, Any], key: str, kind: type[T]) -> T:
    value = fields.get(key)
    # True is an int to isinstance
    if type(value) is not kind:
        raise BadMessage(key)
    return value


def _text(fields: Mapping[str, Any], key: str, pattern: re.Pattern[str] | None = None) -> str:
    text = _field(fields, key, str)
    if len(text) > _LONGEST_FIELD or not is_plain(text):
        raise BadMessage(key)
    if pattern is not None and pattern.fullmatch(text) is None:
        raise BadMessage(key)
    return text


def _number(fields: Mapping[str, Any], key: str) -> int:
    number = _field(fields, key, int)
    if not 0 <= number <= _MOST_NUMBER:
        raise BadMessage(key)
    return number


def _enum(fields: Mapping[str, Any], key: str, kind: type[E]) -> E:
    try:
        return kind(_field(fields, key, str))
    except ValueError:
        raise BadMessage(key) from None
