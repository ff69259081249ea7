"""The schema of the lending server, one for PostgreSQL and for the embedded SQLite file.

What must always be true stands here as a constraint: one open loan an item, one active card a
patron, one trapped reservation an item, each operation once.  The ceilings that need a lock (how
many loans at once) are re-checked by the guarded writes.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from madoguchi.app.lending.materials import LoanGroup, MaterialKind
from madoguchi.app.lending.rules import ABOUT_THE_ITEM
from madoguchi.app.patrons.person import Category, NoticeBy, Proof
from madoguchi.app.patrons.ties import LONGEST_NOTE
from madoguchi.app.reservations.queues import LONGEST_REASON
from madoguchi.app.reservations.telling import Outcome, SlipName

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(sa.TypeDecorator[dt.datetime]):
    """A moment: aware UTC in Python, ``timestamptz`` on PostgreSQL, ISO text on SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None or not isinstance(value, dt.datetime):
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


# SQLite numbers rows by itself only where the key is INTEGER to the letter.
BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _is_one_of(column: str, values: list[str]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


def _one_of(column: str, values: list[str]) -> sa.CheckConstraint:
    return sa.CheckConstraint(_is_one_of(column, values), name=column)


branch = sa.Table(
    "branch",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("code", sa.String(16), nullable=False, unique=True),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("short_name", sa.String(20), nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    _one_of("kind", ["library", "room"]),
)

closed_day = sa.Table(
    "closed_day",
    metadata,
    sa.Column("branch_id", sa.ForeignKey("branch.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("reason", sa.String(20), nullable=False),
)

material_kind = sa.Table(
    "material_kind",
    metadata,
    sa.Column("code", sa.String(12), primary_key=True),
    sa.Column("loan_group", sa.String(8), nullable=False),
    _one_of("code", [kind.value for kind in MaterialKind]),
    _one_of("loan_group", [group.value for group in LoanGroup]),
)

patron_category = sa.Table(
    "patron_category",
    metadata,
    sa.Column("code", sa.String(16), primary_key=True),
    sa.Column("name", sa.String(40), nullable=False),
)

loan_term = sa.Table(
    "loan_term",
    metadata,
    sa.Column("category", sa.ForeignKey("patron_category.code"), primary_key=True),
    sa.Column("loan_group", sa.String(8), primary_key=True),
    sa.Column("max_loans", sa.SmallInteger, nullable=False),
    sa.Column("loan_days", sa.SmallInteger, nullable=False),
    # of this group at once; none: only policy.max_reservations counts, over all groups
    sa.Column("max_reservations", sa.SmallInteger),
    sa.CheckConstraint("max_loans >= 0 AND loan_days > 0", name="sensible"),
    sa.CheckConstraint("max_reservations >= 0", name="reservations"),
)

policy = sa.Table(
    "policy",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("time_zone", sa.String(40), nullable=False),
    sa.Column("overdue_block_days", sa.SmallInteger, nullable=False),
    sa.Column("card_idle_years", sa.SmallInteger, nullable=False),
    sa.Column("max_renewals", sa.SmallInteger, nullable=False),
    sa.Column("due_on_open_day", sa.Boolean, nullable=False),
    sa.Column("undo_minutes", sa.SmallInteger, nullable=False),
    sa.Column("shelf_open_days", sa.SmallInteger, nullable=False),
    sa.Column("backdate_days", sa.SmallInteger, nullable=False),
    sa.Column("max_reservations", sa.SmallInteger, nullable=False),
    sa.Column("command_prefix", sa.String(16), nullable=False),
    # for how long a provisional application waits for whoever sent it; then it is erased
    sa.Column("application_days", sa.SmallInteger, nullable=False, server_default="30"),
    # how a slip in a copy on the reservation shelf says who it is for
    sa.Column("slip_name", sa.String(12), nullable=False, server_default=SlipName.NUMBER_END.value),
    # days on the way after which a copy is late
    sa.Column("transit_days", sa.SmallInteger, nullable=False, server_default="3"),
    # how often a copy is looked for in vain until it counts as missing
    sa.Column("missing_after", sa.SmallInteger, nullable=False, server_default="3"),
    _one_of("slip_name", [name.value for name in SlipName]),
    # the serial of the first card that the library prints itself; 0: the last tenth of all there are
    sa.Column("printed_cards_from", sa.Integer, nullable=False, server_default="0"),
    # what the library's own numbers look like (`barcode.code_plan`); empty: as each terminal knows by itself
    sa.Column("numbering", sa.String(4000), nullable=False, server_default=""),
    # the serial of the first item label that the library prints itself; 0: as with cards
    sa.Column("printed_items_from", sa.Integer, nullable=False, server_default="0"),
    sa.CheckConstraint("id = 1", name="single"),
    # a shorter one could be guessed: whoever knows it can stick a command on a book
    sa.CheckConstraint("length(command_prefix) BETWEEN 8 AND 16", name="command_prefix"),
)

title = sa.Table(
    "title",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("ndl_id", sa.String(64), unique=True),
    sa.Column("title", sa.String(500), nullable=False),
    sa.Column("title_kana", sa.String(1000), nullable=False, server_default=""),
    sa.Column("volume", sa.String(200), nullable=False, server_default=""),
    sa.Column("series", sa.String(500), nullable=False, server_default=""),
    sa.Column("statement", sa.String(500), nullable=False, server_default=""),
    sa.Column("publisher", sa.String(300), nullable=False, server_default=""),
    sa.Column("year", sa.SmallInteger),
    sa.Column("isbn", sa.String(13), index=True),
    sa.Column("ndc", sa.String(20), nullable=False, server_default=""),
    sa.Column("edition", sa.String(100), nullable=False, server_default=""),
    sa.Column("extent", sa.String(300), nullable=False, server_default=""),
    # made at a counter on that day (簡易登録): whoever catalogues finds it by this
    sa.Column("quick_added_on", sa.Date),
)

title_creator = sa.Table(
    "title_creator",
    metadata,
    sa.Column("title_id", sa.ForeignKey("title.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.SmallInteger, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("reading", sa.String(200), nullable=False, server_default=""),
)

# by the bytes of the letters, so that what begins alike stands side by side
_by_bytes = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# What a title is found by, folded (app.catalogue.folding). Nobody writes it but triggers on title and
# title_creator: it is never anything but what they say. An index of its letters in pairs goes with it, which
# each database makes in its own way (migration 0006).
title_search = sa.Table(
    "title_search",
    metadata,
    sa.Column(
        "title_id", sa.ForeignKey("title.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    sa.Column("title_key", _by_bytes, nullable=False, index=True),
    sa.Column("kana_key", _by_bytes, nullable=False, index=True),
    sa.Column("isbn", _by_bytes, nullable=False, index=True),
    sa.Column("ndc", _by_bytes, nullable=False, index=True),
    sa.Column("year", sa.SmallInteger),
    sa.Column("searched", _by_bytes, nullable=False),
)

item = sa.Table(
    "item",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("number", sa.String(20), nullable=False, unique=True),
    sa.Column("title_id", sa.ForeignKey("title.id"), nullable=False, index=True),
    sa.Column("home_branch_id", sa.ForeignKey("branch.id"), nullable=False),
    sa.Column("kind", sa.ForeignKey("material_kind.code"), nullable=False),
    sa.Column("reference_only", sa.Boolean, nullable=False, server_default=sa.false()),
    # the library it is borrowed from (相互貸借); such an item is not renewed
    sa.Column("borrowed_from", sa.String(60)),
    sa.Column("attachments", sa.String(300), nullable=False, server_default=""),
    sa.Column("note", sa.String(500), nullable=False, server_default=""),
    # what the shelves are in order of, after the title's NDC (図書記号)
    sa.Column("author_mark", sa.String(10), nullable=False, server_default=""),
    # how often it was looked for in vain since it was last scanned, and the last day of that
    sa.Column("not_found", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("not_found_on", sa.Date),
    sa.Column("missing_since", sa.Date),
)

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
    _one_of("notice_by", [way.value for way in NoticeBy]),
    _one_of("proof", [proof.value for proof in Proof]),
)

# What a patron is found by: letters folded (app.catalogue.folding), what is compared of a kana
# (app.patrons.comparing), the digits of their telephone. Nobody writes it but triggers on patron.
patron_search = sa.Table(
    "patron_search",
    metadata,
    sa.Column(
        "patron_id", sa.ForeignKey("patron.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    sa.Column("kana_key", _by_bytes, nullable=False),
    sa.Column("name_key", _by_bytes, nullable=False),
    sa.Column("alike_key", _by_bytes, nullable=False, index=True),
    sa.Column("telephone_key", _by_bytes, nullable=False, index=True),
)

card = sa.Table(
    "card",
    metadata,
    sa.Column("number", sa.String(20), primary_key=True),
    sa.Column("patron_id", sa.ForeignKey("patron.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    _one_of("state", ["active", "lost"]),
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

# Numbers allotted to labels that the library prints itself, to be stuck on items: ``size`` serials in a row
# from ``first`` on, of numbers of this prefix and so many digits, with a check character or without. A row is
# never changed: who prints a range again prints the same numbers.
item_range = sa.Table(
    "item_range",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("prefix", sa.String(20), nullable=False),
    sa.Column("digits", sa.SmallInteger, nullable=False),
    sa.Column("checked", sa.Boolean, nullable=False),
    sa.Column("first", sa.BigInteger, nullable=False),
    sa.Column("size", sa.SmallInteger, nullable=False),
    # for whom, and on which day; not by whom: who stood at the counter then is not to be found by it
    sa.Column("branch_id", sa.ForeignKey("branch.id"), nullable=False),
    sa.Column("allotted_on", sa.Date, nullable=False),
    sa.UniqueConstraint("prefix", "digits", "checked", "first"),
    sa.CheckConstraint("first >= 0 AND size BETWEEN 1 AND 1000", name="sensible"),
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
    _one_of("category", [category.value for category in Category]),
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
    _one_of("state", RESERVATION_STATES),
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
    _one_of("way", [way.value for way in NoticeBy if way is not NoticeBy.NOT_AT_ALL]),
    _one_of("outcome", [outcome.value for outcome in Outcome]),
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
    _one_of("code", ["ready"]),
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
        f"({_is_one_of('refusal', sorted(ABOUT_THE_ITEM))}) = (item_id IS NOT NULL OR item_erased)"
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

STAFF_ROLES = ["counter_staff", "contract_staff", "system_staff", "security_manager"]

staff = sa.Table(
    "staff",
    metadata,
    sa.Column("login", sa.String(60), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    # of the embedded library alone: on the server each member of staff is a login
    sa.Column("password_hash", sa.String(200)),
    sa.Column("card_number", sa.String(20), unique=True),
    sa.Column("active_until", sa.Date),
    _one_of("role", STAFF_ROLES),
)

staff_branch = sa.Table(
    "staff_branch",
    metadata,
    sa.Column("login", sa.ForeignKey("staff.login", ondelete="CASCADE"), primary_key=True),
    sa.Column("branch_id", sa.ForeignKey("branch.id"), primary_key=True),
)
