"""A server that is watched, for the tests of the watcher: see `tests.support.watching`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.support.cluster import Cluster
from tests.support.library import TODAY, SmallLibrary
from tests.support.watching import directory_for_sockets, let_watcher_in, production_log, watching


@pytest.fixture(scope="session")
def watch_sockets() -> Iterator[Path]:
    """Where the server's socket lies."""
    with directory_for_sockets() as made:
        yield made


@pytest.fixture(scope="session")
def watched_server(watch_sockets: Path) -> Iterator[Cluster]:
    """A server that logs as in production, and lets the watcher in."""
    settings = production_log() | {"unix_socket_directories": str(watch_sockets)}
    with Cluster(settings=settings) as running:
        let_watcher_in(running)
        running.create_database("template_library")
        library = SmallLibrary(running.url("template_library", statement_timeout=0), running)
        library.make()
        library.add_staff("manager", "security_manager", "情報 管理")
        library.add_staff("hired", "contract_staff", "委託 一", branches=(1,), active_until=TODAY)
        library.close()
        yield running


_numbers = count(1)


@pytest.fixture
def watched_library(watched_server: Cluster) -> Iterator[SmallLibrary]:
    """A small library of the test's own."""
    name = f"watched_{next(_numbers)}"
    watched_server.recover()
    watched_server.create_database(name, template="template_library")
    made = SmallLibrary(watched_server.url(name), watched_server)
    yield made
    watched_server.recover()
    made.close()
    watched_server.drop_database(name)


_places = count(4)


@pytest.fixture
def login() -> str:
    """A clerk that no other test has to do with: the log tells of the whole server."""
    return f"clerk_{next(_places)}"


@pytest.fixture
def watched(watch_sockets: Path, watched_library: SmallLibrary) -> Iterator[None]:
    """The watcher runs."""
    with watching(watch_sockets, watched_library.cluster, watched_library.url.database):
        yield
