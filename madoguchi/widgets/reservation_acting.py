"""What is changed of one reservation: its form, and what comes of it. Asked once, told once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
    cancel_reservation,
    change_reservation,
    move_reservation,
)
from madoguchi.widgets import reservation_forms as forms
from madoguchi.widgets import reservation_views as views
from madoguchi.widgets.circle_words import circle_refused
from madoguchi.widgets.kept_pages import KeptChange
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.search_form import SearchForm
from madoguchi.widgets.typed_day import coming_day
from madoguchi.widgets.worker import DatabaseWorker, Job

if TYPE_CHECKING:
    from madoguchi.app.server.gateway import Act

translate = QCoreApplication.translate

_MOST_DIGITS = 5
"""Of a place that is typed: no queue is longer."""
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
        last: how many places its queue has.
        sent: what went out under the operation; anything else is another act.
    """

    kind: Kind
    reservation: OwnReservation | InQueue
    title: str = field(repr=False)
    from_queue: bool
    last: int = 0
    operation: UUID = field(default_factory=uuid4)
    sent: KeptChange | None = field(default=None, repr=False)


@dataclass(slots=True)
class _UnderWay:
    """One act on its way.

    Attributes:
        title: of what; empty once whoever it is about has left.
        asked: what its form was about; None: that was before a lock.
    """

    what: KeptChange
    title: str = field(repr=False)
    asked: Asked | None = None
    job: Job[Done | NotDone | None] | None = None


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
        self._under_way: dict[UUID, _UnderWay] = {}
        self._ended = False
        self.branches: Sequence[Branch] = ()

    def open(self, reservation: OwnReservation | InQueue, title: str, *, from_queue: bool = False) -> None:
        """Opens the form of what is changed of a reservation."""
        self._asked = Asked(Kind.CHANGE, reservation, title, from_queue)
        self.begin(forms.change_form(reservation, title, self.branches))

    def open_move(self, row: InQueue, title: str, last: int) -> None:
        """Opens the form of another place in the queue; ``last``: how many places there are."""
        self._asked = Asked(Kind.MOVE, row, title, from_queue=True, last=last)
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
        for each in self._under_way.values():
            each.title = ""

    def keep(self) -> list[KeptChange]:
        """What is on its way, and not confirmed."""
        return [replace(each.what, title=each.title) for each in self._under_way.values()]

    def resume(self, kept: Sequence[KeptChange]) -> None:
        """The clerk is back: it is asked for again, under the operation it had, and told."""
        for what in kept:
            self._go(_UnderWay(what, what.title))

    def leave(self) -> None:
        """The session ends: what is not confirmed is not done any more."""
        self._ended = True
        for each in self._under_way.values():
            if each.job is not None:
                each.job.act = _nothing
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
        what = self._move(asked, values) if asked.kind is Kind.MOVE else self._change(asked, values)
        if isinstance(what, dict):
            self.complain(what)
        else:
            self._ask(asked, what)

    def cancel(self, asked: Asked, reason: str) -> None:
        """The clerk has been asked about it, and means it."""
        self._ask(asked, replace(self._plain(asked, Kind.CANCEL), reason=reason))

    def _plain(self, asked: Asked, kind: Kind) -> KeptChange:
        return KeptChange(kind.value, asked.reservation.reservation_id, asked.title, asked.operation)

    def _ask(self, asked: Asked, what: KeptChange) -> None:
        if asked.sent not in (None, what):
            # another act than the one that may have been done already
            asked.operation = uuid4()
            what = replace(what, operation=asked.operation)
        asked.sent = what
        self.await_answer()
        self._go(_UnderWay(what, asked.title, asked))

    def _go(self, sent: _UnderWay) -> None:
        self._under_way[sent.what.operation] = sent
        sent.job = self._worker.ask(
            _act(sent.what, self._desk),
            partial(self._answered, sent),
            partial(self._stalled, sent),
            partial(self._faulted, sent),
        )

    def _change(self, asked: Asked, values: dict[str, str]) -> KeptChange | dict[str, str]:
        typed = values.get(forms.RESUME, "").strip()
        today = self._today()
        resume_on = coming_day(typed, today) if typed else None
        if typed and (resume_on is None or resume_on <= today):
            return {forms.RESUME: forms.no_day()}
        return replace(
            self._plain(asked, Kind.CHANGE),
            # a branch that is not on offer any more stays chosen: the form cannot say it
            pickup_branch_id=int(values.get(forms.PICKUP) or asked.reservation.pickup_branch_id),
            suspended=resume_on is not None or values.get(forms.WAIT) == forms.PAUSE,
            resume_on=resume_on,
        )

    def _move(self, asked: Asked, values: dict[str, str]) -> KeptChange | dict[str, str]:
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
        return replace(self._plain(asked, Kind.MOVE), place=min(place, max(asked.last, 1)), reason=reason)

    # -- what comes of it ------------------------------------------------------------------------------

    def _answered(self, sent: _UnderWay, answer: Done | NotDone | None) -> None:
        self._under_way.pop(sent.what.operation, None)
        if answer is None or self._ended:
            return  # the session ended meanwhile
        present = sent.asked is not None and sent.asked is self._asked
        if isinstance(answer, Done):
            word = _done_word(Kind(sent.what.kind))
            self.said.emit(
                views.changed_strip(word, sent.title, place=sent.what.place, to_clear=answer.to_clear)
            )
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
        elif present and self._asked is not None:
            # the next try is another act
            self._asked.operation = uuid4()
            words = circle_refused(answer.refusal)
            self.complain({}, f"{words.state}\n{words.detail}")

    def _stalled(self, sent: _UnderWay) -> None:
        if sent.asked is not None and sent.asked is self._asked:
            self.say_why(forms.outage())
        elif sent.what.kind == Kind.CANCEL.value:
            self.said.emit(views.not_cancelled_yet_strip(sent.title))
        else:
            self.said.emit(views.not_changed_yet_strip(sent.title))

    def _faulted(self, sent: _UnderWay) -> None:
        self._under_way.pop(sent.what.operation, None)
        if sent.asked is not None and sent.asked is self._asked:
            self.complain({}, forms.fault())


def _act(what: KeptChange, desk: Desk) -> Act[Done | NotDone]:
    """What it is for the server; it can be repeated."""
    kind = Kind(what.kind)
    if kind is Kind.CANCEL:
        return partial(
            cancel_reservation,
            operation=what.operation,
            reservation_id=what.reservation_id,
            reason=what.reason,
            desk=desk,
        )
    if kind is Kind.MOVE:
        return partial(
            move_reservation,
            operation=what.operation,
            reservation_id=what.reservation_id,
            place=what.place,
            reason=what.reason,
            desk=desk,
        )
    return partial(
        change_reservation,
        operation=what.operation,
        reservation_id=what.reservation_id,
        pickup_branch_id=what.pickup_branch_id,
        suspended=what.suspended,
        resume_on=what.resume_on,
        desk=desk,
    )


def _done_word(kind: Kind) -> str:
    return {
        Kind.CHANGE: translate("Counter", "予約を変更しました"),
        Kind.MOVE: translate("Counter", "順番を変えました"),
        Kind.CANCEL: translate("Counter", "予約を取り消しました"),
    }[kind]


def _nothing(connected: object) -> None:
    del connected
