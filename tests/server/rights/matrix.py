"""Role by role, what of the server's tables and functions is open: tried, expected, and written down.

``python -m tests.server.rights.matrix`` (``make compliance``) writes what was found into docs/compliance.md.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from madoguchi.app.server.rights import MAIL_SIDE, MAY_CALL, MAY_INSERT, STAFF_LOGIN, WATCHER, WEB_SIDE
from tests.server.rights.world import (
    REVOKED_TERMINAL,
    SOGO,
    STRANGE_TERMINAL,
    TSUJIDO,
    Person,
    Refused,
    Staff,
    Tried,
    World,
)
from tests.support.staff import terminal_number

SCHEMAS: Final = ("public", "desk", "account", "audit", "watch", "mail", "web", "tls")

TABLES: Final = frozenset(
    [
        "account.failure",
        "account.incident",
        "account.password",
        "account.rule",
        "account.session",
        "account.state",
        "account.terminal",
        "account.usb_agent",
        "account.usb_copy",
        "account.usb_device",
        "account.usb_device_loan",
        "account.usb_exception",
        "account.usb_noted",
        "account.usb_policy",
        "account.usb_policy_withdrawn",
        "account.usb_record",
        "audit.head",
        "audit.record",
        "audit.viewed",
        "audit.viewed_head",
        "public.alembic_version",
        "public.application",
        "public.application_done",
        "public.branch",
        "public.card",
        "public.closed_day",
        "public.family_member",
        "public.item",
        "public.item_range",
        "public.loan",
        "public.loan_override",
        "public.loan_term",
        "public.mail_template",
        "public.mail_to_write",
        "public.material_kind",
        "public.operation",
        "public.outbox",
        "public.patron",
        "public.patron_category",
        "public.patron_search",
        "public.patron_note",
        "public.pick_up",
        "public.policy",
        "public.mail_template",
        "public.outbox",
        "public.printed_serial",
        "public.reservation",
        "public.reservation_reason",
        "public.shelf_leftover",
        "public.staff",
        "public.staff_branch",
        "public.statistic",
        "public.telling",
        "public.title",
        "public.title_creator",
        "public.title_search",
        "public.title_searched",
        "public.transit",
        "watch.added_item",
        "watch.application_look",
        "watch.item_to_touch",
        "watch.state",
        "web.favourite",
        "web.password",
        "web.usb_key",
    ]
)
"""Every table and view there is. One that is not here fails the test: somebody must say whose it is."""

INTERNAL: Final = frozenset(
    [
        "account.apply_validity",
        "account.bad_value",
        "account.caller",
        "account.check_branches",
        "account.check_verifier",
        "account.end_connections",
        "account.end_sessions",
        "account.end_terminal_sessions",
        "account.enrol_terminal",
        "account.is_administrator",
        "account.make_usb_key",
        "account.settings",
        "account.withdraw_usb_policy",
        "audit.beginning",
        "audit.hash_of",
        "audit.hash_of_view",
        "audit.moment",
        "audit.note",
        "audit.note_setting",
        "audit.note_view",
        "audit.note_views",
        "audit.problems",
        "audit.refuse_change",
        "public.application_digest",
        "public.application_look_refused",
        "public.address_key",
        "public.are_creators",
        "public.begin_round",
        "public.begin_about",
        "public.begin_about_reservation",
        "public.births_match",
        "public.claim",
        "public.claim_about",
        "public.count_act",
        "public.day_in_words",
        "public.done_about",
        "public.done_about_reservation",
        "public.done_round",
        "public.earlier_answer",
        "public.erase_returned",
        "public.facts_of_branches",
        "public.facts_of_categories",
        "public.facts_of_checkout",
        "public.facts_of_copies",
        "public.facts_of_item",
        "public.facts_of_item_ranges",
        "public.facts_of_label",
        "public.facts_of_patron",
        "public.facts_of_patron_file",
        "public.facts_of_person",
        "public.facts_of_pull_list",
        "public.facts_of_queue",
        "public.facts_of_queued_title",
        "public.facts_of_reservation",
        "public.facts_of_shelf",
        "public.facts_of_title",
        "public.facts_of_titles",
        "public.facts_of_today",
        "public.facts_of_waited_for",
        "public.facts_of_waiter",
        "public.facts_of_who_waits",
        "public.facts_of_transits",
        "public.facts_of_shelf_slip",
        "public.facts_to_tell",
        "public.fields_of",
        "public.first_free_run",
        "public.first_free_serial",
        "public.given_part",
        "public.head_of_queue",
        "public.held_head",
        "public.held_as_read",
        "public.here",
        "public.index_patron",
        "public.index_title",
        "public.is_isbn13",
        "public.is_reason",
        "public.is_there",
        "public.is_theirs",
        "public.item_as_shown",
        "public.join_family",
        "public.last_allotted",
        "public.library_clock",
        "public.library_day",
        "public.library_midnight",
        "public.list_refused",
        "public.mail_follows_patron",
        "public.mail_follows_reservation",
        "public.next_open_day",
        "public.note",
        "public.one_edit",
        "public.on_its_way_again",
        "public.other_by_card",
        "public.part_family",
        "public.patron_file",
        "public.patrons_found",
        "public.people_match",
        "public.person_key",
        "public.person_keys_of",
        "public.person_letters",
        "public.person_of_fields",
        "public.plain_field",
        "public.put_away",
        "public.refused",
        "public.proof_is_needed",
        "public.registering_refused",
        "public.relative_as_shown",
        "public.ruled_due_day",
        "public.said_again",
        "public.same_person",
        "public.search_folded",
        "public.search_holds",
        "public.search_pairs",
        "public.search_plan",
        "public.search_reading",
        "public.shelf_day",
        "public.take_application",
        "public.telephone_key",
        "public.texts_match",
        "public.this_terminal",
        "public.ties_of_patron",
        "public.title_of_fields",
        "public.usb_commit_waits",
        "public.usb_decision_time",
        "public.usb_device_row",
        "public.usb_exception_row",
        "public.usb_exception_state",
        "public.usb_group_of",
        "public.usb_is_elsewhere",
        "public.usb_is_line",
        "public.usb_is_withdrawn",
        "public.usb_json",
        "public.usb_mac_holds",
        "public.usb_moment",
        "public.usb_note_hourly",
        "public.usb_policy_row",
        "public.usb_refuse_change",
        "public.usb_take_record",
        "public.usb_text",
        "public.view_refused",
        "public.wait_again",
        "public.without_strangers",
        "public.write_patron",
        "tls.ssl_cipher",
        "tls.ssl_client_cert_present",
        "tls.ssl_client_dn",
        "tls.ssl_client_dn_field",
        "tls.ssl_client_serial",
        "tls.ssl_extension_info",
        "tls.ssl_is_used",
        "tls.ssl_issuer_dn",
        "tls.ssl_issuer_field",
        "tls.ssl_version",
        "web.erase_passwords",
        "web.make_password",
        "web.make_usb_key",
        "web.usb_mac",
    ]
)
"""Functions that their owner alone calls; with those of ``MAY_CALL`` and of pgcrypto every one there is."""

OPERATIONS: Final = {
    "select": "select * from {table} limit 1",
    "insert": "insert into {table} default values",
    "update": "update {table} set {column} = {column}",
    "delete": "delete from {table}",
    "truncate": "truncate {table}",
    "lock": "do $$ begin lock table {table} in access exclusive mode; end $$",
    "copy": "copy {table} to stdout",
    "refer to": "create table {table}_mine (a bigint references {table})",
    "trigger": "create trigger mine before update on {table} for each row"
    " execute function suppress_redundant_updates_trigger()",
    "alter": "alter table {table} disable trigger all",
    "drop": "drop table {table}",
}

NO_RIGHT, CALLED, NOT_HERE, OUT = "no", "yes", "not here", "not in"

# may be called from a terminal that is not known, because it answers that it is not
_ANSWERED_ANYWHERE = ("desk.enter", "desk.leave", "desk.state", "desk.password_salts")

# wrong object type, not in prerequisite state: what nobody can do to a view
_NOT_DONE_TO_A_VIEW = ("42809", "55000")

_ENDS_OF_SESSIONS = ("28M01", "28M02", "28M03", "28M04", "28M05")


@dataclass(frozen=True)
class Comer:
    """Somebody who comes: their column in the matrix, groups, and what stands in their way."""

    title: str
    groups: tuple[str, ...]
    may_connect: bool = True
    terminal_known: bool = True
    right_branch: bool = True


COMERS: Final = (
    Comer("temporary account", (STAFF_LOGIN,)),
    Comer("counter_staff", (STAFF_LOGIN, "counter_staff")),
    Comer("contract_staff", (STAFF_LOGIN, "contract_staff")),
    Comer("contract_staff elsewhere", (STAFF_LOGIN, "contract_staff"), right_branch=False),
    Comer("system_staff", (STAFF_LOGIN, "system_staff")),
    Comer("security_manager", (STAFF_LOGIN, "security_manager")),
    Comer("unknown terminal", (STAFF_LOGIN, "counter_staff"), terminal_known=False),
    Comer("revoked terminal", (STAFF_LOGIN, "counter_staff"), terminal_known=False),
    Comer("no certificate", (), may_connect=False),
    Comer("without TLS", (), may_connect=False),
    Comer("leaver", (), may_connect=False),
    Comer("after the contract", (), may_connect=False),
    Comer("watcher", (WATCHER,)),
    Comer("web side", (WEB_SIDE,)),
    Comer("mail side", (MAIL_SIDE,)),
)

STAFF_COMERS: Final = COMERS[:-3]
"""Those of them who come over the network."""


def people(world: World) -> dict[str, Person]:
    """Those of the comers who have a login of their own, made."""
    made = {
        "temporary account": world.person("counter_staff", temporary=True),
        "counter_staff": world.person("counter_staff"),
        "contract_staff": world.person("contract_staff"),
        "contract_staff elsewhere": world.person("contract_staff", terminal=terminal_number(SOGO, 1)),
        "system_staff": world.person("system_staff"),
        "security_manager": world.person("security_manager"),
        "unknown terminal": world.person("counter_staff", terminal=STRANGE_TERMINAL),
        "revoked terminal": world.person("counter_staff", terminal=REVOKED_TERMINAL),
        "no certificate": world.person("counter_staff", terminal=None),
        "without TLS": world.person("counter_staff"),
        "leaver": world.person("counter_staff"),
        "after the contract": world.person("contract_staff", terminal=terminal_number(TSUJIDO, 1)),
    }
    assert '"refusal": null' in world.value(f"select account.disable_staff('{made['leaver'].login}')")
    ended = made["after the contract"].login
    assert '"refusal": null' in world.value(f"select account.set_last_day('{ended}', '2026-05-11')")
    return made


# -- what there is -----------------------------------------------------------------------------------


def tables_there(world: World) -> set[str]:
    """Every table and view of the library's schemas, found in the catalog."""
    found = world.admin(
        "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        f" where c.relkind in ('r', 'v', 'm', 'p', 'f') and n.nspname in {SCHEMAS}"
        " and c.relname <> 'test_clock'"
    )
    return {name for (name,) in found}


