"""How this terminal looks and sounds: the card on which the clerk chooses, and what follows from it."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject

from madoguchi.app.preferences import Preferences, save_preferences
from madoguchi.widgets.counter_window import CounterWindow
from madoguchi.widgets.look.panel_views import PreferencesView, SoundChoice
from madoguchi.widgets.look.preferences_card import PreferencesCard
from madoguchi.widgets.look.theme import Theme
from madoguchi.widgets.look.tokens import Contrast
from madoguchi.widgets.look.views import StripView, Tone
from madoguchi.widgets.sound_patterns import Family
from madoguchi.widgets.sounds import SoundPlayer

translate = QCoreApplication.translate

SOUND_OF: Final = {
    Tone.DONE: Family.DONE,
    Tone.RECORDED: Family.DONE,
    Tone.NOTICE: Family.NOTICE,
    Tone.ROUTE: Family.NOTICE,
    Tone.REFUSED: Family.REFUSED,
    Tone.OUTAGE: Family.ERROR,
}

_log = logging.getLogger(__name__)


class PreferencesDesk(QObject):
    """Shows the card, dresses the window, lets outcomes sound; what is chosen is kept in ``file``."""

    def __init__(
        self,
        window: CounterWindow,
        player: SoundPlayer,
        preferences: Preferences,
        file: Path | None,
    ) -> None:
        super().__init__()
        self._window = window
        self._player = player
        self._preferences = preferences
        self._file = file
        self._card = PreferencesCard(window.frame.look)
        self._card.text_size_chosen.connect(lambda percent: self._choose(text_scale=percent / 100))
        self._card.contrast_chosen.connect(lambda high: self._choose(high_contrast=high))
        self._card.sound_switched.connect(self._switch)
        self._card.sound_heard.connect(lambda key: self._player.hear(Family(key)))
        self._card.closed.connect(window.between.close_card)
        window.preferences_asked.connect(self._open)
        window.outcome.connect(self._sound)
        window.first_painted.connect(player.check)
        player.ability_changed.connect(self._show_ability)
        self._silence()

    def _open(self) -> None:
        if self._window.frame.card() is self._card:
            self._window.between.close_card()
            return
        self._player.check()
        self._show()
        self._window.between.open_card(self._card)
        self._card.start()

    def _show_ability(self) -> None:
        if self._window.frame.card() is self._card:
            self._show()

    def _show(self) -> None:
        words = {
            Family.DONE: translate("Counter", "完了"),
            Family.NOTICE: translate("Counter", "注意"),
            Family.REFUSED: translate("Counter", "お断り"),
            Family.ERROR: translate("Counter", "障害"),
        }
        silenced = self._preferences.silenced
        self._card.set_view(
            PreferencesView(
                round(self._window.frame.look.theme.text_scale * 100),
                self._preferences.high_contrast,
                tuple(
                    SoundChoice(family.value, word, family.value not in silenced)
                    for family, word in words.items()
                ),
                self._player.sentence,
            )
        )

    def _switch(self, key: str, on: bool) -> None:
        silenced = self._preferences.silenced
        self._choose(silenced=silenced - {key} if on else silenced | {key})

    def _choose(self, **changes: object) -> None:
        self._preferences = replace(self._preferences, **changes)  # type: ignore[arg-type]
        self._silence()
        theme = self._window.frame.look.theme
        contrast = Contrast.HIGH if self._preferences.high_contrast else Contrast.LIGHT
        scale = self._preferences.text_scale or theme.text_scale
        if (contrast, scale) != (theme.contrast, theme.text_scale):
            self._window.frame.set_theme(Theme(theme.tokens, theme.faces, contrast, scale))
        self._show()
        if self._file is None:
            return
        try:
            save_preferences(self._preferences, self._file)
        except OSError as error:
            _log.warning("the preferences cannot be kept: %s", error.strerror)
            self._window.show_strip(
                StripView(
                    Tone.NOTICE,
                    translate("Counter", "設定を保存できません"),
                    side_first=translate("Counter", "終了するまでは有効です"),
                )
            )

    def _silence(self) -> None:
        known = {family.value: family for family in Family}
        self._player.silenced = frozenset(known[name] for name in self._preferences.silenced if name in known)

    def _sound(self, tone: Tone) -> None:
        family = SOUND_OF.get(tone)
        if family is not None:
            self._player.play(family)
