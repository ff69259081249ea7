"""A member of staff with psql and their own login: the login itself, the session, the terminal, the audit."""

from __future__ import annotations

import contextlib
from uuid import uuid4

import pytest
import sqlalchemy as sa

from madoguchi.app.staff.scram import make_verifier
from tests.server.rights.world import SOGO, STRANGE_TERMINAL, Person, Refused, Staff, World
from tests.support.staff import terminal_number

ROLES = ["counter_staff", "contract_staff", "system_staff", "security_manager"]

# each is refused, whoever asks
FORBIDDEN = (
    "alter role {me} connection limit 99",
    "alter role {me} valid until 'infinity'",
    "alter role {me} superuser",
    "alter role {me} createrole",
    "alter role {me} bypassrls",
    "alter role {me} rename to someone",
    "alter role {other} password 'easy'",
    "alter role {other} set search_path to pg_temp",
    "grant system_staff to {me}",
    "grant madoguchi_owner to {me}",
    "grant pg_read_all_data to {me}",
    "grant {mine} to {other}",
    "set role madoguchi_owner",
    "set role madoguchi_accounts",
    "set role postgres",
    "set session authorization {other}",
    "set session authorization postgres",
    "create role helper login",
    "drop role {other}",
    "create table mine (a integer)",
    "create table public.mine (a integer)",
    "create temporary table policy (a integer)",
    "create schema mine",
    "create schema authorization current_user",
    "create function pg_temp.library_day(integer) returns date language sql as 'select current_date + 99'",
    "create function public.library_day(bigint) returns date language sql as 'select current_date'",
    "create function desk.mine() returns int language sql as 'select 1'",
    "create view pg_temp.patron as select 1",
    "create type pg_temp.here as (a integer)",
    "create extension dblink",
    "create extension postgres_fdw",
    "create server s foreign data wrapper postgres_fdw",
    "create publication p for all tables",
    "create event trigger t on ddl_command_start execute function suppress_redundant_updates_trigger()",
    "create operator public.= (leftarg = text, rightarg = text, function = texteq)",
    "create language plpython3u",
    "create tablespace t location '/tmp'",
    "copy (select 1) to program 'id'",
    "copy (select 1) to '/tmp/madoguchi'",
    "do $$ begin execute 'copy (select 1) to program ''id'''; end $$",
    "select pg_read_file('/etc/passwd')",
    "select pg_read_binary_file('PG_VERSION')",
    "select pg_ls_dir('.')",
    "select pg_stat_file('PG_VERSION')",
    "select pg_current_logfile()",
    "select lo_import('/etc/passwd')",
    "select lo_create(0)",
    "select lo_creat(-1)",
    "select lo_from_bytea(0, 'x')",
    "select lo_open(1, 131072)",
    "select * from pg_authid",
    "select rolpassword from pg_authid",
    "select passwd from pg_shadow",
    "select * from pg_hba_file_rules",
    "select * from pg_statistic",
    "select * from pg_largeobject",
    "select pg_reload_conf()",
    "select pg_rotate_logfile()",
    "select pg_switch_wal()",
    "select pg_create_restore_point('x')",
    "select pg_terminate_backend({pid})",
    "select pg_cancel_backend({pid})",
    "alter system set log_statement = 'all'",
    "alter system set synchronous_standby_names = ''",
    "alter database {database} set search_path to pg_temp",
    "alter database {database} set log_statement to 'all'",
    "set session_replication_role to replica",
    "set log_statement to 'all'",
    "set log_min_error_statement to error",
    "set log_min_messages to debug1",
    "select set_config('session_replication_role', 'replica', false)",
    "set plpgsql.variable_conflict to 'use_column'",
    "alter table audit.record disable trigger all",
    "drop trigger append_only on audit.record",
    "truncate audit.record",
    "delete from audit.record",
    "update audit.record set who = 'clerk'",
    "alter function desk.lend owner to {me}",
    "create or replace function desk.state() returns text language sql as 'select 1::text'",
    "select tls.ssl_client_serial()",
    "comment on table patron is 'x'",
    "security label on table patron is 'x'",
    "reassign owned by {other} to {me}",
)

# a privilege is missing; or what is asked for is not there, or not for anybody
_REFUSALS = {"42501", "55000", "42704", "0A000", "42P01", "22023", "3F000", "58P01"}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_gains_anything_by_plain_sql(world: World, role: str) -> None:
    me, other = world.person(role), world.person("counter_staff")
    names = {"me": me.login, "mine": role, "other": other.login, "database": world.name}
    before = _catalog(world)
    with world.at_work(other) as colleague:
        pid = colleague.connection.exec_driver_sql("select pg_backend_pid()").scalar_one()
        statements = [statement.format(pid=pid, **names) for statement in FORBIDDEN]
        by_psql = world.psql(me, statements)
        assert colleague.ask("desk.state")["refusal"] is None
        open_ = [
            (s, one.state) for s, one in zip(statements, by_psql, strict=True) if one.state not in _REFUSALS
        ]
        assert open_ == []
        with world.at_work(me) as staff:
            through_odbc = [staff.run(statement) for statement in statements]
        open_ = [
            (s, o.state) for s, o in zip(statements, through_odbc, strict=True) if o.state not in _REFUSALS
        ]
        assert open_ == []
    assert _catalog(world) == before


