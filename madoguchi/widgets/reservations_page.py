"""Reservations (予約, F4): a card opens what the patron waits for, and what is read is reserved for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from madoguchi.app.catalogue.look_up import branches
from madoguchi.app.catalogue.search import Branch
from madoguchi.app.lending.answers import VisitOpened
from madoguchi.app.reservations.answers import NotDone
from madoguchi.app.reservations.placing import Wanted
from madoguchi.app.reservations.queues import FOUND, InQueue, OwnReservation
from madoguchi.barcode.commands import Command
from madoguchi.barcode.symbology import Isbn, ItemCode, ParsedCode, PatronCode
from madoguchi.widgets import reservation_views as views
from madoguchi.widgets.checkout_views import card_awaited_strip, not_swapped_strip, patron_view
from madoguchi.widgets.counter_page import ATTEND, CounterPage
from madoguchi.widgets.kept_pages import KeptReservations
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.patron_panel import PatronPanel
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.veil import veiled_question
from madoguchi.widgets.look.views import (
    Answer,
    BannerView,
    QuestionView,
    RailItem,
    StripView,
)
from madoguchi.widgets.reservation_acting import Asked, ReservationActing
from madoguchi.widgets.reservation_list import ReservationList
from madoguchi.widgets.reserving_way import ReservingWay
from madoguchi.widgets.scan_page import Entry, Surroundings
from madoguchi.widgets.title_queue import OpenQueue
from madoguchi.widgets.visit import Visit

translate = QCoreApplication.translate

RESERVATIONS = 4


class AroundReservations(Surroundings, Protocol):
    """What this page asks of the session around it."""

    def visit_at_desk(self) -> Visit | None: ...

    def open_patron(self, code: PatronCode) -> None: ...

    def finish_visit(self) -> None: ...

    def in_sight(self, page: CounterPage) -> bool: ...

    def go_to(self, key: int) -> None: ...


class ReservationsPage(ReservationList):
    """Reserves, and changes what waits, for whoever is at the counter, on whichever page they began."""

    def __init__(self, look: Look, around: AroundReservations) -> None:
        super().__init__(look, around)
        self._session = around
        self._panel = PatronPanel(look)
        self._way = ReservingWay(look)
        self._acting = ReservationActing(look, around.worker, around.desk, around.today)
        self._queue = OpenQueue(look, around.worker, around.desk)
        self._cancelling: Asked | None = None
        self._opened: VisitOpened | None = None
        # whose card was read with this page in sight: what was read before is theirs, and nobody else's
        self._came_here: Visit | None = None
        for form in (self._way, self._acting):
            form.closed.connect(self._centre_is_another)
        self._way.chosen.connect(self._choose)
        self._acting.said.connect(self._tell)
        self._acting.done.connect(self._look_again)
        self._queue.closed.connect(self._queue_closed)
        self._queue.changed.connect(self.changed)
        self._queue.chosen.connect(self.attend)
        self._queue.refused.connect(self._queue_refused)
        self._show_patron()
        self._refresh_header()

    # -- what the window asks ------------------------------------------------------------------------

    def centre(self) -> QWidget:
        form = self._form()
        if form is not None:
            return form
        return self._queue.table if self._queue.is_open() else self.list

    def left(self) -> QWidget:
        return self._panel

    def widgets(self) -> list[QWidget]:
        return [self.list, self._panel, self._way.form, self._acting.form, self._queue.table]

    def _form(self) -> FormPanel | None:
        for each in (self._way, self._acting):
            if each.is_open():
                return each.form
        return None

    def focus(self) -> None:
        form = self._form()
        if form is not None:
            form.start()
        else:
            self.centre().setFocus(Qt.FocusReason.OtherFocusReason)

    def shown(self) -> None:
        if not self._branches() and not self._ended:
            self._around.worker.look_up(
                "pick-up branches", partial(branches, desk=self._around.desk), self._branches_came
            )
        self._show_patron()
        self.look()
        self._send_to_whom_it_is_for()
        # once seen, what was not reserved goes with the next patron
        self._unseen.clear()

    def _send_to_whom_it_is_for(self) -> None:
        if self._opened is not None and self._visit is self._came_here:
            self._came_here = None
            self.send_waiting()

    def _branches(self) -> Sequence[Branch]:
        return self._acting.branches

    def _branches_came(self, found: tuple[Branch, ...]) -> None:
        self._acting.branches = found
        self.changed.emit()

    def idle_strip(self) -> StripView:
        visit = self._visit
        asked = self._acting.asked
        if asked is not None:
            return views.form_strip(asked.title)
        if self._queue.is_open():
            return views.queue_strip(self._queue.title)
        if visit is not None and visit.opened is not None:
            return views.at_counter_strip(visit.opened.patron.name)
        if visit is not None and visit.awaited:
            return card_awaited_strip(visit.card_number, stalled=visit.stalled)
        return views.idle_strip()

    def number_beside_next(self) -> int:
        return 0 if self._visit is None else super().number_beside_next()

    def function_keys(self) -> tuple[RailItem, RailItem]:
        if self._way.is_open():
            return _nothing_on(9), _nothing_on(11)
        if self._acting.is_open():
            asked = self._acting.asked
            queue = asked is not None and not asked.from_queue
            cancel = RailItem(11, translate("Counter", "取り消す"), enabled=self._acting.may_cancel())
            return RailItem(9, translate("Counter", "予約の列"), enabled=queue), cancel
        if self._queue.is_open():
            row = self._queue.selected()
            moves = row is not None and row.state not in FOUND and not self._veiled
            back = RailItem(11, translate("Counter", "戻る"), offered=True)
            return RailItem(9, translate("Counter", "順番を変える"), enabled=moves), back
        if self._is_chosen():
            way = RailItem(9, translate("Counter", "元に戻す"), offered=True)
        else:
            way = RailItem(
                9,
                translate("Counter", "予約のしかた"),
                translate("Counter", "しかた"),
                enabled=bool(self._branches()) and not self._veiled,
            )
        ends = self._visit is not None or bool(self._entries)
        return way, RailItem(11, translate("Counter", "終了"), enabled=ends)

    def _is_chosen(self) -> bool:
        return self._pickup is not None or self._only_copy

    def press(self, key: int) -> None:
        if self._acting.is_open():
            if key == 11:
                self._ask_to_cancel()
            else:
                self._open_queue_of_form()
        elif self._queue.is_open():
            row = self._queue.selected()
            if key == 11:
                self._queue.close()
            elif row is not None and not self._veiled:
                self._acting.open_move(row, self._queue.title, self._queue.places())
                self._centre_is_another()
        elif key == 11:
            self._finish()
        elif self._is_chosen():
            self._pickup, self._only_copy = None, False
            self._refresh_header()
        else:
            self._way.open(self._branches(), self._around.desk.branch_id)
            self._centre_is_another()

    def commands(self) -> Mapping[Command, int]:
        # no scan cancels anything: F11 is the end of the visit over the list alone
        return {Command.FINISH: 11} if self.centre() is self.list else {}

    def banner(self) -> BannerView | None:
        if not self._is_chosen():
            return None
        name = next((each.name for each in self._branches() if each.branch_id == self._pickup), "")
        return views.way_banner(name, only_copy=self._only_copy)

    def line_down_words(self) -> str:
        return translate(
            "Counter", "自動でやり直しています。行に「未予約」とあるものは、まだ予約できていません"
        )

    def attend_key(self) -> RailItem:
        form = self._form()
        view = form.view() if form is not None else None
        if view is not None:
            return RailItem(ATTEND, view.submit, enabled=not view.busy, offered=True)
        live = bool(self._branches()) and not self._veiled
        if self._queue.is_open():
            live = live and self._queue.selected() is not None
        else:
            live = live and bool(self._held)
        return RailItem(ATTEND, translate("Counter", "変更・取消"), enabled=live)

    def attend(self) -> None:
        """F10: the form's own; else the form of the row the keyboard is on, or of the lowest one."""
        form = self._form()
        if form is not None:
            form.press(Qt.Key.Key_F10)
        elif not self._branches() or self._veiled:
            return
        elif self._queue.is_open():
            row = self._queue.selected()
            if row is not None:
                self._acting.open(row, self._queue.title, from_queue=True)
                self._centre_is_another()
        else:
            own = self.held(self.list.rows_view().current_key()) or self.newest_held()
            if own is not None:
                self._open(own)

    def attends_by_code(self) -> bool:
        # what is done about a reservation is never done by a scan
        return False

    def _attend_key(self, key: int) -> None:
        own = self.held(key)
        if own is not None and self._branches() and not self._veiled:
            self._open(own)

    def _open(self, own: OwnReservation) -> None:
        self._acting.open(own, own.title)
        # what became of the last scan is not what the form is about
        self._around.show_quietly(views.form_strip(own.title))
        self._centre_is_another()

    def key(self, event: QKeyEvent) -> bool:
        form = self._form()
        if event.key() != Qt.Key.Key_Escape or self._veiled:
            return False
        if form is not None:
            return form.press(Qt.Key.Key_Escape)
        if not self._queue.is_open():
            return False
        if not event.isAutoRepeat():
            self._queue.close()
        return True

    def question_for(self, entry: Entry) -> QuestionView | None:
        # a row that was refused says why; what is changed of one that waits has its form
        del entry
        return None

    def answered(self, entry: Entry, answer: Answer, reason: str) -> None:
        del entry, answer, reason

    def set_veiled(self, veiled: bool) -> None:
        if veiled:
            self._close_all()
        super().set_veiled(veiled)
        self._queue.set_veiled(veiled)

    def show_typed(self, text: str) -> None:
        super().show_typed(text)
        self._queue.set_typing(bool(text))

    # -- whoever is at the counter -----------------------------------------------------------------------

    def patron_changed(self) -> None:
        """Somebody else is at the counter, or nobody, or their card has been answered."""
        visit = self._session.visit_at_desk()
        opened = visit.opened if visit is not None else None
        if visit is self._visit and opened is self._opened:
            return
        self._opened = opened
        if visit is not self._visit:
            had = self._visit is not None
            self._visit = visit
            in_sight = self._session.in_sight(self)
            self._came_here = visit if in_sight else None
            if had:
                self._close_all()
                self._acting.part()
                self.part()
                if in_sight:
                    self._unseen.clear()
        self._show_patron()
        self._refresh_header()
        if opened is None or not self._session.in_sight(self):
            return
        if self._answer is None:
            self.look()
        self._send_to_whom_it_is_for()

    def lets_swap(self) -> bool:
        """Whether F8 costs nothing here; else it is said that nobody was swapped."""
        form = self._form()
        view = form.view() if form is not None else None
        if view is not None:
            self.say(views.form_first_strip(view.heading))
        elif self._visit is not None and self._is_chosen():
            opened = self._opened
            self.say(not_swapped_strip(opened.patron.name if opened else self._visit.card_number))
        return view is None and (self._visit is None or not self._is_chosen())

    def _show_patron(self) -> None:
        opened = self._visit.opened if self._visit is not None else None
        if self._visit is None or opened is None:
            hint = translate("Counter", "利用者カードを読み取ると、予約の一覧が出ます。")
            self._panel.set_view(None, hint if self._visit is None else "")
        elif self._veiled:
            self._panel.set_view(None, translate("Counter", "利用者の表示を隠しています。"))
        else:
            self._panel.set_view(patron_view(opened, self._visit.lent, self._visit.open_loans))

    def _show_left(self) -> None:
        self._show_patron()

    def _finish(self) -> None:
        """F11: the visit is over; what waited for a card is not waited for any more."""
        if self._visit is not None:
            self._session.finish_visit()
        else:
            self.part()
            # they were in sight, and that was the end of them; what is on its way stays
            for entry in self.entries():
                if entry.operation in self._unseen:
                    self.forget(entry)
            self._refresh_header()
        self._around.show_strip(self.idle_strip())

    def leave(self) -> None:
        self._close_all()
        self._acting.leave()
        self.end()
        self._visit = self._came_here = None
        self._show_patron()

    def keep(self) -> KeptReservations:
        """What this page comes back to."""
        return KeptReservations(
            self.keep_rows()[0], self.kept_wishes(), self._pickup, self._only_copy, self._acting.keep()
        )

    def resume(self, kept: KeptReservations) -> None:
        """The clerk is back: what waits is asked for anew once the card has been."""
        self.resume_rows(kept.scans)
        self._pickup, self._only_copy = kept.pickup_branch_id, kept.only_copy
        self.resume_wishes(kept.wishes)
        self._acting.resume(kept.changes)
        self._refresh_header()

    # -- scans ---------------------------------------------------------------------------------------

    def take(self, code: ParsedCode) -> None:
        match code:
            case PatronCode():
                self._close_all()
                self._session.open_patron(code)
                if self._visit is not None and self._visit.card_number == code.number:
                    # a card that was read elsewhere is read again: now it is said whose they are
                    self._came_here = self._visit
                    self._send_to_whom_it_is_for()
            case ItemCode(text) | Isbn(text) if self._way.is_open():
                self._around.show_strip(views.way_first_strip(text))
            case ItemCode(number):
                self._close_all()
                self.want(Wanted(item_number=number))
            case Isbn(isbn13):
                self._close_all()
                self.want(Wanted(isbn=isbn13))
            case _:
                self.add_not_an_item(code)

    # -- forms ---------------------------------------------------------------------------------------

    def _choose(self, pickup: int, only_copy: bool) -> None:
        self._pickup = pickup if pickup != self._around.desk.branch_id else None
        self._only_copy = only_copy
        self._refresh_header()

    def _ask_to_cancel(self) -> None:
        asked = self._acting.asked
        if asked is None or not self._acting.may_cancel():
            return
        # the question is about a row, and that is what stands above it
        self._acting.close()
        self._cancelling = asked
        number = asked.reservation.reservation_id
        keys = [key for key, own in self._held.items() if own.reservation_id == number]
        question = views.cancel_question(
            asked.title,
            found=asked.reservation.state in FOUND,
            row_key=keys[0] if keys else None,
            waits=asked.reservation if isinstance(asked.reservation, InQueue) else None,
        )
        self._around.ask(veiled_question(question) if self._veiled else question, self._cancel_answered)

    def _cancel_answered(self, answer: Answer, reason: str) -> None:
        asked, self._cancelling = self._cancelling, None
        if answer is Answer.UNUSUAL and asked is not None:
            self._acting.cancel(asked, reason)

    def question_stands(self) -> bool:
        return self._cancelling is not None

    def _close_all(self) -> None:
        self._cancelling = None
        self._way.close()
        self._acting.close()
        # a scan or a veil does not lead back to where the queue was opened
        self._queue.back_to = 0
        self._queue.close()

    def _tell(self, view: StripView) -> None:
        if not self._ended:
            self._around.show_strip(view)
            self.changed.emit()

    def _look_again(self) -> None:
        self._queue.look()
        self.look()

    def _centre_is_another(self) -> None:
        if not self._ended:
            self.changed.emit()
            self.centre_changed.emit()

    # -- a title's queue ---------------------------------------------------------------------------------

    def open_queue(self, title_id: int, title: str, *, back_to: int = 0) -> None:
        """Shows a title's queue; ``back_to`` is the page that it was asked for on."""
        self._close_all()
        self._queue.open(title_id, title, back_to=back_to)
        self._around.show_quietly(self.idle_strip())
        self._centre_is_another()

    def _open_queue_of_form(self) -> None:
        asked = self._acting.asked
        if asked is None or not isinstance(own := asked.reservation, OwnReservation):
            return
        self._acting.close()
        self._queue.open(own.title_id, asked.title, reservation_id=own.reservation_id)
        self._around.show_quietly(self.idle_strip())
        self._centre_is_another()

    def _queue_closed(self) -> None:
        self._centre_is_another()
        back_to, self._queue.back_to = self._queue.back_to, 0
        if self._ended or not self._session.in_sight(self):
            return
        if back_to:
            self._session.go_to(back_to)
        else:
            self._around.show_quietly(self.idle_strip())

    def _queue_refused(self, answer: NotDone) -> None:
        self._tell(views.not_shown_strip(answer.refusal))


def _nothing_on(key: int) -> RailItem:
    return RailItem(key, "—", enabled=False)
