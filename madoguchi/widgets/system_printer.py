"""A slip by any printer that the system knows. Printed means here: the system's own spool has taken it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from madoguchi.app.printing.receipt_printer import PrinterTrouble
from madoguchi.widgets.slip_paper import Ruled, SlipPainter

_ROLLS_MM: Final = {"58": (58.0, 48.0), "80": (80.0, 72.0)}
"""How wide the paper is, and what a head prints of it."""
_SHEETS: Final = {"a6": QPageSize.PageSizeId.A6, "a4": QPageSize.PageSizeId.A4}
_SHEET_MARGIN_MM: Final = 10.0
_ON_SHEET_MM: Final = 72.0
_INCH_MM: Final = 25.4


def print_on_system(name: str, slip: Ruled, paper: str) -> PrinterTrouble | None:
    """Hands a slip to the printer of this name; blocks for as long as the system takes.

    None: the system has it. What a printer does after that is the system's to say.
    """
    found = QPrinterInfo.printerInfo(name)
    if found.isNull():
        return PrinterTrouble.NOT_KNOWN
    if found.state() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
        return PrinterTrouble.FAULT
    printer = QPrinter(found, QPrinter.PrinterMode.HighResolution)
    # a queue's list is read by whoever may print: no word of what it is
    printer.setDocName("slip")
    printer.setCreator("")
    return paint_on(printer, slip, paper)


def paint_on(printer: QPrinter, slip: Ruled, paper: str) -> PrinterTrouble | None:
    """Paints a slip on its paper, on as many sheets as it takes."""
    dots_per_mm = printer.resolution() / _INCH_MM
    if paper in _ROLLS_MM:
        paper_mm, print_mm = _ROLLS_MM[paper]
        painting = SlipPainter(slip, print_mm * dots_per_mm)
        height_mm = painting.height() / dots_per_mm + 2.0
        size = QPageSize(QSizeF(paper_mm, max(height_mm, paper_mm)), QPageSize.Unit.Millimeter, "slip")
        margins = QMarginsF((paper_mm - print_mm) / 2, 0, 0, 0)
    else:
        painting = SlipPainter(slip, _ON_SHEET_MM * dots_per_mm)
        size = QPageSize(_SHEETS[paper])
        margins = QMarginsF(*(_SHEET_MARGIN_MM,) * 4)
    layout = QPageLayout(size, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter)
    # what a printer cannot reach is not for the slip to say: it stands where its paper has room for it
    layout.setMinimumMargins(QMarginsF(0, 0, 0, 0))
    layout.setMargins(margins)
    printer.setFullPage(True)
    printer.setPageLayout(layout)
    left, top = margins.left() * dots_per_mm, margins.top() * dots_per_mm
    foot = (size.size(QPageSize.Unit.Millimeter).height() - margins.bottom()) * dots_per_mm
    painter = QPainter()
    if not painter.begin(printer):
        return PrinterTrouble.FAULT
    try:
        at = top
        for row in slip.rows:
            height = painting.row_height(row)
            if at + height > foot and at > top:
                if not printer.newPage():
                    return PrinterTrouble.BROKE_OFF
                at = top
            painting.paint_row(painter, row, left, at)
            at += height
    finally:
        ended = painter.end()
    return (
        None if ended and printer.printerState() is not QPrinter.PrinterState.Error else PrinterTrouble.FAULT
    )
