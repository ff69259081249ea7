"""The scan catcher among real widgets: scans reach nobody else, typed keys reach whom they were meant for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from madoguchi.barcode.scan import Scan, Source
from madoguchi.widgets.scan_catcher import ScanCatcher

CODE = "1000000016"
SCANNER_MS, CLERK_MS = 5, 160
FUNCTION_KEYS = [Qt.Key.Key_F1, Qt.Key.Key_F12, Qt.Key.Key_Left, Qt.Key.Key_Escape, Qt.Key.Key_Delete]


class Bench(QWidget):
    """A window with a line edit, a button and a plain area; it notes the keys nobody in it took."""

    def __init__(self) -> None:
        super().__init__()
        self.edit, self.button, self.area = QLineEdit(self), QPushButton("押す", self), QWidget(self)
        self.button.setAutoDefault(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # no layout: the offscreen platform warns of the size hints it brings
        for place, widget in enumerate((self.edit, self.button, self.area)):
            widget.setGeometry(10, 10 + 50 * place, 200, 40)
        self.clicks = 0
        self.entered = 0
        self.left_over: list[Qt.Key] = []
        self.button.clicked.connect(self._clicked)
        self.edit.returnPressed.connect(self._entered)

    def _clicked(self) -> None:
        self.clicks += 1

    def _entered(self) -> None:
        self.entered += 1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.left_over.append(Qt.Key(event.key()))


class Keyboard:
    """Sends keys with the server's time stamps, as Qt's platform plugin does."""

    def __init__(self) -> None:
        self.time_ms = 5_000

    def press(
        self,
        key: Qt.Key,
        text: str = "",
        gap_ms: int = CLERK_MS,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        *,
        repeat: bool = False,
        receiver: QWidget | None = None,
    ) -> None:
        self.time_ms += gap_ms
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers, text, repeat)
            event.setTimestamp(self.time_ms)
            meant_for = receiver or QApplication.focusWidget()
            assert meant_for is not None
            QCoreApplication.sendEvent(meant_for, event)

    def type(self, text: str, gap_ms: int = CLERK_MS, receiver: QWidget | None = None) -> None:
        for character in text:
            key = Qt.Key(ord(character.upper()))
            self.press(key, character, gap_ms, receiver=receiver)

    def enter(self, gap_ms: int = CLERK_MS) -> None:
        self.press(Qt.Key.Key_Return, "\r", gap_ms)

    def scan(self, code: str) -> None:
        self.time_ms += 500
        self.type(code, SCANNER_MS)
        self.enter(SCANNER_MS)


@pytest.fixture
def keyboard() -> Keyboard:
    return Keyboard()


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    made = Bench()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.edit.setFocus()
    return made


@pytest.fixture
def scans(qapp: QApplication, bench: Bench) -> Iterator[list[str]]:
    """The texts of the scans that were caught."""
    catcher = ScanCatcher()
    caught: list[str] = []

    def note(scan: object) -> None:
        assert isinstance(scan, Scan)
        assert scan.source is Source.WEDGE
        caught.append(scan.text_untrusted)

    catcher.scanned.connect(note)
    catcher.install(qapp)
    yield caught
    catcher.remove(qapp)


@pytest.mark.parametrize("focus", ["edit", "button", "area"])
def test_a_scan_is_caught_whatever_has_the_focus(
    qtbot: QtBot, bench: Bench, keyboard: Keyboard, scans: list[str], focus: str
) -> None:
    getattr(bench, focus).setFocus()
    keyboard.scan(CODE)
    keyboard.scan("A2000000017A")
    qtbot.wait(150)
    assert scans == [CODE, "A2000000017A"]
    assert (bench.edit.text(), bench.entered, bench.clicks, bench.left_over) == ("", 0, 0, [])


def test_a_second_terminator_presses_no_button(bench: Bench, keyboard: Keyboard, scans: list[str]) -> None:
    bench.button.setFocus()
    keyboard.scan(CODE)
    keyboard.enter(SCANNER_MS)
    assert (scans, bench.clicks) == ([CODE], 0)
    keyboard.enter()
    assert bench.clicks == 1, "a clerk's own Enter still does"


def test_typing_arrives_whole_and_in_order(
    qtbot: QtBot, bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    keyboard.type("kunren")
    # the last key has no successor; it arrives when the time for one is over
    qtbot.waitUntil(lambda: bench.edit.text() == "kunren")
    keyboard.enter()
    assert bench.entered == 1
    keyboard.type(CODE)
    keyboard.enter()
    assert (bench.edit.text(), bench.entered, scans) == ("kunren" + CODE, 2, [])


@pytest.mark.parametrize("text", ["12345", "ab", "1"])
def test_a_few_quick_keys_are_typing(bench: Bench, keyboard: Keyboard, scans: list[str], text: str) -> None:
    keyboard.type(text, SCANNER_MS)
    keyboard.enter(SCANNER_MS)
    assert (bench.edit.text(), bench.entered, scans) == (text, 1, [])


def test_a_scan_between_typed_keys_leaves_them_alone(
    qtbot: QtBot, bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    keyboard.type("ab")
    keyboard.scan(CODE)
    keyboard.time_ms += 500
    keyboard.type("cd")
    qtbot.waitUntil(lambda: bench.edit.text() == "abcd")
    assert scans == [CODE]


def test_a_quick_run_without_an_end_is_given_back(
    qtbot: QtBot, bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    keyboard.type(CODE, SCANNER_MS)
    assert bench.edit.text() == ""
    qtbot.waitUntil(lambda: bench.edit.text() == CODE)
    assert scans == []


@pytest.mark.parametrize("key", FUNCTION_KEYS)
def test_other_keys_go_their_way_at_once(
    bench: Bench, keyboard: Keyboard, scans: list[str], key: Qt.Key
) -> None:
    bench.area.setFocus()
    keyboard.press(key)
    assert bench.left_over == [key]
    assert scans == []


def test_a_key_nobody_takes_is_judged_once(
    qtbot: QtBot, bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    bench.area.setFocus()
    keyboard.type("xyz")
    qtbot.waitUntil(lambda: len(bench.left_over) == 3)
    assert bench.left_over == [Qt.Key.Key_X, Qt.Key.Key_Y, Qt.Key.Key_Z]
    keyboard.scan(CODE)
    assert scans == [CODE], "not each digit twice"


def test_shift_and_a_repeating_key_do_not_break_a_scan(
    bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    bench.area.setFocus()
    keyboard.type("A100", SCANNER_MS)
    keyboard.press(Qt.Key.Key_Shift, "", SCANNER_MS, Qt.KeyboardModifier.ShiftModifier)
    keyboard.press(Qt.Key.Key_5, "5", SCANNER_MS, repeat=True)
    keyboard.type("0000016A", SCANNER_MS)
    keyboard.enter(SCANNER_MS)
    assert scans == [f"A{CODE}A"]


def test_a_command_with_control_is_no_part_of_a_scan(
    bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    bench.edit.setText("old")
    keyboard.press(Qt.Key.Key_A, "\x01", modifiers=Qt.KeyboardModifier.ControlModifier)
    assert bench.edit.selectedText() == "old"
    assert scans == []


def test_what_is_held_back_is_given_back_when_the_window_loses_the_keyboard(
    qapp: QApplication, bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    keyboard.type("100", SCANNER_MS)
    assert bench.edit.text() == ""
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert bench.edit.text() == "100"
    # the rest of the run is no number: it is typing, too
    keyboard.type("0000016", SCANNER_MS)
    keyboard.enter(SCANNER_MS)
    assert (bench.edit.text(), scans) == (CODE, [])


def test_keys_meant_for_a_widget_that_is_gone_go_nowhere(
    qtbot: QtBot, bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    keyboard.type("10", SCANNER_MS)
    delete(bench.edit)
    qtbot.wait(150)
    bench.area.setFocus()
    keyboard.time_ms += 500
    keyboard.scan(CODE)
    assert scans == [CODE]
    assert bench.left_over == []


def test_keys_given_back_go_to_the_widget_they_were_typed_into(
    qtbot: QtBot, bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    keyboard.type("x")
    bench.area.setFocus()
    qtbot.waitUntil(lambda: bench.edit.text() == "x")
    assert bench.left_over == []


def test_a_shortcut_does_not_fire_on_a_scanned_letter(
    bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    fired: list[None] = []
    shortcut = QShortcut(QKeySequence("A"), bench)
    shortcut.activated.connect(lambda: fired.append(None))
    bench.area.setFocus()
    keyboard.scan("A1000000016A")
    assert scans == ["A1000000016A"]
    assert fired == []


def test_after_its_removal_a_scan_is_typing(qapp: QApplication, bench: Bench, keyboard: Keyboard) -> None:
    catcher = ScanCatcher()
    caught: list[object] = []
    catcher.scanned.connect(caught.append)
    catcher.install(qapp)
    catcher.remove(qapp)
    keyboard.scan(CODE)
    assert (bench.edit.text(), bench.entered, caught) == (CODE, 1, [])
