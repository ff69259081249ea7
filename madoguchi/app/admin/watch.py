"""The watcher: what has to happen on the server by the clock and by nobody's client.

It is a service on the server's own machine and signs in over PostgreSQL's socket as ``madoguchi_watch``,
without a password: the kernel says whose process it is. It may call the functions of the schema ``watch`` and
nothing else of the library. What it writes does not wait for the second host, which it may have to count out.

It logs what it does without a name; who was meant stands in the audit.
"""

from __future__ import annotations

import argparse
import json
import logging
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from madoguchi.app.admin.context import Commands
from madoguchi.app.admin.log_reader import LogReader, Position
from madoguchi.app.admin.second_host import SecondHost, checked_name
from madoguchi.app.server.engine import make_engine
from madoguchi.app.server.rights import WATCHER
from madoguchi.app.server.tables.columns import UtcDateTime

ROUND_SECONDS: Final = 1.0
LOOK_SECONDS: Final = 0.5
ERASE_SECONDS: Final = 10.0
BY_AGE_SECONDS: Final = 3600.0

_FAILED: Final = sa.text("select watch.failed_sign_in(:login, :at, :pid, :host)").bindparams(
    sa.bindparam("at", type_=UtcDateTime)
)
_READ_TO: Final = sa.text("select watch.read_log_to(:file, :offset)")

Round = Callable[[], None]

_log = logging.getLogger(__name__)


def watcher_url(database: str, socket_directory: str, port: int = 5432) -> sa.URL:
    """The watcher's way to the database on its own machine."""
    # the socket never leaves the machine; erasing may take longer than an act at a counter
    limits = {"sslmode": "disable", "statement_timeout": "60000", "lock_timeout": "1000"}
    return sa.URL.create(
        "postgresql+pyodbc",
        username=WATCHER,
        host=socket_directory,
        port=port,
        database=database,
        query=limits | {"application_name": "madoguchi-watch"},
    )


class Watch:
    """What the watcher does in one connection, round by round."""

    def __init__(self, connection: sa.Connection, log_directory: Path) -> None:
        self._connection = connection
        known = json.loads(self._ask("watch.log_position()"))
        self._log = LogReader(log_directory, Position(known["file"], known["offset"]))
        self._erase_at = self._erase_by_age_at = 0.0

    def round(self) -> None:
        """One round; to be called every second.

        Raises:
            OSError: the server's log cannot be read. The heartbeat stops then: who cannot read cannot watch.
            sqlalchemy.exc.DBAPIError: the connection is lost.
        """
        self._try("bad sign-ins", self._read_log)
        self._try("the tick", lambda: self._ask("watch.tick()"))
        now = time.monotonic()
        if now >= self._erase_at:
            self._erase_at = now + ERASE_SECONDS
            self._try("erasing returned loans", self._erase_returned)
        if now >= self._erase_by_age_at:
            self._erase_by_age_at = now + BY_AGE_SECONDS
            self._try("erasing by age", lambda: self._ask("watch.erase_by_age()"))
            self._try("noting what was added", lambda: self._ask("watch.note_added()"))
            self._try("erasing for the web side", lambda: self._ask("watch.erase_web_side()"))
            self._try("erasing notes that are over", lambda: self._ask("watch.erase_notes()"))

    def _read_log(self) -> None:
        while True:
            before = self._log.position
            for failed in self._log.read():
                self._connection.execute(
                    _FAILED,
                    {"login": failed.login, "at": failed.at, "pid": failed.pid, "host": failed.host},
                )
            after = self._log.position
            if after == before:
                return
            self._connection.execute(_READ_TO, {"file": after.file, "offset": after.offset})

    def _erase_returned(self) -> None:
        while self._ask("watch.erase_returned()"):
            pass

    def _ask(self, function: str) -> Any:
        return self._connection.exec_driver_sql(f"select {function}").scalar_one()

    def _try(self, what: str, step: Round) -> None:
        """Does one thing; where it cannot be done now, the others are done all the same, and it next time."""
        try:
            step()
        except sa.exc.DBAPIError as error:
            if error.connection_invalidated:
                raise
            _log.warning("%s: not done in this round (%s)", what, _named(error))


def watch(
    engine: sa.Engine,
    log_directory: Path,
    *,
    stop: threading.Event,
    second_host: str = "",
    pause_seconds: float = ROUND_SECONDS,
) -> None:
    """Watches until ``stop`` is set, through lost connections and restarts of the server.

    ``second_host`` is what the standby calls itself; empty: there is none. ``log_directory`` is the server's
    ``log_directory``. While the server is a standby it lets nobody in, and there is nothing to watch.
    """

    def begin_round(connection: sa.Connection) -> Round:
        return Watch(connection, log_directory).round

    def begin_look(connection: sa.Connection) -> Round:
        return SecondHost(connection, second_host).look

    others: list[threading.Thread] = []
    if second_host:
        checked_name(second_host)
        # by itself: nothing that the rest waits for may keep commits waiting
        others.append(
            threading.Thread(
                target=_keep_doing,
                args=(engine, begin_look, stop, min(pause_seconds, LOOK_SECONDS)),
                name="second host",
            )
        )
    for other in others:
        other.start()
    try:
        _keep_doing(engine, begin_round, stop, pause_seconds)
    finally:
        stop.set()
        for other in others:
            other.join()


def _keep_doing(
    engine: sa.Engine, begin: Callable[[sa.Connection], Round], stop: threading.Event, pause: float
) -> None:
    trouble = ""
    while not stop.is_set():
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("set synchronous_commit = local")
                do_round = begin(connection)
                while not stop.is_set():
                    do_round()
                    if trouble:
                        _log.info("watching again")
                        trouble = ""
                    stop.wait(pause)
        except (sa.exc.SQLAlchemyError, OSError) as error:
            # said once, not every second
            if trouble != (trouble := _named(error)):
                _log.warning("cannot watch just now (%s)", trouble)
            stop.wait(pause)


def _named(error: Exception) -> str:
    """What kind of error it is, without a word of what it says: that may name people."""
    from madoguchi.app.server.odbc_errors import sqlstate

    if isinstance(error, sa.exc.DBAPIError) and error.orig is not None:
        return sqlstate(error.orig) or type(error.orig).__name__
    if isinstance(error, OSError):
        return f"the log: {error.strerror}"
    return type(error).__name__


def add_to(commands: Commands) -> None:
    """Adds ``watch``."""
    parser = commands.add_parser("watch", help="the watcher; a service runs it, as madoguchi-watch")
    add_arguments(parser)
    parser.set_defaults(run=lambda _context, arguments: run(arguments))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``madoguchi-server watch`` is told."""
    parser.add_argument("--database", default="madoguchi", help="the library's database")
    parser.add_argument(
        "--socket-directory", default="/run/postgresql", help="where PostgreSQL's socket lies"
    )
    parser.add_argument("--port", type=int, default=5432)
    parser.add_argument(
        "--log-directory", type=Path, default=Path("/var/log/postgresql/madoguchi"), help="PostgreSQL's log"
    )
    parser.add_argument(
        "--second-host", default="", metavar="NAME", help="what the standby calls itself; without it: none"
    )


def run(arguments: argparse.Namespace) -> int:
    """Watches until the service is stopped (SIGTERM or SIGINT)."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    engine = make_engine(watcher_url(arguments.database, arguments.socket_directory, arguments.port))
    watch(engine, arguments.log_directory, stop=stop, second_host=arguments.second_host)
    return 0
