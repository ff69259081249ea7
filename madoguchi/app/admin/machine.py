"""PostgreSQL on this machine, as Debian keeps it: its clusters, where their files lie, and its programs."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from madoguchi.app.admin.said import CannotDo

OLDEST: Final = 15
"""The oldest version of PostgreSQL that this program's functions and privileges are written for."""

SUPERUSER: Final = "postgres"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster of Debian's: a PostgreSQL server of its own, with its folders and its port.

    Attributes:
        log: the file that Debian has it write into before its own log begins.
        owner: the number of the account that the server runs under.
        group: that account's group.
    """

    version: int
    name: str
    port: int
    socket: Path
    config: Path
    data: Path
    log: Path
    owner: int
    group: int
    running: bool

    @property
    def title(self) -> str:
        """As pg_lsclusters and pg_ctlcluster name it: ``15/main``."""
        return f"{self.version}/{self.name}"

    def program(self, name: str) -> str:
        """The cluster's own version of a program of PostgreSQL's."""
        own = Path(f"/usr/lib/postgresql/{self.version}/bin/{name}")
        return str(own) if own.exists() else name

    def connection(self) -> list[str]:
        """The options by which PostgreSQL's programs reach it: its socket, as its superuser, never asking."""
        return ["-h", str(self.socket), "-p", str(self.port), "-U", SUPERUSER, "-w"]


def clusters() -> list[Cluster]:
    """The clusters of this machine.

    Raises:
        CannotDo: this machine has no PostgreSQL of Debian's.
    """
    return [
        Cluster(
            version=int(float(found["version"])),
            name=found["cluster"],
            port=int(found["port"]),
            socket=Path(found["socketdir"]),
            config=Path(found["configdir"]),
            data=Path(found["pgdata"]),
            log=Path(found.get("logfile") or "/var/log/postgresql/postgresql.log"),
            owner=int(found["owneruid"]),
            group=int(found["ownergid"]),
            running=bool(found["running"]),
        )
        for found in _listed()
    ]


def _listed() -> list[dict[str, Any]]:
    try:
        listed: list[dict[str, Any]] = json.loads(run(["pg_lsclusters", "-j"]))
    except ValueError as error:
        raise CannotDo("pg_lsclusters: it says nothing that can be read") from error
    # one whose folder was taken away has no owner
    return [one for one in listed if one.get("pgdata") and one.get("owneruid") is not None]


def find_cluster(title: str | None) -> Cluster:
    """The cluster called ``15/main``; without a name the only one there is.

    Raises:
        CannotDo: there is no such cluster, more than one to choose from, or it is too old.
    """
    there = clusters()
    known = ", ".join(cluster.title for cluster in there) or "none; make one with pg_createcluster"
    fitting = [cluster for cluster in there if title is None or cluster.title == title]
    if not fitting:
        raise CannotDo(f"there is no PostgreSQL cluster {title or ''}; known: {known}".replace("  ", " "))
    if len(fitting) > 1:
        raise CannotDo(f"which cluster? say --cluster with one of: {known}")
    if fitting[0].version < OLDEST:
        raise CannotDo(f"{fitting[0].title}: PostgreSQL {OLDEST} or later is needed")
    return fitting[0]


def control(cluster: Cluster, action: str) -> None:
    """Starts, stops, restarts or reloads a cluster and waits until that is done.

    Raises:
        CannotDo: it did not.
    """
    run(["pg_ctlcluster", str(cluster.version), cluster.name, action])


_SAYS_WHAT: Final = re.compile(r"(?i)\b(error|fatal|failed|cannot|could not)\b")


def run(command: Sequence[str]) -> str:
    """Runs a program of the system and returns what it printed.

    Raises:
        CannotDo: it is not there, or failed. One line of what it said is repeated, the first that names an
            error; later ones may quote rows.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment |= {name: os.environ[name] for name in ("PG_CLUSTER_CONF_ROOT",) if name in os.environ}
    environment["LC_ALL"] = "C.UTF-8"
    try:
        ran = subprocess.run(  # noqa: S603 - a list, no shell; the words are ours
            list(command),
            stdin=subprocess.DEVNULL,
            # the superuser's account may not stand where root does
            cwd="/",
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise CannotDo(f"{command[0]}: {error.strerror}; is PostgreSQL installed?") from error
    if ran.returncode:
        lines = [line.strip() for line in ran.stderr.splitlines() if line.strip()]
        said = next((line for line in lines if _SAYS_WHAT.search(line)), lines[0] if lines else "it failed")
        raise CannotDo(f"{Path(command[0]).name}: {said[:300]}")
    return ran.stdout
