"""Work that waits for whoever left their desk: a parcel each, encrypted on this terminal until closing time.

A parcel holds what the pages gave (a visit's card, rows with titles). It can be read for as long as the
day's key is known, which is in the operating system's keyring and goes with the day. A terminal without a
keyring keeps its parcels in memory, and they end with the program.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import logging
import os
import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_log = logging.getLogger(__name__)

KEYRING_SERVICE: Final = "madoguchi kept work"
_ACCOUNT: Final = "key of the day"
_SUFFIX: Final = ".kept"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One person's work.

    Attributes:
        login: whose it is; nobody else is given it.
        name: what they are called, for the lock to say.
        since: when they left.
        content: what the pages gave, as JSON; of patrons too, so it is shown in no message.
    """

    login: str
    name: str
    since: dt.datetime
    content: str = field(repr=False)


class DayKey:
    """The day's key, in the operating system's keyring."""

    def of(self, day: dt.date) -> bytes | None:
        """The key of today, made when it is first asked for; one of another day is gone for good.

        None: there is no place for one on this machine.
        """
        import keyring
        from keyring.errors import KeyringError

        try:
            found = _key_in(keyring.get_password(KEYRING_SERVICE, _ACCOUNT), day)
            if found is not None:
                return found
            made = secrets.token_bytes(32)
            words = f"{day.isoformat()} {base64.b64encode(made).decode()}"
            keyring.set_password(KEYRING_SERVICE, _ACCOUNT, words)
            kept = _key_in(keyring.get_password(KEYRING_SERVICE, _ACCOUNT), day)
        except (KeyringError, RuntimeError) as error:
            _log.warning("no keyring: work is kept in memory alone (%s)", type(error).__name__)
            return None
        return made if kept == made else None

    def forget(self) -> None:
        """The key goes: what it has locked can be read no more."""
        import keyring
        from keyring.errors import KeyringError

        try:
            if keyring.get_password(KEYRING_SERVICE, _ACCOUNT) is not None:
                keyring.delete_password(KEYRING_SERVICE, _ACCOUNT)
        except (KeyringError, RuntimeError) as error:
            _log.warning("the key of kept work could not be deleted (%s)", type(error).__name__)


def _key_in(words: str | None, day: dt.date) -> bytes | None:
    of_day, _, key = (words or "").partition(" ")
    if of_day != day.isoformat():
        return None
    try:
        found = base64.b64decode(key, validate=True)
    except binascii.Error:
        return None
    return found if len(found) == 32 else None


class KeptWork:
    """The parcels of this terminal: at most one for each person, until closing time.

    ``now`` is the library's local time; ``closing`` the time of day at which all of them end. One kept after
    closing ends with the day. What is asked is answered from memory: disk and keyring, which may take their
    time, are dealt with in a thread behind it. Without ``files`` nothing outlives the program.
    """

    def __init__(
        self,
        now: Callable[[], dt.datetime],
        files: KeptFiles | None = None,
        *,
        closing: dt.time = dt.time(20),
    ) -> None:
        self._now = now
        self._files = files
        self._closing = closing
        self._parcels: dict[str, tuple[Parcel, dt.datetime]] = {}
        self._behind = ThreadPoolExecutor(1, thread_name_prefix="kept work") if files is not None else None
        self._loaded: Future[list[tuple[Parcel, dt.datetime]]] | None = None
        if files is not None and self._behind is not None:
            self._loaded = self._behind.submit(files.load)

    def put(self, parcel: Parcel) -> None:
        """Keeps it, in place of what was kept for that person before."""
        self._take_loaded()
        ends = self._end_of(parcel.since)
        self._parcels[parcel.login] = (parcel, ends)
        if self._files is not None and self._behind is not None:
            self._behind.submit(self._files.write, parcel, ends)

    def of(self, login: str) -> Parcel | None:
        """What waits for a person; it goes on waiting until it is dropped."""
        self.expire()
        found = self._parcels.get(login)
        return found[0] if found is not None else None

    def drop(self, login: str) -> None:
        """Forgets what waits for a person: they have it back, or want it no more."""
        self._parcels.pop(login, None)
        if self._files is not None and self._behind is not None:
            self._behind.submit(self._files.remove, login)

    def expire(self) -> None:
        """Drops what has come to its end."""
        self._take_loaded()
        now = self._now()
        for login in [login for login, (_, ends) in self._parcels.items() if ends <= now]:
            self.drop(login)

    def close(self) -> None:
        """Ends the thread once everything is written."""
        if self._behind is not None:
            self._behind.shutdown()

    def _take_loaded(self) -> None:
        """What an earlier run of the program left behind, once it has been read."""
        if self._loaded is None or not self._loaded.done():
            return
        loaded, self._loaded = self._loaded.result(), None
        for parcel, ends in loaded:
            self._parcels.setdefault(parcel.login, (parcel, ends))

    def _end_of(self, since: dt.datetime) -> dt.datetime:
        closing = dt.datetime.combine(since.date(), self._closing, since.tzinfo)
        midnight = dt.datetime.combine(since.date() + dt.timedelta(days=1), dt.time(), since.tzinfo)
        return closing if since < closing else midnight


