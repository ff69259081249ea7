"""What becomes of asking for a book's record by its ISBN: values, also *no*."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    # its parser is not needed to hear what came of it
    from madoguchi.app.catalogue.ndl import BibRecord


class Reason(StrEnum):
    """Why there is no answer."""

    NOT_CONFIGURED = "not_configured"
    NOT_AN_ISBN = "not_an_isbn"
    HOST_NOT_ALLOWED = "host_not_allowed"
    REDIRECTED = "redirected"

    CA_FILE = "ca_file"
    """The file of further authorities (``fetch_ca_file``) cannot be read, or holds none."""
    PROXY_UNREACHABLE = "proxy_unreachable"
    """Nobody is at the proxy's address, or nobody who answers as a proxy does."""
    PROXY_PASSWORD = "proxy_password"  # noqa: S105 - the name of a reason
    """The proxy wants a password; the keyring has none, is closed, or has another."""
    PROXY_REFUSED = "proxy_refused"
    """The proxy does not let this terminal through to that host."""
    SOURCE_UNREACHABLE = "source_unreachable"
    """The proxy does not get through to the host."""
    TIMED_OUT = "timed_out"
    TLS_NOT_VERIFIED = "tls_not_verified"
    """Who answered could not prove to be that host."""
    SOURCE_ERROR = "source_error"
    """The host answered with an error of its own."""
    TOO_BIG = "too_big"
    NOT_UNDERSTOOD = "not_understood"
    """Something else came than an answer of NDL Search."""
    BROKEN = "broken"
    """The answer ended too early, or is damaged."""


OWN_RULES: Final = frozenset(
    {Reason.NOT_CONFIGURED, Reason.NOT_AN_ISBN, Reason.HOST_NOT_ALLOWED, Reason.REDIRECTED}
)
"""What this terminal refuses by itself."""


@dataclass(frozen=True, slots=True)
class Found:
    """Records of the ISBN that was asked for, the best first; at least one.

    Attributes:
        records: each has the ISBN as its ``isbn13``.
        others: how many records were dropped because they do not have that ISBN.
        left_out: how many were left out as nothing that a counter lends (``ndl_kinds.LeftOut``).
    """

    records: tuple[BibRecord, ...]
    others: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class NothingKnown:
    """NDL Search answered, and nothing in it is a lendable title of that ISBN; counted as in ``Found``."""

    others: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class FetchRefused:
    """Not fetched, because this terminal's own rules say so (``OWN_RULES``)."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """Asked for, or tried to, and there is no answer that could be used. It may be tried again."""

    reason: Reason


Fetched: TypeAlias = Found | NothingKnown | FetchRefused | FetchFailed


class CannotFetch(Exception):
    """Inside this room: what ends a fetch. It becomes a value, and a line in the log.

    Attributes:
        detail: for the log; nothing of what was asked for is in it, and no text of the far side's.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value} ({detail})" if detail else reason.value)
        self.reason = reason
        self.detail = detail
