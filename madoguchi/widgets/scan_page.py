"""What every page of scans has in common: a row at once, settled in order, refusals that stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Protocol
from uuid import UUID, uuid4

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QWidget

from madoguchi.app.lending.answers import Refused
from madoguchi.app.lending.facts import Desk, ItemShown
from madoguchi.barcode.symbology import ParsedCode
from madoguchi.widgets import scan_views as views
from madoguchi.widgets import wording
from madoguchi.widgets.counter_page import ATTEND, CounterPage
from madoguchi.widgets.kept_pages import KeptList, KeptRow
from madoguchi.widgets.look.scan_list import ScanList
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.veil import veiled_question, veiled_row
from madoguchi.widgets.look.views import (
    Answer,
    ListHeader,
    QuestionView,
    RailItem,
    RightColumn,
    RowView,
    Sign,
    StripView,
)
from madoguchi.widgets.slip_desk import SlipDesk
from madoguchi.widgets.worker import DatabaseWorker

translate = QCoreApplication.translate

# Longer than this and the strip says that the answer is on its way (LOOK, "Strip").
PATIENCE_MS = 1000

MOST_ROWS = 300
"""Rows kept on a page. More than a clerk ever scrolls back; rows that wait are kept beyond it."""


class Surroundings(Protocol):
    """What a page asks of the window around it."""

    worker: DatabaseWorker
    desk: Desk
    may_override: bool
    slips: SlipDesk

    def show_strip(self, view: StripView) -> None: ...

    def show_quietly(self, view: StripView) -> None: ...

    def ask(self, view: QuestionView, on_answer: Callable[[Answer, str], None]) -> None: ...

    def refresh(self) -> None: ...

    def add_item(self, number: str) -> None: ...

    def now(self) -> dt.datetime: ...

    def today(self) -> dt.date: ...


@dataclass(slots=True)
class Entry:
    """One scan on a page: its row, and what its answers need."""

    row: RowView
    item_number: str = ""
    operation: UUID = field(default_factory=uuid4)
    refused: Refused | None = None


class ScanPage(CounterPage):
    """A page whose centre is a list of scans."""

    def __init__(self, look: Look, around: Surroundings, right: RightColumn) -> None:
        super().__init__()
        self._around = around
        self.list = ScanList(look, right)
        self.list.action_requested.connect(self._attend_key)
        self.list.next_requested.connect(self.pad_wanted)
        self._entries: dict[int, Entry] = {}
        self._next_key = 1
        self._last_number = 0
        self._typed = ""
        self._cards: list[Entry] = []
        self._asked: tuple[Entry, QuestionView] | None = None
        self._veiled = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._say_waiting)

    # -- what a page of scans must say of itself -------------------------------------------------------

    def header(self) -> ListHeader:
        """The line above the list."""
        raise NotImplementedError

    def question_for(self, entry: Entry) -> QuestionView | None:
        """What is asked about a row that waits, or None where nothing can be done."""
        raise NotImplementedError

    def answered(self, entry: Entry, answer: Answer, reason: str) -> None:
        """The clerk's answer about a row."""
        raise NotImplementedError

    def next_words(self) -> str:
        """What is awaited next."""
        return translate("Counter", "次の資料を読み取ってください")

    def centre(self) -> QWidget:
        return self.list

    def attend_key(self) -> RailItem:
        refusals = len(self.open_refusals())
        return RailItem(ATTEND, translate("Counter", "要対応"), enabled=refusals > 0, badge=refusals)

    # -- rows ----------------------------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """The rows on the page, the oldest first."""
        return [self._entries[row.key] for row in self.list.rows()]

    def open_refusals(self) -> list[Entry]:
        """Rows that wait for the clerk's answer, the oldest first."""
        return [
            entry for entry in self.entries() if entry.row.pinned and self.question_for(entry) is not None
        ]

    def number_of_next(self) -> int:
        """The number the next row gets."""
        return self._last_number + 1

    def number_beside_next(self) -> int:
        """The number that stands where the next scan will; 0 where what is awaited is no row."""
        return self.number_of_next()

    def begin_numbering(self) -> None:
        """The next row is number 1 again."""
        self._last_number = 0

    def add(self, row: RowView, item_number: str = "", *, numbered: bool = True) -> Entry:
        """Adds a row at the bottom; ``numbered``: it is one of those the clerk has scanned."""
        self.forget_cards()
        number = self.number_of_next() if numbered else 0
        entry = Entry(replace(row, key=self._next_key, number=number), item_number)
        self._next_key += 1
        self._last_number += numbered
        self._entries[entry.row.key] = entry
        self._show(entry)
        self._forget_old()
        return entry

    def add_pending(self, item_number: str) -> Entry:
        """Adds the row of a scan whose answer is on its way."""
        entry = self.add(views.pending_row(item_number), item_number)
        self._patience.start()
        return entry

    def add_not_an_item(self, code: ParsedCode) -> None:
        """Adds the row of a scan that is no item, and says so on the strip."""
        entry = self.add(views.not_an_item_row(code))
        if views.is_a_persons(code):
            self._cards.append(entry)
        self.say(views.not_an_item_strip(code))

    def forget_cards(self) -> None:
        """Takes away the rows of patrons' cards that were read where an item belongs."""
        while self._cards:
            self.forget(self._cards.pop())

    def settle(self, entry: Entry, **changes: object) -> None:
        """Changes a row where it stands."""
        if entry.row.key not in self._entries:
            return
        entry.row = replace(entry.row, **changes)  # type: ignore[arg-type]
        self._show(entry)

    def settle_refused(self, entry: Entry, answer: Refused, undone: str) -> None:
        """Marks a row as refused; ``undone`` says what was not done."""
        words = wording.refused(answer)
        entry.refused = answer
        title, under = self.words_of(answer.item, entry.item_number)
        asks = self.question_for(entry) is not None
        self.settle(
            entry,
            sign=Sign.REFUSED,
            title=title,
            under=under,
            state=words.state,
            detail=words.detail,
            right="",
            action=translate("Counter", "F10 対応") if asks else "",
            answered=not asks,
        )
        self.say(views.refused_strip(words, title, undone, asks=asks))

    def settle_outage(self, entry: Entry, undone: str, keep: str, *, action: str = "") -> None:
        """Marks a row as not done because the line is down; ``keep`` says what not to do meanwhile."""
        self.settle(
            entry,
            sign=Sign.OUTAGE,
            under=translate("Counter", "回線が戻ると自動でやり直します"),
            state=undone,
            detail=keep,
            right="",
            action=action,
        )
        self.say(views.outage_strip(undone, entry.item_number, keep))

    def settle_fault(self, entry: Entry) -> None:
        """Marks a row whose act met a bug: whether it was done is not known, and must be looked at."""
        self.settle(
            entry,
            sign=Sign.REFUSED,
            under="",
            state=translate("Counter", "処理できませんでした"),
            detail=translate("Counter", "資料の状態を確かめてください"),
            right="",
            action="",
            answered=True,
        )

    # -- while the clerk is away -----------------------------------------------------------------------

    def keep_row(self, entry: Entry) -> KeptRow | None:
        """A row as it is to be found again; None where it is not kept."""
        return KeptRow(entry.row, entry.item_number, entry.operation, entry.refused)

    def keep_rows(self) -> tuple[KeptList, dict[int, int]]:
        """The rows to be found again, and the place of each among them by its key. No card is kept."""
        cards = [entry.row.key for entry in self._cards]
        rows: list[KeptRow] = []
        places: dict[int, int] = {}
        for entry in self.entries():
            kept = self.keep_row(entry) if entry.row.key not in cards else None
            if kept is not None:
                places[entry.row.key] = len(rows)
                rows.append(kept)
        return KeptList(rows, self._last_number if rows else 0), places

    def resume_rows(self, kept: KeptList) -> list[Entry]:
        """Shows the rows again."""
        resumed = []
        for each in kept.rows:
            entry = Entry(
                replace(each.row, key=self._next_key), each.item_number, each.operation, each.refused
            )
            self._next_key += 1
            self._entries[entry.row.key] = entry
            resumed.append(entry)
            self.list.upsert(entry.row)
        self._last_number = kept.last_number
        return resumed

    def forget(self, entry: Entry) -> None:
        """Takes a row away."""
        if self._entries.pop(entry.row.key, None) is not None:
            self.list.remove(entry.row.key)
            self._refresh_header()

    def clear(self) -> None:
        """Takes all rows away."""
        self._entries.clear()
        self._cards.clear()
        self.begin_numbering()
        self.list.clear()
        self._patience.stop()
        self._refresh_header()

    @staticmethod
    def words_of(item: ItemShown | None, number: str) -> tuple[str, str]:
        """The two lines of a row about an item."""
        if item is None:
            return number, ""
        return item.title, f"{item.number}  {item.creators}".rstrip()

    def _show(self, entry: Entry) -> None:
        self.list.upsert(self.as_seen(entry))
        self._refresh_header()

    def as_seen(self, entry: Entry) -> RowView:
        """A row as it stands in the list."""
        return veiled_row(entry.row) if self._veiled else entry.row

    def show_rows(self) -> None:
        """Shows all rows anew."""
        self.list.set_rows([self.as_seen(entry) for entry in self.entries()])

    def set_veiled(self, veiled: bool) -> None:
        """Hides whatever is somebody's, or shows it again; scans go on either way."""
        self._veiled = veiled
        self.show_rows()
        self._show_left()

    def _show_left(self) -> None:
        """Shows the left panel anew: hidden or not."""

    def _forget_old(self) -> None:
        """A day's returns are thousands: what is settled and long out of sight goes, the oldest first."""
        surplus = len(self._entries) - MOST_ROWS
        if surplus <= 0:
            return
        settled = (e for e in self.entries() if e.row.sign is not Sign.PENDING and not e.row.pinned)
        for entry in list(islice(settled, surplus)):
            self.forget(entry)

    def _refresh_header(self) -> None:
        pending = sum(entry.row.sign is Sign.PENDING for entry in self.entries())
        notes = views.header_notes(len(self.open_refusals()), pending)
        self.list.set_header(replace(self.header(), notes=notes))
        words = self._typed or self.next_words()
        self.list.set_next(words, self.number_beside_next(), typing=bool(self._typed))
        self.changed.emit()

    def show_typed(self, text: str) -> None:
        """Shows what the clerk is typing where the next scan will stand; empty when they are not."""
        self._typed = views.typed_words(text) if text else ""
        self._refresh_header()

    # -- strip and questions ---------------------------------------------------------------------------

    def say(self, view: StripView) -> None:
        """Says what became of the last scan."""
        self._patience.stop()
        self._around.show_strip(view)
        if any(entry.row.sign is Sign.PENDING for entry in self.entries()):
            self._patience.start()

    def _say_waiting(self) -> None:
        pending = [entry for entry in self.entries() if entry.row.sign is Sign.PENDING]
        if pending:
            self._around.show_strip(views.waiting_strip(pending[0].row.title))

    def attend(self) -> None:
        """Opens the question of the oldest row that waits (F10)."""
        waiting = self.open_refusals()
        if waiting:
            self._attend(waiting[0])

    def _attend_key(self, key: int) -> None:
        entry = self._entries.get(key)
        if entry is not None:
            self._attend(entry)

    def _attend(self, entry: Entry) -> None:
        question = self.question_for(entry)
        if question is not None:
            self._asked = (entry, question)
            shown = veiled_question(question) if self._veiled else question
            self._around.ask(shown, partial(self._take_answer, entry))
            # with several rows waiting, the last scan may have been about another book
            self._around.show_quietly(views.asked_strip(entry.row))

    def _take_answer(self, entry: Entry, answer: Answer, reason: str) -> None:
        if self.question_stands():
            self._asked = None
            self.answered(entry, answer, reason)

    def question_stands(self) -> bool:
        """Whether what was last asked would be asked now: an answer from the server may have settled it."""
        if self._asked is None:
            return False
        entry, question = self._asked
        return entry.row.key in self._entries and self.question_for(entry) == question

    def leave_as_it_is(self, entry: Entry) -> None:
        """The clerk has seen the row; it waits no more."""
        self.settle(entry, answered=True, action="", right=translate("Counter", "対応済み"))
