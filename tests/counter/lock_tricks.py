"""Ways round a lock, by keys, mouse, windows and signals. None of them may lead anywhere.

Each is given the terminal, locked, and codes that a scanner could read there.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tests.counter.program import Terminal
from tests.support.xvfb import ScreenError, wait_for

Trick = Callable[[Terminal, Sequence[str]], None]

_SAVER = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication(sys.argv[:1])
window = QWidget()
window.setWindowFlags(Qt.WindowType.BypassWindowManagerHint | Qt.WindowType.WindowStaysOnTopHint)
window.setGeometry(application.primaryScreen().geometry())
window.setStyleSheet("background: black")
window.setCursor(Qt.CursorShape.BlankCursor)
print("ready", flush=True)
sys.stdin.readline()
window.show()
window.raise_()
window.grabKeyboard()
sys.exit(application.exec())
"""


def keys_of_the_window_manager(terminal: Terminal, _codes: Sequence[str]) -> None:
    for name in (
        "alt+Tab",
        "alt+shift+Tab",
        "alt+Escape",
        "alt+space",
        "Escape",
        "super+d",
        "super+d",
        "super+e",
    ):
        terminal.screen.key(name)
    for name in ("ctrl+alt+Delete", "ctrl+alt+BackSpace", "ctrl+Escape", "ctrl+alt+Right", "ctrl+alt+Left"):
        terminal.screen.key(name)


def keys_of_the_program(terminal: Terminal, _codes: Sequence[str]) -> None:
    names = [f"F{number}" for number in range(1, 13)]
    held = [f"{modifier}+{name}" for modifier in ("shift", "ctrl", "alt") for name in names if name != "F4"]
    terminal.screen.key(*names, *held, "Escape", "Delete", "BackSpace", "Page_Up", "Home", "End", "Menu")


def a_thousand_fast_keys(terminal: Terminal, _codes: Sequence[str]) -> None:
    names = ("F1", "F2", "Return", "Escape", "Tab", "1", "a", "F10", "space", "F12")
    lines = [f"key --delay 0 {' '.join(names * 10)}"] * 10
    assert terminal.screen.play(lines).wait(60) == 0


def scans(terminal: Terminal, codes: Sequence[str]) -> None:
    for code in codes:
        terminal.screen.type_like_a_scanner(code)


def clicks_everywhere(terminal: Terminal, _codes: Sequence[str]) -> None:
    lines = [
        f"mousemove {x} {y} click --delay 0 {button}"
        for x in range(20, 1366, 130)
        for y in range(20, 768, 110)
        for button in (1, 2, 3)
    ]
    # a menu of the window manager may have opened; the pointer goes back where it is no stain
    back = ["key Escape", "key Escape", "mousemove 683 400"]
    assert terminal.screen.play([*lines, *back]).wait(60) == 0


def stopped_and_continued(terminal: Terminal, _codes: Sequence[str]) -> None:
    terminal.program.send_signal(signal.SIGSTOP)
    terminal.screen.key("F1", "F2", "Return")
    terminal.program.send_signal(signal.SIGCONT)


def a_wrong_password(terminal: Terminal, _codes: Sequence[str]) -> None:
    terminal.screen.type_like_a_clerk("zzzz", key_ms=20)
    terminal.screen.key("Return")
    time.sleep(1)


def none_at_all(terminal: Terminal, _codes: Sequence[str]) -> None:
    terminal.screen.key("Return", "Return", "Return")


TRICKS: list[Trick] = [
    keys_of_the_window_manager,
    keys_of_the_program,
    a_thousand_fast_keys,
    scans,
    clicks_everywhere,
    stopped_and_continued,
    a_wrong_password,
    none_at_all,
]


# -- the window itself ------------------------------------------------------------------------------------


def minimised_and_back(terminal: Terminal, _codes: Sequence[str]) -> None:
    window = terminal.window
    terminal.screen.xdotool("windowminimize", window)
    terminal.screen.key("F1", "F2")
    terminal.screen.xdotool("windowactivate", "--sync", window)


