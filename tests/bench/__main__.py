"""`python -m tests.bench`: measures, prints every figure with its unit and its limit, and writes JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

import PySide6
import sqlalchemy

from tests.bench import (
    audit,
    duplicates,
    finding,
    hid,
    leaving,
    memory,
    move_in,
    paint,
    rate,
    search,
    sessions,
    start,
    trap,
    trips,
    wedge,
)
from tests.bench.figures import Figure
from tests.bench.ground import Ground, ground
from tests.bench.sizes import FULL, QUICK, Sizes
from tests.support.cluster import Cluster

SECTIONS: dict[str, tuple[str, Callable[[Ground], Iterator[Figure]]]] = {
    "start": ("Start, from the process's start to the sign-in painted", start.measure),
    "trips": ("Round trips of an act", trips.measure),
    "paint": ("A scan in the real window, from the Enter key to the end of the paint", paint.measure),
    "rate": ("Checkouts a second", rate.measure),
    "trap": ("A return that traps a reservation, by how many wait", trap.measure),
    "audit": ("Checkouts a second with the audit and without", audit.measure),
    "sessions": ("Signing in, and being put out", sessions.measure),
    "leaving": ("Leaving the desk and coming back", leaving.measure),
    "search": ("Search at the city's size, from the key to what was found painted", search.measure),
    "duplicates": ("Never twice: who is there and registers again, and who is shown", duplicates.measure),
    "finding": ("Finding a patron among the city's, by every way there is", finding.measure),
    "hid": ("A scanner's USB report to its scan", hid.measure),
    "move_in": ("Moving in from an older system, rows of its files a second", move_in.measure),
    "wedge": ("Scans by keyboard told from typing, by timing alone", wedge.measure),
    "memory": ("Memory over the day", memory.measure),
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what the arguments name; 0 unless something could not be measured, which raises."""
    options = _parser().parse_args(arguments)
    figures = run(QUICK if options.quick else FULL, options.only, sys.stdout)
    if options.json is not None:
        text = json.dumps([figure.as_json() for figure in figures], ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


def run(sizes: Sizes, sections: Sequence[str], out: TextIO, cluster: Cluster | None = None) -> list[Figure]:
    """Measures the sections, printing each figure as it comes. Raises BenchError where one cannot be had."""
    begun = time.monotonic()
    _say(out, _machine())
    figures: list[Figure] = []
    with (
        tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as folder,
        ground(sizes, Path(folder), cluster) as stands_on,
    ):
        for name in sections:
            title, measure = SECTIONS[name]
            _say(out, f"\n{title}")
            on = None
            for figure in measure(stands_on):
                if figure.on != on:
                    on = figure.on
                    _say(out, f" {on}")
                _say(out, "\n".join(figure.lines()))
                figures.append(figure)
        if stands_on.why_no_screen:
            _say(out, f"\nNo X server: {stands_on.why_no_screen}; every window was offscreen.")
    missed = [figure for figure in figures if figure.goal is not None and not figure.goal.met]
    goals = sum(figure.goal is not None for figure in figures)
    _say(out, f"\n{goals - len(missed)} of {goals} goals met, in {time.monotonic() - begun:.0f} s.")
    for figure in missed:
        _say(out, f"  NOT met: {figure.on}: {figure.what}: {figure.goal.words if figure.goal else ''}")
    return figures


def _machine() -> str:
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, load {load} before; Python {platform.python_version()}, "
        f"Qt {PySide6.__version__}, SQLAlchemy {sqlalchemy.__version__}. Files are in the machine's cache."
    )


def _say(out: TextIO, text: str) -> None:
    out.write(text + "\n")
    out.flush()


def _sections(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in SECTIONS:
            raise argparse.ArgumentTypeError(f"one of {', '.join(SECTIONS)}, not {name!r}")
    return names


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer of nearly everything: some minutes")
    parser.add_argument(
        "--only", type=_sections, default=list(SECTIONS), metavar="NAME,...", help=f"of {', '.join(SECTIONS)}"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
