"""``check``: whatever is changed on the server past the program is named, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.debian_cluster import DebianCluster
from tests.support.enrolled import new_person


def _reworded(old: str, new: str) -> str:
    function = "pg_get_functiondef('watch.erase_by_age()'::regprocedure)"
    return f"do $$ begin execute replace({function}, '{old}', '{new}'); end $$"


# what is done as the superuser, what takes it back, and what the line that is not ok says
TAMPERED = {
    "a word in a function": (
        _reworded("view_days", "9999"),
        _reworded("9999", "view_days"),
        "function: watch.erase_by_age(): it is not as the program made it",
    ),
    "a function without its search path": (
        "alter function desk.leave() reset search_path",
        "alter function desk.leave() set search_path = pg_catalog, public, pg_temp",
        "function: desk.leave(): it is not as the program made it",
    ),
    "a function that was added": (
        "create function desk.more() returns int language sql as 'select 1'",
        "drop function desk.more()",
        "function: desk.more(): nothing that the program made",
    ),
    "a function with another owner": (
        "alter function desk.leave() owner to postgres",
        "alter function desk.leave() owner to madoguchi_owner",
        "function: desk.leave(): owned by postgres, not by madoguchi_owner",
    ),
    "a table that staff may read": (
        "grant select on public.patron to counter_staff",
        "revoke select on public.patron from counter_staff",
        "relation: public.patron: counter_staff=SELECT/madoguchi_owner should not be granted",
    ),
    "a column that everybody may read": (
        "grant select (name) on public.patron to public",
        "revoke select (name) on public.patron from public",
        "column: public.patron.name: public=SELECT/madoguchi_owner should not be granted",
    ),
    "a function that more may call": (
        "grant execute on function account.reset_staff to counter_staff",
        "revoke execute on function account.reset_staff from counter_staff",
        "function: account.reset_staff(p_login text, p_verifier text): counter_staff=EXECUTE",
    ),
    "a function that fewer may call": (
        "revoke execute on function audit.verify from security_manager",
        "grant execute on function audit.verify to security_manager",
        "security_manager=EXECUTE/madoguchi_owner is missing",
    ),
    "large objects": (
        "grant execute on function pg_catalog.lo_creat(integer) to public",
        "revoke execute on function pg_catalog.lo_creat(integer) from public",
        "function: pg_catalog.lo_creat(integer): public=EXECUTE",
    ),
    "a schema": (
        "grant create on schema public to staff_login",
        "revoke create on schema public from staff_login",
        "schema: public: staff_login=CREATE",
    ),
    "the database": (
        "grant temporary on database madoguchi to public",
        "revoke temporary on database madoguchi from public",
        "database: itself: public=TEMPORARY",
    ),
    "a trigger that sleeps": (
        "alter table audit.record disable trigger append_only",
        "alter table audit.record enable trigger append_only",
        "trigger: audit.record append_only: it is not as the program made it",
    ),
    "a constraint that sleeps": (
        "alter table public.loan disable trigger all",
        "alter table public.loan enable trigger all",
        "trigger: public.loan: fk_loan_",
    ),
    "a constraint that is gone": (
        "alter table account.rule drop constraint rule_id_check",
        "alter table account.rule add constraint rule_id_check check (id = 1)",
        "constraint: account.rule rule_id_check: it is missing",
    ),
    "a column that was added": (
        "alter table public.patron add column hobby text",
        "alter table public.patron drop column hobby",
        "column: public.patron.hobby: nothing that the program made",
    ),
    "an event trigger": (
        "create function public.noticed() returns event_trigger language plpgsql as 'begin end';"
        " create event trigger seen on ddl_command_end execute function public.noticed()",
        "drop event trigger seen; drop function public.noticed()",
        "event trigger: seen: nothing that the program made",
    ),
    "a superuser": (
        "alter role madoguchi_owner superuser",
        "alter role madoguchi_owner nosuperuser",
        "roles: madoguchi_owner: super is on",
    ),
    "a role of nobody's": (
        "create role intruder login",
        "drop role intruder",
        "roles: intruder: nobody's account",
    ),
    "a membership": (
        "grant pg_read_all_data to counter_staff",
        "revoke pg_read_all_data from counter_staff",
        "roles: counter_staff: is a member of pg_read_all_data",
    ),
    "a role that sets things": (
        "alter role madoguchi_watch set work_mem = '8MB'",
        "alter role madoguchi_watch reset work_mem",
        "roles: madoguchi_watch: has settings of its own",
    ),
    "a right to change a setting": (
        "grant set on parameter log_statement to system_staff",
        "revoke set on parameter log_statement from system_staff",
        "rights to change settings: log_statement: system_staff may SET",
    ),
    "a login with a group too many": (
        "grant security_manager to kakunin",
        "revoke security_manager from kakunin",
        "staff logins: kakunin: its groups are security_manager, staff_login, not staff_login",
    ),
    "a login with a group it may pass on": (
        "grant staff_login to kakunin with admin option",
        "revoke admin option for staff_login from kakunin",
        "roles: kakunin: is a member of staff_login, and may make others one",
    ),
    "a login that makes roles": (
        "alter role kakunin createrole",
        "alter role kakunin nocreaterole",
        "roles: kakunin: createrole is on",
    ),
    "a login with a last day too late": (
        "alter role kakunin valid until '2099-01-01'",
        "alter role kakunin valid until 'infinity'",
        "staff logins: kakunin: VALID UNTIL",
    ),
    "a login with connections without end": (
        "alter role kakunin connection limit -1",
        "alter role kakunin connection limit 4",
        "staff logins: kakunin: CONNECTION LIMIT is -1, not 4",
    ),
    "a setting": (
        "alter system set log_statement = 'all'",
        "alter system reset log_statement",
        "settings: log_statement: set by alter system",
    ),
}  # fmt: skip


ALSO = (
    "function: public.noticed()",
    # with another owner, what is granted is that one's to give
    "function: desk.leave(): ",
    # all triggers of a table sleep, also those that keep other tables' references to it
    "trigger: public.loan",
)
"""What else is named by the changes above."""


@pytest.fixture(scope="module")
def checked(debian: DebianCluster) -> DebianCluster:
    """A server on which all is well: the watcher was heard of."""
    new_person(debian, "kakunin")
    beat(debian)
    return debian


def beat(debian: DebianCluster) -> None:
    debian.psql("select watch.tick()")


def not_ok(debian: DebianCluster) -> list[str]:
    beat(debian)
    status, lines = debian.command("check")
    wrong = [line for line in lines if not line.startswith("ok ")]
    assert status == (1 if wrong else 0)
    assert all(line.startswith("NOT OK ") for line in wrong)
    return wrong


def test_whatever_was_changed_past_the_program_is_named_and_nothing_else(checked: DebianCluster) -> None:
    """All at once: to look costs seconds."""
    for tamper, _mend, _said in TAMPERED.values():
        checked.psql(tamper)
    try:
        wrong = not_ok(checked)
    finally:
        for _tamper, mend, _said in reversed(TAMPERED.values()):
            checked.psql(mend)
    unnamed = [case for case, (_, _, said) in TAMPERED.items() if not any(said in line for line in wrong)]
    assert unnamed == []
    # an object that was added is named with what comes with it
    explained = [*(said for _, _, said in TAMPERED.values()), *ALSO]
    assert [line for line in wrong if not any(said in line for said in explained)] == []


def test_all_is_well_and_checking_mends_nothing(checked: DebianCluster) -> None:
    assert not_ok(checked) == []
    checked.psql("revoke pg_signal_backend from madoguchi_accounts")
    try:
        for _ in range(2):
            assert "NOT OK roles: madoguchi_accounts: is no member of pg_signal_backend" in not_ok(checked)
    finally:
        checked.psql("grant pg_signal_backend to madoguchi_accounts")
    assert checked.psql("select count(*) from pg_database where datname = 'madoguchi_check'") == "0"


def test_changed_files_are_named(checked: DebianCluster) -> None:
    changes = {
        "pg_hba.conf": ("local all", "host all all 0.0.0.0/0 trust\nlocal all"),
        "pg_ident.conf": ("madoguchi root", "madoguchi nobody postgres\nmadoguchi root"),
        "conf.d/madoguchi.conf": ("log_statement = 'none'", "log_statement = 'all'"),
    }
    config = checked.cluster().config
    before = {config / name: ((config / name).read_text("utf-8"), (config / name).stat()) for name in changes}
    try:
        for name, (old, new) in changes.items():
            (config / name).write_text(before[config / name][0].replace(old, new), encoding="utf-8")
        wrong = not_ok(checked)
        for file in before:
            assert any(line.startswith(f"NOT OK files: {file}") for line in wrong)
    finally:
        for file, (text, times) in before.items():
            file.write_text(text, encoding="utf-8")
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_a_setting_that_runs_otherwise_than_the_file_says(checked: DebianCluster) -> None:
    other = checked.cluster().config / "conf.d" / "zz.conf"
    try:
        other.write_text("log_error_verbosity = verbose\n", encoding="utf-8")
        checked.psql("select pg_reload_conf(); select pg_sleep(0.5)")
        assert "NOT OK settings: log_error_verbosity: 'verbose' runs, not 'terse'" in not_ok(checked)
    finally:
        other.unlink()
        checked.psql("select pg_reload_conf(); select pg_sleep(0.5)")


def test_a_watcher_that_is_not_heard_of(checked: DebianCluster) -> None:
    checked.psql("update watch.state set beat_at = clock_timestamp() - interval '2 minutes'")
    status, lines = checked.command("check")
    assert status == 1
    wrong = [line for line in lines if line.startswith("NOT OK")]
    assert len(wrong) == 1
    assert wrong[0].startswith("NOT OK watcher: last heard of 12")


def test_usb_agents_that_say_nothing_for_long_or_nothing_that_can_be_taken(checked: DebianCluster) -> None:
    # the name, what is done to its agent, and what is said of it
    cases = {
        "黙った端末": ("heard_at = now() - interval '8 days 1 hour'", "the last record came 8 days ago"),
        "来た端末": ("heard_at = now() - interval '6 days'", ""),
        "新しい端末": ("heard_at = null", ""),
        "未着の端末": ("heard_at = null", "no record ever came since it has a key, 10 days ago"),
        "違う端末": (
            "heard_at = now(), trouble = 'changed', trouble_seq = 4",
            "its record 4 was not taken: it was taken before, and said something else",
        ),
        "廃止の端末": ("heard_at = now() - interval '99 days'", ""),
    }
    serials = dict(zip(cases, range(4801, 4900), strict=False))
    for name, (change, _) in cases.items():
        checked.psql(
            "insert into account.terminal (name, branch_id, serial, valid_until)"
            f" values ('{name}', 1, '{serials[name]}', 'infinity')"
        )
        checked.psql(f"select account.make_usb_key('{name}', false)")
        checked.psql(f"update account.usb_agent set {change} where terminal_id = {_numbered(name)}")
    long_ago = "made_at = now() - interval '10 days 1 hour'"
    for name in cases.keys() - {"新しい端末"}:
        checked.psql(f"update web.usb_key set {long_ago} where terminal_id = {_numbered(name)}")
    checked.psql("update account.terminal set revoked_at = now() where name = '廃止の端末'")
    try:
        said = [line for line in not_ok(checked) if "USB agents" in line]
        assert said == [
            f"NOT OK USB agents: terminal {name}: {problem}"
            for name, (_, problem) in sorted(cases.items())
            if problem
        ]
    finally:
        for name in cases:
            checked.psql(f"delete from web.usb_key where terminal_id = {_numbered(name)}")
            checked.psql(f"delete from account.usb_agent where terminal_id = {_numbered(name)}")
            checked.psql(f"delete from account.terminal where name = '{name}'")


def _numbered(name: str) -> str:
    return f"(select id from account.terminal where name = '{name}')"


def test_a_terminal_whose_certificate_ends_and_a_server_that_lost_its_own(checked: DebianCluster) -> None:
    checked.psql(
        "insert into account.terminal (name, branch_id, serial, valid_until)"
        " values ('古い', 1, '4711', now() + interval '3 days')"
    )
    certificate = checked.home.tls / "server.crt"
    kept: Path = certificate.rename(certificate.with_suffix(".kept"))
    try:
        wrong = not_ok(checked)
        assert any("terminal 古い: its certificate ends" in line for line in wrong)
        assert any("NOT OK certificates: server:" in line for line in wrong)
    finally:
        kept.rename(certificate)
        checked.psql("delete from account.terminal where name = '古い'")
