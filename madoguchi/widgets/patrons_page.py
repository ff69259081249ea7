"""Patrons (利用者, F5): found when asked for, one record at a time, and what is done about it."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import NotDone, PatronFile
from madoguchi.app.patrons.applications import Application
from madoguchi.app.patrons.finding import categories
from madoguchi.app.patrons.person import Person
from madoguchi.barcode.symbology import (
    CodePlan,
    ItemCode,
    Meaning,
    ParsedCode,
    PatronCode,
    Unknown,
    UnknownReason,
)
from madoguchi.widgets import application_views, wording
from madoguchi.widgets import patron_views as views
from madoguchi.widgets import patron_words as words
from madoguchi.widgets.card_printing import CardPrinting
from madoguchi.widgets.counter_page import ATTEND, CounterPage
from madoguchi.widgets.kept_pages import KeptAct, KeptPatrons
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import RailItem, StripView
from madoguchi.widgets.patron_acting import PatronActing
from madoguchi.widgets.patron_finding import PatronFinding
from madoguchi.widgets.patron_record import OpenRecord
from madoguchi.widgets.registering import Registering
from madoguchi.widgets.registration_form import RegistrationForm
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
    card_printing: CardPrinting

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
        self._veiled = False
        self._dropped: StripView | None = None
        self._kept_act: KeptAct | None = None
        self._ended = False
        self._at_desk = PatronAtDesk()
        self._new_patron: int | None = None
        self._acting = PatronActing(
            look,
            around.worker,
            around.desk,
            around.plan,
            around.today,
            around.printing,
            around.card_printing,
        )
        self._acting.closed.connect(self._form_closed)
        self._acting.said.connect(self._say)
        self._finding = PatronFinding(look, around)
        self._finding.changed.connect(self.changed)
        self._finding.refused.connect(self._refuse)
        self._record = OpenRecord(look, around.worker, around.desk, self._acting.is_half_filled)
        self._record.changed.connect(self._take_up)
        self._record.changed.connect(self.changed)
        self._record.centre_changed.connect(self.centre_changed)
        self._record.opened.connect(self._opened)
        self._record.refused.connect(self._refuse)
        self._record.stalled.connect(lambda: self._finding.stands_empty(views.outage_words()))
        self._record.said.connect(self._tell)
        self._record.unmasked.connect(self._go_on)
        self._record.panel.chosen.connect(self._act)
        self._acting.done.connect(self._record.open_again)
        self._acting.gone.connect(self._gone)
        self._finding.one_found.connect(self._record.open)
        self._finding.card_typed.connect(self._open_card)
        self._finding.finder.chosen.connect(self._open_found)
        self._queue = self._finding.queue
        self._queue.closed.connect(self._form_closed)
        self._queue.said.connect(self._say)
        self._queue.opened.connect(self._open_application)
        self._registration = RegistrationForm(look, around.worker, around.desk, around.today)
        self._registration.closed.connect(self._registration_closed)
        self._registration.changed.connect(self.changed)
        self._registering = Registering(
            self._registration, around.worker, around.desk, around.plan, around.today, around.card_printing
        )
        self._registering.said.connect(self._say)
        self._registering.told.connect(self._tell)
        self._registering.registered.connect(self._registered)
        self._registering.open_wanted.connect(self._open_instead)
        self._registering.card_known.connect(self._card_known)
        self._finding.show()
        self._record.show()

    # -- what the window asks ------------------------------------------------------------------------

    def centre(self) -> QWidget:
        form = self._form()
        if form is not None:
            return form
        return self._record.panel if self._record.file is not None else self._finding.finder

    def left(self) -> QWidget | None:
        if self._registration.in_front:
            return self._registration.beside
        return self._record.person_panel if self._record.file is not None else None

    def widgets(self) -> list[QWidget]:
        registration = [self._registration.form, self._registration.beside]
        record = [self._record.panel, self._record.person_panel]
        return [self._finding.finder, *record, self._acting.form, self._queue.form, *registration]

    def shown(self) -> None:
        # whoever is half registered is what F5 is pressed for
        if not self._acting.is_half_filled():
            self._registration.come_back()
        if not self._registration.categories and not self._ended:
            self._around.worker.look_up(
                "categories", partial(categories, desk=self._around.desk), self._registration.take_categories
            )

    def focus(self) -> None:
        form = self._form()
        if self._registration.in_front:
            self._registration.focus()
        elif form is not None:
            form.start()
        elif self._record.file is not None:
            self._record.panel.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._finding.finder.start()

    def _form(self) -> FormPanel | None:
        if self._registration.in_front:
            return self._registration.form
        if self._queue.is_open():
            return self._queue.form
        return self._acting.form if self._acting.is_open() else None

    def idle_strip(self) -> StripView:
        if self._registration.in_front:
            return self._registration.idle_strip()
        if self._form() is not None:
            return words.form_strip()
        if self._dropped is not None:
            return self._dropped
        return (
            words.idle_strip()
            if self._record.file is None
            else words.opened_idle_strip(self._record.file.name)
        )

    def function_keys(self) -> tuple[RailItem, RailItem]:
        if self._record.file is None and self._form() is None:
            queue = application_views.queue_key(on=self._queue.on, enabled=not self._veiled)
            if not self._queue.on:
                return self._registering.key(), queue
            chosen = self._finding.finder.results.selected() is not None and not self._veiled
            return application_views.reject_key(enabled=chosen), queue
        seeing = self._record.file is not None and self._form() is None and not self._veiled
        print_key = self._registering.print_key() if self._registration.in_front else self._acting.print_key()
        return (
            self._registering.key(),
            print_key
            or RailItem(_SEEN, translate("Patrons", "連絡先を見る"), translate("Patrons", "連絡先"), seeing),
        )

    def press(self, key: int) -> None:
        if self._record.file is None and self._form() is None and (key == _SEEN or self._queue.on):
            self._press_in_queue(key)
        elif key == _SEEN and self._registration.in_front:
            self._registering.toggle_print()
        elif key == _SEEN and self._acting.print_key() is not None:
            self._acting.choose_print()
        elif key == _SEEN:
            self._record.see(not self._record.seen)
        elif self._veiled:
            return
        elif self._acting.is_half_filled():
            self._around.show_strip(words.half_filled_strip())
        else:
            under_way = self._acting.is_under_way()
            self._acting.close()
            self._record.see(False)
            self._registering.press()
            if self._registration.in_front and not under_way:
                # nobody else is named beside whoever is being typed
                self._around.show_quietly(self._registration.idle_strip())
            self.centre_changed.emit()

    def _press_in_queue(self, key: int) -> None:
        """Nobody's record is open: the queue instead of the patrons, or back; in it, one is rejected."""
        if self._veiled:
            return
        if key == _SEEN:
            self._finding.forget(keep_queue=True)
            self._queue.toggle()
        else:
            self._queue.reject(self._finding.finder.results.selected())
            self.centre_changed.emit()

    def released(self, key: int) -> None:
        if key == _SEEN:
            self._record.see(False)

    def attend_key(self) -> RailItem:
        form = self._form()
        view = form.view() if form is not None else None
        if view is not None:
            return RailItem(ATTEND, view.submit, enabled=not view.busy, offered=True)
        if form is not None:
            # hidden, nothing of it is sent
            return RailItem(ATTEND, translate("Patrons", "決定"), enabled=False)
        if self._record.file is not None:
            return RailItem(ATTEND, translate("Patrons", "貸出へ"))
        at_desk = bool(self._around.patron_at_desk().card)
        return RailItem(
            ATTEND, translate("Patrons", "窓口の利用者"), translate("Patrons", "窓口"), enabled=at_desk
        )

    def attend(self) -> None:
        form = self._form()
        if form is not None:
            form.press(Qt.Key.Key_F10)
        elif self._record.file is not None:
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
        if self._record.file is not None and event.key() == Qt.Key.Key_Escape and not self._veiled:
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
        if self._record.file is not None:
            # the next one is looked for
            self._finding.forget()
            self._go_back()
        self._finding.finder.add(text)
        return True

    def set_veiled(self, veiled: bool) -> None:
        if veiled is self._veiled:
            return
        self._veiled = veiled
        self._finding.set_veiled(veiled)
        self._acting.set_veiled(veiled)
        self._registration.set_veiled(veiled)
        self._record.set_veiled(veiled)

    def patron_changed(self) -> None:
        """Somebody else is at the counter, or nobody: who was found with the one before goes, too."""
        before, self._at_desk = self._at_desk, self._around.patron_at_desk()
        if before.visit == self._at_desk.visit:
            return
        done = self._registration.done
        if done is not None and done.card != self._at_desk.card:
            # who has been registered is named to nobody else
            self._new_patron = None
            self._registration.close()
        file = self._record.file
        if file is not None and before.visit is None and file.card_number == self._at_desk.card:
            return
        half_filled = self._acting.is_half_filled()
        self._dropped = self._acting.drop() or (words.dropped_strip() if half_filled else None)
        self._finding.forget()
        self._record.close()

    def leave(self) -> None:
        self._ended = True
        self._around.worker.stop_looking()
        self._acting.leave()
        self._registering.end()
        self._finding.end()
        self._record.end()

    def keep(self) -> KeptPatrons:
        """What this page comes back to: what was typed, and whose record was open."""
        file = self._record.file
        # what waits for its record is still there when the clerk leaves again
        act = self._kept_act or self._acting.keep()
        patron_id = file.patron_id if file is not None else None
        return KeptPatrons(
            self._finding.values(),
            act.patron_id if act is not None else patron_id,
            self._registration.keep(),
            act,
        )

    def resume(self, kept: KeptPatrons) -> None:
        """The clerk is back. Who was found is not shown before they ask again; a record is opened anew."""
        self._finding.finder.set_values(kept.values)
        self._kept_act = kept.act
        if kept.patron_id is not None:
            self._record.open(kept.patron_id)
        self._registration.resume(kept.registration)

    def _take_up(self) -> None:
        """The record that a form was about is open again: the form, too, before a half-typed registration."""
        kept, file = self._kept_act, self._record.file
        if kept is None or file is None or self._veiled or self._ended:
            return
        if file.patron_id == kept.patron_id:
            self._kept_act = None
            self._registration.step_aside()
            self._acting.resume(kept, file, self._registration.categories)

    def registration_waits(self) -> bool:
        """Whether somebody is half registered."""
        return self._registration.is_half_typed()

    # -- scans ---------------------------------------------------------------------------------------

    def take(self, code: ParsedCode) -> None:
        match code:
            case PatronCode(number) if self._registration.takes_scans():
                self._registering.take_card(number)
            case PatronCode(number) if self._registration.in_front:
                self._card_known(number)
            case ItemCode() if self._registration.in_front and self._around.lend_item(code):
                self._registration.step_aside()
            case PatronCode(number) if self._acting.takes_cards():
                self._acting.take_card(number)
            case PatronCode() | ItemCode() if self._acting.is_half_filled():
                self._around.show_strip(words.half_filled_strip())
            case PatronCode(number):
                self._acting.close()
                self._finding.forget()
                if self._record.file is not None and self._record.file.card_number != number:
                    # nothing is done about whoever stood here before
                    self._record.close()
                self._open_card(number)
            case ItemCode(number):
                if not self._around.lend_item(code):
                    self._around.show_strip(words.item_strip(number))
            case Unknown(UnknownReason.WRONG_CHECK_DIGIT, looked_like=Meaning.PATRON) if (
                self._registration.in_front
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
        self._registration.step_aside()
        self._around.begin_visit(PatronCode(number))

    def _open_instead(self, patron_id: int) -> None:
        self._registration.step_aside()
        self.centre_changed.emit()
        self._record.open(patron_id)

    def _registered(self, patron_id: int, _card: str) -> None:
        self._new_patron = patron_id if self._registration.in_front else None
        self._queue.confirmed()

    def _registration_closed(self) -> None:
        """Whoever was registered last is seen next: they may want to borrow."""
        self._form_closed()
        if self._new_patron is not None and self._around.in_sight(self) and not self._ended:
            self._record.open(self._new_patron)
        self._new_patron = None

    # -- finding -------------------------------------------------------------------------------------

    def _open_found(self, key: str) -> None:
        if self._veiled:
            return
        if not self._queue.on:
            self._record.open(int(key))
        elif self._registration.is_half_typed():
            self._around.show_strip(words.half_registered_strip())
        else:
            self._queue.open(key)

    def _open_application(self, application: Application) -> None:
        """Compared with proof in the form of a registration."""
        if self._ended or self._veiled or self._form() is not None:
            return
        values = application_views.values(application)
        self._registration.open(values, application=application.number)
        self.centre_changed.emit()

    def _open_card(self, number: str) -> None:
        self._around.show_strip(words.looking_strip())
        self._record.open_card(number)

    def _opened(self) -> None:
        self._dropped = None
        self._acting.close()

    def _refuse(self, answer: NotDone) -> None:
        """Nothing is shown, and why: in the table's place, and loudly on the strip."""
        self._kept_act = None
        self._finding.stands_empty(words.refused(answer.refusal).detail)
        self._tell(words.refused_strip(answer.refusal))

    def _tell(self, view: StripView) -> None:
        """What was asked on this page is said on no other one."""
        if not self._ended and self._around.in_sight(self):
            self._around.show_strip(view)

    def _go_back(self) -> None:
        """The clerk is done with a record: its name is not on the strip any more, either."""
        self._record.close()
        self._around.show_quietly(words.idle_strip())

    def _gone(self, patron_id: int) -> None:
        """Somebody has left for good."""
        if self._record.is_of(patron_id):
            self._finding.forget()
            self._record.close()

    # -- what is done --------------------------------------------------------------------------------

    def _act(self, key: str) -> None:
        file = self._record.file
        if file is None or self._form() is not None or self._veiled:
            return
        self._record.see(False)
        act, about = views.act_of(key)
        if act == views.LEND:
            self._lend(file)
        elif act == views.OPEN:
            self._record.open(int(about))
        elif act == views.RELATIVE and self._registration.is_half_typed():
            self._around.show_strip(words.half_registered_strip())
        elif act in (views.CHANGE, views.RELATIVE, views.RENEW):
            # they begin with what is masked: how old somebody is, and where they live
            self._record.unmask_for(act)
        else:
            self._acting.open(key, file)
            self.centre_changed.emit()

    def _go_on(self, act: str, person: Person) -> None:
        """What was chosen needed what is masked, which is there now."""
        file = self._record.file
        if file is None or self._form() is not None or self._veiled:
            return
        if act == views.CHANGE:
            self._acting.open_change(file, person, self._registration.categories)
        elif act == views.RENEW:
            self._acting.open_renewal(file, person)
        else:
            taken_over = views.taken_over(person)
            self._registration.open_family(taken_over, file.patron_id, member=len(file.family) + 2)
        self.centre_changed.emit()

    def _lend(self, file: PatronFile) -> None:
        if self._record.guarded():
            return
        if file.card_number:
            self._around.begin_visit(PatronCode(file.card_number))
        else:
            self._around.show_strip(words.no_card_strip(file.name))

    def _form_closed(self) -> None:
        self._record.appeared()
        if not self._ended:
            self.centre_changed.emit()

    def _say(self, view: StripView) -> None:
        # what was on its way when its form went is answered, or has been said
        self._dropped = None
        self._around.show_strip(view)
        self.changed.emit()
