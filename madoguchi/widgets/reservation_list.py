"""What a patron waits for, and titles on their way to being reserved: asked for, refused, stalled.

One layer of the page: on it ``reservations_page`` builds cards, keys, forms and a title's queue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Signal

from madoguchi.app.lending.answers import Reserved
from madoguchi.app.reservations.answers import NotDone
from madoguchi.app.reservations.placing import (
    Meant,
    NotMeant,
    Placed,
    Wanted,
    reserve_what_is_meant,
    title_meant,
)
from madoguchi.app.reservations.queues import OwnReservation, PatronReservations, reservations_of
from madoguchi.widgets import reservation_views as views
from madoguchi.widgets import reserve_form, wording
from madoguchi.widgets.kept_pages import KeptRow, KeptWish
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import ListHeader, RightColumn, Sign
from madoguchi.widgets.scan_page import Entry, ScanPage, Surroundings
from madoguchi.widgets.visit import Visit
from madoguchi.widgets.worker import Job

translate = QCoreApplication.translate


@dataclass(slots=True)
class Wish:
    """A title's way to being reserved.

    Attributes:
        visit: whose it is; None: it waits for a card.
        meant: the title, once it is known.
        placed: it is reserved.
        told: the reservation as it was when it was first listed; its row says so until it is another.
    """

    wanted: Wanted
    pickup_branch_id: int
    only_copy: bool
    visit: Visit | None = None
    job: Job[Placed | NotMeant | None] | None = None
    meant: Meant | None = None
    placed: bool = False
    told: OwnReservation | None = None


class ReservationList(ScanPage):
    """Lists what the patron waits for whose visit ``_visit`` is, and reserves what is read for them.

    Signals:
        reserved(answer): a ``Reserved``: somebody waits who did not before. Here a slip begins.
    """

    reserved = Signal(object)

    def __init__(self, look: Look, around: Surroundings) -> None:
        super().__init__(look, around, RightColumn.DATE)
        self._visit: Visit | None = None
        self._wishes: dict[UUID, Wish] = {}
        self._held: dict[int, OwnReservation] = {}
        self._answer: PatronReservations | None = None
        # what was not reserved for want of a card, until this page has been in sight
        self._unseen: set[UUID] = set()
        self._pickup: int | None = None
        self._only_copy = False
        self._ended = False

    def header(self) -> ListHeader:
        unit = translate("Counter", "件")
        if self._answer is not None:
            unit = translate("Counter", "件（上限 {limit}件）").format(limit=self._answer.limit)
        return ListHeader(translate("Counter", "予約"), len(self._held), unit)

    def next_words(self) -> str:
        if self._visit is None:
            return translate("Counter", "利用者カードか、予約する資料を読み取ってください")
        return translate("Counter", "予約する資料か ISBN を読み取ってください")

    # -- what the patron waits for ---------------------------------------------------------------------

    def held(self, key: int | None) -> OwnReservation | None:
        """The reservation that a row is about."""
        return self._held.get(key) if key is not None else None

    def newest_held(self) -> OwnReservation | None:
        """The lowest row that is about a reservation."""
        found = [self._held[row.key] for row in self.list.rows() if row.key in self._held]
        return found[-1] if found else None

    def look(self) -> None:
        """Asks what the patron waits for; that they are looked at belongs to their visit."""
        visit = self._visit
        if visit is not None and visit.opened is not None and not self._ended:
            self._around.worker.look_up(
                "reservations",
                partial(
                    reservations_of, visit=visit.id, card_number=visit.card_number, desk=self._around.desk
                ),
                partial(self._came, visit),
            )

    def _came(self, visit: Visit, answer: PatronReservations | NotDone) -> None:
        if self._ended or visit is not self._visit:
            return
        if isinstance(answer, NotDone):
            self.say(views.not_shown_strip(answer.refusal))
            return
        self._answer = answer
        there = {each.reservation_id for each in answer.reservations}
        for entry in self.entries():
            own = self._held.get(entry.row.key)
            if own is not None and own.reservation_id not in there:
                self.forget(entry)
        for own in answer.reservations:
            self._show_own(own, answer)
        self._refresh_header()

    def _show_own(self, own: OwnReservation, answer: PatronReservations) -> None:
        row = views.reservation_row(own, answer.today)
        entry = self._entry_of(own)
        if entry is None:
            entry = self.add(row)
        else:
            wish = self._wishes.get(entry.operation)
            if wish is not None and wish.told is None:
                wish.told = own
            if wish is not None and _alike(wish.told, own):
                # what was just done stays said
                row = replace(row, sign=Sign.DONE, state=entry.row.state, detail=entry.row.detail)
            self.settle(
                entry,
                sign=row.sign,
                title=row.title,
                under=row.under,
                state=row.state,
                detail=row.detail,
                right="",
                action=row.action,
            )
        self._held[entry.row.key] = own

    def _entry_of(self, own: OwnReservation) -> Entry | None:
        for entry in self.entries():
            held = self._held.get(entry.row.key)
            if held is not None and held.reservation_id == own.reservation_id:
                return entry
            wish = self._wishes.get(entry.operation)
            if held is not None or wish is None or not wish.placed or wish.meant is None:
                continue
            if wish.meant.title_id == own.title_id:
                return entry
        return None

    def forget(self, entry: Entry) -> None:
        self._wishes.pop(entry.operation, None)
        self._held.pop(entry.row.key, None)
        self._unseen.discard(entry.operation)
        super().forget(entry)

    def clear(self) -> None:
        self._wishes.clear()
        self._held.clear()
        self._unseen.clear()
        super().clear()

    # -- what is read ----------------------------------------------------------------------------------

    def want(self, wanted: Wanted) -> None:
        """A title is to be reserved: at once if somebody is at the counter, else for whoever comes."""
        entry, wish = self._new(wanted)
        if self._visit is not None:
            self._send(entry, wish, self._visit)
        else:
            self._wait(entry, wish, ask=True)

    def want_later(self, wanted: Wanted, *, others: bool) -> int:
        """A title that was found is to be reserved with others; how many wait for a card.

        None does where somebody is at the counter: it is theirs, and goes at once; unless it is ``others``.
        """
        entry, wish = self._new(wanted)
        if self._visit is not None and not others:
            self._send(entry, wish, self._visit)
            return 0
        self._wait(entry, wish, ask=False)
        return sum(each.visit is None for each in self._wishes.values())

    def _new(self, wanted: Wanted) -> tuple[Entry, Wish]:
        entry = self.add_pending(wanted.item_number or wanted.isbn or wanted.title)
        entry.item_number = wanted.item_number or wanted.isbn
        pickup = self._pickup if self._pickup is not None else self._around.desk.branch_id
        return entry, Wish(wanted, pickup, self._only_copy)

    def _wait(self, entry: Entry, wish: Wish, *, ask: bool) -> None:
        """It waits for a card; ``ask``: what it is called is not known yet."""
        self._wishes[entry.operation] = wish
        words = views.waiting_for_card()
        self.settle(entry, sign=Sign.EARLIER, under="", state=words.state, detail=words.detail, right="")
        if not ask:
            return
        self.say(views.waiting_for_card_strip(entry.row.title))
        self._around.worker.ask(
            partial(title_meant, wanted=wish.wanted, desk=self._around.desk),
            partial(self._meant, entry, wish),
            matters=False,
        )

    def _meant(self, entry: Entry, wish: Wish, answer: Meant | NotMeant) -> None:
        if self._ended or self._wishes.get(entry.operation) is not wish:
            return
        if isinstance(answer, NotMeant):
            if wish.visit is None:
                self._refuse(entry, views.not_meant_words(answer))
                self._wishes.pop(entry.operation, None)
            return
        wish.meant = answer
        if wish.visit is None:
            self._settle_title(entry, answer)
            self.say(views.waiting_for_card_strip(answer.title))

    def send_waiting(self) -> None:
        """Whoever was waited for is there: what was read before is reserved for them."""
        visit = self._visit
        if visit is None or visit.opened is None:
            return
        for entry in self.entries():
            wish = self._wishes.get(entry.operation)
            if wish is not None and wish.visit is None:
                self.settle(entry, sign=Sign.PENDING, state=translate("Counter", "照会中"), detail="")
                self._send(entry, wish, visit)

    def _send(self, entry: Entry, wish: Wish, visit: Visit) -> None:
        self._wishes[entry.operation] = wish
        wish.visit = visit
        wish.job = self._around.worker.ask(
            partial(
                reserve_what_is_meant,
                operation=entry.operation,
                visit=visit.id,
                card_number=visit.card_number,
                wanted=wish.wanted,
                only_copy=wish.only_copy,
                pickup_branch_id=wish.pickup_branch_id,
                desk=self._around.desk,
            ),
            partial(self._placed, entry, wish),
            partial(self._stalled, entry, wish),
            partial(self._faulted, entry, wish),
        )

    # -- the server's answer -----------------------------------------------------------------------------

    def _placed(self, entry: Entry, wish: Wish, answer: Placed | NotMeant | None) -> None:
        wish.job = None
        if answer is None or self._ended:
            return
        present = wish.visit is self._visit
        if isinstance(answer, NotMeant):
            self._refuse(entry, views.not_meant_words(answer), present=present)
            return
        wish.meant = answer.meant
        if not isinstance(answer.answer, Reserved):
            self._settle_title(entry, answer.meant)
            self._refuse(entry, wording.refused(answer.answer), present=present)
            return
        self.reserved.emit(answer.answer)
        if not present:
            self.forget(entry)
            return
        wish.placed = True
        words = views.reserved_words(answer.answer)
        self._settle_title(entry, answer.meant)
        self.settle(entry, sign=Sign.DONE, state=words.state, detail=words.detail, right="")
        self.say(reserve_form.reserved_strip(answer.answer))
        self.look()

    def _settle_title(self, entry: Entry, meant: Meant) -> None:
        under = f"{entry.item_number}  {meant.creators}".strip()
        self.settle(entry, title=meant.title, under=under)

    def _refuse(self, entry: Entry, words: wording.Words, *, present: bool = True) -> None:
        self.settle(
            entry,
            sign=Sign.REFUSED,
            under=entry.row.under if entry.row.title != entry.item_number else "",
            state=words.state,
            detail=words.detail,
            right="",
            action="",
            answered=True,
        )
        if not present:
            self._leave_behind(entry, translate("Counter", "前の利用者・予約していません"))
        self.say(views.not_reserved_strip(words, entry.row.title))

    def _stalled(self, entry: Entry, wish: Wish) -> None:
        self.settle_outage(
            entry, translate("Counter", "未予約"), translate("Counter", "まだ予約できていません")
        )
        if wish.visit is not self._visit:
            self._leave_behind(entry, translate("Counter", "前の利用者"))

    def _faulted(self, entry: Entry, wish: Wish) -> None:
        wish.job = None
        self.settle_fault(entry)

    # -- leaving ---------------------------------------------------------------------------------------

    def part(self) -> None:
        """The patron goes: what is not confirmed stays as a number, all else goes from the screen.

        What waited for a card stays as well, as not reserved, until the clerk has had it in sight.
        """
        self._around.worker.stop_looking("reservations")
        for entry in self.entries():
            wish = self._wishes.get(entry.operation)
            if wish is not None and wish.job is not None:
                self._leave_behind(entry, translate("Counter", "前の利用者"))
            elif wish is not None and wish.visit is None:
                self._give_up(entry)
            elif entry.operation not in self._unseen:
                self.forget(entry)
        self._held.clear()
        self._answer = None
        self._pickup, self._only_copy = None, False
        self.begin_numbering()

    def _give_up(self, entry: Entry) -> None:
        """No card was read for it: whose it would have been is not known any more."""
        self._wishes.pop(entry.operation, None)
        self._unseen.add(entry.operation)
        words = views.no_card_read()
        self.settle(entry, sign=Sign.REFUSED, state=words.state, detail=words.detail, right="", answered=True)
        self._leave_behind(entry, translate("Counter", "前の利用者・予約していません"))

    def _leave_behind(self, entry: Entry, under: str) -> None:
        """Neither title nor place in the list belongs to the next patron's visit."""
        self.settle(entry, number=0, title=entry.item_number or "—", under=under)

    def end(self) -> None:
        """The session is over: what is not confirmed is not done any more."""
        self._ended = True
        for wish in self._wishes.values():
            if wish.job is not None:
                wish.job.act = _nothing
        self.part()
        self.clear()

    def keep_row(self, entry: Entry) -> KeptRow | None:
        """What was refused; all else is asked for anew."""
        if entry.row.sign is not Sign.REFUSED:
            return None
        return super().keep_row(entry)

    def kept_wishes(self) -> list[KeptWish]:
        """What is not confirmed, whoever it is for, or waits for a card."""
        return [
            KeptWish(
                wish.wanted,
                operation,
                wish.pickup_branch_id,
                wish.only_copy,
                visit=wish.visit.id if wish.visit is not None else None,
                card_number=wish.visit.card_number if wish.visit is not None else "",
            )
            for operation, wish in self._wishes.items()
            if wish.job is not None or wish.visit is None
        ]

    def resume_wishes(self, kept: list[KeptWish]) -> None:
        """They are asked for again, under the operations they had."""
        for each in kept:
            wanted = each.wanted
            entry = self.add_pending(wanted.item_number or wanted.isbn or wanted.title)
            entry.item_number = wanted.item_number or wanted.isbn
            entry.operation = each.operation
            wish = Wish(wanted, each.pickup_branch_id, each.only_copy)
            if each.visit is None:
                self._wait(entry, wish, ask=not wanted.title_id)
            elif self._visit is not None and self._visit.id == each.visit:
                self._send(entry, wish, self._visit)
            else:
                # of whoever was there before: neither title nor name is known here
                self._leave_behind(entry, translate("Counter", "前の利用者"))
                self._send(entry, wish, Visit(each.card_number, each.visit))


def _alike(first: OwnReservation | None, second: OwnReservation) -> bool:
    """Whether a reservation stands as it stood: others may have come or gone."""
    if first is None:
        return False
    return replace(first, place=second.place, waiting=second.waiting) == second


def _nothing(connected: object) -> None:
    del connected
