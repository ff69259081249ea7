"""Return (返却, F2): each item says where it goes; the last one can be undone; the book drop has its day."""

from __future__ import annotations

import datetime as dt
from collections import Counter, deque
from collections.abc import Mapping
from functools import partial
from uuid import uuid4

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from madoguchi.app.lending.answers import CheckedIn, Notice, Refused, ReturnUndone, Route
from madoguchi.app.lending.checkin import check_in, undo_return
from madoguchi.barcode.commands import Command
from madoguchi.barcode.symbology import ItemCode, ParsedCode
from madoguchi.widgets import wording
from madoguchi.widgets.look.sort_panel import SortPanel
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import (
    Answer,
    BannerTone,
    BannerView,
    FlagView,
    ListHeader,
    QuestionView,
    RailItem,
    RightColumn,
    Sign,
    SortRow,
    SortView,
    StripView,
    Tone,
)
from madoguchi.widgets.scan_page import MOST_ROWS, Entry, ScanPage, Surroundings
from madoguchi.widgets.typed_day import day_of

translate = QCoreApplication.translate

_ROUTE_SIGNS = {
    Route.SHELF: Sign.TO_OPEN_SHELF,
    Route.TRANSIT: Sign.TO_TRANSIT,
    Route.RESERVATION_SHELF: Sign.TO_RESERVATION_SHELF,
}


class CheckinPage(ScanPage):
    """Takes back."""

    def __init__(self, look: Look, around: Surroundings) -> None:
        super().__init__(look, around, RightColumn.DESTINATION)
        self._panel = SortPanel(look)
        self._piles: Counter[tuple[Route, str]] = Counter()
        self._overdue = 0
        # the last ones, of which the latest can be undone
        self._answers: deque[tuple[Entry, CheckedIn]] = deque(maxlen=MOST_ROWS)
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
        undo = RailItem(9, translate("Counter", "返却取消"), enabled=self._last_return() is not None)
        if self._drop_day is None:
            return undo, RailItem(11, translate("Counter", "返却ポスト"))
        return undo, RailItem(11, translate("Counter", "今日に戻す"), offered=True)

    def banner(self) -> BannerView | None:
        if self._drop_day is None:
            return None
        return BannerView(
            BannerTone.CLERK,
            Sign.BOOK_DROP,
            translate("Counter", "返却ポスト処理中  返却日 {day}").format(day=wording.day(self._drop_day)),
            translate("Counter", "すべての返却をこの日付で記録します"),
            "F11",
            translate("Counter", "今日に戻す"),
        )

    def commands(self) -> Mapping[Command, int]:
        return {Command.UNDO: 9, Command.DROP: 11}

    def press(self, key: int) -> None:
        if key == 9:
            self._undo()
            return
        self._drop_day = self._around.today() - dt.timedelta(days=1) if self._drop_day is None else None
        self._refresh_header()

    def date_typed(self, digits: str) -> bool:
        if self._drop_day is None or len(digits) != 4:
            return False
        today = self._around.today()
        chosen = day_of(digits, today, forward=False)
        if chosen is None or (today - chosen).days > 7:
            self.say(
                StripView(
                    Tone.NOTICE,
                    translate("Counter", "返却日にできません"),
                    digits,
                    side_first=translate("Counter", "今日までの7日間から選べます"),
                )
            )
        else:
            self._drop_day = chosen
        self._refresh_header()
        return True

    def question_for(self, entry: Entry) -> QuestionView | None:
        del entry
        return None

    def answered(self, entry: Entry, answer: Answer, reason: str) -> None:
        del entry, answer, reason

    # -- scans ---------------------------------------------------------------------------------------

    def take(self, code: ParsedCode) -> None:
        if not isinstance(code, ItemCode):
            self.add_not_an_item(code)
            return
        entry = self.add_pending(code.number)
        self._around.worker.ask(
            partial(
                check_in,
                operation=entry.operation,
                item_number=code.number,
                desk=self._around.desk,
                book_drop_day=self._drop_day,
            ),
            partial(self._returned, entry),
            partial(self._stalled, entry),
            partial(self.settle_fault, entry),
        )

    def leave(self) -> None:
        """The clerk signs out: the list and the piles begin anew."""
        self._piles.clear()
        self._overdue = 0
        self._answers.clear()
        self._drop_day = None
        self.clear()
        self._show_piles()

    def _returned(self, entry: Entry, answer: CheckedIn | Refused) -> None:
        if entry.row.key not in self._entries:
            return  # the clerk signed out meanwhile
        if isinstance(answer, Refused):
            self.settle_refused(entry, answer, translate("Counter", "返却していません"))
            return
        self._answers.append((entry, answer))
        self._piles[answer.route, answer.to_branch] += 1
        self._overdue += Notice.OVERDUE in answer.notices
        title, under = self.words_of(answer.item, entry.item_number)
        state, detail = _state_words(answer)
        destination = _destination(answer)
        sign = _ROUTE_SIGNS[answer.route]
        notable = Sign.OVERDUE if Notice.OVERDUE in answer.notices else Sign.NOTICE
        plain = answer.route is Route.SHELF
        self.settle(
            entry,
            sign=(notable if answer.notices else Sign.DONE) if plain else sign,
            title=title,
            under=under,
            state=state,
            detail=detail,
            right=destination,
            right_detail=translate("Counter", "{day} まで取置").format(day=wording.day(answer.keep_until))
            if answer.keep_until
            else "",
        )
        self._show_piles()
        self.say(
            StripView(
                (Tone.NOTICE if answer.notices else Tone.DONE) if plain else Tone.ROUTE,
                state if plain else destination,
                title,
                destination if plain else state,
                side_first=translate("Counter", "返却日"),
                side_second=wording.day(answer.returned_on),
                strong_side=2,
                sign=None if plain else sign,
            )
        )

    def _stalled(self, entry: Entry) -> None:
        self.settle_outage(
            entry, translate("Counter", "未返却"), translate("Counter", "棚に戻さないでください")
        )

    # -- undo ----------------------------------------------------------------------------------------

    def _last_return(self) -> tuple[Entry, CheckedIn] | None:
        return self._answers[-1] if self._answers and self._answers[-1][1].can_undo else None

    def _undo(self) -> None:
        last = self._last_return()
        if last is None:
            return
        entry, returned = last

        def undone(answer: ReturnUndone | Refused) -> None:
            if isinstance(answer, Refused):
                words = wording.refused(answer)
                self.say(
                    StripView(
                        Tone.REFUSED,
                        words.state,
                        entry.row.title,
                        translate("Counter", "返却のままです"),
                        side_first=words.detail,
                    )
                )
                return
            if last in self._answers:
                self._answers.remove(last)
                self._piles[returned.route, returned.to_branch] -= 1
                self._overdue -= Notice.OVERDUE in returned.notices
            self.settle(
                entry,
                sign=Sign.NOTICE,
                state=translate("Counter", "返却取消"),
                detail=translate("Counter", "貸出中に戻しました"),
                right="—",
                right_detail="",
            )
            self._show_piles()
            self.say(
                StripView(
                    Tone.NOTICE,
                    translate("Counter", "返却取消"),
                    entry.row.title,
                    wording.day(answer.due_on),
                    translate("Counter", "まで貸出中"),
                )
            )

        self._around.worker.ask(
            partial(
                undo_return,
                operation=uuid4(),
                return_operation=returned.operation,
                desk=self._around.desk,
            ),
            undone,
        )

    def _show_piles(self) -> None:
        rows = tuple(
            SortRow(_ROUTE_SIGNS[route], _pile_words(route, branch), count)
            for (route, branch), count in sorted(self._piles.items())
            if count
        )
        flags = (
            (FlagView(Sign.OVERDUE, translate("Counter", "延滞 {n}点").format(n=self._overdue)),)
            if self._overdue
            else ()
        )
        note = translate("Counter", "利用者の名前はここに出しません。")
        self._panel.set_view(SortView(rows, flags, note=note))


