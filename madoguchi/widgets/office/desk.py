"""Somebody of the system staff, or the security manager, at this terminal: their pages and keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from madoguchi.app.staff.permissions import Permission, may
from madoguchi.app.staff.session import SignedIn
from madoguchi.barcode.scan import Scan
from madoguchi.barcode.symbology import CodePlan, StaffCode, parse
from madoguchi.widgets.device_desk import DeviceDesk
from madoguchi.widgets.kept_pages import KeptForm, KeptOffice
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import RailItem, RailView, StripView, Tone
from madoguchi.widgets.office.audit_page import AuditPage
from madoguchi.widgets.office.compliance_page import CompliancePage
from madoguchi.widgets.office.devices_page import DevicesPage
from madoguchi.widgets.office.incidents_page import IncidentsPage
from madoguchi.widgets.office.numbering_page import NumberingPage
from madoguchi.widgets.office.page import DEVICES, NUMBERING, OfficePage
from madoguchi.widgets.office.scanners_page import ScannersPage
from madoguchi.widgets.office.settings_page import SettingsPage
from madoguchi.widgets.office.staff_page import StaffPage
from madoguchi.widgets.office.terminals_page import SCANNERS, TerminalsPage
from madoguchi.widgets.place import Place
from madoguchi.widgets.scan_sources import ScanSources
from madoguchi.widgets.worker import DatabaseWorker

translate = QCoreApplication.translate

RELOAD = 8
OWN_KEYS = (7, 9, 10, 11)
LEAVE = 12
STAFF_PAGE = 2
SETTINGS = 3


class AroundDesk(Protocol):
    """What the office needs of the window."""

    worker: DatabaseWorker
    sources: ScanSources
    devices: DeviceDesk

    def show_strip(self, view: StripView) -> None: ...

    def refresh(self) -> None: ...


class OfficeDesk(QObject):
    """From sign-in to sign-out; stands where a ``CounterSession`` stands for whoever lends.

    Signals:
        outcome(view): a ``StripView``: something came of an act.
    """

    outcome = Signal(object)

    def __init__(self, window: AroundDesk, look: Look, place: Place, signed_in: SignedIn) -> None:
        super().__init__()
        self.worker = window.worker
        self.signed_in = signed_in
        self._window = window
        self._place = place
        self._staff = StaffPage(look, self)
        self._scanners = ScannersPage(look, self, window.sources, self.plan)
        self._numbering = NumberingPage(look, self)
        self.pages: dict[int, OfficePage] = {
            1: TerminalsPage(look, self),
            STAFF_PAGE: self._staff,
            SETTINGS: SettingsPage(look, self),
            4: AuditPage(look, self),
            5: IncidentsPage(look, self, place.clock),
            6: CompliancePage(look, self),
            SCANNERS: self._scanners,
            NUMBERING: self._numbering,
            DEVICES: DevicesPage(look, self, window.devices),
        }
        self.current = 1 if self.manages_terminals else 4
        self._shown: Callable[[QWidget], None] | None = None
        self._kept_forms: list[KeptForm] = []
        self._ended = False
        for page in self.pages.values():
            page.changed.connect(self._page_changed)

    # -- for the pages -------------------------------------------------------------------------------------

    @property
    def manages_terminals(self) -> bool:
        """Whether terminals, accounts and settings are theirs to change."""
        return may(self.signed_in.role, Permission.MANAGE_TERMINALS)

    @property
    def reads_audit(self) -> bool:
        """Whether the audit is theirs to read, and locks theirs to open."""
        return may(self.signed_in.role, Permission.READ_AUDIT)

    @property
    def plan(self) -> CodePlan:
        """The numbers that this terminal knows, commands among them."""
        return replace(self._place.plan, command_prefix=self.signed_in.command_prefix)

    def show_strip(self, view: StripView) -> None:
        """Says what became of it; after the session to nobody."""
        if not self._ended:
            self._window.show_strip(view)
            self.outcome.emit(view)

    def now(self) -> dt.datetime:
        """The library's time, as far as this terminal's clock is right."""
        return self._place.clock.local()

    # -- for the window ------------------------------------------------------------------------------------

    def open(self, show: Callable[[QWidget], None], kept: KeptOffice | None) -> None:
        """Begins; ``show`` puts a widget into the middle of the window."""
        self._shown = show
        if kept is not None:
            for form in kept.forms:
                if form.page in self.pages:
                    self.pages[form.page].resume(form.name, form.target, form.values)
            if kept.current in self.pages:
                self.current = kept.current
        self.go_to(self.current)

    def page(self) -> OfficePage:
        """The page in sight."""
        return self.pages[self.current]

    def go_to(self, key: int) -> None:
        """Shows a page; a form that is open on the one before stays open there."""
        if key == 4 and not self.reads_audit:
            return
        if key != self.current:
            self.page().gone()
        self.current = key
        page = self.page()
        page.shown()
        self._window.show_strip(StripView(Tone.IDLE, translate("Office", "↑↓ で選び、Enter で開きます")))
        self._page_changed()
        page.focus()

    def rail(self) -> RailView:
        """The twelve keys."""
        page = self.page()
        open_form = page.has_form()
        tasks = (
            RailItem(1, translate("Office", "端末")),
            RailItem(2, translate("Office", "職員")),
            RailItem(3, translate("Office", "設定")),
            RailItem(
                4, translate("Office", "監査記録"), translate("Office", "監査"), enabled=self.reads_audit
            ),
            RailItem(5, translate("Office", "事故の報告"), translate("Office", "事故")),
            RailItem(6, translate("Office", "基準への対応"), translate("Office", "基準")),
        )
        own = {} if open_form else page.keys()
        items = {key: RailItem(key, own[key].word, enabled=own[key].enabled) for key in own}
        form = page.form.view()
        if open_form and form is not None:
            items[10] = RailItem(10, form.submit, enabled=not form.busy, offered=True)
        for key in OWN_KEYS:
            items.setdefault(key, RailItem(key, "—", enabled=False))
        reload = RailItem(RELOAD, translate("Office", "更新"), enabled=not open_form)
        leave = RailItem(LEAVE, translate("Counter", "離席"))
        here = {SCANNERS: 1, DEVICES: 1, NUMBERING: SETTINGS}.get(self.current, self.current)
        return RailView((*tasks, items[7], reload, items[9], items[10], items[11], leave), here)

    def press(self, key: int) -> None:
        """A function key other than F12, by hand or by mouse."""
        page = self.page()
        if key in self.pages:
            if key != self.current:
                self.go_to(key)
        elif page.has_form():
            page.form.press(Qt.Key.Key_F1.value + key - 1)
        elif key == RELOAD:
            page.reload()
        else:
            found = page.keys().get(key)
            if found is not None and found.enabled:
                found.press()

    def key(self, event: QKeyEvent) -> bool:
        """A key that no widget took; whether it meant something here."""
        if event.key() == Qt.Key.Key_Escape and self.page().has_form():
            return self.page().form.press(Qt.Key.Key_Escape.value)
        return False

    def take(self, scan: Scan) -> None:
        """A scan: a staff card belongs into the form of an account, anything where scans are tried."""
        if self.current == SCANNERS:
            self._scanners.take(scan)
            return
        if self.current == NUMBERING and self._numbering.take_text(scan.text_untrusted):
            return
        code = parse(scan.text_untrusted, self._place.plan)
        if isinstance(code, StaffCode) and self.current == STAFF_PAGE and self._staff.take_card(code.number):
            return
        self.show_strip(
            StripView(
                Tone.NOTICE,
                translate("Office", "ここでは読み取りません"),
                translate("Office", "貸出は窓口職員のサインインで行います"),
            )
        )

    def _page_changed(self) -> None:
        if self._ended or self._shown is None:
            return
        self._shown(self.page().centre())
        self._window.refresh()

    # -- leaving -------------------------------------------------------------------------------------------

    def begin_to_leave(self) -> None:
        """What is half typed is put into a value; nothing is handed over: all of it is the leaver's alone."""
        self._kept_forms = [
            KeptForm(key, *kept) for key, page in self.pages.items() if (kept := page.keep()) is not None
        ]

    def set_veiled(self, veiled: bool) -> None:
        """Whoever leaves: nothing is left in any widget; what is answered from now on is shown nowhere."""
        if veiled:
            for page in self.pages.values():
                page.end()

    def keep(self, current: int, typed: str) -> KeptOffice:
        """What the same person comes back to."""
        del current, typed
        return KeptOffice(self.current, self._kept_forms)

    def end(self) -> None:
        """Clears every page."""
        self._ended = True
        for page in self.pages.values():
            page.changed.disconnect(self._page_changed)
            page.end()
        self.worker.ask(lambda _: None, self._dismiss, matters=False)

    def _dismiss(self, _nothing: None) -> None:
        for page in self.pages.values():
            page.table.deleteLater()
            page.form.deleteLater()
            page.deleteLater()
        self.deleteLater()
