"""Checkout (貸出, F1): a card opens a visit, items follow, the next card finishes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from madoguchi.app.lending.answers import (
    CheckedOut,
    LoanCancelled,
    OverrideGranted,
    Refused,
    Renewed,
    VisitOpened,
)
from madoguchi.app.lending.checkout import cancel_checkout, check_out, open_visit, override
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.rules import Refusal
from madoguchi.barcode.commands import Command
from madoguchi.barcode.symbology import ItemCode, ParsedCode, PatronCode
from madoguchi.widgets import wording
from madoguchi.widgets.checkout_views import (
    card_refused_strip,
    due_banner,
    lent_strip,
    lent_words,
    no_day_strip,
    opened_strip,
    outage_question,
    patron_view,
    refusal_question,
    renewed_strip,
)
from madoguchi.widgets.look.patron_panel import PatronPanel
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import (
    Answer,
    BannerView,
    ListHeader,
    QuestionView,
    RailItem,
    RightColumn,
    Sign,
    StripView,
    Tone,
)
from madoguchi.widgets.scan_page import Entry, ScanPage, Surroundings
from madoguchi.widgets.today_board import TodayBoard
from madoguchi.widgets.typed_day import day_of
from madoguchi.widgets.visit import LastPatron, Visit
from madoguchi.widgets.worker import Job

translate = QCoreApplication.translate

_LENT = (Sign.DONE, Sign.NOTICE)


@dataclass(slots=True)
class _Loan:
    """An item's way to being lent."""

    visit: Visit
    job: Job[CheckedOut | Refused | LoanCancelled] | None = None
    stalled: bool = False
    called_off: bool = False


