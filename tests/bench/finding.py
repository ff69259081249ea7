"""Finding a patron among the city's, by every way there is: what a clerk waits for, without the window.

On a server a search is a call that puts on record whom it found, and after its commit another that shows
them. Both together are what is waited for; a search that is typed on finds them on record and is one call.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from uuid import uuid4

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import PatronFile, PatronsFound
from madoguchi.app.patrons.finding import details, find, open_card
from madoguchi.app.patrons.person import Person
from madoguchi.app.server.gateway import Act, LendingServer
from tests.bench.figures import BenchError, Figure, Goal, Limit, number, spread
from tests.bench.ground import POSTGRESQL, SQLITE, Ground
from tests.bench.people import CONTRACTED, Asked, Asking, PeopledLibrary, peopled_library
from tests.support.staff import Seats

SECTION = "finding"
GOAL_MS = 120.0
AN_HOUR = 1_500
"""So many rows of lists are shown in an hour before the server refuses more."""
_SHOWN = 50


def measure(ground: Ground) -> Iterator[Figure]:
    """Each way on each database, beside one patron read by their key."""
    asked: list[Asked] = []
    for on in (SQLITE, POSTGRESQL):
        library = peopled_library(ground, on)
        asking = Asking(library)
        # the same patrons are in both
        asked = asked or asking.drawn(ground.sizes.questions)
        yield from _Bench(library, f"{on}, {len(asking.known):,} patrons", ground.sizes.searches).figures(
            asked, asking.cards(ground.sizes.questions)
        )


class _Bench:
    """The figures of one database."""

    def __init__(self, library: PeopledLibrary, on: str, times: int) -> None:
        self._library = library
        self._on = on
        self._times = times
        self._server: LendingServer | Seats = library.server(limit_seconds=30)
        self._rows = 0

    def figures(self, asked: list[Asked], cards: list[str]) -> Iterator[Figure]:
        """Whom a clerk finds, whom contract staff find, and how long one row takes."""
        clerk, contracted = self._library.desk(), self._library.desk(CONTRACTED, "itaku")
        kinds: dict[str, list[Asked]] = defaultdict(list)
        for each in asked:
            kinds[each.kind].append(each)
        limit = Limit("one patron read by their key", self._one_row(clerk))
        yield self._figure("card", (self._card(card, clerk) for card in cards * self._times), limit)
        again: list[float] = []
        for kind, questions in kinds.items():
            words = f"{kind} ({_range([each.held for each in questions])} there)"
            yield self._figure(words, self._found(questions, clerk, again), limit)
        kind, questions = next(iter(kinds.items()))
        yield self._figure(f"contract staff: {kind}", self._found(questions, contracted, []), limit)
        if self._library.on_postgresql:
            what = "all of these, asked once more in the same search"
            yield Figure(SECTION, self._on, what, "ms", len(again), spread(again), (limit,))

    def _figure(self, what: str, times: Iterator[float], limit: Limit) -> Figure:
        taken = list(times)
        values = spread(taken)
        goal = Goal(f"p95 at most {number(GOAL_MS)} ms", values["p95"] <= GOAL_MS)
        return Figure(SECTION, self._on, what, "ms", len(taken), values, (limit,), goal)

    def _found(self, questions: list[Asked], desk: Desk, again: list[float]) -> Iterator[float]:
        for each in questions * self._times:
            if self._rows + _SHOWN > AN_HOUR:
                self._library.forget_looks()
                self._rows = 0
            search = partial(find, visit=uuid4(), query=each.query, desk=desk)
            taken, found = self._timed(search)
            if not isinstance(found, PatronsFound):
                raise BenchError(f"not found: {found}")
            if desk.login == "clerk" and len(found.patrons) != min(each.held, _SHOWN):
                raise BenchError(f"{each.kind}: {len(found.patrons)} shown of {each.held}")
            self._rows += len(found.patrons)
            yield taken
            again.append(self._timed(search)[0])

    def _card(self, card: str, desk: Desk) -> float:
        taken, opened = self._timed(partial(open_card, visit=uuid4(), card_number=card, desk=desk))
        if not isinstance(opened, PatronFile):
            raise BenchError(f"not opened: {opened}")
        return taken

    def _one_row(self, desk: Desk) -> float:
        """One person, read by their key when the look is on record: the least that is asked."""
        act = partial(details, visit=uuid4(), patron_id=1, desk=desk)
        if not isinstance(self._timed(act)[1], Person):
            raise BenchError("there is no first patron")
        return spread([self._timed(act)[0] for _ in range(20 * self._times)])["median"]

    def _timed(self, act: Act[object]) -> tuple[float, object]:
        run: Callable[[Act[object]], object] = self._server.run
        begun = time.perf_counter()
        answer = run(act)
        return (time.perf_counter() - begun) * 1e3, answer


def _range(held: list[int]) -> str:
    least, most = min(held), max(held)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
