"""The command sheet: printed, read back by zbarimg, and understood by its own library alone."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.command_sheet import CommandEntry, CommandSheet, command_sheet
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.server.gateway import LendingServer
from madoguchi.barcode.commands import Command, command_of, new_prefix
from madoguchi.barcode.labels import Bars, UnprintableCode, bars
from madoguchi.barcode.symbology import (
    TRAINING_PLAN,
    CommandCode,
    Symbology,
    Unknown,
    UnknownReason,
    parse,
)
from madoguchi.widgets import command_sheet as painting
from madoguchi.widgets.application import install_language
from madoguchi.widgets.command_sheet import write_command_sheet
from madoguchi.widgets.sheet_paper import BAR_HEIGHT_MM, Paper, bars_width
from tests.counter.harness import Counter, CounterLibrary

DAY = dt.date(2026, 12, 22)
RIGHT_EDGE = 210 - 13
FOOT = 297 - 14
LANGUAGES = ("ja", "en")


@pytest.fixture
def sheet(library_file: Path, tmp_path: Path) -> CommandSheet:
    copy = tmp_path / "library.sqlite"
    shutil.copyfile(library_file, copy)
    engine = make_engine(embedded_url(copy))
    made = command_sheet(engine, DAY)
    engine.dispose()
    return made


def entries(sheet: CommandSheet) -> dict[Command, CommandEntry]:
    return {entry.command: entry for section in sheet.sections for entry in section.entries}


def prefix_of(sheet: CommandSheet) -> str:
    return entries(sheet)[Command.YES].text.removesuffix(Command.YES.value)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """The program in each of its languages."""
    install_language(qapp, request.param)
    yield request.param
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


def run(tool: str, *arguments: str | Path) -> str:
    found = shutil.which(tool)
    assert found is not None, f"install {tool}: the sheet is looked at with it"
    return subprocess.run([found, *arguments], capture_output=True, check=True, text=True).stdout


def read_back(pdf: Path, dots_per_inch: int) -> list[str]:
    """What zbarimg finds on all pages."""
    run("pdftoppm", "-r", str(dots_per_inch), "-gray", pdf, pdf.with_name("page"))
    pictures = sorted(pdf.parent.glob("page-*.pgm"))
    switches = ["-Sdisable", *(f"-S{name}.enable" for name in ("codabar", "code39", "code128", "ean13"))]
    return run("zbarimg", "--nodbus", "-q", *switches, *pictures).splitlines()


# -- read back ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dots_per_inch", [200, 300])
def test_every_bar_is_its_command_here_and_nothing_elsewhere(
    sheet: CommandSheet, tmp_path: Path, dots_per_inch: int, qapp: QApplication
) -> None:
    write_command_sheet(tmp_path / "sheet.pdf", sheet)
    texts = [line.removeprefix("CODE-128:") for line in read_back(tmp_path / "sheet.pdf", dots_per_inch)]
    assert sorted(texts) == sorted(entry.text for entry in entries(sheet).values())
    ours = replace(TRAINING_PLAN, command_prefix=prefix_of(sheet))
    theirs = replace(TRAINING_PLAN, command_prefix=new_prefix())
    understood = set()
    for text in texts:
        code = parse(text, ours)
        assert isinstance(code, CommandCode)
        understood.add(command_of(code))
        for plan in (theirs, TRAINING_PLAN):
            assert parse(text, plan) == Unknown(UnknownReason.NOT_A_CODE, text)
    assert understood == set(Command)


# -- what stands on it ---------------------------------------------------------------------------------


def test_words_keys_library_and_date_are_there_and_the_prefix_is_not(
    sheet: CommandSheet, tmp_path: Path, qapp: QApplication
) -> None:
    pages = write_command_sheet(tmp_path / "sheet.pdf", sheet)
    said = run("pdftotext", "-layout", tmp_path / "sheet.pdf", "-").removesuffix("\f").split("\f")
    assert len(said) == pages == 2
    for number, page in enumerate(said, start=1):
        for everywhere in ("総合市民図書館", "2026年12月22日 作成", f"{number} / {pages}"):
            assert everywhere in page
        assert "カウンターの内側に置いてください" in page
    squeezed = re.sub(r"\s", "", "".join(said))
    assert "システムの担当者が新しい番号を作ります" in squeezed
    for entry in entries(sheet).values():
        assert entry.key + entry.word in squeezed
    assert prefix_of(sheet) not in squeezed
    assert "(A4)" in run("pdfinfo", tmp_path / "sheet.pdf")


def test_its_words_are_those_of_the_screen(
    sheet: CommandSheet, library_file: Path, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    """Each function key's word is the one the rail shows for it on one of the pages."""
    copy = tmp_path / "counter.sqlite"
    shutil.copyfile(library_file, copy)
    library = CounterLibrary(embedded_url(copy))
    library.let_staff_in()
    counter = Counter(qtbot, qapp, library, LendingServer(library.engine))
    counter.sign_in()
    shown = set()
    for page in (1, 2, 3):
        counter.f(page)
        rail = counter.window.frame.rail
        shown |= {(f"F{number}", rail.key(number).text()) for number in range(1, 13)}
    counter.close()
    library.close()
    of_the_rail = {
        (entry.key, entry.word)
        for entry in entries(sheet).values()
        if entry.key.startswith("F") and entry.context == "Counter"
    }
    assert len(of_the_rail) == 10
    assert of_the_rail - shown == set()


