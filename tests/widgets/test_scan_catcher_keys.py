"""The scan catcher and the keys that are not plain characters; releases; what an input method commits."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from madoguchi.widgets import scan_catcher
from tests.widgets.test_scan_catcher import (
    CODE,
    SCANNER_MS,
    Bench,
    Keyboard,
    bench,
    keyboard,
    scans,
)

__all__ = ["bench", "keyboard", "scans"]

CONTROL = Qt.KeyboardModifier.ControlModifier


def shortcut_override(key: Qt.Key, text: str, at: int, modifiers: Qt.KeyboardModifier) -> bool:
    """Asks, as Qt does before a key, whether somebody claims it from the shortcuts."""
    receiver = QApplication.focusWidget()
    assert receiver is not None
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers, text)
    event.setTimestamp(at)
    event.ignore()
    QCoreApplication.sendEvent(receiver, event)
    return event.isAccepted()


def test_the_space_bar_still_presses_a_button(qtbot: QtBot, bench: Bench, keyboard: Keyboard) -> None:
    # the release comes while the press is still held back
    catcher = scan_catcher.ScanCatcher()
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    catcher.install(application)
    bench.button.setFocus()
    keyboard.press(Qt.Key.Key_Space, " ")
    qtbot.waitUntil(lambda: bench.clicks == 1)
    assert not bench.button.isDown()
    catcher.remove(application)


def test_the_releases_of_a_scan_reach_nobody(bench: Bench, keyboard: Keyboard, scans: list[str]) -> None:
    bench.button.setFocus()
    # the mouse holds the button down; a scanned space that is let go would click it
    bench.button.setDown(True)
    keyboard.time_ms += 500
    keyboard.type("CODE 39", SCANNER_MS)
    keyboard.enter(SCANNER_MS)
    assert (scans, bench.clicks) == (["CODE 39"], 0)


def test_a_separator_in_a_scan_arrives_as_a_command(
    qtbot: QtBot, bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    fired: list[None] = []
    shortcut = QShortcut(QKeySequence("Ctrl+]"), bench)
    shortcut.activated.connect(lambda: fired.append(None))
    assert not shortcut_override(Qt.Key.Key_BracketRight, "\x1d", keyboard.time_ms, CONTROL)
    keyboard.type("10000", SCANNER_MS)
    assert shortcut_override(Qt.Key.Key_BracketRight, "\x1d", keyboard.time_ms + SCANNER_MS, CONTROL)
    keyboard.press(Qt.Key.Key_BracketRight, "\x1d", SCANNER_MS, CONTROL)
    keyboard.type("00016", SCANNER_MS)
    keyboard.enter(SCANNER_MS)
    qtbot.wait(150)
    assert scans == ["10000\x1d00016"]
    assert (bench.edit.text(), fired) == ("", [])


@pytest.mark.parametrize(
    ("key", "text"),
    [(Qt.Key.Key_M, "\r"), (Qt.Key.Key_J, "\n"), (Qt.Key.Key_I, "\t"), (Qt.Key.Key_Tab, "\t")],
)
def test_every_way_to_end_a_scan(
    bench: Bench, keyboard: Keyboard, scans: list[str], key: Qt.Key, text: str
) -> None:
    keyboard.type(CODE, SCANNER_MS)
    keyboard.press(
        key, text, SCANNER_MS, CONTROL if key != Qt.Key.Key_Tab else Qt.KeyboardModifier.NoModifier
    )
    assert (scans, bench.edit.text()) == ([CODE], "")
    assert bench.edit.hasFocus()


def test_a_clerks_tab_moves_the_focus(bench: Bench, keyboard: Keyboard, scans: list[str]) -> None:
    keyboard.press(Qt.Key.Key_Tab, "\t")
    assert bench.button.hasFocus()
    assert scans == []


@pytest.mark.parametrize(
    ("key", "text"),
    [(Qt.Key.Key_Escape, "\x1b"), (Qt.Key.Key_Backspace, "\x08"), (Qt.Key.Key_Delete, "\x7f")],
)
def test_keys_that_do_something_are_not_held_back(
    bench: Bench, keyboard: Keyboard, scans: list[str], key: Qt.Key, text: str
) -> None:
    bench.area.setFocus()
    keyboard.press(key, text)
    assert (bench.left_over, scans) == ([key], [])


@pytest.mark.parametrize(
    "lock", [Qt.Key.Key_CapsLock, Qt.Key.Key_Eisu_toggle, Qt.Key.Key_NumLock, Qt.Key.Key_Super_L]
)
def test_a_lock_key_does_not_break_a_scan(
    bench: Bench, keyboard: Keyboard, scans: list[str], lock: Qt.Key
) -> None:
    keyboard.type("100", SCANNER_MS)
    keyboard.press(lock, "", SCANNER_MS)
    keyboard.type("0000016", SCANNER_MS)
    keyboard.enter(SCANNER_MS)
    assert scans == [CODE]


def test_a_dead_key_in_a_scan_makes_it_another_text(
    bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    bench.area.setFocus()
    keyboard.type("10000", SCANNER_MS)
    keyboard.press(Qt.Key.Key_Dead_Acute, "", SCANNER_MS)
    keyboard.type("00016", SCANNER_MS)
    keyboard.enter(SCANNER_MS)
    assert scans == ["10000\N{REPLACEMENT CHARACTER}00016"]


def test_keys_without_a_time_are_no_evidence(bench: Bench, scans: list[str]) -> None:
    for character in f"{CODE}\r":
        key = Qt.Key.Key_Return if character == "\r" else Qt.Key(ord(character))
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, character)
        QCoreApplication.sendEvent(bench.edit, event)
    assert (bench.edit.text(), bench.entered, scans) == (CODE, 1, [])


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_scan_chooses_nothing_from_an_open_menu(
    qtbot: QtBot, bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    chosen: list[None] = []
    menu = QMenu(bench)
    qtbot.addWidget(menu)
    for word in ("1", "0", "6"):
        menu.addAction(f"&{word}", lambda: chosen.append(None))
    menu.popup(bench.mapToGlobal(bench.rect().center()))
    assert QApplication.focusWidget() is not menu
    keyboard.time_ms += 500
    keyboard.type(CODE, SCANNER_MS, receiver=menu)
    keyboard.press(Qt.Key.Key_Return, "\r", SCANNER_MS, receiver=menu)
    assert (scans, chosen) == ([CODE], [])
    menu.close()


def test_the_focus_may_change_in_the_middle_of_a_scan(
    qtbot: QtBot, bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    for character in CODE:
        (bench.button if bench.edit.hasFocus() else bench.edit).setFocus()
        keyboard.type(character, SCANNER_MS)
    keyboard.enter(SCANNER_MS)
    qtbot.wait(150)
    assert (scans, bench.edit.text(), bench.clicks, bench.left_over) == ([CODE], "", 0, [])


def test_what_an_input_method_commits_is_typed_where_there_is_no_field(
    bench: Bench, keyboard: Keyboard, scans: list[str]
) -> None:
    typed: list[str] = []

    class Area(QPushButton):
        def keyPressEvent(self, event: QKeyEvent) -> None:
            typed.append(event.text())

    area = Area(bench)
    area.show()
    area.setFocus()
    event = QInputMethodEvent()
    event.setCommitString("１２３")
    QCoreApplication.sendEvent(area, event)
    assert (typed, scans) == (["１２３"], [])
    bench.edit.setFocus()
    QCoreApplication.sendEvent(bench.edit, event)
    assert (bench.edit.text(), typed) == ("１２３", ["１２３"])


def test_a_committed_number_and_enter_are_no_scan(bench: Bench, keyboard: Keyboard, scans: list[str]) -> None:
    bench.area.setFocus()
    event = QInputMethodEvent()
    event.setCommitString(CODE)
    QCoreApplication.sendEvent(bench.area, event)
    keyboard.enter(SCANNER_MS)
    assert scans == []
    assert bench.left_over[-1] == Qt.Key.Key_Return


def test_what_is_held_back_is_freed_with_python(bench: Bench) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "1", False)
    event.setTimestamp(7)
    copy = scan_catcher.copy_of(event)
    assert shiboken6.ownedByPython(copy)
    assert (copy.text(), copy.key(), copy.timestamp()) == ("1", Qt.Key.Key_1, 7)


def test_while_it_rests_keys_are_left_alone(qapp: QApplication, bench: Bench, keyboard: Keyboard) -> None:
    catcher = scan_catcher.ScanCatcher()
    caught: list[object] = []
    catcher.scanned.connect(caught.append)
    catcher.install(qapp)
    keyboard.type("1", SCANNER_MS)
    assert bench.edit.text() == ""
    catcher.rest(True)
    assert bench.edit.text() == "1", "what was held back is given up"
    keyboard.scan(CODE)
    assert (bench.edit.text(), caught) == (f"1{CODE}", [])
    # what an input method commits is its business all the same
    bench.button.setFocus()
    event = QInputMethodEvent()
    event.setCommitString("１２３")
    assert QCoreApplication.sendEvent(bench.button, event)
    catcher.rest(False)
    keyboard.scan(CODE)
    assert len(caught) == 1
    catcher.remove(qapp)
