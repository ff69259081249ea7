"""The library as it is opened behind the window: what a machine has wrong is a sentence that does no harm."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from madoguchi.app.opening import open_server
from madoguchi.app.preferences import Preferences, load_preferences
from madoguchi.app.server.outage import CannotOpen
from madoguchi.app.settings import Settings


@pytest.fixture
def own(library_file: Path, tmp_path: Path) -> Settings:
    """An embedded library of one's own."""
    path = tmp_path / "library.sqlite"
    shutil.copyfile(library_file, path)
    return Settings(library_file=path)


def test_a_library_newer_than_the_program_is_no_bug(own: Settings) -> None:
    with closing(sqlite3.connect(own.library_file)) as connection:
        connection.execute("update alembic_version set version_num = 'ffff'")
        connection.commit()
    with pytest.raises(CannotOpen):
        open_server(own, print)


def test_nobody_is_told_to_replace_a_library_that_is_only_busy(own: Settings) -> None:
    with closing(sqlite3.connect(own.library_file, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(CannotOpen) as told:
            open_server(own, print)
    assert "--reset" not in told.value.sentence


@pytest.mark.parametrize("number", ["1" + "0" * 400, "[" * 100_000])
def test_preferences_that_python_cannot_hold_are_as_good_as_none(tmp_path: Path, number: str) -> None:
    file = tmp_path / "preferences.json"
    file.write_text(f'{{"text_scale": {number}', encoding="utf-8")
    if number.startswith("1"):
        file.write_text(
            f'{{"text_scale": {number}, "high_contrast": false, "silenced": []}}', encoding="utf-8"
        )
    settings = Settings(library_file=tmp_path / "not-used.sqlite")
    usual = Preferences(settings.text_scale, settings.high_contrast)
    assert load_preferences(settings, file) == usual
