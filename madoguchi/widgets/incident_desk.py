"""Reporting an incident and cutting this terminal off (6.3, 8.4): one key, from any screen, signed in or not.

A report is on this terminal's disk before it is sent; what the server has not taken waits for the next
sign-in.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol
from uuid import UUID, uuid4

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from madoguchi.app.office.values import IncidentReport, OfficeRefusal
from madoguchi.app.terminal.safekeeping import Safekeeping
from madoguchi.widgets.away import Away
from madoguchi.widgets.idle_watch import IdleWatch
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.views import StripView, Tone
from madoguchi.widgets.office import incident_words
from madoguchi.widgets.place import Place
from madoguchi.widgets.sign_in_desk import SignInDesk
from madoguchi.widgets.worker import DatabaseWorker, Job

if TYPE_CHECKING:
    from madoguchi.app.server.gateway import Connected

translate = QCoreApplication.translate

_log = logging.getLogger(__name__)


class AroundIncident(Protocol):
    """What a report needs of the window."""

    worker: DatabaseWorker
    frame: CounterFrame
    idle: IdleWatch
    sign_in: SignInDesk
    away: Away

    def somebody_works(self) -> bool: ...

    def leave(self) -> None: ...

    def focus_page(self) -> None: ...

    def show_strip(self, view: StripView) -> None: ...


class IncidentDesk(QObject):
    """The form over whatever is on the screen, and what becomes of a report."""

    _home = Signal(object)

    def __init__(self, window: AroundIncident, place: Place, safekeeping: Safekeeping) -> None:
        super().__init__()
        self.form = FormPanel(window.frame.look)
        self.form.submitted.connect(self._submitted)
        self.form.cancelled.connect(self.close)
        self._home.connect(lambda act: act())
        self._window = window
        self._place = place
        self._safekeeping = safekeeping
        self._open = self._sending = False
        self._under: QWidget | None = None
        self._report_id = uuid4()

    def is_open(self) -> bool:
        """Whether the form is on the screen."""
        return self._open

    def open(self, typed: Mapping[str, str] | None = None) -> None:
        """Puts the form over whatever is there; what is under it stays as it is.

        ``typed`` is what stood in it when its writer left. Whoever is on their way out is out first.
        """
        if self._open or self._window.away.leaving:
            return
        self._open = True
        self._report_id = uuid4()
        self._under = self._window.frame.cover()
        self.form.set_view(incident_words.report_form(training=self._place.training))
        if typed:
            self.form.set_values(typed)
        self._window.frame.set_cover(self.form)
        if not self._window.somebody_works():
            # whoever writes it may go away, too
            self._window.idle.start(self._place.idle_seconds)
        self.form.start()

    def put_aside(self) -> dict[str, str]:
        """Its writer leaves: closes the form, and says what stood in it; nothing if it was not begun."""
        typed = self.form.values() if self._open and not self._sending else {}
        self._sending = False
        self.close()
        return typed if any(typed.get(text) for text in incident_words.TEXTS) else {}

    def close(self) -> None:
        """What was under the form is there again; nothing of the form can be found any more.

        One that is on its way to the disk closes by itself.
        """
        if not self._open or self._sending:
            return
        self._open = False
        self.form.set_view(None)
        self._window.frame.set_cover(self._under)
        self._under = None
        if self._window.somebody_works():
            self._window.focus_page()
            return
        if not self._window.sign_in.half_way():
            self._window.idle.stop()
        self._window.sign_in.refocus()

    def cover(self, panel: QWidget | None) -> None:
        """What is to cover the window has changed: at once, or once the form is closed."""
        if self._open:
            self._under = panel
        else:
            self._window.frame.set_cover(panel)

    def press(self, key: int) -> None:
        """F10 or Esc."""
        self.form.press(key)

    def scanned(self) -> None:
        """A code was read while the form is open: it goes nowhere."""
        if not self._sending:
            self._say_in_form(translate("Counter", "報告を書いている間は読み取りません。Esc で戻ります。"))

    # -- a report ------------------------------------------------------------------------------------------

    def _submitted(self, typed: dict[str, str]) -> None:
        view = self.form.view()
        if view is None or view.busy:
            return
        report = incident_words.report_of(typed, self._report_id, self._place.clock)
        if isinstance(report, dict):
            self._say_in_form("", report)
            self.form.start()
            return
        cut = typed["cut"] == incident_words.CUT
        self._sending = True
        self._say_in_form("", busy=True)
        self._behind(partial(self._write, report, cut), partial(self._written, report, cut))

    def _write(self, report: IncidentReport, cut: bool) -> None:
        try:
            if cut:
                self._safekeeping.cut_off(self._place.clock.local())
        finally:
            # whatever cannot be written, both hold until the program ends
            if not self._place.training:
                self._safekeeping.keep(report)

    def _written(self, report: IncidentReport, cut: bool, on_disk: bool) -> None:
        signed_in = self._window.somebody_works()
        if report.id == self._report_id:
            self._sending = False
            self.close()
        if signed_in and not self._place.training:
            self._send(report, cut=cut)
        if cut:
            self._window.leave()
            self._window.sign_in.cut_off()
            if not on_disk:
                self._say(
                    Tone.REFUSED, translate("Counter", "切り離しを控えられません。電源を切らないでください")
                )
            return
        if self._place.training:
            self._say(Tone.RECORDED, translate("Counter", "練習なので、報告は送られません"))
        elif not signed_in:
            word = translate("Counter", "報告を控えました。次のサインインのときにサーバーへ送ります")
            if not on_disk:
                word = translate("Counter", "報告を控えられません。電源を切らずにサインインしてください")
            self._say(Tone.RECORDED if on_disk else Tone.REFUSED, word)

    def send_waiting(self) -> None:
        """Somebody has signed in: what waited for the line goes to the server."""
        if not self._place.training:
            for report in self._safekeeping.waiting():
                self._send(report, cut=False)

    def _send(self, report: IncidentReport, *, cut: bool) -> None:
        def act(server: Connected) -> int | OfficeRefusal:
            said = server.office.report_incident(report)
            if cut:
                server.office.disconnect_this_terminal()
            return said

        jobs: list[Job[int | OfficeRefusal | None]] = []

        def no_line() -> None:
            # it waits on the disk; whoever leaves now is not held up, nor is their password kept for it
            jobs[0].act = lambda _server: None
            self._say(
                Tone.OUTAGE,
                translate("Counter", "回線断：報告を控えました。次のサインインのときに送ります"),
            )

        jobs.append(self._window.worker.ask(act, partial(self._sent, report.id), no_line))

    def _sent(self, report_id: UUID, answer: int | OfficeRefusal | None) -> None:
        if isinstance(answer, OfficeRefusal):
            _log.error("the server does not take a report of an incident: %s", answer)
            self._say(Tone.REFUSED, translate("Counter", "報告をサーバーが受け付けません。控えはあります"))
        elif answer is not None:
            self._behind(partial(self._safekeeping.drop, report_id), lambda _on_disk: None)
            self._say(Tone.RECORDED, translate("Counter", "事故 第{n}号として報告しました").format(n=answer))

    # -- saying --------------------------------------------------------------------------------------------

    def _say(self, tone: Tone, word: str) -> None:
        if self._window.somebody_works():
            self._window.show_strip(StripView(tone, word))
        else:
            self._window.sign_in.say(word)

    def _say_in_form(self, message: str, errors: dict[str, str] | None = None, *, busy: bool = False) -> None:
        self.form.set_view(
            incident_words.report_form(
                training=self._place.training, message=message, errors=errors or {}, busy=busy
            )
        )

    def _behind(self, act: Callable[[], None], then: Callable[[bool], None]) -> None:
        """Has the disk written to in a thread of its own, and goes on here; False: it could not be."""

        def work() -> None:
            done = True
            try:
                act()
            except OSError as error:
                done = False
                _log.error("this terminal's disk cannot be written: %s", error.strerror)
            self._home.emit(partial(then, done))

        threading.Thread(target=work, name="safekeeping", daemon=True).start()
