"""Queues: what a patron waits for, a title's queue, and what staff change in it."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from madoguchi.app.server.sql_file import function_texts, statements

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

# reads that are written anew, and where they stood before
_READS = {
    "0014_reads.sql": (
        "0011_reads.sql",
        (
            "public.facts_of_patron",
            "public.facts_of_checkout",
            "public.facts_of_item",
            "public.facts_of_today",
        ),
    ),
    "0014_wanted.sql": ("0011_wanted.sql", ("public.facts_of_reservation",)),
    "0014_titles.sql": (
        "0006_titles.sql",
        (
            "public.facts_of_titles",
            "public.facts_of_title",
            "public.facts_of_copies",
            "public.facts_of_queue",
            "public.facts_of_branches",
        ),
    ),
}

# how functions differ from what they are: which words of theirs become which
_CHANGED: dict[str, tuple[tuple[str, str], ...]] = {
    "public.head_of_queue(item)": (
        (
            "and r.state = 'waiting'\n           and (r.item_id",
            "and r.state = 'waiting'\n           and (not r.suspended or r.resume_on <= library_day(0))\n"
            "           and not p_item.reference_only\n"
            "           and (r.item_id",
        ),
    ),
    "desk.renew(uuid, text, date)": (
        (
            "and r.state = 'waiting'\n               and r.patron_id",
            "and r.state = 'waiting'\n"
            "               and (not r.suspended or r.resume_on <= v_today)\n"
            "               and r.patron_id",
        ),
    ),
    "desk.place_reservation(uuid, uuid, text, bigint, text, bigint)": (
        (
            "        return refused('reservation_limit');\n    end if;\n",
            "        return refused('reservation_limit');\n    end if;\n"
            "    if (v_facts ->> 'reservations_of_group')::integer\n"
            "        >= (v_facts ->> 'max_of_group')::integer then\n"
            "        return refused('kind_limit');\n    end if;\n",
        ),
        (
            "(v_facts ->> 'on_shelf')::integer > (v_facts ->> 'waiting')::integer)",
            "(v_facts ->> 'on_shelf')::integer\n"
            "            > (v_facts ->> 'waiting')::integer - (v_facts ->> 'passed_over')::integer)",
        ),
    ),
    # empty: the kind has no limit of its own
    "account.settings()": (
        (
            "(values ('max_loans', 0, 999), ('loan_days', 1, 365)) s (name, low, high)",
            "(values ('max_loans', 0, 999), ('loan_days', 1, 365)) s (name, low, high)\n"
            "    union all\n"
            "    select 'loan_term', t.category || '/' || t.loan_group, 'max_reservations',\n"
            "           coalesce(t.max_reservations::text, ''), 'number or none', 0, 999 from loan_term t",
        ),
    ),
    "account.set_setting(text, text, text, text, text)": (
        (
            "when p_new !~ '^[0-9]{1,5}$' then true\n",
            "when v_is.kind = 'number or none' and p_new = '' then false\n"
            "                              when p_new !~ '^[0-9]{1,5}$' then true\n",
        ),
        (
            "            using p_new, split_part",
            "            using nullif(p_new, ''), split_part",
        ),
    ),
    # whoever ended a reservation wrote it
    "public.erase_returned()": (
        # in the order in which whoever changes a queue names the copies of a title
        (
            "select distinct unnest(v_items) on conflict do nothing",
            "select distinct unnest(v_items) order by 1 on conflict do nothing",
        ),
        (
            "    update transit set since = since",
            "    update shelf_leftover set since = since where item_id in (\n"
            "        select item_id from shelf_leftover where item_id = any (v_items)"
            " for update skip locked);\n"
            "    update transit set since = since",
        ),
    ),
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


def _in_place(text: str) -> str:
    """A function's text, to take the place of one that is there."""
    return text.replace("create function", "create or replace function", 1)


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
    for file in _READS:
        for statement in statements(_SQL / file):
            run(_in_place(statement))
    for file in ("0014_queued.sql", "0014_queues.sql"):
        for statement in statements(_SQL / file):
            # by the driver itself: the text holds colons and braces
            run(statement)
    _change(1)


def downgrade() -> None:
    if _on_postgresql():
        run = op.get_bind().exec_driver_sql
        _change(-1)
        for name in _NEW:
            run(f"drop function {name}")
        for before, names in _READS.values():
            for text in function_texts(_SQL / before, names):
                run(_in_place(text))
    op.drop_table("reservation_reason")
    op.drop_index("ix_reservation_found", "reservation")
    op.execute("ALTER TABLE reservation DROP COLUMN asked_on")
