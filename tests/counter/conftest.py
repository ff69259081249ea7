"""Counters under test, on the embedded library and on a real PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server.engine import embedded_url
from tests.counter.harness import Counter, CounterLibrary, SlowServer
from tests.support.cluster import Cluster

_numbers = count(1)


@pytest.fixture
def embedded(library_file: Path, tmp_path: Path) -> Iterator[CounterLibrary]:
    """An embedded library of one's own, with staff who can sign in."""
    path = tmp_path / "library.sqlite"
    shutil.copyfile(library_file, path)
    made = CounterLibrary(embedded_url(path))
    made.let_staff_in()
    yield made
    made.close()


@pytest.fixture
def served(cluster: Cluster, library_template: str) -> Iterator[CounterLibrary]:
    """A library of one's own on the PostgreSQL server."""
    name = f"counter_{next(_numbers)}"
    cluster.create_database(name, template=library_template)
    made = CounterLibrary(cluster.url(name), cluster)
    made.let_staff_in()
    yield made
    made.close()
    cluster.recover()
    cluster.drop_database(name)


@pytest.fixture
def library(request: pytest.FixtureRequest) -> CounterLibrary:
    """The embedded library, or the one on PostgreSQL where a test is run on both."""
    made = request.getfixturevalue(getattr(request, "param", "embedded"))
    assert isinstance(made, CounterLibrary)
    return made


@pytest.fixture
def counter(qtbot: QtBot, qapp: QApplication, library: CounterLibrary) -> Iterator[Counter]:
    """A counter of the main library where the clerk is signed in."""
    made = Counter(qtbot, qapp, library, SlowServer(library))
    made.sign_in()
    yield made
    made.close()


@pytest.fixture
def slow(counter: Counter) -> SlowServer:
    """The counter's way to the library."""
    assert isinstance(counter.server, SlowServer)
    return counter.server
