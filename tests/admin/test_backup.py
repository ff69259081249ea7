"""A backup restored: everything in it, everybody as they were, and what has to be gone by now gone."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.app.staff.session import PasswordNeeded, SignedIn, SignInProblem
from tests.admin.conftest import HERE
from tests.support.debian_cluster import IS_ROOT, DebianCluster
from tests.support.enrolled import OWN_PASSWORD, enrolled, first_sign_in, new_person
from tests.support.keyring_backend import MemoryKeyring, ring

__all__ = ["ring"]

COUNTS = (
    "select (select count(*) from patron), (select count(*) from item), (select count(*) from audit.record),"
    " (select count(*) from public.operation)"
)


@pytest.fixture(scope="module")
def town() -> Iterator[DebianCluster]:
    """A server of its own with the training library: it will be thrown away and brought back."""
    if not IS_ROOT:
        pytest.skip("PostgreSQL's clusters are made by root")
    with DebianCluster("madoguchibackup") as made:
        made.create()
        made.done("init", *HERE, "--training")
        yield made


def backed_up(town: DebianCluster, folder: Path) -> Path:
    return Path(town.done("backup", str(folder))[0])


def test_everything_comes_back_purged_and_with_everybodys_own_password(
    town: DebianCluster, tmp_path: Path, ring: MemoryKeyring
) -> None:
    server = enrolled(town, tmp_path / "t", "1番").server()
    first_sign_in(server, "hanako", new_person(town, "hanako"))
    temporary = new_person(town, "jiro")
    # open: a session; and a loan returned so long ago that it is to be gone when the backup is restored
    town.psql(
        "update loan set returned_on = library_day(0),"
        " returned_at = clock_timestamp() - interval '11 minutes'"
        " where id = (select min(id) from loan where returned_at is null)"
    )
    # and a mail that nobody has sent yet
    mail = "select bool_and(sent_at is null), bool_and(failed_at is null), count(*) > 0 from outbox"
    town.psql(
        "update patron set notice_by = 'mail', email = 'x@example.jp'"
        " where id in (select patron_id from reservation where state = 'ready')"
    )
    assert town.psql(mail) == "t|t|t"
    old = "select count(*) from loan where returned_at < clock_timestamp() - interval '10 minutes'"
    assert int(town.psql(old)) > 0
    folder = backed_up(town, tmp_path / "backups")
    before, loans = town.psql(COUNTS), int(town.psql("select count(*) from loan"))
    assert stat.S_IMODE((tmp_path / "backups").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}

    # afterwards: somebody new, a changed password, a deleted patron
    new_person(town, "later_one")
    server.sign_out()
    town.psql("delete from web.favourite; update patron set name = 'x'")
    assert "--replace" in town.refused("restore", str(folder))
    lines = town.done("restore", str(folder), "--replace")
    after = town.psql(COUNTS)
    # the restoring itself is on record
    assert after.split("|")[:2] == before.split("|")[:2]
    assert int(after.split("|")[2]) == int(before.split("|")[2]) + 1
    assert "erased again" in "\n".join(lines)
    assert int(town.psql("select count(*) from loan")) < loans
    assert (
        town.psql("select count(*) from loan where returned_at < clock_timestamp() - interval '10 minutes'")
        == "0"
    )
    # whether that went out since nobody knows: it is not sent, and staff tell whom it was for
    assert town.psql(mail) == "t|f|t"
    assert town.psql("select count(*) from mail.to_send()") == "0"
    assert town.psql("select count(*) from account.session where ended_at is null") == "0"
    assert town.psql("select count(*) from pg_roles where rolname = 'later_one'") == "0"
    assert town.psql("select datname from pg_database where datname ~ '^madoguchi'") == "madoguchi"
    assert town.done("audit", "verify")
    assert isinstance(server.sign_in("hanako", OWN_PASSWORD), SignedIn)
    server.sign_out()
    assert isinstance(server.sign_in("jiro", temporary), PasswordNeeded)
    assert server.sign_in("later_one", "x") is SignInProblem.NOT_KNOWN
    town.psql("select watch.tick()")
    status, said = town.command("check")
    assert status == 0, "\n".join(said)


def test_a_backup_comes_back_on_another_server(
    town: DebianCluster, tmp_path: Path, ring: MemoryKeyring
) -> None:
    folder = backed_up(town, tmp_path)
    with DebianCluster("madoguchielsewhere") as other:
        other.create()
        other.done("init", *HERE, "--for-restore")
        other.done("restore", str(folder))
        assert other.psql("select count(*) from patron") == town.psql("select count(*) from patron")
        ours = "select rolname, rolpassword from pg_authid where rolname !~ '^(pg_|madoguchi)' order by 1"
        assert other.psql(ours) == town.psql(ours)
        other.psql("select watch.tick()")
        status, said = other.command("check")
        assert status == 0, "\n".join(said)


@pytest.mark.parametrize("file", ["database.dump", "logins.json", "manifest.json"])
def test_a_backup_that_is_not_what_its_manifest_says_is_refused(
    town: DebianCluster, tmp_path: Path, file: str
) -> None:
    folder = backed_up(town, tmp_path)
    damaged = bytearray((folder / file).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (folder / file).write_bytes(damaged)
    patrons = town.psql("select count(*) from patron")
    town.refused("restore", str(folder), "--replace")
    assert town.psql("select count(*) from patron") == patrons
    (folder / file).unlink()
    town.refused("restore", str(folder), "--replace")


def test_a_login_that_is_none_of_the_staffs_is_not_brought_back(town: DebianCluster, tmp_path: Path) -> None:
    from madoguchi.app.admin.backup import digest

    folder = backed_up(town, tmp_path)
    logins = json.loads((folder / "logins.json").read_text(encoding="utf-8"))
    for changes in (
        {"groups": ["staff_login", "pg_execute_server_program"]},
        {"login": "postgres; drop"},
        {"verifier": "plain"},
        {"valid_until": "infinity' superuser --"},
        {"connections": "1"},
    ):
        (folder / "logins.json").write_text(json.dumps([logins[0] | changes]), encoding="utf-8")
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest["sha256"]["logins.json"] = digest(folder / "logins.json")
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        assert "none of the staff" in town.refused("restore", str(folder), "--replace")


def test_nothing_half_done_is_left_where_the_disk_says_no(town: DebianCluster, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    town.refused("backup", str(tmp_path / "file"))
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
