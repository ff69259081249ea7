"""A central library with everybody who might come to it, and their two ways in: our dialect and psql."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from madoguchi.app.server import entering, rights
from madoguchi.app.server.engine import make_engine
from madoguchi.app.server.odbc_errors import sqlstate
from madoguchi.app.staff.scram import make_verifier
from tests.support.binaries import find_binaries
from tests.support.cluster import Cluster
from tests.support.library import SmallLibrary
from tests.support.staff import door, terminal_number
from tests.support.terminals import terminal_certificate

TEMPORARY = "hitotsuki-dake-no-kotoba"
PASSWORD = "kaminari-to-inabikari"
SOGO, TSUJIDO = 1, 3
BRANCHES = {SOGO: "sogo", TSUJIDO: "tsujido"}
STRANGE_TERMINAL = 990
REVOKED_TERMINAL = 991
# the machine's clock may be far from the test's: nobody's last day comes between
LATE = dt.date(2099, 12, 31)

_logins = count(1)
_verifier = make_verifier(TEMPORARY, salt=b"for the tests 17")


@dataclass(frozen=True)
class Person:
    """Somebody with a login, and the terminal they come from; none: without a certificate."""

    login: str
    role: str
    terminal: int | None


@dataclass(frozen=True)
class Tried:
    """How a statement ended: its SQLSTATE ('00000': well), what it printed, and what was said of an error."""

    state: str
    printed: str = ""
    said: str = ""


class Refused(Exception):
    """A connection or a call that the server refused; the value is its SQLSTATE."""


class World:
    """The library, and the people who come to it with logins of their own, dropped at the end."""

    def __init__(self, cluster: Cluster, template: str, name: str) -> None:
        self.cluster = cluster
        self.name = name
        self._template = template
        self._people: list[str] = []
        cluster.create_database(name, template=template)
        self.library = SmallLibrary(cluster.url(name), cluster)
        with self.library.engine.connect() as connection:
            # who may connect and make temporary tables is not copied with a database
            rights.apply(connection)
        self.admin(
            "insert into account.terminal (name, branch_id, serial, valid_until, revoked_at)"
            f" values ('捨てられた端末', {SOGO}, '{1000 + REVOKED_TERMINAL}', 'infinity', now())"
        )

    def close(self) -> None:
        """Drops the database and the logins."""
        self.library.close()
        self.cluster.recover()
        self.cluster.drop_database(self.name)
        for login in self._people:
            self.cluster.psql("postgres", f"drop role if exists {login}")

    # -- the administrator ------------------------------------------------------------------------

    def admin(self, statement: str) -> list[tuple[Any, ...]]:
        """Runs a statement as the server's administrator; its rows."""
        with self.library.engine.connect() as connection:
            result = connection.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []

    def value(self, statement: str) -> Any:
        """The one value of an administrator's query."""
        return self.admin(statement)[0][0]

    def tick(self) -> dict[str, Any]:
        """One round of the watcher."""
        done: dict[str, Any] = json.loads(self.value("select watch.tick()"))
        return done

    # -- people -----------------------------------------------------------------------------------

    def person(self, role: str, *, terminal: int | None = -1, temporary: bool = False) -> Person:
        """Adds a member of staff as the administrator does; their password is their own unless temporary."""
        login = f"mx{os.getpid()}_{next(_logins)}"
        self._people.append(login)
        at = TSUJIDO if role == "contract_staff" else SOGO
        home = terminal_number(at, 0)
        branches, last = ("{}", "null") if at == SOGO else ("{tsujido}", f"'{LATE}'")
        answer = self.value(
            f"select account.add_staff('{login}', '職員', '{role}', '{branches}', {last}, '{_verifier}')"
        )
        assert json.loads(answer)["refusal"] is None, answer
        if not temporary:
            with self._connection(login, TEMPORARY, home) as connection:
                assert entering.change_password(connection, login=login, password=PASSWORD) is None
        return Person(login, role, home if terminal == -1 else terminal)

    def password_of(self, person: Person) -> str:
        """What the person signs in with."""
        temporary = self.value(f"select must_change from account.state where login = '{person.login}'")
        return TEMPORARY if temporary else PASSWORD

    @contextlib.contextmanager
    def _connection(self, login: str, password: str, terminal: int) -> Iterator[sa.Connection]:
        engine = door(self.library.url, self.cluster, terminal)(login, password)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    @contextlib.contextmanager
    def connected(self, person: Person) -> Iterator[sa.Connection]:
        """A connection of the person's through our dialect, not signed in. Raises as the dialect does."""
        if person.terminal is None:
            engine = make_engine(
                self.library.url.set(username=person.login, password=self.password_of(person))
            )
            try:
                with engine.connect() as connection:
                    yield connection
            finally:
                engine.dispose()
            return
        with self._connection(person.login, self.password_of(person), person.terminal) as connection:
            yield connection

    @contextlib.contextmanager
    def at_work(self, person: Person) -> Iterator[Staff]:
        """The person signed in over a connection of our dialect, pushing aside a session of theirs."""
        with self.connected(person) as connection:
            staff = Staff(connection)
            answer = staff.ask("desk.enter", uuid4(), True)
            assert answer["refusal"] is None, answer
            yield staff

    def psql(
        self, person: Person, statements: Sequence[str], *, enter: bool = True, **line: str
    ) -> list[Tried]:
        """Tries each of the statements by psql over one connection, going on after errors.

        ``line`` adds to psql's environment. Raises Refused with what psql said when it does not get in.
        """
        script = ["\\set VERBOSITY verbose", "\\pset tuples_only on", "\\pset format unaligned"]
        if enter:
            script.append("select desk.enter(gen_random_uuid(), true);")
        for number, statement in enumerate(statements):
            script += [f"\\echo @@ {number}", f"\\warn @@ {number}", statement + "\n;", "\\echo @= :SQLSTATE"]
        said = subprocess.run(
            [find_binaries() / "psql", "-X", "-q", "-f", "-"],
            env=self._line(person) | line,
            input="\n".join(script) + "\n",
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=100,
        )
        if said.returncode:
            raise Refused(said.stderr)
        errors = said.stderr.split("@@ ")[1:]
        found = []
        for number, part in enumerate(said.stdout.split("@@ ")[1:]):
            printed, _, rest = part.partition("\n")[2].rpartition("@= ")
            found.append(Tried(rest.split()[0], printed.strip(), errors[number].partition("\n")[2].strip()))
        assert len(found) == len(statements), said.stderr[-300:]
        return found

    def _line(self, person: Person) -> dict[str, str]:
        line = {
            "PGHOST": self.cluster.host,
            "PGPORT": str(self.cluster.port),
            "PGDATABASE": self.name,
            "PGUSER": person.login,
            "PGPASSWORD": self.password_of(person),
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": str(self.cluster.ca_file),
            "PGCLIENTENCODING": "UTF8",
            "HOME": str(self.cluster.directory),
            "LC_ALL": "C.UTF-8",
        }
        if person.terminal is not None:
            shown = terminal_certificate(self.cluster, person.terminal)
            line |= {"PGSSLCERT": str(shown.cert), "PGSSLKEY": str(shown.key)}
        return line


