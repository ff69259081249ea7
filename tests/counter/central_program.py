"""The real program at an enrolled terminal of a real central server, worked by keys from the X server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from madoguchi.app.terminal.identity import Identity
from tests.counter.clocked_program import CLOCK_FILE
from tests.counter.harness import CounterLibrary
from tests.counter.program import Terminal
from tests.support.keyring_backend import FileKeyring, set_keyring
from tests.support.library import SOGO
from tests.support.staff import PASSWORD, terminal_number
from tests.support.terminals import enrol
from tests.support.xvfb import Screen, wait_for

PLACE = 3
"""Which of the branch's terminals it is."""
LIMIT_SECONDS = 2.0
"""How long it waits for an answer of the server."""


class CentralTerminal(Terminal):
    """The program on a screen of its own, and the central server it works on.

    Its time of day is the library's own, which stands still until a test moves it.
    """

    module = "tests.counter.clocked_program"
    login = "clerk"
    password = PASSWORD

    def __init__(self, home: Path, screen: Screen, library: CounterLibrary, **environment: str) -> None:
        self.library = library
        self.home = home
        self._clock = home / "clock"
        self.set_clock(library.now)
        super().__init__(home, screen, **environment, **{CLOCK_FILE: str(self._clock)})

    def set_clock(self, now: dt.datetime) -> None:
        """The terminal's time of day, from now on; the server's stays as it is."""
        unfinished = self._clock.with_suffix(".new")
        unfinished.write_text(now.isoformat(), encoding="ascii")
        unfinished.replace(self._clock)

    def free_books(self) -> list[str]:
        """Three numbers of books that can be lent."""
        return [self.library.item() for _ in range(3)]

    def ask(self, statement: str) -> int:
        """A number, asked of the server as its administrator."""
        with self.library.engine.connect() as connection:
            return int(connection.exec_driver_sql(statement).scalar_one())

    def connections(self) -> int:
        """How many connections of members of staff this library's database has."""
        return self.ask(
            "select count(*) from pg_stat_activity where datname = current_database()"
            f" and usename <> '{self.library.url.username}'"
        )

    def nobody_is_connected(self) -> None:
        """Waits until no member of staff is connected. Raises ScreenError."""
        wait_for(lambda: self.connections() == 0, "the end of the connection")


@contextmanager
def on_server(tmp_path: Path, library: CounterLibrary, **environment: str) -> Iterator[CentralTerminal]:
    """The program, enrolled and started on a screen of its own."""
    cluster, home = library.cluster, tmp_path / "home"
    assert cluster is not None
    home.mkdir()
    ring = tmp_path / "ring.json"
    with set_keyring(FileKeyring(ring)):
        enrol(cluster, terminal_number(SOGO, PLACE), Identity(home / "identity"))
    address = f"postgresql+pyodbc://{cluster.host}:{cluster.port}/{library.url.database}"
    (home / "settings.toml").write_text(
        f'server = "{address}"\nlimit_seconds = {LIMIT_SECONDS}\n', encoding="ascii"
    )
    with Screen(tmp_path) as screen:
        made = CentralTerminal(home, screen, library, **FileKeyring.environment(ring), **environment)
        yield made
        if made.program.poll() is None:
            made.program.kill()
            made.program.wait()


@pytest.fixture
def central(tmp_path: Path, served: CounterLibrary) -> Iterator[CentralTerminal]:
    """The program on the server, where nobody is signed in."""
    with on_server(tmp_path, served) as made:
        yield made


def settled(look: Callable[[], bytes]) -> bytes:
    """A picture once it has not changed for a moment."""
    seen: list[bytes] = []

    def holds() -> bool:
        seen.append(look())
        return len(set(seen[-5:])) == 1 and len(seen) >= 5

    wait_for(holds, "a picture that stays")
    return seen[-1]
