"""The panels in the window: both palettes, every text size, both screens, two languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.number_pad import NumberPad
from madoguchi.widgets.look.panel_views import (
    ArrivalView,
    NewPasswordView,
    NumberPadView,
    PreferencesView,
    SoundChoice,
)
from madoguchi.widgets.look.preferences_card import PreferencesCard
from madoguchi.widgets.look.theme import Theme
from madoguchi.widgets.look.tokens import Contrast
from madoguchi.widgets.look.views import AnswerView, FlagView

from .panel_checks import (
    PERCENTS,
    SCREENS,
    LongWords,
    check_colours,
    check_places,
    check_spoken,
    check_texts,
    long_words,
)
from .panel_scenes import (
    ARRIVAL,
    DAY,
    DIFFERING,
    ELSEWHERE,
    LOCK,
    PAD,
    PREFERENCES,
    REFUSED_PASSWORD,
    WRONG,
    PanelScene,
    arrival,
    centre_of,
    elsewhere,
    lock,
    new_password,
    number_pad,
    preferences,
    present,
)
from .stage import theme

Build = Callable[[Theme, tuple[int, int], Callable[[str], str]], PanelScene]


def _pad(look_theme: Theme, size: tuple[int, int], word: Callable[[str], str]) -> PanelScene:
    return number_pad(look_theme, size, NumberPadView(word(PAD.heading), PAD.typed, word(PAD.hint)))


def _empty_pad(look_theme: Theme, size: tuple[int, int], word: Callable[[str], str]) -> PanelScene:
    return number_pad(look_theme, size, NumberPadView(word(DAY.heading), "", word(DAY.hint)))


def _preferences(look_theme: Theme, size: tuple[int, int], word: Callable[[str], str]) -> PanelScene:
    sounds = tuple(SoundChoice(s.key, word(s.word), s.on) for s in PREFERENCES.sounds)
    return preferences(look_theme, size, PreferencesView(100, False, sounds, word(PREFERENCES.sound_note)))


def _lock(look_theme: Theme, size: tuple[int, int], word: Callable[[str], str]) -> PanelScene:
    del word
    return lock(look_theme, size)


def _lock_with_message(look_theme: Theme, size: tuple[int, int], word: Callable[[str], str]) -> PanelScene:
    view = type(LOCK)(LOCK.staff, LOCK.since, 120, word(WRONG))
    return lock(look_theme, size, view)


def _in_words(view: NewPasswordView, word: Callable[[str], str]) -> NewPasswordView:
    return NewPasswordView(
        word(view.heading),
        word(view.why),
        word(view.rules),
        tuple(map(word, view.problems)),
        word(view.differ) if view.differ else "",
    )


def _password_refused(look_theme: Theme, size: tuple[int, int], word: Callable[[str], str]) -> PanelScene:
    return new_password(look_theme, size, _in_words(REFUSED_PASSWORD, word))


def _passwords_differ(look_theme: Theme, size: tuple[int, int], word: Callable[[str], str]) -> PanelScene:
    return new_password(look_theme, size, _in_words(DIFFERING, word))


def _elsewhere(look_theme: Theme, size: tuple[int, int], word: Callable[[str], str]) -> PanelScene:
    assert ELSEWHERE.offered is not None
    stop, offered = (AnswerView(word(a.word), word(a.detail)) for a in (ELSEWHERE.stop, ELSEWHERE.offered))
    view = replace(ELSEWHERE, title=word(ELSEWHERE.title), stop=stop, offered=offered, hint="")
    return elsewhere(look_theme, size, view)


def _arrival(look_theme: Theme, size: tuple[int, int], word: Callable[[str], str]) -> PanelScene:
    flags = tuple(FlagView(flag.sign, word(flag.label), word(flag.detail)) for flag in ARRIVAL.flags)
    return arrival(look_theme, size, ArrivalView(word(ARRIVAL.heading), flags, word(ARRIVAL.hint)))


BUILDERS: dict[str, Build] = {
    "pad": _pad,
    "empty pad": _empty_pad,
    "preferences": _preferences,
    "lock": _lock,
    "lock with message": _lock_with_message,
    "new password refused": _password_refused,
    "new passwords differ": _passwords_differ,
    "elsewhere": _elsewhere,
    "arrival": _arrival,
}


def _pages(part: QWidget) -> Iterator[int]:
    """Turn to every page of the preferences, at most one for each group; other parts have one."""
    yield 1
    if not isinstance(part, PreferencesCard):
        return
    pages = 1
    while part.turn_button().isVisible():
        part.turn_button().click()
        if part.text_sizes().isVisible():
            return
        pages += 1
        assert pages <= 3
        yield pages


@pytest.fixture(params=["Japanese", "long words"])
def word(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Callable[[str], str]]:
    """How a page's own words read; the components' words are translated likewise."""
    if request.param == "Japanese":
        yield str
        return
    translator = LongWords()
    assert qapp.installTranslator(translator)
    yield long_words
    qapp.removeTranslator(translator)


@pytest.mark.parametrize("size", SCREENS, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("contrast", Contrast, ids=lambda contrast: contrast.value)
@pytest.mark.parametrize("percent", PERCENTS)
@pytest.mark.parametrize("name", list(BUILDERS))
def test_everything_fits_is_named_and_can_be_read(
    qtbot: QtBot,
    word: Callable[[str], str],
    name: str,
    percent: int,
    contrast: Contrast,
    size: tuple[int, int],
) -> None:
    scene = BUILDERS[name](theme(contrast, percent / 100), size, word)
    qtbot.addWidget(scene.frame)
    with qtbot.waitExposed(scene.frame):
        present(scene)
    part = scene.part
    for _page in _pages(part):
        assert check_texts(part) > 5
        assert check_colours(part) > 5
        check_places(part)
        check_spoken(part)
    if isinstance(part, NumberPad | PreferencesCard):
        assert centre_of(scene.frame).contains(part.geometry())
        if isinstance(part, NumberPad):
            assert part.height() == part.height_for(part.width())
