"""The catalogue as each database answers for it: the same statements here, the server's functions there."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from madoguchi.app.catalogue.search import (
    FIRST,
    Branch,
    Copy,
    Found,
    Place,
    SearchPlan,
    TitleCard,
    TitleFound,
    Waiting,
)
from madoguchi.app.lending.facts import Desk
from madoguchi.app.lending.materials import MaterialKind
from madoguchi.app.server.embedded_search import found_titles
from madoguchi.app.server.functions import answer_of, call
from madoguchi.app.server.title_statements import BRANCHES, COPIES, QUEUE, TITLE, TITLES_BY_JSON

Row = Mapping[Any, Any]


class EmbeddedCatalogue:
    """The catalogue of the embedded library, over one open connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def search(self, plan: SearchPlan, desk: Desk) -> Found:
        """The first titles that a plan finds, and whether there are more."""
        found = found_titles(self._connection, plan, FIRST + 1)
        values = {"title_ids": json.dumps(found[:FIRST]), "branch_id": desk.branch_id}
        rows = self._connection.execute(TITLES_BY_JSON, values).mappings().all()
        return _found(rows, more=len(found) > FIRST)

    def title(self, title_id: int, desk: Desk) -> TitleCard | None:
        """A title with its copies and its queue; None where there is none of that id."""
        values = {"title_id": title_id, "branch_id": desk.branch_id}
        rows = [
            self._connection.execute(statement, values).mappings().all()
            for statement in (TITLE, COPIES, QUEUE)
        ]
        return _card(*rows)

    def branches(self, desk: Desk) -> tuple[Branch, ...]:
        """The branches, in their order."""
        del desk
        return tuple(Branch(row.id, row.name) for row in self._connection.execute(BRANCHES))


class CentralCatalogue:
    """The catalogue of the central server, over the connection of a member of staff who has entered."""

    _SEARCH = call("desk.search_titles", plan=sa.Text())
    _BRANCHES = call("desk.read_branches")
    _TITLE = call("desk.read_title", title=sa.BigInteger())

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def search(self, plan: SearchPlan, desk: Desk) -> Found:
        """The first titles that a plan finds, and whether there are more. The server knows the branch."""
        del desk
        answer = answer_of(self._connection, self._SEARCH, plan=as_json(plan))
        return _found(answer["rows"], more=answer["more"])

    def title(self, title_id: int, desk: Desk) -> TitleCard | None:
        """A title with its copies and its queue; None where there is none of that id."""
        del desk
        answer = answer_of(self._connection, self._TITLE, title=title_id)
        for copy in answer["copies"]:
            if copy["due_on"] is not None:
                copy["due_on"] = dt.date.fromisoformat(copy["due_on"])
        return _card(answer["rows"], answer["copies"], answer["waiting"])

    def branches(self, desk: Desk) -> tuple[Branch, ...]:
        """The branches, in their order."""
        del desk
        answer = answer_of(self._connection, self._BRANCHES)
        return tuple(Branch(row["id"], row["name"]) for row in answer["rows"])


Catalogue = EmbeddedCatalogue | CentralCatalogue


def as_json(plan: SearchPlan) -> str:
    """A plan as ``desk.search_titles`` takes it."""
    return json.dumps(
        {
            "words": [[word, int(field)] for word, field in plan.words],
            "head": plan.head,
            "number": plan.number,
            "book": plan.book,
            "class_or_words": plan.class_or_words,
            "isbn": plan.isbn,
            "ndc": plan.ndc,
            "item_number": plan.item_number,
        },
        ensure_ascii=False,
    )


def _found(rows: Sequence[Row], *, more: bool) -> Found:
    return Found(
        tuple(
            TitleFound(
                title_id=row["title_id"],
                title=row["title"],
                volume=row["volume"],
                creators=row["statement"],
                publisher=row["publisher"],
                year=row["year"],
                kind=MaterialKind(row["kind"]) if row["kind"] is not None else None,
                copies=row["copies"],
                here=row["here"],
                on_shelf=row["on_shelf"],
                waiting=row["waiting"],
            )
            for row in rows
        ),
        more,
    )


def _card(titles: Sequence[Row], copies: Sequence[Row], waiting: Sequence[Row]) -> TitleCard | None:
    if not titles:
        return None
    title = titles[0]
    return TitleCard(
        title_id=title["id"],
        title=title["title"],
        title_kana=title["title_kana"],
        volume=title["volume"],
        series=title["series"],
        creators=title["statement"],
        publisher=title["publisher"],
        year=title["year"],
        edition=title["edition"],
        extent=title["extent"],
        isbn=title["isbn"] or "",
        ndc=title["ndc"],
        copies=tuple(
            Copy(
                number=row["number"],
                kind=MaterialKind(row["kind"]),
                home=row["home"],
                place=Place(row["place"]),
                at=row["at"],
                due_on=row["due_on"],
                reference_only=bool(row["reference_only"]),
                borrowed_from=row["borrowed_from"] or "",
                here=bool(row["here"]),
            )
            for row in copies
        ),
        waiting=tuple(Waiting(row["branch"], row["waiting"]) for row in waiting),
    )
