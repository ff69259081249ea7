"""What is done about the patron whose record is open: a form, its way to the server, what comes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from PySide6.QtCore import Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone, PatronFile, PatronRefusal
from madoguchi.app.patrons.cards import renew_card, replace_card, report_lost, withdraw
from madoguchi.app.patrons.form import check_patron
from madoguchi.app.patrons.person import Person, Proof
from madoguchi.app.patrons.registering import change
from madoguchi.app.patrons.ties import (
    LONGEST_NOTE,
    add_note,
    end_note,
    end_pick_up,
    leave_family,
    let_pick_up,
    link_family,
)
from madoguchi.app.patrons.web_password import WebPassword, issue_web_password
from madoguchi.app.printing.receipt_printer import PrinterTrouble
from madoguchi.barcode.symbology import CodePlan, PatronCode, parse
from madoguchi.widgets import patron_act_forms as forms
from madoguchi.widgets import patron_views as rows
from madoguchi.widgets import patron_words as words
from madoguchi.widgets import register_form, wording
from madoguchi.widgets.look.record_views import FormView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.search_form import SearchForm, focused_line
from madoguchi.widgets.secret_printing import SecretPrinting, trouble_words
from madoguchi.widgets.typed_day import coming_day
from madoguchi.widgets.worker import DatabaseWorker, Job

if TYPE_CHECKING:
    # heavy, and first needed once the window is there
    from madoguchi.app.server.gateway import Act

    Answer = Done | WebPassword | NotDone | None
    Send = Callable[[UUID], Act[Answer]]

_WITH_CARDS = (rows.CARD, rows.TIE)


@dataclass(slots=True)
class _Asked:
    """One act about one patron, and under which operation it is repeated.

    Attributes:
        about: the note or the person it is about, if any.
        begun: what stood in the form when it was opened.
        sent: what went out under the operation; anything else is another act.
    """

    act: str
    about: str
    file: PatronFile
    operation: UUID
    begun: dict[str, str] = field(default_factory=dict, repr=False)
    sent: dict[str, str] | None = field(default=None, repr=False)


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
    ) -> None:
        super().__init__(look)
        self._printing = printing
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
        self._under_way: dict[UUID, Job[Answer]] = {}

    def open_change(self, file: PatronFile, person: Person, categories: Sequence[tuple[str, str]]) -> None:
        """Opens the form of what is kept of a person, filled with it."""
        self._asked = _Asked(rows.CHANGE, "", file, uuid4())
        self.begin(forms.change_form(person, categories))
        self._asked.begun = self.form.values()

    def open(self, key: str, file: PatronFile) -> None:
        """Opens the form of a row of the record, by its key."""
        act, about = rows.act_of(key)
        view = _form(act, about, file)
        if view is not None:
            self._asked = _Asked(act, about, file, uuid4())
            self.begin(view)
            self._asked.begun = self.form.values()

    def takes_cards(self) -> bool:
        """Whether the number of a card belongs into the form."""
        return self.takes_scans() and self._asked is not None and self._asked.act in _WITH_CARDS

    def take_card(self, number: str) -> None:
        """A card was read while the form is open."""
        self.form.set_values({forms.CARD: number})

    def is_half_filled(self) -> bool:
        """Whether something typed would be lost."""
        if self._asked is None or self._asked.act not in (rows.ADD_NOTE, rows.CHANGE):
            return False
        return self._values() != self._asked.begun

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
        if veiled and not self.is_half_filled():
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

    def show_view(self, view: FormView) -> None:
        self._view = view
        if self._aside is None:
            self.form.set_view(view)

    def leave(self) -> None:
        """The session ends: what is not confirmed is not done any more."""
        self._ended = True
        for job in self._under_way.values():
            job.act = _nothing
        self._under_way.clear()
        self.close()

    def forget(self) -> None:
        self._asked = self._aside = self._warned = None

    # -- sending -------------------------------------------------------------------------------------

    def send(self, values: dict[str, str]) -> None:
        asked = self._asked
        if asked is None:
            return
        act = self._checked(asked, values)
        if isinstance(act, dict):
            self.complain(act, forms.not_right() if len(act) > 1 else "")
            return
        if asked.sent not in (None, values):
            asked.operation = uuid4()
        asked.sent = values
        self.await_answer()
        said = forms.ONLY_LOST if values.get(forms.WHAT) == forms.ONLY_LOST else asked.act
        self._under_way[asked.operation] = self._worker.ask(
            act(asked.operation),
            partial(self._answered, asked, asked.operation, said),
            partial(self._stalled, asked),
            partial(self._faulted, asked, asked.operation),
        )

    def _checked(self, asked: _Asked, values: dict[str, str]) -> Send | dict[str, str]:
        """What is to be asked of the server, or what is right for each line that is wrong."""
        patron = asked.file.patron_id
        match asked.act:
            case rows.CHANGE:
                return self._change(asked.file, values)
            case rows.CARD:
                return self._card(patron, values)
            case rows.RENEW:
                return self._renewal(patron, values)
            case rows.ADD_NOTE:
                return self._note(patron, values)
            case rows.TIE:
                return self._tie(patron, values)
            case rows.END_NOTE:
                note = UUID(asked.about)
                return lambda operation: partial(end_note, operation=operation, note_id=note, desk=self._desk)
            case rows.END_PICK_UP:
                other = int(asked.about)
                return lambda operation: partial(
                    end_pick_up, operation=operation, patron_id=patron, other_id=other, desk=self._desk
                )
            case rows.WEB_PASSWORD:
                return lambda operation: partial(
                    issue_web_password, operation=operation, patron_id=patron, desk=self._desk
                )
            case rows.LEAVE_FAMILY:
                return lambda operation: partial(
                    leave_family, operation=operation, patron_id=patron, desk=self._desk
                )
        if values.get(forms.SURE) != forms.SAID:
            return {forms.SURE: forms.be_sure()}
        return lambda operation: partial(withdraw, operation=operation, patron_id=patron, desk=self._desk)

    def _number(self, values: dict[str, str]) -> str | None:
        code = parse(values.get(forms.CARD, ""), self._plan)
        return code.number if isinstance(code, PatronCode) else None

    def _change(self, file: PatronFile, values: dict[str, str]) -> Send | dict[str, str]:
        checked = check_patron(
            values, plan=self._plan, today=self._today(), card_needed=False, proof_needed=False
        )
        if not isinstance(checked, tuple):
            return register_form.errors(checked)
        person, _ = checked
        return lambda operation: partial(
            change,
            operation=operation,
            patron_id=file.patron_id,
            version=file.version,
            person=person,
            desk=self._desk,
        )

    def _card(self, patron: int, values: dict[str, str]) -> Send | dict[str, str]:
        if values.get(forms.WHAT) == forms.ONLY_LOST:
            return lambda operation: partial(
                report_lost, operation=operation, patron_id=patron, desk=self._desk
            )
        number = self._number(values)
        if number is None:
            return {forms.CARD: forms.card_needed()}
        return lambda operation: partial(
            replace_card, operation=operation, patron_id=patron, card_number=number, desk=self._desk
        )

    def _renewal(self, patron: int, values: dict[str, str]) -> Send | dict[str, str]:
        kind = values.get(forms.PROOF, "")
        if not kind:
            return {forms.PROOF: forms.choose_one()}
        return lambda operation: partial(
            renew_card, operation=operation, patron_id=patron, proof=Proof(kind), desk=self._desk
        )

    def _note(self, patron: int, values: dict[str, str]) -> Send | dict[str, str]:
        problems = {}
        text = " ".join(values.get(forms.TEXT, "").split())
        if not text:
            problems[forms.TEXT] = forms.text_needed()
        elif len(text) > LONGEST_NOTE:
            problems[forms.TEXT] = forms.text_too_long(LONGEST_NOTE)
        typed = values.get(forms.ENDS_ON, "").strip()
        ends_on = coming_day(typed, self._today()) if typed else None
        if typed and ends_on is None:
            problems[forms.ENDS_ON] = forms.no_day()
        if problems:
            return problems
        return lambda operation: partial(
            add_note,
            operation=operation,
            patron_id=patron,
            text=text,
            blocks=values.get(forms.KIND) == forms.BLOCK,
            ends_on=ends_on,
            desk=self._desk,
        )

    def _tie(self, patron: int, values: dict[str, str]) -> Send | dict[str, str]:
        number = self._number(values)
        if number is None:
            return {forms.CARD: forms.card_needed()}
        tie = let_pick_up if values.get(forms.KIND) == forms.PICK_UP else link_family
        return lambda operation: partial(
            tie, operation=operation, patron_id=patron, card_number=number, desk=self._desk
        )

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
            (self.gone if asked.act == rows.WITHDRAW else self.done).emit(patron)
            return
        why = words.refused(answer.refusal)
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
        why = trouble_words(trouble)
        self.said.emit(forms.not_printed_strip(why))
        if asked is self._asked:
            # what was made is nobody's: the next try makes another one
            asked.operation = uuid4()
            self.complain({}, forms.not_printed(why))

    def _stalled(self, asked: _Asked) -> None:
        if asked is self._asked:
            self.say_why(forms.outage())

    def _faulted(self, asked: _Asked, operation: UUID) -> None:
        self._under_way.pop(operation, None)
        if asked is self._asked:
            self.complain({}, forms.fault())


def _nothing(connected: object) -> None:
    del connected


def _form(act: str, about: str, file: PatronFile) -> FormView | None:
    match act:
        case rows.CARD:
            return forms.card_form(file)
        case rows.RENEW:
            return forms.renew_form(file)
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
