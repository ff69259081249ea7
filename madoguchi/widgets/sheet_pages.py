"""A printed sheet as a file: A4 pages of blocks one beneath the other, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QMarginsF
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from madoguchi.widgets.sheet_paper import DOTS_PER_INCH, Paper

translate = QCoreApplication.translate

PAGE_MM: Final = (210.0, 297.0)
LEFT_MM: Final = 13.0
RIGHT_MM: Final = PAGE_MM[0] - 13.0
HEAD_MM: Final = 22.0
FOOT_MM: Final = 14.0


class Block(Protocol):
    """A part that stands on one page."""

    def height(self, paper: Paper) -> float:
        """In millimetres."""
        ...

    def paint(self, paper: Paper, top: float) -> None:
        """Paint it there."""
        ...


@dataclass(frozen=True, slots=True)
class Chapter:
    """Blocks that belong together.

    ``first`` stands before the heading; ``again`` is the heading on each further page. ``new_page`` is
    whether the chapter begins one; ``whole``, whether it begins one rather than be divided.
    """

    heading: Block
    again: Block
    blocks: tuple[Block, ...]
    first: tuple[Block, ...] = ()
    new_page: bool = True
    whole: bool = False


Page = list[tuple[float, Block]]
"""Blocks with their tops in millimetres."""


def paginate(paper: Paper, chapters: Iterable[Chapter]) -> list[Page]:
    """The blocks of the chapters, page by page."""
    bottom = PAGE_MM[1] - FOOT_MM
    pages: list[Page] = []
    top = bottom
    for chapter in chapters:
        blocks = (*chapter.first, chapter.heading, *chapter.blocks)
        needed = sum(block.height(paper) for block in blocks if chapter.whole)
        if not pages or chapter.new_page or top + needed > bottom:
            pages.append([])
            top = HEAD_MM
        for block in blocks:
            height = block.height(paper)
            if top + height > bottom:
                pages.append([(HEAD_MM, chapter.again)])
                top = HEAD_MM + chapter.again.height(paper)
            pages[-1].append((top, block))
            top += height
    return pages


def paint_pages(
    paper: Paper, device: QPagedPaintDevice, pages: list[Page], edges: Callable[[int, int], None]
) -> int:
    """Paint all of them and return how many there are.

    ``edges`` paints the rest of a page; it is told its number and how many there are.
    """
    for number, page in enumerate(pages, start=1):
        if number > 1:
            device.newPage()
        edges(number, len(pages))
        for top, block in page:
            block.paint(paper, top)
    return len(pages)


def write_pdf(path: Path, title: str, sentence: str, paint: Callable[[QPainter, QPdfWriter], int]) -> int:
    """Write what ``paint`` paints as a PDF and return the number of pages it says it made.

    The caller has made a QGuiApplication (or a QApplication); no display is needed. The file is written
    beside its place and moved there when it is whole; what stood there before stays until then.

    Raises:
        OSError: the file cannot be written; its text is ``sentence`` with {path} and {reason} filled in.
    """
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pages = _paint(buffer, title, paint)
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


def _paint(device: QIODevice, title: str, paint: Callable[[QPainter, QPdfWriter], int]) -> int:
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
    writer.setTitle(title)
    writer.setCreator("Madoguchi")
    painter = QPainter(writer)
    try:
        return paint(painter, writer)
    finally:
        painter.end()
