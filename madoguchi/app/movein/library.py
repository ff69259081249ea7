"""The library that is moved into: one connection, and transactions on it, on either database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa

from madoguchi.app.movein.row_checks import Codes
from madoguchi.app.patrons.person import NoticeBy, Proof
from madoguchi.app.server import tables as t


class NotMovedIn(Exception):
    """It was not done; the message is one sentence, without anything of the files."""


Maps = Mapping[str, Mapping[str, str]]
"""For each column, the old system's codes and the library's own."""


class Library:
    """A connection of the administrator's."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.on_postgresql = connection.dialect.name == "postgresql"

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction: all of what is done in it, or nothing."""
        run = self.connection.exec_driver_sql
        run("BEGIN ISOLATION LEVEL READ COMMITTED" if self.on_postgresql else "BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            run("ROLLBACK")
            raise
        run("COMMIT")

    def codes(self, maps: Maps) -> Codes:
        """What the files' codes mean: the library's own by themselves, others by the map.

        Raises:
            NotMovedIn: the map leads to a code that the library does not have.
        """
        select = self.connection.execute
        branches = {row.code: row.id for row in select(sa.select(t.branch.c.code, t.branch.c.id))}
        own: dict[str, dict[str, object]] = {
            "branch": dict(branches),
            "category": {code: code for (code,) in select(sa.select(t.patron_category.c.code))},
            "kind": {code: code for (code,) in select(sa.select(t.material_kind.c.code))},
            "notice_by": {way.value: way.value for way in NoticeBy},
            "proof": {proof.value: proof.value for proof in Proof},
        }
        if not all(own.values()):
            raise NotMovedIn(
                "the library has no branches, categories or kinds yet; it has to be set up before"
            )
        for column, codes in maps.items():
            for old, new in codes.items():
                if new not in own[column]:
                    raise NotMovedIn(f"--map {column}:{old}={new}: the library has no {column} {new}")
            own[column] |= {old: own[column][new] for old, new in codes.items()}
        return Codes(own)


@contextmanager
def opened(engine: sa.Engine) -> Iterator[Library]:
    """The library by a connection of its own, closed afterwards."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("set statement_timeout = 0")
            connection.exec_driver_sql("set idle_in_transaction_session_timeout = 0")
        yield Library(connection)
