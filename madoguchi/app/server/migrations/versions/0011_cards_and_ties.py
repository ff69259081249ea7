"""Notes and blocks with an author and an end in place of one text; families; who picks up for whom."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from madoguchi.app.server.sql_file import function_texts, statements

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"

# reads that are written anew, and where they stood before
_READS = {
    "0011_reads.sql": (
        "0004_reads.sql",
        (
            "public.facts_of_patron",
            "public.facts_of_checkout",
            "public.facts_of_item",
            "public.facts_of_today",
        ),
    ),
    "0011_wanted.sql": ("0007_wanted.sql", ("public.facts_of_reservation",)),
}

_NEW = ("0011_cards.sql", "0011_ties.sql")
_FUNCTIONS = (
    "desk.end_pick_up",
    "desk.let_pick_up",
    "desk.leave_family",
    "desk.link_family",
    "public.other_by_card",
    "public.part_family",
    "public.join_family",
    "watch.erase_notes",
    "desk.end_note",
    "desk.add_note",
    "public.ties_of_patron",
    "public.relative_as_shown",
    "desk.withdraw_patron",
    "desk.renew_card",
    "desk.report_lost",
    "desk.replace_card",
    "public.done_about",
    "public.begin_about",
)

# how functions differ from what they were: which words become which
_CHANGED = {
    ("0004_desk.sql", "desk.lend"): (
        (
            "    if v_item.reference_only and not",
            "    if not 'blocked' = any (v_waived) and exists (\n"
            "        select from patron_note n where n.patron_id = v_patron.id and n.blocks\n"
            "            and (n.ends_on is null or n.ends_on >= v_today)) then\n"
            "        return refused('blocked'); end if;\n"
            "    if v_item.reference_only and not",
        ),
    ),
    ("0004_desk.sql", "desk.grant_override"): (
        (
            "not in ('card_idle', 'overdue_block',",
            "not in ('card_idle', 'overdue_block', 'blocked',",
        ),
        (
            "    if not found then return refused('unknown_card'); end if;\n    if p_refusal",
            "    if not found then return refused('unknown_card'); end if;\n"
            "    -- who withdraws in this very moment is nobody any more\n"
            "    perform from patron where id = v_patron for key share;\n"
            "    if not found then return refused('unknown_card'); end if;\n    if p_refusal",
        ),
    ),
    ("0007_reserving.sql", "desk.place_reservation"): (
        (
            "        return refused('overdue_block');\n    end if;\n",
            "        return refused('overdue_block');\n    end if;\n"
            "    if (v_facts ->> 'blocked')::boolean then return refused('blocked'); end if;\n",
        ),
    ),
}

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LONGEST = 300
"""Characters of a note; the column that it takes the place of held more."""


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _in_place(text: str) -> str:
    """A function's text, to take the place of one that is there."""
    return text.replace("create function", "create or replace function", 1)


def _tables() -> None:
    op.create_table(
        "patron_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patron_id", _KEY, nullable=False),
        sa.Column("text", sa.String(length=_LONGEST), nullable=False),
        sa.Column("blocks", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("length(trim(text)) > 0", name=op.f("ck_patron_note_said")),
        sa.ForeignKeyConstraint(
            ["patron_id"], ["patron.id"], name=op.f("fk_patron_note_patron_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patron_note")),
    )
    op.create_index(op.f("ix_patron_note_patron_id"), "patron_note", ["patron_id"])
    op.create_table(
        "family_member",
        sa.Column("patron_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patron_id"], ["patron.id"], name=op.f("fk_family_member_patron_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("patron_id", name=op.f("pk_family_member")),
    )
    op.create_index(op.f("ix_family_member_family_id"), "family_member", ["family_id"])
    op.create_table(
        "pick_up",
        sa.Column("patron_id", _KEY, nullable=False),
        sa.Column("by_patron_id", _KEY, nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.CheckConstraint("patron_id <> by_patron_id", name=op.f("ck_pick_up_two_people")),
        sa.ForeignKeyConstraint(
            ["patron_id"], ["patron.id"], name=op.f("fk_pick_up_patron_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_patron_id"], ["patron.id"], name=op.f("fk_pick_up_by_patron_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("patron_id", "by_patron_id", name=op.f("pk_pick_up")),
    )
    op.create_index(op.f("ix_pick_up_by_patron_id"), "pick_up", ["by_patron_id"])


def upgrade() -> None:
    _tables()
    new_id = "gen_random_uuid()" if _on_postgresql() else "lower(hex(randomblob(16)))"
    for first in (1, 1 + _LONGEST):
        # nobody knows who wrote it or when: no author, and the day from which it can be
        op.execute(
            "insert into patron_note (id, patron_id, text, login, made_on)"
            f" select {new_id}, id, substr(note, {first}, {_LONGEST}), '', registered_on from patron"
            f" where trim(substr(note, {first}, {_LONGEST})) <> ''"
        )
    # in place on SQLite too: written anew, the table would take everything with it that refers to it
    op.execute("ALTER TABLE patron DROP COLUMN note")
    if not _on_postgresql():
        return
    run = op.get_bind().exec_driver_sql
    for file in _READS:
        for statement in statements(_SQL / file):
            run(_in_place(statement))
    for file in _NEW:
        for statement in statements(_SQL / file):
            # by the driver itself: the text holds colons and braces
            run(statement)
    for (file, name), changes in _CHANGED.items():
        (text,) = function_texts(_SQL / file, (name,))
        for words, new in changes:
            if text.count(words) != 1:
                raise ValueError(f"{name} is not what this migration changes")
            text = text.replace(words, new)
        run(_in_place(text))


def downgrade() -> None:
    op.execute("ALTER TABLE patron ADD COLUMN note VARCHAR(500) NOT NULL DEFAULT ''")
    if _on_postgresql():
        run = op.get_bind().exec_driver_sql
        for name in _FUNCTIONS:
            run(f"drop function {name}")
        for file, name in _CHANGED:
            (text,) = function_texts(_SQL / file, (name,))
            run(_in_place(text))
        for before, names in _READS.values():
            for text in function_texts(_SQL / before, names):
                run(_in_place(text))
        joined = "string_agg(text, '／' order by made_on, id)"
    else:
        joined = "group_concat(text, '／')"
    # one that has an end would hold for ever
    op.execute(
        f"update patron set note = substr(coalesce((select {joined} from patron_note n"
        " where n.patron_id = patron.id and n.ends_on is null), ''), 1, 500)"
    )
    for name in ("pick_up", "family_member", "patron_note"):
        op.drop_table(name)
