"""Tells a keyboard-wedge scanner from a clerk's fingers, by timing alone. Pure: no Qt, no clock.

A scanner types a whole number within a tenth of a second; the quickest people leave 154 ms between keys on
average (Dhakal et al., CHI 2018). Nothing can be told from one key, so the first key of everything is held
back until a second one comes or `max_gap_ms` has passed. A single pair is never judged either: a run of keys
is a scan only when it has at least `min_length` characters, no gap in it is longer than `max_gap_ms`, and a
terminator follows as quickly. Everything else is typing and is given back, whole and in order.

How the layer above uses it:

* each key press goes to `feed`, in the order the server sent them, with the **server's** time stamp. The wall
  clock will not do: a window that was busy for half a second gets a clerk's keys all at once;
* first replay `verdict.released` (those keys were typing), then do with the key itself what `verdict.fate`
  says; replayed keys must not be fed again;
* while `deadline_ms` is not None, call `timeout` once that moment has passed. Do it only after all input that
  has already arrived has been fed, else the first keys of a scan are given back as typing. Should that happen
  all the same, the rest of that run is treated as typing too: a scan cut short would be a wrong number,
  silently.

Where the scanner's own device can be told (XInput 2, HID POS, serial), use that and leave this alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto


class Key(Enum):
    """What kind of key was pressed."""

    CHARACTER = auto()
    """A key that stands for one or more characters."""
    ENTER = auto()
    TAB = auto()
    MODIFIER = auto()
    """Shift and its like, alone. A scanner presses Shift for the capitals of NW-7: it interrupts nothing."""
    OTHER = auto()
    """Anything else: arrows, function keys, shortcuts."""


@dataclass(frozen=True, slots=True)
class KeyPress:
    """One key going down.

    `time_ms` is the event's own time stamp in milliseconds. `text` is what a CHARACTER key types. `native` is
    for the layer above, which may keep there what it needs to replay the key; it is not looked at.
    """

    key: Key
    time_ms: int
    text: str = ""
    is_auto_repeat: bool = False
    native: object = field(default=None, compare=False, repr=False)


class Fate(Enum):
    """What is to be done with the key just fed."""

    PASS = auto()
    """Typing: let it through."""
    HELD = auto()
    """May belong to a scan: swallow it now; it comes back in `released` if it was typing."""
    SCAN = auto()
    """It ended a scan: swallow it, and forget the held keys; `Verdict.scanned` is the text."""
    SUFFIX = auto()
    """A second terminator behind a scan (CR and LF): swallow it, lest it press a default button."""
    NO_KEY = auto()
    """No key was fed; only `released` counts."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do: first replay `released`, then treat the key just fed as `fate` says.

    `released` are held keys that were typing after all, in their order. `scanned` is the text of a scan,
    untrusted, without its terminator; None unless the fate is SCAN.
    """

    fate: Fate
    released: tuple[KeyPress, ...] = ()
    scanned: str | None = None


@dataclass(frozen=True, slots=True)
class WedgeSettings:
    """When a run of keys is a scan. Raises ValueError for settings that could not work.

    `min_length` and `max_length` in characters; a longer run is given back as typing, so that a faulty device
    cannot fill the memory. `max_gap_ms` in milliseconds. `terminators` are the keys the scanners send last.
    """

    min_length: int = 6
    max_gap_ms: int = 50
    terminators: frozenset[Key] = frozenset({Key.ENTER})
    max_length: int = 4096

    def __post_init__(self) -> None:
        if not 3 <= self.min_length <= self.max_length:
            raise ValueError("a scan needs at least three characters: a single pair is never judged")
        if self.max_gap_ms < 1:
            raise ValueError("the longest gap within a scan is at least one millisecond")
        if not self.terminators or not self.terminators <= {Key.ENTER, Key.TAB}:
            raise ValueError("a scan ends with Enter or Tab")


class WedgeRecogniser:
    """The state of one keyboard: the run of keys held back, and how the last run ended."""

    def __init__(self, settings: WedgeSettings | None = None) -> None:
        self._settings = settings or WedgeSettings()
        self._held: list[KeyPress] = []
        # The last key of a run that was given back in its middle: what follows it closely is typing as well.
        self._typing_until_gap_after: KeyPress | None = None
        self._last_terminator: KeyPress | None = None

    @property
    def deadline_ms(self) -> int | None:
        """The last moment, in the events' own time, for a successor of the held keys; None with none held."""
        return self._held[-1].time_ms + self._settings.max_gap_ms if self._held else None

    def feed(self, press: KeyPress) -> Verdict:
        """Judge one key press."""
        released = self._broken_off(press)
        if press.is_auto_repeat or press.key is Key.MODIFIER:
            # A book left on the keyboard repeats a key while a scan runs: that must not break the scan.
            return Verdict(Fate.PASS, released)
        after_scan, self._last_terminator = self._last_terminator, None
        if press.key is Key.CHARACTER:
            return self._character(press, released)
        self._typing_until_gap_after = None
        if press.key in self._settings.terminators:
            scanned = "".join(held.text for held in self._held)
            if len(scanned) >= self._settings.min_length:
                self._held.clear()
                self._last_terminator = press
                return Verdict(Fate.SCAN, released, scanned)
            if not self._held and after_scan is not None and self._follows(after_scan, press):
                self._last_terminator = press
                return Verdict(Fate.SUFFIX, released)
        return Verdict(Fate.PASS, released + self._give_back())

    def timeout(self, now_ms: int) -> Verdict:
        """Give back the held keys when no successor can come any more. `now_ms` in the events' own time."""
        deadline = self.deadline_ms
        if deadline is None or now_ms <= deadline:
            return Verdict(Fate.NO_KEY)
        self._typing_until_gap_after = self._held[-1]
        return Verdict(Fate.NO_KEY, self._give_back())

    def give_up(self) -> Verdict:
        """Give back whatever is held, now: the window lost the keyboard."""
        if self._held:
            self._typing_until_gap_after = self._held[-1]
        return Verdict(Fate.NO_KEY, self._give_back())

    def _character(self, press: KeyPress, released: tuple[KeyPress, ...]) -> Verdict:
        before = self._typing_until_gap_after
        if before is not None and self._close(before, press):
            self._typing_until_gap_after = press
            return Verdict(Fate.PASS, released)
        self._typing_until_gap_after = None
        self._held.append(press)
        if len(self._held) > self._settings.max_length:
            self._typing_until_gap_after = press
            return Verdict(Fate.PASS, released + self._give_back()[:-1])
        return Verdict(Fate.HELD, released)

    def _broken_off(self, press: KeyPress) -> tuple[KeyPress, ...]:
        """The held keys, if this one does not belong to them."""
        if not self._held or self._follows(self._held[-1], press):
            return ()
        if self._close(self._held[-1], press):
            # Keys in the wrong order: whatever number they spell, it is not the one on the label.
            self._typing_until_gap_after = self._held[-1]
        return self._give_back()

    def _follows(self, earlier: KeyPress, later: KeyPress) -> bool:
        # A time that runs backwards is no evidence of a scan: order lost, or the server's counter at its end.
        return 0 <= later.time_ms - earlier.time_ms <= self._settings.max_gap_ms

    def _close(self, one: KeyPress, other: KeyPress) -> bool:
        return abs(one.time_ms - other.time_ms) <= self._settings.max_gap_ms

    def _give_back(self) -> tuple[KeyPress, ...]:
        given_back = tuple(self._held)
        self._held.clear()
        return given_back
