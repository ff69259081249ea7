"""Checkouts a second for so many terminals at once, beside what pgbench reaches with the same server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.bench.figures import BenchError, Figure, Goal, Limit, spread
from tests.bench.ground import POSTGRESQL, SQLITE, Child, Ground, environment
from tests.bench.pgbench import PgBench
from tests.bench.stock import BenchLibrary
from tests.bench.terminal import WARM
from tests.support.staff import login_of

GOAL_OF_PGBENCH = 0.25
_ON_SQLITE = (1, 4)


def measure(ground: Ground) -> Iterator[Figure]:
    """Every figure of this section. A terminal is a process of its own, with its own `LendingServer`."""
    sizes = ground.sizes
    served = ground.library(POSTGRESQL)
    pgbench = PgBench(ground.cluster, served, ground.folder)
    for terminals in sizes.terminals:
        ours = lend(ground, served, terminals)
        limits = []
        for script, name in (
            ("lend", "pgbench, one call of lend"),
            ("read_and_lend", "pgbench, our read and then lend"),
        ):
            reached, calls = pgbench.run(script, terminals, sizes.seconds, sizes.load)
            _check(served, calls)
            limits.append(Limit(f"{name}, {terminals} clients", reached))
        share = rate_of(ours) / limits[0].value
        goal = Goal(f"at least {GOAL_OF_PGBENCH} of pgbench's one call", share >= GOAL_OF_PGBENCH)
        yield from _figures(POSTGRESQL, terminals, ours, tuple(limits), goal)
    embedded = ground.library(SQLITE)
    for terminals in (number for number in _ON_SQLITE if number <= max(sizes.terminals)):
        yield from _figures(SQLITE, terminals, lend(ground, embedded, terminals), ())


def rate_of(done: list[dict[str, Any]]) -> float:
    """Checkouts a second of all terminals together."""
    return float(sum(one["lent"] for one in done)) / max(one["seconds"] for one in done)


def lend(ground: Ground, library: BenchLibrary, terminals: int) -> list[dict[str, Any]]:
    """Has so many terminals lend at once; what each did."""
    share = ground.sizes.load // terminals
    children: list[Child] = []
    try:
        for number in range(terminals):
            child = Child("-m", "tests.bench.terminal", environment=environment(None))
            children.append(child)
            child.tell(
                {
                    # a person and a terminal of its own for each
                    "url": library.terminal_url(place=number).render_as_string(hide_password=False),
                    "login": login_of("clerk", number) if library.on_postgresql else "clerk",
                    "first": number * share,
                    "last": (number + 1) * share,
                    "seconds": ground.sizes.seconds,
                }
            )
        for child in children:
            if child.answer() != "ready":
                raise BenchError("a terminal did not get ready")
        for child in children:
            child.tell("go")
        done = [child.answer() for child in children]
    finally:
        for child in children:
            child.end()
    _check(library, sum(one["lent"] + WARM for one in done))
    return done


def _check(library: BenchLibrary, expected: int) -> None:
    """Each was really lent; and then nothing is, for the next who measure."""
    lent = library.load_lent()
    library.take_load_back()
    if lent != expected:
        raise BenchError(f"{expected} checkouts were counted and {lent} loans made")


def _figures(
    on: str,
    terminals: int,
    done: list[dict[str, Any]],
    limits: tuple[Limit, ...],
    goal: Goal | None = None,
) -> Iterator[Figure]:
    lent = sum(one["lent"] for one in done)
    outages = sum(one["outages"] for one in done)
    what = f"{terminals} terminal{'s' * (terminals > 1)} (processes)"
    missed = f", {outages} given up: file locked" if outages else ""
    yield Figure(
        "rate", on, f"{what}{missed}: checkouts", "a second", lent, {"": rate_of(done)}, limits, goal
    )
    times = [one for terminal in done for one in terminal["times"]]
    if times:
        yield Figure("rate", on, f"{what}: time of one checkout", "ms", lent, spread(times))
