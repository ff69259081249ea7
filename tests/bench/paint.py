"""From the scan's end to the row painted with its due date, in the real window, beside the bare acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.bench.figures import Figure, Goal, Limit, number, spread
from tests.bench.ground import POSTGRESQL, SQLITE, Child, Ground, environment
from tests.bench.window import PARTS
from tests.support.xvfb import Screen

GOAL_MS = 100.0
_WORDS = {"checkout": "due date", "return": "destination"}


def measure(ground: Ground) -> Iterator[Figure]:
    """Every figure of this section."""
    first = ground.screen()
    for screen in dict.fromkeys((first, None) if ground.sizes.offscreen_too else (first,)):
        for on in (SQLITE, POSTGRESQL):
            yield from _figures(run_window(ground, on, screen), on)


def run_window(
    ground: Ground, on: str, screen: Screen | None, *, marks: tuple[int, ...] = ()
) -> dict[str, Any]:
    """Has a window of its own do the scans; returns what it measured."""
    child = start_window(ground, on, screen, marks=marks)
    try:
        return finish_window(child)
    finally:
        child.end()


def start_window(ground: Ground, on: str, screen: Screen | None, *, marks: tuple[int, ...] = ()) -> Child:
    """Starts a window that does the scans."""
    # on PostgreSQL two windows may be open, but no two at one terminal
    url = ground.library(on).terminal_url().render_as_string(hide_password=False)
    scans = ground.sizes.scans
    if screen is None and ground.screen() is not None:
        scans //= 2  # where there is a screen, that is what counts
    child = Child("-m", "tests.bench.window", environment=environment(screen))
    sizes = ground.sizes
    child.tell(
        {
            "url": url,
            "scans": 0 if marks else scans,
            "bare": 0 if marks else sizes.bare,
            "marks": marks,
        }
    )
    child.finish_telling()
    return child


def finish_window(child: Child) -> dict[str, Any]:
    """What it measured."""
    result: dict[str, Any] = child.answer()
    return result


def _figures(result: dict[str, Any], on: str) -> Iterator[Figure]:
    on = f"{on}, {result['platform']}"
    for act, shown in _WORDS.items():
        times: dict[str, list[float]] = result[act]["times"]
        whole = [sum(parts) for parts in zip(*(times[name] for name in PARTS), strict=True)]
        values = spread(whole)
        limits = tuple(
            Limit(f"{name}, median", spread(bare[act])["median"]) for name, bare in result["bare"].items()
        )
        n = len(whole)
        yield Figure(
            "paint", on, f"{act}: scan end to row painted with its {shown}", "ms", n, values, limits,
            Goal(f"p99 under {number(GOAL_MS)} ms", values["p99"] < GOAL_MS),
        )  # fmt: skip
        yield Figure(
            "paint", on, f"{act}: of that, the act on the worker (lane, read, rules, write)", "ms", n,
            spread(times["act"]), limits,
        )  # fmt: skip
        gui = [before + after for before, after in zip(times["before"], times["after"], strict=True)]
        yield Figure(
            "paint", on, f"{act}: of that, the window (recognise, row, answer home, paint)", "ms", n,
            spread(gui),
        )  # fmt: skip
        yield _ageing(act, on, whole, result[act]["rows"])
        for name, bare in result["bare"].items():
            yield Figure("paint", on, f"{act}: {name}", "ms", len(bare[act]), spread(bare[act]))


def _ageing(act: str, on: str, whole: list[float], rows: int) -> Figure:
    """Whether scans slow down as the day goes on."""
    part = max(1, len(whole) // 10)
    last, first = spread(whole[-part:])["median"], spread(whole[:part])["median"]
    return Figure(
        "paint", on, f"{act}: the last tenth of the scans, {rows:,} rows on the page", "ms", part,
        {"median": last}, (Limit("the first tenth", first),),
    )  # fmt: skip
