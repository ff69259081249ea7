"""The pull list on paper (予約在庫リスト): A4 in the order of the shelves, each copy with its bars."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QMarginsF, QObject, Qt, Signal
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter

from madoguchi.app.reservations.rounds import ToLookFor
from madoguchi.barcode.labels import Bars, UnprintableCode, bars_for
from madoguchi.barcode.symbology import CodePlan, Meaning
from madoguchi.widgets import wording
from madoguchi.widgets.look.fonts import load_faces
from madoguchi.widgets.sheet_pages import (
    LEFT_MM,
    PAGE_MM,
    RIGHT_MM,
    Chapter,
    paginate,
    paint_pages,
    write_pdf,
)
from madoguchi.widgets.sheet_paper import DOTS_PER_INCH, Paper, bars_width
from madoguchi.widgets.way_views import shelf_mark

translate = QCoreApplication.translate

ROW_MM: Final = 19.0
_BOX_MM: Final = 5.0
_SHELF_MM: Final = LEFT_MM + 9.0
_TITLE_MM: Final = _SHELF_MM + 33.0

Then = Callable[[str | Path | OSError], None]


def print_or_write(
    copies: tuple[ToLookFor, ...], branch: str, today: dt.date, plan: CodePlan, folder: Path
) -> str | Path:
    """Prints it; the printer's name, or the file it was written to instead. It names no patron.

    The caller has made a QApplication and loaded the faces; it may be called in any thread.

    Raises:
        OSError: neither could be done.
    """
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    default = QPrinterInfo.defaultPrinter()
    if default.isNull():
        file = folder / f"madoguchi-pull-list-{today:%Y%m%d}.pdf"
        write_pull_list(file, copies, branch, today, plan)
        return file
    printer = QPrinter(default, QPrinter.PrinterMode.HighResolution)
    printer.setFullPage(True)
    printer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)
        )
    )
    painter = QPainter()
    if not painter.begin(printer):
        raise OSError(0, default.printerName())
    try:
        scale = printer.resolution() / DOTS_PER_INCH
        painter.scale(scale, scale)
        _paint(painter, printer, copies, branch, today, plan)
    finally:
        painter.end()
    if printer.printerState() is QPrinter.PrinterState.Error:
        raise OSError(0, default.printerName())
    return str(default.printerName())


def write_pull_list(
    file: Path, copies: tuple[ToLookFor, ...], branch: str, today: dt.date, plan: CodePlan
) -> int:
    """Writes it as a PDF and returns the number of its pages.

    Raises:
        OSError: the file cannot be written; its text is a sentence for the clerk.
    """
    return write_pdf(
        file,
        translate("Way", "予約在庫リスト"),
        translate("Way", "予約在庫リストを {path} に書き込めません。{reason}"),
        lambda painter, writer: _paint(painter, writer, copies, branch, today, plan),
    )


def _paint(
    painter: QPainter,
    device: QPagedPaintDevice,
    copies: tuple[ToLookFor, ...],
    branch: str,
    today: dt.date,
    plan: CodePlan,
) -> int:
    paper = Paper(painter)
    rows = tuple(_Row(copy, _bars(copy.item_number, plan)) for copy in copies)
    pages = paginate(paper, [Chapter(_Titles(), _Titles(), rows)])

    def edges(number: int, total: int) -> None:
        _edges(paper, branch, today, len(copies), f"{number} / {total}")

    return paint_pages(paper, device, pages, edges)


def _bars(number: str, plan: CodePlan) -> Bars | None:
    """The bars of a copy's number, as its library prints them; None where they would not be read again."""
    for rule in plan.rules:
        if rule.means is Meaning.ITEM and rule.fits(number):
            try:
                return bars_for(rule, number)
            except UnprintableCode:
                return None
    return None


def _edges(paper: Paper, branch: str, today: dt.date, count: int, page: str) -> None:
    title, small = paper.font(13, bold=True), paper.font(9)
    end = paper.line(LEFT_MM, 9.5, translate("Way", "予約在庫リスト"), title)
    paper.line(end + 4, 11, branch, small)
    said = translate("Way", "{day} 現在・{n}件").format(day=wording.day(today), n=count)
    paper.line(RIGHT_MM - paper.width(said, small), 11, said, small)
    paper.rule(LEFT_MM, 17, RIGHT_MM - LEFT_MM, "ink", 0.4)
    number = paper.font(10, bold=True, number=True)
    paper.line(RIGHT_MM - paper.width(page, number), PAGE_MM[1] - 12, page, number)


