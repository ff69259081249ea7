"""The real program on a screen of its own, worked by keys from the X server."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from madoguchi.app.catalogue.ndl import shipped_records
from madoguchi.app.staff.passwords import make_verifier
from madoguchi.app.training import library
from madoguchi.app.training.situations import STAFF, TRAINING_PASSWORD, patron_number
from tests.support.xvfb import Screen, ScreenError, wait_for

TRIES = 20

# The rail's function keys stand here once somebody is signed in; before that there is only ground.
_RAIL = (8, 200, 80, 300)
FREE_BOOKS = """
select item.number from item
 where kind = 'book' and not reference_only and attachments = '' and note = '' and item.id > 19
   and not exists (select 1 from loan where loan.item_id = item.id)
   and not exists (select 1 from reservation where reservation.title_id = item.title_id)
 order by item.id
"""
LOANS = """
select item.number from loan join item on item.id = loan.item_id join card on card.patron_id = loan.patron_id
 where card.number = ? order by loan.id
"""


class Terminal:
    """The program on a screen of its own, and the embedded library it works on."""

    module = "madoguchi"
    login = STAFF[0].login
    password = TRAINING_PASSWORD

    def __init__(self, home: Path, screen: Screen, **environment: str) -> None:
        self.file = home / "training.sqlite"
        self.screen = screen
        self._log = home / "program.log"
        self.environment = screen.environment | {
            "MADOGUCHI_HOME": str(home),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self.environment |= environment
        self.start()

    def start(self) -> None:
        """Starts the program and waits for its first page."""
        with self._log.open("ab") as log:
            self.program = subprocess.Popen(
                [sys.executable, "-m", self.module],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        found = self.screen.xdotool("search", "--sync", "--onlyvisible", "--name", "^窓口$")
        self.window = found.splitlines()[0]
        wait_for(lambda: self.screen.colours(500, 150, 400, 400) > 20, "the sign-in page")

    def signed_in(self) -> bool:
        """Whether the rail with its keys is there."""
        return self.screen.colours(*_RAIL) > 5

    def rows(self, sql: str, *values: str) -> list[str]:
        """The first column of a query."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as connection:
            return [row[0] for row in connection.execute(sql, values)]

    def free_books(self) -> list[str]:
        """Numbers of books that can be lent."""
        return self.rows(FREE_BOOKS)

    def said(self) -> str:
        """What the program wrote to its terminal."""
        return self._log.read_text(encoding="utf-8")

    def end(self) -> int:
        """Closes the window by the window manager's key; returns the exit status."""
        self.screen.key("alt+F4")
        return self.program.wait(30)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A training library, with one more member of staff: their login is a number that could be a card's."""
    file = tmp_path_factory.mktemp("built") / "training.sqlite"
    library.reset(file, shipped_records().records)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "insert into staff (login, name, role, password_hash) values (?, '番号', 'counter_staff', ?)",
            (patron_number(999), make_verifier(TRAINING_PASSWORD)),
        )
        connection.commit()
    return file.read_bytes()


@pytest.fixture
def terminal(tmp_path: Path, built: bytes) -> Iterator[Terminal]:
    with started(tmp_path, built) as made:
        yield made


@contextmanager
def started(tmp_path: Path, built: bytes, settings: str = "", **environment: str) -> Iterator[Terminal]:
    """The program, on a screen and a library of its own."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text(settings, encoding="utf-8")
    (home / "training.sqlite").write_bytes(built)
    with Screen(tmp_path) as screen:
        made = Terminal(home, screen, **environment)
        yield made
        if made.program.poll() is None:
            made.program.kill()
            made.program.wait()


def scan(terminal: Terminal, code: str, *, key_ms: int = 5) -> None:
    """Scans, and scans again as a clerk would if the machine was too busy to type like a scanner."""
    for _ in range(TRIES):
        if terminal.screen.type_like_a_scanner(code, key_ms=key_ms):
            return
    raise ScreenError("this machine is too busy to type like a scanner")


def give_password(terminal: Terminal, login: str) -> None:
    """Types a login and its password at the sign-in page, as people type."""
    terminal.screen.type_like_a_clerk(login)
    terminal.screen.key("Return")
    terminal.screen.type_like_a_clerk(terminal.password)
    terminal.screen.key("Return")


def sign_in(terminal: Terminal, login: str) -> None:
    """Signs in by keyboard."""
    give_password(terminal, login)
    wait_for(terminal.signed_in, "the checkout page")
