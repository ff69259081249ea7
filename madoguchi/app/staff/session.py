"""Who is signed in at a terminal, or why nobody is. Pure values, apart from the SQL that finds them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from madoguchi.app.lending.facts import Desk
from madoguchi.app.staff.numbering import Unreadable
from madoguchi.app.staff.password_rules import PasswordProblem
from madoguchi.app.staff.permissions import Role
from madoguchi.barcode.code_plan import CodePlan


class SignInProblem(StrEnum):
    """Why nobody was signed in."""

    NOT_KNOWN = "not_known"
    """Unknown login, wrong password, locked or ended account: nobody learns which."""
    WRONG_BRANCH = "wrong_branch"
    TERMINAL_UNKNOWN = "terminal_unknown"
    TERMINAL_REVOKED = "terminal_revoked"
    TERMINAL_CUT_OFF = "terminal_disconnected"
    SESSION_ENDED = "session_ended"


class SessionEnd(StrEnum):
    """Why a session that was open is over. The value is the server's SQLSTATE or refusal."""

    NOT_SIGNED_IN = "28M01"
    TERMINAL = "28M02"
    ACCOUNT = "28M03"
    PASSWORD = "28M04"  # noqa: S105 - no password
    BRANCH = "28M05"
    TAKEN_OVER = "session_ended"
    CUT_OFF = "terminal_disconnected"
    REFUSED = "28000"


class PasswordWhy(StrEnum):
    """Why the password must be changed before anything else."""

    TEMPORARY = "password_temporary"
    OLD = "password_old"


@dataclass(frozen=True, slots=True)
class LastTime:
    """When and where this login was last signed in: it tells its owner whether that was they (7.2(10)).

    Attributes:
        signed_out_at: None where that session's end is not known yet.
        how: ``signed out``, ``taken over``, ``lost``, ``account ended`` or ``terminal revoked``; or empty.
    """

    signed_in_at: dt.datetime
    signed_out_at: dt.datetime | None
    how: str
    branch: str
    terminal: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A member of staff at this terminal.

    ``command_prefix`` is the library's own, for its ``CodePlan``; staff alone may know it: no log shows it.

    Attributes:
        last: the time before this one; None if there was none, or on the embedded library.
        failures: bad sign-ins with this login since then.
        password_days_left: days until the password must be changed, once that is near; else None.
        idle_seconds: after how long without input they are taken to have left this terminal, where the server
            says so.
        cut_off: this terminal is cut off, and they are let in to put that right.
        card_number: the number on this person's own staff card, if they have one.
        receipt_printer: where this terminal's receipt printer is, where the server says so; else empty.
        virus_check: the command that checks a file that goes from or to a stick, as its arguments, where the
            server says one; empty: there is none, and nothing is copied.
        plan: the library's own numbers, where the server says so; they come without the command prefix. One
            that cannot be read changes nothing.
        clock_ahead_seconds: how far this terminal's clock is ahead of the server's; None: there is but one.
    """

    desk: Desk
    name: str
    role: Role
    branch: str
    command_prefix: str = field(repr=False)
    last: LastTime | None = None
    failures: int = 0
    password_days_left: int | None = None
    clock_ahead_seconds: float | None = None
    idle_seconds: int | None = None
    cut_off: bool = False
    card_number: str | None = field(default=None, repr=False)
    receipt_printer: str = ""
    virus_check: tuple[str, ...] = ()
    plan: CodePlan | Unreadable | None = None


@dataclass(frozen=True, slots=True)
class SignedInElsewhere:
    """The password was right, but this person works at another terminal: they may end that session."""

    terminal: str
    branch: str
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class PasswordNeeded:
    """The password was right, but a new one must be chosen before anything else."""

    login: str
    name: str
    why: PasswordWhy


@dataclass(frozen=True, slots=True)
class PasswordRefused:
    """A new password that does not comply, and all that is wrong with it; the old one stays."""

    problems: tuple[PasswordProblem, ...]


SignInAnswer = SignedIn | SignInProblem | SignedInElsewhere | PasswordNeeded
"""What comes of a sign-in, of taking a session over, and of a new password that was accepted."""


@dataclass(frozen=True, slots=True)
class ServerState:
    """How the central server is.

    Attributes:
        watched: its watcher was heard of within a minute; erasures, locks and expiries rest on it.
        alone_since: since when the second host is gone; None: it is there, or there never was one.
    """

    watched: bool = True
    alone_since: dt.datetime | None = None
