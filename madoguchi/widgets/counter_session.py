"""One member of staff at this terminal: their pages, and what the pages see of the window around them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.reservations.placing import Wanted
from madoguchi.app.staff.permissions import Permission, may
from madoguchi.app.staff.session import SignedIn
from madoguchi.barcode.symbology import CodePlan, ItemCode, ParsedCode, PatronCode
from madoguchi.widgets import counter_views as views
from madoguchi.widgets.between import Between
from madoguchi.widgets.card_printing import CardPrinting
from madoguchi.widgets.checkin_page import CheckinPage
from madoguchi.widgets.checkout_page import CheckoutPage
from madoguchi.widgets.counter_page import CounterPage
from madoguchi.widgets.device_desk import DeviceDesk
from madoguchi.widgets.devices_page import DEVICES, DevicesPage
from madoguchi.widgets.exception_desk import ExceptionDesk
from madoguchi.widgets.fetching import Fetching
from madoguchi.widgets.item_page import ItemPage, UnderWay
from madoguchi.widgets.kept_pages import KeptCheckin, KeptCounter, KeptRenewal, KeptWay
from madoguchi.widgets.labels_page import LABELS, LabelsPage
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.veil import veiled_strip
from madoguchi.widgets.look.views import Answer, QuestionView, StripView
from madoguchi.widgets.patrons_page import PATRONS, PatronsPage
from madoguchi.widgets.place import Place
from madoguchi.widgets.renewal_page import RenewalPage
from madoguchi.widgets.reservations_page import RESERVATIONS, ReservationsPage
from madoguchi.widgets.scan_views import is_a_persons
from madoguchi.widgets.search_page import SEARCH, SearchPage
from madoguchi.widgets.secret_printing import SecretPrinting
from madoguchi.widgets.slip_desk import SlipDesk
from madoguchi.widgets.slips_page import SLIPS, SlipsPage
from madoguchi.widgets.visit import PatronAtDesk, Visit
from madoguchi.widgets.way_page import WAY, WayPage
from madoguchi.widgets.worker import DatabaseWorker

LeftOver = Mapping[int, list[UnderWay]]
"""What was on its way when a session ended, by the key of its page."""


class AroundSession(Protocol):
    """What a session needs of the window."""

    worker: DatabaseWorker
    fetching: Fetching
    slips: SlipDesk
    devices: DeviceDesk
    exceptions: ExceptionDesk
    between: Between

    def show_strip(self, view: StripView) -> None: ...

    def refresh(self) -> None: ...

    def go_to(self, key: int) -> None: ...

    @property
    def page(self) -> CounterPage | None: ...


class CounterSession(QObject):
    """From sign-in to sign-out.

    Signals:
        outcome(view): a ``StripView``: something came of a scan.
    """

    outcome = Signal(object)

    def __init__(
        self, window: AroundSession, look: Look, place: Place, signed_in: SignedIn, left_over: LeftOver
    ) -> None:
        super().__init__()
        self.worker: DatabaseWorker = window.worker
        self.desk: Desk = signed_in.desk
        self.may_override = may(signed_in.role, Permission.OVERRIDE)
        self.signed_in = signed_in
        # a code printed by another library, or by nobody's, is no command here
        self.plan: CodePlan = replace(place.plan, command_prefix=signed_in.command_prefix)
        self.slips = window.slips
        self.devices, self.exceptions = window.devices, window.exceptions
        self.slips.begin(signed_in, self.plan)
        self._window = window
        self._place = place
        self._ended = False
        self._kept_items = KeptCheckin(), KeptRenewal(), KeptWay()
        self._left_over: LeftOver | None = None
        self._veiled = False
        self._said: StripView | None = None
        self.checkout = CheckoutPage(
            look, self, place.first_hint, last_patron_minutes=place.last_patron_minutes
        )
        self._checkin = CheckinPage(look, self)
        self._renewal = RenewalPage(look, self)
        self.search = SearchPage(look, self, window.fetching)
        self.printing = SecretPrinting(signed_in.receipt_printer or place.receipt_printer, signed_in.branch)
        self.card_printing = CardPrinting(place.card_printer, signed_in.branch, self.plan, place.card_device)
        self.patrons = PatronsPage(look, self)
        self.slips_page = SlipsPage(look, self)
        self.labels = LabelsPage(look, self)
        self.devices_page = DevicesPage(look, self, place.usb_folder)
        self.way = WayPage(look, self)
        self.way.goes.connect(self.slips.goes)
        self.reservations = ReservationsPage(look, self)
        for asks in (self.reservations, self.search):
            asks.reserved.connect(self.slips.reserved)
        self.pages: dict[int, CounterPage] = {
            1: self.checkout,
            2: self._checkin,
            3: self._renewal,
            RESERVATIONS: self.reservations,
            PATRONS: self.patrons,
            SEARCH: self.search,
            SLIPS: self.slips_page,
            LABELS: self.labels,
            DEVICES: self.devices_page,
            WAY: self.way,
        }
        self._by_item: dict[int, ItemPage] = {2: self._checkin, 3: self._renewal, WAY: self.way}
        for key, acts in left_over.items():
            self._by_item[key].adopt(acts)
        self._visit_was_open = False
        self.checkout.changed.connect(self._look_at_visit)
        for page in self.pages.values():
            page.changed.connect(window.refresh)

    # -- for the pages ---------------------------------------------------------------------------------

    def show_strip(self, view: StripView) -> None:
        """Says what became of the last scan; what comes home after the session is said to nobody."""
        if not self._ended:
            self.show_quietly(view)
            self.outcome.emit(view)

    def ask(self, view: QuestionView, on_answer: Callable[[Answer, str], None]) -> None:
        """Opens a question about a row."""
        self._window.between.ask(view, on_answer)

    def now(self) -> dt.datetime:
        """The library's time, as far as this terminal's clock is right."""
        return self._place.clock.local()

    def today(self) -> dt.date:
        """The library's day."""
        return self.now().date()

    def refresh(self) -> None:
        """Keys and banner are shown anew."""
        self._window.refresh()

    def begin_visit(self, code: PatronCode) -> None:
        """A patron's card was read where none belongs: their visit begins, on the page for it."""
        self._window.go_to(1)
        self.checkout.take(code)

    def lend_item(self, code: ItemCode) -> bool:
        """An item was read where none belongs: lent, if somebody is at the counter who borrows."""
        if self.patron_at_desk().visit is None:
            return False
        self._window.go_to(1)
        self.checkout.take(code)
        return True

    def take_back(self, code: ParsedCode) -> None:
        """Something was read by a scanner for returns: the item is taken back; the page in sight stays."""
        if is_a_persons(code):
            self.show_strip(views.returns_only_strip())
        else:
            self._checkin.take(code)

    def open_patron(self, code: PatronCode) -> None:
        """A card was read on a page that serves whoever is at the counter: their visit begins there."""
        self.checkout.take(code)

    def finish_visit(self) -> None:
        """The visit is over, on whichever page that was said."""
        self.checkout.finish()

    def visit_at_desk(self) -> Visit | None:
        """The visit of whoever is at the counter now."""
        return self.checkout.visit_at_desk()

    def open_queue(self, title_id: int, title: str, back_to: int) -> None:
        """A title's queue is to be seen; then the page that asked is again."""
        self._window.go_to(RESERVATIONS)
        self.reservations.open_queue(title_id, title, back_to=back_to)

    def want_later(self, title_id: int, title: str, *, others: bool) -> int:
        """A title is to be reserved with others, on the page of reservations; how many wait for a card."""
        return self.reservations.want_later(Wanted(title_id=title_id, title=title), others=others)

    def open_labels(self) -> None:
        """Labels are to be printed; the form that asked stays open."""
        self._window.go_to(LABELS)

    def patron_at_desk(self) -> PatronAtDesk:
        """Whoever is at the counter now."""
        return self.checkout.patron_at_desk()

    def add_item(self, number: str) -> None:
        """An item is not catalogued: its form opens, and afterwards the page that asked goes on."""
        self._window.go_to(SEARCH)
        self.search.add_item(number, self.patron_at_desk().visit)

    def item_added(self, number: str, visit: UUID | None) -> bool:
        """It is there now: lent in the visit that waits for it, if that still stands and is waited for."""
        if visit is None or self.patron_at_desk().visit != visit or not self.in_sight(self.search):
            return False
        self._window.go_to(1)
        self.checkout.item_added(number)
        return True

    def go_to(self, key: int) -> None:
        """Shows a page, by its key."""
        self._window.go_to(key)

    def in_sight(self, page: CounterPage) -> bool:
        """Whether this page is the one in the window."""
        return self._window.page is page

    def asking(self) -> bool:
        """Whether a question is open."""
        return self._window.between.asking()

    # -- for the window --------------------------------------------------------------------------------

    def show_quietly(self, view: StripView) -> None:
        """Shows a strip that is no news: nothing sounds."""
        self._said = view
        self._window.show_strip(veiled_strip(view) if self._veiled else view)

    @property
    def veiled(self) -> bool:
        """Whether whatever is somebody's is hidden."""
        return self._veiled

    def set_veiled(self, veiled: bool) -> None:
        """Hides whatever is somebody's on every page, or shows it again."""
        self._veiled = veiled
        for page in self.pages.values():
            page.set_veiled(veiled)
        if self._said is not None:
            self.show_quietly(self._said)

    def _look_at_visit(self) -> None:
        """A visit has begun or ended: whose items and cards lie on the other pages is not there any more."""
        self.search.patron_changed()
        self.patrons.patron_changed()
        self.reservations.patron_changed()
        _, finish = self.checkout.function_keys()
        if finish.enabled is not self._visit_was_open:
            self._visit_was_open = finish.enabled
            self._renewal.part()
            self._checkin.forget_cards()
            self.way.forget_cards()

    def say_left_over(self, untaken: int) -> None:
        """Says what the session before had on its way, and how many held scans nobody took; if any."""
        returns, renewals, ways = (page.left_over() for page in self._by_item.values())
        if returns or renewals or ways or untaken:
            self.show_strip(views.left_over_strip(returns, renewals, ways, untaken))

    def begin_to_leave(self) -> None:
        """The clerk sees nothing more: what is on its way for an item alone is for whoever signs in next."""
        self.devices_page.copying.leave()
        self._kept_items = self._checkin.keep(), self._renewal.keep(), self.way.keep()
        self._left_over = self._hand_over()

    def keep(self, current: int, typed: str) -> KeptCounter:
        """What the same person comes back to; to be asked before the session is ended."""
        checkin, renewal, way = self._kept_items
        return KeptCounter(
            self.checkout.keep(),
            checkin,
            renewal,
            current,
            typed,
            search=self.search.keep(),
            patrons=self.patrons.keep(),
            way=way,
            reservations=self.reservations.keep(),
            labels=self.labels.keep(),
        )

    def _hand_over(self) -> LeftOver:
        return {key: page.hand_over() for key, page in self._by_item.items()}

    def resume(self, kept: KeptCounter) -> None:
        """The same person is back."""
        self._checkin.resume(kept.checkin)
        self._renewal.resume(kept.renewal)
        self.way.resume(kept.way)
        # a visit that is taken up again is none that begins: what lies on the other pages stays
        self._visit_was_open = kept.checkout.visit is not None
        self.checkout.resume(kept.checkout)
        self.search.resume(kept.search)
        self.patrons.resume(kept.patrons)
        self.reservations.resume(kept.reservations)
        self.labels.resume(kept.labels)

    def end(self) -> LeftOver:
        """Clears every page; they go once nothing asked is on its way home to them.

        What nobody was told yet, of items alone, is for the next session.
        """
        self.checkout.changed.disconnect(self._look_at_visit)
        left_over = self._left_over if self._left_over is not None else self._hand_over()
        for page in self.pages.values():
            page.changed.disconnect(self._window.refresh)
            page.leave()
        self._ended = True
        self._said = None
        self.worker.ask(lambda _: None, self._dismiss)
        return left_over

    def _dismiss(self, _nothing: None) -> None:
        for page in self.pages.values():
            for widget in page.widgets():
                widget.deleteLater()
            page.deleteLater()
        self.deleteLater()
