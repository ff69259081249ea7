"""The watcher beside a real server: which bad sign-ins lock a login, and that nobody can make them up."""

from __future__ import annotations

import logging
from pathlib import Path

import psycopg
import pytest

from madoguchi.app.lending.answers import VisitOpened
from madoguchi.app.staff.session import SignedIn, SignInProblem
from tests.server.watch_helpers import LOCKED, TAKES, TERMINAL, fail, looks_at, seat, tried
from tests.support.library import SmallLibrary
from tests.support.staff import PASSWORD
from tests.support.terminals import terminal_certificate
from tests.support.watching import acts, asked, done, wait_until, watching


@pytest.fixture
def library(watched_library: SmallLibrary) -> SmallLibrary:
    """A small library of the test's own."""
    return watched_library


@pytest.fixture
def sockets(watch_sockets: Path) -> Path:
    """Where the server's socket lies."""
    return watch_sockets


# -- locks -------------------------------------------------------------------------------------------


def test_five_bad_sign_ins_lock_a_login_for_a_quarter_of_an_hour(
    library: SmallLibrary, watched: None, login: str
) -> None:
    fail(library, login, 4)
    assert not asked(library, LOCKED, login=login)
    assert tried(library, login, PASSWORD) == ""
    fail(library, login, 1)
    assert asked(library, LOCKED, login=login)
    minutes = (
        "select round(extract(epoch from locked_until - now()) / 60) from account.state where login = :login"
    )
    assert asked(library, minutes, login=login) == 15
    assert acts(library, "account locked", login) == 1
    # the right password and a wrong one are told the same
    assert tried(library, login, PASSWORD) == tried(library, login, "not the password") != ""
    assert seat(library).sign_in(login, PASSWORD) is SignInProblem.NOT_KNOWN
    assert wait_until(lambda: asked(library, TAKES, login=login) == 8)
    until = asked(library, "select locked_until from account.state where login = :login", login=login)
    fail(library, login, 5)
    assert until == asked(library, "select locked_until from account.state where login = :login", login=login)
    assert acts(library, "account locked", login) == 1


def test_a_lock_ends_by_itself_and_what_was_tried_meanwhile_does_not_renew_it(
    library: SmallLibrary, watched: None, login: str
) -> None:
    fail(library, login, 5)
    fail(library, login, 4)
    done(library, "update account.state set locked_until = now() where login = :login", login=login)
    assert wait_until(lambda: acts(library, "lock over", login) == 1)
    fail(library, login, 1)
    assert not asked(library, LOCKED, login=login)
    assert tried(library, login, PASSWORD) == ""


def test_the_security_manager_unlocks(library: SmallLibrary, watched: None, login: str) -> None:
    fail(library, login, 5)
    manager = seat(library, terminal=101)
    assert isinstance(manager.sign_in("manager", PASSWORD), SignedIn)
    unlock = f"select account.unlock_staff('{login}')"
    manager.run(lambda connected: connected.connection.exec_driver_sql(unlock).scalar_one())
    manager.close()
    clerk = seat(library)
    entered = clerk.sign_in(login, PASSWORD)
    assert isinstance(entered, SignedIn)
    # they learn of it
    assert entered.failures == 5
    clerk.close()
    assert acts(library, "account unlocked") == 0, "it stands in the terminal's chain, as the manager's act"
    who = "select who from audit.record where act = 'account unlocked'"
    assert asked(library, who) == "manager"


def test_a_sign_in_that_goes_well_begins_the_count_anew(
    library: SmallLibrary, watched: None, login: str
) -> None:
    fail(library, login, 4)
    clerk = seat(library)
    assert isinstance(clerk.sign_in(login, PASSWORD), SignedIn)
    clerk.close()
    fail(library, login, 4)
    assert not asked(library, LOCKED, login=login)
    fail(library, login, 1)
    assert asked(library, LOCKED, login=login)


def test_a_lock_does_not_end_the_session_of_its_owner(
    library: SmallLibrary, watched: None, login: str
) -> None:
    card, clerk = library.patron(), seat(library)
    assert isinstance(clerk.sign_in(login, PASSWORD), SignedIn)
    fail(library, login, 5)
    assert isinstance(looks_at(clerk, card), VisitOpened)
    clerk.close()


