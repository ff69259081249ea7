"""Search: what a title is found by, kept beside it by triggers, with an index of its letters in pairs.

A library that is there is indexed in the same transaction: on PostgreSQL up to ten minutes for a
million titles (``make bench`` measures it).
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from madoguchi.app.server.sql_file import statements

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"
_NEW = ("0006_folding.sql", "0006_titles.sql", "0006_search.sql")

_FUNCTIONS = (
    "desk.search_titles",
    "desk.read_title",
    "desk.read_branches",
    "public.search_plan",
    "public.search_holds",
    "public.facts_of_titles",
    "public.facts_of_title",
    "public.facts_of_copies",
    "public.facts_of_queue",
    "public.facts_of_branches",
    "public.search_pairs",
    "public.search_reading",
    "public.search_folded",
)
_KEYS = ("title_key", "kana_key", "isbn", "ndc")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _embedded() -> list[str]:
    text = (_SQL / "0006_search_embedded.sql").read_text(encoding="utf-8")
    # a trigger holds semicolons of its own: what stands between blank lines is one statement
    blocks = [block.strip() for block in text.split("\n\n")]
    return [block for block in blocks if block and not block.startswith("--")]


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    by_bytes = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "title_search",
        sa.Column("title_id", big_id, autoincrement=False, nullable=False),
        *(sa.Column(key, by_bytes, nullable=False) for key in _KEYS),
        sa.Column("year", sa.SmallInteger()),
        sa.Column("searched", by_bytes, nullable=False),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name="fk_title_search_title_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("title_id", name="pk_title_search"),
    )
    run = op.get_bind().exec_driver_sql
    if _on_postgresql():
        for file in _NEW:
            for statement in statements(_SQL / file):
                # by the driver itself: the text holds colons and braces
                run(statement)
    else:
        for statement in _embedded():
            run(statement)
    # what is there already, first the rows, then their indexes: quicker than one by one
    run("insert into title_search select * from title_searched")
    for key in _KEYS:
        op.create_index(f"ix_title_search_{key}", "title_search", [key])
    if _on_postgresql():
        run("create index ix_title_search_pairs on title_search using gin (search_pairs(searched))")


def downgrade() -> None:
    run = op.get_bind().exec_driver_sql
    if _on_postgresql():
        for table in ("title", "title_creator"):
            run(f"drop trigger index_title on public.{table}")
        run("drop function public.index_title")
        run("drop view public.title_searched")
        op.drop_table("title_search")
        for name in _FUNCTIONS:
            run(f"drop function {name}")
        return
    for trigger in (
        "index_title",
        "index_title_again",
        "index_creator",
        "index_creator_again",
        "index_creator_gone",
    ):
        run(f"drop trigger {trigger}")
    op.drop_table("title_search")
    run("drop table title_pairs")
    run("drop view title_searched")
