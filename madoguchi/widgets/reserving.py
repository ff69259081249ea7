"""A reservation from the search: the form over the results, and what comes of it. Asked once, told once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import Signal

from madoguchi.app.catalogue.search import Branch
from madoguchi.app.lending.answers import Refused, Reserved
from madoguchi.app.lending.facts import Counter, Desk
from madoguchi.app.lending.reserving import place_reservation
from madoguchi.barcode.symbology import CodePlan, PatronCode, parse
from madoguchi.widgets import reserve_form as words
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.search_form import SearchForm
from madoguchi.widgets.visit import PatronAtDesk
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


class Reserving(SearchForm):
    """The form of a reservation, and its way to the server.

    Signals:
        done(): somebody waits now: what is shown of the queue is not true any more.
        reserved(answer): a ``Reserved``: that they do.
    """

    done = Signal()
    reserved = Signal(object)

    def __init__(
        self,
        look: Look,
        worker: DatabaseWorker,
        desk: Desk,
        plan: CodePlan,
        visit: Callable[[], PatronAtDesk],
    ) -> None:
        super().__init__(look)
        self._worker = worker
        self._desk = desk
        self._plan = plan
        self._visit = visit
        self._asked: _Asked | None = None
        self._under_way: dict[UUID, Job[Reserved | Refused | None]] = {}
        self.branches: Sequence[Branch] = ()

    def open(self, title_id: int, title: str, *, veiled: bool) -> None:
        """Opens the form for a title, for whoever is at the counter; hidden, their number is not shown."""
        patron = self._visit()
        self._asked = _Asked(title_id, title, patron, uuid4())
        card = "" if veiled else patron.card
        self.begin(words.form(title, card, self.branches, self._desk.branch_id))

    def meant(self) -> tuple[int, str] | None:
        """The title that the form is about, and its name, if it is open."""
        return (self._asked.title_id, self._asked.title) if self._asked is not None else None

    def patron_changed(self) -> None:
        """Somebody else is at the counter, or nobody: what was filled in for the one before goes."""
        if self._asked is not None and self._visit() != self._asked.patron:
            self.close()

    def leave(self) -> None:
        """The session ends: what is not confirmed is not done any more."""
        for job in self._under_way.values():
            job.act = _nothing
        self._under_way.clear()
        self.close()

    def take_card(self, number: str) -> None:
        """A patron's card was read while the form is open."""
        self.form.set_values({words.CARD: number})

    def forget(self) -> None:
        self._asked = None

    def send(self, values: dict[str, str]) -> None:
        asked = self._asked
        if asked is None:
            return
        code = parse(values[words.CARD], self._plan)
        if not isinstance(code, PatronCode):
            self.complain({words.CARD: words.card_needed()})
            return
        patron = self._visit()
        # somebody else's record is looked at in a visit of its own
        own = asked.visits.setdefault(code.number, uuid4())
        visit = patron.visit if patron.card == code.number and patron.visit is not None else own
        sent = (code.number, values[words.PICKUP])
        if asked.sent not in (("", ""), sent):
            asked.operation = uuid4()
        asked.sent = sent
        self.await_answer()
        self._under_way[asked.operation] = self._worker.ask(
            partial(
                place_reservation,
                operation=asked.operation,
                visit=visit,
                card_number=code.number,
                title_id=asked.title_id,
                pickup_branch_id=int(values[words.PICKUP]),
                desk=self._desk,
            ),
            partial(self._answered, asked, asked.operation),
            partial(self._stalled, asked),
            partial(self._faulted, asked, asked.operation),
        )

    def _answered(self, asked: _Asked, operation: UUID, answer: Reserved | Refused | None) -> None:
        self._under_way.pop(operation, None)
        if answer is None:
            return  # the session ended meanwhile
        if isinstance(answer, Reserved):
            self.reserved.emit(answer)
            self.said.emit(words.reserved_strip(answer))
            if asked is self._asked:
                self.close()
            self.done.emit()
            return
        self.said.emit(words.refused_strip(answer, asked.title))
        if asked is self._asked:
            # the next try is another act
            asked.operation = uuid4()
            self.complain({}, words.refused(answer))

    def _stalled(self, asked: _Asked) -> None:
        if asked is self._asked:
            self.say_why(words.outage())

    def _faulted(self, asked: _Asked, operation: UUID) -> None:
        self._under_way.pop(operation, None)
        if asked is self._asked:
            self.complain({}, words.fault())


def _nothing(counter: Counter) -> None:
    del counter