@pytest.mark.parametrize(
    "name",
    [
        '{login}"',
        '"{login}',
        'x" "{login}',
        'x"\n{line} "{login}',
        'x"\r{line} "{login}',
        'x"\r\n{line} "{login}',
        'x"\n{short} "{login}',
        'x"\v{short} "{login}',
        'x"\x85{short} "{login}',
        "x\u2028{short} {login}",
        "{login}\n",
        "{login} ",
        "{login}\t",
    ],
)
def test_nobody_is_locked_out_by_a_login_that_is_made_to_look_like_a_line(
    library: SmallLibrary, watched: None, login: str, name: str
) -> None:
    short = "2026-11-28 20:10:11.123 UTC [1] ::1 FATAL:  password"
    line = f"{short} authentication failed for user"
    forged = name.format(login=login, line=line, short=short)
    for _ in range(6):
        assert tried(library, forged, "x") != ""
    # what is really theirs is counted after it, so all before it has been read
    fail(library, login, 1)
    assert asked(library, TAKES, login=login) == 1
    assert not asked(library, LOCKED, login=login)


def test_nobody_is_locked_out_by_a_colleague_with_psql(
    library: SmallLibrary, watched: None, login: str
) -> None:
    """Whoever is signed in has long messages logged, and chooses every word of them but the beginning."""
    lines = "\n".join(
        f"2099-01-01 00:00:0{second}.000 UTC [{second}] 10.0.0.5 FATAL:  "
        f'password authentication failed for user "{login}"'
        for second in range(6)
    )
    line = library.cluster.conninfo(
        library.url.database,
        user="clerk_1",
        password=PASSWORD,
        terminal=terminal_certificate(library.cluster, TERMINAL),
        application_name=f'x" {lines[:40]}',
    )
    with psycopg.connect(line, autocommit=True) as session:
        for text in ("x\n" + lines, "x\r" + lines, "x" * (1 << 20) + "\n" + lines, lines):
            escaped = text.replace("'", "''")
            session.execute(f"do $do$ begin raise log '%', '{escaped}'; end $do$".encode())
            with pytest.raises(psycopg.Error):
                session.execute(f"do $do$ begin raise exception '%', '{escaped}'; end $do$".encode())
        with pytest.raises(psycopg.Error):
            session.execute(f'select 1 as "a" from "{lines[:60]}"'.encode())
        with pytest.raises(psycopg.Error):
            session.execute(f"set timezone = '{escaped[:200]}'".encode())
    log = max(library.cluster.log_path.parent.glob("*.log")).read_bytes()
    assert login.encode() in log, "the attempt has come as far as the log"
    fail(library, login, 1)
    assert asked(library, TAKES, login=login) == 1
    assert not asked(library, LOCKED, login=login)


# -- the log -----------------------------------------------------------------------------------------


def test_no_bad_sign_in_is_lost_or_counted_twice_over_rotation_and_restart(
    sockets: Path, library: SmallLibrary, login: str
) -> None:
    server = library.cluster
    with watching(sockets, server, library.url.database):
        fail(library, login, 1)
    tried(library, login, "x")
    files = len(list(server.log_path.parent.glob("*.log")))
    server.stop()
    server.start()
    assert len(list(server.log_path.parent.glob("*.log"))) > files, "a start begins a new file"
    library.engine.dispose()
    tried(library, login, "x")
    with watching(sockets, server, library.url.database):
        assert wait_until(lambda: asked(library, TAKES, login=login) == 3)
        # and while it watches
        server.stop()
        server.start()
        fail(library, login, 1)
    with watching(sockets, server, library.url.database):
        beat = asked(library, "select beat_at from watch.state")
        assert wait_until(lambda: asked(library, "select beat_at from watch.state") > beat)
    assert asked(library, TAKES, login=login) == 4


def test_a_log_that_waited_for_the_watcher_locks_nobody_now(library: SmallLibrary, login: str) -> None:
    note = "select watch.failed_sign_in(:login, now() - interval '1 hour', :pid, '10.0.0.5')"
    assert [asked(library, note, login=login, pid=pid) for pid in range(6)] == ["noted"] * 6
    assert not asked(library, LOCKED, login=login)


def test_the_watcher_says_nothing_of_people_and_no_heart_beats_where_there_is_no_log(
    sockets: Path, library: SmallLibrary, login: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "madoguchi")
    with watching(sockets, library.cluster, library.url.database):
        fail(library, login, 5)
        library.cluster.kill()
        library.cluster.start()
        assert wait_until(lambda: "watching again" in caplog.text)
    assert "cannot watch just now" in caplog.text
    assert login not in caplog.text
    library.cluster.log_path, kept = tmp_path / "none.log", library.cluster.log_path
    try:
        beat = asked(library, "select beat_at from watch.state")
        caplog.clear()
        with watching(sockets, library.cluster, library.url.database):
            assert wait_until(lambda: "the log: no log is written there" in caplog.text)
        assert asked(library, "select beat_at from watch.state") == beat
    finally:
        library.cluster.log_path = kept
