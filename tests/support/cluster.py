"""A real PostgreSQL server of our own, for tests, measurements and the dialect's suite.

    with Cluster() as cluster:
        cluster.create_database("lending")
        engine = create_engine(cluster.url("lending"))

It listens on a free port of the loopback address only, takes TLS connections with SCRAM passwords only (from
members of the role `staff_login` only with a certificate of `tests.support.terminals` too), and speaks C
messages, UTC and UTF-8 whatever the machine's settings are. One exception: the database `TRIP_COUNT_DATABASE`
also takes connections without TLS, so that `tests.support.wire` can read the protocol and count round trips.
"""

import atexit
import contextlib
import os
import secrets
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL

from tests.support import processes
from tests.support.account import server_account
from tests.support.binaries import ClusterError, find_binaries
from tests.support.certificates import make_certificates
from tests.support.server_files import (
    LOG_NAME,
    TRIP_COUNT_DATABASE,
    access_rules,
    free_port,
    lines_of,
    server_settings,
    write_settings,
)
from tests.support.terminals import TerminalCertificate

__all__ = ["TRIP_COUNT_DATABASE", "Cluster", "quote"]

_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
# what the postmaster writes when it is up; the second, as a standby that lets nobody in
_UP = "ready", "standby"


def quote(identifier: str) -> str:
    """Return `identifier` as SQL takes it, in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


class Cluster:
    """One PostgreSQL server in a temporary directory, started by the constructor.

    `durable=False` (the default) leaves out fsync: these tests kill processes, never the power, and what a
    killed process has written is kept by the kernel. Every commit is still written before it is answered.
    A measurement that must pay for the disk passes `durable=True`. `settings` are further lines of
    postgresql.conf. With `port` 0 a free one is found. `tests.support.two_hosts` makes a pair of them.

    `close()` (or leaving the `with` block) ends it and removes the directory; so does the end of the Python
    process, however it ends. Raises ClusterError when no server is installed or it does not start.
    """

    host = "127.0.0.1"
    superuser = "postgres"

    def __init__(
        self, *, durable: bool = False, settings: Mapping[str, str] | None = None, port: int = 0
    ) -> None:
        self._binaries = find_binaries()
        self._account = server_account()
        self._server: subprocess.Popen[bytes] | None = None
        self._owner_pid = os.getpid()
        self.directory = Path(tempfile.mkdtemp(prefix="madoguchi-pg-"))
        self.password = secrets.token_urlsafe(24)
        # What the postmaster says before its log collector runs, and what the collector says of itself.
        self._early_log_path = self.directory / "server.log"
        self.log_path = self.directory / "log" / LOG_NAME
        self.port = port
        self._mark = self.directory.name
        self._watchman = processes.post_watchman(self._mark, self._account.uid, self.directory)
        atexit.register(self.close)
        try:
            self.directory.chmod(0o755)
            self._certify()
            self._make_data()
            ours = server_settings(self.directory, host=self.host, mark=self._mark, durable=durable)
            self._settings = {**ours, **(settings or {})}
            self._configure()
            self.start()
            self._fill()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- the process -------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """True between a start and the end of the postmaster, frozen or not."""
        return self._server is not None and self._server.poll() is None

    def start(self) -> None:
        """Start the server and wait until it takes connections; the port stays the same over restarts.

        Does nothing when it runs. Raises ClusterError with the end of the log when it does not come up.
        """
        if self.is_running:
            return
        chosen_before = self.port != 0
        for _ in range(5):
            if not chosen_before:
                self.port = self._free_port()
            if self._try_to_start():
                return
            if chosen_before or "could not bind" not in self._log_end():
                break
        raise ClusterError(f"PostgreSQL did not start:\n{self._log_end()}")

    def stop(self) -> None:
        """Shut down in order, ending every session. Thaws first. Does nothing when it does not run."""
        if self._server is None:
            return
        self.thaw()
        self._server.send_signal(signal.SIGINT)
        try:
            self._server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._wait_for_the_last()
        self._server = None

    def kill(self) -> None:
        """Kill every process of the server at once (SIGKILL), as a crash of the machine's memory would.

        What was committed is there again after `start()`.
        """
        while pids := self.pids():
            processes.send(pids, signal.SIGKILL)
            time.sleep(0.01)
        if self._server is not None:
            self._server.wait()
            self._server = None

    def pids(self) -> list[int]:
        """Process ids of the postmaster, which comes first, and all its children."""
        return processes.cluster_pids(self._mark, self._account.uid)

    def freeze(self) -> contextlib.ExitStack:
        """Stop every process of the server where it stands (SIGSTOP); returns when all stand still.

        As a context manager it thaws at the end: `with cluster.freeze(): ...`. The kernel goes on accepting
        connections and acknowledging packets, so no network timer notices.
        """
        # The postmaster first: once it stands still there are no new children to miss.
        _stop_still(self.pids()[:1])
        _stop_still(self.pids())
        stack = contextlib.ExitStack()
        stack.callback(self.thaw)
        return stack

    def thaw(self) -> None:
        """Let a frozen server go on (SIGCONT). Harmless when it is not frozen."""
        processes.send(reversed(self.pids()), signal.SIGCONT)

    def recover(self) -> None:
        """Bring the server back to work whatever a test did to it: thaw it, start it when it is gone."""
        self.thaw()
        self.start()

    def close(self) -> None:
        """End the server for good and remove its directory. May be called twice."""
        if os.getpid() != self._owner_pid:  # a forked child's atexit must not end its parent's server
            return
        atexit.unregister(self.close)
        self.stop()
        if self._watchman.stdin is not None and not self._watchman.stdin.closed:
            self._watchman.stdin.close()
        self._watchman.wait()

    # -- what it says ------------------------------------------------------------------------------

    def read_log(self) -> str:
        """Return the text log, with all in it that was said before this call."""
        self._flush_log()
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def _flush_log(self) -> None:
        """Wait until the collector, which reads one pipe, has written all that came before a mark of ours."""
        if not self.is_running:
            return
        mark = f"log read at {secrets.token_hex(8)}"
        self.psql("postgres", f"DO $$ BEGIN RAISE LOG '{mark}'; END $$")
        deadline = time.monotonic() + _STOP_SECONDS
        while mark not in "\n".join(lines_of(self.log_path)[-50:]):
            if time.monotonic() > deadline:
                raise ClusterError("PostgreSQL's log collector writes nothing")
            time.sleep(0.01)

    def _log_end(self) -> str:
        return "\n".join([*lines_of(self._early_log_path)[-20:], *lines_of(self.log_path)[-20:]])

    # -- databases and sessions --------------------------------------------------------------------

    def create_database(self, name: str, *, template: str = "template0", owner: str | None = None) -> None:
        """Make a database as a copy of `template`, which nobody may be connected to. Raises ClusterError."""
        owned = f" OWNER {quote(owner)}" if owner else ""
        self.psql("postgres", f"CREATE DATABASE {quote(name)}{owned} TEMPLATE {quote(template)}")

    def drop_database(self, name: str) -> None:
        """Drop a database, ending the sessions in it; one that is not there is no error."""
        self.psql("postgres", f"DROP DATABASE IF EXISTS {quote(name)} WITH (FORCE)")

    def url(
        self,
        database: str,
        user: str | None = None,
        password: str | None = None,
        *,
        host: str | None = None,
        port: int | None = None,
        terminal: TerminalCertificate | None = None,
        **query: str | int,
    ) -> URL:
        """Return the address of `database` for our dialect, `postgresql+pyodbc`; the superuser's by default.

        `query` are further keys of the dialect; `host` and `port` point it at a `Wire` in between; with
        `terminal` it shows that certificate.
        """
        keys: dict[str, str | int] = {"sslrootcert": str(self.ca_file), **_keys_of(terminal), **query}
        return URL.create(
            "postgresql+pyodbc",
            username=user or self.superuser,
            password=password or self.password,
            host=host or self.host,
            port=port or self.port,
            database=database,
            query={key: str(value) for key, value in keys.items()},
        )

    def psycopg_url(
        self,
        database: str,
        user: str | None = None,
        password: str | None = None,
        *,
        host: str | None = None,
        port: int | None = None,
        terminal: TerminalCertificate | None = None,
        **query: str | int,
    ) -> URL:
        """Return the address of `database` for SQLAlchemy's `postgresql+psycopg`, the control beside ours.

        `query` are further keywords of libpq.
        """
        keys: dict[str, str | int] = {"sslmode": "verify-full", **query}
        ours = self.url(database, user, password, host=host, port=port, terminal=terminal, **keys)
        return ours.set(drivername="postgresql+psycopg")

    def conninfo(
        self, database: str, *, terminal: TerminalCertificate | None = None, **keywords: str | int
    ) -> str:
        """Return libpq's connection string for the superuser: `psycopg.connect(cluster.conninfo("db"))`.

        `keywords` add to it or take the place of what it would say; with `terminal` the client shows that
        certificate.
        """
        said = {
            "host": self.host,
            "port": self.port,
            "user": self.superuser,
            "password": self.password,
            "dbname": database,
            "sslmode": "verify-full",
            "sslrootcert": self.ca_file,
            **_keys_of(terminal),
            **keywords,
        }
        quoted = {name: str(value).replace("\\", "\\\\").replace("'", "\\'") for name, value in said.items()}
        return " ".join(f"{name}='{value}'" for name, value in quoted.items())

    def psql(self, database: str, sql: str, *, user: str | None = None, password: str | None = None) -> str:
        """Run `sql`, one statement or many, with psql; return what it prints, unaligned, without headings.

        The first error ends it. Raises ClusterError with the server's words.
        """
        account = {"PGUSER": user or self.superuser, "PGPASSWORD": password or self.password}
        line = {
            "PGHOST": self.host, "PGPORT": str(self.port), "PGDATABASE": database, "PGCONNECT_TIMEOUT": "10",
            "PGSSLMODE": "verify-full", "PGSSLROOTCERT": str(self.ca_file), "PGCLIENTENCODING": "UTF8",
        }  # fmt: skip
        done = subprocess.run(
            [self._binaries / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"],
            env={**self._environment(), **account, **line},
            input=sql, capture_output=True, encoding="utf-8", check=False, timeout=300,
        )  # fmt: skip
        if done.returncode:
            raise ClusterError(done.stderr.strip())
        return done.stdout.rstrip("\n")

    # -- making it ---------------------------------------------------------------------------------

    def _environment(self) -> dict[str, str]:
        """Return our environment without what would change what PostgreSQL's programs do or say."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
        # In a user's own home libpq would look for certificates, and may not be let in.
        return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(self.directory)}

    def _own(self, path: Path) -> None:
        if not self._account.is_us:
            os.chown(path, self._account.uid, self._account.gid)

    def _program(self, name: str) -> list[str | Path]:
        program = self._binaries / name
        return [*self._account.prefix(program, self.directory / "data"), program]

    def _certify(self) -> None:
        certificates = make_certificates(self.directory)
        self.ca_file, self.ca_key = certificates.ca, certificates.ca_key
        self._own(certificates.cert)
        self._own(certificates.key)

    def _make_data(self) -> None:
        data, password_file = self.directory / "data", self.directory / "password"
        data.mkdir(mode=0o700)
        self._own(data)
        password_file.touch(mode=0o600)
        password_file.write_text(self.password + "\n", encoding="ascii")
        self._own(password_file)
        made = subprocess.run(
            [
                *self._program("initdb"), "-D", data, "-U", self.superuser, f"--pwfile={password_file}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--lc-messages=C",
                "--no-sync", "--no-instructions",
            ],
            cwd=self.directory, env=self._environment(),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False,
        )  # fmt: skip
        password_file.unlink()
        if made.returncode:
            raise ClusterError(f"initdb failed:\n{made.stdout}")

    def _fill(self) -> None:
        self.create_database(TRIP_COUNT_DATABASE)

    def _configure(self) -> None:
        data, log = self.directory / "data", self.directory / "log"
        log.mkdir(mode=0o755, exist_ok=True)
        self._own(log)
        write_settings(data / "postgresql.conf", self._settings)
        (data / "pg_hba.conf").write_text(access_rules(), encoding="ascii")

    def _free_port(self) -> int:
        return free_port(self.host)

    def _try_to_start(self) -> bool:
        """Start once; True when it takes connections, False when it ended or did not come up in time."""
        data = self.directory / "data"
        with self._early_log_path.open("ab") as log:
            self._server = subprocess.Popen(
                [*self._program("postgres"), "-D", data, "-p", str(self.port)],
                cwd=self.directory, env=self._environment(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + _START_SECONDS
        while self._server.poll() is None and time.monotonic() < deadline:
            # The postmaster writes its state into the eighth line; pg_ctl waits for the same word.
            lines = lines_of(data / "postmaster.pid")
            if len(lines) >= 8 and lines[0] == str(self._server.pid) and lines[7].strip() in _UP:
                return True
            time.sleep(0.02)
        if self._server.poll() is not None:
            self._wait_for_the_last()
        self.kill()
        return False

    def _wait_for_the_last(self) -> None:
        """Wait until the log collector, which outlives the postmaster, has written all and ended."""
        deadline = time.monotonic() + _STOP_SECONDS
        while self.pids() and time.monotonic() < deadline:
            time.sleep(0.01)


def _keys_of(terminal: TerminalCertificate | None) -> dict[str, str | int]:
    return {"sslcert": str(terminal.cert), "sslkey": str(terminal.key)} if terminal else {}


def _stop_still(pids: list[int]) -> None:
    while moving := [pid for pid in pids if not processes.is_stopped(pid)]:
        processes.send(moving, signal.SIGSTOP)
        time.sleep(0.005)
