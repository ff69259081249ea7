"""``check``: says line by line whether the server is what the program expects."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable

import sqlalchemy as sa

from madoguchi.app.admin import check_machine, check_roles, check_usb
from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.database import rows, sentences
from madoguchi.app.admin.making import create_database
from madoguchi.app.admin.snapshot import KINDS, Snapshot, as_restored, differences, snapshot
from madoguchi.app.movein import staging
from madoguchi.app.server import schema

_SCRATCH = "madoguchi_check"


def add_to(commands: Commands) -> None:
    """Adds the commands of this file."""
    check = commands.add_parser(
        "check", help="whether the server is what the program expects; exit status 1: no"
    )
    check.set_defaults(run=check_server)


def check_server(context: Context, _options: argparse.Namespace) -> int:
    """Prints ``ok`` or ``NOT OK`` and what it is about, one line each; 1 if anything is not."""
    told = _Told(context.say)
    home, plan, cluster = context.home, context.plan(), context.cluster()
    if (cluster.data / "standby.signal").exists():
        return _check_standby(context, told)
    with context.transaction() as connection:
        told.about("files", check_machine.file_problems(home, plan, cluster))
        told.about("settings", check_machine.setting_problems(connection, home, plan, cluster))
        told.about("access", check_machine.access_problems(connection, cluster))
        told.about("certificates", check_machine.certificate_problems(connection, home, plan))
        version = schema_problem(connection)
        told.about("schema version", version)
        told.about("roles", check_roles.role_problems(connection, plan))
        told.about("rights to change settings", check_roles.parameter_problems(connection))
        told.about("staff logins", check_roles.staff_problems(connection))
        told.about("watcher", check_machine.heartbeat_problems(connection))
    if not version:
        with context.transaction() as connection:
            told.about("USB agents", check_usb.agent_problems(connection))
        with context.transaction() as connection:
            connection.exec_driver_sql("set transaction isolation level repeatable read, read only")
            found, staged = _without_staged(snapshot(connection))
        told.about("move-in", staged)
        _compare(told, _as_made(context), found)
    return 1 if told.problems else 0


def _check_standby(context: Context, told: _Told) -> int:
    """A standby lets nobody in, this program included: what it holds is checked on the first host."""
    home, plan, cluster = context.home, context.plan(), context.cluster()
    told.about("files", check_machine.file_problems(home, plan, cluster))
    told.about("certificates", check_machine.certificate_problems(None, home, plan))
    told.about("standby", [] if cluster.running else ["PostgreSQL does not run"])
    context.say("this host is the standby: what it holds is checked on the first host")
    return 1 if told.problems else 0


class _Told:
    """Says each part's problems, or that it has none."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.problems = 0

    def about(self, what: str, problems: Iterable[str], detail: str = "") -> None:
        any_found = False
        for problem in problems:
            any_found = True
            self.problems += 1
            self._say(f"NOT OK {what}: {problem}")
        if not any_found:
            self._say(f"ok {what}{detail}")


def schema_problem(connection: sa.Connection) -> list[str]:
    """Whether the schema is this program's."""
    found = rows(connection, "select version_num from alembic_version")
    version = found[0]["version_num"] if found else None
    return (
        [] if version == schema.head() else [f"{version}, not {schema.head()}; run madoguchi-server upgrade"]
    )


def _without_staged(found: Snapshot) -> tuple[Snapshot, list[str]]:
    """What there is besides the tables of ``move-in``, and a sentence if there are any: they hold people."""
    of_staging = {key for key in found if key[1] == staging.SCHEMA or f"{staging.SCHEMA}." in key[1]}
    tables = {key for key in of_staging if key[0] not in ("function", "operator", "cast", "event trigger")}
    return (
        {key: described for key, described in found.items() if key not in tables},
        ["rows of patrons are staged; move-in switch or move-in forget erases them"] if tables else [],
    )


def _compare(told: _Told, expected: tuple[Snapshot, Snapshot], found: Snapshot) -> None:
    problems: dict[str, list[str]] = {}
    for kind, problem in differences(*expected, found):
        problems.setdefault(kind, []).append(problem)
    for kind in KINDS:
        count = sum(key[0] == kind for key in found)
        told.about(kind, problems.get(kind, []), f": {count} as the program made them" if count else ": none")


def _as_made(context: Context) -> tuple[Snapshot, Snapshot]:
    """What migrations and rights make in an empty database, and what that is like once restored.

    It is made in one transaction that is taken back, for the rights also make roles: to check is not to mend.
    """
    with sentences(), context.engine("postgres").connect() as connection:
        _drop_scratch(connection)
        create_database(connection, _SCRATCH)
        try:
            made = context.engine(_SCRATCH).execution_options(isolation_level="READ COMMITTED")
            with made.connect() as inside:
                transaction = inside.begin()
                try:
                    schema.make_on(inside)
                    return snapshot(inside), as_restored(inside)
                finally:
                    transaction.rollback()
        finally:
            _drop_scratch(connection)


def _drop_scratch(connection: sa.Connection) -> None:
    connection.exec_driver_sql(f"drop database if exists {_SCRATCH} with (force)")
