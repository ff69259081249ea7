"""What is done about the patron whose record is open: a form, its way to the server, what comes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from PySide6.QtCore import Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, PatronFile, PatronRefusal
from madoguchi.app.patrons.form import proof_is_needed
from madoguchi.app.patrons.person import Person
from madoguchi.app.patrons.web_password import WebPassword
from madoguchi.app.printing.receipt_printer import PrinterTrouble
from madoguchi.barcode.symbology import CodePlan
from madoguchi.widgets import card_printing, card_words, secret_printing, wording
from madoguchi.widgets import patron_act_forms as forms
from madoguchi.widgets import patron_views as rows
from madoguchi.widgets import patron_words as words
from madoguchi.widgets.card_printing import CardPrinting, CardTrouble
from madoguchi.widgets.kept_pages import KeptAct
from madoguchi.widgets.look.record_views import FormView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import RailItem, StripView
from madoguchi.widgets.patron_act_requests import Wanted, request
from madoguchi.widgets.search_form import SearchForm, focused_line
from madoguchi.widgets.secret_printing import SecretPrinting
from madoguchi.widgets.worker import DatabaseWorker, Job

if TYPE_CHECKING:
    from madoguchi.widgets.patron_act_requests import Answer

_WITH_CARDS = (rows.CARD, rows.TIE)
_TYPED = (rows.ADD_NOTE, rows.CHANGE)
"""What is typed at length: nothing else is begun before it is sent or given up."""
_KEPT = (*_TYPED, *_WITH_CARDS, rows.RENEW)
"""What is there again after a lock."""


@dataclass(slots=True)
class _Asked:
    """One act about one patron, and under which operation it is repeated.

    Attributes:
        about: the note or the person it is about, if any.
        proof_needed: they have left junior high school.
        begun: what stood in the form when it was opened.
        sent: what went out under the operation; anything else is another act.
        card: the operation that allots the number of a card to be printed.
    """

    act: str
    about: str
    file: PatronFile
    operation: UUID
    proof_needed: bool = True
    begun: dict[str, str] = field(default_factory=dict, repr=False)
    sent: dict[str, str] | None = field(default=None, repr=False)
    card: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """An act on its way, with what stood in its form."""

    job: Job[Answer]
    asked: _Asked
    operation: UUID
    values: Mapping[str, str] = field(repr=False)


class PatronActing(SearchForm):
    """The form of one act, over the record it is about.

    Signals:
        done(patron_id): it is so now; of that patron something else holds than is shown.
        gone(patron_id): the patron is no patron any more.
    """

    done = Signal(int)
    gone = Signal(int)

    def __init__(
        self,
        look: Look,
        worker: DatabaseWorker,
        desk: Desk,
        plan: CodePlan,
        today: Callable[[], dt.date],
        printing: SecretPrinting,
        card_printing: CardPrinting,
    ) -> None:
        super().__init__(look)
        self._printing = printing
        self._card_printing = card_printing
        self._ended = False
        self._worker = worker
        self._desk = desk
        self._plan = plan
        self._today = today
        self._asked: _Asked | None = None
        self._aside: dict[str, str] | None = None
        self._had_keyboard = ""
        self._warned: dict[str, str] | None = None
        # what is half typed is not lost by one key
        self.form.cancelled.disconnect(self.close)
        self.form.cancelled.connect(self._cancel)
        self._under_way: dict[UUID, _UnderWay] = {}

    def open_change(self, file: PatronFile, person: Person, categories: Sequence[tuple[str, str]]) -> None:
        """Opens the form of what is kept of a person, filled with it."""
        needed = proof_is_needed(person.birth_date, self._today())
        view = forms.change_form(forms.change_values(person), categories, proof_needed=needed)
        self._begin_act(_Asked(rows.CHANGE, "", file, uuid4(), needed), view)

    def open_renewal(self, file: PatronFile, person: Person) -> None:
        """Opens the form that puts a card in order; what their age asks for is known."""
        needed = proof_is_needed(person.birth_date, self._today())
        view = forms.renew_form(file, proof_needed=needed)
        self._begin_act(_Asked(rows.RENEW, "", file, uuid4(), needed), view)

    def open(self, key: str, file: PatronFile) -> None:
        """Opens the form of a row of the record, by its key."""
        act, about = rows.act_of(key)
        view = _form(act, about, file)
        if view is not None:
            self._begin_act(_Asked(act, about, file, uuid4()), view)

    def _begin_act(self, asked: _Asked, view: FormView) -> None:
        self._asked = asked
        self.begin(view)
        asked.begun = self.form.values()

    # -- through a lock --------------------------------------------------------------------------------

    def keep(self) -> KeptAct | None:
        """What would be lost: the form that is open, or an act on its way whose form is not."""
        asked = self._asked
        if asked is not None and (self._would_be_missed() or self.is_under_way()):
            return _kept(asked, self._values(), under_way=self.is_under_way())
        waiting = [each for each in self._under_way.values() if each.asked.act != rows.WEB_PASSWORD]
        return _kept(waiting[-1].asked, waiting[-1].values, under_way=True) if waiting else None

    def resume(self, kept: KeptAct, file: PatronFile, categories: Sequence[tuple[str, str]]) -> None:
        """The clerk is back, and the record is open; what there is nothing to do about any more goes."""
        if kept.act == rows.CHANGE:
            view = forms.change_form(kept.values, categories, proof_needed=kept.proof_needed)
        elif kept.act == rows.RENEW:
            view = forms.renew_form(file, proof_needed=kept.proof_needed)
        else:
            found = _form(kept.act, kept.about, file)
            if found is None:
                return
            view = found
        lines = tuple(replace(line, value=kept.values.get(line.key, "")) for line in view.lines)
        message = forms.perhaps_done() if kept.under_way else ""
        # what somebody else has changed meanwhile is not written over
        begun_with = replace(file, version=kept.version)
        self._asked = _Asked(
            kept.act,
            kept.about,
            begun_with,
            kept.operation,
            kept.proof_needed,
            dict(kept.begun),
            dict(kept.values) if kept.under_way else None,
            kept.card,
        )
        self.begin(replace(view, lines=lines, message=message))

    def takes_cards(self) -> bool:
        """Whether the number of a card belongs into the form."""
        return self.takes_scans() and self._asked is not None and self._asked.act in _WITH_CARDS

    def take_card(self, number: str) -> None:
        """A card was read while the form is open."""
        self.form.set_values({forms.CARD: number})
        if self.form.values().get(forms.WHAT) == forms.PRINT_NEW:
            self.form.set_values({forms.WHAT: forms.NEW_CARD})

    def print_key(self) -> RailItem | None:
        """What F11 does in the form of a lost card; None: nothing of this."""
        if self._asked is None or self._asked.act != rows.CARD:
            return None
        return card_words.print_key(enabled=self.takes_scans() and self._aside is None)

    def choose_print(self) -> None:
        """F11: the new card is printed here."""
        if self.takes_scans() and self._aside is None:
            self.form.set_values({forms.WHAT: forms.PRINT_NEW, forms.CARD: ""})

    def is_half_filled(self) -> bool:
        """Whether something typed at length stands here and is not on its way: it must not be lost."""
        asked = self._asked
        return asked is not None and asked.act in _TYPED and self._would_be_missed()

    def is_under_way(self) -> bool:
        """Whether what stands in the form is on its way, and not answered."""
        return self._asked is not None and self._asked.operation in self._under_way

    def _would_be_missed(self) -> bool:
        asked = self._asked
        if asked is None or asked.act not in _KEPT or self.is_under_way():
            return False
        return self._values() != asked.begun

    def _values(self) -> dict[str, str]:
        return self._aside if self._aside is not None else self.form.values()

    def _cancel(self) -> None:
        """Esc: what would be lost is warned of; what is on its way, or empty, is shut at once."""
        view = self._view
        if view is None or view.busy or not self.is_half_filled() or self._values() == self._warned:
            self.close()
            return
        self._warned = self._values()
        self.say_why(forms.once_more())

    def set_veiled(self, veiled: bool) -> None:
        """Takes what is half typed out of every widget, or puts it back; a form without it is shut."""
        if veiled and not self._would_be_missed():
            self.close()
        elif veiled and self._aside is None:
            self._had_keyboard = focused_line(self.form)
            self._aside = self.form.values()
            self.form.set_view(None)
        elif not veiled and self._aside is not None and self._view is not None:
            values, self._aside = self._aside, None
            lines = tuple(replace(line, value=values.get(line.key, "")) for line in self._view.lines)
            self.begin(replace(self._view, lines=lines))
            if self._had_keyboard and self.form.isVisible():
                self.form.field(self._had_keyboard).start()

    def close(self) -> None:
        """The record again; what is on its way is said to be so, and what comes of it will be."""
        view, said = self._view, self.under_way_strip()
        super().close()
        if view is not None and said is not None and not self._ended:
            self.said.emit(said)

    def drop(self) -> StripView | None:
        """Shuts it without a word, and returns what would have been said of what is on its way."""
        said = self.under_way_strip()
        super().close()
        return said

    def under_way_strip(self) -> StripView | None:
        """What holds of an act that is on its way; None: there is none in the form."""
        view = self._view
        return forms.under_way_strip(view.heading) if view is not None and self.is_under_way() else None

    def show_view(self, view: FormView) -> None:
        self._view = view
        if self._aside is None:
            self.form.set_view(view)

    def leave(self) -> None:
        """The session ends: what is not confirmed is not done any more."""
        self._ended = True
        for each in self._under_way.values():
            each.job.act = _nothing
        self._under_way.clear()
        self.close()

    def forget(self) -> None:
        self._asked = self._aside = self._warned = None

    # -- sending -------------------------------------------------------------------------------------

    def send(self, values: dict[str, str]) -> None:
        asked = self._asked
        if asked is None:
            return
        if asked.act == rows.PRINT_CARD:
            self._print_card(asked, asked.file.card_number)
            return
        file = asked.file
        act = request(
            Wanted(
                asked.act,
                asked.about,
                file.patron_id,
                file.version,
                asked.card,
                self._plan,
                self._today(),
                self._desk,
            ),
            values,
        )
        if isinstance(act, dict):
            self.complain(act, forms.not_right() if len(act) > 1 else "")
            return
        if asked.sent not in (None, values):
            asked.operation = uuid4()
        asked.sent = values
        self.await_answer()
        said = forms.ONLY_LOST if values.get(forms.WHAT) == forms.ONLY_LOST else asked.act
        job = self._worker.ask(
            act(asked.operation),
            partial(self._answered, asked, asked.operation, said),
            partial(self._stalled, asked),
            partial(self._faulted, asked, asked.operation),
        )
        self._under_way[asked.operation] = _UnderWay(job, asked, asked.operation, dict(values))

    # -- what comes of it ------------------------------------------------------------------------------

    def _answered(self, asked: _Asked, operation: UUID, said: str, answer: Answer) -> None:
        self._under_way.pop(operation, None)
        if isinstance(answer, WebPassword):
            self._print(asked, answer)
            return
        if answer is None:
            return  # the session ended meanwhile
        patron = asked.file.patron_id
        if isinstance(answer, Done):
            # whose record it was stands nowhere any more once they have left
            name = "" if asked.act == rows.WITHDRAW else asked.file.name
            self.said.emit(forms.done_strip(said, name, answer.kept))
            if asked is self._asked:
                self.close()
            if answer.card_number:
                self._print_card(asked, answer.card_number)
            (self.gone if asked.act == rows.WITHDRAW else self.done).emit(patron)
            return
        why = words.refused(answer.refusal)
        if (
            answer.refusal is PatronRefusal.CARD_TAKEN
            and (asked.sent or {}).get(forms.WHAT) == forms.PRINT_NEW
        ):
            why = card_words.number_taken()
        if asked.act == rows.WEB_PASSWORD and answer.refusal is PatronRefusal.NOT_ALLOWED:
            why = wording.Words(*forms.no_web_password())
        self.said.emit(forms.not_done_strip(why.state, why.detail))
        if answer.refusal in (PatronRefusal.CHANGED, PatronRefusal.UNKNOWN_PATRON):
            # what stands in the form is about what was there before
            if asked is self._asked:
                self.close()
            self.done.emit(patron)
        elif asked is self._asked:
            # the next try is another act
            asked.operation = uuid4()
            if answer.refusal is PatronRefusal.CARD_TAKEN:
                # the number of a card to be printed, too
                asked.card = uuid4()
            self.complain({}, f"{why.state}\n{why.detail}")

    def _print(self, asked: _Asked, made: WebPassword) -> None:
        """It goes to the printer, not to the screen; after the session's end to nobody."""
        if self._ended:
            made.secret.wipe()
            return
        if asked is self._asked:
            self.say_why(forms.printing())
        self._printing.print(made, partial(self._printed, asked))

    def _printed(self, asked: _Asked, trouble: PrinterTrouble | None) -> None:
        if self._ended:
            return
        if trouble is None:
            self.said.emit(forms.done_strip(asked.act, asked.file.name))
            if asked is self._asked:
                self.close()
            return
        why = secret_printing.trouble_words(trouble)
        self.said.emit(forms.not_printed_strip(why))
        if asked is self._asked:
            # what was made is nobody's: the next try makes another one
            asked.operation = uuid4()
            self.complain({}, forms.not_printed(why))

    def _print_card(self, asked: _Asked, number: str) -> None:
        """Paints the card of this number, which is theirs; what comes of it is said."""
        if self._ended:
            return
        if asked is self._asked:
            self.await_answer()
            self.say_why(forms.printing())
        self._card_printing.print(number, partial(self._card_printed, asked, number))

    def _card_printed(self, asked: _Asked, number: str, trouble: CardTrouble | None) -> None:
        if self._ended:
            return
        if trouble is None:
            self.said.emit(card_words.printed_strip(asked.file.name, number))
            if asked is self._asked:
                self.close()
            return
        why = card_printing.trouble_words(trouble)
        self.said.emit(card_words.card_not_printed_strip(why))
        if asked is self._asked:
            self.complain({}, why)

    def _stalled(self, asked: _Asked) -> None:
        if asked is self._asked:
            self.say_why(forms.outage())

    def _faulted(self, asked: _Asked, operation: UUID) -> None:
        self._under_way.pop(operation, None)
        if asked is self._asked:
            self.complain({}, forms.fault())


