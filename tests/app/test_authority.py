"""The authority: what it signs, what it refuses, and that openssl reads its certificates as we mean them."""

from __future__ import annotations

import datetime as dt
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from madoguchi.app.admin.authority import Authority, NotAnAuthority, NotARequest, SignedCertificate

NAME = "中央1番窓口"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A new authority in `tmp_path / "ca"`."""
    return Authority.create(tmp_path / "ca", name="市立図書館 認証局")


def request(key: Key, *, common_name: str = "端末", extensions: bool = False) -> bytes:
    """A request for a certificate, as PEM."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, common_name),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Administrators"),
            ]
        )
    )
    if extensions:
        builder = (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("db.example")]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        )
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(key, algorithm).public_bytes(Encoding.PEM)


def signed(authority: Authority, **more: int) -> SignedCertificate:
    return authority.sign_terminal(request(ec.generate_private_key(ec.SECP256R1())), name=NAME, **more)


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def verifies(ca: Path, certificate: Path, purpose: str) -> bool:
    """What openssl says of a certificate used for `purpose`."""
    ran = subprocess.run(
        ["openssl", "verify", "-x509_strict", "-CAfile", ca, "-purpose", purpose, certificate],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return ran.returncode == 0


# -- the authority itself -----------------------------------------------------------------------------


def test_an_authority_is_made_closed_to_others_and_signs_no_further_ones(
    tmp_path: Path, authority: Authority
) -> None:
    folder = tmp_path / "ca"
    assert (mode(folder), mode(folder / "ca.key"), mode(folder / "ca.crt")) == (0o700, 0o600, 0o644)
    made = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())
    assert authority.certificate_pem == (folder / "ca.crt").read_bytes()
    assert made.extensions.get_extension_for_class(x509.BasicConstraints).value == x509.BasicConstraints(
        ca=True, path_length=0
    )
    usage = made.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.key_cert_sign, usage.crl_sign, usage.digital_signature) == (True, True, False)
    assert (made.not_valid_after_utc - made.not_valid_before_utc).days == 3653
    assert verifies(folder / "ca.crt", folder / "ca.crt", "any")


def test_an_authority_is_never_made_over_something(tmp_path: Path, authority: Authority) -> None:
    before = {file.name: file.read_bytes() for file in (tmp_path / "ca").iterdir()}
    with pytest.raises(FileExistsError):
        Authority.create(tmp_path / "ca", name="もう一つ")
    assert {file.name: file.read_bytes() for file in (tmp_path / "ca").iterdir()} == before


def test_an_authority_opened_again_signs_as_before(tmp_path: Path, authority: Authority) -> None:
    opened = Authority.open(tmp_path / "ca")
    ca = x509.load_pem_x509_certificate(authority.certificate_pem)
    x509.load_pem_x509_certificate(signed(opened).pem).verify_directly_issued_by(ca)


def test_what_is_no_authority_is_not_opened(tmp_path: Path, authority: Authority) -> None:
    folder = tmp_path / "ca"
    with pytest.raises(NotAnAuthority, match="読めません"):
        Authority.open(tmp_path / "nowhere")
    (folder / "ca.key").chmod(0o640)
    with pytest.raises(NotAnAuthority, match="ほかの人が読めます"):
        Authority.open(folder)
    (folder / "ca.key").chmod(0o600)
    Authority.create(tmp_path / "other", name="別の認証局")
    (folder / "ca.key").write_bytes((tmp_path / "other" / "ca.key").read_bytes())
    with pytest.raises(NotAnAuthority, match="鍵ではありません"):
        Authority.open(folder)
    (folder / "ca.key").write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(NotAnAuthority, match="壊れています"):
        Authority.open(folder)


def test_nothing_printed_of_an_authority_is_its_key(tmp_path: Path, authority: Authority) -> None:
    body = (tmp_path / "ca" / "ca.key").read_text().splitlines()[1]
    assert body not in repr(authority) + repr(signed(authority))


# -- terminals ----------------------------------------------------------------------------------------


def test_a_terminal_gets_the_administrators_name_and_nothing_it_asked_for(authority: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    given = authority.sign_terminal(request(key, common_name="postgres", extensions=True), name=f" {NAME} ")
    made = x509.load_pem_x509_certificate(given.pem)
    assert made.public_key() == key.public_key()
    assert [(name.oid, name.value) for name in made.subject] == [(NameOID.COMMON_NAME, NAME)]
    found = {extension.oid._name: extension.value for extension in made.extensions}
    assert set(found) == {
        "subjectKeyIdentifier", "authorityKeyIdentifier", "basicConstraints", "keyUsage", "extendedKeyUsage",
    }  # fmt: skip
    assert found["basicConstraints"] == x509.BasicConstraints(ca=False, path_length=None)
    assert found["extendedKeyUsage"] == x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    ca = x509.load_pem_x509_certificate(authority.certificate_pem)
    own = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert found["authorityKeyIdentifier"] == (
        x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)
    )
    assert (given.serial, given.not_after) == (made.serial_number, made.not_valid_after_utc)


def test_serial_numbers_are_positive_short_and_never_twice(authority: Authority) -> None:
    serials = [signed(authority).serial for _ in range(200)]
    assert len(set(serials)) == 200
    assert all(0 < serial < 2**127 for serial in serials)


