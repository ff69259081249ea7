"""What every page of scans has in common: a row at once, settled in order, refusals that stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Protocol
from uuid import UUID, uuid4

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from madoguchi.app.lending.answers import Refused
from madoguchi.app.lending.facts import Desk, ItemShown
from madoguchi.barcode.commands import Command
from madoguchi.barcode.symbology import ParsedCode
from madoguchi.widgets import wording
from madoguchi.widgets.look.scan_list import ScanList
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.veil import veiled_row
from madoguchi.widgets.look.views import (
    Answer,
    BannerView,
    HeaderNote,
    ListHeader,
    QuestionView,
    RailItem,
    RightColumn,
    RowView,
    Sign,
    StripView,
    Tone,
)
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

    def show_strip(self, view: StripView) -> None: ...

    def ask(self, view: QuestionView, on_answer: Callable[[Answer, str], None]) -> None: ...

    def refresh(self) -> None: ...

    def now(self) -> dt.datetime: ...

    def today(self) -> dt.date: ...


@dataclass(slots=True)
class Entry:
    """One scan on a page: its row, and what its answers need."""

    row: RowView
    item_number: str = ""
    operation: UUID = field(default_factory=uuid4)
    refused: Refused | None = None


class ScanPage(QObject):
    """A page whose centre is a list of scans.

    Signals:
        changed(): keys, banner or counts are not what they were.
    """

    changed = Signal()

    def __init__(self, look: Look, around: Surroundings, right: RightColumn) -> None:
        super().__init__()
        self._around = around
        self.list = ScanList(look, right)
        self.list.action_requested.connect(self._attend_key)
        self._entries: dict[int, Entry] = {}
        self._next_key = 1
        self._last_number = 0
        self._typed = ""
        self._asked: tuple[Entry, QuestionView] | None = None
        self._veiled = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._say_waiting)

    # -- what a page must say of itself --------------------------------------------------------------

    def left(self) -> QWidget | None:
        """The panel at the left."""
        raise NotImplementedError

    def take(self, code: ParsedCode) -> None:
        """A scan for this page."""
        raise NotImplementedError

    def header(self) -> ListHeader:
        """The line above the list."""
        raise NotImplementedError

    def idle_strip(self) -> StripView:
        """The strip while nothing has been scanned."""
        raise NotImplementedError

    def function_keys(self) -> tuple[RailItem, RailItem]:
        """What F9 and F11 do here."""
        raise NotImplementedError

    def press(self, key: int) -> None:
        """F9 or F11 was pressed."""
        raise NotImplementedError

    def question_for(self, entry: Entry) -> QuestionView | None:
        """What is asked about a row that waits, or None where nothing can be done."""
        raise NotImplementedError

    def answered(self, entry: Entry, answer: Answer, reason: str) -> None:
        """The clerk's answer about a row."""
        raise NotImplementedError

    def leave(self) -> None:
        """The clerk signs out: nothing of anybody stays."""
        raise NotImplementedError

    def next_words(self) -> str:
        """What is awaited next."""
        return translate("Counter", "次の資料を読み取ってください")

    def banner(self) -> BannerView | None:
        """The mode this page is in."""
        return None

    def shown(self) -> None:
        """The page comes into sight."""

    def commands(self) -> Mapping[Command, int]:
        """The command codes that stand for this page's own keys."""
        return {}

    def date_typed(self, digits: str) -> bool:
        """Four digits were typed and confirmed; says whether the page took them for a day."""
        del digits
        return False

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

    def begin_numbering(self) -> None:
        """The next row is number 1 again."""
        self._last_number = 0

    def add(self, row: RowView, item_number: str = "") -> Entry:
        """Adds a row at the bottom."""
        entry = Entry(replace(row, key=self._next_key, number=self.number_of_next()), item_number)
        self._next_key += 1
        self._last_number += 1
        self._entries[entry.row.key] = entry
        self._show(entry)
        self._forget_old()
        return entry

    def add_pending(self, item_number: str) -> Entry:
        """Adds the row of a scan whose answer is on its way."""
        entry = self.add(
            RowView(
                key=0,
                number=0,
                sign=Sign.PENDING,
                title=item_number,
                under=translate("Counter", "書名を照会中"),
                state=translate("Counter", "照会中"),
                detail="",
                right="—",
            ),
            item_number,
        )
        self._patience.start()
        return entry

    def add_not_an_item(self, code: ParsedCode) -> None:
        """Adds the row of a scan that is no item, and says so on the strip."""
        words = wording.not_an_item(code)
        shown = wording.shown_text(code)
        self.add(
            RowView(
                key=0,
                number=0,
                sign=Sign.REFUSED,
                title=shown,
                under="",
                state=words.state,
                detail=words.detail,
                right="",
                answered=True,
            )
        )
        self.say(
            StripView(
                Tone.REFUSED,
                words.state,
                shown,
                translate("Counter", "処理していません"),
                side_first=words.detail,
                side_second=translate("Counter", "次の読み取りができます"),
            )
        )

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
        self.say(
            StripView(
                Tone.REFUSED,
                words.state,
                title,
                undone,
                side_first=translate("Counter", "対応は F10") if asks else words.detail,
                side_second=translate("Counter", "脇に置いて続けられます"),
            )
        )

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
        self.say(
            StripView(
                Tone.OUTAGE,
                translate("Counter", "・").join((undone, keep)),
                entry.item_number,
                side_first=translate("Counter", "回線断"),
                side_second=translate("Counter", "自動でやり直しています"),
            )
        )

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

    def forget(self, entry: Entry) -> None:
        """Takes a row away."""
        if self._entries.pop(entry.row.key, None) is not None:
            self.list.remove(entry.row.key)
            self._refresh_header()

    def clear(self) -> None:
        """Takes all rows away."""
        self._entries.clear()
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
        self.list.upsert(veiled_row(entry.row) if self._veiled else entry.row)
        self._refresh_header()

    def set_veiled(self, veiled: bool) -> None:
        """Hides whatever is somebody's, or shows it again; scans go on either way."""
        self._veiled = veiled
        entries = self.entries()
        self.list.set_rows([veiled_row(entry.row) if veiled else entry.row for entry in entries])
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
        header = self.header()
        refusals = len(self.open_refusals())
        pending = sum(entry.row.sign is Sign.PENDING for entry in self.entries())
        notes = []
        if refusals:
            notes.append(HeaderNote(Sign.REFUSED, translate("Counter", "要対応 {n}").format(n=refusals)))
        if pending:
            notes.append(HeaderNote(Sign.PENDING, translate("Counter", "照会中 {n}").format(n=pending)))
        self.list.set_header(replace(header, notes=tuple(notes)))
        self.list.set_next(self._typed or self.next_words(), self.number_of_next())
        self.changed.emit()

    def show_typed(self, text: str) -> None:
        """Shows what the clerk is typing where the next scan will stand; empty when they are not."""
        self._typed = (
            translate("Counter", "手入力 {text}   Enter で決定・Delete で消去").format(text=text)
            if text
            else ""
        )
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
            self._around.show_strip(
                StripView(Tone.PENDING, translate("Counter", "照会中"), pending[0].row.title)
            )

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
            self._around.ask(question, partial(self._take_answer, entry))

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
