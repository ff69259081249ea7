"""A screen of our own for a real window: Xvfb with openbox, keys typed by xdotool, the picture read back.

    with Screen(tmp_path) as screen:
        program = subprocess.Popen([...], env=os.environ | screen.environment)
        screen.type_like_a_scanner("1000000016")

Everything in it ends with the ``with`` block, and with the Python process, however it ends.
"""

from __future__ import annotations

import os
import struct
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

WIDTH, HEIGHT = 1366, 768
START_SECONDS = 20.0
TYPING_SECONDS = 100.0
# A scan falls apart where two keys are more than 50 ms apart; a tenth of this goes into starting xdotool.
MOST_LATE_MS = 50
_XWD_HEADER = struct.Struct(">25I")


@dataclass(frozen=True, slots=True)
class Stroke:
    """One scan to be typed: a key every ``key_ms`` milliseconds, then a pause of ``pause_ms``."""

    code: str
    key_ms: int
    pause_ms: int = 0


class ScreenError(Exception):
    """The screen, or a program on it, did not do what it should."""


class Screen:
    """An X server nobody else can see. ``folder`` takes its picture and the window manager's files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "screen"
        self._folder.mkdir()
        self._picture = self._folder / "Xvfb_screen0"
        self._programs: list[subprocess.Popen[bytes]] = []
        try:
            self.environment = self._base_environment() | {"DISPLAY": self._start_server()}
            self.start_window_manager()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the window manager and the X server."""
        for program in reversed(self._programs):
            program.terminate()
            program.wait()
        self._programs.clear()

    def start_window_manager(self) -> None:
        """Starts the window manager, and waits until it manages."""
        self._programs.append(_start(["openbox", "--sm-disable"], self.environment))
        wait_for(self._is_managed, "a window manager")

    def kill_window_manager(self) -> None:
        """Kills the window manager; what it managed stays on the screen."""
        manager = self._programs.pop()
        manager.kill()
        manager.wait()

    # -- keys ----------------------------------------------------------------------------------------

    def xdotool(self, *arguments: str) -> str:
        """Runs xdotool; returns what it prints. Raises ScreenError."""
        done = subprocess.run(
            [*promptly(), "xdotool", *arguments], env=self.environment,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        if done.returncode:
            raise ScreenError(f"xdotool {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout.strip()

    def type_like_a_scanner(self, code: str, *, key_ms: int = 5) -> bool:
        """Types a code and Enter, a key every ``key_ms`` milliseconds; says whether that came out so.

        On a busy machine a key may be late, as no scanner's would be. True when none can have been.
        """
        begun = time.monotonic()
        # xdotool waits half of its delay between two keys
        self.xdotool("type", "--args", "1", "--delay", str(2 * key_ms), code, "key", "Return")
        late_ms = (time.monotonic() - begun) * 1000 - (len(code) + 1) * key_ms
        return late_ms < MOST_LATE_MS

    def type_scans(self, strokes: Iterable[Stroke]) -> None:
        """Types scans one after the other.

        Whether every key was in time only the X server's time stamps tell; see ``late_scans``. Raises
        ScreenError.
        """
        if self.begin_typing(strokes).wait(TYPING_SECONDS):
            raise ScreenError("xdotool could not type the scans")

    def begin_typing(self, strokes: Iterable[Stroke]) -> subprocess.Popen[bytes]:
        """Begins to type scans; the process ends when they have been typed."""
        lines: list[str] = []
        for stroke in strokes:
            # xdotool waits half of its delay between two keys
            lines += [f"type --delay {2 * stroke.key_ms} {stroke.code}", "key --delay 0 Return"]
            if stroke.pause_ms:
                lines.append(f"sleep {stroke.pause_ms / 1000}")
        return self.play(lines)

    def play(self, lines: Iterable[str]) -> subprocess.Popen[bytes]:
        """Begins to do what these lines say, from one xdotool, so that no time goes into starting it."""
        script = self._folder / "script"
        script.write_text("\n".join(lines) + "\n", encoding="ascii")
        return _start([*promptly(), "xdotool", str(script)], self.environment)

    def type_like_a_clerk(self, text: str, *, key_ms: int = 150) -> None:
        """Types a text, slowly, without Enter."""
        self.xdotool("type", "--delay", str(2 * key_ms), text)

    def key(self, *names: str) -> None:
        """Presses keys by their X names."""
        self.xdotool("key", *names)

    # -- picture -------------------------------------------------------------------------------------

    def colours(self, left: int, top: int, width: int, height: int) -> int:
        """How many different colours a part of the screen shows now."""
        seen: set[bytes] = set()
        for row in self._rows(left, top, width, height):
            seen.update(row[at : at + 4] for at in range(0, len(row), 4))
        return len(seen)

    def picture(self, left: int = 0, top: int = 0, width: int = WIDTH, height: int = HEIGHT) -> bytes:
        """The pixels of a part of the screen, of all of it unless a part is named, as they are now."""
        return b"".join(self._rows(left, top, width, height))

    def _rows(self, left: int, top: int, width: int, height: int) -> list[bytes]:
        data = self._picture.read_bytes()
        header = _XWD_HEADER.unpack_from(data)
        size, line, colour_map = header[0], header[12], header[19]
        first = size + 12 * colour_map + top * line + 4 * left
        return [data[at : at + 4 * width] for at in range(first, first + height * line, line)]

    # -- inside --------------------------------------------------------------------------------------

    def _base_environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "XAUTHORITY")}
        return kept | {
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
            "QT_QPA_PLATFORM": "xcb",
            # no input method of this machine comes between
            "QT_IM_MODULE": "compose",
        }

    def _start_server(self) -> str:
        reading, writing = os.pipe()
        with os.fdopen(reading) as answer:
            server = _start(
                [
                    *promptly(), "Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24",
                    "-fbdir", str(self._folder), "-nolisten", "tcp", "-noreset",
                ],
                self._base_environment(),
                pass_fds=(writing,),
            )  # fmt: skip
            os.close(writing)
            self._programs.append(server)
            number = answer.readline().strip()
        if not number:
            raise ScreenError("Xvfb did not start")
        return f":{number}"

    def _is_managed(self) -> bool:
        try:
            return bool(self.xdotool("get_num_desktops"))
        except ScreenError:
            return False


