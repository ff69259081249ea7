"""The central lending server: persons, terminals, sessions, audit; reads and writes as functions alone.

On SQLite only what both databases have changes: where a patron registered, and that a member of staff may
have no password here (on the server they are logins).
"""

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from madoguchi.app.server.sql_file import function_texts, statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"
_NEW = ("0004_base.sql", "0004_reads.sql", "0004_desk.sql", "0004_account.sql", "0004_watch.sql")
_SCHEMAS = ("desk", "account", "audit", "watch", "web", "tls")

# guarded writes that took branch and login from the client: what takes their place takes them from the
# server; and an erasure that left transaction numbers behind
_REPLACED = ("lend", "cancel_lend", "take_back", "undo_return", "renew", "grant_override", "erase_returned")

_BRANCH = "fk_patron_branch_id"

# SQLite cannot alter a table: it is written anew from these, checks included, which reflection would lose.
_staff = sa.Table(
    "staff",
    sa.MetaData(),
    sa.Column("login", sa.String(length=60), nullable=False),
    sa.Column("name", sa.String(length=100), nullable=False),
    sa.Column("role", sa.String(length=20), nullable=False),
    sa.Column("password_hash", sa.String(length=200), nullable=True),
    sa.Column("card_number", sa.String(length=20), nullable=True),
    sa.Column("active_until", sa.Date(), nullable=True),
    sa.CheckConstraint(
        "role IN ('counter_staff', 'contract_staff', 'system_staff', 'security_manager')",
        name="ck_staff_role",
    ),
    sa.PrimaryKeyConstraint("login", name="pk_staff"),
    sa.UniqueConstraint("card_number", name="uq_staff_card_number"),
)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _run(file: str) -> None:
    for statement in statements(_SQL / file):
        # by the driver itself: the text holds colons and braces
        op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    with op.batch_alter_table("staff", copy_from=_staff) as batch:
        batch.alter_column("password_hash", existing_type=sa.String(length=200), nullable=True)
    op.add_column("patron", sa.Column("branch_id", sa.SmallInteger(), nullable=True))
    with op.batch_alter_table("patron") as batch:
        batch.create_foreign_key(op.f(_BRANCH), "branch", ["branch_id"], ["id"])
    if _on_postgresql():
        for name in _REPLACED:
            op.get_bind().exec_driver_sql(f"drop function {name}")
        for file in _NEW:
            _run(file)


def downgrade() -> None:
    if _on_postgresql():
        for schema in _SCHEMAS:
            op.get_bind().exec_driver_sql(f"drop schema {schema} cascade")
        left = "select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'public'::regnamespace"
        before = {
            match[1]
            for file in ("0001_functions.sql", "0003_functions.sql")
            for match in re.finditer(
                r"^create function (\w+)", (_SQL / file).read_text(encoding="utf-8"), re.MULTILINE
            )
        }
        for function in list(op.get_bind().exec_driver_sql(left).scalars()):
            if function.split("(")[0] not in before:
                op.get_bind().exec_driver_sql(f"drop function {function} cascade")
        op.get_bind().exec_driver_sql("drop function erase_returned")
        op.get_bind().exec_driver_sql("drop type here")
        for function in function_texts(_SQL / "0001_functions.sql", ("cancel_lend", "renew")):
            op.get_bind().exec_driver_sql(function)
        for function in function_texts(
            _SQL / "0003_functions.sql",
            ("lend", "take_back", "undo_return", "grant_override", "erase_returned"),
        ):
            op.get_bind().exec_driver_sql(function)
        op.drop_constraint(op.f(_BRANCH), "patron", type_="foreignkey")
    with op.batch_alter_table("patron") as batch:
        batch.drop_column("branch_id")
    # whoever has no password here cannot sign in, before as after
    op.execute("UPDATE staff SET password_hash = '' WHERE password_hash IS NULL")
    with op.batch_alter_table("staff", copy_from=_staff) as batch:
        batch.alter_column("password_hash", existing_type=sa.String(length=200), nullable=False)
