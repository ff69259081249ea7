"""Labels on paper: an item's with its bars, a spine's (背ラベル) with class, mark and volume, cards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from madoguchi.barcode.label_sheets import A4_MM, Place, SheetLayout
from madoguchi.barcode.labels import Bars, UnprintableCode
from madoguchi.widgets.card_paper import CARD_MM, card_module, draw_card
from madoguchi.widgets.sheet_paper import DOTS_PER_INCH, Paper

# 0.34, 0.25 and 0.21 mm: the widest that the label has room for. The first two are whole dots of a 300 dpi
# printer, all three of one with 600. What is narrower many scanners do not resolve.
_MODULES: Final = (16, 12, 10)
_PRINTER_GRID: Final = 4

_EDGE_MM: Final = 1.2
_SHORTEST_BARS_MM: Final = 5.0
_TALLEST_BARS_MM: Final = 13.0
_LARGE_FROM_MM: Final = 30.0
"""Labels as high as this are written larger."""

_SPINE_MM: Final = (34.0, 27.0)
"""The largest frame of a spine label: wider ones do not go round a thin book's back."""
_SMALLEST_POINTS: Final = 5.0


@dataclass(frozen=True, slots=True)
class ItemLabel:
    """An item's label: the bars with the number beneath, and what it is; no title where that is empty."""

    bars: Bars
    title: str = ""


@dataclass(frozen=True, slots=True)
class SpineLabel:
    """A spine's label, its three rows from above: class (NDC), author mark, volume; any may be empty."""

    ndc: str
    author_mark: str
    volume: str


@dataclass(frozen=True, slots=True)
class CardLabel:
    """A patron's card: the bars with the number. No name."""

    bars: Bars


Label: TypeAlias = ItemLabel | SpineLabel | CardLabel


@dataclass(frozen=True, slots=True)
class LabelSheets:
    """What is to be printed: labels, how they lie, at which position the first one does, whose they are."""

    layout: SheetLayout
    labels: tuple[Label, ...]
    library: str
    caption: str = ""
    start: int = 1

    @property
    def pages(self) -> int:
        """How many sheets it takes."""
        return self.layout.pages(len(self.labels), self.start)


def check_room(layout: SheetLayout, label: Label) -> None:
    """Tells before anything is painted whether a label has room.

    Raises:
        UnprintableCode: it has too many bars for labels of this size, or these are too low.
    """
    match label:
        case ItemLabel(bars):
            _module(bars, layout.width)
            _item_rows(layout.height, with_title=False)
        case CardLabel(bars):
            card_module(bars)
            if layout.width < CARD_MM[0] or layout.height < CARD_MM[1]:
                raise UnprintableCode("a card has no room on labels of this size")
        case SpineLabel():
            pass


def check_rooms(sheets: LabelSheets) -> None:
    """Tells it of all of them.

    Raises:
        UnprintableCode: one has no room.
    """
    for label in sheets.labels:
        check_room(sheets.layout, label)


def paint_sheets(painter: QPainter, sheets: LabelSheets, next_page: Callable[[], object]) -> int:
    """Paints all of them and returns how many pages there are. The painter's unit is ``DOTS_PER_INCH``.

    Raises:
        UnprintableCode: a label has no room; nothing was painted.
    """
    check_rooms(sheets)
    paper = Paper(painter)
    page = 0
    for place, label in zip(
        sheets.layout.places(len(sheets.labels), sheets.start), sheets.labels, strict=True
    ):
        if place.page > page:
            page = place.page
            next_page()
        _paint(paper, sheets, place, label)
    return page + 1 if sheets.labels else 0


