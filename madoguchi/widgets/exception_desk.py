"""An exception, from its number at the server to the stick's opening: a second person here, server, agent.

The approver signs in over a connection of their own, which ends with their decision. Nothing of it waits for
anybody: who leaves, locks or signs out has given it up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from madoguchi.app.devices.approving import Approver, ApproverAnswer, ApproverProblem
from madoguchi.app.devices.values import DeviceRefusal, Grant, UsbException
from madoguchi.app.staff.session import SignedInElsewhere
from madoguchi.device_control.channel import DeviceSeen
from madoguchi.widgets import device_words
from madoguchi.widgets import exception_words as words
from madoguchi.widgets.agent_link import Answer as AgentAnswer
from madoguchi.widgets.approval_line import ApprovalLine
from madoguchi.widgets.device_desk import DeviceDesk
from madoguchi.widgets.exception_asking import Asked, ExceptionAsking
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.question_panel import QuestionPanel
from madoguchi.widgets.look.sign_in_panel import SignInPanel
from madoguchi.widgets.look.views import Answer, SignInView, StripView
from madoguchi.widgets.worker import DatabaseWorker

if TYPE_CHECKING:
    from madoguchi.app.server.approver import ApproverSession

WAIT_MS: Final = 10 * 60 * 1000
"""How long agent and server remember what was asked (0036)."""
APPROVER_MS: Final = 90 * 1000
"""How long the second person stays signed in without deciding: they may have gone."""


class AroundException(Protocol):
    """What approving needs of the window."""

    worker: DatabaseWorker
    frame: CounterFrame
    devices: DeviceDesk

    def cover_work(self, panel: QWidget | None) -> None: ...

    def focus_page(self) -> None: ...

    def show_outcome(self, view: StripView) -> None: ...

    @property
    def line_up(self) -> bool: ...


class ExceptionDesk(QObject):
    """Asks, and shows the panels at which the second person signs in and decides."""

    def __init__(
        self,
        window: AroundException,
        now: Callable[[], dt.datetime],
        approver: Callable[[], ApproverSession] | None,
    ) -> None:
        super().__init__()
        self.panel = SignInPanel(window.frame.look)
        self.question = QuestionPanel(window.frame.look)
        self.panel.submitted.connect(self._sign_in)
        self.question.answered.connect(self._answered)
        self._window = window
        self._now = now
        self._make_line = approver
        self._line: ApprovalLine | None = None
        self._lines: list[ApprovalLine] = []
        self._asking = ExceptionAsking(window, self._numbered)
        self._asked: Asked | None = None
        self._approver: Approver | None = None
        self._open = self._busy = False
        self._step = 0
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._too_late)
        self._undecided = QTimer(self)
        self._undecided.setSingleShot(True)
        self._undecided.timeout.connect(lambda: self._fail(words.undecided()))

    # -- for the window ------------------------------------------------------------------------------------

    def is_open(self) -> bool:
        """Whether somebody is to approve, or is about to."""
        return self._open

    def press(self, key: int) -> None:
        """Esc, or F9 and F10 where the question has not the focus."""
        if not self._open:
            return
        if self._shown() is self.question:
            if key == Qt.Key.Key_Escape:
                self._answered(Answer.STOP)
            else:
                self.question.question().press(key)
        elif key == Qt.Key.Key_Escape:
            self._take_back()

    def focus(self) -> None:
        """The keyboard is the panel's again."""
        panel = self._shown()
        if panel is self.question:
            self.question.setFocus()
        else:
            self.panel.start()

    def scanned(self) -> None:
        """A code was read: it goes nowhere, and approves nothing."""
        if self._shown() is self.panel and not self._busy:
            self._show(words.no_scans())

    def put_aside(self) -> None:
        """Whoever asked leaves: nothing of it waits, nothing half-typed is left, nobody is signed in."""
        self._asking.leave()
        self._close()

    def close(self) -> None:
        """The program ends: the server is told that the approver has left, if it can be in this time."""
        self.put_aside()
        for line in self._lines:
            line.join(1.0)
        self._lines.clear()

    # -- asking --------------------------------------------------------------------------------------------

    def ask(
        self, login: str, device: DeviceSeen, minutes: int, reason: str, told: Callable[[str], None]
    ) -> None:
        """Asks for a stick; ``told`` is said what is in the way, or nothing once the panel is there."""
        self._asking.ask(Asked(login, device, minutes), reason, told, can_approve=self._make_line is not None)

    def give_up(self) -> None:
        """The form is not in sight any more before the panel came: it does not come any more."""
        if not self._open:
            self._asking.give_up()

    def _numbered(self, asked: Asked) -> None:
        self._asked = asked
        self._open = True
        self._late.start(WAIT_MS)
        self._show_panel()

    # -- the approver --------------------------------------------------------------------------------------

    def _shown(self) -> QWidget | None:
        if not self._open:
            return None
        return self.question if self.question.question().view() is not None else self.panel

    def _show_panel(self, message: str = "") -> None:
        """The fields are empty, whoever was there before."""
        self._busy = False
        self._approver = None
        self.question.close_question()
        self._show(message)
        self._window.cover_work(self.panel)
        self.panel.clear()
        # a report may be written over it
        if self.panel.isVisible():
            self.panel.start()

    def _show(self, message: str = "") -> None:
        asked = self._asked
        if asked is not None:
            view = words.approver_view(asked.device, asked.minutes, message=message, busy=self._busy)
            self.panel.set_view(view)

    def _ask_question(self) -> None:
        self._busy = False
        self._window.cover_work(self.question)

    def _sign_in(self, login: str, password: str) -> None:
        asked, make = self._asked, self._make_line
        if asked is None or make is None or self._busy:
            return
        if not self._window.line_up:
            self._show_panel(words.no_server())
            return
        self._leave_line()
        self._line = ApprovalLine(make)
        self._lines = [line for line in self._lines if not line.is_over]
        self._lines.append(self._line)
        self._busy = True
        self._show()
        self._line.ask(
            lambda session: session.enter(login, password, beside=asked.login), self._entered, self._faulted
        )

    def _entered(self, answer: ApproverAnswer | None) -> None:
        asked, line = self._asked, self._line
        if asked is None or line is None:
            return
        match answer:
            case None:
                self._fail(words.no_server())
            case ApproverProblem():
                self._fail(words.approver_problem(answer))
            case SignedInElsewhere():
                self._undecided.start(APPROVER_MS)
                self.question.ask(words.approver_elsewhere(answer, self._now()))
                self._ask_question()
            case Approver():
                self._approver = answer
                self._undecided.start(APPROVER_MS)
                line.ask(lambda session: session.read(asked.number), self._read, self._faulted)

    def _read(self, found: UsbException | DeviceRefusal | None) -> None:
        approver = self._approver
        if approver is None:
            return
        if not isinstance(found, UsbException):
            self._fail(words.no_server() if found is None else words.refusal(found))
            return
        self.question.close_question()
        self.question.ask(words.approval(found, approver.name))
        self._ask_question()

    def _answered(self, answer: Answer) -> None:
        asked, line = self._asked, self._line
        if asked is None or line is None or self._busy:
            return
        yes = answer is Answer.OFFERED
        self._busy = True
        self._undecided.stop()
        if self._approver is None:
            self.question.close_question()
            if not yes:
                self._fail("")
                return
            self._window.cover_work(self.panel)
            self._show()
            line.ask(lambda session: session.take_over(), self._entered, self._faulted)
        elif yes:
            line.ask(lambda session: session.approve(asked.number), self._granted, self._faulted)
        else:
            line.ask(lambda session: (session.refuse(asked.number),), self._refused, self._faulted)

    def _refused(self, answer: tuple[DeviceRefusal | None] | None) -> None:
        if answer is None:
            self._finish(words.failed_strip(words.no_without_answer()))
        elif answer[0] is not None:
            self._finish(words.failed_strip(words.refusal(answer[0])))
        else:
            self._finish(words.not_approved_strip())

    def _granted(self, grant: Grant | DeviceRefusal | None) -> None:
        asked, link = self._asked, self._window.devices.link
        if asked is None:
            return
        if not isinstance(grant, Grant) or link is None:
            self._fail(
                words.no_server()
                if grant is None
                else words.refusal(grant)
                if isinstance(grant, DeviceRefusal)
                else words.no_agent()
            )
            return
        # the approver's part is over, whatever the agent says, and it was in time
        self._late.stop()
        self._leave_line()
        self._window.devices.expect_lease(asked.number)
        link.ask("grant", partial(self._opened, self._step), nonce=grant.nonce, mac=grant.mac)

    def _opened(self, step: int, answer: AgentAnswer) -> None:
        if step != self._step:
            # nobody waits for it any more: what they may have got is ended
            if isinstance(answer, dict):
                self._window.devices.release_any()
            return
        if isinstance(answer, dict):
            # the agent has told it, too
            self._close()
        else:
            self._finish(words.failed_strip(device_words.agent_refusal(answer)))

    def _fail(self, message: str) -> None:
        """The second person is out again; another may try."""
        self._leave_line()
        self._show_panel(message)

    def _faulted(self) -> None:
        """A bug, which the window has said by now: another try is possible."""
        self._fail("")

    def _leave_line(self) -> None:
        self._undecided.stop()
        line, self._line = self._line, None
        if line is not None:
            line.close()

    # -- the end -------------------------------------------------------------------------------------------

    def _take_back(self) -> None:
        asked = self._asked
        if asked is None:
            return
        self._asking.withdraw(asked.number)
        self._finish(words.taken_back_strip())

    def _too_late(self) -> None:
        self._finish(words.failed_strip(words.refusal(DeviceRefusal.TOO_LATE)))

    def _finish(self, view: StripView) -> None:
        self._close()
        self._window.show_outcome(view)

    def _close(self) -> None:
        self._step += 1
        self._asking.drop()
        self._late.stop()
        self._leave_line()
        was_open, self._open = self._open, False
        self._busy = False
        self._asked = self._approver = None
        self.question.close_question()
        self.panel.clear()
        self.panel.set_view(SignInView(""))
        if was_open:
            self._window.cover_work(None)
            self._window.focus_page()
