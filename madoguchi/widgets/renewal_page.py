"""Renewal (延長, F3): by item alone, from today."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from madoguchi.app.lending.answers import Refused, Renewed
from madoguchi.app.lending.renewal import renew
from madoguchi.barcode.commands import Command
from madoguchi.barcode.symbology import ItemCode, ParsedCode
from madoguchi.widgets import wording
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import (
    Answer,
    ListHeader,
    QuestionView,
    RailItem,
    RightColumn,
    Sign,
    StripView,
    Tone,
)
from madoguchi.widgets.scan_page import Entry, ScanPage, Surroundings

translate = QCoreApplication.translate


class RenewalPage(ScanPage):
    """Renews."""

    def __init__(self, look: Look, around: Surroundings) -> None:
        super().__init__(look, around, RightColumn.DATE)
        self._renewed = 0
        self._refresh_header()

    def left(self) -> QWidget | None:
        return None

    def header(self) -> ListHeader:
        return ListHeader(translate("Counter", "今回の延長"), self._renewed, translate("Counter", "点"))

    def idle_strip(self) -> StripView:
        return StripView(Tone.IDLE, translate("Counter", "延長する資料を読み取ってください"))

    def function_keys(self) -> tuple[RailItem, RailItem]:
        return RailItem(9, "—", enabled=False), RailItem(
            11, translate("Counter", "終了"), enabled=bool(self._entries)
        )

    def commands(self) -> Mapping[Command, int]:
        return {Command.FINISH: 11}

    def press(self, key: int) -> None:
        if key == 11:
            self.leave()
            self._around.show_strip(self.idle_strip())

    def question_for(self, entry: Entry) -> QuestionView | None:
        del entry
        return None

    def answered(self, entry: Entry, answer: Answer, reason: str) -> None:
        del entry, answer, reason

    def leave(self) -> None:
        """The patron goes: the titles go from the screen."""
        self._renewed = 0
        self.clear()

    def take(self, code: ParsedCode) -> None:
        if not isinstance(code, ItemCode):
            self.add_not_an_item(code)
            return
        entry = self.add_pending(code.number)
        self._around.worker.ask(
            partial(renew, operation=entry.operation, item_number=code.number, desk=self._around.desk),
            partial(self._answered, entry),
            partial(self._stalled, entry),
            partial(self.settle_fault, entry),
        )

    def _answered(self, entry: Entry, answer: Renewed | Refused) -> None:
        if entry.row.key not in self._entries:
            return  # the list was cleared meanwhile
        if isinstance(answer, Refused):
            self.settle_refused(entry, answer, translate("Counter", "延長していません"))
            return
        self._renewed += 1
        title, under = self.words_of(answer.item, entry.item_number)
        earlier = translate("Counter", "前の期限 {day}").format(day=wording.day(answer.earlier_due_on))
        self.settle(
            entry,
            sign=Sign.DONE,
            title=title,
            under=under,
            state=translate("Counter", "延長"),
            detail=earlier,
            right=wording.day(answer.due_on),
        )
        self.say(
            StripView(
                Tone.DONE,
                translate("Counter", "延長"),
                title,
                wording.day(answer.due_on),
                translate("Counter", "まで"),
                side_first=translate("Counter", "今回 {n}点").format(n=self._renewed),
                side_second=earlier,
            )
        )

    def _stalled(self, entry: Entry) -> None:
        if entry.row.key not in self._entries:
            return
        self.settle_outage(
            entry, translate("Counter", "未延長"), translate("Counter", "まだ延長できていません")
        )
