"""The record that is open on the page of patrons: who it is, what is masked, and the acts to choose from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import NotDone, PatronFile
from madoguchi.app.patrons.finding import details, open_card, open_patron
from madoguchi.app.patrons.person import Person
from madoguchi.widgets import patron_views as views
from madoguchi.widgets import patron_words as words
from madoguchi.widgets.look.patron_file import PatronFilePanel
from madoguchi.widgets.look.patron_panel import PatronPanel
from madoguchi.widgets.look.question_card import monotonic_ms
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import StripView
from madoguchi.widgets.worker import DatabaseWorker


class OpenRecord(QObject):
    """One record at a time; of one that is closed nothing stays.

    Attributes:
        person_panel: who it is, for the left.
        panel: what is masked, and the acts, for the centre.
        file: the record; None: none is open.
        seen: what is masked is shown.

    Signals:
        changed(): what is seen, or the keys, are not what they were.
        centre_changed(): one is open that was not, or none any more.
        opened(): another one than before is about to be shown.
        refused(answer): a ``NotDone``: it may not be shown, and why.
        stalled(): the line is down; it is asked again until there is an answer.
        said(view): a ``StripView`` about it, for whoever has this page in sight.
        unmasked(act, person): what an act that was chosen needs is there.
    """

    changed = Signal()
    centre_changed = Signal()
    opened = Signal()
    refused = Signal(object)
    stalled = Signal()
    said = Signal(object)
    unmasked = Signal(str, object)

    def __init__(
        self, look: Look, worker: DatabaseWorker, desk: Desk, half_filled: Callable[[], bool]
    ) -> None:
        super().__init__()
        self.person_panel = PatronPanel(look)
        self.panel = PatronFilePanel(look)
        self.file: PatronFile | None = None
        self.seen = False
        self._worker = worker
        self._desk = desk
        self._half_filled = half_filled
        self._visit: UUID | None = None
        self._person: Person | None = None
        self._veiled = False
        self._wanted = ""
        self._quiet_from = 0
        self._afresh = False
        self._ended = False

    # -- opening and closing -----------------------------------------------------------------------------

    def open_card(self, number: str) -> None:
        """Opens the record of whoever's card it is."""
        visit = uuid4()
        act = partial(open_card, visit=visit, card_number=number, desk=self._desk)
        self._look_up(visit, act, words.outage_strip())

    def open(self, patron_id: int) -> None:
        """Opens the record of somebody who was found."""
        visit = uuid4()
        self._look_up(visit, partial(open_patron, visit=visit, patron_id=patron_id, desk=self._desk), None)

    def open_again(self, patron_id: int) -> None:
        """Something else holds of them now: their record is opened anew, if it is the one that is open."""
        if not self._ended and self.is_of(patron_id):
            self._afresh = True
            self.open(patron_id)

    def is_of(self, patron_id: int) -> bool:
        """Whether theirs is open."""
        return self.file is not None and self.file.patron_id == patron_id

    def close(self) -> None:
        """No record is open any more."""
        if self.file is None:
            return
        self._worker.stop_looking("patrons", "person")
        self._forget()
        self.show()
        if not self._ended:
            self.centre_changed.emit()

    def end(self) -> None:
        """The session is over."""
        self._ended = True
        self._forget()
        self.show()

    def set_veiled(self, veiled: bool) -> None:
        """Hides whatever is somebody's, or shows it again; what was unmasked is masked again."""
        self._veiled = veiled
        if veiled:
            self.seen = False
        self.show()

    def _forget(self) -> None:
        self.file = self._person = self._visit = None
        self.seen = False

    def _look_up(self, visit: UUID, act: partial[PatronFile | NotDone], said: StripView | None) -> None:
        self._worker.look_up("patrons", act, partial(self._came, visit), partial(self._stalled, said))

    def _stalled(self, said: StripView | None) -> None:
        self.stalled.emit()
        if said is not None:
            self.said.emit(said)

    def _came(self, visit: UUID, answer: PatronFile | NotDone) -> None:
        if self._ended:
            return
        if isinstance(answer, NotDone):
            self.close()
            self.refused.emit(answer)
            return
        other = not self.is_of(answer.patron_id)
        if other and self._half_filled():
            self.said.emit(words.half_filled_strip())
            return
        afresh, self._afresh = self._afresh or other, False
        if other:
            self.opened.emit()
            self.seen = False
            self._wanted = ""
            self.appeared()
        if afresh:
            # what has just been written stands on top, and is to be seen
            self.panel.set_view(views.no_file())
        # what was read of them before may have been changed meanwhile
        self.file, self._visit, self._person = answer, visit, None
        self.show()
        self.centre_changed.emit()
        if afresh:
            # once it has its room: whatever stands above stays in sight as far as there is any
            self.panel.table.select(views.LEND)
        if other:
            self.said.emit(words.opened_strip(answer.name))

    # -- what is masked ------------------------------------------------------------------------------

    def see(self, seen: bool) -> None:
        """Shows what is masked, or hides it again; nothing of it is asked for before."""
        if self.file is None or self._veiled or seen is self.seen:
            return
        self.seen = seen
        if seen:
            self._ask_details()
        self.show()

    def unmask_for(self, act: str) -> None:
        """What is masked is wanted for an act: ``unmasked`` brings it."""
        self._wanted = act
        self._ask_details()

    def _ask_details(self) -> None:
        """Where they live and how to reach them: asked once for each opening, and on record."""
        file, visit = self.file, self._visit
        if self._person is not None:
            self._go_on_as_wanted()
        elif file is not None and visit is not None:
            self._worker.look_up(
                "person",
                partial(details, visit=visit, patron_id=file.patron_id, desk=self._desk),
                partial(self._details_came, visit),
                partial(self.said.emit, words.outage_strip()),
            )

    def _details_came(self, visit: UUID, answer: Person | NotDone) -> None:
        if self._ended or visit != self._visit:
            return
        if isinstance(answer, NotDone):
            self.seen, self._wanted = False, ""
            self.show()
            self.said.emit(words.refused_strip(answer.refusal))
            return
        self._person = answer
        self.show()
        self._go_on_as_wanted()

    def _go_on_as_wanted(self) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted and self._person is not None:
            self.unmasked.emit(wanted, self._person)

    # -- keys that were meant for something else -----------------------------------------------------------

    def appeared(self) -> None:
        """The record has come into sight just now."""
        self._quiet_from = monotonic_ms()

    def guarded(self) -> bool:
        """Whether the record has only just appeared: a key that was for something else begins no visit."""
        guard, now = self.panel.look.theme.tokens.answer_guard_ms, monotonic_ms()
        if now - self._quiet_from >= guard:
            return False
        self._quiet_from = now
        return True

    # -- what is seen --------------------------------------------------------------------------------

    def show(self) -> None:
        """Shows it as it is now."""
        file = self.file
        self.person_panel.set_view(views.patron_view(file, veiled=self._veiled) if file is not None else None)
        self.panel.set_view(
            views.file_view(file, self._person, shown=self.seen, veiled=self._veiled)
            if file is not None
            else views.no_file()
        )
        self.changed.emit()
