"""The settings as the program starts with them: refused in one line; and a terminal that has a server."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from madoguchi.__main__ import main
from madoguchi.app.opening import open_server
from madoguchi.app.server.central import CentralServer
from madoguchi.app.server.outage import CannotOpen
from madoguchi.app.settings import Settings, SettingsError, load
from tests.support.keyring_backend import MemoryKeyring, ring
from tests.support.office import Office, office

__all__ = ["office", "ring"]

SERVER = "postgresql+pyodbc://server.example/lending"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A terminal's folder."""
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path))
    return tmp_path


def written(home: Path, content: str | bytes) -> Path:
    """The settings file with this content."""
    file = home / "settings.toml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


# -- refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('brunch = "sogo"', "'brunch'"),
        ('branch = "sogo"\nterminal 1番窓口', "line 2"),
        ("limit_seconds = 0", "limit_seconds"),
        ('text_scale = "large"', "text_scale"),
        ("library_file = 5", "library_file"),
        ('language = "fr"', "language"),
        ('terminal = "1番窓口"'.encode("shift_jis"), "utf-8"),
        ('server = "postgresql+pyodbc://terminal:secret@server.example/lending"', "without a password"),
        ('server = "postgresql+pyodbc://terminal@server.example/lending"', "their own login"),
        ('server = "server.example"', "postgresql+pyodbc://host/database"),
    ],
)
@pytest.mark.parametrize("command", [[], ["enrol", "--name", "1番"], ["training", "--reset"]])
def test_bad_settings_end_the_program_with_two_and_one_line(
    home: Path, capsys: pytest.CaptureFixture[str], content: str | bytes, said: str, command: list[str]
) -> None:
    file = written(home, content)
    assert main(command) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"madoguchi: {file}: ")
    assert captured.err.count("\n") == 1
    assert said in captured.err
    assert "secret" not in captured.err
    assert list(home.iterdir()) == [file]


@pytest.mark.parametrize(
    "server",
    [
        "postgresql+pyodbc://terminal:secret@server.example/lending",
        "postgresql+pyodbc://terminal:se/cret@server.example/lending",
        "postgresql+pyodbc://terminal:se?cr#et@server.example/lending",
        "postgresql+pyodbc://terminal:@server.example/lending",
        "postgresql+pyodbc://server.example/lending?sslpassword=secret",
    ],
)
def test_a_password_does_not_stand_in_the_settings(server: str) -> None:
    with pytest.raises(SettingsError, match="without a password"):
        Settings(library_file=Path("library.sqlite"), server=server)


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ("postgresql+pyodbc://terminal@server.example/lending", "without a user"),
        ("postgresql+pyodbc://@server.example/lending", "without a user"),
        ("postgresql+pyodbc://server.example/lending?sslrootcert=ca.pem", "without certificates"),
        ("postgresql+pyodbc://server.example/lending?sslkey=key.pem", "without certificates"),
    ],
)
def test_nobodys_login_and_no_certificate_stands_in_the_settings(server: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        Settings(library_file=Path("library.sqlite"), server=server)


@pytest.mark.parametrize(
    "server",
    [
        "server.example",
        "server.example/lending",
        "terminal:secret@server.example",
        "//server.example/lending",
        "postgresql+pyodbc:terminal@server.example/lending",
        "postgresql+pyodbc://",
        "postgresql+pyodbc:///lending",
        "postgresql+pyodbc://server.example",
        "postgresql+pyodbc://server.example:port/lending",
        "postgresql+pyodbc://server.example:secret/lending",
        "postgresql+pyodbc://[::1/lending",
        "postgresql+pyodbc://server;PWD=secret/lending",
        "postgresql+pyodbc://server.example/lending?PWD=secret",
        "postgresql+pyodbc://server.example/lending?sslmode=prefer",
        "postgresql+pyodbc://server.example/lending?sslmod=require",
        "postgresql+pyodbc://server.example/lending?statement_timeout=long",
        "postgresql+pyodbc://server.example/lending?sslmode=require&sslmode=disable",
        "postgresql://server.example/lending",
        "mysql://server.example/lending",
        "sqlite:///library.sqlite",
        " ",
    ],
)
def test_what_is_no_address_of_a_lending_server_is_refused_at_once(server: str) -> None:
    with pytest.raises(SettingsError, match=r"^server: ") as caught:
        Settings(library_file=Path("library.sqlite"), server=server)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "server",
    [
        SERVER,
        "postgresql+pyodbc://[2001:db8::1]:5433/lending?sslmode=verify-ca",
        "postgresql+pyodbc://one.example,two.example/lending?target_session_attrs=read-write",
        "postgresql+pyodbc://server.example/lending?driver=PostgreSQL Unicode(x64)",
    ],
)
def test_an_address_is_taken_as_it_is_written(server: str) -> None:
    assert Settings(library_file=Path("library.sqlite"), server=server).server == server


# -- a terminal that has a server ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["training", "--reset"], "madoguchi-server init --training"),
        (["training-sheet"], "madoguchi-server init --training"),
        (["command-sheet", "--new-prefix"], "madoguchi-server command-prefix --new"),
        (["command-sheet"], "登録されていません"),
    ],
)
def test_what_is_not_done_at_a_terminal_is_said_in_a_sentence(
    home: Path, capsys: pytest.CaptureFixture[str], command: list[str], said: str
) -> None:
    file = written(home, f'server = "{SERVER}"')
    assert main(command) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("madoguchi: ")
    assert said in captured.err
    assert captured.err.count("\n") == 1
    assert list(home.iterdir()) == [file]


def test_a_terminal_that_is_not_enrolled_cannot_open_its_server(home: Path) -> None:
    written(home, f'server = "{SERVER}"')
    with pytest.raises(CannotOpen) as told:
        open_server(load(), print)
    assert "登録されていません" in told.value.sentence


def test_a_terminal_is_enrolled_by_commands(
    home: Path, office: Office, ring: MemoryKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    written(home, f'server = "{SERVER}"')
    request, certificate, authority = home / "a.csr", home / "a.crt", home / "ca.crt"
    assert main(["enrol", "--name", "1番窓口", "--request", str(request)]) == 0
    certificate.write_bytes(office.sign(request.read_bytes()).pem)
    authority.write_bytes(office.authority.certificate_pem)
    assert main(["enrol", "--install", str(certificate)]) == 2
    assert main(["enrol", "--install", str(certificate), "--authority", str(request)]) == 1
    capsys.readouterr()
    assert main(["enrol", "--install", str(certificate), "--authority", str(authority)]) == 0
    shown = x509.load_pem_x509_certificate(office.authority.certificate_pem).fingerprint(hashes.SHA256())
    assert shown.hex(":").upper() in capsys.readouterr().out
    server = open_server(load(), print)
    assert isinstance(server, CentralServer)
    server.close()
    ring.locked = True
    with pytest.raises(CannotOpen):
        open_server(load(), print)
    ring.locked = False
    assert main(["enrol", "--forget"]) == 0
    assert ring.kept == {}
    with pytest.raises(CannotOpen):
        open_server(load(), print)
    assert main(["enrol", "--name", "\x00"]) == 2
