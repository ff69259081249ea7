"""A title's queue in sight: who waits, in which order, and where each is picked up."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.reservations.answers import NotDone
from madoguchi.app.reservations.queues import FOUND, InQueue, TitleQueue, queue_of
from madoguchi.widgets import reservation_views as views
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.patron_views import veiled_table
from madoguchi.widgets.worker import DatabaseWorker


class OpenQueue(QObject):
    """One queue at a time; of one that is closed nothing stays.

    Attributes:
        table: its rows, for the centre.
        title: the title's name; empty where none is open.
        back_to: the key of the page that it was opened from; 0: this one.

    Signals:
        changed(): another row is selected, or the rows are other ones.
        chosen(): a row is to be dealt with.
        closed(): what it stood over is to be seen again.
        refused(answer): a ``NotDone``: it may not be shown, and why.
    """

    changed = Signal()
    chosen = Signal()
    closed = Signal()
    refused = Signal(object)

    def __init__(self, look: Look, worker: DatabaseWorker, desk: Desk) -> None:
        super().__init__()
        self.table = RecordTable(look)
        # what is typed is a number, of a card or a copy
        self.table.records_view().jumps = False
        self.table.selection_changed.connect(lambda _key: self.changed.emit())
        self.table.chosen.connect(lambda _key: self.chosen.emit())
        self.back_to = 0
        self.title = ""
        self._worker = worker
        self._desk = desk
        self._title_id: int | None = None
        self._queue: TitleQueue | None = None
        self._wanted: int | None = None
        self._line_up = True
        self._veiled = False

    def open(self, title_id: int, title: str, *, reservation_id: int | None = None, back_to: int = 0) -> None:
        """Shows a title's queue; ``reservation_id`` is the row that is meant."""
        self._title_id, self._queue, self.back_to = title_id, None, back_to
        self.title, self._wanted = title, reservation_id
        self._show(line_up=True)
        self.look()

    def look(self) -> None:
        """Asks anew who waits."""
        if self._title_id is not None:
            self._worker.look_up(
                "queue",
                partial(queue_of, title_id=self._title_id, desk=self._desk),
                partial(self._came, self._title_id),
                partial(self._show, line_up=False),
            )

    def is_open(self) -> bool:
        """Whether a queue is to be seen."""
        return self._title_id is not None

    def close(self) -> None:
        """No queue is open any more."""
        if self._title_id is not None:
            self._worker.stop_looking("queue")
            self._title_id = self._queue = self._wanted = None
            self.title = ""
            self._show(line_up=True)
            self.closed.emit()

    def set_veiled(self, veiled: bool) -> None:
        """Hides whoever waits, or shows them again."""
        self._veiled = veiled
        self._show(line_up=self._line_up)

    def set_typing(self, typing: bool) -> None:
        """While a number is typed, Enter is its end and chooses nothing."""
        self.table.records_view().enters = not typing

    def selected(self) -> InQueue | None:
        """The row that is selected."""
        rows = self._queue.rows if self._queue is not None else ()
        key = self.table.selected()
        return next((row for row in rows if str(row.reservation_id) == key), None)

    def places(self) -> int:
        """How many places there are: what a copy was found for has none."""
        rows = self._queue.rows if self._queue is not None else ()
        return sum(row.state not in FOUND for row in rows)

    def _came(self, title_id: int, answer: TitleQueue | NotDone) -> None:
        if title_id != self._title_id:
            return
        if isinstance(answer, NotDone):
            self.close()
            self.refused.emit(answer)
            return
        self._queue = answer
        self._show(line_up=True)
        wanted, self._wanted = self._wanted, None
        if any(row.reservation_id == wanted for row in answer.rows):
            self.table.select(str(wanted))
        self.changed.emit()

    def _show(self, *, line_up: bool) -> None:
        self._line_up = line_up
        table = views.queue_table(self._queue, line_up=line_up)
        self.table.set_view(veiled_table(table) if self._veiled else table)
