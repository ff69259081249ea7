"""Slips painted: read back by zbarimg from screen and paper, and any printer the system knows."""

from __future__ import annotations

import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.printing.escpos_slip import DOTS, barcode_dots
from madoguchi.app.printing.layout import COLUMNS, laid_out
from madoguchi.app.printing.receipt_printer import PrinterTrouble, print_slip
from madoguchi.app.printing.slips import LineKind, Slip, SlipContent, SlipKind, SlipLine
from madoguchi.app.printing.templates import Templates
from madoguchi.app.training.situations import ItemCase
from madoguchi.widgets import system_printer
from madoguchi.widgets.slip_paper import Ruled, SlipPainter, picture
from madoguchi.widgets.slip_printing import PrintJob, SlipPrinting
from madoguchi.widgets.system_printer import paint_on

NUMBER = ItemCase.BOOK_A.number
CONTENT = SlipContent(
    SlipKind.TRANSIT,
    {
        "branch": "総合市民図書館",
        "to_branch": "南市民図書館",
        "title": "吾輩は猫である",
        "number": NUMBER,
        "date": "2026年5月12日(火)",
        "time": "10:00",
    },
    barcode=f"A{NUMBER}A",
)


def ruled(columns: int, content: SlipContent = CONTENT) -> Ruled:
    slip = Templates().fill(content)
    return Ruled(laid_out(slip, columns), columns, slip.barcode)


def run(tool: str, *arguments: str | Path) -> str:
    found = shutil.which(tool)
    assert found is not None, f"install {tool}: slips are looked at with it"
    return subprocess.run([found, *arguments], capture_output=True, check=False, text=True).stdout


def read_back(image: Path) -> list[str]:
    return run("zbarimg", "-q", "-Sdisable", "-Scodabar.enable", "--raw", image).split()


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("times", [1, 2])
def test_the_barcode_is_read_from_the_picture(
    qapp: QApplication, tmp_path: Path, columns: int, times: int
) -> None:
    """As many dots across as the receipt printer's head has, and as a screen may have."""
    image = picture(ruled(columns), DOTS[columns] * times, margin=8)
    assert image.save(str(tmp_path / "slip.png"))
    assert read_back(tmp_path / "slip.png") == [CONTENT.barcode]


@pytest.mark.parametrize("paper", ["58", "80", "a6", "a4"])
def test_any_printer_of_the_system_s(qapp: QApplication, tmp_path: Path, paper: str) -> None:
    pdf = tmp_path / "slip.pdf"
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(pdf))
    assert paint_on(printer, ruled(COLUMNS[paper]), paper) is None
    run("pdftoppm", "-png", "-r", "300", pdf, tmp_path / "page")
    (page,) = tmp_path.glob("page*.png")
    assert read_back(page) == [CONTENT.barcode]
    millimetres = QImage(str(page)).width() * 25.4 / 300
    assert round(millimetres) == {"58": 58, "80": 80, "a6": 105, "a4": 210}[paper]
    assert "吾輩は猫である" in "".join(run("pdftotext", pdf, "-").split())


def test_what_is_longer_than_a_sheet_goes_on_to_the_next(qapp: QApplication, tmp_path: Path) -> None:
    pdf = tmp_path / "slip.pdf"
    items = tuple({"title": f"本{n}", "due": "2026年5月26日(火)"} for n in range(30))
    slip = Templates().fill(SlipContent(SlipKind.LOAN, {"branch": "南", "count": "30"}, items))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(pdf))
    assert paint_on(printer, Ruled(laid_out(slip, 48), 48), "a6") is None
    pages = run("pdftotext", pdf, "-").replace(" ", "").split("\f")
    assert len([page for page in pages if page.strip()]) == 3
    assert all(f"本{n}" in "".join("".join(pages).split()) for n in range(30))


def test_bars_that_do_not_fit_are_left_out_as_on_the_receipt(qapp: QApplication) -> None:
    """What the bytes leave out is not on the picture of them either."""
    for digits in range(1, 40):
        code = f"A{'1' * digits}A"
        slip = Slip(SlipKind.SHELF, (SlipLine(kind=LineKind.BARCODE),), code)
        painted = SlipPainter(Ruled(slip.lines, 32, code), 384).height() > 0
        assert painted is (barcode_dots(code) <= DOTS[32])


def test_a_printer_that_the_system_does_not_know(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    printing = SlipPrinting()
    ended: list[tuple[int, PrinterTrouble | None]] = []
    printing.ended.connect(lambda *end: ended.append(end))
    for place, number in (("system:no such printer", 1), ("nowhere", 2), ("usb:04b8:0e15", 3)):
        printing.print(PrintJob(number, place, "80", ruled(48)))
    qtbot.waitUntil(lambda: len(ended) == 3, timeout=10_000)
    assert ended == [
        (1, PrinterTrouble.NOT_KNOWN),
        (2, PrinterTrouble.NO_ADDRESS),
        (3, PrinterTrouble.NOT_REACHED),
    ]
    printing.close()
    # a one-time password never goes to a spool that keeps it on a disk
    assert print_slip("system:no such printer", b"secret") is PrinterTrouble.NOT_DIRECT


def test_behind_a_system_that_hangs_no_second_one_waits(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()
    begun: list[str] = []

    def hangs(name: str, slip: Ruled, paper: str) -> None:
        del slip, paper
        begun.append(name)
        let_go.wait(30)

    monkeypatch.setattr(system_printer, "print_on_system", hangs)
    printing = SlipPrinting(seconds=0.1)
    ended: list[tuple[int, PrinterTrouble | None]] = []
    printing.ended.connect(lambda *end: ended.append(end))
    for number in (1, 2):
        printing.print(PrintJob(number, "system:some printer", "80", Ruled((), 48, "")))
    qtbot.waitUntil(lambda: len(ended) == 2, timeout=10_000)
    assert ended == [(1, PrinterTrouble.BROKE_OFF), (2, PrinterTrouble.TIMED_OUT)]
    assert begun == ["some printer"]
    let_go.set()
    printing.close()
