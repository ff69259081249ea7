"""The counter's window: sign-in, the pages, the keys, the line's state."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from madoguchi.app.lending.facts import Desk
from madoguchi.app.server.engine import LibraryClock
from madoguchi.app.staff.permissions import Permission, may
from madoguchi.app.staff.sign_in import SignedIn, SignInProblem, sign_in
from madoguchi.barcode.scan import Scan, Source
from madoguchi.barcode.symbology import CodePlan, parse
from madoguchi.widgets import wording
from madoguchi.widgets.checkin_page import CheckinPage
from madoguchi.widgets.checkout_page import CheckoutPage
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.sign_in_panel import SignInPanel
from madoguchi.widgets.look.theme import Theme
from madoguchi.widgets.look.views import (
    Answer,
    BannerTone,
    BannerView,
    IndicatorView,
    QuestionView,
    RailItem,
    RailView,
    Sign,
    SignInView,
    StripView,
    Tone,
    TopBarView,
)
from madoguchi.widgets.renewal_page import RenewalPage
from madoguchi.widgets.scan_page import ScanPage
from madoguchi.widgets.worker import DatabaseWorker

translate = QCoreApplication.translate

ERASE_EVERY_MS = 60_000
LONGEST_TYPED = 64


@dataclass(frozen=True, slots=True)
class Place:
    """Where this terminal stands, and what it tells a newcomer."""

    branch_code: str
    branch: str
    terminal: str
    plan: CodePlan
    clock: LibraryClock
    sign_in_note: str = ""
    first_hint: str = ""


class _Session:
    """One member of staff at this terminal, with their pages; what the pages see of the window."""

    def __init__(self, window: CounterWindow, signed_in: SignedIn, hint: str) -> None:
        self.worker: DatabaseWorker = window.worker
        self.desk: Desk = signed_in.desk
        self.may_override = may(signed_in.role, Permission.OVERRIDE)
        self.signed_in = signed_in
        self._window = window
        self._ended = False
        look = window.frame.look
        self.pages: dict[int, ScanPage] = {
            1: CheckoutPage(look, self, hint),
            2: CheckinPage(look, self),
            3: RenewalPage(look, self),
        }
        for page in self.pages.values():
            page.changed.connect(window.refresh)

    def show_strip(self, view: StripView) -> None:
        """Says what became of the last scan; what comes home after the session is said to nobody."""
        if not self._ended:
            self._window.frame.strip.set_view(view)

    def ask(self, view: QuestionView, on_answer: Callable[[Answer, str], None]) -> None:
        """Opens a question about a row."""
        self._window.ask(view, on_answer)

    def today(self) -> dt.date:
        """The library's day, as far as this terminal's clock is right."""
        return self._window.today()

    def refresh(self) -> None:
        """Keys and banner are shown anew."""
        self._window.refresh()

    def end(self) -> None:
        """Clears every page; they go once nothing asked is on its way home to them."""
        for page in self.pages.values():
            page.changed.disconnect(self._window.refresh)
            page.leave()
        self._ended = True
        self.worker.ask(lambda _: None, self._dismiss)

    def _dismiss(self, _nothing: None) -> None:
        for page in self.pages.values():
            page.list.deleteLater()
            left = page.left()
            if left is not None:
                left.deleteLater()
            page.deleteLater()


class CounterWindow(QWidget):
    """The one window of the counter."""

    def __init__(self, place: Place, worker: DatabaseWorker, theme: Theme) -> None:
        super().__init__()
        # no name and no title ever stands here
        self.setWindowTitle(translate("Counter", "窓口"))
        self.worker = worker
        self.frame = CounterFrame(theme, self)
        self.sign_in_panel = SignInPanel(self.frame.look)
        self._place = place
        self._session: _Session | None = None
        self._signing_in = False
        self._current = 1
        self._typed = ""
        self._line_up = True
        self._on_answer: Callable[[Answer, str], None] | None = None
        self.frame.rail.chosen.connect(self.press)
        self.frame.question.answered.connect(self._answered)
        self.sign_in_panel.submitted.connect(self._sign_in)
        worker.line_changed.connect(self._line_changed)
        self._clock = self._every(1000, self._show_top_bar)
        self._eraser = self._every(ERASE_EVERY_MS, self._erase)
        self._erase()
        self._show_sign_in()

    def _every(self, milliseconds: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.timeout.connect(act)
        timer.start(milliseconds)
        return timer

    # -- for pages and tests ---------------------------------------------------------------------------

    @property
    def page(self) -> ScanPage | None:
        """The page in sight, if somebody is signed in."""
        return self._session.pages[self._current] if self._session else None

    def today(self) -> dt.date:
        """The library's day."""
        return self._place.clock.local().date()

    def take(self, scan: Scan) -> None:
        """A scan from anywhere goes to the page in sight; a question that is open stays unanswered."""
        page = self.page
        self._set_typed("")
        if page is None:
            if scan.source is not Source.TYPED:
                self._show_sign_in(
                    translate("Counter", "サインインしてから読み取ってください。"), busy=self._signing_in
                )
            return
        self._close_question()
        page.take(parse(scan.text_untrusted, self._place.plan))

    def ask(self, view: QuestionView, on_answer: Callable[[Answer, str], None]) -> None:
        """Opens a question between list and strip."""
        self._on_answer = on_answer
        self.frame.ask(view)
        self.refresh()

    def press(self, key: int) -> None:
        """A function key, by hand or by mouse."""
        page = self.page
        if page is None:
            return
        asking = self._on_answer is not None
        if asking and key <= 8:
            return
        if key in self._session_pages() and not asking:
            self._go_to(key)
        elif key == 10 and not asking:
            page.attend()
        elif key in (9, 11) and not asking:
            if any(item.key == key and item.enabled for item in page.function_keys()):
                page.press(key)
        elif key == 12:
            self.sign_out()
        elif asking:
            self.frame.question.press(Qt.Key.Key_F1.value + key - 1)

    def refresh(self) -> None:
        """Shows keys and banner as they are now."""
        page = self.page
        if page is None:
            return
        if self._on_answer is not None and not page.question_stands():
            self._close_question()
            return
        self.frame.set_banner(self._outage_banner() or page.banner())
        self.frame.rail.set_view(self._rail(page))

    def sign_out(self) -> None:
        """Ends the session: every name and title goes from the screen."""
        if self._session is None:
            return
        self._close_question()
        self._session.end()
        self._session = None
        self.frame.set_left(None)
        self.frame.set_centre(None)
        self._show_sign_in()

    # -- sign-in ---------------------------------------------------------------------------------------

    def _show_sign_in(self, message: str = "", *, busy: bool = False) -> None:
        self.sign_in_panel.set_view(
            SignInView(
                heading=translate("Counter", "サインイン"),
                place=f"{self._place.branch}  {self._place.terminal}",
                message=message,
                note=self._place.sign_in_note,
                busy=busy,
            )
        )
        self.frame.set_cover(self.sign_in_panel)
        if not busy:
            self.sign_in_panel.start(self.sign_in_panel.user_field().text())
        self._show_top_bar()

    def _sign_in(self, login: str, password: str) -> None:
        self._signing_in = True
        self._show_sign_in(busy=True)
        self.worker.ask(
            lambda server: sign_in(
                server.connection,
                login=login,
                password=password,
                branch_code=self._place.branch_code,
                terminal=self._place.terminal,
            ),
            self._signed_in,
            partial(
                self._show_sign_in,
                translate("Counter", "サーバーに届きません。自動でやり直しています。"),
                busy=True,
            ),
        )

    def _signed_in(self, answer: SignedIn | SignInProblem) -> None:
        self._signing_in = False
        if isinstance(answer, SignInProblem):
            self._show_sign_in(
                {
                    SignInProblem.NOT_KNOWN: translate("Counter", "職員番号かパスワードが違います。"),
                    SignInProblem.WRONG_BRANCH: translate(
                        "Counter", "この館の端末では使えない職員番号です。"
                    ),
                }[answer]
            )
            return
        if not may(answer.role, Permission.LEND):
            self._show_sign_in(translate("Counter", "この役割では窓口業務を行えません。"))
            return
        self.sign_in_panel.start()
        self._session = _Session(self, answer, self._place.first_hint)
        self.frame.set_cover(None)
        self._go_to(1)
        self._show_top_bar()

    # -- pages and keys --------------------------------------------------------------------------------

    def _session_pages(self) -> dict[int, ScanPage]:
        return self._session.pages if self._session else {}

    def _go_to(self, key: int) -> None:
        self._set_typed("")
        self._current = key
        page = self.page
        if page is None:
            return
        self.frame.set_left(page.left())
        self.frame.set_centre(page.list)
        self.frame.strip.set_view(page.idle_strip())
        page.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def _rail(self, page: ScanPage) -> RailView:
        question = self.frame.question.view() if self._on_answer is not None else None
        tasks = (
            RailItem(1, translate("Counter", "貸出")),
            RailItem(2, translate("Counter", "返却")),
            RailItem(3, translate("Counter", "延長")),
            RailItem(4, translate("Counter", "予約"), enabled=False),
            RailItem(5, translate("Counter", "利用者"), enabled=False),
            RailItem(6, translate("Counter", "検索"), enabled=False),
            RailItem(7, translate("Counter", "取置・配送"), translate("Counter", "取置"), enabled=False),
            RailItem(8, translate("Counter", "直前の利用者"), translate("Counter", "直前"), enabled=False),
        )
        leave = RailItem(12, translate("Counter", "サインアウト"), translate("Counter", "退席"))
        if question is None:
            nine, eleven = page.function_keys()
            refusals = len(page.open_refusals())
            ten = RailItem(10, translate("Counter", "要対応"), enabled=refusals > 0, badge=refusals)
            return RailView((*tasks, nine, ten, eleven, leave), self._current)
        answers = tuple(
            RailItem(
                answer.value,
                words.word if words else "—",
                enabled=words is not None,
                offered=words is not None,
            )
            for answer, words in (
                (Answer.STOP, question.stop),
                (Answer.OFFERED, question.offered),
                (Answer.UNUSUAL, question.unusual),
            )
        )
        return RailView((*tasks, *answers, leave), self._current, asking=True)

    def _answered(self, answer: Answer, reason: str) -> None:
        on_answer = self._on_answer
        self._close_question()
        if on_answer is not None:
            on_answer(answer, reason)

    def _close_question(self) -> None:
        if self._on_answer is None:
            return
        self._on_answer = None
        self.frame.close_question()
        # it is hidden, but a screen reader could still find the title it was about
        self.frame.question.setAccessibleName("")
        self.frame.question.setAccessibleDescription("")
        if self.page is not None:
            self.page.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: the keys that no part of the window took."""
        key = event.key()
        if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F12:
            if not event.isAutoRepeat():
                self.press(key - Qt.Key.Key_F1 + 1)
            return
        if self.page is None:
            event.ignore()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Backspace:
            self._set_typed(self._typed[:-1])
        elif key == Qt.Key.Key_Escape:
            self._set_typed("")
        elif event.text().isprintable() and event.text().strip():
            self._set_typed((self._typed + event.text())[:LONGEST_TYPED])
        else:
            event.ignore()

    def _set_typed(self, text: str) -> None:
        if text != self._typed:
            self._typed = text
            if self.page is not None:
                self.page.show_typed(text)

    def _enter(self) -> None:
        """What was typed is taken as a day where the page awaits one, else as a number."""
        typed, page = self._typed, self.page
        self._set_typed("")
        if not typed or page is None:
            return
        if not page.date_typed(unicodedata.normalize("NFKC", typed)):
            self.take(Scan(typed, Source.TYPED, 0.0))

    # -- state -----------------------------------------------------------------------------------------

    def _line_changed(self, up: bool) -> None:
        self._line_up = up
        self._show_top_bar()
        self.refresh()

    def _outage_banner(self) -> BannerView | None:
        if self._line_up:
            return None
        return BannerView(
            BannerTone.SYSTEM,
            Sign.OUTAGE,
            translate("Counter", "回線断：貸出・返却はまだ記録されていません"),
            translate("Counter", "自動でやり直しています。行に「未貸出」とある資料は渡さないでください"),
        )

    def show_fault(self) -> None:
        """A bug was met: says so where the clerk looks."""
        self.frame.strip.set_view(
            StripView(
                Tone.REFUSED,
                translate("Counter", "プログラムの不具合"),
                translate("Counter", "処理できたか分かりません。資料の状態を確かめてください"),
                side_first=translate("Counter", "システム担当に連絡"),
            )
        )

    def _show_top_bar(self) -> None:
        now = self._place.clock.local()
        up = self._line_up
        self.frame.top_bar.set_view(
            TopBarView(
                branch=self._place.branch,
                terminal=self._place.terminal,
                staff=self._session.signed_in.name if self._session else "",
                line=IndicatorView(
                    translate("Counter", "回線"),
                    translate("Counter", "正常") if up else translate("Counter", "回線断"),
                    ok=up,
                ),
                usb=IndicatorView(translate("Counter", "USB"), translate("Counter", "管理なし"), ok=True),
                date=wording.day(now.date()),
                time=f"{now:%H:%M}",
            )
        )

    def _erase(self) -> None:
        """What can no longer be undone is erased, also while nobody works here."""
        self.worker.ask(lambda server: server.writes.erase_returned(), lambda _: None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call."""
        del event
        self.frame.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt's call: nothing is left half-done, nothing is shown any more."""
        self.sign_out()
        self._clock.stop()
        self._eraser.stop()
        event.accept()
