"""Engines for the two databases, with the settings each needs to be trusted at a counter."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from madoguchi.app.clock import LibraryClock
from madoguchi.app.server import embedded_patrons, embedded_search, embedded_telling

BUSY_SECONDS = 2.0


def embedded_url(path: Path) -> sa.URL:
    """The URL of an embedded library's file."""
    return sa.URL.create("sqlite", database=str(path))


def make_engine(url: sa.URL, clock: LibraryClock | None = None) -> sa.Engine:
    """An engine in autocommit: every read and every guarded write is a transaction of its own.

    It pools nothing: a counter holds one connection and throws it away when in doubt.

    Raises:
        sqlalchemy.exc.ArgumentError: the URL names an option the driver does not know.
    """
    if url.get_backend_name() == "sqlite":
        return _embedded_engine(url, clock or LibraryClock())
    from madoguchi.app.server.odbc import register

    register()
    # values stay out of logs and tracebacks: they are people's
    return sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)


def _embedded_engine(url: sa.URL, clock: LibraryClock) -> sa.Engine:
    engine = sa.create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        # what was acknowledged survives the plug being pulled
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # erased means overwritten, not only unlinked
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()
        connection.create_function(
            "library_clock", 0, lambda: clock.now().astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        )
        connection.create_function(
            "library_day", 1, lambda days: (clock.local().date() + dt.timedelta(days=days)).isoformat()
        )
        connection.create_function(
            "library_midnight",
            0,
            lambda: (
                clock.local()
                .replace(hour=0, minute=0, second=0, microsecond=0)
                .astimezone(dt.UTC)
                .strftime("%Y-%m-%d %H:%M:%S.%f")
            ),
        )
        connection.create_function("library_hour", 0, lambda: clock.local().hour)
        embedded_search.register(connection)
        embedded_patrons.register(connection)
        embedded_telling.register(connection)

    return engine