def functions_there(world: World) -> dict[str, str]:
    """Every function of the library's schemas, and a call of it with nulls of the right types.

    One that is strict is not called with a null, so nobody is asked whether they may: it gets an empty text.
    Those of pgcrypto go by their whole signatures: it has several of one name.
    """
    found = world.admin(
        "select n.nspname || '.' || p.proname, p.oid::regprocedure::text,"
        " exists (select from pg_depend d join pg_extension e on e.oid = d.refobjid"
        " where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'"
        " and e.extname = 'pgcrypto'),"
        " coalesce((select string_agg("
        " case when t.typtype = 'c' then 'null' when p.proisstrict and t.typname = 'text' then ''''''"
        " when p.provariadic <> 0 then 'variadic null::' || format_type(t.oid, null)"
        " else 'null::' || format_type(t.oid, null) end, ', ' order by a.place)"
        " from unnest(p.proargtypes) with ordinality a (type, place) join pg_type t on t.oid = a.type), '')"
        f" from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in {SCHEMAS}"
    )
    calls: dict[str, str] = {}
    for name, signature, of_pgcrypto, arguments in found:
        key = signature if of_pgcrypto else name
        assert key not in calls, f"{name} is there twice: who may call which?"
        calls[key] = f"select {name}({arguments})"
    return calls


