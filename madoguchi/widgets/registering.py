"""Registration (利用者登録) at the counter: its keys, cards read for it, its way to the server and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import NotDone, PatronFile, PatronRefusal, Registered, SamePerson
from madoguchi.app.patrons.finding import open_card
from madoguchi.barcode.symbology import CodePlan
from madoguchi.widgets import card_words
from madoguchi.widgets import register_form as words
from madoguchi.widgets.card_printing import CardPrinting, CardTrouble, trouble_words
from madoguchi.widgets.look.views import RailItem
from madoguchi.widgets.registration import Asked, Done
from madoguchi.widgets.registration_form import CARD, NAME, RegistrationForm
from madoguchi.widgets.registration_request import Answer, OpenInstead, Request, Wrong, act_of, request
from madoguchi.widgets.worker import DatabaseWorker


class Registering(QObject):
    """What is done with the form of a registration, and what comes of it.

    Signals:
        registered(patron_id, card): somebody is registered; the form offers the next of the family.
        open_wanted(patron_id): this record is to be seen; the form stays as it is.
        card_known(number): a card was read that is somebody's already.
        said(view): a ``StripView`` about what was sent.
        told(view): a ``StripView`` about a card that was read, for where it was read.
    """

    registered = Signal(int, str)
    open_wanted = Signal(int)
    card_known = Signal(str)
    said = Signal(object)
    told = Signal(object)

    def __init__(
        self,
        form: RegistrationForm,
        worker: DatabaseWorker,
        desk: Desk,
        plan: CodePlan,
        today: Callable[[], dt.date],
        printing: CardPrinting,
    ) -> None:
        super().__init__()
        self._form = form
        self._worker = worker
        self._desk = desk
        self._plan = plan
        self._today = today
        self._printing = printing
        self._ended = False
        form.sent.connect(self._send)

    def end(self) -> None:
        """The session is over."""
        self._ended = True
        self._form.end()

    # -- keys ----------------------------------------------------------------------------------------

    def key(self) -> RailItem:
        """What F9 does on the page of patrons."""
        if self._form.in_front:
            return words.open_key(enabled=self._form.likely() is not None)
        return words.back_key() if self._form.is_open() else words.register_key()

    def press(self) -> None:
        """F9: a new form, back to the one that waits, or the likely record instead of it."""
        if self._form.in_front:
            likely = self._form.likely()
            if likely is not None:
                self.open_wanted.emit(likely)
        elif self._form.is_open():
            self._form.come_back()
        else:
            self._form.open()

    def print_key(self) -> RailItem:
        """What F11 does in the form."""
        return card_words.print_key(enabled=self._takes_print())

    def toggle_print(self) -> None:
        """F11: the card is printed here, or is not."""
        if not self._takes_print():
            return
        on = self._form.stands_in(card_words.PRINT) != card_words.PRINTED
        at_card = self._form.has_keyboard(CARD)
        self._form.choose(card_words.PRINT, card_words.PRINTED if on else "")
        if on and at_card:
            self._form.form.field(NAME).start()

    def _takes_print(self) -> bool:
        return self._form.takes_scans() and not self._form.veiled

    # -- cards ---------------------------------------------------------------------------------------

    def take_card(self, number: str) -> None:
        """A card was read while the form is open: it is theirs, unless it is somebody's."""
        asked = self._form.asked
        if asked is None:
            return
        self._worker.ask(
            partial(open_card, visit=uuid4(), card_number=number, desk=self._desk),
            partial(self._card_seen, asked, number),
            # the server says so once it can, before anybody is registered
            partial(self._put_card, asked, number),
            matters=False,
        )

    def _card_seen(self, asked: Asked, number: str, answer: PatronFile | NotDone) -> None:
        if asked is not self._form.asked:
            # whoever it was read for is not being registered any more
            return
        if isinstance(answer, NotDone) and answer.refusal is not PatronRefusal.CARD_LOST:
            self._put_card(asked, number)
            return
        if self._form.stands_in(CARD) == number:
            self._form.put({CARD: ""})
        if isinstance(answer, NotDone):
            # the line says so, too: the clerk may be at something else by now
            self._form.mark(CARD, words.refused(PatronRefusal.CARD_LOST))
            self.told.emit(words.lost_card_strip())
        else:
            self.card_known.emit(number)

    def _put_card(self, asked: Asked, number: str) -> None:
        if asked is not self._form.asked or self._form.is_busy():
            return
        self._form.unmark(CARD)
        self._form.unmark(card_words.PRINT)
        # a card that is there need not be printed
        self._form.need_card(True)
        here = self._form.has_keyboard(CARD)
        self._form.put({CARD: number, card_words.PRINT: ""})
        if here:
            self._form.form.field(NAME).start()

    # -- sending -------------------------------------------------------------------------------------

    def _send(self, values: dict[str, str]) -> None:
        form, asked = self._form, self._form.asked
        if form.done is not None:
            self._next_of_family(form.done)
            return
        if asked is None:
            return
        match request(values, asked, self._plan, self._today()):
            case Wrong(errors, message, strip):
                form.complain(errors, message)
                if strip is not None:
                    self.said.emit(strip)
            case OpenInstead(patron_id):
                self.open_wanted.emit(patron_id)
            case Request() as wanted:
                asked.goes_out((wanted.new, wanted.as_new), form.values())
                form.await_answer()
                self._worker.ask(
                    partial(
                        act_of(asked, self._plan, printed=wanted.printed),
                        operation=asked.operation,
                        new=wanted.new,
                        as_new=wanted.as_new,
                        desk=self._desk,
                    ),
                    partial(self._answered, asked, wanted, dict(values)),
                    partial(self._stalled, asked),
                    partial(self._faulted, asked),
                )

    def _answered(self, asked: Asked, wanted: Request, values: Mapping[str, str], answer: Answer) -> None:
        match answer:
            case Registered(patron_id=patron_id, card_number=card):
                name = wanted.new.person.name
                self.said.emit(words.registered_strip(name, card))
                if asked is self._form.asked:
                    self._offer_next(asked, values, patron_id, name, card)
                if wanted.printed and not self._ended:
                    self._printing.print(card, partial(self._card_printed, name, card))
            case SamePerson(patron_ids):
                if asked is self._form.asked:
                    asked.same = wanted.about
                    self._form.ask_which(patron_ids[0])
                else:
                    self.said.emit(words.same_person_strip())
            case NotDone(refusal):
                self._refused(asked, refusal, printed=wanted.printed and refusal is PatronRefusal.CARD_TAKEN)

    def _refused(self, asked: Asked, refusal: PatronRefusal, *, printed: bool) -> None:
        """Nobody is registered; ``printed``: the number was that of a card to be printed."""
        self.said.emit(words.refused_strip(refusal, printed=printed))
        if asked is self._form.asked:
            asked.operation = uuid4()
            if printed:
                asked.card = uuid4()
            where = card_words.PRINT if printed else words.refused_field(refusal)
            sentence = words.refused(refusal, printed=printed)
            self._form.complain({where: sentence} if where else {}, sentence)

    def _stalled(self, asked: Asked) -> None:
        if asked is self._form.asked:
            self._form.say_why(words.outage())

    def _faulted(self, asked: Asked) -> None:
        if asked is self._form.asked:
            self._form.complain({}, words.fault())

    # -- somebody is registered --------------------------------------------------------------------------

    def _offer_next(
        self, asked: Asked, values: Mapping[str, str], patron_id: int, name: str, card: str
    ) -> None:
        family_of = asked.family_of if asked.family_of is not None else patron_id
        if self._form.in_front:
            self._form.show_done(Done(card, dict(values), family_of, (asked.member or 1) + 1), name)
        else:
            # said is enough: the clerk is at somebody else
            self._form.close()
        self.registered.emit(patron_id, card)

    def _card_printed(self, name: str, card: str, trouble: CardTrouble | None) -> None:
        """Their card is at the printer, or is not: said, and to be read as long as they are named here."""
        if self._ended:
            return
        why = trouble_words(trouble) if trouble is not None else ""
        self.said.emit(
            card_words.card_not_printed_strip(why) if why else card_words.printed_strip(name, card)
        )
        done = self._form.done
        if done is not None and done.card == card:
            note = card_words.card_not_printed(why) if why else card_words.printed()
            self._form.show_view(words.done_form(name, card, note))

    def _next_of_family(self, done: Done) -> None:
        values = words.taken_over(done.values)
        self._form.open_family(values, done.family_of, done.member)
        if values.get(card_words.PRINT):
            self._form.form.field(NAME).start()
        else:
            self._form.form.start()
