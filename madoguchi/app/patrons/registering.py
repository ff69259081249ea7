"""Registration (利用者登録) and changes of what is kept of a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone, Registered, SamePerson
from madoguchi.app.patrons.person import Person


@dataclass(frozen=True, slots=True)
class NewPatron:
    """Somebody to be registered.

    Attributes:
        card_number: of the card they get, which nobody has had.
        family_of: the patron whose family they are of; None: no link is made.
    """

    person: Person
    card_number: str = field(repr=False)
    family_of: int | None = None


class Registrations(Protocol):
    """Guarded writes, on whichever database; they re-check everything.

    Each takes an operation id: repeating one changes nothing and answers what the first answered.
    """

    def register(
        self, operation: UUID, new: NewPatron, as_new: bool, desk: Desk
    ) -> Registered | SamePerson | NotDone: ...

    def change(
        self, operation: UUID, patron_id: int, version: int, person: Person, desk: Desk
    ) -> Done | NotDone: ...


class HasRegistrations(Protocol):
    """A connection that has them."""

    @property
    def registrations(self) -> Registrations: ...


def register(
    connected: HasRegistrations, *, operation: UUID, new: NewPatron, desk: Desk, as_new: bool = False
) -> Registered | SamePerson | NotDone:
    """Registers somebody at the desk's branch; one round trip.

    Nobody is registered beside somebody of the same kana (folded) and birth date unless ``as_new`` says that
    it is another person. Two terminals at once make no two records of one person.
    """
    return connected.registrations.register(operation, new, as_new, desk)


def change(
    connected: HasRegistrations, *, operation: UUID, patron_id: int, version: int, person: Person, desk: Desk
) -> Done | NotDone:
    """Puts ``person`` in place of what is kept of a patron; ``CHANGED`` where ``version`` is old.

    Proof that is given with it was seen today.
    """
    return connected.registrations.change(operation, patron_id, version, person, desk)
