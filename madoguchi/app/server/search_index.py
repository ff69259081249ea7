"""What is searched made anew, all of it at once: many times quicker than title by title."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from madoguchi.app.server import tables as t

PAIRS: Final = "ix_title_search_pairs"
"""PostgreSQL's index of pairs; on SQLite a table of FTS5 is in its place."""

LETTERS: Final = "ix_patron_search_letters"
"""PostgreSQL's index of the letters of patrons; SQLite has none."""

_SEARCHED: Final = (t.title, t.title_creator)


def rebuild(connection: sa.Connection) -> None:
    """Makes what titles are found by from what is in their tables now; the caller's transaction holds it.

    On PostgreSQL as the owner of the tables or a superuser.
    """
    run = connection.exec_driver_sql
    on_postgresql = connection.dialect.name == "postgresql"
    indexes = sorted(t.title_search.indexes, key=lambda index: str(index.name))
    for index in indexes:
        index.drop(connection)
    if on_postgresql:
        run(f"drop index public.{PAIRS}")
        run("truncate title_search")
    else:
        # all pairs at once: title by title takes long, and the pairs of today may not be those that went in
        trigger = run("select sql from sqlite_master where name = 'pairs_out'").scalar_one()
        run("drop trigger pairs_out")
        run("insert into title_pairs (title_pairs) values ('delete-all')")
        run("delete from title_search")
        run(trigger)
    run("insert into title_search select * from title_searched")
    for index in indexes:
        index.create(connection)
    if on_postgresql:
        # sorted in memory as far as that goes: it is the longest part
        run("set local maintenance_work_mem = '512MB'")
        run(f"create index {PAIRS} on title_search using gin (search_pairs(searched))")
    else:
        run("insert into title_pairs (title_pairs) values ('optimize')")


@contextmanager
def without_triggers(connection: sa.Connection) -> Iterator[None]:
    """Keeps the triggers of the titles' tables quiet: what they do row by row is done at once."""
    run = connection.exec_driver_sql
    names = ", ".join(f"'{table.name}'" for table in _SEARCHED)
    put_back: list[str] = []
    if connection.dialect.name == "postgresql":
        for table in _SEARCHED:
            run(f"alter table {table.name} disable trigger user")
            put_back.append(f"alter table {table.name} enable trigger user")
    else:
        found = run(f"select name, sql from sqlite_master where type = 'trigger' and tbl_name in ({names})")  # noqa: S608
        for name, sql in found.all():
            run(f'drop trigger "{name}"')
            put_back.append(sql)
    yield
    # after an error the transaction takes it back by itself
    for statement in put_back:
        run(statement)


@contextmanager
def without_letters(connection: sa.Connection) -> Iterator[None]:
    """Keeps PostgreSQL's index of the patrons' letters away while many are put in, and makes it anew then.

    Nobody finds anybody meanwhile: whoever looks waits for the end of the caller's transaction.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    run = connection.exec_driver_sql
    run(f"drop index public.{LETTERS}")
    yield
    # as the migration made it (0018); after an error the transaction takes all of it back
    run(
        f"create index {LETTERS} on patron_search using gin (person_letters(kana_key, name_key))"
        " with (fastupdate = off)"
    )
