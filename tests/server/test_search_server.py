"""Search on the central server: two changes of one title at once, and what a client of one's own may send."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from madoguchi.app.catalogue.search import TitleQuery, plan_of
from madoguchi.app.server import tables as t
from madoguchi.app.server.catalogue import as_json
from madoguchi.app.server.functions import call
from tests.support.cluster import Cluster
from tests.support.library import SmallLibrary

PLAN = json.loads(as_json(plan_of(TitleQuery(anywhere="こころ"))))
_SEARCH = call("desk.search_titles", plan=sa.Text())


@pytest.fixture
def database_template(library_template: str) -> str:
    """Each database begins as a small library."""
    return library_template


@pytest.fixture
def library(cluster: Cluster, database: str) -> Iterator[SmallLibrary]:
    """A small library on PostgreSQL."""
    made = SmallLibrary(cluster.url(database), cluster)
    yield made
    cluster.recover()
    made.close()


def _answer(library: SmallLibrary, plan: object) -> dict[str, object]:
    text = plan if isinstance(plan, str) or plan is None else json.dumps(plan, ensure_ascii=False)
    server = library.server()
    server.at(library.desk())
    return json.loads(server.run(lambda c: c.connection.execute(_SEARCH, {"plan": text}).scalar_one()))


def test_two_changes_of_one_title_at_once_leave_it_found_by_both(library: SmallLibrary) -> None:
    library.item(title_id=None)
    title_id = library.value(sa.select(t.title.c.id))
    creator = t.title_creator.insert().values(title_id=title_id, position=1, name="夏目 漱石")
    publisher = t.title.update().where(t.title.c.id == title_id).values(publisher="新潮社")

    def change() -> None:
        with library.engine.connect() as second:
            second.execute(publisher)

    with library.engine.connect() as first, library.engine.connect() as looking:
        first.exec_driver_sql("begin")
        first.execute(creator)
        thread = threading.Thread(target=change)
        thread.start()
        # it has come to where the first stands in its way
        waits = sa.text("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
        deadline = time.monotonic() + 20
        while not looking.execute(waits).scalar_one():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        first.exec_driver_sql("commit")
        thread.join(20)
        kept, meant = (
            looking.exec_driver_sql(f"select searched from {name}").scalar_one()
            for name in ("title_search", "title_searched")
        )
    assert kept == meant
    assert "夏目漱石" in kept
    assert "新潮社" in kept


_MANY_KANJI = "".join(map(chr, range(0x4E00, 0x9FFF)))


@pytest.mark.parametrize(
    "plan",
    [
        None,
        "no plan",
        PLAN | {"words": 5},
        PLAN | {"words": [["こころ", "x"]]},
        PLAN | {"words": [["こころ", 99999999999]]},
        PLAN | {"words": [["ここ\0ろ", 0]]},
        # half a minute of a core before their length was looked at
        PLAN | {"words": [[_MANY_KANJI * 15, 0]]},
        PLAN | {"words": [["ここ", 0]] * 10_000},
        PLAN | {"head": "コ" * 100_000},
    ],
    ids=["none", "text", "number", "field", "far field", "nul", "long word", "many words", "long head"],
)
def test_what_is_no_plan_of_ours_is_refused(library: SmallLibrary, plan: object) -> None:
    assert _answer(library, plan)["refusal"] == "not_allowed"


def test_the_longest_plan_that_the_program_makes_is_searched(library: SmallLibrary) -> None:
    longest = " ".join(["心" * 200] * 12)
    query = TitleQuery(longest, *[longest] * 4, ndc="9" * 800, isbn="9" * 800, item_number="1" * 800)
    assert _answer(library, as_json(plan_of(query)))["refusal"] is None
