"""One suite on both databases: every test here runs on SQLite and on a real PostgreSQL through ODBC."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from madoguchi.app.server.engine import embedded_url
from madoguchi.app.server.gateway import LendingServer
from tests.support.cluster import Cluster
from tests.support.library import SmallLibrary

_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallLibrary]:
    """A small library of one's own."""
    if request.param == "sqlite":
        path = tmp_path / "library.sqlite"
        shutil.copyfile(request.getfixturevalue("library_file"), path)
        made = SmallLibrary(embedded_url(path))
        yield made
        made.close()
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"library_{next(_numbers)}"
    cluster.create_database(name, template=request.getfixturevalue("library_template"))
    made = SmallLibrary(cluster.url(name), cluster)
    yield made
    made.close()
    cluster.recover()
    cluster.drop_database(name)


@pytest.fixture
def server(library: SmallLibrary) -> LendingServer:
    """A terminal's way to the library."""
    return library.server()
