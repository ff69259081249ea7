"""``init``: a fresh cluster made the library's server, once or again, and what it refuses."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest
from cryptography import x509

from madoguchi.app.admin.plan import Home, Plan, read_plan
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.server import schema
from tests.support.debian_cluster import DebianCluster


def test_the_server_has_the_librarys_rules_and_only_staff_may_enter(debian: DebianCluster) -> None:
    assert schema.current(debian.engine()) == schema.head()
    assert int(debian.psql("select count(*) from branch")) > 3
    assert debian.psql("show password_encryption") == "scram-sha-256"
    assert debian.psql("show log_error_verbosity") == "terse"
    assert debian.psql("select datconnlimit from pg_database where datname = 'madoguchi'") == "-1"
    assert (
        debian.psql(
            "select pg_encoding_to_char(encoding), datcollate from pg_database where datname = 'madoguchi'"
        )
        == "UTF8|C.UTF-8"
    )
    said = debian.psql(
        "select type, database, user_name, auth_method from pg_hba_file_rules order by line_number"
    )
    assert said.splitlines() == [
        "local|{all}|{postgres}|peer",
        "local|{madoguchi}|{madoguchi_watch}|peer",
        "hostssl|{madoguchi}|{+staff_login}|scram-sha-256",
    ]


def test_keys_are_closed_and_the_log_is_for_its_readers(debian: DebianCluster) -> None:
    for file in ("authority/ca.key", "signing/audit.key", "tls/server.key"):
        assert stat.S_IMODE((debian.home.folder / file).stat().st_mode) == 0o600
    for folder in ("authority", "signing"):
        assert stat.S_IMODE((debian.home.folder / folder).stat().st_mode) == 0o700
    log = Path(debian.context().plan().log)
    assert stat.S_IMODE(log.stat().st_mode) == 0o2750
    for file in log.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
        assert file.stat().st_gid == log.stat().st_gid


def test_a_second_run_changes_nothing_and_new_options_are_taken_up(debian: DebianCluster) -> None:
    before = {file: file.stat().st_mtime_ns for file in debian.home.folder.rglob("*") if file.is_file()}
    started = debian.psql("select pg_postmaster_start_time()")
    debian.done("init")
    assert {file: file.stat().st_mtime_ns for file in before} == before
    assert debian.psql("select pg_postmaster_start_time()") == started
    debian.done("init", "--host", "localhost", "127.0.0.1", "library.example")
    certificate = x509.load_pem_x509_certificate((debian.home.tls / "server.crt").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "library.example" in {str(name.value) for name in names}
    debian.done("init", "--host", "localhost", "127.0.0.1")


def test_what_was_begun_and_cut_off_is_finished(debian: DebianCluster) -> None:
    """Left by a run that was killed: half an authority, half a certificate, an empty database."""
    (debian.home.folder / "authority.new").mkdir()
    (debian.home.folder / "tls.new").mkdir()
    (debian.home.tls / "server.crt").unlink()
    debian.psql("create database half connection limit 0 template template0", database="postgres")
    debian.psql("alter database madoguchi rename to whole", database="postgres")
    debian.psql("alter database half rename to madoguchi", database="postgres")
    try:
        debian.done("init")
        assert schema.current(debian.engine()) == schema.head()
        assert debian.psql("select count(*) from policy") == "1"
    finally:
        debian.psql("drop database madoguchi with (force)", database="postgres")
        debian.psql("alter database whole rename to madoguchi", database="postgres")


def test_somebody_elses_cluster_is_left_alone(debian: DebianCluster) -> None:
    access = debian.cluster().config / "pg_hba.conf"
    ours = access.read_text(encoding="utf-8")
    try:
        access.write_text("local all all peer\n", encoding="utf-8")
        assert "somebody's databases" in debian.refused("init")
        assert access.read_text(encoding="utf-8") == "local all all peer\n"
    finally:
        access.write_text(ours, encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"database": "Robert'); drop"}, "--database"),
        ({"database": "postgres"}, "--database"),
        ({"hosts": ()}, "--host"),
        ({"terminals": ()}, "--from"),
        ({"terminals": ("everybody",)}, "--from"),
        ({"terminals": ("192.168.1.1/24",)}, "--from"),
        ({"listen": ("0.0.0.0\nssl = off",)}, "--listen"),
        ({"replication": ("10.0.0.0/8 trust",)}, "--replication-from"),
    ],
)
def test_nothing_typed_can_stand_in_postgresqls_files_that_does_not_belong_there(
    changes: dict[str, object], word: str
) -> None:
    good: dict[str, object] = {
        "cluster": "15/main",
        "database": "library",
        "hosts": ("a",),
        "listen": ("*",),
        "terminals": ("10.0.0.0/8",),
    }
    with pytest.raises(CannotDo, match=word):
        Plan(**(good | changes))  # type: ignore[arg-type]


def test_an_unmade_server_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match="madoguchi-server init"):
        read_plan(Home(tmp_path))
    (tmp_path / "server.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(CannotDo, match="damaged"):
        read_plan(Home(tmp_path))


def test_a_new_certificate_is_taken_up_without_a_restart(debian: DebianCluster) -> None:
    before = (debian.home.tls / "server.crt").read_bytes()
    started = debian.psql("select pg_postmaster_start_time()")
    debian.done("certificate")
    assert (debian.home.tls / "server.crt").read_bytes() != before
    assert debian.psql("select pg_postmaster_start_time()") == started
    assert not (debian.home.folder / "tls.new").exists()


def test_upgrade_of_what_is_new_already(debian: DebianCluster) -> None:
    assert debian.done("upgrade") == [f"schema {schema.head()} -> {schema.head()}"]


def test_no_other_account_of_the_machine_gets_in_by_the_socket(debian: DebianCluster) -> None:
    cluster = debian.cluster()
    for login in ("postgres", "madoguchi_watch"):
        ran = subprocess.run(
            [cluster.program("psql"), "-h", cluster.socket, "-p", str(cluster.port), "-w", "-U", login,
             "-d", "madoguchi", "-c", "select 1"],
            user=65534, cwd="/", capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Peer authentication failed" in ran.stderr
