"""At most two round trips a scan, counted in the protocol itself, on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Refused, Renewed, VisitOpened
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.app.lending.checkout import check_out, open_visit
from madoguchi.app.lending.renewal import renew
from madoguchi.app.server.gateway import LendingServer
from tests.support.cluster import TRIP_COUNT_DATABASE, Cluster
from tests.support.library import SmallLibrary, new_id
from tests.support.wire import Wire


@pytest.fixture
def counted(cluster: Cluster) -> Iterator[tuple[SmallLibrary, LendingServer, Wire]]:
    """A library whose line is read, and a terminal that is connected already."""
    with Wire(cluster.host, cluster.port) as wire:
        plain = SmallLibrary(cluster.url(TRIP_COUNT_DATABASE, port=wire.port, sslmode="disable"))
        plain.make()
        server = plain.server()
        server.run(partial(open_visit, visit=new_id(), card_number="0", desk=plain.desk()))
        yield plain, server, wire
        plain.close()
    cluster.drop_database(TRIP_COUNT_DATABASE)
    cluster.create_database(TRIP_COUNT_DATABASE)


def test_no_act_costs_more_than_two_trips(counted) -> None:
    library, server, wire = counted
    desk, card, item = library.desk(), library.patron(), library.item()
    other = library.patron()
    operation, returned = new_id(), new_id()

    def trips(act, expected: type) -> int:
        before = wire.trips
        answer = server.run(act)
        assert isinstance(answer, expected)
        return wire.trips - before

    lend = partial(
        check_out, visit=new_id(), card_number=card, item_number=item, desk=desk, operation=operation
    )
    counts = {
        "card": trips(partial(open_visit, visit=new_id(), card_number=card, desk=desk), VisitOpened),
        "checkout": trips(lend, CheckedOut),
        "repeated": trips(lend, CheckedOut),
        "refused": trips(partial(lend, operation=new_id(), card_number=other), Refused),
        "renewal": trips(partial(renew, operation=new_id(), item_number=item, desk=desk), Renewed),
        "return": trips(partial(check_in, operation=returned, item_number=item, desk=desk), CheckedIn),
        "undo": trips(partial(undo_return, operation=new_id(), return_operation=returned, desk=desk), object),
    }
    assert counts == {
        "card": 1,
        "checkout": 2,
        "repeated": 1,
        "refused": 1,
        "renewal": 2,
        "return": 2,
        "undo": 1,
    }
