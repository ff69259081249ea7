"""What the audit costs: checkouts a second with it, and in a copy of the library that notes no act."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figures import Figure, Goal, Limit
from tests.bench.ground import POSTGRESQL, Ground
from tests.bench.rate import lend, rate_of
from tests.bench.stock import BenchLibrary

GOAL = 0.8
ROUNDS = 3
_COPY = "bench_without_audit"
_NOTHING = (
    "create or replace function audit.note(p_chain integer, p_who text, p_act text, p_subject jsonb)"
    " returns void language plpgsql set search_path = pg_catalog, pg_temp as 'begin end'"
)


def measure(ground: Ground) -> Iterator[Figure]:
    """Every figure of this section: both by turns, so that they see the same machine."""
    served, cluster = ground.library(POSTGRESQL), ground.cluster
    served.engine.dispose()
    cluster.create_database(_COPY, template=str(served.url.database))
    ground.closing.callback(cluster.drop_database, _COPY)
    bare = BenchLibrary(cluster.url(_COPY), cluster)
    ground.closing.callback(bare.close)
    with bare.engine.connect() as connection:
        connection.exec_driver_sql(_NOTHING)
    terminals = sorted(ground.sizes.terminals)[len(ground.sizes.terminals) // 2]
    rates: dict[str, list[float]] = {"with": [], "without": []}
    lent = 0
    for _ in range(ROUNDS):
        for kind, library in (("with", served), ("without", bare)):
            done = lend(ground, library, terminals)
            rates[kind].append(rate_of(done))
            lent += sum(one["lent"] for one in done)
    mean = {kind: sum(found) / len(found) for kind, found in rates.items()}
    ratio = mean["with"] / mean["without"]
    yield Figure(
        "audit", POSTGRESQL, f"{terminals} terminals, acts on record: checkouts", "a second", lent,
        {"": mean["with"]}, (Limit("without the audit", mean["without"]),),
        Goal(f"at least {GOAL} of what it is without the audit", ratio >= GOAL),
    )  # fmt: skip
