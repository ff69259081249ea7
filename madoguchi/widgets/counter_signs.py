"""What is in sight around a page: the keys, the banner of what is out of order, the top bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from madoguchi.app.staff.session import ServerState
from madoguchi.widgets import counter_keys as keys
from madoguchi.widgets import counter_views as views
from madoguchi.widgets import usb_standing
from madoguchi.widgets.counter_page import CounterPage
from madoguchi.widgets.counter_session import CounterSession
from madoguchi.widgets.device_desk import DeviceDesk
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.views import BannerView, QuestionView, RailView
from madoguchi.widgets.office.desk import OfficeDesk
from madoguchi.widgets.place import Place
from madoguchi.widgets.scan_sources import ScanSources
from madoguchi.widgets.slip_desk import SlipDesk
from madoguchi.widgets.slip_words import failed_words

CLOCK_MS = 1_000


class CounterSigns(QObject):
    """Knows how line and server stand and whether somebody seems to be gone, and shows it with all the rest.

    ``staff`` says the name of whoever works here, or nothing.

    Signals:
        changed(): keys and banner are to be shown anew.
    """

    changed = Signal()

    def __init__(
        self,
        frame: CounterFrame,
        place: Place,
        sources: ScanSources,
        slips: SlipDesk,
        devices: DeviceDesk,
        staff: Callable[[], str],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._frame = frame
        self._place = place
        self._sources = sources
        self._slips = slips
        self._devices = devices
        self._staff = staff
        self._line_up = True
        self._state = ServerState()
        self._seconds_left = 0
        self._banner: BannerView | None = None
        self._rail: RailView | None = None
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.show_top_bar)
        self._clock.start(CLOCK_MS)

    def stop(self) -> None:
        """The clock goes on no more."""
        self._clock.stop()

    # -- what is known ---------------------------------------------------------------------------------

    @property
    def line_up(self) -> bool:
        """Whether the server answered last."""
        return self._line_up

    def line_is(self, up: bool) -> None:
        """The server answers, or does not any more."""
        self._line_up = up
        self.show_top_bar()
        self.changed.emit()

    def server_is(self, state: ServerState) -> None:
        """Says what of the server's state the counters should know."""
        self._state = state
        self.changed.emit()

    def count_down(self, seconds: int) -> None:
        """Nobody seems to be there, and is taken to be gone in so many seconds; 0: somebody is."""
        self._seconds_left = seconds
        self.changed.emit()

    def end_countdown(self) -> None:
        """They are gone; what is shown is somebody else's affair."""
        self._seconds_left = 0

    @property
    def banner(self) -> BannerView | None:
        """The banner that is shown."""
        return self._banner

    # -- what is shown ---------------------------------------------------------------------------------

    def show_counter(
        self, session: CounterSession, page: CounterPage, current: int, question: QuestionView | None
    ) -> None:
        """Keys and banner of whoever lends; ``current`` is the key of the page in sight."""
        banner = views.banner(
            page.banner(),
            veiled=session.veiled,
            line_up=self._line_up,
            line_down_words=page.line_down_words(),
            server=views.server_words(self._state, self._place.clock.local()),
        )
        banner = views.with_scanners(banner, views.scanner_words(self._sources.trouble()))
        if page is not session.slips_page:
            banner = views.with_slips(banner, failed_words(self._slips.spool.failed()))
        banner = self._with_devices(banner, here=page is session.devices_page)
        last = bool(session.checkout.last_patron.card)
        waits = session.patrons.registration_waits()
        self._frame.set_page_key(*page.corner_key())
        rail = keys.rail(page, current, question, last_patron=last, registering=waits)
        self._show(rail, banner)

    def show_office(self, office: OfficeDesk) -> None:
        """Keys and banner of whoever works in the office."""
        banner = views.banner(
            None,
            veiled=False,
            line_up=self._line_up,
            line_down_words=views.office_line_down(),
            server=views.server_words(self._state, self._place.clock.local()),
        )
        banner = views.with_scanners(banner, views.scanner_words(self._sources.trouble()))
        self._show(office.rail(), self._with_devices(banner))

    def show_top_bar(self) -> None:
        """The top bar, with the time."""
        standing = self._devices.standing()
        usb = usb_standing.indicator(standing)
        usb = replace(usb, told=usb_standing.says_it(self._banner, standing))
        self._frame.top_bar.set_view(
            views.top_bar(self._place, self._staff(), line_up=self._line_up, usb=usb)
        )

    def _with_devices(self, banner: BannerView | None, *, here: bool = False) -> BannerView | None:
        # on their own page the blocked devices stand in the list; what ends soon is said there, too
        standing = self._devices.standing()
        if here:
            standing = replace(standing, unseen=())
        words = usb_standing.banner(standing, warned=self._devices.is_warned)
        return usb_standing.with_devices(banner, words, here=here)

    def _show(self, rail: RailView, banner: BannerView | None) -> None:
        if self._seconds_left:
            banner = views.countdown_banner(self._seconds_left)
        # a scan changes counts, not keys: laying everything out again for it would cost its time twice
        if banner != self._banner:
            self._banner = banner
            self._frame.set_banner(banner)
            self.show_top_bar()
        if rail != self._rail:
            self._rail = rail
            self._frame.rail.set_view(rail)
