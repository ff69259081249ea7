"""A library whose line is read, so that a test can count the round trips of an act in the protocol itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.cluster import TRIP_COUNT_DATABASE, Cluster
from tests.support.library import SOGO, SmallLibrary
from tests.support.staff import terminal_number
from tests.support.terminals import terminal_certificate
from tests.support.wire import Wire


@contextmanager
def counted_library(cluster: Cluster) -> Iterator[tuple[SmallLibrary, Wire]]:
    """A small library in the database that takes connections without TLS, and the wire to it."""
    with Wire(cluster.host, cluster.port) as wire:
        library = SmallLibrary(cluster.url(TRIP_COUNT_DATABASE, port=wire.port, sslmode="disable"), cluster)
        try:
            library.make()
            _say_the_terminal(library, cluster)
            yield library, wire
        finally:
            library.close()
            cluster.drop_database(TRIP_COUNT_DATABASE)
            cluster.create_database(TRIP_COUNT_DATABASE)


def _say_the_terminal(library: SmallLibrary, cluster: Cluster) -> None:
    """Has the server take every connection of this database for one of the main library's first terminal.

    The protocol can be read without TLS only, and without TLS no certificate is shown. What is exchanged
    within it is the same: the server asks its own TLS layer for the serial, never the client.
    """
    serial = terminal_certificate(cluster, terminal_number(SOGO, 0)).serial
    with library.engine.connect() as connection:
        connection.exec_driver_sql(
            "create or replace function tls.ssl_client_serial() returns numeric language sql stable"
            f" as 'select {serial}::numeric'"
        )