# -- where it stands -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Box:
    """A piece of a page, in millimetres."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str

    def touches(self, other: Box) -> bool:
        """Whether the two cover a common place."""
        return (
            self.page == other.page
            and self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


class Measured(Paper):
    """Paper that notes where every text and every bar code lies."""

    words: list[Box]
    codes: list[Box]

    def __init__(self, painter: QPainter) -> None:
        super().__init__(painter)
        type(self).words, type(self).codes = [], []

    @property
    def page(self) -> int:
        """How often the head has been painted."""
        return sum(box.text == "head" for box in self.words)

    def line(self, x: float, y: float, text: str, font: QFont, colour: str = "ink") -> float:
        end = super().line(x, y, text, font, colour)
        if y < 11 and font.bold():
            self.words.append(Box(0, 0, 0, 0, 0, "head"))
        self.words.append(Box(self.page, x, y, end, y + font.pixelSize() * 25.4 / 1200, text))
        return end

    def paragraph(
        self, x: float, y: float, width: float, text: str, font: QFont, colour: str = "ink"
    ) -> float:
        height = super().paragraph(x, y, width, text, font, colour)
        self.words.append(Box(self.page, x, y, x + width, y + height, text))
        return height

    def pill(self, x: float, y: float, text: str, font: QFont, *, solid: bool) -> float:
        end = super().pill(x, y, text, font, solid=solid)
        self.words.append(Box(self.page, x, y, end, y + 4.6, text))
        return end

    def bars_alone(self, x: float, y: float, label: Bars) -> float:
        height = super().bars_alone(x, y, label)
        self.codes.append(Box(self.page, x, y, x + bars_width(label), y + height, label.text))
        return height


@pytest.fixture
def measured(
    language: str, sheet: CommandSheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> type[Measured]:
    monkeypatch.setattr(painting, "Paper", Measured)
    write_command_sheet(tmp_path / "sheet.pdf", sheet)
    Measured.words = [box for box in Measured.words if box.text != "head"]
    assert len(Measured.codes) == len(Command)
    assert {box.page for box in Measured.words} == {1, 2}
    return Measured


def test_nothing_overlaps_and_nothing_leaves_the_page(measured: type[Measured]) -> None:
    everything = [*measured.words, *measured.codes]
    assert [(a.text, b.text) for a, b in combinations(everything, 2) if a.touches(b)] == []
    assert [box.text for box in everything if box.left < 13 - 0.01 or box.right > RIGHT_EDGE + 0.01] == []
    assert [box.text for box in measured.codes if box.bottom > FOOT or box.top < 17] == []


def test_no_neighbour_is_hit_by_mistake(measured: type[Measured]) -> None:
    """No two bar codes at the same height, where one line of a scanner would cross both."""
    for a, b in combinations(measured.codes, 2):
        if a.page == b.page:
            assert b.top - a.bottom >= 5
            above_one_another = a.left < b.right and b.left < a.right
            assert not above_one_another or b.top - a.bottom >= 20


def test_no_and_yes_are_far_apart(measured: type[Measured]) -> None:
    boxes = {box.text: box for box in measured.codes}
    (no,) = (box for text, box in boxes.items() if text.endswith(Command.NO))
    (yes,) = (box for text, box in boxes.items() if text.endswith(Command.YES))
    assert no.page == yes.page
    assert max(yes.left - no.right, no.left - yes.right) > 50


@pytest.mark.parametrize("at_left", [True, False])
def test_bars_are_whole_printer_dots_and_big_enough(
    sheet: CommandSheet, tmp_path: Path, qapp: QApplication, at_left: bool
) -> None:
    """On the page of figures, whose bars stand at both edges. Quiet zones are part of the boxes above."""
    write_command_sheet(tmp_path / "sheet.pdf", sheet)
    run("pdftoppm", "-r", "300", "-gray", "-f", "2", "-l", "2", tmp_path / "sheet.pdf", tmp_path / "fine")
    (picture,) = tmp_path.glob("fine-*.pgm")
    content = picture.read_bytes()
    header = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", content)
    assert header is not None
    width, rows_through_bars = int(header[1]), 0
    figure_mm = bars_width(bars(Symbology.CODE128, entries(sheet)[Command.DIGIT_0].text))
    strip = round((13 + figure_mm) * 300 / 25.4)
    for start in range(header.end(), len(content), width):
        row = content[start : start + width]
        row = row[:strip] if at_left else row[-strip:]
        runs = [len(run) for run in re.findall(rb"\x00+|[^\x00]+", row)]
        # upper and lower edges of bars are grey, and so is type
        if len(runs) < 40 or set(row) != {0, 255}:
            continue
        rows_through_bars += 1
        # 4 dots of 300 dpi are 0.34 mm; an element of Code 128 has one to four of these
        assert set(runs[1:-1]) <= {4, 8, 12, 16}
    codes_at_this_edge = 6
    assert rows_through_bars >= codes_at_this_edge * (BAR_HEIGHT_MM - 0.4) * 300 / 25.4


# -- where it cannot be written --------------------------------------------------------------------------


def test_what_stood_there_stays_when_it_fails(
    sheet: CommandSheet, tmp_path: Path, qapp: QApplication
) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(b"earlier")
    section = sheet.sections[0]
    broken = replace(section, entries=(replace(section.entries[0], text="貸出"),))
    with pytest.raises(UnprintableCode):
        write_command_sheet(path, replace(sheet, sections=(broken,)))
    assert path.read_bytes() == b"earlier"
    with pytest.raises(OSError, match=r"操作コード表を .* に書き込めません。その場所がありません。$"):
        write_command_sheet(tmp_path / "nowhere" / "sheet.pdf", sheet)
