"""Where rows wait until they are switched in: tables of their own, with how far reading has come.

On PostgreSQL they are in a schema of their own, ``movein``, which belongs to the owner of the library's
tables and which no member of staff can use; in an embedded library their names begin with ``movein_``. They
hold personal data, and go with the switch or with ``forget``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from madoguchi.app.movein.columns import File
from madoguchi.app.server.rights import OWNER

SCHEMA: Final = "movein"
PREFIX: Final = "movein_"


@dataclass(frozen=True, slots=True)
class FileState:
    """How far a file was read: ``read`` rows, the last of them row ``last_row``."""

    sha256: str
    encoding: str
    read: int
    last_row: int
    done: bool


class Staging:
    """The staging tables of one library, and what they say of themselves."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.on_postgresql = connection.dialect.name == "postgresql"
        self._metadata = sa.MetaData(schema=SCHEMA if self.on_postgresql else None)
        text, day, number = sa.Text, sa.Date, sa.Integer
        self.title = self._table(
            "title", _row(), _must("key"), _may("ndl_id"), *map(_must, _TITLE_TEXTS[:6]),
            _may("year", sa.SmallInteger), _may("isbn"), *map(_must, _TITLE_TEXTS[6:]),
        )  # fmt: skip
        self.title_creator = self._table(
            "title_creator",
            _must("at_row", number),
            _must("position", number),
            _must("name"),
            _must("reading"),
        )  # fmt: skip
        self.item = self._table(
            "item", _row(), _must("number"), _must("title_key"), _must("branch_id", sa.SmallInteger),
            _must("kind"), _must("reference_only", sa.Boolean), _may("borrowed_from"), _must("attachments"),
            _must("note"),
        )  # fmt: skip
        self.patron = self._table(
            "patron", _row(), _must("number"), _must("name"), _must("kana"), _must("person_key"),
            _must("birth_date", day), _must("category"), _must("postal_code"), _must("address"),
            _must("telephone"), _must("email"), _must("notice_by"), _may("proof"), _may("proof_seen_on", day),
            _must("registered_on", day), _may("last_used_on", day), _may("card_issued_on", day),
            _may("branch_id", sa.SmallInteger), _must("note"),
        )  # fmt: skip
        self.lost_card = self._table("lost_card", _must("at_row", number), _must("number"))
        self.loan = self._table(
            "loan", _row(), _must("item_number"), _must("card_number"), _must("branch_id", sa.SmallInteger),
            _must("lent_on", day), _must("due_on", day), _must("renewals", sa.SmallInteger),
        )  # fmt: skip
        # the keys of rows that were refused: what refers to one is told so
        self.refused = self._table("refused", _must("file"), _must("key"))
        self.problem = self._table(
            "problem", _must("file"), _must("at_row", number), _must("column_name"), _must("code"),
            _must("notice", sa.Boolean),
        )  # fmt: skip
        self.file = self._table(
            "file", sa.Column("name", text, primary_key=True), _must("sha256"), _must("encoding"),
            _must("read", number), _must("last_row", number), _must("done", sa.Boolean),
        )  # fmt: skip
        self.state = self._table(
            "state", _row("id"), _must("codes"), _must("compared", sa.Boolean), _must("began_on", day)
        )

    def _table(self, name: str, *columns: sa.Column[object]) -> sa.Table:
        return sa.Table(name if self.on_postgresql else PREFIX + name, self._metadata, *columns)

    @property
    def rows_of(self) -> dict[File, sa.Table]:
        """The table of each file's rows."""
        return {
            File.TITLES: self.title,
            File.ITEMS: self.item,
            File.PATRONS: self.patron,
            File.LOANS: self.loan,
        }

    @property
    def more_of(self) -> dict[File, sa.Table]:
        """The table of what a row brings besides."""
        return {File.TITLES: self.title_creator, File.PATRONS: self.lost_card}

    @property
    def exists(self) -> bool:
        """Whether anything is staged."""
        return sa.inspect(self._connection).has_table(self.state.name, schema=self.state.schema)

    def create(self) -> None:
        """Makes the tables, in the caller's transaction."""
        run = self._connection.exec_driver_sql
        if self.on_postgresql:
            run(f"create schema {SCHEMA} authorization {OWNER}")
        self._metadata.create_all(self._connection, checkfirst=False)
        if self.on_postgresql:
            for table in self._metadata.tables.values():
                run(f"alter table {SCHEMA}.{table.name} owner to {OWNER}")

    def index(self) -> None:
        """Makes what comparing and switching look rows up by, once all rows are there."""
        for table, column in (
            (self.title, "key"),
            (self.title_creator, "at_row"),
            (self.item, "number"),
            (self.item, "title_key"),
            (self.patron, "number"),
            (self.lost_card, "number"),
            (self.lost_card, "at_row"),
            (self.loan, "item_number"),
            (self.loan, "card_number"),
            (self.refused, "key"),
            (self.problem, "file, at_row"),
        ):
            name = f"{PREFIX}ix_{table.name}_{column.replace(', ', '_')}"
            self._connection.exec_driver_sql(f"create index {name} on {table.fullname} ({column})")
        for table in self._metadata.tables.values():
            self._connection.exec_driver_sql(f"analyze {table.fullname}")

    def drop(self) -> None:
        """Takes the tables away, with all that is in them; in the caller's transaction."""
        if self.on_postgresql:
            self._connection.exec_driver_sql(f"drop schema {SCHEMA} cascade")
        else:
            self._metadata.drop_all(self._connection, checkfirst=False)

    def files(self) -> dict[File, FileState]:
        """How far each file was read."""
        found = self._connection.execute(sa.select(self.file)).mappings()
        return {
            File(row["name"]): FileState(
                row["sha256"], row["encoding"], row["read"], row["last_row"], row["done"]
            )
            for row in found
        }

    @property
    def is_compared(self) -> bool:
        """Whether all files were read and their rows compared with each other."""
        return bool(self._connection.execute(sa.select(self.state.c.compared)).scalar_one())

    def count(self, table: sa.Table) -> int:
        """How many rows a table of these has."""
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


_TITLE_TEXTS: Final = (
    "title", "title_kana", "volume", "series", "statement", "publisher", "ndc", "edition", "extent",
)  # fmt: skip


def _row(name: str = "at_row") -> sa.Column[object]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)


def _must(name: str, kind: type[sa.types.TypeEngine[Any]] = sa.Text) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: type[sa.types.TypeEngine[Any]] = sa.Text) -> sa.Column[object]:
    return sa.Column(name, kind)