def _nothing(connected: object) -> None:
    del connected


def _kept(asked: _Asked, values: Mapping[str, str], *, under_way: bool) -> KeptAct:
    file = asked.file
    return KeptAct(
        asked.act,
        asked.about,
        file.patron_id,
        file.version,
        dict(values),
        asked.begun,
        asked.operation,
        asked.card,
        asked.proof_needed,
        under_way,
    )


def _form(act: str, about: str, file: PatronFile) -> FormView | None:
    match act:
        case rows.CARD:
            return forms.card_form(file)
        case rows.PRINT_CARD:
            return forms.print_card_form(file)
        case rows.ADD_NOTE:
            return forms.note_form()
        case rows.TIE:
            return forms.tie_form()
        case rows.WEB_PASSWORD:
            return forms.web_password_form(file)
        case rows.LEAVE_FAMILY:
            return forms.leave_family_form(file)
        case rows.WITHDRAW:
            return forms.withdraw_form(file)
        case rows.END_NOTE:
            note = next((each for each in file.notes if str(each.id) == about), None)
            return forms.end_note_form(note) if note is not None else None
        case rows.END_PICK_UP:
            other = next((each for each in file.may_pick_up if str(each.patron_id) == about), None)
            return forms.end_pick_up_form(other) if other is not None else None
    return None