# -- what is expected --------------------------------------------------------------------------------


def expected_call(comer: Comer, function: str) -> str:
    """What becomes of a call by whoever comes."""
    if not comer.may_connect:
        return OUT
    if not set(MAY_CALL.get(function, ())) & set(comer.groups):
        return NO_RIGHT
    if function in _ANSWERED_ANYWHERE or STAFF_LOGIN not in comer.groups:
        return CALLED
    if function == "desk.change_password":
        return CALLED if comer.terminal_known else NOT_HERE
    return CALLED if comer.terminal_known and comer.right_branch else NOT_HERE


def expected_on_table(comer: Comer, table: str, operation: str) -> str:
    """What becomes of an operation on a table: nobody may any, but for the one who may put something in."""
    if not comer.may_connect:
        return OUT
    group, _columns = MAY_INSERT.get(table, ("", ()))
    return CALLED if operation == "insert" and group in comer.groups else NO_RIGHT


# -- what is tried -----------------------------------------------------------------------------------


def tries(world: World) -> dict[tuple[str, str], str]:
    """Every statement to try: for each table each operation, for each function a call."""
    columns = dict(
        world.admin(
            "select distinct on (c.oid) n.nspname || '.' || c.relname, a.attname from pg_attribute a"
            " join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace"
            " where a.attnum > 0 and a.attidentity = '' order by c.oid, a.attnum"
        )
    )
    found = {
        (table, operation): statement.format(table=table, column=columns[table])
        for table in sorted(tables_there(world))
        for operation, statement in OPERATIONS.items()
    }
    calls = functions_there(world)
    # whoever left, or cut their terminal off, is not there for what comes after
    ends = ("desk.disconnect_terminal", "desk.leave")
    last = sorted(calls, key=lambda name: (name in ends, name))
    return found | {(function, "call"): calls[function] for function in last}


