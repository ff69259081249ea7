"""Command barcodes: what a clerk can have done by scanning, and the library's own prefix before it. Pure.

A code stuck on a book must do nothing, so each command stands behind a prefix that the library drew at random
and that is printed on its command sheet alone. Whoever copies that sheet can do what stands here and no more:
**no command stands for an override, a withdrawal or an approval, nor for the reason that one of them needs.**
Those are given by key or mouse, by somebody who is looking at the screen; and a counter that is handed
`Command.YES` while the answer offered is such an act has to leave the question open.
"""

from __future__ import annotations

import secrets
from enum import StrEnum
from random import Random
from typing import Final

from madoguchi.barcode.symbology import CommandCode

__all__ = ["PREFIX_LENGTH", "PREFIX_LETTERS", "Command", "command_of", "command_text", "new_prefix"]

# Consonants, so that no word comes about. Not A to D and X, which numbers have too (NW-7 letters, ISBN-10);
# not I, L, O, Q, S, Z, which look like digits. Only letters: symbols have other keys on a JIS keyboard
# than on an American one.
PREFIX_LETTERS: Final = "FGHJKMNPRTVWY"
PREFIX_LENGTH: Final = 8


class Command(StrEnum):
    """What can be asked for by scanning. The value is what is printed behind the prefix.

    No value becomes another by one letter lost, added or changed, or by letters out of order (the digits
    aside, which stand for themselves): a damaged scan is no command, not another one.
    """

    LEND = "LEND"
    RETURN = "RETURN"
    RENEW = "RENEW"
    LAST = "LAST"
    """The patron before this one."""
    FINISH = "FINISH"
    """The visit is over."""
    DUE = "DUE"
    """Choose the due date by hand."""
    UNDO = "UNDO"
    """Undo the last return."""
    REPRINT = "REPRINT"
    """Print the last slip again."""
    DROP = "DROP"
    """Book-drop mode on and off."""
    ATTEND = "ATTEND"
    """Open the question of the row that waits for an answer."""
    YES = "YES"
    """The answer offered, unless it needs a reason."""
    NO = "NO"
    """The answer that changes nothing."""
    HIDE = "HIDE"
    """Hide personal data, or show it again."""
    LOCK = "LOCK"
    """Leave the counter: the session ends."""
    ENTER = "ENTER"
    """What has been entered is complete."""
    ERASE = "ERASE"
    """Take the last figure back."""
    DIGIT_0 = "0"
    DIGIT_1 = "1"
    DIGIT_2 = "2"
    DIGIT_3 = "3"
    DIGIT_4 = "4"
    DIGIT_5 = "5"
    DIGIT_6 = "6"
    DIGIT_7 = "7"
    DIGIT_8 = "8"
    DIGIT_9 = "9"


_BY_VALUE: Final = {command.value: command for command in Command}


def command_of(code: CommandCode) -> Command | None:
    """The command a command barcode asks for; None when the program has none of that name."""
    return _BY_VALUE.get(code.name)


def command_text(command: Command, prefix: str) -> str:
    """What the barcode of a command holds in a library with this prefix."""
    return prefix + command.value


def new_prefix(random: Random | None = None) -> str:
    """Draw a prefix: eight letters of thirteen, 29.6 bits, from the system's own randomness.

    Every `CodePlan` accepts it, but for one with a rule whose own prefix begins with these very letters.
    `random` is for tests; anything but `secrets.SystemRandom` can be guessed.
    """
    source = random or secrets.SystemRandom()
    return "".join(source.choice(PREFIX_LETTERS) for _ in range(PREFIX_LENGTH))
