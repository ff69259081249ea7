"""The accounts of the staff, as the administrator makes and ends them; each really signs in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from madoguchi.app.staff.session import PasswordNeeded, SessionEnd, SignedIn, SignInProblem
from tests.support.debian_cluster import DebianCluster
from tests.support.enrolled import OWN_PASSWORD, enrolled, first_sign_in, new_person, temporary_password
from tests.support.keyring_backend import MemoryKeyring, ring

__all__ = ["ring"]

TODAY = dt.date.today()


def test_from_a_temporary_password_to_disabled_and_back(
    debian: DebianCluster, tmp_path: Path, ring: MemoryKeyring
) -> None:
    terminal = enrolled(debian, tmp_path, "人1番")
    server = terminal.server()
    answer = first_sign_in(server, "hanako", new_person(debian, "hanako"))
    assert isinstance(answer, SignedIn)
    assert (answer.desk.terminal, answer.name) == ("人1番", "藤沢 花子")
    debian.done("staff", "disable", "hanako")
    assert terminal.out(server) in (SessionEnd.ACCOUNT, SessionEnd.REFUSED)
    assert server.sign_in("hanako", OWN_PASSWORD) is SignInProblem.NOT_KNOWN
    again = temporary_password(debian.done("staff", "reset", "hanako"))
    assert server.sign_in("hanako", OWN_PASSWORD) is SignInProblem.NOT_KNOWN
    assert isinstance(server.sign_in("hanako", again), PasswordNeeded)
    server.close()


def test_a_last_day_that_is_over_and_one_that_is_taken_away(
    debian: DebianCluster, tmp_path: Path, ring: MemoryKeyring
) -> None:
    server = enrolled(debian, tmp_path, "人2番").server()
    first_sign_in(server, "jiro", new_person(debian, "jiro"))
    server.sign_out()
    debian.done("staff", "last-day", "jiro", str(TODAY - dt.timedelta(days=2)))
    assert server.sign_in("jiro", OWN_PASSWORD) is SignInProblem.NOT_KNOWN
    debian.done("staff", "last-day", "jiro", "never")
    assert isinstance(server.sign_in("jiro", OWN_PASSWORD), SignedIn)
    server.close()


def test_a_lock_is_ended(debian: DebianCluster, tmp_path: Path, ring: MemoryKeyring) -> None:
    server = enrolled(debian, tmp_path, "人3番").server()
    first_sign_in(server, "saburo", new_person(debian, "saburo"))
    server.sign_out()
    for place in range(5):
        debian.psql(f"select watch.failed_sign_in('saburo', now(), {place + 1}, '127.0.0.1')")
    assert "locked" in next(line for line in debian.done("staff", "list") if line.startswith("saburo\t"))
    assert server.sign_in("saburo", OWN_PASSWORD) is SignInProblem.NOT_KNOWN
    debian.done("staff", "unlock", "saburo")
    assert isinstance(server.sign_in("saburo", OWN_PASSWORD), SignedIn)
    server.close()


def test_contract_staff_have_branches_and_a_last_day(debian: DebianCluster) -> None:
    contract = ("--name", "湘南 四郎", "--role", "contract_staff")
    until = ("--until", str(TODAY + dt.timedelta(days=30)))
    assert "last day" in debian.refused("staff", "add", "shiro", *contract, "--branches", "sogo")
    assert "named branches" in debian.refused("staff", "add", "shiro", *contract, *until)
    assert "no such branch" in debian.refused("staff", "add", "shiro", *contract, *until, "--branches", "x")
    debian.done("staff", "add", "shiro", *contract, *until, "--branches", "sogo,tsujido")
    line = next(line for line in debian.done("staff", "list") if line.startswith("shiro\t"))
    assert line.split("\t")[2:5] == ["contract_staff", "sogo,tsujido", until[1]]
    assert "taken" in debian.refused("staff", "add", "shiro", *contract, *until, "--branches", "sogo")


def test_the_unused_are_listed(debian: DebianCluster) -> None:
    new_person(debian, "goro")
    new_person(debian, "rokuro")
    debian.psql("update account.state set created_at = now() - interval '91 days' where login = 'goro'")
    unused = [line.split("\t")[0] for line in debian.done("staff", "list", "--unused", "90d")]
    assert "goro" in unused
    assert "rokuro" not in unused


def test_the_password_is_printed_once_and_is_in_no_table_and_no_log(debian: DebianCluster) -> None:
    password = new_person(debian, "shichiro")
    assert len(password) == 19
    log = Path(debian.context().plan().log)
    assert not any(password.encode() in file.read_bytes() for file in log.iterdir())
    assert password not in debian.psql("select string_agg(verifier, ' ') from account.password")
    assert password not in "\n".join(debian.done("staff", "list"))


@pytest.mark.parametrize("login", ["Hanako", "ab", "pg_hanako'", "madoguchi_owner", "root;", "1st"])
def test_what_is_no_login_is_refused(debian: DebianCluster, login: str) -> None:
    try:
        status, _lines = debian.command("staff", "add", login, "--name", "n", "--role", "counter_staff")
    except SystemExit as refused:
        status = int(refused.code or 0)
    assert status in (1, 2)
    assert debian.psql("select count(*) from staff where name = 'n'") == "0"


def test_who_is_not_there_is_said_so(debian: DebianCluster) -> None:
    for command in (["disable"], ["reset"], ["unlock"]):
        assert "no such account" in debian.refused("staff", *command, "nobody_here")
