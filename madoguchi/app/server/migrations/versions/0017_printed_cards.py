"""Cards that the library prints itself: the serials of their numbers, allotted one after the other."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from madoguchi.app.server.sql_file import statements

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"

_NEW = ("public.first_free_serial", "desk.allot_card_number")

# what system staff may set: after which setting another one stands
_BEFORE = "('application_days', 'number', 1, 365)"
_ADDED = ", ('printed_cards_from', 'number', 0, 999999999)"


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    # in place on SQLite too
    op.add_column("policy", sa.Column("printed_cards_from", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "printed_serial",
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("digits", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "digits", name=op.f("pk_printed_serial")),
    )
    if _on_postgresql():
        _change_settings(_BEFORE, _BEFORE + _ADDED)
        for statement in statements(_SQL / "0017_printed_cards.sql"):
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    if _on_postgresql():
        for name in _NEW:
            op.get_bind().exec_driver_sql(f"drop function {name}")
        _change_settings(_BEFORE + _ADDED, _BEFORE)
    op.drop_table("printed_serial")
    op.drop_column("policy", "printed_cards_from")


def _change_settings(old: str, new: str) -> None:
    run = op.get_bind().exec_driver_sql
    text: str = run("select pg_get_functiondef('account.settings()'::regprocedure)").scalar_one()
    if text.count(old) != 1:
        raise ValueError("account.settings is not what this migration changes")
    run(text.replace(old, new))
