"""Takes applications into either database: each once, all that can be taken or, where it breaks off, none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

import sqlalchemy as sa

from madoguchi.app.patrons.application_file import Row
from madoguchi.app.patrons.applications import Application, digest
from madoguchi.app.server import tables as t
from madoguchi.app.server.applications import read_application


class Taken(Enum):
    """What became of a row."""

    TAKEN = "taken"
    KNOWN = "known already"
    OTHER_CONTENT = "this number is there with other content"
    DEALT_WITH = "this number was confirmed or rejected"
    TOO_OLD = "older than applications are kept"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A row of the file, and what became of it."""

    row: Row
    taken: Taken


def categories(connection: sa.Connection) -> dict[str, str]:
    """The library's categories, keys and names."""
    return {row.code: row.name for row in connection.execute(sa.select(t.patron_category))}


def take_in(engine: sa.Engine, rows: Sequence[Row]) -> list[Outcome]:
    """Takes them in; a file that was taken in before changes nothing.

    The engine is the administrator's, or the embedded file's.
    """
    with _transaction(engine) as connection:
        days = sa.select(t.policy.c.application_days).scalar_subquery()
        oldest = connection.execute(sa.select(sa.func.library_day(-days, type_=sa.Date))).scalar_one()
        outcomes = []
        for row in rows:
            found = row.application
            if found is None:
                taken = Taken.WRONG
            elif found.applied_on < oldest:
                taken = Taken.TOO_OLD
            else:
                taken = _take(connection, found, row.says_day)
            outcomes.append(Outcome(row, taken))
    return outcomes


@contextmanager
def _transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")
        return
    with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        # nobody confirms one meanwhile, and the web side's come before or after
        connection.exec_driver_sql("lock table application in share row exclusive mode")
        yield connection


def _take(connection: sa.Connection, found: Application, says_day: bool) -> Taken:
    a = t.application
    there = connection.execute(sa.select(a).where(a.c.number == found.number)).mappings().one_or_none()
    if there is not None:
        known = read_application(dict(there))
        same = known.person == found.person and (not says_day or known.applied_on == found.applied_on)
        return Taken.KNOWN if same else Taken.OTHER_CONTENT
    done = sa.select(t.application_done.c.digest).where(t.application_done.c.digest == digest(found.number))
    if connection.execute(done).first() is not None:
        return Taken.DEALT_WITH
    person = found.person
    connection.execute(
        a.insert().values(
            number=found.number,
            name=person.name,
            kana=person.kana,
            birth_date=person.birth_date,
            postal_code=person.postal_code,
            address=person.address,
            telephone=person.telephone,
            email=person.email,
            category=person.category.value,
            applied_on=found.applied_on,
        )
    )
    return Taken.TAKEN
