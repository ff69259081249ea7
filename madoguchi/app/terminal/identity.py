"""Who this terminal is to the lending server: a certificate, and a private key that never leaves the machine.

The key is made here and lies encrypted in a file; its passphrase is in the operating system's keyring and
nowhere else. A copied disk without the keyring is worth nothing, and so is a keyring without the disk.

    folder/keys/<id>/key.pem, certificate.pem, authority.pem   one key and what belongs to it
    folder/pending                                             the <id> a certificate is asked for
    folder/current                                             the <id> that is used

A new certificate becomes the one in use by replacing the file `current`, at once or not at all.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
import secrets
import shutil
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from madoguchi.app.terminal.names import subject

KEYRING_SERVICE: Final = "madoguchi-terminal"

_KEY, _CERTIFICATE, _AUTHORITY = "key.pem", "certificate.pem", "authority.pem"
_ID: Final = re.compile(r"[0-9a-f]{32}")
_LARGEST_CERTIFICATE: Final = 65_536

_log = logging.getLogger(__name__)

_NOT_ENROLLED = "この端末はまだサーバーに登録されていません。管理者に登録を依頼してください"
_FILE_MISSING = "端末の鍵または証明書のファイルが使えません。管理者に登録のやり直しを依頼してください"
_KEYRING_EMPTY = (
    "端末の鍵のパスフレーズがOSのキーリングにありません。管理者に登録のやり直しを依頼してください"
)
_KEYRING_CLOSED = "OSのキーリングを使えません。端末にログインし直し、キーリングを開いてください"
_EXPIRED = "端末の証明書の期限が切れています。管理者に更新を依頼してください"
_TOO_EARLY = "端末の証明書はまだ有効ではありません。端末の時計を確かめてください"


class NoIdentity(Exception):
    """This terminal cannot say who it is.

    Attributes:
        sentence: why, and what helps, for whoever stands before the screen.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class CannotInstall(NoIdentity):
    """The certificate is not the one this terminal asked for, or no use to it. Nothing has changed."""


