"""What labels are to be printed of: numbers in their order, each once, with what is known of it. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from madoguchi.app.catalogue.labels import ItemToLabel


class State(Enum):
    """What is known of a number."""

    ASKED = "asked"
    FOUND = "found"
    UNKNOWN = "unknown"
    """It is one of the library's, and no item has it."""
    NEW = "new"
    """It was allotted to be stuck on an item that is not there yet."""
    CARD = "card"
    """It was allotted to be a patron's card."""


@dataclass(frozen=True, slots=True)
class Collected:
    """A number, and the item that has it."""

    number: str
    state: State
    item: ItemToLabel | None = None


class LabelList:
    """The numbers, in the order in which they came."""

    def __init__(self) -> None:
        self._rows: dict[str, Collected] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, number: object) -> bool:
        return number in self._rows

    def __iter__(self) -> Iterator[Collected]:
        return iter(self._rows.values())

    def add(self, numbers: Iterable[str], state: State) -> None:
        """Adds these at the end; one that is there stays where it is."""
        for number in numbers:
            self._rows.setdefault(number, Collected(number, state))

    def found(self, number: str, item: ItemToLabel | None) -> None:
        """What is known of a number has come; one that was taken out meanwhile stays out."""
        row = self._rows.get(number)
        if row is not None:
            state = State.FOUND if item is not None else State.UNKNOWN
            self._rows[number] = replace(row, state=state, item=item)

    def drop(self, number: str) -> None:
        """Takes one out."""
        self._rows.pop(number, None)

    def clear(self) -> None:
        """Takes all out."""
        self._rows.clear()
