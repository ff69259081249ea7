"""The library's own prefix of its command barcodes, drawn at random for a library that has none."""

import sqlalchemy as sa
from alembic import op

from madoguchi.barcode.commands import new_prefix

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CHECK = "ck_policy_command_prefix"

# SQLite cannot alter a table: it is written anew from this, checks included, which reflection would lose.
_policy = sa.Table(
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
    sa.Column("command_prefix", sa.String(length=16), nullable=True),
    sa.CheckConstraint("id = 1", name="ck_policy_single"),
    sa.PrimaryKeyConstraint("id", name="pk_policy"),
)


def upgrade() -> None:
    op.add_column("policy", sa.Column("command_prefix", sa.String(length=16), nullable=True))
    op.execute(_policy.update().values(command_prefix=new_prefix()))
    with op.batch_alter_table("policy", copy_from=_policy) as batch:
        batch.alter_column("command_prefix", existing_type=sa.String(length=16), nullable=False)
        batch.create_check_constraint(op.f(_CHECK), "length(command_prefix) BETWEEN 8 AND 16")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(_CHECK), "policy", type_="check")
    with op.batch_alter_table("policy", copy_from=_policy) as batch:
        batch.drop_column("command_prefix")
