"""A sheet of the office: on the system's printer, or in a PDF where there is none."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument

from madoguchi.app.files import write

_A4 = QPageLayout(
    QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(20, 20, 20, 20)
)


def print_or_write(document: QTextDocument, file: Path) -> str | Path:
    """Prints it; the printer's name, or ``file``, to which it was written instead.

    Raises:
        OSError: neither could be done.
    """
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    default = QPrinterInfo.defaultPrinter()
    if not default.isNull():
        printer = QPrinter(default)
        printer.setPageLayout(_A4)
        document.print_(printer)
        if printer.printerState() is QPrinter.PrinterState.Error:
            raise OSError(0, default.printerName())
        return str(default.printerName())
    made = QByteArray()
    paper = QBuffer(made)
    paper.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(paper)
    writer.setPageLayout(_A4)
    document.print_(writer)
    del writer
    write(file, bytes(made.data()), 0o600)
    return file
