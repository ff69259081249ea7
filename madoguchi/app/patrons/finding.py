"""Finding a patron, opening their record, and seeing what is masked. Each look is on record at the server."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import NotDone, PatronFile, PatronsFound
from madoguchi.app.patrons.likeness import Alike
from madoguchi.app.patrons.person import Person


@dataclass(frozen=True, slots=True)
class PatronQuery:
    """Whom to look for; what is empty asks for nothing. All that is said must hold.

    Attributes:
        words: parts of name or kana as typed, in any order: two letters are enough, they may stand anywhere.
        telephone_end: the last four digits of a telephone.
    """

    words: str = field(default="", repr=False)
    telephone_end: str = field(default="", repr=False)
    birth_date: dt.date | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What has been typed of somebody, to see whether they are there already."""

    name: str = field(default="", repr=False)
    kana: str = field(default="", repr=False)
    birth_date: dt.date | None = field(default=None, repr=False)
    telephone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


class Patrons(Protocol):
    """The patrons, on whichever database. ``visit`` is one opening of a record, one search, one registration.

    Contract staff find and compare with those of their own branches; anybody by the exact number of a card.
    """

    def find(self, visit: UUID, query: PatronQuery, desk: Desk) -> PatronsFound | NotDone: ...

    def open_card(self, visit: UUID, card_number: str, desk: Desk) -> PatronFile | NotDone: ...

    def open_patron(self, visit: UUID, patron_id: int, desk: Desk) -> PatronFile | NotDone: ...

    def details(self, visit: UUID, patron_id: int, desk: Desk) -> Person | NotDone: ...

    def alike(self, visit: UUID, typed: Likeness, desk: Desk) -> tuple[Alike, ...] | NotDone: ...

    def categories(self, desk: Desk) -> tuple[tuple[str, str], ...]: ...


class HasPatrons(Protocol):
    """A connection that has them."""

    @property
    def patrons(self) -> Patrons: ...


def find(connected: HasPatrons, *, visit: UUID, query: PatronQuery, desk: Desk) -> PatronsFound | NotDone:
    """The patrons that a query finds: the first fifty, with just what tells them apart.

    Less than two letters and neither telephone nor birth date is ``SEARCH_TOO_WIDE``.
    """
    return connected.patrons.find(visit, query, desk)


def open_card(connected: HasPatrons, *, visit: UUID, card_number: str, desk: Desk) -> PatronFile | NotDone:
    """The patron whose card it is; a lost one is ``CARD_LOST``."""
    return connected.patrons.open_card(visit, card_number, desk)


def open_patron(connected: HasPatrons, *, visit: UUID, patron_id: int, desk: Desk) -> PatronFile | NotDone:
    """A patron that was found."""
    return connected.patrons.open_patron(visit, patron_id, desk)


def details(connected: HasPatrons, *, visit: UUID, patron_id: int, desk: Desk) -> Person | NotDone:
    """Where somebody lives and how to reach them: asked for when it is needed, and on record by itself."""
    return connected.patrons.details(visit, patron_id, desk)


def alike(connected: HasPatrons, *, visit: UUID, typed: Likeness, desk: Desk) -> tuple[Alike, ...] | NotDone:
    """Those who may be the one being typed, the likeliest first, at most five; only likely ones are shown."""
    return connected.patrons.alike(visit, typed, desk)


def categories(connected: HasPatrons, *, desk: Desk) -> tuple[tuple[str, str], ...]:
    """The library's categories: key and name."""
    return connected.patrons.categories(desk)
