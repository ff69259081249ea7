"""What the pages of the office show, and what comes of what is done there. Pure values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from madoguchi.app.staff.permissions import Role


class OfficeRefusal(StrEnum):
    """Why something was not done; nothing was changed. The value is the server's word."""

    LOGIN_TAKEN = "login_taken"
    NO_SUCH_ACCOUNT = "no_such_account"
    NO_SUCH_TERMINAL = "no_such_terminal"
    CARD_TAKEN = "card_taken"
    NO_SUCH_SETTING = "no_such_setting"
    CHANGED = "changed"
    """It is not, any more, what the caller has seen."""
    BAD_VALUE = "bad_value"
    NO_SUCH_INCIDENT = "no_such_incident"
    TOO_MANY = "too_many"
    NOT_ALLOWED = "not_allowed"


class AccountState(StrEnum):
    """What an account is good for."""

    ACTIVE = "active"
    TEMPORARY = "temporary"
    """Its owner has not chosen a password yet."""
    LOCKED = "locked"
    ENDED = "ended"
    """Its last day is over."""
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff's account.

    Attributes:
        branches: codes of the branches that contract staff may work at; of others empty.
        last_in: when somebody last signed in with it; None: nobody ever did.
    """

    login: str
    name: str
    role: Role
    branches: tuple[str, ...]
    last_day: dt.date | None
    last_in: dt.datetime | None
    state: AccountState
    card_number: str | None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made."""

    login: str
    name: str
    role: Role
    branches: tuple[str, ...]
    last_day: dt.date | None


class TerminalState(StrEnum):
    """What a terminal is good for."""

    ENROLLED = "enrolled"
    RENEWING = "renewing"
    """A new certificate was signed for it, and it has not come with that yet."""
    DISCONNECTED = "disconnected"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal of a counter.

    Attributes:
        branch: the code of the branch it stands in.
        valid_until: of its certificate; None: without end.
        signed_in: who works there now; or empty.
        settings: its own, by name; what is not there is as the terminal's file says.
    """

    name: str
    branch: str
    valid_until: dt.datetime | None
    state: TerminalState
    signed_in: str
    settings: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Terminals:
    """The terminals, and the branches they can stand in: code and name."""

    terminals: tuple[Terminal, ...]
    branches: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the whole library.

    Attributes:
        place: ``policy``, ``rule`` (of accounts and the audit) or ``loan_term``.
        row_key: of a loan term its category's code and loan group, a stroke between; else empty.
        value: as the server writes it: digits, or ``true`` and ``false``; empty: there is none.
        yes_or_no: whether it is one of those two.
        may_be_none: whether there may be none.
        choices: what it is one of, where it is neither that nor a number.
    """

    place: str
    row_key: str
    name: str
    value: str
    yes_or_no: bool
    least: int
    most: int
    may_be_none: bool = False
    choices: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Tells it from every other."""
        return f"{self.place} {self.row_key} {self.name}"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, and the names of the patrons' categories by their codes.

    Attributes:
        numbering: what the library's own numbers look like, whose value is a plan's text
            (``barcode.code_plan``); it has a page of its own. None: the server knows no such setting.
    """

    settings: tuple[Setting, ...]
    categories: Mapping[str, str]
    numbering: Setting | None = None


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A change of settings as it is on record: what differed."""

    at: dt.datetime
    who: str
    place: str
    row_key: str
    changed: Mapping[str, tuple[str, str]]
    """By the setting's name, its old and its new value."""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A record of the audit."""

    chain: int
    seq: int
    at: dt.datetime
    who: str
    act: str
    subject: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Viewed:
    """That somebody looked at a patron's record."""

    chain: int
    seq: int
    at: dt.datetime
    who: str
    patron_id: int
    how: str


@dataclass(frozen=True, slots=True)
class AuditProblem:
    """Where a chain of the audit is not as it was written."""

    kind: str
    chain: int
    seq: int
    problem: str


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """An export that was written: how many records, and the digest that is on record at the server."""

    records: int
    sha256: str


class IncidentKind(StrEnum):
    """What sort of incident it is."""

    DEVICE = "device"
    LOSS = "loss"
    INTRUDER = "intruder"
    FAULT = "fault"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """An incident as whoever noticed it reports it: content, cause, damage, extent (8.4①).

    Attributes:
        id: the report's own, so that it is taken once however often it is sent.
        noticed_at: by the terminal's clock.
    """

    id: UUID
    noticed_at: dt.datetime
    kind: IncidentKind
    content: str = field(repr=False)
    cause: str = field(default="", repr=False)
    damage: str = field(default="", repr=False)
    extent: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident on the server's list."""

    number: int
    reported_at: dt.datetime
    noticed_at: dt.datetime
    terminal: str
    branch: str
    login: str
    kind: IncidentKind
    content: str = field(repr=False)
    cause: str = field(repr=False)
    damage: str = field(repr=False)
    extent: str = field(repr=False)
    measures: str = field(repr=False)
    closed_at: dt.datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True)
class ComplianceFigures:
    """What of the standard's demands can be counted on the server now."""

    accounts: int
    administrators: int
    unused: int
    ended_not_disabled: int
    temporary_for_long: int
    locked: int
    failures_today: int
    password_days: int
    terminals: int
    terminals_ending: int
    disconnected: int
    idle_longest: int | None
    incidents_open: int
    watched: bool
    alone_since: dt.datetime | None
    tls: bool
    settings_changed: dt.datetime | None
    audit_records: int
