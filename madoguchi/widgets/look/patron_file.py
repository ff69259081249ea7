"""One patron's record in the centre: what is masked above, what is on record and what can be done below."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.person_lines import PersonLines
from madoguchi.widgets.look.person_views import FileView
from madoguchi.widgets.look.record_cells import record_height, titles_height
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.theme import Look

ROWS_BEFORE_PERSON = 5
"""In a low window what is masked takes one line, so that so many rows of the table are in sight."""


class PatronFilePanel(Painted, QWidget):
    """Shows a ``FileView``.

    Signals:
        chosen(key): Enter, or a double click, on the row with this key.
    """

    chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self.person = PersonLines(look, self)
        self.table = RecordTable(look, self)
        # what is typed on a record looks for the next patron
        self.table.records_view().jumps = False
        self.table.chosen.connect(self.chosen)
        self.setFocusProxy(self.table)

    def set_view(self, view: FileView) -> None:
        """Show this."""
        self.person.set_view(view.person)
        self.table.set_view(view.table)
        self._arrange()

    def look_changed(self) -> None:
        """Lay everything out again."""
        for part in (self.person, self.table):
            part.set_look(self.look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _arrange(self) -> None:
        theme, width = self.look.theme, self.width()
        full = self.person.height_for(width, folded=False)
        rows = (self.height() - full - titles_height(theme)) // record_height(theme)
        folded = rows < ROWS_BEFORE_PERSON
        self.person.set_folded(folded)
        height = min(self.person.height_for(width, folded=folded), self.height())
        self.person.setGeometry(0, 0, width, height)
        self.table.setGeometry(0, height, width, max(0, self.height() - height))

    def draw(self, canvas: Canvas) -> None:
        """Paint the ground; the parts paint themselves."""
        canvas.fill(self.rect(), "ground")