def unmapped_and_mapped_by_a_program(terminal: Terminal, _codes: Sequence[str]) -> None:
    window = terminal.window
    terminal.screen.xdotool("windowunmap", "--sync", window)
    terminal.screen.key("F1", "F2")
    terminal.screen.xdotool("windowmap", "--sync", window)
    terminal.screen.xdotool("windowactivate", "--sync", window)


def moved_and_made_smaller_by_a_program(terminal: Terminal, _codes: Sequence[str]) -> None:
    window = terminal.window
    for lines in (("windowmove", window, "300", "200"), ("windowsize", window, "500", "300")):
        terminal.screen.xdotool(*lines)
    terminal.screen.xdotool("windowmove", window, "0", "0", "windowsize", window, "1366", "768")


def window_manager_killed(terminal: Terminal, _codes: Sequence[str]) -> None:
    terminal.screen.kill_window_manager()
    terminal.screen.key("F1", "F2", "Return", "alt+F4")
    terminal.screen.start_window_manager()
    terminal.screen.xdotool("windowactivate", "--sync", terminal.window)


class ScreenSaver:
    """In a screen saver's place a program that covers everything and takes all keys."""

    def __init__(self, terminal: Terminal) -> None:
        self._screen = terminal.screen
        self._program = subprocess.Popen(
            [sys.executable, "-c", _SAVER],
            env=terminal.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._program.stdout is not None
        assert self._program.stdout.readline() == "ready\n"

    def begin(self) -> None:
        """It covers the screen, in a moment."""
        assert self._program.stdin is not None
        self._program.stdin.write("\n")
        self._program.stdin.flush()

    def wait(self) -> None:
        """Waits until it does."""
        wait_for(lambda: self._screen.colours(0, 0, 1366, 768) == 1, "the screen saver")

    def kill(self) -> None:
        """Kills it: whatever is under it is seen again."""
        self._program.kill()
        self._program.wait()
        for pipe in (self._program.stdin, self._program.stdout):
            if pipe is not None:
                pipe.close()


@contextmanager
def screen_saver(terminal: Terminal) -> Iterator[ScreenSaver]:
    """One that is ready to begin; killed at the end."""
    made = ScreenSaver(terminal)
    try:
        yield made
    finally:
        made.kill()


def a_screen_saver_that_is_killed(terminal: Terminal, codes: Sequence[str]) -> None:
    with screen_saver(terminal) as saver:
        saver.begin()
        saver.wait()
        terminal.screen.key("F1", "F2", "Return")
        scans(terminal, codes[:1])


def a_second_copy(terminal: Terminal, codes: Sequence[str]) -> None:
    second = subprocess.Popen(
        [sys.executable, "-m", terminal.module],
        env=terminal.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: len(_windows(terminal)) == 2, "the second copy's window")
        terminal.screen.key("F1", "Return")
        scans(terminal, codes[:1])
        assert not terminal.signed_in()
        assert second.poll() is None
    finally:
        second.kill()
        second.wait()


def _windows(terminal: Terminal) -> list[str]:
    try:
        return terminal.screen.xdotool("search", "--onlyvisible", "--name", "^窓口$").splitlines()
    except ScreenError:
        # a window went while it searched
        return []


WINDOW_TRICKS: list[Trick] = [
    minimised_and_back,
    unmapped_and_mapped_by_a_program,
    moved_and_made_smaller_by_a_program,
    window_manager_killed,
    a_screen_saver_that_is_killed,
    a_second_copy,
]


# -- the way out ------------------------------------------------------------------------------------------


def finds_the_way_out(terminal: Terminal) -> bool:
    """Signs in, wherever the tricks have left the focus and whatever they have left in the fields."""
    for attempt in range(6):
        # back to the first field: from the password, where a refused sign-in leaves it, or from a button
        terminal.screen.key("Escape", *["shift+Tab"] * (attempt and 2 - attempt % 2))
        for text in (terminal.login, terminal.password):
            terminal.screen.key("ctrl+a")
            terminal.screen.type_like_a_clerk(text, key_ms=80)
            terminal.screen.key("Tab" if text == terminal.login else "Return")
        time.sleep(1.5)
        if terminal.signed_in():
            return True
    return False