def late_scans(strokes: Sequence[Stroke], stamps_ms: Sequence[int]) -> set[str]:
    """Which of the scans have two keys farther apart than a scanner's, by the X server's time stamps.

    ``stamps_ms`` has a time for each key, Enter behind each scan included. Raises ValueError if it has not.
    """
    late: set[str] = set()
    begin = 0
    for stroke in strokes:
        end = begin + len(stroke.code) + 1
        stamps = stamps_ms[begin:end]
        if any(later - earlier > MOST_LATE_MS for earlier, later in pairwise(stamps)):
            late.add(stroke.code)
        begin = end
    if begin != len(stamps_ms):
        raise ValueError(f"{len(stamps_ms)} time stamps for {begin} keys")
    return late


def _start(
    command: list[str], environment: dict[str, str], pass_fds: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    """Starts a program that the kernel ends when we end."""
    return subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=pass_fds,
    )


def promptly() -> list[str]:
    """What to put before a command so that keys are in time: no scanner slows down with the machine.

    Only root may ask for that. On a machine with two busy cores a sleep of 10 ms then ended at most 0.2 ms
    late; with ``nice -n -15`` it was 34 ms, and without 23.
    """
    return ["chrt", "--rr", "10"] if os.geteuid() == 0 else []


def wait_for(holds: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Waits until something holds. Raises ScreenError when it does not within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise ScreenError(f"waited in vain for {what}")
        time.sleep(0.05)
