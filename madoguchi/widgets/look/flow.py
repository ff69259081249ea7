"""Where the parts of a card go: controls side by side that wrap, and a text on one line or on several."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize

from madoguchi.widgets.look.canvas import Canvas, Ink, paragraph_height, text_width
from madoguchi.widgets.look.focus_ring import REACH
from madoguchi.widgets.look.theme import Theme


def control_gap(theme: Theme) -> int:
    """Px between two controls: each keeps the room its focus ring needs, and they do not touch."""
    return max(2 * REACH + 2, theme.space(3))


def flow(sizes: Sequence[QSize], width: int, gap: int, row_gap: int) -> list[QRect]:
    """Places for controls, ``gap`` px apart in rows ``row_gap`` px apart; none is wider than ``width``."""
    left = top = row = 0
    places = []
    for size in sizes:
        wide = min(size.width(), width)
        if left and left + wide > width:
            left, top, row = 0, top + row + row_gap, 0
        places.append(QRect(QPoint(left, top), QSize(wide, size.height())))
        left += wide + gap
        row = max(row, size.height())
    return places


def flow_height(places: Sequence[QRect]) -> int:
    """Height in px the places take together; 0 without any."""
    return max((place.bottom() + 1 for place in places), default=0)


def block_height(theme: Theme, text: str, ink: Ink, width: int) -> int:
    """Height in px of a text on one line, or wrapped where one line is too narrow; 0 for an empty text."""
    if not text:
        return 0
    if text_width(theme, text, ink) <= width:
        return theme.line(ink.role)
    return paragraph_height(theme, text, ink, width)


def draw_block(canvas: Canvas, left: int, top: int, width: int, text: str, ink: Ink) -> int:
    """Write a text as ``block_height`` measures it; return the y below it."""
    height = block_height(canvas.theme, text, ink, width)
    rect = QRect(left, top, width, height)
    if height > canvas.theme.line(ink.role):
        canvas.paragraph(rect, text, ink)
    elif height:
        canvas.text(rect, text, ink)
    return top + height
