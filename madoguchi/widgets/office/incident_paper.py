"""An incident on paper: on the system's printer, or in a PDF where there is none."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextCharFormat, QTextCursor, QTextDocument

from madoguchi.app.clock import LibraryClock
from madoguchi.app.files import write
from madoguchi.app.office.values import Incident
from madoguchi.widgets.office import incident_words

translate = QCoreApplication.translate

_A4 = QPageLayout(
    QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(20, 20, 20, 20)
)


def print_or_write(incident: Incident, clock: LibraryClock, folder: Path) -> str | Path:
    """Prints it; the printer's name, or the file it was written to instead.

    Raises:
        OSError: neither could be done.
    """
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    document = document_of(incident, clock)
    default = QPrinterInfo.defaultPrinter()
    if not default.isNull():
        printer = QPrinter(default)
        printer.setPageLayout(_A4)
        document.print_(printer)
        if printer.printerState() is QPrinter.PrinterState.Error:
            raise OSError(0, default.printerName())
        return str(default.printerName())
    file = folder / f"madoguchi-incident-{incident.number}.pdf"
    made = QByteArray()
    paper = QBuffer(made)
    paper.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(paper)
    writer.setPageLayout(_A4)
    document.print_(writer)
    del writer
    write(file, bytes(made.data()), 0o600)
    return file


def document_of(incident: Incident, clock: LibraryClock) -> QTextDocument:
    """The sheet: what was reported, as plain text under its labels."""
    document = QTextDocument()
    cursor = QTextCursor(document)
    large, bold, plain = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
    large.setFontPointSize(18)
    bold.setFontWeight(700)
    for each in (bold, plain):
        each.setFontPointSize(11)
    cursor.insertText(translate("Office", "事故 第{n}号").format(n=incident.number), large)
    for name, text in incident_words.whole(incident, clock):
        cursor.insertBlock()
        cursor.insertBlock()
        cursor.insertText(name, bold)
        cursor.insertBlock()
        cursor.insertText(text, plain)
    return document
