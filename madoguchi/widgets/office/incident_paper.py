"""An incident on paper: on the system's printer, or in a PDF where there is none."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument

from madoguchi.app.clock import LibraryClock
from madoguchi.app.office.values import Incident
from madoguchi.widgets.office import incident_words, paper

translate = QCoreApplication.translate


def print_or_write(incident: Incident, clock: LibraryClock, folder: Path) -> str | Path:
    """Prints it; the printer's name, or the file it was written to instead.

    Raises:
        OSError: neither could be done.
    """
    file = folder / f"madoguchi-incident-{incident.number}.pdf"
    return paper.print_or_write(document_of(incident, clock), file)


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
