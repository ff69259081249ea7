"""Labels that the library prints itself: numbers allotted in a row, and what the labels of an item say."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from madoguchi.app.server.sql_file import statements

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"

_NEW = (
    "desk.read_label",
    "desk.read_item_ranges",
    "desk.allot_item_numbers",
    "public.first_free_run",
    "public.last_allotted",
    "public.facts_of_item_ranges",
    "public.facts_of_label",
)

_SET = "account.set_setting(text, text, text, text, text)"

# how functions differ from what they were: which words become which
_CHANGED = (
    # after which setting another one stands
    (
        "account.settings()",
        "('printed_cards_from', 'number', 0, 999999999)",
        "('printed_cards_from', 'number', 0, 999999999), ('printed_items_from', 'number', 0, 999999999)",
    ),
    # numbers of labels and cards are longer than any other setting
    (_SET, "when p_new !~ '^[0-9]{1,5}$' then true", "when p_new !~ '^[0-9]{1,9}$' then true"),
    (
        _SET,
        "else 'smallint' end) using p_new",
        "when v_is.most_value > 32767 then 'integer' else 'smallint' end) using p_new",
    ),
)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    # in place on SQLite too
    op.add_column("policy", sa.Column("printed_items_from", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "item_range",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("digits", sa.SmallInteger(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.SmallInteger(), nullable=False),
        sa.Column("branch_id", sa.SmallInteger(), nullable=False),
        sa.Column("allotted_on", sa.Date(), nullable=False),
        sa.CheckConstraint("first >= 0 AND size BETWEEN 1 AND 1000", name=op.f("ck_item_range_sensible")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_item_range_branch_id_branch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_range")),
        sa.UniqueConstraint(
            "prefix", "digits", "checked", "first", name=op.f("uq_item_range_prefix_digits_checked_first")
        ),
    )
    if _on_postgresql():
        for function, old, new in _CHANGED:
            _change(function, old, new)
        for file in ("0020_labels.sql", "0020_item_ranges.sql"):
            for statement in statements(_SQL / file):
                op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    if _on_postgresql():
        for name in _NEW:
            op.get_bind().exec_driver_sql(f"drop function {name}")
        for function, old, new in _CHANGED:
            _change(function, new, old)
    op.drop_table("item_range")
    op.drop_column("policy", "printed_items_from")


def _change(function: str, old: str, new: str) -> None:
    run = op.get_bind().exec_driver_sql
    text: str = run(f"select pg_get_functiondef('{function}'::regprocedure)").scalar_one()
    if text.count(old) != 1:
        raise ValueError(f"{function} is not what this migration changes")
    run(text.replace(old, new))
