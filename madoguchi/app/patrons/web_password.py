"""The one-time web password (仮パスワード): made by the server, said once, printed, and never shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import NotDone


class Secret:
    """A text that must not be seen, in memory that is overwritten when it has done its work.

    It has neither a text nor a length of its own; whoever must have it calls ``reveal``, and wipes the copy.
    """

    __slots__ = ("_bytes",)

    def __init__(self, text_ascii: str) -> None:
        self._bytes = bytearray(text_ascii, "ascii")

    def reveal(self) -> bytearray:
        """A copy of it; the caller overwrites it.

        Raises:
            LookupError: it was wiped.
        """
        if not self._bytes:
            raise LookupError("it was wiped")
        return bytearray(self._bytes)

    def wipe(self) -> None:
        """Overwrites it; there is nothing in it afterwards."""
        overwrite(self._bytes)

    def __repr__(self) -> str:
        return "Secret()"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written down")


def overwrite(buffer: bytearray) -> None:
    """Overwrites a buffer and empties it."""
    buffer[:] = bytes(len(buffer))
    buffer.clear()


@dataclass(frozen=True, slots=True)
class WebPassword:
    """A one-time password; it is the patron's from now on, and whatever they had before is none any more.

    Attributes:
        expires: until when it is good, by the library's clock.
    """

    operation: UUID
    secret: Secret
    expires: dt.datetime


class WebPasswords(Protocol):
    """Where they are made."""

    def issue(self, operation: UUID, patron_id: int, desk: Desk) -> WebPassword | NotDone: ...


class HasWebPasswords(Protocol):
    """A connection that has them made."""

    @property
    def web_passwords(self) -> WebPasswords: ...


def issue_web_password(
    connected: HasWebPasswords, *, operation: UUID, patron_id: int, desk: Desk
) -> WebPassword | NotDone:
    """Has a one-time password made for a patron with a card.

    It is said this once. Asked again under the same id the answer is ``MADE_ALREADY``: nobody has the
    password, and another one is made under another id. The embedded library has no web: ``NOT_ALLOWED``.
    """
    return connected.web_passwords.issue(operation, patron_id, desk)
