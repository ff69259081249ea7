"""What a terminal's USB agent writes, made here by hand: the texts of decision 0036 and their MACs.

Apart from ``madoguchi.device_control`` on purpose: the server's SQL is compared with the decision, not with
our own other side.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from madoguchi.app.devices.values import AgentRecord

ZEROS = "0" * 64
STICK_INTERFACES = "08:06:50"

_serials = count(1)


def new_serial() -> str:
    """A serial number that no stick of these tests has."""
    return f"60A44C{next(_serials):06X}"


@dataclass
class SealedAgent:
    """An agent with its key, in a terminal of that name; its journal is empty."""

    terminal: str
    key: bytes
    seq: int = 0
    before: str = ZEROS
    records: list[AgentRecord] = field(default_factory=list)

    def mac(self, text: str) -> str:
        """The MAC of a text."""
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()

    def challenge(
        self,
        serial: str,
        *,
        nonce: str | None = None,
        usb_id: str = "0951:1666",
        interfaces: str = STICK_INTERFACES,
        minutes: int = 15,
        terminal: str | None = None,
    ) -> tuple[str, str]:
        """A challenge about a stick, and its MAC."""
        lines = (
            "madoguchi usb challenge 1",
            terminal or self.terminal,
            nonce or uuid4().hex,
            usb_id,
            serial,
            interfaces,
            "5e" * 32,
            str(minutes),
        )
        text = "".join(f"{line}\n" for line in lines)
        return text, self.mac(text)

    def grant(self, nonce: str, minutes: int) -> str:
        """The MAC of the server's grant that this agent believes."""
        return self.mac(f"madoguchi usb grant 1\n{self.terminal}\n{nonce}\n{minutes}\n")

    def receipt(self, seq: int) -> tuple[str, str]:
        """The receipt that this agent believes."""
        text = f"madoguchi usb receipt 1\n{self.terminal}\n{seq}\n"
        return text, self.mac(text)

    def record(self, what: str, *, at: str = "2026-05-12T01:02:03.250+00:00", **said: Any) -> AgentRecord:
        """Writes a record into the journal."""
        self.seq += 1
        said = {"seq": self.seq, "at": at, "what": what} | said
        return self.raw(json.dumps(said, separators=(",", ":")))

    def raw(self, text: str) -> AgentRecord:
        """The record with that text, as the last one of the journal."""
        sealed = f"madoguchi usb record 1\n{self.terminal}\n{self.seq}\n{self.before}\n{text}\n"
        self.before = self.mac(sealed)
        made = AgentRecord(self.seq, text, self.before)
        self.records.append(made)
        return made


def nonce_of(challenge: str) -> str:
    """The nonce in a challenge."""
    return challenge.split("\n")[2]
