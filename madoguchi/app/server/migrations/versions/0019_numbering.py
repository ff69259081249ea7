"""A library's own numbering: what its numbers look like, as a setting that every terminal is told."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# how functions differ from what they were: which words become which
_CHANGED = {
    "account.settings()": (
        (
            "('printed_cards_from', 'number', 0, 999999999)",
            "('printed_cards_from', 'number', 0, 999999999), ('numbering', 'numbering', 0, 0)",
        ),
    ),
    # the terminals read it rule by rule, and go on as before where they cannot: here it has the form alone
    "account.set_setting(text, text, text, text, text)": (
        (
            "when v_is.kind like 'one of %'\n",
            "when v_is.kind = 'numbering'\n"
            "                             then length(p_new) > 4000\n"
            "                                  or jsonb_typeof(p_new::jsonb -> 'rules')"
            " is distinct from 'array'\n"
            "                                  or jsonb_array_length(p_new::jsonb -> 'rules')"
            " not between 1 and 20\n"
            "                              when v_is.kind like 'one of %'\n",
        ),
        (
            "when v_is.kind like 'one of %' then 'text'",
            "when v_is.kind like 'one of %' or v_is.kind = 'numbering' then 'text'",
        ),
    ),
    "desk.enter(uuid, boolean)": (
        (
            "'command_prefix', p.command_prefix,",
            "'command_prefix', p.command_prefix, 'numbering', p.numbering,",
        ),
    ),
}


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    # in place on SQLite too
    op.add_column("policy", sa.Column("numbering", sa.String(length=4000), server_default="", nullable=False))
    if _on_postgresql():
        _change_functions(1)


def downgrade() -> None:
    if _on_postgresql():
        _change_functions(-1)
    op.drop_column("policy", "numbering")


def _change_functions(way: int) -> None:
    """Puts the new words in place of the old ones, or the old ones back."""
    run = op.get_bind().exec_driver_sql
    for name, changes in _CHANGED.items():
        text: str = run(f"select pg_get_functiondef('{name}'::regprocedure)").scalar_one()
        for change in changes[::way]:
            old, new = change[::way]
            if text.count(old) != 1:
                raise ValueError(f"{name} is not what this migration changes")
            text = text.replace(old, new)
        run(text)
