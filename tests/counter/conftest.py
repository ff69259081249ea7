"""Counters under test, on the embedded library and on a real PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url
from tests.counter.central import House, open_house
from tests.counter.harness import COLLEAGUE, Counter, CounterLibrary, SlowServer
from tests.support.cluster import Cluster

_numbers = count(1)


@pytest.fixture(scope="session")
def counter_file(library_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded library with the contractor's staff too, to be copied."""
    path = tmp_path_factory.mktemp("counter") / "template.sqlite"
    shutil.copyfile(library_file, path)
    made = CounterLibrary(embedded_url(path))
    made.let_staff_in()
    # on PostgreSQL there are many
    made.add_staff(COLLEAGUE, "counter_staff", "訓練 花子")
    with made.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
    made.close()
    return path


@pytest.fixture(scope="session")
def counter_template(cluster: Cluster, library_template: str) -> str:
    """The same on PostgreSQL."""
    name = "template_counter"
    cluster.create_database(name, template=library_template)
    made = CounterLibrary(cluster.url(name), cluster)
    made.let_staff_in()
    with made.engine.connect() as connection:
        # as if the watcher ran; what a counter shows when it does not is in test_central_state.py
        connection.exec_driver_sql("update watch.state set beat_at = clock_timestamp() + interval '1 day'")
    made.close()
    return name


@pytest.fixture
def embedded(counter_file: Path, tmp_path: Path) -> Iterator[CounterLibrary]:
    """An embedded library of one's own, with staff who can sign in."""
    path = tmp_path / "library.sqlite"
    shutil.copyfile(counter_file, path)
    made = CounterLibrary(embedded_url(path))
    yield made
    made.close()


@pytest.fixture
def served(cluster: Cluster, counter_template: str) -> Iterator[CounterLibrary]:
    """A library of one's own on the PostgreSQL server."""
    name = f"counter_{next(_numbers)}"
    cluster.create_database(name, template=counter_template)
    made = CounterLibrary(cluster.url(name), cluster)
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


TITLES = (
    ("こころ", "ココロ", "夏目 漱石", "9784101010137"),
    ("吾輩は猫である", "ワガハイ ワ ネコ デ アル", "夏目 漱石", None),
    ("心臓の本", "シンゾウ ノ ホン", "山田 太郎", None),
)


@pytest.fixture
def titles(library: CounterLibrary) -> list[int]:
    """Three titles to be found."""
    made = []
    with library.engine.connect() as connection:
        for title, kana, creator, isbn in TITLES:
            made.append(
                connection.execute(
                    t.title.insert().values(title=title, title_kana=kana, statement=creator, isbn=isbn)
                ).inserted_primary_key[0]
            )
    return made


@pytest.fixture
def items(library: CounterLibrary, titles: list[int]) -> list[str]:
    """An item of each of them."""
    return [library.item(title_id=title_id) for title_id in titles]


@pytest.fixture
def house(qtbot: QtBot, qapp: QApplication, cluster: Cluster, library_template: str) -> Iterator[House]:
    """A central server with terminals that come to it, as in production."""
    with open_house(qtbot, qapp, cluster, library_template) as made:
        yield made