class Identity:
    """The terminal's key and certificate in `folder`, which is made when first needed.

    It holds no secret itself: each is read where it is used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __repr__(self) -> str:
        return f"Identity({str(self._folder)!r})"

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return self._folder

    # -- enrolling -------------------------------------------------------------------------------------

    def begin(self, name: str) -> bytes:
        """Makes a new key and returns the request for its certificate, as PEM, for the administrator.

        `name` is what the request says of the terminal; the administrator decides. A key made earlier and
        never installed is forgotten; the installed one goes on working until the new one is.

        Raises:
            NoIdentity: the keyring cannot be used.
            OSError: the folder cannot be written.
            ValueError: the name cannot stand in a certificate.
        """
        whose = subject(name)
        key = ec.generate_private_key(ec.SECP256R1())
        request = x509.CertificateSigningRequestBuilder().subject_name(whose).sign(key, hashes.SHA256())
        passphrase = secrets.token_urlsafe(32)
        kept = secrets.token_hex(16)
        # The folder comes before the passphrase and goes after it: whatever ends this process, no passphrase
        # stays in the keyring that nobody knows the name of.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / "keys").mkdir(mode=0o700, exist_ok=True)
        self._of(kept).mkdir(mode=0o700)
        _keep_passphrase(kept, passphrase)
        encrypted = key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode())
        )
        _write(self._of(kept) / _KEY, encrypted)
        _write(self._folder / "pending", kept.encode())
        self._sweep()
        return request.public_bytes(Encoding.PEM)

    def install(self, certificate_pem: bytes, authority_pem: bytes) -> None:
        """Takes the certificate the administrator signed into use, and the authority the server is known by.

        Whatever interrupts it, the terminal afterwards has the old identity or the new one, whole. The same
        certificate once more is no error.

        Raises:
            CannotInstall: no request is pending, or the certificate is not for its key, not signed by this
                authority, out of date, or not a terminal's.
            NoIdentity: the keyring cannot be used, or the pending key not be read.
            OSError: the folder cannot be written.
        """
        certificate = _parsed(certificate_pem, "証明書")
        authority = _parsed(authority_pem, "認証局の証明書")
        pending, current = self._named("pending"), self._named("current")
        if pending is None or pending == current:
            if current is not None and self._certificate_of(current) == certificate:
                self._forget_pending()
                return
            raise CannotInstall("この端末には証明書を待っている鍵がありません。申請から始めてください")
        _check(certificate, authority)
        if certificate.public_key() != self._key_of(pending, _passphrase(pending)).public_key():
            raise CannotInstall("この証明書は、この端末が最後に作った申請のものではありません")
        # written anew: a file may hold more than the one certificate that was checked
        _write(self._of(pending) / _CERTIFICATE, certificate.public_bytes(Encoding.PEM))
        _write(self._of(pending) / _AUTHORITY, authority.public_bytes(Encoding.PEM))
        _write(self._folder / "current", pending.encode())
        self._forget_pending()

    def remove(self) -> None:
        """Forgets keys, certificates and passphrases: this machine is no terminal any more.

        The files go whatever the keyring says. What it would not delete is tried again the next time.

        Raises:
            NoIdentity: the keyring cannot be used; the keys are gone already.
            OSError: the folder cannot be written.
        """
        for pointer in ("current", "pending"):
            (self._folder / pointer).unlink(missing_ok=True)
        _sync(self._folder)
        for kept in self._kept():
            for file in self._of(kept).iterdir():
                file.unlink()
        for kept in self._kept():
            self._drop(kept)

    # -- using it --------------------------------------------------------------------------------------

    def connection_options(self) -> dict[str, str]:
        """The query keys of the lending server's address: `sslcert`, `sslkey`, `sslpassword`, `sslrootcert`.

        The passphrase among them is shown by the `repr` of an address it is put into: give it to a connection
        with `present`, which keeps it out of there.

        Raises:
            NoIdentity: not enrolled, out of date, a file is missing or damaged, the keyring closed or empty.
        """
        current = self._named("current")
        if current is None:
            raise NoIdentity(_NOT_ENROLLED)
        certificate = self._certificate_of(current)
        now = dt.datetime.now(dt.UTC)
        if certificate.not_valid_after_utc < now:
            raise NoIdentity(_EXPIRED)
        if now < certificate.not_valid_before_utc:
            raise NoIdentity(_TOO_EARLY)
        passphrase = _passphrase(current)
        # the driver would only say that it cannot connect
        if self._key_of(current, passphrase).public_key() != certificate.public_key():
            raise NoIdentity(_FILE_MISSING)
        folder = self._of(current).absolute()
        if not (folder / _AUTHORITY).is_file():
            raise NoIdentity(_FILE_MISSING)
        return {
            "sslcert": str(folder / _CERTIFICATE),
            "sslkey": str(folder / _KEY),
            "sslpassword": passphrase,
            "sslrootcert": str(folder / _AUTHORITY),
        }

    def serial(self) -> int | None:
        """The number of the certificate in use; None where none is. Raises NoIdentity: it is damaged."""
        current = self._named("current")
        return None if current is None else self._certificate_of(current).serial_number

    def valid_until(self) -> dt.datetime | None:
        """The last moment the certificate in use is taken, UTC. Raises NoIdentity: it is damaged."""
        current = self._named("current")
        return None if current is None else self._certificate_of(current).not_valid_after_utc

    # -- the files -------------------------------------------------------------------------------------

    def _of(self, kept: str) -> Path:
        return self._folder / "keys" / kept

    def _named(self, pointer: str) -> str | None:
        """The key that `current` or `pending` names. Raises NoIdentity where the file says nothing usable."""
        try:
            name = (self._folder / pointer).read_text(encoding="ascii")
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise NoIdentity(_FILE_MISSING) from error
        if not _ID.fullmatch(name):
            raise NoIdentity(_FILE_MISSING)
        return name

    def _certificate_of(self, kept: str) -> x509.Certificate:
        try:
            return x509.load_pem_x509_certificate((self._of(kept) / _CERTIFICATE).read_bytes())
        except (OSError, ValueError) as error:
            raise NoIdentity(_FILE_MISSING) from error

    def _key_of(self, kept: str, passphrase: str) -> ec.EllipticCurvePrivateKey:
        try:
            key = load_pem_private_key((self._of(kept) / _KEY).read_bytes(), passphrase.encode())
        except (OSError, TypeError, ValueError, UnsupportedAlgorithm) as error:
            raise NoIdentity(_FILE_MISSING) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise NoIdentity(_FILE_MISSING)
        return key

    def _kept(self) -> list[str]:
        try:
            return [entry.name for entry in (self._folder / "keys").iterdir() if _ID.fullmatch(entry.name)]
        except FileNotFoundError:
            return []

    def _forget_pending(self) -> None:
        (self._folder / "pending").unlink(missing_ok=True)
        self._sweep()

    def _sweep(self) -> None:
        """Forgets the keys that are neither in use nor pending; what cannot be, waits for the next time."""
        wanted = {self._named("current"), self._named("pending")}
        for kept in self._kept():
            if kept in wanted:
                continue
            try:
                self._drop(kept)
            except (NoIdentity, OSError) as error:
                _log.warning("an old key of this terminal is not forgotten yet (%s)", type(error).__name__)

    def _drop(self, kept: str) -> None:
        _forget_passphrase(kept)
        shutil.rmtree(self._of(kept))


def _check(certificate: x509.Certificate, authority: x509.Certificate) -> None:
    """Raises CannotInstall unless `authority` is one, and `certificate` a terminal's that it signed."""
    now = dt.datetime.now(dt.UTC)
    for one, what in ((certificate, "証明書"), (authority, "認証局の証明書")):
        if one.not_valid_after_utc < now:
            raise CannotInstall(f"{what}の期限が切れています")
        if now < one.not_valid_before_utc:
            raise CannotInstall(f"{what}はまだ有効ではありません。端末の時計を確かめてください")
    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise CannotInstall("この証明書は、この認証局が署名したものではありません") from error
    if not _is_authority(authority):
        raise CannotInstall("認証局の証明書ではありません")
    if _is_authority(certificate) or not _is_for_clients(certificate):
        raise CannotInstall("端末用の証明書ではありません")


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _is_for_clients(certificate: x509.Certificate) -> bool:
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return ExtendedKeyUsageOID.CLIENT_AUTH in purposes


