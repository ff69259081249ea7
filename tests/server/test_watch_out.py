"""The watcher beside a real server: who is put out or freed while nothing but it runs."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import psycopg
import pytest

from madoguchi.app.lending.answers import CheckedOut, VisitOpened
from madoguchi.app.lending.checkout import check_out
from madoguchi.app.server.outage import Outage, SessionEnded
from madoguchi.app.staff.session import SignedIn, SignedInElsewhere, SignInProblem
from tests.server.watch_helpers import TERMINAL, connections, is_out, looks_at, seat, signs_in, tried
from tests.support.library import SmallLibrary, new_id
from tests.support.staff import PASSWORD
from tests.support.terminals import terminal_certificate
from tests.support.watching import acts, asked, done, wait_until, watching
from tests.support.wire import Wire


@pytest.fixture
def library(watched_library: SmallLibrary) -> SmallLibrary:
    """A small library of the test's own."""
    return watched_library


@pytest.fixture
def sockets(watch_sockets: Path) -> Path:
    """Where the server's socket lies."""
    return watch_sockets


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
    assert wait_until(lambda: signs_in(seat(library), "hired") is SignInProblem.NOT_KNOWN)


def test_an_account_disabled_past_every_function_is_out(
    library: SmallLibrary, watched: None, login: str
) -> None:
    clerk = seat(library)
    assert isinstance(clerk.sign_in(login, PASSWORD), SignedIn)
    done(library, "update account.state set disabled_at = now() where login = :login", login=login)
    assert wait_until(lambda: connections(library, login) == 0)
    how = "select how_ended from account.session where login = :login"
    assert wait_until(lambda: asked(library, how, login=login) == "account ended")


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
    """One of the staff, with psql, keeps the rows locked that the end of their own account must change."""
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