def outcome(tried: Tried) -> str:
    """What a state says about a right. 'Well' and every other error: it was called."""
    if tried.state in ("42501", *_NOT_DONE_TO_A_VIEW):
        return NO_RIGHT
    return NOT_HERE if tried.state in _ENDS_OF_SESSIONS else CALLED


def by_psql(world: World, comer: Comer, person: Person | None) -> dict[tuple[str, str], str]:
    """Every cell of one comer by psql. One transaction each, undone."""
    wanted = tries(world)
    statements = [f"begin;\n{statement}" for statement in wanted.values()]
    if person is None:
        return dict.fromkeys(wanted, OUT)
    line = {"PGSSLMODE": "disable"} if comer.title == "without TLS" else {}
    try:
        # the state is of the last statement before it is read; what was begun is undone before the next
        found = world.psql(
            person,
            [statement.replace("begin;\n", "rollback;\nbegin;\n", 1) for statement in statements],
            enter=comer.may_connect,
            **line,
        )
    except Refused:
        return dict.fromkeys(wanted, OUT)
    return {key: outcome(tried) for key, tried in zip(wanted, found, strict=True)}


def by_odbc(world: World, comer: Comer, person: Person) -> dict[tuple[str, str], str]:
    """Every cell of one comer through our dialect, as the program connects. One transaction each, kept."""
    import sqlalchemy as sa

    wanted = tries(world)
    try:
        with _connected(world, comer, person) as connection:
            staff = Staff(connection)
            staff.run("select desk.enter(gen_random_uuid(), true)")
            return {key: outcome(staff.run(statement)) for key, statement in wanted.items()}
    except sa.exc.DBAPIError:
        return dict.fromkeys(wanted, OUT)
    finally:
        # whoever may cut a terminal off has done so
        world.admin("update account.terminal set disconnected_at = null where disconnected_at is not null")


