"""Patrons (利用者, F5): found when asked for, one record at a time, and what is done about it."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Protocol
from uuid import UUID, uuid4

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import NotDone, PatronFile, PatronsFound
from madoguchi.app.patrons.applications import Application
from madoguchi.app.patrons.asked import AskProblem, query_of
from madoguchi.app.patrons.birth_dates import BirthDateProblem
from madoguchi.app.patrons.finding import PatronQuery, categories, details, find, open_card, open_patron
from madoguchi.app.patrons.person import Person
from madoguchi.barcode.symbology import (
    CodePlan,
    ItemCode,
    Meaning,
    ParsedCode,
    PatronCode,
    Unknown,
    UnknownReason,
    parse,
)
from madoguchi.widgets import application_views, wording
from madoguchi.widgets import patron_views as views
from madoguchi.widgets import patron_words as words
from madoguchi.widgets.applications_queue import ApplicationsQueue
from madoguchi.widgets.counter_page import ATTEND, CounterPage
from madoguchi.widgets.kept_pages import KeptPatrons
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.patron_file import PatronFilePanel
from madoguchi.widgets.look.patron_finder import WORDS, PatronFinder
from madoguchi.widgets.look.patron_panel import PatronPanel
from madoguchi.widgets.look.person_views import FinderView
from madoguchi.widgets.look.question_card import monotonic_ms
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import RailItem, StripView
from madoguchi.widgets.patron_acting import PatronActing
from madoguchi.widgets.registering import Registering
from madoguchi.widgets.secret_printing import SecretPrinting
from madoguchi.widgets.visit import PatronAtDesk
from madoguchi.widgets.worker import DatabaseWorker

translate = QCoreApplication.translate

PATRONS = 5
_SEEN = 11


class AroundPatrons(Protocol):
    """What this page asks of the session around it."""

    worker: DatabaseWorker
    desk: Desk
    plan: CodePlan
    printing: SecretPrinting

    def show_strip(self, view: StripView) -> None: ...

    def show_quietly(self, view: StripView) -> None: ...

    def begin_visit(self, code: PatronCode) -> None: ...

    def lend_item(self, code: ItemCode) -> bool: ...

    def patron_at_desk(self) -> PatronAtDesk: ...

    def in_sight(self, page: CounterPage) -> bool: ...

    def today(self) -> dt.date: ...


class PatronsPage(CounterPage):
    """Finds patrons, and shows one record at a time. Nothing of anybody stays longer than it is needed."""

    def __init__(self, look: Look, around: AroundPatrons) -> None:
        super().__init__()
        self._around = around
        self._finder = PatronFinder(look)
        self._left = PatronPanel(look)
        self._record = PatronFilePanel(look)
        self._found: PatronsFound | None = None
        self._errors: dict[str, str] = {}
        self._empty = ""
        self._file: PatronFile | None = None
        self._visit: UUID | None = None
        self._person: Person | None = None
        self._seen = False
        self._veiled = False
        self._typed_before: dict[str, str] = {}
        self._wanted = ""
        self._quiet_from = 0
        self._afresh = False
        self._dropped = False
        self._ended = False
        self._at_desk = PatronAtDesk()
        self._acting = PatronActing(
            look, around.worker, around.desk, around.plan, around.today, around.printing
        )
        self._acting.closed.connect(self._form_closed)
        self._acting.said.connect(self._say)
        self._acting.done.connect(self._look_again)
        self._acting.gone.connect(self._gone)
        self._registering = Registering(look, around.worker, around.desk, around.plan, around.today)
        self._registering.closed.connect(self._registration_closed)
        self._registering.said.connect(self._say)
        self._registering.changed.connect(self.changed)
        self._registering.registered.connect(self._registered)
        self._registering.open_wanted.connect(self._open_instead)
        self._registering.card_known.connect(self._card_known)
        self._queue = ApplicationsQueue(look, around.worker, around.desk, around.today)
        self._queue.closed.connect(self._form_closed)
        self._queue.said.connect(self._say)
        self._queue.changed.connect(self._show)
        self._queue.opened.connect(self._open_application)
        self._new_patron: int | None = None
        self._finder.asked.connect(self._ask)
        self._finder.chosen.connect(self._open_found)
        self._record.chosen.connect(self._act)
        self._show()

    # -- what the window asks ------------------------------------------------------------------------

    def centre(self) -> QWidget:
        form = self._form()
        if form is not None:
            return form
        return self._record if self._file is not None else self._finder

    def left(self) -> QWidget | None:
        if self._registering.in_front:
            return self._registering.beside
        return self._left if self._file is not None else None

    def widgets(self) -> list[QWidget]:
        registration = [self._registering.form, self._registering.beside]
        return [self._finder, self._left, self._record, self._acting.form, self._queue.form, *registration]

    def shown(self) -> None:
        # whoever is half registered is what F5 is pressed for
        self._registering.come_back()
        if not self._registering.categories and not self._ended:
            self._around.worker.look_up(
                "categories", partial(categories, desk=self._around.desk), self._registering.take_categories
            )

    def focus(self) -> None:
        form = self._form()
        if self._registering.in_front:
            self._registering.focus()
        elif form is not None:
            form.start()
        elif self._file is not None:
            self._record.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._finder.start()

    def _form(self) -> FormPanel | None:
        if self._registering.in_front:
            return self._registering.form
        if self._queue.is_open():
            return self._queue.form
        return self._acting.form if self._acting.is_open() else None

    def idle_strip(self) -> StripView:
        if self._registering.in_front:
            return self._registering.idle_strip()
        if self._form() is not None:
            return words.form_strip()
        if self._dropped:
            return words.dropped_strip()
        return words.idle_strip() if self._file is None else words.opened_idle_strip(self._file.name)

    def function_keys(self) -> tuple[RailItem, RailItem]:
        if self._file is None and self._form() is None:
            queue = application_views.queue_key(on=self._queue.on, enabled=not self._veiled)
            if not self._queue.on:
                return self._registering.key(), queue
            chosen = self._finder.results.selected() is not None and not self._veiled
            return application_views.reject_key(enabled=chosen), queue
        seeing = self._file is not None and self._form() is None and not self._veiled
        return (
            self._registering.key(),
            RailItem(_SEEN, translate("Patrons", "連絡先を見る"), translate("Patrons", "連絡先"), seeing),
        )

    def press(self, key: int) -> None:
        if self._file is None and self._form() is None and (key == _SEEN or self._queue.on):
            self._press_in_queue(key)
        elif key == _SEEN:
            self._see(not self._seen)
        elif self._veiled:
            return
        elif self._acting.is_half_filled():
            self._around.show_strip(words.half_filled_strip())
        else:
            self._acting.close()
            self._see(False)
            self._registering.press()
            if self._registering.in_front:
                # nobody else is named beside whoever is being typed
                self._around.show_quietly(self._registering.idle_strip())
            self.centre_changed.emit()

    def _press_in_queue(self, key: int) -> None:
        """Nobody's record is open: the queue instead of the patrons, or back; in it, one is rejected."""
        if self._veiled:
            return
        if key == _SEEN:
            self._forget_found(keep_queue=True)
            self._queue.toggle()
        else:
            self._queue.reject(self._finder.results.selected())
            self.centre_changed.emit()

    def released(self, key: int) -> None:
        if key == _SEEN:
            self._see(False)

    def attend_key(self) -> RailItem:
        form = self._form()
        view = form.view() if form is not None else None
        if view is not None:
            return RailItem(ATTEND, view.submit, enabled=not view.busy, offered=True)
        if form is not None:
            # hidden, nothing of it is sent
            return RailItem(ATTEND, translate("Patrons", "決定"), enabled=False)
        if self._file is not None:
            return RailItem(ATTEND, translate("Patrons", "貸出へ"))
        at_desk = bool(self._around.patron_at_desk().card)
        return RailItem(
            ATTEND, translate("Patrons", "窓口の利用者"), translate("Patrons", "窓口"), enabled=at_desk
        )

    def attend(self) -> None:
        form = self._form()
        if form is not None:
            form.press(Qt.Key.Key_F10)
        elif self._file is not None:
            self._act(views.LEND)
        elif card := self._around.patron_at_desk().card:
            self._open_card(card)

    def attends_by_code(self) -> bool:
        # what is done about a patron is never done by a scan
        return False

    def line_down_words(self) -> str:
        return translate("Patrons", "つながりしだい、検索と記録を続けます")

    def key(self, event: QKeyEvent) -> bool:
        text = event.text()
        form = self._form()
        if form is not None:
            return event.key() == Qt.Key.Key_Escape and form.press(Qt.Key.Key_Escape)
        if self._file is not None and event.key() == Qt.Key.Key_Escape and not self._veiled:
            if not event.isAutoRepeat():
                self._go_back()
            return True
        if (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
            or not text.strip()
            or not text.isprintable()
        ):
            return False
        if self._veiled:
            return False
        if self._file is not None:
            # the next one is looked for
            self._forget_found()
            self._go_back()
        self._finder.add(text)
        return True

    def set_veiled(self, veiled: bool) -> None:
        if veiled is self._veiled:
            return
        self._veiled = veiled
        if veiled:
            self._seen = False
            self._typed_before = self._finder.values()
            self._finder.set_values({})
            self._queue.close()
        else:
            self._finder.set_values(self._typed_before)
            self._typed_before = {}
        self._acting.set_veiled(veiled)
        self._registering.set_veiled(veiled)
        self._show()

    def patron_changed(self) -> None:
        """Somebody else is at the counter, or nobody: who was found with the one before goes, too."""
        before, self._at_desk = self._at_desk, self._around.patron_at_desk()
        if before.visit == self._at_desk.visit:
            return
        if self._registering.done_card not in ("", self._at_desk.card):
            # who has been registered is named to nobody else
            self._new_patron = None
            self._registering.close()
        if self._file is not None and before.visit is None and self._file.card_number == self._at_desk.card:
            return
        self._dropped = self._acting.is_half_filled()
        self._acting.close()
        self._forget_found()
        self._close_record()

    def leave(self) -> None:
        self._ended = True
        self._around.worker.stop_looking()
        self._acting.leave()
        self._registering.end()
        self._forget_found()
        self._file = self._person = self._visit = None
        self._seen = False
        self._show()

    def keep(self) -> KeptPatrons:
        """What this page comes back to: what was typed, and whose record was open."""
        typed = self._typed_before if self._veiled else self._finder.values()
        return KeptPatrons(
            typed, self._file.patron_id if self._file is not None else None, self._registering.keep()
        )

    def resume(self, kept: KeptPatrons) -> None:
        """The clerk is back. Who was found is not shown before they ask again; a record is opened anew."""
        self._finder.set_values(kept.values)
        if kept.patron_id is not None:
            self._open(kept.patron_id)
        self._registering.resume(kept.registration)

    def registration_waits(self) -> bool:
        """Whether somebody is half registered."""
        return self._registering.is_half_typed()

    # -- scans ---------------------------------------------------------------------------------------

    def take(self, code: ParsedCode) -> None:
        match code:
            case PatronCode(number) if self._registering.takes_scans():
                self._registering.take_card(number)
            case PatronCode(number) if self._registering.in_front:
                self._card_known(number)
            case ItemCode() if self._registering.in_front and self._around.lend_item(code):
                self._registering.step_aside()
            case PatronCode(number) if self._acting.takes_cards():
                self._acting.take_card(number)
            case PatronCode() | ItemCode() if self._acting.is_half_filled():
                self._around.show_strip(words.half_filled_strip())
            case PatronCode(number):
                self._acting.close()
                self._forget_found()
                if self._file is not None and self._file.card_number != number:
                    # nothing is done about whoever stood here before
                    self._close_record()
                self._open_card(number)
            case ItemCode(number):
                if not self._around.lend_item(code):
                    self._around.show_strip(words.item_strip(number))
            case Unknown(UnknownReason.WRONG_CHECK_DIGIT, looked_like=Meaning.PATRON) if (
                self._registering.in_front
            ):
                self._around.show_strip(words.check_digit_strip())
            case _:
                self._around.show_strip(words.not_here_strip(wording.shown_text(code)))

    # -- registration ------------------------------------------------------------------------------------

    def _card_known(self, number: str) -> None:
        """Somebody is here who has a card: their visit begins, and whoever is half registered waits."""
        if self._ended or not self._around.in_sight(self):
            # it was asked about too long ago
            return
        self._registering.step_aside()
        self._around.begin_visit(PatronCode(number))

    def _open_instead(self, patron_id: int) -> None:
        self._registering.step_aside()
        self.centre_changed.emit()
        self._open(patron_id)

    def _registered(self, patron_id: int, _card: str) -> None:
        self._new_patron = patron_id if self._registering.in_front else None
        self._queue.confirmed()

    def _registration_closed(self) -> None:
        """Whoever was registered last is seen next: they may want to borrow."""
        self._form_closed()
        if self._new_patron is not None and self._around.in_sight(self) and not self._ended:
            self._open(self._new_patron)
        self._new_patron = None

    # -- finding -------------------------------------------------------------------------------------

    def _ask(self, values: dict[str, str]) -> None:
        if self._queue.on:
            self._queue.ask(values)
            return
        code = parse(values.get(WORDS, ""), self._around.plan)
        if isinstance(code, PatronCode) and len(values) == 1:
            self._finder.set_values({})
            self._open_card(code.number)
            return
        query = query_of(values, today=self._around.today())
        self._found = None
        if not isinstance(query, PatronQuery):
            self._errors = {field: _problem(problem) for field, problem in query.items()}
            self._empty = views.ask_words()
            self._show()
            self._finder.start()
            return
        self._errors, self._empty = {}, views.looking_words()
        self._show()
        self._around.worker.look_up(
            "patrons",
            partial(find, visit=uuid4(), query=query, desk=self._around.desk),
            self._came,
            partial(self._stalled, views.outage_words()),
        )

    def _stalled(self, empty: str, said: StripView | None = None) -> None:
        self._empty = empty
        self._show()
        if said is not None:
            self._tell(said)

    def _tell(self, view: StripView) -> None:
        """What was asked on this page is said on no other one."""
        if not self._ended and self._around.in_sight(self):
            self._around.show_strip(view)

    def _came(self, answer: PatronsFound | NotDone) -> None:
        if self._ended:
            return
        if isinstance(answer, NotDone):
            self._refuse(answer)
            return
        self._found, self._empty = answer, views.nobody_words()
        self._show()
        if len(answer.patrons) == 1:
            self._open(answer.patrons[0].patron_id)

    def _refuse(self, answer: NotDone) -> None:
        """Nothing is shown, and why: in the table's place, and loudly on the strip."""
        self._empty = words.refused(answer.refusal).detail
        self._show()
        self._tell(words.refused_strip(answer.refusal))

    def _forget_found(self, *, keep_queue: bool = False) -> None:
        if not keep_queue:
            self._queue.clear()
        self._around.worker.stop_looking("patrons")
        self._found = None
        self._errors, self._empty = {}, ""
        self._typed_before = {}
        self._finder.set_values({})

    # -- one record ----------------------------------------------------------------------------------

    def _open_found(self, key: str) -> None:
        if self._veiled:
            return
        if not self._queue.on:
            self._open(int(key))
        elif self._registering.is_half_typed():
            self._around.show_strip(words.half_registered_strip())
        else:
            self._queue.open(key)

    def _open_application(self, application: Application) -> None:
        """Compared with proof in the form of a registration."""
        if self._ended or self._veiled or self._form() is not None:
            return
        values = application_views.values(application)
        self._registering.open(values, application=application.number)
        self.centre_changed.emit()

    def _open_card(self, number: str) -> None:
        self._around.show_strip(words.looking_strip())
        visit = uuid4()
        self._look(
            visit,
            partial(open_card, visit=visit, card_number=number, desk=self._around.desk),
            said=words.outage_strip(),
        )

    def _open(self, patron_id: int) -> None:
        visit = uuid4()
        self._look(visit, partial(open_patron, visit=visit, patron_id=patron_id, desk=self._around.desk))

    def _look(self, visit: UUID, act: partial[PatronFile | NotDone], said: StripView | None = None) -> None:
        self._around.worker.look_up(
            "patrons", act, partial(self._opened, visit), partial(self._stalled, views.outage_words(), said)
        )

    def _opened(self, visit: UUID, answer: PatronFile | NotDone) -> None:
        if self._ended:
            return
        if isinstance(answer, NotDone):
            self._close_record()
            self._refuse(answer)
            return
        other = self._file is None or self._file.patron_id != answer.patron_id
        if other and self._acting.is_half_filled():
            self._tell(words.half_filled_strip())
            return
        afresh, self._afresh = self._afresh or other, False
        self._dropped = False
        if other:
            self._acting.close()
            self._seen = False
            self._wanted = ""
            self._appeared()
        if afresh:
            # what has just been written stands on top, and is to be seen
            self._record.set_view(views.no_file())
        # what was read of them before may have been changed meanwhile
        self._file, self._visit, self._person = answer, visit, None
        self._show()
        self.centre_changed.emit()
        if afresh:
            # once it has its room: whatever stands above stays in sight as far as there is any
            self._record.table.select(views.LEND)
        if other:
            self._tell(words.opened_strip(answer.name))

    def _go_back(self) -> None:
        """The clerk is done with a record: its name is not on the strip any more, either."""
        self._close_record()
        self._around.show_quietly(words.idle_strip())

    def _close_record(self) -> None:
        """Back to those who were found; of the record nothing stays."""
        if self._file is None:
            self._show()
            return
        self._around.worker.stop_looking("patrons", "person")
        self._file = self._person = self._visit = None
        self._seen = False
        self._show()
        if not self._ended:
            self.centre_changed.emit()

    def _look_again(self, patron_id: int) -> None:
        """Something else holds now: the record is opened anew."""
        if not self._ended and self._file is not None and self._file.patron_id == patron_id:
            self._afresh = True
            self._open(patron_id)

    def _gone(self, patron_id: int) -> None:
        """Somebody has left for good."""
        if self._file is not None and self._file.patron_id == patron_id:
            self._forget_found()
            self._close_record()

    # -- what is masked ------------------------------------------------------------------------------

    def _see(self, seen: bool) -> None:
        if self._file is None or self._veiled or seen is self._seen:
            return
        self._seen = seen
        if seen:
            self._ask_details()
        self._show_record()

    def _ask_details(self) -> None:
        """Where they live and how to reach them: asked once for each opening, and on record."""
        file, visit = self._file, self._visit
        if self._person is not None:
            self._go_on_as_wanted()
        elif file is not None and visit is not None:
            self._around.worker.look_up(
                "person",
                partial(details, visit=visit, patron_id=file.patron_id, desk=self._around.desk),
                partial(self._details_came, visit),
                partial(self._tell, words.outage_strip()),
            )

    def _details_came(self, visit: UUID, answer: Person | NotDone) -> None:
        if self._ended or visit != self._visit:
            return
        if isinstance(answer, NotDone):
            self._seen, self._wanted = False, ""
            self._show_record()
            self._tell(words.refused_strip(answer.refusal))
            return
        self._person = answer
        self._show_record()
        self._go_on_as_wanted()

    def _go_on_as_wanted(self) -> None:
        """What was chosen needed what is masked, which is there now."""
        wanted, self._wanted = self._wanted, ""
        file, person = self._file, self._person
        if not wanted or file is None or person is None or self._form() is not None or self._veiled:
            return
        if wanted == views.CHANGE:
            self._acting.open_change(file, person, self._registering.categories)
        else:
            self._registering.open_family(
                views.taken_over(person), file.patron_id, member=len(file.family) + 2
            )
        self.centre_changed.emit()

    # -- what is done --------------------------------------------------------------------------------

    def _act(self, key: str) -> None:
        file = self._file
        if file is None or self._form() is not None or self._veiled:
            return
        self._see(False)
        act, about = views.act_of(key)
        if act == views.LEND:
            self._lend(file)
        elif act == views.OPEN:
            self._open(int(about))
        elif act == views.RELATIVE and self._registering.is_half_typed():
            self._around.show_strip(words.half_registered_strip())
        elif act in (views.CHANGE, views.RELATIVE):
            # both begin with what is masked
            self._wanted = act
            self._ask_details()
        else:
            self._acting.open(key, file)
            self.centre_changed.emit()

    def _appeared(self) -> None:
        self._quiet_from = monotonic_ms()

    def _guarded(self) -> bool:
        """Whether the record has only just appeared: a key that was for something else begins no visit."""
        guard, now = self._record.look.theme.tokens.answer_guard_ms, monotonic_ms()
        if now - self._quiet_from >= guard:
            return False
        self._quiet_from = now
        return True

    def _lend(self, file: PatronFile) -> None:
        if self._guarded():
            return
        if file.card_number:
            self._around.begin_visit(PatronCode(file.card_number))
        else:
            self._around.show_strip(words.no_card_strip(file.name))

    def _form_closed(self) -> None:
        self._appeared()
        if not self._ended:
            self.centre_changed.emit()

    def _say(self, view: StripView) -> None:
        self._around.show_strip(view)
        self.changed.emit()

    # -- what is seen --------------------------------------------------------------------------------

    def _show(self) -> None:
        table = (
            self._queue.table()
            if self._queue.on
            else views.found_table(self._found, empty=self._empty or views.ask_words())
        )
        if self._veiled:
            table = views.veiled_table(table)
        errors = self._queue.errors if self._queue.on else self._errors
        self._finder.set_view(FinderView(table, tuple(errors.items())))
        self._show_record()

    def _show_record(self) -> None:
        file = self._file
        view = views.patron_view(file, veiled=self._veiled) if file is not None else None
        self._left.set_view(view)
        self._record.set_view(
            views.file_view(file, self._person, shown=self._seen, veiled=self._veiled)
            if file is not None
            else views.no_file()
        )
        self.changed.emit()


def _problem(problem: AskProblem | BirthDateProblem) -> str:
    if isinstance(problem, BirthDateProblem):
        return words.birth_problem(problem)
    return translate("Patrons", "数字4桁で入力してください")
