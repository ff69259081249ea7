"""Patrons are found, opened, compared, registered and changed; each look has its kind, lists their own limit.

What a patron is found by is kept beside them by triggers, in the same way as that of titles.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from madoguchi.app.server.sql_file import function_texts, statements

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"
_NEW = (
    "0010_comparing.sql",
    "0010_persons.sql",
    "0010_finding.sql",
    "0010_alike.sql",
    "0010_registering.sql",
)
_BEFORE = (("0004_base.sql", "public.view_refused"), ("0004_desk.sql", "desk.search_patrons"))
_KEYS = ("kana_key", "name_key", "alike_key", "telephone_key")
_FUNCTIONS = (
    "desk.change_patron",
    "desk.register_patron",
    "public.write_patron",
    "public.registering_refused",
    "public.same_person",
    "public.person_of_fields",
    "public.fields_of",
    "desk.patrons_alike",
    "desk.read_categories",
    "desk.read_person",
    "desk.open_patron",
    "desk.open_card",
    "public.patron_file",
    "desk.find_patrons",
    "public.is_theirs",
    "public.list_refused",
    "public.facts_of_patron_file",
    "public.facts_of_person",
    "public.facts_of_categories",
    "public.people_match",
    "public.births_match",
    "public.texts_match",
    "public.one_edit",
    "public.address_key",
    "public.telephone_key",
    "public.given_part",
    "public.person_key",
)

# the setting stands among the others, after this one
_SETTING = ("('views_an_hour', 1, 30000)", "('views_an_hour', 1, 30000), ('list_rows_an_hour', 1, 30000)")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _embedded() -> list[str]:
    text = (_SQL / "0010_patrons_embedded.sql").read_text(encoding="utf-8")
    # a trigger holds semicolons of its own: what stands between blank lines is one statement
    blocks = [block.strip() for block in text.split("\n\n")]
    return [block for block in blocks if block and not block.startswith("--")]


def _settings(old: str, new: str) -> None:
    """Changes the function that lists the settings, as it stands here."""
    run = op.get_bind().exec_driver_sql
    text: str = run("select pg_get_functiondef('account.settings'::regproc)").scalar_one()
    if text.count(old) != 1:
        raise ValueError("account.settings is not what this migration changes")
    run(text.replace(old, new))


def _hows(names: str, more: str = "") -> None:
    run = op.get_bind().exec_driver_sql
    run("alter table audit.viewed drop constraint viewed_how_check")
    run(f"alter table audit.viewed add constraint viewed_how_check check (how in ({names})){more}")


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    by_bytes = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "patron_search",
        sa.Column("patron_id", big_id, autoincrement=False, nullable=False),
        *(sa.Column(key, by_bytes, nullable=False) for key in _KEYS),
        sa.ForeignKeyConstraint(
            ["patron_id"], ["patron.id"], name="fk_patron_search_patron_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("patron_id", name="pk_patron_search"),
    )
    run = op.get_bind().exec_driver_sql
    if _on_postgresql():
        run("drop function desk.search_patrons")
        run(
            "alter table account.rule add column list_rows_an_hour smallint not null default 1500"
            " check (list_rows_an_hour > 0)"
        )
        run(
            "comment on column account.rule.list_rows_an_hour is"
            " 'patrons that a login may see in lists in an hour'"
        )
        _settings(*_SETTING)
        _hows("'card', 'checkout', 'search', 'patron', 'details', 'alike'")
        for file in _NEW:
            for statement in statements(_SQL / file):
                # by the driver itself: the text holds colons and braces
                run(statement)
    else:
        for statement in _embedded():
            run(statement)
    # what is there already, first the rows, then their indexes: quicker than one by one
    run(
        f"insert into patron_search (patron_id, {', '.join(_KEYS)})"
        " select id, search_folded(kana), search_folded(name), person_key(kana), telephone_key(telephone)"
        " from patron"
    )
    op.create_index("ix_patron_search_alike_key", "patron_search", ["alike_key"])
    op.create_index("ix_patron_search_telephone_key", "patron_search", ["telephone_key"])
    op.create_index("ix_patron_birth_date", "patron", ["birth_date"])


def downgrade() -> None:
    op.drop_index("ix_patron_birth_date", "patron")
    run = op.get_bind().exec_driver_sql
    if not _on_postgresql():
        for trigger in ("index_patron", "index_patron_again"):
            run(f"drop trigger {trigger}")
        op.drop_table("patron_search")
        return
    run("drop trigger index_patron on public.patron")
    run("drop function public.index_patron")
    op.drop_table("patron_search")
    for name in _FUNCTIONS:
        run(f"drop function {name}")
    for file, name in _BEFORE:
        (text,) = function_texts(_SQL / file, (name,))
        run(text.replace("create function", "create or replace function", 1))
    _settings(*reversed(_SETTING))
    run("alter table account.rule drop column list_rows_an_hour")
    # who was looked at is never changed, nor left out
    _hows("'card', 'checkout', 'search'", " not valid")
