"""What is kept of a person besides name, kana, birth date, address and telephone, and a version of it."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# In place on SQLite too, with their checks: written anew, the table would take everything with it that
# refers to it.
_COLUMNS = {
    "postal_code": "VARCHAR(7) NOT NULL DEFAULT ''",
    "email": "VARCHAR(254) NOT NULL DEFAULT ''",
    "notice_by": "VARCHAR(10) NOT NULL DEFAULT 'telephone' CONSTRAINT ck_patron_notice_by"
    " CHECK (notice_by IN ('telephone', 'mail', 'post_card', 'none'))",
    "proof": "VARCHAR(12) CONSTRAINT ck_patron_proof CHECK (proof IN ('not_needed', 'licence', 'my_number',"
    " 'insurance', 'residence', 'student', 'employee', 'mail', 'other'))",
    "proof_seen_on": "DATE",
    "version": "INTEGER NOT NULL DEFAULT 1",
}


def upgrade() -> None:
    for name, definition in _COLUMNS.items():
        op.execute(f"ALTER TABLE patron ADD COLUMN {name} {definition}")


def downgrade() -> None:
    for name in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE patron DROP COLUMN {name}")
