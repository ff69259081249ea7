"""A policy in its envelope: for which group of terminals, which version, and who says so.

    madoguchi device policy 1
    group: counters
    version: 12
    <empty line>
    rules…
    signature: <base64 of the Ed25519 signature over every byte before this line>

UTF-8, LF behind each line, 64 KiB at most. What is signed is what is read: nothing is believed before the
signature (RFC 8032) is checked, and exactly one text goes with each signature.
`docs/decisions/0036-usb-device-control.md`.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from madoguchi.device_control.policy import Policy, PolicySlip, Slip, parse_rules

MOST_BYTES: Final = 64 * 1024
MOST_VERSION: Final = 10**9

_HEAD: Final = "madoguchi device policy 1"
_GROUP: Final = re.compile(r"[a-z0-9-]{1,30}")
_VERSION: Final = re.compile(r"[1-9][0-9]{0,9}")
_FIRST_RULE: Final = 5
"""The line of the envelope on which the rules begin."""
_SIGNATURE: Final = "signature: "
_KEY_BYTES: Final = 32


class Refusal(StrEnum):
    """Why a policy is not taken."""

    MALFORMED = "malformed"
    """Signed, but it has a slip; or it is too long to be looked at."""
    SIGNATURE = "signature"
    """None, or not by the key that this terminal knows, or something was changed."""
    GROUP = "group"
    """For another group of terminals."""
    OLDER = "older"
    """Its version is not above the highest that the agent has seen. Found by the agent."""
    NOT_KEPT = "not_kept"
    """It could not be written to the disk. Found by the agent."""


class PolicyRefused(ValueError):
    """A policy is not taken.

    Attributes:
        word: why.
        line: of the whole text, from 1, where it has a slip; else 0.
        slip: a word of `policy.Slip`, or "".
    """

    def __init__(self, word: Refusal, line: int = 0, slip: str = "") -> None:
        super().__init__(f"{word.value}: line {line}: {slip}" if line else word.value)
        self.word = word
        self.line = line
        self.slip = slip


class BadKey(ValueError):
    """This is no key: 32 bytes in base64."""


@dataclass(frozen=True, slots=True)
class SignedPolicy:
    """A policy whose signature was good.

    Attributes:
        text: the whole of it, to be kept and handed on.
    """

    group: str
    version: int
    policy: Policy
    text: str


def sign(group: str, version: int, rules_text: str, private_key: Ed25519PrivateKey) -> str:
    """Puts rules into an envelope and signs it. A last line without LF gets one.

    Raises:
        PolicySlip: a rule has a slip (its line of the rules); line 0: group, version or length are not right.
    """
    if _GROUP.fullmatch(group) is None:
        raise PolicySlip(0, Slip.GROUP)
    if not 1 <= version <= MOST_VERSION:
        raise PolicySlip(0, Slip.VERSION)
    parse_rules(rules_text)
    if rules_text and not rules_text.endswith("\n"):
        rules_text += "\n"
    body = f"{_HEAD}\ngroup: {group}\nversion: {version}\n\n{rules_text}"
    signature = base64.b64encode(private_key.sign(body.encode())).decode()
    text = f"{body}{_SIGNATURE}{signature}\n"
    if len(text.encode()) > MOST_BYTES:
        raise PolicySlip(0, Slip.LENGTH)
    return text


def verify(text: str, public_key: Ed25519PublicKey, group: str) -> SignedPolicy:
    """Checks a signed policy and reads it.

    Args:
        text: the whole of it, from whomever.
        group: the one that this terminal is in.

    Raises:
        PolicyRefused: with `MALFORMED`, `SIGNATURE` or `GROUP`.
    """
    body, signature = _open(text)
    try:
        public_key.verify(signature, body.encode())
    except InvalidSignature:
        raise PolicyRefused(Refusal.SIGNATURE) from None
    lines = body.split("\n")
    for at, (is_right, slip) in enumerate(
        (
            (lines[0] == _HEAD, Slip.HEAD),
            (_group_of(lines[1:2]) is not None, Slip.GROUP),
            (_version_of(lines[2:3]) is not None, Slip.VERSION),
            (lines[3:4] == [""] and len(lines) >= _FIRST_RULE, Slip.BLANK),
        ),
        1,
    ):
        if not is_right:
            raise PolicyRefused(Refusal.MALFORMED, at, slip)
    its_group, version = _group_of(lines[1:2]), _version_of(lines[2:3])
    if its_group != group or version is None:
        raise PolicyRefused(Refusal.GROUP)
    try:
        policy = parse_rules("\n".join(lines[_FIRST_RULE - 1 :]))
    except PolicySlip as slipped:
        line = slipped.line + _FIRST_RULE - 1
        raise PolicyRefused(Refusal.MALFORMED, line, slipped.slip) from None
    return SignedPolicy(group, version, policy, text)


def _open(text: str) -> tuple[str, bytes]:
    """Everything before the last line, and the signature that it holds, written in the one way there is."""
    try:
        if len(text.encode()) > MOST_BYTES:
            raise PolicyRefused(Refusal.MALFORMED, 1, Slip.LENGTH)
    except UnicodeEncodeError:
        raise PolicyRefused(Refusal.MALFORMED, 1, Slip.TEXT) from None
    body, begins, last = text.rpartition(f"\n{_SIGNATURE}")
    if not begins or not last.endswith("\n"):
        raise PolicyRefused(Refusal.SIGNATURE)
    try:
        signature = base64.b64decode(last[:-1], validate=True)
    except (binascii.Error, ValueError):
        raise PolicyRefused(Refusal.SIGNATURE) from None
    # base64 has several ways to write the same bytes
    if base64.b64encode(signature).decode() != last[:-1]:
        raise PolicyRefused(Refusal.SIGNATURE)
    return body + "\n", signature


def _group_of(lines: list[str]) -> str | None:
    name, colon, group = lines[0].partition(": ") if lines else ("", "", "")
    return group if (name, colon) == ("group", ": ") and _GROUP.fullmatch(group) else None


def _version_of(lines: list[str]) -> int | None:
    name, colon, version = lines[0].partition(": ") if lines else ("", "", "")
    if (name, colon) != ("version", ": ") or _VERSION.fullmatch(version) is None:
        return None
    return int(version) if int(version) <= MOST_VERSION else None


def new_key() -> Ed25519PrivateKey:
    """A new key to sign policies with."""
    return Ed25519PrivateKey.generate()


def private_text(key: Ed25519PrivateKey) -> str:
    """A private key as a file keeps it: 32 bytes in base64, and LF."""
    return base64.b64encode(key.private_bytes_raw()).decode() + "\n"


def public_text(key: Ed25519PublicKey) -> str:
    """A public key as `policy.pub` keeps it: 32 bytes in base64, and LF."""
    return base64.b64encode(key.public_bytes_raw()).decode() + "\n"


def read_private(text: str) -> Ed25519PrivateKey:
    """The key of `private_text`. Raises `BadKey`."""
    return Ed25519PrivateKey.from_private_bytes(_key_bytes(text))


def read_public(text: str) -> Ed25519PublicKey:
    """The key of `public_text`. Raises `BadKey`."""
    try:
        return Ed25519PublicKey.from_public_bytes(_key_bytes(text))
    except ValueError:
        raise BadKey("32 bytes in base64") from None


def _key_bytes(text: str) -> bytes:
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise BadKey("32 bytes in base64") from None
    if len(raw) != _KEY_BYTES:
        raise BadKey("32 bytes in base64")
    return raw
