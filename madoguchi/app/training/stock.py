"""The training library's stock: a title for each record, an item for each case, copies round the branches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any, Final

import sqlalchemy as sa

from madoguchi.app.catalogue.ndl import BibRecord
from madoguchi.app.lending.materials import LoanGroup, MaterialKind, group_of
from madoguchi.app.server import tables as t
from madoguchi.app.training.branches import BRANCHES
from madoguchi.app.training.house import branch_ids
from madoguchi.app.training.situations import ItemCase, item_number

ITEMS: Final = 1500


class TooFewRecords(Exception):
    """The records hold too little material of a kind that the situations need."""


def fill_titles(connection: sa.Connection, records: Sequence[BibRecord], first: int = 1) -> None:
    connection.execute(
        t.title.insert(),
        [
            {
                "id": place,
                "ndl_id": record.ndl_id,
                "title": record.title,
                "title_kana": record.title_kana or "",
                "volume": record.volume or "",
                "series": record.series or "",
                "statement": _shown_creators(record),
                "publisher": (record.publisher or ""),
                "year": record.year,
                "isbn": record.isbn13,
                "ndc": record.ndc or "",
                "edition": record.edition or "",
                "extent": record.extent or "",
            }
            for place, record in enumerate(records, start=first)
        ],
    )
    creators = [
        {"title_id": place, "position": position, "name": creator.name, "reading": creator.reading or ""}
        for place, record in enumerate(records, start=first)
        for position, creator in enumerate(record.creators, start=1)
    ]
    if creators:
        connection.execute(t.title_creator.insert(), creators)


def _shown_creators(record: BibRecord) -> str:
    names = "・".join(creator.name for creator in record.creators[:3])
    return names or record.statement_of_responsibility or ""


def make_items(records: Sequence[BibRecord]) -> list[dict[str, Any]]:
    """The items: first one for each case, then copies of every title round the branches."""
    ids = branch_ids()
    everywhere = cycle(ids[seed.code] for seed in BRANCHES)
    with_av = cycle(ids[seed.code] for seed in BRANCHES if seed.has_av)
    home = ids["sogo"]
    items = [
        _item(serial, title_id, home, record)
        for serial, (title_id, record) in enumerate(_case_titles(records), start=1)
    ]
    for case, changes in _case_items(ids).items():
        items[list(ItemCase).index(case)].update(changes)
    copies = cycle(enumerate(records, start=1))
    for serial, (title_id, record) in enumerate(islice(copies, ITEMS - len(items)), start=len(items) + 1):
        branches = everywhere if group_of(record.kind) is LoanGroup.PRINT else with_av
        items.append(_item(serial, title_id, next(branches), record))
    return items


def _item(serial: int, title_id: int, branch_id: int, record: BibRecord) -> dict[str, Any]:
    return {
        "id": serial,
        "number": item_number(serial),
        "title_id": title_id,
        "home_branch_id": branch_id,
        "kind": record.kind.value,
        "reference_only": False,
        "borrowed_from": None,
        "attachments": (record.attachments or "")[:300],
        "note": "",
    }


def _case_items(ids: dict[str, int]) -> dict[ItemCase, dict[str, Any]]:
    return {
        ItemCase.REFERENCE: {"reference_only": True},
        ItemCase.ATTACHMENTS: {"attachments": "付録CD 1枚"},
        ItemCase.NOTE: {"note": "12ページに書込みあり（確認済）"},
        ItemCase.OTHER_BRANCH: {"home_branch_id": ids["minami"]},
        ItemCase.BORROWED_ELSEWHERE: {"borrowed_from": "神奈川県立図書館"},
    }


def _case_titles(records: Sequence[BibRecord]) -> Iterator[tuple[int, BibRecord]]:
    """A title for each item case, of the kind the case needs; no two cases share one."""
    by_kind: dict[MaterialKind, list[tuple[int, BibRecord]]] = {}
    for place, record in enumerate(records, start=1):
        if not record.attachments:
            by_kind.setdefault(record.kind, []).append((place, record))
    for case in ItemCase:
        kind = {ItemCase.CD: MaterialKind.CD, ItemCase.DVD: MaterialKind.DVD}.get(case, MaterialKind.BOOK)
        if not by_kind.get(kind):
            raise TooFewRecords(f"the records hold too few titles of the kind {kind.value!r}")
        yield by_kind[kind].pop(0)
