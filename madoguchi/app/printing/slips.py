"""What a slip says, as values: what stands on it (content), and its lines (a slip). Pure.

The words of both are in no repr: a slip may say in one breath who borrowed what.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class SlipKind(StrEnum):
    """The five slips. The value names the template's file, and the kind in the settings."""

    LOAN = "loan"
    """貸出票, for the patron."""
    RENEWAL = "renewal"
    """延長票, for the patron."""
    RESERVED = "reserved"
    """予約受付票, for the patron."""
    SHELF = "shelf"
    """取置票, in the copy on the reservation shelf."""
    TRANSIT = "transit"
    """配送票, in the copy on the van."""


KINDS: Final = frozenset(kind.value for kind in SlipKind)

PLACEHOLDERS: Final[Mapping[SlipKind, frozenset[str]]] = {
    SlipKind.LOAN: frozenset({"branch", "date", "time", "count", "card_end"}),
    SlipKind.RENEWAL: frozenset({"branch", "date", "time", "count"}),
    SlipKind.RESERVED: frozenset({"branch", "date", "time", "title", "pickup_branch", "place"}),
    SlipKind.SHELF: frozenset({"branch", "date", "time", "title", "number", "label", "keep_until"}),
    SlipKind.TRANSIT: frozenset({"branch", "date", "time", "title", "number", "to_branch"}),
}
"""What a template of each kind may have filled in."""

ITEM_PLACEHOLDERS: Final[Mapping[SlipKind, frozenset[str]]] = {
    SlipKind.LOAN: frozenset({"title", "due", "number"}),
    SlipKind.RENEWAL: frozenset({"title", "due", "number"}),
}
"""The same for lines that come once for each item; other kinds have no such lines."""

CARD_END: Final = 4
"""So many of a patron number's last digits stand on a slip."""


@dataclass(frozen=True, slots=True)
class SlipContent:
    """What is filled into a template.

    Attributes:
        values: a text for each placeholder; one that is missing or empty leaves its lines out.
        items: the same for each item, where a slip has several.
        barcode: the item number that stands as bars; empty: none.
    """

    kind: SlipKind
    values: Mapping[str, str] = field(repr=False)
    items: tuple[Mapping[str, str], ...] = field(default=(), repr=False)
    barcode: str = field(default="", repr=False)


class Align(StrEnum):
    """Where a line stands on the paper."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


class LineKind(StrEnum):
    """What a line is."""

    TEXT = "text"
    RULE = "rule"
    BARCODE = "barcode"


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One line of a slip, however wide the paper; ``large``: twice as wide and as high."""

    text: str = field(default="", repr=False)
    align: Align = Align.LEFT
    large: bool = False
    kind: LineKind = LineKind.TEXT


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip: its kind, its lines, and the number its barcode holds, empty where it has none."""

    kind: SlipKind
    lines: tuple[SlipLine, ...]
    barcode: str = field(default="", repr=False)


def in_japanese(day: dt.date) -> str:
    """A day as slips say it, in whatever language the counter is: ``2026年12月13日(日)``."""
    return f"{day.year}年{day.month}月{day.day}日({'月火水木金土日'[day.weekday()]})"
