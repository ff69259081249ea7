"""A patron is seen and changed in the real program, which meets a bug and crashes: nothing names them.

Not in the window's title, not in what it writes to its terminal (the traceback of a statement that was full
of their values), and in no file that it leaves anywhere but the library itself: no kept work that can be
read, no temporary file, no core.
"""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.counter.program import Terminal, built, sign_in, started
from tests.support.keyring_backend import FileKeyring
from tests.support.xvfb import wait_for

__all__ = ["built"]

NAME, TYPED = "PLANTEDNAME", "HALFTYPED"
PLANTED = {
    "name": f"{NAME} Taro",
    "kana": "ウエキ タロウ",
    "address": "PLANTEDSTREET 1-2-3",
    "telephone": "0466-99-8877",
    "email": "planted@example.jp",
}
SECRETS = (*PLANTED.values(), "ウエキ", "プランテッド", TYPED, "9988776655", "04669988", "99-8877")


@pytest.fixture
def at_work(tmp_path: Path, built: bytes) -> Iterator[Terminal]:
    """A clerk at the program; wherever it might write is below this test's folder."""
    places = {}
    for name in ("HOME", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        places[name] = str(tmp_path / f"its {name}")
        Path(places[name]).mkdir(mode=0o700)
    with started(tmp_path, built, **places, **FileKeyring.environment(tmp_path / "ring.json")) as terminal:
        with closing(sqlite3.connect(terminal.file)) as connection:
            plant(connection)
        sign_in(terminal, terminal.login)
        yield terminal


def plant(connection: sqlite3.Connection) -> None:
    """A patron, past the triggers whose functions only the program has."""
    triggers = connection.execute(
        "select name, sql from sqlite_master where type = 'trigger' and tbl_name = 'patron'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"drop trigger {name}")
    connection.execute("update patron set name = :name, kana = :kana, address = :address,"
                       " telephone = :telephone, email = :email where id = 1", PLANTED)  # fmt: skip
    connection.execute("update patron_search set name_key = ?, kana_key = ? where patron_id = 1",
                       (f"{NAME.lower()}taro", "ウエキタロウ"))  # fmt: skip
    for _, made in triggers:
        connection.execute(made)
    connection.commit()


def settled(terminal: Terminal) -> bytes:
    """The screen, once nothing moves on it."""
    before = b""
    while (now := terminal.screen.picture()) != before:
        before = now
        time.sleep(0.4)
    return now


def press(terminal: Terminal, *keys: str) -> None:
    """Presses keys, and waits until something is seen of it."""
    before = settled(terminal)
    terminal.screen.key(*keys)
    wait_for(lambda: terminal.screen.picture() != before, f"something after {keys}")
    settled(terminal)


def title_of(terminal: Terminal) -> str:
    return terminal.screen.xdotool("getwindowname", terminal.window)


def test_a_crash_leaves_no_name_behind(at_work: Terminal, tmp_path: Path) -> None:
    press(at_work, "F5")
    at_work.screen.type_like_a_clerk(NAME.lower())
    press(at_work, "Return")
    titles = {title_of(at_work)}
    # where they live is seen while the key is held
    masked = settled(at_work)
    at_work.screen.xdotool("keydown", "F11")
    wait_for(lambda: at_work.screen.picture() != masked, "what was masked")
    titles.add(title_of(at_work))
    at_work.screen.xdotool("keyup", "F11")
    # the record is changed, and the library is broken: the statement is full of what it says of them
    press(at_work, "Down")
    press(at_work, "Return")
    titles.add(title_of(at_work))
    with closing(sqlite3.connect(at_work.file)) as connection:
        connection.execute("create trigger broken after update on patron begin delete from nowhere; end")
    at_work.screen.key("F10")
    wait_for(lambda: "Traceback" in at_work.said(), "the bug")
    # else their values would stand there, too
    assert "no such table: main.nowhere" in at_work.said()
    assert "hidden due to hide_parameters" in at_work.said()
    # somebody else is half typed, and waits on the disk while the clerk is away
    press(at_work, "Escape")
    press(at_work, "Escape")
    press(at_work, "F9")
    at_work.screen.key("Tab")
    at_work.screen.type_like_a_clerk(TYPED)
    titles.add(title_of(at_work))
    at_work.screen.key("F12")
    kept = tmp_path / "home" / "kept"
    wait_for(lambda: list(kept.glob("*.kept")) != [], "the work on disk")
    at_work.program.send_signal(signal.SIGSEGV)
    assert at_work.program.wait(10) == -signal.SIGSEGV

    assert titles == {"窓口"}
    seen = 0
    for file in tmp_path.rglob("*"):
        # the library is where they are kept; the screen is a picture
        if not file.is_file() or file.name.startswith(("training.sqlite", "Xvfb_screen")):
            continue
        content = file.read_bytes()
        seen += 1
        for secret in SECRETS:
            for written in (secret.encode(), secret.encode("utf-16-le"), secret.encode("cp932")):
                assert written not in content, f"{file.relative_to(tmp_path)} names them"
    assert seen > 2
    assert list(kept.glob("*.kept"))
    assert not list(tmp_path.rglob("core*"))
