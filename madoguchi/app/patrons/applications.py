"""Provisional applications (利用者仮登録申請): somebody applied on the web, and comes with proof."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone, Registered, SamePerson
from madoguchi.app.patrons.person import Person
from madoguchi.app.patrons.registering import NewPatron


class RejectReason(StrEnum):
    """Why an application becomes no patron. The value is what stands on record."""

    NO_PROOF = "no_proof"
    NOT_ENTITLED = "not_entitled"
    PATRON_ALREADY = "patron_already"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class ApplicationQuery:
    """Whose application to look for; what is empty asks for nothing, and nothing at all for all of them.

    Attributes:
        number: the whole of it.
        words: parts of name or kana as typed, in any order.
    """

    number: str = field(default="", repr=False)
    words: str = field(default="", repr=False)
    birth_date: dt.date | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ApplicationFound:
    """One of those who wait: just what tells them from the others."""

    number: str = field(repr=False)
    name: str = field(repr=False)
    kana: str = field(repr=False)
    birth_year: int = field(repr=False)
    applied_on: dt.date


@dataclass(frozen=True, slots=True)
class ApplicationsFound:
    """The first fifty, the oldest first, and whether there are more."""

    applications: tuple[ApplicationFound, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody wrote of themselves; nobody has compared it with proof."""

    number: str = field(repr=False)
    person: Person
    applied_on: dt.date


class Applications(Protocol):
    """Those who wait, on whichever database. ``visit`` is one opening, or one search; each is on record.

    Contract staff find an application by its number alone: it is of no branch.
    """

    def find(self, visit: UUID, query: ApplicationQuery, desk: Desk) -> ApplicationsFound | NotDone: ...

    def open(self, visit: UUID, number: str, desk: Desk) -> Application | NotDone: ...

    def confirm(
        self, operation: UUID, number: str, new: NewPatron, as_new: bool, desk: Desk
    ) -> Registered | SamePerson | NotDone: ...

    def reject(self, operation: UUID, number: str, reason: RejectReason, desk: Desk) -> Done | NotDone: ...


class HasApplications(Protocol):
    """A connection that has them."""

    @property
    def applications(self) -> Applications: ...


def find_applications(
    connected: HasApplications, *, visit: UUID, query: ApplicationQuery, desk: Desk
) -> ApplicationsFound | NotDone:
    """Those who wait, as many as a query finds."""
    return connected.applications.find(visit, query, desk)


def open_application(
    connected: HasApplications, *, visit: UUID, number: str, desk: Desk
) -> Application | NotDone:
    """All that somebody wrote; ``UNKNOWN_APPLICATION``: nobody waits under this number."""
    return connected.applications.open(visit, number, desk)


def confirm_application(
    connected: HasApplications,
    *,
    operation: UUID,
    number: str,
    new: NewPatron,
    desk: Desk,
    as_new: bool = False,
) -> Registered | SamePerson | NotDone:
    """Registers whoever applied, as compared with proof and put right, and erases the application with it.

    What ``register`` asks and refuses holds here; whoever is second at it finds ``UNKNOWN_APPLICATION``.
    """
    return connected.applications.confirm(operation, number, new, as_new, desk)


def reject_application(
    connected: HasApplications, *, operation: UUID, number: str, reason: RejectReason, desk: Desk
) -> Done | NotDone:
    """Erases an application that becomes no patron; why is on record, of whom is not."""
    return connected.applications.reject(operation, number, reason, desk)


def digest(number: str) -> str:
    """What a record says in place of an application's number; the server makes the same one."""
    return hashlib.sha256(number.encode()).hexdigest()
