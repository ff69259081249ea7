"""The library's own certificate authority: it says which machines are terminals, and which one the server is.

It lives on the administrator's machine. Whoever has `ca.key` can make terminals: the folder belongs on an
encrypted disk, better on a stick in the safe.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import re
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from madoguchi.app.terminal.names import LONGEST_BYTES, subject

_AUTHORITY_DAYS: Final = 3653
# A clock that is a little slow must not refuse a certificate made a moment ago.
_BACKDATED: Final = dt.timedelta(hours=1)
_LARGEST_REQUEST: Final = 16_384
_SMALLEST_RSA: Final = 2048
_CURVES: Final = (ec.SECP256R1, ec.SECP384R1)
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"(?=.{{1,253}}\Z)({_LABEL}\.)*{_LABEL}")

_PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class _WithSentence(Exception):
    """Says what is wrong in one sentence, for the administrator."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence_ja = sentence


class NotARequest(_WithSentence):
    """What should be signed is no request of a terminal, or one that is not to be signed."""


class NotAnAuthority(_WithSentence):
    """The folder holds no usable authority."""


@dataclass(frozen=True, slots=True)
class SignedCertificate:
    """A terminal's certificate.

    Attributes:
        serial: its number, below 2**127; the server knows the terminal by it (`ssl_client_serial()`).
        pem: the certificate, to be brought back to the terminal. It is no secret.
        not_after: the last moment it is taken, UTC.
    """

    serial: int
    pem: bytes
    not_after: dt.datetime


