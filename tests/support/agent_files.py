"""The files of an agent, and what its administrator and the server make for it."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from madoguchi.device_control.places import Places
from madoguchi.device_control.sealed import grant_text, mac, receipt_text
from madoguchi.device_control.signed import public_text, sign

GROUP, TERMINAL = "counters", "counter-7"


class AgentFiles:
    """The files of a terminal's agent, under a root of their own.

    Attributes:
        places: where they are.
        key: what the agent and the server know.
        signing: the administrator's key, whose public half the agent has.
    """

    def __init__(self, root: Path, account: str) -> None:
        self.places = Places(root)
        self.key = secrets.token_bytes(32)
        self.signing = Ed25519PrivateKey.generate()
        self._version = 0
        for made in (self.places.settings.parent, self.places.state, self.places.run):
            made.mkdir(parents=True)
        self.set_account(account)
        self.places.public_key.write_text(public_text(self.signing.public_key()))
        self.places.key.write_text(self.key.hex() + "\n")

    def set_account(self, name: str) -> None:
        """Whose programs may talk to it, from its next start on."""
        words = {"group": GROUP, "terminal": TERMINAL, "window_account": name}
        self.places.settings.write_text(
            "".join(f"{key} = {json.dumps(word)}\n" for key, word in words.items())
        )

    def sign_policy(self, rules: str, *, version: int | None = None, group: str = GROUP) -> str:
        """A policy as an administrator makes it; without a version, one newer than the last."""
        self._version = version if version is not None else self._version + 1
        return sign(group, self._version, rules, self.signing)

    def grant(self, nonce: str, minutes: int) -> str:
        """The server's MAC on an exception."""
        return mac(self.key, grant_text(TERMINAL, nonce, minutes))

    def receipt(self, seq: int) -> tuple[str, str]:
        """The server's receipt for the records up to `seq`, which is in the journal, and its MAC."""
        lines = (line for file in self._journal() for line in file.read_text("utf-8").splitlines())
        last = next(line.split(" ")[1] for line in lines if line.startswith(f"{seq} "))
        text = receipt_text(TERMINAL, seq, last)
        return text, mac(self.key, text)

    def put_policy(self, rules: str) -> None:
        """A policy that the agent took before."""
        (self.places.state / "policy").write_text(self.sign_policy(rules), encoding="utf-8")

    def records(self) -> list[dict[str, Any]]:
        """What stands in the agent's journal on the disk."""
        found = []
        for file in self._journal():
            for line in file.read_text(encoding="utf-8").splitlines():
                found.append(json.loads(line.split(" ", 2)[2]))
        return found

    def _journal(self) -> list[Path]:
        return sorted(self.places.records.glob("[0-9]*"))
