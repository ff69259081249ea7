"""The terminal's settings: what is read, what is refused, and where it is looked for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from madoguchi.app.settings import Settings, SettingsError, identity_folder, load


@pytest.fixture(autouse=True)
def _no_real_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test forgets, nobody's own settings are read: their folders do not exist here."""
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "nobody"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "MADOGUCHI_HOME"):
        monkeypatch.delenv(name, raising=False)


def read(home: Path, content: str | bytes | None = None) -> Settings:
    """The settings that a home with this file has."""
    if content is not None:
        raw = content.encode() if isinstance(content, str) else content
        (home / "settings.toml").write_bytes(raw)
    return load({"MADOGUCHI_HOME": str(home)})


def refused(home: Path, content: str | bytes) -> str:
    """Why a file is refused; the message names the file."""
    with pytest.raises(SettingsError) as caught:
        read(home, content)
    message = str(caught.value)
    assert str(home / "settings.toml") in message
    return message


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert read(tmp_path) == Settings(
        library_file=tmp_path / "training.sqlite",
        server="",
        branch="sogo",
        terminal="1番窓口",
        language="ja",
        text_scale=0.0,
        high_contrast=False,
        limit_seconds=3.0,
        idle_seconds=180,
        closing_time="20:00",
        lock_desktop=False,
        fetch_proxy="",
        fetch_hosts=("ndlsearch.ndl.go.jp",),
        fetch_seconds=6.0,
        fetch_ca_file="",
    )
    assert list(tmp_path.iterdir()) == []


def test_every_setting_can_be_set(tmp_path: Path) -> None:
    library = tmp_path / "elsewhere" / "library.sqlite"
    settings = read(
        tmp_path,
        f"""
        library_file = {str(library)!r}
        server = "postgresql+pyodbc://server.example/lending?connect_timeout=2"
        branch = "minami"
        terminal = "児童カウンター"
        language = "en"
        text_scale = 1.5
        high_contrast = true
        limit_seconds = 5
        idle_seconds = 60
        closing_time = "19:00"
        scans_while_locked = "hold"
        lock_desktop = true
        fetch_proxy = "http://terminal@proxy.example:8080"
        fetch_hosts = ["ndlsearch.ndl.go.jp", "Other.example:8443"]
        fetch_seconds = 10
        fetch_ca_file = "/etc/ssl/city.pem"
        """,
    )
    assert settings == Settings(
        library_file=library,
        server="postgresql+pyodbc://server.example/lending?connect_timeout=2",
        branch="minami",
        terminal="児童カウンター",
        language="en",
        text_scale=1.5,
        high_contrast=True,
        limit_seconds=5,
        idle_seconds=60,
        closing_time="19:00",
        scans_while_locked="hold",
        lock_desktop=True,
        fetch_proxy="http://terminal@proxy.example:8080",
        fetch_hosts=("ndlsearch.ndl.go.jp", "Other.example:8443"),
        fetch_seconds=10,
        fetch_ca_file="/etc/ssl/city.pem",
    )


def test_what_the_file_does_not_name_keeps_its_default(tmp_path: Path) -> None:
    settings = read(tmp_path, 'branch = "oba"')
    assert (settings.branch, settings.language) == ("oba", "ja")


def test_an_empty_file_and_one_with_a_byte_order_mark(tmp_path: Path) -> None:
    default = read(tmp_path)
    assert read(tmp_path, "") == default
    assert read(tmp_path, b'\xef\xbb\xbfbranch = "oba"').branch == "oba"


def test_a_setting_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert "'brunch'" in refused(tmp_path, 'brunch = "sogo"')
    assert "'Branch'" in refused(tmp_path, 'Branch = "sogo"')
    assert "'password'" in refused(tmp_path, 'password = "secret"')


