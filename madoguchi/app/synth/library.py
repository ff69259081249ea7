"""Makes a library of the city's size on either database: all of it, or nothing."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from madoguchi.app.catalogue.ndl import shipped_records
from madoguchi.app.clock import LibraryClock
from madoguchi.app.files import sync
from madoguchi.app.server import schema
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.server.search_index import rebuild, without_letters, without_triggers
from madoguchi.app.synth.acts import fill_audit
from madoguchi.app.synth.circulation import LOAN_COLUMNS, TRANSIT_COLUMNS, Circulation
from madoguchi.app.synth.holdings import ITEM_COLUMNS, Holdings
from madoguchi.app.synth.patrons import CARD_COLUMNS, NOTE_COLUMNS, PATRON_COLUMNS, Patrons
from madoguchi.app.synth.progress import Progress
from madoguchi.app.synth.queues import RESERVATION_COLUMNS
from madoguchi.app.synth.sizes import Sizes
from madoguchi.app.synth.store import BATCH, Store
from madoguchi.app.synth.titles import CREATOR_COLUMNS, TITLE_COLUMNS, Row, Titles
from madoguchi.app.synth.words import shipped_words
from madoguchi.app.synth.year import STATISTIC_COLUMNS, statistics
from madoguchi.app.training.branches import BRANCHES
from madoguchi.app.training.house import fill_rules
from madoguchi.app.training.library import NotEmpty
from madoguchi.app.training.people import fill_staff

SEED: Final = 20171130
"""The seed where none is named."""

_NUMBERED: Final = (t.title, t.item, t.patron, t.loan, t.reservation, t.statistic)
_HOLDING: Final = (
    "staff", "title", "item", "patron", "loan", "reservation", "statistic", "account.terminal",
    "account.state",
)  # fmt: skip

# while a file is made nobody reads it, and one that is not finished is thrown away
_HASTE: Final = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA secure_delete = OFF",
    "PRAGMA foreign_keys = OFF",
    "PRAGMA cache_size = -262144",
)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made; ``today`` is the day that loans, reservations and statistics count from."""

    sizes: Sizes
    seed: int
    today: dt.date


def make_file(path: Path, sizes: Sizes, seed: int, progress: Progress) -> dict[str, int]:
    """Makes an embedded library; how many rows it has of what.

    Raises:
        NotEmpty: there is a file of that name; it is left alone.
        OSError: the folder cannot be written.
    """
    if path.exists():
        raise NotEmpty(f"{path}: it is there already, and was left alone")
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".new")
    _remove(unfinished)
    try:
        engine = make_engine(embedded_url(unfinished))
        schema.upgrade(engine)
        with engine.connect() as connection:
            for pragma in _HASTE:
                connection.exec_driver_sql(pragma)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            counts = fill(connection, Order(sizes, seed, LibraryClock().local().date()), progress)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise LookupError("a row that was made refers to nothing")
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.replace(path)
        sync(path.parent)
    except BaseException:
        _remove(unfinished)
        raise
    return counts


def fill_database(engine: sa.Engine, sizes: Sizes, seed: int, progress: Progress) -> dict[str, int]:
    """Fills an empty database of a server, with the house's rules in it or without; as its superuser.

    Raises:
        NotEmpty: the database holds more than rules, or another house's; it is left alone.
    """
    if schema.current(engine) is None:
        schema.upgrade(engine)
    with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        return fill(connection, Order(sizes, seed, LibraryClock().local().date()), progress)


