"""The model behind a record table: what each cell says, also to a screen reader and as a tool tip."""

from __future__ import annotations

import html
import unicodedata
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.icons import Icon
from madoguchi.widgets.look.record_views import Column, Mark, Record
from madoguchi.widgets.look.runs import cut_to_letters, plain_line
from madoguchi.widgets.look.words import translate

MARK_ICONS = {
    Mark.GOOD: Icon.DONE,
    Mark.NOTICE: Icon.NOTICE,
    Mark.WRONG: Icon.REFUSED,
    Mark.OFF: Icon.OFF,
}
MARK_COLOURS = {Mark.GOOD: "done", Mark.NOTICE: "notice", Mark.WRONG: "refused", Mark.OFF: "ink2"}
LONGEST_TIP = 1000
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


def mark_word(mark: Mark) -> str:
    """What a screen reader says for the sign; nothing for none."""
    return {
        Mark.NONE: "",
        Mark.GOOD: translate("Look", "正常"),
        Mark.NOTICE: translate("Look", "注意"),
        Mark.WRONG: translate("Look", "異常"),
        Mark.OFF: translate("Look", "停止"),
    }[mark]


def _folded(text: str) -> str:
    """For comparing: full and half width, capital and small are the same."""
    return unicodedata.normalize("NFKC", text).casefold()


class RecordModel(QAbstractTableModel):
    """Columns and records as they were given; nothing is measured or copied when they come."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._records: tuple[Record, ...] = ()
        self._row_of: dict[str, int] = {}
        self._marked = False

    def show_records(self, columns: tuple[Column, ...], records: tuple[Record, ...]) -> None:
        """Show these. Where the keys stay, only cells change and the selection is left alone."""
        row_of = {record.key: row for row, record in enumerate(records)}
        if len(row_of) != len(records):
            raise ValueError("two records have one key")
        if any(len(record.cells) != len(columns) for record in records):
            raise ValueError("a record has not a cell for each column")
        same = columns == self._columns and list(row_of) == list(self._row_of)
        if not same:
            self.beginResetModel()
        self._columns, self._records, self._row_of = columns, records, row_of
        self._marked = any(record.mark is not Mark.NONE for record in records)
        if not same:
            self.endResetModel()
        elif records and columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(records) - 1, len(columns) - 1))

    def columns(self) -> tuple[Column, ...]:
        """The columns in order."""
        return self._columns

    def records(self) -> tuple[Record, ...]:
        """The records in order."""
        return self._records

    def marked(self) -> bool:
        """Whether any record has a sign."""
        return self._marked

    def row_of(self, key: str) -> int | None:
        """Where the record of that key is."""
        return self._row_of.get(key)

    def find(self, beginning: str, start: int) -> int | None:
        """The first row from ``start`` on, and round, of which a cell begins so; earlier columns first."""
        sought, count = _folded(beginning), len(self._records)
        for column in range(len(self._columns)):
            for step in range(count):
                row = (start + step) % count
                if _folded(self._records[row].cells[column]).startswith(sought):
                    return row
        return None

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Qt's call."""
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Qt's call."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt's call."""
        if not index.isValid() or index.row() >= len(self._records):
            return None
        record = self._records[index.row()]
        text = record.cells[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return plain_line(text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            sign = mark_word(record.mark) if index.column() == 0 else ""
            return f"{sign} {plain_line(text)}".strip()
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and index.column() == 0:
            # Who goes from row to row hears all of each, not only its first cell.
            rest = zip(self._columns[1:], record.cells[1:], strict=True)
            return " ".join(f"{column.title} {plain_line(cell)}" for column, cell in rest if cell)
        if role == Qt.ItemDataRole.ToolTipRole and text:
            # Qt would take a text that looks like HTML for HTML, unless it is some already.
            return f"<qt>{html.escape(cut_to_letters(plain_line(text), LONGEST_TIP))}</qt>"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Qt's call."""
        if orientation is Qt.Orientation.Vertical or not 0 <= section < len(self._columns):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return plain_line(self._columns[section].title)
        return None
