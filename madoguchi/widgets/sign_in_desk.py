"""Who works at this terminal: the sign-in panel and the question to the lending server behind it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal

from madoguchi.app.staff.permissions import Permission, may
from madoguchi.app.staff.session import SessionEnd, SignedIn, SignInAnswer, SignInProblem
from madoguchi.widgets.look.sign_in_panel import SignInPanel
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import SignInView
from madoguchi.widgets.place import Place
from madoguchi.widgets.worker import DatabaseWorker, Job

translate = QCoreApplication.translate


class SignInDesk(QObject):
    """Asks who works here, and lets in who may.

    Signals:
        signed_in(person): a ``SignedIn`` who may lend.
    """

    signed_in = Signal(object)

    def __init__(self, look: Look, place: Place, worker: DatabaseWorker) -> None:
        super().__init__()
        self.panel = SignInPanel(look)
        self._place = place
        self._worker = worker
        self._asking = False
        self._job: Job[SignInAnswer | None] | None = None
        self._open_here = True
        self._cannot_open = ""
        self.panel.submitted.connect(self._ask)
        worker.cannot_open.connect(self._say_cannot_open)
        worker.line_changed.connect(self._line_changed)

    def begin(self) -> None:
        """Nobody is signed in: shows the panel with the focus where typing begins."""
        self._open_here = True
        self._show(self._cannot_open)
        self.panel.start(self.panel.user_field().text())

    def scanned(self) -> None:
        """Something was scanned before anybody signed in."""
        self._show(translate("Counter", "サインインしてから読み取ってください。"))

    def say_ended(self, why: SessionEnd, lost: int) -> None:
        """The server ended the session that was open here."""
        del why, lost
        self._show(translate("Counter", "サーバーがセッションを終了しました。もう一度サインインしてください。"))

    def _show(self, message: str = "") -> None:
        self.panel.set_view(
            SignInView(
                heading=translate("Counter", "サインイン"),
                place=f"{self._place.branch}  {self._place.terminal}",
                message=message,
                note=self._place.sign_in_note,
                busy=self._asking,
            )
        )

    def _ask(self, login: str, password: str) -> None:
        self._asking = True
        self._show(self._cannot_open)
        self._job = self._worker.ask(
            lambda server: server.sign_in(
                login=login,
                password=password,
                branch_code=self._place.branch_code,
                terminal=self._place.terminal,
            ),
            self._answered,
            self._no_answer,
            self._fault,
            matters=False,
        )

    def _no_answer(self) -> None:
        """Nobody is signed in later, when they may have left: they ask again once the line is back."""
        if self._job is not None:
            self._job.act = _nobody
            self._job = None
        self._asking = False
        unreachable = translate("Counter", "サーバーに届きません。少し待って、もう一度どうぞ。")
        self._show(self._cannot_open or unreachable)
        self.panel.start(self.panel.user_field().text())

    def _fault(self) -> None:
        self._asking, self._job = False, None
        self._show(translate("Counter", "プログラムの不具合でサインインできません。システム担当に連絡"))

    def _answered(self, answer: SignInAnswer | None) -> None:
        if answer is None:
            return
        self._asking, self._job = False, None
        if isinstance(answer, SignInProblem):
            message = {
                SignInProblem.NOT_KNOWN: translate("Counter", "職員番号かパスワードが違います。"),
                SignInProblem.WRONG_BRANCH: translate("Counter", "この館の端末では使えない職員番号です。"),
            }[answer]
        elif not may(answer.role, Permission.LEND):
            message = translate("Counter", "この役割では窓口業務を行えません。")
        else:
            self._open_here = False
            self._show()
            self.panel.start()
            self.signed_in.emit(answer)
            return
        self._show(message)
        self.panel.start(self.panel.user_field().text())

    def _say_cannot_open(self, sentence: str) -> None:
        self._cannot_open = sentence
        if self._open_here:
            self._show(sentence)

    def _line_changed(self, up: bool) -> None:
        if up and self._cannot_open:
            self._cannot_open = ""
            if self._open_here:
                self._show()


def _nobody(_server: object) -> None:
    return None
