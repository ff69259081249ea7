"""A return that traps a reservation, a thousand people waiting for the title, beside one nobody waits for."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from functools import partial
from uuid import uuid4

from madoguchi.app.lending.answers import CheckedIn, Route
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.server import tables as t
from tests.bench.figures import BenchError, Figure, Goal, Limit, spread
from tests.bench.ground import POSTGRESQL, SQLITE, Ground
from tests.bench.stock import BenchLibrary
from tests.support.library import SOGO

GOAL = 1.5
WAITING = 1_000
WARM = 3

# keys that nothing else of the library reaches
_FIRST = 6_000_000
_WANTED, _UNWANTED = _FIRST, _FIRST + 1
_APART = 500_000


def measure(ground: Ground) -> Iterator[Figure]:
    """Every figure of this section."""
    for on in (SQLITE, POSTGRESQL):
        library = ground.library(on)
        copies = ground.sizes.bare + WARM
        _fill(library, copies)
        trapped, plain = _returns(library, copies)
        ratio = spread(trapped)["median"] / spread(plain)["median"]
        yield Figure(
            "trap", on, f"return, {WAITING:,} people waiting: trapped", "ms", len(trapped), spread(trapped),
            (Limit("a return nobody waits for, in between", spread(plain)["median"]),),
            Goal(f"under {GOAL} times a return nobody waits for", ratio < GOAL),
        )  # fmt: skip


def _number(title: int, copy: int) -> str:
    return f"7{title}{copy:05}"


def _fill(library: BenchLibrary, copies: int) -> None:
    """Two titles, all copies of both on loan; for one of them there is a queue that never gets shorter."""
    today = library.now.date()
    keys = [(title, copy, title + _APART * (title - _FIRST + 1) + copy) for title in (_WANTED, _UNWANTED)
            for copy in range(copies)]  # fmt: skip
    people = range(_FIRST, _FIRST + WAITING + copies)
    with library.engine.connect() as connection:
        run = connection.execute
        run(
            t.title.insert(), [{"id": title, "title": "題", "ndc": "913.6"} for title in (_WANTED, _UNWANTED)]
        )
        run(
            t.item.insert(),
            [
                {
                    "id": key,
                    "number": _number(title, copy),
                    "title_id": title,
                    "home_branch_id": SOGO,
                    "kind": "book",
                }
                for title, copy, key in keys
            ],
        )
        run(
            t.patron.insert(),
            [
                {
                    "id": key,
                    "name": "見本",
                    "kana": "ミホン",
                    "birth_date": dt.date(1980, 4, 1),
                    "category": "resident",
                    "last_used_on": today,
                    "registered_on": today,
                }
                for key in people
            ],
        )
        run(
            t.reservation.insert(),
            [
                {
                    "title_id": _WANTED,
                    "patron_id": key,
                    "pickup_branch_id": SOGO,
                    "placed_at": library.now - dt.timedelta(days=1, seconds=-place),
                    "state": "waiting",
                }
                for place, key in enumerate(people)
            ],
        )
        run(
            t.loan.insert(),
            [
                {
                    "item_id": key,
                    "patron_id": people[place % len(people)],
                    "branch_id": SOGO,
                    "lent_on": today,
                    "due_on": today,
                }
                for place, (_, _, key) in enumerate(keys)
            ],
        )
        connection.exec_driver_sql("analyze")


def _returns(library: BenchLibrary, copies: int) -> tuple[list[float], list[float]]:
    """What each took, one of the one kind after one of the other."""
    server, desk = library.server(limit_seconds=30), library.desk()
    times: dict[int, list[float]] = {_WANTED: [], _UNWANTED: []}
    for copy in range(copies):
        for title, route in ((_WANTED, Route.RESERVATION_SHELF), (_UNWANTED, Route.SHELF)):
            act = partial(check_in, operation=uuid4(), item_number=_number(title, copy), desk=desk)
            begun = time.perf_counter()
            answer = server.run(act)
            took = time.perf_counter() - begun
            if not isinstance(answer, CheckedIn) or answer.route is not route:
                raise BenchError(f"not returned as it should be: {answer}")
            if copy >= WARM:
                times[title].append(1000 * took)
    return times[_WANTED], times[_UNWANTED]
