"""``restore``: a backup brought back, and purged again before anybody can enter.

It is loaded into a database of another name, which takes the library's name at the end. Up to the last step
the present library is left alone; whatever interrupts it, a second run begins anew and finishes.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from madoguchi.app.admin.backup import COUNTED, DUMP, KIND, LOGINS, MANIFEST, count_rows, digest
from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.database import rows, sentences
from madoguchi.app.admin.machine import run
from madoguchi.app.admin.making import create_database, open_database
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.server import rights, schema
from madoguchi.app.server.tables.accounts import STAFF_ROLES
from madoguchi.app.staff.scram import VERIFIER

_LOGIN: Final = re.compile(r"[a-z][a-z0-9_]{2,29}")
_UNTIL: Final = re.compile(r"infinity|-infinity|[0-9]{4,6}-[0-9]{2}-[0-9]{2} [0-9:.]{8,15}[+-][0-9:]{2,8}")


def add_to(commands: Commands) -> None:
    """Adds the commands of this file."""
    restore = commands.add_parser("restore", help="brings back a backup, purged before it opens")
    restore.add_argument("folder", type=Path, help="one that backup made")
    restore.add_argument("--replace", action="store_true", help="the present library is thrown away")
    restore.set_defaults(run=bring_back)


def bring_back(context: Context, options: argparse.Namespace) -> int:
    """Loads, purges and opens a backup; what is there already is refused, unless it is empty."""
    manifest = _read_manifest(options.folder)
    logins = _read_logins(options.folder / LOGINS)
    cluster, name = context.cluster(), context.plan().database
    loading = f"{name}_restoring"
    with sentences(), context.engine("postgres").connect() as connection:
        there = set(connection.exec_driver_sql("select datname from pg_database").scalars())
        if name in there and not options.replace and _holds_patrons(context):
            raise CannotDo(f"database {name} holds a library; with --replace it is thrown away")
        _drop(connection, loading)
        create_database(connection, loading)
    with context.transaction("postgres") as connection:
        rights.apply_roles(connection)
    run(
        [
            cluster.program("pg_restore"), *cluster.connection(), "--exit-on-error", "--single-transaction",
            f"--dbname={loading}", str(options.folder / DUMP),
        ]
    )  # fmt: skip
    with context.transaction(loading) as connection:
        found = count_rows(connection)
    if found != {table: manifest["counts"].get(table) for table in COUNTED}:
        raise CannotDo("what was loaded is not what the manifest counts; the library was left alone")
    engine = context.engine(loading)
    with sentences():
        schema.upgrade(engine)
    with context.transaction(loading) as connection:
        erased = _purge(connection, manifest)
    with sentences(), context.engine("postgres").connect() as connection:
        # from here on the old library is gone, with its sessions and the logins that the backup does not know
        _drop(connection, name)
        _take_logins(connection, logins)
        quote = connection.dialect.identifier_preparer.quote
        connection.exec_driver_sql(f"alter database {quote(loading)} rename to {quote(name)}")
        open_database(connection, name)
    context.say(f"restored what was backed up at {manifest['made_at']}")
    context.say("  " + ", ".join(f"{table} {count}" for table, count in found.items()))
    context.say(f"  erased again: {erased} loans that had been returned")
    context.say("Look at `madoguchi-server staff list` and `terminal list`: who was disabled or revoked since"
                " the backup is not any more.")  # fmt: skip
    return 0


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["kind"] != KIND:
            raise CannotDo(f"{folder}: made by another version; its kind is not {KIND!r}")
        for name in (DUMP, LOGINS):
            if digest(folder / name) != manifest["sha256"][name]:
                raise CannotDo(f"{folder / name}: not the file the manifest names; this backup is damaged")
        if not isinstance(manifest["counts"], dict) or not isinstance(manifest["made_at"], str):
            raise TypeError
    except OSError as error:
        raise CannotDo(f"{error.filename}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CannotDo(f"{folder / MANIFEST}: it is damaged") from error
    return manifest


def _read_logins(file: Path) -> list[dict[str, Any]]:
    """Raises CannotDo: something in it is not what a login of the staff has."""
    try:
        logins: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        fine = all(
            _LOGIN.fullmatch(login["login"])
            and (login["verifier"] is None or VERIFIER.fullmatch(login["verifier"]))
            and (login["valid_until"] is None or _UNTIL.fullmatch(login["valid_until"]))
            and isinstance(login["connections"], int)
            and {rights.STAFF_LOGIN} <= set(login["groups"]) <= {rights.STAFF_LOGIN, *STAFF_ROLES}
            for login in logins
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotDo(f"{file}: it is damaged") from error
    if not fine:
        raise CannotDo(f"{file}: it names a login that is none of the staff's")
    return logins


def _holds_patrons(context: Context) -> bool:
    engine = context.engine()
    if schema.current(engine) is None:
        return False
    with engine.connect() as connection:
        held = connection.exec_driver_sql(
            "select exists (select from patron) or exists (select from account.state)"
        )
        return bool(held.scalar_one())


def _drop(connection: sa.Connection, name: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote(name)
    connection.exec_driver_sql(f"drop database if exists {quoted} with (force)")


def _purge(connection: sa.Connection, manifest: dict[str, Any]) -> int:
    """Erases what has to be gone by now and ends the sessions of then; how many loans were erased."""
    run_sql = connection.exec_driver_sql
    erased = 0
    while count := run_sql("select watch.erase_returned()").scalar_one():
        erased += count
    run_sql("select watch.erase_by_age()")
    run_sql("select watch.note_added()")
    run_sql("select watch.erase_web_side()")
    run_sql("select watch.erase_notes()")
    # nobody knows which of it went out since: its readers are told by staff, and no mail goes out twice
    run_sql("update outbox set failed_at = library_midnight() where sent_at is null and failed_at is null")
    run_sql(
        "update account.session set ended_at = clock_timestamp(), how_ended = 'lost' where ended_at is null"
    )
    # the watcher of then read another log
    run_sql("update watch.state set beat_at = null, log_file = '', log_offset = 0, alone_since = null")
    connection.execute(
        sa.text(
            "select audit.note(0, session_user::text, 'backup restored',"
            " jsonb_build_object('made_at', cast(:made_at as text)))"
        ),
        {"made_at": manifest["made_at"]},
    )
    return erased


def _take_logins(connection: sa.Connection, logins: list[dict[str, Any]]) -> None:
    """Makes the staff's logins those of the backup; one that it does not know has no library any more."""
    run_sql = connection.exec_driver_sql
    quote = connection.dialect.identifier_preparer.quote
    members = (
        "select r.rolname from pg_roles r join pg_auth_members m on m.member = r.oid"
        " join pg_roles g on g.oid = m.roleid where r.rolcanlogin and g.rolname = :group"
    )
    known = {login["login"] for login in logins}
    for row in rows(connection, members, group=rights.STAFF_LOGIN):
        if row["rolname"] not in known:
            run_sql(f"drop role {quote(row['rolname'])}")
    there = set(run_sql("select rolname from pg_roles").scalars())
    for login in logins:
        name = quote(login["login"])
        if login["login"] not in there:
            run_sql(f"create role {name}")
        run_sql(
            f"alter role {name} login nosuperuser nocreatedb nocreaterole noreplication"
            f" connection limit {login['connections']} password {_literal(login['verifier'])}"
            f" valid until {_literal(login['valid_until'] or 'infinity')}"
        )
        run_sql(f"revoke {', '.join(STAFF_ROLES)} from {name}")
        run_sql(f"grant {', '.join(quote(group) for group in login['groups'])} to {name}")


def _literal(value: str | None) -> str:
    # what comes here was matched against a pattern without quotes or backslashes
    return "null" if value is None else f"'{value}'"