def fill(connection: sa.Connection, order: Order, progress: Progress) -> dict[str, int]:
    """Fills an empty schema in a transaction that the caller ends; how many rows of what.

    The same order makes the same rows on either database, but for what must be nobody's guess: the prefix of
    the command codes and the salts of the staff's passwords.

    Raises:
        NotEmpty: it holds something already.
    """
    _refuse_full(connection)
    if not _count(connection, "branch"):
        fill_rules(connection, order.today)
    fill_staff(connection)
    words, records = shipped_words(), shipped_records().records
    counts: dict[str, int] = {}
    with Store(connection) as store:

        def put(
            table: sa.Table, columns: tuple[str, ...], rows: Iterator[Row] | list[Row], total: int
        ) -> None:
            with progress.stage(table.name, total) as step:
                for number in store.put(table, columns, rows):
                    counts[table.name] = counts.get(table.name, 0) + number
                    step(number)

        titles = Titles(words, records, order.sizes.titles, order.seed, order.today)
        holdings = Holdings(order.sizes.items, order.seed)
        with without_triggers(connection):
            _put_titles(store, titles, holdings, order.sizes.titles, counts, progress)
            # the search's index is made of them at once
            rebuild(connection)
        holdings.settle()
        put(t.item, ITEM_COLUMNS, holdings.rows(), order.sizes.items)
        patrons = Patrons(words, order.sizes.patrons, order.seed, order.today)
        circulation = Circulation(holdings, patrons, order.sizes, order.seed, order.today)
        with without_letters(connection):
            _put_patrons(store, patrons, counts, progress)
        put(t.loan, LOAN_COLUMNS, circulation.loans, len(circulation.loans))
        put(t.reservation, RESERVATION_COLUMNS, circulation.reservations, len(circulation.reservations))
        put(t.transit, TRANSIT_COLUMNS, circulation.transits, len(circulation.transits))
        put(t.statistic, STATISTIC_COLUMNS, statistics(order.sizes, order.seed, order.today), 0)
        if store.on_postgresql:
            with progress.stage("audit", 0) as step:
                counts["audit"] = fill_audit(store, circulation.loans, order.sizes, order.seed, order.today)
                step(counts["audit"])
    if connection.dialect.name == "postgresql":
        _count_on(connection)
    with progress.stage("analyze", 0):
        connection.exec_driver_sql("ANALYZE")
    return counts


def _put_titles(
    store: Store, titles: Titles, holdings: Holdings, total: int, counts: dict[str, int], progress: Progress
) -> None:
    """Titles a batch at a time, each batch before its creators."""
    send, send_creators = store.sender(t.title, TITLE_COLUMNS), store.sender(t.title_creator, CREATOR_COLUMNS)
    left = iter(titles)
    with progress.stage("title", total) as step:
        while batch := list(islice(left, BATCH)):
            for made in batch:
                holdings.count_in(made)
            creators = [row for made in batch for row in made.creators]
            send([made.row for made in batch])
            send_creators(creators)
            counts["title"] = counts.get("title", 0) + len(batch)
            counts["title_creator"] = counts.get("title_creator", 0) + len(creators)
            step(len(batch))
        store.settle()


def _put_patrons(store: Store, patrons: Patrons, counts: dict[str, int], progress: Progress) -> None:
    cards: list[Row] = []
    notes: list[Row] = []

    def rows() -> Iterator[Row]:
        for row, of_patron, about_them in patrons.rows():
            cards.extend(of_patron)
            notes.extend(about_them)
            yield row

    with progress.stage("patron", len(patrons)) as step:
        for number in store.put(t.patron, PATRON_COLUMNS, rows()):
            counts["patron"] = counts.get("patron", 0) + number
            step(number)
        counts["card"] = store.put_all(t.card, CARD_COLUMNS, cards)
        counts["patron_note"] = store.put_all(t.patron_note, NOTE_COLUMNS, notes)


def _refuse_full(connection: sa.Connection) -> None:
    """Raises NotEmpty: there is something that would be mixed with what is made."""
    postgresql = connection.dialect.name == "postgresql"
    for name in _HOLDING:
        if ("." not in name or postgresql) and _count(connection, name):
            raise NotEmpty(f"the library holds something already ({name}); it was left alone")
    there = {code for (code,) in connection.execute(sa.select(t.branch.c.code))}
    if there and there != {seed.code for seed in BRANCHES}:
        raise NotEmpty("the library has other branches than the ones that are made; it was left alone")


def _count(connection: sa.Connection, table: str) -> int:
    # a name of our own
    found = connection.exec_driver_sql(f"select count(*) from (select 1 from {table} limit 1) one")  # noqa: S608
    return int(found.scalar_one())


def _count_on(connection: sa.Connection) -> None:
    """The rows came with their keys: what is added later counts on from there."""
    for table in _NUMBERED:
        highest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
        connection.execute(
            sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, "id"), highest))
        )


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
