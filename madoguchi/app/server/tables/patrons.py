"""Patrons: who they are, what they are found by, cards, applications, notes, families, picking up."""

from __future__ import annotations

import sqlalchemy as sa

from madoguchi.app.patrons.person import Category, NoticeBy, Proof
from madoguchi.app.patrons.ties import LONGEST_NOTE
from madoguchi.app.server.tables.columns import BigId, by_bytes, metadata, one_of

patron = sa.Table(
    "patron",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("kana", sa.String(100), nullable=False),
    sa.Column("birth_date", sa.Date, nullable=False, index=True),
    sa.Column("category", sa.ForeignKey("patron_category.code"), nullable=False),
    sa.Column("address", sa.String(200), nullable=False, server_default=""),
    sa.Column("telephone", sa.String(30), nullable=False, server_default=""),
    # only the day is kept: it decides when the card goes idle
    sa.Column("last_used_on", sa.Date, nullable=False),
    sa.Column("registered_on", sa.Date, nullable=False),
    # where they registered: contract staff find those of their branches; none: it was not written down
    sa.Column("branch_id", sa.ForeignKey("branch.id")),
    sa.Column("postal_code", sa.String(7), nullable=False, server_default=""),
    sa.Column("email", sa.String(254), nullable=False, server_default=""),
    sa.Column("notice_by", sa.String(10), nullable=False, server_default=NoticeBy.TELEPHONE.value),
    # which kind of proof, never its number; none: it was not written down
    sa.Column("proof", sa.String(12)),
    sa.Column("proof_seen_on", sa.Date),
    # of what is kept of the person: a change says which one it began with
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    one_of("notice_by", [way.value for way in NoticeBy]),
    one_of("proof", [proof.value for proof in Proof]),
)

# What a patron is found by: letters folded (app.catalogue.folding), what is compared of a kana
# (app.patrons.comparing), the digits of their telephone. Nobody writes it but triggers on patron.
patron_search = sa.Table(
    "patron_search",
    metadata,
    sa.Column(
        "patron_id", sa.ForeignKey("patron.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    sa.Column("kana_key", by_bytes, nullable=False),
    sa.Column("name_key", by_bytes, nullable=False),
    sa.Column("alike_key", by_bytes, nullable=False, index=True),
    sa.Column("telephone_key", by_bytes, nullable=False, index=True),
)

card = sa.Table(
    "card",
    metadata,
    sa.Column("number", sa.String(20), primary_key=True),
    sa.Column("patron_id", sa.ForeignKey("patron.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    one_of("state", ["active", "lost"]),
    sa.Index(
        "uq_card_one_active",
        "patron_id",
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    ),
)

# The last serial allotted to a card that the library prints itself, of numbers of this prefix and so
# many digits. It only grows: what was allotted once is on no other card, whatever became of it.
printed_serial = sa.Table(
    "printed_serial",
    metadata,
    sa.Column("prefix", sa.String(20), primary_key=True),
    sa.Column("digits", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("last", sa.BigInteger, nullable=False),
)

# Provisional applications (利用者仮登録申請): what somebody wrote on the web, whom nobody has seen yet.
application = sa.Table(
    "application",
    metadata,
    # what the web side gave them to say at the counter
    sa.Column("number", sa.String(20), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("kana", sa.String(100), nullable=False),
    sa.Column("birth_date", sa.Date, nullable=False),
    sa.Column("postal_code", sa.String(7), nullable=False, server_default=""),
    sa.Column("address", sa.String(200), nullable=False, server_default=""),
    sa.Column("telephone", sa.String(30), nullable=False, server_default=""),
    sa.Column("email", sa.String(254), nullable=False, server_default=""),
    sa.Column("category", sa.ForeignKey("patron_category.code"), nullable=False),
    sa.Column("applied_on", sa.Date, nullable=False, index=True),
    one_of("category", [category.value for category in Category]),
    sa.CheckConstraint("length(trim(number)) > 0", name="numbered"),
    sa.CheckConstraint("length(trim(name)) > 0 AND length(trim(kana)) > 0", name="named"),
    sa.CheckConstraint("length(postal_code) IN (0, 7)", name="postal_code"),
)

# Digests of the numbers that were confirmed or rejected: the same file, or the same message of the web side,
# brings none of them back. Kept as long as an application waits; one that comes later is too old by then.
application_done = sa.Table(
    "application_done",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("done_on", sa.Date, nullable=False),
)

# What staff should know of a patron, or why they may not borrow; it holds until its last day, or is ended.
patron_note = sa.Table(
    "patron_note",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("patron_id", sa.ForeignKey("patron.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("text", sa.String(LONGEST_NOTE), nullable=False),
    sa.Column("blocks", sa.Boolean, nullable=False, server_default=sa.false()),
    # who wrote it; empty: nobody knows, it came with an older system
    sa.Column("login", sa.String(60), nullable=False),
    sa.Column("made_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date),
    sa.CheckConstraint("length(trim(text)) > 0", name="said"),
)

# Those of one family_id are one family; a family of one is none.
family_member = sa.Table(
    "family_member",
    metadata,
    sa.Column("patron_id", sa.ForeignKey("patron.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("family_id", sa.Uuid, nullable=False, index=True),
)

# The patron agrees that somebody else picks up for them.
pick_up = sa.Table(
    "pick_up",
    metadata,
    sa.Column("patron_id", sa.ForeignKey("patron.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("by_patron_id", sa.ForeignKey("patron.id", ondelete="CASCADE"), primary_key=True, index=True),
    sa.Column("given_on", sa.Date, nullable=False),
    sa.CheckConstraint("patron_id <> by_patron_id", name="two_people"),
)
