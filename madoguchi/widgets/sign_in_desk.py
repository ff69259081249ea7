"""Who works at this terminal: the panels of the sign-in and the lending server behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from madoguchi.app.server.outage import SessionEnded, SignInRefused
from madoguchi.app.staff.cards import StaffCards
from madoguchi.app.staff.kept import KeptWork, Parcel
from madoguchi.app.staff.numbering import Unreadable
from madoguchi.app.staff.permissions import Permission, may
from madoguchi.app.staff.session import (
    PasswordNeeded,
    PasswordRefused,
    SessionEnd,
    SignedIn,
    SignedInElsewhere,
    SignInAnswer,
    SignInProblem,
)
from madoguchi.app.terminal.safekeeping import Safekeeping
from madoguchi.barcode.symbology import ParsedCode, StaffCode
from madoguchi.widgets import sign_in_views as views
from madoguchi.widgets.look.lock_panel import LockPanel
from madoguchi.widgets.look.new_password_panel import NewPasswordPanel
from madoguchi.widgets.look.panel_views import LockView, NewPasswordView
from madoguchi.widgets.look.question_panel import QuestionPanel
from madoguchi.widgets.look.sign_in_panel import SignInPanel
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Answer, SignInView
from madoguchi.widgets.place import Place
from madoguchi.widgets.scan_hold import Fate, ScanHold
from madoguchi.widgets.worker import DatabaseWorker, Job

if TYPE_CHECKING:
    from madoguchi.app.server.gateway import Act, Connected

translate = QCoreApplication.translate

Heard = SignInAnswer | PasswordRefused | SessionEnd | None
"""What comes of an act of the sign-in; None: it was given up."""


class SignInDesk(QObject):
    """Asks who works here, and lets in who may.

    Whatever is given up is signed out, too: nobody's session stays open behind the panel, and no password.
    While somebody's work waits, the lock says whose it is; the way out is the same sign-in, theirs or a
    colleague's.

    Signals:
        signed_in(person, parcel): a ``SignedIn`` who may lend, and their ``Parcel`` to go on with, or None.
        panel_changed(panel): this widget is to be seen now.
    """

    signed_in = Signal(object, object)
    panel_changed = Signal(QWidget)

    def __init__(
        self,
        look: Look,
        place: Place,
        worker: DatabaseWorker,
        kept: KeptWork,
        cards: StaffCards,
        safekeeping: Safekeeping,
    ) -> None:
        super().__init__()
        self.panel = SignInPanel(look)
        self.lock = LockPanel(look)
        self.offer = QuestionPanel(look)
        self.elsewhere = QuestionPanel(look)
        self.new_password = NewPasswordPanel(look)
        self._place = place
        self._worker = worker
        self._kept = kept
        self._safekeeping = safekeeping
        self._to_reconnect: SignedIn | None = None
        self._cards = cards
        self.held = ScanHold(on=place.hold_scans)
        self._message = ""
        self._away: Parcel | None = None
        self._offered: tuple[SignedIn, Parcel] | None = None
        self._asking = self._clearing = False
        self._job: Job[Heard] | None = None
        self._login = ""
        self._elsewhere = False
        self._needed: PasswordNeeded | None = None
        self._why: SessionEnd | None = None
        self._lost = 0
        self._open_here = True
        self._cannot_open = ""
        self.panel.submitted.connect(self._sign_in)
        self.lock.submitted.connect(self._sign_in)
        self.offer.answered.connect(self._offer_answered)
        self.elsewhere.answered.connect(self._chosen)
        self.new_password.submitted.connect(self._change_password)
        self.new_password.left.connect(self._give_up)
        worker.cannot_open.connect(self._say_cannot_open)
        worker.line_changed.connect(self._line_changed)

    def begin(self, away: Parcel | None = None, *, busy: bool = False) -> None:
        """Nobody is signed in: shows the panel with the focus where typing begins.

        ``away``: whose work waits. ``busy``: it is not over yet what they left; nobody can sign in.
        """
        self._open_here = True
        self._why, self._lost = None, 0
        self._away = away
        self._asking = self._clearing = busy
        self._login = away.login if away is not None else ""
        self.held.wait_for(away.login if away is not None else None)
        self._back_to_sign_in("" if busy else self._standing())

    def half_way(self) -> bool:
        """Whether somebody has proved who they are and is asked something more."""
        offered = self._offered is not None or self._to_reconnect is not None
        return offered or self._needed is not None or self._elsewhere

    def nobody_there(self) -> None:
        """Whoever was asked something more has left."""
        if self.half_way():
            self._give_up()

    def expire(self) -> None:
        """By the clock: work whose time has come goes, also where nobody came back; then no name is left."""
        self._kept.expire()
        if self._asking or self.half_way():
            # whoever is on their way in is let in or signed out first
            return
        if self._away is not None and self._kept.of(self._away.login) is None:
            self.begin()

    def scanned(self, code: ParsedCode, *, for_return: bool = False) -> None:
        """Something was scanned before anybody signed in. It answers no question, and it proves nothing.

        A staff card says who; all else waits for whoever's work does, or is refused. ``for_return``: by a
        scanner for returns.
        """
        if isinstance(code, StaffCode):
            if not self._asking and not self.half_way():
                self._fill_in(code.number)
            return
        fate = self.held.take(code, for_return=for_return)
        if self.half_way() or (self._clearing and fate is not Fate.HELD):
            return
        self._show_for_now(self._message if fate is Fate.HELD else views.not_held(fate))

    def _fill_in(self, card_number: str) -> None:
        """A staff card says who; the password is still to come."""
        login = self._cards.login_of(card_number)
        if login is None:
            self._show_for_now(
                translate(
                    "Counter",
                    "このカードは、この端末ではまだ使われていません。職員番号を入力してください。",
                )
            )
            return
        # what was said of the scan before is over
        self._show_for_now(self._message)
        self.front().start(login)

    def say_ended(self, why: SessionEnd, lost: int) -> None:
        """The server ended the session that was open here; ``lost`` more acts of it were not done.

        Each act that was under way tells of it: they are added up, and the first knows why. A sign-in begun
        meanwhile goes on.
        """
        if not self._open_here:
            return
        self._lost += lost
        self._why = self._why or why
        self._show(views.ended(self._why, self._lost))

    def refocus(self) -> None:
        """Something stood before the panel, and is gone: typing goes on here, the password anew."""
        if not self.half_way():
            self.front().start(self._login)
        elif self._needed is not None:
            self.new_password.start()
        else:
            (self.elsewhere if self._elsewhere else self.offer).setFocus()

    def say(self, words: str) -> None:
        """Says something where people sign in."""
        if self._open_here and not self.half_way():
            self._show(words)

    def cut_off(self) -> None:
        """This terminal was cut off a moment ago: whoever was half-way in is out again."""
        if self.half_way():
            self._give_up()
        elif not self._asking:
            self.say(self._standing())

    def _standing(self) -> str:
        """What holds here whoever comes."""
        return views.cut_off() if self._safekeeping.cut_off_since is not None else self._cannot_open

    def front(self) -> SignInPanel | LockPanel:
        """Where login and password are typed now."""
        return self.panel if self._away is None else self.lock

    def _show(self, message: str = "") -> None:
        self._message = message
        self._show_for_now(message)

    def _show_for_now(self, message: str) -> None:
        """Says this of a scan; what was said before comes back with the next scan that is in order."""
        if self._away is not None:
            since = f"{self._away.since:%H:%M}"
            self.lock.set_view(
                LockView(self._away.name, since, len(self.held), message=message, busy=self._asking)
            )
            return
        self.lock.set_view(LockView("", ""))
        self.panel.set_view(
            SignInView(
                heading=translate("Counter", "サインイン"),
                place=f"{self._place.branch}  {self._place.terminal}",
                message=message,
                note=self._place.sign_in_note,
                busy=self._asking,
            )
        )

    def _back_to_sign_in(self, message: str) -> None:
        """The first panel again; nothing of the others can be found any more."""
        self._needed = self._offered = self._to_reconnect = None
        self._elsewhere = False
        self.elsewhere.close_question()
        self.offer.close_question()
        self.new_password.forget_passwords()
        self.new_password.set_view(NewPasswordView("", "", ""))
        self._show(message)
        front = self.front()
        self.panel_changed.emit(front)
        front.start(self._login)

    # -- asking ----------------------------------------------------------------------------------------

    def _sign_in(self, login: str, password: str) -> None:
        self._login = login
        self._ask(
            lambda server: server.sign_in(
                login=login,
                password=password,
                branch_code=self._place.branch_code,
                terminal=self._place.terminal,
            )
        )
        self._show(self._standing())

    def _chosen(self, answer: Answer) -> None:
        if answer is not Answer.OFFERED:
            self._give_up()
            return
        self._ask(lambda server: server.take_over())
        self._back_to_sign_in("")

    def _change_password(self, first: str, second: str) -> None:
        needed = self._needed
        if needed is None:
            return
        if first != second:
            self.new_password.set_view(views.new_password(needed, differ=True))
            return
        self._ask(_once(lambda server: server.change_password(first)))
        self.new_password.set_view(views.new_password(needed, busy=True))

    def _ask(self, act: Act[Heard]) -> None:
        self._asking = True
        self._job = self._worker.ask(
            _whatever_ends_it(act), self.hear, self._no_answer, self._fault, matters=False
        )

    def _give_up(self) -> None:
        """Whoever gave their password does not go on: it goes from memory."""
        self._worker.sign_out()
        self._back_to_sign_in(self._standing())

    # -- answers ---------------------------------------------------------------------------------------

    def _no_answer(self) -> None:
        """Nobody is signed in later, when they may have left: they ask again once the line is back."""
        if self._job is not None:
            self._job.act = _nobody
            self._job = None
            # behind it in the queue: what may have been opened all the same does not stay open
            self._worker.sign_out()
        self._asking = False
        message = translate("Counter", "サーバーに届きません。少し待って、もう一度どうぞ。")
        if self._needed is not None:
            unknown = translate(
                "Counter",
                "パスワードが変わったかどうか分かりません。新しいもので、だめなら前のものでサインインします。",
            )
            message = f"{message}\n{unknown}"
        self._back_to_sign_in(self._cannot_open or message)

    def _fault(self) -> None:
        self._asking, self._job = False, None
        self._worker.sign_out()
        self._back_to_sign_in(
            translate("Counter", "プログラムの不具合でサインインできません。システム担当に連絡")
        )

    def hear(self, answer: Heard) -> None:
        """Shows what came of an act of the sign-in, and lets in who was signed in and may lend."""
        if answer is None:
            return
        self._asking, self._job = False, None
        match answer:
            case SignedIn():
                self._let_in(answer)
            case SignInProblem():
                self._back_to_sign_in(views.problem(answer))
            case SessionEnd():
                self._worker.sign_out()
                self._back_to_sign_in(views.ended(answer, 0))
            case SignedInElsewhere():
                self._show()
                self._elsewhere = True
                self.elsewhere.ask(views.elsewhere(answer, self._place.clock.local()))
                self.panel_changed.emit(self.elsewhere)
            case PasswordNeeded():
                self._show()
                self._needed = answer
                self.new_password.set_view(views.new_password(answer))
                self.panel_changed.emit(self.new_password)
                self.new_password.start()
            case PasswordRefused() if self._needed is not None:
                self.new_password.set_view(views.new_password(self._needed, answer.problems))
                self.new_password.start()

    def _let_in(self, person: SignedIn) -> None:
        if person.cut_off or self._safekeeping.cut_off_since is not None:
            self._ask_to_reconnect(person)
            return
        if self._place.training and not may(person.role, Permission.LEND):
            self._worker.sign_out()
            self._back_to_sign_in(translate("Counter", "練習用ライブラリにあるのは、窓口のページだけです。"))
            return
        self._cards.learn(person.desk.login, person.card_number)
        if not isinstance(person.plan, Unreadable):
            self._cards.learn_plan(person.plan)
        parcel = self._kept.of(person.desk.login)
        if parcel is None or (self._away is not None and self._away.login == parcel.login):
            self._open(person, parcel)
            return
        self._offered = person, parcel
        self.offer.ask(views.kept_work(parcel.since, self._place.clock.local()))
        self.panel_changed.emit(self.offer)

    def _ask_to_reconnect(self, person: SignedIn) -> None:
        """This terminal is cut off: whoever looks after terminals says whether it is to be used again."""
        if not (self._place.training or may(person.role, Permission.MANAGE_TERMINALS)):
            self._worker.sign_out()
            self._back_to_sign_in(views.cut_off())
            return
        self._to_reconnect = person
        self.offer.ask(views.reconnect(self._safekeeping.cut_off_since, self._place.clock.local()))
        self.panel_changed.emit(self.offer)

    def _offer_answered(self, answer: Answer) -> None:
        if self._to_reconnect is not None:
            self._reconnect(self._to_reconnect, answer)
        elif self._offered is not None:
            person, parcel = self._offered
            self._open(person, parcel if answer is Answer.OFFERED else None)

    def _reconnect(self, person: SignedIn, answer: Answer) -> None:
        if answer is not Answer.OFFERED:
            self._give_up()
            return
        back = replace(person, cut_off=False)
        training = self._place.training

        def act(server: Connected) -> SignedIn:
            if not training:
                server.office.reconnect_terminal(person.desk.terminal)
            self._safekeeping.reconnect()
            return back

        self._ask(act)
        self._back_to_sign_in("")

    def _open(self, person: SignedIn, parcel: Parcel | None) -> None:
        self._open_here = False
        self._away = None
        self._login = ""
        self._back_to_sign_in("")
        self.signed_in.emit(person, parcel)

    def _say_cannot_open(self, sentence: str) -> None:
        self._cannot_open = sentence
        if self._open_here:
            self._show(sentence)

    def _line_changed(self, up: bool) -> None:
        if up and self._cannot_open:
            self._cannot_open = ""
            if self._open_here:
                self._show(self._standing())


def _nobody(_server: object) -> None:
    return None


def _once(act: Act[Heard]) -> Act[Heard]:
    """The act, done once: asked again after an outage, it asks nothing. A password is not given twice."""
    waiting: list[Act[Heard]] = [act]

    def ask(server: Connected) -> Heard:
        return waiting.pop()(server) if waiting else None

    return ask


def _whatever_ends_it(act: Act[Heard]) -> Act[Heard]:
    """The act, whose answer is also why the server goes no further: that is about no session open here."""

    def ask(server: Connected) -> Heard:
        try:
            return act(server)
        except SessionEnded as over:
            return over.why
        except SignInRefused:
            return SignInProblem.NOT_KNOWN

    return ask
