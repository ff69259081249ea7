"""One server for the administrator's tests, made by ``init`` of a cluster of Debian's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.support.debian_cluster import IS_ROOT, DebianCluster
from tests.support.move_in import Place

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


_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A library with rules and nothing in it, in a file and on a server, to be moved into."""
    if request.param == "sqlite":
        file = tmp_path / "library.sqlite"
        shutil.copyfile(request.getfixturevalue("library_file"), file)
        yield Place(tmp_path, file, None)
        return
    debian: DebianCluster = request.getfixturevalue("debian")
    name, own = f"move_in_{next(_numbers)}", debian.context().plan().database
    debian.psql(f"create database {name} template {own}", database="postgres")
    yield Place(tmp_path, None, debian, name)
    debian.psql(f"drop database if exists {name} with (force)", database="postgres")
