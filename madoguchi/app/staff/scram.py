"""SCRAM-SHA-256 verifiers for the PostgreSQL server, made on the terminal. Pure.

A password in a statement would be readable in the server's log and in pg_stat_activity. What is sent instead
is what PostgreSQL would make of it: RFC 5802, RFC 7677 and, for the password's form, SASLprep (RFC 4013) with
PostgreSQL's own choices (its src/common/saslprep.c and src/common/scram-common.c).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import stringprep
import unicodedata
from typing import Final

# Not more, though more would be slower to guess: to a login that does not exist PostgreSQL shows a made-up
# challenge with 4096 (SCRAM_SHA_256_DEFAULT_ITERATIONS). Any other count would tell which logins exist.
ITERATIONS: Final = 4096

_SALT_BYTES: Final = 16  # SCRAM_DEFAULT_SALT_LEN, which the made-up challenge has too

# What a server may ask us to derive a key with. A short salt or a low count would make the answer easier to
# turn back into the password; a very high one would hold the terminal.
_SALT_LENGTHS: Final = range(_SALT_BYTES, 65)
_ITERATIONS_ANSWERED: Final = range(ITERATIONS, 1_000_001)

VERIFIER: Final = re.compile(
    r"SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{21}[AQgw]==\$"
    r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="
)
"""A verifier of ours, whole (use ``fullmatch``): 4096 rounds, 16 bytes of salt, two keys of 32 bytes."""

_PROHIBITED: Final = (
    stringprep.in_table_a1,
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


def make_verifier(password: str, *, salt: bytes | None = None) -> str:
    """What ``CREATE ROLE ... PASSWORD`` takes in place of ``password``, with a fresh salt.

    ``salt`` is for tests against known answers: 16 bytes.

    Raises:
        ValueError: the password is empty or holds a NUL or half a surrogate pair, which no login could send;
            or the salt is not 16 bytes. The message never holds the password.
    """
    salt = secrets.token_bytes(_SALT_BYTES) if salt is None else salt
    if len(salt) != _SALT_BYTES:
        raise ValueError("the salt must be 16 bytes")
    salted = _salted_password(password, salt, ITERATIONS)
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    parts = (_base64(part) for part in (salt, _stored_key(salted), server_key))
    return "SCRAM-SHA-256$4096:{}${}:{}".format(*parts)


def stored_key(password: str, salt_base64: str, iterations: int) -> str:
    """The StoredKey of ``password`` under another verifier's salt, in base64.

    Equal to that verifier's own StoredKey when it was made of the same password: so the server can refuse an
    old password without seeing the new one.

    Raises:
        ValueError: as `make_verifier`; or the salt is not base64 of 16 to 64 bytes, or ``iterations`` is not
            between 4096 and a million.
    """
    try:
        salt = base64.b64decode(salt_base64, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("the salt is not base64") from None
    if len(salt) not in _SALT_LENGTHS:
        raise ValueError("the salt is too short or too long")
    if iterations not in _ITERATIONS_ANSWERED:
        raise ValueError("too few or too many iterations")
    return _base64(_stored_key(_salted_password(password, salt, iterations)))


def prepare(password: str) -> str | None:
    """``password`` in the form PostgreSQL hashes (SASLprep): full-width letters become plain ones.

    None when SASLprep prohibits it (a character newer than Unicode 3.2 such as an emoji, a control character,
    mixed directions); PostgreSQL then hashes the bytes as they were typed.
    """
    if password.isascii():
        return password  # PostgreSQL's short way, which lets control characters through
    mapped = "".join(
        # Spaces first: U+200B is in both tables.
        " " if stringprep.in_table_c12(character) else character
        for character in password
        if stringprep.in_table_c12(character) or not stringprep.in_table_b1(character)
    )
    if not mapped:
        return None
    # RFC 4013 says to look at the normalised text. PostgreSQL looks at what it was made of, and we must agree
    # with PostgreSQL.
    if any(is_prohibited(character) for character in mapped for is_prohibited in _PROHIBITED):
        return None
    if any(map(stringprep.in_table_d1, mapped)) and (
        any(map(stringprep.in_table_d2, mapped))
        or not stringprep.in_table_d1(mapped[0])
        or not stringprep.in_table_d1(mapped[-1])
    ):
        return None
    return unicodedata.normalize("NFKC", mapped)


def _salted_password(password: str, salt: bytes, iterations: int) -> bytes:
    if not password or "\0" in password:
        raise ValueError("a password is not empty and holds no NUL")
    prepared = prepare(password)
    try:
        hashed = (password if prepared is None else prepared).encode()
    except UnicodeEncodeError:
        # Without its cause, which would carry the password.
        raise ValueError("the password holds half a surrogate pair") from None
    return hashlib.pbkdf2_hmac("sha256", hashed, salt, iterations)


def _stored_key(salted_password: bytes) -> bytes:
    return hashlib.sha256(hmac.digest(salted_password, b"Client Key", "sha256")).digest()


def _base64(part: bytes) -> str:
    return base64.b64encode(part).decode("ascii")
