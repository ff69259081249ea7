"""A server for the watcher's own tests: its log as in production, and the watcher let in over the socket."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from madoguchi.app.admin.watch import watch, watcher_url
from madoguchi.app.server.engine import make_engine
from tests.support.cluster import Cluster
from tests.support.library import SmallLibrary
from tests.support.server_files import let_ourselves_in

_PATIENCE_SECONDS = 30.0


def production_log() -> dict[str, str]:
    """How a server of ours logs: text, a file for each start and rotation, no name in a line's beginning."""
    return {
        "log_destination": "stderr",
        "log_filename": "postgresql-%Y-%m-%d_%H%M%S.log",
        "log_line_prefix": "%m [%p] %h ",
        "log_min_messages": "warning",
        # a session whose client is gone is noticed even while it works
        "client_connection_check_interval": "2000",
    }


@contextmanager
def directory_for_sockets() -> Iterator[Path]:
    """A directory that every account may put a server's socket in, its name short: a socket's has a limit."""
    with tempfile.TemporaryDirectory(prefix="mado-") as made:
        Path(made).chmod(0o777)
        yield Path(made)


def let_watcher_in(cluster: Cluster) -> None:
    """Lets us in over the socket of a server that runs, as the superuser and as the watcher."""
    let_ourselves_in(cluster.directory / "data")
    cluster.psql("postgres", "select pg_reload_conf()")


@contextmanager
def watching(
    sockets: Path | str, cluster: Cluster, database: str, **settings: Any
) -> Iterator[threading.Event]:
    """Runs the watcher in a thread meanwhile, ten times as fast as in a library."""
    stop = threading.Event()
    engine = make_engine(watcher_url(database, str(sockets), cluster.port))
    settings = {"pause_seconds": 0.1} | settings
    thread = threading.Thread(
        target=watch, args=(engine, cluster.log_path.parent), kwargs={"stop": stop, **settings}, name="watch"
    )
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join()
        engine.dispose()


def wait_until(condition: Callable[[], Any], seconds: float = _PATIENCE_SECONDS) -> bool:
    """Whether something comes true before a patient test gives up."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def asked(library: SmallLibrary, statement: str, **values: Any) -> Any:
    """One value, asked as the administrator."""
    with library.engine.connect() as connection:
        return connection.execute(sa.text(statement), values).scalar_one_or_none()


def done(library: SmallLibrary, statement: str, **values: Any) -> None:
    """A statement, done as the administrator."""
    with library.engine.connect() as connection:
        connection.execute(sa.text(statement), values)


def acts(library: SmallLibrary, act: str, login: str | None = None) -> int:
    """How many records of an act the server's own chain holds, of one login or of any."""
    whose = "" if login is None else " and subject ->> 'login' = :login"
    return asked(
        library,
        f"select count(*) from audit.record where chain = 0 and act = :act{whose}",
        act=act,
        **({} if login is None else {"login": login}),
    )
