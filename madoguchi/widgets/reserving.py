"""A reservation from the search: the form over the results, and what comes of it. Asked once, told once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal

from madoguchi.app.catalogue.search import Branch
from madoguchi.app.lending.answers import Refused, Reserved
from madoguchi.app.lending.facts import Counter, Desk
from madoguchi.app.lending.reserving import place_reservation
from madoguchi.barcode.symbology import CodePlan, PatronCode, parse
from madoguchi.widgets import reserve_form as words
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.record_views import FormView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.worker import DatabaseWorker, Job


@dataclass(slots=True)
class _Asked:
    """One reservation: what it is about, and under which operation it is repeated.

    Attributes:
        patron: who was at the counter when the form was opened.
        sent: card and branch that went out under the operation; others are another act.
        visits: the visit of whoever is not at the counter, by their card.
    """

    title_id: int
    title: str
    patron: PatronAtDesk
    operation: UUID
    sent: tuple[str, str] = ("", "")
    visits: dict[str, UUID] = field(default_factory=dict)


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
        self._jobs: list[Job[Reserved | Refused | None]] = []
        self.branches: Sequence[Branch] = ()
        self.form = FormPanel(look)
        self.form.submitted.connect(self._send)
        self.form.cancelled.connect(self.close)

    def is_open(self) -> bool:
        """Whether the form is to be seen."""
        return self._view is not None

    def takes_scans(self) -> bool:
        """Whether what is read now belongs into the form: it is open, and not on its way."""
        return self._view is not None and not self._view.busy

    def open(self, title_id: int, title: str, *, veiled: bool) -> None:
        """Opens the form for a title, for whoever is at the counter; hidden, their number is not shown."""
        patron = self._visit()
        self._asked = _Asked(title_id, title, patron, uuid4())
        self.form.set_view(None)
        card = "" if veiled else patron.card
        self._show(words.form(title, card, self.branches, self._desk.branch_id))

    def patron_changed(self) -> None:
        """Somebody else is at the counter, or nobody: what was filled in for the one before goes."""
        if self._asked is not None and self._visit() != self._asked.patron:
            self.close()

    def leave(self) -> None:
        """The session ends: what is not confirmed is not done any more."""
        for job in self._jobs:
            job.act = _nothing
        self._jobs.clear()
        self.close()

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
        # somebody else's record is looked at in a visit of its own
        own = asked.visits.setdefault(code.number, uuid4())
        visit = patron.visit if patron.card == code.number and patron.visit is not None else own
        sent = (code.number, values[words.PICKUP])
        if asked.sent not in (("", ""), sent):
            asked.operation = uuid4()
        asked.sent = sent
        self._show(replace(view, busy=True, message=""))
        job = self._worker.ask(
            partial(
                place_reservation,
                operation=asked.operation,
                visit=visit,
                card_number=code.number,
                title_id=asked.title_id,
                pickup_branch_id=int(values[words.PICKUP]),
                desk=self._desk,
            ),
            partial(self._answered, asked),
            partial(self._stalled, asked),
            partial(self._faulted, asked),
        )
        self._jobs.append(job)

    def _answered(self, asked: _Asked, answer: Reserved | Refused | None) -> None:
        self._jobs.clear()
        if answer is None:
            return  # the session ended meanwhile
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
        self._jobs.clear()
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

    card: str = ""
    visit: UUID | None = None


def _nothing(counter: Counter) -> None:
    del counter
