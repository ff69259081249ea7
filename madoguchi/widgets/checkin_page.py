"""Return (返却, F2): each item says where it goes; the last one can be undone; the book drop has its day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from madoguchi.app.lending import facts
from madoguchi.app.lending.answers import CheckedIn, Notice, Refused, ReturnUndone, Route
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.barcode.commands import Command
from madoguchi.widgets import checkin_views as views
from madoguchi.widgets.item_page import ItemAnswer, ItemPage, UnderWay
from madoguchi.widgets.kept_pages import KeptCheckin, KeptReturn, KeptRow
from madoguchi.widgets.look.sort_panel import SortPanel
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import (
    BannerView,
    ListHeader,
    RailItem,
    RightColumn,
    RowView,
    Sign,
    StripView,
    Tone,
)
from madoguchi.widgets.scan_page import Entry, Surroundings
from madoguchi.widgets.scan_views import outage_strip
from madoguchi.widgets.typed_day import day_of
from madoguchi.widgets.wording import Words
from madoguchi.widgets.worker import Job

translate = QCoreApplication.translate

DROP_DAYS = 7
"""How far back the book drop's day may lie, as in the settings of the first library."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """An item that was read here: its row, where it goes, and when that was answered."""

    entry: Entry
    answer: CheckedIn
    at: dt.datetime


@dataclass(slots=True)
class _Undo:
    """The last return is being undone; ``before`` is its row as it was."""

    taken: _Taken
    before: RowView
    job: Job[ReturnUndone | Refused | None] | None = None


