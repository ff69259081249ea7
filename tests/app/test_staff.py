"""Who works at the terminal: sign-in, passwords and permissions."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from madoguchi.app.lending.facts import Desk
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url
from madoguchi.app.server.tables.accounts import STAFF_ROLES
from madoguchi.app.staff.passwords import NOBODY, make_verifier, verify
from madoguchi.app.staff.permissions import Permission, Role, may
from madoguchi.app.staff.session import SignedIn, SignInProblem
from madoguchi.app.staff.sign_in import sign_in
from tests.support.library import SOGO, TODAY, SmallLibrary

TSUJIDO = 3
PASSWORD = "三角定規 7 本"


@pytest.fixture(scope="module")
def password_hash() -> str:
    """A verifier of `PASSWORD`; made once, for it is slow to make."""
    return make_verifier(PASSWORD)


@pytest.fixture
def staffed(library_file: Path, tmp_path: Path, password_hash: str) -> Iterator[SmallLibrary]:
    """A small library with staff of every kind."""
    path = tmp_path / "library.sqlite"
    shutil.copyfile(library_file, path)
    library = SmallLibrary(embedded_url(path))
    yesterday = TODAY - dt.timedelta(days=1)
    people = [
        ("hana", "職員 花", "counter_staff", None),
        ("itaku", "委託 良子", "contract_staff", TODAY),
        ("mae", "委託 前子", "contract_staff", yesterday),
        ("joho", "情報 守", "system_staff", None),
        ("anzen", "管理 正", "security_manager", None),
    ]
    with library.engine.connect() as connection:
        connection.execute(
            t.staff.insert(),
            [
                {
                    "login": login,
                    "name": name,
                    "role": role,
                    "password_hash": password_hash,
                    "active_until": until,
                }
                for login, name, role, until in people
            ],
        )
        connection.execute(
            t.staff_branch.insert(), [{"login": login, "branch_id": TSUJIDO} for login in ("itaku", "mae")]
        )
    yield library
    library.close()


def enter(
    library: SmallLibrary, login: str, password: str = PASSWORD, branch: str = "sogo"
) -> SignedIn | SignInProblem:
    """Signs in at a branch's first desk."""
    with library.engine.connect() as connection:
        return sign_in(connection, login=login, password=password, branch_code=branch, terminal="1番窓口")


@pytest.mark.parametrize("login", ["hana", " hana", "hana\n", "　hana　"])
def test_the_right_password_signs_in(staffed: SmallLibrary, login: str) -> None:
    assert enter(staffed, login) == SignedIn(
        desk=Desk(branch_id=SOGO, terminal="1番窓口", login="hana"),
        name="職員 花",
        role=Role.COUNTER_STAFF,
        branch="総合市民図書館",
        command_prefix=staffed.value(sa.select(t.policy.c.command_prefix)),
    )


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("hana", "三角定規 7本"),
        ("hana", ""),
        ("hana", PASSWORD + " "),
        ("dare", PASSWORD),
        ("", PASSWORD),
        ("' OR '1'='1", PASSWORD),
        ("HANA", PASSWORD),
        # its verifier matches no password
        ("clerk", ""),
    ],
)
def test_whoever_cannot_prove_who_they_are_is_not_known(
    staffed: SmallLibrary, login: str, password: str
) -> None:
    assert enter(staffed, login, password) is SignInProblem.NOT_KNOWN


def test_an_account_ends_with_its_last_day(staffed: SmallLibrary) -> None:
    assert isinstance(enter(staffed, "itaku", branch="tsujido"), SignedIn)
    assert enter(staffed, "mae", branch="tsujido") is SignInProblem.NOT_KNOWN
    staffed.pass_time(days=1)
    assert enter(staffed, "itaku", branch="tsujido") is SignInProblem.NOT_KNOWN


def test_the_last_day_is_the_librarys_own_and_not_that_of_utc(staffed: SmallLibrary) -> None:
    jst = dt.timezone(dt.timedelta(hours=9))
    staffed.set_clock(dt.datetime.combine(TODAY, dt.time(23, 59), jst))
    assert isinstance(enter(staffed, "itaku", branch="tsujido"), SignedIn)
    staffed.set_clock(dt.datetime.combine(TODAY + dt.timedelta(days=1), dt.time(0, 1), jst))
    assert enter(staffed, "itaku", branch="tsujido") is SignInProblem.NOT_KNOWN


def test_contract_staff_work_at_their_branches_only(staffed: SmallLibrary) -> None:
    """DOMAIN: "the contractor's staff at 辻堂 and 湘南大庭 only"."""
    assert enter(staffed, "itaku", branch="sogo") is SignInProblem.WRONG_BRANCH
    signed_in = enter(staffed, "itaku", branch="tsujido")
    assert isinstance(signed_in, SignedIn)
    assert (signed_in.desk.branch_id, signed_in.role) == (TSUJIDO, Role.CONTRACT_STAFF)


def test_a_wrong_password_does_not_learn_which_branches_a_login_has(staffed: SmallLibrary) -> None:
    assert enter(staffed, "itaku", "falsch", branch="sogo") is SignInProblem.NOT_KNOWN


def test_a_terminal_of_no_branch(staffed: SmallLibrary) -> None:
    with pytest.raises(LookupError, match="nowhere"):
        enter(staffed, "hana", branch="nowhere")


def test_no_password_is_kept(staffed: SmallLibrary) -> None:
    with staffed.engine.connect() as connection:
        kept = connection.execute(sa.select(t.staff.c.password_hash)).scalars().all()
    assert not any(PASSWORD in text for text in kept)


# -- passwords ---------------------------------------------------------------------------------------


def test_a_verifier_is_salted(password_hash: str) -> None:
    again = make_verifier(PASSWORD)
    assert again != password_hash
    assert verify(PASSWORD, again)
    assert verify(PASSWORD, password_hash)
    assert not verify(PASSWORD.upper() + "!", again)


def test_nobody_has_the_password_of_nobody() -> None:
    assert not verify("", NOBODY)
    assert not verify(PASSWORD, NOBODY)


def test_a_verifier_that_is_none_of_ours_is_an_error_and_no_wrong_password(password_hash: str) -> None:
    scheme, salt, expected = password_hash.split("$")
    for malformed in (
        "",
        PASSWORD,
        "$",
        f"{scheme}${salt}",
        f"{password_hash}$",
        f"bcrypt${salt}${expected}",
        f"{scheme}$${expected}",
        f"{scheme}${salt}$",
        f"{scheme}${salt}${expected[:-8]}",
        f"{scheme}${salt}$!{expected}",
        f"{scheme}${salt[:-2]}${expected}",
    ):
        with pytest.raises(ValueError, match=r".+"):
            verify(PASSWORD, malformed)


# -- permissions -------------------------------------------------------------------------------------


def test_the_permissions_are_domains_table() -> None:
    """DOMAIN, "Who works at a terminal": who may lend and waive, manage terminals, read the audit log."""
    lend, waive = Permission.LEND, Permission.OVERRIDE
    assert {role: {permission for permission in Permission if may(role, permission)} for role in Role} == {
        Role.COUNTER_STAFF: {lend, waive},
        Role.CONTRACT_STAFF: {lend, waive},
        Role.SYSTEM_STAFF: {Permission.MANAGE_TERMINALS},
        Role.SECURITY_MANAGER: {Permission.READ_AUDIT},
    }


def test_the_roles_are_those_the_schema_takes() -> None:
    assert sorted(role.value for role in Role) == sorted(STAFF_ROLES)
