"""How the cells and titles of a record table are painted, and how wide its columns are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from madoguchi.widgets.look.canvas import Canvas, Ink, least_width, text_width
from madoguchi.widgets.look.painted import Lookable
from madoguchi.widgets.look.record_model import MARK_COLOURS, MARK_ICONS, RecordModel
from madoguchi.widgets.look.record_views import Column, Mark
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, Look, Theme

if TYPE_CHECKING:
    from madoguchi.widgets.look.record_table import RecordsView

SELECTED_BAR = 6
_FIRST_WIDTH = 200
_RIGHT = Qt.AlignmentFlag.AlignRight
_LEFT = Qt.AlignmentFlag.AlignLeft
_Index = QModelIndex | QPersistentModelIndex


def record_height(theme: Theme) -> int:
    """Height in px of a row: one line, never lower than a key of the rail."""
    return max(theme.size("railItem"), theme.line("body") + theme.grown(18))


def titles_height(theme: Theme) -> int:
    """Height in px of the line of titles."""
    return theme.line("label") + theme.grown(16)


def cell_pad(theme: Theme) -> int:
    """Px free at either side of a cell."""
    return theme.space(3)


def shares(leasts: Sequence[int], weights: Sequence[int], width: int) -> list[int]:
    """Widths that add up to ``width``, by weight; none under its least one unless all have too little."""
    if not leasts:
        return []
    if sum(leasts) >= width:
        return _split(leasts, width)
    widths = list(leasts)
    open_ = set(range(len(leasts)))
    while open_:
        at = sorted(open_)
        room = width - sum(widths[i] for i in range(len(widths)) if i not in open_)
        parts = dict(zip(at, _split([max(1, weights[i]) for i in at], room), strict=True))
        short = {i for i in at if parts[i] < leasts[i]}
        for i in short or open_:
            widths[i] = leasts[i] if short else parts[i]
        open_ = open_ - short if short else set()
    return widths


def _split(weights: Sequence[int], width: int) -> list[int]:
    """``width`` in whole px by weight; the rounding evens out along the way."""
    whole, ends = max(1, sum(weights)), [0]
    for weight in weights:
        ends.append(ends[-1] + weight)
    return [width * end // whole - width * start // whole for start, end in pairwise(ends)]


class Cells:
    """Paints cells and titles onto a canvas, for the screen and for the tests."""

    def __init__(self, model: RecordModel) -> None:
        self._model = model

    def text_room(self, theme: Theme, rect: QRect, column: int) -> QRect:
        """Where in its cell the text stands; the first column has the signs, too."""
        pad = cell_pad(theme)
        left = pad
        if column == 0:
            left = theme.space(4) + (self._sign(theme) + theme.space(2) if self._model.marked() else 0)
        return rect.adjusted(left, 0, -pad, -1)

    @staticmethod
    def _sign(theme: Theme) -> int:
        return theme.px(22)

    def widths(self, theme: Theme, width: int) -> dict[int, int]:
        """The columns that are shown, with their widths: spare ones go for the sake of the first."""
        columns = self._model.columns()
        kept = list(range(len(columns)))
        spare = [at for at in kept if columns[at].spare]
        while True:
            leasts = self._least_widths(theme, width, kept)
            found = shares(leasts, [columns[at].weight for at in kept], width)
            if not spare or found[0] >= theme.px(_FIRST_WIDTH):
                return dict(zip(kept, found, strict=True))
            kept.remove(spare.pop(0))

    def _least_widths(self, theme: Theme, width: int, kept: Sequence[int]) -> list[int]:
        """Px every column needs: for its title, and for its figures if there is room for all of them."""
        title = Ink("label", bold=True)
        titles, figures = [], []
        for at in kept:
            column = self._model.columns()[at]
            pad = 1000 - self.text_room(theme, QRect(0, 0, 1000, 1), at).width()
            titles.append(round(text_width(theme, column.title, title)) + 2 + pad)
            figures.append(titles[-1])
            if column.number:
                longest = max((record.cells[at] for record in self._model.records()), key=len, default="")
                wide = round(text_width(theme, longest, Ink("body", number=True))) + 2 + pad
                figures[-1] = max(titles[-1], wide)
        return figures if sum(figures) <= width else titles

    def title_px(self, theme: Theme, widths: Mapping[int, int]) -> int:
        """The size in px, not under 16, at which every title fits its column: they are written alike."""
        rooms = [self.text_room(theme, QRect(0, 0, width, 1), at).width() for at, width in widths.items()]
        columns = [self._model.columns()[at] for at in widths]
        for px in range(theme.type_px("label"), MINIMUM_TEXT_PX, -1):
            ink = Ink("label", bold=True, px=px)
            wanted = (text_width(theme, column.title, ink) for column in columns)
            if all(width <= room for width, room in zip(wanted, rooms, strict=True)):
                return px
        return MINIMUM_TEXT_PX

    def cell(self, canvas: Canvas, rect: QRect, row: int, column: int, *, selected: bool) -> None:
        """Paint one cell."""
        theme, record = canvas.theme, self._model.records()[row]
        canvas.fill(rect, "accentTint" if selected else "surface")
        canvas.hline(rect.left(), rect.right(), rect.bottom())
        if column == 0:
            if selected:
                canvas.fill(QRect(rect.left(), rect.top(), SELECTED_BAR, rect.height()), "accent")
            if record.mark is not Mark.NONE:
                size = self._sign(theme)
                centre = rect.left() + theme.space(4) + size // 2
                middle = rect.top() + (rect.height() - 1) // 2
                canvas.icon(centre, middle, size, MARK_ICONS[record.mark], MARK_COLOURS[record.mark])
        ink = self.ink(row, column)
        room = self.text_room(theme, rect, column)
        number, text = self._model.columns()[column].number, record.cells[column]
        # A figure without its end is another figure: it is made smaller as long as that helps.
        whole = number and least_width(theme, text, ink) <= room.width()
        canvas.text(room, text, ink, _RIGHT if number else _LEFT, elide=not whole)

    def ink(self, row: int, column: int) -> Ink:
        """How the text of a cell is set."""
        quiet = self._model.records()[row].quiet
        return Ink("body", colour="ink2" if quiet else "ink", number=self._model.columns()[column].number)

    def title(self, canvas: Canvas, rect: QRect, column: Column, at: int, px: int) -> None:
        """Paint the title of a column."""
        theme = canvas.theme
        canvas.fill(rect, "surfaceAlt")
        canvas.hline(rect.left(), rect.right(), rect.bottom(), "lineStrong")
        ink = Ink("label", bold=True, colour="ink2", px=px)
        align = _RIGHT if column.number else _LEFT
        canvas.text(self.text_room(theme, rect, at), column.title, ink, align, elide=True)


class CellDelegate(QStyledItemDelegate):
    """Hands Qt's table over to ``Cells``; a tool tip comes only where a text is cut."""

    def __init__(self, view: RecordsView, cells: Cells) -> None:
        super().__init__(view)
        self._view = view
        self._cells = cells

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Qt's call."""
        rect: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        canvas = Canvas(painter, self._view.look.theme, pixel_ratio=self._view.devicePixelRatioF())
        self._cells.cell(canvas, rect, index.row(), index.column(), selected=selected)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Qt's call."""
        del index
        rect: QRect = option.rect
        return QSize(rect.width(), record_height(self._view.look.theme))

    def is_cut(self, index: _Index) -> bool:
        """Whether the cell has not room for all of its text."""
        theme = self._view.look.theme
        width = self._view.columnWidth(index.column())
        room = self._cells.text_room(theme, QRect(0, 0, width, 1), index.column())
        ink = self._cells.ink(index.row(), index.column())
        return text_width(theme, str(index.data()), ink) > room.width()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Qt's call."""
        if event.type() is QEvent.Type.ToolTip and index.isValid() and not self.is_cut(index):
            return False
        return super().helpEvent(event, view, option, index)


