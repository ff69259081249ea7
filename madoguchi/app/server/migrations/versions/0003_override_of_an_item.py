"""An override of a refusal about an item names that item, and forgets it by the clock."""

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"
_big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# what takes other arguments than before, and so cannot simply be replaced
_NEW_ARGUMENTS = ("count_act", "grant_override")
_REPLACED = (*_NEW_ARGUMENTS, "lend", "take_back", "undo_return", "erase_returned")

_ONE_A_VISIT = "uq_loan_override_visit_id_patron_id_refusal"
_CHECK = "ck_loan_override_about"
_ITEM = "fk_loan_override_item_id"
_ABOUT_ITEM = sa.text("item_id IS NOT NULL")
_ABOUT_PATRON = sa.text("item_id IS NULL AND NOT item_erased")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _loan_override(*constraints: SchemaItem) -> sa.Table:
    # SQLite cannot alter a table: it is written anew from this, checks included, which reflection would lose.
    return sa.Table(
        "loan_override",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("patron_id", _big_id, nullable=False),
        sa.Column("refusal", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("item_id", _big_id, nullable=True),
        sa.Column("item_erased", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("length(trim(reason)) > 0", name="ck_loan_override_reasoned"),
        sa.ForeignKeyConstraint(
            ["patron_id"], ["patron.id"], name="fk_loan_override_patron_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_loan_override"),
        sa.Index("ix_loan_override_patron_id", "patron_id"),
        *constraints,
    )


def _functions_of(file: str) -> None:
    # one statement at a time, and by the driver itself: the text holds colons and braces
    text = (_SQL / file).read_text(encoding="utf-8")
    for function in re.findall(
        r"^create function .*?(?=^create function |\Z)", text, re.MULTILINE | re.DOTALL
    ):
        name = re.match(r"create function (\w+)", function)
        if name is None:
            raise ValueError("not the text of a function")
        if name[1] in _NEW_ARGUMENTS:
            op.get_bind().exec_driver_sql(f"drop function {name[1]}")
            op.get_bind().exec_driver_sql(function)
        elif name[1] in _REPLACED:
            op.get_bind().exec_driver_sql(
                function.replace("create function", "create or replace function", 1)
            )


def upgrade() -> None:
    op.add_column("loan_override", sa.Column("item_id", _big_id, nullable=True))
    op.add_column(
        "loan_override", sa.Column("item_erased", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    # which item they were about was never written down
    op.execute("UPDATE loan_override SET item_erased = true WHERE refusal IN ('reference_only', 'reserved')")
    one_a_visit = sa.UniqueConstraint("visit_id", "patron_id", "refusal", name=_ONE_A_VISIT)
    with op.batch_alter_table("loan_override", copy_from=_loan_override(one_a_visit)) as batch:
        batch.drop_constraint(op.f(_ONE_A_VISIT), type_="unique")
        batch.create_foreign_key(op.f(_ITEM), "item", ["item_id"], ["id"])
        batch.create_check_constraint(
            op.f(_CHECK),
            "(refusal IN ('reference_only', 'reserved')) = (item_id IS NOT NULL OR item_erased)"
            " AND NOT (item_id IS NOT NULL AND item_erased)",
        )
    op.create_index(
        "uq_loan_override_about_item",
        "loan_override",
        ["visit_id", "patron_id", "refusal", "item_id"],
        unique=True,
        sqlite_where=_ABOUT_ITEM,
        postgresql_where=_ABOUT_ITEM,
    )
    op.create_index(
        "uq_loan_override_about_patron",
        "loan_override",
        ["visit_id", "patron_id", "refusal"],
        unique=True,
        sqlite_where=_ABOUT_PATRON,
        postgresql_where=_ABOUT_PATRON,
    )
    op.create_index(
        "ix_loan_override_to_erase",
        "loan_override",
        ["granted_at"],
        unique=False,
        sqlite_where=_ABOUT_ITEM,
        postgresql_where=_ABOUT_ITEM,
    )
    if _on_postgresql():
        _functions_of("0003_functions.sql")


def downgrade() -> None:
    if _on_postgresql():
        _functions_of("0001_functions.sql")
    for index in (
        "ix_loan_override_to_erase",
        "uq_loan_override_about_patron",
        "uq_loan_override_about_item",
    ):
        op.drop_index(index, table_name="loan_override")
    # one refusal is set aside once a visit again: the first is kept
    op.execute(
        "DELETE FROM loan_override WHERE EXISTS (SELECT 1 FROM loan_override AS first"
        " WHERE first.visit_id = loan_override.visit_id AND first.patron_id = loan_override.patron_id"
        " AND first.refusal = loan_override.refusal AND (first.granted_at < loan_override.granted_at"
        " OR (first.granted_at = loan_override.granted_at AND first.id < loan_override.id)))"
    )
    if _on_postgresql():
        op.drop_constraint(op.f(_CHECK), "loan_override", type_="check")
        op.drop_constraint(op.f(_ITEM), "loan_override", type_="foreignkey")
    with op.batch_alter_table("loan_override", copy_from=_loan_override()) as batch:
        batch.drop_column("item_erased")
        batch.drop_column("item_id")
        batch.create_unique_constraint(op.f(_ONE_A_VISIT), ["visit_id", "patron_id", "refusal"])
