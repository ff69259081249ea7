"""One library with its people for all of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.rights.world import World
from tests.support.cluster import Cluster


@pytest.fixture(scope="session")
def world(cluster: Cluster, library_template: str) -> Iterator[World]:
    """The library; a test adds whom and what it needs."""
    made = World(cluster, library_template, "library_of_rights")
    yield made
    made.close()
