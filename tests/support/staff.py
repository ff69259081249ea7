"""The staff of a test's library, and on a central server their way in: a login each, certified terminals.

Logins are of the whole PostgreSQL server and outlive a test's database; accounts are of the database. So a
login is made once and stays, and every library has an account for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.server import tables as t
from madoguchi.app.server.central import CentralServer
from madoguchi.app.server.engine import make_engine
from madoguchi.app.server.gateway import LendingServer
from madoguchi.app.staff.passwords import make_verifier as embedded_verifier
from madoguchi.app.staff.scram import make_verifier
from madoguchi.app.staff.session import SignedIn
from tests.support.cluster import Cluster
from tests.support.terminals import terminal_certificate

T = TypeVar("T")

PASSWORD = "tsuki-to-rokupensu"
CROWD = 40
"""How many more logins there are like the clerk's: one person works at one terminal at a time."""

# tests work with several connections of one login where a person never would
_CONNECTIONS = 50


@cache
def _verifier() -> str:
    return make_verifier(PASSWORD, salt=b"for the tests 16")


@cache
def _embedded_verifier() -> str:
    return embedded_verifier(PASSWORD)


def login_of(name: str, place: int) -> str:
    """The login of the so-manieth person like ``name``; the first is ``name`` itself."""
    return name if place == 0 else f"{name}_{place}"


def add_staff(
    connection: sa.Connection,
    *,
    login: str,
    role: str,
    name: str,
    branches: tuple[int, ...] = (),
    **changes: Any,
) -> None:
    """Adds a member of staff whose password is ``PASSWORD``, on a central server with a login and a crowd."""
    if connection.dialect.name == "sqlite":
        row = {"login": login, "name": name, "role": role, "password_hash": _embedded_verifier()}
        connection.execute(t.staff.insert().values(row | changes))
        _add_branches(connection, [login], branches)
        return
    logins = [login_of(login, place) for place in range(CROWD if role == "counter_staff" else 3)]
    rows = [{"login": each, "name": name, "role": role} | changes for each in logins]
    connection.execute(t.staff.insert(), rows)
    _add_branches(connection, logins, branches)
    let_in(connection, logins, role)


def let_in(connection: sa.Connection, logins: list[str], role: str) -> None:
    """Gives members of staff of a central server a login whose password is ``PASSWORD``, and an account."""
    run = connection.exec_driver_sql
    there = set(run("select rolname from pg_roles").scalars())
    for each in logins:
        if each not in there:
            run(f"create role {each} login connection limit {_CONNECTIONS} password '{_verifier()}'")
            run(f"grant staff_login, {role} to {each}")
    listed = ", ".join(f"('{each}')" for each in logins)
    run(f"insert into account.state (login, must_change) select *, false from (values {listed}) l")
    run(f"insert into account.password (login, verifier) select *, '{_verifier()}' from (values {listed}) l")


def _add_branches(connection: sa.Connection, logins: list[str], branches: tuple[int, ...]) -> None:
    rows = [{"login": login, "branch_id": branch} for login in logins for branch in branches]
    if rows:
        connection.execute(t.staff_branch.insert(), rows)


def terminal_number(branch_id: int, place: int) -> int:
    """The number of a branch's so-manieth terminal; its certificate's serial is 1000 more."""
    return 100 * branch_id + place


TERMINALS = 20
"""Terminals in each branch of a test's library."""


def enrol_terminals(connection: sa.Connection) -> None:
    """Enrols the terminals of every branch; their certificates are made when somebody first works there."""
    connection.exec_driver_sql(
        "insert into account.terminal (name, branch_id, serial, valid_until)"
        " select b.short_name || ' ' || p + 1 || '番窓口', b.id, (1000 + 100 * b.id + p)::text, 'infinity'"
        f" from branch b cross join generate_series(0, {TERMINALS - 1}) p order by b.id, p"
    )


def terminal_url(url: sa.URL, cluster: Cluster, terminal: int) -> sa.URL:
    """The address of a library as a terminal has it: with its certificate, for nobody yet."""
    certificate = terminal_certificate(cluster, terminal)
    shown = {"sslcert": str(certificate.cert), "sslkey": str(certificate.key)}
    # None leaves what is there
    return url._replace(username=None, password=None).update_query_dict(shown)


def door_at(url: sa.URL) -> Callable[[str, str], sa.Engine]:
    """The door of the terminal with that address: an engine for whoever gives their login and password."""
    return lambda login, password: make_engine(url.set(username=login, password=password))


def door(url: sa.URL, cluster: Cluster, terminal: int) -> Callable[[str, str], sa.Engine]:
    """The door of a terminal of a library."""
    return door_at(terminal_url(url, cluster, terminal))


def line_to(url: sa.URL, **settings: float) -> LendingServer | CentralServer:
    """A terminal's own way to a library: into the file, or to the central server with nobody signed in."""
    if url.get_backend_name() == "postgresql":
        return CentralServer(door_at(url), **settings)
    return LendingServer(make_engine(url), **settings)


class Seats:
    """A way to a central server for tests: an act that names a desk is done by a person signed in there.

    ``place`` tells one such way from another: each has people and terminals of its own.
    """

    def __init__(self, url: sa.URL, cluster: Cluster, *, place: int = 0, **settings: float) -> None:
        self._url = url
        self._cluster = cluster
        self._place = place
        self._settings = settings
        self._taken: dict[tuple[str, int], CentralServer] = {}

    def run(self, act: Callable[[Any], T], desk: Desk | None = None) -> T:
        """Runs ``act`` at ``desk``, or at the one that it names; else where the clerk sits."""
        named = getattr(act, "keywords", {}).get("desk")
        return self.at(desk or named or Desk(1, "", "clerk")).run(act)

    def at(self, desk: Desk) -> CentralServer:
        """The way of whoever sits at a desk; signs them in first."""
        key = (desk.login, desk.branch_id)
        if key not in self._taken:
            # nobody sits at two desks: the clerk of another branch is another person
            same = sum(login == desk.login for login, _ in self._taken)
            login = login_of(desk.login, 5 * self._place + same)
            terminal = terminal_number(desk.branch_id, self._place % TERMINALS)
            server = CentralServer(door(self._url, self._cluster, terminal), **self._settings)
            answer = server.sign_in(login, PASSWORD)
            assert isinstance(answer, SignedIn), f"{login} at {terminal}: {answer}"
            self._taken[key] = server
        return self._taken[key]

    def sign_out(self) -> None:
        """Everybody goes home."""
        for server in self._taken.values():
            server.sign_out()
        self._taken.clear()

    def close(self) -> None:
        """The same."""
        self.sign_out()
