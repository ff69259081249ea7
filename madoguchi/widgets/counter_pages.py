"""The pages of whoever lends: which one is in sight, and the ways from one to another."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from madoguchi.app.staff.kept import Parcel
from madoguchi.app.staff.session import SignedIn
from madoguchi.widgets.away import Away
from madoguchi.widgets.counter_page import CounterPage
from madoguchi.widgets.counter_session import AroundSession, CounterSession, LeftOver
from madoguchi.widgets.devices_page import DEVICES
from madoguchi.widgets.incident_desk import IncidentDesk
from madoguchi.widgets.kept_pages import KeptCounter
from madoguchi.widgets.labels_page import LABELS
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.place import Place
from madoguchi.widgets.reservations_page import RESERVATIONS
from madoguchi.widgets.sign_in_desk import SignInDesk
from madoguchi.widgets.sign_in_views import not_resumed_strip
from madoguchi.widgets.slips_page import SLIPS
from madoguchi.widgets.typed_line import TypedLine

HELD_KEYS = (9, 11)


class AroundPages(AroundSession, Protocol):
    """What a clerk's pages need of the window."""

    frame: CounterFrame
    typed: TypedLine
    away: Away
    incident: IncidentDesk
    sign_in: SignInDesk

    def focus_page(self) -> None: ...


class CounterPages(QObject):
    """Lives as long as the window; has pages from a clerk's sign-in until their session is ended.

    Attributes:
        session: whose pages they are; None: nobody lends here.
        current: the page in sight, by the key it is on; after a session the one that was.
        left_over: what the session before had on its way.

    Signals:
        outcome(view): a ``StripView``: something came of a scan.
        pad_wanted(): a number is to be typed by mouse.
    """

    outcome = Signal(object)
    pad_wanted = Signal()

    def __init__(self, window: AroundPages) -> None:
        super().__init__()
        self.session: CounterSession | None = None
        self.current = 1
        self._window = window
        self.left_over: LeftOver = {}

    # -- whose they are --------------------------------------------------------------------------------

    def begin(self, person: SignedIn, place: Place, parcel: Parcel | None, kept: KeptCounter | None) -> None:
        """A clerk has signed in: they go on with what waited for them, and with what was scanned since.

        ``kept`` is what could be read of their ``parcel``.
        """
        window = self._window
        session = self.session = CounterSession(window, window.frame.look, place, person, self.left_over)
        session.outcome.connect(self.outcome)
        for page in session.pages.values():
            page.pad_wanted.connect(self.pad_wanted)
            page.centre_changed.connect(partial(self._centre_changed, page))
        window.incident.cover(None)
        if kept is not None:
            session.resume(kept)
        self.go_to(kept.current if kept is not None else 1)
        if kept is not None:
            window.typed.add(kept.typed)
        elif parcel is not None:
            window.show_strip(not_resumed_strip())
        self._take_held(session, person.desk.login if kept is not None else None)

    def _take_held(self, session: CounterSession, login: str | None) -> None:
        held, untaken = self._window.sign_in.held.give(login)
        session.say_left_over(untaken)
        if not all(scan.for_return for scan in held):
            # as a scan does
            self._window.typed.clear()
        for scan in held:
            take = session.take_back if scan.for_return else session.pages[self.current].take
            take(scan.code)

    def end(self) -> None:
        """Their session is over: its pages are cleared."""
        if self.session is not None:
            self.left_over = self.session.end()
            self.session = None

    # -- which is in sight -----------------------------------------------------------------------------

    @property
    def page(self) -> CounterPage | None:
        """The page in sight, if somebody is signed in who lends."""
        if self.session is None or self._window.away.leaving:
            return None
        return self.session.pages[self.current]

    def typed_on(self) -> CounterPage | None:
        """The page that what is typed stands on, also while its clerk is on their way out."""
        return self.session.pages[self.current] if self.session is not None else None

    def let_go(self) -> None:
        """What a page shows while a key is held is hidden: the release is told elsewhere."""
        page = self.typed_on()
        if page is not None:
            for key in HELD_KEYS:
                page.released(key)

    # -- going -----------------------------------------------------------------------------------------

    def go_to(self, key: int) -> None:
        """Shows a page, by the key it is on."""
        self.let_go()
        self._window.typed.clear()
        self._window.between.close_card()
        if self.session is not None and self.current == DEVICES:
            self.session.devices_page.gone()
        self.current = key
        session, page = self.session, self.page
        if session is None or page is None:
            return
        page.shown()
        session.show_quietly(page.idle_strip())
        self._show()

    def open_slips(self) -> None:
        """The list of slips; a question that is open is left unanswered."""
        if self.session is not None and self.page is not None:
            self._window.between.close_question()
            self.session.slips_page.came_from(self.current)
            self.go_to(SLIPS)

    def open_labels(self) -> None:
        """The page of labels; a question that is open is left unanswered."""
        if self.session is not None and self.page is not None:
            self._window.between.close_question()
            self.go_to(LABELS)

    def open_devices(self) -> None:
        """The USB devices; a question that is open is left unanswered."""
        if self.session is not None and self.page is not None:
            self._window.between.close_question()
            self.session.devices_page.came_from(self.current)
            self.go_to(DEVICES)

    def open_last_patron(self) -> None:
        """Whoever was at the counter before, on the page that serves them."""
        session = self.session
        if session is None:
            return
        if self.current != RESERVATIONS:
            self.go_to(1)
        if self.current != RESERVATIONS or session.reservations.lets_swap():
            session.checkout.open_last_patron()

    def _centre_changed(self, page: CounterPage) -> None:
        """Something else stands on a page; the keyboard stays where somebody is at something else."""
        if page is self.page:
            window = self._window
            covered = window.incident.is_open() or window.exceptions.is_open()
            busy = covered or window.between.asking() or window.frame.card() is not None
            self._show(focus=not busy)

    def _show(self, *, focus: bool = True) -> None:
        page = self.page
        if page is not None:
            self._window.frame.set_left(page.left())
            self._window.frame.set_centre(page.centre())
            if focus:
                self._window.focus_page()
            self._window.refresh()
