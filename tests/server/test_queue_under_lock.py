"""Whoever takes a copy back while its queue is changed sees the queue as it is afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.answers import CheckedIn
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.reservations.answers import Done
from madoguchi.app.reservations.queues import cancel_reservation
from madoguchi.app.server import tables as t
from tests.support.cluster import Cluster
from tests.support.library import SmallLibrary, new_id


@pytest.fixture
def library(cluster: Cluster, library_template: str) -> Iterator[SmallLibrary]:
    cluster.create_database("library_queue", template=library_template)
    made = SmallLibrary(cluster.url("library_queue"), cluster)
    yield made
    made.close()
    cluster.recover()
    cluster.drop_database("library_queue")


def test_a_copy_is_trapped_before_or_after_and_never_for_nobody(library: SmallLibrary) -> None:
    """The return is held between its look at the queue and what it writes, by its own operation's id."""
    item, operation, desk = library.item(), new_id(), library.desk()
    key = library.reserved(library.patron(), item)
    one, other = (library.server(limit_seconds=60) for _ in range(2))
    take_back = partial(check_in, operation=operation, item_number=item, desk=desk)
    end = partial(cancel_reservation, operation=new_id(), reservation_id=key, reason="", desk=desk)
    waiting = sa.text("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")

    def held(most: int) -> None:
        until = time.monotonic() + 60
        while library.value(waiting) < most and time.monotonic() < until:
            time.sleep(0.02)
        assert library.value(waiting) == most

    with ThreadPoolExecutor(2) as pool:
        with library.engine.connect().execution_options(isolation_level="READ COMMITTED") as holder:
            claimed = {"id": operation, "act": "checkin", "done_on": library.now.date()}
            holder.execute(t.operation.insert().values(claimed))
            returned = pool.submit(one.run, take_back)
            held(1)
            ended = pool.submit(other.run, end)
            held(2)
            holder.rollback()
        back, done = returned.result(60), ended.result(60)
    assert isinstance(back, CheckedIn)
    assert back.route == "reservation_shelf"
    assert isinstance(done, Done)
    # it lies where the slip said, and is on the list to be cleared away
    assert done.to_clear
    left = library.rows(sa.select(t.shelf_leftover.c.item_id))
    assert left == [{"item_id": library.id_of_item(item)}]
