"""Terminals: enrolled, renewed without a gap, given settings, revoked for good."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from madoguchi.app.admin.said import CannotDo
from madoguchi.app.admin.terminals import read_settings
from madoguchi.app.lending.facts import Desk
from madoguchi.app.staff.session import SessionEnd, SignedIn, SignInProblem
from madoguchi.barcode.code_plan import TRAINING_PLAN, plan_text
from tests.support.debian_cluster import DebianCluster
from tests.support.enrolled import OWN_PASSWORD, Enrolled, enrolled, first_sign_in, new_person
from tests.support.keyring_backend import MemoryKeyring, ring

__all__ = ["ring"]

# where and who is for the server to know: it takes nothing of this
HERE = Desk(1, "", "")


@pytest.fixture(scope="module")
def clerk(debian: DebianCluster) -> str:
    """The temporary password of somebody who works at these terminals."""
    return new_person(debian, "tanmatsu")


def serials(debian: DebianCluster, name: str) -> str:
    return debian.psql(f"select serial, next_serial from account.terminal where name = '{name}'")


def test_a_renewed_terminal_works_before_while_and_after(
    debian: DebianCluster, tmp_path: Path, ring: MemoryKeyring, clerk: str
) -> None:
    terminal = enrolled(debian, tmp_path, "更新")
    first = terminal.identity.serial()
    server = terminal.server()
    first_sign_in(server, "tanmatsu", clerk)
    terminal.ask()
    # the old certificate, in an open session and in a new one
    server.run(lambda connected: connected.reads.today_at_counter(HERE))
    server.sign_out()
    assert isinstance(server.sign_in("tanmatsu", OWN_PASSWORD), SignedIn)
    assert serials(debian, "更新").startswith(f"{first}|")
    server.sign_out()
    old = terminal.identity.connection_options()
    kept = {name: Path(old[name]).read_bytes() for name in ("sslcert", "sslkey", "sslrootcert")}
    terminal.install()
    second = terminal.identity.serial()
    assert isinstance(server.sign_in("tanmatsu", OWN_PASSWORD), SignedIn)
    assert serials(debian, "更新") == f"{second}|"
    server.sign_out()
    # once the new one has been shown, the old one is worth nothing
    for name, content in kept.items():
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o600)
    engine = debian_engine(debian, tmp_path, old["sslpassword"])
    with engine.connect() as connection:
        answer = connection.exec_driver_sql("select desk.enter(gen_random_uuid(), false)").scalar_one()
    assert json.loads(answer)["refusal"] == "terminal_unknown"


def debian_engine(debian: DebianCluster, folder: Path, passphrase: str):  # type: ignore[no-untyped-def]
    import sqlalchemy as sa

    from madoguchi.app.server.engine import make_engine

    return make_engine(
        sa.URL.create(
            "postgresql+pyodbc", username="tanmatsu", password=OWN_PASSWORD, host="localhost",
            port=debian.port, database="madoguchi",
            query={
                "sslcert": str(folder / "sslcert"), "sslkey": str(folder / "sslkey"),
                "sslpassword": passphrase, "sslrootcert": str(folder / "sslrootcert"),
            },
        )
    )  # fmt: skip


def test_a_revoked_terminal_is_out_with_both_its_certificates(
    debian: DebianCluster, tmp_path: Path, ring: MemoryKeyring
) -> None:
    terminal = enrolled(debian, tmp_path, "盗難")
    server = terminal.server()
    first_sign_in(server, "nusumi", new_person(debian, "nusumi"))
    terminal.ask()
    debian.done("terminal", "revoke", "盗難")
    assert terminal.out(server) in (SessionEnd.TERMINAL, SessionEnd.TAKEN_OVER)
    assert server.sign_in("nusumi", OWN_PASSWORD) is SignInProblem.TERMINAL_REVOKED
    terminal.install()
    assert server.sign_in("nusumi", OWN_PASSWORD) is SignInProblem.TERMINAL_REVOKED
    assert "revoked" in debian.refused("terminal", "revoke", "盗難")
    # found again: a new certificate, and the old ones stay out
    terminal.ask()
    assert server.sign_in("nusumi", OWN_PASSWORD) is SignInProblem.TERMINAL_UNKNOWN
    terminal.install()
    assert isinstance(server.sign_in("nusumi", OWN_PASSWORD), SignedIn)
    server.close()


PLAN = plan_text(TRAINING_PLAN)


def test_settings_and_the_branch_reach_the_terminal(
    debian: DebianCluster, tmp_path: Path, ring: MemoryKeyring
) -> None:
    terminal = Enrolled(debian, tmp_path, "設定")
    terminal.ask("--set", "idle_seconds=120", "receipt_printer=EPSON TM-m30")
    terminal.install()
    debian.done("terminal", "set", "設定", "branch=tsujido", "receipt_printer=", f"scanner={PLAN}")
    kept = debian.psql(
        "select b.code, t.settings from account.terminal t join branch b on b.id = t.branch_id"
        " where t.name = '設定'"
    )
    code, settings = kept.split("|")
    assert code == "tsujido"
    assert json.loads(settings) == {"idle_seconds": 120, "scanner": json.loads(PLAN)}
    line = next(line for line in debian.done("terminal", "list") if line.startswith("設定\t"))
    assert line.split("\t")[1] == "tsujido"
    assert "no such branch" in debian.refused("terminal", "set", "設定", "branch=nowhere")
    assert "no such terminal" in debian.refused("terminal", "set", "ない端末", "idle_seconds=60")


def test_what_is_printed_is_the_fingerprint_of_what_is_written(
    debian: DebianCluster, tmp_path: Path, ring: MemoryKeyring
) -> None:
    lines = Enrolled(debian, tmp_path, "指紋").ask()
    authority = x509.load_pem_x509_certificate((tmp_path / "ca.crt").read_bytes())
    assert lines[-1].split()[-1] == authority.fingerprint(hashes.SHA256()).hex(":").upper()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("colour=red", "no setting of a terminal"),
        ("idle_seconds", "no setting of a terminal|idle_seconds"),
        ("idle_seconds=5", "30 to 3600"),
        ("idle_seconds=-60", "30 to 3600"),
        ("idle_seconds=１２０", "30 to 3600"),
        ("idle_seconds=forever", "30 to 3600"),
        ("branch=", "stands in one"),
        ("branch=../etc", "branch's code"),
        ("label_printer=a\x07b", "printer's name"),
        ("scanner=[1]", "code plan"),
        ("scanner=Not A Plan", "code plan"),
        ('scanner={"prefix": "a"}', "code plan"),
        ("scanner=training", "code plan"),
    ],
)
def test_a_setting_that_is_none_is_refused_with_a_sentence(word: str, said: str) -> None:
    with pytest.raises(CannotDo, match=said):
        read_settings([word])


def test_what_is_no_request_is_not_signed(debian: DebianCluster, tmp_path: Path) -> None:
    file = tmp_path / "a.csr"
    enrol = (
        "terminal",
        "enrol",
        "偽",
        "--branch",
        "sogo",
        "--request",
        str(file),
        "--out",
        str(tmp_path / "a.crt"),
    )
    assert "cannot be read" in debian.refused(*enrol)
    file.write_bytes(b"-----BEGIN CERTIFICATE REQUEST-----\n")
    debian.refused(*enrol)
    file.write_bytes(b"x" * 100_000)
    assert "too large" in debian.refused(*enrol)
    assert list(tmp_path.iterdir()) == [file]
    assert serials(debian, "偽") == ""


def test_staff_with_a_plain_connection_or_another_database_are_refused(debian: DebianCluster) -> None:
    new_person(debian, "hadaka")
    import psycopg

    for database, mode in (("madoguchi", "disable"), ("postgres", "require"), ("madoguchi", "require")):
        with pytest.raises(psycopg.OperationalError, match=r"pg_hba.conf|client certificate"):
            psycopg.connect(
                host="127.0.0.1", port=debian.port, user="hadaka", password="x", dbname=database, sslmode=mode
            )
