"""Sheets of labels on A4: where each label lies. Pure; millimetres from the paper's upper left corner."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Final

A4_MM: Final = (210.0, 297.0)
"""ISO 216."""

SMALLEST_MM: Final = (20.0, 10.0)
"""Width and height below which nothing can be printed that is read again."""
MOST_LABELS: Final = 200
"""Labels on one sheet; more than that leave none of them room."""

# what is written with one or two decimals is not more exact than this
_EXACT_MM: Final = 0.005


class LayoutField(StrEnum):
    """What a sheet of one's own is described by; the values are the keys of the form."""

    COLUMNS = "columns"
    ROWS = "rows"
    WIDTH = "width"
    HEIGHT = "height"
    LEFT = "left"
    TOP = "top"
    PITCH_X = "pitch_x"
    PITCH_Y = "pitch_y"


class LayoutProblem(StrEnum):
    """Why labels cannot lie so; each has its sentence."""

    NOT_A_NUMBER = "not_a_number"
    NONE_OR_TOO_MANY = "none_or_too_many"
    TOO_SMALL = "too_small"
    OFF_THE_PAPER = "off_the_paper"
    OVERLAPPING = "overlapping"


class LayoutError(ValueError):
    """Labels cannot lie so.

    Attributes:
        problems: what is wrong, by field.
    """

    def __init__(self, problems: Mapping[LayoutField, LayoutProblem]) -> None:
        super().__init__(", ".join(f"{field.value}: {problem.value}" for field, problem in problems.items()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one label lies: its page, counted from 0, and its upper left corner."""

    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """How labels lie on A4: ``columns`` by ``rows`` of them, all of one size. Millimetres.

    ``left`` and ``top`` are those of the first label; ``pitch_x`` and ``pitch_y`` are from one label's edge
    to the same edge of the next one.

    Raises:
        LayoutError: labels would overlap, reach beyond the paper, be too small to be read, or there are none.
    """

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    pitch_x: float
    pitch_y: float

    def __post_init__(self) -> None:
        problems = dict(self._problems())
        if problems:
            raise LayoutError(problems)

    @property
    def count(self) -> int:
        """Labels on one sheet."""
        return self.columns * self.rows

    def places(self, labels: int, start: int = 1) -> Iterator[Place]:
        """Where so many labels lie, line by line, the first at position ``start`` of the first sheet.

        Raises:
            ValueError: there is no such position.
        """
        if not 1 <= start <= self.count:
            raise ValueError(f"a sheet of {self.count} labels has no position {start}")
        for number in range(start - 1, start - 1 + labels):
            page, place = divmod(number, self.count)
            row, column = divmod(place, self.columns)
            yield Place(page, self.left + column * self.pitch_x, self.top + row * self.pitch_y)

    def pages(self, labels: int, start: int = 1) -> int:
        """How many sheets so many labels need."""
        return math.ceil((start - 1 + labels) / self.count) if labels else 0

    def _problems(self) -> Iterator[tuple[LayoutField, LayoutProblem]]:
        for field in LayoutField:
            if not math.isfinite(getattr(self, field.value)):
                yield field, LayoutProblem.NOT_A_NUMBER
                return
        for field in (LayoutField.COLUMNS, LayoutField.ROWS):
            if not 1 <= getattr(self, field.value) <= MOST_LABELS:
                yield field, LayoutProblem.NONE_OR_TOO_MANY
                return
        if self.count > MOST_LABELS:
            yield LayoutField.ROWS, LayoutProblem.NONE_OR_TOO_MANY
        for number, size, edge, pitch, least, most, fields in (
            (self.columns, self.width, self.left, self.pitch_x, SMALLEST_MM[0], A4_MM[0], _ACROSS),
            (self.rows, self.height, self.top, self.pitch_y, SMALLEST_MM[1], A4_MM[1], _DOWN),
        ):
            of_size, of_edge, of_pitch = fields
            if size < least:
                yield of_size, LayoutProblem.TOO_SMALL
            if edge < 0:
                yield of_edge, LayoutProblem.OFF_THE_PAPER
            if number > 1 and pitch < size - _EXACT_MM:
                yield of_pitch, LayoutProblem.OVERLAPPING
            elif edge + (number - 1) * pitch + size > most + _EXACT_MM:
                # where one alone has no room, it is the label's size
                wide = edge + size > most + _EXACT_MM
                yield of_size if wide else of_pitch, LayoutProblem.OFF_THE_PAPER


_ACROSS: Final = (LayoutField.WIDTH, LayoutField.LEFT, LayoutField.PITCH_X)
_DOWN: Final = (LayoutField.HEIGHT, LayoutField.TOP, LayoutField.PITCH_Y)


class Sheet(Enum):
    """Sheets that are bought ready cut. The value is how many labels each has."""

    OF_24 = "24"
    OF_44 = "44"
    OF_65 = "65"


# Sold in these measures by several makers. They are as glabels' collection of templates has them (Hisago
# ELM012, ELM022, ELM023; glabels-qt, templates/hisago-templates.xml); A-one's 72224, 72244 and 72265 have the
# same labels. That collection says 10.92 mm for the upper edge of 65; the others 10.7 (Label Planet LP65/38),
# which is the sheet's middle: (297 - 13 × 21.2) / 2.
SHEETS: Final[Mapping[Sheet, SheetLayout]] = MappingProxyType(
    {
        Sheet.OF_24: SheetLayout(3, 8, 66.0, 33.9, 6.0, 12.9, 66.0, 33.9),
        Sheet.OF_44: SheetLayout(4, 11, 48.3, 25.4, 8.4, 8.8, 48.3, 25.4),
        Sheet.OF_65: SheetLayout(5, 13, 38.1, 21.2, 4.75, 10.7, 40.6, 21.2),
    }
)

# Cards of ISO/IEC 7810 ID-1 to cut out, and to print on paper for ten name cards (91 × 55 mm, edges 14 and
# 11 mm, as A-one 51002 and others are): each in the middle of one of those.
CARDS_TO_CUT: Final = SheetLayout(2, 5, 85.6, 54.0, 16.7, 11.5, 91.0, 55.0)

_WHOLE: Final = re.compile("[0-9]{1,3}")
_MILLIMETRES: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?")


def layout_of(typed: Mapping[str, str]) -> SheetLayout:
    """The sheet that a form describes, its numbers as typed; full-width figures and signs are plain ones.

    Raises:
        LayoutError: a number is none, or labels cannot lie so.
    """
    numbers: dict[LayoutField, str] = {}
    problems: dict[LayoutField, LayoutProblem] = {}
    for field in LayoutField:
        text = unicodedata.normalize("NFKC", typed.get(field.value, "")[:20]).strip()
        shape = _WHOLE if field in (LayoutField.COLUMNS, LayoutField.ROWS) else _MILLIMETRES
        if not (text.isascii() and shape.fullmatch(text)):
            problems[field] = LayoutProblem.NOT_A_NUMBER
        numbers[field] = text
    if problems:
        raise LayoutError(problems)
    return SheetLayout(
        int(numbers[LayoutField.COLUMNS]),
        int(numbers[LayoutField.ROWS]),
        *(float(numbers[field]) for field in list(LayoutField)[2:]),
    )
