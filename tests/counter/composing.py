"""A clerk who composes kana at a counter whose program is under test, and a scanner beside them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.counter.harness import CounterLibrary
from tests.counter.test_two_hundred_scans import Terminal
from tests.support.japanese_session import PRODUCT_ID, SCANNER, VENDOR_ID, JapaneseSession
from tests.support.xvfb import wait_for

LEARNED: Final[dict[str, Any]] = {
    "name": "窓口のスキャナー",
    "device": {"name_untrusted": SCANNER, "vendor_id": VENDOR_ID, "product_id": PRODUCT_ID},
}


class Composing(Terminal):
    """The window under test, in the session of an input method, signed in at the page of returns."""

    def __init__(self, session: JapaneseSession, library: CounterLibrary, scanners: Sequence[object]) -> None:
        self.session = session
        super().__init__(session.screen, library, {"SCANNERS": json.dumps(scanners)})
        self.go_to("F2", "CheckinPage")

    def _start(self, library: CounterLibrary, environment: dict[str, str]) -> subprocess.Popen[str]:
        scanners = environment.pop("SCANNERS")
        url = library.terminal_url().render_as_string(hide_password=False)
        return self.session.start(
            [sys.executable, "-m", "tests.counter.composing_terminal", url, scanners],
            environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def compose(self, romaji: str, kana: str) -> None:
        """Puts the cursor into the field and composes; waits until that is half-way composed."""
        self.tell("focus_field")
        self.session.compose_kana()
        self.session.screen.type_like_a_clerk(romaji, key_ms=120)
        wait_for(lambda: self.tell("field")[1] == kana, f"{kana}, half composed: {self.tell('field')}")


@contextmanager
def composing_on(
    folder: Path, library: CounterLibrary, scanners: Sequence[object] = (), *, layout: str = "jp"
) -> Iterator[Composing]:
    """A session and the window in it."""
    file = Path(str(library.terminal_url().database))
    owned = [path for path in (file.parent, *file.parent.glob(f"{file.name}*"))]
    with JapaneseSession(folder, owned, layout=layout) as session:
        made = Composing(session, library, scanners)
        try:
            yield made
            assert made.close() == 0
        finally:
            made.kill()
