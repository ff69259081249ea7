"""The administrator's desk and a terminal's, for tests: an authority, and fixtures for test modules.

The fixtures are imported with `ring` of keyring_backend and named in the test module's `__all__`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from madoguchi.app.admin.authority import Authority, SignedCertificate
from madoguchi.app.terminal.identity import Identity
from tests.support.keyring_backend import MemoryKeyring

NAME = "中央1番窓口"
AWKWARD = "it's {端末}; 1 %41+=\\ " + "x" * 200


@dataclass(frozen=True)
class Office:
    """The administrator's desk: an authority, and its key for what `Authority` would never sign."""

    authority: Authority
    folder: Path

    def sign(self, request: bytes, *, days: int = 397) -> SignedCertificate:
        return self.authority.sign_terminal(request, name=NAME, days=days)

    def enrol(self, identity: Identity) -> SignedCertificate:
        """Go the whole way once."""
        signed = self.sign(identity.begin(NAME))
        identity.install(signed.pem, self.authority.certificate_pem)
        return signed

    def sign_oddly(
        self,
        request: bytes,
        *,
        starts: dt.timedelta = dt.timedelta(hours=-2),
        ends: dt.timedelta = dt.timedelta(days=1),
        purposes: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.CLIENT_AUTH,),
        ca: bool = False,
    ) -> bytes:
        """A certificate by the authority's own key, with what a test asks for."""
        key = load_pem_private_key((self.folder / "ca.key").read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]))
            .issuer_name(x509.load_pem_x509_certificate(self.authority.certificate_pem).subject)
            .public_key(x509.load_pem_x509_csr(request).public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + starts)
            .not_valid_after(now + ends)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The library's authority."""
    folder = tmp_path_factory.mktemp("office") / "ca"
    return Office(Authority.create(folder, name="市立図書館 認証局"), folder)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An authority of the same name that is not the library's."""
    folder = tmp_path_factory.mktemp("stranger") / "ca"
    return Office(Authority.create(folder, name="市立図書館 認証局"), folder)


@pytest.fixture
def identity(tmp_path: Path, ring: MemoryKeyring) -> Identity:
    """A terminal that is not enrolled yet, in a folder whose name tries every quoting on the way to libpq."""
    return Identity(tmp_path / AWKWARD / "identity")
