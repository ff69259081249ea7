"""Every section of `make bench` runs and prints its figures with units; no time is asserted."""

from __future__ import annotations

import io
import re

import pytest

from tests.bench.__main__ import SECTIONS, run
from tests.bench.sizes import SMALLEST
from tests.support.cluster import Cluster

# A figure as it must be found on some line: what, number, unit.
EXPECTED = {
    "start": r"process start to sign-in painted: median [\d.]+ .* s  \(n 1\)",
    "trips": r"return: round trips, counted in the protocol: most 2  least 2 trips  \(n 2\)",
    "paint": r"checkout: scan end to row painted with its due date: median [\d.]+  p95 .* p99 .* ms  \(n 4\)",
    "rate": r"2 terminals \(processes\).*: checkouts: [\d.,]+ a second",
    "trap": r"return, 1,000 people waiting: trapped: median [\d.]+ .* ms  \(n 2\)",
    "audit": r"2 terminals, acts on record: checkouts: [\d.,]+ a second",
    "sessions": r"account disabled to being out of an open session: median [\d.,]+ .* ms  \(n 2\)",
    "leaving": r"unlock: Enter on the password to the rows painted: median [\d.,]+ .* ms  \(n 4\)",
    "search": r"two letters, kana, common .*: median [\d.]+  p95 [\d.]+ .* ms  \(n 1\)",
    "duplicates": r"recall: of those who are there, shown: [\d.]+ %  \(n 140\)",
    "finding": r"two letters of kana, common \([\d,]+ there\): median [\d.]+  p95 [\d.]+ .* ms  \(n 1\)",
    "hid": r"one report to Scan \(12 characters\): median [\d.]+ .* µs a scan  \(n 20\)",
    "move_in": r"staged \(.* 236 patrons, 220 loans; 0 refused\): [\d.,]+ rows/s",
    "memory": r"return: after 6 scans: private [\d.]+  PSS [\d.]+  RSS [\d.]+ MiB",
}


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_prints_its_figures_with_units(cluster: Cluster, section: str) -> None:
    out = io.StringIO()
    figures = run(SMALLEST, [section], out, cluster)
    assert re.search(EXPECTED[section], out.getvalue()), out.getvalue()
    assert all(figure.unit and figure.n > 0 and figure.values for figure in figures)
    both = {"SQLite", "PostgreSQL through ODBC"}
    served = {"PostgreSQL through ODBC"}
    alone = {
        "start": {"SQLite"},
        "trips": served,
        "audit": served,
        "sessions": served,
        "leaving": served,
        "duplicates": {"Python"},
        "hid": {"Python"},
    }
    expected = alone.get(section, both)
    assert {figure.on.split(",")[0] for figure in figures} == expected


def test_those_who_are_there_are_shown_and_hardly_anybody_else(cluster: Cluster) -> None:
    """A seed's people are always the same, so this moves only when the rules do."""
    found = {figure.what: figure.main for figure in run(SMALLEST, ["duplicates"], io.StringIO(), cluster)}
    assert 90 <= found["recall: of those who are there, shown"] <= 100
    assert 90 <= found["precision: of those shown, the same person"] <= 100
    assert found["somebody shown wrongly: twin"] == 0
    assert found["somebody shown wrongly: child with a parent's telephone"] == 0
