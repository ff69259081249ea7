"""Lending: loans, what was lent in spite of a rule, each act once, and what is counted of them."""

from __future__ import annotations

import sqlalchemy as sa

from madoguchi.app.lending.rules import ABOUT_THE_ITEM
from madoguchi.app.server.tables.columns import BigId, UtcDateTime, is_one_of, metadata

loan = sa.Table(
    "loan",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("item_id", sa.ForeignKey("item.id"), nullable=False, index=True),
    sa.Column("patron_id", sa.ForeignKey("patron.id"), nullable=False),
    sa.Column("branch_id", sa.ForeignKey("branch.id"), nullable=False),
    sa.Column("lent_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("renewals", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("returned_on", sa.Date),
    # set while the return can still be undone; then the whole row goes (DOMAIN: Loans)
    sa.Column("returned_at", UtcDateTime),
    sa.CheckConstraint("due_on >= lent_on", name="due_after_lent"),
    sa.CheckConstraint("(returned_on IS NULL) = (returned_at IS NULL)", name="returned_whole"),
    sa.CheckConstraint("returned_on IS NULL OR returned_on >= lent_on", name="returned_after_lent"),
    sa.Index(
        "uq_loan_one_open",
        "item_id",
        unique=True,
        sqlite_where=sa.text("returned_at IS NULL"),
        postgresql_where=sa.text("returned_at IS NULL"),
    ),
    sa.Index(
        "ix_loan_open_of_patron",
        "patron_id",
        sqlite_where=sa.text("returned_at IS NULL"),
        postgresql_where=sa.text("returned_at IS NULL"),
    ),
    sa.Index(
        "ix_loan_to_erase",
        "returned_at",
        sqlite_where=sa.text("returned_at IS NOT NULL"),
        postgresql_where=sa.text("returned_at IS NOT NULL"),
    ),
)

loan_override = sa.Table(
    "loan_override",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("visit_id", sa.Uuid, nullable=False),
    sa.Column("patron_id", sa.ForeignKey("patron.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("refusal", sa.String(20), nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("login", sa.String(60), nullable=False),
    sa.Column("granted_at", UtcDateTime, nullable=False),
    # the one item that a refusal about an item is set aside for; none: it is about the patron
    sa.Column("item_id", sa.ForeignKey("item.id")),
    # it joined a person to an item, and goes by the clock (DOMAIN: Loans); what is left holds for nothing
    sa.Column("item_erased", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.CheckConstraint("length(trim(reason)) > 0", name="reasoned"),
    sa.CheckConstraint(
        f"({is_one_of('refusal', sorted(ABOUT_THE_ITEM))}) = (item_id IS NOT NULL OR item_erased)"
        " AND NOT (item_id IS NOT NULL AND item_erased)",
        name="about",
    ),
    sa.Index(
        "uq_loan_override_about_item",
        "visit_id",
        "patron_id",
        "refusal",
        "item_id",
        unique=True,
        sqlite_where=sa.text("item_id IS NOT NULL"),
        postgresql_where=sa.text("item_id IS NOT NULL"),
    ),
    sa.Index(
        "uq_loan_override_about_patron",
        "visit_id",
        "patron_id",
        "refusal",
        unique=True,
        sqlite_where=sa.text("item_id IS NULL AND NOT item_erased"),
        postgresql_where=sa.text("item_id IS NULL AND NOT item_erased"),
    ),
    sa.Index(
        "ix_loan_override_to_erase",
        "granted_at",
        sqlite_where=sa.text("item_id IS NOT NULL"),
        postgresql_where=sa.text("item_id IS NOT NULL"),
    ),
)

# Each act once, whatever is repeated. The answer lets a repeat say what the first one said; it goes,
# with the link to the loan, when the loan is erased, and only the id is left. That of a reservation names
# nobody and nothing, yet a place far back in a queue can tell which title it is: it goes with its day, as
# does what names a copy that was cleared away or not found.
operation = sa.Table(
    "operation",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("act", sa.String(12), nullable=False),
    sa.Column("loan_id", sa.ForeignKey("loan.id", ondelete="SET NULL"), index=True),
    sa.Column("answer", sa.Text),
    sa.Column("done_on", sa.Date, nullable=False),
    sa.Index(
        "ix_operation_to_erase",
        "done_on",
        sqlite_where=sa.text("act IN ('reserve', 'shelf_clear', 'not_found') AND answer IS NOT NULL"),
        postgresql_where=sa.text("act IN ('reserve', 'shelf_clear', 'not_found') AND answer IS NOT NULL"),
    ),
)

statistic = sa.Table(
    "statistic",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("hour", sa.SmallInteger, nullable=False),
    sa.Column("branch_id", sa.ForeignKey("branch.id"), nullable=False),
    sa.Column("act", sa.String(12), nullable=False),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("ndc_class", sa.String(1), nullable=False),
    sa.Column("age_band", sa.String(8), nullable=False),
    sa.Column("category", sa.String(16), nullable=False),
    sa.Column("amount", sa.SmallInteger, nullable=False),
    sa.Index("ix_statistic_day", "day", "branch_id"),
)
