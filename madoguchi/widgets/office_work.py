"""Whoever works in the office at this terminal: what begins and ends at the window with them."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from madoguchi.app.staff.session import SignedIn
from madoguchi.widgets.away import Away
from madoguchi.widgets.incident_desk import IncidentDesk
from madoguchi.widgets.kept_pages import KeptOffice
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.office.desk import AroundDesk, OfficeDesk
from madoguchi.widgets.place import Place
from madoguchi.widgets.sign_in_desk import SignInDesk
from madoguchi.widgets.slip_desk import SlipDesk


class AroundOffice(AroundDesk, Protocol):
    """What the office takes the place of at the window."""

    frame: CounterFrame
    away: Away
    incident: IncidentDesk
    sign_in: SignInDesk
    slips: SlipDesk


class OfficeWork(QObject):
    """Lives as long as the window; has a desk from a sign-in until that session is ended.

    Attributes:
        desk: theirs, also while they are on their way out; None: nobody of the office is here.

    Signals:
        outcome(view): a ``StripView``: something came of an act.
    """

    outcome = Signal(object)

    def __init__(self, window: AroundOffice) -> None:
        super().__init__()
        self.desk: OfficeDesk | None = None
        self._window = window

    @property
    def in_sight(self) -> OfficeDesk | None:
        """Their desk, unless they are on their way out."""
        return None if self._window.away.leaving else self.desk

    def begin(self, person: SignedIn, place: Place, kept: KeptOffice | None) -> None:
        """Somebody of the office has signed in; they go on with what waited for them."""
        window = self._window
        window.sign_in.held.give(None)
        window.slips.forget()
        self.desk = OfficeDesk(window, window.frame.look, place, person)
        self.desk.outcome.connect(self.outcome)
        window.frame.corner.set_can_hide(False)
        window.frame.set_page_key("", "")
        window.incident.cover(None)
        self.desk.open(self._show, kept)

    def end(self) -> None:
        """Their session is over: its pages are cleared."""
        if self.desk is not None:
            self._window.frame.set_centre(None)
            self.desk.end()
            self.desk = None
            self._window.frame.corner.set_can_hide(True)

    def _show(self, widget: QWidget) -> None:
        # what is answered behind whoever leaves is not shown
        if not self._window.away.leaving:
            self._window.frame.set_centre(widget)
