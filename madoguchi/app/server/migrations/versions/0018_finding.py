"""Patrons are found by an index of their letters, and a whole list is put on record at once (PostgreSQL).

The embedded library looks through 118,000 rows in thirty milliseconds and keeps no record of looks: there
is nothing to change in it. On a server the index takes some twenty seconds for as many patrons.
"""

import re
from pathlib import Path

from alembic import op

from madoguchi.app.server.sql_file import function_texts, statements

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"
_BEFORE = ("public.list_refused", "desk.find_patrons")
_NEW = ("public.patrons_found", "audit.note_views", "public.person_letters")

# each registration puts its letters in at once: a list of what waits would be read in every search
_INDEXES = {
    "ix_patron_search_letters": "using gin (person_letters(kana_key, name_key)) with (fastupdate = off)",
    "ix_patron_search_telephone_end": '("right"(telephone_key, 4))',
}

# the kinds of looks that are lists: other migrations add theirs to what stands there
_KINDS = re.compile(r"v\.how in \(([^)]*)\)")


def _kinds() -> str:
    """The kinds of lists that there are now."""
    text = (
        op.get_bind()
        .exec_driver_sql("select pg_get_functiondef('public.list_refused'::regproc)")
        .scalar_one()
    )
    (kinds,) = _KINDS.findall(text)
    return str(kinds)


def _with_kinds(text: str, kinds: str) -> str:
    """A function's text as it stands in a file, with those kinds."""
    return _KINDS.sub(f"v.how in ({kinds})", text)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    run, kinds = op.get_bind().exec_driver_sql, _kinds()
    for statement in statements(_SQL / "0018_finding.sql"):
        # by the driver itself: the text holds colons and braces
        run(_with_kinds(statement, kinds))
    for name, what in _INDEXES.items():
        run(f"create index {name} on patron_search {what}")
    # what an index of an expression holds is known once that is counted
    run("analyze patron_search")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    run, kinds = op.get_bind().exec_driver_sql, _kinds()
    for text in function_texts(_SQL / "0010_finding.sql", _BEFORE):
        run(_with_kinds(text.replace("create function", "create or replace function", 1), kinds))
    for name in _INDEXES:
        run(f"drop index {name}")
    for name in _NEW:
        run(f"drop function {name}")
