"""Builds the training library: real records, made-up people, every situation of the counter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from madoguchi.app.catalogue.ndl import BibRecord
from madoguchi.app.clock import LibraryClock
from madoguchi.app.server import schema
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.training.house import fill_rules
from madoguchi.app.training.people import Situations, fill_people, fill_staff
from madoguchi.app.training.situations import patrons
from madoguchi.app.training.stock import ITEMS, TooFewRecords, fill_titles, make_items

__all__ = ["ITEMS", "Built", "LibraryInUse", "NotEmpty", "TooFewRecords", "fill", "fill_empty", "reset"]


class LibraryInUse(OSError):
    """The library's file is open in another program, which would go on working on the one replaced."""


class NotEmpty(Exception):
    """A training library is not made over another library."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a training library holds."""

    titles: int
    items: int
    patrons: int


def reset(path: Path, records: Sequence[BibRecord], clock: LibraryClock | None = None) -> Built:
    """Replaces the embedded library at ``path`` with a new training library.

    The old one stays whole until the new one is finished, and for good if anything is raised.

    Raises:
        LibraryInUse: the old one is open in another program.
        TooFewRecords: the records lack titles of a kind that the situations need.
        OSError: the folder cannot be written.
    """
    clock = clock or LibraryClock()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".new")
    _remove(unfinished)
    try:
        engine = make_engine(embedded_url(unfinished), clock)
        schema.upgrade(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            built = fill(connection, records, clock.local().date())
            connection.exec_driver_sql("COMMIT")
            # one file to move: no write-ahead log beside it
            connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
        _settle(path)
        unfinished.replace(path)
    except BaseException:
        _remove(unfinished)
        raise
    return built


def _settle(path: Path) -> None:
    """Leaves nothing beside the old library: a log that outlived it would be read into the new one."""
    if path.exists():
        engine = make_engine(embedded_url(path))
        try:
            with engine.connect() as connection:
                # folds the log into the file; refused while anybody else has it open
                connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
        except sa.exc.DatabaseError as error:
            if "locked" in str(error.orig):
                raise LibraryInUse(f"{path}: open in another program; close it first") from error
            # not a library at all: it is replaced as it is
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def fill_empty(engine: sa.Engine, records: Sequence[BibRecord]) -> Built:
    """Makes a training library of an empty database on a server, all of it or nothing.

    Raises:
        NotEmpty: the database holds a library already; it is left alone.
        TooFewRecords: the records lack a book, a CD or a DVD.
    """
    if schema.current(engine) is None:
        schema.upgrade(engine)
    with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        if connection.execute(sa.select(sa.func.count()).select_from(t.branch)).scalar_one():
            raise NotEmpty("the server's database holds a library already; it was left alone")
        built = fill(connection, records, LibraryClock().local().date())
        # the rows came with their keys: what is catalogued later counts on from there
        for table in (t.title, t.item, t.patron):
            highest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
            connection.execute(
                sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, "id"), highest))
            )
        return built


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def fill(connection: sa.Connection, records: Sequence[BibRecord], today: dt.date) -> Built:
    """Fills an empty schema with the training library; the caller commits.

    Raises:
        TooFewRecords: the records lack titles of a kind that the situations need.
    """
    items = make_items(records)
    fill_rules(connection, today)
    fill_titles(connection, records)
    connection.execute(t.item.insert(), items)
    people = patrons()
    fill_people(connection, people, today)
    fill_staff(connection)
    Situations(connection, items, people, today).fill()
    return Built(len(records), len(items), len(people))
