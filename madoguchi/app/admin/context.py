"""What every command of the administrator's is given."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa

from madoguchi.app.admin.database import engine_of, sentences
from madoguchi.app.admin.machine import Cluster, find_cluster
from madoguchi.app.admin.plan import Home, Plan, read_plan

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""Where a file adds its commands: with ``set_defaults(run=...)``, see ``commands.REGISTERED``."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where the server is, and how to speak to the administrator.

    Attributes:
        say: prints one line.
    """

    home: Home
    say: Callable[[str], None]

    def plan(self) -> Plan:
        """What ``init`` was told. Raises CannotDo: there was none."""
        return read_plan(self.home)

    def cluster(self) -> Cluster:
        """The cluster that ``init`` made the server of. Raises CannotDo: it is gone."""
        return find_cluster(self.plan().cluster)

    def engine(self, database: str | None = None) -> sa.Engine:
        """An engine on the library's database, or another of the cluster, as its superuser.

        Raises:
            CannotDo: there was no ``init``, or the cluster is gone.
        """
        plan = self.plan()
        return engine_of(find_cluster(plan.cluster), database or plan.database)

    @contextmanager
    def transaction(self, database: str | None = None) -> Iterator[sa.Connection]:
        """A transaction on the library's database, or on another of the cluster.

        Raises:
            CannotDo: the server cannot be reached, or refuses a value.
        """
        engine = self.engine(database).execution_options(isolation_level="READ COMMITTED")
        with sentences(), engine.begin() as connection:
            yield connection