def _catalog(world: World) -> list[tuple[object, ...]]:
    return world.admin(
        "select (select count(*) from pg_class), (select count(*) from pg_proc),"
        " (select count(*) from pg_trigger where tgenabled = 'O'), (select count(*) from pg_namespace"
        " where nspname !~ '^pg_'), (select count(*) from pg_largeobject_metadata),"
        " (select count(*) from audit.record where who = 'clerk' and act <> 'sign-in')"
    )


def test_settings_kept_for_ones_own_login_change_nothing_that_counts(world: World) -> None:
    me = world.person("counter_staff")
    kept = ["datestyle to 'German, DMY'", "timezone to 'Etc/GMT+12'", "application_name to 'clerk'"]
    for one in world.psql(me, [f"alter role {me.login} set {setting}" for setting in kept]):
        assert one.state == "00000"
    card = world.library.patron()
    with world.at_work(me) as staff:
        day = staff.ask_again("desk.read_patron", uuid4(), card)["rows"][0]["today"]
    assert day == world.library.now.date().isoformat()


# -- passwords ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["'easy'", "null", f"'{make_verifier('easy', salt=b'x' * 16)}'"])
def test_a_password_set_past_the_rules_disables_the_login(world: World, password: str) -> None:
    me = world.person("counter_staff")
    with world.at_work(me) as staff:
        assert staff.run(f"alter role {me.login} password {password}").state == "00000"
        assert world.tick().get(f"disabled {me.login}") is True
        # the open session is gone, and there is no new one
        assert staff.run("select 1").state != "00000"
    for words in ("easy", world.password_of(me)):
        with pytest.raises(Refused, match=r"password authentication failed|has expired"):
            world.psql(me, ["select 1"], PGPASSWORD=words)
    assert world.admin(
        f"select subject ->> 'why' from audit.record where subject ->> 'login' = '{me.login}'"
        " and act = 'account disabled'"
    ) == [("its password was changed past the rules",)]
    assert world.admin(
        f"select rolvaliduntil = '-infinity', pg_has_role('{me.login}', 'counter_staff', 'member')"
        f" from pg_roles where rolname = '{me.login}'"
    ) == [(True, False)]


def test_who_holds_their_own_account_in_a_transaction_is_disabled_all_the_same(world: World) -> None:
    me = world.person("counter_staff")
    with world.at_work(me) as staff:
        staff.run("begin")
        staff.run("select desk.enter(gen_random_uuid(), true)")
        assert '"refusal": null' in world.value(f"select account.disable_staff('{me.login}')")
        assert staff.run("select 1").state != "00000"
    with pytest.raises(Refused, match=r"password authentication failed|has expired"):
        world.psql(me, ["select 1"])


def test_an_old_password_is_refused_and_a_verifier_must_be_one(world: World) -> None:
    me = world.person("counter_staff")
    with world.at_work(me) as staff:
        for verifier in ("easy", "md5" + "0" * 32, "SCRAM-SHA-256$1:x$y:z", ""):
            change = staff.run(f"select desk.change_password('{verifier}', '{{}}')")
            assert change.state == "22023"
        good = make_verifier("another-good-one", salt=b"y" * 16)
        assert "reused" in staff.run(f"select desk.change_password('{good}', null)").printed
        assert "reused" in staff.run(f"select desk.change_password('{good}', '{{}}')").printed
    assert world.tick().get(f"disabled {me.login}") is None


# -- sessions ----------------------------------------------------------------------------------------


def test_without_entering_and_after_leaving_nothing_is_done(world: World) -> None:
    me, card = world.person("counter_staff"), world.library.patron()
    look = f"select desk.read_patron(gen_random_uuid(), '{card}')"
    assert world.psql(me, [look], enter=False)[0].state == "28M01"
    states = [one.state for one in world.psql(me, [look, "select desk.leave()", look])]
    assert states == ["00000", "00000", "28M01"]


def test_one_person_has_one_session(world: World) -> None:
    me = world.person("counter_staff")
    with world.at_work(me) as first, world.connected(me) as connection:
        second = Staff(connection)
        assert second.ask("desk.enter", uuid4(), False)["refusal"] == "signed_in_elsewhere"
        assert second.ask("desk.enter", uuid4(), None)["refusal"] == "signed_in_elsewhere"
        with pytest.raises(Refused, match=r"28M01"):
            second.ask("desk.read_today")
        assert first.ask("desk.read_today")["refusal"] is None
        assert second.ask("desk.enter", uuid4(), True)["refusal"] is None
        assert first.run("select 1").state != "00000"
        assert second.ask("desk.enter", None, True)["refusal"] == "session_ended"


