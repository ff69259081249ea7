"""A desk with a Japanese input method: ibus with Mozc on a screen of our own, and two keyboards.

    with JapaneseSession(tmp_path) as session:
        program = session.start([...])
        session.choose_mozc()
        session.screen.key("Zenkaku_Hankaku")
        session.screen.type_like_a_clerk("nihon")
        session.scan("1000000016", key_ms=5)

It runs as an unprivileged account: as root Mozc composes nothing. The clerk's keyboard is that of xdotool
(XTEST); the scanner's is the X server's other one, whose keys are sent by the XTEST extension, too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.account import Account, server_account
from tests.support.xvfb import Screen, ScreenError, Stroke, promptly, wait_for

SCANNER = "Xvfb keyboard"
VENDOR_ID, PRODUCT_ID = 0x1234, 0x5678
_IBUS = "/desktop/ibus/general/"


class JapaneseSession:
    """A screen, a session bus, ibus and Mozc. ``owned`` are files and folders that its account may write."""

    def __init__(self, folder: Path, owned: Iterable[Path] = (), *, layout: str = "jp") -> None:
        self._account: Account = server_account()
        self._home = folder / "session"
        self._home.mkdir(mode=0o700)
        for path in (folder, self._home, *owned):
            if not self._account.is_us:
                os.chown(path, self._account.uid, self._account.gid)
        self._programs: list[subprocess.Popen[bytes]] = []
        self.screen = Screen(folder)
        try:
            self.set_layout(layout)
            self._name_the_scanner()
            self.environment = self.screen.environment | {
                "HOME": str(self._home),
                "XDG_RUNTIME_DIR": str(self._home),
                "XDG_CACHE_HOME": str(self._home / "cache"),
                "XDG_CONFIG_HOME": str(self._home / "config"),
                "QT_IM_MODULE": "ibus",
                "LANG": "ja_JP.UTF-8",
            }
            self.environment["DBUS_SESSION_BUS_ADDRESS"] = self._start_bus()
            self._start_ibus()
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
        """Ends all of it."""
        for program in reversed(self._programs):
            program.terminate()
            program.wait()
        self._programs.clear()
        self.screen.close()

    def start(
        self, command: Sequence[str], environment: Mapping[str, str] | None = None, **pipes: int
    ) -> subprocess.Popen[str]:
        """Starts a program in this session, as its account; the kernel ends it when we end."""
        return subprocess.Popen(
            [*self._as_account(), *command],
            env=self.environment | (environment or {}),
            text=True,
            **pipes,
        )  # type: ignore[call-overload, no-any-return]

    def run(self, *command: str) -> str:
        """Runs a command in this session; returns what it prints. Raises ScreenError."""
        done = subprocess.run(
            [*self._as_account(), *command], env=self.environment,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        if done.returncode:
            raise ScreenError(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout.strip()

    def set_layout(self, layout: str) -> None:
        """Gives the machine's keyboards this layout."""
        model = "jp106" if layout == "jp" else "pc105"
        subprocess.run(
            ["setxkbmap", "-model", model, "-layout", layout],
            env=self.screen.environment, check=True, timeout=60,
        )  # fmt: skip

    def plug(self, there: bool) -> None:
        """Turns the scanner's device on or off at the X server, as unplugging does."""
        subprocess.run(
            ["xinput", "enable" if there else "disable", SCANNER],
            env=self.screen.environment, check=True, timeout=60,
        )  # fmt: skip

    def choose_mozc(self) -> None:
        """Makes Mozc the input method of the field that has the focus; its key turns kana on."""
        wait_for(self._is_mozc, "Mozc")

    def begin_scanning(self, strokes: Iterable[Stroke], *, layout: str = "us") -> subprocess.Popen[bytes]:
        """Begins to scan with the scanner's own device; the process ends when all has been typed.

        The scanner types as on a keyboard of this layout, whatever the machine has.
        """
        lines = "".join(f"{s.key_ms} {s.pause_ms} {s.code}\n" for s in strokes)
        script = self._home / "scans"
        script.write_text(lines, encoding="ascii")
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *promptly(), sys.executable, "-m",
             "tests.support.x11_scanner", SCANNER, layout, str(script)],
            env=self.screen.environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def begin_scanning_at(self, codes: Sequence[str], key_ms: Sequence[int]) -> subprocess.Popen[bytes]:
        """Begins to scan these, at so many milliseconds a key, each in turn."""
        return self.begin_scanning(
            Stroke(code, key_ms[place % len(key_ms)], (0, 30, 80)[place % 3])
            for place, code in enumerate(codes)
        )

    def scan(self, *codes: str, key_ms: int = 5, layout: str = "us") -> None:
        """Scans with the scanner's own device; returns when all has been typed."""
        if self.begin_scanning([Stroke(code, key_ms, 20) for code in codes], layout=layout).wait(60):
            raise ScreenError("the scanner could not type")

    # -- inside ----------------------------------------------------------------------------------------

    def _as_account(self) -> list[str]:
        return [
            *self._account.prefix(self._home, Path(sys.executable).resolve()),
            "setpriv",
            "--pdeathsig",
            "KILL",
        ]

    def _name_the_scanner(self) -> None:
        """Gives the scanner the numbers that a USB device would have."""
        subprocess.run(
            ["xinput", "set-prop", SCANNER, "--type=int", "--format=32", "Device Product ID",
             str(VENDOR_ID), str(PRODUCT_ID)],
            env=self.screen.environment, check=True, timeout=60,
        )  # fmt: skip

    def _start_bus(self) -> str:
        address = f"unix:path={self._home}/bus"
        self._begin("dbus-daemon", "--session", "--nofork", "--address", address)
        wait_for((self._home / "bus").exists, "a session bus")
        return address

    def _start_ibus(self) -> None:
        self.run("dconf", "write", f"{_IBUS}preload-engines", "['mozc-jp']")
        self.run("dconf", "write", f"{_IBUS}use-system-keyboard-layout", "true")
        self._begin("ibus-daemon", "--replace", "--xim", "--panel=disable")
        wait_for(lambda: self._ibus("address") not in ("", "(null)"), "ibus")

    def _begin(self, *command: str) -> None:
        self._programs.append(
            subprocess.Popen(
                [*self._as_account(), *command],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    def _is_mozc(self) -> bool:
        self._ibus("engine", "mozc-jp")
        return self._ibus("engine") == "mozc-jp"

    def _ibus(self, *command: str) -> str:
        try:
            return self.run("ibus", *command)
        except ScreenError:
            return ""
