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
from madoguchi.widgets.kept_pages import KeptPlacing
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
        self._under_way: dict[UUID, tuple[KeptPlacing, Job[Reserved | Refused | None]]] = {}
        self._ended = False
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

    def is_for_another(self) -> bool:
        """Whether the card in the form is not that of whoever is at the counter."""
        code = parse(self.form.values().get(words.CARD, ""), self._plan)
        return isinstance(code, PatronCode) and code.number != self._visit().card

    def patron_changed(self) -> None:
        """Somebody else is at the counter, or nobody: what was filled in for the one before goes."""
        if self._asked is not None and self._visit() != self._asked.patron:
            self.close()

    def leave(self) -> None:
        """The session ends: what is not confirmed is not done any more."""
        self._ended = True
        for _, job in self._under_way.values():
            job.act = _nothing
        self._under_way.clear()
        self.close()

    def keep(self) -> list[KeptPlacing]:
        """What is on its way, and not confirmed."""
        return [what for what, _ in self._under_way.values()]

    def resume(self, kept: Sequence[KeptPlacing]) -> None:
        """The clerk is back: it is asked for again, under the operation it had, and told."""
        for what in kept:
            self._go(what, None)

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
        what = KeptPlacing(
            asked.operation,
            visit,
            code.number,
            asked.title_id,
            asked.title,
            int(values[words.PICKUP]),
        )
        self._go(what, asked)

    def _go(self, what: KeptPlacing, asked: _Asked | None) -> None:
        job = self._worker.ask(
            partial(
                place_reservation,
                operation=what.operation,
                visit=what.visit,
                card_number=what.card_number,
                title_id=what.title_id,
                pickup_branch_id=what.pickup_branch_id,
                desk=self._desk,
            ),
            partial(self._answered, what, asked),
            partial(self._stalled, asked),
            partial(self._faulted, what, asked),
        )
        self._under_way[what.operation] = what, job

    def _answered(self, what: KeptPlacing, asked: _Asked | None, answer: Reserved | Refused | None) -> None:
        self._under_way.pop(what.operation, None)
        if answer is None or self._ended:
            return  # the session ended meanwhile
        present = asked is not None and asked is self._asked
        if isinstance(answer, Reserved):
            self.reserved.emit(answer)
            self.said.emit(words.reserved_strip(answer))
            if present:
                self.close()
            self.done.emit()
            return
        self.said.emit(words.refused_strip(answer, what.title))
        if present and self._asked is not None:
            # the next try is another act
            self._asked.operation = uuid4()
            self.complain({}, words.refused(answer))

    def _stalled(self, asked: _Asked | None) -> None:
        if asked is not None and asked is self._asked:
            self.say_why(words.outage())

    def _faulted(self, what: KeptPlacing, asked: _Asked | None) -> None:
        self._under_way.pop(what.operation, None)
        if asked is not None and asked is self._asked:
            self.complain({}, words.fault())


def _nothing(counter: Counter) -> None:
    del counter
