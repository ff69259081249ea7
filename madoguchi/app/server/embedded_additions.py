"""Quick-add on the embedded SQLite file: the twin of the server's ``desk.add_item``.

``tests/contracts/test_adding.py`` holds both to one suite.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.catalogue.adding import AddAnswer, AddRefusal, NotAdded, SameTitle
from madoguchi.app.catalogue.new_item import NewItem, NewTitle, fits
from madoguchi.app.lending.facts import Desk
from madoguchi.app.server import tables as t
from madoguchi.app.server.additions import read_addition
from madoguchi.app.server.embedded_rows import EmbeddedRows

_ACT = "add_item"
_MOST_ALIKE = 50


class EmbeddedAdditions(EmbeddedRows):
    """Quick-add over one autocommit SQLite connection."""

    def add_item(self, operation: UUID, new: NewItem, as_new_title: bool, desk: Desk) -> AddAnswer:
        """Adds the item, at home at the desk's branch."""
        with self._transaction():
            before = self._connection.execute(
                sa.select(t.operation.c.act, t.operation.c.answer).where(t.operation.c.id == operation)
            ).one_or_none()
            if before is not None:
                return _earlier(operation, before.act, before.answer)
            today = self._connection.execute(sa.select(sa.func.library_day(0, type_=sa.Date))).scalar_one()
            refused = self._refused(operation, new, as_new_title, today)
            if refused is not None:
                return refused
            title_id = new.title if isinstance(new.title, int) else self._make_title(new.title, today)
            self._connection.execute(
                t.item.insert().values(
                    number=new.item_number,
                    title_id=title_id,
                    home_branch_id=desk.branch_id,
                    kind=new.kind.value,
                    attachments=new.attachments,
                )
            )
            answer = {
                "refusal": None,
                "item": self._shown(new.item_number),
                "title_id": title_id,
                "new_title": isinstance(new.title, NewTitle),
            }
            self._connection.execute(
                t.operation.insert().values(
                    id=operation, act=_ACT, answer=json.dumps(answer), done_on=sa.func.library_day(0)
                )
            )
            return read_addition(operation, answer)

    def _refused(self, operation: UUID, new: NewItem, as_new_title: bool, today: dt.date) -> AddAnswer | None:
        if not fits(new, today):
            return NotAdded(AddRefusal.NOT_ALLOWED)
        if not self._there(t.material_kind.c.code == new.kind.value):
            return NotAdded(AddRefusal.WRONG_KIND)
        shown = self._shown(new.item_number)
        if shown is not None:
            return read_addition(operation, {"refusal": AddRefusal.ITEM_KNOWN.value, "item": shown})
        if isinstance(new.title, int):
            return self._refused_copy(new, new.title)
        alike = () if as_new_title or new.title.isbn is None else self._alike(new.title)
        return SameTitle(alike) if alike else None

    def _refused_copy(self, new: NewItem, title_id: int) -> NotAdded | None:
        if not self._there(t.title.c.id == title_id):
            return NotAdded(AddRefusal.TITLE_GONE)
        of_title = t.item.c.title_id == title_id
        # a book among the CDs of a title would be lent by other limits
        if self._there(of_title) and not self._there(sa.and_(of_title, t.item.c.kind == new.kind.value)):
            return NotAdded(AddRefusal.WRONG_KIND)
        return None

    def _there(self, condition: sa.ColumnElement[bool]) -> bool:
        return self._connection.execute(sa.select(sa.literal(1)).where(condition)).first() is not None

    def _alike(self, title: NewTitle) -> tuple[int, ...]:
        found = self._connection.execute(
            sa.select(t.title.c.id)
            .where(
                t.title.c.isbn == title.isbn,
                sa.func.search_folded(t.title.c.volume) == sa.func.search_folded(title.volume),
            )
            .order_by(t.title.c.id)
            .limit(_MOST_ALIKE)
        )
        return tuple(found.scalars())

    def _make_title(self, title: NewTitle, today: dt.date) -> int:
        title_id: int = self._connection.execute(
            t.title.insert()
            .values(
                title=title.title,
                title_kana=title.title_kana,
                volume=title.volume,
                series=title.series,
                statement=title.statement,
                publisher=title.publisher,
                year=title.year,
                isbn=title.isbn,
                ndc=title.ndc,
                edition=title.edition,
                extent=title.extent,
                quick_added_on=today,
            )
            .returning(t.title.c.id)
        ).scalar_one()
        rows = [
            {"title_id": title_id, "position": position, "name": creator.name, "reading": creator.reading}
            for position, creator in enumerate(title.creators, start=1)
        ]
        if rows:
            self._connection.execute(t.title_creator.insert(), rows)
        return title_id

    def _shown(self, number: str) -> Mapping[str, Any] | None:
        row = (
            self._connection.execute(
                sa.select(
                    t.item.c.number,
                    t.title.c.title,
                    t.title.c.volume,
                    t.title.c.statement.label("creators"),
                    t.item.c.kind,
                    t.item.c.attachments,
                    t.item.c.note,
                )
                .join(t.title)
                .where(t.item.c.number == number)
            )
            .mappings()
            .one_or_none()
        )
        if row is None:
            return None
        shown = dict(row)
        volume = shown.pop("volume")
        return shown | {"title": " ".join(part for part in (shown["title"], volume) if part)}


def _earlier(operation: UUID, act: str, answer: str | None) -> AddAnswer:
    if act == "cancelled":
        return NotAdded(AddRefusal.CANCELLED)
    if act != _ACT or answer is None:
        return NotAdded(AddRefusal.NOT_ALLOWED)
    return read_addition(operation, json.loads(answer))
