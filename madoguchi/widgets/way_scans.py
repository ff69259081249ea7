"""What a scan means on the page of reservations under way: where the copy goes, and that it is told once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Signal

from madoguchi.app.lending.answers import CheckedIn, Refused
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.reservations.answers import CircleRefusal, Cleared, NotDone
from madoguchi.app.reservations.rounds import clear_shelf
from madoguchi.widgets import checkin_views
from madoguchi.widgets import way_words as words
from madoguchi.widgets.item_page import ItemAnswer, ItemPage, UnderWay
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import RightColumn, RowView, Sign, StripView
from madoguchi.widgets.scan_page import Entry, Surroundings
from madoguchi.widgets.way_lists import WayLists
from madoguchi.widgets.way_views import WayList
from madoguchi.widgets.wording import Words

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class _Taken:
    """A copy that was read here: its row, where it goes, and when that was answered."""

    entry: Entry
    answer: CheckedIn | Cleared
    at: dt.datetime


class WayScans(ItemPage):
    """The scans of that page.

    Signals:
        goes(answer): a ``CheckedIn`` or ``Cleared``: where a copy is put now, for whoever prints its slip.
    """

    goes = Signal(object)

    def __init__(self, look: Look, around: Surroundings) -> None:
        super().__init__(look, around, RightColumn.DESTINATION)
        self._which = WayList.PULL
        self._lists = WayLists(around.worker, around.desk)
        self._taken: dict[str, _Taken] = {}
        self._done = 0
        self._untitled = False

    def read_again(self) -> None:
        """The lists are other ones now."""
        raise NotImplementedError

    def forget(self, entry: Entry) -> None:
        super().forget(entry)
        taken = self._taken.get(entry.item_number)
        if taken is not None and taken.entry is entry:
            del self._taken[entry.item_number]

    # -- beside names stands no title ------------------------------------------------------------------

    def as_seen(self, entry: Entry) -> RowView:
        row = super().as_seen(entry)
        if self._veiled or self._which is not WayList.TELL or not entry.item_number:
            return row
        return replace(row, title=entry.item_number, under="")

    def say(self, view: StripView) -> None:
        super().say(replace(view, title="") if self._untitled else view)

    # -- scans ---------------------------------------------------------------------------------------

    def begun(self, item_number: str) -> UnderWay:
        return UnderWay(item_number, clears=self._which is WayList.SHELF)

    def asked_about(
        self, operation: UUID, item_number: str
    ) -> partial[CheckedIn | Refused] | partial[Cleared | NotDone]:
        desk = self._around.desk
        if self._which is WayList.SHELF:
            return partial(clear_shelf, operation=operation, item_number=item_number, desk=desk)
        return partial(check_in, operation=operation, item_number=item_number, desk=desk)

    def undone_words(self, act: UnderWay) -> Words:
        return words.undone_words(clears=act.clears)

    def came(self, entry: Entry, act: UnderWay, answer: ItemAnswer) -> None:
        self._untitled = self._which is WayList.TELL
        match answer:
            case CheckedIn():
                self._show_arrived(entry, answer)
            case Cleared():
                self._show_cleared(entry, answer)
            case NotDone(refusal):
                self._show_not_done(entry, refusal)
            case Refused():
                self.settle_refused(entry, answer, translate("Way", "返却していません"))
        self._untitled = False
        del act
        if not self._under_way:
            self.read_again()

    def _show_arrived(self, entry: Entry, answer: CheckedIn) -> None:
        before = self._taken.get(entry.item_number)
        same = (
            before is not None
            and self._around.now() - before.at <= checkin_views.SAME_ITEM
            and checkin_views.goes_as_before(before.answer, answer)
        )
        if before is not None and same:
            said = checkin_views.same_item_words(before.entry.row.number, returned=False)
            sign, strip = Sign.SAME_ITEM, checkin_views.same_item_strip(answer, said)
        else:
            said = words.arrived_words(answer)
            sign, strip = words.arrived_sign(answer), words.arrived_strip(answer, said)
            self._taken[entry.item_number] = _Taken(entry, answer, self._around.now())
            self._done += 1
        title, under = self.words_of(answer.item, entry.item_number)
        self.settle(
            entry,
            sign=sign,
            title=title,
            under=under,
            state=said.state,
            detail=said.detail,
            right=checkin_views.destination_of(answer),
            right_detail=checkin_views.kept_words(answer),
        )
        self.say(strip)
        if not same:
            # what was read twice has its slip
            self.goes.emit(answer)

    def _show_cleared(self, entry: Entry, answer: Cleared) -> None:
        self._done += 1
        self._taken[entry.item_number] = _Taken(entry, answer, self._around.now())
        said = words.cleared_words(answer)
        self.settle(
            entry,
            sign=words.cleared_sign(answer),
            title=answer.title,
            under=answer.item_number,
            state=said.state,
            detail=said.detail,
            right=words.cleared_destination(answer),
            right_detail=words.cleared_kept(answer),
        )
        self.say(words.cleared_strip(answer))
        self.goes.emit(answer)

    def _show_not_done(self, entry: Entry, refusal: CircleRefusal) -> None:
        """Nothing is changed: kept still, cleared a moment ago, or not of this shelf."""
        copy, taken = self._lists.on_shelf(entry.item_number), self._taken.get(entry.item_number)
        before = taken.answer if taken is not None else None
        said, sign, title = words.refused(refusal), Sign.REFUSED, entry.item_number
        if refusal is CircleRefusal.NOT_EXPIRED and copy is not None:
            title, said = copy.title, Words(said.state, words.still_kept(copy))
        elif refusal is CircleRefusal.NOT_HERE and isinstance(before, Cleared):
            title, said, sign = before.title, words.cleared_already_words(before), Sign.SAME_ITEM
        self.settle(
            entry,
            sign=sign,
            title=title,
            under=entry.item_number if title != entry.item_number else "",
            state=said.state,
            detail=said.detail,
            right="—",
            answered=True,
        )
        self.say(words.nothing_done_strip(said, title, same=sign is Sign.SAME_ITEM))