def _parsed(pem: bytes, what: str) -> x509.Certificate:
    try:
        if len(pem) > _LARGEST_CERTIFICATE:
            raise ValueError("too large")
        return x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise CannotInstall(f"{what}のファイルではないか、壊れています") from error


# -- the keyring ---------------------------------------------------------------------------------------


def _passphrase(kept: str) -> str:
    """Raises NoIdentity: the keyring cannot be used, or does not have it."""
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_password(KEYRING_SERVICE, kept)
    except KeyringError as error:
        raise NoIdentity(_KEYRING_CLOSED) from error
    if not found:
        raise NoIdentity(_KEYRING_EMPTY)
    return found


def _keep_passphrase(kept: str, passphrase: str) -> None:
    """Raises NoIdentity: the keyring cannot be used, or forgets what it is given."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(KEYRING_SERVICE, kept, passphrase)
        remembered = keyring.get_password(KEYRING_SERVICE, kept) == passphrase
    except KeyringError as error:
        raise NoIdentity(_KEYRING_CLOSED) from error
    if not remembered:
        raise NoIdentity(_KEYRING_CLOSED)


def _forget_passphrase(kept: str) -> None:
    """Raises NoIdentity: the keyring cannot be used."""
    import keyring
    from keyring.errors import KeyringError

    try:
        # backends differ in how they say that nothing was there
        if keyring.get_password(KEYRING_SERVICE, kept) is not None:
            keyring.delete_password(KEYRING_SERVICE, kept)
    except KeyringError as error:
        raise NoIdentity(_KEYRING_CLOSED) from error


# -- files ---------------------------------------------------------------------------------------------


def _write(file: Path, content: bytes) -> None:
    """Puts a file in place whole or not at all, readable by its owner alone. Raises OSError."""
    unfinished = file.with_name(file.name + ".new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(descriptor)
    unfinished.replace(file)
    _sync(file.parent)


def _sync(folder: Path) -> None:
    """Has the kernel write the names in a folder to the disk, where a folder can be opened for that."""
    if os.name != "posix" or not folder.exists():
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
