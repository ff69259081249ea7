"""The staff's accounts: who they are, in which role, and at which branches."""

from __future__ import annotations

import sqlalchemy as sa

from madoguchi.app.server.tables.columns import metadata, one_of

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
    one_of("role", STAFF_ROLES),
)

staff_branch = sa.Table(
    "staff_branch",
    metadata,
    sa.Column("login", sa.ForeignKey("staff.login", ondelete="CASCADE"), primary_key=True),
    sa.Column("branch_id", sa.ForeignKey("branch.id"), primary_key=True),
)
