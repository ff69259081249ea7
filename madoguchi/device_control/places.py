"""Where the agent's files are, and what `agent.toml` says."""

from __future__ import annotations

import logging
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from madoguchi.device_control.sealed import key_of, receipt_text

_log = logging.getLogger(__name__)

_GROUP: Final = re.compile(r"[a-z0-9-]{1,30}")


@dataclass(frozen=True, slots=True)
class Places:
    """Folders and files; the usual ones of a terminal, or all of them under another root."""

    root: Path = Path("/")

    @property
    def settings(self) -> Path:
        return self.root / "etc/madoguchi-usb/agent.toml"

    @property
    def public_key(self) -> Path:
        return self.root / "etc/madoguchi-usb/policy.pub"

    @property
    def key(self) -> Path:
        return self.root / "etc/madoguchi-usb/agent.key"

    @property
    def state(self) -> Path:
        return self.root / "var/lib/madoguchi-usb"

    @property
    def records(self) -> Path:
        return self.state / "records"

    @property
    def run(self) -> Path:
        return self.root / "run/madoguchi-usb"

    @property
    def socket(self) -> Path:
        return self.run / "agent.sock"

    @property
    def lease(self) -> Path:
        return self.run / "lease"

    @property
    def stick(self) -> Path:
        return self.run / "stick"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a terminal's agent was told when it was installed.

    Attributes:
        terminal: the terminal's name at the server.
        window_account: whose programs may use the socket; empty: root alone.
        key: what the agent and the server know; empty: it cannot be read, and nothing can be recorded.
    """

    group: str
    terminal: str
    window_account: str
    key: bytes


def read_settings(places: Places) -> Settings:
    """Reads them. Never raises: what cannot be read is empty and logged, and then nothing is opened."""
    said: dict[str, object] = {}
    try:
        said = tomllib.loads(places.settings.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        _log.error("%s cannot be read: %s", places.settings, error)
    words = {name: value if isinstance(value := said.get(name), str) else "" for name in _NAMES}
    missing = [name for name, value in words.items() if not value or not value.isprintable()]
    if missing or not _GROUP.fullmatch(words["group"]):
        _log.error("%s does not say: %s", places.settings, ", ".join(missing) or "a group")
    key = b""
    try:
        found = key_of(places.key.read_text(encoding="ascii"))
        # under a name that is none no record can be made
        receipt_text(words["terminal"], 1)
        key = found
    except (OSError, ValueError) as error:
        _log.error("nothing can be recorded: %s: %s", places.key, error)
    return Settings(words["group"], words["terminal"], words["window_account"], key)


_NAMES: Final = ("group", "terminal", "window_account")
