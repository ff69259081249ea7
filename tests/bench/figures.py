"""What a measurement is: values with a unit, how many were taken, the limit beside them, the goal."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


class BenchError(Exception):
    """Something could not be measured; the message says what."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What the same run found to be possible, in the unit of the figure beside it."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Goal:
    """What the figure should be, in words, and whether it is."""

    words: str
    met: bool

    def __str__(self) -> str:
        return f"goal {self.words}: {'met' if self.met else 'NOT met'}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing. The first of `values` is the one that is set against the limits."""

    section: str
    on: str
    what: str
    unit: str
    n: int
    values: dict[str, float]
    limits: tuple[Limit, ...] = ()
    goal: Goal | None = None

    @property
    def main(self) -> float:
        """The value that stands beside the limits."""
        return next(iter(self.values.values()))

    def lines(self) -> list[str]:
        """How it is printed."""
        values = "  ".join(f"{name} {number(value)}".strip() for name, value in self.values.items())
        lines = [f"  {self.what}: {values} {self.unit}  (n {self.n:,})"]
        first = next(iter(self.values))
        for limit in self.limits:
            ratio = f"{self.main / limit.value:.2f} x" if limit.value else "no ratio to"
            of = f"{first} " if first else ""
            lines.append(f"      {of}{ratio} {limit.name} ({number(limit.value)} {self.unit})")
        if self.goal is not None:
            lines.append(f"      {self.goal}")
        return lines

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        return {
            "section": self.section,
            "on": self.on,
            "what": self.what,
            "unit": self.unit,
            "n": self.n,
            "values": self.values,
            "limits": [
                {
                    "name": limit.name,
                    "value": limit.value,
                    "ratio": self.main / limit.value if limit.value else None,
                }
                for limit in self.limits
            ],
            "goal": None if self.goal is None else {"words": self.goal.words, "met": self.goal.met},
        }


def number(value: float) -> str:
    """A number with as many places as mean something."""
    if value == int(value):
        return f"{int(value):,}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, p95, p99 (nearest rank) and the greatest of what was measured."""
    ordered = sorted(values)
    return {
        "median": statistics.median(ordered),
        "p95": _rank(ordered, 95),
        "p99": _rank(ordered, 99),
        "max": ordered[-1],
    }


def _rank(ordered: Sequence[float], percent: int) -> float:
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