@pytest.mark.parametrize(
    "line",
    [
        "branch = 1",
        'branch = ["sogo"]',
        "terminal = true",
        "language = 2026-05-12",
        'text_scale = "1.5"',
        "text_scale = true",
        'limit_seconds = "3"',
        "limit_seconds = false",
        'idle_seconds = "180"',
        "idle_seconds = 60.5",
        "idle_seconds = true",
        "closing_time = 20",
        "closing_time = 20:00:00",
        "scans_while_locked = true",
        "high_contrast = 1",
        'high_contrast = "true"',
        "lock_desktop = 1",
        'lock_desktop = "true"',
        "library_file = 5",
        "library_file = true",
        'library_file = ["a"]',
        "server = 1",
        "fetch_proxy = 8080",
        'fetch_hosts = "ndlsearch.ndl.go.jp"',
        "fetch_hosts = [1]",
        'fetch_hosts = [["ndlsearch.ndl.go.jp"]]',
        'fetch_seconds = "6"',
        "fetch_seconds = true",
        "fetch_ca_file = true",
        "[branch]\nname = 1",
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(tmp_path: Path, line: str) -> None:
    message = refused(tmp_path, line)
    assert re.findall(r"\w+", line)[0] in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", '"fr"'),
        ("language", '""'),
        ("text_scale", "0.9"),
        ("text_scale", "2.1"),
        ("text_scale", "-1"),
        ("text_scale", "nan"),
        ("text_scale", "inf"),
        ("limit_seconds", "0"),
        ("limit_seconds", "0.4"),
        ("limit_seconds", "61"),
        ("limit_seconds", "nan"),
        ("limit_seconds", "-inf"),
        ("idle_seconds", "0"),
        ("idle_seconds", "29"),
        ("idle_seconds", "3601"),
        ("closing_time", '"24:00"'),
        ("closing_time", '"8pm"'),
        ("closing_time", '"20:00\\n"'),
        ("scans_while_locked", '"Hold"'),
        ("scans_while_locked", '""'),
        ("server", '"postgresql+pyodbc://terminal:secret@server.example/lending"'),
        ("server", '"postgresql+pyodbc://terminal@server.example/lending"'),
        ("server", '"postgresql+pyodbc://[server/lending"'),
        ("fetch_proxy", '"http://user:secret@proxy.example:8080"'),
        ("fetch_proxy", '"http://:secret@proxy.example:8080"'),
        ("fetch_proxy", '"http://user:a@secret@proxy.example:8080"'),
        ("fetch_proxy", '"user:secret@proxy.example:8080"'),
        ("fetch_proxy", '"http://secret"'),
        ("fetch_proxy", '"https://proxy.example:8080"'),
        ("fetch_proxy", '"socks5://proxy.example:1080"'),
        ("fetch_proxy", '"proxy.example:8080"'),
        ("fetch_proxy", '"http://proxy.example:0"'),
        ("fetch_proxy", '"http://proxy.example:65536"'),
        ("fetch_proxy", '"http://proxy.example:8080/path"'),
        ("fetch_proxy", '"http://proxy.example:8080\\r\\nX: y"'),
        ("fetch_proxy", '"http://999.0.0.1:8080"'),
        ("fetch_proxy", '"http://[::g]:8080"'),
        ("fetch_proxy", '" "'),
        ("fetch_hosts", '["*.ndl.go.jp"]'),
        ("fetch_hosts", '["ndlsearch.ndl.go.jp", ""]'),
        ("fetch_hosts", '["https://user:secret@ndlsearch.ndl.go.jp"]'),
        ("fetch_seconds", "0.9"),
        ("fetch_seconds", "31"),
        ("fetch_seconds", "nan"),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    message = refused(tmp_path, f"{name} = {value}")
    assert f"{name}:" in message
    assert "secret" not in message


@pytest.mark.parametrize("scale", [0, 1, 1.0, 1.25, 2, 2.0])
def test_the_range_of_text_includes_its_ends(tmp_path: Path, scale: float) -> None:
    assert read(tmp_path, f"text_scale = {scale}").text_scale == scale


@pytest.mark.parametrize("seconds", [30, 3600])
def test_the_range_of_idle_time_includes_its_ends(tmp_path: Path, seconds: int) -> None:
    assert read(tmp_path, f"idle_seconds = {seconds}").idle_seconds == seconds


@pytest.mark.parametrize("seconds", [0.5, 3, 60])
def test_the_range_of_the_limit_includes_its_ends(tmp_path: Path, seconds: float) -> None:
    assert read(tmp_path, f"limit_seconds = {seconds}").limit_seconds == seconds


@pytest.mark.parametrize("seconds", [1, 6, 30])
def test_the_range_of_fetching_includes_its_ends(tmp_path: Path, seconds: int) -> None:
    assert read(tmp_path, f"fetch_seconds = {seconds}").fetch_seconds == seconds


@pytest.mark.parametrize(
    "proxy",
    [
        "http://proxy:3128",
        "http://PROXY.example:80/",
        "http://10.0.0.1:8080",
        "http://[2001:db8::1]:8080",
        "http://3proxy.example:1",
        "http://terminal-1@10.0.0.1:8080",
    ],
)
def test_a_proxy_by_its_name_or_number(tmp_path: Path, proxy: str) -> None:
    assert read(tmp_path, f'fetch_proxy = "{proxy}"').fetch_proxy == proxy


def test_no_host_at_all_may_be_fetched_from(tmp_path: Path) -> None:
    assert read(tmp_path, "fetch_hosts = []").fetch_hosts == ()


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    message = refused(tmp_path, 'branch = "sogo"\nterminal 1番窓口\n')
    assert "line 2" in message
    with pytest.raises(SettingsError) as caught:
        read(tmp_path)
    assert isinstance(caught.value.__cause__, tomllib.TOMLDecodeError)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, 'terminal = "1番窓口"'.encode("shift_jis"))


def test_a_folder_where_the_file_belongs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(SettingsError, match=r"settings\.toml"):
        load({"MADOGUCHI_HOME": str(tmp_path)})


def test_without_a_home_of_our_own_the_platforms_folders_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {"config": tmp_path / "config", "data": tmp_path / "data"}
    folders["config"].mkdir()
    (folders["config"] / "settings.toml").write_text('branch = "tsujido"', encoding="utf-8")
    asked: list[tuple[str, object]] = []

    def config(name: str, appauthor: object) -> Path:
        asked.append((name, appauthor))
        return folders["config"]

    def data(name: str, appauthor: object) -> Path:
        asked.append((name, appauthor))
        return folders["data"]

    monkeypatch.setattr("madoguchi.app.settings.user_config_path", config)
    monkeypatch.setattr("madoguchi.app.settings.user_data_path", data)
    for environment in ({}, {"MADOGUCHI_HOME": ""}):
        settings = load(environment)
        assert settings.branch == "tsujido"
        assert settings.library_file == folders["data"] / "training.sqlite"
    assert set(asked) == {("madoguchi", False)}
    assert not folders["data"].exists()


def test_the_environment_of_the_process_is_what_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.toml").write_text('branch = "endo"', encoding="utf-8")
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path))
    assert load().branch == "endo"


def test_the_terminals_identity_lies_beside_its_library(tmp_path: Path) -> None:
    assert identity_folder({"MADOGUCHI_HOME": str(tmp_path)}) == tmp_path / "identity"
    assert identity_folder({}).parts[-2:] == ("madoguchi", "identity")
