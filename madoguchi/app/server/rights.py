"""Who owns what on the central server, and who may call what: the one place that says so.

``apply`` makes a database so, after every move of its schema; ``check`` (the administrator's command) says
where one differs. A member of staff is a login in the group ``staff_login`` and, once the password is their
own, in the group of their role. No group has a privilege on any table: only EXECUTE on what is listed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from madoguchi.app.server.tables.accounts import STAFF_ROLES

OWNER: Final = "madoguchi_owner"
"""Owns the library's tables and the functions of the counter. Cannot sign in."""
ACCOUNTS: Final = "madoguchi_accounts"
"""Owns the functions that make logins, change them and end sessions. Cannot sign in."""
WEB: Final = "madoguchi_web"
"""Owns what no member of staff may read: web passwords and favourites, USB agents' keys. Cannot sign in."""
WATCHER: Final = "madoguchi_watch"
"""The watcher's login: by the server's own socket only, without a password."""
WEB_SIDE: Final = "web_side"
"""The group of whatever takes provisional applications on the web: it puts them in, and that is all."""
MAIL_SIDE: Final = "mail_side"
"""The group of whatever sends the library's mail: it takes what is to be sent and says what became of it."""
STAFF_LOGIN: Final = "staff_login"
"""The group of every member of staff's login, temporary ones included."""

SCHEMAS: Final = {
    "public": OWNER,
    "desk": OWNER,
    "account": OWNER,
    "audit": OWNER,
    "watch": OWNER,
    "mail": OWNER,
    "web": WEB,
    "tls": OWNER,
}

COUNTER: Final = ("counter_staff", "contract_staff")
SYSTEM: Final = ("system_staff",)
MANAGER: Final = ("security_manager",)

MAY_CALL: Final[dict[str, tuple[str, ...]]] = {
    "desk.enter": (STAFF_LOGIN,),
    "desk.leave": (STAFF_LOGIN,),
    "desk.state": (STAFF_LOGIN,),
    "desk.password_salts": (STAFF_LOGIN,),
    "desk.change_password": (STAFF_LOGIN,),
    "desk.read_patron": COUNTER,
    "desk.read_checkout": COUNTER,
    "desk.read_item": COUNTER,
    "desk.read_reservation": COUNTER,
    "desk.read_today": COUNTER,
    "desk.find_patrons": COUNTER,
    "desk.open_card": COUNTER,
    "desk.open_patron": COUNTER,
    "desk.read_person": COUNTER,
    "desk.patrons_alike": COUNTER,
    "desk.read_categories": COUNTER,
    "desk.register_patron": COUNTER,
    "desk.change_patron": COUNTER,
    "desk.search_titles": COUNTER,
    "desk.read_title": COUNTER,
    "desk.read_branches": COUNTER,
    "desk.add_item": COUNTER,
    "desk.list_applications": COUNTER,
    "desk.open_application": COUNTER,
    "desk.confirm_application": COUNTER,
    "desk.reject_application": COUNTER,
    "desk.issue_web_password": COUNTER,
    "desk.lend": COUNTER,
    "desk.cancel_lend": COUNTER,
    "desk.take_back": COUNTER,
    "desk.undo_return": COUNTER,
    "desk.renew": COUNTER,
    "desk.place_reservation": COUNTER,
    "desk.read_reservations": COUNTER,
    "desk.read_queue": COUNTER,
    "desk.change_reservation": COUNTER,
    "desk.move_reservation": COUNTER,
    "desk.cancel_reservation": COUNTER,
    "desk.read_pull_list": COUNTER,
    "desk.read_transits": COUNTER,
    "desk.read_shelf": COUNTER,
    "desk.not_found": COUNTER,
    "desk.send_copies": COUNTER,
    "desk.clear_shelf": COUNTER,
    "desk.grant_override": COUNTER,
    "desk.replace_card": COUNTER,
    "desk.allot_card_number": COUNTER,
    "desk.allot_item_numbers": COUNTER,
    "desk.read_item_ranges": COUNTER,
    "desk.read_label": COUNTER,
    "desk.report_lost": COUNTER,
    "desk.renew_card": COUNTER,
    "desk.withdraw_patron": COUNTER,
    "desk.add_note": COUNTER,
    "desk.end_note": COUNTER,
    "desk.link_family": COUNTER,
    "desk.leave_family": COUNTER,
    "desk.let_pick_up": COUNTER,
    "desk.end_pick_up": COUNTER,
    "desk.list_to_tell": COUNTER,
    "desk.tell": COUNTER,
    "desk.read_shelf_slip": COUNTER,
    "desk.read_usb_policy": COUNTER + SYSTEM + MANAGER,
    "desk.send_usb_records": COUNTER + SYSTEM + MANAGER,
    "desk.ask_usb_exception": COUNTER,
    "desk.read_usb_exception": COUNTER + MANAGER,
    "desk.approve_usb_exception": MANAGER,
    "desk.refuse_usb_exception": COUNTER + MANAGER,
    "desk.note_usb_copy": COUNTER,
    "desk.report_incident": COUNTER + SYSTEM + MANAGER,
    "desk.disconnect_terminal": COUNTER + SYSTEM + MANAGER,
    "account.add_staff": SYSTEM,
    "account.disable_staff": SYSTEM,
    "account.reset_staff": SYSTEM,
    "account.set_last_day": SYSTEM,
    "account.set_card": SYSTEM,
    "account.list_staff": SYSTEM + MANAGER,
    "account.set_terminal": SYSTEM,
    "account.revoke_terminal": SYSTEM,
    "account.reconnect_terminal": SYSTEM,
    "account.list_terminals": SYSTEM + MANAGER,
    "account.list_settings": SYSTEM + MANAGER,
    "account.set_setting": SYSTEM,
    "account.setting_changes": SYSTEM + MANAGER,
    "account.list_incidents": SYSTEM + MANAGER,
    "account.close_incident": MANAGER,
    "account.compliance": SYSTEM + MANAGER,
    "account.list_usb_devices": SYSTEM + MANAGER,
    "account.enrol_usb_device": SYSTEM,
    "account.lend_usb_device": SYSTEM,
    "account.return_usb_device": SYSTEM,
    "account.dispose_usb_device": SYSTEM,
    "account.put_usb_policy": SYSTEM,
    "account.list_usb_policies": SYSTEM + MANAGER,
    "account.list_usb_agents": SYSTEM + MANAGER,
    "account.list_usb_records": SYSTEM + MANAGER,
    "account.list_usb_exceptions": SYSTEM + MANAGER,
    "account.usb_report": SYSTEM + MANAGER,
    "account.unlock_staff": MANAGER,
    "audit.verify": MANAGER,
    "audit.search": MANAGER,
    "audit.search_views": MANAGER,
    "audit.export_chains": MANAGER,
    "audit.export_records": MANAGER,
    "audit.note_export": MANAGER,
    "watch.failed_sign_in": (WATCHER,),
    "watch.read_log_to": (WATCHER,),
    "watch.log_position": (WATCHER,),
    "watch.tick": (WATCHER,),
    "watch.erase_by_age": (WATCHER,),
    "watch.erase_returned": (WATCHER,),
    "watch.note_added": (WATCHER,),
    "watch.erase_web_side": (WATCHER,),
    "watch.erase_notes": (WATCHER,),
    "watch.second_host": (WATCHER,),
    "mail.to_send": (MAIL_SIDE,),
    "mail.note_sent": (MAIL_SIDE,),
    "mail.note_failed": (MAIL_SIDE,),
}
"""Every function that anybody but its owner may call, and who. What is not listed is the owner's alone."""

