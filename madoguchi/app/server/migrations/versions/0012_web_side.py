"""What comes from the web, and what goes back to it: provisional applications, and one-time passwords."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from madoguchi.app.server.sql_file import statements

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"

_NEW = (
    "watch.erase_web_side",
    "desk.issue_web_password",
    "desk.confirm_application",
    "desk.reject_application",
    "desk.open_application",
    "desk.list_applications",
    "public.application_look_refused",
    "public.application_digest",
    "web.erase_passwords",
    "web.make_password",
)

# what system staff may set: after which setting another one stands, and how
_SETTINGS = (
    ("('backdate_days', 'number', 0, 60)", ", ('application_days', 'number', 1, 365)"),
    ("('view_days', 1, 3650)", ", ('web_password_hours', 1, 168)"),
)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    # in place on SQLite too
    op.add_column(
        "policy", sa.Column("application_days", sa.SmallInteger(), server_default="30", nullable=False)
    )
    op.create_table(
        "application",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kana", sa.String(length=100), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("postal_code", sa.String(length=7), server_default="", nullable=False),
        sa.Column("address", sa.String(length=200), server_default="", nullable=False),
        sa.Column("telephone", sa.String(length=30), server_default="", nullable=False),
        sa.Column("email", sa.String(length=254), server_default="", nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "category IN ('resident', 'child', 'wide_area', 'commuter', 'group')",
            name=op.f("ck_application_category"),
        ),
        sa.CheckConstraint("length(trim(number)) > 0", name=op.f("ck_application_numbered")),
        sa.CheckConstraint(
            "length(trim(name)) > 0 AND length(trim(kana)) > 0", name=op.f("ck_application_named")
        ),
        sa.CheckConstraint("length(postal_code) IN (0, 7)", name=op.f("ck_application_postal_code")),
        sa.ForeignKeyConstraint(["category"], ["patron_category.code"], name=op.f("fk_application_category")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_application")),
    )
    op.create_index(op.f("ix_application_applied_on"), "application", ["applied_on"])
    op.create_table(
        "application_done",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_application_done")),
    )
    if _on_postgresql():
        op.get_bind().exec_driver_sql(_settings(1))
        for statement in statements(_SQL / "0012_web_side.sql"):
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    if _on_postgresql():
        run = op.get_bind().exec_driver_sql
        for name in _NEW:
            run(f"drop function {name}")
        run("alter function public.facts_of_categories() reset jit")
        run("drop extension pgcrypto")
        run("drop trigger take_in on application")
        run("drop function public.take_application")
        run("drop table watch.application_look")
        run("alter table account.rule drop column web_password_hours")
        run(_settings(-1))
    op.drop_table("application_done")
    op.drop_table("application")
    op.drop_column("policy", "application_days")


def _settings(way: int) -> str:
    """``account.settings`` as it is, with what this migration adds, or without it."""
    text: str = (
        op.get_bind()
        .exec_driver_sql("select pg_get_functiondef('account.settings()'::regprocedure)")
        .scalar_one()
    )
    for before, added in _SETTINGS:
        old, new = (before, before + added)[::way]
        if text.count(old) != 1:
            raise ValueError("account.settings is not what this migration changes")
        text = text.replace(old, new)
    return text
