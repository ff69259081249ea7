"""How a terminal comes by its certificate: it asks with a file and installs what the administrator signed."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from madoguchi.app.terminal.identity import Identity


class CannotEnrol(Exception):
    """What was typed does not fit; the message is a sentence."""


def enrol(
    identity: Identity,
    *,
    name: str | None,
    request: Path,
    certificate: Path | None,
    authority: Path | None,
) -> list[str]:
    """Writes a request, installs a certificate, or with neither forgets all; returns the lines to print.

    Raises:
        CannotEnrol: the name cannot stand in a certificate, or the authority's file was not named.
        NoIdentity: the keyring cannot be used, or the certificate is none for this terminal.
        OSError: a file cannot be read or written.
    """
    if name is not None:
        try:
            request.write_bytes(identity.begin(name))
        except ValueError as error:
            raise CannotEnrol(f"--name: {error}") from error
        return [
            f"申請を書きました: {request}",
            "管理者に渡し、署名された証明書と ca.crt を受け取ってください",
        ]
    if certificate is not None:
        if authority is None:
            raise CannotEnrol("--authority ca.crt も指定してください")
        known_by = authority.read_bytes()
        identity.install(certificate.read_bytes(), known_by)
        return [
            f"証明書を使い始めました。期限 {identity.valid_until():%Y-%m-%d}",
            f"認証局の指紋 SHA-256 {_fingerprint(known_by)}",
            "管理者の控えと同じか、確かめてください",
        ]
    identity.remove()
    return ["この端末の鍵と証明書を消しました。管理者に登録の取り消しを依頼してください"]


def _fingerprint(certificate_pem: bytes) -> str:
    return x509.load_pem_x509_certificate(certificate_pem).fingerprint(hashes.SHA256()).hex(":").upper()
