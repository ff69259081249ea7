"""Items on their way to being lent: asked for, refused, answered about, stalled, called off.

One layer of the page: on it ``checkout_answers`` builds the clerk's answers, ``checkout_page`` cards and
keys.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from madoguchi.app.lending.answers import (
    CheckedOut,
    LoanCancelled,
    Notice,
    OverrideGranted,
    Refused,
)
from madoguchi.app.lending.checkout import cancel_checkout, check_out
from madoguchi.app.lending.facts import Counter
from madoguchi.app.lending.rules import Refusal
from madoguchi.widgets import wording
from madoguchi.widgets.checkout_views import (
    lent_strip,
    lent_words,
    outage_question,
    refusal_question,
    same_item_strip,
)
from madoguchi.widgets.kept_pages import KeptRow
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import QuestionView, RightColumn, RowView, Sign
from madoguchi.widgets.scan_page import Entry, ScanPage, Surroundings
from madoguchi.widgets.visit import Visit
from madoguchi.widgets.worker import Job

translate = QCoreApplication.translate

_LENT = (Sign.DONE, Sign.NOTICE)
_UNDER_WAY = (Sign.PENDING, Sign.OUTAGE)


@dataclass(slots=True)
class Loan:
    """An item's way to being lent.

    Attributes:
        before: the row as it was when the clerk answered about it, until the server has answered in turn.
        override: their override on its way.
        renewing: they asked for a renewal instead.
    """

    visit: Visit
    job: Job[CheckedOut | Refused | LoanCancelled] | None = None
    stalled: bool = False
    called_off: bool = False
    before: RowView | None = None
    override: Job[OverrideGranted | Refused | None] | None = None
    renewing: bool = False


class LoansPage(ScanPage):
    """Lends items to the patron whose visit ``_visit`` is, and deals with what became of each."""

    def __init__(self, look: Look, around: Surroundings) -> None:
        super().__init__(look, around, RightColumn.DATE)
        self._visit: Visit | None = None
        self._loans: dict[UUID, Loan] = {}

    # -- what the page of cards must do ----------------------------------------------------------------

    def refresh_patron(self) -> None:
        """What the patron has changed: it is asked for anew."""
        raise NotImplementedError

    def _show_patron(self) -> None:
        raise NotImplementedError

    # -- rows ----------------------------------------------------------------------------------------

    def forget(self, entry: Entry) -> None:
        super().forget(entry)
        self._loans.pop(entry.operation, None)

    def _rows_of(self, visit: Visit) -> list[Entry]:
        """This visit's rows, the oldest first, without those given up."""
        return [
            entry
            for entry in self.entries()
            if (loan := self._loans.get(entry.operation)) and loan.visit is visit and not loan.called_off
        ]

    def _part_with(self, entry: Entry) -> None:
        """The visit is over: what is answered goes, what is not stays without a title."""
        loan = self._loans.get(entry.operation)
        if loan is not None and loan.override is not None:
            # asked for a visit that is no more
            loan.override.act = _nothing
            self._restore(entry, loan)
        if loan is not None and loan.stalled:
            self._call_off(entry, loan)
        elif loan is not None and loan.before is not None:
            self._leave_behind(entry, translate("Counter", "前の利用者"))
        elif entry.row.sign is Sign.REFUSED and not entry.row.answered:
            under = (
                translate("Counter", "前の利用者・延長していません")
                if loan is not None and loan.renewing
                else translate("Counter", "前の利用者・貸出していません")
            )
            self._leave_behind(entry, under)
        elif entry.row.sign is Sign.PENDING:
            self._leave_behind(entry, entry.row.under)
        else:
            self.forget(entry)

    def _leave_behind(self, entry: Entry, under: str) -> None:
        """The row stays for the next patron's visit: neither its title nor its number belongs there."""
        self.settle(entry, number=0, title=entry.item_number, under=under)

    def keep_row(self, entry: Entry) -> KeptRow | None:
        """A loan that is not confirmed is called off when the clerk leaves, and its row says so."""
        loan = self._loans.get(entry.operation)
        kept = super().keep_row(entry)
        if loan is None or kept is None:
            return kept
        of_visit = loan.visit is self._visit
        if loan.before is not None:
            # answered by the clerk and not by the server: it is asked again
            return replace(kept, row=loan.before, of_visit=of_visit)
        if entry.row.sign in _UNDER_WAY:
            row = replace(
                entry.row,
                sign=Sign.REFUSED,
                under=translate("Counter", "貸出していません"),
                right="",
                **_called_off(entry, translate("Counter", "席を離れたため")),
            )
            return replace(kept, row=row, of_visit=of_visit)
        return replace(kept, of_visit=of_visit)

    def _resume_loans(self, entries: list[Entry], rows: list[KeptRow], visit: Visit | None) -> None:
        """Whose visit each row belongs to: this one, or one that is over."""
        for entry, kept in zip(entries, rows, strict=True):
            of_visit = visit is not None and kept.of_visit
            self._loans[entry.operation] = Loan(visit if visit is not None and of_visit else Visit(""))

    # -- an item is read -------------------------------------------------------------------------------

    def _lend(self, visit: Visit, number: str) -> None:
        under_way = self._row_with(visit, number, _UNDER_WAY)
        if under_way is not None:
            # what was answered may have come back since: only the server knows
            self._add_same_item(under_way, number)
            return
        entry = self.add_pending(number)
        loan = self._loans[entry.operation] = Loan(visit)
        loan.job = self._around.worker.ask(
            partial(
                check_out,
                operation=entry.operation,
                visit=visit.id,
                card_number=visit.card_number,
                item_number=number,
                desk=self._around.desk,
                wished_due=visit.due_on,
            ),
            partial(self._lent, entry, loan),
            partial(self._stalled, entry, loan),
            partial(self._faulted, entry, loan),
        )

    def _row_with(self, visit: Visit, number: str, signs: tuple[Sign, ...]) -> Entry | None:
        """The latest row of this visit with this item and one of these signs."""
        found = [e for e in self._rows_of(visit) if e.item_number == number and e.row.sign in signs]
        return found[-1] if found else None

    def _add_same_item(self, first: Entry, number: str) -> None:
        # nothing of what the first row promises or offers: it has not been answered
        row = replace(first.row, sign=Sign.SAME_ITEM)
        self._settle_same_item(self.add(row, number), first, first.row.title, "")

    def _settle_same_item(self, entry: Entry, first: Entry | None, title: str, under: str) -> None:
        """The item was lent in this visit, or is about to be; ``first`` is its row, if still there."""
        detail = translate("Counter", "{n}行目で読み取り済み").format(n=first.row.number) if first else ""
        self.settle(
            entry,
            sign=Sign.SAME_ITEM,
            title=title,
            under=under,
            state=translate("Counter", "同じ資料"),
            detail=detail,
            right="—",
            action="",
            answered=False,
        )
        self.say(same_item_strip(title, detail))

    # -- the server's answer -----------------------------------------------------------------------------

    def _lent(self, entry: Entry, loan: Loan, answer: CheckedOut | Refused | LoanCancelled) -> None:
        loan.stalled = False
        present = loan.visit is self._visit
        if loan.called_off or isinstance(answer, LoanCancelled):
            if isinstance(answer, CheckedOut):
                # its answer was on its way home already when it was called off
                self._around.worker.ask(partial(cancel_checkout, operation=entry.operation), _nothing_more)
            self.forget(entry)
        elif isinstance(answer, Refused):
            self._refused(entry, loan, answer, present=present)
        elif not present:
            self._count(loan.visit, entry, answer)
            self.forget(entry)
        else:
            self._show_lent(entry, loan.visit, answer)

    def _count(self, visit: Visit, entry: Entry, answer: CheckedOut) -> None:
        visit.count(entry.item_number, answer)
        self._around.slips.lent(visit.id, visit.card_number, answer)

    def _refused(self, entry: Entry, loan: Loan, answer: Refused, *, present: bool) -> None:
        number = entry.item_number
        if answer.refusal is Refusal.ON_LOAN_TO_PATRON:
            first = self._row_with(loan.visit, number, _LENT)
            if first is not None or number in loan.visit.lent_items:
                if present:
                    self._settle_same_item(entry, first, *self.words_of(answer.item, number))
                else:
                    self.forget(entry)
                return
        # the title is for the patron alone whose visit it was
        shown = answer if present else replace(answer, item=None)
        self.settle_refused(entry, shown, translate("Counter", "貸出していません"))
        if not present:
            self._part_with(entry)

    def _show_lent(self, entry: Entry, visit: Visit, answer: CheckedOut) -> None:
        self._count(visit, entry, answer)
        for other in self.open_refusals():
            if other.item_number == entry.item_number and other is not entry:
                self.leave_as_it_is(other)
        title, under = self.words_of(answer.item, entry.item_number)
        state, detail = lent_words(answer)
        self.settle(
            entry,
            sign=Sign.NOTICE if answer.notices else Sign.DONE,
            title=title,
            under=under,
            state=state,
            detail=detail,
            right=wording.day(answer.due_on),
            action="",
        )
        self._show_patron()
        if Notice.WAS_RESERVED in answer.notices:
            # one item fewer waits on the reservation shelf for them
            self.refresh_patron()
        self.say(lent_strip(answer, len(visit.lent_items)))

    def _stalled(self, entry: Entry, loan: Loan) -> None:
        """The server does not answer: what is not confirmed is not lent."""
        loan.stalled = True
        self.settle_outage(
            entry,
            translate("Counter", "未貸出"),
            translate("Counter", "資料は渡さないでください"),
            action=translate("Counter", "F10 対応"),
        )
        if loan.visit is not self._visit:
            self._call_off(entry, loan)

    def _faulted(self, entry: Entry, loan: Loan) -> None:
        loan.stalled = False
        loan.before = loan.override = None
        self.settle_fault(entry)

    def _call_off(self, entry: Entry, loan: Loan) -> None:
        """The book stays here: whatever the server made of the loan, it shall not stand."""
        if loan.job is None:
            return
        loan.job.act = partial(cancel_checkout, operation=entry.operation)
        loan.called_off = True
        if loan.visit is self._visit:
            self.settle(entry, under=translate("Counter", "貸出していません"))
        else:
            self._leave_behind(entry, translate("Counter", "前の利用者・貸出していません"))
        self.settle(entry, **_called_off(entry, translate("Counter", "回線が戻ると確定します")))

    # -- questions ----------------------------------------------------------------------------------------

    def question_for(self, entry: Entry) -> QuestionView | None:
        loan = self._loans.get(entry.operation)
        if loan is not None and loan.stalled:
            return outage_question(entry.row)
        if entry.refused is None or (loan is not None and loan.before is not None):
            return None
        present = loan is not None and loan.visit is self._visit
        return refusal_question(
            entry.row, entry.refused, present=present, may_override=self._around.may_override
        )

    def _restore(self, entry: Entry, loan: Loan) -> None:
        """The row is again what it was before the clerk answered."""
        before, loan.before, loan.override = loan.before, None, None
        if before is not None:
            self.settle(entry, **{each.name: getattr(before, each.name) for each in fields(before)})


def _called_off(entry: Entry, why: str) -> dict[str, Any]:
    """What the row of a loan says that was called off: nothing waits for an answer any more."""
    return {
        "title": entry.item_number,
        "state": translate("Counter", "取りやめ"),
        "detail": why,
        "action": "",
        "answered": True,
    }


def _nothing(counter: Counter) -> None:
    del counter


def _nothing_more(answer: LoanCancelled | Refused) -> None:
    del answer
