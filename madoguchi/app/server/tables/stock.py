"""The stock: titles, what they are found by, items, and the numbers allotted to labels for them."""

from __future__ import annotations

import sqlalchemy as sa

from madoguchi.app.server.tables.columns import BigId, by_bytes, metadata

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

# What a title is found by, folded (app.catalogue.folding). Nobody writes it but triggers on title and
# title_creator: it is never anything but what they say. An index of its letters in pairs goes with it, which
# each database makes in its own way (migration 0006).
title_search = sa.Table(
    "title_search",
    metadata,
    sa.Column(
        "title_id", sa.ForeignKey("title.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    sa.Column("title_key", by_bytes, nullable=False, index=True),
    sa.Column("kana_key", by_bytes, nullable=False, index=True),
    sa.Column("isbn", by_bytes, nullable=False, index=True),
    sa.Column("ndc", by_bytes, nullable=False, index=True),
    sa.Column("year", sa.SmallInteger),
    sa.Column("searched", by_bytes, nullable=False),
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
