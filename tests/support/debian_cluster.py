"""A cluster of Debian's own making for a test, in a folder of its own, and ``madoguchi-server`` run on it.

PostgreSQL's tools for clusters run as root alone, as the administrator does: without root such tests are
skipped.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from madoguchi.app.admin.commands import run
from madoguchi.app.admin.context import Context
from madoguchi.app.admin.machine import Cluster
from madoguchi.app.admin.plan import Home
from madoguchi.app.admin.said import CannotDo
from tests.support.server_files import free_port

_LOOKED_FOR_IN = "PG_CLUSTER_CONF_ROOT"

IS_ROOT = os.name == "posix" and os.geteuid() == 0


class DebianCluster:
    """A fresh cluster made by pg_createcluster, and a server's home beside it.

    ``close()``, or leaving the ``with`` block, ends it and removes everything.
    """

    def __init__(self, name: str = "madoguchitest") -> None:
        self.name = name
        self.folder = Path(tempfile.mkdtemp(prefix="madoguchi-debian-"))
        # PostgreSQL's own account has to get in
        self.folder.chmod(0o755)
        self.home = Home(self.folder / "home")
        self.port = free_port("127.0.0.1")
        self.version = max(
            int(entry.name) for entry in Path("/usr/lib/postgresql").iterdir() if entry.name.isdigit()
        )
        account = pwd.getpwnam("postgres")
        for place in ("data", "socket", "log"):
            (self.folder / place).mkdir()
            os.chown(self.folder / place, account.pw_uid, account.pw_gid)
        (self.folder / "conf").mkdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def title(self) -> str:
        """As pg_lsclusters says it."""
        return f"{self.version}/{self.name}"

    @property
    def environment(self) -> dict[str, str]:
        """What has PostgreSQL's tools and our command look for everything in this folder."""
        return {
            **os.environ,
            _LOOKED_FOR_IN: str(self.folder / "conf"),
            "MADOGUCHI_SERVER_HOME": str(self.home.folder),
        }

    @property
    def making_options(self) -> list[str]:
        """The options of pg_createcluster that keep it in this folder."""
        return [
            f"--datadir={self.folder / 'data' / self.name}",
            f"--socketdir={self.folder / 'socket'}",
            f"--logfile={self.folder / 'log' / 'postgresql.log'}",
            f"--port={self.port}",
            "--locale=C.UTF-8",
        ]

    def create(self) -> None:
        """Makes the cluster; it does not run yet."""
        self._tool("pg_createcluster", *self.making_options, str(self.version), self.name)

    def close(self) -> None:
        """Ends it and removes it; may be called twice."""
        if (self.folder / "data" / self.name / "postmaster.pid").exists():
            self._tool("pg_ctlcluster", str(self.version), self.name, "stop", "-m", "immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def context(self) -> Context:
        """What a command of the administrator's is given."""
        return Context(self.home, lambda _line: None)

    def engine(self, database: str | None = None) -> sa.Engine:
        """An engine as the superuser, over the cluster's socket."""
        with self._found():
            return self.context().engine(database)

    def cluster(self) -> Cluster:
        """It, as the commands see it."""
        with self._found():
            return self.context().cluster()

    def psql(self, sql: str, database: str | None = None) -> str:
        """Runs statements as the superuser, with triggers as they are; returns what psql prints."""
        cluster, plan = self.cluster(), self.context().plan()
        ran = subprocess.run(
            [cluster.program("psql"), *cluster.connection(), "-XAtq", "-v", "ON_ERROR_STOP=1",
             "-d", database or plan.database, "-c", sql],
            capture_output=True, text=True, cwd="/", check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()

    def command(self, *arguments: str) -> tuple[int, list[str]]:
        """Runs ``madoguchi-server`` here: its exit status and lines, or the one it refused with."""
        lines: list[str] = []
        try:
            with self._found():
                status = run(["--home", str(self.home.folder), *arguments], lines.append)
        except CannotDo as error:
            return 1, [*lines, str(error)]
        return status, lines

    def done(self, *arguments: str) -> list[str]:
        """The same, for what must be done."""
        status, lines = self.command(*arguments)
        assert status == 0, "\n".join(lines)
        return lines

    def refused(self, *arguments: str) -> str:
        """The same, for what must be refused; the last line says why."""
        status, lines = self.command(*arguments)
        assert status == 1, "\n".join(lines)
        return lines[-1]

    @contextmanager
    def _found(self) -> Iterator[None]:
        """Has PostgreSQL's tools look for clusters here; several of these may be there at once."""
        before = os.environ.get(_LOOKED_FOR_IN)
        os.environ[_LOOKED_FOR_IN] = self.environment[_LOOKED_FOR_IN]
        try:
            yield
        finally:
            if before is None:
                del os.environ[_LOOKED_FOR_IN]
            else:
                os.environ[_LOOKED_FOR_IN] = before

    def _tool(self, *command: str) -> None:
        ran = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, cwd="/", check=False
        )
        assert ran.returncode == 0, ran.stderr
