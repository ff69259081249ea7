"""The training sheet on paper: A4 pages of bars that any scanner reads, in one column.

One column, because a hand-held scanner aimed at a bar must not catch its neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter, QPdfWriter

from madoguchi.app.training.sheet import CREDIT, Card, Section, Sheet
from madoguchi.app.training.sheet_words import Outcome, Task
from madoguchi.barcode.labels import bars
from madoguchi.widgets.sheet_pages import (
    LEFT_MM,
    PAGE_MM,
    RIGHT_MM,
    Chapter,
    paginate,
    paint_pages,
    write_pdf,
)
from madoguchi.widgets.sheet_paper import Paper

translate = QCoreApplication.translate

_TEXT_LEFT_MM: Final = 28.0
_BARS_LEFT_MM: Final = 139.5
_TEXT_MM: Final = _BARS_LEFT_MM - _TEXT_LEFT_MM - 3.0
_LIST_MM: Final = RIGHT_MM - LEFT_MM - 7.0
_ROW_PAD_MM: Final = 1.8
_ROW_MIN_MM: Final = 22.0

_OUTCOME_LOOK: Final = {
    Outcome.DONE: ("check_circle", "done"),
    Outcome.NOTICE: ("warning-fill", "notice"),
    Outcome.REFUSED: ("dangerous-fill", "refused"),
}


def _outcome_word(outcome: Outcome) -> str:
    return {
        Outcome.DONE: translate("Sheet", "できる"),
        Outcome.NOTICE: translate("Sheet", "知らせる"),
        Outcome.REFUSED: translate("Sheet", "断る"),
    }[outcome]


def _task_word(task: Task) -> str:
    return {
        Task.SIGN_IN: translate("Sheet", "サインイン"),
        Task.CHECKOUT: translate("Sheet", "貸出"),
        Task.RETURN: translate("Sheet", "返却"),
        Task.RENEWAL: translate("Sheet", "延長"),
    }[task]


def write_sheet(path: Path, sheet: Sheet) -> int:
    """Write the sheet as a PDF and return the number of its pages.

    The caller has made a QGuiApplication (or a QApplication); no display is needed. The file is written
    beside its place and moved there when it is whole; what stood there before stays until then.

    Raises:
        OSError: the file cannot be written; its text is a sentence for the clerk.
        LookError: a font or an icon of the program is missing.
        UnprintableCode: a card's number cannot be drawn as bars.
    """

    def paint(painter: QPainter, writer: QPdfWriter) -> int:
        paper = Paper(painter)
        pages = paginate(paper, _chapters(sheet))
        return paint_pages(
            paper, writer, pages, lambda number, total: _paint_edges(paper, sheet, number, total)
        )

    return write_pdf(
        path,
        translate("Sheet", "窓口 練習用シート"),
        translate("Sheet", "練習用シートを {path} に書き込めません。{reason}"),
        paint,
    )


def _chapters(sheet: Sheet) -> list[Chapter]:
    """A section begins a page; the staff follow the introduction."""
    return [
        Chapter(
            heading=_Heading(sheet, section),
            again=_Heading(sheet, section, goes_on=True),
            blocks=tuple(_Row(sheet, card) for card in section.cards),
            first=() if place else (_Introduction(sheet),),
        )
        for place, section in enumerate(sheet.sections)
    ]


def _paint_edges(paper: Paper, sheet: Sheet, number: int, total: int) -> None:
    title = paper.font(10, bold=True)
    small = paper.font(8)
    mark = translate("Sheet", "練習用")
    day = sheet.made_on
    made = translate("Sheet", "{year}年{month}月{day}日 作成").format(
        year=day.year, month=day.month, day=day.day
    )
    end = paper.pill(LEFT_MM, 10.5, mark, paper.font(9.5, bold=True), solid=True)
    end = paper.line(end + 2.5, 10.9, translate("Sheet", "窓口 練習用シート"), title)
    paper.line(end + 4, 11.4, translate("Sheet", "本物の利用者や職員の番号ではありません"), small, "ink2")
    paper.line(RIGHT_MM - paper.width(made, small), 11.4, made, small, "ink2")
    paper.rule(LEFT_MM, 17, RIGHT_MM - LEFT_MM, "ink", 0.4)
    foot = PAGE_MM[1] - 11.5
    credit = translate(
        "Sheet", "書誌情報の出典：{source}（検索結果を加工して作成。一部は CiNii Books、CC BY 4.0）"
    ).format(source=CREDIT)
    paper.line(LEFT_MM, foot, credit, small, "ink2")
    page = f"{number} / {total}"
    number_font = paper.font(10, bold=True, number=True)
    paper.line(RIGHT_MM - paper.width(page, number_font), foot - 0.5, page, number_font)


@dataclass(frozen=True, slots=True)
class _Introduction:
    """What the sheet is for, what to see to first, and a first practice."""

    sheet: Sheet

    def height(self, paper: Paper) -> float:
        return (
            16 + sum(self._list_height(paper, lines) for lines in (self.sheet.before, self.sheet.walk)) + 13
        )

    def paint(self, paper: Paper, top: float) -> None:
        paper.line(
            LEFT_MM,
            top,
            translate("Sheet", "バーコードを読み取って、窓口の仕事を練習する"),
            paper.font(17, bold=True),
        )
        what = translate(
            "Sheet",
            "1行が、窓口で起こることの1つです。枠のことばの画面で、矢印の順に読み取ると、その下の文のとおりになります。",
        )
        paper.line(LEFT_MM, top + 9, what, paper.font(9.5), "ink2")
        top = self._paint_list(paper, top + 16, translate("Sheet", "はじめる前に"), self.sheet.before, "・")
        top = self._paint_list(paper, top, translate("Sheet", "はじめての練習（5分）"), self.sheet.walk, "")
        self._paint_legend(paper, top)

    def _list_height(self, paper: Paper, lines: tuple[str, ...]) -> float:
        font = paper.font(9.5)
        return 8 + sum(paper.height(self._said(line), font, _LIST_MM) + 0.8 for line in lines) + 3

    def _said(self, line: str) -> str:
        return translate("Sheet", line).format_map(self.sheet.fill)

    def _paint_list(self, paper: Paper, top: float, title: str, lines: tuple[str, ...], point: str) -> float:
        paper.line(LEFT_MM, top, title, paper.font(12, bold=True), "accent")
        top += 8
        font = paper.font(9.5)
        for place, line in enumerate(lines, start=1):
            paper.line(LEFT_MM + 1, top, point or str(place), paper.font(9.5, bold=True), "accent")
            top += paper.paragraph(LEFT_MM + 7, top, _LIST_MM, self._said(line), font) + 0.8
        return top + 3

    def _paint_legend(self, paper: Paper, top: float) -> None:
        at = LEFT_MM
        words = {
            Outcome.DONE: translate("Sheet", "そのまま終わる"),
            Outcome.NOTICE: translate("Sheet", "終わるが、見てほしいことがある"),
            Outcome.REFUSED: translate("Sheet", "記録されず、理由が出る"),
        }
        for outcome in Outcome:
            icon, colour = _OUTCOME_LOOK[outcome]
            paper.icon(at, top, 5.5, icon, colour)
            at = paper.line(at + 6.5, top + 0.7, _outcome_word(outcome), paper.font(9.5, bold=True), colour)
            at = paper.line(at + 2, top + 0.9, words[outcome], paper.font(8.5), "ink2") + 7


@dataclass(frozen=True, slots=True)
class _Heading:
    """The title of a section, on each of its pages."""

    sheet: Sheet
    section: Section
    goes_on: bool = False

    def height(self, paper: Paper) -> float:
        del paper
        return 14.5

    def paint(self, paper: Paper, top: float) -> None:
        letter = self.section.cards[0].mark[0]
        title = f"{letter}  {translate('Sheet', self.section.title)}"
        end = paper.line(LEFT_MM, top, title, paper.font(15, bold=True), "accent")
        if self.goes_on:
            paper.line(end + 3, top + 1.4, translate("Sheet", "（つづき）"), paper.font(10), "ink2")
        intro = translate("Sheet", self.section.intro).format_map(self.sheet.fill)
        paper.line(LEFT_MM, top + 7.3, intro, paper.font(9), "ink2")
        paper.rule(LEFT_MM, top + 13.2, RIGHT_MM - LEFT_MM, "lineStrong", 0.3)


@dataclass(frozen=True, slots=True)
class _Row:
    """A card: its mark and outcome, the situation, what to read, what then happens; its bars on the right."""

    sheet: Sheet
    card: Card

    def height(self, paper: Paper) -> float:
        expect = paper.height(self._expect, paper.font(9.5), _TEXT_MM)
        return max(_ROW_MIN_MM, 2 * _ROW_PAD_MM + self._above_expect + expect)

    @property
    def _above_expect(self) -> float:
        return 5.8 + (4.2 if self.card.subject else 0.4) + 6.2

    @property
    def _expect(self) -> str:
        return translate("Sheet", self.card.expect).format_map(self.sheet.fill)

    def paint(self, paper: Paper, top: float) -> None:
        height = self.height(paper)
        self._paint_mark(paper, top)
        at = top + _ROW_PAD_MM
        heading = translate("Sheet", self.card.heading).format_map(self.sheet.fill)
        paper.line(_TEXT_LEFT_MM, at, heading, paper.font(11.5, bold=True))
        if self.card.subject:
            small = paper.font(8.5)
            paper.line(
                _TEXT_LEFT_MM, at + 5.6, paper.fitted(self.card.subject, small, _TEXT_MM), small, "ink2"
            )
        self._paint_steps(paper, at + self._above_expect - 5.9)
        paper.paragraph(_TEXT_LEFT_MM, at + self._above_expect, _TEXT_MM, self._expect, paper.font(9.5))
        paper.bars(_BARS_LEFT_MM, top + (height - 16.2) / 2, bars(self.card.symbology, self.card.number))
        paper.rule(LEFT_MM, top + height, RIGHT_MM - LEFT_MM)

    def _paint_mark(self, paper: Paper, top: float) -> None:
        icon, colour = _OUTCOME_LOOK[self.card.outcome]
        paper.line(LEFT_MM, top + _ROW_PAD_MM, self.card.mark, paper.font(14, bold=True, number=True))
        paper.icon(LEFT_MM, top + _ROW_PAD_MM + 7, 5.5, icon, colour)
        word = _outcome_word(self.card.outcome)
        paper.line(LEFT_MM, top + _ROW_PAD_MM + 13, word, paper.font(7.5, bold=True), colour)

    def _paint_steps(self, paper: Paper, top: float) -> None:
        at = _TEXT_LEFT_MM
        for step in self.card.steps:
            at = paper.pill(at, top, _task_word(step.task), paper.font(8.5, bold=True), solid=False) + 2
            if self.card.login:
                self._paint_login(paper, at, top)
                continue
            for place, key in enumerate(step.keys):
                if place:
                    at = paper.line(at, top + 0.4, "→", paper.font(9), "ink2") + 1.2
                own = key == self.card.key
                font = paper.font(10.5, bold=own, number=True)
                at = paper.line(at, top + 0.4, self.sheet.fill[key], font, "ink" if own else "ink2") + 1.2
            at += 2.5

    def _paint_login(self, paper: Paper, at: float, top: float) -> None:
        words = (
            (translate("Sheet", "職員番号"), self.card.login),
            (translate("Sheet", "パスワード"), self.sheet.fill["password"]),
        )
        for word, value in words:
            at = paper.line(at, top + 0.8, word, paper.font(8.5), "ink2") + 1.5
            at = paper.line(at, top + 0.4, value, paper.font(10.5, bold=True, number=True)) + 4
