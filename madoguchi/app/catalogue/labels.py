"""Labels for items: numbers that nobody has yet, allotted in a row; what those of given items say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from madoguchi.app.lending.facts import Desk
from madoguchi.barcode.symbology import CodePlan, CodeRule, Meaning, complete

MOST_AT_ONCE: Final = 1000
"""Numbers allotted with one act: fifteen sheets of the smallest labels."""


class LabelRefusal(StrEnum):
    """Why no numbers were allotted. The value is what the server's function answers, too."""

    NUMBERS_USED_UP = "numbers_used_up"
    """The library's rule has not so many left in a row."""
    NOT_ALLOWED = "not_allowed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers in a row that were allotted together, and are no others ever.

    Attributes:
        prefix, digits, checked: the shape of the numbers; ``digits`` are those of the serial.
        first: the serial of the first one.
        branch: whose desk they were allotted to, as it is called in short.
    """

    prefix: str
    digits: int
    checked: bool
    first: int
    size: int
    branch: str
    day: dt.date

    def rule(self, plan: CodePlan) -> CodeRule | None:
        """The library's rule that such numbers follow; None: it has another one by now."""
        of_this_shape = (rule for rule in item_rules(plan) if shape_of(rule) == self.shape)
        return next(of_this_shape, None)

    def numbers(self, rule: CodeRule) -> tuple[str, ...]:
        """The numbers, whole.

        Raises:
            ValueError: the rule is another one.
        """
        if shape_of(rule) != self.shape:
            raise ValueError(f"{self} does not follow {rule}")
        return tuple(complete(rule, serial) for serial in range(self.first, self.first + self.size))

    @property
    def shape(self) -> tuple[str, int, bool]:
        """Prefix, digits, and whether a check character ends it: what the server knows of a rule."""
        return self.prefix, self.digits, self.checked


@dataclass(frozen=True, slots=True)
class NotAllotted:
    """Nothing was written, and why."""

    refusal: LabelRefusal


@dataclass(frozen=True, slots=True)
class ItemToLabel:
    """What stands on the labels of an item that is there.

    Attributes:
        title: without its volume.
        author_mark: where the item has none, the first letter of the author's reading, or of the title's.
    """

    number: str
    title: str
    volume: str
    ndc: str
    author_mark: str


class Labels(Protocol):
    """What labels ask of whichever database. ``allot`` takes an operation id and is done once."""

    def allot(
        self, operation: UUID, prefix: str, digits: int, checked: bool, size: int, desk: Desk
    ) -> NumberRange | NotAllotted: ...

    def ranges(self, desk: Desk) -> tuple[NumberRange, ...]: ...

    def item(self, number: str, desk: Desk) -> ItemToLabel | None: ...


class HasLabels(Protocol):
    """A connection that has it."""

    @property
    def labels(self) -> Labels: ...


def shape_of(rule: CodeRule) -> tuple[str, int, bool]:
    """Prefix, digits of the serial, and whether a check character ends it."""
    checked = rule.length - len(rule.prefix) - rule.serial_digits
    return rule.prefix, rule.serial_digits, bool(checked)


def item_rules(plan: CodePlan) -> tuple[CodeRule, ...]:
    """The rules of items' numbers that may be printed here."""
    return tuple(rule for rule in plan.rules if rule.means is Meaning.ITEM)


def allot_item_numbers(
    connected: HasLabels, *, operation: UUID, rule: CodeRule, size: int, desk: Desk
) -> NumberRange | NotAllotted:
    """Allots so many numbers in a row, which nobody is allotted again; one round trip.

    None of them is on an item. The same operation brings the same numbers. All or none: what a rule has
    left may be too few.
    """
    prefix, digits, checked = shape_of(rule)
    return connected.labels.allot(operation, prefix, digits, checked, size, desk)


def item_ranges(connected: HasLabels, *, desk: Desk) -> tuple[NumberRange, ...]:
    """The last ranges that were allotted in the library, newest first, at most fifty."""
    return connected.labels.ranges(desk)


def item_to_label(connected: HasLabels, *, number: str, desk: Desk) -> ItemToLabel | None:
    """What an item's labels say; None: there is no such item."""
    return connected.labels.item(number, desk)
