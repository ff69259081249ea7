"""A table of records under a heading: one is selected, and chosen by Enter or by a double click."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.painted import Lookable
from madoguchi.widgets.look.record_views import TableView
from madoguchi.widgets.look.theme import Look


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

    def set_view(self, view: TableView) -> None:
        """Show this. The selected record stays selected and in its place if it is still there.

        Raises:
            ValueError: two records have one key, or one has not a cell for each column.
        """
        raise NotImplementedError

    def view(self) -> TableView:
        """What it shows."""
        raise NotImplementedError

    def selected(self) -> str | None:
        """Key of the selected record."""
        raise NotImplementedError

    def select(self, key: str) -> None:
        """Select this record and bring it into sight. KeyError without it."""
        raise NotImplementedError
