"""`madoguchi command-sheet` at a terminal of a central server: who signs in at the prompt, and who cannot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from madoguchi.__main__ import main
from tests.support.debian_cluster import DebianCluster
from tests.support.enrolled import OWN_PASSWORD, Enrolled, enrolled, first_sign_in, new_person
from tests.support.keyring_backend import MemoryKeyring, ring

__all__ = ["ring"]

LOGIN = "hyou"


@dataclass
class Prompt:
    """A terminal's prompt, and whoever types at it."""

    terminal: Enrolled
    sheet: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def type(self, password: str) -> tuple[int, str, str]:
        """Asks for the sheet as somebody with this password; the status, what was said, what was wrong."""
        typed = iter([LOGIN])
        self.monkeypatch.setattr("builtins.input", lambda _prompt: next(typed))
        self.monkeypatch.setattr("getpass.getpass", lambda _prompt: password)
        status = main(["command-sheet", str(self.sheet)])
        said = self.capsys.readouterr()
        return status, said.out, said.err


@pytest.fixture
def prompt(
    debian: DebianCluster,
    tmp_path: Path,
    ring: MemoryKeyring,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Prompt:
    """A terminal that is enrolled, with the server in its settings."""
    terminal = enrolled(debian, tmp_path, "表の端末")
    (tmp_path / "settings.toml").write_text(
        f'server = "postgresql+pyodbc://localhost:{debian.port}/madoguchi"\n', encoding="utf-8"
    )
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path))
    return Prompt(terminal, tmp_path / "sheet.pdf", monkeypatch, capsys)


def test_whoever_signs_in_has_the_sheet_and_whoever_cannot_is_told_why(
    debian: DebianCluster, prompt: Prompt, tmp_path: Path
) -> None:
    temporary = new_person(debian, LOGIN)
    assert prompt.type(temporary) == (
        1,
        "",
        "madoguchi: 先に窓口の画面でサインインし、新しいパスワードを決めてください\n",
    )
    elsewhere = enrolled(debian, tmp_path / "elsewhere", "別の端末").server()
    first_sign_in(elsewhere, LOGIN, temporary)
    status, said, wrong = prompt.type(OWN_PASSWORD)
    assert (status, said) == (1, "")
    assert wrong.startswith("madoguchi: ほかの端末でサインインしています: ")
    assert wrong.endswith("別の端末\n")
    elsewhere.sign_out()
    elsewhere.close()
    assert prompt.type("not-theirs") == (1, "", "madoguchi: 職員番号またはパスワードが違います\n")
    assert not prompt.sheet.exists()
    assert prompt.type(OWN_PASSWORD) == (
        0,
        f"操作コード表を書きました: {prompt.sheet} （2ページ）\n",
        "",
    )
    assert prompt.sheet.read_bytes().startswith(b"%PDF")
    # nobody is left signed in
    assert prompt.type(OWN_PASSWORD)[0] == 0
    debian.done("terminal", "revoke", prompt.terminal.name)
    assert prompt.type(OWN_PASSWORD) == (1, "", "madoguchi: この端末の登録は取り消されています\n")
