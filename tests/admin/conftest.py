"""One server for the administrator's tests, made by ``init`` of a cluster of Debian's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.debian_cluster import IS_ROOT, DebianCluster

HERE = ("--host", "localhost", "127.0.0.1", "--listen", "127.0.0.1", "--from", "127.0.0.1/32")
"""What ``init`` is told about a server that only this machine reaches."""


@pytest.fixture(scope="session")
def debian() -> Iterator[DebianCluster]:
    """A server with the library's rules and nobody in it yet; tests add their own people and terminals."""
    if not IS_ROOT:
        pytest.skip("PostgreSQL's clusters are made by root")
    with DebianCluster() as made:
        made.create()
        made.done("init", *HERE)
        yield made
