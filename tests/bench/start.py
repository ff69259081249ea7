"""From the start of a process to the sign-in painted, beside a bare Qt window and what an import costs."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import BenchError, Figure, Goal, Limit
from tests.bench.ground import ROOT, SQLITE, Child, Ground, environment

GOAL_SECONDS = 1.0
_IMPORT = (
    "import json, time; a = time.monotonic(); import sqlalchemy; "
    "print(json.dumps({'seconds': time.monotonic() - a}))"
)
_NOTHING = "import json, time; print(json.dumps({'painted': time.monotonic()}))"


def measure(ground: Ground) -> Iterator[Figure]:
    """Every figure of this section: one of each kind after the other, so that all see the same machine."""
    home = ground.folder / "home"
    home.mkdir()
    _make_training_library(home)
    screen = ground.screen()
    platform = "xcb" if screen is not None else "offscreen"
    surroundings = environment(screen) | {"MADOGUCHI_HOME": str(home)}
    ours, bare, imports, python, still, typable = [], [], [], [], [], []
    for _ in range(ground.sizes.starts):
        python.append(_first_paint(Child("-c", _NOTHING, environment=surroundings))[0])
        imports.append(_seconds(Child("-c", _IMPORT, environment=surroundings)))
        bare.append(_first_paint(Child("-m", "tests.bench.started", "bare", environment=surroundings))[0])
        child = Child("-m", "tests.bench.started", "madoguchi", environment=surroundings)
        try:
            painted, longest, until = _first_paint(child, watch=True)
            if screen is not None and screen.colours(0, 0, 1366, 768) < 10:
                raise BenchError("the sign-in was said to be painted, and the screen shows nothing")
        finally:
            child.end()
        ours.append(painted)
        still.append(longest)
        typable.append(until if longest > 0.25 else painted)
    n = len(ours)
    on = f"{SQLITE}, {platform}"
    window = Limit("a bare Qt window", statistics.median(bare))
    median = statistics.median(ours)
    yield Figure(
        "start", on, "process start to sign-in painted", "s", n,
        {"median": median, "least": min(ours), "max": max(ours)}, (window,),
        Goal(f"under {GOAL_SECONDS:g} s", median < GOAL_SECONDS),
    )  # fmt: skip
    yield Figure(
        "start", on, "process start to a window that answers keys (no stop over 0.25 s to come)", "s", n,
        {"median": statistics.median(typable), "max": max(typable)}, (window,),
    )  # fmt: skip
    yield Figure(
        "start", on, "longest time the window stood still in the 2.5 s after its first paint", "s", n,
        {"median": statistics.median(still), "max": max(still)},
    )  # fmt: skip
    yield Figure("start", on, "process start to a bare Qt window painted", "s", n, {"median": window.value})
    yield Figure("start", on, "import sqlalchemy", "s", n, {"median": statistics.median(imports)})
    yield Figure(
        "start", on, "process start to Python's first line", "s", n, {"median": statistics.median(python)}
    )


def _make_training_library(home: Path) -> None:
    """As the program does it at its very first start; the starts that are timed find it there."""
    made = subprocess.run(
        [sys.executable, "-m", "madoguchi", "training", "--reset"],
        cwd=ROOT, env=environment(None) | {"MADOGUCHI_HOME": str(home)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise BenchError(f"no training library: {made.stderr}")


def _first_paint(child: Child, *, watch: bool = False) -> tuple[float, float, float]:
    """Seconds from the start of the process: to its first paint; the longest stop after it, and its end.

    With `watch` the process goes on, for the screen to be looked at.
    """
    painted = float(child.answer()["painted"]) - child.started
    if not watch:
        child.end()
        return painted, 0.0, 0.0
    beat = child.answer()
    return painted, float(beat["longest"]), float(beat["until"]) - child.started


def _seconds(child: Child) -> float:
    seconds = float(child.answer()["seconds"])
    child.end()
    return seconds
