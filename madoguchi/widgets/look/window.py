"""Which rows of a long list are in sight. Pure: numbers in, numbers out.

What has been read does not move: the newest scan is at the bottom, the oldest leave at the top, and rows that
wait for an answer stay in sight among the newest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """Positions of the rows in sight, in order, and how many are out of sight before and after them."""

    shown: tuple[int, ...]
    before: int
    after: int


def newest_window(count: int, pinned: Sequence[int], capacity: int) -> Window:
    """The newest rows that fit, with older pinned rows kept above them.

    ``pinned`` are ascending positions. At least half the room (and one row) stays for the newest, so that a
    scan is always seen; the newest of the older pinned rows come first to the remaining room.
    """
    capacity = max(1, capacity)
    if count <= capacity:
        return Window(tuple(range(count)), 0, 0)
    most_kept = capacity - max(1, capacity // 2)
    kept: tuple[int, ...] = ()
    while True:
        tail_from = count - (capacity - len(kept))
        older = tuple(position for position in pinned if position < tail_from)
        # Keeping one more shortens the tail, which may push a further pinned row out of it.
        again = older[-most_kept:] if most_kept else ()
        if len(again) == len(kept):
            break
        kept = again
    shown = (*again, *range(tail_from, count))
    return Window(shown, count - len(shown), 0)


def earlier_window(count: int, last: int, capacity: int) -> Window:
    """A plain stretch of rows that ends with position ``last``, for looking back."""
    capacity = max(1, capacity)
    end = min(count, max(min(capacity, count), last + 1))
    start = max(0, end - capacity)
    return Window(tuple(range(start, end)), start, count - end)
