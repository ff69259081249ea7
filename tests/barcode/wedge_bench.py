"""The layer above the wedge recogniser as tests play it, and keys for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from madoguchi.barcode.symbology import TRAINING_PLAN, Unknown, parse
from madoguchi.barcode.wedge import Fate, Key, KeyPress, Verdict, WedgeRecogniser, WedgeSettings

Outcome: TypeAlias = KeyPress | str
ITEM, OTHER_ITEM = "1000000016", "1000000024"


def is_known(text: str) -> bool:
    """Whether a text is one of the training library's codes."""
    return not isinstance(parse(text, TRAINING_PLAN), Unknown)


KNOWING = WedgeSettings(known=is_known)


@dataclass
class Window:
    """What the layer above does with the verdicts, as a log: typed keys and scanned texts in their order."""

    recogniser: WedgeRecogniser = field(default_factory=WedgeRecogniser)
    log: list[Outcome] = field(default_factory=list)
    held: list[KeyPress] = field(default_factory=list)
    swallowed: list[KeyPress] = field(default_factory=list)

    def press(self, press: KeyPress) -> Verdict:
        verdict = self.recogniser.feed(press)
        self._replay(verdict)
        match verdict.fate:
            case Fate.PASS:
                self.log.append(press)
            case Fate.HELD:
                self.held.append(press)
            case Fate.SCAN:
                assert verdict.scanned is not None
                # what had been given back already may stand before it
                assert verdict.scanned.endswith("".join(key.text for key in self.held))
                self.log.append(verdict.scanned)
                self.swallowed += [*self.held, press]
                self.held.clear()
            case Fate.SUFFIX:
                self.swallowed.append(press)
            case Fate.NO_KEY:
                raise AssertionError("a key was fed")
        assert (verdict.scanned is not None) == (verdict.fate is Fate.SCAN)
        return verdict

    def tick(self, now_ms: int) -> None:
        verdict = self.recogniser.timeout(now_ms)
        assert verdict.fate is Fate.NO_KEY
        self._replay(verdict)

    def lose_keyboard(self) -> None:
        self._replay(self.recogniser.give_up())

    def _replay(self, verdict: Verdict) -> None:
        assert list(verdict.released) == self.held[: len(verdict.released)]
        self.held = self.held[len(verdict.released) :]
        self.log += verdict.released


def char(text: str, at: int, repeat: bool = False) -> KeyPress:
    return KeyPress(Key.CHARACTER, at, text, repeat)


def enter(at: int) -> KeyPress:
    return KeyPress(Key.ENTER, at, "\r")


def keys(text: str, at: int, gap: int) -> list[KeyPress]:
    """The characters of `text`, the first at `at`, and Enter, `gap` ms apart."""
    pressed = [char(character, at + place * gap) for place, character in enumerate(text)]
    return [*pressed, enter(at + len(text) * gap)]


def run(presses: list[KeyPress], settings: WedgeSettings | None = None) -> Window:
    window = Window(WedgeRecogniser(settings))
    for press in presses:
        window.press(press)
    return window
