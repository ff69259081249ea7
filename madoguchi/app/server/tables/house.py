"""The house: its branches and the days they are closed, what may be borrowed by whom, the library's rules."""

from __future__ import annotations

import sqlalchemy as sa

from madoguchi.app.lending.materials import LoanGroup, MaterialKind
from madoguchi.app.reservations.telling import SlipName
from madoguchi.app.server.tables.columns import metadata, one_of

branch = sa.Table(
    "branch",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("code", sa.String(16), nullable=False, unique=True),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("short_name", sa.String(20), nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    one_of("kind", ["library", "room"]),
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
    one_of("code", [kind.value for kind in MaterialKind]),
    one_of("loan_group", [group.value for group in LoanGroup]),
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
    one_of("slip_name", [name.value for name in SlipName]),
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
