"""The commands for the two hosts: ``standby login``, ``standby make``, ``promote`` and ``fence``."""

from __future__ import annotations

import argparse
from pathlib import Path

from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.database import sentences
from madoguchi.app.admin.hosts import (
    Peer,
    Server,
    allow_alone,
    fence,
    make_replication_login,
    make_standby,
    newest_programs,
    promote,
    write_passfile,
)
from madoguchi.app.admin.said import CannotDo


def add_server_arguments(parser: argparse.ArgumentParser) -> None:
    """PostgreSQL on this host."""
    parser.add_argument("--data", type=Path, help="PostgreSQL's data directory, where init did not run here")
    parser.add_argument(
        "--programs", type=Path, help="where its programs lie; without it: the newest there is"
    )


def add_peer_arguments(parser: argparse.ArgumentParser) -> None:
    """The other host."""
    parser.add_argument("--peer", required=True, metavar="HOST", help="the other host's name or address")
    parser.add_argument("--peer-port", type=int, default=5432)
    add_passfile_argument(parser)
    parser.add_argument("--ca", type=Path, default=Path("/etc/madoguchi/tls/ca.crt"), help="the authority")
    parser.add_argument("--cert", type=_file, help="this host's certificate, where the other one asks for it")
    parser.add_argument("--key", type=_file, help="its key")


def add_passfile_argument(parser: argparse.ArgumentParser) -> None:
    """Where the replication login's password is kept."""
    parser.add_argument(
        "--passfile", type=Path, default=Path("/var/lib/postgresql/madoguchi-standby.pass"),
        help="holds the replication login's password, for PostgreSQL's own account alone",
    )  # fmt: skip


def add_make_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``standby make`` is told."""
    add_server_arguments(parser)
    add_peer_arguments(parser)
    parser.add_argument("--name", required=True, help="what this host calls itself to the other one")
    parser.add_argument("--replace", action="store_true", help="throw away what the data directory holds")


def add_promote_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``promote`` is told."""
    add_server_arguments(parser)
    add_peer_arguments(parser)


def add_fence_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``fence`` is told."""
    add_server_arguments(parser)
    add_peer_arguments(parser)
    parser.add_argument(
        "--alone",
        action="store_true",
        help="the other host is off for certain: the next start does not ask it",
    )


def _file(said: str) -> Path | None:
    # a service's unit names every option, also one that it has no value for
    return Path(said) if said else None


def server_of(context: Context, arguments: argparse.Namespace) -> Server:
    """The server that the arguments name, else the one that ``init`` was told of.

    Raises:
        CannotDo: its directory or its programs are missing.
    """
    data = arguments.data or context.cluster().data
    if not data.is_dir():
        raise CannotDo(f"{data}: there is no such directory")
    return Server(data, arguments.programs or newest_programs())


def peer_of(arguments: argparse.Namespace) -> Peer:
    """The other host that the arguments name."""
    return Peer(
        arguments.peer, arguments.peer_port, arguments.passfile, arguments.ca, arguments.cert, arguments.key
    )


def add_to(commands: Commands) -> None:
    """Adds ``standby login``, ``standby make``, ``promote`` and ``fence``."""
    standby = commands.add_parser("standby", help="the second host")
    kinds = standby.add_subparsers(title="commands", required=True)
    login = kinds.add_parser("login", help="on the first host: the login by which the second one copies it")
    add_passfile_argument(login)
    login.set_defaults(run=run_login)
    make = kinds.add_parser("make", help="on the second host: make it a copy of the first")
    add_make_arguments(make)
    make.set_defaults(run=run_make)
    promotion = commands.add_parser(
        "promote", help="on the second host: put it in the lost first one's place"
    )
    add_promote_arguments(promotion)
    promotion.set_defaults(run=run_promote)
    fenced = commands.add_parser("fence", help="whether PostgreSQL may start on this host of two")
    add_fence_arguments(fenced)
    fenced.set_defaults(run=run_fence)


def run_login(context: Context, arguments: argparse.Namespace) -> int:
    """Makes the replication login on the primary and keeps its password in ``--passfile``.

    The file is then carried to the other host: each host copies the other one when it has been away.
    """
    with context.transaction() as connection:
        password = make_replication_login(connection)
    write_passfile(arguments.passfile, password, arguments.passfile.parent.stat())
    return 0


def run_make(context: Context, arguments: argparse.Namespace) -> int:
    """See ``hosts.make_standby``."""
    server = server_of(context, arguments)
    try:
        make_standby(server, peer_of(arguments), name=arguments.name, replace=arguments.replace)
    except ValueError as error:
        raise CannotDo(f"--name: {error}") from error
    context.say("this host is a standby: start PostgreSQL")
    return 0


def run_promote(context: Context, arguments: argparse.Namespace) -> int:
    """See ``hosts.promote``."""
    with sentences():
        promote(server_of(context, arguments), peer_of(arguments), context.engine())
    context.say("this host takes changes now, alone")
    return 0


def run_fence(context: Context, arguments: argparse.Namespace) -> int:
    """See ``hosts.fence``; what it found is said where systemd keeps it."""
    server = server_of(context, arguments)
    if arguments.alone:
        allow_alone(server)
        return 0
    context.say(f"PostgreSQL may start: {fence(server, peer_of(arguments))}")
    return 0
