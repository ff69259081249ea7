"""What the tests of the watcher do and look at."""

from __future__ import annotations

from functools import partial
from typing import Any

import psycopg

from madoguchi.app.lending.checkout import open_visit
from madoguchi.app.server.central import CentralServer
from madoguchi.app.server.outage import Outage, SessionEnded
from tests.support.library import SmallLibrary, new_id
from tests.support.staff import PASSWORD, door
from tests.support.terminals import terminal_certificate
from tests.support.watching import asked, wait_until

TERMINAL = 100
TAKES = "select count(*) from account.failure where login = :login"
LOCKED = "select locked_until > now() from account.state where login = :login"


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
