"""Builds the counter's window out of its parts, for the program and for the tour."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from madoguchi.app.devices.copying import clear_left
from madoguchi.app.preferences import load_preferences
from madoguchi.app.settings import Settings
from madoguchi.app.staff.cards import StaffCards
from madoguchi.app.staff.kept import KeptWork
from madoguchi.app.terminal.safekeeping import Safekeeping
from madoguchi.barcode.wedge_device import learned, typing_settings
from madoguchi.widgets.agent_link import AgentLink
from madoguchi.widgets.counter_window import CounterWindow
from madoguchi.widgets.garbage import GuiGarbageCollector
from madoguchi.widgets.input_method import input_method_in_force
from madoguchi.widgets.look.fonts import load_faces
from madoguchi.widgets.look.theme import Theme, default_text_scale
from madoguchi.widgets.look.tokens import Contrast, load_tokens
from madoguchi.widgets.place import Place
from madoguchi.widgets.preferences_desk import PreferencesDesk
from madoguchi.widgets.scan_catcher import ScanCatcher
from madoguchi.widgets.scan_sources import Learning, ScanSources
from madoguchi.widgets.sounds import SoundPlayer
from madoguchi.widgets.worker import DatabaseWorker, Server

if TYPE_CHECKING:
    from madoguchi.app.server.approver import ApproverSession
    from madoguchi.barcode.sources.scanner import Scanner
    from madoguchi.widgets.x11_keys import X11Keys

translate = QCoreApplication.translate

_log = logging.getLogger(__name__)


class CounterApplication:
    """The window, the worker behind it and the scans that come in.

    Without a ``preferences_file`` what is chosen at the counter holds until the program ends; without
    ``kept`` so does the work of whoever is away, without ``cards`` what was learned of staff cards, without
    ``safekeeping`` what waits to be reported. ``keep_scanner`` writes down a scanner that was learned.
    ``agent`` is the way to whoever decides on USB devices, ``approver`` makes a second person's to the
    server.
    """

    def __init__(
        self,
        application: QApplication,
        settings: Settings,
        place: Place,
        server: Server,
        preferences_file: Path | None = None,
        kept: KeptWork | None = None,
        cards: StaffCards | None = None,
        safekeeping: Safekeeping | None = None,
        keep_scanner: Callable[[Scanner], None] | None = None,
        agent: AgentLink | None = None,
        approver: Callable[[], ApproverSession] | None = None,
    ) -> None:
        self._application = application
        self._garbage = GuiGarbageCollector()
        preferences = load_preferences(settings, preferences_file)
        tokens = load_tokens()
        screen = application.primaryScreen().size()
        theme = Theme(
            tokens,
            load_faces(),
            Contrast.HIGH if preferences.high_contrast else Contrast.LIGHT,
            preferences.text_scale or default_text_scale(tokens, screen.width()),
        )
        self.worker = DatabaseWorker(server, begin=False)
        self.kept = kept if kept is not None else KeptWork(place.clock.local)
        self.cards = cards if cards is not None else StaffCards()
        self.sources = ScanSources(settings.scanner)
        self.window = CounterWindow(
            place, self.worker, theme, self.kept, self.cards, safekeeping, self.sources, agent, approver
        )
        # whatever is heavy waits until there is something to see
        self.window.first_painted.connect(self.worker.begin)
        self.window.first_painted.connect(self.sources.start)
        self.window.first_painted.connect(self.window.devices.start)
        self.window.first_painted.connect(partial(self._clear_left, place.usb_folder))
        self.sources.scanned.connect(self.window.scans.take)
        self.player = SoundPlayer()
        self.preferences = PreferencesDesk(self.window, self.player, preferences, preferences_file)
        self._by_timing = typing_settings(settings.scanner, self.window.scans.knows)
        self.catcher = ScanCatcher(self._by_timing, seen=self.window.idle.see)
        self.catcher.scanned.connect(self.sources.typed)
        self.catcher.install(application)
        self._wedges = learned(settings.scanner)
        self._keys: X11Keys | None = None
        if keep_scanner is not None:
            self.sources.learning = Learning(self.keys_before_qt, keep_scanner)
        self.window.first_painted.connect(self._take_keys_first)

    def _clear_left(self, usb_folder: Path) -> None:
        threading.Thread(target=clear_left, args=(usb_folder,), name="clearing", daemon=True).start()

    def keys_before_qt(self) -> X11Keys | None:
        """The filter that takes scans before Qt and an input method see them; None where it cannot be had.

        It is there from now on, if it was not before.
        """
        if self._keys is None and self._application.platformName() == "xcb":
            # imported where it is needed: on most machines it never is, and the first window comes sooner
            from madoguchi.widgets.x11_keys import keys_before_qt

            self._keys = keys_before_qt(self._application, self._by_timing, self._wedges)
            if self._keys is not None:
                self._keys.scanned.connect(self.catcher.scanned)
                self._keys.timing.connect(self.catcher.rest)
                self._keys.plugged.connect(self.sources.plugged)
                self._keys.install(self._application)
        return self._keys

    def _take_keys_first(self) -> None:
        if not (self._wedges or input_method_in_force()) or self.keys_before_qt() is not None:
            return
        if self._wedges:
            # told by their timing they have no name: one for returns only would lend
            platform = self._application.platformName()
            _log.critical("no keys of an X server (%s): learned scanners are not told from others", platform)
            self.sources.cannot_hear((each.name for each in self._wedges), f"no X server: {platform}")

    def close(self) -> None:
        """Closes the window, then the line to the server."""
        self.sources.close()
        if self._keys is not None:
            self._keys.remove(self._application)
        self.catcher.remove(self._application)
        if not self.window.close():
            # it has warned of what is not recorded; the program ends all the same, and nobody stays in it
            self.window.close()
        self.worker.close()
        self.player.close()
        self.kept.close()
        self.cards.close()
        self._garbage.close()


def install_language(application: QApplication, language: str) -> None:
    """Japanese is the source language; any other is a translation.

    Raises:
        LookupError: the program was installed without that language.
    """
    if language == "ja":
        return
    file = resources.files("madoguchi.resources") / "translations" / f"madoguchi_{language}.qm"
    translator = QTranslator(application)
    with resources.as_file(file) as path:
        if not translator.load(str(path)):
            raise LookupError(f"no translation for {language!r}")
    application.installTranslator(translator)
