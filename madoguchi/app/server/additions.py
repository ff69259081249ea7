"""Quick-add as the central server does it: one call of its function, and how its answer is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.catalogue.adding import AddAnswer, AddRefusal, ItemAdded, NotAdded, SameTitle
from madoguchi.app.catalogue.new_item import NewItem
from madoguchi.app.lending.facts import Desk, ItemShown
from madoguchi.app.lending.materials import MaterialKind
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.server.odbc_errors import sqlstate

_NO_RIGHT = "42501"


class CentralAdditions:
    """Quick-add over the connection of a member of staff who has entered."""

    _ADD = call(
        "desk.add_item",
        operation=sa.Uuid(),
        item_number=sa.Text(),
        title_id=sa.BigInteger(),
        fields=sa.Text(),
        as_new_title=sa.Boolean(),
    )

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add_item(self, operation: UUID, new: NewItem, as_new_title: bool, desk: Desk) -> AddAnswer:
        """Adds the item where the server knows the terminal to stand."""
        del desk
        try:
            answer = answer_of(
                self._connection,
                self._ADD,
                operation=operation,
                item_number=new.item_number,
                title_id=new.title if isinstance(new.title, int) else None,
                fields=as_json(new),
                as_new_title=as_new_title,
            )
        except sa.exc.DBAPIError as error:
            if sqlstate(error) != _NO_RIGHT:
                raise
            return NotAdded(AddRefusal.NOT_ALLOWED)
        return read_addition(operation, answer)


def as_json(new: NewItem) -> str:
    """An item's fields as ``desk.add_item`` takes them."""
    fields: dict[str, object] = {"kind": new.kind.value, "attachments": new.attachments}
    if not isinstance(new.title, int):
        fields |= {
            "title": new.title.title,
            "title_kana": new.title.title_kana,
            "statement": new.title.statement,
            "creators": [[creator.name, creator.reading] for creator in new.title.creators],
            "publisher": new.title.publisher,
            "year": new.title.year,
            "isbn": new.title.isbn,
            "ndc": new.title.ndc,
            "volume": new.title.volume,
            "series": new.title.series,
            "edition": new.title.edition,
            "extent": new.title.extent,
        }
    return json.dumps(fields, ensure_ascii=False)


def read_addition(operation: UUID, answer: Mapping[str, Any]) -> AddAnswer:
    """The answer that either database gives, and remembers, as a value."""
    shown = answer.get("item")
    item = None if shown is None else ItemShown(**shown | {"kind": MaterialKind(shown["kind"])})
    match answer["refusal"]:
        case None if item is not None:
            return ItemAdded(operation, item, answer["title_id"], answer["new_title"])
        case "same_title":
            return SameTitle(tuple(answer["title_ids"]))
        case refusal:
            return NotAdded(AddRefusal(refusal), item)
