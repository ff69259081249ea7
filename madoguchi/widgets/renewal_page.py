"""Renewal (延長, F3): by item alone, from today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from madoguchi.app.lending.answers import Refused, Renewed
from madoguchi.app.lending.renewal import renew
from madoguchi.barcode.commands import Command
from madoguchi.widgets import wording
from madoguchi.widgets.item_page import ItemAnswer, ItemPage, UnderWay
from madoguchi.widgets.kept_pages import KeptRenewal
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import (
    ListHeader,
    RailItem,
    RightColumn,
    Sign,
    StripView,
    Tone,
)
from madoguchi.widgets.scan_page import Entry, Surroundings
from madoguchi.widgets.slip_words import renewals_key

translate = QCoreApplication.translate


class RenewalPage(ItemPage):
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
        acts = [self._under_way.get(entry.row.key) for entry in self.entries()]
        ends = any(act is None or not act.parted for act in acts)
        slips = self._around.slips
        slip = renewals_key(has_printer=slips.has_printer, enabled=slips.can_print_renewals())
        return slip, RailItem(11, translate("Counter", "終了"), enabled=ends)

    def line_down_words(self) -> str:
        return translate("Counter", "自動でやり直しています。行に「未延長」とある資料はまだ延びていません")

    def commands(self) -> Mapping[Command, int]:
        return {Command.FINISH: 11}

    def press(self, key: int) -> None:
        if key == 9:
            self._around.slips.print_renewals()
        elif key == 11:
            self.part()
            self._around.show_strip(self.idle_strip())

    def part(self) -> None:
        """The patron goes: what is answered goes from the screen, what is not stays as a number."""
        for entry in self.entries():
            act = self._under_way.get(entry.row.key)
            if act is None:
                self.forget(entry)
            else:
                act.parted = True
                self._leave_behind(entry)
        self._renewed = 0
        self._around.slips.renewals_over()
        self.begin_numbering()
        self._refresh_header()

    def leave(self) -> None:
        """The clerk signs out: the titles go from the screen."""
        self._renewed = 0
        self._around.slips.renewals_over()
        self.clear()

    def keep(self) -> KeptRenewal:
        """What this page comes back to."""
        return KeptRenewal(self.keep_rows()[0], self._renewed)

    def resume(self, kept: KeptRenewal) -> None:
        """The clerk is back."""
        self.resume_rows(kept.scans)
        self._renewed = kept.renewed
        self._refresh_header()

    def hand_over(self) -> list[UnderWay]:
        acts = [act for act in super().hand_over() if not isinstance(act.answer, Renewed)]
        for act in acts:
            act.parted = True
        return acts

    def left_over(self) -> int:
        self._left_over = [act for act in self._left_over if not isinstance(act.answer, Renewed)]
        return len(self._left_over)

    # -- scans ---------------------------------------------------------------------------------------

    def asked_about(self, operation: UUID, item_number: str) -> partial[Renewed | Refused]:
        return partial(renew, operation=operation, item_number=item_number, desk=self._around.desk)

    def undone_words(self, act: UnderWay) -> wording.Words:
        del act
        return wording.Words(translate("Counter", "未延長"), translate("Counter", "まだ延長できていません"))

    def _show_act(self, entry: Entry, act: UnderWay) -> None:
        super()._show_act(entry, act)
        if act.parted and entry.row.key in self._under_way:
            self._leave_behind(entry)

    def _leave_behind(self, entry: Entry) -> None:
        self.settle(entry, number=0, under=translate("Counter", "前の利用者"))

    def came(self, entry: Entry, act: UnderWay, answer: ItemAnswer) -> None:
        if isinstance(answer, Refused):
            # the title is for the patron alone who brought the item
            shown = replace(answer, item=None) if act.parted else answer
            self.settle_refused(entry, shown, translate("Counter", "延長していません"))
            if act.parted:
                self.settle(entry, under=translate("Counter", "前の利用者・延長していません"))
        elif act.parted:
            self.forget(entry)
        elif isinstance(answer, Renewed):
            self._show_renewed(entry, answer)

    def _show_renewed(self, entry: Entry, answer: Renewed) -> None:
        self._renewed += 1
        self._around.slips.renewed(answer)
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
