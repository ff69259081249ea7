"""Reserving at the counter: how many at once is a setting; a guarded write puts a patron into a queue."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from madoguchi.app.server.sql_file import function_texts, statements

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"
_NEW = ("desk.read_reservation", "desk.place_reservation", "public.facts_of_reservation")

# how two functions differ from what they were: which words become which
_CHANGED = {
    ("0005_office.sql", "account.settings"): (
        (
            "('backdate_days', 'number', 0, 60))",
            "('backdate_days', 'number', 0, 60),\n            ('max_reservations', 'number', 1, 50))",
        ),
    ),
    ("0004_watch.sql", "public.erase_returned"): (
        (
            "    if v_loans is not null or v_overrides is not null then\n",
            "    update operation set answer = null\n"
            "        where act = 'reserve' and answer is not null and done_on < library_day(0);\n"
            "    if found or v_loans is not null or v_overrides is not null then\n",
        ),
        (
            "    update transit set since = since",
            "    -- whoever reserved it locked it\n"
            "    perform from title where id in (select i.title_id from item i where i.id = any (v_items))\n"
            "        for no key update skip locked;\n"
            "    update transit set since = since",
        ),
    ),
}
_TO_ERASE = sa.text("act = 'reserve' AND answer IS NOT NULL")


def _policy() -> sa.Table:
    # SQLite cannot alter a table: it is written anew from this, checks included, which reflection would lose.
    return sa.Table(
        "policy",
        sa.MetaData(),
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("overdue_block_days", sa.SmallInteger(), nullable=False),
        sa.Column("card_idle_years", sa.SmallInteger(), nullable=False),
        sa.Column("max_renewals", sa.SmallInteger(), nullable=False),
        sa.Column("due_on_open_day", sa.Boolean(), nullable=False),
        sa.Column("undo_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("shelf_open_days", sa.SmallInteger(), nullable=False),
        sa.Column("backdate_days", sa.SmallInteger(), nullable=False),
        sa.Column("command_prefix", sa.String(length=16), nullable=False),
        sa.Column("max_reservations", sa.SmallInteger(), server_default="6", nullable=False),
        sa.CheckConstraint("id = 1", name="ck_policy_single"),
        sa.CheckConstraint("length(command_prefix) BETWEEN 8 AND 16", name="ck_policy_command_prefix"),
        sa.PrimaryKeyConstraint("id", name="pk_policy"),
    )


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _before(file: str, name: str) -> str:
    """A function as it was before, to take the place of one that is there."""
    (text,) = function_texts(_SQL / file, (name,))
    return text.replace("create function", "create or replace function", 1)


def upgrade() -> None:
    # what Fujisawa's libraries publish, for a library that is there; from then on it is said
    op.add_column(
        "policy", sa.Column("max_reservations", sa.SmallInteger(), server_default="6", nullable=False)
    )
    with op.batch_alter_table("policy", copy_from=_policy()) as batch:
        batch.alter_column(
            "max_reservations", existing_type=sa.SmallInteger(), existing_nullable=False, server_default=None
        )
    op.create_index(
        "ix_operation_to_erase",
        "operation",
        ["done_on"],
        sqlite_where=_TO_ERASE,
        postgresql_where=_TO_ERASE,
    )
    if not _on_postgresql():
        return
    run = op.get_bind().exec_driver_sql
    for file in ("0007_wanted.sql", "0007_reserving.sql"):
        for statement in statements(_SQL / file):
            # by the driver itself: the text holds colons and braces
            run(statement)
    for (file, name), changes in _CHANGED.items():
        text = _before(file, name)
        for words, new in changes:
            if text.count(words) != 1:
                raise ValueError(f"{name} is not what this migration changes")
            text = text.replace(words, new)
        run(text)


def downgrade() -> None:
    if _on_postgresql():
        run = op.get_bind().exec_driver_sql
        for name in _NEW:
            run(f"drop function {name}")
        for file, name in _CHANGED:
            run(_before(file, name))
    op.drop_index("ix_operation_to_erase", table_name="operation")
    with op.batch_alter_table("policy", copy_from=_policy()) as batch:
        batch.drop_column("max_reservations")
