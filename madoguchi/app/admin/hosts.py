"""The two hosts: the second made a copy of the first, put in its place, and never both of them at work.

Nothing here decides by itself that a host is lost. With two hosts and no third to ask, each would take a cut
cable between them for the other's death, and both would lend. So a person promotes, and a host that has been
away asks the other one before it takes a single change.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from madoguchi.app.admin.plan import STANDBY
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.admin.second_host import checked_name
from madoguchi.app.staff.scram import make_verifier

ASK_SECONDS: Final = 15.0
"""For how long a host that is just starting is asked again before it counts as one that says nothing."""
_PROMOTION_SECONDS: Final = 60

_ALONE: Final = "madoguchi.alone"

# written on the first host by the watcher, or meant for the copy's source: not for the copy
_NOT_COPIED: Final = ("synchronous_standby_names", "primary_conninfo", "hot_standby")

_log = logging.getLogger(__name__)


class PeerIs(Enum):
    """What the other host is found to be."""

    PRIMARY = "takes changes"
    STANDBY = "is a standby"
    SILENT = "does not answer"


@dataclass(frozen=True, slots=True)
class Found:
    """The other host's answer.

    Attributes:
        timeline: of a primary, raised by every promotion.
        system: which cluster it is a copy of.
        words: what the attempt to ask it said, where it did not answer.
    """

    what: PeerIs
    timeline: int = 0
    system: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """PostgreSQL on this host: its data directory, and where its programs lie."""

    data: Path
    programs: Path

    @property
    def is_standby(self) -> bool:
        """Whether it takes its data from the other host, or will when it is started."""
        return (self.data / "standby.signal").exists()

    @property
    def runs(self) -> bool:
        """Whether any process of it is alive, also one that a killed server left behind."""
        return any(_works_in(process, self.data) for process in Path("/proc").glob("[0-9]*"))

    def program(self, name: str, *arguments: str | Path, seconds: float | None = None) -> str:
        """Runs one of its programs as the account that owns the data; what it printed.

        Raises:
            CannotDo: it failed, or did not end in time.
        """
        owner = self.data.stat()
        account: dict[str, Any] = {}
        if os.geteuid() == 0 and owner.st_uid != 0:
            account = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, and no shell
                [self.programs / name, *arguments],
                cwd="/", env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/nonexistent"},
                stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
                check=False, timeout=seconds, **account,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise CannotDo(f"{name}: no end after {seconds:g} s") from error
        except OSError as error:
            raise CannotDo(f"{name}: {error.strerror}") from error
        if done.returncode:
            raise CannotDo(f"{name}: {done.stderr.strip() or done.stdout.strip()}")
        printed: str = done.stdout
        return printed

    def control(self) -> dict[str, str]:
        """What ``pg_controldata`` says of the data, by its own words."""
        lines = self.program("pg_controldata", "-D", self.data).splitlines()
        return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


@dataclass(frozen=True, slots=True)
class Peer:
    """The other host, and how it is reached: over TLS, as the login for replication.

    That login can copy everything: its password stands in ``passfile`` (PostgreSQL's ``.pgpass``), which only
    PostgreSQL's own account may read, and on no command line.
    """

    host: str
    port: int
    passfile: Path
    sslrootcert: Path
    sslcert: Path | None = None
    sslkey: Path | None = None

    def conninfo(self, **more: str) -> str:
        """PostgreSQL's connection string; there is no secret in it."""
        keys = {
            "host": self.host,
            "port": str(self.port),
            "user": STANDBY,
            "passfile": str(self.passfile),
            "sslmode": "verify-full",
            "sslrootcert": str(self.sslrootcert),
            # a host that is switched off says nothing at all
            "connect_timeout": "3",
            "keepalives_idle": "2",
            "keepalives_interval": "1",
            "keepalives_count": "2",
            "tcp_user_timeout": "3000",
        }
        if self.sslcert is not None and self.sslkey is not None:
            keys |= {"sslcert": str(self.sslcert), "sslkey": str(self.sslkey)}
        return " ".join(f"{key}={_quoted(value)}" for key, value in (keys | more).items())


def make_replication_login(connection: sa.Connection) -> str:
    """Makes the login by which the hosts copy each other, or gives it a new password; returns that.

    The connection is the administrator's, on the primary. The server gets a verifier only.
    """
    password = secrets.token_urlsafe(32)
    verb = "alter" if connection.execute(_IS_THERE, {"name": STANDBY}).scalar() else "create"
    # a verifier holds nothing that would need quoting
    connection.exec_driver_sql(
        f"{verb} role {STANDBY} login replication connection limit 5 password '{make_verifier(password)}'"
    )
    connection.execute(_NOTE, {"act": "replication login"})
    return password


_IS_THERE: Final = sa.text("select true from pg_roles where rolname = :name")
_NOTE: Final = sa.text("select audit.note(0, session_user::text, :act, '{}')")


def write_passfile(file: Path, password: str, owner: os.stat_result) -> None:
    """Keeps the replication login's password for PostgreSQL's own account alone."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(f"*:*:*:{STANDBY}:{password}\n")
    if os.geteuid() == 0:
        os.chown(file, owner.st_uid, owner.st_gid)


# -- the second host -----------------------------------------------------------------------------------


def make_standby(server: Server, peer: Peer, *, name: str, replace: bool = False) -> None:
    """Makes this host a standby of its peer, known there by ``name``; it is started afterwards.

    What the data directory held goes once the copy is complete, and only with ``replace``: an old primary may
    hold commits that no other host has.

    Raises:
        CannotDo: PostgreSQL runs here, the directory is not empty, or the peer gives no copy.
        ValueError: no standby can be called so.
    """
    checked_name(name)
    if server.runs:
        raise CannotDo(f"PostgreSQL runs in {server.data}: stop it first")
    if any(server.data.iterdir()) and not replace:
        raise CannotDo(f"{server.data} is not empty: with --replace what it holds is thrown away")
    owner = server.data.stat()
    copy = server.data.with_name(server.data.name + ".copy")
    if copy.exists():
        shutil.rmtree(copy)
    copy.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(copy, owner.st_uid, owner.st_gid)
    source = peer.conninfo(application_name=name)
    server.program(
        "pg_basebackup", "-d", source, "-D", copy, "-w", "--checkpoint=fast", "--wal-method=stream"
    )
    _write_own_settings(copy / "postgresql.auto.conf", source)
    signal = copy / "standby.signal"
    signal.touch(mode=0o600)
    if os.geteuid() == 0:
        os.chown(signal, owner.st_uid, owner.st_gid)
    _put_in_place(copy, server.data)


def _put_in_place(copy: Path, data: Path) -> None:
    # the directory itself stays: it may be a disk of its own, and PostgreSQL finds what a killed server left
    # in the machine's memory by it
    for entry in data.iterdir():
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    # without what lies in global nothing starts: it comes last
    for entry in sorted(copy.iterdir(), key=lambda entry: entry.name == "global"):
        shutil.move(entry, data / entry.name)
    copy.rmdir()


def _write_own_settings(file: Path, source: str) -> None:
    """Keeps what the source was told by ALTER SYSTEM, but for what concerns the source alone."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    kept = [line for line in lines if line.partition("=")[0].strip() not in _NOT_COPIED]
    value = source.replace("\\", "\\\\").replace("'", "''")
    # A standby lets nobody in: whom its primary locked out could guess on there, and no watcher would see it.
    kept += [f"primary_conninfo = '{value}'", "hot_standby = 'off'", ""]
    file.write_text("\n".join(kept), encoding="utf-8")


def promote(server: Server, peer: Peer, engine: sa.Engine) -> None:
    """Makes this host, a standby, the primary; it answers commits alone until a standby is there again.

    ``engine`` is the administrator's way to this host's database. It is on record who did it: the account of
    the machine's administrator, in the server's own chain.

    Raises:
        CannotDo: this host is no standby, or the peer still takes changes: there must never be two that do.
    """
    if not server.is_standby:
        raise CannotDo("this host is no standby: there is nothing to promote")
    found = ask(server, peer, patience_seconds=0)
    if found.what is PeerIs.PRIMARY:
        raise CannotDo(f"{peer.host} still takes changes: stop PostgreSQL there, or switch it off, first")
    server.program("pg_ctl", "promote", "-D", server.data, "-w", "-t", str(_PROMOTION_SECONDS))
    with engine.connect() as connection:
        # first, or the record itself would wait for a standby that is not there
        connection.exec_driver_sql("alter system set synchronous_standby_names = ''")
        connection.exec_driver_sql("select pg_reload_conf()")
        connection.execute(_NOTE, {"act": "promoted"})
        connection.exec_driver_sql("select watch.second_host(false)")
    _log.warning("this host takes changes now, alone")


# -- never two -----------------------------------------------------------------------------------------


def allow_alone(server: Server) -> None:
    """The administrator has made sure that the other host is off: the next start is not to ask it."""
    word = server.data / _ALONE
    word.touch(mode=0o600)
    if os.geteuid() == 0:
        owner = server.data.stat()
        os.chown(word, owner.st_uid, owner.st_gid)


def fence(server: Server, peer: Peer, *, patience_seconds: float = ASK_SECONDS) -> str:
    """Whether PostgreSQL may start on this host; says why. Run before every start of it.

    A standby may. Anything else may only while the other host takes no changes; when that cannot be found
    out, only after ``allow_alone``, which is good for one start.

    Raises:
        CannotDo: it may not start.
    """
    if server.is_standby:
        return "this host is a standby"
    word = server.data / _ALONE
    if word.exists():
        word.unlink()
        return "the administrator says that the other host is off"
    found = ask(server, peer, patience_seconds=patience_seconds)
    if found.what is PeerIs.STANDBY:
        return f"{peer.host} is a standby"
    if found.what is PeerIs.SILENT:
        raise CannotDo(
            f"{peer.host} does not say whether it took over ({found.words}). If it is off for certain:"
            " madoguchi-server fence --alone"
        )
    control = server.control()
    if found.system != control["Database system identifier"]:
        raise CannotDo(f"{peer.host} takes changes, and is another library's server: is the address right?")
    if found.timeline > int(control["Latest checkpoint's TimeLineID"]):
        raise CannotDo(
            f"{peer.host} has taken this host's place. Make this one its standby:"
            " madoguchi-server standby make --replace"
        )
    raise CannotDo(f"{peer.host} takes changes as well: stop PostgreSQL there before this one starts")


def ask(server: Server, peer: Peer, *, patience_seconds: float = ASK_SECONDS) -> Found:
    """What the other host is, asked over the replication protocol, which works with any database or none."""
    deadline = time.monotonic() + patience_seconds
    while True:
        found = _ask_once(server, peer)
        starting = "starting up" in found.words or "not yet accepting" in found.words
        if not starting or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


def _ask_once(server: Server, peer: Peer) -> Found:
    source = peer.conninfo(replication="true", application_name="madoguchi-fence")
    questions = ("-c", "IDENTIFY_SYSTEM", "-c", "SHOW in_hot_standby")
    try:
        said = server.program("psql", "-X", "-A", "-t", "-w", "-d", source, *questions, seconds=10)
    except CannotDo as error:
        words = str(error)
        # the way in which a standby of ours keeps everybody out; said after TLS has shown who says it
        if "Hot standby mode is disabled" in words:
            return Found(PeerIs.STANDBY)
        return Found(PeerIs.SILENT, words=words)
    identity, recovering = said.splitlines()[:2]
    system, timeline = identity.split("|")[:2]
    what = PeerIs.STANDBY if recovering == "on" else PeerIs.PRIMARY
    return Found(what, int(timeline), system)


def newest_programs(roots: Sequence[Path] = (Path("/usr/lib/postgresql"),)) -> Path:
    """Where the newest PostgreSQL's programs lie on a Debian machine.

    Raises:
        CannotDo: there are none.
    """
    found = [path for root in roots for path in root.glob("*/bin") if re.fullmatch(r"\d+", path.parent.name)]
    if not found:
        raise CannotDo("PostgreSQL is not installed here")
    return max(found, key=lambda path: int(path.parent.name))


def _works_in(process: Path, data: Path) -> bool:
    try:
        return (process / "cwd").samefile(data)
    except OSError:  # it has ended, or is another account's
        return False


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
