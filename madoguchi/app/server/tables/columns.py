"""What the tables are made of: the one ``metadata`` they are in, and the kinds of columns they share."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(sa.TypeDecorator[dt.datetime]):
    """A moment: aware UTC in Python, ``timestamptz`` on PostgreSQL, ISO text on SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None or not isinstance(value, dt.datetime):
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


# SQLite numbers rows by itself only where the key is INTEGER to the letter.
BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")

# by the bytes of the letters, so that what begins alike stands side by side
by_bytes = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def is_one_of(column: str, values: list[str]) -> str:
    """The condition that a column holds one of these words; they are the program's own."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


def one_of(column: str, values: list[str]) -> sa.CheckConstraint:
    """That condition as a constraint, called like the column."""
    return sa.CheckConstraint(is_one_of(column, values), name=column)