MAY_USE_SCHEMA: Final[dict[str, tuple[str, ...]]] = {
    "desk": (STAFF_LOGIN,),
    "account": SYSTEM + MANAGER,
    "audit": MANAGER,
    "watch": (WATCHER,),
    "mail": (MAIL_SIDE,),
    # where its one table lies; whatever else is there has rights of its own
    "public": (WEB_SIDE,),
}

MAY_INSERT: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "public.application": (
        WEB_SIDE,
        (
            "number",
            "name",
            "kana",
            "birth_date",
            "postal_code",
            "address",
            "telephone",
            "email",
            "category",
        ),
    ),
}
"""The one privilege on a table that anybody but its owner has: who may insert, and which columns they say."""

# their owner makes logins or ends connections
_OF_ACCOUNTS = ("desk.enter", "desk.change_password", "account.", "watch.tick", "watch.failed_sign_in")

# every login of PostgreSQL may call these unless told otherwise: a store of one's own inside the library
_LARGE_OBJECTS = ("lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid, bytea)", "lo_open(oid, integer)")


@dataclass(frozen=True, slots=True)
class RoleAs:
    """A role that is the server's own, with its attributes and what it is a member of."""

    name: str
    attributes: str
    member_of: tuple[str, ...] = ()


ROLES: Final = (
    RoleAs(STAFF_LOGIN, "NOLOGIN"),
    *(RoleAs(role, "NOLOGIN") for role in STAFF_ROLES),
    RoleAs(WEB_SIDE, "NOLOGIN"),
    RoleAs(MAIL_SIDE, "NOLOGIN"),
    RoleAs(OWNER, "NOLOGIN"),
    RoleAs(WEB, "NOLOGIN"),
    RoleAs(ACCOUNTS, "NOLOGIN CREATEROLE", (OWNER, "pg_signal_backend", "pg_read_all_stats")),
    RoleAs(WATCHER, "LOGIN", ("pg_read_all_stats",)),
)


