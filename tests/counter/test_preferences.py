"""How the terminal looks and sounds: chosen at the counter, in force at once, kept for the next start."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.preferences import Preferences, load_preferences, save_preferences
from madoguchi.app.settings import Settings
from madoguchi.widgets.look.preferences_card import PreferencesCard
from madoguchi.widgets.look.tokens import Contrast
from madoguchi.widgets.look.views import Sign
from madoguchi.widgets.sound_patterns import Family
from tests.counter.harness import Counter, CounterLibrary, SlowServer
from tests.support.library import TODAY

SETTINGS = Settings(library_file=Path("library.sqlite"), text_scale=1.25)


def open_card(counter: Counter) -> PreferencesCard:
    """Shift+F12."""
    counter.press(Qt.Key.Key_F12, modifiers=Qt.KeyboardModifier.ShiftModifier)
    card = counter.window.frame.card()
    assert isinstance(card, PreferencesCard)
    assert card.isVisible()
    return card


def test_text_and_contrast_change_at_once_and_the_work_stays(
    counter: Counter, library: CounterLibrary
) -> None:
    number = library.patron()
    counter.open_visit(number)
    counter.scan_and_wait(library.item())
    card = open_card(counter)
    card.text_size_chosen.emit(200)
    card.contrast_chosen.emit(True)
    theme = counter.window.frame.look.theme
    assert (theme.text_scale, theme.contrast) == (2.0, Contrast.HIGH)
    assert number in counter.left_text()
    assert [row.sign for row in counter.rows()] == [Sign.DONE]
    # the next scan goes on; the card is put away
    assert counter.scan_and_wait(library.item()).sign is Sign.DONE
    assert counter.window.frame.card() is None
    # pages that were out of sight wear it, too
    counter.f(2)
    assert counter.page.list.look.theme == theme


def test_each_sound_can_be_silenced(
    counter: Counter, library: CounterLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Family] = []
    player = counter.application.player
    monkeypatch.setattr(
        player, "play", lambda family: heard.append(family) if family not in player.silenced else None
    )
    card = open_card(counter)
    for family in Family:
        card.sound_switched.emit(family.value, False)
        assert family in player.silenced
        card.sound_switched.emit(family.value, True)
        assert family not in player.silenced
    card.sound_switched.emit(Family.REFUSED.value, False)
    counter.open_visit(library.patron())
    counter.scan_and_wait(library.item())
    counter.scan_and_wait(library.item(reference_only=True))
    counter.scan_and_wait(library.item(attachments="付録CD 1枚"))
    counter.f(2)
    item = library.item()
    library.lent(library.patron(), item, due_on=TODAY)
    counter.scan_and_wait(item)
    assert heard == [Family.DONE, Family.DONE, Family.NOTICE, Family.DONE]


def test_what_was_chosen_is_there_at_the_next_start(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary, tmp_path: Path
) -> None:
    file = tmp_path / "terminal" / "preferences.json"
    for scale in (1.0, 1.5):
        counter = Counter(qtbot, qapp, library, SlowServer(library), preferences_file=file)
        assert counter.window.frame.look.theme.text_scale == scale
        counter.sign_in()
        card = open_card(counter)
        card.text_size_chosen.emit(150)
        card.sound_switched.emit("done", False)
        counter.close()
    assert load_preferences(SETTINGS, file) == Preferences(1.5, False, frozenset({"done"}))
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "null", '{"text_scale": 9, "high_contrast": true, "silenced": []}',
        '{"text_scale": "x", "high_contrast": true, "silenced": []}', '{"text_scale": 1}',
        '{"text_scale": 1, "high_contrast": true, "silenced": 3}',
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "preferences.json"
    file.write_text(content)
    assert load_preferences(SETTINGS, file) == Preferences(text_scale=1.25)


def test_what_cannot_be_kept_holds_all_the_same(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary, tmp_path: Path
) -> None:
    file = tmp_path / "file" / "preferences.json"
    file.parent.write_text("a file where the folder should be")
    counter = Counter(qtbot, qapp, library, SlowServer(library), preferences_file=file)
    counter.sign_in()
    open_card(counter).contrast_chosen.emit(True)
    assert counter.window.frame.look.theme.contrast is Contrast.HIGH
    counter.close()


def test_the_file_stays_whole(tmp_path: Path) -> None:
    file = tmp_path / "preferences.json"
    save_preferences(Preferences(2.0, True, frozenset({"done", "error"})), file)
    assert json.loads(file.read_text()) == {
        "text_scale": 2.0,
        "high_contrast": True,
        "silenced": ["done", "error"],
    }
