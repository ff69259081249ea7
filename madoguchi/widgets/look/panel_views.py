"""What pad, preferences, lock, new password and arrival show: frozen values, as those in ``views.py``."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.widgets.look.views import FlagView, Sign

TEXT_PERCENTS = (100, 125, 150, 175, 200)
"""The text sizes that can be chosen, in per cent."""


@dataclass(frozen=True, slots=True)
class NumberPadView:
    """What is being entered (``heading``), what stands there so far, and how it is written (``hint``).

    ``typed`` is shown as it is: the page writes a day with its stroke ("12/03") if it wants one.
    """

    heading: str
    typed: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SoundChoice:
    """One of the four sounds: ``key`` goes back to the page, ``word`` is what it means ("お断り")."""

    key: str
    word: str
    on: bool


@dataclass(frozen=True, slots=True)
class PreferencesView:
    """The clerk's own settings for this terminal.

    ``text_percent`` is one of ``TEXT_PERCENTS``; with any other value none of them is marked as chosen.
    ``sound_note`` says what there is to know about sounds here, for instance that the machine has none.
    """

    text_percent: int
    high_contrast: bool
    sounds: tuple[SoundChoice, ...]
    sound_note: str = ""


@dataclass(frozen=True, slots=True)
class LockView:
    """The away lock: whose work waits, since when ("14:38"), and how many scans are held.

    It has no place for a title, a patron or their number, so that nothing of the kind can be shown.
    ``message_sign`` REFUSED paints the message as an error, anything else as a remark. While ``busy``
    nothing can be sent again.
    """

    staff: str
    since: str
    held_scans: int = 0
    message: str = ""
    message_sign: Sign = Sign.REFUSED
    busy: bool = False


@dataclass(frozen=True, slots=True)
class NewPasswordView:
    """A new password is to be chosen: for whom, why, and what is wrong with the one that was tried.

    ``problems`` is about the password, ``differ`` is said at the second field: the two entries are not the
    same. While ``busy`` nothing can be typed or sent.
    """

    heading: str
    why: str
    rules: str
    problems: tuple[str, ...] = ()
    differ: str = ""
    busy: bool = False


@dataclass(frozen=True, slots=True)
class ArrivalView:
    """What somebody should know who has just signed in; it goes with their first scan."""

    heading: str
    flags: tuple[FlagView, ...]
    hint: str = ""
