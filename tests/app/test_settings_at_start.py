"""The settings as the program starts with them: refused in one line, the password in the keyring."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from pathlib import Path

import keyring.core
import pytest
from keyring.backend import KeyringBackend

from madoguchi.__main__ import KEYRING_SERVICE, NoPassword, _engine, main
from madoguchi.app.settings import Settings, SettingsError, load

ROOT = Path(__file__).parents[2]
SERVER = "postgresql+pyodbc://terminal@server.example/lending?sslrootcert=ca.pem"
PASSWORD = "三角定規 7/本@;}"


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets, in place of the operating system's."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """The keyring of this process, empty."""
    backend = MemoryKeyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


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
        ('server = "postgresql+pyodbc://terminal:secret@server.example/lending"', "server-password"),
        ('server = "server.example"', "postgresql+pyodbc://user@host/database"),
    ],
)
@pytest.mark.parametrize("command", [[], ["server-password"], ["training", "--reset"]])
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
        "postgresql+pyodbc://terminal@server.example/lending?sslpassword=secret",
    ],
)
def test_a_password_does_not_stand_in_the_settings(server: str) -> None:
    with pytest.raises(SettingsError, match="without a password"):
        Settings(library_file=Path("library.sqlite"), server=server)


@pytest.mark.parametrize(
    "server",
    [
        "server.example",
        "server.example/lending",
        "terminal:secret@server.example",
        "//terminal@server.example/lending",
        "postgresql+pyodbc:terminal@server.example/lending",
        "postgresql+pyodbc://",
        "postgresql+pyodbc:///lending",
        "postgresql+pyodbc://terminal@server.example",
        "postgresql+pyodbc://terminal@server.example:port/lending",
        "postgresql+pyodbc://server.example:secret/lending",
        "postgresql+pyodbc://terminal@[::1/lending",
        "postgresql+pyodbc://terminal@server;PWD=secret/lending",
        "postgresql+pyodbc://terminal@server.example/lending?PWD=secret",
        "postgresql+pyodbc://terminal@server.example/lending?sslmode=prefer",
        "postgresql+pyodbc://terminal@server.example/lending?sslmod=require",
        "postgresql+pyodbc://terminal@server.example/lending?statement_timeout=long",
        "postgresql+pyodbc://terminal@server.example/lending?sslmode=require&sslmode=disable",
        "postgresql://terminal@server.example/lending",
        "mysql://terminal@server.example/lending",
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
        "postgresql+pyodbc://server.example/lending",
        "postgresql+pyodbc://terminal@[2001:db8::1]:5433/lending?sslmode=verify-ca",
        "postgresql+pyodbc://terminal@one.example,two.example/lending?target_session_attrs=read-write",
        "postgresql+pyodbc://terminal@server.example/lending?driver=PostgreSQL Unicode(x64)",
    ],
)
def test_an_address_is_taken_as_it_is_written(server: str) -> None:
    assert Settings(library_file=Path("library.sqlite"), server=server).server == server


# -- the server's password ----------------------------------------------------------------------------


def test_the_password_goes_into_the_keyring_and_comes_out_of_it(
    home: Path,
    ring: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = written(home, f'server = "{SERVER}"')
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: PASSWORD)
    assert main(["server-password"]) == 0
    assert ring.kept == {(KEYRING_SERVICE, SERVER): PASSWORD}
    captured = capsys.readouterr()
    assert captured.out + captured.err == ""
    assert list(home.iterdir()) == [file]
    engine = _engine(load())
    assert engine.url.password == PASSWORD
    assert (engine.url.username, engine.url.host, engine.url.database) == (
        "terminal",
        "server.example",
        "lending",
    )
    assert PASSWORD not in repr(engine)


def test_a_password_is_its_servers_own(ring: MemoryKeyring) -> None:
    ring.set_password(KEYRING_SERVICE, SERVER, PASSWORD)
    other = Settings(library_file=Path("library.sqlite"), server=SERVER.replace("server.", "other."))
    with pytest.raises(NoPassword, match="server-password"):
        _engine(other)


def test_without_a_server_there_is_no_password_to_keep(
    home: Path,
    ring: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def asked(_prompt: str) -> str:
        raise AssertionError("asked for a password that nothing needs")

    monkeypatch.setattr(getpass, "getpass", asked)
    assert main(["server-password"]) == 2
    assert "names no server" in capsys.readouterr().err
    assert ring.kept == {}
    assert _engine(load()).url.database == str(home / "training.sqlite")


def test_without_a_password_no_training_library_is_made_on_a_server(
    home: Path, ring: MemoryKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    written(home, f'server = "{SERVER}"')
    assert main(["training", "--reset"]) == 1
    assert capsys.readouterr().err.count("server-password") == 1
    assert ring.kept == {}


def test_without_a_password_the_counter_says_so_and_ends_with_two(tmp_path: Path) -> None:
    file = written(tmp_path, f'server = "{SERVER}"')
    # a process of its own: the counter makes its own application
    ran = subprocess.run(
        [sys.executable, "-m", "madoguchi", "counter"],
        env={
            **os.environ,
            "MADOGUCHI_HOME": str(tmp_path),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        cwd=ROOT,
        check=False,
    )
    assert ran.returncode == 2, ran.stderr
    assert ran.stdout == ""
    assert ran.stderr.startswith("madoguchi: no password for the lending server")
    assert "madoguchi server-password" in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == [file]