class Titles(Lookable, QHeaderView):
    """The line of titles; columns can be neither moved nor resized."""

    def __init__(self, look: Look, view: RecordsView, model: RecordModel, cells: Cells) -> None:
        QHeaderView.__init__(self, Qt.Orientation.Horizontal, view)
        self.look = look
        self._records = model
        self._cells = cells
        self._px = MINIMUM_TEXT_PX
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)

    def fit(self, width: int) -> None:
        """Share this width among the columns."""
        theme = self.look.theme
        widths = self._cells.widths(theme, width)
        for at in range(len(self._records.columns())):
            self.setSectionHidden(at, at not in widths)
            if at in widths:
                self.resizeSection(at, max(1, widths[at]))
        self._px = self._cells.title_px(theme, widths)
        self.setFixedHeight(titles_height(theme))
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(super().sizeHint().width(), titles_height(self.look.theme))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Qt's call."""
        painter.save()
        self.draw_section(
            Canvas(painter, self.look.theme, pixel_ratio=self.devicePixelRatioF()), rect, logicalIndex
        )
        painter.restore()

    def draw_section(self, canvas: Canvas, rect: QRect, at: int) -> None:
        """Paint the title of the column at this place."""
        self._cells.title(canvas, rect, self._records.columns()[at], at, self._px)