class KeptFiles:
    """The parcels on disk, encrypted, each in a file of its own. For one thread."""

    def __init__(self, folder: Path, now: Callable[[], dt.datetime]) -> None:
        self._folder = folder
        self._now = now
        self._key = DayKey()

    def load(self) -> list[tuple[Parcel, dt.datetime]]:
        """What can still be read. All else goes: what is past its end, of another day's key, or damaged."""
        found = [(file, self._read(file)) for file in self._all()]
        for file, parcel in found:
            if parcel is None:
                self._delete(file)
        if not any(parcel for _, parcel in found):
            self._end_of_all()
        return [parcel for _, parcel in found if parcel is not None]

    def write(self, parcel: Parcel, ends: dt.datetime) -> None:
        """Writes one, whole or not at all; where it cannot be written, the log says so."""
        key = self._key.of(parcel.since.date())
        if key is None:
            return
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        first_line = f"{parcel.since.date().isoformat()} {ends.isoformat()}".encode("ascii")
        plain = json.dumps(
            {
                "login": parcel.login,
                "name": parcel.name,
                "since": parcel.since.isoformat(),
                "content": parcel.content,
            }
        )
        nonce = secrets.token_bytes(12)
        # the ending is sealed with the rest: nobody makes a parcel live longer
        locked = nonce + AESGCM(key).encrypt(nonce, plain.encode(), first_line)
        file = self._file_of(parcel.login)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = file.with_suffix(".new")
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
                opened.write(first_line + b"\n" + locked)
                opened.flush()
                os.fsync(opened.fileno())
            new.replace(file)
        except OSError as error:
            _log.warning("work is kept in memory alone: %s", error.strerror)

    def remove(self, login: str) -> None:
        """Deletes one; with the last of them goes the key."""
        self._delete(self._file_of(login))
        if not self._all():
            self._end_of_all()

    def _end_of_all(self) -> None:
        if not self._folder.is_dir():
            return
        for unfinished in self._folder.glob("*.new"):
            self._delete(unfinished)
        with suppress(OSError):
            self._folder.rmdir()
        self._key.forget()

    def _all(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{_SUFFIX}")) if self._folder.is_dir() else []

    def _file_of(self, login: str) -> Path:
        return self._folder / (hashlib.sha256(login.encode()).hexdigest()[:24] + _SUFFIX)

    def _read(self, file: Path) -> tuple[Parcel, dt.datetime] | None:
        """A parcel, if it is ours, whole and not past its end."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            first_line, locked = file.read_bytes().split(b"\n", 1)
            day, ends = first_line.decode("ascii").split(" ")
            today, end = self._now().date(), dt.datetime.fromisoformat(ends)
            if day != today.isoformat() or end <= self._now():
                return None
            key = self._key.of(today)
            if key is None:
                return None
            values = json.loads(AESGCM(key).decrypt(locked[:12], locked[12:], first_line))
            since = dt.datetime.fromisoformat(values["since"])
            parcel = Parcel(values["login"], values["name"], since, values["content"])
        except (OSError, ValueError, TypeError, KeyError, InvalidTag):
            _log.warning("kept work that cannot be read is thrown away")
            return None
        return (parcel, end) if file == self._file_of(parcel.login) else None

    @staticmethod
    def _delete(file: Path) -> None:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("kept work could not be deleted: %s", error.strerror)
