"""Labels on their way to a printer or a file, and their picture, in threads: nothing at the counter waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QMarginsF, QObject, Qt, Signal
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter

from madoguchi.barcode.labels import UnprintableCode
from madoguchi.widgets.label_job import SheetJob
from madoguchi.widgets.label_paper import LabelSheets, check_rooms, paint_sheets, picture
from madoguchi.widgets.look.fonts import load_faces
from madoguchi.widgets.sheet_pages import write_pdf
from madoguchi.widgets.sheet_paper import DOTS_PER_INCH

translate = QCoreApplication.translate

ToPrint = Callable[[str, LabelSheets], None]
Shown = Callable[[QImage], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """What was printed: the printer's name, or the file it was written to; and how many sheets."""

    where: str | Path
    pages: int


Then = Callable[[Sent | OSError | UnprintableCode], None]


class LabelPrinting(QObject):
    """Prints sheets of labels, and paints how they will be.

    ``on_printer``: what prints, on the printer of that name, instead of the system.

    Attributes:
        busy: sheets are on their way; others are not begun.
    """

    _home = Signal(object, object, object)

    def __init__(self, on_printer: ToPrint | None = None) -> None:
        super().__init__()
        self._on_printer = on_printer or print_labels
        self.busy = False
        self._showing = False
        self._wanted: tuple[SheetJob, int, int, Shown] | None = None
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def print(
        self, job: SheetJob, printer: str | Path, then: Then, faulted: Callable[[], None] = lambda: None
    ) -> None:
        """Prints them on the printer of that name, or writes them to a file; ``then`` hears of it here.

        Of a bug ``faulted`` hears, before the GUI thread's hook does. While others are being printed nothing
        is begun, and nothing called.
        """
        if self.busy:
            return
        self.busy = True

        def work() -> Sent | OSError | UnprintableCode:
            try:
                sheets = job.sheets()
                # before a printer is begun, or a page comes out of it with nothing on it
                check_rooms(sheets)
                if isinstance(printer, Path):
                    return Sent(printer, write_labels(printer, sheets))
                self._on_printer(printer, sheets)
            except (OSError, UnprintableCode) as error:
                return error
            return Sent(printer, sheets.pages)

        def over() -> None:
            self.busy = False

        def fault() -> None:
            over()
            faulted()

        def home(answer: Any) -> None:
            over()
            then(answer)

        self._begin(work, home, fault)

    def show(self, job: SheetJob, page: int, dots: int, then: Shown) -> None:
        """Paints one of the sheets at so many dots an inch; ``then`` gets it, unless another is wanted.

        One is painted at a time: of those that are wanted meanwhile only the last one is.
        """
        self._wanted = job, page, dots, then
        if not self._showing:
            self._paint_wanted()

    def stop_showing(self) -> None:
        """No picture that is on its way is wanted any more."""
        self._wanted = None

    def _paint_wanted(self) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        job, page, dots, then = wanted
        self._showing = True

        def work() -> QImage:
            try:
                return picture(job.sheet(page), 0, dots)
            except UnprintableCode:
                # said where it is printed; the sheet is empty
                return picture(job.empty(), 0, dots)

        def fault() -> None:
            self._showing = False

        def home(image: QImage) -> None:
            self._showing = False
            if self._wanted is wanted:
                self._wanted = None
                then(image)
            else:
                self._paint_wanted()

        self._begin(work, home, fault)

    def printers(self, then: Callable[[tuple[str, ...], str], None]) -> None:
        """Asks the system which printers it knows, and which of them it takes by itself."""

        def work() -> tuple[tuple[str, ...], str]:
            from PySide6.QtPrintSupport import QPrinterInfo

            return tuple(QPrinterInfo.availablePrinterNames()), QPrinterInfo.defaultPrinterName()

        self._begin(work, lambda found: then(*found))

    def _begin(
        self,
        work: Callable[[], object],
        home: Callable[[Any], None],
        fault: Callable[[], None] = lambda: None,
    ) -> None:
        # once for the process, and only in this thread
        load_faces()

        def run() -> None:
            try:
                answer = work()
            except Exception as error:  # noqa: BLE001 - a bug, shown by the GUI thread's own hook
                self._home.emit(home, fault, error)
            else:
                self._home.emit(home, fault, answer)

        threading.Thread(target=run, name="labels", daemon=True).start()

    def _deliver(self, home: Callable[[Any], None], fault: Callable[[], None], answer: object) -> None:
        if isinstance(answer, Exception) and not isinstance(answer, OSError | UnprintableCode):
            # of what failed, not of what else is on its way
            fault()
            raise answer
        home(answer)


def write_labels(file: Path, sheets: LabelSheets) -> int:
    """Writes them as a PDF and returns the number of its pages.

    Raises:
        OSError: the file cannot be written; its text is a sentence for the clerk.
        UnprintableCode: a label has no room.
    """
    return write_pdf(
        file,
        translate("Labels", "ラベル"),
        translate("Labels", "ラベルを {path} に書き込めません。{reason}"),
        lambda painter, writer: paint_sheets(painter, sheets, writer.newPage),
    )


def print_labels(name: str, sheets: LabelSheets) -> None:
    """Prints them on the printer that the system knows by this name; in whichever thread.

    Raises:
        OSError: the system knows none of that name, or it takes nothing.
        UnprintableCode: a label has no room.
    """
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    found = QPrinterInfo.printerInfo(name)
    if found.isNull():
        raise OSError(0, name)
    printer = QPrinter(found)
    printer.setResolution(DOTS_PER_INCH)
    printer.setFullPage(True)
    printer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)
        )
    )
    printer.setDocName(translate("Labels", "ラベル"))
    painter = QPainter()
    if not painter.begin(printer):
        raise OSError(0, name)
    try:
        scale = printer.resolution() / DOTS_PER_INCH
        painter.scale(scale, scale)
        paint_sheets(painter, sheets, partial(_turn, printer.newPage, name))
    finally:
        painter.end()
    if printer.printerState() is QPrinter.PrinterState.Error:
        raise OSError(0, name)


def _turn(new_page: Callable[[], bool], name: str) -> None:
    if not new_page():
        raise OSError(0, name)