@dataclass(frozen=True, slots=True)
class _Titles:
    """What the columns are, on each page."""

    def height(self, paper: Paper) -> float:
        del paper
        return 6.5

    def paint(self, paper: Paper, top: float) -> None:
        font = paper.font(8)
        for x, words in (
            (_SHELF_MM, translate("Way", "分類・記号")),
            (_TITLE_MM, translate("Way", "書名・受取館")),
        ):
            paper.line(x, top, words, font, "ink2")
        paper.rule(LEFT_MM, top + 5, RIGHT_MM - LEFT_MM)


@dataclass(frozen=True, slots=True)
class _Row:
    """A copy: a box to tick, where it stands, what it is and where it goes, and its number to be read."""

    copy: ToLookFor
    label: Bars | None

    def height(self, paper: Paper) -> float:
        del paper
        return ROW_MM

    def paint(self, paper: Paper, top: float) -> None:
        copy = self.copy
        box = top + (ROW_MM - _BOX_MM) / 2
        for x, y, width, height in (
            (LEFT_MM, box, _BOX_MM, 0.4),
            (LEFT_MM, box + _BOX_MM - 0.4, _BOX_MM, 0.4),
            (LEFT_MM, box, 0.4, _BOX_MM),
            (LEFT_MM + _BOX_MM - 0.4, box, 0.4, _BOX_MM),
        ):
            paper.fill(x, y, width, height, "ink")
        bars_left = RIGHT_MM - (bars_width(self.label) if self.label is not None else 30.0)
        shelf = paper.font(13, bold=True, number=True)
        paper.line(
            _SHELF_MM, top + 3, paper.fitted(shelf_mark(copy), shelf, _TITLE_MM - _SHELF_MM - 2), shelf
        )
        room = bars_left - _TITLE_MM - 2
        title, small = paper.font(11, bold=True), paper.font(9)
        paper.line(_TITLE_MM, top + 2, paper.fitted(copy.title, title, room), title)
        paper.line(_TITLE_MM, top + 7.5, paper.fitted(copy.creators, small, room), small, "ink2")
        paper.line(_TITLE_MM, top + 12.5, self._toward(paper, room), small)
        if self.label is not None:
            paper.bars(bars_left, top + 1.2, self.label)
        else:
            number = paper.font(11, number=True)
            paper.line(RIGHT_MM - paper.width(copy.item_number, number), top + 6, copy.item_number, number)
        paper.rule(LEFT_MM, top + ROW_MM, RIGHT_MM - LEFT_MM)

    def _toward(self, paper: Paper, room: float) -> str:
        words = translate("Way", "→ {branch}").format(branch=self.copy.pickup_branch)
        if self.copy.not_found:
            in_vain = translate("Way", "見つからず {n}回").format(n=self.copy.not_found)
            words = translate("Way", "・").join((words, in_vain))
        return paper.fitted(words, paper.font(9), room)


class PullPrinting(QObject):
    """Prints behind the window: a long list takes its time, and a printer may take more.

    Attributes:
        busy: one is being printed; another is not begun.
    """

    _home = Signal(object, object)

    def __init__(self, plan: CodePlan, branch: str, folder: Path) -> None:
        super().__init__()
        self._plan = plan
        self._branch = branch
        self._folder = folder
        self.busy = False
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def print(self, copies: tuple[ToLookFor, ...], today: dt.date, then: Then) -> None:
        """Prints it, and calls ``then`` on this thread with where it is, or with what stood in the way.

        While one is being printed nothing is begun, and nothing called.
        """
        if self.busy:
            return
        # once for the process, and only in this thread
        load_faces()
        self.busy = True

        def work() -> None:
            try:
                where = print_or_write(copies, self._branch, today, self._plan, self._folder)
            except Exception as error:  # noqa: BLE001 - a bug, shown by the GUI thread's own hook
                self._home.emit(then, error)
            else:
                self._home.emit(then, where)

        threading.Thread(target=work, name="pull list", daemon=True).start()

    def _deliver(self, then: Then, answer: str | Path | Exception) -> None:
        self.busy = False
        if isinstance(answer, OSError) or not isinstance(answer, Exception):
            then(answer)
            return
        raise answer
