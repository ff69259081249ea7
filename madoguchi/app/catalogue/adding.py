"""Quick-add (簡易登録): an item whose number is not known is added at the counter, to be lent at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from madoguchi.app.catalogue.new_item import NewItem
from madoguchi.app.lending.facts import Desk, ItemShown


class AddRefusal(StrEnum):
    """Why an item was not added. The value is what the server's function answers, too."""

    ITEM_KNOWN = "item_known"
    TITLE_GONE = "title_gone"
    WRONG_KIND = "wrong_kind"
    NOT_ALLOWED = "not_allowed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ItemAdded:
    """The item is there, at home at the desk's branch. ``new_title``: its title was made with it."""

    operation: UUID
    item: ItemShown
    title_id: int
    new_title: bool


@dataclass(frozen=True, slots=True)
class SameTitle:
    """Nothing was written: titles with this ISBN and volume are there, the oldest first.

    The clerk adds the item to one of them, or says that it is another book (``as_new_title``).
    """

    title_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotAdded:
    """Nothing was written, and why; of a number that is known, whose it is."""

    refusal: AddRefusal
    item: ItemShown | None = None


AddAnswer = ItemAdded | SameTitle | NotAdded


class Additions(Protocol):
    """The one guarded write of quick-add, on whichever database. It re-checks everything.

    It takes an operation id: repeating one changes nothing and answers what the first answered.
    """

    def add_item(self, operation: UUID, new: NewItem, as_new_title: bool, desk: Desk) -> AddAnswer: ...


class HasAdditions(Protocol):
    """A connection that has it."""

    @property
    def additions(self) -> Additions: ...


def add_item(
    connected: HasAdditions, *, operation: UUID, new: NewItem, desk: Desk, as_new_title: bool = False
) -> AddAnswer:
    """Adds an item, and its title unless it is there; one round trip.

    No title is made beside one of the same ISBN and volume unless ``as_new_title`` says that it is another
    book. The item can be lent and is found by search as soon as the answer is there.
    """
    return connected.additions.add_item(operation, new, as_new_title, desk)
