"""The commands for the two hosts: ``standby login``, ``standby make``, ``promote`` and ``fence``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import sqlalchemy as sa

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
    parser.add_argument("--data", type=Path, required=True, help="PostgreSQL's data directory on this host")
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
    """What ``promote`` is told; the engine is the caller's to make."""
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


def server_of(arguments: argparse.Namespace) -> Server:
    """The server that the arguments name. Raises CannotDo where its directory or programs are missing."""
    if not arguments.data.is_dir():
        raise CannotDo(f"{arguments.data}: there is no such directory")
    return Server(arguments.data, arguments.programs or newest_programs())


def peer_of(arguments: argparse.Namespace) -> Peer:
    """The other host that the arguments name."""
    return Peer(
        arguments.peer, arguments.peer_port, arguments.passfile, arguments.ca, arguments.cert, arguments.key
    )


def run_login(arguments: argparse.Namespace, engine: sa.Engine) -> int:
    """Makes the replication login on the primary and keeps its password in ``--passfile``.

    The file is then carried to the other host: each host copies the other one when it has been away.
    """
    with engine.connect() as connection:
        password = make_replication_login(connection)
    write_passfile(arguments.passfile, password, arguments.passfile.parent.stat())
    return 0


def run_make(arguments: argparse.Namespace) -> int:
    """See ``hosts.make_standby``."""
    make_standby(server_of(arguments), peer_of(arguments), name=arguments.name, replace=arguments.replace)
    return 0


def run_promote(arguments: argparse.Namespace, engine: sa.Engine) -> int:
    """See ``hosts.promote``."""
    promote(server_of(arguments), peer_of(arguments), engine)
    return 0


def run_fence(arguments: argparse.Namespace) -> int:
    """See ``hosts.fence``; what it found is said where systemd keeps it."""
    server = server_of(arguments)
    if arguments.alone:
        allow_alone(server)
        return 0
    sys.stderr.write(f"fence: {fence(server, peer_of(arguments))}\n")
    return 0
