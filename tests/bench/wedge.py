"""The wedge recogniser's figures: time a key, typing taken for scans and the reverse, and the margins."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain

from madoguchi.barcode.symbology import TRAINING_PLAN, Unknown, parse
from madoguchi.barcode.wedge import Fate, KeyPress, WedgeRecogniser, WedgeSettings
from tests.bench.figures import Figure, Goal, Limit, spread
from tests.bench.ground import Ground
from tests.bench.typing_model import QUICKEST_MS, Line, recorded, scans, typed_lines

ON = "Python"
_BATCH = 1_000
_GAPS_UP, _GAPS_DOWN = range(55, 405, 5), range(49, 0, -1)
_PACES = range(150, 40, -10)
_LENGTHS_DOWN, _LENGTHS_UP = range(5, 2, -1), range(7, 15)


def _known(text: str) -> bool:
    return not isinstance(parse(text, TRAINING_PLAN), Unknown)


def settings(**changes: int) -> WedgeSettings:
    """As the window has them, with changes; no gap may be longer than a stall."""
    made = WedgeSettings(known=_known)
    gap = changes.get("max_gap_ms", made.max_gap_ms)
    return replace(made, stall_ms=max(made.stall_ms, gap), **changes)


def taken_for_scans(lines: Iterable[list[KeyPress]], how: WedgeSettings) -> Iterator[str]:
    """What is taken for a scan among lines that hands typed."""
    recogniser = WedgeRecogniser(how)
    for line in lines:
        for press in line:
            verdict = recogniser.feed(press)
            if verdict.fate is Fate.SCAN:
                yield verdict.scanned or ""


def missed(codes: Iterable[tuple[str, list[KeyPress]]], how: WedgeSettings) -> Iterator[str]:
    """Which scans did not come through as one text, exactly."""
    recogniser = WedgeRecogniser(how)
    for code, line in codes:
        found = [verdict.scanned for press in line if (verdict := recogniser.feed(press)).fate is Fate.SCAN]
        if found != [code]:
            yield code


def measure(ground: Ground) -> Iterator[Figure]:
    """Time a key; false positives and false negatives at the default setting; where each first fails."""
    count = ground.sizes.wedge_samples
    yield _time_a_key(min(count, 20_000))
    wrong = sum(1 for _ in taken_for_scans(typed_lines(count), settings()))
    yield _count("typing by published statistics taken for a scan", "lines", count, wrong)
    streams = recorded()
    wrong = sum(1 for _ in taken_for_scans(streams.values(), settings()))
    yield _count("typing recorded at a real window taken for a scan", "streams", len(streams), wrong)
    yield _count(
        "scans of 1 to 40 ms a key taken for typing",
        "scans",
        count,
        sum(1 for _ in missed(scans(count), settings())),
    )
    yield _margin(
        "typing is first taken for a scan where the quickest hands leave between two keys", "pace_ms", _PACES,
        count, QUICKEST_MS, lambda pace: taken_for_scans(typed_lines(count, quickest_ms=pace), settings()),
    )  # fmt: skip
    for name, values in (("max_gap_ms", _GAPS_UP), ("min_length", _LENGTHS_DOWN)):
        yield _margin(
            f"typing is first taken for a scan at {name}", name, values, count, getattr(settings(), name),
            partial(_typing_at, streams, count, name),
        )  # fmt: skip
    for name, values in (("max_gap_ms", _GAPS_DOWN), ("min_length", _LENGTHS_UP)):
        yield _margin(
            f"a scan is first taken for typing at {name}", name, values, count, getattr(settings(), name),
            partial(_scans_at, count, name),
        )  # fmt: skip


def _time_a_key(count: int) -> Figure:
    """Nanoseconds hardly show on a busy machine: the keys are timed a thousand at a time."""
    half = count // 2
    keys = [press for _, line in scans(half) for press in line]
    keys += [press for line in typed_lines(half) for press in line]
    recogniser = WedgeRecogniser(settings())
    took, empty = [], []
    for begin in range(0, len(keys), _BATCH):
        batch = keys[begin : begin + _BATCH]
        took.append(_each_us(recogniser.feed, batch))
        empty.append(_each_us(_nothing, batch))
    limit = Limit("a call that does nothing", spread(empty)["median"])
    return Figure("wedge", ON, "decode time a key", "µs", len(keys), spread(took), (limit,))


def _each_us(act: Callable[[KeyPress], object], batch: list[KeyPress]) -> float:
    begun = time.perf_counter()
    for press in batch:
        act(press)
    return (time.perf_counter() - begun) * 1e6 / len(batch)


def _nothing(_press: KeyPress) -> None:
    return None


def _count(what: str, unit: str, count: int, wrong: int) -> Figure:
    return Figure("wedge", ON, what, unit, count, {"": wrong}, goal=Goal("0", wrong == 0))


def _typing_at(streams: Mapping[str, Line], count: int, name: str, value: int) -> Iterator[str]:
    return taken_for_scans(chain(streams.values(), typed_lines(count)), settings(**{name: value}))


def _scans_at(count: int, name: str, value: int) -> Iterator[str]:
    return missed(scans(count), settings(**{name: value}))


def _margin(
    what: str,
    name: str,
    values: Iterable[int],
    count: int,
    default: int,
    wrong: Callable[[int], Iterator[str]],
) -> Figure:
    """The first value at which anything is wrong; what holds by default stands beside it."""
    at, last = None, 0
    for last in values:
        if next(wrong(last), None) is not None:
            at = last
            break
    label, value = ("", at) if at is not None else ("never, up to", last)
    unit = "ms" if name.endswith("_ms") else "keys"
    limit = Limit("of the quickest group" if name == "pace_ms" else "the default setting", default)
    return Figure("wedge", ON, what, unit, count, {label: value}, (limit,))
