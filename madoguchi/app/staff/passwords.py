"""Password verifiers of the embedded library. A PostgreSQL server keeps its own, in its logins."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

_N, _R, _P, _LENGTH = 2**14, 8, 1, 32

NOBODY = "scrypt$" + base64.b64encode(bytes(16)).decode() + "$" + base64.b64encode(bytes(_LENGTH)).decode()
"""A verifier that no password is known to match; checking it costs what checking a real one costs."""


def make_verifier(password: str) -> str:
    """A salted scrypt verifier of ``password``, as text."""
    salt = secrets.token_bytes(16)
    return "scrypt${}${}".format(
        *(base64.b64encode(part).decode() for part in (salt, _derive(password, salt)))
    )


def verify(password: str, verifier: str) -> bool:
    """Whether ``password`` is the one the verifier was made of.

    Raises:
        ValueError: the verifier is not one of ours.
    """
    scheme, *parts = verifier.split("$")
    salt, expected = (base64.b64decode(part, validate=True) for part in parts)
    if scheme != "scrypt" or not salt or len(expected) != _LENGTH:
        raise ValueError("not a scrypt verifier")
    return hmac.compare_digest(_derive(password, salt), expected)


def _derive(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P, dklen=_LENGTH)
