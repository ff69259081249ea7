"""The schema's versions: made, moved up and down by Alembic, compared with the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from madoguchi.app.server import rights
from madoguchi.app.server.tables import metadata

_SCRIPTS = Path(__file__).parent / "migrations"


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The newest version of the schema this program knows."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if newest is None:
        raise LookupError("the program was installed without its migrations")
    return newest


def current(engine: sa.Engine) -> str | None:
    """The version a database is at; None for one that has no schema."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Moves the schema up, all of it in one transaction or not at all; on PostgreSQL, as a superuser."""
    _move(engine, command.upgrade, revision)


def downgrade(engine: sa.Engine, revision: str = "base") -> None:
    """Moves the schema down, all of it in one transaction or not at all."""
    _move(engine, command.downgrade, revision)


def _move(engine: sa.Engine, step: Any, revision: str) -> None:
    if engine.dialect.name == "sqlite":
        # the driver's own autocommit leaves BEGIN to us; without it each statement would stand alone
        with engine.connect() as connection:
            # a table is altered by writing it anew; when the old one goes, no other table's rows go with it
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                step(_config(connection), revision)
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise LookupError("the migration left a row that refers to nothing")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")
        return
    with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        # a migration may take longer than a counter's statement
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        _move_on(connection, step, revision)


def make_on(connection: sa.Connection) -> None:
    """Moves a PostgreSQL database up, as its superuser, in a transaction that the caller ends."""
    _move_on(connection, command.upgrade, "head")


def _move_on(connection: sa.Connection, step: Any, revision: str) -> None:
    step(_config(connection), revision)
    if MigrationContext.configure(connection).get_current_revision() == head():
        # in the same transaction: there is no moment at which what was added is open to anybody
        rights.apply(connection)


def differences(engine: sa.Engine) -> list[Any]:
    """What Alembic would still change to make the database equal to the tables; empty when equal."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": _is_of_the_tables}
        )
        return list(compare_metadata(context, metadata))


def _is_of_the_tables(name: str | None, kind: str, _parents: Any) -> bool:
    """All but the index of pairs, which each database makes in its own way (migration 0006), the keys that
    the embedded file gives no more (0010), and what patrons are found by on a server alone (0018).
    """
    return kind not in ("table", "index") or not str(name).startswith(
        (
            "title_pairs",
            "ix_title_search_pairs",
            "patron_key",
            "ix_patron_search_letters",
            "ix_patron_search_telephone_end",
        )
    )
