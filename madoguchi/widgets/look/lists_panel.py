"""Several lists, one of them in sight: a chooser above, who is looked at, the list, and the scans below."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas
from madoguchi.widgets.look.choices import ChoiceRow
from madoguchi.widgets.look.flow import control_gap
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.person_lines import PersonLines
from madoguchi.widgets.look.person_views import PersonView
from madoguchi.widgets.look.record_cells import record_height, titles_height
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.record_views import TableView
from madoguchi.widgets.look.scan_list import ScanList
from madoguchi.widgets.look.scan_row import row_height
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import ReasonView

ROWS_OF_LIST = 5
"""As many rows of the list, its heading among them, are in sight before a second scan is."""
ROWS_OF_SCANS = 2
ROWS_BEFORE_PERSON = 3


@dataclass(frozen=True, slots=True)
class ListsView:
    """What the panel shows.

    Attributes:
        chosen: the key of the list that is in sight.
        choices: every list's key and what its chip says.
        person: how to reach whoever is selected; None: the list is of no persons.
    """

    chosen: str
    choices: tuple[ReasonView, ...]
    table: TableView
    person: PersonView | None = None


class ListsPanel(Painted, QWidget):
    """Shows a ``ListsView``; the keyboard is in the list, whose arrows select.

    Signals:
        list_chosen(key): another list is wanted.
        chosen(key): Enter, or a double click, on the record with this key.
        selected(key): another record is selected; empty if there is none.
    """

    list_chosen = Signal(str)
    chosen = Signal(str)
    selected = Signal(str)

    def __init__(
        self, look: Look, choices: tuple[ReasonView, ...], scans: ScanList, parent: QWidget | None = None
    ) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self.choices = ChoiceRow(look, self, choices)
        self.person = PersonLines(look, self)
        self.table = RecordTable(look, self)
        # letters choose a list, and what is typed is the number of a copy
        self.table.records_view().jumps = False
        self._scans = scans
        scans.setParent(self)
        scans.show()
        self.person.hide()
        self.choices.chosen.connect(self.list_chosen)
        self.table.chosen.connect(self.chosen)
        self.table.selection_changed.connect(self.selected)

    def set_view(self, view: ListsView) -> None:
        """Show this."""
        for choice in view.choices:
            self.choices.set_word(choice.key, choice.word)
        self.choices.set_chosen(view.chosen)
        self.person.set_view(view.person if view.person is not None else PersonView("", ""))
        self.person.setVisible(view.person is not None)
        self.table.set_view(view.table)
        self._arrange()

    def start(self) -> None:
        """The keyboard is in the list. A focus proxy would take the chooser out of Tab's round."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_typing(self, typing: bool) -> None:
        """While a number is typed, Enter is its end and chooses nothing."""
        self.table.records_view().enters = not typing

    def look_changed(self) -> None:
        """Lay everything out again."""
        for part in (self.choices, self.person, self.table, self._scans):
            part.set_look(self.look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _arrange(self) -> None:
        theme, width = self.look.theme, self.width()
        gap, side = control_gap(theme), theme.space(4)
        inner = max(0, width - 2 * side)
        chips = self.choices.height_for(inner)
        self.choices.setGeometry(side, gap, inner, chips)
        top = chips + 2 * gap
        # what is shown of a person is as high as it is shown; masked it may fold
        least = 0 if self.person.isHidden() else self.person.height_for(width, folded=True)
        scans = self._scans_height(self.height() - top - least)
        self._scans.setGeometry(0, self.height() - scans, width, scans)
        room = self.height() - top - scans
        if not self.person.isHidden():
            full = self.person.height_for(width, folded=False)
            rows = (room - full - titles_height(theme)) // record_height(theme)
            folded = rows < ROWS_BEFORE_PERSON
            self.person.set_folded(folded)
            height = min(self.person.height_for(width, folded=folded), room)
            self.person.setGeometry(0, top, width, height)
            top, room = top + height, room - height
        self.table.setGeometry(0, top, width, max(0, room))

    def _scans_height(self, room: int) -> int:
        """The newest scan is always in sight, more of them where the list has its rows, too."""
        theme = self.look.theme
        row, header = row_height(theme), self._scans.header_bar().wanted_height()
        following = self._scans.next_line().least_height()
        least = row + following
        of_list = titles_height(theme) + ROWS_OF_LIST * record_height(theme)
        free = room - of_list
        if free < least:
            # with large text a record is seen rather than where the next scan will stand
            return min(row if room - least < titles_height(theme) + record_height(theme) else least, room)
        rows = max(1, min(ROWS_OF_SCANS, (free - header - following) // row))
        wanted = header + rows * row + following
        return wanted if free >= wanted else least

    def draw(self, canvas: Canvas) -> None:
        """Paint the ground; the parts paint themselves."""
        canvas.fill(self.rect(), "ground")
