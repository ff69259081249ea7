"""The key that signs what is exported of the audit: its public half tells what is this server's."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from madoguchi.app.admin.said import CannotDo
from madoguchi.app.files import make_folder, write

_PRIVATE, _PUBLIC = "audit.key", "audit.pub"


def make_signing_key(folder: Path) -> None:
    """Makes the pair of keys in ``folder`` unless it is there. Raises OSError."""
    if (folder / _PRIVATE).exists():
        return
    unfinished = folder.with_name(folder.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    make_folder(unfinished, 0o700)
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write(unfinished / _PUBLIC, public, 0o644)
    write(unfinished / _PRIVATE, private, 0o600)
    unfinished.rename(folder)


def public_key_file(folder: Path) -> Path:
    """The public half: it is to be kept elsewhere, by whoever checks exports."""
    return folder / _PUBLIC


def sign(folder: Path, message: bytes) -> bytes:
    """Signs a message.

    Raises:
        CannotDo: the key is not there, damaged, or open to others.
    """
    file = folder / _PRIVATE
    try:
        if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise CannotDo(f"{file}: others may read it; close it with chmod 600")
        key = load_pem_private_key(file.read_bytes(), None)
    except OSError as error:
        raise CannotDo(f"{file}: cannot be read ({error.strerror}); run it as root") from error
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise CannotDo(f"{file}: it is damaged") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CannotDo(f"{file}: not a key that signs exports")
    return key.sign(message)


def is_signed(public_key: Path, message: bytes, signature: bytes) -> bool:
    """Whether a signature was made with the key's private half.

    Raises:
        CannotDo: the public key cannot be read.
    """
    try:
        key = load_pem_public_key(public_key.read_bytes())
    except OSError as error:
        raise CannotDo(f"{public_key}: cannot be read ({error.strerror})") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CannotDo(f"{public_key}: not a public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise CannotDo(f"{public_key}: not a key that signs exports")
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
