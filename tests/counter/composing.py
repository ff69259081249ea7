"""A clerk who composes kana at a counter whose program is under test, and a scanner beside them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.counter.harness import CounterLibrary
from tests.counter.test_two_hundred_scans import Terminal
from tests.support.japanese_session import PRODUCT_ID, SCANNER, VENDOR_ID, JapaneseSession
from tests.support.xvfb import ScreenError, wait_for

PATIENCE_SECONDS: Final = 60.0
LEARNED: Final[dict[str, Any]] = {
    "name": "窓口のスキャナー",
    "read": "wedge",
    "device": SCANNER,
    "usb": f"{VENDOR_ID:04x}:{PRODUCT_ID:04x}",
}


class OtherWindow:
    """Another program's window, and what was typed there."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self._program = program
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def typed(self) -> list[str]:
        """What stood there after each key."""
        return self.lines

    def close(self) -> None:
        """Waits for its end."""
        self._reader.join()
        with self._program:
            pass

    def _read(self) -> None:
        assert self._program.stdout is not None
        for line in self._program.stdout:
            self.lines.append(line)


class Composing(Terminal):
    """The window under test, in the session of an input method, signed in at the page of returns."""

    def __init__(self, session: JapaneseSession, library: CounterLibrary, scanners: Sequence[object]) -> None:
        self.session = session
        super().__init__(session.screen, library, {"SCANNERS": json.dumps(scanners)})
        self.window = session.screen.xdotool("search", "--onlyvisible", "--name", "^窓口$").splitlines()[0]
        self.go_to("F2", "CheckinPage")

    def _start(self, library: CounterLibrary, environment: dict[str, str]) -> subprocess.Popen[str]:
        scanners = environment.pop("SCANNERS")
        url = library.terminal_url().render_as_string(hide_password=False)
        return self.session.start(
            [sys.executable, "-m", "tests.counter.composing_terminal", url, scanners],
            environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def begin(self, *scanners: dict[str, Any], layout: str = "jp") -> None:
        """Begins anew: an empty field without an input method, these scanners, this keyboard."""
        self.session.set_layout(layout)
        self.tell("use", tables=scanners)
        self.tell("focus_button")
        self.tell("clear")
        self.tell("forget")
        self.tell("scanned_by")

    @contextmanager
    def another_window(self) -> Iterator[OtherWindow]:
        """Another program's window, which has the keyboard."""
        environment = {"PYTHONPATH": os.pathsep.join(sys.path), "QT_IM_MODULE": "compose"}
        program = self.session.start(
            [sys.executable, "-m", "tests.support.other_window"], environment, stdout=subprocess.PIPE
        )
        other = OtherWindow(program)
        try:
            screen = self.session.screen
            window = screen.xdotool("search", "--sync", "--onlyvisible", "--name", "^another program$")
            screen.xdotool("windowfocus", "--sync", window)
            screen.key("x")
            wait_for(lambda: bool(other.typed()), "the other window to have the keyboard")
            other.lines.clear()
            yield other
        finally:
            program.kill()
            other.close()

    def scans(self, count: int) -> list[str]:
        """Waits for so many scans; returns their texts, and forgets them."""
        wait_for(lambda: self.tell("counts")["scans"] >= count, f"{count} scans", PATIENCE_SECONDS)
        texts: list[str] = self.tell("report")["scans"]
        self.tell("forget")
        return texts

    def finish(self, kana: str) -> None:
        """Ends the composing with Enter; what was composed must be in the field, and nothing else."""
        self.session.screen.key("Return")
        wait_for(lambda: self.tell("field") == [kana, "", []], f"{kana}: {self.tell('field')}")

    def compose(self, romaji: str, kana: str) -> None:
        """Puts the cursor into the field and composes; waits until that is half-way composed."""
        self.tell("focus_field")
        self.session.choose_mozc()
        for _ in range(2):
            self.session.screen.type_like_a_clerk(romaji, key_ms=120)
            wait_for(lambda: self.tell("field")[:2] in (["", kana], [romaji, ""]), f"{kana}, half composed")
            if self.tell("field")[1]:
                return
            # it writes Latin letters: the key changes that, and changes it back
            self.tell("clear")
            self.session.screen.key("Zenkaku_Hankaku")
        raise ScreenError("Mozc composes nothing")


@contextmanager
def composing_on(
    folder: Path, library: CounterLibrary, scanners: Sequence[object] = (), *, layout: str = "jp"
) -> Iterator[Composing]:
    """A session and the window in it."""
    file = Path(str(library.terminal_url().database))
    owned = [file.parent, *file.parent.glob(f"{file.name}*")]
    with JapaneseSession(folder, owned, layout=layout) as session:
        made = Composing(session, library, scanners)
        try:
            yield made
            assert made.close() == 0
        finally:
            made.kill()
