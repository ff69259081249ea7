"""What is changed of one reservation: its form, and what comes of it. Asked once, told once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from PySide6.QtCore import QCoreApplication, Signal

from madoguchi.app.catalogue.search import Branch
from madoguchi.app.lending.facts import Desk
from madoguchi.app.reservations.answers import CircleRefusal, Done, NotDone
from madoguchi.app.reservations.queues import (
    InQueue,
    OwnReservation,
    State,
    cancel_reservation,
    change_reservation,
    move_reservation,
)
from madoguchi.widgets import reservation_forms as forms
from madoguchi.widgets import reservation_views as views
from madoguchi.widgets.circle_words import circle_refused
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.search_form import SearchForm
from madoguchi.widgets.typed_day import coming_day
from madoguchi.widgets.worker import DatabaseWorker, Job

if TYPE_CHECKING:
    from madoguchi.app.server.gateway import Act

translate = QCoreApplication.translate

FOUND = (State.READY, State.IN_TRANSIT)
_GONE = (CircleRefusal.UNKNOWN_RESERVATION, CircleRefusal.NOT_WAITING, CircleRefusal.CHANGED)


class Kind(Enum):
    """What is done."""

    CHANGE = "change"
    MOVE = "move"
    CANCEL = "cancel"


@dataclass(slots=True)
class Asked:
    """One reservation, what is done about it, and under which operation that is repeated.

    Attributes:
        sent: what went out under the operation; anything else is another act.
        parted: whoever it is about has left: no title belongs on the screen any more.
    """

    kind: Kind
    reservation: OwnReservation | InQueue
    title: str = field(repr=False)
    from_queue: bool
    operation: UUID = field(default_factory=uuid4)
    sent: tuple[Kind, dict[str, str]] | None = field(default=None, repr=False)
    parted: bool = False


class ReservationActing(SearchForm):
    """The form of one reservation, over the list or the queue that it was chosen from.

    Signals:
        done(): something holds now that is not shown yet, or what was shown does not hold.
    """

    done = Signal()

    def __init__(self, look: Look, worker: DatabaseWorker, desk: Desk, today: Callable[[], dt.date]) -> None:
        super().__init__(look)
        self._worker = worker
        self._desk = desk
        self._today = today
        self._asked: Asked | None = None
        self._under_way: dict[UUID, tuple[Asked, Job[Done | NotDone | None]]] = {}
        self._ended = False
        self.branches: Sequence[Branch] = ()

    def open(self, reservation: OwnReservation | InQueue, title: str, *, from_queue: bool = False) -> None:
        """Opens the form of what is changed of a reservation."""
        self._asked = Asked(Kind.CHANGE, reservation, title, from_queue)
        self.begin(forms.change_form(reservation, title, self.branches, from_queue=from_queue))

    def open_move(self, row: InQueue, title: str) -> None:
        """Opens the form of another place in the queue."""
        self._asked = Asked(Kind.MOVE, row, title, from_queue=True)
        self.begin(forms.move_form(row, title))

    @property
    def asked(self) -> Asked | None:
        """What the form that is open is about."""
        return self._asked

    def may_cancel(self) -> bool:
        """Whether the reservation can be cancelled from what is open."""
        return self._asked is not None and self._asked.kind is Kind.CHANGE and self.takes_scans()

    def part(self) -> None:
        """Somebody else comes: what is on its way is told without its title."""
        self.close()
        for asked, _ in self._under_way.values():
            asked.parted = True

    def leave(self) -> None:
        """The session ends: what is not confirmed is not done any more."""
        self._ended = True
        for _, job in self._under_way.values():
            job.act = _nothing
        self._under_way.clear()
        self.close()

    def forget(self) -> None:
        self._asked = None

    # -- sending -------------------------------------------------------------------------------------

    def send(self, values: dict[str, str]) -> None:
        asked = self._asked
        if asked is None:
            return
        if not values:
            # there was nothing to change
            self.close()
            return
        act = self._move(asked, values) if asked.kind is Kind.MOVE else self._change(asked, values)
        if isinstance(act, dict):
            self.complain(act)
        else:
            self._ask(asked, asked.kind, values, act)

    def cancel(self, asked: Asked) -> None:
        """The clerk has been asked about it, and means it."""
        number = asked.reservation.reservation_id
        self._ask(
            asked,
            Kind.CANCEL,
            {},
            lambda operation: partial(
                cancel_reservation, operation=operation, reservation_id=number, reason="", desk=self._desk
            ),
        )

    def _ask(
        self,
        asked: Asked,
        kind: Kind,
        values: dict[str, str],
        act: Callable[[UUID], Act[Done | NotDone]],
    ) -> None:
        if asked.sent not in (None, (kind, values)):
            asked.operation = uuid4()
        asked.sent = kind, values
        self.await_answer()
        job = self._worker.ask(
            act(asked.operation),
            partial(self._answered, asked, asked.operation, kind),
            partial(self._stalled, asked, kind),
            partial(self._faulted, asked, asked.operation),
        )
        self._under_way[asked.operation] = asked, job

    def _change(
        self, asked: Asked, values: dict[str, str]
    ) -> Callable[[UUID], Act[Done | NotDone]] | dict[str, str]:
        typed = values.get(forms.RESUME, "").strip()
        today = self._today()
        resume_on = coming_day(typed, today) if typed else None
        if typed and (resume_on is None or resume_on <= today):
            return {forms.RESUME: forms.no_day()}
        return lambda operation: partial(
            change_reservation,
            operation=operation,
            reservation_id=asked.reservation.reservation_id,
            pickup_branch_id=int(values[forms.PICKUP]),
            suspended=resume_on is not None or values.get(forms.WAIT) == forms.PAUSE,
            resume_on=resume_on,
            desk=self._desk,
        )

    def _move(
        self, asked: Asked, values: dict[str, str]
    ) -> Callable[[UUID], Act[Done | NotDone]] | dict[str, str]:
        problems = {}
        typed = values.get(forms.PLACE, "").strip()
        place = int(typed) if typed.isdecimal() and len(typed) <= _MOST_DIGITS else 0
        if place < 1:
            problems[forms.PLACE] = forms.no_place()
        reason = values.get(forms.REASON, "")
        if not reason:
            problems[forms.REASON] = forms.reason_needed()
        if problems:
            return problems
        return lambda operation: partial(
            move_reservation,
            operation=operation,
            reservation_id=asked.reservation.reservation_id,
            place=place,
            reason=reason,
            desk=self._desk,
        )

    # -- what comes of it ------------------------------------------------------------------------------

    def _answered(self, asked: Asked, operation: UUID, kind: Kind, answer: Done | NotDone | None) -> None:
        self._under_way.pop(operation, None)
        if answer is None or self._ended:
            return  # the session ended meanwhile
        present = asked is self._asked
        if isinstance(answer, Done):
            title = "" if asked.parted else asked.title
            self.said.emit(views.changed_strip(_done_word(kind), title, to_clear=answer.to_clear))
            if present:
                self.close()
            self.done.emit()
            return
        self.said.emit(views.not_changed_strip(answer.refusal))
        if answer.refusal in _GONE:
            # what stands in the form is about what was there before
            if present:
                self.close()
            self.done.emit()
        elif present:
            # the next try is another act
            asked.operation = uuid4()
            words = circle_refused(answer.refusal)
            self.complain({}, f"{words.state}\n{words.detail}")

    def _stalled(self, asked: Asked, kind: Kind) -> None:
        if asked is self._asked:
            self.say_why(forms.outage())
        elif kind is Kind.CANCEL:
            self.said.emit(views.not_cancelled_yet_strip("" if asked.parted else asked.title))

    def _faulted(self, asked: Asked, operation: UUID) -> None:
        self._under_way.pop(operation, None)
        if asked is self._asked:
            self.complain({}, forms.fault())


_MOST_DIGITS = 5


def _done_word(kind: Kind) -> str:
    return {
        Kind.CHANGE: translate("Counter", "予約を変更しました"),
        Kind.MOVE: translate("Counter", "順番を変えました"),
        Kind.CANCEL: translate("Counter", "予約を取り消しました"),
    }[kind]


def _nothing(connected: object) -> None:
    del connected
