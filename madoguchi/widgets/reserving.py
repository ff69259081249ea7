"""A reservation from the search: the form over the results, and what comes of it. Asked once, told once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal

from madoguchi.app.catalogue.search import Branch
from madoguchi.app.lending.answers import Refused, Reserved
from madoguchi.app.lending.facts import Desk
from madoguchi.app.lending.reserving import place_reservation
from madoguchi.barcode.symbology import CodePlan, PatronCode, parse
from madoguchi.widgets import reserve_form as words
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.record_views import FormView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.worker import DatabaseWorker


@dataclass(slots=True)
class _Asked:
    """One reservation: what it is about, and under which operation it is repeated."""

    title_id: int
    title: str
    visit: UUID
    operation: UUID


class Reserving(QObject):
    """The form of a reservation, and its way to the server.

    Signals:
        closed(): the results are to be seen again.
        done(): somebody waits now: what is shown of the queue is not true any more.
        said(view): a ``StripView``.
    """

    closed = Signal()
    done = Signal()
    said = Signal(object)

    def __init__(
        self,
        look: Look,
        worker: DatabaseWorker,
        desk: Desk,
        plan: CodePlan,
        visit: Callable[[], PatronAtDesk],
    ) -> None:
        super().__init__()
        self._worker = worker
        self._desk = desk
        self._plan = plan
        self._visit = visit
        self._asked: _Asked | None = None
        self._view: FormView | None = None
        self.branches: Sequence[Branch] = ()
        self.form = FormPanel(look)
        self.form.submitted.connect(self._send)
        self.form.cancelled.connect(self.close)

    def is_open(self) -> bool:
        """Whether the form is to be seen."""
        return self._view is not None

    def open(self, title_id: int, title: str) -> None:
        """Opens the form for a title, for whoever is at the counter."""
        patron = self._visit()
        self._asked = _Asked(title_id, title, patron.visit, uuid4())
        self._show(words.form(title, patron.card, self.branches, self._desk.branch_id))

    def take_card(self, number: str) -> None:
        """A patron's card was read while the form is open."""
        self.form.set_values({words.CARD: number})

    def close(self) -> None:
        """The results again; nothing of anybody can be found in the form."""
        if self._view is not None:
            self._view = None
            self._asked = None
            self.form.set_view(None)
            self.closed.emit()

    def _show(self, view: FormView) -> None:
        self._view = view
        self.form.set_view(view)

    def _send(self, values: dict[str, str]) -> None:
        asked, view = self._asked, self._view
        if asked is None or view is None:
            return
        code = parse(values[words.CARD], self._plan)
        if not isinstance(code, PatronCode):
            self._complain({words.CARD: words.card_needed()})
            return
        patron = self._visit()
        if patron.card != code.number:
            # somebody else's record is looked at: a visit of its own
            asked.visit = uuid4()
        self._show(replace(view, busy=True, message=""))
        self._worker.ask(
            partial(
                place_reservation,
                operation=asked.operation,
                visit=asked.visit,
                card_number=code.number,
                title_id=asked.title_id,
                pickup_branch_id=int(values[words.PICKUP]),
                desk=self._desk,
            ),
            partial(self._answered, asked),
            partial(self._stalled, asked),
            partial(self._faulted, asked),
        )

    def _answered(self, asked: _Asked, answer: Reserved | Refused) -> None:
        if isinstance(answer, Reserved):
            self.said.emit(words.reserved_strip(answer))
            if asked is self._asked:
                self.close()
            self.done.emit()
            return
        self.said.emit(words.refused_strip(answer, asked.title))
        if asked is self._asked:
            # the next try is another act
            asked.operation = uuid4()
            self._complain({}, words.refused(answer))

    def _stalled(self, asked: _Asked) -> None:
        if asked is self._asked and self._view is not None:
            self._show(replace(self._view, message=words.outage()))

    def _faulted(self, asked: _Asked) -> None:
        if asked is self._asked:
            self._complain({}, words.fault())

    def _complain(self, errors: dict[str, str], message: str = "") -> None:
        if self._view is not None:
            lines = tuple(replace(line, error=errors.get(line.key, "")) for line in self._view.lines)
            self._show(replace(self._view, lines=lines, message=message, busy=False))
            self.form.start()


@dataclass(frozen=True, slots=True)
class PatronAtDesk:
    """Whoever is at the counter: the number of their card, empty for nobody, and their visit."""

    card: str
    visit: UUID
