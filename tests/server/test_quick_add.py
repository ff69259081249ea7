"""Quick-add on the central server: killed in the middle, and what a client of one's own may send."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from functools import partial
from uuid import uuid4

import pytest
import sqlalchemy as sa

from madoguchi.app.catalogue.adding import ItemAdded, add_item
from madoguchi.app.catalogue.new_item import NewItem, NewTitle
from madoguchi.app.server import tables as t
from madoguchi.app.server.outage import Outage
from tests.support.cluster import Cluster
from tests.support.library import SmallLibrary, new_id
from tests.support.staff import Seats

NUMBER = "1000000710"


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


def _count(library: SmallLibrary, table: sa.Table) -> object:
    return library.value(sa.select(sa.func.count()).select_from(table))


def test_killed_in_the_middle_it_is_not_there_and_asked_again_it_is(
    library: SmallLibrary, cluster: Cluster
) -> None:
    operation, server = new_id(), library.server(limit_seconds=30)
    act = partial(
        add_item,
        operation=operation,
        new=NewItem(NUMBER, NewTitle("こころ", isbn="9784101010137")),
        desk=library.desk(),
    )
    server.at(library.desk())
    ended: list[object] = []

    def adding() -> None:
        try:
            ended.append(server.run(act))
        except Outage as outage:
            ended.append(outage)

    with library.engine.connect() as held:
        held.exec_driver_sql("begin")
        # the title is written, the item waits
        held.exec_driver_sql("lock table item in share mode")
        thread = threading.Thread(target=adding)
        thread.start()
        waiting = sa.text("select count(*) from pg_locks where not granted and relation = 'item'::regclass")
        with library.engine.connect() as looking:
            deadline = time.monotonic() + 20
            while not looking.execute(waiting).scalar_one():
                assert time.monotonic() < deadline
                time.sleep(0.02)
        cluster.kill()
        thread.join(30)
        held.invalidate()
    assert isinstance(ended[0], Outage)
    cluster.start()
    for table in (t.title, t.title_search, t.item, t.operation):
        assert _count(library, table) == 0
    again = library.server().run(act)
    assert isinstance(again, ItemAdded)
    assert (_count(library, t.title), _count(library, t.item)) == (1, 1)


GOOD = {"kind": "book", "title": "こころ"}
BAD: list[object] = [
    [],
    3,
    "x",
    None,
    {},
    {"title": "こころ"},
    {"kind": "book"},
    GOOD | {"kind": "boat"},
    GOOD | {"kind": None},
    GOOD | {"kind": ["book"]},
    GOOD | {"title": None},
    GOOD | {"title": 3},
    GOOD | {"title": ["こころ"]},
    GOOD | {"title": {"a": 1}},
    GOOD | {"title": "\u3000\t"},
    GOOD | {"title": "あ" * 501},
    GOOD | {"title": "あ\u202eい"},
    GOOD | {"title_kana": True},
    GOOD | {"statement": "あ" * 501},
    GOOD | {"attachments": 0},
    GOOD | {"attachments": "\x01"},
    GOOD | {"year": "昔"},
    GOOD | {"year": 1e300},
    GOOD | {"year": -1},
    GOOD | {"year": [2004]},
    GOOD | {"isbn": 9784101010138},
    GOOD | {"isbn": "9784101010138"},
    GOOD | {"isbn": "978410101013X"},
    GOOD | {"ndc": "913.6'"},
    GOOD | {"creators": {}},
    GOOD | {"creators": None},
    GOOD | {"creators": ["夏目"]},
    GOOD | {"creators": [["夏目"]]},
    GOOD | {"creators": [["夏目", "ナツメ", "x"]]},
    GOOD | {"creators": [[None, "ナツメ"]]},
    GOOD | {"creators": [["夏目", 3]]},
    GOOD | {"creators": [["夏目", ""]] * 41},
]


def _ask(server: Seats, *values: object) -> dict[str, object]:
    call = sa.text("select desk.add_item(:operation, :item, :title, :fields, :as_new)").bindparams(
        sa.bindparam("operation", type_=sa.Uuid),
        sa.bindparam("item", type_=sa.Text),
        sa.bindparam("title", type_=sa.BigInteger),
        sa.bindparam("fields", type_=sa.Text),
        sa.bindparam("as_new", type_=sa.Boolean),
    )
    names = ("operation", "item", "title", "fields", "as_new")
    said = server.run(
        lambda c: c.connection.execute(call, dict(zip(names, values, strict=True))).scalar_one()
    )
    return json.loads(said)


def test_what_a_client_of_ones_own_sends_is_refused(library: SmallLibrary) -> None:
    server = library.server()
    texts = [json.dumps(fields) for fields in BAD]
    texts += ["", "{", "x" * 60_001, "[" * 50_000, '{"kind": "book", "title": "\\u0000"}']
    for fields in texts:
        answer = _ask(server, uuid4(), NUMBER, None, fields, False)
        assert answer["refusal"] in ("not_allowed", "wrong_kind"), (fields[:80], answer)
    good = json.dumps(GOOD)
    for values in (
        (None, NUMBER, None, good, False),
        (uuid4(), None, None, good, False),
        (uuid4(), NUMBER, None, None, False),
        (uuid4(), NUMBER, None, good, None),
        (uuid4(), "１", None, good, False),
        (uuid4(), "1" * 21, None, good, False),
    ):
        assert _ask(server, *values) == {"refusal": "not_allowed"}
    assert _ask(server, uuid4(), NUMBER, -1, good, False) == {"refusal": "title_gone"}
    for table in (t.title, t.title_creator, t.item, t.operation):
        assert _count(library, table) == 0
    assert _ask(server, uuid4(), NUMBER, None, good, False)["refusal"] is None


def test_where_it_is_at_home_is_for_the_server_to_know(library: SmallLibrary) -> None:
    server = library.server()
    fields = json.dumps(GOOD | {"home_branch_id": 2, "quick_added_on": "1999-01-01", "id": 7, "ndl_id": "x"})
    assert _ask(server, uuid4(), NUMBER, None, fields, False)["refusal"] is None
    assert library.rows(sa.select(t.item.c.home_branch_id)) == [{"home_branch_id": 1}]
    (title,) = library.rows(sa.select(t.title))
    assert (title["ndl_id"], str(title["quick_added_on"])) == (None, "2026-05-12")
