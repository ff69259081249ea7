"""What is done from a terminal beside lending: incidents, cutting it off, accounts, settings, the audit.

On the central server alone; the embedded library has no accounts to look after.
"""

from pathlib import Path

from alembic import op

from madoguchi.app.server.sql_file import function_texts, statements

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"

_NEW = (
    "desk.report_incident",
    "desk.disconnect_terminal",
    "account.reconnect_terminal",
    "account.set_card",
    "account.settings",
    "account.list_settings",
    "account.set_setting",
    "account.setting_changes",
    "account.list_incidents",
    "account.close_incident",
    "account.compliance",
    "audit.export_chains",
    "audit.export_records",
    "audit.note_export",
)
_REPLACED = (
    ("0004_base.sql", "public.here"),
    ("0004_account.sql", "desk.enter"),
    ("0004_account.sql", "account.list_staff"),
    ("0004_account.sql", "account.list_terminals"),
)

# how two of them differ from what they were: after which words what is added
_ADDED = {
    ("0004_account.sql", "desk.enter"): (
        (
            "    if v_terminal.revoked_at is not null then return refused('terminal_revoked'); end if;\n",
            "    if v_terminal.disconnected_at is not null and v_staff.role <> 'system_staff' then\n"
            "        return refused('terminal_disconnected');\n"
            "    end if;\n",
        ),
        (
            "        'refusal', null, 'login', v_login, 'name', v_staff.name, 'role', v_staff.role,\n",
            "        'card_number', v_staff.card_number, 'disconnected_at', v_terminal.disconnected_at,\n",
        ),
    ),
    # whoever came in while it was cut off is out at the next act
    ("0004_base.sql", "public.here"): (
        (
            "            on tls.ssl_client_serial()::text in (t.serial, t.next_serial)"
            " and t.revoked_at is null\n",
            "            and (t.disconnected_at is null or exists (select from staff k"
            " where k.login = session_user::text and k.role = 'system_staff'))\n",
        ),
    ),
}


def _before(file: str, name: str) -> str:
    """A function as it was before, to take the place of one that is there."""
    (text,) = function_texts(_SQL / file, (name,))
    return text.replace("create function", "create or replace function", 1)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    if not _on_postgresql():
        return
    run = op.get_bind().exec_driver_sql
    for statement in statements(_SQL / "0005_office.sql"):
        run(statement)
    for (file, name), additions in _ADDED.items():
        text = _before(file, name)
        for words, new in additions:
            if text.count(words) != 1:
                raise ValueError(f"{name} is not what this migration changes")
            text = text.replace(words, words + new)
        run(text)


def downgrade() -> None:
    if not _on_postgresql():
        return
    run = op.get_bind().exec_driver_sql
    for name in _NEW:
        run(f"drop function {name}")
    for file, name in _REPLACED:
        run(_before(file, name))
    run("drop table account.incident")
    run("alter table account.terminal drop column disconnected_at")
    run("update account.session set how_ended = 'terminal revoked' where how_ended = 'terminal disconnected'")
    run("alter table account.session drop constraint session_how_ended_check")
    run(
        "alter table account.session add constraint session_how_ended_check check"
        " (how_ended in ('signed out', 'taken over', 'lost', 'account ended', 'terminal revoked'))"
    )
