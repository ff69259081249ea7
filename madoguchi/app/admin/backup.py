"""``backup``: the library in a folder: its database, and the logins that are of the server as a whole."""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.database import rows
from madoguchi.app.admin.machine import run
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.files import make_folder, sync, write
from madoguchi.app.movein import staging
from madoguchi.app.server import schema
from madoguchi.app.server.rights import STAFF_LOGIN

KIND: Final = "madoguchi backup 1"
DUMP, LOGINS, MANIFEST = "database.dump", "logins.json", "manifest.json"

COUNTED: Final = ("public.patron", "public.item", "public.loan", "public.reservation", "audit.record")

_LOGINS: Final = f"""
    select r.rolname as login, r.rolpassword as verifier, r.rolvaliduntil::text as valid_until,
           r.rolconnlimit as connections,
           (select coalesce(jsonb_agg(g.rolname order by g.rolname), '[]') from pg_auth_members m
            join pg_roles g on g.oid = m.roleid where m.member = r.oid)::text as groups
    from pg_authid r
    where exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid
                  where m.member = r.oid and g.rolname = '{STAFF_LOGIN}') and r.rolcanlogin
    order by r.rolname
"""  # noqa: S608 - a constant of ours


def add_to(commands: Commands) -> None:
    """Adds the commands of this file."""
    backup = commands.add_parser("backup", help="writes a folder with everything into FOLDER")
    backup.add_argument("folder", type=Path)
    backup.set_defaults(run=back_up)


def back_up(context: Context, options: argparse.Namespace) -> int:
    """Writes a backup into a new folder inside the one named, which nobody else may open."""
    now = dt.datetime.now(dt.UTC)
    make_folder(options.folder, 0o700)
    finished = options.folder / f"madoguchi-{now:%Y%m%dT%H%M%SZ}"
    if finished.exists():
        raise CannotDo(f"{finished}: it is there already")
    unfinished = options.folder / f".{finished.name}.unfinished"
    make_folder(unfinished, 0o700)
    try:
        counts = _dump(context, unfinished)
        manifest = {
            "kind": KIND,
            "made_at": now.isoformat(),
            "schema": schema.current(context.engine()),
            "counts": counts,
            "sha256": {name: digest(unfinished / name) for name in (DUMP, LOGINS)},
        }
        write(unfinished / MANIFEST, json.dumps(manifest, indent=2) + "\n", 0o600)
        sync(unfinished)
        unfinished.rename(finished)
        sync(options.folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    context.say(f"{finished}")
    context.say("  " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    return 0


def digest(file: Path) -> str:
    """SHA-256 of a file. Raises OSError."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _dump(context: Context, folder: Path) -> dict[str, int]:
    """Database and logins as of one moment: a password changed meanwhile is in both or in neither."""
    cluster, plan = context.cluster(), context.plan()
    file = folder / DUMP
    write(file, b"", 0o600)
    with context.transaction() as connection:
        connection.exec_driver_sql("set transaction isolation level repeatable read, read only")
        snapshot = connection.exec_driver_sql("select pg_export_snapshot()").scalar_one()
        logins = [_login(row) for row in rows(connection, _LOGINS)]
        counts = count_rows(connection)
        run(
            [
                cluster.program("pg_dump"), *cluster.connection(),
                "--format=custom", "--lock-wait-timeout=30s", f"--snapshot={snapshot}", f"--file={file}",
                # what waits to be moved in is not the library's yet, and goes
                f"--exclude-schema={staging.SCHEMA}",
                plan.database,
            ]
        )  # fmt: skip
    write(folder / LOGINS, json.dumps(logins, indent=1) + "\n", 0o600)
    return counts


def count_rows(connection: sa.Connection) -> dict[str, int]:
    """How many rows the tables that matter have."""
    return {
        # names of our own
        table: connection.exec_driver_sql(f"select count(*) from {table}").scalar_one()  # noqa: S608
        for table in COUNTED
    }


def _login(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"groups": json.loads(row["groups"])}
