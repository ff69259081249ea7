"""The watcher beside a real server: who is locked, put out or freed while nothing but it runs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from madoguchi.app.lending.answers import CheckedOut, VisitOpened
from madoguchi.app.lending.checkout import check_out, open_visit
from madoguchi.app.server.central import CentralServer
from madoguchi.app.server.outage import Outage, SessionEnded
from madoguchi.app.staff.session import SignedIn, SignedInElsewhere, SignInProblem
from tests.support.cluster import Cluster
from tests.support.library import TODAY, SmallLibrary, new_id
from tests.support.staff import PASSWORD, door
from tests.support.terminals import terminal_certificate
from tests.support.watching import (
    acts,
    asked,
    directory_for_sockets,
    done,
    let_watcher_in,
    production_log,
    wait_until,
    watching,
)
from tests.support.wire import Wire

TERMINAL = 100
TAKES = "select count(*) from account.failure where login = :login"
LOCKED = "select locked_until > now() from account.state where login = :login"


@pytest.fixture(scope="module")
def sockets() -> Iterator[Path]:
    """Where the server's socket lies."""
    with directory_for_sockets() as made:
        yield made


@pytest.fixture(scope="module")
def server(sockets: Path) -> Iterator[Cluster]:
    """A server that logs as in production, and lets the watcher in."""
    settings = production_log() | {"unix_socket_directories": str(sockets)}
    with Cluster(settings=settings) as running:
        let_watcher_in(running)
        running.create_database("template_library")
        library = SmallLibrary(running.url("template_library"), running)
        library.make()
        library.add_staff("manager", "security_manager", "情報 管理")
        library.add_staff("hired", "contract_staff", "委託 一", branches=(1,), active_until=TODAY)
        library.close()
        yield running


_numbers = count(1)


@pytest.fixture
def library(server: Cluster) -> Iterator[SmallLibrary]:
    """A small library of the test's own."""
    name = f"watched_{next(_numbers)}"
    server.recover()
    server.create_database(name, template="template_library")
    made = SmallLibrary(server.url(name), server)
    yield made
    server.recover()
    made.close()
    server.drop_database(name)


_places = count(4)


@pytest.fixture
def login() -> str:
    """A clerk that no other test has to do with: the log tells of the whole server."""
    return f"clerk_{next(_places)}"


@pytest.fixture
def watched(sockets: Path, library: SmallLibrary) -> Iterator[None]:
    """The watcher runs."""
    with watching(sockets, library.cluster, library.url.database):
        yield


def seat(library: SmallLibrary, terminal: int = TERMINAL, port: int | None = None) -> CentralServer:
    """A terminal's way to the library."""
    url = library.url if port is None else library.url.set(port=port)
    return CentralServer(door(url, library.cluster, terminal))


def tried(library: SmallLibrary, login: str, password: str) -> str:
    """What a sign-in with libpq comes to: the server's words, or nothing for one that went well."""
    line = library.cluster.conninfo(
        library.url.database,
        user=login,
        password=password,
        terminal=terminal_certificate(library.cluster, TERMINAL),
    )
    try:
        psycopg.connect(line).close()
    except psycopg.OperationalError as error:
        return str(error).partition("FATAL:")[2].strip()
    return ""


def fail(library: SmallLibrary, login: str, times: int) -> None:
    """Bad sign-ins, all of them taken note of."""
    before = asked(library, TAKES, login=login)
    for _ in range(times):
        assert "password authentication failed" in tried(library, login, "not the password")
    assert wait_until(lambda: asked(library, TAKES, login=login) == before + times)


def looks_at(server: CentralServer, card: str) -> Any:
    """An act of somebody who is signed in."""
    return server.run(partial(open_visit, visit=new_id(), card_number=card, desk=None))


def signs_in(server: CentralServer, login: str) -> Any:
    """What a sign-in is answered; None where the watcher ended its connection before the answer."""
    try:
        return server.sign_in(login, PASSWORD)
    except Outage:
        return None


def is_out(server: CentralServer, card: str) -> bool:
    """Whether the server takes no act of theirs any more."""
    try:
        looks_at(server, card)
    except (SessionEnded, Outage):
        return True
    return False


def connections(library: SmallLibrary, login: str) -> int:
    """How many connections a login has."""
    return asked(library, "select count(*) from pg_stat_activity where usename = :login", login=login)


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


# -- who is put out ----------------------------------------------------------------------------------


def test_the_heart_beats_at_the_counters(library: SmallLibrary, sockets: Path, login: str) -> None:
    clerk = seat(library)
    assert isinstance(clerk.sign_in(login, PASSWORD), SignedIn)
    assert not clerk.run(lambda connected: connected.look_after()).watched
    with watching(sockets, library.cluster, library.url.database):
        assert wait_until(lambda: clerk.run(lambda connected: connected.look_after()).watched)
    clerk.close()


def test_a_contract_that_ends_puts_out_whoever_is_in(library: SmallLibrary, watched: None) -> None:
    card, hired = library.patron(), seat(library)
    assert isinstance(hired.sign_in("hired", PASSWORD), SignedIn)
    assert isinstance(looks_at(hired, card), VisitOpened)
    library.pass_time(days=1)
    # nothing is asked meanwhile: the connection itself goes
    assert wait_until(lambda: connections(library, "hired") == 0)
    assert wait_until(lambda: acts(library, "session ended", "hired") == 1)
    assert is_out(hired, card)
    assert seat(library).sign_in("hired", PASSWORD) is SignInProblem.NOT_KNOWN