class CheckinPage(ItemPage):
    """Takes back."""

    def __init__(self, look: Look, around: Surroundings) -> None:
        super().__init__(look, around, RightColumn.DESTINATION)
        self._panel = SortPanel(look)
        self._piles: Counter[tuple[Route, str]] = Counter()
        self._overdue = 0
        self._taken: dict[str, _Taken] = {}
        self._last: _Taken | None = None
        self._undo: _Undo | None = None
        self._drop_day: dt.date | None = None
        self._show_piles()
        self._refresh_header()

    # -- what the window asks ------------------------------------------------------------------------

    def left(self) -> QWidget:
        return self._panel

    def header(self) -> ListHeader:
        return ListHeader(
            translate("Counter", "今回の返却"), sum(self._piles.values()), translate("Counter", "点")
        )

    def idle_strip(self) -> StripView:
        return StripView(Tone.IDLE, translate("Counter", "返却する資料を読み取ってください"))

    def next_words(self) -> str:
        if self._drop_day is not None:
            return translate("Counter", "次の資料（返却日を変えるには月日4桁を入力して Enter）")
        return super().next_words()

    def function_keys(self) -> tuple[RailItem, RailItem]:
        undo = RailItem(
            9, translate("Counter", "返却取消"), enabled=self._last is not None and self._undo is None
        )
        if self._drop_day is None:
            return undo, RailItem(11, translate("Counter", "返却ポスト"))
        return undo, RailItem(11, translate("Counter", "今日に戻す"), offered=True)

    def banner(self) -> BannerView | None:
        return views.drop_banner(self._drop_day) if self._drop_day is not None else None

    def line_down_words(self) -> str:
        return translate(
            "Counter", "自動でやり直しています。行に「未返却」とある資料は棚に戻さないでください"
        )

    def commands(self) -> Mapping[Command, int]:
        return {Command.UNDO: 9, Command.DROP: 11}

    def press(self, key: int) -> None:
        if key == 9:
            self._undo_last()
            return
        self._drop_day = self._around.today() - dt.timedelta(days=1) if self._drop_day is None else None
        self._refresh_header()

    def date_typed(self, digits: str) -> bool:
        if self._drop_day is None or len(digits) != 4:
            return False
        today = self._around.today()
        chosen = day_of(digits, today, forward=False)
        if chosen is None or (today - chosen).days > DROP_DAYS:
            self.say(views.no_drop_day_strip(digits))
        else:
            self._drop_day = chosen
        self._refresh_header()
        return True

    def leave(self) -> None:
        """The clerk signs out: the list and the piles begin anew, and nothing is undone any more."""
        if self._undo is not None and self._undo.job is not None:
            self._undo.job.act = _nothing
        self._undo = self._last = None
        self._piles.clear()
        self._overdue = 0
        self._taken.clear()
        self._drop_day = None
        self.clear()
        self._show_piles()

    def keep_row(self, entry: Entry) -> KeptRow | None:
        kept = super().keep_row(entry)
        if kept is not None and self._undo is not None and self._undo.taken.entry is entry:
            # asked of the server and not answered: it is not done, and can be asked again
            return replace(kept, row=self._undo.before)
        return kept

    def keep(self) -> KeptCheckin:
        """What this page comes back to."""
        scans, places = self.keep_rows()
        taken = [each for each in self._taken.values() if each.entry.row.key in places]
        return KeptCheckin(
            scans,
            [(route, branch, count) for (route, branch), count in self._piles.items() if count],
            self._overdue,
            [KeptReturn(places[each.entry.row.key], each.answer, each.at) for each in taken],
            taken.index(self._last) if self._last in taken else None,
            self._drop_day,
        )

    def resume(self, kept: KeptCheckin) -> None:
        """The clerk is back."""
        entries = self.resume_rows(kept.scans)
        self._piles.update({(route, branch): count for route, branch, count in kept.piles})
        self._overdue = kept.overdue
        taken = [_Taken(entries[each.row], each.answer, each.at) for each in kept.taken]
        self._taken.update({each.entry.item_number: each for each in taken})
        self._last = taken[kept.last] if kept.last is not None else None
        self._drop_day = kept.drop_day
        self._show_piles()
        self._refresh_header()

    def forget(self, entry: Entry) -> None:
        super().forget(entry)
        taken = self._taken.get(entry.item_number)
        if taken is not None and taken.entry is entry:
            del self._taken[entry.item_number]

    # -- scans ---------------------------------------------------------------------------------------

    def asked_about(self, operation: UUID, item_number: str) -> partial[CheckedIn | Refused]:
        return partial(
            check_in,
            operation=operation,
            item_number=item_number,
            desk=self._around.desk,
            book_drop_day=self._drop_day,
        )

    def undone_words(self, act: UnderWay) -> Words:
        del act
        return Words(translate("Counter", "未返却"), translate("Counter", "棚に戻さないでください"))

    def came(self, entry: Entry, act: UnderWay, answer: ItemAnswer) -> None:
        if isinstance(answer, Refused):
            self.settle_refused(entry, answer, translate("Counter", "返却していません"))
        elif isinstance(answer, CheckedIn):
            before = self._taken.get(entry.item_number)
            if (
                before is not None
                and self._around.now() - before.at <= views.SAME_ITEM
                and views.goes_as_before(before.answer, answer)
            ):
                self._show_same_item(entry, before, answer)
            else:
                self._show_returned(entry, answer)

    def _show_returned(self, entry: Entry, answer: CheckedIn) -> None:
        taken = self._taken[entry.item_number] = _Taken(entry, answer, self._around.now())
        if answer.can_undo and entry.row.number:
            # one without a number is of the session before: not what this clerk has just done
            self._last = taken
        self._around.slips.returned(answer)
        self._count(answer, 1)
        words = views.returned_words(answer)
        self._settle_destination(entry, views.returned_sign(answer), words, answer)
        self.say(views.returned_strip(answer))

    def _show_same_item(self, entry: Entry, before: _Taken, answer: CheckedIn) -> None:
        words = views.same_item_words(before.entry.row.number, returned=before.answer.can_undo)
        self._settle_destination(entry, Sign.SAME_ITEM, words, answer)
        self.say(views.same_item_strip(answer, words))

    def _settle_destination(self, entry: Entry, sign: Sign, words: Words, answer: CheckedIn) -> None:
        title, under = self.words_of(answer.item, entry.item_number)
        self.settle(
            entry,
            sign=sign,
            title=title,
            under=under,
            state=words.state,
            detail=words.detail,
            right=views.destination_of(answer),
            right_detail=views.kept_words(answer),
        )

    def _count(self, answer: CheckedIn, by: int) -> None:
        self._piles[answer.route, answer.to_branch] += by
        self._overdue += by * (Notice.OVERDUE in answer.notices)
        self._show_piles()

    def _show_piles(self) -> None:
        self._panel.set_view(views.sort_view(self._piles, self._overdue))

    # -- undo ----------------------------------------------------------------------------------------

    def _undo_last(self) -> None:
        """Undoes the last return, and no other: the one before it may be another patron's."""
        taken = self._last
        if taken is None or self._undo is not None:
            return
        if self._under_way:
            self.say(views.undo_not_now_strip())
            return
        undo = self._undo = _Undo(taken, taken.entry.row)
        self.say(views.undo_asked_strip(taken.answer.item.title))
        undo.job = self._around.worker.ask(
            partial(
                undo_return,
                operation=uuid4(),
                return_operation=taken.answer.operation,
                desk=self._around.desk,
            ),
            partial(self._undo_came, undo),
            partial(self._undo_stalled, undo),
            partial(self._undo_faulted, undo),
        )
        self._refresh_header()

    def _undo_came(self, undo: _Undo, answer: ReturnUndone | Refused | None) -> None:
        if undo is not self._undo or answer is None:
            return  # the clerk signed out meanwhile
        self._undo = self._last = None
        taken = undo.taken
        title = taken.answer.item.title
        self.settle(
            taken.entry, **{each.name: getattr(undo.before, each.name) for each in fields(undo.before)}
        )
        if isinstance(answer, Refused):
            self._refresh_header()
            self.say(views.undo_refused_strip(title, answer))
            return
        if self._taken.get(taken.entry.item_number) is taken:
            del self._taken[taken.entry.item_number]
        self._around.slips.undone(taken.entry.item_number)
        self._count(taken.answer, -1)
        self.settle(
            taken.entry,
            sign=Sign.NOTICE,
            state=translate("Counter", "返却取消"),
            detail=translate("Counter", "貸出中に戻しました"),
            right="—",
            right_detail="",
        )
        self._refresh_header()
        self.say(views.undone_strip(title, answer))

    def _undo_stalled(self, undo: _Undo) -> None:
        if undo is not self._undo:
            return
        words, entry = views.not_undone_words(), undo.taken.entry
        self.settle_outage(entry, words.state, words.detail)
        self.settle(entry, right_detail="")
        self.say(outage_strip(words.state, undo.taken.answer.item.title, words.detail))

    def _undo_faulted(self, undo: _Undo) -> None:
        if undo is self._undo:
            self._undo = self._last = None
            self.settle_fault(undo.taken.entry)


def _nothing(counter: facts.Counter) -> None:
    del counter
