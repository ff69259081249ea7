"""Cards: lost and given anew, put in order with proof seen, and withdrawal (退会)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol, TypeVar
from uuid import UUID, uuid5

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone, PatronRefusal
from madoguchi.app.patrons.fitting import card_number_fits
from madoguchi.app.patrons.person import Proof
from madoguchi.app.patrons.registering import NewPatron
from madoguchi.barcode.symbology import CodePlan, CodeRule, Meaning, complete

_TRIES: Final = 10
Answer = TypeVar("Answer")
Connected = TypeVar("Connected", bound="HasCards")


class Cards(Protocol):
    """Guarded writes, on whichever database; each takes an operation id and is done once."""

    def replace(self, operation: UUID, patron_id: int, card_number: str, desk: Desk) -> Done | NotDone: ...

    def allot(self, operation: UUID, prefix: str, digits: int, check: bool, desk: Desk) -> int | NotDone: ...

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


def printed_rule(plan: CodePlan) -> CodeRule | None:
    """The rule of the cards that the library prints itself; None: it has no numbers for any."""
    return next((rule for rule in plan.rules if rule.means is Meaning.PATRON), None)


def allot_number(connected: HasCards, *, operation: UUID, rule: CodeRule, desk: Desk) -> str | NotDone:
    """The whole number of the next card that the library prints itself.

    The serial is the server's, which gives each once and passes over what is on a card already; the rest
    is the rule's. The same operation brings the same number.
    """
    checked = rule.length - len(rule.prefix) - rule.serial_digits
    allotted = operation
    for turn in range(_TRIES):
        serial = connected.cards.allot(allotted, rule.prefix, rule.serial_digits, bool(checked), desk)
        if isinstance(serial, NotDone):
            return serial
        number = complete(rule, serial)
        if card_number_fits(number):
            return number
        # its check character is a space (modulus 43), which gets lost on the way to us
        allotted = uuid5(operation, str(turn))
    return NotDone(PatronRefusal.NUMBERS_USED_UP)


def allot_card_numbers(
    connected: HasCards, *, operation: UUID, rule: CodeRule, size: int, desk: Desk
) -> tuple[str, ...] | NotDone:
    """The whole numbers of so many cards that are printed before anybody is given one.

    A round trip each. The same operation brings the same numbers; what was allotted before one was refused
    is on no card.
    """
    numbers = []
    for turn in range(size):
        number = allot_number(connected, operation=uuid5(operation, f"card {turn}"), rule=rule, desk=desk)
        if isinstance(number, NotDone):
            return number
        numbers.append(number)
    return tuple(numbers)


def register_with_printed_card(
    connected: Connected,
    *,
    act: Callable[..., Answer | NotDone],
    card: UUID,
    rule: CodeRule,
    new: NewPatron,
    desk: Desk,
    **how: object,
) -> Answer | NotDone:
    """Registers somebody by ``act``, with a number for a card that is printed afterwards.

    Two round trips. ``card`` is the operation that allots the number: kept until somebody is registered
    with it, no repeat takes another one.
    """
    number = allot_number(connected, operation=card, rule=rule, desk=desk)
    if isinstance(number, NotDone):
        return number
    return act(connected, new=replace(new, card_number=number), desk=desk, **how)


def replace_with_printed_card(
    connected: HasCards, *, operation: UUID, card: UUID, patron_id: int, rule: CodeRule, desk: Desk
) -> Done | NotDone:
    """Gives somebody a card that is printed afterwards, as ``replace_card``; ``card`` as at registration."""
    number = allot_number(connected, operation=card, rule=rule, desk=desk)
    if isinstance(number, NotDone):
        return number
    answer = connected.cards.replace(operation, patron_id, number, desk)
    return replace(answer, card_number=number) if isinstance(answer, Done) else answer


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
