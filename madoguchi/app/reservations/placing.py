"""What was read at the counter, made into the title that is meant, and reserved: one act, safe to repeat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from madoguchi.app.catalogue.look_up import Catalogue, search
from madoguchi.app.catalogue.search import TitleQuery
from madoguchi.app.lending.answers import Refused, Reserved
from madoguchi.app.lending.facts import Desk, Reads, Writes
from madoguchi.app.lending.reserving import place_reservation


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: a copy that was read, a book by its ISBN, or a title that was found; one of them."""

    item_number: str = ""
    isbn: str = ""
    title_id: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """The one title that is meant; ``title`` is with its volume."""

    title_id: int
    title: str
    creators: str


@dataclass(frozen=True, slots=True)
class NotMeant:
    """No title is meant by it; or ``several`` are, and somebody has to choose."""

    several: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """What came of reserving the title that was meant."""

    meant: Meant
    answer: Reserved | Refused


class HasCounter(Protocol):
    """A connection with the catalogue, and with what a reservation needs."""

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def reads(self) -> Reads: ...

    @property
    def writes(self) -> Writes: ...


def title_meant(connected: HasCounter, *, wanted: Wanted, desk: Desk) -> Meant | NotMeant:
    """Which title is meant; of a copy, the one that it is a copy of."""
    if wanted.title_id:
        return Meant(wanted.title_id, wanted.title, "")
    query = TitleQuery(isbn=wanted.isbn, item_number=wanted.item_number)
    titles = search(connected, query=query, desk=desk).titles
    if len(titles) != 1:
        return NotMeant(several=bool(titles))
    (found,) = titles
    name = " ".join(part for part in (found.title, found.volume) if part)
    return Meant(found.title_id, name, found.creators)


def reserve_what_is_meant(
    connected: HasCounter,
    *,
    operation: UUID,
    visit: UUID,
    card_number: str,
    wanted: Wanted,
    only_copy: bool,
    pickup_branch_id: int,
    desk: Desk,
) -> Placed | NotMeant:
    """Reserves the title that is meant for a patron, or says why not.

    With ``only_copy`` the copy that was read alone will do. Repeating an operation that was done changes
    nothing and gives the same answer.
    """
    meant = title_meant(connected, wanted=wanted, desk=desk)
    if isinstance(meant, NotMeant):
        return meant
    answer = place_reservation(
        connected,
        operation=operation,
        visit=visit,
        card_number=card_number,
        title_id=meant.title_id,
        pickup_branch_id=pickup_branch_id,
        desk=desk,
        item_number=wanted.item_number if only_copy and wanted.item_number else None,
    )
    return Placed(meant, answer)
