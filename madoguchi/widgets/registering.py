"""Registration (利用者登録) at the counter: the form, its way to the server, and what comes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import Qt, Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import NotDone, PatronFile, PatronRefusal, Registered, SamePerson
from madoguchi.app.patrons.applications import confirm_application
from madoguchi.app.patrons.cards import printed_rule, register_with_printed_card
from madoguchi.app.patrons.finding import open_card
from madoguchi.app.patrons.form import PatronField, check_patron
from madoguchi.app.patrons.person import Category
from madoguchi.app.patrons.registering import NewPatron, register
from madoguchi.barcode.symbology import CodePlan
from madoguchi.widgets import application_views, card_words
from madoguchi.widgets import register_form as words
from madoguchi.widgets.card_printing import CardPrinting, CardTrouble, trouble_words
from madoguchi.widgets.kept_pages import KeptRegistration
from madoguchi.widgets.look.alike_panel import AlikePanel
from madoguchi.widgets.look.record_views import FormView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import RailItem, StripView
from madoguchi.widgets.register_typing import WhileTyping
from madoguchi.widgets.registration import Asked, Done
from madoguchi.widgets.search_form import SearchForm, focused_line
from madoguchi.widgets.worker import DatabaseWorker

CARD, NAME = PatronField.CARD_NUMBER.value, PatronField.NAME.value


class Registering(SearchForm):
    """The form of a registration, and what stands beside it.

    It stays as it is while the clerk is at something else. Hidden, no widget holds anything of it.

    Signals:
        registered(patron_id, card): somebody is registered; the form offers the next of the family.
        open_wanted(patron_id): this record is to be seen; the form stays as it is.
        card_known(number): a card was read that is somebody's already.
        changed(): what its key does is another thing now.
        told(view): a ``StripView`` about a card that was read, for where it was read.
    """

    registered = Signal(int, str)
    open_wanted = Signal(int)
    card_known = Signal(str)
    changed = Signal()
    told = Signal(object)

    def __init__(
        self,
        look: Look,
        worker: DatabaseWorker,
        desk: Desk,
        plan: CodePlan,
        today: Callable[[], dt.date],
        printing: CardPrinting,
    ) -> None:
        super().__init__(look)
        self._printing = printing
        self._ended = False
        self.beside = AlikePanel(look)
        self.categories: Sequence[tuple[str, str]] = ()
        self._worker = worker
        self._desk = desk
        self._plan = plan
        self._today = today
        self._asked: Asked | None = None
        self._done: Done | None = None
        self._aside: dict[str, str] | None = None
        self._in_front = False
        self._said_typed = False
        self._typing = WhileTyping(self.form, self.beside, worker, desk, today)
        self._typing.lines_changed.connect(self._show_lines)
        self._typing.likely_changed.connect(self.changed)
        self.form.edited.connect(self._edited)
        self._had_keyboard = ""
        # what is half typed is not lost by one key
        self.form.cancelled.disconnect(self.close)
        self.form.cancelled.connect(self._cancel)

    # -- what the page asks ----------------------------------------------------------------------------

    @property
    def family_of(self) -> int | None:
        """The patron whose family is being registered."""
        return self._asked.family_of if self._asked is not None else None

    def operation(self) -> UUID | None:
        """Under which operation what stands in the form went out or will."""
        self._renew_if_edited()
        return self._asked.operation if self._asked is not None else None

    def values(self) -> dict[str, str]:
        """What is typed; nothing while the form is shut, or offers the next of a family."""
        if self._asked is None:
            return {}
        values = self._aside if self._aside is not None else self.form.values()
        return {key: text for key, text in values.items() if text and key not in (words.SAME, words.TOWN)}

    def is_half_typed(self) -> bool:
        """Whether a registration waits that would be missed."""
        return self._typed()

    @property
    def in_front(self) -> bool:
        """Whether the form is to be seen on its page, and does not wait behind a record."""
        return self._in_front and self.is_open()

    def step_aside(self) -> None:
        """The clerk turns to something else: what is half typed waits, what is done goes."""
        if self._done is not None:
            self.close()
        self._in_front = False

    @property
    def done_card(self) -> str:
        """The card of whoever has just been registered and is still named; empty: nobody is."""
        return self._done.card if self._done is not None else ""

    def come_back(self) -> None:
        """The clerk turns to it again."""
        self._in_front = True

    def focus(self) -> None:
        """The keyboard is where it was in the form."""
        last = self.form.focusWidget()
        if self._had_keyboard in self.form.values():
            # hidden and shown again, the lines are new ones
            self.form.field(self._had_keyboard).start()
            self._had_keyboard = ""
        elif last is not None and last.isEnabled() and last.isVisible():
            last.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.form.start()

    def key(self) -> RailItem:
        """What F9 does on the page of patrons."""
        if self.in_front:
            return words.open_key(enabled=self.likely() is not None)
        return words.back_key() if self.is_open() else words.register_key()

    def press(self) -> None:
        """F9: a new form, back to the one that waits, or the likely record instead of it."""
        if self.in_front:
            self.open_likely()
        elif self.is_open():
            self.come_back()
        else:
            self.open()

    def print_key(self) -> RailItem:
        """What F11 does in the form."""
        return card_words.print_key(enabled=self._takes_print())

    def toggle_print(self) -> None:
        """F11: the card is printed here, or is not."""
        if not self._takes_print():
            return
        on = self.form.values().get(card_words.PRINT) != card_words.PRINTED
        at_card = any(control.hasFocus() for control in self.form.field(CARD).controls())
        self.form.set_values({card_words.PRINT: card_words.PRINTED if on else ""})
        self._edited(card_words.PRINT)
        if on and at_card:
            self.form.field(NAME).start()

    def _takes_print(self) -> bool:
        return self.takes_scans() and self._aside is None

    def takes_scans(self) -> bool:
        """Whether a card that is read now belongs into the form."""
        return self.in_front and super().takes_scans() and self._asked is not None

    def likely(self) -> int | None:
        """The patron who is likely the one being typed."""
        return self._typing.likely()

    def idle_strip(self) -> StripView:
        """The strip while nothing has happened."""
        return words.done_strip() if self._done is not None else words.typing_strip()

    def take_categories(self, found: Sequence[tuple[str, str]]) -> None:
        """What the library calls its categories; a form that is open keeps its own words."""
        self.categories = [(key, name) for key, name in found if key in set(Category)]

    def keep(self) -> KeptRegistration | None:
        """What is half typed, for whoever typed it."""
        self._renew_if_edited()
        values, asked = self.values(), self._asked
        if asked is None or not values:
            return None
        return KeptRegistration(values, asked.operation, asked.family_of, asked.application, asked.card)

    def resume(self, kept: KeptRegistration | None) -> None:
        """The clerk is back."""
        if kept is not None:
            self.open(kept.values, kept.operation, kept.family_of, kept.application)
            if self._asked is not None:
                self._asked.under = dict(kept.values)
                self._asked.card = kept.card or self._asked.card

    def _renew_if_edited(self) -> None:
        """What was edited since it went out, or may have, is another act."""
        asked = self._asked
        if asked is not None and asked.under not in (None, self.values()):
            asked.operation, asked.under = uuid4(), None

    # -- open and shut -----------------------------------------------------------------------------------

    def open(
        self,
        values: Mapping[str, str] | None = None,
        operation: UUID | None = None,
        family_of: int | None = None,
        application: str = "",
    ) -> None:
        """Opens the form with what is known already; ``operation``: it may have been sent under that one.

        ``application``: the provisional application that becomes a patron with it; what it says is not typed.
        """
        begun = dict(values or {}) if application and operation is None else {}
        self._open(values or {}, Asked(operation or uuid4(), family_of, application, begun=begun))

    def open_family(self, values: Mapping[str, str], family_of: int, member: int) -> None:
        """Opens the form for one more of somebody's family; what is taken over is not typed."""
        self._open(values, Asked(uuid4(), family_of, member=member, begun=values))

    def _open(self, values: Mapping[str, str], asked: Asked) -> None:
        self._done = None
        self._had_keyboard = ""
        self._in_front = True
        self._asked = asked
        view = words.form(values, self.categories, member=asked.member)
        if asked.application:
            view = replace(view, note=application_views.compare(asked.application))
        self._show_new(view, values)

    def _show_new(self, view: FormView, values: Mapping[str, str]) -> None:
        self._typing.end()
        if self._aside is not None:
            self._aside = dict(values)
            self._view = view
            return
        self.begin(view)
        if self._asked is not None:
            self._typing.begin(self._asked.visit)
        elif self._done is not None:
            self.beside.set_view(None, "")

    def open_likely(self) -> None:
        """The likely record is to be seen instead."""
        patron_id = self.likely()
        if patron_id is not None and self.is_open():
            self.open_wanted.emit(patron_id)

    def set_veiled(self, veiled: bool) -> None:
        """Takes whatever is somebody's out of every widget, or puts it back."""
        if veiled is (self._aside is not None):
            return
        if veiled:
            self._aside = self.form.values() if self._asked is not None else {}
            self._typing.end()
            self._had_keyboard = focused_line(self.form)
            self.form.set_view(None)
            return
        values, self._aside = self._aside or {}, None
        view = self._view
        if view is not None:
            lines = tuple(replace(line, value=values.get(line.key, "")) for line in view.lines)
            self._show_new(replace(view, lines=lines), values)
            if self._in_front and self.form.isVisible():
                self.focus()

    def forget(self) -> None:
        self._asked = self._done = None
        self._said_typed = False
        self._had_keyboard = ""
        if self._aside is not None:
            self._aside = {}
        self._typing.end()

    def end(self) -> None:
        """The session is over."""
        self._ended = True
        self.close()
        self._typing.end()

    def show_view(self, view: FormView) -> None:
        was_busy = self._view is not None and self._view.busy
        self._view = view
        if self._aside is None:
            self.form.set_view(view)
        if view.busy is not was_busy:
            self.changed.emit()

    def _show_lines(
        self, hints: Mapping[str, str], choices: Mapping[str, tuple[tuple[str, str], ...]]
    ) -> None:
        """Hints or choices of some lines are other ones now."""
        view = self._view
        if view is not None and self._asked is not None:
            lines = tuple(
                replace(
                    line,
                    hint=hints.get(line.key, line.hint),
                    choices=choices.get(line.key, line.choices),
                )
                for line in view.lines
            )
            if lines != view.lines:
                self.show_view(replace(view, lines=lines))

    def _need_card(self, needed: bool) -> None:
        """A card that is printed here gets its number by itself."""
        view = self._view
        if view is not None:
            lines = tuple(replace(line, required=needed) if line.key == CARD else line for line in view.lines)
            if lines != view.lines:
                self.show_view(replace(view, lines=lines))

    def _edited(self, key: str) -> None:
        if self._asked is not None:
            self._asked.warned = False
            self._unmark(key)
            if key in (card_words.PRINT, CARD):
                # where the card comes from is one thing
                self._unmark(CARD)
                self._unmark(card_words.PRINT)
                self._need_card(not self.form.values().get(card_words.PRINT))
            if self._asked.same is not None and key in words.SAME_BY:
                # the question was about somebody else
                self._asked.same = None
                self._show_lines({}, {words.SAME: ()})
            self._typing.edited(key)
            if self._typed() is not self._said_typed:
                self._said_typed = not self._said_typed
                self.changed.emit()

    def _unmark(self, key: str) -> None:
        """What was wrong in a line is not, once it is another one."""
        view = self._view
        if view is not None and any(line.key == key and line.error for line in view.lines):
            lines = tuple(replace(line, error="") if line.key == key else line for line in view.lines)
            self.show_view(replace(view, lines=lines))

    def _cancel(self) -> None:
        """Esc: what is empty is shut at once, what is on its way waits for its answer behind the page."""
        view, asked = self._view, self._asked
        if view is not None and view.busy:
            self.step_aside()
            self.closed.emit()
            return
        if view is None or asked is None or asked.warned or not self._typed():
            self.close()
            return
        asked.warned = True
        self.say_why(words.once_more())

    def _typed(self) -> bool:
        """Whether the clerk has typed anything: choices are made beforehand, a family takes much over."""
        begun = self._asked.begun if self._asked is not None else {}
        return any(
            text.strip() and text != begun.get(key)
            for key, text in self.values().items()
            if key not in words.CHOSEN_BEFOREHAND
        )

    # -- cards ---------------------------------------------------------------------------------------

    def take_card(self, number: str) -> None:
        """A card was read while the form is open: it is theirs, unless it is somebody's."""
        asked = self._asked
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
        if asked is not self._asked:
            # whoever it was read for is not being registered any more
            return
        if isinstance(answer, NotDone) and answer.refusal is not PatronRefusal.CARD_LOST:
            self._put_card(asked, number)
            return
        if self._aside is not None:
            if self._aside.get(CARD) == number:
                self._aside[CARD] = ""
        elif self.form.values().get(CARD) == number:
            self.form.set_values({CARD: ""})
        if isinstance(answer, NotDone):
            self._mark_lost()
            self.told.emit(words.lost_card_strip())
        else:
            self.card_known.emit(number)

    def _mark_lost(self) -> None:
        """The line says so, too: the clerk may be at something else by now."""
        view = self._view
        if view is not None and not view.busy:
            why = words.refused(PatronRefusal.CARD_LOST)
            lines = tuple(replace(line, error=why) if line.key == CARD else line for line in view.lines)
            self.show_view(replace(view, lines=lines))

    def _put_card(self, asked: Asked, number: str) -> None:
        if asked is not self._asked or self._view is None or self._view.busy:
            return
        self._unmark(CARD)
        self._unmark(card_words.PRINT)
        # a card that is there need not be printed
        self._need_card(True)
        read = {CARD: number, card_words.PRINT: ""}
        if self._aside is not None:
            self._aside.update(read)
            return
        here = any(control.hasFocus() for control in self.form.field(CARD).controls())
        self.form.set_values(read)
        if here:
            self.form.field(NAME).start()

    # -- sending -------------------------------------------------------------------------------------

    def send(self, values: dict[str, str]) -> None:
        if self._done is not None:
            self._next_of_family(self._done)
            return
        asked = self._asked
        if asked is None:
            return
        printed = values.get(card_words.PRINT) == card_words.PRINTED
        checked = check_patron(values, plan=self._plan, today=self._today(), card_needed=not printed)
        if printed and values.get(CARD, "").strip():
            wrong = checked if isinstance(checked, dict) else {}
            self.complain(words.errors(wrong) | {CARD: "", card_words.PRINT: card_words.one_card()})
            return
        if isinstance(checked, dict):
            self.complain(words.errors(checked), words.summary(checked))
            self.said.emit(words.wrong_strip(checked))
            return
        new = NewPatron(*checked, family_of=asked.family_of)
        about = (values[PatronField.KANA.value], values[PatronField.BIRTH_DATE.value])
        # an answer about somebody else is none
        chosen = values.get(words.SAME, "") if about == asked.same else ""
        if about == asked.same and not chosen:
            self.complain({words.SAME: words.which_one()}, words.same_person())
            return
        if chosen not in ("", words.NEW):
            self.open_wanted.emit(int(chosen))
            return
        self._renew_if_edited()
        sent = new, chosen == words.NEW
        if asked.sent not in (None, sent):
            asked.operation = uuid4()
        asked.sent, asked.under = sent, self.values()
        self._typing.pause()
        self.await_answer()
        self._worker.ask(
            partial(
                self._act(asked, printed=printed),
                operation=asked.operation,
                new=new,
                as_new=sent[1],
                desk=self._desk,
            ),
            partial(self._answered, asked, dict(values), about),
            partial(self._stalled, asked),
            partial(self._faulted, asked),
        )

    def _act(self, asked: Asked, *, printed: bool) -> Callable[..., Registered | SamePerson | NotDone]:
        act: Callable[..., Registered | SamePerson | NotDone] = (
            partial(confirm_application, number=asked.application) if asked.application else register
        )
        rule = printed_rule(self._plan)
        if not printed or rule is None:
            return act
        printing: Callable[..., Registered | SamePerson | NotDone] = register_with_printed_card
        return partial(printing, act=act, card=asked.card, rule=rule)

    def _answered(
        self,
        asked: Asked,
        values: Mapping[str, str],
        about: tuple[str, str],
        answer: Registered | SamePerson | NotDone,
    ) -> None:
        match answer:
            case Registered(patron_id=patron_id, card_number=card):
                name = asked.sent[0].person.name if asked.sent is not None else ""
                self.said.emit(words.registered_strip(name, card))
                if asked is self._asked:
                    self._offer_next(asked, values, patron_id, name, card)
                if values.get(card_words.PRINT) == card_words.PRINTED and not self._ended:
                    self._printing.print(card, partial(self._card_printed, name, card))
            case SamePerson(patron_ids):
                if asked is self._asked:
                    asked.same = about
                    self._ask_which(patron_ids[0])
                else:
                    self.said.emit(words.same_person_strip())
            case NotDone(refusal):
                printed = (
                    refusal is PatronRefusal.CARD_TAKEN and values.get(card_words.PRINT) == card_words.PRINTED
                )
                self.said.emit(words.refused_strip(refusal, printed=printed))
                if asked is self._asked:
                    asked.operation = uuid4()
                    if printed:
                        asked.card = uuid4()
                    where = card_words.PRINT if printed else words.refused_field(refusal)
                    sentence = words.refused(refusal, printed=printed)
                    self.complain({where: sentence} if where else {}, sentence)

    def _offer_next(
        self, asked: Asked, values: Mapping[str, str], patron_id: int, name: str, card: str
    ) -> None:
        family_of = asked.family_of if asked.family_of is not None else patron_id
        self._asked = None
        if not self._in_front:
            # said is enough: the clerk is at somebody else
            self.close()
            self.registered.emit(patron_id, card)
            return
        self._done = Done(card, dict(values), family_of, (asked.member or 1) + 1)
        self._show_new(words.done_form(name, card), {})
        if self._aside is None:
            self.form.start()
        self.registered.emit(patron_id, card)

    def _card_printed(self, name: str, card: str, trouble: CardTrouble | None) -> None:
        """Their card is at the printer, or is not: said, and to be read as long as they are named here."""
        if self._ended:
            return
        why = trouble_words(trouble) if trouble is not None else ""
        self.said.emit(
            card_words.card_not_printed_strip(why) if why else card_words.printed_strip(name, card)
        )
        if self.done_card == card and self._view is not None:
            note = card_words.card_not_printed(why) if why else card_words.printed()
            self.show_view(words.done_form(name, card, note))

    def _next_of_family(self, done: Done) -> None:
        values = words.taken_over(done.values)
        self.open_family(values, done.family_of, done.member)
        if values.get(card_words.PRINT):
            self.form.field(NAME).start()
        else:
            self.form.start()

    def _ask_which(self, patron_id: int) -> None:
        """The question, on top of the form; who it is stands beside it where that is known."""
        who = self._typing.name_of(patron_id)
        self._show_lines({}, {words.SAME: words.same_choices(patron_id, who)})
        self.complain({words.SAME: words.which_one()}, words.same_person())

    def _stalled(self, asked: Asked) -> None:
        if asked is self._asked:
            self.say_why(words.outage())

    def _faulted(self, asked: Asked) -> None:
        if asked is self._asked:
            self.complain({}, words.fault())