def test_an_account_disabled_past_every_function_is_out(
    library: SmallLibrary, watched: None, login: str
) -> None:
    clerk = seat(library)
    assert isinstance(clerk.sign_in(login, PASSWORD), SignedIn)
    done(library, "update account.state set disabled_at = now() where login = :login", login=login)
    assert wait_until(lambda: connections(library, login) == 0)
    how = "select how_ended from account.session where login = :login"
    assert asked(library, how, login=login) == "account ended"


def test_a_terminal_that_is_revoked_is_out(library: SmallLibrary, watched: None, login: str) -> None:
    clerk, other = seat(library, 105), seat(library, 106)
    assert isinstance(clerk.sign_in(login, PASSWORD), SignedIn)
    assert isinstance(other.sign_in("clerk_2", PASSWORD), SignedIn)
    done(library, "update account.terminal set revoked_at = now() where serial = '1105'")
    assert wait_until(lambda: connections(library, login) == 0)
    assert connections(library, "clerk_2") == 1
    how = "select how_ended from account.session where login = :login"
    assert wait_until(lambda: asked(library, how, login=login) == "terminal revoked")
    assert wait_until(lambda: signs_in(clerk, login) is SignInProblem.TERMINAL_REVOKED)
    other.close()


def test_a_password_set_past_the_rules_disables_the_login(library: SmallLibrary, watched: None) -> None:
    login = "clerk_3"
    before = asked(library, "select rolpassword from pg_authid where rolname = :login", login=login)
    try:
        library.cluster.psql(
            "postgres", f"alter role {login} valid until 'infinity'"
        )  # as every account's is; the tests' logins are made without
        line = library.cluster.conninfo(
            library.url.database,
            user=login,
            password=PASSWORD,
            terminal=terminal_certificate(library.cluster, TERMINAL),
        )
        with psycopg.connect(line, autocommit=True) as session:
            session.execute(f"alter role {login} password 'a'".encode())
            assert wait_until(lambda: connections(library, login) == 0)
        assert wait_until(lambda: acts(library, "account disabled", login) == 1)
        assert tried(library, login, "a") != ""
        why = "select subject ->> 'why' from audit.record where act = 'account disabled'"
        assert asked(library, why) == "its password was changed past the rules"
    finally:
        library.cluster.psql(
            "postgres",
            f"alter role {login} password '{before}' valid until 'infinity'; grant counter_staff to {login}",
        )


def test_a_session_whose_line_was_cut_is_freed_and_goes_on_by_itself(
    library: SmallLibrary, watched: None, login: str
) -> None:
    card, item = library.patron(), library.item()
    with Wire(library.cluster.host, library.cluster.port) as wire:
        clerk = seat(library, port=wire.port)
        assert isinstance(clerk.sign_in(login, PASSWORD), SignedIn)
        wire.cut()
        lost = "select count(*) from account.session where login = :login and how_ended = 'lost'"
        assert wait_until(lambda: asked(library, lost, login=login) == 1)
        chain = "select count(*) from audit.record where act = 'session lost' and who = :login"
        assert asked(library, chain, login=login) == 1
        lend = partial(
            check_out, operation=new_id(), visit=new_id(), card_number=card, item_number=item, desk=None
        )
        with pytest.raises(Outage):
            clerk.run(lend)
        assert isinstance(clerk.run(lend), CheckedOut)
        opened = "select count(*) from account.session where login = :login"
        assert asked(library, opened, login=login) == 1, "it is the same session"
        assert asked(library, lost, login=login) == 0
        clerk.close()


def test_a_dead_session_stands_in_nobodys_way(library: SmallLibrary, watched: None, login: str) -> None:
    with Wire(library.cluster.host, library.cluster.port) as wire:
        clerk = seat(library, port=wire.port)
        assert isinstance(clerk.sign_in(login, PASSWORD), SignedIn)
        other = seat(library, terminal=101)
        assert isinstance(other.sign_in(login, PASSWORD), SignedInElsewhere)
        wire.cut()
        assert wait_until(lambda: connections(library, login) <= 1)
        assert wait_until(lambda: isinstance(other.sign_in(login, PASSWORD), SignedIn))
        # the first one does not push the later one aside
        with pytest.raises((Outage, SessionEnded)):
            clerk.run(lambda connected: connected.look_after())
        with pytest.raises(SessionEnded):
            clerk.run(lambda connected: connected.look_after())
        other.close()
        clerk.close()


def test_a_transaction_kept_open_holds_up_neither_the_watcher_nor_a_disabling(
    library: SmallLibrary, watched: None, login: str
) -> None:
    """One of the staff, with psql, keeps the rows locked that their own account's end would have to change."""
    line = library.cluster.conninfo(
        library.url.database,
        user=login,
        password=PASSWORD,
        terminal=terminal_certificate(library.cluster, TERMINAL),
    )
    with psycopg.connect(line) as session:
        session.execute("select desk.enter(gen_random_uuid(), false)")
        assert wait_until(lambda: connections(library, login) == 0)
        with pytest.raises(psycopg.OperationalError):
            session.execute("select 1")
    assert wait_until(lambda: acts(library, "transaction ended", login) == 1)
    beat = asked(library, "select beat_at from watch.state")
    assert wait_until(lambda: asked(library, "select beat_at from watch.state") > beat)


def test_what_is_erased_by_the_clock_is_erased(library: SmallLibrary, watched: None) -> None:
    card, item, server = library.patron(), library.item(), library.server()
    desk = library.desk()
    lent = partial(
        check_out, operation=new_id(), visit=new_id(), card_number=card, item_number=item, desk=desk
    )
    assert isinstance(server.run(lent), CheckedOut)
    done(library, "update loan set returned_at = public.library_clock(), returned_on = lent_on")
    library.pass_time(hours=1)
    assert wait_until(lambda: asked(library, "select count(*) from loan") == 0)
