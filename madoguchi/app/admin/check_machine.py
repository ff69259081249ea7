"""Part of ``check``: PostgreSQL's settings and rules of access, the certificates, the watcher's heartbeat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from cryptography import x509

from madoguchi.app.admin.database import rows
from madoguchi.app.admin.machine import Cluster
from madoguchi.app.admin.making import certificate_problem, configuration
from madoguchi.app.admin.plan import Home, Plan

SERVER_DAYS: Final = 30
TERMINAL_DAYS: Final = 14
AUTHORITY_DAYS: Final = 365
"""Days before its end at which a certificate is a matter for the administrator."""

_BEAT_SECONDS: Final = 60

# what `alter system` may have written: the watcher and the commands of the second host do
_ALTERED: Final = ("synchronous_standby_names", "primary_conninfo", "hot_standby")


def setting_problems(connection: sa.Connection, home: Home, plan: Plan, cluster: Cluster) -> Iterator[str]:
    """Which settings are not what ``init`` writes, in the files or in the server that runs."""
    wanted = plan.settings(home)
    ours = cluster.config / "conf.d" / "madoguchi.conf"
    running = {row["name"]: row for row in rows(connection, "select * from pg_settings")}
    for name, value in wanted.items():
        row = running.get(name)
        if row is None:
            yield f"{name}: this PostgreSQL does not know it"
            continue
        # what a client sets for itself is its own business; the server's value is then behind it
        overridden = row["source"] in ("client", "session")
        if not overridden and row["reset_val"] != _as_running(name, value):
            yield f"{name}: {row['reset_val']!r} runs, not {value!r}"
        elif not overridden and row["sourcefile"] != str(ours):
            yield f"{name}: it does not come from {ours}"
        if row["pending_restart"]:
            yield f"{name}: a restart is missing"
    for row in rows(connection, "select name, sourcefile, error from pg_file_settings"):
        if row["error"]:
            yield f"{row['sourcefile']}: {row['name'] or 'a line'}: {row['error']}"
        elif row["sourcefile"].endswith("postgresql.auto.conf") and row["name"] not in _ALTERED:
            yield f"{row['name']}: set by alter system"


def _as_running(name: str, value: str) -> str:
    # this one is written in octal and kept as a number
    return str(int(value, 8)) if name == "log_file_mode" else value


def file_problems(home: Home, plan: Plan, cluster: Cluster) -> Iterator[str]:
    """Which of PostgreSQL's files are not as ``init`` writes them: settings, access, identities."""
    for file, text in configuration(home, plan, cluster).items():
        try:
            if file.read_text(encoding="utf-8") != text:
                yield f"{file}: it was changed; init writes it anew"
        except OSError as error:
            yield f"{file}: {error.strerror}"


def access_problems(connection: sa.Connection, cluster: Cluster) -> Iterator[str]:
    """Lines of pg_hba.conf that PostgreSQL cannot read, and files that it has not read yet."""
    for row in rows(connection, "select line_number, error from pg_hba_file_rules where error is not null"):
        yield f"pg_hba.conf, line {row['line_number']}: {row['error']}"
    loaded = rows(connection, "select extract(epoch from pg_conf_load_time())::float8 as at")[0]["at"]
    for name in ("pg_hba.conf", "pg_ident.conf"):
        if (cluster.config / name).stat().st_mtime > loaded + 1:
            yield f"{name}: changed since PostgreSQL read it; reload it"


def certificate_problems(connection: sa.Connection | None, home: Home, plan: Plan) -> Iterator[str]:
    """Certificates that will not do, or end soon: the server's, the authority's, the terminals'."""
    problem = certificate_problem(home, plan.hosts)
    if problem is not None:
        yield f"server: {problem}"
    if plan.replication and _days_left(home.tls / "standby.crt") is None:
        yield "second host: standby.crt is missing"
    for what, file, days in (
        ("server", home.tls / "server.crt", SERVER_DAYS),
        ("second host", home.tls / "standby.crt", SERVER_DAYS),
        ("authority", home.tls / "ca.crt", AUTHORITY_DAYS),
    ):
        left = _days_left(file)
        if left is not None and left < days:
            yield f"{what}: its certificate ends in {left} days"
    if connection is None:
        return
    ending = (
        "select name, valid_until::date::text as until from account.terminal where revoked_at is null"
        " and coalesce(next_valid_until, valid_until) < now() + make_interval(days => :days) order by name"
    )
    for row in rows(connection, ending, days=TERMINAL_DAYS):
        yield f"terminal {row['name']}: its certificate ends on {row['until']}"


def _days_left(file: Path) -> int | None:
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return None
    return (certificate.not_valid_after_utc - dt.datetime.now(dt.UTC)).days


def heartbeat_problems(connection: sa.Connection) -> Iterator[str]:
    """Whether the watcher was heard of, and whether the second host is there."""
    row = rows(
        connection,
        "select extract(epoch from clock_timestamp() - beat_at)::float8 as ago,"
        " to_char(alone_since, 'YYYY-MM-DD HH24:MI \"UTC\"') as alone from watch.state",
    )[0]
    if row["ago"] is None:
        yield "it was never heard of: madoguchi-server watch does not run"
    elif row["ago"] > _BEAT_SECONDS:
        yield f"last heard of {round(row['ago'])} seconds ago"
    if row["alone"]:
        yield f"the second host is gone since {row['alone']}"
