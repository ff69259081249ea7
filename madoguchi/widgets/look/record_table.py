"""A table of records under a heading: one is selected, and chosen by Enter or by a double click."""

from __future__ import annotations

from PySide6.QtCore import (
    QElapsedTimer,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QTableView, QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, Notes, Piece, text_width
from madoguchi.widgets.look.flow import block_height, draw_block
from madoguchi.widgets.look.focus_ring import REACH
from madoguchi.widgets.look.painted import Lookable, Readout
from madoguchi.widgets.look.record_cells import CellDelegate, Cells, Titles, record_height, titles_height
from madoguchi.widgets.look.record_model import RecordModel
from madoguchi.widgets.look.record_views import TableView
from madoguchi.widgets.look.sentences import Sentences
from madoguchi.widgets.look.styles import table_style
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Sign
from madoguchi.widgets.look.words import translate

RING_INSET = REACH + 1
ROWS_BEFORE_NOTE = 4
ROWS_BEFORE_HEADING = 2
_HEADING = Ink("heading", bold=True)
_QUIET = Ink("label", colour="ink2")
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_Index = QModelIndex | QPersistentModelIndex


class TableHead(Readout):
    """Heading, how many records there are, and the note below."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._heading = self._count = self._note = ""
        self._with_note = True

    def set_words(self, heading: str, count: int, note: str, counted: str = "") -> None:
        """Show these; ``counted`` in the place of the count, if it is said in words."""
        self._heading, self._note = heading, note
        self._count = counted or translate("Look", "{count}件").format(count=count)
        self.speak(heading, self._count, note)
        self.update()

    def height_for(self, width: int, *, with_note: bool) -> int:
        """Height in px at this width."""
        theme = self.look.theme
        inner = width - 2 * theme.space(4)
        height = block_height(theme, self._heading, _HEADING, inner - self._count_width())
        if with_note and self._note:
            height += theme.space(1) + block_height(theme, self._note, _QUIET, inner)
        return height + 2 * theme.space(2) + 1

    def show_note(self, shown: bool) -> None:
        """Paint the note or leave it out; it is heard either way."""
        self._with_note = shown
        self.update()

    def _count_width(self) -> int:
        return round(text_width(self.look.theme, self._count, _QUIET)) + 1 + self.look.theme.space(3)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme = canvas.theme
        canvas.fill(self.rect(), "surfaceAlt")
        canvas.hline(0, self.width() - 1, self.height() - 1)
        left, top = theme.space(4), theme.space(2)
        inner, count = self.width() - 2 * left, self._count_width()
        bottom = draw_block(canvas, left, top, inner - count, self._heading, _HEADING)
        place = QRect(left + inner - count, top, count, theme.line("heading"))
        canvas.text(place, self._count, _QUIET, Qt.AlignmentFlag.AlignRight)
        if self._with_note:
            draw_block(canvas, left, bottom + theme.space(1), inner, self._note, _QUIET)


class RecordsView(Lookable, QTableView):
    """Qt's table in our look: whole rows, one selected, plain keys only; nothing of it can be copied.

    ``jumps``: what is typed goes to the next record that begins with it; else it is left to the window.
    ``enters``: Enter chooses the selected record; else it is left to the window.

    Signals:
        chosen(row): Enter or a double click.
        ring_moved(): the selected row is elsewhere now.
    """

    chosen = Signal(int)
    ring_moved = Signal()

    def __init__(self, look: Look, model: RecordModel, parent: QWidget) -> None:
        QTableView.__init__(self, parent)
        self.look = look
        self.jumps = True
        self.enters = True
        self._records = model
        self._cells = Cells(model)
        self._typed = ""
        self._since = QElapsedTimer()
        self._titles = Titles(look, self, model, self._cells)
        self.setModel(model)
        self.setHorizontalHeader(self._titles)
        self.setItemDelegate(CellDelegate(self, self._cells))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(self._titles.ResizeMode.Fixed)
        self.verticalScrollBar().valueChanged.connect(self.ring_moved)
        self.look_changed()

    def look_changed(self) -> None:
        """Dress anew and measure again."""
        self._titles.look = self.look
        self.setStyleSheet(table_style(self.look.theme))
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(record_height(self.look.theme))
        self.fit_columns()

    def fit_columns(self) -> None:
        """Share the width among the columns."""
        self._titles.fit(self.viewport().width())
        current = self.currentIndex()
        if current.isValid() and self.isColumnHidden(current.column()):
            self.setCurrentIndex(current.siblingAtColumn(0))
        self.ring_moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call."""
        super().resizeEvent(event)
        self.fit_columns()

    def go(self, row: int) -> None:
        """Select this row and bring it into sight."""
        column = max(0, self.currentIndex().column())
        index = self._records.index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.ring_moved.emit()

    def titles(self) -> Titles:
        """The line of titles."""
        return self._titles

    # Keys and mouse ---------------------------------------------------------------------------------

    def selectionCommand(
        self, index: _Index, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Qt's call. A click beside the records, or one with Ctrl, would leave none selected."""
        del event
        flag = QItemSelectionModel.SelectionFlag
        return flag.ClearAndSelect | flag.Rows if index.isValid() else flag.NoUpdate

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call. What means nothing here is left to the window."""
        key, row, last = event.key(), self.currentIndex().row(), self._records.rowCount() - 1
        page = max(1, self.viewport().height() // record_height(self.look.theme) - 1)
        goals = {
            Qt.Key.Key_Up: row - 1,
            Qt.Key.Key_Down: row + 1,
            Qt.Key.Key_PageUp: row - page,
            Qt.Key.Key_PageDown: row + page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if last < 0 or event.modifiers() & _COMMANDS:
            event.ignore()
        elif key in goals:
            self.go(max(0, min(goals[Qt.Key(key)], last)))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            # The row stays selected; a screen reader reads cell by cell.
            super().keyPressEvent(event)
        elif key in _ENTER and self.enters:
            if not event.isAutoRepeat():
                self.chosen.emit(row)
        elif not (self.jumps and self._search(event.text())):
            event.ignore()

    def keyboardSearch(self, search: str) -> None:
        """Qt's call, for what an input method types."""
        if self.jumps:
            self._search(search)

    def _search(self, text: str) -> bool:
        """Go to the next record with a cell that begins with what was typed; whether there is one."""
        interval = QApplication.keyboardInputInterval()
        if not self._since.isValid() or self._since.hasExpired(interval):
            self._typed = ""
        if not text.isprintable() or not (self._typed + text).strip():
            return False
        row = max(0, self.currentIndex().row())
        typed = self._typed + text
        found = self._records.find(typed, row if self._typed else row + 1)
        if found is None and set(typed) == {text}:
            # The same letter again and again goes on from one record to the next.
            typed, found = text, self._records.find(text, row + 1)
        if found is None:
            return False
        self._typed = typed
        self._since.start()
        self.go(found)
        return True

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt's call."""
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid():
            self.go(index.row())
            self.chosen.emit(index.row())

    # What is seen -----------------------------------------------------------------------------------

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Qt's call."""
        super().currentChanged(current, previous)
        self.ring_moved.emit()

    def focus_ring_rect(self) -> QRect | None:
        """Where the focus ring goes: inside the selected row, or the empty place for records."""
        room = self.viewport().rect()
        index = self.currentIndex()
        if index.isValid():
            row = self.visualRect(index)
            room = QRect(0, row.top(), room.width(), row.height()) & room
        else:
            room.setHeight(min(room.height(), record_height(self.look.theme)))
        if room.height() < 3 * RING_INSET:
            return None
        return room.adjusted(RING_INSET, RING_INSET, -RING_INSET, -RING_INSET)

    def trace(self) -> list[Piece]:
        """Every text in sight, in this widget's coordinates."""
        return self.notes().pieces

    def notes(self) -> Notes:
        """Every text and mark in sight, in this widget's coordinates."""
        notes = Notes()
        pixmap = QPixmap(max(1, self.width()), max(1, self.height()))
        painter = QPainter(pixmap)
        canvas = Canvas(painter, self.look.theme, notes)
        top, titles = self.viewport().y(), self._titles
        for at in range(len(self._records.columns())):
            if self.isColumnHidden(at):
                continue
            left, width = self.columnViewportPosition(at), self.columnWidth(at)
            titles.draw_section(canvas, QRect(left, 0, width, titles.height()), at)
            for row in range(max(0, self.rowAt(0)), self._records.rowCount()):
                rect = self.visualRect(self._records.index(row, at)).translated(0, top)
                if rect.top() >= self.height():
                    break
                selected = row == self.currentIndex().row()
                self._cells.cell(canvas, rect, row, at, selected=selected)
        painter.end()
        return notes


class RecordTable(Lookable, QWidget):
    """Shows a ``TableView``. Where there are records, one of them is always selected.

    Signals:
        chosen(key): Enter or a double click on this record.
        selection_changed(key): another record is selected now; empty if there is none any more.
    """

    chosen = Signal(str)
    selection_changed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._view = TableView("", "", (), (), "")
        self._told: str | None = None
        self._model = RecordModel(self)
        self._head = TableHead(look, self)
        self._rows = RecordsView(look, self._model, self)
        self._empty = Sentences(look, self)
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._rows.chosen.connect(lambda row: self.chosen.emit(self._model.records()[row].key))
        self._rows.selectionModel().currentRowChanged.connect(self._tell)
        self.setFocusProxy(self._rows)

    def set_view(self, view: TableView) -> None:
        """Show this. The selected record stays selected and in its place if it is still there.

        Raises:
            ValueError: two records have one key, or one has not a cell for each column.
        """
        key, top = self.selected(), self._rows.rowAt(0)
        top_key = self._model.records()[top].key if top >= 0 else ""
        # While the model is exchanged nothing is selected for a moment, which is nobody's business.
        told, self._told = self._told, key
        blocked = self._rows.selectionModel().blockSignals(True)
        try:
            self._model.show_records(view.columns, view.records)
        finally:
            self._rows.selectionModel().blockSignals(blocked)
            self._told = told
        self._view = view
        self._head.set_words(view.heading, len(view.records), view.note, view.count)
        self._rows.setAccessibleName(view.heading)
        self._empty.set_lines(() if view.records else (view.empty,), Sign.INFORMATION)
        self._rows.setAccessibleDescription(view.note if view.records else view.empty)
        self._arrange()
        self._rows.fit_columns()
        self._restore(key, top_key, top)
        self._tell()

    def _restore(self, key: str | None, top_key: str, top: int) -> None:
        """Select what was selected, and have the same record on top."""
        if not self._view.records:
            return
        row = self._model.row_of(key) if key is not None else None
        bar = self._rows.verticalScrollBar()
        if row is None:
            self._rows.go(0)
            return
        if row != self._rows.currentIndex().row():
            self._rows.setCurrentIndex(self._model.index(row, 0))
        at = self._model.row_of(top_key)
        bar.setValue(at if at is not None else top)

    def _tell(self, *_moved: object) -> None:
        key = self.selected()
        if key != self._told:
            self._told = key
            self.selection_changed.emit(key or "")

    def view(self) -> TableView:
        """What it shows."""
        return self._view

    def selected(self) -> str | None:
        """Key of the selected record."""
        row = self._rows.currentIndex().row()
        return self._model.records()[row].key if row >= 0 else None

    def select(self, key: str) -> None:
        """Select this record and bring it into sight. KeyError without it."""
        row = self._model.row_of(key)
        if row is None:
            raise KeyError(key)
        self._rows.go(row)

    def records_view(self) -> RecordsView:
        """Qt's table, for tests and for the focus order of a page."""
        return self._rows

    def head(self) -> TableHead:
        """Heading and note, for tests."""
        return self._head

    def empty_line(self) -> Sentences:
        """The sentence where there are no records, for tests."""
        return self._empty

    # Layout -----------------------------------------------------------------------------------------

    def look_changed(self) -> None:
        """Lay everything out again."""
        for part in (self._head, self._rows, self._empty):
            part.set_look(self.look)
        self._arrange()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.look.theme.colour("ground"))
        painter.end()

    def _arrange(self) -> None:
        theme, width = self.look.theme, self.width()
        row, titles = record_height(theme), titles_height(theme)

        def rows(head: int) -> int:
            return (self.height() - head - titles) // row

        # In a low window the records matter more than what is said about them, which can still be heard.
        full, short = (self._head.height_for(width, with_note=noted) for noted in (True, False))
        with_note = rows(full) >= ROWS_BEFORE_NOTE
        head = full if with_note else short if rows(short) >= ROWS_BEFORE_HEADING else 0
        self._head.show_note(with_note)
        self._head.setVisible(head > 0)
        self._head.setGeometry(0, 0, width, head)
        self._rows.setGeometry(0, head, width, max(0, self.height() - head))
        inner = width - 2 * theme.space(4)
        self._empty.setVisible(not self._view.records)
        # It stands where the first record would, and the focus ring is there, too.
        words = self._empty.height_for(inner)
        place = head + titles + max(theme.space(2), (row - words) // 2)
        self._empty.setGeometry(theme.space(4), place, inner, words)
        self._empty.raise_()
