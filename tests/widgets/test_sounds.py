"""The player on the real path: the program that plays, the ALSA library, and a device that writes a file.

Each sound goes into a file of its own, made by ALSA's ``file`` plug-in in front of its ``null`` device. What
is in the files is compared with the patterns by rhythm.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from pytestqt.qtbot import QtBot

from madoguchi.widgets.sound_patterns import PATTERNS, Family, synthesise
from madoguchi.widgets.sounds import MOST_PLAYERS, Ability, SoundPlayer
from tests.widgets.test_sound_patterns import distance, rhythm

NO_FAMILY: frozenset[Family] = frozenset()


class Machine:
    """A machine's sound: what ALSA's default device is, and what it was given."""

    def __init__(self, folder: Path) -> None:
        self.configuration = folder / "alsa.conf"
        self._folder = folder / "played"
        self._folder.mkdir()
        self.take_the_device_away()

    def give_a_device(self) -> None:
        """The default device takes all there is at once, and notes it."""
        self._let_it_be(str(self._folder / "sound"))

    def give_a_hanging_device(self) -> None:
        """Whoever opens the default device waits for a reader that never comes."""
        pipe = self._folder.parent / "pipe"
        os.mkfifo(pipe)
        self._let_it_be(str(pipe), truncate=True)

    def give_a_device_that_goes_away(self) -> None:
        """The default device is pulled out in the middle of a sound."""
        self._let_it_be("|head -c 1000 >/dev/null")

    def take_the_device_away(self) -> None:
        """There is no default device; only what belongs to the library is configured."""
        self.configuration.write_text("")

    def played(self) -> list[Family]:
        """The sounds the device was given, in order, silence left out."""
        numbered = sorted(self._folder.iterdir(), key=lambda file: file.name)
        rhythms = [rhythm(file.read_bytes()) for file in numbered]
        return [_family(sounds) for sounds in rhythms if sounds]

    def _let_it_be(self, file: str, *, truncate: bool = False) -> None:
        again = "true" if truncate else "false"  # where it is false, the next sound goes into a new file
        self.configuration.write_text(
            f"""
            pcm.null {{ type null }}
            pcm.default {{ type file slave.pcm null file "{file}" format raw truncate {again} }}
            """
        )


def _family(sounds: list[bool]) -> Family:
    """The family whose rhythm this is."""
    found = [family for family in Family if distance(sounds, rhythm(synthesise(PATTERNS[family]))) < 0.05]
    assert len(found) == 1, f"a rhythm of no family: {sounds}"
    return found[0]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(machine.configuration))
    return machine


@pytest.fixture
def player(machine: Machine, qapp: QCoreApplication) -> Iterator[SoundPlayer]:
    player = SoundPlayer(patience_seconds=30, retry_seconds=0)
    yield player
    player.close()


def until_silent(qtbot: QtBot, player: SoundPlayer) -> None:
    qtbot.waitUntil(lambda: not player.busy, timeout=30_000)


# -- what is played -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", Family)
def test_the_device_is_given_the_familys_own_rhythm(
    machine: Machine, player: SoundPlayer, qtbot: QtBot, family: Family
) -> None:
    machine.give_a_device()
    player.play(family)
    until_silent(qtbot, player)
    assert machine.played() == [family]
    assert player.available
    assert player.sentence == ""


def test_the_same_sound_can_be_played_again(machine: Machine, player: SoundPlayer, qtbot: QtBot) -> None:
    machine.give_a_device()
    for _ in range(3):
        player.play(Family.DONE)
        until_silent(qtbot, player)
    assert machine.played() == [Family.DONE] * 3


@pytest.mark.parametrize("family", Family)
def test_a_silenced_family_is_not_played_and_the_others_are(
    machine: Machine, player: SoundPlayer, qtbot: QtBot, family: Family
) -> None:
    machine.give_a_device()
    player.silenced = frozenset({family})
    player.play(family)
    assert not player.busy
    other = Family.NOTICE if family is not Family.NOTICE else Family.DONE
    player.play(other)
    until_silent(qtbot, player)
    assert machine.played() == [other]
    player.silenced = NO_FAMILY
    player.play(family)
    until_silent(qtbot, player)
    assert machine.played() == [other, family]


def test_who_asks_how_a_silenced_sound_sounds_hears_it(
    machine: Machine, player: SoundPlayer, qtbot: QtBot
) -> None:
    machine.give_a_device()
    player.silenced = frozenset(Family)
    player.play(Family.REFUSED)
    player.hear(Family.REFUSED)
    until_silent(qtbot, player)
    assert machine.played() == [Family.REFUSED]


def test_a_sound_that_waits_when_its_family_is_silenced_is_left_out(
    machine: Machine, player: SoundPlayer, qtbot: QtBot
) -> None:
    machine.give_a_device()
    player.play(Family.DONE)
    player.play(Family.NOTICE)
    player.silenced = frozenset({Family.NOTICE})
    until_silent(qtbot, player)
    assert machine.played() == [Family.DONE]


# -- which one is heard --------------------------------------------------------------------------------------


@pytest.mark.parametrize("grave", [Family.REFUSED, Family.ERROR])
def test_a_refusal_is_heard_whole_whatever_is_done_meanwhile(
    machine: Machine, player: SoundPlayer, qtbot: QtBot, grave: Family
) -> None:
    machine.give_a_device()
    player.play(grave)
    for _ in range(50):
        player.play(Family.DONE)
    until_silent(qtbot, player)
    assert machine.played() == [grave]


def test_two_hundred_done_do_not_pile_up(machine: Machine, player: SoundPlayer, qtbot: QtBot) -> None:
    machine.give_a_device()
    for _ in range(200):
        player.play(Family.DONE)
    until_silent(qtbot, player)
    assert machine.played() == [Family.DONE, Family.DONE]


def test_a_refusal_takes_the_place_of_the_done_that_wait(
    machine: Machine, player: SoundPlayer, qtbot: QtBot
) -> None:
    machine.give_a_device()
    for family in [Family.DONE] * 20 + [Family.REFUSED] + [Family.DONE] * 20:
        player.play(family)
    until_silent(qtbot, player)
    assert machine.played() == [Family.DONE, Family.REFUSED]


@pytest.mark.parametrize("asked", list(permutations([Family.NOTICE, Family.REFUSED, Family.ERROR])))
def test_the_first_sounds_whole_and_then_the_most_serious(
    machine: Machine, player: SoundPlayer, qtbot: QtBot, asked: tuple[Family, ...]
) -> None:
    machine.give_a_device()
    for family in asked:
        player.play(family)
    until_silent(qtbot, player)
    assert machine.played() == [asked[0], max(asked[1:], key=lambda family: family.seriousness)]


# -- a machine that cannot ----------------------------------------------------------------------------------


def test_what_the_machine_can_is_unknown_until_something_is_tried(
    machine: Machine, player: SoundPlayer
) -> None:
    machine.give_a_device()
    assert player.ability is Ability.UNKNOWN
    assert not player.available
    assert player.sentence


def test_a_check_finds_out_without_a_sound(machine: Machine, player: SoundPlayer, qtbot: QtBot) -> None:
    machine.give_a_device()
    with qtbot.waitSignal(player.ability_changed):
        player.check()
    until_silent(qtbot, player)
    assert player.available
    assert machine.played() == []


def test_without_a_device_a_sentence_says_so(player: SoundPlayer, qtbot: QtBot) -> None:
    with qtbot.waitSignal(player.ability_changed):
        player.check()
    assert player.ability is Ability.NO_DEVICE
    assert not player.available
    assert player.sentence


def test_without_the_program_that_plays_a_sentence_says_so(
    player: SoundPlayer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    player.play(Family.DONE)
    until_silent(qtbot, player)
    assert player.ability is Ability.NO_PLAYER
    assert player.sentence


def test_a_program_that_cannot_be_started_is_as_good_as_none(
    player: SoundPlayer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    program = tmp_path / "aplay"
    program.write_bytes(b"no program")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    player.play(Family.DONE)
    until_silent(qtbot, player)
    assert player.ability is Ability.NO_PLAYER


def test_a_device_that_goes_away_in_the_middle_is_missed(
    machine: Machine, player: SoundPlayer, qtbot: QtBot
) -> None:
    machine.give_a_device_that_goes_away()
    player.play(Family.ERROR)
    until_silent(qtbot, player)
    assert player.ability is Ability.NO_DEVICE


def test_a_device_that_comes_back_is_heard_again_and_what_was_missed_stays_missed(
    machine: Machine, player: SoundPlayer, qtbot: QtBot
) -> None:
    player.play(Family.REFUSED)
    player.play(Family.ERROR)
    until_silent(qtbot, player)
    assert player.ability is Ability.NO_DEVICE
    machine.give_a_device()
    player.play(Family.NOTICE)
    until_silent(qtbot, player)
    assert player.available
    assert machine.played() == [Family.NOTICE]


def test_after_a_failure_nothing_is_tried_for_a_while_but_a_check_is(
    machine: Machine, qapp: QCoreApplication, qtbot: QtBot
) -> None:
    player = SoundPlayer(retry_seconds=3_600)
    player.play(Family.DONE)
    until_silent(qtbot, player)
    assert player.ability is Ability.NO_DEVICE
    machine.give_a_device()
    for _ in range(200):
        player.play(Family.DONE)
    assert not player.busy
    player.check()
    until_silent(qtbot, player)
    assert player.available
    player.close()


def test_a_device_that_never_answers_is_given_up(
    machine: Machine, qapp: QCoreApplication, qtbot: QtBot
) -> None:
    machine.give_a_hanging_device()
    player = SoundPlayer(patience_seconds=0.1, retry_seconds=0)
    player.play(Family.DONE)
    until_silent(qtbot, player)
    assert player.ability is Ability.NO_ANSWER
    assert player.sentence
    player.close()


def test_players_do_not_pile_up_on_a_device_that_never_answers(
    machine: Machine, player: SoundPlayer, qtbot: QtBot
) -> None:
    machine.give_a_hanging_device()
    most = 0

    def ask_on() -> bool:
        nonlocal most
        if player.ability is Ability.NO_ANSWER:
            return True
        player.play(Family.DONE)
        most = max(most, len(children()))
        return False

    qtbot.waitUntil(ask_on, timeout=30_000)
    until_silent(qtbot, player)
    assert 1 < most <= MOST_PLAYERS
    assert not children()


def test_the_window_goes_on_while_the_device_hangs(
    machine: Machine, player: SoundPlayer, qtbot: QtBot
) -> None:
    machine.give_a_hanging_device()
    turns: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: turns.append(len(turns)))
    timer.start(0)
    player.play(Family.ERROR)
    qtbot.waitUntil(lambda: len(turns) > 100 and bool(children()))
    timer.stop()
    assert player.busy


# -- the end ------------------------------------------------------------------------------------------------


def test_closing_in_the_middle_of_a_sound_leaves_no_program_behind(
    machine: Machine, player: SoundPlayer, qtbot: QtBot
) -> None:
    machine.give_a_hanging_device()
    player.play(Family.REFUSED)
    player.play(Family.ERROR)
    qtbot.waitUntil(lambda: bool(children()))
    player.close()
    assert not children()
    assert not player.busy


def test_after_closing_nothing_is_played_and_closing_again_does_no_harm(
    machine: Machine, player: SoundPlayer
) -> None:
    machine.give_a_device()
    player.play(Family.DONE)
    player.close()
    player.close()
    player.play(Family.ERROR)
    player.check()
    assert not player.busy
    assert not children()


def test_no_file_stays_open(machine: Machine, player: SoundPlayer, qtbot: QtBot) -> None:
    def files() -> set[Path]:
        return set(Path("/proc/self/fd").iterdir())

    machine.give_a_device()
    before = files()
    for family in Family:
        player.play(family)
        until_silent(qtbot, player)
    assert not files() <= before
    player.close()
    qtbot.waitUntil(lambda: files() <= before)


def children() -> list[str]:
    """The players this process has running, by name."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            try:
                found.append(Path(f"/proc/{pid}/comm").read_text().strip())
            except (FileNotFoundError, ProcessLookupError):
                continue
    return [name for name in found if name == "aplay"]


def test_the_machine_of_these_tests_has_the_program_that_plays() -> None:
    assert shutil.which("aplay")
