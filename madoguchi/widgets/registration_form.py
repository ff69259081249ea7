"""The form of a registration as it waits: half typed, behind something else, hidden, kept, given up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from PySide6.QtCore import Qt, Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.form import PatronField
from madoguchi.app.patrons.person import Category
from madoguchi.widgets import application_views, card_words
from madoguchi.widgets import register_form as words
from madoguchi.widgets.kept_pages import KeptRegistration
from madoguchi.widgets.look.alike_panel import AlikePanel
from madoguchi.widgets.look.record_views import FormLine, FormView
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import StripView
from madoguchi.widgets.register_typing import WhileTyping
from madoguchi.widgets.registration import Asked, Done
from madoguchi.widgets.search_form import SearchForm, focused_line
from madoguchi.widgets.worker import DatabaseWorker

CARD, NAME = PatronField.CARD_NUMBER.value, PatronField.NAME.value


class RegistrationForm(SearchForm):
    """The form of a registration, and what stands beside it.

    It stays as it is while the clerk is at something else. Hidden, no widget holds anything of it.

    Attributes:
        beside: who is alike, for the left.
        categories: what the library calls them, by their keys.
        asked: the registration that is typed; None: none is.
        done: who has just been registered and is still named; None: nobody is.

    Signals:
        changed(): what its keys do is another thing now.
        sent(values): the clerk is done with it; the values are untrusted.
    """

    changed = Signal()
    sent = Signal(object)

    def __init__(self, look: Look, worker: DatabaseWorker, desk: Desk, today: Callable[[], dt.date]) -> None:
        super().__init__(look)
        self.beside = AlikePanel(look)
        self.categories: Sequence[tuple[str, str]] = ()
        self.asked: Asked | None = None
        self.done: Done | None = None
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

    def send(self, values: dict[str, str]) -> None:
        self.sent.emit(values)

    # -- what is typed ---------------------------------------------------------------------------------

    def operation(self) -> UUID | None:
        """Under which operation what stands in the form went out or will."""
        if self.asked is None:
            return None
        self.asked.renew_if_edited(self.values())
        return self.asked.operation

    def values(self) -> dict[str, str]:
        """What is typed; nothing while the form is shut, or offers the next of a family."""
        if self.asked is None:
            return {}
        values = self._aside if self._aside is not None else self.form.values()
        return {key: text for key, text in values.items() if text and key not in (words.SAME, words.TOWN)}

    def is_half_typed(self) -> bool:
        """Whether the clerk has typed anything: choices are made beforehand, a family takes much over."""
        begun = self.asked.begun if self.asked is not None else {}
        return any(
            text.strip() and text != begun.get(key)
            for key, text in self.values().items()
            if key not in words.CHOSEN_BEFOREHAND
        )

    def likely(self) -> int | None:
        """The patron who is likely the one being typed."""
        return self._typing.likely()

    def keep(self) -> KeptRegistration | None:
        """What is half typed, for whoever typed it."""
        values, asked = self.values(), self.asked
        if asked is None:
            return None
        asked.renew_if_edited(values)
        if not values:
            return None
        return KeptRegistration(values, asked.operation, asked.family_of, asked.application, asked.card)

    def resume(self, kept: KeptRegistration | None) -> None:
        """The clerk is back."""
        if kept is not None:
            self.open(kept.values, kept.operation, kept.family_of, kept.application)
            if self.asked is not None:
                self.asked.under = dict(kept.values)
                self.asked.card = kept.card or self.asked.card

    def take_categories(self, found: Sequence[tuple[str, str]]) -> None:
        """What the library calls its categories; a form that is open keeps its own words."""
        self.categories = [(key, name) for key, name in found if key in set(Category)]

    def idle_strip(self) -> StripView:
        """The strip while nothing has happened."""
        return words.done_strip() if self.done is not None else words.typing_strip()

    # -- in front or behind ------------------------------------------------------------------------------

    @property
    def in_front(self) -> bool:
        """Whether the form is to be seen on its page, and does not wait behind a record."""
        return self._in_front and self.is_open()

    def come_back(self) -> None:
        """The clerk turns to it again."""
        self._in_front = True

    def step_aside(self) -> None:
        """The clerk turns to something else: what is half typed waits, what is done goes."""
        if self.done is not None:
            self.close()
        self._in_front = False

    def is_busy(self) -> bool:
        """Whether what was sent is on its way."""
        return self._view is not None and self._view.busy

    def takes_scans(self) -> bool:
        """Whether a card that is read now belongs into the form."""
        return self.in_front and super().takes_scans() and self.asked is not None

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
        self.done = None
        self._had_keyboard = ""
        self._in_front = True
        self.asked = asked
        view = words.form(values, self.categories, member=asked.member)
        if asked.application:
            view = replace(view, note=application_views.compare(asked.application))
        self._show_new(view, values)

    def show_done(self, done: Done, name: str) -> None:
        """Names whoever has just been registered, and offers the next of their family."""
        self.asked, self.done = None, done
        self._show_new(words.done_form(name, done.card), {})
        if self._aside is None:
            self.form.start()

    def _show_new(self, view: FormView, values: Mapping[str, str]) -> None:
        self._typing.end()
        if self._aside is not None:
            self._aside = dict(values)
            self._view = view
            return
        self.begin(view)
        if self.asked is not None:
            self._typing.begin(self.asked.visit)
        elif self.done is not None:
            self.beside.set_view(None, "")

    def forget(self) -> None:
        self.asked = self.done = None
        self._said_typed = False
        self._had_keyboard = ""
        if self._aside is not None:
            self._aside = {}
        self._typing.end()

    def end(self) -> None:
        """The session is over."""
        self.close()
        self._typing.end()

    def _cancel(self) -> None:
        """Esc: what is empty is shut at once, what is on its way waits for its answer behind the page."""
        asked = self.asked
        if self.is_busy():
            self.step_aside()
            self.closed.emit()
            return
        if not self.is_open() or asked is None or asked.warned or not self.is_half_typed():
            self.close()
            return
        asked.warned = True
        self.say_why(words.once_more())

    # -- hidden ------------------------------------------------------------------------------------------

    @property
    def veiled(self) -> bool:
        """Whether what is typed is set aside, and in no widget."""
        return self._aside is not None

    def set_veiled(self, veiled: bool) -> None:
        """Takes whatever is somebody's out of every widget, or puts it back."""
        if veiled is self.veiled:
            return
        if veiled:
            self._aside = self.form.values() if self.asked is not None else {}
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

    # -- its lines ---------------------------------------------------------------------------------------

    def stands_in(self, key: str) -> str:
        """What stands in a line, hidden or not."""
        return (self._aside if self._aside is not None else self.form.values()).get(key, "")

    def put(self, values: Mapping[str, str]) -> None:
        """Puts something into lines, hidden or not; the clerk has not typed it."""
        if self._aside is not None:
            self._aside.update(values)
        else:
            self.form.set_values(values)

    def choose(self, key: str, value: str) -> None:
        """Chooses something in a line, as if the clerk had."""
        self.form.set_values({key: value})
        self._edited(key)

    def has_keyboard(self, key: str) -> bool:
        """Whether the keyboard is in a line."""
        return not self.veiled and any(control.hasFocus() for control in self.form.field(key).controls())

    def unmark(self, key: str) -> None:
        """What was wrong in a line is not, once it is another one."""
        self._change_lines(lambda line: replace(line, error="") if line.key == key else line)

    def mark(self, key: str, why: str) -> None:
        """Marks a line that is wrong; whatever is on its way is not marked."""
        view = self._view
        if view is not None and not view.busy:
            lines = tuple(replace(line, error=why) if line.key == key else line for line in view.lines)
            self.show_view(replace(view, lines=lines))

    def need_card(self, needed: bool) -> None:
        """A card that is printed here gets its number by itself."""
        self._change_lines(lambda line: replace(line, required=needed) if line.key == CARD else line)

    def ask_which(self, patron_id: int) -> None:
        """The question, on top of the form; who it is stands beside it where that is known."""
        who = self._typing.name_of(patron_id)
        self._show_lines({}, {words.SAME: words.same_choices(patron_id, who)})
        self.complain({words.SAME: words.which_one()}, words.same_person())

    def await_answer(self) -> None:
        self._typing.pause()
        super().await_answer()

    def show_view(self, view: FormView) -> None:
        was_busy = self.is_busy()
        self._view = view
        if self._aside is None:
            self.form.set_view(view)
        if view.busy is not was_busy:
            self.changed.emit()

    def _change_lines(self, change: Callable[[FormLine], FormLine]) -> None:
        """Shows lines otherwise; where none is, nothing is shown anew."""
        view = self._view
        if view is not None:
            lines = tuple(map(change, view.lines))
            if lines != view.lines:
                self.show_view(replace(view, lines=lines))

    def _show_lines(
        self, hints: Mapping[str, str], choices: Mapping[str, tuple[tuple[str, str], ...]]
    ) -> None:
        """Hints or choices of some lines are other ones now."""
        if self.asked is not None:
            self._change_lines(
                lambda line: replace(
                    line, hint=hints.get(line.key, line.hint), choices=choices.get(line.key, line.choices)
                )
            )

    def _edited(self, key: str) -> None:
        if self.asked is not None:
            self.asked.warned = False
            self.unmark(key)
            if key in (card_words.PRINT, CARD):
                # where the card comes from is one thing
                self.unmark(CARD)
                self.unmark(card_words.PRINT)
                self.need_card(not self.form.values().get(card_words.PRINT))
            if self.asked.same is not None and key in words.SAME_BY:
                # the question was about somebody else
                self.asked.same = None
                self._show_lines({}, {words.SAME: ()})
            self._typing.edited(key)
            if self.is_half_typed() is not self._said_typed:
                self._said_typed = not self._said_typed
                self.changed.emit()
