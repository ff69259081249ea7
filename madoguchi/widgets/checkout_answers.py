"""What the clerk answers about an item that was not lent: leave it, renew it, lend it all the same."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import uuid4

from PySide6.QtCore import QCoreApplication

from madoguchi.app.lending.answers import OverrideGranted, Refused, Renewed
from madoguchi.app.lending.checkout import override
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.rules import ABOUT_THE_ITEM, Refusal
from madoguchi.widgets import wording
from madoguchi.widgets.checkout_loans import Loan, LoansPage
from madoguchi.widgets.checkout_views import (
    given_up_strip,
    not_lent_strip,
    not_overridden_strip,
    renewed_strip,
)
from madoguchi.widgets.look.views import Answer, Sign, StripView, Tone
from madoguchi.widgets.scan_page import Entry

translate = QCoreApplication.translate


class AttendedLoansPage(LoansPage):
    """Takes the clerk's answers. Each is given once: until the server has answered, the row only waits."""

    def answered(self, entry: Entry, answer: Answer, reason: str) -> None:
        loan = self._loans.get(entry.operation)
        if loan is None:
            return
        if loan.stalled:
            if answer is Answer.OFFERED:
                self._call_off(entry, loan)
                self.say(given_up_strip(entry.item_number))
        elif answer is Answer.STOP or loan.visit is not self._visit:
            title = entry.row.title
            if loan.visit is self._visit:
                self.leave_as_it_is(entry)
            else:
                self.forget(entry)
            self.say(not_lent_strip(title, len(self.open_refusals())))
        elif answer is Answer.OFFERED and entry.refused is not None and _is_unknown(entry.refused):
            # until it is added the row waits
            self._around.add_item(entry.item_number)
        elif answer is Answer.OFFERED:
            self._renew(entry, loan)
        elif entry.refused is not None:
            self._override(entry, loan, entry.refused.refusal, reason)

    def _await(self, entry: Entry, loan: Loan, asked: str) -> None:
        """The clerk has answered, the server has not: until then there is nothing to answer again."""
        loan.before = entry.row
        self.settle(
            entry,
            sign=Sign.PENDING,
            state=translate("Counter", "照会中"),
            detail=asked,
            right="—",
            action="",
        )
        self._around.show_strip(
            StripView(Tone.PENDING, translate("Counter", "照会中"), entry.row.title, side_first=asked)
        )

    def _override(self, entry: Entry, loan: Loan, refusal: Refusal, reason: str) -> None:
        visit = loan.visit
        self._await(entry, loan, translate("Counter", "理由をつけて貸す"))
        loan.override = self._around.worker.ask(
            partial(
                override,
                operation=uuid4(),
                visit=visit.id,
                card_number=visit.card_number,
                item_number=entry.item_number,
                refusal=refusal,
                reason=reason,
                desk=self._around.desk,
            ),
            partial(self._granted, entry, loan),
            partial(self._override_stalled, entry, loan),
            partial(self._faulted, entry, loan),
        )

    def _granted(self, entry: Entry, loan: Loan, answer: OverrideGranted | Refused | None) -> None:
        if answer is None or loan.visit is not self._visit:
            return
        self._restore(entry, loan)
        if isinstance(answer, Refused):
            self.say(not_overridden_strip(entry.row.title, answer))
            return
        # one about the item is spent with its loan
        loan.visit.overridden |= answer.refusal not in ABOUT_THE_ITEM
        self.leave_as_it_is(entry)
        self._lend(loan.visit, entry.item_number)

    def _override_stalled(self, entry: Entry, loan: Loan) -> None:
        if loan.override is not None:
            self.settle_outage(
                entry, translate("Counter", "未貸出"), translate("Counter", "資料は渡さないでください")
            )

    def _renew(self, entry: Entry, loan: Loan) -> None:
        loan.renewing = True
        self._await(entry, loan, translate("Counter", "延長"))
        self._around.worker.ask(
            partial(renew, operation=uuid4(), item_number=entry.item_number, desk=self._around.desk),
            partial(self._renewed, entry, loan),
            partial(
                self.settle_outage,
                entry,
                translate("Counter", "未延長"),
                translate("Counter", "まだ延長できていません"),
            ),
            partial(self._faulted, entry, loan),
        )

    def _renewed(self, entry: Entry, loan: Loan, answer: Renewed | Refused) -> None:
        loan.before = None
        present = loan.visit is self._visit
        if isinstance(answer, Refused):
            shown = answer if present else replace(answer, item=None)
            self.settle_refused(entry, shown, translate("Counter", "延長していません"))
            if not present:
                self._part_with(entry)
            return
        if not present:
            self.forget(entry)
            return
        title, under = self.words_of(answer.item, entry.item_number)
        self.settle(
            entry,
            sign=Sign.DONE,
            title=title,
            under=under,
            state=translate("Counter", "延長"),
            detail=translate("Counter", "前の期限 {day}").format(day=wording.day(answer.earlier_due_on)),
            right=wording.day(answer.due_on),
            action="",
        )
        self.say(renewed_strip(answer))


def _is_unknown(refused: Refused) -> bool:
    return refused.refusal is Refusal.UNKNOWN_ITEM
