"""USB control: agents' keys and records, signed policies, the register of devices, exceptions.

On the central server alone; the embedded library has no agent to answer to.
"""

from pathlib import Path

from alembic import op

from madoguchi.app.server.sql_file import statements

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"

_FUNCTIONS = (
    "account.usb_report",
    "account.list_usb_exceptions",
    "account.list_usb_records",
    "account.list_usb_agents",
    "account.make_usb_key",
    "account.list_usb_policies",
    "account.put_usb_policy",
    "account.withdraw_usb_policy",
    "public.usb_policy_row",
    "account.dispose_usb_device",
    "account.return_usb_device",
    "account.lend_usb_device",
    "account.enrol_usb_device",
    "public.usb_is_line",
    "account.list_usb_devices",
    "desk.note_usb_copy",
    "desk.refuse_usb_exception",
    "desk.approve_usb_exception",
    "desk.read_usb_exception",
    "desk.ask_usb_exception",
    "desk.send_usb_records",
    "public.usb_take_record",
    "desk.read_usb_policy",
    "public.usb_device_row",
    "public.usb_exception_row",
    "public.usb_exception_state",
    "public.usb_note_hourly",
    "public.usb_is_elsewhere",
    "public.usb_decision_time",
    "public.usb_is_withdrawn",
    "public.usb_group_of",
    "public.usb_moment",
    "public.usb_json",
    "public.usb_commit_waits",
    "public.usb_mac_holds",
    "public.usb_text",
    "web.make_usb_key",
    "web.usb_mac",
)
_TABLES = (
    "account.usb_noted",
    "account.usb_copy",
    "account.usb_exception",
    "account.usb_device_loan",
    "account.usb_device",
    "account.usb_policy_withdrawn",
    "account.usb_policy",
    "account.usb_record",
    "account.usb_agent",
    "web.usb_key",
)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    if not _on_postgresql():
        return
    for file in ("0021_usb_base.sql", "0021_usb_desk.sql", "0021_usb_office.sql"):
        for statement in statements(_SQL / file):
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    if not _on_postgresql():
        return
    run = op.get_bind().exec_driver_sql
    for name in _FUNCTIONS:
        run(f"drop function {name}")
    for name in _TABLES:
        run(f"drop table {name}")
    run("drop function public.usb_refuse_change")
