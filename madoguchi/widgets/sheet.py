"""The training sheet on paper: A4 pages of bars that any scanner reads, in one column.

One column, because a hand-held scanner aimed at a bar must not catch its neighbour.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QIODevice,
    QMarginsF,
)
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from madoguchi.app.training.sheet import CREDIT, Card, Section, Sheet
from madoguchi.app.training.sheet_words import Outcome, Task
from madoguchi.barcode.labels import bars
from madoguchi.widgets.sheet_paper import DOTS_PER_INCH, Paper

translate = QCoreApplication.translate

_PAGE_MM: Final = (210.0, 297.0)
_LEFT_MM: Final = 13.0
_RIGHT_MM: Final = _PAGE_MM[0] - 13.0
_HEAD_MM: Final = 22.0
_FOOT_MM: Final = 14.0
_TEXT_LEFT_MM: Final = 28.0
_BARS_LEFT_MM: Final = 139.5
_TEXT_MM: Final = _BARS_LEFT_MM - _TEXT_LEFT_MM - 3.0
_LIST_MM: Final = _RIGHT_MM - _LEFT_MM - 7.0
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
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pages = _paint(buffer, sheet)
    buffer.close()
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        try:
            with unfinished.open("wb") as file:
                file.write(content.data())
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        sentence = translate("Sheet", "練習用シートを {path} に書き込めません。{reason}")
        raise OSError(sentence.format(path=path, reason=_reason(error))) from error
    return pages


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return translate("Sheet", "その場所がありません。")
    if isinstance(error, IsADirectoryError):
        return translate("Sheet", "同じ名前のフォルダーがあります。")
    if isinstance(error, PermissionError):
        return translate("Sheet", "書き込みが許されていないか、ファイルがほかのプログラムで開かれています。")
    return translate("Sheet", "空き容量を確かめてください。")


def _paint(device: QIODevice, sheet: Sheet) -> int:
    writer = QPdfWriter(device)
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(0, 0, 0, 0),
            QPageLayout.Unit.Millimeter,
        )
    )
    writer.setTitle(translate("Sheet", "窓口 練習用シート"))
    writer.setCreator("Madoguchi")
    painter = QPainter(writer)
    try:
        paper = Paper(painter)
        pages = _pages(paper, sheet)
        for number, blocks in enumerate(pages, start=1):
            if number > 1:
                writer.newPage()
            _paint_edges(paper, sheet, number, len(pages))
            for top, block in blocks:
                block.paint(paper, top)
    finally:
        painter.end()
    return len(pages)


class _Block(Protocol):
    """A part that stands on one page."""

    def height(self, paper: Paper) -> float:
        """In millimetres."""
        ...

    def paint(self, paper: Paper, top: float) -> None:
        """Paint it there."""
        ...


def _pages(paper: Paper, sheet: Sheet) -> list[list[tuple[float, _Block]]]:
    """Blocks with their tops, page by page. A section begins a page; the staff follow the introduction."""
    bottom = _PAGE_MM[1] - _FOOT_MM
    pages: list[list[tuple[float, _Block]]] = []
    for place, section in enumerate(sheet.sections):
        start: list[_Block] = [_Heading(sheet, section)]
        if place == 0:
            start.insert(0, _Introduction(sheet))
        pages.append([])
        top = _HEAD_MM
        for block in [*start, *(_Row(sheet, card) for card in section.cards)]:
            height = block.height(paper)
            if top + height > bottom:
                again = _Heading(sheet, section, goes_on=True)
                pages.append([(_HEAD_MM, again)])
                top = _HEAD_MM + again.height(paper)
            pages[-1].append((top, block))
            top += height
    return pages


def _paint_edges(paper: Paper, sheet: Sheet, number: int, total: int) -> None:
    title = paper.font(10, bold=True)
    small = paper.font(8)
    mark = translate("Sheet", "練習用")
    day = sheet.made_on
    made = translate("Sheet", "{year}年{month}月{day}日 作成").format(
        year=day.year, month=day.month, day=day.day
    )
    end = paper.pill(_LEFT_MM, 10.5, mark, paper.font(9.5, bold=True), solid=True)
    end = paper.line(end + 2.5, 10.9, translate("Sheet", "窓口 練習用シート"), title)
    paper.line(end + 4, 11.4, translate("Sheet", "本物の利用者や職員の番号ではありません"), small, "ink2")
    paper.line(_RIGHT_MM - paper.width(made, small), 11.4, made, small, "ink2")
    paper.rule(_LEFT_MM, 17, _RIGHT_MM - _LEFT_MM, "ink", 0.4)
    foot = _PAGE_MM[1] - 11.5
    credit = translate(
        "Sheet", "書誌情報の出典：{source}（検索結果を加工して作成。一部は CiNii Books、CC BY 4.0）"
    ).format(source=CREDIT)
    paper.line(_LEFT_MM, foot, credit, small, "ink2")
    page = f"{number} / {total}"
    number_font = paper.font(10, bold=True, number=True)
    paper.line(_RIGHT_MM - paper.width(page, number_font), foot - 0.5, page, number_font)


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
            _LEFT_MM,
            top,
            translate("Sheet", "バーコードを読み取って、窓口の仕事を練習する"),
            paper.font(17, bold=True),
        )
        what = translate(
            "Sheet",
            "1行が、窓口で起こることの1つです。枠のことばの画面で、矢印の順に読み取ると、その下の文のとおりになります。",
        )
        paper.line(_LEFT_MM, top + 9, what, paper.font(9.5), "ink2")
        top = self._paint_list(paper, top + 16, translate("Sheet", "はじめる前に"), self.sheet.before, "・")
        top = self._paint_list(paper, top, translate("Sheet", "はじめての練習（5分）"), self.sheet.walk, "")
        self._paint_legend(paper, top)

    def _list_height(self, paper: Paper, lines: tuple[str, ...]) -> float:
        font = paper.font(9.5)
        return 8 + sum(paper.height(self._said(line), font, _LIST_MM) + 0.8 for line in lines) + 3

    def _said(self, line: str) -> str:
        return translate("Sheet", line).format_map(self.sheet.fill)

    def _paint_list(self, paper: Paper, top: float, title: str, lines: tuple[str, ...], point: str) -> float:
        paper.line(_LEFT_MM, top, title, paper.font(12, bold=True), "accent")
        top += 8
        font = paper.font(9.5)
        for place, line in enumerate(lines, start=1):
            paper.line(_LEFT_MM + 1, top, point or str(place), paper.font(9.5, bold=True), "accent")
            top += paper.paragraph(_LEFT_MM + 7, top, _LIST_MM, self._said(line), font) + 0.8
        return top + 3

    def _paint_legend(self, paper: Paper, top: float) -> None:
        at = _LEFT_MM
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
        end = paper.line(_LEFT_MM, top, title, paper.font(15, bold=True), "accent")
        if self.goes_on:
            paper.line(end + 3, top + 1.4, translate("Sheet", "（つづき）"), paper.font(10), "ink2")
        intro = translate("Sheet", self.section.intro).format_map(self.sheet.fill)
        paper.line(_LEFT_MM, top + 7.3, intro, paper.font(9), "ink2")
        paper.rule(_LEFT_MM, top + 13.2, _RIGHT_MM - _LEFT_MM, "lineStrong", 0.3)


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
        paper.rule(_LEFT_MM, top + height, _RIGHT_MM - _LEFT_MM)

    def _paint_mark(self, paper: Paper, top: float) -> None:
        icon, colour = _OUTCOME_LOOK[self.card.outcome]
        paper.line(_LEFT_MM, top + _ROW_PAD_MM, self.card.mark, paper.font(14, bold=True, number=True))
        paper.icon(_LEFT_MM, top + _ROW_PAD_MM + 7, 5.5, icon, colour)
        word = _outcome_word(self.card.outcome)
        paper.line(_LEFT_MM, top + _ROW_PAD_MM + 13, word, paper.font(7.5, bold=True), colour)

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
