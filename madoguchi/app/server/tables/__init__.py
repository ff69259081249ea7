"""The schema of the lending server, one for PostgreSQL and for the embedded SQLite file.

What must always be true stands here as a constraint: one open loan an item, one active card a
patron, one trapped reservation an item, each operation once.  The ceilings that need a lock (how
many loans at once) are re-checked by the guarded writes.

Each subject has a module. Tables are taken from here all the same: most statements join several subjects, and
``metadata`` is whole only where all of them are there.
"""

from __future__ import annotations

from madoguchi.app.server.tables.accounts import staff, staff_branch
from madoguchi.app.server.tables.columns import metadata
from madoguchi.app.server.tables.house import (
    branch,
    closed_day,
    loan_term,
    material_kind,
    patron_category,
    policy,
)
from madoguchi.app.server.tables.lending import loan, loan_override, operation, statistic
from madoguchi.app.server.tables.patrons import (
    application,
    application_done,
    card,
    family_member,
    patron,
    patron_note,
    patron_search,
    pick_up,
    printed_serial,
)
from madoguchi.app.server.tables.reservations import (
    mail_template,
    outbox,
    reservation,
    reservation_reason,
    shelf_leftover,
    telling,
    transit,
)
from madoguchi.app.server.tables.stock import item, item_range, title, title_creator, title_search

__all__ = [
    "application",
    "application_done",
    "branch",
    "card",
    "closed_day",
    "family_member",
    "item",
    "item_range",
    "loan",
    "loan_override",
    "loan_term",
    "mail_template",
    "material_kind",
    "metadata",
    "operation",
    "outbox",
    "patron",
    "patron_category",
    "patron_note",
    "patron_search",
    "pick_up",
    "policy",
    "printed_serial",
    "reservation",
    "reservation_reason",
    "shelf_leftover",
    "staff",
    "staff_branch",
    "statistic",
    "telling",
    "title",
    "title_creator",
    "title_search",
    "transit",
]
