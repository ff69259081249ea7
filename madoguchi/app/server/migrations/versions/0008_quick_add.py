"""Quick-add: an item that is not catalogued is added at the counter; its title says on which day."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from madoguchi.app.server.sql_file import statements

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"

_NEW = (
    "watch.note_added",
    "desk.add_item",
    "public.item_as_shown",
    "public.are_creators",
    "public.title_of_fields",
    "public.is_isbn13",
    "public.plain_field",
)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    # added in place on SQLite too: written anew, the table would lose the triggers of 0006
    op.add_column("title", sa.Column("quick_added_on", sa.Date(), nullable=True))
    if _on_postgresql():
        for statement in statements(_SQL / "0008_quick_add.sql"):
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    if _on_postgresql():
        for name in _NEW:
            op.get_bind().exec_driver_sql(f"drop function {name}")
        op.get_bind().exec_driver_sql("drop table watch.added_item")
    op.drop_column("title", "quick_added_on")
