"""The counter's program from start to end: the window on the screen, and what the desktop tells it."""

from __future__ import annotations

import datetime as dt
import logging
import sys
from functools import partial
from types import TracebackType

from PySide6.QtWidgets import QApplication

from madoguchi.app.preferences import preferences_file
from madoguchi.app.server.opened_later import OpenedLater
from madoguchi.app.settings import Settings, kept_folder, safekeeping_folder, settings_file, staff_cards_file
from madoguchi.app.staff.cards import StaffCards
from madoguchi.app.staff.kept import KeptFiles, KeptWork
from madoguchi.app.terminal.safekeeping import Safekeeping
from madoguchi.app.terminal.scanner_file import add_scanner
from madoguchi.device_control.channel import ADDRESS
from madoguchi.device_control.client import AgentClient
from madoguchi.widgets.agent_link import AgentLink
from madoguchi.widgets.application import CounterApplication, install_language
from madoguchi.widgets.counter_window import CounterWindow
from madoguchi.widgets.full_screen import StaysFullScreen
from madoguchi.widgets.scan_sources import ScanSources
from madoguchi.widgets.terminal_place import place_of

_log = logging.getLogger("madoguchi")


def run_counter(settings: Settings, server: OpenedLater) -> int:
    """Shows the counter's window until it is closed; returns the exit status.

    The caller has forbidden core dumps, and told the input method to keep keys in order.

    Raises:
        SettingsError: the settings name a branch that there is not.
    """
    application = QApplication(sys.argv[:1])
    install_language(application, settings.language)
    place = place_of(settings)
    now = place.clock.local
    kept = KeptWork(now, KeptFiles(kept_folder(), now), closing=dt.time.fromisoformat(settings.closing_time))
    cards, safekeeping = StaffCards(staff_cards_file()), Safekeeping(safekeeping_folder())
    counter = CounterApplication(
        application,
        settings,
        place,
        server,
        preferences_file(),
        kept,
        cards,
        safekeeping,
        partial(add_scanner, settings_file()),
        AgentLink(partial(AgentClient, ADDRESS)),
        server.approver,
    )
    _show_faults(counter.window)
    if sys.platform == "linux":
        listen = partial(_listen_to_desktop, application, counter.window, settings)
        counter.window.first_painted.connect(listen)
        counter.window.first_painted.connect(partial(_warn_of_key_loggers, counter.sources))
    counter.window.showFullScreen()
    StaysFullScreen(counter.window)
    status = application.exec()
    counter.close()
    return status


def _warn_of_key_loggers(sources: ScanSources) -> None:
    """Whoever can read every keyboard logs passwords: the log says so, and the page of scanners."""
    from madoguchi.barcode.sources.evdev_access import warn_of_exposure

    warn_of_exposure(sources.exposure())


def _listen_to_desktop(application: QApplication, window: CounterWindow, settings: Settings) -> None:
    """Whoever locks the desktop, puts the machine to sleep or has another session in front has left."""
    from madoguchi.widgets.desktop_session import DesktopSession

    desktop = DesktopSession(parent=window)
    desktop.gone.connect(window.nobody_there)
    window.lock_painted.connect(desktop.lock_is_shown)
    if settings.lock_desktop:
        window.left.connect(desktop.lock_desktop)
    application.aboutToQuit.connect(desktop.close)
    desktop.listen()


def _show_faults(window: CounterWindow) -> None:
    """A bug is seen: on the strip by the clerk, in the log by whoever mends it."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        # parameters of statements are hidden by the engine: no person is named here
        _log.critical("a bug", exc_info=(kind, error, trace))
        window.show_fault()

    sys.excepthook = hook
