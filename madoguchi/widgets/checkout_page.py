"""Checkout (貸出, F1): a card opens a visit, items follow, the next card finishes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from madoguchi.app.lending.answers import Refused, VisitOpened
from madoguchi.app.lending.checkout import open_visit
from madoguchi.barcode.commands import Command
from madoguchi.barcode.symbology import ItemCode, ParsedCode, PatronCode
from madoguchi.widgets.checkout_answers import AttendedLoansPage
from madoguchi.widgets.checkout_views import (
    at_counter_strip,
    card_awaited_strip,
    card_refused_strip,
    day_first,
    day_first_strip,
    due_banner,
    no_day_strip,
    not_swapped_strip,
    opened_strip,
    past_day_strip,
    patron_view,
    swapped_strip,
)
from madoguchi.widgets.kept_pages import KeptCheckout, KeptVisit
from madoguchi.widgets.look.patron_panel import PatronPanel
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import (
    BannerView,
    ListHeader,
    RailItem,
    RowView,
    Sign,
    StripView,
    Tone,
)
from madoguchi.widgets.scan_page import Surroundings
from madoguchi.widgets.slip_words import loans_key
from madoguchi.widgets.today_board import TodayBoard
from madoguchi.widgets.typed_day import day_of, is_month_and_day, recent_day
from madoguchi.widgets.visit import LastPatron, PatronAtDesk, Visit

translate = QCoreApplication.translate


class CheckoutPage(AttendedLoansPage):
    """Lends."""

    def __init__(
        self, look: Look, around: Surroundings, hint: str = "", *, last_patron_minutes: float = 5.0
    ) -> None:
        super().__init__(look, around)
        self.last_patron = LastPatron(last_patron_minutes, self)
        self.last_patron.changed.connect(self.changed)
        self._panel = PatronPanel(look)
        self._board = TodayBoard(look, around.worker, around.desk, around.now)
        self._hint = hint
        self._finished: Visit | None = None
        self._choosing_day = False
        self._show_patron()
        self._refresh_header()

    # -- what the window asks ------------------------------------------------------------------------

    def left(self) -> QWidget:
        return self._panel

    def header(self) -> ListHeader:
        lent = len(self._visit.lent_items) if self._visit else 0
        return ListHeader(translate("Counter", "今回の貸出"), lent, translate("Counter", "点"))

    def idle_strip(self) -> StripView:
        visit = self._visit
        if visit is not None and visit.opened is not None:
            return at_counter_strip(visit.opened)
        if visit is not None and visit.awaited:
            return card_awaited_strip(visit.card_number, stalled=visit.stalled)
        return StripView(Tone.IDLE, translate("Counter", "利用者カードを読み取ってください"))

    def number_beside_next(self) -> int:
        # a card is no row
        return 0 if self._visit is None else super().number_beside_next()

    def next_words(self) -> str:
        if self._choosing_day:
            return translate("Counter", "返却期限を月日4桁で入力して Enter（例 1203）")
        if self._visit is None:
            return translate("Counter", "利用者カードを読み取ってください（番号の手入力もできます）")
        return translate("Counter", "次の資料を読み取ってください")

    def function_keys(self) -> tuple[RailItem, RailItem]:
        chosen = self._visit is not None and self._visit.due_on is not None
        due = RailItem(9, translate("Counter", "期限指定"), enabled=self._visit is not None)
        if chosen:
            due = RailItem(9, translate("Counter", "期限を戻す"), offered=True)
        elif self._choosing_day:
            due = RailItem(
                9, translate("Counter", "指定をやめる"), translate("Counter", "やめる"), offered=True
            )
        if self._visit is None and self._around.slips.can_print_loans():
            due = loans_key()
        finish = RailItem(11, translate("Counter", "終了"), enabled=self._visit is not None)
        return due, finish

    def banner(self) -> BannerView | None:
        if self._visit is None or self._visit.due_on is None:
            return None
        return due_banner(self._visit.due_on, self._around.today())

    def commands(self) -> Mapping[Command, int]:
        return {Command.DUE: 9, Command.FINISH: 11} if self._visit is not None else {}

    def press(self, key: int) -> None:
        if self._visit is None:
            self._around.slips.print_loans()
            return
        if key == 11:
            self.finish()
            return
        if self._visit.due_on is not None:
            self._visit.due_on = None
        elif self._choosing_day:
            self._end_choice()
        else:
            self._choosing_day = True
        self._refresh_header()

    def date_typed(self, digits: str) -> bool:
        """Four digits are a day while one is asked for, and go on being asked for until they name one.

        Whatever else is typed is a number of something.
        """
        if not self._choosing_day or self._visit is None or not is_month_and_day(digits):
            return False
        today = self._around.today()
        past, day = recent_day(digits, today), day_of(digits, today, forward=True)
        if past is not None:
            self.say(past_day_strip(past))
        elif day is None:
            self.say(no_day_strip(digits))
        else:
            self._visit.due_on = day
            self._end_choice()
        self._refresh_header()
        return True

    def _end_choice(self) -> None:
        """The day is chosen, or none shall be: the strip asks for it no more."""
        self._choosing_day = False
        self._around.show_strip(self.idle_strip())

    # -- scans ---------------------------------------------------------------------------------------

    def patron_at_desk(self) -> PatronAtDesk:
        """Whoever is at the counter: the number of their card, and their visit."""
        visit = self._visit
        return PatronAtDesk(visit.card_number, visit.id) if visit is not None else PatronAtDesk()

    def visit_at_desk(self) -> Visit | None:
        """Their visit, with what the server said of them; other pages show it, too."""
        return self._visit

    def item_added(self, number: str) -> None:
        """An item that was not known is there now: it is lent as if it had been read."""
        for entry in self.entries():
            if entry.item_number == number and entry.refused is not None:
                self.leave_as_it_is(entry)
        self.take(ItemCode(number))

    def take(self, code: ParsedCode) -> None:
        match code:
            case PatronCode(number):
                self._open(number, opened_strip)
            case ItemCode(number) if self._visit is not None:
                if self._choosing_day:
                    self._add_day_first(number)
                else:
                    self._lend(self._visit, number)
            case _:
                self.add_not_an_item(code)

    def _add_day_first(self, number: str) -> None:
        """A date was asked for and is not there: to lend until another day would go unnoticed."""
        words = day_first()
        self.add(
            RowView(
                key=0,
                number=0,
                sign=Sign.REFUSED,
                title=number,
                under="",
                state=words.state,
                detail=words.detail,
                right="",
                answered=True,
            )
        )
        self.say(day_first_strip(number))

    def shown(self) -> None:
        self.refresh_patron()

    def finish(self) -> None:
        """The visit is over: the patron goes from the screen, what is unanswered stays without a title."""
        visit = self._finished = self._visit
        if visit is not None:
            if visit.opened is not None:
                self.last_patron.remember(visit.card_number)
            elif visit.awaited:
                # whoever was there before is the last patron no more; their card's answer may still come
                self.last_patron.forget()
            visit.opened = None
            self._around.slips.visit_over(visit.id)
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
        self._finished = None
        self.last_patron.forget()
        self._board.rest()

    def keep(self) -> KeptCheckout:
        """What this page comes back to: the visit by its card's number, the rows, a date half chosen."""
        visit = self._visit
        kept = None
        if visit is not None:
            kept = KeptVisit(
                visit.card_number, visit.id, dict(visit.lent_items), visit.due_on, visit.overridden
            )
        return KeptCheckout(self.keep_rows()[0], kept, self._choosing_day)

    def resume(self, kept: KeptCheckout) -> None:
        """The clerk is back: the rows at once, the patron when the server has been asked anew."""
        was = kept.visit
        visit = None
        if was is not None:
            visit = Visit(
                was.card_number,
                was.id,
                lent_items=dict(was.lent_items),
                due_on=was.due_on,
                overridden=was.overridden,
            )
        self._visit = visit
        self._choosing_day = kept.choosing_day
        self._resume_loans(self.resume_rows(kept.scans), kept.scans.rows, visit)
        self._show_patron()
        self._refresh_header()
        if visit is not None:
            self._ask_for_card(visit, opened_strip)

    def open_last_patron(self) -> None:
        """The last patron has come back: their card is read again, in a visit of its own.

        Two patrons may take turns. But where the turn would cost the one at the counter something
        (a row that waits, an override, a chosen date), the key may have been hit by accident: nothing
        happens, and the strip says so.
        """
        card, visit = self.last_patron.card, self._visit
        if not card:
            return
        if visit is not None and visit.card_number != card and self._is_busy(visit):
            name = visit.opened.patron.name if visit.opened else visit.card_number
            self.say(not_swapped_strip(name))
            return
        self._open(card, opened_strip if visit is None else swapped_strip)

    def _is_busy(self, visit: Visit) -> bool:
        waits = any(entry.row.sign is Sign.PENDING or entry.row.pinned for entry in self._rows_of(visit))
        return waits or self._choosing_day or visit.due_on is not None or visit.overridden

    def refresh_patron(self) -> None:
        """Something was returned meanwhile: what the patron has on loan is asked anew."""
        visit = self._visit
        if visit is None or visit.opened is None:
            return

        def counted(answer: VisitOpened | Refused) -> None:
            if visit is self._visit and isinstance(answer, VisitOpened):
                visit.take(answer)
                self._show_patron()

        self._around.worker.ask(self._card_read(visit), counted, matters=False)

    def _open(self, number: str, said: Callable[[VisitOpened], StripView]) -> None:
        """Reads a card; ``said`` is the strip of its answer.

        The card of the patron at the counter, read again ("does it hear me?"), ends nothing.
        """
        visit = self._visit
        if visit is None or visit.card_number != number:
            if visit is not None or self.entries():
                self.finish()
            visit = self._visit = Visit(number)
            self._around.slips.card_read()
            self._show_patron()
        elif said is not opened_strip:
            said = opened_strip
        self._refresh_header()
        self._around.show_strip(card_awaited_strip(number, stalled=False))
        self._ask_for_card(visit, said)

    def _ask_for_card(self, visit: Visit, said: Callable[[VisitOpened], StripView]) -> None:
        self._around.worker.ask(
            self._card_read(visit),
            partial(self._opened, visit, said),
            partial(self._card_stalled, visit),
            partial(self._card_faulted, visit),
            matters=False,
        )

    def _card_read(self, visit: Visit) -> partial[VisitOpened | Refused]:
        return partial(open_visit, visit=visit.id, card_number=visit.card_number, desk=self._around.desk)

    def _opened(
        self, visit: Visit, said: Callable[[VisitOpened], StripView], answer: VisitOpened | Refused
    ) -> None:
        visit.awaited = visit.stalled = False
        if visit is not self._visit:
            if visit is self._finished and isinstance(answer, VisitOpened):
                self.last_patron.remember(visit.card_number)
            return
        if isinstance(answer, Refused):
            self._end_empty(visit)
            self.say(card_refused_strip(answer, visit.card_number))
            return
        visit.take(answer)
        self._show_patron()
        self._refresh_header()
        self.say(said(answer))

    def _end_empty(self, visit: Visit) -> None:
        """A visit whose card opens nothing stays only for rows that are its own."""
        if not self._rows_of(visit):
            self._visit = None
            self._choosing_day = False
        self._show_patron()
        self._refresh_header()

    def _card_stalled(self, visit: Visit) -> None:
        visit.stalled = True
        if visit is self._visit:
            self.say(card_awaited_strip(visit.card_number, stalled=True))

    def _card_faulted(self, visit: Visit) -> None:
        visit.awaited = visit.stalled = False
        if visit is self._visit and visit.opened is None:
            self._end_empty(visit)

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
