"""The item view behind the scan list: a model of the rows in sight, a painting delegate, keys and mouse.

A real item view, so that a screen reader finds a list with rows that speak.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPixmap, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from madoguchi.widgets.look.canvas import Canvas, Notes, Piece
from madoguchi.widgets.look.focus_ring import REACH
from madoguchi.widgets.look.painted import Lookable
from madoguchi.widgets.look.scan_row import Columns, ScanRow, action_rect, row_height, spoken_row
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import RightColumn, RowView

ROW_ROLE = Qt.ItemDataRole.UserRole
RING_INSET = REACH + 1
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class RowsInSight(QAbstractListModel):
    """The rows painted at this moment, a dozen or so however long the day was."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: tuple[RowView, ...] = ()

    def rows(self) -> tuple[RowView, ...]:
        """The rows in sight, in order."""
        return self._rows

    def show_rows(self, rows: Sequence[RowView]) -> None:
        """Put these rows in sight; where only a row's words changed, only that row is painted again."""
        new = tuple(rows)
        if [row.key for row in new] != [row.key for row in self._rows]:
            self.beginResetModel()
            self._rows = new
            self.endResetModel()
            return
        changed = [at for at, (old, now) in enumerate(zip(self._rows, new, strict=True)) if old != now]
        self._rows = new
        for at in changed:
            index = self.index(at)
            self.dataChanged.emit(index, index)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Qt's call."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt's call."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken_row(row)
        return None


class RowDelegate(QStyledItemDelegate):
    """Paints a row of ``RowsInSight``."""

    def __init__(self, view: RowsView) -> None:
        super().__init__(view)
        self._view = view
        self._row = ScanRow()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Qt's call."""
        row = index.data(ROW_ROLE)
        if isinstance(row, RowView):
            rect: QRect = option.rect
            painter.save()
            canvas = Canvas(painter, self._view.look.theme, pixel_ratio=self._view.devicePixelRatioF())
            self._row.paint(canvas, rect, row, self._view.columns())
            painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Qt's call."""
        del option, index
        return QSize(self._view.width(), row_height(self._view.look.theme))


class RowsView(Lookable, QListView):
    """The list itself, never scrolled: ``ScanList`` decides which rows are in sight.

    Signals:
        action_requested(key): the row's action was clicked, or the space bar pressed on it.
        step_requested(rows): look back (negative) or ahead by so many rows.
        ends_requested(newest): to the newest row (True) or the oldest (False).
        ring_moved(): the row that has the keyboard's focus changed.
    """

    action_requested = Signal(int)
    step_requested = Signal(int)
    ends_requested = Signal(bool)
    ring_moved = Signal()

    def __init__(self, look: Look, right: RightColumn, parent: QWidget) -> None:
        QListView.__init__(self, parent)
        self.look = look
        self._right = right
        self._digits = 2
        self._rows = RowsInSight(self)
        self.setModel(self._rows)
        self.setItemDelegate(RowDelegate(self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_rows(self, rows: Sequence[RowView]) -> None:
        """Put these rows in sight; the focus stays on the scan it was on."""
        current = self.current_key()
        digits = max(2, *(len(str(row.number)) for row in rows)) if rows else 2
        if digits != self._digits:
            self._digits = digits
            self.viewport().update()
        self._rows.show_rows(rows)
        if current is not None and self.current_key() != current:
            at = next((at for at, row in enumerate(rows) if row.key == current), -1)
            self.setCurrentIndex(self._rows.index(at) if at >= 0 else _ROOT)
        self.ring_moved.emit()

    def rows(self) -> tuple[RowView, ...]:
        """The rows in sight."""
        return self._rows.rows()

    def columns(self) -> Columns:
        """Where the columns stand at this width."""
        return Columns.of(
            self.look.theme, self.look.layout, self.viewport().width(), self._right, self._digits
        )

    def current_key(self) -> int | None:
        """Key of the row the keyboard is on, if any."""
        row = self.currentIndex().data(ROW_ROLE)
        return row.key if isinstance(row, RowView) else None

    def focus_ring_rect(self) -> QRect | None:
        """Where the focus ring goes: inside the row the keyboard is on."""
        if not self.currentIndex().isValid():
            return None
        inset = RING_INSET
        return self.visualRect(self.currentIndex()).adjusted(inset, inset, -inset, -inset)

    def trace(self) -> list[Piece]:
        """Every text of the rows in sight, in this widget's coordinates."""
        return self.notes().pieces

    def notes(self) -> Notes:
        """Every text and mark of the rows in sight, in this widget's coordinates."""
        notes = Notes()
        pixmap = QPixmap(max(1, self.width()), max(1, self.height()))
        painter = QPainter(pixmap)
        canvas = Canvas(painter, self.look.theme, notes)
        for at, row in enumerate(self.rows() if self.height() else ()):
            rect = self.visualRect(self._rows.index(at))
            ScanRow().paint(canvas, rect, row, self.columns())
        painter.end()
        return notes

    def look_changed(self) -> None:
        """Measure the rows again."""
        self.doItemsLayout()

    def dataChanged(self, first: _Index, last: _Index, roles: Sequence[int] = ()) -> None:
        """Qt's call. A list view would lay out and paint all rows again; but rows are all of one size."""
        QAbstractItemView.dataChanged(self, first, last, roles)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call. Letters and Enter come from a scanner and mean nothing here."""
        at, last = self.currentIndex().row(), self._rows.rowCount() - 1
        key = event.key()
        if key == Qt.Key.Key_Up:
            self._go(at - 1 if at >= 0 else last)
        elif key == Qt.Key.Key_Down:
            self._go(at + 1 if at >= 0 else last)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            page = max(1, last)
            self.step_requested.emit(-page if key == Qt.Key.Key_PageUp else page)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.ends_requested.emit(key == Qt.Key.Key_End)
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._act(self.currentIndex())
        else:
            event.ignore()

    def _go(self, at: int) -> None:
        last = self._rows.rowCount() - 1
        if at < 0 or at > last:
            self.step_requested.emit(-1 if at < 0 else 1)
            at = max(0, min(at, last))
        self.setCurrentIndex(self._rows.index(at) if last >= 0 else _ROOT)
        self.ring_moved.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt's call. Qt would make the first row current; here no row is, until a key goes to one."""
        QAbstractScrollArea.focusInEvent(self, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt's call. A click acts only on an action; it moves no focus and selects nothing."""
        point = event.position().toPoint()
        index = self.indexAt(point)
        if event.button() is Qt.MouseButton.LeftButton and self._on_action(index, point):
            self._act(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt's call. The second click of a double click does nothing more."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt's call."""
        if event.angleDelta().y():
            self.step_requested.emit(-1 if event.angleDelta().y() > 0 else 1)
        event.accept()

    def _on_action(self, index: QModelIndex, point: QPoint) -> bool:
        row = index.data(ROW_ROLE)
        if not isinstance(row, RowView):
            return False
        return action_rect(self.look.theme, self.visualRect(index), row, self.columns()).contains(point)

    def _act(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, RowView) and row.action:
            self.action_requested.emit(row.key)
