"""``init``: makes a fresh cluster of Debian's the central server. What was begun, a second run finishes."""

from __future__ import annotations

import argparse
import grp
import os
import shutil
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from madoguchi.app.admin.authority import Authority, NotAnAuthority
from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.database import engine_of, sentences
from madoguchi.app.admin.machine import Cluster, control, find_cluster
from madoguchi.app.admin.plan import MARK, STANDBY, Home, Plan, read_plan
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.admin.signing import make_signing_key
from madoguchi.app.clock import LibraryClock
from madoguchi.app.files import make_folder, write
from madoguchi.app.server import schema
from madoguchi.app.server import tables as t
from madoguchi.app.training.house import fill_rules

# the databases PostgreSQL makes by itself have smaller numbers (its source: FirstNormalObjectId)
_FIRST_OWN_OBJECT = 16384


def add_to(commands: Commands) -> None:
    """Adds the commands of this file."""
    init = commands.add_parser("init", help="make a fresh PostgreSQL cluster the library's server")
    init.add_argument(
        "--cluster", metavar="15/main", help="as pg_lsclusters names it; needed if there are two"
    )
    init.add_argument("--database", help="name of the library's database (madoguchi)")
    init.add_argument(
        "--host", nargs="+", metavar="NAME", help="names and addresses that the terminals reach it by"
    )
    init.add_argument("--listen", nargs="+", metavar="ADDRESS", help="addresses to listen at (all)")
    init.add_argument(
        "--from", dest="terminals", nargs="+", metavar="NETWORK", help="networks that terminals come from"
    )
    init.add_argument(
        "--replication-from", nargs="*", metavar="NETWORK", help="networks that the second host comes from"
    )
    init.add_argument(
        "--authority-name", default="Madoguchi", help="the certificate authority's name, if new"
    )
    what = init.add_mutually_exclusive_group()
    what.add_argument("--training", action="store_true", help="fill it with the training library")
    what.add_argument(
        "--for-restore", action="store_true", help="make no database: a backup will be restored"
    )
    init.set_defaults(run=init_server)
    upgrade = commands.add_parser("upgrade", help="bring the database up to this program")
    upgrade.set_defaults(run=upgrade_server)
    certificate = commands.add_parser("certificate", help="give the server a new certificate")
    certificate.set_defaults(run=renew_certificate)


def init_server(context: Context, options: argparse.Namespace) -> int:
    """Makes the server, or brings one to what the options say."""
    home, say = context.home, context.say
    plan = _plan(home, options)
    cluster = find_cluster(plan.cluster)
    plan = replace(plan, cluster=cluster.title, log=str(cluster.log.parent / "madoguchi"))
    if os.geteuid() not in (0, cluster.owner):
        raise CannotDo("run it as root: it writes PostgreSQL's files")
    _refuse_anothers(cluster)
    make_folder(home.folder, 0o755)
    _make_log_folder(Path(plan.log), cluster)
    authority = _authority(home, options.authority_name)
    make_signing_key(home.signing)
    changed = _certify(home, authority, plan.hosts, cluster)
    if plan.replication and not (home.tls / "standby.crt").exists():
        _new_standby_certificate(home, authority, cluster)
    changed |= _configure(home, plan, cluster)
    write(home.plan, plan.text(), 0o644)
    if changed or not cluster.running:
        control(cluster, "restart" if cluster.running else "start")
    say(f"cluster {cluster.title}, port {cluster.port}: configured")
    if not options.for_restore:
        _make_database(cluster, plan.database)
        _fill(cluster, plan.database, training=options.training)
        say(f"database {plan.database}: schema {schema.head()}, ready")
    say(f"authority {home.authority / 'ca.crt'}")
    say(f"  SHA-256 {fingerprint(authority.certificate_pem)}")
    return 0


def upgrade_server(context: Context, _options: argparse.Namespace) -> int:
    """Schema and rights to what this program knows, in one transaction."""
    engine = context.engine()
    with sentences():
        before = schema.current(engine)
        schema.upgrade(engine)
    context.say(f"schema {before} -> {schema.head()}")
    return 0


