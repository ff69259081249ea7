"""The scan list of a page: header, the rows in sight, and the dashed place for the next scan."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink
from madoguchi.widgets.look.icons import Icon
from madoguchi.widgets.look.list_header import ListHeaderBar
from madoguchi.widgets.look.painted import Lookable, Readout
from madoguchi.widgets.look.row_view import RowsView
from madoguchi.widgets.look.scan_row import Columns, row_height, without_key
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import ListHeader, RightColumn, RowView
from madoguchi.widgets.look.window import Window, earlier_window, newest_window
from madoguchi.widgets.look.words import translate


class NextLine(Readout):
    """The dashed place where the next scan will stand.

    Signals:
        pressed(): the clerk wants to put a number there by mouse.
    """

    pressed = Signal()

    def __init__(self, look: Look, rows: RowsView, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._rows = rows
        self._words = ""
        self._number = 0

    def set_words(self, words: str, number: int) -> None:
        """Say this beside the number the next scan will have."""
        self._words, self._number = words, number
        self.speak(str(number) if number else "", words)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt's call."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def wanted_height(self) -> int:
        """Height in px in this look."""
        return self.look.theme.line("label") + self.look.theme.grown(32)

    def least_height(self) -> int:
        """Height in px under which it could not be pressed or read."""
        theme = self.look.theme
        return max(theme.tokens.size_px["targetMin"], theme.line("label") + theme.grown(9))

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        canvas.fill(self.rect(), "ground")
        inset = 5
        canvas.box(
            self.rect().adjusted(inset, inset, -inset, -inset), border="lineStrong", width=1.5, dashed=True
        )
        columns: Columns = self._rows.columns()
        height = self.height()
        number = QRect(0, 0, columns.number_right, height)
        ink = Ink("body", bold=True, colour="ink2", number=True)
        if self._number:
            canvas.text(number, str(self._number), ink, Qt.AlignmentFlag.AlignRight)
        canvas.icon(columns.sign_centre, height // 2, canvas.theme.px(26), Icon.SCANNER, "ink2")
        room = self.width() - columns.title - canvas.theme.space(4)
        canvas.text(QRect(columns.title, 0, room, height), self._words, Ink("label", colour="ink2"))


class ScanList(Lookable, QWidget):
    """Every scan of the visit or the day, the newest at the bottom. Quick however many there are.

    Signals:
        action_requested(key): the clerk wants to deal with that row.
        next_requested(): the clerk wants to put in the next number by mouse.
    """

    action_requested = Signal(int)
    next_requested = Signal()

    def __init__(
        self, look: Look, right: RightColumn = RightColumn.DATE, parent: QWidget | None = None
    ) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        # A row's serial number grows with its place: taking a row out renumbers none of the others.
        self._all: list[RowView] = []
        self._serials: list[int] = []
        self._serial_of: dict[int, int] = {}
        self._pinned: list[int] = []
        self._asking = False
        self._asked: int | None = None
        self._below: QWidget | None = None
        self._last: int | None = None
        self._words = ""
        self._number: int | None = None
        self._typing = False
        self._header = ListHeaderBar(look, self)
        self._view = RowsView(look, right, self)
        self._next = NextLine(look, self._view, self)
        self._next.pressed.connect(self.next_requested)
        self.setFocusProxy(self._view)
        self._header.earlier_requested.connect(lambda: self._step(-max(1, self._capacity() - 1)))
        self._header.later_requested.connect(lambda: self._step(max(1, self._capacity() - 1)))
        self._view.action_requested.connect(self.action_requested)
        self._view.step_requested.connect(self._step)
        self._view.ends_requested.connect(self._to_end)

    # Values in --------------------------------------------------------------------------------------

    def set_header(self, header: ListHeader) -> None:
        """Show this header."""
        self._header.set_view(header)
        self._view.setAccessibleName(header.title)

    def set_next(self, words: str | None = None, number: int | None = None, *, typing: bool = False) -> None:
        """Say what is awaited next: None is the next item, empty hides the place.

        ``number`` None counts on from the last row, 0 shows none. While ``typing``, the words are what was
        typed so far: they are seen even if the last row has to give way.
        """
        self._typing = typing
        usual = translate("Look", "次の資料を読み取ってください")
        self._words, self._number = usual if words is None else words, number
        self._arrange()

    def set_rows(self, rows: Iterable[RowView]) -> None:
        """Show these rows and no others. Raises ValueError if two have one key."""
        self._all = list(rows)
        self._serials = list(range(len(self._all)))
        self._serial_of = {row.key: at for at, row in enumerate(self._all)}
        if len(self._serial_of) != len(self._all):
            raise ValueError("two rows of the scan list have the same key")
        self._pinned = [at for at, row in enumerate(self._all) if row.pinned]
        self._last = None
        self._arrange()

    def upsert(self, row: RowView) -> None:
        """Change the row of that key where it stands, or add it at the bottom and go there."""
        serial = self._serial_of.get(row.key)
        if serial is None:
            serial = self._serial_of[row.key] = self._serials[-1] + 1 if self._serials else 0
            self._serials.append(serial)
            self._all.append(row)
            self._last = None
        else:
            self._all[self._place(serial)] = row
        self._pin(serial, row.pinned)
        self._arrange()

    def remove(self, key: int) -> None:
        """Take the row of that key out; who looks back goes on seeing the same rows. KeyError without it."""
        serial = self._serial_of.pop(key)
        at = self._place(serial)
        del self._all[at], self._serials[at]
        self._pin(serial, pinned=False)
        if self._last is not None and at <= self._last:
            self._last -= 1
            if self._last < 0 or self._last >= len(self._all) - 1:
                self._last = None
        self._arrange()

    def _place(self, serial: int) -> int:
        return bisect.bisect_left(self._serials, serial)

    def _pin(self, serial: int, pinned: bool) -> None:
        place = bisect.bisect_left(self._pinned, serial)
        known = place < len(self._pinned) and self._pinned[place] == serial
        if pinned and not known:
            self._pinned.insert(place, serial)
        elif known and not pinned:
            del self._pinned[place]

    def set_asking(self, asking: bool, row_key: int | None = None) -> None:
        """While a question is open (about that row): no row offers a key that means an answer now."""
        if (asking, row_key) != (self._asking, self._asked):
            self._asking, self._asked = asking, row_key if asking else None
            self._arrange()

    def clear(self) -> None:
        """Take all rows out."""
        self.set_rows(())

    def set_below(self, widget: QWidget | None) -> None:
        """Put something to look at where there are no rows yet, or with None take it away."""
        if widget is self._below:
            return
        if self._below is not None:
            self._below.hide()
        self._below = widget
        if widget is not None:
            widget.setParent(self)
            if isinstance(widget, Lookable) and widget.look != self.look:
                widget.set_look(self.look)
        self._arrange()

    # Values out -------------------------------------------------------------------------------------

    def rows(self) -> tuple[RowView, ...]:
        """All rows, the oldest first."""
        return tuple(self._all)

    def row(self, key: int) -> RowView | None:
        """The row of that key."""
        serial = self._serial_of.get(key)
        return None if serial is None else self._all[self._place(serial)]

    def keys_in_sight(self) -> tuple[int, ...]:
        """Keys of the rows painted now, from top to bottom."""
        return tuple(row.key for row in self._view.rows())

    def rows_view(self) -> RowsView:
        """The item view, for tests and for the focus order of a page."""
        return self._view

    def next_line(self) -> NextLine:
        """The place for the next scan."""
        return self._next

    def header_bar(self) -> ListHeaderBar:
        """The header, for tests."""
        return self._header

    # Inside -----------------------------------------------------------------------------------------

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

    def look_changed(self) -> None:
        """Lay everything out again."""
        for part in (self._header, self._view, self._next):
            part.look = self.look
        self._arrange()
        self._view.look_changed()

    def _header_height(self) -> int:
        """The header gives way where only it or a row has room."""
        header, row = self._header.wanted_height(), row_height(self.look.theme)
        hidden = self.height() < header or (row <= self.height() < header + row)
        return 0 if hidden else header

    def _room(self) -> int:
        return self.height() - self._header_height()

    def _has_next(self) -> bool:
        """The place for the next scan gives way to the only row there is room for, unless one types there.

        Beside one row or more it stays: what is typed is seen there, and a click there opens the number pad.
        """
        beside = self._room() - self._next.least_height()
        least = 0 if self._typing or not self._all else row_height(self.look.theme)
        return bool(self._words) and beside >= least

    def _room_of_rows(self) -> int:
        return self._room() - (self._next_height() if self._has_next() else 0)

    def _next_height(self) -> int:
        """Lower than it wants to be where one more of the rows can be seen for it."""
        row, wanted, least = (
            row_height(self.look.theme),
            self._next.wanted_height(),
            self._next.least_height(),
        )
        rows = min(len(self._all), max(0, self._room() - least) // row)
        return max(least, min(wanted, self._room() - rows * row))

    def _capacity(self) -> int:
        return max(1, self._room_of_rows() // row_height(self.look.theme))

    def _window(self) -> Window:
        if self._last is None:
            capacity = self._capacity()
            # Of the rows that wait no more than these can be in sight, however many there are.
            waiting = [self._place(serial) for serial in self._pinned[-2 * capacity :]]
            window = newest_window(len(self._all), waiting, capacity)
            asked = self._serial_of.get(self._asked) if self._asked is not None else None
            if asked is None or self._place(asked) in window.shown:
                return window
            # The row that is asked about is what the clerk must see.
            return earlier_window(len(self._all), self._place(asked), capacity)
        return earlier_window(len(self._all), self._last, self._capacity())

    def _arrange(self) -> None:
        header, width = self._header_height(), self.width()
        window = self._window()
        self._header.setGeometry(0, 0, width, header)
        self._header.setVisible(header > 0)
        self._header.set_out_of_sight(window.before, window.after)
        row = row_height(self.look.theme)
        # Without a row the view stays visible at no height, so that it can keep the focus.
        height = len(window.shown) * row if self._room_of_rows() >= row else 0
        self._view.setGeometry(0, header, width, height)
        self._view.show_rows([self._as_shown(self._all[at]) for at in window.shown])
        number = self._number
        if number is None:
            number = self._all[-1].number + 1 if self._all else 1
        self._next.set_words(self._words, number)
        self._next.setVisible(self._has_next() and not window.after)
        self._next.setGeometry(0, header + height, width, self._next_height())
        if self._below is not None:
            top = header + height + (self._next_height() if self._has_next() else 0)
            self._below.setGeometry(0, top, width, max(0, self.height() - top))
            self._below.setVisible(not self._all)

    def _as_shown(self, row: RowView) -> RowView:
        if not self._asking or not row.action:
            return row
        if row.key == self._asked:
            return replace(row, action="", right=translate("Look", "回答待ち"))
        return replace(row, action=without_key(row.action))

    def _step(self, rows: int) -> None:
        last = len(self._all) - 1 if self._last is None else self._last
        last = max(min(self._capacity(), len(self._all)) - 1, last + rows)
        self._last = None if last >= len(self._all) - 1 else last
        self._arrange()

    def _to_end(self, newest: bool) -> None:
        self._last = None if newest else 0
        if not newest:
            self._step(0)
        self._arrange()
