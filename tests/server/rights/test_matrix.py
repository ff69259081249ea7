"""Every cell of role x table x operation and role x function, tried by psql and through ODBC."""

from __future__ import annotations

import pytest

from madoguchi.app.server.rights import MAIL_SIDE, MAY_CALL, MAY_INSERT, WEB_SIDE
from tests.server.rights import matrix
from tests.server.rights.world import Person, World

Found = dict[str, dict[tuple[str, str], str]]


@pytest.fixture(scope="module")
def people(world: World) -> dict[str, Person]:
    return matrix.people(world)


@pytest.fixture(scope="module")
def found(world: World, people: dict[str, Person]) -> Found:
    """What psql found."""
    tried = {comer.title: matrix.by_psql(world, comer, people[comer.title]) for comer in matrix.STAFF_COMERS}
    return tried | {
        "watcher": matrix.by_watcher(world),
        "web side": matrix.by_watcher(world, WEB_SIDE),
        "mail side": matrix.by_watcher(world, MAIL_SIDE),
    }


def test_every_table_and_function_is_somebodys_that_is_written_down(world: World) -> None:
    assert matrix.tables_there(world) == matrix.TABLES
    functions = {name for name in matrix.functions_there(world) if "(" not in name}
    assert functions == matrix.INTERNAL | set(MAY_CALL)
    assert not matrix.INTERNAL & set(MAY_CALL)


def _wrong(comer: matrix.Comer, cells: dict[tuple[str, str], str]) -> list[str]:
    wrong = []
    for (name, what), cell in cells.items():
        call = what == "call"
        expected = matrix.expected_call(comer, name) if call else matrix.expected_on_table(comer, name, what)
        if cell != expected:
            wrong.append(f"{comer.title}: {what} {name}: {cell}, not {expected}")
    return wrong


@pytest.mark.parametrize("comer", matrix.COMERS, ids=lambda comer: comer.title)
def test_by_psql_each_may_what_is_listed_and_nothing_else(found: Found, comer: matrix.Comer) -> None:
    assert _wrong(comer, found[comer.title]) == []


@pytest.mark.parametrize("comer", matrix.STAFF_COMERS, ids=lambda comer: comer.title)
def test_through_odbc_each_may_what_is_listed_and_nothing_else(
    world: World, people: dict[str, Person], comer: matrix.Comer
) -> None:
    assert _wrong(comer, matrix.by_odbc(world, comer, people[comer.title])) == []


def test_the_catalog_says_the_same(world: World) -> None:
    """Without what a schema hides: no table or function is open behind a schema that is closed."""
    functions = world.admin(
        "select n.nspname || '.' || p.proname, r.rolname from pg_proc p"
        " join pg_namespace n on n.oid = p.pronamespace cross join pg_roles r"
        f" where n.nspname in {matrix.SCHEMAS} and has_function_privilege(r.rolname, p.oid, 'execute')"
        " and r.rolname in ('staff_login', 'counter_staff', 'contract_staff', 'system_staff',"
        " 'security_manager', 'madoguchi_watch', 'web_side', 'mail_side')"
    )
    listed = {(function, group) for function, groups in MAY_CALL.items() for group in groups}
    assert set(functions) == listed
    tables = world.admin(
        "select c.oid::regclass::text, r.rolname from pg_class c"
        " join pg_namespace n on n.oid = c.relnamespace cross join pg_roles r"
        f" where n.nspname in {matrix.SCHEMAS} and c.relkind in ('r', 'v', 'm', 'p', 'f')"
        " and c.relname <> 'test_clock' and r.rolname in ('staff_login', 'counter_staff', 'contract_staff',"
        " 'system_staff', 'security_manager', 'madoguchi_watch', 'web_side', 'mail_side')"
        " and (has_table_privilege(r.rolname, c.oid,"
        " 'select, insert, update, delete, truncate, references, trigger') or"
        " has_any_column_privilege(r.rolname, c.oid, 'select, insert, update, references'))"
    )
    assert tables == [("application", "web_side")]
    # no more than to put in, and not the day
    columns = world.admin(
        "select a.attname, p.privilege from pg_attribute a"
        " cross join unnest(array['select', 'insert', 'update', 'references']) p (privilege)"
        " where a.attrelid = 'public.application'::regclass and a.attnum > 0"
        " and has_column_privilege('web_side', a.attrelid, a.attnum, p.privilege)"
    )
    assert sorted(columns) == sorted((column, "insert") for column in MAY_INSERT["public.application"][1])


def test_every_function_of_an_owner_fixes_where_it_looks_for_things(world: World) -> None:
    loose = world.admin(
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        f" where n.nspname in {matrix.SCHEMAS} and p.prosecdef"
        " and not exists (select from unnest(p.proconfig) c"
        " where c like 'search_path=pg_catalog%' and c like '%pg_temp')"
    )
    assert loose == []


def test_the_document_shows_what_was_found(found: Found) -> None:
    shown = matrix.part_of(matrix.DOCUMENT.read_text(encoding="utf-8"))
    assert shown == matrix.written(found), "run: make compliance"
