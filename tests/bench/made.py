"""A library of the city's size, made up, with the real records among it and something to lend."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from madoguchi.app.catalogue.ndl import shipped_records
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url
from madoguchi.app.synth.library import SEED, fill_database, make_file
from madoguchi.app.synth.progress import Progress
from madoguchi.app.synth.sizes import sizes
from madoguchi.app.training.stock import fill_titles
from tests.bench.ground import SQLITE, Ground
from tests.bench.stock import BenchLibrary
from tests.support.cluster import Cluster
from tests.support.staff import enrol_terminals

DATABASE = "made"
# as on a server of this work alone with 4 GB; the rest is what every measurement's server has
SERVER = {
    "shared_buffers": "1GB",
    "effective_cache_size": "3GB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
}
_REAL = 6_000_000
"""Where the real records' keys begin: they came last, as what is bought last has."""


class MadeLibrary(BenchLibrary):
    """A library made by ``synth``; staff and what is lent in a window are the bench's own.

    Attributes:
        titles: how many are made up.
    """

    titles = 0

    def make_of(self, scale: float, scans: int) -> None:
        """Makes it, with as many items to be lent."""
        size = sizes(scale)
        if self.on_postgresql:
            fill_database(self.engine, size, SEED, Progress())
        else:
            assert self.url.database is not None
            make_file(Path(self.url.database), size, SEED, Progress())
        with self.engine.connect() as connection:
            if self.on_postgresql:
                connection.exec_driver_sql("set statement_timeout = 0")
                enrol_terminals(connection)
            else:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            fill_titles(connection, shipped_records().records, _REAL)
            self._fill_window(connection, scans)
            if not self.on_postgresql:
                connection.exec_driver_sql("COMMIT")
        self.add_staff("clerk", "counter_staff", "訓練 太郎")
        self.let_look_freely()
        self.titles = size.titles

    def settle(self) -> None:
        """What a server does by itself in a quiet hour."""
        with self.engine.connect() as connection:
            if self.on_postgresql:
                connection.exec_driver_sql("set statement_timeout = 0")
            connection.exec_driver_sql("vacuum analyze" if self.on_postgresql else "analyze")

    def title_ids(self) -> dict[str, int]:
        """The real records' keys, by the number that the Diet Library gave them."""
        columns = (t.title.c.ndl_id, t.title.c.id)
        with self.engine.connect() as connection:
            found = connection.execute(sa.select(*columns).where(t.title.c.id >= _REAL))
            return {row.ndl_id: row.id for row in found}


def made_library(ground: Ground, on: str) -> MadeLibrary:
    """A library of the sizes' scale on either database; on PostgreSQL on a server as a real one is set."""
    size = ground.sizes
    if on == SQLITE:
        made = MadeLibrary(embedded_url(ground.folder / "made.sqlite"))
    else:
        cluster = ground.cluster
        if size.made_scale >= 1:
            cluster = ground.closing.enter_context(Cluster(durable=True, settings=SERVER))
        cluster.create_database(DATABASE)
        ground.closing.callback(cluster.drop_database, DATABASE)
        made = MadeLibrary(cluster.url(DATABASE), cluster)
    ground.closing.callback(made.close)
    made.make_of(size.made_scale, size.held_up + 1)
    made.settle()
    return made
