"""One member of staff at this terminal: their pages, and what the pages see of the window around them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from madoguchi.app.lending.facts import Desk
from madoguchi.app.staff.permissions import Permission, may
from madoguchi.app.staff.session import SignedIn
from madoguchi.barcode.symbology import CodePlan
from madoguchi.widgets.checkin_page import CheckinPage
from madoguchi.widgets.checkout_page import CheckoutPage
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.veil import veiled_strip
from madoguchi.widgets.look.views import Answer, QuestionView, StripView
from madoguchi.widgets.place import Place
from madoguchi.widgets.renewal_page import RenewalPage
from madoguchi.widgets.scan_page import ScanPage
from madoguchi.widgets.worker import DatabaseWorker


class AroundSession(Protocol):
    """What a session needs of the window."""

    worker: DatabaseWorker

    def show_strip(self, view: StripView) -> None: ...

    def ask(self, view: QuestionView, on_answer: Callable[[Answer, str], None]) -> None: ...

    def refresh(self) -> None: ...


class CounterSession(QObject):
    """From sign-in to sign-out.

    Signals:
        outcome(view): a ``StripView``: something came of a scan.
    """

    outcome = Signal(object)

    def __init__(self, window: AroundSession, look: Look, place: Place, signed_in: SignedIn) -> None:
        super().__init__()
        self.worker: DatabaseWorker = window.worker
        self.desk: Desk = signed_in.desk
        self.may_override = may(signed_in.role, Permission.OVERRIDE)
        self.signed_in = signed_in
        # a code printed by another library, or by nobody's, is no command here
        self.plan: CodePlan = replace(place.plan, command_prefix=signed_in.command_prefix)
        self._window = window
        self._place = place
        self._ended = False
        self._veiled = False
        self._said: StripView | None = None
        self.checkout = CheckoutPage(
            look, self, place.first_hint, last_patron_minutes=place.last_patron_minutes
        )
        self.pages: dict[int, ScanPage] = {
            1: self.checkout,
            2: CheckinPage(look, self),
            3: RenewalPage(look, self),
        }
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
        self._window.ask(view, on_answer)

    def now(self) -> dt.datetime:
        """The library's time, as far as this terminal's clock is right."""
        return self._place.clock.local()

    def today(self) -> dt.date:
        """The library's day."""
        return self.now().date()

    def refresh(self) -> None:
        """Keys and banner are shown anew."""
        self._window.refresh()

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

    def end(self) -> None:
        """Clears every page; they go once nothing asked is on its way home to them."""
        for page in self.pages.values():
            page.changed.disconnect(self._window.refresh)
            page.leave()
        self._ended = True
        self._said = None
        self.worker.ask(lambda _: None, self._dismiss)

    def _dismiss(self, _nothing: None) -> None:
        for page in self.pages.values():
            page.list.deleteLater()
            left = page.left()
            if left is not None:
                left.deleteLater()
            page.deleteLater()
        self.deleteLater()
