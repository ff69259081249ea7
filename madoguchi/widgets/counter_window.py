"""The counter's window: put together of its parts, and what is in sight as people come and leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from madoguchi.app.staff.cards import StaffCards
from madoguchi.app.staff.kept import KeptWork, Parcel
from madoguchi.app.staff.permissions import Permission, may
from madoguchi.app.staff.session import SessionEnd, SignedIn
from madoguchi.app.terminal.safekeeping import Safekeeping
from madoguchi.barcode.scan import Scan
from madoguchi.widgets import counter_views as views
from madoguchi.widgets import sign_in_views
from madoguchi.widgets.agent_link import AgentLink
from madoguchi.widgets.away import Away
from madoguchi.widgets.between import Between
from madoguchi.widgets.counter_page import CounterPage
from madoguchi.widgets.counter_pages import CounterPages
from madoguchi.widgets.counter_signs import CounterSigns
from madoguchi.widgets.device_desk import DeviceDesk
from madoguchi.widgets.exception_desk import ExceptionDesk
from madoguchi.widgets.fetching import Fetching
from madoguchi.widgets.idle_watch import IdleWatch
from madoguchi.widgets.incident_desk import IncidentDesk
from madoguchi.widgets.kept_pages import KeptCounter, KeptOffice
from madoguchi.widgets.key_ways import KeyWays
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.theme import Theme
from madoguchi.widgets.look.views import StripView, Tone
from madoguchi.widgets.office.desk import OfficeDesk
from madoguchi.widgets.office.page import DEVICES as OFFICE_DEVICES
from madoguchi.widgets.office_work import OfficeWork
from madoguchi.widgets.place import Place
from madoguchi.widgets.scan_sources import ScanSources
from madoguchi.widgets.scan_ways import ScanWays
from madoguchi.widgets.server_look import ServerLook
from madoguchi.widgets.sign_in_desk import SignInDesk
from madoguchi.widgets.slip_desk import SlipDesk
from madoguchi.widgets.typing_desk import TypingDesk
from madoguchi.widgets.usb_news import UsbNews
from madoguchi.widgets.worker import DatabaseWorker

if TYPE_CHECKING:
    from madoguchi.app.server.approver import ApproverSession

translate = QCoreApplication.translate

WARNED_MS = 10_000


class CounterWindow(QWidget):
    """The one window of the counter.

    Signals:
        first_painted(): the window can be seen for the first time.
        outcome(tone): a ``Tone``: what came of a scan, or that the program itself is wrong.
        preferences_asked(): the clerk wants to change how this terminal looks and sounds.
        left(): nobody is at the desk, as key, card or idle time tell.
        lock_painted(): somebody is taken to be gone, and the screen shows the sign-in or the lock alone.
    """

    first_painted = Signal()
    outcome = Signal(object)
    preferences_asked = Signal()
    left = Signal()
    lock_painted = Signal()

    def __init__(
        self,
        place: Place,
        worker: DatabaseWorker,
        theme: Theme,
        kept: KeptWork,
        cards: StaffCards,
        safekeeping: Safekeeping | None = None,
        sources: ScanSources | None = None,
        agent: AgentLink | None = None,
        approver: Callable[[], ApproverSession] | None = None,
    ) -> None:
        super().__init__()
        # no name and no title ever stands here
        self.setWindowTitle(translate("Counter", "窓口"))
        self.worker = worker
        # outlives every session: what it fetches comes home to it
        self.fetching = Fetching(place.source)
        self.sources = sources if sources is not None else ScanSources(())
        self.frame = CounterFrame(theme, self)
        self.between = Between(self.frame, self.focus_page, self.refresh)
        self.pages = CounterPages(self)
        self._office = OfficeWork(self)
        self.devices = DeviceDesk(agent, worker, expected=not place.training)
        self.exceptions = ExceptionDesk(self, place.clock.local, approver)
        self.slips = SlipDesk(place, worker, self)
        self.slips.changed.connect(self.refresh)
        self.sources.changed.connect(self.refresh)
        self.slips.failed.connect(partial(self.outcome.emit, Tone.NOTICE))
        safekeeping = safekeeping if safekeeping is not None else Safekeeping(None)
        self.signs = CounterSigns(
            self.frame, place, self.sources, self.slips, self.devices, self._staff_name, self
        )
        self.sign_in = SignInDesk(self.frame.look, place, worker, kept, cards, safekeeping)
        self.incident = IncidentDesk(self, place, safekeeping)
        self.away = Away(self, place, kept, self)
        self.scans = ScanWays(self, place, cards)
        self._lock_shown = QTimer(self)
        self._lock_shown.setSingleShot(True)
        self._lock_shown.timeout.connect(self._paint_lock)
        self.away.over.connect(self._lock_shown.start)
        self.idle = IdleWatch(place.idle_seconds, self)
        self.idle.counting.connect(self.signs.count_down)
        self.idle.awake.connect(partial(self.signs.count_down, 0))
        self.idle.idle.connect(self.nobody_there)
        self.idle.idle.connect(self.left)
        self._place = place
        self._painted = False
        self._warned = False
        self._typing = TypingDesk(self)
        self.typed = self._typing.line
        self._keys = KeyWays(self, self._typing)
        self._looker = ServerLook(worker, self)
        self._usb_news = UsbNews(self.devices, self._looker, self.show_outcome)
        self._connect_parts()
        self._looker.look()
        self._show_sign_in()

    def _connect_parts(self) -> None:
        for work in (self.pages, self._office):
            work.outcome.connect(lambda view: self.outcome.emit(view.tone))
        self.pages.pad_wanted.connect(self._typing.open_pad)
        self.frame.rail.chosen.connect(self._keys.press)
        self.frame.banner.ended.connect(self._keys.end_mode)
        self._keys.preferences_asked.connect(self.preferences_asked)
        self.frame.corner.hide_pressed.connect(self.hide_or_show)
        self.frame.corner.page_pressed.connect(self.pages.open_labels)
        self.frame.corner.preferences_pressed.connect(self.preferences_asked)
        self.frame.corner.incident_pressed.connect(partial(self.incident.open, None))
        self.sign_in.signed_in.connect(self._begin)
        self.sign_in.panel_changed.connect(self._cover_with)
        self.worker.line_changed.connect(self.signs.line_is)
        self.signs.changed.connect(self.refresh)
        self.devices.changed.connect(self._devices_changed)
        self.devices.blocked.connect(self._device_blocked)
        self.worker.session_ended.connect(self._session_ended)
        self._looker.looked.connect(self.signs.server_is)
        self._looker.due.connect(self.sign_in.expire)

    # -- for pages and tests ---------------------------------------------------------------------------

    @property
    def page(self) -> CounterPage | None:
        """The page in sight, if somebody is signed in."""
        return self.pages.page

    @property
    def office(self) -> OfficeDesk | None:
        """The office, if somebody is signed in who works there."""
        return self._office.in_sight

    @property
    def line_up(self) -> bool:
        """Whether the server answered last."""
        return self.signs.line_up

    def somebody_works(self) -> bool:
        """Whether somebody is signed in, and not on their way out."""
        return (self.pages.session or self._office.desk) is not None and not self.away.leaving

    def take(self, scan: Scan) -> None:
        """A scan, from anywhere."""
        self.scans.take(scan)

    def press(self, key: int) -> None:
        """A function key, as by hand or by mouse."""
        self._keys.press(key)

    def go_to(self, key: int) -> None:
        """Shows a page, by the key it is on."""
        self.pages.go_to(key)

    def open_devices(self) -> None:
        """The USB devices; a question that is open is left unanswered."""
        if self.office is not None:
            self.between.close_card()
            self.office.go_to(OFFICE_DEVICES)
        else:
            self.pages.open_devices()

    def hide_or_show(self) -> None:
        """The privacy key: whatever is somebody's goes from the screen at once, or comes back."""
        self.typed.clear()
        self.between.close_question()
        self.between.close_card()
        if self.pages.session is not None:
            self.pages.session.set_veiled(not self.pages.session.veiled)
            self.refresh()

    def asking(self) -> bool:
        """Whether a question is open."""
        return self.between.asking()

    def close_card(self) -> None:
        """Takes the card away that stands between list and strip."""
        self.between.close_card()

    # -- what is in sight ------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Shows keys and banner as they are now."""
        if self.office is not None:
            self.signs.show_office(self.office)
            return
        session, page = self.pages.session, self.page
        if session is None or page is None:
            return
        if self.between.asking() and not page.question_stands():
            self.between.close_question()
            return
        self.signs.show_counter(session, page, self.pages.current, self.between.question())

    def show_strip(self, view: StripView) -> None:
        """Says what became of the last scan."""
        self.frame.strip.set_view(view)

    def show_outcome(self, view: StripView) -> None:
        """Says what came of something that no page asked for."""
        if self.pages.session is not None and self.page is not None:
            self.pages.session.show_strip(view)
        elif self.office is not None:
            self.office.show_strip(view)

    def show_fault(self) -> None:
        """A bug was met: says so where the clerk looks."""
        if self.pages.session is not None:
            self.pages.session.show_quietly(views.fault_strip())
        else:
            self.show_strip(views.fault_strip())
        self.outcome.emit(Tone.OUTAGE)

    def focus_page(self) -> None:
        """The keyboard is the page's, or whoever's approval is waited for; never behind a report's form."""
        if self.incident.is_open():
            return
        if self.exceptions.is_open():
            self.exceptions.focus()
        elif self.page is not None:
            self.page.focus()
        elif self._office.desk is not None:
            self._office.desk.page().focus()

    def _devices_changed(self) -> None:
        self.refresh()
        self.signs.show_top_bar()

    def _device_blocked(self, _device: object) -> None:
        """It sounds; where nobody works the top bar alone says it."""
        if self.somebody_works():
            self.outcome.emit(Tone.NOTICE)

    def _staff_name(self) -> str:
        session = self.pages.session or self._office.desk
        return session.signed_in.name if session is not None else ""

    # -- who comes -------------------------------------------------------------------------------------

    def _show_sign_in(self) -> None:
        self.sign_in.begin()
        self.signs.show_top_bar()

    def _cover_with(self, panel: QWidget) -> None:
        """Whoever has given their password and is asked something more may leave, too."""
        self.incident.cover(panel)
        if self.sign_in.half_way():
            self.idle.start()
        elif not self.somebody_works() and not self.incident.is_open():
            self.idle.stop()

    def _begin(self, person: SignedIn, parcel: Parcel | None) -> None:
        # a report that was begun at the sign-in goes on over what is there now
        report = self.incident.put_aside()
        self.idle.start(person.idle_seconds or self._place.idle_seconds)
        self._place = replace(self._place, plan=self.scans.plan)
        kept = self.away.come_back(parcel) if parcel is not None else None
        if may(person.role, Permission.LEND):
            self.pages.begin(person, self._place, parcel, kept if isinstance(kept, KeptCounter) else None)
        else:
            self._office.begin(person, self._place, kept if isinstance(kept, KeptOffice) else None)
        arrival = sign_in_views.arrival(person, self._place.clock.local())
        if arrival is not None:
            self.between.greet(arrival)
        self.signs.show_top_bar()
        self._looker.look()
        self.incident.send_waiting()
        self.devices.begin_session()
        if kept is not None:
            report = report or kept.report
        if report:
            self.incident.open(report)

    def cover_work(self, panel: QWidget | None) -> None:
        """Puts a panel over what its clerk is at, or takes it away; never over a sign-in."""
        if self.somebody_works():
            self.incident.cover(panel)

    # -- who leaves ------------------------------------------------------------------------------------

    def leave(self) -> None:
        """The clerk leaves: every name and title goes from the screen, what they were at waits for them."""
        if self._leave():
            self.left.emit()

    def _leave(self) -> bool:
        session = self.pages.session or self._office.desk
        if session is None:
            self.incident.close()
            return False
        self.away.leave(session, self.incident.put_aside())
        return True

    def nobody_there(self) -> None:
        """Whoever was here has left, as idle time or desktop tell; also in the middle of a sign-in."""
        self.signs.end_countdown()
        if self._leave():
            return
        self.sign_in.nobody_there()
        self._lock_shown.start()

    def _paint_lock(self) -> None:
        """In the turn after: what took the work's place has its size by now."""
        if self.pages.session is None and self._office.desk is None:
            self.frame.repaint()
            self.lock_painted.emit()

    def sign_out(self) -> None:
        """Ends the session, and nothing of it waits: every name and title goes from the screen."""
        if self.pages.session is None and self._office.desk is None:
            return
        self.incident.close()
        self.slips.forget()
        self.away.cancel()
        self.hide_work()
        self.end_session()
        self._show_sign_in()

    def _session_ended(self, why: SessionEnd, lost: int) -> None:
        """The server let nobody go on: says so where the next one signs in."""
        self._looker.give_up()
        self.sign_out()
        # what was under way comes home no more: the next one is told of nothing that waits
        self.pages.left_over = {}
        self.sign_in.say_ended(why, lost)

    def hide_work(self) -> tuple[int, str]:
        """Nothing of anybody is in sight any more; says which page was, by its key, and what was typed."""
        typed = self.typed.text()
        self.exceptions.put_aside()
        self.devices.end_session()
        self.typed.clear()
        self.between.close_question()
        self.between.close_card()
        self.signs.end_countdown()
        self.idle.stop()
        self.frame.set_left(None)
        self.frame.set_centre(None)
        self._blank_strip()
        # gone from the screen, too, before anything else is painted there
        self.frame.repaint()
        return self.pages.current, typed

    def end_session(self) -> None:
        """The pages are cleared, and the connection is closed."""
        if self.pages.session is None and self._office.desk is None:
            return
        self.slips.pause()
        self.pages.end()
        self._office.end()
        self.worker.sign_out()
        self._blank_strip()
        self.signs.show_top_bar()

    def _blank_strip(self) -> None:
        self.show_strip(StripView(Tone.IDLE, ""))

    # -- Qt's calls ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: the keys that no part of the window took."""
        self._keys.pressed(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Qt's call: what is shown for as long as a key is held is hidden again."""
        self._keys.released(event)

    def changeEvent(self, event: QEvent) -> None:
        """Qt's call: a key that is let go over another window is not told here."""
        if event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.pages.let_go()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        del event
        if not self._painted:
            self._painted = True
            # after this turn of the event loop: the children are painted, and all is on the screen
            QTimer.singleShot(0, self.first_painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call."""
        del event
        self.frame.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt's call: nothing is left half-done, nothing is shown any more."""
        waiting = self.worker.unanswered()
        if waiting and not self.line_up and not self._warned:
            # with the line down they would be lost: once is a slip, twice is meant
            self._warned = True
            QTimer.singleShot(WARNED_MS, partial(setattr, self, "_warned", False))
            self.show_strip(views.unrecorded_strip(waiting))
            event.ignore()
            return
        self.sign_out()
        self.signs.stop()
        self._looker.stop()
        self.exceptions.close()
        self.devices.close()
        self.slips.close()
        event.accept()
