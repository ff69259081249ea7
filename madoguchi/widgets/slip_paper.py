"""A slip painted: on paper by a printer the system knows, or on screen. The rows are those of the layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter

from madoguchi.app.printing.escpos_slip import DOTS
from madoguchi.app.printing.layout import width
from madoguchi.app.printing.slips import Align, LineKind, SlipLine
from madoguchi.barcode.labels import Bars, UnprintableCode, bars
from madoguchi.barcode.symbology import Symbology
from madoguchi.widgets.look.fonts import load_faces

_PITCH: Final = 2.7
"""From one row to the next, in columns."""
_BAR_HEIGHT: Final = 80
_BAR_DOTS: Final = 2
_GAP: Final = 1.0


@dataclass(frozen=True, slots=True)
class Ruled:
    """A slip ready to be painted: its rows, the columns of its paper, and what its bars hold.

    ``barcode`` has its start and stop letters, as a scanner that strips nothing reads it.
    """

    rows: tuple[SlipLine, ...]
    columns: int
    barcode: str = ""

    def __repr__(self) -> str:
        return f"Ruled({len(self.rows)} rows, {self.columns} columns)"


class SlipPainter:
    """Paints rows of a slip so many pixels wide, in black."""

    def __init__(self, slip: Ruled, across: float) -> None:
        self._slip = slip
        self._across = across
        self._column = across / slip.columns
        self._bars = _bars(slip)

    def height(self) -> float:
        """How high all of it is."""
        return sum(self.row_height(row) for row in self._slip.rows)

    def row_height(self, row: SlipLine) -> float:
        """How high a row is."""
        if row.kind is LineKind.BARCODE:
            if self._bars is None:
                return 0.0
            return self._bar_height() + (_GAP + _PITCH) * self._column
        if row.kind is LineKind.RULE:
            return _PITCH / 2 * self._column
        return _PITCH * self._column * (2 if row.large else 1)

    def paint(self, painter: QPainter, left: float, top: float) -> None:
        """Paints all of it."""
        for row in self._slip.rows:
            self.paint_row(painter, row, left, top)
            top += self.row_height(row)

    def paint_row(self, painter: QPainter, row: SlipLine, left: float, top: float) -> None:
        """Paints one row."""
        painter.setPen(Qt.GlobalColor.black)
        if row.kind is LineKind.RULE:
            height = max(1, round(self._column / 8))
            middle = round(top + self.row_height(row) / 2)
            painter.fillRect(QRect(round(left), middle, round(self._across), height), Qt.GlobalColor.black)
        elif row.kind is LineKind.BARCODE:
            self._paint_bars(painter, left, top)
        else:
            self._paint_text(painter, row, left, top)

    def _paint_text(self, painter: QPainter, row: SlipLine, left: float, top: float) -> None:
        """Every character on the printer's own grid, whatever face it comes from."""
        column = self._column * (2 if row.large else 1)
        font = _font(column)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        base = top + (self.row_height(row) + metrics.ascent() - metrics.descent()) / 2
        room = self._across - width(row.text) * column
        at = left + {Align.LEFT: 0.0, Align.CENTRE: room / 2, Align.RIGHT: room}[row.align]
        for letter in row.text:
            painter.drawText(QPointF(at, base), letter)
            at += width(letter) * column

    def _bar_height(self) -> float:
        return _BAR_HEIGHT / DOTS[self._slip.columns] * self._across

    def _paint_bars(self, painter: QPainter, left: float, top: float) -> None:
        found = self._bars
        if found is None:
            return
        module = self._module()
        height = round(self._bar_height())
        at = start = round(left + (self._across - found.modules * module) / 2)
        for is_bar, modules in found.runs:
            if is_bar:
                painter.fillRect(QRect(at, round(top), modules * module, height), Qt.GlobalColor.black)
            at += modules * module
        font = _font(self._column)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        wide = width(found.text) * self._column
        x, base = start + (at - start - wide) / 2, top + height + metrics.ascent()
        for letter in found.text:
            painter.drawText(QPointF(x, base), letter)
            x += self._column

    def _module(self) -> int:
        """Whole pixels: no printer and no screen rounds a bar."""
        return max(1, int(_BAR_DOTS * self._across / DOTS[self._slip.columns]))


def _font(column: float) -> QFont:
    font = QFont()
    font.setFamilies(list(load_faces().number))
    font.setPixelSize(max(1, round(2 * column)))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _bars(slip: Ruled) -> Bars | None:
    """The bars; None where the number cannot be drawn, or not on this paper."""
    code = slip.barcode
    if len(code) < 3:
        return None
    try:
        found = bars(Symbology.NW7, code[1:-1], start=code[0], stop=code[-1])
    except UnprintableCode:
        return None
    whole = (found.modules + 2 * found.quiet_zone) * _BAR_DOTS
    return found if whole <= DOTS[slip.columns] else None


def picture(slip: Ruled, across: int, *, margin: int = 0) -> QImage:
    """The slip as a picture, so many pixels wide and a margin."""
    painting = SlipPainter(slip, across)
    image = QImage(
        across + 2 * margin, round(painting.height()) + 2 * margin + 1, QImage.Format.Format_Grayscale8
    )
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painting.paint(painter, margin, margin)
    painter.end()
    return image
