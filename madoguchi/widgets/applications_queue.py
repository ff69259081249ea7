"""The queue of provisional applications (仮登録申請), over the fields that patrons are found by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone, PatronRefusal
from madoguchi.app.patrons.application_asked import application_query_of
from madoguchi.app.patrons.applications import (
    Application,
    ApplicationFound,
    ApplicationQuery,
    ApplicationsFound,
    RejectReason,
    find_applications,
    open_application,
    reject_application,
)
from madoguchi.app.patrons.birth_dates import BirthDateProblem
from madoguchi.widgets import application_views as views
from madoguchi.widgets import patron_act_forms as forms
from madoguchi.widgets import patron_views, register_form
from madoguchi.widgets import patron_words as words
from madoguchi.widgets.look.patron_finder import BIRTH
from madoguchi.widgets.look.record_views import TableView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.search_form import SearchForm
from madoguchi.widgets.worker import DatabaseWorker


class ApplicationsQueue(SearchForm):
    """Those who wait, and the form by which one is rejected.

    Signals:
        changed(): the table, or a field's error, is another one.
        opened(application): an ``Application`` is to be compared with proof, in the form of a registration.
    """

    changed = Signal()
    opened = Signal(object)

    def __init__(self, look: Look, worker: DatabaseWorker, desk: Desk, today: Callable[[], dt.date]) -> None:
        super().__init__(look)
        self.on = False
        self.errors: dict[str, str] = {}
        self._worker = worker
        self._desk = desk
        self._today = today
        self._found: ApplicationsFound | None = None
        self._empty = ""
        self._rejecting: tuple[str, UUID] | None = None
        self._query = ApplicationQuery()

    # -- what the page asks ----------------------------------------------------------------------------

    def table(self) -> TableView:
        """Those who were found."""
        return views.table(self._found, empty=self._empty)

    def toggle(self) -> None:
        """The queue in place of the patrons, or back."""
        on = not self.on
        self.clear()
        self.on = on
        if on:
            self._ask(ApplicationQuery())
        else:
            self.changed.emit()

    def clear(self) -> None:
        """Nobody's application is here any more."""
        self._worker.stop_looking("applications", "application")
        self.on = False
        self._found, self._empty, self.errors = None, "", {}
        self._query = ApplicationQuery()
        self.close()

    def ask(self, values_untrusted: dict[str, str]) -> None:
        """Looks for what was typed."""
        query = application_query_of(values_untrusted, today=self._today())
        if isinstance(query, BirthDateProblem):
            self.errors = {BIRTH: words.birth_problem(query)}
            self.changed.emit()
        else:
            self._ask(query)

    def open(self, number: str) -> None:
        """All of one is to be seen."""
        self._worker.look_up(
            "application",
            partial(open_application, visit=uuid4(), number=number, desk=self._desk),
            self._opened,
            partial(self.said.emit, words.outage_strip()),
        )

    def confirmed(self) -> None:
        """One of them is a patron now."""
        if self.on:
            self._ask(self._query)

    def reject(self, number: str | None) -> None:
        """Opens the form that asks why."""
        found = self._one(number)
        if found is not None:
            self._rejecting = found.number, uuid4()
            self.begin(views.reject_form(found))

    # -- finding ---------------------------------------------------------------------------------------

    def _ask(self, query: ApplicationQuery) -> None:
        self._query = query
        self._found, self._empty, self.errors = None, patron_views.looking_words(), {}
        self.changed.emit()
        self._worker.look_up(
            "applications",
            partial(find_applications, visit=uuid4(), query=query, desk=self._desk),
            self._came,
            partial(self._stands_empty, patron_views.outage_words()),
        )

    def _stands_empty(self, why: str) -> None:
        self._empty = why
        self.changed.emit()

    def _came(self, answer: ApplicationsFound | NotDone) -> None:
        if not self.on:
            return
        if isinstance(answer, ApplicationsFound):
            self._found = answer
            self._stands_empty(views.nobody_words())
        elif answer.refusal is PatronRefusal.SEARCH_TOO_WIDE:
            self._stands_empty(views.contractor_words())
        else:
            self.said.emit(words.refused_strip(answer.refusal))
            self._stands_empty(words.refused(answer.refusal).detail)

    def _opened(self, answer: Application | NotDone) -> None:
        if not self.on:
            return
        if isinstance(answer, Application):
            self.opened.emit(answer)
        else:
            self.said.emit(words.refused_strip(answer.refusal))
            self._ask(self._query)

    def _one(self, number: str | None) -> ApplicationFound | None:
        found = self._found.applications if self._found is not None else ()
        return next((each for each in found if each.number == number), None)

    # -- rejecting -------------------------------------------------------------------------------------

    def forget(self) -> None:
        self._rejecting = None

    def send(self, values: dict[str, str]) -> None:
        if self._rejecting is None:
            return
        if not values.get(views.REASON):
            self.complain({views.REASON: forms.choose_one()}, "")
            return
        number, operation = self._rejecting
        self.await_answer()
        self._worker.ask(
            partial(
                reject_application,
                operation=operation,
                number=number,
                reason=RejectReason(values[views.REASON]),
                desk=self._desk,
            ),
            partial(self._rejected, self._rejecting),
            partial(self._stalled, self._rejecting),
            partial(self._faulted, self._rejecting),
        )

    def _rejected(self, asked: tuple[str, UUID], answer: Done | NotDone) -> None:
        self.said.emit(
            views.rejected_strip(asked[0])
            if isinstance(answer, Done)
            else words.refused_strip(answer.refusal)
        )
        if asked is self._rejecting:
            self.close()
            self._ask(self._query)

    def _stalled(self, asked: tuple[str, UUID]) -> None:
        if asked is self._rejecting:
            self.say_why(register_form.outage())

    def _faulted(self, asked: tuple[str, UUID]) -> None:
        if asked is self._rejecting:
            self.complain({}, forms.fault())
