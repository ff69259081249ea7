"""What measurements stand on: a durable PostgreSQL, a library on each database, a screen, child processes."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from madoguchi.app.server.engine import embedded_url
from tests.bench.figures import BenchError
from tests.bench.sizes import Sizes
from tests.bench.stock import BenchLibrary
from tests.support.cluster import Cluster
from tests.support.xvfb import Screen, ScreenError

ROOT = Path(__file__).parents[2]
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL through ODBC"
_DATABASE = "bench"


@dataclass
class Ground:
    """Made when first asked for, so that one section alone costs only what it needs."""

    sizes: Sizes
    folder: Path
    cluster: Cluster
    closing: contextlib.ExitStack

    def __post_init__(self) -> None:
        self._libraries: dict[str, BenchLibrary] = {}
        self._screen: Screen | str | None = None

    def library(self, on: str) -> BenchLibrary:
        """The stocked library on `SQLITE` or `POSTGRESQL`."""
        if on not in self._libraries:
            if on == SQLITE:
                url = embedded_url(self.folder / "bench.sqlite")
            else:
                self.cluster.create_database(_DATABASE)
                self.closing.callback(self.cluster.drop_database, _DATABASE)
                url = self.cluster.url(_DATABASE)
            made = self._libraries[on] = BenchLibrary(url, self.cluster)
            self.closing.callback(made.close)
            made.make()
            made.stock(self.sizes)
        return self._libraries[on]

    def screen(self) -> Screen | None:
        """An X server of our own, or None where there can be none; `why_no_screen` says why."""
        if self._screen is None:
            try:
                self._screen = self.closing.enter_context(Screen(self.folder))
            except (ScreenError, OSError) as error:
                self._screen = str(error)
        return self._screen if isinstance(self._screen, Screen) else None

    @property
    def why_no_screen(self) -> str:
        """Why there is no X server."""
        return self._screen if isinstance(self._screen, str) else ""


@contextlib.contextmanager
def ground(sizes: Sizes, folder: Path, cluster: Cluster | None = None) -> Iterator[Ground]:
    """The ground for one run; without a `cluster` it makes a durable one, which pays for the disk."""
    with contextlib.ExitStack() as closing:
        running = cluster or closing.enter_context(Cluster(durable=True))
        yield Ground(sizes, folder, running, closing)


def environment(screen: Screen | None) -> dict[str, str]:
    """A child's environment: on that screen, or on none; the machine's language changes nothing."""
    base = dict(os.environ) if screen is None else dict(screen.environment)
    kept = {name: value for name, value in base.items() if not name.startswith("LC_") and name != "LANGUAGE"}
    words = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return kept | words | ({"QT_QPA_PLATFORM": "offscreen"} if screen is None else {})


class Child:
    """A Python process of ours: told by JSON lines, answering by JSON lines."""

    def __init__(self, *arguments: str, environment: dict[str, str]) -> None:
        self._what = " ".join(arguments)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end`
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT, env=environment, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said,
        )  # fmt: skip

    def tell(self, said: object) -> None:
        """Sends one line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(said) + "\n")
        self._process.stdin.flush()

    def finish_telling(self) -> None:
        """There is no more to be said."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def answer(self) -> Any:
        """The next line it prints. Raises BenchError with its last words when it ended instead."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise BenchError(f"{self._what} ended:\n{self._last_words()}")
        return json.loads(line)

    def end(self) -> None:
        """Ends it, if it has not ended by itself."""
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait()
        for file in (self._process.stdin, self._process.stdout, self._said):
            assert file is not None
            file.close()

    def _last_words(self) -> str:
        self._process.wait()
        self._said.seek(0)
        return "\n".join(self._said.read().decode("utf-8", "replace").splitlines()[-30:])
