"""The policy in force, kept so that it holds without the server, and the highest version seen of each group.

`highest` stands apart from `policy`: who takes the kept policy away does not make an older one good again. It
has a line for each group that the terminal was ever in: `<version> <digest> <group>`.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from madoguchi.device_control.kept_files import keep

if TYPE_CHECKING:
    from madoguchi.device_control.signed import SignedPolicy

_log = logging.getLogger(__name__)

_HIGHEST: Final = re.compile(r"([0-9]{1,10}) ([0-9a-f]{64}) ([a-z0-9-]{1,30})")


class NotTaken(Exception):
    """A policy is not taken. `word` is why, `line` and `slip` where it is not well formed."""

    def __init__(self, word: str, line: int = 0, slip: str = "") -> None:
        super().__init__(word)
        self.word, self.line, self.slip = word, line, slip


class PolicyStore:
    """The agent's policy: `in_force` is None where there is none that can be believed."""

    def __init__(self, folder: Path, public_key: Path, group: str) -> None:
        self._folder, self._public_key, self._group = folder, public_key, group
        self.in_force: SignedPolicy | None = None
        self.fault = ""
        """Why the kept policy is not in force; empty: it is, or none was kept."""

    def load(self) -> None:
        """Puts the kept policy in force, if it is whole and no older than the highest one seen."""
        try:
            text = (self._folder / "policy").read_bytes().decode()
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            self.fault = f"unreadable: {error}"
            return
        try:
            self._judge(text)
            self.in_force = self._verified(text)
            self._raise_highest(self.in_force)
        except NotTaken as error:
            self.in_force = None
            self.fault = error.word

    def take(self, text: str, record: Callable[[SignedPolicy], None]) -> SignedPolicy:
        """Keeps a policy and puts it in force. `record` is called before anything is changed.

        Raises:
            NotTaken: why not; the one in force stays.
            Exception: what `record` raises.
        """
        found = self._judge(text)
        if self.in_force is not None and self.in_force.text == text:
            return self.in_force
        record(found)
        try:
            # this first: after a crash between the two, it is newer than the highest, never the other way
            keep(self._folder / "policy", text)
        except OSError as error:
            raise NotTaken("not_kept") from error
        self._raise_highest(found)
        self.in_force = found
        self.fault = ""
        return found

    def _judge(self, text: str) -> SignedPolicy:
        found = self._verified(text)
        highest = self._highest().get(self._group)
        if highest is not None and (
            found.version < highest[0] or (found.version == highest[0] and _digest(text) != highest[1])
        ):
            raise NotTaken("older")
        return found

    def _verified(self, text: str) -> SignedPolicy:
        # here alone, so that a machine without `cryptography` closes everything instead of not starting
        try:
            from madoguchi.device_control.signed import BadKey, PolicyRefused, read_public, verify
        except ImportError as error:
            _log.error("no policy can be verified: %s", error)
            raise NotTaken("signature") from error
        try:
            key = read_public(self._public_key.read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError, BadKey) as error:
            _log.error("the key that policies are verified with cannot be read: %s", error)
            raise NotTaken("signature") from error
        try:
            return verify(text, key, self._group)
        except PolicyRefused as error:
            raise NotTaken(error.word, error.line, error.slip) from error

    def _highest(self) -> dict[str, tuple[int, str]]:
        """By group: the version, and the digest of its text. Raises NotTaken: they cannot be read."""
        try:
            lines = (self._folder / "highest").read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise NotTaken("not_kept") from error
        found = [_HIGHEST.fullmatch(line) for line in lines]
        read = {line[3]: (int(line[1]), line[2]) for line in found if line is not None}
        if not lines or len(read) < len(lines):
            _log.error(
                "the highest version seen cannot be read; until an administrator takes the file away,"
                " no policy is taken"
            )
            raise NotTaken("not_kept")
        return read

    def _raise_highest(self, found: SignedPolicy) -> None:
        highest = self._highest()
        before = highest.get(self._group)
        if before is None or found.version > before[0]:
            highest[self._group] = (found.version, _digest(found.text))
            lines = [f"{version} {digest} {group}\n" for group, (version, digest) in sorted(highest.items())]
            try:
                keep(self._folder / "highest", "".join(lines))
            except OSError as error:
                raise NotTaken("not_kept") from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