class CheckoutPage(ScanPage):
    """Lends."""

    def __init__(
        self, look: Look, around: Surroundings, hint: str = "", *, last_patron_minutes: float = 5.0
    ) -> None:
        super().__init__(look, around, RightColumn.DATE)
        self.last_patron = LastPatron(last_patron_minutes, self)
        self.last_patron.changed.connect(self.changed)
        self._panel = PatronPanel(look)
        self._board = TodayBoard(look, around.worker, around.desk, around.now)
        self._hint = hint
        self._visit: Visit | None = None
        self._loans: dict[UUID, _Loan] = {}
        self._choosing_day = False
        self._show_patron()
        self._refresh_header()

    # -- what the window asks ------------------------------------------------------------------------

    def left(self) -> QWidget:
        return self._panel

    def header(self) -> ListHeader:
        lent = sum(self._visit.lent.values()) if self._visit else 0
        return ListHeader(translate("Counter", "今回の貸出"), lent, translate("Counter", "点"))

    def idle_strip(self) -> StripView:
        if self._visit is not None and self._visit.opened is not None:
            return opened_strip(self._visit.opened)
        return StripView(Tone.IDLE, translate("Counter", "利用者カードを読み取ってください"))

    def next_words(self) -> str:
        if self._choosing_day:
            return translate("Counter", "返却期限を月日4桁で入力して Enter（例 1203）")
        if self._visit is None:
            return translate("Counter", "利用者カードを読み取ってください（番号の手入力もできます）")
        return translate("Counter", "次の資料を読み取ってください")

    def function_keys(self) -> tuple[RailItem, RailItem]:
        chosen = self._visit is not None and self._visit.due_on is not None
        word = translate("Counter", "期限を戻す") if chosen else translate("Counter", "期限指定")
        due = RailItem(9, word, enabled=self._visit is not None, offered=chosen or self._choosing_day)
        finish = RailItem(11, translate("Counter", "終了"), enabled=self._visit is not None)
        return due, finish

    def banner(self) -> BannerView | None:
        if self._visit is None or self._visit.due_on is None:
            return None
        return due_banner(self._visit.due_on)

    def commands(self) -> Mapping[Command, int]:
        return {Command.DUE: 9, Command.FINISH: 11}

    def press(self, key: int) -> None:
        if self._visit is None:
            return
        if key == 11:
            self.finish()
            return
        if self._visit.due_on is not None:
            self._visit.due_on = None
        else:
            self._choosing_day = not self._choosing_day
        self._refresh_header()

    def date_typed(self, digits: str) -> bool:
        if not self._choosing_day or self._visit is None:
            return False
        self._choosing_day = False
        self._visit.due_on = day_of(digits, self._around.today(), forward=True)
        if self._visit.due_on is None:
            self.say(no_day_strip(digits))
        self._refresh_header()
        return True

    # -- scans ---------------------------------------------------------------------------------------

    def take(self, code: ParsedCode) -> None:
        match code:
            case PatronCode(number):
                self._open(number)
            case ItemCode(number) if self._visit is not None:
                self._lend(self._visit, number)
            case _:
                self.add_not_an_item(code)

    def shown(self) -> None:
        self.refresh_patron()

    def finish(self) -> None:
        """The visit is over: the patron goes from the screen, what is unanswered stays without a title."""
        if self._visit is not None:
            if self._visit.opened is not None:
                self.last_patron.remember(self._visit.card_number)
            self._visit.opened = None
        self._visit = None
        self._choosing_day = False
        for entry in self.entries():
            self._part_with(entry)
        self.begin_numbering()
        self._show_patron()
        self._refresh_header()
        self._around.show_strip(self.idle_strip())

    def leave(self) -> None:
        self.finish()
        self.last_patron.forget()
        self._board.rest()

    def open_last_patron(self) -> None:
        """The last patron has come back: their card is read again, in a visit of its own."""
        if self.last_patron.card:
            self._open(self.last_patron.card)

    def refresh_patron(self) -> None:
        """Something was returned meanwhile: what the patron has on loan is asked anew."""
        visit = self._visit
        if visit is None or visit.opened is None:
            return

        def counted(answer: VisitOpened | Refused) -> None:
            if visit is self._visit and isinstance(answer, VisitOpened):
                visit.take(answer)
                self._show_patron()

        self._around.worker.ask(self._card_read(visit), counted)

    def _part_with(self, entry: Entry) -> None:
        loan = self._loans.get(entry.operation)
        if loan is not None and loan.stalled:
            self._call_off(entry, loan)
        elif entry.row.sign is Sign.REFUSED and not entry.row.answered:
            self.settle(
                entry, title=entry.item_number, under=translate("Counter", "前の利用者・貸出していません")
            )
        elif entry.row.sign is not Sign.PENDING:
            self.forget(entry)

    def forget(self, entry: Entry) -> None:
        super().forget(entry)
        self._loans.pop(entry.operation, None)

    def _open(self, number: str) -> None:
        if self._visit is not None or self.entries():
            self.finish()
        visit = self._visit = Visit(number)
        self._show_patron()
        self._refresh_header()
        self._around.show_strip(StripView(Tone.PENDING, translate("Counter", "照会中"), number))
        self._around.worker.ask(self._card_read(visit), partial(self._opened, visit))

    def _card_read(self, visit: Visit) -> partial[VisitOpened | Refused]:
        return partial(open_visit, visit=visit.id, card_number=visit.card_number, desk=self._around.desk)

    def _opened(self, visit: Visit, answer: VisitOpened | Refused) -> None:
        if visit is not self._visit:
            return
        if isinstance(answer, Refused):
            if not any(self._is_of(entry, visit) for entry in self.entries()):
                self._visit = None
            self._show_patron()
            self._refresh_header()
            self.say(card_refused_strip(answer, visit.card_number))
            return
        visit.take(answer)
        self._show_patron()
        self._refresh_header()
        self.say(opened_strip(answer))

    def _lend(self, visit: Visit, number: str) -> None:
        first = self._in_this_visit(visit, number)
        if first is not None:
            self._say_same_item(first, number)
            return
        entry = self.add_pending(number)
        loan = self._loans[entry.operation] = _Loan(visit)
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
            partial(self._lent, entry),
            partial(self._stalled, entry),
            partial(self.settle_fault, entry),
        )

    def _in_this_visit(self, visit: Visit, number: str) -> Entry | None:
        """The row in which this item is lent already, or about to be."""
        for entry in self.entries():
            waits = entry.row.sign in (*_LENT, Sign.PENDING, Sign.OUTAGE)
            if entry.item_number == number and waits and self._is_of(entry, visit):
                return entry
        return None

    def _is_of(self, entry: Entry, visit: Visit) -> bool:
        loan = self._loans.get(entry.operation)
        return loan is not None and loan.visit is visit and not loan.called_off

    def _say_same_item(self, first: Entry, number: str) -> None:
        detail = translate("Counter", "{n}行目で読み取り済み").format(n=first.row.number)
        self.add(
            replace(
                first.row,
                sign=Sign.SAME_ITEM,
                state=translate("Counter", "同じ資料"),
                detail=detail,
                right="—",
                right_detail="",
            ),
            number,
        )
        self.say(StripView(Tone.NOTICE, translate("Counter", "同じ資料"), first.row.title, side_first=detail))

    # -- answers -------------------------------------------------------------------------------------

    def _lent(self, entry: Entry, answer: CheckedOut | Refused | LoanCancelled) -> None:
        loan = self._loans[entry.operation]
        loan.stalled = False
        if loan.called_off or isinstance(answer, LoanCancelled):
            if isinstance(answer, CheckedOut):
                # its answer was on its way home already when it was called off
                self._around.worker.ask(partial(cancel_checkout, operation=entry.operation), _nothing_more)
            self.forget(entry)
            return
        if isinstance(answer, Refused):
            # the title is for the patron alone whose visit it was
            shown = answer if loan.visit is self._visit else replace(answer, item=None)
            self.settle_refused(entry, shown, translate("Counter", "貸出していません"))
            if loan.visit is not self._visit:
                self._part_with(entry)
            return
        if loan.visit is not self._visit:
            self.forget(entry)
            return
        loan.visit.count(answer)
        for other in self.entries():
            if other.item_number == entry.item_number and other.row.pinned:
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
        self.say(lent_strip(answer, sum(loan.visit.lent.values())))

    def _stalled(self, entry: Entry) -> None:
        """The server does not answer: what is not confirmed is not lent."""
        loan = self._loans[entry.operation]
        loan.stalled = True
        self.settle_outage(
            entry,
            translate("Counter", "未貸出"),
            translate("Counter", "資料は渡さないでください"),
            action=translate("Counter", "F10 対応"),
        )
        if loan.visit is not self._visit:
            self._call_off(entry, loan)

    def _call_off(self, entry: Entry, loan: _Loan) -> None:
        """The book stays here: whatever the server made of the loan, it shall not stand."""
        if loan.job is None:
            return
        loan.job.act = partial(cancel_checkout, operation=entry.operation)
        loan.called_off = True
        self.settle(
            entry,
            title=entry.item_number,
            under=translate("Counter", "貸出していません")
            if loan.visit is self._visit
            else translate("Counter", "前の利用者・貸出していません"),
            state=translate("Counter", "取りやめ"),
            detail=translate("Counter", "回線が戻ると確定します"),
            action="",
            answered=True,
        )

    # -- questions -----------------------------------------------------------------------------------

    def question_for(self, entry: Entry) -> QuestionView | None:
        loan = self._loans.get(entry.operation)
        if loan is not None and loan.stalled:
            return outage_question(entry.row)
        if entry.refused is None:
            return None
        present = loan is not None and loan.visit is self._visit
        return refusal_question(
            entry.row, entry.refused, present=present, may_override=self._around.may_override
        )

    def answered(self, entry: Entry, answer: Answer, reason: str) -> None:
        loan = self._loans.get(entry.operation)
        if loan is None:
            return
        if loan.stalled:
            if answer is Answer.OFFERED:
                self._call_off(entry, loan)
            return
        if answer is Answer.STOP or loan.visit is not self._visit:
            if loan.visit is self._visit:
                self.leave_as_it_is(entry)
            else:
                self.forget(entry)
        elif answer is Answer.OFFERED:
            self._renew(entry, loan.visit)
        elif entry.refused is not None:
            self._override(entry, loan.visit, entry.refused.refusal, reason)

    def _override(self, entry: Entry, visit: Visit, refusal: Refusal, reason: str) -> None:
        def granted(answer: OverrideGranted | Refused) -> None:
            if visit is not self._visit:
                return
            if isinstance(answer, Refused):
                self.settle_refused(entry, answer, translate("Counter", "貸出していません"))
                return
            self.leave_as_it_is(entry)
            self._lend(visit, entry.item_number)

        self._around.worker.ask(
            partial(
                override,
                operation=uuid4(),
                visit=visit.id,
                card_number=visit.card_number,
                refusal=refusal,
                reason=reason,
                desk=self._around.desk,
            ),
            granted,
        )

    def _renew(self, entry: Entry, visit: Visit) -> None:
        def renewed(answer: Renewed | Refused) -> None:
            if visit is not self._visit:
                return
            if isinstance(answer, Refused):
                self.settle_refused(entry, answer, translate("Counter", "延長していません"))
                return
            self.settle(
                entry,
                sign=Sign.DONE,
                state=translate("Counter", "延長"),
                detail=translate("Counter", "前の期限 {day}").format(day=wording.day(answer.earlier_due_on)),
                right=wording.day(answer.due_on),
                action="",
            )
            self.say(renewed_strip(answer))

        self._around.worker.ask(
            partial(renew, operation=uuid4(), item_number=entry.item_number, desk=self._around.desk), renewed
        )

    # -- the patron ----------------------------------------------------------------------------------

    def _show_patron(self) -> None:
        self._show_board()
        opened = self._visit.opened if self._visit else None
        if self._visit is None or opened is None:
            self._panel.set_view(None, self._hint if self._visit is None else "")
        elif self._veiled:
            self._panel.set_view(None, translate("Counter", "利用者の表示を隠しています。"))
        else:
            self._panel.set_view(patron_view(opened, self._visit.lent, self._visit.open_loans))

    def _show_left(self) -> None:
        self._show_patron()

    def _show_board(self) -> None:
        """Between two patrons there is something to look at; nobody waits for it."""
        if self._visit is None and not self._entries:
            self.list.set_below(self._board.widget)
            self._board.show_now()
        else:
            self.list.set_below(None)
            self._board.rest()


def _nothing_more(answer: LoanCancelled | Refused) -> None:
    del answer
