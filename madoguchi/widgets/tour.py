"""A scripted visit through the real window: what a newcomer would do, step by step, and looked at.

The scanner of the tour types: its keys take the same way through the application as a real wedge
scanner's.  Each step waits for the window to show the outcome it expects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from madoguchi.app.training.situations import (
    STAFF,
    TRAINING_PASSWORD,
    Case,
    ItemCase,
    case_number,
)
from madoguchi.widgets.counter_window import CounterWindow
from madoguchi.widgets.look.views import RowView, Sign

translate = QCoreApplication.translate

STEP_LIMIT_MS = 10_000
KEY_GAP_MS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """What is done, what must be seen, and what is said of it."""

    words: str
    act: Callable[[], None]
    seen: Callable[[], bool]


class Tour(QObject):
    """Walks through the steps.

    Signals:
        said(line): what was done and what came of it.
        finished(status): 0 if every outcome was the expected one, else 1.
    """

    said = Signal(str)
    finished = Signal(int)

    def __init__(self, window: CounterWindow, folder: Path) -> None:
        super().__init__()
        self._window = window
        self._folder = folder
        self._steps = list(self._script())
        self._at = 0
        self._key_time_ms = 1_000
        self._watch = QTimer(self)
        self._watch.setInterval(20)
        self._watch.timeout.connect(self._look)
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(STEP_LIMIT_MS)
        self._limit.timeout.connect(self._give_up)

    def start(self) -> None:
        """Begins; ``finished`` says how it went."""
        self._folder.mkdir(parents=True, exist_ok=True)
        QTimer.singleShot(0, self._step)

    # -- the visit -------------------------------------------------------------------------------------

    def _script(self) -> Iterator[Step]:
        good, other = case_number(Case.GOOD), case_number(Case.AT_PRINT_LIMIT)
        yield Step(translate("Tour", "サインイン画面"), lambda: None, lambda: self._window.page is None)
        yield Step(translate("Tour", "サインインする"), self._sign_in, lambda: self._window.page is not None)
        yield Step(
            translate("Tour", "利用者カードを読み取る"),
            lambda: self._scan(good),
            lambda: self._strip_says("見本 花子"),
        )
        for number, case in enumerate((ItemCase.BOOK_A, ItemCase.BOOK_B), start=1):
            yield self._scan_step(translate("Tour", "資料を貸す"), case, number, Sign.DONE)
        yield self._scan_step(translate("Tour", "付録のある資料を貸す"), ItemCase.ATTACHMENTS, 3, Sign.NOTICE)
        yield self._scan_step(
            translate("Tour", "禁帯出は断られ、行が残る"), ItemCase.REFERENCE, 4, Sign.REFUSED
        )
        yield self._scan_step(translate("Tour", "同じ資料をもう一度"), ItemCase.BOOK_A, 5, Sign.SAME_ITEM)
        yield Step(
            translate("Tour", "F10 で対応を開く"),
            lambda: self._window.press(10),
            lambda: self._window.frame.question.view() is not None,
        )
        yield Step(
            translate("Tour", "次の利用者のカードで終了・画面が替わる"),
            lambda: self._scan(other),
            lambda: self._strip_says("上限 図書") and not any(row.sign is Sign.DONE for row in self._rows()),
        )
        yield self._scan_step(
            translate("Tour", "上限の利用者は借りられない"), ItemCase.BOOK_C, -1, Sign.REFUSED
        )
        yield Step(translate("Tour", "F3 延長"), lambda: self._window.press(3), lambda: not self._rows())
        yield self._scan_step(translate("Tour", "延長する"), ItemCase.RENEWABLE, 1, Sign.DONE)
        yield self._scan_step(translate("Tour", "延長済みは断られる"), ItemCase.RENEWED, 2, Sign.REFUSED)
        yield Step(translate("Tour", "F2 返却"), lambda: self._window.press(2), lambda: not self._rows())
        yield self._scan_step(translate("Tour", "返却する"), ItemCase.BOOK_A, 1, Sign.DONE)
        yield self._scan_step(
            translate("Tour", "他館の資料は配送へ"), ItemCase.OTHER_BRANCH, 2, Sign.TO_TRANSIT
        )
        yield self._scan_step(translate("Tour", "延滞していた資料の返却"), ItemCase.OVERDUE, 3, Sign.OVERDUE)
        yield Step(
            translate("Tour", "F9 で直前の返却を取り消す"),
            lambda: self._window.press(9),
            lambda: self._rows()[-1].state == translate("Counter", "返却取消"),
        )
        yield Step(
            translate("Tour", "サインアウトすると何も残らない"),
            lambda: self._window.press(12),
            lambda: self._window.page is None,
        )

    def _scan_step(self, words: str, case: ItemCase, number: int, sign: Sign) -> Step:
        def seen() -> bool:
            rows = self._rows()
            row = next(
                (row for row in rows if row.number == number), rows[-1] if rows and number < 0 else None
            )
            return row is not None and row.sign is sign

        return Step(words, lambda: self._scan(case.number), seen)

    def _rows(self) -> tuple[RowView, ...]:
        page = self._window.page
        return page.list.rows() if page is not None else ()

    def _strip_says(self, words: str) -> bool:
        view = self._window.frame.strip.view()
        return words in view.title

    def _sign_in(self) -> None:
        panel = self._window.sign_in_panel
        panel.user_field().set_text(STAFF[0].login)
        panel.password_field().set_text(TRAINING_PASSWORD)
        panel.button().click()

    def _scan(self, number: str) -> None:
        """Types as a wedge scanner does, to whatever has the focus."""
        receiver = QApplication.focusWidget() or self._window
        for character in (*f"A{number}A", ""):
            self._key_time_ms += KEY_GAP_MS
            key = Qt.Key(ord(character)) if character else Qt.Key.Key_Return
            event = QKeyEvent(
                QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, character or "\r", False
            )
            event.setTimestamp(self._key_time_ms)
            QCoreApplication.sendEvent(receiver, event)
        self._key_time_ms += 1_000

    # -- walking ---------------------------------------------------------------------------------------

    def _step(self) -> None:
        self._steps[self._at].act()
        self._limit.start()
        self._watch.start()

    def _look(self) -> None:
        if not self._steps[self._at].seen():
            return
        self._watch.stop()
        self._limit.stop()
        # one turn of the event loop more: what was seen is painted
        QTimer.singleShot(50, self._keep)

    def _keep(self) -> None:
        self._picture("")
        self._at += 1
        if self._at == len(self._steps):
            self.said.emit(translate("Tour", "すべて期待どおりでした（{n}場面）").format(n=len(self._steps)))
            self.finished.emit(0)
            return
        self._step()

    def _give_up(self) -> None:
        self._watch.stop()
        self._picture("-failed")
        rows = "; ".join(f"{row.number} {row.sign.name} {row.state}" for row in self._rows())
        self.said.emit(translate("Tour", "期待と違います: {rows}").format(rows=rows))
        self.finished.emit(1)

    def _picture(self, suffix: str) -> None:
        file = self._folder / f"{self._at + 1:02}{suffix}.png"
        if not self._window.grab().save(str(file)):
            raise OSError(f"the picture {file} could not be written")
        strip = self._window.frame.strip.view()
        outcome = f"{strip.word} {strip.title} {strip.right}".strip() if self._window.page else ""
        self.said.emit(f"{self._at + 1:2}. {self._steps[self._at].words}  →  {outcome}  [{file.name}]")