def renew_certificate(context: Context, _options: argparse.Namespace) -> int:
    """A new key and certificate for the server, taken into use at once; open sessions go on."""
    plan, cluster = context.plan(), context.cluster()
    authority = open_authority(context.home)
    _new_certificate(context.home, authority, plan.hosts, cluster)
    if plan.replication:
        _new_standby_certificate(context.home, authority, cluster)
    control(cluster, "reload")
    certificate = x509.load_pem_x509_certificate((context.home.tls / "server.crt").read_bytes())
    context.say(f"certificate for {', '.join(plan.hosts)} until {certificate.not_valid_after_utc:%Y-%m-%d}")
    return 0


def fingerprint(certificate_pem: bytes) -> str:
    """SHA-256 of a certificate, as openssl and browsers show it."""
    return x509.load_pem_x509_certificate(certificate_pem).fingerprint(hashes.SHA256()).hex(":").upper()


def open_authority(home: Home) -> Authority:
    """The server's authority.

    Raises:
        CannotDo: it is not there, damaged, or this account may not read its key.
    """
    try:
        return Authority.open(home.authority)
    except NotAnAuthority as error:
        raise CannotDo(error.sentence_ja) from error


# -- the plan, and whether this is ours to change --------------------------------------------------------


def _plan(home: Home, options: argparse.Namespace) -> Plan:
    if home.plan.exists():
        before = read_plan(home)
        if options.database not in (None, before.database):
            raise CannotDo(f"{home.plan}: the database is {before.database}; its name does not change")
        said = {
            "cluster": options.cluster,
            "hosts": options.host,
            "listen": options.listen,
            "terminals": options.terminals,
            "replication": options.replication_from,
        }
        new: dict[str, Any] = {
            name: tuple(v) if isinstance(v, list) else v for name, v in said.items() if v is not None
        }
        return replace(before, **new)
    return Plan(
        cluster=options.cluster or find_cluster(None).title,
        database=options.database or "madoguchi",
        hosts=tuple(options.host or (socket.getfqdn(),)),
        listen=tuple(options.listen or ("*",)),
        terminals=tuple(options.terminals or ()),
        replication=tuple(options.replication_from or ()),
    )


def _refuse_anothers(cluster: Cluster) -> None:
    access = cluster.config / "pg_hba.conf"
    if access.is_file() and access.read_text(encoding="utf-8").startswith(MARK):
        return
    databases = [int(entry.name) for entry in (cluster.data / "base").iterdir() if entry.name.isdigit()]
    if any(number >= _FIRST_OWN_OBJECT for number in databases):
        raise CannotDo(
            f"cluster {cluster.title} holds somebody's databases, and would be closed to them;"
            " make a fresh one with pg_createcluster"
        )
    if "conf.d" not in (cluster.config / "postgresql.conf").read_text(encoding="utf-8"):
        raise CannotDo(f"{cluster.config / 'postgresql.conf'}: include_dir = 'conf.d' is missing")


# -- files -------------------------------------------------------------------------------------------------


