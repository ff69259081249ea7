"""The form of new numbers, and its way to the server: what is asked again is the same numbers."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import Signal

from madoguchi.app.catalogue.labels import (
    MOST_AT_ONCE,
    NotAllotted,
    NumberRange,
    allot_item_numbers,
    item_rules,
)
from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import NotDone
from madoguchi.app.patrons.cards import allot_card_numbers, printed_rule
from madoguchi.barcode.symbology import CodePlan, CodeRule, Meaning
from madoguchi.widgets import label_forms as forms
from madoguchi.widgets import label_words as words
from madoguchi.widgets.label_list import State
from madoguchi.widgets.label_words import MOST_CARDS, Line
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.search_form import SearchForm
from madoguchi.widgets.worker import DatabaseWorker


@dataclass(slots=True)
class _Asked:
    """Numbers that are asked for, and under which operation that is repeated.

    Attributes:
        sent: what went out under the operation; anything else is another act.
    """

    operation: UUID
    sent: tuple[CodeRule, int] | None = None


class NewNumbers(SearchForm):
    """Asks the server for numbers that nobody has.

    Signals:
        allotted(numbers, state): whole numbers, and of what they are (a ``State``).
    """

    allotted = Signal(object, object)

    def __init__(self, look: Look, worker: DatabaseWorker, desk: Desk, plan: CodePlan) -> None:
        super().__init__(look)
        self._worker = worker
        self._desk = desk
        card = printed_rule(plan)
        self.rules = (*item_rules(plan), *((card,) if card is not None else ()))
        self._asked: _Asked | None = None

    def open(self, values: dict[str, str] | None = None, operation: UUID | None = None) -> None:
        """Opens the form; ``operation``: what stands in it may have been sent under that one."""
        self._asked = _Asked(operation or uuid4())
        self.begin(forms.numbers_form(self.rules, values or {}))

    def kept(self) -> tuple[dict[str, str], UUID] | None:
        """What stands in the form, and under which operation it went out or will; None: it is shut."""
        if self._asked is None or not self.is_open():
            return None
        return self.form.values(), self._asked.operation

    def forget(self) -> None:
        self._asked = None

    def send(self, values: dict[str, str]) -> None:
        asked = self._asked
        place = values.get(Line.RULE.value, "")
        if asked is None:
            return
        if place not in {str(number) for number in range(len(self.rules))}:
            self.complain({Line.RULE.value: words.choose_rule()})
            return
        rule = self.rules[int(place)]
        cards = rule.means is Meaning.PATRON
        most = MOST_CARDS if cards else MOST_AT_ONCE
        count = unicodedata.normalize("NFKC", values.get(Line.COUNT.value, "")[:20]).strip()
        if not (count.isascii() and count.isdecimal() and 1 <= int(count) <= most):
            self.complain({Line.COUNT.value: forms.count_error(most)})
            return
        sent = (rule, int(count))
        if asked.sent not in (None, sent):
            asked.operation = uuid4()
        asked.sent = sent
        self.await_answer()
        act = allot_card_numbers if cards else allot_item_numbers
        self._worker.ask(
            partial(act, operation=asked.operation, rule=rule, size=sent[1], desk=self._desk),
            partial(self._answered, asked),
            partial(self._stalled, asked),
            partial(self._faulted, asked),
        )

    def _answered(self, asked: _Asked, answer: NumberRange | NotAllotted | tuple[str, ...] | NotDone) -> None:
        if isinstance(answer, NotAllotted | NotDone):
            if asked is self._asked:
                asked.operation = uuid4()
                self.complain({}, words.refused(answer.refusal))
            return
        if asked.sent is None:
            return
        # also where the form was given up meanwhile: nobody else gets them, so they are shown
        rule = asked.sent[0]
        numbers = answer.numbers(rule) if isinstance(answer, NumberRange) else answer
        if asked is self._asked:
            self.close()
        self.allotted.emit(numbers, State.CARD if rule.means is Meaning.PATRON else State.NEW)

    def _stalled(self, asked: _Asked) -> None:
        if asked is self._asked:
            self.say_why(words.outage())

    def _faulted(self, asked: _Asked) -> None:
        if asked is self._asked:
            self.complain({}, words.fault())
