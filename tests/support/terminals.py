"""Certificates for the terminals of a counter, signed by the authority of a test's cluster."""

import datetime
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from madoguchi.app.terminal.identity import Identity

if TYPE_CHECKING:
    from tests.support.cluster import Cluster

_FIRST_SERIAL = 1000
_LIFE = datetime.timedelta(days=30)


@dataclass(frozen=True)
class TerminalCertificate:
    """One terminal's certificate and key (PEM, the key without a passphrase), and the serial number in it."""

    serial: int
    cert: Path
    key: Path


def terminal_certificate(cluster: "Cluster", number: int) -> TerminalCertificate:
    """Return the certificate of terminal `number` (0 or more), made when it is first asked for.

    Its serial number is 1000 + `number`, so a test can write a terminal's row before the certificate exists.
    """
    place = cluster.directory / "terminals"
    made = TerminalCertificate(_FIRST_SERIAL + number, place / f"{number}.crt", place / f"{number}.key")
    if not made.cert.exists():
        place.mkdir(mode=0o700, exist_ok=True)
        _make(made, f"terminal {number}", cluster)
    return made


def enrol(cluster: "Cluster", number: int, identity: Identity) -> None:
    """Has the authority sign the certificate of terminal `number` for a key that `identity` makes.

    So the program itself can be that terminal; the key's passphrase goes into this process's keyring.
    """
    name = f"terminal {number}"
    request = x509.load_pem_x509_csr(identity.begin(name))
    key = request.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    signed = _signed(cluster, name, _FIRST_SERIAL + number, key)
    identity.install(signed.public_bytes(serialization.Encoding.PEM), cluster.ca_file.read_bytes())


def _make(wanted: TerminalCertificate, name: str, cluster: "Cluster") -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    cert = _signed(cluster, name, wanted.serial, key.public_key())
    _write(
        wanted.key,
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )
    _write(wanted.cert, cert.public_bytes(serialization.Encoding.PEM))


def _signed(
    cluster: "Cluster", name: str, serial: int, public_key: ec.EllipticCurvePublicKey
) -> x509.Certificate:
    authority = x509.load_pem_x509_certificate(cluster.ca_file.read_bytes())
    signer = serialization.load_pem_private_key(cluster.ca_key.read_bytes(), password=None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    # The authority may be some milliseconds old: no certificate of its begins before it does.
    begin = authority.not_valid_before_utc
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(authority.subject)
        .public_key(public_key)
        .serial_number(serial)
        .not_valid_before(begin)
        .not_valid_after(begin + _LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(signer, hashes.SHA256())
    )


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
