"""Plays the counter's sounds, and says whether this machine can."""

from __future__ import annotations

import logging
import os
from enum import Enum
from typing import Final

from PySide6.QtCore import (
    QCoreApplication,
    QDeadlineTimer,
    QObject,
    QProcess,
    QStandardPaths,
    QTimer,
    Signal,
)

from madoguchi.widgets.sound_patterns import PATTERNS, SAMPLE_RATE, Family, line_up, synthesise

translate = QCoreApplication.translate
_log = logging.getLogger(__name__)

PLAYER: Final = "aplay"
REST_SECONDS: Final = 0.2
"""Silence between two sounds, so that two rhythms are not heard as one."""

PATIENCE_SECONDS: Final = 2.0
"""How long after its last pulse a player may still run before it counts as hanging."""

RETRY_SECONDS: Final = 5.0
"""How long no sound is tried after one failed."""

MOST_PLAYERS: Final = 4
"""So many players run at once when a device is slow to end; when they are more, it counts as hanging."""

_ARGUMENTS: Final = (
    *("--quiet", "--device=default", "--file-type=raw"),
    *("--format=S16_LE", f"--rate={SAMPLE_RATE}", "--channels=1"),
)
_CLOSING_MS: Final = 200
_PROBE: Final = bytes(2 * (SAMPLE_RATE // 20))


class Ability(Enum):
    """Whether this machine can make sounds, as far as the last try told."""

    UNKNOWN = "unknown"
    """Nothing has been tried yet."""
    READY = "ready"
    """A device took all of the last sound. Whether its speaker is on and loud, no program can tell."""
    NO_PLAYER = "no player"
    """The program that plays is not installed, or could not be started."""
    NO_DEVICE = "no device"
    """There is no sound device or sound server, or it went away in the middle of a sound."""
    NO_ANSWER = "no answer"
    """The device or the sound server is there and takes nothing."""


class SoundPlayer(QObject):
    """Plays one sound for each outcome, in a process of its own that can be ended.

    Nothing here raises or waits because of the machine's sound: a sound that cannot be made is left out,
    ``ability`` says why, and a later sound tries again. All methods belong to the GUI thread.

    Which of several sounds is heard is decided by ``sound_patterns.line_up``.

    Signals:
        ability_changed(): ``ability`` has another value.
        fell_silent(): ``busy`` is no longer true.
    """

    ability_changed = Signal()
    fell_silent = Signal()

    def __init__(
        self,
        *,
        silenced: frozenset[Family] = frozenset(),
        patience_seconds: float = PATIENCE_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._silenced = silenced
        self._patience_seconds = patience_seconds
        self._retry_seconds = retry_seconds
        self._ability = Ability.UNKNOWN
        self._sounding: Family | None = None
        self._waiting: Family | None = None
        self._playing: list[_Playing] = []
        self._files: dict[bytes, int] = {}
        self._no_try_until = QDeadlineTimer(0)
        self._closed = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._end_turn)

    @property
    def ability(self) -> Ability:
        """What the last try told."""
        return self._ability

    @property
    def available(self) -> bool:
        """Whether the last sound was made."""
        return self._ability is Ability.READY

    @property
    def sentence(self) -> str:
        """For people: what ``ability`` means here. Empty while sounds are made."""
        return {
            Ability.UNKNOWN: translate("Sounds", "音が出るかどうか、まだ確かめていません"),
            Ability.READY: "",
            Ability.NO_PLAYER: translate("Sounds", "音を鳴らすプログラム（aplay）が、この端末で動きません"),
            Ability.NO_DEVICE: translate("Sounds", "音を出す装置が、この端末に見つかりません"),
            Ability.NO_ANSWER: translate("Sounds", "音を出す装置が応えません"),
        }[self._ability]

    @property
    def silenced(self) -> frozenset[Family]:
        """The families that are not played. A sound that has begun is not cut off by it."""
        return self._silenced

    @silenced.setter
    def silenced(self, families: frozenset[Family]) -> None:
        self._silenced = families

    @property
    def busy(self) -> bool:
        """Whether anything sounds or waits, or a player has not ended yet."""
        return self._sounding is not None or bool(self._playing)

    def play(self, family: Family) -> None:
        """Plays the sound of ``family``, now or after the one that sounds, or leaves it out.

        Returns at once.
        """
        if family not in self._silenced:
            self.hear(family)

    def hear(self, family: Family) -> None:
        """Plays it as ``play`` does, also when it is silenced: somebody asks how it sounds."""
        if self._closed or not self._no_try_until.hasExpired():
            return
        if self._sounding is not None:
            self._waiting = line_up(self._sounding, self._waiting, family)
            return
        pattern = PATTERNS[family]
        self._sounding = family
        # the turn is measured here and not by the player's end: a sound server may keep a player for long
        # after its last pulse, and a refusal must not wait for that
        self._turn.start(round(1000 * (pattern.seconds + REST_SECONDS)))
        self._start(synthesise(pattern))

    def check(self) -> None:
        """Finds ``ability`` out by playing a twentieth of a second of silence. Returns at once."""
        if not self._closed and not self.busy:
            self._start(_PROBE)

    def close(self) -> None:
        """Ends what sounds, and plays nothing ever after.

        Waits for the end of each player, a fifth of a second at most.
        """
        self._closed = True
        self._sounding = self._waiting = None
        self._turn.stop()
        for playing in list(self._playing):
            playing.end()
            playing.wait()
        for file in self._files.values():
            os.close(file)
        self._files.clear()

    def _start(self, samples: bytes) -> None:
        if len(self._playing) >= MOST_PLAYERS:
            self._give_up(Ability.NO_ANSWER, f"{MOST_PLAYERS} of {PLAYER} have not ended")
            return
        program = QStandardPaths.findExecutable(PLAYER)
        if not program:
            self._give_up(Ability.NO_PLAYER, f"{PLAYER} is not installed")
            return
        try:
            file = self._file(samples)
        except OSError as error:
            self._give_up(Ability.NO_PLAYER, str(error))
            return
        patience_ms = round(1000 * (len(samples) / 2 / SAMPLE_RATE + self._patience_seconds))
        playing = _Playing(self, program, file, patience_ms)
        playing.over.connect(self._hear)
        playing.gone.connect(self._forget)
        self._playing.append(playing)
        playing.start()

    def _file(self, samples: bytes) -> int:
        """A file in memory: the player reads at its own pace and never waits for this process."""
        if samples not in self._files:
            file = os.memfd_create("madoguchi sound")
            self._files[samples] = file
            os.write(file, samples)
        return self._files[samples]

    def _end_turn(self) -> None:
        self._sounding = None
        family, self._waiting = self._waiting, None
        if family is not None:
            self.play(family)
        self._say_if_silent()

    def _hear(self, ability: Ability, detail: str) -> None:
        if ability is Ability.READY:
            self._set_ability(ability)
        else:
            self._give_up(ability, detail)

    def _forget(self, playing: _Playing) -> None:
        self._playing.remove(playing)
        playing.deleteLater()
        self._say_if_silent()

    def _give_up(self, ability: Ability, detail: str) -> None:
        """Leaves out what sounds and waits: once the device is back, nobody knows what it was for."""
        self._no_try_until = QDeadlineTimer(round(1000 * self._retry_seconds))
        if ability is not self._ability:
            _log.warning("no sound: %s", detail)
        for playing in self._playing:
            playing.end()
        self._turn.stop()
        self._sounding = self._waiting = None
        self._set_ability(ability)
        self._say_if_silent()

    def _set_ability(self, ability: Ability) -> None:
        if ability is not self._ability:
            self._ability = ability
            self.ability_changed.emit()

    def _say_if_silent(self) -> None:
        if not self.busy:
            self.fell_silent.emit()


class _Playing(QObject):
    """One run of the player.

    Signals:
        over(ability, detail): what became of it. Not emitted after ``end``.
        gone(self): its process has ended, or never was. Emitted in any case.
    """

    over = Signal(object, str)
    gone = Signal(object)

    def __init__(self, parent: QObject, program: str, file: int, patience_ms: int) -> None:
        super().__init__(parent)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(patience_ms)
        self._patience.timeout.connect(self._lose_patience)
        self._process = QProcess(self)
        self._process.setProgram(program)
        self._process.setArguments(_ARGUMENTS)
        self._process.setStandardInputFile(f"/proc/self/fd/{file}")
        self._process.setStandardOutputFile(QProcess.nullDevice())
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)
        self._told = False

    def start(self) -> None:
        """Starts the player. What becomes of it comes by signal."""
        self._patience.start()
        self._process.start()

    def end(self) -> None:
        """Tells the player to end now. Returns at once; ``gone`` follows."""
        self._told = True
        self._patience.stop()
        self._process.kill()

    def wait(self) -> None:
        """Waits a fifth of a second for the player's end."""
        self._process.waitForFinished(_CLOSING_MS)

    def _tell(self, ability: Ability, detail: str) -> None:
        self._patience.stop()
        if not self._told:
            self._told = True
            self.over.emit(ability, detail)

    def _lose_patience(self) -> None:
        self._tell(Ability.NO_ANSWER, f"{PLAYER} did not end in time")

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._tell(Ability.NO_PLAYER, self._process.errorString())
            self.gone.emit(self)

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        if status is QProcess.ExitStatus.NormalExit and code == 0:
            self._tell(Ability.READY, "")
        else:
            said = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
            # what it could not do stands last, after what each part of ALSA thinks of it
            said_untrusted = (said.strip().splitlines() or [""])[-1][:200]
            self._tell(Ability.NO_DEVICE, f"{PLAYER} ended with {code}: {said_untrusted!r}")
        self.gone.emit(self)
