"""What the program takes of memory as the day goes on: after so many scans on one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.bench.figures import Figure, Goal, Limit
from tests.bench.ground import POSTGRESQL, SQLITE, Ground
from tests.bench.paint import finish_window, start_window

# What may move without a leak: the allocator's pages, a timer, a scan still on its way. A leak of one object
# in every visit would be a hundred.
STEADY_MIB = 0.25
STEADY_OBJECTS = 50


def measure(ground: Ground) -> Iterator[Figure]:
    """Every figure of this section. Both windows run at once: nothing here is a time."""
    windows = {on: start_window(ground, on, None, marks=ground.sizes.marks) for on in (SQLITE, POSTGRESQL)}
    try:
        for on, child in windows.items():
            result = finish_window(child)
            for act in ("checkout", "return"):
                yield from _figures(result[act], act, f"{on}, {result['platform']}", ground.sizes.marks)
    finally:
        for child in windows.values():
            child.end()


def _figures(result: dict[str, Any], act: str, on: str, marks: tuple[int, ...]) -> Iterator[Figure]:
    memory: dict[str, dict[str, float]] = result["memory"]
    begin, settled, last = memory["0"], memory[str(marks[1])], memory[str(marks[-1])]
    for mark in (0, *marks):
        taken = memory[str(mark)]
        yield Figure(
            "memory", on, f"{act}: after {mark:,} scans", "MiB", 1,
            {"private": taken["private"], "PSS": taken["pss"], "RSS": taken["rss"]},
            (Limit("before the first scan of this page", begin["private"]),) if mark else (),
        )  # fmt: skip
    counted = marks[-1] - marks[1]
    grown = {name: (last[name] - settled[name]) * 1000 / counted for name in ("private", "objects")}
    yield Figure(
        "memory", on, f"{act}: growth per 1,000 scans after the first {marks[1]:,}", "MiB", counted,
        {"private": grown["private"]}, (Limit(f"all of it after {marks[1]:,}", settled["private"]),),
        Goal(f"no growth (under {STEADY_MIB} MiB)", grown["private"] < STEADY_MIB),
    )  # fmt: skip
    yield Figure(
        "memory", on, f"{act}: growth per 1,000 scans, Python's objects ({result['rows']:,} rows)", "objects",
        counted, {"": grown["objects"]}, (Limit(f"all of them after {marks[1]:,}", settled["objects"]),),
        Goal(f"no growth (under {STEADY_OBJECTS} objects)", grown["objects"] < STEADY_OBJECTS),
    )  # fmt: skip
