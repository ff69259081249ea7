"""The preferences: every choice by mouse and by keyboard, none by Enter, all of them on pages if need be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.panel_views import TEXT_PERCENTS, PreferencesView, SoundChoice
from madoguchi.widgets.look.preferences_card import PreferencesCard
from madoguchi.widgets.look.theme import Look

from .panel_checks import spoken
from .panel_scenes import SOUNDS

VIEW = PreferencesView(125, False, SOUNDS, "音はこの端末のスピーカーから出ます。")


@pytest.fixture
def card(qtbot: QtBot, look: Look) -> Iterator[PreferencesCard]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    widget = PreferencesCard(look, window)
    widget.set_view(VIEW)
    widget.setGeometry(10, 10, 870, widget.height_for(870))
    widget.show()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield widget
    window.close()


@pytest.fixture
def told(card: PreferencesCard) -> list[tuple[object, ...]]:
    said: list[tuple[object, ...]] = []
    card.text_size_chosen.connect(lambda percent: said.append(("size", percent)))
    card.contrast_chosen.connect(lambda high: said.append(("contrast", high)))
    card.sound_switched.connect(lambda key, on: said.append(("switch", key, on)))
    card.sound_heard.connect(lambda key: said.append(("hear", key)))
    card.closed.connect(lambda: said.append(("closed",)))
    return said


def _controls(card: PreferencesCard) -> list[QAbstractButton]:
    return [button for button in card.findChildren(QAbstractButton) if button.isVisible()]


def _press(button: QAbstractButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_by_mouse(card: PreferencesCard, told: list[tuple[object, ...]]) -> None:
    _press(card.text_sizes().buttons()[4])
    _press(card.contrasts().buttons()[1])
    _press(card.sounds().switch("refused"))
    _press(card.sounds().switch("done"))
    _press(card.sounds().hear_button("error"))
    _press(card.close_button())
    assert told == [
        ("size", 200),
        ("contrast", True),
        ("switch", "refused", True),
        ("switch", "done", False),
        ("hear", "error"),
        ("closed",),
    ]


def test_by_keyboard(card: PreferencesCard, told: list[tuple[object, ...]]) -> None:
    card.start()
    focus = QApplication.focusWidget
    assert focus() is card.text_sizes().buttons()[1]
    QTest.keyClick(focus(), Qt.Key.Key_Right)
    assert focus() is card.text_sizes().buttons()[2]
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert focus() is card.contrasts().buttons()[0]
    QTest.keyClick(focus(), Qt.Key.Key_Right)
    for sound in SOUNDS:
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
        assert focus() is card.sounds().switch(sound.key)
        QTest.keyClick(focus(), Qt.Key.Key_Space)
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
        assert focus() is card.sounds().hear_button(sound.key)
        QTest.keyClick(focus(), Qt.Key.Key_Space)
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert focus() is card.close_button()
    QTest.keyClick(focus(), Qt.Key.Key_Space)
    expected: list[tuple[object, ...]] = [("size", 150), ("contrast", True)]
    for sound in SOUNDS:
        expected += [("switch", sound.key, not sound.on), ("hear", sound.key)]
    assert told == [*expected, ("closed",)]


def test_enter_and_what_a_scanner_types_do_nothing(
    card: PreferencesCard, told: list[tuple[object, ...]]
) -> None:
    controls = _controls(card)
    assert len(controls) == 5 + 2 + 8 + 1
    before = [button.isChecked() for button in controls]
    for button in controls:
        button.setFocus()
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QTest.keyClick(button, key)
        QTest.keyClicks(button, "a1012399016b")
    assert told == []
    assert [button.isChecked() for button in controls] == before


def test_what_is_in_force_is_marked_and_nothing_is_sent_for_it(
    card: PreferencesCard, told: list[tuple[object, ...]]
) -> None:
    card.set_view(replace(VIEW, text_percent=200, high_contrast=True))
    sizes = [button.isChecked() for button in card.text_sizes().buttons()]
    assert sizes == [False, False, False, False, True]
    assert [button.isChecked() for button in card.contrasts().buttons()] == [False, True]
    card.set_view(replace(VIEW, text_percent=110))
    assert not any(button.isChecked() for button in card.text_sizes().buttons())
    _press(card.text_sizes().buttons()[0])
    _press(card.text_sizes().buttons()[0])
    assert told == [("size", 100)]


def test_a_sound_says_its_state_in_shape_and_word(card: PreferencesCard) -> None:
    on, off = card.sounds().switch("done"), card.sounds().switch("refused")
    assert [piece.text for piece in on.trace()] == ["完了", "入"]
    assert [piece.text for piece in off.trace()] == ["お断り", "切"]
    marks = [{(mark.shape, mark.colour) for mark in chip.notes().marks} for chip in (on, off)]
    assert marks[0] != marks[1]
    width = on.width()
    _press(on)
    assert [piece.text for piece in on.trace()] == ["完了", "切"]
    assert on.sizeHint().width() <= width


def test_a_screen_reader_hears_role_name_and_state(card: PreferencesCard) -> None:
    assert spoken(card.text_sizes().buttons()[1])[:2] == (QAccessible.Role.RadioButton, "125%")
    switch = card.sounds().switch("refused")
    assert spoken(switch) == (QAccessible.Role.CheckBox, "音 お断り", "切")
    assert not QAccessible.queryAccessibleInterface(switch).state().checked
    _press(switch)
    assert spoken(switch) == (QAccessible.Role.CheckBox, "音 お断り", "入")
    assert QAccessible.queryAccessibleInterface(switch).state().checked
    assert spoken(card.sounds().hear_button("refused"))[:2] == (QAccessible.Role.Button, "音 お断り 試聴")
    assert spoken(card.text_sizes())[1] == "文字の大きさ"
    assert spoken(card)[1] == "この端末での自分の設定"


def test_a_new_view_keeps_the_focus(card: PreferencesCard) -> None:
    switch = card.sounds().switch("notice")
    switch.setFocus()
    sounds = tuple(replace(sound, on=not sound.on) for sound in SOUNDS)
    card.set_view(replace(VIEW, sounds=sounds))
    assert card.sounds().switch("notice") is switch
    assert switch.hasFocus()
    assert not switch.isChecked()


def test_other_sounds_take_the_place_of_the_first(card: PreferencesCard) -> None:
    card.set_view(replace(VIEW, sounds=(SoundChoice("bell", "鐘", False),)))
    assert len(_controls(card)) == 5 + 2 + 2 + 1
    assert not card.sounds().switch("bell").isChecked()


# Pages ----------------------------------------------------------------------------------------------


def _shown(card: PreferencesCard) -> tuple[bool, bool, bool]:
    return card.text_sizes().isVisible(), card.contrasts().isVisible(), card.sounds().isVisible()


def test_with_all_its_height_everything_is_on_one_page(card: PreferencesCard) -> None:
    assert _shown(card) == (True, True, True)
    assert not card.turn_button().isVisible()


def test_with_less_height_the_groups_are_dealt_out_and_the_page_is_turned_by_key(
    card: PreferencesCard,
) -> None:
    card.resize(870, card.height_for(870) - 1)
    assert _shown(card) == (True, True, False)
    assert card.turn_button().word() == "続き 1/2"
    card.turn_button().setFocus()
    QTest.keyClick(card.turn_button(), Qt.Key.Key_Space)
    assert _shown(card) == (False, False, True)
    assert card.turn_button().hasFocus()
    QTest.keyClick(card.turn_button(), Qt.Key.Key_Return)
    assert _shown(card) == (False, False, True)
    _press(card.turn_button())
    assert _shown(card) == (True, True, False)


def test_with_the_least_height_each_group_has_a_page(card: PreferencesCard) -> None:
    card.resize(870, card.least_height_for(870))
    seen = []
    for _ in range(2):
        seen.append(_shown(card))
        _press(card.turn_button())
    assert seen == [(True, True, False), (False, False, True)]
    for group in (card.text_sizes(), card.contrasts(), card.sounds()):
        assert card.rect().contains(group.geometry())


def test_the_control_in_use_stays_in_sight(card: PreferencesCard, look: Look) -> None:
    switch = card.sounds().switch("error")
    switch.setFocus()
    card.resize(870, card.height_for(870) - 1)
    assert _shown(card) == (False, False, True)
    assert switch.hasFocus()
    card.set_look(replace(look, theme=replace(look.theme, text_scale=1.5)))
    assert switch.isVisible()


def test_it_makes_use_of_no_more_height_than_its_pages_need(card: PreferencesCard) -> None:
    full = card.height_for(870)
    assert card.height_within(870, full + 200) == full
    less = card.height_within(870, full - 1)
    assert card.least_height_for(870) <= less < full - 1
    card.resize(870, less)
    assert card.turn_button().word() == "続き 1/2"


def test_opened_anew_it_begins_at_the_first_page(card: PreferencesCard) -> None:
    card.resize(870, card.height_for(870) - 1)
    _press(card.turn_button())
    card.set_view(None)
    assert card.isHidden()
    card.set_view(VIEW)
    card.show()
    card.start()
    assert _shown(card) == (True, True, False)
    assert card.text_sizes().buttons()[1].hasFocus()


def test_the_five_text_sizes_are_those_of_the_order() -> None:
    assert TEXT_PERCENTS == (100, 125, 150, 175, 200)
