"""Never twice: of those who register and are there, how many are shown, and how many wrongly.

Made-up people in households are there. Others register: some of them are there, each changed in one way that
happens (``planted``), some only seem to be, seven of eight are new. Each is compared with whom an index over
kana, birth date and telephone finds, in Python, as the embedded library does.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from madoguchi.app.patrons.comparing import Keys, compare, keys_typed
from madoguchi.app.patrons.finding import Likeness
from madoguchi.app.patrons.likeness import Alike, Compared, likely
from tests.bench.figures import Figure, Goal
from tests.bench.ground import Ground
from tests.bench.planted import DUPLICATES, NEAR_MISSES, Registering, Town
from tests.support.library import TODAY

SECTION = "duplicates"
SEED = 7
SCANS = 5
"""Registrations for which everybody is compared, too."""
PRECISION, RECALL = 90, 95
"""What the figures should be at least, in percent."""


class Index:
    """Everybody's keys, and who has which."""

    def __init__(self, people: Sequence[Likeness]) -> None:
        self.keys = [keys_typed(each) for each in people]
        self._people = people
        self._by: dict[object, list[int]] = defaultdict(list)
        for place, keys in enumerate(self.keys):
            for key in _blocking(keys):
                self._by[key].append(place)

    def looked_at(self, typed: Keys) -> set[int]:
        """Whoever is compared."""
        return {place for key in _blocking(typed) for place in self._by.get(key, ())}

    def alike(self, typed: Keys, places: Iterator[int] | set[int] | range) -> tuple[Alike, ...]:
        """Who is shown of those."""
        return likely(tuple(self._compared(place, typed) for place in places))

    def _compared(self, place: int, typed: Keys) -> Compared:
        there = self._people[place]
        matches = compare(typed, self.keys[place])
        return Compared(
            place,
            there.name,
            there.kana,
            "",
            matches.name_match,
            matches.kana_match,
            matches.birth_match,
            matches.telephone_match,
            matches.address_match,
        )


def measure(ground: Ground) -> Iterator[Figure]:
    """Of everybody together, then of each kind, then the time."""
    number = ground.sizes.people
    each = max(10, number // 150)
    new = 7 * each * len(DUPLICATES)
    town = Town(number, new, SEED, TODAY)
    index = Index(town.people)
    registering = list(town.registering(each, new))
    yield from _found(index, registering, f"Python, {number:,} people")
    yield from _times(index, registering, f"Python, {number:,} people")


def _found(index: Index, registering: Sequence[Registering], on: str) -> Iterator[Figure]:
    looked_at: Counter[str] = Counter()
    found: Counter[str] = Counter()
    first: Counter[str] = Counter()
    wrongly: Counter[str] = Counter()
    total: Counter[str] = Counter()
    shown = 0
    for each in registering:
        keys = keys_typed(each.typed)
        places = index.looked_at(keys)
        there = [alike.compared.patron_id for alike in index.alike(keys, places)]
        shown += len(there)
        total[each.kind] += 1
        looked_at[each.kind] += each.there in places
        found[each.kind] += each.there in there
        first[each.kind] += there[:1] == [each.there]
        wrongly[each.kind] += bool(set(there) - {each.there})
    duplicates = sum(total[kind] for kind in DUPLICATES)
    right = found.total()
    yield _share("precision: of those shown, the same person", right, shown, on, least=PRECISION)
    yield _share("recall: of those who are there, shown", right, duplicates, on, least=RECALL)
    yield _share("of those who are there, shown first", first.total(), duplicates, on)
    yield _share("of those who are there, looked at", looked_at.total(), duplicates, on)
    for kind in DUPLICATES:
        yield _share(f"recall: {kind}", found[kind], total[kind], on)
    for kind in (*NEAR_MISSES, "new"):
        yield _share(f"somebody shown wrongly: {kind}", wrongly[kind], total[kind], on)


def _share(what: str, part: int, whole: int, on: str, least: int | None = None) -> Figure:
    percent = 100 * part / whole if whole else 0.0
    goal = Goal(f"at least {least} %", percent >= least) if least is not None else None
    return Figure(SECTION, on, what, "%", whole, {"": percent}, goal=goal)


def _times(index: Index, registering: Sequence[Registering], on: str) -> Iterator[Figure]:
    some = registering[:: max(1, len(registering) // SCANS)][:SCANS]
    everybody = range(len(index.keys))
    indexed, scanned, keyed = [], [], []
    gc.collect()
    for each in some:
        begun = time.perf_counter()
        keys = keys_typed(each.typed)
        keyed.append((time.perf_counter() - begun) * 1e3)
        begun = time.perf_counter()
        index.alike(keys, index.looked_at(keys))
        indexed.append((time.perf_counter() - begun) * 1e3)
        begun = time.perf_counter()
        index.alike(keys, everybody)
        scanned.append((time.perf_counter() - begun) * 1e3)
    yield Figure(SECTION, on, "keys of what is typed", "ms", len(keyed), {"median": statistics.median(keyed)})
    weighed = {"median": statistics.median(indexed), "max": max(indexed)}
    yield Figure(SECTION, on, "compared with whom the index finds, and weighed", "ms", len(indexed), weighed)
    times = {"": statistics.median(scanned) / weighed["median"]}
    yield Figure(SECTION, on, "everybody compared takes", "times that", len(scanned), times)


def _blocking(keys: Keys) -> Iterator[object]:
    """What two people must share one of, to be compared (``comparing.blocks``)."""
    if keys.person_key:
        yield "kana", keys.person_key
    if keys.birth_date is not None:
        yield keys.birth_date
    if keys.telephone_key:
        yield "telephone", keys.telephone_key
