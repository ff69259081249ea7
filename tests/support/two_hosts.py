"""Two PostgreSQL servers as in a library that cannot close: a primary, and a standby that takes over.

    with TwoHosts() as hosts:
        hosts.primary.create_database("lending")
        engine = create_engine(hosts.url("lending"))
        hosts.primary.kill()
        hosts.promote()
        hosts.rejoin()

The two listen on one port at 127.0.0.1 and 127.0.0.2, because psqlodbc takes several hosts but one port. They
share the authority and the server certificate. The standby streams over TLS and is synchronous: a commit is
answered when both have it on disk.
"""

import secrets
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL

from madoguchi.app.admin.plan import STANDBY
from tests.support.binaries import ClusterError
from tests.support.cluster import Cluster, quote
from tests.support.server_files import free_port, let_ourselves_in, write_settings
from tests.support.terminals import TerminalCertificate

ADDRESSES = "127.0.0.1", "127.0.0.2"
_NAMES = "first", "second"
_REPLICATOR = STANDBY
_PATIENCE_SECONDS = 30.0

_SETTINGS = {
    "synchronous_commit": "on",
    "hot_standby": "on",
    # A standby that lost its primary asks again this soon.
    "wal_retrieve_retry_interval": "200ms",
}


class Host(Cluster):
    """One of the two servers, with all that a `Cluster` can do. `name` is what the other knows it by."""

    def __init__(
        self,
        number: int,
        *,
        source: "Host | None" = None,
        durable: bool = False,
        settings: Mapping[str, str] | None = None,
        sockets: Path | None = None,
    ) -> None:
        self.host = ADDRESSES[number]
        self.name = _NAMES[number]
        self.sockets = sockets / self.name if sockets is not None else None
        if self.sockets is not None:
            self.sockets.mkdir()
            self.sockets.chmod(0o777)
            settings = {**(settings or {}), "unix_socket_directories": str(self.sockets)}
        own = secrets.token_urlsafe(24)
        self.replication_password: str = source.replication_password if source else own
        self._source = source
        super().__init__(
            durable=durable, settings={**_SETTINGS, **(settings or {})}, port=source.port if source else 0
        )

    @property
    def is_standby(self) -> bool:
        """True while it takes its data from another server. Raises ClusterError when it does not answer."""
        return self.psql("postgres", "SELECT pg_is_in_recovery()") == "t"

    @property
    def follows(self) -> bool:
        """True when it is the standby of another, or would be if it were started."""
        return (self.directory / "data" / "standby.signal").exists()

    def follow(self, source: "Host") -> None:
        """Become a standby of `source`: throw away what it has, take a copy, start and stream.

        It must not run. Raises ClusterError when `source` gives no copy.
        """
        self._source = source
        # The directory itself stays: by its inode a new server finds a killed one's shared memory.
        for entry in (self.directory / "data").iterdir():
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        self._make_data()
        self._configure()
        self.start()

    def promote(self) -> None:
        """Make a standby a primary and wait until it takes writes. Raises ClusterError when it does not."""
        # not by SQL: a standby may be told to let nobody in
        done = subprocess.run(
            [*self._program("pg_ctl"), "promote", "-D", self.directory / "data", "-w",
             "-t", f"{_PATIENCE_SECONDS:.0f}"],
            cwd=self.directory, env=self._environment(),
            stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        if done.returncode:
            raise ClusterError(f"{self.name} was not promoted: {done.stderr}\n{self._log_end()}")

    def wait_for_standby(self, name: str) -> None:
        """Make every commit wait until the standby `name` has it on disk too; for nobody when it is empty.

        Commits that wait already are answered when the name is taken away.
        """
        names = quote(name) if name else ""
        self.psql("postgres", f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.psql("postgres", "SELECT pg_reload_conf()")

    # -- making it ---------------------------------------------------------------------------------

    def _certify(self) -> None:
        if self._source is None:
            super()._certify()
            return
        self.password = self._source.password
        for name in ("ca.crt", "ca.key", "server.crt", "server.key"):
            shutil.copy2(self._source.directory / name, self.directory)
        self.ca_file, self.ca_key = self.directory / "ca.crt", self.directory / "ca.key"
        self._own(self.directory / "server.crt")
        self._own(self.directory / "server.key")

    def _make_data(self) -> None:
        if self._source is None:
            super()._make_data()
            return
        data = self.directory / "data"
        data.mkdir(mode=0o700, exist_ok=True)
        self._own(data)
        account = {"PGUSER": _REPLICATOR, "PGPASSWORD": self._source.replication_password}
        line = {
            "PGHOST": self._source.host, "PGPORT": str(self._source.port), "PGCONNECT_TIMEOUT": "10",
            "PGSSLMODE": "verify-full", "PGSSLROOTCERT": str(self.ca_file),
        }  # fmt: skip
        made = subprocess.run(
            [*self._program("pg_basebackup"), "-D", data, "-w", "--checkpoint=fast", "--no-sync"],
            cwd=self.directory, env={**self._environment(), **account, **line},
            stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False, timeout=300,
        )  # fmt: skip
        if made.returncode:
            raise ClusterError(f"pg_basebackup failed:\n{made.stderr.strip()}")

    def configure_itself(self) -> None:
        """Write the files that say how it listens and whom it lets in, anew when a copy brought another's."""
        super()._configure()
        data = self.directory / "data"
        with (data / "pg_hba.conf").open("a", encoding="ascii") as rules:
            rules.write(f"hostssl replication {_REPLICATOR} 127.0.0.1/32 scram-sha-256\n")
        if self.sockets is not None:
            let_ourselves_in(data)

    def _configure(self) -> None:
        self.configure_itself()
        if self._source is None:
            return
        data = self.directory / "data"
        # The copy came with what ALTER SYSTEM said on its source, which is not for this server.
        own_words, signal = data / "postgresql.auto.conf", data / "standby.signal"
        own_words.write_text("", encoding="ascii")
        line = self._source.conninfo(
            "replication", user=_REPLICATOR, password=self._source.replication_password,
            application_name=self.name, connect_timeout=3, keepalives_idle=2, tcp_user_timeout=3000,
        )  # fmt: skip
        write_settings(own_words, {"primary_conninfo": line})
        signal.touch(mode=0o600)
        self._own(signal)

    def _fill(self) -> None:
        if self._source is None:
            super()._fill()
            self.psql(
                "postgres",
                f"CREATE ROLE {_REPLICATOR} LOGIN REPLICATION PASSWORD '{self.replication_password}'",
            )

    def _free_port(self) -> int:
        return free_port(*ADDRESSES)


class TwoHosts:
    """A primary and its synchronous standby, both running when the constructor returns.

    `primary` and `standby` say who is what since the last `promote`; `first` and `second` never change.
    `durable` and `settings` are those of `Cluster`, for both. With `sockets`, a directory, each has its
    socket in the one below that has its name, and lets us in there. `close()` or the end of the `with` block
    ends both. Raises ClusterError when they do not come up.
    """

    def __init__(
        self,
        *,
        durable: bool = False,
        settings: Mapping[str, str] | None = None,
        sockets: Path | None = None,
    ) -> None:
        self.first = self.primary = Host(0, durable=durable, settings=settings, sockets=sockets)
        try:
            self.second = self.standby = Host(
                1, source=self.first, durable=durable, settings=settings, sockets=sockets
            )
            self._couple()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End both servers for good. May be called twice."""
        # The standby first: a primary that shuts down waits until its standby, frozen perhaps, has it all.
        for host in (getattr(self, "standby", None), self.primary):
            if host is not None:
                host.close()

    @property
    def port(self) -> int:
        """The port of both."""
        return self.first.port

    def url(
        self,
        database: str,
        user: str | None = None,
        password: str | None = None,
        *,
        terminal: TerminalCertificate | None = None,
        **query: str | int,
    ) -> URL:
        """Return the address of `database` on whichever of the two takes writes, for our dialect.

        The arguments are those of `Cluster.url`; certificates for terminals may be made with either host.
        """
        keys: dict[str, str | int] = {"target_session_attrs": "read-write", **query}
        hosts = ",".join(ADDRESSES)
        return self.first.url(database, user, password, host=hosts, port=self.port, terminal=terminal, **keys)

    def promote(self) -> Host:
        """Make the standby the primary, as an operator does when the primary is lost; return it.

        It commits alone from then on, until `rejoin`. The old primary is left as it is: to be `standby` in
        name only, and a second primary if it runs.
        """
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary
        return self.primary

    def rejoin(self) -> None:
        """Make the old primary, which is killed if it still runs, the new one's synchronous standby."""
        self.standby.kill()
        self.standby.follow(self.primary)
        self._couple()

    def recover(self) -> None:
        """Bring both back to work, whatever a test did to them, and wait until the standby streams.

        The roles stay as they are; an old primary that was not made a standby since `promote` rejoins.
        """
        self.primary.recover()
        if not self.standby.follows:
            self.rejoin()
            return
        self.standby.recover()
        self._couple()

    def commit_alone(self) -> None:
        """Stop waiting for the standby, as an operator does when it is lost; waiting commits are answered."""
        self.primary.wait_for_standby("")

    def _couple(self) -> None:
        """Make commits wait for the standby, and wait until it has caught up and counts."""
        self.primary.wait_for_standby(self.standby.name)
        counts = f"application_name = '{self.standby.name}'"
        question = f"SELECT state, sync_state FROM pg_stat_replication WHERE {counts}"
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (state := self.primary.psql("postgres", question)) != "streaming|sync":
            if time.monotonic() > deadline:
                raise ClusterError(f"{self.standby.name} does not stream: {state or 'not connected'}")
            time.sleep(0.02)
