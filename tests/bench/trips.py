"""Round trips per checkout and return, counted on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from uuid import uuid4

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, VisitOpened
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import check_out, open_visit
from madoguchi.app.server.gateway import Act, LendingServer
from tests.bench.figures import BenchError, Figure, Goal, Limit
from tests.bench.ground import POSTGRESQL, Ground
from tests.bench.stock import VISIT
from tests.support.counted import counted_library
from tests.support.library import SmallLibrary
from tests.support.staff import Seats

MOST = 2


def measure(ground: Ground) -> Iterator[Figure]:
    """Every figure of this section. An embedded library has no wire."""
    cluster, amount = ground.cluster, ground.sizes.trips
    with counted_library(cluster) as (library, wire):
        counts = _counts(library, library.server(), lambda: wire.trips, amount)
    for act, trips in counts.items():
        yield Figure(
            "trips", POSTGRESQL, f"{act}: round trips, counted in the protocol", "trips", len(trips),
            {"most": max(trips), "least": min(trips)}, (Limit("one read and one write", MOST),),
            Goal(f"at most {MOST}", max(trips) <= MOST),
        )  # fmt: skip


def _counts(
    library: SmallLibrary, server: LendingServer | Seats, trips: Callable[[], int], amount: int
) -> dict[str, list[int]]:
    desk = library.desk()
    cards = [library.patron() for _ in range(-(-amount // VISIT))]
    items = [library.item() for _ in range(amount)]
    # the connection's own trips are not an act's
    server.run(partial(check_in, operation=uuid4(), item_number="", desk=desk))

    def counted(act: Act[object], kind: type) -> int:
        before = trips()
        answer = server.run(act)
        if not isinstance(answer, kind):
            raise BenchError(f"not done: {answer}")
        return trips() - before

    visits = [uuid4() for _ in cards]
    opened = [
        counted(partial(open_visit, visit=visit, card_number=card, desk=desk), VisitOpened)
        for visit, card in zip(visits, cards, strict=True)
    ]
    lent = [
        counted(
            partial(
                check_out,
                operation=uuid4(),
                visit=visits[place // VISIT],
                card_number=cards[place // VISIT],
                item_number=item,
                desk=desk,
            ),
            CheckedOut,
        )
        for place, item in enumerate(items)
    ]
    returned = [
        counted(partial(check_in, operation=uuid4(), item_number=item, desk=desk), CheckedIn)
        for item in items
    ]
    return {"card": opened, "checkout": lent, "return": returned}
