"""Paper in millimetres: what the printed sheets are drawn with. Bars are whole printer dots, text wraps."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtSvg import QSvgRenderer

from madoguchi.barcode.labels import Bars
from madoguchi.widgets.look.fonts import load_faces
from madoguchi.widgets.look.tokens import Contrast, load_tokens, read_resource

DOTS_PER_INCH: Final = 1200
# 0.34 mm: whole dots of a 300 and of a 600 dpi printer too, so that none of them rounds a bar; just above the
# nominal EAN-13 (0.33 mm, GS1 General Specifications).
MODULE_DOTS: Final = 16
_PRINTER_GRID: Final = 4
BAR_HEIGHT_MM: Final = 11.0
_LINE_PITCH: Final = 1.4


def _dots(millimetres: float) -> int:
    return round(millimetres * DOTS_PER_INCH / 25.4)


class Paper:
    """Draws in millimetres from the page's top left corner; type sizes are points."""

    def __init__(self, painter: QPainter) -> None:
        self.painter = painter
        self._faces = load_faces()
        self._colours = load_tokens().palettes[Contrast.LIGHT]

    def colour(self, name: str) -> QColor:
        return QColor(self._colours[name])

    def font(self, points: float, *, bold: bool = False, number: bool = False) -> QFont:
        font = QFont()
        font.setFamilies(list(self._faces.number if number else self._faces.text))
        font.setPixelSize(round(points * DOTS_PER_INCH / 72))
        font.setBold(bold)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def width(self, text: str, font: QFont) -> float:
        return QFontMetricsF(font).horizontalAdvance(text) * 25.4 / DOTS_PER_INCH

    def line(self, x: float, y: float, text: str, font: QFont, colour: str = "ink") -> float:
        """One line whose top is at ``y``; returns where it ends on the right."""
        self.painter.setFont(font)
        self.painter.setPen(self.colour(colour))
        self.painter.drawText(QPointF(_dots(x), _dots(y) + QFontMetricsF(font).ascent()), text)
        return x + self.width(text, font)

    def fitted(self, text: str, font: QFont, width: float) -> str:
        return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, _dots(width))

    def _wrapped(self, text: str, font: QFont, width: float) -> tuple[QTextLayout, float]:
        layout = QTextLayout(text, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        pitch = font.pixelSize() * _LINE_PITCH
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(_dots(width))
            line.setPosition(QPointF(0, top))
            top += pitch
        layout.endLayout()
        return layout, top * 25.4 / DOTS_PER_INCH

    def height(self, text: str, font: QFont, width: float) -> float:
        return self._wrapped(text, font, width)[1]

    def paragraph(
        self, x: float, y: float, width: float, text: str, font: QFont, colour: str = "ink"
    ) -> float:
        """Wrapped text; returns its height."""
        layout, height = self._wrapped(text, font, width)
        self.painter.setPen(self.colour(colour))
        layout.draw(self.painter, QPointF(_dots(x), _dots(y)))
        return height

    def rule(self, x: float, y: float, width: float, colour: str = "line", thickness: float = 0.2) -> None:
        self.fill(x, y, width, thickness, colour)

    def fill(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.painter.fillRect(QRectF(_dots(x), _dots(y), _dots(width), _dots(height)), self.colour(colour))

    def pill_width(self, text: str, font: QFont) -> float:
        return self.width(text, font) + 3.0

    def pill(self, x: float, y: float, text: str, font: QFont, *, solid: bool) -> float:
        """A word in a rounded frame; returns where it ends on the right."""
        width = self.pill_width(text, font)
        box = QRectF(_dots(x), _dots(y), _dots(width), _dots(4.6))
        self.painter.setPen(QPen(self.colour("accent"), _dots(0.25)))
        self.painter.setBrush(self.colour("accent") if solid else Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(box, _dots(0.8), _dots(0.8))
        self.painter.setPen(self.colour("onAccent" if solid else "accent"))
        self.painter.setFont(font)
        self.painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return x + width

    def icon(self, x: float, y: float, size: float, name: str, colour: str) -> None:
        svg = read_resource("icons", f"{name}.svg")
        tinted = svg.replace(b"<svg ", b'<svg fill="' + self.colour(colour).name().encode() + b'" ', 1)
        QSvgRenderer(QByteArray(tinted)).render(
            self.painter, QRectF(_dots(x), _dots(y), _dots(size), _dots(size))
        )

    def bars(self, x: float, y: float, label: Bars) -> float:
        """The bars of a label with its text beneath, quiet zone from ``x`` on; returns the height."""
        left, right = self._stripes(x, y, label)
        font = self.font(11, number=True)
        box = QRectF(left, _dots(y) + _dots(BAR_HEIGHT_MM) + _dots(0.7), right - left, _dots(5))
        self.painter.setFont(font)
        self.painter.setPen(Qt.GlobalColor.black)
        self.painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, label.text)
        return BAR_HEIGHT_MM + 5.2

    def bars_alone(self, x: float, y: float, label: Bars) -> float:
        """The bars of a label without its text, quiet zone from ``x`` on; returns the height."""
        self._stripes(x, y, label)
        return BAR_HEIGHT_MM

    def _stripes(self, x: float, y: float, label: Bars) -> tuple[int, int]:
        """Bars in whole printer dots; returns where they begin and end."""
        left = _dots(x) // _PRINTER_GRID * _PRINTER_GRID + label.quiet_zone * MODULE_DOTS
        top, height, at = _dots(y), _dots(BAR_HEIGHT_MM), left
        for is_bar, modules in label.runs:
            if is_bar:
                self.painter.fillRect(QRect(at, top, modules * MODULE_DOTS, height), Qt.GlobalColor.black)
            at += modules * MODULE_DOTS
        return left, at


def bars_width(label: Bars) -> float:
    """How wide a label is, quiet zones included, in millimetres."""
    return (label.modules + 2 * label.quiet_zone) * MODULE_DOTS * 25.4 / DOTS_PER_INCH
