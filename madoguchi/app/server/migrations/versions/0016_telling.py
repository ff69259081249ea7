"""Telling readers: mail that triggers write, who is to be told by hand, what came of it, a shelf's slip."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from madoguchi.app.server.sql_file import statements

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"

_FUNCTIONS = (
    "desk.read_shelf_slip",
    "desk.tell",
    "desk.list_to_tell",
    "mail.note_failed",
    "mail.note_sent",
    "mail.to_send",
    "public.facts_of_shelf_slip",
    "public.facts_to_tell",
    "public.mail_follows_patron",
    "public.mail_follows_reservation",
)
_TRIGGERS = {"mail_of_new": "reservation", "mail_of_changed": "reservation", "mail_of_patron": "patron"}

# looks at a list, of which each has a limit an hour of its own
_LISTS = ("public.view_refused", "public.list_refused", "public.application_look_refused")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _embedded() -> list[str]:
    text = (_SQL / "0016_telling_embedded.sql").read_text(encoding="utf-8")
    # a trigger holds semicolons of its own: what stands between blank lines is one statement
    blocks = [block.strip() for block in text.split("\n\n")]
    return [block for block in blocks if block and not block.startswith("--")]


def upgrade() -> None:
    run = op.get_bind().exec_driver_sql
    if not _on_postgresql():
        for statement in _embedded():
            run(statement)
        return
    run("create schema mail")
    _lists(1)
    for file in ("0016_telling.sql", "0016_told.sql"):
        for statement in statements(_SQL / file):
            # by the driver itself: the text holds colons and braces
            run(statement)


def downgrade() -> None:
    run = op.get_bind().exec_driver_sql
    for name, table in _TRIGGERS.items():
        run(f"drop trigger {name} on public.{table}" if _on_postgresql() else f"drop trigger {name}")
    if _on_postgresql():
        run("drop trigger on_record on public.mail_template")
        for name in _FUNCTIONS:
            run(f"drop function {name}")
        run("drop schema mail")
        _lists(-1)
    run("drop view mail_to_write")
    if _on_postgresql():
        run("drop function public.day_in_words")
        run("drop function public.library_midnight")


def _lists(way: int) -> None:
    """Makes who is to be told a list among the others, or none any more."""
    run = op.get_bind().exec_driver_sql
    for name in _LISTS:
        text: str = run(f"select pg_get_functiondef('{name}'::regproc)").scalar_one()
        run(_changed(text, "'search', 'alike'", ", 'to_tell'", way, name))
    check: str = run(
        "select pg_get_constraintdef(oid) from pg_constraint where conname = 'viewed_how_check'"
    ).scalar_one()
    check = _changed(
        check.removesuffix(" NOT VALID"), "'alike'::text", ", 'to_tell'::text", way, "viewed_how_check"
    )
    run("alter table audit.viewed drop constraint viewed_how_check")
    # who was looked at is never changed, nor left out
    run(f"alter table audit.viewed add constraint viewed_how_check {check}{' not valid' if way < 0 else ''}")


def _changed(text: str, before: str, added: str, way: int, name: str) -> str:
    old, new = (before, before + added)[::way]
    if text.count(old) != 1:
        raise ValueError(f"{name} is not what this migration changes")
    return text.replace(old, new)
