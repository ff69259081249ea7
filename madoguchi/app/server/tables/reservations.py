"""Reservations: who waits for what, copies on their way or left on a shelf, and telling whoever waited."""

from __future__ import annotations

import sqlalchemy as sa

from madoguchi.app.patrons.person import NoticeBy
from madoguchi.app.reservations.queues import LONGEST_REASON
from madoguchi.app.reservations.telling import Outcome
from madoguchi.app.server.tables.columns import BigId, UtcDateTime, metadata, one_of

RESERVATION_STATES = ["waiting", "in_transit", "ready", "lent"]

reservation = sa.Table(
    "reservation",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("title_id", sa.ForeignKey("title.id"), nullable=False),
    # a specific copy, when it matters (a volume of a set)
    sa.Column("item_id", sa.ForeignKey("item.id")),
    sa.Column("patron_id", sa.ForeignKey("patron.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("pickup_branch_id", sa.ForeignKey("branch.id"), nullable=False),
    sa.Column("placed_at", UtcDateTime, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("trapped_item_id", sa.ForeignKey("item.id")),
    sa.Column("keep_until", sa.Date),
    # a reservation that became a loan goes when the loan goes
    sa.Column("loan_id", sa.ForeignKey("loan.id", ondelete="CASCADE"), index=True),
    # it keeps its place and is passed over, until a day or until somebody says so
    sa.Column("suspended", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("resume_on", sa.Date),
    sa.Column("ready_on", sa.Date),
    # the day it was placed on, where placed_at says its place alone because it was moved
    sa.Column("asked_on", sa.Date),
    one_of("state", RESERVATION_STATES),
    sa.CheckConstraint("resume_on IS NULL OR suspended", name="resumes_suspended"),
    sa.CheckConstraint(
        "state NOT IN ('in_transit', 'ready') OR trapped_item_id IS NOT NULL", name="trapped_has_item"
    ),
    sa.CheckConstraint("(state = 'lent') = (loan_id IS NOT NULL)", name="lent_has_loan"),
    sa.Index(
        "uq_reservation_one_trap",
        "trapped_item_id",
        unique=True,
        sqlite_where=sa.text("state IN ('in_transit', 'ready')"),
        postgresql_where=sa.text("state IN ('in_transit', 'ready')"),
    ),
    sa.Index(
        "ix_reservation_found",
        "title_id",
        sqlite_where=sa.text("state IN ('in_transit', 'ready')"),
        postgresql_where=sa.text("state IN ('in_transit', 'ready')"),
    ),
    sa.Index(
        "ix_reservation_queue",
        "title_id",
        "placed_at",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
)

transit = sa.Table(
    "transit",
    metadata,
    sa.Column("item_id", sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("to_branch_id", sa.ForeignKey("branch.id"), nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    # none: it was under way before this was kept
    sa.Column("from_branch_id", sa.ForeignKey("branch.id")),
    # none: it still waits for the van
    sa.Column("sent_on", sa.Date),
    sa.Index("ix_transit_to_branch_id", "to_branch_id"),
    sa.Index("ix_transit_from_branch_id", "from_branch_id"),
)

# Copies on a reservation shelf for which nobody waits any more: to be cleared away.
shelf_leftover = sa.Table(
    "shelf_leftover",
    metadata,
    sa.Column("item_id", sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("branch_id", sa.ForeignKey("branch.id"), nullable=False, index=True),
    sa.Column("since", sa.Date, nullable=False),
)

# Why staff gave a reservation another place, or ended it. Once that has gone nothing joins it to anybody.
reservation_reason = sa.Table(
    "reservation_reason",
    metadata,
    # its own: the operation's is that of the look at the patron, too
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("reservation_id", sa.ForeignKey("reservation.id", ondelete="SET NULL"), index=True),
    sa.Column("reason", sa.String(LONGEST_REASON), nullable=False),
    sa.Column("login", sa.String(60), nullable=False),
    sa.Column("given_on", sa.Date, nullable=False, index=True),
    sa.CheckConstraint("length(trim(reason)) > 0", name="said"),
)

# What came of telling somebody that something lies ready; it goes with the reservation.
telling = sa.Table(
    "telling",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column(
        "reservation_id", sa.ForeignKey("reservation.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("way", sa.String(10), nullable=False),
    sa.Column("outcome", sa.String(12), nullable=False),
    sa.Column("told_on", sa.Date, nullable=False),
    sa.Column("login", sa.String(60), nullable=False),
    one_of("way", [way.value for way in NoticeBy if way is not NoticeBy.NOT_AT_ALL]),
    one_of("outcome", [outcome.value for outcome in Outcome]),
)

# Mail for the server to send. It names no title, and goes with the reservation.
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column(
        "reservation_id", sa.ForeignKey("reservation.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("address", sa.String(254), nullable=False),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    # one of the two, set by whatever sends
    sa.Column("sent_at", UtcDateTime),
    sa.Column("failed_at", UtcDateTime),
    sa.CheckConstraint("sent_at IS NULL OR failed_at IS NULL", name="one_end"),
)

# The words of a mail; {branch} and {keep_until} stand for what they say.
mail_template = sa.Table(
    "mail_template",
    metadata,
    sa.Column("code", sa.String(20), primary_key=True),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    one_of("code", ["ready"]),
)
