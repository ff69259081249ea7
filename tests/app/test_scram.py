"""Verifiers made on the terminal: a real PostgreSQL lets their passwords in, and makes the same of each."""

import base64
import hashlib
import hmac
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.app.staff.scram import VERIFIER, make_verifier, prepare, stored_key
from tests.server.odbc_helpers import engine_on
from tests.support.cluster import Cluster

ROLE = "scram_clerk"
PASSWORDS = [
    "三角定規 7 本", " 前後に空白 ", "Ｐａｓｓ　ｗｏｒｄ１２", "soft\u00adhyphen", "か\u3099ﾊﾟ㌔①",
    "100%+{};'\"\\}{", "é€", "emoji 😀 Ｐ", "\u200b\u00a0x", "שלום", "mixed שלום", "tab\tと改行\n", "\u00ad",
    "𠮷" * 64, "㍿" * 64,
]  # fmt: skip


@pytest.fixture(scope="module")
def role(cluster: Cluster) -> Iterator[str]:
    """A login without a password yet."""
    cluster.psql("postgres", f"CREATE ROLE {ROLE} LOGIN")
    yield ROLE
    cluster.psql("postgres", f"DROP ROLE {ROLE}")


@pytest.fixture(scope="module")
def superuser(cluster: Cluster) -> Iterator["psycopg.Connection[tuple[str]]"]:
    """A session in which PostgreSQL is asked what it makes of a password."""
    with psycopg.connect(cluster.conninfo("postgres"), autocommit=True) as session:
        yield session


def parts(verifier: str) -> tuple[str, int, str, str]:
    _, salted, keys = verifier.split("$")
    iterations, salt = salted.split(":")
    stored, server = keys.split(":")
    return salt, int(iterations), stored, server


def test_the_exchange_of_rfc_7677() -> None:
    verifier = make_verifier("pencil", salt=base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="))
    salt, iterations, stored, server = parts(verifier)
    assert (salt, iterations) == ("W22ZaJ0SNY7soEsUEjb6gQ==", 4096)
    nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    message = f"n=user,r=rOprNGfwEbeRWgbNEkqO,r={nonce},s={salt},i=4096,c=biws,r={nonce}".encode()
    signature = hmac.digest(base64.b64decode(server), message, "sha256")
    assert base64.b64encode(signature) == b"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    proof = base64.b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    mask = hmac.digest(base64.b64decode(stored), message, "sha256")
    client_key = bytes(left ^ right for left, right in zip(proof, mask, strict=True))
    assert hashlib.sha256(client_key).digest() == base64.b64decode(stored)


@pytest.mark.parametrize("password", PASSWORDS)
def test_the_password_signs_in(cluster: Cluster, role: str, password: str) -> None:
    cluster.psql("postgres", f"ALTER ROLE {role} PASSWORD '{make_verifier(password)}'")
    with psycopg.connect(cluster.conninfo("postgres", user=role, password=password)) as session:
        assert session.execute("SELECT current_user").fetchone() == (role,)
    with (
        engine_on(cluster.url("postgres", user=role, password=password)) as engine,
        engine.connect() as connection,
    ):
        assert connection.scalar(sa.text("SELECT current_user")) == role
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.conninfo("postgres", user=role, password=password + "x"))


def test_the_server_keeps_it_as_it_is(cluster: Cluster, role: str) -> None:
    verifier = make_verifier("三角定規 7 本")
    cluster.psql("postgres", f"ALTER ROLE {role} PASSWORD '{verifier}'")
    kept = cluster.psql("postgres", f"SELECT rolpassword FROM pg_authid WHERE rolname = '{role}'")
    assert kept == verifier


# Letters of every kind, with those that SASLprep maps, joins or prohibits coming up often.
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from(
    "aB1 か\u3099ｶﾞ\u00ad\u200b\u200d\u3000\ufeff㍿ﬁ½"
    "\u0340\u0627\u05d0\u0661😀\t\u0344\u212b가\u1100\u1161\u11a8"
)


@settings(max_examples=300)
@given(password=st.text(LETTERS, min_size=1, max_size=12))
def test_postgresql_makes_the_same_of_any_password(
    superuser: "psycopg.Connection[tuple[str]]", role: str, password: str
) -> None:
    literal = psycopg.sql.Literal(password)
    superuser.execute(psycopg.sql.SQL("ALTER ROLE scram_clerk PASSWORD {}").format(literal))
    found = superuser.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [role]).fetchone()
    assert found is not None
    assert VERIFIER.fullmatch(found[0])
    salt, iterations, stored, _ = parts(found[0])
    assert stored_key(password, salt, iterations) == stored
    assert make_verifier(password, salt=base64.b64decode(salt)) == found[0]


@settings(max_examples=50)
@given(password=st.text(LETTERS, min_size=1, max_size=80))
def test_an_old_password_is_known_by_its_key(password: str) -> None:
    verifier = make_verifier(password)
    assert VERIFIER.fullmatch(verifier)
    salt, iterations, stored, _ = parts(verifier)
    assert stored_key(password, salt, iterations) == stored
    assert stored_key(password + "x", salt, iterations) != stored
    assert make_verifier(password) != verifier


def test_forms_that_are_the_same_password() -> None:
    assert prepare("Ｐａｓｓ　ｗｏｒｄ") == prepare("Pass word") == "Pass word"
    assert prepare("soft\u00adhyphen") == "softhyphen"
    assert prepare("か\u3099") == prepare("が") == prepare("が\u200d")
    assert prepare("ｶﾞ") == "ガ"


@pytest.mark.parametrize("password", ["é\t", "😀", "a שלום", "\u00ad", "\ud800", "あ\ue000"])
def test_what_saslprep_prohibits(password: str) -> None:
    assert prepare(password) is None


@pytest.mark.parametrize("password", ["", "秘密\0", "秘密\ud800"])
def test_what_no_login_can_send_is_refused_without_being_told(password: str) -> None:
    with pytest.raises(ValueError, match="password") as caught:
        make_verifier(password)
    assert "秘密" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    ("salt", "iterations"),
    [("AAAA", 4096), ("", 4096), ("é" * 24, 4096), ("A" * 22 + "==", 4095), ("A" * 22 + "==", 1_000_001),
     ("A" * 92, 4096), ("A" * 22 + "==\n", 4096)],
)  # fmt: skip
def test_a_server_cannot_ask_for_a_weak_key(salt: str, iterations: int) -> None:
    with pytest.raises(ValueError, match=r"salt|iterations"):
        stored_key("三角定規 7 本", salt, iterations)


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="salt"):
        make_verifier("三角定規 7 本", salt=bytes(12))


@pytest.mark.parametrize(
    "text",
    ["", "x{}", "{}\n", "{} ", "md5" + "0" * 32, "SCRAM-SHA-256$1:{}", "plain", "'{}'"],
)
def test_what_is_no_verifier(text: str) -> None:
    assert VERIFIER.fullmatch(text.format(make_verifier("三角定規 7 本"))) is None


def test_another_count_is_no_verifier() -> None:
    verifier = make_verifier("三角定規 7 本")
    assert VERIFIER.fullmatch(verifier.replace("$4096:", "$1:")) is None
    assert VERIFIER.fullmatch(verifier.replace("$4096:", "$40960:")) is None
