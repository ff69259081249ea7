"""The reservation's way round: suspended, sent, lying ready, told of, cleared away; copies not found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# In place on SQLite too, with their checks: written anew, a table would take everything with it that refers
# to it. In the order in which they go again.
_COLUMNS = {
    "loan_term": {
        "max_reservations": "SMALLINT CONSTRAINT ck_loan_term_reservations CHECK (max_reservations >= 0)"
    },
    "policy": {
        "slip_name": "VARCHAR(12) NOT NULL DEFAULT 'number_end' CONSTRAINT ck_policy_slip_name"
        " CHECK (slip_name IN ('number_end', 'kana_initial', 'full'))",
        "transit_days": "SMALLINT NOT NULL DEFAULT 3",
        "missing_after": "SMALLINT NOT NULL DEFAULT 3",
    },
    "item": {
        "author_mark": "VARCHAR(10) NOT NULL DEFAULT ''",
        "not_found": "SMALLINT NOT NULL DEFAULT 0",
        "not_found_on": "DATE",
        "missing_since": "DATE",
    },
    "reservation": {
        "suspended": "BOOLEAN NOT NULL DEFAULT FALSE",
        "resume_on": "DATE CONSTRAINT ck_reservation_resumes_suspended"
        " CHECK (resume_on IS NULL OR suspended)",
        "ready_on": "DATE",
    },
}

_SUBJECT = "【図書館】ご予約の資料が用意できました"
_BODY = """ご予約の資料が用意できました。

受取館　{branch}
取置期限　{keep_until}

利用者カードをお持ちになり、カウンターでお受け取りください。
期限を過ぎると、次にお待ちの方へまわります。
資料名は、ご本人のカードを確かめてカウンターでお知らせします。
"""


def upgrade() -> None:
    for table, columns in _COLUMNS.items():
        for name, definition in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {definition}")
    with op.batch_alter_table("transit") as transit:
        transit.add_column(sa.Column("from_branch_id", sa.SmallInteger(), nullable=True))
        transit.add_column(sa.Column("sent_on", sa.Date(), nullable=True))
        transit.create_foreign_key(op.f("fk_transit_from_branch_id"), "branch", ["from_branch_id"], ["id"])
    op.create_index("ix_transit_to_branch_id", "transit", ["to_branch_id"])
    op.create_index("ix_transit_from_branch_id", "transit", ["from_branch_id"])
    op.create_table(
        "shelf_leftover",
        sa.Column("item_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("branch_id", sa.SmallInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_shelf_leftover_item_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_shelf_leftover_branch_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_shelf_leftover")),
    )
    op.create_index(op.f("ix_shelf_leftover_branch_id"), "shelf_leftover", ["branch_id"])
    op.create_table(
        "telling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reservation_id", _KEY, nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.CheckConstraint("way IN ('telephone', 'mail', 'post_card')", name=op.f("ck_telling_way")),
        sa.CheckConstraint(
            "outcome IN ('reached', 'no_answer', 'message_left', 'posted')", name=op.f("ck_telling_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservation.id"],
            name=op.f("fk_telling_reservation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telling")),
    )
    op.create_index(op.f("ix_telling_reservation_id"), "telling", ["reservation_id"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reservation_id", _KEY, nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sent_at IS NULL OR failed_at IS NULL", name=op.f("ck_outbox_one_end")),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservation.id"],
            name=op.f("fk_outbox_reservation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_reservation_id"), "outbox", ["reservation_id"])
    template = op.create_table(
        "mail_template",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("code IN ('ready')", name=op.f("ck_mail_template_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_mail_template")),
    )
    op.bulk_insert(template, [{"code": "ready", "subject": _SUBJECT, "body": _BODY}])


def downgrade() -> None:
    for name in ("mail_template", "outbox", "telling", "shelf_leftover"):
        op.drop_table(name)
    op.drop_index("ix_transit_from_branch_id", "transit")
    op.drop_index("ix_transit_to_branch_id", "transit")
    with op.batch_alter_table("transit") as transit:
        transit.drop_constraint(op.f("fk_transit_from_branch_id"), type_="foreignkey")
        transit.drop_column("sent_on")
        transit.drop_column("from_branch_id")
    for table, columns in reversed(_COLUMNS.items()):
        for name in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
