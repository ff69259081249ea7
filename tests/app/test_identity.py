"""A terminal's identity: enrolled, renewed, interrupted, removed."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from madoguchi.app.terminal.identity import KEYRING_SERVICE, CannotInstall, Identity, NoIdentity
from tests.support.keyring_backend import MemoryKeyring, ring
from tests.support.office import AWKWARD, NAME, Office, identity, office, stranger

__all__ = ["identity", "office", "ring", "stranger"]

ROOT = Path(__file__).parents[2]


def files(identity_folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in identity_folder.rglob("*") if file.is_file()}


# -- enrolling ----------------------------------------------------------------------------------------


def test_an_enrolled_terminal_has_what_libpq_needs(identity: Identity, office: Office) -> None:
    assert identity.serial() is None
    assert identity.valid_until() is None
    signed = office.enrol(identity)
    assert identity.serial() == signed.serial
    assert identity.valid_until() == signed.not_after
    options = identity.connection_options()
    assert set(options) == {"sslcert", "sslkey", "sslpassword", "sslrootcert"}
    assert Path(options["sslcert"]).read_bytes() == signed.pem
    assert Path(options["sslrootcert"]).read_bytes() == office.authority.certificate_pem


def test_the_key_is_encrypted_closed_to_others_and_its_passphrase_in_the_keyring_alone(
    tmp_path: Path, identity: Identity, office: Office, ring: MemoryKeyring
) -> None:
    request = identity.begin(NAME)
    key_file = next(tmp_path.rglob("key.pem"))
    assert key_file.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert key_file.parent.stat().st_mode & 0o777 == 0o700
    [((service, _), passphrase)] = ring.kept.items()
    assert service == KEYRING_SERVICE
    assert len(passphrase) >= 43
    key = load_pem_private_key(key_file.read_bytes(), passphrase.encode())
    assert key.public_key() == x509.load_pem_x509_csr(request).public_key()
    identity.install(office.sign(request).pem, office.authority.certificate_pem)
    for content in (request, *files(tmp_path).values()):
        assert passphrase.encode() not in content
    assert passphrase not in repr(identity) + repr(vars(identity))


def test_a_second_request_replaces_the_pending_key_and_not_the_one_in_use(
    tmp_path: Path, identity: Identity, office: Office, ring: MemoryKeyring
) -> None:
    first = office.enrol(identity)
    used = identity.connection_options()
    given_up = office.sign(identity.begin(NAME))
    request = identity.begin(NAME)
    assert identity.connection_options() == used
    assert identity.serial() == first.serial
    assert (len(ring.kept), len(list(tmp_path.rglob("key.pem")))) == (2, 2)
    with pytest.raises(CannotInstall, match="最後に作った申請のもの"):
        identity.install(given_up.pem, office.authority.certificate_pem)
    assert identity.connection_options() == used
    second = office.sign(request)
    identity.install(second.pem, office.authority.certificate_pem)
    assert identity.serial() == second.serial
    assert (len(ring.kept), len(list(tmp_path.rglob("key.pem")))) == (1, 1)
    assert list(ring.kept.values()) == [identity.connection_options()["sslpassword"]]


def test_installed_twice_is_no_error_and_without_a_request_one(identity: Identity, office: Office) -> None:
    with pytest.raises(CannotInstall, match="申請から始めて"):
        identity.install(office.authority.certificate_pem, office.authority.certificate_pem)
    signed = office.enrol(identity)
    identity.install(signed.pem, office.authority.certificate_pem)
    assert identity.serial() == signed.serial


def test_only_the_certificates_that_were_checked_are_kept(
    identity: Identity, office: Office, stranger: Office
) -> None:
    signed = office.sign(identity.begin(NAME))
    identity.install(
        signed.pem + stranger.authority.certificate_pem,
        office.authority.certificate_pem + stranger.authority.certificate_pem,
    )
    options = identity.connection_options()
    assert Path(options["sslcert"]).read_bytes() == signed.pem
    assert Path(options["sslrootcert"]).read_bytes() == office.authority.certificate_pem


def test_certificates_a_terminal_cannot_use_are_refused(
    tmp_path: Path, identity: Identity, office: Office, stranger: Office
) -> None:
    office.enrol(identity)
    request = identity.begin(NAME)
    before = files(tmp_path)
    day, ca = dt.timedelta(days=1), office.authority.certificate_pem
    good = office.sign(request).pem
    for certificate, authority, said in [
        (b"", ca, "証明書のファイルではない"),
        (request, ca, "証明書のファイルではない"),
        (good, b"\xff", "認証局の証明書のファイルではない"),
        (good * 200, ca, "証明書のファイルではない"),
        (good, stranger.authority.certificate_pem, "この認証局が署名したものではありません"),
        (stranger.sign(request).pem, ca, "この認証局が署名したものではありません"),
        (good, good, "この認証局が署名したものではありません"),
        (office.sign_oddly(request, starts=-2 * day, ends=-day), ca, "期限が切れています"),
        (office.sign_oddly(request, starts=day, ends=2 * day), ca, "端末の時計を確かめて"),
        (office.sign_oddly(request, purposes=(ExtendedKeyUsageOID.SERVER_AUTH,)), ca, "端末用の証明書では"),
        (office.sign_oddly(request, purposes=()), ca, "端末用の証明書では"),
        (office.sign_oddly(request, ca=True), ca, "端末用の証明書では"),
    ]:
        with pytest.raises(CannotInstall, match=said):
            identity.install(certificate, authority)
    assert files(tmp_path) == before
    identity.install(good, ca)


# -- what is in the way -------------------------------------------------------------------------------


def test_a_terminal_without_identity_says_what_helps(
    tmp_path: Path, identity: Identity, office: Office, ring: MemoryKeyring
) -> None:
    def said() -> str:
        with pytest.raises(NoIdentity) as refused:
            identity.connection_options()
        return refused.value.sentence

    assert "まだサーバーに登録されていません" in said()
    request = identity.begin(NAME)
    assert "まだサーバーに登録されていません" in said()
    identity.install(office.sign(request).pem, office.authority.certificate_pem)
    ring.locked = True
    assert "キーリングを使えません" in said()
    ring.locked = False
    kept = dict(ring.kept)
    ring.kept.clear()
    assert "キーリングにありません" in said()
    ring.kept.update(dict.fromkeys(kept, "another passphrase"))
    assert "ファイルが使えません" in said()
    ring.kept.update(kept)
    for name in ("key.pem", "certificate.pem", "authority.pem"):
        file = next(tmp_path.rglob(name))
        content = file.read_bytes()
        file.unlink()
        assert "ファイルが使えません" in said()
        file.write_bytes(content)
    current = next(tmp_path.rglob("current"))
    name = current.read_bytes()
    current.write_bytes(b"../../elsewhere")
    assert "ファイルが使えません" in said()
    current.write_bytes(name)
    identity.connection_options()
    for starts, ends, sentence in [(-2, -1, "期限が切れています"), (1, 2, "時計を確かめて")]:
        odd = office.sign_oddly(request, starts=dt.timedelta(days=starts), ends=dt.timedelta(days=ends))
        next(tmp_path.rglob("certificate.pem")).write_bytes(odd)
        assert sentence in said()


def test_a_closed_keyring_enrols_nobody(tmp_path: Path, identity: Identity, ring: MemoryKeyring) -> None:
    ring.locked = True
    with pytest.raises(NoIdentity, match="キーリングを使えません"):
        identity.begin(NAME)
    assert list(tmp_path.rglob("key.pem")) == []
    ring.locked = False
    identity.begin(NAME)
    assert len(list((tmp_path / AWKWARD / "identity" / "keys").iterdir())) == 1


def test_a_removed_terminal_keeps_nothing(
    tmp_path: Path, identity: Identity, office: Office, ring: MemoryKeyring
) -> None:
    identity.remove()
    office.enrol(identity)
    identity.begin(NAME)
    identity.remove()
    assert (files(tmp_path), ring.kept, identity.serial()) == ({}, {}, None)
    with pytest.raises(NoIdentity, match="登録されていません"):
        identity.connection_options()
    office.enrol(identity)
    identity.connection_options()


def test_a_removed_terminals_keys_go_even_while_the_keyring_is_closed(
    tmp_path: Path, identity: Identity, office: Office, ring: MemoryKeyring
) -> None:
    office.enrol(identity)
    ring.locked = True
    with pytest.raises(NoIdentity, match="キーリングを使えません"):
        identity.remove()
    assert files(tmp_path) == {}
    ring.locked = False
    identity.remove()
    assert ring.kept == {}


# -- interrupted --------------------------------------------------------------------------------------

KILLED_EVERYWHERE = '''
import os, shutil, sys
from pathlib import Path

from madoguchi.app.admin.authority import Authority
from madoguchi.app.terminal.identity import Identity, NoIdentity
from tests.support.keyring_backend import FileKeyring, set_keyring

base = Path(sys.argv[1])
ca = Authority.create(base / "ca", name="CA")
EVENTS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir"}
killed = 0

def killed_at(number, act):
    """Run `act` in a child that ends before its `number`-th step on the disk; whether it did."""
    child = os.fork()
    if child == 0:
        steps = 0

        def hook(event, arguments):
            nonlocal steps
            if event in EVENTS and str(base) in str(arguments[0]):
                steps += 1
                if steps > number:
                    os._exit(9)

        sys.addaudithook(hook)
        try:
            act()
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, 9), status
    return status == 9

def everywhere(act, check):
    global killed
    number = 0
    while True:
        shutil.rmtree(base / "now", ignore_errors=True)
        shutil.copytree(base / "start", base / "now")
        done = not killed_at(number, act)
        check(done)
        if done:
            return
        killed += 1
        number += 1

with set_keyring(FileKeyring(base / "now" / "ring.json")) as _:
    identity = Identity(base / "now" / "identity")
    (base / "now").mkdir()
    old = ca.sign_terminal(identity.begin("old"), name="old")
    identity.install(old.pem, ca.certificate_pem)
    shutil.copytree(base / "now", base / "start")

    def begun(done):
        assert identity.serial() == old.serial
        identity.connection_options()
        renew()

    def renew():
        new = ca.sign_terminal(identity.begin("again"), name="again")
        identity.install(new.pem, ca.certificate_pem)
        assert identity.serial() == new.serial
        identity.connection_options()
        left()

    def left():
        import json
        names = {name.split()[1] for name in json.loads((base / "now" / "ring.json").read_text())}
        assert names == {entry.name for entry in (base / "now" / "identity" / "keys").iterdir()}
        assert len(names) == 1, names

    everywhere(lambda: identity.begin("new"), begun)

    shutil.rmtree(base / "now"), shutil.copytree(base / "start", base / "now")
    new = ca.sign_terminal(identity.begin("new"), name="new")
    shutil.rmtree(base / "start"), shutil.copytree(base / "now", base / "start")
    seen = set()

    def installed(done):
        seen.add(identity.serial())
        identity.connection_options()
        assert not done or identity.serial() == new.serial
        identity.install(new.pem, ca.certificate_pem)
        assert identity.serial() == new.serial
        identity.connection_options()
        left()

    everywhere(lambda: identity.install(new.pem, ca.certificate_pem), installed)
    assert seen == {old.serial, new.serial}

    def removed(done):
        try:
            identity.connection_options()
            assert not done
        except NoIdentity:
            pass
        identity.remove()
        assert list((base / "now" / "identity" / "keys").iterdir()) == []
        assert (base / "now" / "ring.json").read_text() == "{}"

    everywhere(identity.remove, removed)
print(killed)
'''


def test_killed_at_any_step_a_terminal_has_one_whole_identity(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", KILLED_EVERYWHERE, tmp_path],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, encoding="utf-8", timeout=100, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 30
