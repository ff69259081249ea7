"""Leaving the desk: nothing of anybody is seen from then on, the connection is closed, the work waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from madoguchi.app.staff.kept import KeptWork, Parcel
from madoguchi.app.staff.session import SignedIn
from madoguchi.widgets.kept_pages import KeptCounter, KeptOffice, as_text, from_text
from madoguchi.widgets.place import Place
from madoguchi.widgets.sign_in_desk import SignInDesk
from madoguchi.widgets.worker import DatabaseWorker

LOOK_EVERY_MS = 20


class Session(Protocol):
    """What leaving asks of a session, at the counter or in the office."""

    signed_in: SignedIn

    def begin_to_leave(self) -> None: ...

    def set_veiled(self, veiled: bool) -> None: ...

    def keep(self, current: int, typed: str) -> KeptCounter | KeptOffice: ...


class AwayFrom(Protocol):
    """What leaving asks of the window."""

    worker: DatabaseWorker
    sign_in: SignInDesk

    def hide_work(self) -> tuple[int, str]: ...

    def end_session(self) -> None: ...

    @property
    def line_up(self) -> bool: ...


class Away(QObject):
    """Has a clerk leave, and what they were at be found again.

    Between a scan and its answer nothing is taken from the clerk: what they see goes at once, but the pages
    go on until all is answered that was asked. When the line is down they wait for nothing: a loan that is
    not confirmed is called off.

    Signals:
        over(): the clerk is gone; the sign-in or the lock takes keys, but is not painted yet.
    """

    over = Signal()

    def __init__(self, window: AwayFrom, place: Place, kept: KeptWork, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._place = place
        self._kept = kept
        self._session: Session | None = None
        self._was_at = (1, "")
        self._report: dict[str, str] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._go_on)

    @property
    def leaving(self) -> bool:
        """Whether somebody is on their way out: nothing is taken from scanner or keys."""
        return self._session is not None

    def leave(self, session: Session, report: dict[str, str]) -> None:
        """This clerk leaves; ``report`` is what they had written of an incident."""
        if self._session is not None:
            return
        self._session = session
        self._report = report
        person, now = session.signed_in, self._place.clock.local()
        self._was_at = self._window.hide_work()
        # seen only as long as there is something to wait for
        self._window.sign_in.begin(Parcel(person.desk.login, person.name, now, ""), busy=True)
        try:
            session.begin_to_leave()
            # what is not seen is not in any widget either, for as long as an answer is waited for
            session.set_veiled(True)
        finally:
            self._go_on()

    def cancel(self) -> None:
        """The session has come to its end by itself."""
        self._session = None
        self._timer.stop()

    def _go_on(self) -> None:
        session = self._session
        if session is None:
            return
        if self._window.worker.unanswered() and self._window.line_up:
            self._timer.start()
            return
        self.cancel()
        parcel = None
        try:
            kept = replace(session.keep(*self._was_at), report=self._report)
            parcel = self._parcel(session.signed_in, kept)
            if parcel is not None:
                self._kept.put(parcel)
        finally:
            # whatever goes wrong, nobody is let back in without a password
            self._window.end_session()
            self._window.sign_in.begin(parcel)
            self.over.emit()

    def _parcel(self, person: SignedIn, kept: KeptCounter | KeptOffice) -> Parcel | None:
        if kept.is_empty():
            # what waited from before is still theirs
            return None
        return Parcel(person.desk.login, person.name, self._place.clock.local(), as_text(kept))

    def come_back(self, parcel: Parcel) -> KeptCounter | KeptOffice | None:
        """Takes up what waited for whoever has signed in; None: it cannot be read."""
        self._kept.drop(parcel.login)
        return from_text(parcel.content)
