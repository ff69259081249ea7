"""At most two round trips a scan, counted in the protocol itself, on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Refused, Renewed, Reserved, VisitOpened
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.app.lending.checkout import check_out, open_visit
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.reserving import place_reservation
from tests.support.cluster import Cluster
from tests.support.counted import counted_library
from tests.support.library import SmallLibrary, new_id
from tests.support.staff import Seats
from tests.support.wire import Wire


@pytest.fixture
def counted(cluster: Cluster) -> Iterator[tuple[SmallLibrary, Seats, Wire]]:
    """A library whose line is read, and a terminal where the clerk is signed in."""
    with counted_library(cluster) as (plain, wire):
        server = plain.server()
        assert isinstance(server, Seats)
        server.at(plain.desk())
        yield plain, server, wire


def test_no_act_costs_more_than_two_trips(counted) -> None:
    library, server, wire = counted
    desk, card, item = library.desk(), library.patron(), library.item()
    other = library.patron()
    operation, returned, visit, others_visit = (new_id() for _ in range(4))

    def trips(act, expected: type) -> int:
        before = wire.trips
        answer = server.run(act)
        assert isinstance(answer, expected)
        return wire.trips - before

    def card_of(visit, card) -> partial:
        return partial(open_visit, visit=visit, card_number=card, desk=desk)

    lend = partial(check_out, visit=visit, card_number=card, item_number=item, desk=desk, operation=operation)
    refused = partial(lend, operation=new_id(), visit=others_visit, card_number=other)
    reserve = partial(
        place_reservation,
        operation=new_id(),
        visit=others_visit,
        card_number=other,
        title_id=library.id_of_item(item),
        pickup_branch_id=1,
        desk=desk,
    )
    # nothing was read over this connection yet: the first of each kind costs no more than any other
    counts = {
        # the first puts on record that somebody looks, the second shows what they see
        "card": trips(card_of(visit, card), VisitOpened),
        "checkout": trips(lend, CheckedOut),
        "repeated": trips(lend, CheckedOut),
        "another card": trips(card_of(others_visit, other), VisitOpened),
        "the card again": trips(card_of(others_visit, other), VisitOpened),
        "refused": trips(refused, Refused),
        "renewal": trips(partial(renew, operation=new_id(), item_number=item, desk=desk), Renewed),
        "return": trips(partial(check_in, operation=returned, item_number=item, desk=desk), CheckedIn),
        "undo": trips(partial(undo_return, operation=new_id(), return_operation=returned, desk=desk), object),
        "reservation": trips(reserve, Reserved),
        "reservation repeated": trips(reserve, Reserved),
        "reservation refused": trips(partial(reserve, operation=new_id()), Refused),
    }
    assert counts == {
        "card": 2,
        "checkout": 2,
        "repeated": 1,
        "another card": 2,
        "the card again": 1,
        "refused": 1,
        "renewal": 2,
        "return": 2,
        "undo": 1,
        "reservation": 2,
        "reservation repeated": 1,
        "reservation refused": 1,
    }
