"""Queues: what a patron waits for, a title's queue, and what staff change in it."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from madoguchi.app.server.sql_file import statements

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FOUND = sa.text("state IN ('in_transit', 'ready')")

_NEW = (
    "desk.cancel_reservation",
    "desk.move_reservation",
    "desk.change_reservation",
    "desk.read_queue",
    "desk.read_reservations",
    "public.is_reason",
    "public.done_about_reservation",
    "public.begin_about_reservation",
    "public.facts_of_who_waits",
    "public.facts_of_queued_title",
    "public.facts_of_waited_for",
    "public.facts_of_waiter",
)

# how functions differ from what they are: which words of theirs become which
_CHANGED: dict[str, tuple[tuple[str, str], ...]] = {
    "watch.erase_by_age()": (
        (
            "    delete from account.failure where at < v_before;\n",
            "    delete from account.failure where at < v_before;\n"
            "    delete from public.reservation_reason where given_on < v_before::date;\n",
        ),
    ),
}


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _change(way: int) -> None:
    """Puts the functions' words in place of each other; with -1 back again.

    Raises:
        ValueError: a function is not what this migration changes.
    """
    run = op.get_bind().exec_driver_sql
    for name, changes in _CHANGED.items():
        text: str = run(f"select pg_get_functiondef('{name}'::regprocedure)").scalar_one()
        for change in changes:
            old, new = change[::way]
            if text.count(old) != 1:
                raise ValueError(f"{name} is not what this migration changes")
            text = text.replace(old, new)
        run(text)


def upgrade() -> None:
    op.execute("ALTER TABLE reservation ADD COLUMN asked_on DATE")
    op.create_index(
        "ix_reservation_found",
        "reservation",
        ["title_id"],
        sqlite_where=_FOUND,
        postgresql_where=_FOUND,
    )
    op.create_table(
        "reservation_reason",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reservation_id", _KEY, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_reservation_reason_said")),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservation.id"],
            name=op.f("fk_reservation_reason_reservation_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation_reason")),
    )
    op.create_index(op.f("ix_reservation_reason_reservation_id"), "reservation_reason", ["reservation_id"])
    op.create_index(op.f("ix_reservation_reason_given_on"), "reservation_reason", ["given_on"])
    if not _on_postgresql():
        return
    run = op.get_bind().exec_driver_sql
    for file in ("0014_queued.sql", "0014_queues.sql"):
        for statement in statements(_SQL / file):
            # by the driver itself: the text holds colons and braces
            run(statement)
    _change(1)


def downgrade() -> None:
    if _on_postgresql():
        _change(-1)
        for name in _NEW:
            op.get_bind().exec_driver_sql(f"drop function {name}")
    op.drop_table("reservation_reason")
    op.drop_index("ix_reservation_found", "reservation")
    op.execute("ALTER TABLE reservation DROP COLUMN asked_on")
