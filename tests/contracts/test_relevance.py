"""Fifty known questions over the shipped records: each title that was meant is among the first ten."""

from __future__ import annotations

from functools import partial

from madoguchi.app.catalogue.look_up import search
from madoguchi.app.catalogue.ndl import shipped_records
from madoguchi.app.catalogue.search import TitleQuery
from madoguchi.app.server.gateway import LendingServer
from madoguchi.app.training.stock import fill_titles
from tests.bench.relevance import AMONG, KNOWN, MISSED, chosen, place_of
from tests.support.library import SmallLibrary


def test_nobody_picked_the_easy_ones() -> None:
    assert [(known.ndl_id, known.way) for known in KNOWN] == chosen(shipped_records().records)


def test_what_was_meant_is_among_the_first_ten(library: SmallLibrary, server: LendingServer) -> None:
    records = shipped_records().records
    with library.engine.connect() as connection:
        fill_titles(connection, records)
    title_ids = {record.ndl_id: place for place, record in enumerate(records, start=1)}
    missed = []
    for known in KNOWN:
        found = server.run(partial(search, query=TitleQuery(anywhere=known.typed), desk=library.desk()))
        place = place_of(title_ids[known.ndl_id], found)
        if place is None or place > AMONG:
            missed.append(known.typed)
    assert missed == list(MISSED), missed
