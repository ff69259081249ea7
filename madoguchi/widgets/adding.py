"""A quick-add from the search: the form over the results, records that are fetched, and what comes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import Signal

from madoguchi.app.catalogue.adding import AddAnswer, ItemAdded, NotAdded, SameTitle, add_item
from madoguchi.app.catalogue.fetched import FetchFailed, FetchRefused, Found, NothingKnown
from madoguchi.app.catalogue.look_up import open_title
from madoguchi.app.catalogue.new_item import ItemField, NewItem, check_new_item
from madoguchi.app.lending.facts import Desk
from madoguchi.barcode.symbology import CodePlan
from madoguchi.widgets import add_form as words
from madoguchi.widgets.fetching import Fetching
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.search_form import SearchForm
from madoguchi.widgets.worker import DatabaseWorker


@dataclass(slots=True)
class _Asked:
    """One item, and under which operation it is repeated.

    Attributes:
        sent: what went out under the operation; anything else is another act.
        same: ISBN and volume for which a title is there, and was asked about.
        fetched: what the last record put into the form.
    """

    operation: UUID
    sent: tuple[NewItem, bool] | None = None
    same: tuple[str, str] | None = None
    fetched: dict[str, str] = field(default_factory=dict)


class AddingItem(SearchForm):
    """The form of an item that is not catalogued, and its way to the server.

    Signals:
        added(number): the item is there.
    """

    added = Signal(str)

    def __init__(
        self,
        look: Look,
        worker: DatabaseWorker,
        fetching: Fetching,
        desk: Desk,
        plan: CodePlan,
        today: Callable[[], dt.date],
    ) -> None:
        super().__init__(look)
        self._worker = worker
        self._fetching = fetching
        self._desk = desk
        self._plan = plan
        self._today = today
        self._asked: _Asked | None = None
        fetching.came.connect(self._fetched)

    def is_half_filled(self) -> bool:
        """Whether something of another item would be lost."""
        return bool(self.values().get(ItemField.TITLE.value))

    def operation(self) -> UUID | None:
        """Under which operation what stands in the form went out or will."""
        return self._asked.operation if self._asked is not None else None

    def open(self, values: Mapping[str, str], operation: UUID | None = None) -> None:
        """Opens the form with what is known already; ``operation``: it may have been sent under that one."""
        self._asked = _Asked(operation or uuid4())
        self.begin(words.form(values, can_fetch=self._fetching.can_fetch()))
        isbn = values.get(ItemField.ISBN.value)
        if isbn and not values.get(ItemField.TITLE.value):
            self._fetch(isbn)

    def values(self) -> dict[str, str]:
        """What is typed; nothing while the form is shut."""
        return self.form.values() if self.is_open() else {}

    def take_item(self, number: str) -> None:
        """An item's barcode was read while the form is open."""
        self.form.set_values({ItemField.ITEM_NUMBER.value: number})

    def take_isbn(self, isbn13: str) -> None:
        """A book's own barcode was read while the form is open: its record is fetched."""
        self.form.set_values({ItemField.ISBN.value: isbn13})
        self._fetch(isbn13)

    def forget(self) -> None:
        self._asked = None
        self._fetching.stop()

    def end(self) -> None:
        """The session is over."""
        self._fetching.came.disconnect(self._fetched)
        self.close()

    # -- records -------------------------------------------------------------------------------------

    def _fetch(self, isbn: str) -> None:
        if self._fetching.fetch(isbn):
            self.said.emit(words.fetching_strip(isbn))

    def _fetched(self, isbn: str, answer: object) -> None:
        if not self.is_open():
            return
        match answer:
            case Found(records):
                # its parser is first needed here
                from madoguchi.app.catalogue.from_record import fields_of

                self._fill(fields_of(records[0]))
                self.said.emit(words.fetched_strip(records[0].title))
            case NothingKnown():
                self.said.emit(words.nothing_known_strip(isbn))
            case FetchRefused(reason) | FetchFailed(reason):
                self.said.emit(words.not_fetched_strip(reason))

    def _fill(self, fetched: Mapping[str, str]) -> None:
        """What the clerk has typed stays; what another record had put there goes."""
        asked = self._asked
        if asked is None:
            return
        typed = self.form.values()
        of_before = {key for key, text in asked.fetched.items() if typed.get(key) == text}
        filled = {key: "" for key in of_before if key != ItemField.ISBN.value} | {
            key: text
            for key, text in fetched.items()
            if key in of_before or not typed.get(key) or (key == ItemField.KIND.value and text)
        }
        asked.fetched = dict(fetched)
        self.form.set_values(filled)

    # -- sending -------------------------------------------------------------------------------------

    def send(self, values: dict[str, str]) -> None:
        asked = self._asked
        if asked is None:
            return
        about = (values.get(ItemField.ISBN.value, ""), values.get(ItemField.VOLUME.value, ""))
        # an answer about another book is none
        chosen = values.get(words.SAME, "") if about == asked.same else ""
        title_id = int(chosen) if chosen not in ("", words.NEW) else None
        new = check_new_item(values, plan=self._plan, today=self._today(), title_id=title_id)
        if not isinstance(new, NewItem):
            self.complain(words.errors(new))
            return
        if about == asked.same and not chosen:
            self.complain({words.SAME: words.which_one()})
            return
        sent = (new, chosen == words.NEW)
        if asked.sent not in (None, sent):
            asked.operation = uuid4()
        asked.sent = sent
        self.await_answer()
        self._worker.ask(
            partial(
                add_item,
                operation=asked.operation,
                new=new,
                as_new_title=chosen == words.NEW,
                desk=self._desk,
            ),
            partial(self._answered, asked, about),
            partial(self._stalled, asked),
            partial(self._faulted, asked),
        )

    def _answered(self, asked: _Asked, about: tuple[str, str], answer: AddAnswer) -> None:
        match answer:
            case ItemAdded():
                self.said.emit(words.added_strip(answer))
                if asked is self._asked:
                    self.close()
                    self.added.emit(answer.item.number)
            case SameTitle(title_ids):
                if asked is self._asked:
                    self._look_at(asked, about, title_ids[0])
                else:
                    self.said.emit(words.not_added_strip(words.same_title(""), self._number(asked)))
            case NotAdded():
                sentence = words.not_added(answer)
                self.said.emit(words.not_added_strip(sentence, self._number(asked)))
                if asked is self._asked:
                    asked.operation = uuid4()
                    self.complain({}, sentence)

    @staticmethod
    def _number(asked: _Asked) -> str:
        return asked.sent[0].item_number if asked.sent is not None else ""

    def _look_at(self, asked: _Asked, about: tuple[str, str], title_id: int) -> None:
        """What is there already is told by its title before the clerk is asked."""
        self._worker.look_up(
            "same title",
            partial(open_title, title_id=title_id, desk=self._desk),
            lambda card: self._ask_which(asked, about, title_id, card.title if card is not None else ""),
            partial(self._ask_which, asked, about, title_id, ""),
        )

    def _ask_which(self, asked: _Asked, about: tuple[str, str], title_id: int, title: str) -> None:
        view = self._view
        if asked is not self._asked or view is None:
            return
        asked.same = about
        typed = self.form.values()
        lines = tuple(
            replace(line, value=typed.get(line.key, ""), error="")
            for line in view.lines
            if line.key != words.SAME
        )
        question = words.same_title_line(title_id, title)
        self.show_view(
            replace(view, lines=(question, *lines), message=words.same_title_message(), busy=False)
        )
        self.form.start()

    def _stalled(self, asked: _Asked) -> None:
        if asked is self._asked:
            self.say_why(words.outage())

    def _faulted(self, asked: _Asked) -> None:
        if asked is self._asked:
            self.complain({}, words.fault())
