"""What an input method is told before Qt starts, and which fields keep it out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from madoguchi.widgets.input_method import input_method_in_force, keep_keys_in_order

HIDDEN = Qt.InputMethodHint.ImhHiddenText


@pytest.mark.parametrize(
    ("environment", "there"),
    [
        ({}, False),
        ({"QT_IM_MODULE": ""}, False),
        ({"QT_IM_MODULE": "compose"}, False),
        ({"QT_IM_MODULE": "ibus"}, True),
        ({"QT_IM_MODULE": "fcitx"}, True),
        ({"QT_IM_MODULE": "compose", "QT_IM_MODULES": "wayland;fcitx;ibus"}, True),
        ({"QT_IM_MODULE": "ibus", "QT_IM_MODULES": "compose"}, False),
    ],
)
def test_whether_there_is_an_input_method(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], there: bool
) -> None:
    for name in ("QT_IM_MODULE", "QT_IM_MODULES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert input_method_in_force() is there


@pytest.mark.parametrize(("before", "after"), [(None, "1"), ("0", "0")])
def test_keys_stay_in_order(monkeypatch: pytest.MonkeyPatch, before: str | None, after: str) -> None:
    monkeypatch.setenv("IBUS_ENABLE_SYNC_MODE", "")
    monkeypatch.delenv("IBUS_ENABLE_SYNC_MODE")
    if before is not None:
        monkeypatch.setenv("IBUS_ENABLE_SYNC_MODE", before)
    keep_keys_in_order()
    assert os.environ["IBUS_ENABLE_SYNC_MODE"] == after


def test_telling_it_starts_no_qt() -> None:
    code = "import sys, madoguchi.widgets.input_method; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_program_tells_it_before_qt_starts(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "from PySide6 import QtWidgets\n"
        "def begin(*_):\n"
        "    sys.exit(os.environ['IBUS_ENABLE_SYNC_MODE'] + ' at the start of Qt')\n"
        "QtWidgets.QApplication = begin\n"
        "from madoguchi.__main__ import main\n"
        "main([])\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "IBUS_ENABLE_SYNC_MODE"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment | {"MADOGUCHI_HOME": str(tmp_path)},
        stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    assert "1 at the start of Qt" in done.stderr