def _authority(home: Home, name: str) -> Authority:
    if not home.authority.exists():
        unfinished = home.authority.with_name("authority.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            Authority.create(unfinished, name=name)
        except ValueError as error:
            raise CannotDo(f"--authority-name: {error}") from error
        unfinished.rename(home.authority)
    return open_authority(home)


def _certify(home: Home, authority: Authority, hosts: tuple[str, ...], cluster: Cluster) -> bool:
    """Gives PostgreSQL a certificate for these hosts, unless it has one; whether anything changed."""
    make_folder(home.tls, 0o755)
    owner = (cluster.owner, cluster.group)
    changed = write(home.tls / "ca.crt", authority.certificate_pem, 0o644, owner)
    if certificate_problem(home, hosts) is None:
        return changed
    _new_certificate(home, authority, hosts, cluster)
    return True


def certificate_problem(home: Home, hosts: tuple[str, ...]) -> str | None:
    """Why the server's certificate will not do; None: it will."""
    try:
        certificate = x509.load_pem_x509_certificate((home.tls / "server.crt").read_bytes())
        authority = x509.load_pem_x509_certificate((home.tls / "ca.crt").read_bytes())
        certificate.verify_directly_issued_by(authority)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except OSError as error:
        return f"{error.filename}: {error.strerror}"
    except Exception as error:  # noqa: BLE001 - many kinds of damage, one answer
        return f"it is not this authority's ({type(error).__name__})"
    if not (home.tls / "server.key").exists():
        return "its key is missing"
    known = {str(name.value) for name in names}
    missing = [host for host in hosts if host.lower() not in known]
    return f"it is not for {', '.join(missing)}" if missing else None


def _new_certificate(home: Home, authority: Authority, hosts: tuple[str, ...], cluster: Cluster) -> None:
    unfinished = home.folder / "tls.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    make_folder(unfinished, 0o700)
    try:
        authority.server_certificate(hosts, unfinished)
    except ValueError as error:
        raise CannotDo(f"--host: {error}") from error
    owner = (cluster.owner, cluster.group)
    # a reload between the two is refused by PostgreSQL, which goes on with what it has
    for name, mode in (("server.key", 0o600), ("server.crt", 0o644)):
        write(home.tls / name, (unfinished / name).read_bytes(), mode, owner)
    shutil.rmtree(unfinished)


def _new_standby_certificate(home: Home, authority: Authority, cluster: Cluster) -> None:
    unfinished = home.folder / "tls.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    make_folder(unfinished, 0o700)
    authority.standby_certificate(STANDBY, unfinished)
    for name, mode in (("standby.key", 0o600), ("standby.crt", 0o644)):
        write(home.tls / name, (unfinished / name).read_bytes(), mode, (cluster.owner, cluster.group))
    shutil.rmtree(unfinished)


def _make_log_folder(folder: Path, cluster: Cluster) -> None:
    """The log's folder: what is written there belongs to the group that may read logs, the watcher in it."""
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        try:
            group = grp.getgrnam("adm").gr_gid
        except KeyError:
            group = cluster.group
        os.chown(folder, cluster.owner, group)
        folder.chmod(0o2750)


def _configure(home: Home, plan: Plan, cluster: Cluster) -> bool:
    owner = (cluster.owner, cluster.group)
    for name in ("pg_hba.conf", "pg_ident.conf"):
        file = cluster.config / name
        kept = file.with_name(name + ".before-madoguchi")
        if file.is_file() and not kept.exists():
            write(kept, file.read_bytes(), 0o640, owner)
    (cluster.config / "conf.d").mkdir(exist_ok=True)
    changed = False
    for file, text in configuration(home, plan, cluster).items():
        changed |= write(file, text, 0o640, owner)
    return changed


def configuration(home: Home, plan: Plan, cluster: Cluster) -> dict[Path, str]:
    """PostgreSQL's files and what each is to hold."""
    return {
        cluster.config / "pg_ident.conf": plan.identity_text(),
        cluster.config / "pg_hba.conf": plan.access_text(),
        cluster.config / "conf.d" / "madoguchi.conf": plan.settings_text(home),
    }


# -- the database ------------------------------------------------------------------------------------------


def create_database(connection: sa.Connection, name: str) -> None:
    """Makes an empty database that nobody but a superuser can enter yet; outside a transaction."""
    quoted = connection.dialect.identifier_preparer.quote(name)
    connection.exec_driver_sql(
        f"create database {quoted} template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'"
        " connection limit 0"
    )


def open_database(connection: sa.Connection, name: str) -> None:
    """Lets everybody in whom pg_hba.conf and the rights let in."""
    quoted = connection.dialect.identifier_preparer.quote(name)
    connection.exec_driver_sql(f"alter database {quoted} connection limit -1")


def _make_database(cluster: Cluster, name: str) -> None:
    with sentences(), engine_of(cluster, "postgres").connect() as connection:
        known = connection.execute(
            sa.text("select 1 from pg_database where datname = :name"), {"name": name}
        ).scalar_one_or_none()
        if known is None:
            create_database(connection, name)


def _fill(cluster: Cluster, name: str, *, training: bool) -> None:
    """Schema, rights and rules: each whole or not at all, so that a second run finds where to go on."""
    engine = engine_of(cluster, name)
    with sentences():
        schema.upgrade(engine)
        with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
            empty = not connection.execute(sa.select(sa.func.count()).select_from(t.branch)).scalar_one()
            if empty and not training:
                fill_rules(connection, LibraryClock().local().date())
        if empty and training:
            from madoguchi.app.catalogue.ndl import shipped_records
            from madoguchi.app.training.library import fill_empty

            fill_empty(engine, shipped_records().records)
        with engine.connect() as connection:
            open_database(connection, name)
