"""Where a scan goes: to what lies over the work, the office, the sign-in, a command, or the page in sight."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject

from madoguchi.app.staff.cards import StaffCards
from madoguchi.barcode.commands import command_of
from madoguchi.barcode.scan import Scan, Source
from madoguchi.barcode.symbology import CodePlan, CommandCode, Unknown, parse
from madoguchi.widgets.command_codes import Commanded, obey
from madoguchi.widgets.counter_pages import CounterPages
from madoguchi.widgets.exception_desk import ExceptionDesk
from madoguchi.widgets.idle_watch import IdleWatch
from madoguchi.widgets.incident_desk import IncidentDesk
from madoguchi.widgets.office.desk import OfficeDesk
from madoguchi.widgets.place import Place
from madoguchi.widgets.sign_in_desk import SignInDesk


class AroundScans(Commanded, Protocol):
    """Who takes scans at the window."""

    pages: CounterPages
    incident: IncidentDesk
    exceptions: ExceptionDesk
    idle: IdleWatch
    sign_in: SignInDesk

    @property
    def office(self) -> OfficeDesk | None: ...


class ScanWays(QObject):
    """Reads scans by the library's numbers, and hands them on."""

    def __init__(self, window: AroundScans, place: Place, cards: StaffCards) -> None:
        super().__init__()
        self._window = window
        self._own_plan = place.plan
        self._returns_only = place.returns_only
        self._cards = cards

    @property
    def plan(self) -> CodePlan:
        """The library's numbers as this terminal was told them last; told nothing, it knows its own."""
        return self._cards.plan or self._own_plan

    def knows(self, text_untrusted: str) -> bool:
        """Whether a text would be a code here."""
        session = self._window.pages.session
        plan = session.plan if session else self.plan
        return not isinstance(parse(text_untrusted, plan), Unknown)

    def take(self, scan: Scan) -> None:
        """A scan from anywhere goes to the page in sight; a question that is open stays unanswered.

        What a scanner for returns reads is taken back, and changes nothing of what is in sight.
        """
        window = self._window
        session, page = window.pages.session, window.pages.page
        if window.incident.is_open():
            window.incident.scanned()
            return
        if window.exceptions.is_open():
            window.exceptions.scanned()
            return
        if window.office is not None:
            window.idle.noticed()
            window.office.take(scan)
            return
        for_return = scan.scanner in self._returns_only
        if session is None or page is None:
            if scan.source is not Source.TYPED:
                window.sign_in.scanned(parse(scan.text_untrusted, self.plan), for_return=for_return)
            return
        window.idle.noticed()
        code = parse(scan.text_untrusted, session.plan)
        if isinstance(code, CommandCode):
            obey(command_of(code), window, session, page)
            return
        if for_return:
            session.take_back(code)
            return
        window.typed.clear()
        window.between.close_question()
        if scan.source is not Source.TYPED or window.between.is_greeting():
            # the pad stays for the next number
            window.between.close_card()
        page.take(code)