def test_somebody_elses_session_is_not_entered(world: World) -> None:
    theirs = uuid4()
    with world.connected(world.person("counter_staff")) as connection:
        assert Staff(connection).ask("desk.enter", theirs, False)["refusal"] is None
        with world.connected(world.person("counter_staff")) as mine:
            assert Staff(mine).ask("desk.enter", theirs, True)["refusal"] == "session_ended"


def test_a_login_has_so_many_connections_and_no_more(world: World) -> None:
    me = world.person("counter_staff")
    limit = world.value("select connection_limit from account.rule")
    with contextlib.ExitStack() as stack:
        for _ in range(limit):
            stack.enter_context(world.connected(me))
        with pytest.raises(Refused, match=r"too many connections for role"):
            world.psql(me, ["select 1"])


# -- the terminal ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terminal", "line"),
    [
        (None, {}),
        (terminal_number(SOGO, 2), {"PGSSLMODE": "disable"}),
        (terminal_number(SOGO, 2), {"PGSSLCERT": "/nowhere", "PGSSLKEY": "/nowhere"}),
    ],
    ids=["no certificate", "no TLS", "a certificate that is not there"],
)
def test_without_a_certificate_nobody_connects(
    world: World, terminal: int | None, line: dict[str, str]
) -> None:
    made = world.person("counter_staff")
    person = Person(made.login, made.role, terminal)
    with pytest.raises(Refused, match=r"certificate|no pg_hba.conf entry|no encryption"):
        world.psql(person, ["select 1"], **line)


def test_a_terminal_that_is_not_enrolled_lets_nobody_in(world: World) -> None:
    person = world.person("counter_staff", terminal=STRANGE_TERMINAL)
    enter = "select desk.enter(gen_random_uuid(), true)"
    tried = world.psql(person, [enter, "set madoguchi.terminal to '1100'", enter], enter=False)
    assert [("terminal_unknown" in one.printed) for one in tried] == [True, False, True]


def test_contract_staff_at_another_branch_are_not_let_in(world: World) -> None:
    person = world.person("contract_staff", terminal=terminal_number(SOGO, 3))
    tried = world.psql(person, ["select desk.enter(gen_random_uuid(), true)", "select desk.read_today()"])
    assert "wrong_branch" in tried[0].printed
    assert tried[1].state == "28M05"


def test_a_terminal_that_is_revoked_ends_who_works_there(world: World) -> None:
    person = world.person("counter_staff", terminal=terminal_number(SOGO, 4))
    serial = 1000 + terminal_number(SOGO, 4)
    with world.at_work(person) as staff:
        name = world.value(f"select name from account.terminal where serial = '{serial}'")
        assert '"refusal": null' in world.value(f"select account.revoke_terminal('{name}')")
        assert staff.run("select desk.read_today()").state != "00000"
    assert world.psql(person, ["select desk.read_today()"])[0].state == "28M02"


def test_a_leaver_and_an_ended_contractor_do_not_connect(world: World) -> None:
    leaver, ended = world.person("counter_staff"), world.person("contract_staff")
    with world.at_work(ended) as staff:
        world.value(f"select account.disable_staff('{leaver.login}')")
        world.value(f"select account.set_last_day('{ended.login}', '2026-05-11')")
        assert staff.run("select desk.read_today()").state != "00000"
    for person in (leaver, ended):
        with pytest.raises(sa.exc.DBAPIError), world.connected(person):
            pass
        with pytest.raises(Refused, match=r"password authentication failed|has expired"):
            world.psql(person, ["select 1"])


# -- what stays open, because PostgreSQL leaves it open to everybody ---------------------------------------


def test_listening_shows_nothing_since_nothing_is_told(world: World) -> None:
    tried = world.psql(
        world.person("counter_staff"), ["listen patrons", "select * from pg_listening_channels()"]
    )
    assert [one.state for one in tried] == ["00000", "00000"]
    notifying = (
        "select count(*) from pg_proc where prosrc ~* 'notify' and pronamespace <> 'pg_catalog'::regnamespace"
    )
    assert world.value(notifying) == 0


def test_what_colleagues_ask_the_server_is_hidden(world: World) -> None:
    with world.at_work(world.person("counter_staff")) as colleague:
        colleague.run("select 'himitsu'")
        shown = world.psql(
            world.person("counter_staff"),
            ["select query, client_addr from pg_stat_activity where usename <> session_user"],
        )
    assert "himitsu" not in shown[0].printed
    assert "127.0.0.1" not in shown[0].printed