def owner_of(function: str) -> str:
    """Who owns a function, named with its schema."""
    if function.startswith("web."):
        return WEB
    if any(function == name or (name.endswith(".") and function.startswith(name)) for name in _OF_ACCOUNTS):
        return ACCOUNTS
    return OWNER


def apply(connection: sa.Connection) -> None:
    """Makes roles, owners and privileges what this file says, in the connection's transaction.

    The connection is the server's administrator's (a superuser).
    """
    apply_roles(connection)
    run = connection.exec_driver_sql
    database = run("select quote_ident(current_database())").scalar_one()
    run(f"revoke all on database {database} from public")
    run(f"grant connect on database {database} to {STAFF_LOGIN}, {WATCHER}, {WEB_SIDE}, {MAIL_SIDE}")
    everybody = ", ".join(["public", *(role.name for role in ROLES if role.name not in _OWNERS)])
    for schema, owner in SCHEMAS.items():
        run(f"alter schema {schema} owner to {owner}")
        run(f"revoke all on schema {schema} from {everybody}")
        for kind in ("tables", "sequences", "routines"):
            run(f"revoke all on all {kind} in schema {schema} from {everybody}")
    _apply_owners(connection)
    for schema, groups in MAY_USE_SCHEMA.items():
        run(f"grant usage on schema {schema} to {', '.join(groups)}")
    for function, groups in MAY_CALL.items():
        run(f"grant execute on function {function} to {', '.join(groups)}")
    for table, (group, columns) in MAY_INSERT.items():
        run(f"grant insert ({', '.join(columns)}) on {table} to {group}")
    for owner in _OWNERS:
        # what a later migration adds is nobody's until it is listed
        run(f"alter default privileges for role {owner} revoke execute on functions from public")
    run(f"grant select (rolname, rolpassword) on pg_catalog.pg_authid to {ACCOUNTS}")
    for function in _LARGE_OBJECTS:
        run(f"revoke execute on function pg_catalog.{function} from public")
    run(f"grant execute on function pg_catalog.pg_reload_conf() to {WATCHER}")
    run(f"grant alter system on parameter synchronous_standby_names to {WATCHER}")


_OWNERS: Final = (OWNER, ACCOUNTS, WEB)


def apply_roles(connection: sa.Connection) -> None:
    """Makes the server's own roles and their memberships; they are of the whole server, not of a database."""
    run = connection.exec_driver_sql
    there = set(run("select rolname from pg_roles").scalars())
    for role in ROLES:
        if role.name not in there:
            run(f"create role {role.name} {role.attributes}")
        for group in role.member_of:
            run(f"grant {group} to {role.name}")
    for group in (*STAFF_ROLES, STAFF_LOGIN):
        # said for PostgreSQL 16 and later, where CREATEROLE alone does not give a group away
        run(f"grant {group} to {ACCOUNTS} with admin option")


def _apply_owners(connection: sa.Connection) -> None:
    run = connection.exec_driver_sql
    # a sequence of a column goes with its table
    relations = run(
        "select n.nspname, c.oid::regclass::text, c.relkind from pg_class c"
        " join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'S', 'v')"
        " and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i'))"
    ).all()
    for schema, relation, kind in relations:
        if schema not in SCHEMAS:
            continue
        what = {"r": "table", "S": "sequence", "v": "view"}[kind]
        run(f"alter {what} {relation} owner to {SCHEMAS[schema]}")
    # an extension's own are nobody's business
    routines = run(
        "select n.nspname, p.proname, p.oid::regprocedure::text from pg_proc p"
        " join pg_namespace n on n.oid = p.pronamespace"
        " where not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')"
    ).all()
    for schema, function, signature in routines:
        if schema not in SCHEMAS:
            continue
        name = f"{schema}.{function}"
        run(f"alter function {signature} owner to {owner_of(name)}")
    for name in ("here", "person_keys"):
        run(f"alter type public.{name} owner to {OWNER}")
    # how the server knows a terminal: its functions ask the extension, nobody else
    run(f"grant usage on schema tls to {OWNER}")
    run(f"grant execute on function tls.ssl_client_serial() to {OWNER}")
    # who reads the audit is asked for who they are, too
    for function in ("account.caller", "account.is_administrator"):
        run(f"grant execute on function {function} to {OWNER}")
    # a web password is made and kept by its owner's functions; the counter's ask for one, and read nothing
    run(f"grant usage on schema web to {OWNER}")
    # a MAC is made there, too; a key is only ever made for the administrator
    for function in ("web.make_password", "web.erase_passwords", "web.usb_mac"):
        run(f"grant execute on function {function} to {OWNER}")
    run(f"grant execute on function web.make_usb_key to {ACCOUNTS}")
    for function in (
        "web.crypt(text, text)",
        "web.gen_salt(text, integer)",
        "web.gen_random_bytes(integer)",
        "web.hmac(bytea, bytea, text)",
    ):
        run(f"grant execute on function {function} to {WEB}")
