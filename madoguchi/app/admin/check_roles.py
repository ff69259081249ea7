"""Part of ``check``: the roles of the server, what they may, whose members they are; the staff's logins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from madoguchi.app.admin.database import rows
from madoguchi.app.admin.machine import SUPERUSER
from madoguchi.app.admin.plan import STANDBY, Plan
from madoguchi.app.server.rights import ACCOUNTS, ROLES, STAFF_LOGIN, WATCHER
from madoguchi.app.server.tables.accounts import STAFF_ROLES

_ATTRIBUTES: Final = [
    "rolsuper",
    "rolinherit",
    "rolcreaterole",
    "rolcreatedb",
    "rolcanlogin",
    "rolreplication",
    "rolbypassrls",
]

_STAFF: Final = """
    select s.login, s.role, a.must_change, a.disabled_at is not null as disabled,
           a.disabled_at is not null or a.locked_until > now() as shut,
           case when s.active_until is not null
                then (s.active_until + 1)::timestamp at time zone p.time_zone end as ends,
           r.oid is not null as has_login, r.rolvaliduntil, r.rolconnlimit,
           r.rolpassword is not distinct from (select v.verifier from account.password v
                                               where v.login = a.login
                                               order by v.set_at desc limit 1) as same_password,
           (r.rolvaliduntil = '-infinity') as never,
           (r.rolvaliduntil is null or r.rolvaliduntil = 'infinity') as always,
           (select u.connection_limit from account.rule u) as limit
    from staff s join account.state a on a.login = s.login cross join policy p
    left join pg_authid r on r.rolname = s.login
"""


def role_problems(connection: sa.Connection, plan: Plan) -> Iterator[str]:
    """What is wrong with the roles: attributes, memberships, roles nobody knows, settings of their own."""
    found = {
        row["rolname"]: row for row in rows(connection, "select * from pg_roles where rolname !~ '^pg_'")
    }
    staff = {row["login"] for row in rows(connection, "select login from account.state")}
    for role in ROLES:
        if role.name in found:
            yield from _attributes(role.name, set(role.attributes.split()), found[role.name])
        else:
            yield f"{role.name}: it is missing"
    for login in sorted(staff & found.keys()):
        yield from _attributes(login, {"LOGIN"}, found[login])
    if plan.replication and STANDBY in found:
        yield from _attributes(STANDBY, {"LOGIN", "REPLICATION"}, found[STANDBY])
    known = {SUPERUSER, *(role.name for role in ROLES), *staff, *([STANDBY] if plan.replication else [])}
    yield from (f"{name}: nobody's account" for name in sorted(found.keys() - known))
    yield from _memberships(connection, staff)
    for row in rows(connection, "select coalesce(r.rolname, 'every role') as who from pg_db_role_setting s"
                                " left join pg_roles r on r.oid = s.setrole"):  # fmt: skip
        yield f"{row['who']}: has settings of its own (pg_db_role_setting)"


def parameter_problems(connection: sa.Connection) -> Iterator[str]:
    """Who may change a setting, besides the watcher, which takes a dead second host out."""
    granted = rows(
        connection,
        "select p.parname, a.privilege_type, coalesce(r.rolname, 'public') as grantee"
        " from pg_parameter_acl p, aclexplode(p.paracl) a left join pg_roles r on r.oid = a.grantee",
    )
    wanted = ("synchronous_standby_names", "ALTER SYSTEM", WATCHER)
    found = {(row["parname"], row["privilege_type"], row["grantee"]) for row in granted}
    if wanted not in found:
        yield f"{wanted[0]}: {WATCHER} may not change it"
    for name, privilege, grantee in sorted(found - {wanted}):
        # a superuser's own right comes with any grant to others, and means nothing
        if grantee != SUPERUSER:
            yield f"{name}: {grantee} may {privilege}"


def staff_problems(connection: sa.Connection) -> Iterator[str]:
    """What is wrong with the logins of the staff: groups, password, until when, how many connections."""
    groups: dict[str, set[str]] = {}
    for row in _members(connection):
        groups.setdefault(row["member"], set()).add(row["role"])
    for row in rows(connection, _STAFF):
        login = row["login"]
        if not row["has_login"]:
            yield f"{login}: has an account and no login"
            continue
        ready = not row["must_change"] and not row["disabled"]
        wanted = {STAFF_LOGIN, *([row["role"]] if ready else [])}
        if groups.get(login, set()) != wanted:
            have = ", ".join(sorted(groups.get(login, set()))) or "none"
            yield f"{login}: its groups are {have}, not {', '.join(sorted(wanted))}"
        if not row["same_password"]:
            yield f"{login}: its password was changed past the rules"
        if not _is_until(row):
            yield f"{login}: VALID UNTIL is not what its account says"
        if row["rolconnlimit"] != row["limit"]:
            yield f"{login}: CONNECTION LIMIT is {row['rolconnlimit']}, not {row['limit']}"


def _is_until(row: dict[str, Any]) -> bool:
    if row["shut"]:
        return bool(row["never"])
    if row["ends"] is None:
        return bool(row["always"])
    return not row["never"] and not row["always"] and row["rolvaliduntil"] == row["ends"]


def _attributes(name: str, wanted: set[str], row: dict[str, Any]) -> Iterator[str]:
    expected = {
        "rolsuper": False,
        "rolinherit": True,
        "rolcreaterole": "CREATEROLE" in wanted,
        "rolcreatedb": False,
        "rolcanlogin": "LOGIN" in wanted,
        "rolreplication": "REPLICATION" in wanted,
        "rolbypassrls": False,
    }
    for attribute in _ATTRIBUTES:
        if bool(row[attribute]) != expected[attribute]:
            yield f"{name}: {attribute[3:]} is {'on' if row[attribute] else 'off'}"


def _members(connection: sa.Connection) -> list[dict[str, Any]]:
    return rows(
        connection,
        "select distinct g.rolname as role, r.rolname as member, m.admin_option as admin"
        " from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles r on r.oid = m.member",
    )


def _memberships(connection: sa.Connection, staff: set[str]) -> Iterator[str]:
    """Memberships but those of the staff's own logins, which ``staff_problems`` knows."""
    wanted = {(group, role.name, False) for role in ROLES for group in role.member_of}
    wanted |= {(group, ACCOUNTS, True) for group in (*STAFF_ROLES, STAFF_LOGIN)}
    # PostgreSQL's own
    wanted |= {("pg_read_all_settings", "pg_monitor", False), ("pg_read_all_stats", "pg_monitor", False),
               ("pg_stat_scan_tables", "pg_monitor", False)}  # fmt: skip
    found = set()
    for row in _members(connection):
        if row["member"] in staff and not row["admin"]:
            continue
        # from PostgreSQL 16 on, whoever makes a role may give it away
        if row["role"] in staff and row["member"] == ACCOUNTS:
            continue
        found.add((row["role"], row["member"], bool(row["admin"])))
    for group, member, admin in sorted(found - wanted):
        yield f"{member}: is a member of {group}{', and may make others one' if admin else ''}"
    for group, member, _admin in sorted(wanted - found):
        yield f"{member}: is no member of {group}"
