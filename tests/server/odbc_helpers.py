"""A database of one's own and engines on it, for the tests of the ODBC dialect."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Engine, create_engine

from madoguchi.app.server import odbc
from tests.support.cluster import TRIP_COUNT_DATABASE, Cluster, quote
from tests.support.wire import Wire


@contextmanager
def engine_on(url: URL, **options: Any) -> Iterator[Engine]:
    """Yield an engine, its connections closed at the end."""
    odbc.register()
    engine = create_engine(url, **options)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def engine_on_new_database(cluster: Cluster, database: str, **options: Any) -> Iterator[Engine]:
    """Yield an engine on a new, empty database, dropped at the end with the roles made meanwhile."""
    roles_before = _roles(cluster)
    cluster.create_database(database)
    try:
        with engine_on(cluster.url(database), **options) as engine:
            yield engine
    finally:
        cluster.recover()
        cluster.drop_database(database)
        for role in _roles(cluster) - roles_before:
            cluster.psql("postgres", f"DROP ROLE {quote(role)}")


def _roles(cluster: Cluster) -> set[str]:
    return set(cluster.psql("postgres", "SELECT rolname FROM pg_roles").splitlines())


@contextmanager
def counted_engine(cluster: Cluster, **options: Any) -> Iterator[tuple[Engine, Wire]]:
    """Yield an engine and the wire that counts its round trips, which only clear text allows."""
    with Wire(cluster.host, cluster.port) as wire:
        url = cluster.url(TRIP_COUNT_DATABASE, port=wire.port, sslmode="disable")
        with engine_on(url, **options) as engine:
            yield engine, wire


def pid_of(connection: Any) -> int:
    """Return the process id of the server's side of a connection."""
    found: int = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    return found