def _pile_words(route: Route, branch: str) -> str:
    return {
        Route.SHELF: translate("Counter", "書架へ"),
        Route.RESERVATION_SHELF: translate("Counter", "取置棚へ"),
        Route.TRANSIT: translate("Counter", "{branch}へ").format(branch=branch),
    }[route]


def _destination(answer: CheckedIn) -> str:
    return _pile_words(answer.route, answer.to_branch)


def _state_words(answer: CheckedIn) -> tuple[str, str]:
    """The state and detail of a return; the most unusual thing comes first."""
    if Notice.NOT_ON_LOAN in answer.notices:
        return translate("Counter", "貸出中ではありません"), translate(
            "Counter", "行き先のとおりに置いてください"
        )
    if Notice.OVERDUE in answer.notices and answer.due_on is not None:
        return (
            translate("Counter", "延滞 {n}日").format(n=answer.overdue_days),
            translate("Counter", "期限 {day}").format(day=wording.day(answer.due_on)),
        )
    if Notice.ATTACHMENTS in answer.notices:
        return translate("Counter", "付録あり"), answer.item.attachments
    if Notice.ITEM_NOTE in answer.notices:
        return translate("Counter", "資料メモ"), answer.item.note
    if answer.route is Route.RESERVATION_SHELF:
        return translate("Counter", "予約あり"), ""
    if answer.route is Route.TRANSIT:
        return translate("Counter", "他館へ配送"), ""
    return translate("Counter", "返却"), ""
