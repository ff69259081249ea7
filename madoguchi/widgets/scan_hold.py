"""Scans read while the terminal is locked: held for whoever's work waits, or refused, as a setting says.

They are numbers of people: in memory alone, and of them nothing is said but how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from madoguchi.barcode.symbology import Isbn, ItemCode, Meaning, ParsedCode, PatronCode, Unknown

MOST_HELD: Final = 50


class Fate(Enum):
    """What became of a scan."""

    HELD = auto()
    REFUSED = auto()
    """Scans are not held here, or nobody's work waits."""
    NO_NUMBER = auto()
    """It is nothing that a page could make something of: a command, something garbled."""
    FULL = auto()


@dataclass(frozen=True, slots=True)
class Held:
    """A scan that waits; ``for_return``: a scanner for returns read it, and it is taken back, never lent."""

    code: ParsedCode = field(repr=False)
    for_return: bool = False


class ScanHold:
    """What was scanned while somebody's work waits, in its order, at most ``MOST_HELD``.

    ``on``: whether the library wants scans to be held.
    """

    def __init__(self, *, on: bool) -> None:
        self._on = on
        self._login: str | None = None
        self._codes: list[Held] = []
        self._untaken = 0

    def __len__(self) -> int:
        return len(self._codes)

    def wait_for(self, login: str | None) -> None:
        """From now on this person's work waits; None: nobody's. What was held for another is let go of."""
        if login != self._login:
            self._let_go()
        self._login = login

    def take(self, code: ParsedCode, *, for_return: bool = False) -> Fate:
        """Holds what was scanned, if it is to be held."""
        if not self._on or self._login is None:
            return Fate.REFUSED
        if not _is_number(code):
            return Fate.NO_NUMBER
        if len(self._codes) == MOST_HELD:
            return Fate.FULL
        self._codes.append(Held(code, for_return))
        return Fate.HELD

    def give(self, login: str | None) -> tuple[list[Held], int]:
        """What was held for a person who has taken up their work again; None: somebody signed in to none.

        Also how many scans were let go of since this was last asked; after this nothing is held.
        """
        codes: list[Held] = []
        if login is not None and login == self._login:
            codes, self._codes = self._codes, []
        self.wait_for(None)
        untaken, self._untaken = self._untaken, 0
        return codes, untaken

    def _let_go(self) -> None:
        self._untaken += len(self._codes)
        self._codes.clear()


def _is_number(code: ParsedCode) -> bool:
    """Whether a page makes something of it: a number, or one misread.

    A misread one gets its row, too, lest a book that was put aside be taken for lent.
    """
    if isinstance(code, Unknown):
        return code.looked_like not in (None, Meaning.STAFF)
    return isinstance(code, PatronCode | ItemCode | Isbn)