@contextlib.contextmanager
def _connected(world: World, comer: Comer, person: Person) -> Iterator:  # type: ignore[type-arg]
    from madoguchi.app.server.engine import make_engine

    if comer.title != "without TLS":
        with world.connected(person) as connection:
            yield connection
        return
    url = world.library.url.set(username=person.login, password=world.password_of(person))
    engine = make_engine(url.update_query_dict({"sslmode": "disable"}))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def by_watcher(world: World, role: str = WATCHER) -> dict[tuple[str, str], str]:
    """Every cell of who has no way in over the network: as the administrator who becomes them."""
    wanted = tries(world)
    with world.library.engine.connect() as connection:
        staff = Staff(connection)
        try:
            # what is put in where that is allowed is no row: it fails for want of values
            assert staff.run(f"set session authorization {role}").state == "00000"
            return {key: outcome(staff.run(statement)) for key, statement in wanted.items()}
        finally:
            staff.run("reset session authorization")


def find(world: World) -> dict[str, dict[tuple[str, str], str]]:
    """Every cell of the matrix by psql (the watcher's by ODBC), by comer."""
    there = people(world)
    found = {comer.title: by_psql(world, comer, there[comer.title]) for comer in STAFF_COMERS}
    return found | {
        "watcher": by_watcher(world),
        "web side": by_watcher(world, WEB_SIDE),
        "mail side": by_watcher(world, MAIL_SIDE),
    }


# -- written down ------------------------------------------------------------------------------------

DOCUMENT: Final = Path("docs/compliance.md")
BEGIN: Final = "<!-- found by trying: make compliance -->"
END: Final = "<!-- end of what was found -->"

_SIGNS = {NO_RIGHT: "–", CALLED: "●", NOT_HERE: "here no", OUT: "out"}


def written(found: dict[str, dict[tuple[str, str], str]]) -> str:
    """The matrix as a document shows it."""
    titles = [comer.title for comer in COMERS]
    head = [f"| | {' | '.join(titles)} |", f"| --- {'| --- ' * len(titles)}|"]
    keys = next(iter(found.values())).keys()
    lines = [
        BEGIN,
        "",
        f"### Functions: {len({name for name, what in keys if what == 'call'})} called by each",
        "",
        "● may · – permission denied · *here no*: may, but this terminal is unknown, revoked or at"
        " another branch · *out*: no connection. Functions of which nobody may call any are in one row.",
        "",
        *head,
    ]
    closed: dict[str, int] = {}
    for name, what in keys:
        if what != "call":
            continue
        row = [found[title][name, what] for title in titles]
        if set(row) <= {NO_RIGHT, OUT}:
            schema = name.partition(".")[0]
            closed[schema] = closed.get(schema, 0) + 1
            continue
        lines.append(f"| `{name}` | {' | '.join(_SIGNS[cell] for cell in row)} |")
    for schema, number in sorted(closed.items()):
        row = ["out" if not comer.may_connect else "–" for comer in COMERS]
        lines.append(f"| {number} others of `{schema}` | {' | '.join(row)} |")
    lines += [
        "",
        f"### Tables: {len(OPERATIONS)} operations on each, by each",
        "",
        f"Tried: {', '.join(OPERATIONS)}. A cell names those that are open.",
        "",
        *head,
    ]
    tables = sorted({name for name, what in keys if what != "call"})
    for table in tables:
        row = []
        for title in titles:
            cells = {what: found[title][table, what] for what in OPERATIONS}
            opened = [what for what, cell in cells.items() if cell == CALLED]
            row.append(", ".join(opened) or ("out" if OUT in cells.values() else "–"))
        lines.append(f"| `{table}` | {' | '.join(row)} |")
    return "\n".join([*lines, "", END])


def part_of(document: str) -> str:
    """The generated part of a document."""
    return document[document.index(BEGIN) : document.index(END) + len(END)]


def main() -> None:
    """Finds the matrix on a server of its own and writes it into the document."""
    from tests.support.cluster import Cluster
    from tests.support.library import SmallLibrary

    with Cluster() as cluster:
        cluster.create_database("template_library")
        library = SmallLibrary(cluster.url("template_library"), cluster)
        library.make()
        library.close()
        world = World(cluster, "template_library", "library_of_rights")
        part = written(find(world))
        world.close()
    document = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(document.replace(part_of(document), part), encoding="utf-8")


if __name__ == "__main__":
    main()