def test_a_certificate_does_not_outlive_its_authority(authority: Authority) -> None:
    ca = x509.load_pem_x509_certificate(authority.certificate_pem)
    for days in (3652, 10_000, 10**12):
        assert signed(authority, days=days).not_after == ca.not_valid_after_utc
    usual = x509.load_pem_x509_certificate(signed(authority).pem)
    lasts = usual.not_valid_after_utc - usual.not_valid_before_utc
    assert lasts == dt.timedelta(days=397, hours=1)
    with pytest.raises(ValueError, match="1日以上"):
        signed(authority, days=0)


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)],
    ids=["P-384", "RSA 2048"],
)
def test_other_strong_keys_are_signed(authority: Authority, key: Key) -> None:
    made = x509.load_pem_x509_certificate(authority.sign_terminal(request(key), name=NAME).pem)
    assert made.public_key() == key.public_key()


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP256K1()),
        ec.generate_private_key(ec.SECP521R1()),
        rsa.generate_private_key(65537, 1024),
        ed25519.Ed25519PrivateKey.generate(),
    ],
    ids=["secp256k1", "P-521", "RSA 1024", "Ed25519"],
)
def test_other_keys_are_refused(authority: Authority, key: Key) -> None:
    with pytest.raises(NotARequest, match="署名できません") as refused:
        authority.sign_terminal(request(key), name=NAME)
    assert refused.value.sentence_ja.endswith("RSA 2048以上)")


def test_a_request_not_signed_by_its_own_key_is_refused(authority: Authority) -> None:
    der = bytearray(
        x509.load_pem_x509_csr(request(ec.generate_private_key(ec.SECP256R1()))).public_bytes(Encoding.DER)
    )
    at = der.index("端末".encode())
    der[at : at + 6] = "窓口".encode()
    forged = x509.load_der_x509_csr(bytes(der)).public_bytes(Encoding.PEM)
    with pytest.raises(NotARequest, match="署名が鍵と合いません"):
        authority.sign_terminal(forged, name=NAME)


def test_what_is_no_request_is_refused(authority: Authority) -> None:
    whole = request(ec.generate_private_key(ec.SECP256R1()))
    for text in (b"", b"\x00\xff", whole[:150], authority.certificate_pem):
        with pytest.raises(NotARequest, match="申請ファイルではない"):
            authority.sign_terminal(text, name=NAME)
    with pytest.raises(NotARequest, match="大きすぎます"):
        authority.sign_terminal(b"\n" * 20_000 + whole, name=NAME)


@pytest.mark.parametrize(
    "name", ["", "  ", "1番\n窓口", "窓口\x00", "窓\u202e口", "\ud800", "窓\u2028口", "窓" * 20, "x" * 60]
)
def test_names_that_cannot_be_read_or_kept_whole_are_refused(authority: Authority, name: str) -> None:
    with pytest.raises(ValueError, match="端末の名前"):
        authority.sign_terminal(request(ec.generate_private_key(ec.SECP256R1())), name=name)


# -- the server ---------------------------------------------------------------------------------------


def test_the_servers_key_and_certificate(tmp_path: Path, authority: Authority) -> None:
    folder = tmp_path / "server"
    authority.server_certificate(["DB.lib.example", "192.0.2.7", "2001:db8::1"], folder)
    assert (mode(folder / "server.key"), mode(folder / "server.crt")) == (0o600, 0o644)
    made = x509.load_pem_x509_certificate((folder / "server.crt").read_bytes())
    key = load_pem_private_key((folder / "server.key").read_bytes(), None)
    assert key.public_key() == made.public_key()
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["db.lib.example"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["192.0.2.7", "2001:db8::1"]
    before = (folder / "server.key").read_bytes()
    with pytest.raises(FileExistsError):
        authority.server_certificate(["db.lib.example"], folder)
    assert (folder / "server.key").read_bytes() == before


@pytest.mark.parametrize(
    "hosts", [[], [""], ["db example"], ["図書館.example"], ["*.example"], ["256.1.1.1"], ["-a"], ["a\n"]]
)
def test_a_server_without_a_proper_address_is_refused(
    tmp_path: Path, authority: Authority, hosts: list[str]
) -> None:
    with pytest.raises(ValueError, match="アドレス"):
        authority.server_certificate(hosts, tmp_path / "server")
    assert not (tmp_path / "server").exists()


def test_a_terminal_is_no_server_and_a_server_no_terminal(tmp_path: Path, authority: Authority) -> None:
    ca, server, terminal = tmp_path / "ca" / "ca.crt", tmp_path / "server.crt", tmp_path / "terminal.crt"
    authority.server_certificate(["localhost"], tmp_path)
    terminal.write_bytes(signed(authority).pem)
    assert verifies(ca, terminal, "sslclient")
    assert verifies(ca, server, "sslserver")
    assert not verifies(ca, terminal, "sslserver")
    assert not verifies(ca, server, "sslclient")
    other = Authority.create(tmp_path / "other", name="市立図書館 認証局")
    terminal.write_bytes(signed(other).pem)
    assert not verifies(ca, terminal, "sslclient")
