"""Finding on the page of patrons: the fields, and whoever was found, or the queue of applications instead."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Protocol
from uuid import uuid4

from PySide6.QtCore import QCoreApplication, QObject, Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import NotDone, PatronsFound
from madoguchi.app.patrons.asked import AskProblem, query_of
from madoguchi.app.patrons.birth_dates import BirthDateProblem
from madoguchi.app.patrons.finding import PatronQuery, find
from madoguchi.barcode.symbology import CodePlan, PatronCode, parse
from madoguchi.widgets import patron_views as views
from madoguchi.widgets import patron_words as words
from madoguchi.widgets.applications_queue import ApplicationsQueue
from madoguchi.widgets.look.patron_finder import WORDS, PatronFinder
from madoguchi.widgets.look.person_views import FinderView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.worker import DatabaseWorker

translate = QCoreApplication.translate


class AroundFinding(Protocol):
    """What finding asks of the session around it."""

    worker: DatabaseWorker
    desk: Desk
    plan: CodePlan

    def today(self) -> dt.date: ...


class PatronFinding(QObject):
    """Looks for patrons when asked to; nobody who was found stays longer than they are needed.

    Attributes:
        finder: the fields, and the table below them.
        queue: the applications; while it is on, they are what the fields find.

    Signals:
        changed(): what is seen is not what it was.
        one_found(patron_id): a single one, to be opened at once.
        card_typed(number): the number of a card was typed.
        refused(answer): a ``NotDone``: nobody may be shown, and why.
    """

    changed = Signal()
    one_found = Signal(int)
    card_typed = Signal(str)
    refused = Signal(object)

    def __init__(self, look: Look, around: AroundFinding) -> None:
        super().__init__()
        self._around = around
        self.finder = PatronFinder(look)
        self.queue = ApplicationsQueue(look, around.worker, around.desk, around.today)
        self._found: PatronsFound | None = None
        self._errors: dict[str, str] = {}
        self._empty = ""
        self._veiled = False
        self._typed_before: dict[str, str] = {}
        self._ended = False
        self.finder.asked.connect(self._ask)
        self.queue.changed.connect(self.show)

    # -- what the page asks ----------------------------------------------------------------------------

    def values(self) -> dict[str, str]:
        """What is typed, also while it is hidden."""
        return self._typed_before if self._veiled else self.finder.values()

    def forget(self, *, keep_queue: bool = False) -> None:
        """Whoever was found is here no more, nor what was typed to find them."""
        if not keep_queue:
            self.queue.clear()
        self._around.worker.stop_looking("patrons")
        self._found = None
        self._errors, self._empty = {}, ""
        self._typed_before = {}
        self.finder.set_values({})
        self.show()

    def stands_empty(self, why: str) -> None:
        """Says in the table's place why nobody stands there."""
        self._empty = why
        self.show()

    def set_veiled(self, veiled: bool) -> None:
        """Hides who was found and what was typed, or shows it again."""
        self._veiled = veiled
        if veiled:
            self._typed_before = self.finder.values()
            self.finder.set_values({})
            self.queue.close()
        else:
            self.finder.set_values(self._typed_before)
            self._typed_before = {}
        self.show()

    def end(self) -> None:
        """The session is over."""
        self._ended = True
        self.forget()

    # -- asking ----------------------------------------------------------------------------------------

    def _ask(self, values: dict[str, str]) -> None:
        if self.queue.on:
            self.queue.ask(values)
            return
        code = parse(values.get(WORDS, ""), self._around.plan)
        if isinstance(code, PatronCode) and len(values) == 1:
            self.finder.set_values({})
            self.card_typed.emit(code.number)
            return
        query = query_of(values, today=self._around.today())
        self._found = None
        if not isinstance(query, PatronQuery):
            self._errors = {field: _problem(problem) for field, problem in query.items()}
            self.stands_empty(views.ask_words())
            self.finder.start()
            return
        self._errors = {}
        self.stands_empty(views.looking_words())
        self._around.worker.look_up(
            "patrons",
            partial(find, visit=uuid4(), query=query, desk=self._around.desk),
            self._came,
            partial(self.stands_empty, views.outage_words()),
        )

    def _came(self, answer: PatronsFound | NotDone) -> None:
        if self._ended:
            return
        if isinstance(answer, NotDone):
            self.refused.emit(answer)
            return
        self._found = answer
        self.stands_empty(views.nobody_words())
        if len(answer.patrons) == 1:
            self.one_found.emit(answer.patrons[0].patron_id)

    # -- what is seen --------------------------------------------------------------------------------

    def show(self) -> None:
        """Shows it as it is now."""
        if self.queue.on:
            table, errors = self.queue.table(), self.queue.errors
        else:
            table = views.found_table(self._found, empty=self._empty or views.ask_words())
            errors = self._errors
        if self._veiled:
            table = views.veiled_table(table)
        self.finder.set_view(FinderView(table, tuple(errors.items())))
        self.changed.emit()


def _problem(problem: AskProblem | BirthDateProblem) -> str:
    if isinstance(problem, BirthDateProblem):
        return words.birth_problem(problem)
    return translate("Patrons", "数字4桁で入力してください")
