"""A patron's card on paper, in the size that every purse has: the library, the number, its bars. No name.

Whoever finds it learns whose library it is of and not whose card; the library knows that by its number.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMarginsF, QRect, QSizeF, Qt
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter

from madoguchi.barcode.labels import Bars, UnprintableCode
from madoguchi.widgets.sheet_paper import DOTS_PER_INCH, Paper

CARD_MM: Final = (85.6, 54.0)
"""ISO/IEC 7810, ID-1."""

_EDGE_MM: Final = 5.0
_BARS_TOP_MM: Final = 29.0
_BARS_HEIGHT_MM: Final = 15.0
# 0.34 and 0.25 mm: whole dots of a 300 and of a 600 dpi printer, the wider one wherever the card has room
_MODULES: Final = (16, 12)

PAGE: Final = QPageLayout(
    # cards are fed by their short side
    QPageSize(
        QSizeF(CARD_MM[1], CARD_MM[0]),
        QPageSize.Unit.Millimeter,
        "ID-1",
        QPageSize.SizeMatchPolicy.ExactMatch,
    ),
    QPageLayout.Orientation.Landscape,
    QMarginsF(0, 0, 0, 0),
    QPageLayout.Unit.Millimeter,
)


def paint_card(device: QPagedPaintDevice, library: str, caption: str, label: Bars) -> bool:
    """Paints the one card; whether the device took it.

    ``caption`` says what kind of card it is. On a sheet that is larger it stands in the upper left corner,
    in a frame to cut it out by.

    Raises:
        UnprintableCode: the card has no room for so many bars.
    """
    module = card_module(label)
    painter = QPainter()
    if not painter.begin(device):
        return False
    scale = device.logicalDpiX() / DOTS_PER_INCH
    painter.scale(scale, scale)
    paper = Paper(painter)
    if device.widthMM() > CARD_MM[0] + 1 or device.heightMM() > CARD_MM[1] + 1:
        _frame(paper)
    _card(paper, library, caption, label, module)
    return painter.end()


def draw_card(paper: Paper, x: float, y: float, library: str, caption: str, label: Bars) -> None:
    """Draws a card on a larger sheet, in a frame to cut it out by; its corner is there, in millimetres.

    Raises:
        UnprintableCode: the card has no room for so many bars.
    """
    module = card_module(label)
    painter = paper.painter
    painter.save()
    # on whole dots of the coarsest printer, or its bars are not
    painter.translate(*(round(side * DOTS_PER_INCH / 25.4) // 4 * 4 for side in (x, y)))
    _frame(paper)
    _card(paper, library, caption, label, module)
    painter.restore()


def card_module(label: Bars) -> int:
    """The widest module, in dots, with which a card has room for the bars.

    Raises:
        UnprintableCode: it has none for so many.
    """
    module = next((dots for dots in _MODULES if _bars_mm(label, dots) <= CARD_MM[0]), None)
    if module is None:
        raise UnprintableCode(f"{label.modules} modules are too many for a card")
    return module


def _card(paper: Paper, library: str, caption: str, label: Bars, module: int) -> None:
    inner = CARD_MM[0] - 2 * _EDGE_MM
    name = paper.font(13, bold=True)
    paper.line(_EDGE_MM, 5.0, paper.fitted(library, name, inner), name)
    paper.line(_EDGE_MM, 11.6, caption, paper.font(8.5), "ink2")
    paper.rule(_EDGE_MM, 17.0, inner, "ink", 0.35)
    figures = paper.font(17, bold=True, number=True)
    paper.line((CARD_MM[0] - paper.width(label.text, figures)) / 2, 19.6, label.text, figures)
    _bars(paper.painter, label, module)


def _bars_mm(label: Bars, module: int) -> float:
    return (label.modules + 2 * label.quiet_zone) * module * 25.4 / DOTS_PER_INCH


def _bars(painter: QPainter, label: Bars, module: int) -> None:
    """In the middle, every edge on a whole dot of the coarsest printer, as in ``Paper.bars``."""
    dots = DOTS_PER_INCH / 25.4
    at = round((CARD_MM[0] * dots - label.modules * module) / 2) // 4 * 4
    top, height = round(_BARS_TOP_MM * dots), round(_BARS_HEIGHT_MM * dots)
    for is_bar, modules in label.runs:
        if is_bar:
            painter.fillRect(QRect(at, top, modules * module, height), Qt.GlobalColor.black)
        at += modules * module


def _frame(paper: Paper) -> None:
    width, height = CARD_MM
    for x, y, wide, high in (
        (0, 0, width, 0.2), (0, height, width, 0.2), (0, 0, 0.2, height), (width, 0, 0.2, height + 0.2),
    ):  # fmt: skip
        paper.fill(x, y, wide, high, "line")