def picture(sheets: LabelSheets, page: int, dots_per_inch: int) -> QImage:
    """One of the sheets as it will be, with the edges of the labels, which are not printed.

    Raises:
        UnprintableCode: a label has no room.
    """
    size = [round(side * dots_per_inch / 25.4) for side in A4_MM]
    image = QImage(size[0], size[1], QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(dots_per_inch / DOTS_PER_INCH, dots_per_inch / DOTS_PER_INCH)
        layout = sheets.layout
        painter.setPen(QPen(Paper(painter).colour("line"), _dots(0.3)))
        for place in layout.places(layout.count):
            painter.drawRect(
                QRectF(_dots(place.x), _dots(place.y), _dots(layout.width), _dots(layout.height))
            )
        check_rooms(sheets)
        paper = Paper(painter)
        places = layout.places(len(sheets.labels), sheets.start)
        for place, label in zip(places, sheets.labels, strict=True):
            if place.page == page:
                _paint(paper, sheets, place, label)
    finally:
        painter.end()
    return image


def _paint(paper: Paper, sheets: LabelSheets, place: Place, label: Label) -> None:
    layout = sheets.layout
    match label:
        case ItemLabel():
            _item(paper, place, layout, sheets.library, label)
        case SpineLabel():
            _spine(paper, place, layout, label)
        case CardLabel(bars):
            draw_card(paper, place.x, place.y, sheets.library, sheets.caption, bars)


# -- an item's -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rows:
    """How an item's label is divided from above, in millimetres; what has no height is left out."""

    small: float
    figures: float
    name: float
    bars: float
    number: float
    title: float


def _item_rows(height: float, *, with_title: bool) -> _Rows:
    large = height >= _LARGE_FROM_MM
    small, figures = (8.0, 11.0) if large else (5.5, 8.0)
    line, number = small * 0.5, figures * 0.46
    free = height - 2 * _EDGE_MM - number - _SHORTEST_BARS_MM
    name = line if free >= line else 0.0
    title = line if with_title and free - name >= line else 0.0
    bars = min(_SHORTEST_BARS_MM + free - name - title, _TALLEST_BARS_MM)
    if bars < _SHORTEST_BARS_MM:
        raise UnprintableCode(f"labels of {height} mm are too low for bars")
    return _Rows(small, figures, name, bars, number, title)


def _item(paper: Paper, place: Place, layout: SheetLayout, library: str, label: ItemLabel) -> None:
    rows = _item_rows(layout.height, with_title=bool(label.title))
    small = paper.font(rows.small)
    inner = layout.width - 2 * _EDGE_MM
    used = rows.name + rows.bars + rows.number + rows.title
    top = place.y + (layout.height - used) / 2
    if rows.name:
        _centred(paper, place, layout.width, top, paper.fitted(library, small, inner), small)
        top += rows.name
    _bars(paper, place.x, layout.width, top, rows.bars, label.bars)
    top += rows.bars
    figures = paper.font(rows.figures, number=True)
    _centred(paper, place, layout.width, top + 0.2, paper.fitted(label.bars.text, figures, inner), figures)
    top += rows.number
    if rows.title:
        _centred(paper, place, layout.width, top, paper.fitted(label.title, small, inner), small)


def _centred(paper: Paper, place: Place, width: float, top: float, text: str, font: QFont) -> None:
    paper.line(place.x + (width - paper.width(text, font)) / 2, top, text, font)


def _bars(paper: Paper, x: float, width: float, top: float, height: float, label: Bars) -> None:
    module = _module(label, width)
    at = round(_dots(x) + (_dots(width) - label.modules * module) / 2) // _PRINTER_GRID * _PRINTER_GRID
    for is_bar, modules in label.runs:
        if is_bar:
            stripe = QRect(at, round(_dots(top)), modules * module, round(_dots(height)))
            paper.painter.fillRect(stripe, Qt.GlobalColor.black)
        at += modules * module


def _module(label: Bars, width: float) -> int:
    """The widest module with which the bars and the blank beside them have room, in dots."""
    wanted = label.modules + 2 * label.quiet_zone
    found = next((dots for dots in _MODULES if wanted * dots <= _dots(width)), None)
    if found is None:
        raise UnprintableCode(f"{label.modules} modules are too many for labels of {width} mm")
    return found


# -- a spine's -------------------------------------------------------------------------------------------


def _spine(paper: Paper, place: Place, layout: SheetLayout, label: SpineLabel) -> None:
    width = min(_SPINE_MM[0], layout.width - 2 * _EDGE_MM)
    height = min(_SPINE_MM[1], layout.height - 2 * _EDGE_MM)
    left, top = place.x + (layout.width - width) / 2, place.y + (layout.height - height) / 2
    row = height / 3
    line = 0.4
    for number in range(4):
        paper.fill(left, top + number * row - line / 2, width, line, "ink")
    for x in (left, left + width):
        paper.fill(x - line / 2, top - line / 2, line, height + line, "ink")
    for number, text in enumerate((label.ndc, label.author_mark, label.volume)):
        _in_row(paper, left + 1, top + number * row, width - 2, row, text)


def _in_row(paper: Paper, left: float, top: float, width: float, height: float, text: str) -> None:
    """As large as the row allows; smaller where it is long, and cut where that does not do."""
    points = height * 0.68 * 72 / 25.4
    font = paper.font(points, bold=True)
    while points > _SMALLEST_POINTS and paper.width(text, font) > width:
        points = max(points * 0.92, _SMALLEST_POINTS)
        font = paper.font(points, bold=True)
    shown = paper.fitted(text, font, width)
    high = font.pixelSize() * 25.4 / DOTS_PER_INCH
    paper.line(left + (width - paper.width(shown, font)) / 2, top + (height - high * 1.08) / 2, shown, font)


def _dots(millimetres: float) -> float:
    return millimetres * DOTS_PER_INCH / 25.4
