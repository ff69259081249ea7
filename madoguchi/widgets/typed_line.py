"""What the clerk types or picks, digit by digit, until Enter: a number or a day."""

from __future__ import annotations

import unicodedata
from typing import Final

from PySide6.QtCore import QObject, Signal

LONGEST_TYPED: Final = 64


class TypedLine(QObject):
    """Collects characters.

    Signals:
        changed(text): what stands there now; empty when nothing does.
        entered(text): the clerk confirmed it; full-width digits and letters have become plain ones.
    """

    changed = Signal(str)
    entered = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text = ""

    def text(self) -> str:
        """What stands there now."""
        return self._text

    def add(self, text: str) -> bool:
        """Adds what can be seen of ``text``; says whether anything could."""
        seen = "".join(character for character in text if character.isprintable() and not character.isspace())
        self._set((self._text + seen)[:LONGEST_TYPED])
        return bool(seen)

    def erase(self) -> None:
        """Takes the last character away."""
        self._set(self._text[:-1])

    def clear(self) -> None:
        """Takes everything away."""
        self._set("")

    def enter(self) -> None:
        """Confirms what stands there, if anything does."""
        text = self._text
        self.clear()
        if text:
            self.entered.emit(unicodedata.normalize("NFKC", text))

    def _set(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.changed.emit(text)