class Staff:
    """Somebody's connection, and the words they may send over it."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def ask(self, function: str, *values: object) -> dict[str, Any]:
        """Calls a function once; what it answers. Raises Refused with the SQLSTATE of an error."""
        names = [f"p{number}" for number in range(len(values))]
        given = dict(zip(names, values, strict=True))
        words = ["null" if value is None else f":{name}" for name, value in given.items()]
        call = sa.text(f"select {function}({', '.join(words)})")
        typed = [
            sa.bindparam(name, value, type_=_type_of(value))
            for name, value in given.items()
            if value is not None
        ]
        try:
            answer: str = self.connection.execute(call.bindparams(*typed)).scalar_one()
        except sa.exc.DBAPIError as error:
            raise Refused(_state(error)) from error
        found: dict[str, Any] = json.loads(answer)
        return found

    def ask_again(self, function: str, *values: object) -> dict[str, Any]:
        """Calls a function as the program does: once more where the look was only put on record."""
        answer = self.ask(function, *values)
        return self.ask(function, *values) if answer["refusal"] == "again" else answer

    def run(self, statement: str) -> Tried:
        """Runs any statement."""
        try:
            result = self.connection.exec_driver_sql(statement)
            printed = "\n".join(str(tuple(row)) for row in result) if result.returns_rows else ""
        except sa.exc.DBAPIError as error:
            return Tried(_state(error), said=str(error.orig))
        return Tried("00000", printed)


def _state(error: sa.exc.DBAPIError) -> str:
    return "?" if error.orig is None else sqlstate(error.orig) or "?"


def _type_of(value: object) -> sa.types.TypeEngine[Any]:
    match value:
        case bool():
            return sa.Boolean()
        case int():
            # what fits into the smaller goes for either
            return sa.Integer() if abs(value) < 2**31 else sa.BigInteger()
        case dt.date():
            return sa.Date()
        case UUID():
            return sa.Uuid()
        case _:
            return sa.Text()
