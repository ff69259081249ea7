"""Keyrings for tests, in place of the operating system's: one in memory, one in a file for several processes.

A test module imports the fixture `ring` and names it in its `__all__`; elsewhere it is
`with set_keyring(MemoryKeyring()):`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets when the process ends.

    Attributes:
        kept: what is in it, by service and user name.
        locked: as the real one before somebody has opened it, it then refuses everything.
    """

    # the lowest that is no error: never chosen where the machine has one of its own
    priority = 0.01

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._refuse_when_locked()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._refuse_when_locked()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._refuse_when_locked()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")

    def _refuse_when_locked(self) -> None:
        if self.locked:
            raise KeyringLocked("locked")


class FileKeyring(KeyringBackend):
    """A keyring in a file of clear text, for tests whose processes end in the middle.

    A process that does not choose its keyring has it by ``FileKeyring.environment``.
    """

    priority = 0.01
    file: Path | str | None = None

    def __init__(self, file: Path | None = None) -> None:
        super().__init__()
        if file is not None:
            self.file = file

    @classmethod
    def environment(cls, file: Path) -> dict[str, str]:
        """What makes another process use this keyring; keyring's own variables."""
        name = f"{cls.__module__}.{cls.__qualname__}"
        return {"PYTHON_KEYRING_BACKEND": name, "KEYRING_PROPERTY_FILE": str(file)}

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write({**self._read(), f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        kept = self._read()
        if kept.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError("not there")
        self._write(kept)

    def _read(self) -> dict[str, str]:
        if self.file is None or not Path(self.file).exists():
            return {}
        kept: dict[str, str] = json.loads(Path(self.file).read_text(encoding="utf-8"))
        return kept

    def _write(self, kept: dict[str, str]) -> None:
        assert self.file is not None
        unfinished = Path(self.file).with_suffix(".new")
        unfinished.write_text(json.dumps(kept), encoding="utf-8")
        unfinished.replace(self.file)


@contextmanager
def set_keyring(backend: KeyringBackend) -> Iterator[None]:
    """Have this process use `backend` meanwhile."""
    before = keyring.get_keyring()
    keyring.set_keyring(backend)
    try:
        yield
    finally:
        keyring.set_keyring(before)


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    """The keyring of this process, empty."""
    backend = MemoryKeyring()
    with set_keyring(backend):
        yield backend