class Authority:
    """A certificate authority in a folder: `ca.crt`, for everybody, and `ca.key`, for nobody."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self._certificate = certificate

    @classmethod
    def create(cls, folder: Path, *, name: str) -> Authority:
        """Makes an authority called `name` in `folder`, which is made too and closed to everybody else.

        Raises:
            FileExistsError: there is something in the folder.
            OSError: it cannot be written.
            ValueError: the name cannot stand in a certificate.
        """
        issuer = subject(name)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FileExistsError(None, "holds something already", str(folder))
        folder.chmod(0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        now = dt.datetime.now(dt.UTC)
        made = (
            _builder(issuer, issuer, key.public_key(), now, now + dt.timedelta(days=_AUTHORITY_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        _write_new(folder / "ca.key", _private_pem(key), 0o600)
        _write_new(folder / "ca.crt", made.public_bytes(Encoding.PEM), 0o644)
        return cls(key, made)

    @classmethod
    def open(cls, folder: Path) -> Authority:
        """The authority that was made in `folder`.

        Raises:
            NotAnAuthority: a file is missing, damaged or open to others, or the authority is out of date.
        """
        key_file = folder / "ca.key"
        try:
            certificate = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())
            key = load_pem_private_key(key_file.read_bytes(), password=None)
            mode = key_file.stat().st_mode
        except OSError as error:
            raise NotAnAuthority(f"{folder}: 認証局のファイルを読めません ({error.strerror})") from error
        except (TypeError, ValueError, UnsupportedAlgorithm) as error:
            raise NotAnAuthority(f"{folder}: 認証局のファイルが壊れています") from error
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise NotAnAuthority(f"{key_file}: ほかの人が読めます。chmod 600 で閉じてください")
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise NotAnAuthority(f"{folder}: ca.key は ca.crt の鍵ではありません")
        if certificate.not_valid_after_utc <= dt.datetime.now(dt.UTC):
            raise NotAnAuthority(f"{folder}: 認証局の期限が切れています。新しく作ってください")
        return cls(key, certificate)

    @property
    def certificate_pem(self) -> bytes:
        """The authority's own certificate, for the terminals and the server. It is no secret."""
        return self._certificate.public_bytes(Encoding.PEM)

    def sign_terminal(self, request_pem: bytes, *, name: str, days: int = 397) -> SignedCertificate:
        """Signs a terminal's request under the name the administrator gives it, for `days` days.

        Nothing but the public key is taken from the request. No certificate outlives its authority.

        Raises:
            NotARequest: it cannot be read, is not signed by its own key, or the key is too weak.
            ValueError: the name cannot stand in a certificate, or `days` is not positive.
        """
        key = _requested_key(request_pem)
        signed = self._signed(subject(name), key, days, ExtendedKeyUsageOID.CLIENT_AUTH, [])
        return SignedCertificate(
            signed.serial_number, signed.public_bytes(Encoding.PEM), signed.not_valid_after_utc
        )

    def server_certificate(self, hosts: Sequence[str], folder: Path, *, days: int = 825) -> None:
        """Makes the lending server's `server.key` and `server.crt` in `folder`, for `days` days.

        `hosts` are the names and addresses the terminals may reach it by; the first is its subject. The key
        belongs to whoever runs this: PostgreSQL wants it owned by its own account or by root.

        Raises:
            FileExistsError: one of the files is there; a running server's key is not changed under it.
            OSError: the folder cannot be written.
            ValueError: no host, or one that is neither an ASCII name nor an address; `days` is not positive.
        """
        names = [_general_name(host) for host in hosts]
        if not names:
            raise ValueError("サーバーの名前またはアドレスを1つ以上指定してください")
        # the subject is for people to read; what counts is the list of names
        whose = subject(hosts[0][:LONGEST_BYTES])
        self._make(folder, "server", whose, days, ExtendedKeyUsageOID.SERVER_AUTH, names)

    def standby_certificate(self, name: str, folder: Path, *, days: int = 825) -> None:
        """Makes `standby.key` and `standby.crt` in `folder`: one of two hosts shows it to copy the other.

        No terminal's: its number is never enrolled, and so it lets nobody on staff do anything.

        Raises:
            FileExistsError: one of the files is there.
            OSError: the folder cannot be written.
            ValueError: the name cannot stand in a certificate, or `days` is not positive.
        """
        self._make(folder, "standby", subject(name), days, ExtendedKeyUsageOID.CLIENT_AUTH, [])

    def _make(
        self,
        folder: Path,
        stem: str,
        whose: x509.Name,
        days: int,
        purpose: x509.ObjectIdentifier,
        names: Sequence[x509.GeneralName],
    ) -> None:
        key_file, certificate_file = folder / f"{stem}.key", folder / f"{stem}.crt"
        for file in (key_file, certificate_file):
            if file.exists():
                raise FileExistsError(None, "is there already", str(file))
        key = ec.generate_private_key(ec.SECP256R1())
        signed = self._signed(whose, key.public_key(), days, purpose, names)
        folder.mkdir(parents=True, exist_ok=True)
        _write_new(key_file, _private_pem(key), 0o600)
        _write_new(certificate_file, signed.public_bytes(Encoding.PEM), 0o644)

    def _signed(
        self,
        whose: x509.Name,
        key: _PublicKey,
        days: int,
        purpose: x509.ObjectIdentifier,
        names: Sequence[x509.GeneralName],
    ) -> x509.Certificate:
        if days < 1:
            raise ValueError("有効日数は1日以上にしてください")
        now = dt.datetime.now(dt.UTC)
        last = self._certificate.not_valid_after_utc
        # compared as days, so that an absurd number is cut off and no error
        until = last if days >= (last - now).days else now + dt.timedelta(days=days)
        own = self._certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        builder = (
            _builder(whose, self._certificate.subject, key, now, until)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False
            )
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256())


def _builder(
    whose: x509.Name, issuer: x509.Name, key: _PublicKey, now: dt.datetime, until: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(issuer)
        .public_key(key)
        # 127 bits at most: short enough for every column and list it is copied into, too many to guess
        .serial_number(secrets.randbits(126) + 1)
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _requested_key(request_pem: bytes) -> _PublicKey:
    """The public key of a request that is signed by it. Raises NotARequest."""
    if len(request_pem) > _LARGEST_REQUEST:
        raise NotARequest("端末の申請ファイルとしては大きすぎます")
    try:
        request = x509.load_pem_x509_csr(request_pem)
        signed = request.is_signature_valid
        key = request.public_key()
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise NotARequest("端末の申請ファイルではないか、壊れています") from error
    if not signed:
        raise NotARequest("申請の署名が鍵と合いません。端末で申請を作り直してください")
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES):
        return key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _SMALLEST_RSA:
        return key
    raise NotARequest("この種類または長さの鍵には署名できません (EC P-256・P-384、RSA 2048以上)")


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        pass
    if not _HOST.fullmatch(host.lower()) or host.rpartition(".")[2].isdigit():
        raise ValueError(f"{host!r}: サーバーの名前でもアドレスでもありません")
    return x509.DNSName(host.lower())


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write_new(file: Path, content: bytes, mode: int) -> None:
    """Writes a file that must not be there yet, never open to more than `mode` says. Raises OSError."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(descriptor)
    file.chmod(mode)
