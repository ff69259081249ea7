"""`madoguchi fetch`: what system staff are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from madoguchi.__main__ import main
from madoguchi.app.catalogue.fetch_command import REASONS_JA
from madoguchi.app.catalogue.fetched import Reason
from tests.app.catalogue.conftest import ISBN, Counter
from tests.app.catalogue.ndl_answers import answer
from tests.support.keyring_backend import MemoryKeyring, ring

__all__ = ["ring"]


def set_up(home: Path, monkeypatch: pytest.MonkeyPatch, counter: Counter, user: str = "") -> None:
    """The terminal's settings, as they stand in its file."""
    monkeypatch.setenv("MADOGUCHI_HOME", str(home))
    proxy = f"http://{user}127.0.0.1:{counter.proxy.port}"
    lines = f"fetch_proxy = {proxy!r}\nfetch_ca_file = {str(counter.plan.ca_file)!r}\nfetch_seconds = 10\n"
    (home / "settings.toml").write_text(lines, encoding="utf-8")


def test_a_book_is_shown_or_why_not(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(tmp_path, monkeypatch, counter)
    assert main(["fetch", "978-4-04-893065-9"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Clean Architecture : 達人に学ぶソフトウェアの構造と設計 / "
        "Martin, Robert C・角 征典・高木 正弘 / ドワンゴ / 2018",
        "出典：国立国会図書館サーチ",
    ]
    counter.answers(answer().getvalue())
    assert main(["fetch", ISBN]) == 1
    assert "ありません" in capsys.readouterr().err
    (tmp_path / "settings.toml").write_text("", encoding="utf-8")
    assert main(["fetch", ISBN]) == 1
    assert "fetch_proxy" in capsys.readouterr().err


def test_the_proxys_password_goes_into_the_keyring(
    counter: Counter,
    ring: MemoryKeyring,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "secret")
    set_up(tmp_path, monkeypatch, counter)
    assert main(["fetch", "--proxy-password"]) == 1
    set_up(tmp_path, monkeypatch, counter, user="user@")
    assert main(["fetch", "--proxy-password"]) == 0
    counter.proxy.login = "Basic dXNlcjpzZWNyZXQ="
    assert main(["fetch", ISBN]) == 0
    ring.locked = True
    assert main(["fetch", "--proxy-password"]) == 1
    captured = capsys.readouterr()
    assert "キーリング" in captured.err
    assert "secret" not in captured.out + captured.err


def test_every_reason_has_its_sentence() -> None:
    assert set(REASONS_JA) == set(Reason)
    assert len(set(REASONS_JA.values())) == len(Reason)
