"""Cards: lost and given anew, put in order with proof seen, and withdrawal (退会)."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone
from madoguchi.app.patrons.person import Proof


class Cards(Protocol):
    """Guarded writes, on whichever database; each takes an operation id and is done once."""

    def replace(self, operation: UUID, patron_id: int, card_number: str, desk: Desk) -> Done | NotDone: ...

    def report_lost(self, operation: UUID, patron_id: int, desk: Desk) -> Done | NotDone: ...

    def renew(self, operation: UUID, patron_id: int, proof: Proof, desk: Desk) -> Done | NotDone: ...

    def withdraw(self, operation: UUID, patron_id: int, desk: Desk) -> Done | NotDone: ...


class HasCards(Protocol):
    """A connection that has them."""

    @property
    def cards(self) -> Cards: ...


def replace_card(
    connected: HasCards, *, operation: UUID, patron_id: int, card_number: str, desk: Desk
) -> Done | NotDone:
    """Gives somebody a new card; the one before is lost and refused everywhere from now on."""
    return connected.cards.replace(operation, patron_id, card_number, desk)


def report_lost(connected: HasCards, *, operation: UUID, patron_id: int, desk: Desk) -> Done | NotDone:
    """Their card is lost; they have none until they get another."""
    return connected.cards.report_lost(operation, patron_id, desk)


def renew_card(
    connected: HasCards, *, operation: UUID, patron_id: int, proof: Proof, desk: Desk
) -> Done | NotDone:
    """Puts a card in order that lay idle: proof of address was seen today (DOMAIN, "Cards")."""
    return connected.cards.renew(operation, patron_id, proof, desk)


def withdraw(connected: HasCards, *, operation: UUID, patron_id: int, desk: Desk) -> Done | NotDone:
    """Erases a person, their cards and whatever joins to them; statistics stay. Refused with open loans."""
    return connected.cards.withdraw(operation, patron_id, desk)
