"""The command sheet on paper: what a clerk can have done by scanning, each with its word and its key.

The bars stand by turns at the right and the left edge: no two are side by side, where the line of a scanner
would cross both, and *no* and *yes* lie at opposite edges. The text that the bars hold is not written out, so
that nobody learns it by looking over the desk.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter, QPdfWriter

from madoguchi.app.command_sheet import CommandEntry, CommandSection, CommandSheet
from madoguchi.barcode.labels import Bars, bars
from madoguchi.barcode.symbology import Symbology
from madoguchi.widgets.sheet_pages import (
    LEFT_MM,
    PAGE_MM,
    RIGHT_MM,
    Chapter,
    paginate,
    paint_pages,
    write_pdf,
)
from madoguchi.widgets.sheet_paper import BAR_HEIGHT_MM, Paper, bars_width

translate = QCoreApplication.translate

_ROW_MM: Final = 16.4
_HEADING_MM: Final = 11.0
_GAP_MM: Final = 4.0
_WARNING_MM: Final = 12.0


def write_command_sheet(path: Path, sheet: CommandSheet) -> int:
    """Write the sheet as a PDF and return the number of its pages.

    The caller has made a QGuiApplication (or a QApplication); no display is needed. What stood there before
    stays until the new file is whole.

    Raises:
        OSError: the file cannot be written; its text is a sentence for the clerk.
        LookError: a font of the program is missing.
        UnprintableCode: a command cannot be drawn as bars.
    """

    def paint(painter: QPainter, writer: QPdfWriter) -> int:
        paper = Paper(painter)
        pages = paginate(paper, _chapters(sheet))
        return paint_pages(
            paper, writer, pages, lambda number, total: _paint_edges(paper, sheet, number, total)
        )

    return write_pdf(
        path,
        translate("Sheet", "窓口 操作コード表"),
        translate("Sheet", "操作コード表を {path} に書き込めません。{reason}"),
        paint,
    )


def _chapters(sheet: CommandSheet) -> list[Chapter]:
    chapters: list[Chapter] = []
    rows = 0
    for section in sheet.sections:
        labels = [bars(Symbology.CODE128, entry.text) for entry in section.entries]
        widest = max(map(bars_width, labels))
        blocks = tuple(
            _Row(entry, label, widest, at_left=place % 2 == 1)
            for place, (entry, label) in enumerate(zip(section.entries, labels, strict=True), start=rows)
        )
        rows += len(blocks)
        chapters.append(
            Chapter(
                heading=_Heading(section),
                again=_Heading(section),
                blocks=blocks,
                first=() if chapters else (_Warning(),),
                new_page=not chapters,
                whole=True,
            )
        )
    return chapters


def _paint_edges(paper: Paper, sheet: CommandSheet, number: int, total: int) -> None:
    small = paper.font(9)
    day = sheet.made_on
    made = translate("Sheet", "{year}年{month}月{day}日 作成").format(
        year=day.year, month=day.month, day=day.day
    )
    end = paper.line(LEFT_MM, 10.4, translate("Sheet", "窓口 操作コード表"), paper.font(12, bold=True))
    paper.line(RIGHT_MM - paper.width(made, small), 11.2, made, small, "ink2")
    room = RIGHT_MM - paper.width(made, small) - end - 10
    paper.line(end + 5, 11.0, paper.fitted(sheet.library, paper.font(10), room), paper.font(10))
    paper.rule(LEFT_MM, 17, RIGHT_MM - LEFT_MM, "ink", 0.4)
    foot = PAGE_MM[1] - 11.5
    paper.line(LEFT_MM, foot, translate("Sheet", "カウンターの内側に置いてください"), small, "ink2")
    page = f"{number} / {total}"
    figures = paper.font(10, bold=True, number=True)
    paper.line(RIGHT_MM - paper.width(page, figures), foot - 0.3, page, figures)


@dataclass(frozen=True, slots=True)
class _Warning:
    """Where the sheet belongs, and what to do when it was copied or lost."""

    def height(self, paper: Paper) -> float:
        del paper
        return _WARNING_MM

    def paint(self, paper: Paper, top: float) -> None:
        paper.icon(LEFT_MM, top - 0.4, 6.5, "warning-fill", "notice")
        at = LEFT_MM + 9
        words = translate(
            "Sheet",
            "この紙は、カウンターの内側に置いてください。なくしたり、人に写されたりしたときは、"
            "システムの担当者が新しい番号を作ります。すると、この紙では何もできなくなります。",
        )
        paper.paragraph(at, top - 0.6, RIGHT_MM - at, words, paper.font(9.5))


@dataclass(frozen=True, slots=True)
class _Heading:
    """The title of a section."""

    section: CommandSection

    def height(self, paper: Paper) -> float:
        del paper
        return _HEADING_MM

    def paint(self, paper: Paper, top: float) -> None:
        title = translate("Sheet", self.section.title)
        end = paper.line(LEFT_MM, top + 3.0, title, paper.font(13, bold=True), "accent")
        if self.section.intro:
            paper.line(end + 5, top + 4.3, translate("Sheet", self.section.intro), paper.font(9), "ink2")
        paper.rule(LEFT_MM, top + _HEADING_MM - 0.6, RIGHT_MM - LEFT_MM, "lineStrong", 0.3)


@dataclass(frozen=True, slots=True)
class _Row:
    """A command: its word and key beside its bars, all of a section's at the same distance from the edge."""

    entry: CommandEntry
    label: Bars
    widest: float
    at_left: bool

    def height(self, paper: Paper) -> float:
        del paper
        return _ROW_MM

    def paint(self, paper: Paper, top: float) -> None:
        left = LEFT_MM if self.at_left else RIGHT_MM - bars_width(self.label)
        paper.bars_alone(left, top + (_ROW_MM - BAR_HEIGHT_MM) / 2, self.label)
        self._paint_words(paper, top)
        paper.rule(LEFT_MM, top + _ROW_MM, RIGHT_MM - LEFT_MM)

    def _paint_words(self, paper: Paper, top: float) -> None:
        entry = self.entry
        figure = not entry.context
        beside = (bars_width(self.label) if figure else self.widest) + _GAP_MM
        left, right = LEFT_MM + beside, RIGHT_MM - beside
        word = entry.word if figure else translate(entry.context, entry.word)
        big = paper.font(20 if figure else 16, bold=True, number=figure)
        cap = paper.font(9, bold=True)
        cap_width = paper.pill_width(entry.key, cap) + 3 if entry.key else 0
        says = translate("Sheet", entry.says) if entry.says else ""
        small = paper.font(9)
        at = left if self.at_left else right - paper.width(word, big) - cap_width
        line = top + (2.6 if says else 4.6)
        if entry.key:
            paper.pill(at, line + 1.0, entry.key, cap, solid=False)
        paper.line(at + cap_width, line, word, big)
        if says:
            at = left if self.at_left else right - paper.width(says, small)
            paper.line(at, top + 10.2, says, small, "ink2")
