"""What a database consists of, apart from its rows: every object with its definition, owner and privileges.

``check`` compares what is there with what the migrations and ``rights`` make in an empty database: whatever
differs is found, a word in a function's body, a disabled trigger, a grant to anybody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

# objects of PostgreSQL's own have smaller numbers (its source: FirstNormalObjectId)
_FIRST_OWN: Final = "16384"

# A list of privileges as words, `grantee=PRIVILEGE*/grantor`: the asterisk where it may be passed on.
_GRANTS: Final = """(
    select coalesce(string_agg(format('%s=%s%s/%s',
        case a.grantee when 0 then 'public' else a.grantee::regrole::text end,
        replace(a.privilege_type, ' ', '_'), case when a.is_grantable then '*' end, a.grantor::regrole), ' '
        order by a.grantee::regrole::text, a.privilege_type), '')
    from aclexplode(LIST) a)"""

# Of each kind: name, definition, owner, privileges. In <own> stands where objects begin that are not
# PostgreSQL's own, in <grants of ...> the words for a list of privileges.
_QUERIES: Final = {
    "schema": """
        select n.nspname, '', n.nspowner::regrole::text,
               <grants of coalesce(n.nspacl, acldefault('n', n.nspowner))>
        from pg_namespace n where n.nspname !~ '^pg_(toast|temp)'""",
    "relation": """
        select format('%I.%I', n.nspname, c.relname),
               concat_ws(' ', c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
                         array_to_string(c.reloptions, ','),
                         case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end),
               c.relowner::regrole::text,
               <grants of coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char",
                                                       c.relowner))>
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where (c.oid >= <own> or c.relacl is not null) and n.nspname !~ '^pg_(toast|temp)'
          and c.relkind not in ('t', 'i', 'I')""",
    "index": """
        select i.indexrelid::regclass::text,
               concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready), '', ''
        from pg_index i join pg_class c on c.oid = i.indrelid
        where i.indexrelid >= <own> and c.relkind <> 't'""",
    "column": """
        select format('%I.%I.%I', n.nspname, c.relname, a.attname),
               concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                         a.attgenerated,
                         (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
                          where d.adrelid = c.oid and d.adnum = a.attnum)),
               '', <grants of a.attacl>
        from pg_attribute a join pg_class c on c.oid = a.attrelid
        join pg_namespace n on n.oid = c.relnamespace
        where a.attnum > 0 and not a.attisdropped and n.nspname !~ '^pg_(toast|temp)'
          and (a.attacl is not null or c.oid >= <own> and c.relkind in ('r', 'v', 'm', 'p', 'f', 'c'))""",
    "constraint": """
        select format('%s %I', coalesce(nullif(c.conrelid, 0)::regclass::text, c.contypid::regtype::text),
                      c.conname),
               concat_ws(' ', pg_get_constraintdef(c.oid), c.convalidated), '', ''
        from pg_constraint c where c.oid >= <own>""",
    # those that keep a reference are on two tables, and their names hold numbers
    "trigger": """
        select case when t.tgisinternal
                    then format('%s: %I by %s', t.tgrelid::regclass, c.conname, t.tgfoid::regproc)
                    else format('%s %I', t.tgrelid::regclass, t.tgname) end,
               concat_ws(' ', t.tgenabled, case when not t.tgisinternal then pg_get_triggerdef(t.oid) end),
               '', ''
        from pg_trigger t left join pg_constraint c on c.oid = t.tgconstraint where t.oid >= <own>""",
    "rule": """
        select format('%s %I', r.ev_class::regclass, r.rulename), concat(r.ev_enabled, pg_get_ruledef(r.oid)),
               '', ''
        from pg_rewrite r where r.oid >= <own>""",
    "policy": """
        select format('%s %I', p.polrelid::regclass, p.polname), pg_get_expr(p.polqual, p.polrelid), '', ''
        from pg_policy p""",
    "function": """
        select format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
               case when p.oid < <own> then '' when p.prokind = 'a' then 'aggregate'
                    else pg_get_functiondef(p.oid) end,
               p.proowner::regrole::text, <grants of coalesce(p.proacl, acldefault('f', p.proowner))>
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where p.oid >= <own> or p.proacl is not null""",
    "type": """
        select format('%I.%I', n.nspname, t.typname), t.typtype::text, t.typowner::regrole::text,
               <grants of coalesce(t.typacl, acldefault('T', t.typowner))>
        from pg_type t join pg_namespace n on n.oid = t.typnamespace
        where (t.oid >= <own> or t.typacl is not null) and n.nspname !~ '^pg_(toast|temp)'
          and t.typcategory <> 'A'""",
    "language": """
        select l.lanname, l.lanpltrusted::text, l.lanowner::regrole::text,
               <grants of coalesce(l.lanacl, acldefault('l', l.lanowner))>
        from pg_language l""",
    "extension": "select e.extname, e.extversion, e.extowner::regrole::text, '' from pg_extension e",
    "event trigger": "select evtname, concat(evtenabled, evtfoid::regproc), '', '' from pg_event_trigger",
    "foreign data": """
        select fdwname, '', fdwowner::regrole::text, '' from pg_foreign_data_wrapper
        union all select srvname, '', srvowner::regrole::text, '' from pg_foreign_server""",
    "publication": "select pubname, '', pubowner::regrole::text, '' from pg_publication",
    "cast": """
        select format('%s as %s', castsource::regtype, casttarget::regtype), castfunc::regproc::text, '', ''
        from pg_cast where oid >= <own>""",
    "operator": """
        select oid::regoperator::text, oprcode::text, oprowner::regrole::text, ''
        from pg_operator where oid >= <own>""",
    "large object": "select oid::text, '', lomowner::regrole::text, '' from pg_largeobject_metadata",
    "default privileges": """
        select concat_ws(' ', d.defaclrole::regrole, nullif(d.defaclnamespace, 0)::regnamespace,
                         d.defaclobjtype), '', '', <grants of d.defaclacl>
        from pg_default_acl d""",
    "database": """
        select 'itself', concat_ws(' ', pg_encoding_to_char(d.encoding), d.datcollate, d.datctype),
               d.datdba::regrole::text, <grants of coalesce(d.datacl, acldefault('d', d.datdba))>
        from pg_database d where d.datname = current_database()""",
}

_GRANTS_OF: Final = re.compile(r"<grants of (.*?)>", re.DOTALL)


def _whole(query: str) -> str:
    query = query.replace("<own>", _FIRST_OWN)
    return _GRANTS_OF.sub(lambda found: _GRANTS.replace("LIST", found[1]), query)


KINDS: Final = tuple(_QUERIES)


@dataclass(frozen=True, slots=True)
class Described:
    """An object: what it is, whose, and who may do what with it."""

    definition: str
    owner: str
    privileges: str


Snapshot = dict[tuple[str, str], Described]
"""Every object by its kind and name."""


def snapshot(connection: sa.Connection) -> Snapshot:
    """Describes the database that the connection is to, as a superuser."""
    # names are said with their schemas, whoever asks
    connection.exec_driver_sql("set local search_path = pg_catalog, pg_temp")
    found: Snapshot = {}
    for kind, query in _QUERIES.items():
        for name, definition, owner, privileges in connection.exec_driver_sql(_whole(query)).all():
            found[kind, name] = Described(definition or "", owner or "", privileges or "")
    return found


def as_restored(connection: sa.Connection) -> Snapshot:
    """The same database as it is once it was dumped and restored; the transaction is then to be taken back.

    PostgreSQL reads back what it wrote of a condition with its casts in other places: both forms are right.
    """
    run = connection.exec_driver_sql
    conditions = run(
        "select conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) from pg_constraint"
        " where contype = 'c' and conrelid >= 16384"
    ).all()
    for table, name, definition in conditions:
        run(f"alter table {table} drop constraint {name}, add constraint {name} {definition}")
    partial = run(
        "select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index"
        " where indpred is not null and indexrelid >= 16384"
    ).all()
    for index, definition in partial:
        run(f"drop index {index}")
        run(definition)
    return snapshot(connection)


def differences(expected: Snapshot, restored: Snapshot, found: Snapshot) -> list[tuple[str, str]]:
    """What is otherwise than expected, as made or as restored: the kind of each object, and a sentence."""
    told = []
    for (kind, name), object_found in sorted(found.items()):
        wanted = expected.get((kind, name))
        if wanted is None:
            told.append((kind, f"{name}: nothing that the program made"))
            continue
        forms = (wanted.definition, restored[kind, name].definition)
        if object_found.definition not in forms:
            told.append((kind, f"{name}: it is not as the program made it"))
        if object_found.owner != wanted.owner:
            told.append((kind, f"{name}: owned by {object_found.owner}, not by {wanted.owner}"))
        have, want = set(object_found.privileges.split()), set(wanted.privileges.split())
        told += [(kind, f"{name}: {grant} should not be granted") for grant in sorted(have - want)]
        told += [(kind, f"{name}: {grant} is missing") for grant in sorted(want - have)]
    missing = sorted(key for key in expected if key not in found)
    told += [(kind, f"{name}: it is missing") for kind, name in missing]
    return told
