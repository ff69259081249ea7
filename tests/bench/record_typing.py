"""`python -m tests.bench.record_typing`: types at a real window under Xvfb as hands do; keeps what it got.

What the window's event filter gets (kind of key, the X server's time stamp, text, auto-repeat) goes into
``typing_recorded.json``: keys held down, bursts, rolled keys, pasted text, numbers without a check digit, and
lines at the pace of people. Nothing a person ever typed is in it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

from madoguchi.barcode.wedge import Key
from tests.bench.typing_model import RECORDED, typed_lines
from tests.support.xvfb import Screen, wait_for

_LETTERS = "asdfjkl"
_PAUSE = "sleep 0.7"


def _streams() -> Iterator[tuple[str, list[str]]]:
    """What is typed, and how: lines for xdotool."""
    random = Random(3)
    for seconds, key in ((0.9, "a"), (1.5, "1"), (0.9, "Return"), (1.2, "BackSpace")):
        yield f"{key} held for {seconds} s, then Enter", [
            f"keydown {key}", f"sleep {seconds}", f"keyup {key}", "sleep 0.2", "key Return",
        ]  # fmt: skip
    yield "a key held while others are struck", [
        "keydown 1", "sleep 0.6", *_struck("234567", 0.12), "keyup 1", "sleep 0.2", "key Return",
    ]  # fmt: skip
    for keys in (3, 4, 5, 8):
        text = "".join(random.choices(_LETTERS, k=keys))
        yield (
            f"a burst of {keys} keys, and Enter by and by",
            [f"type --delay 8 {text}", "sleep 0.3", "key Return"],
        )
        yield f"a burst of {keys} keys, taken back", [f"type --delay 8 {text}", "sleep 0.2", "key BackSpace"]
    yield "two bursts with a breath between them", [
        "type --delay 8 asdf", "sleep 0.25", "type --delay 8 jkl", "sleep 0.25", "key Return",
    ]  # fmt: skip
    for number in range(20):
        yield f"rolled keys {number + 1}", _rolled(random, random.randint(6, 10))
    for number in range(3):
        # the first is empty: what the line held is marked and cut before it is pasted
        yield f"pasted and sent {number + 1}", [
            *_struck("28371940", 0.09), "key ctrl+a", "sleep 0.1", "key ctrl+x", "sleep 0.1", "key ctrl+v",
            "sleep 0.2", "key Return",
        ]  # fmt: skip
    for pace in (0.07, 0.08, 0.1, 0.13):
        for length in (6, 8, 10, 13):
            number_typed = "".join(random.choices("0123456789", k=length))
            yield f"{length} digits, {pace * 1000:.0f} ms a key", [*_struck(number_typed, pace), "key Return"]
    for number, line in enumerate(typed_lines(60, seed=4)):
        acts: list[str] = []
        for press, following in pairwise(line):
            acts += [f"key --delay 0 {press.text}", f"sleep {(following.time_ms - press.time_ms) / 1000}"]
        yield f"typed line {number + 1}", [*acts, "key --delay 0 Return"]


def _struck(text: str, seconds: float) -> list[str]:
    return [act for key in text for act in (f"key --delay 0 {key}", f"sleep {seconds}")]


def _rolled(random: Random, count: int) -> list[str]:
    """The next key goes down before the one before it is let go, as in a quarter of all pairs."""
    acts, before = [], ""
    for key in random.choices("asdfghjklqweruiop", k=count):
        acts.append(f"keydown {key}")
        acts.append(f"sleep {random.uniform(0.02, 0.05):.3f}")
        if before and before != key:
            acts.append(f"keyup {before}")
        acts.append(f"sleep {random.uniform(0.03, 0.12):.3f}")
        if before == key:
            acts += [f"keyup {key}", "sleep 0.05"]
        before = key if before != key else ""
    return [*acts, *([f"keyup {before}"] if before else []), "sleep 0.15", "key Return"]


def main() -> None:
    """Records every stream, and writes them all."""
    streams: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="madoguchi-record-") as name, Screen(Path(name)) as screen:
        log = Path(name) / "keys.jsonl"
        command = [sys.executable, "-m", "tests.bench.record_typing", "--window", str(log)]
        window = subprocess.Popen(command, env=screen.environment)
        try:
            screen.xdotool("search", "--sync", "--onlyvisible", "--name", "^recorded$")
            wait_for(log.exists, "the window")
            for what, acts in _streams():
                before = len(log.read_text().splitlines())
                if screen.play([*acts, _PAUSE]).wait(60):
                    raise SystemExit(f"xdotool could not do: {what}")
                keys = [json.loads(line) for line in log.read_text().splitlines()[before:]]
                if not keys:
                    raise SystemExit(f"nothing came of: {what}")
                first = keys[0][1]
                streams[what] = [[kind, at - first, text, repeated] for kind, at, text, repeated in keys]
        finally:
            window.terminate()
            window.wait()
    lines = (f"{json.dumps(what)}: {json.dumps(keys)}" for what, keys in streams.items())
    RECORDED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    count = sum(len(keys) for keys in streams.values() if isinstance(keys, list))
    print(f"{len(streams)} streams, {count} keys: {RECORDED.name}")


def _window(log: Path) -> None:
    """A window with a line to type in, and whatever its filter gets in a file."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication, QLineEdit

    from madoguchi.widgets.scan_catcher import _kind

    application, file = QApplication(sys.argv[:1]), log.open("a", encoding="utf-8", buffering=1)

    class Recorder(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            # a key goes to the window first, then to the line: once is enough
            if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and watched is line:
                kind: Key = _kind(event)
                keys = [kind.name, event.timestamp(), event.text(), event.isAutoRepeat()]
                file.write(json.dumps(keys) + "\n")
            return False

    line = QLineEdit()
    line.setWindowTitle("recorded")
    recorder = Recorder()
    application.installEventFilter(recorder)
    line.show()
    line.activateWindow()
    line.setFocus()
    application.exec()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--window"]:
        _window(Path(sys.argv[2]))
    else:
        main()
