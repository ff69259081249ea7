"""Tells a keyboard-wedge scanner from a clerk's fingers, by timing alone. Pure: no Qt, no clock.

A scanner types a whole number within a tenth of a second; the quickest people leave 154 ms between keys on
average (Dhakal et al., CHI 2018). Nothing can be told from one key, so the first key of everything is held
back until a second one comes or `max_gap_ms` has passed. A single pair is never judged either: a run of keys
is a scan only when

* it has at least `min_length` keys and a terminator,
* they follow each other within `max_gap_ms` on average, and each of them that closely, with one exception:
  once three keys have come like that, no hands are at work any more, and a gap may be as long as `stall_ms`.
  A busy machine stamps a key late, and the keys behind it then come all the closer.

Everything else is typing and is given back, whole and in order. A run that breaks apart is typing to its end:
the tail of a number is a wrong number.

Where the settings can tell a code from anything else (`known`), two accidents are put right: a key the clerk
struck just before the scan, and a scan whose first keys came so late that they had been given back.

How the layer above uses it:

* each key press goes to `feed`, in the order the server sent them, with the **server's** time stamp. The wall
  clock will not do: a window that was busy for half a second gets a clerk's keys all at once;
* first replay `verdict.released` (those keys were typing), then do with the key itself what `verdict.fate`
  says; replayed keys must not be fed again;
* while `deadline_ms` is not None, call `timeout` once that moment has passed. Do it only after all input that
  has already arrived has been fed, else the first keys of a scan are given back as typing. Should that happen
  all the same, the rest of that run is treated as typing too.

Where the scanner's own device can be told (XInput 2, HID POS, serial), use that and leave this alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import pairwise
from typing import Final

# So many keys in a row within `max_gap_ms` are no hands: two can be struck as one, a third cannot.
_NO_HANDS: Final = 3
# What comes so soon after a run that broke apart may still be the rest of it.
_TAIL_MS: Final = 500
# Less than this says nothing: keys are stamped in whole milliseconds, and not on the moment.
_PLAINLY_MS: Final = 5
# X counts milliseconds in 32 bits and begins anew after 49.7 days.
_ROUND_MS: Final = 2**32


class Key(Enum):
    """What kind of key was pressed."""

    CHARACTER = auto()
    """A key that stands for one or more characters."""
    ENTER = auto()
    TAB = auto()
    MODIFIER = auto()
    """Shift and its like, alone. A scanner presses Shift for the capitals of NW-7: it interrupts nothing."""
    CONTROL = auto()
    """A control character: Ctrl with a letter, Escape, Backspace. Scanners send GS so: it is part of a scan
    that has begun, and begins none."""
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
    untrusted, without its terminator; None unless the fate is SCAN. `raw` is then all that was typed, what
    the scanner puts around a code among it; `took_ms` is from its first key to the last.
    """

    fate: Fate
    released: tuple[KeyPress, ...] = ()
    scanned: str | None = None
    took_ms: int = field(default=-1, compare=False)
    raw: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class WedgeSettings:
    """When a run of keys is a scan. Raises ValueError for settings that could not work.

    `min_length` and `max_length` in keys; a longer run is given back as typing, so that a faulty device
    cannot fill the memory. `max_gap_ms` and `stall_ms` in milliseconds. `terminators` are the keys the
    scanners send last. `known` says whether a text is a code, check digit and all; it must not raise.
    `prefix` and `suffix` are what scanners type around a code: they are taken away where they are there,
    before `known` is asked.
    """

    min_length: int = 6
    max_gap_ms: int = 50
    stall_ms: int = 150
    terminators: frozenset[Key] = frozenset({Key.ENTER, Key.TAB})
    max_length: int = 4096
    known: Callable[[str], bool] | None = None
    prefix: str = ""
    suffix: str = ""

    def bare(self, text: str) -> str:
        """The code without what the scanner has put around it."""
        return text.removeprefix(self.prefix).removesuffix(self.suffix)

    def __post_init__(self) -> None:
        if not _NO_HANDS <= self.min_length <= self.max_length:
            raise ValueError("a scan needs at least three characters: a single pair is never judged")
        if self.max_gap_ms < 1:
            raise ValueError("the longest gap within a scan is at least one millisecond")
        if self.stall_ms < self.max_gap_ms:
            raise ValueError("a stalled scan has longer gaps than others")
        if not self.terminators or not self.terminators <= {Key.ENTER, Key.TAB}:
            raise ValueError("a scan ends with Enter or Tab")


class WedgeRecogniser:
    """The state of one keyboard: the run of keys held back, and how the last run ended."""

    def __init__(self, settings: WedgeSettings | None = None) -> None:
        self._settings = _asked_bare(settings or WedgeSettings())
        self._held: list[KeyPress] = []
        # One or two keys just given back: hands, or a scan that stalled at its beginning.
        self._lead: tuple[KeyPress, ...] = ()
        # The last key of a run that fell apart, and for how long what follows it is typing as well.
        self._broken: tuple[KeyPress, int] | None = None
        self._last_terminator: KeyPress | None = None
        # Whether the held keys began right behind another scan's terminator.
        self._behind_scan = False
        self._last_repeat: KeyPress | None = None

    @property
    def deadline_ms(self) -> int | None:
        """The last moment, in the events' own time, for a successor of the held keys; None with none held."""
        return self._held[-1].time_ms + self.patience_ms if self._held else None

    @property
    def patience_ms(self) -> int:
        """How many milliseconds after the last held key its successor may still come."""
        if len(self._held) < _NO_HANDS:
            return self._settings.max_gap_ms
        left = self._settings.max_gap_ms * len(self._held) - gap_ms(self._held[0], self._held[-1])
        return max(self._settings.max_gap_ms, min(self._settings.stall_ms, left))

    def belongs(self, press: KeyPress) -> bool:
        """Whether this key would go on with the held ones. It is not fed."""
        return bool(self._held) and 0 <= gap_ms(self._held[-1], press) <= self.patience_ms

    def feed(self, press: KeyPress) -> Verdict:
        """Judge one key press."""
        released = self._broken_off(press)
        if press.key is Key.MODIFIER or self._is_repeat(press):
            # A book left on the keyboard repeats a key while a scan runs: that must not break the scan.
            return Verdict(Fate.PASS, released)
        after_scan, self._last_terminator = self._last_terminator, None
        if press.key is Key.CHARACTER or (press.key is Key.CONTROL and self._held):
            return self._character(press, released, after_scan)
        if press.key in self._settings.terminators:
            self._broken = None
            if len(self._held) >= self._settings.min_length or (self._held and self._behind_scan):
                self._last_terminator = press
                verdict = self._scan(press, released)
                raw = verdict.scanned or ""
                return replace(verdict, scanned=self._settings.bare(raw), raw=raw)
            if not self._held and after_scan is not None and self._close(after_scan, press):
                self._last_terminator = press
                return Verdict(Fate.SUFFIX, released)
        else:
            self._broken = (press, _TAIL_MS) if len(self._held) >= _NO_HANDS else None
        return Verdict(Fate.PASS, released + self._give_back())

    def timeout(self, now_ms: int) -> Verdict:
        """Give back the held keys when no successor can come any more. `now_ms` in the events' own time."""
        if not self._held or _between(self._held[-1].time_ms, now_ms) <= self.patience_ms:
            return Verdict(Fate.NO_KEY)
        return self.give_up()

    def give_up(self) -> Verdict:
        """Give back whatever is held, now: the window lost the keyboard."""
        if self._held:
            self._broken = (self._held[-1], self._tail_ms())
        return Verdict(Fate.NO_KEY, self._give_back())

    def _character(
        self, press: KeyPress, released: tuple[KeyPress, ...], after_scan: KeyPress | None
    ) -> Verdict:
        if self._broken is not None and abs(gap_ms(self._broken[0], press)) <= self._broken[1]:
            self._broken = (press, min(self._broken[1], self._settings.stall_ms))
            self._lead = ()
            return Verdict(Fate.PASS, released)
        self._broken = None
        if not self._held:
            self._behind_scan = after_scan is not None and self._close(after_scan, press)
            if self._lead and not 0 <= gap_ms(self._lead[-1], press) <= self._settings.stall_ms:
                self._lead = ()
        self._held.append(press)
        if len(self._held) > self._settings.max_length:
            self._broken = (press, self._tail_ms())
            return Verdict(Fate.PASS, released + self._give_back()[:-1])
        return Verdict(Fate.HELD, released)

    def _scan(self, terminator: KeyPress, released: tuple[KeyPress, ...]) -> Verdict:
        """The end of a scan. A short one stands right behind another: two scanners spoke at once, and this is
        what was left over. It is no typing, and it will be refused aloud."""
        keys, lead = self._held, self._lead
        self._held, self._lead = [], ()
        text, known = _text(keys), self._settings.known
        if known is not None and not known(text):
            if lead and known(_text(lead) + text):
                return Verdict(Fate.SCAN, released, _text(lead) + text, gap_ms(lead[0], terminator))
            for struck in range(1, min(_NO_HANDS, len(keys) - self._settings.min_length + 1)):
                rest = keys[struck:]
                if _stands_apart(keys[struck - 1], [*rest, terminator]) and known(_text(rest)):
                    before, took = (*released, *keys[:struck]), gap_ms(rest[0], terminator)
                    return Verdict(Fate.SCAN, before, _text(rest), took)
        return Verdict(Fate.SCAN, released, text, gap_ms(keys[0], terminator))

    def _broken_off(self, press: KeyPress) -> tuple[KeyPress, ...]:
        """The held keys, if this one does not belong to them."""
        if not self._held or self.belongs(press):
            return ()
        if self._close(self._held[-1], press) or len(self._held) >= _NO_HANDS:
            # Keys in the wrong order, or too late: what is to come is not the number on the label.
            self._broken = (self._held[-1], self._tail_ms())
        return self._give_back()

    def _is_repeat(self, press: KeyPress) -> bool:
        """Whether the key is held down. Qt says so too of a scanner's double digit within one millisecond."""
        if not press.is_auto_repeat:
            return False
        before, last = self._last_repeat, self._held[-1] if self._held else None
        goes_on = before is not None and before.text == press.text and abs(gap_ms(before, press)) <= _TAIL_MS
        if last is not None and last.text == press.text and self._close(last, press) and not goes_on:
            return False
        self._last_repeat = press
        return True

    def _close(self, one: KeyPress, other: KeyPress) -> bool:
        return abs(gap_ms(one, other)) <= self._settings.max_gap_ms

    def _tail_ms(self) -> int:
        return _TAIL_MS if len(self._held) >= _NO_HANDS else self._settings.max_gap_ms

    def _give_back(self) -> tuple[KeyPress, ...]:
        given_back = tuple(self._held)
        self._held.clear()
        self._lead = given_back if len(given_back) < _NO_HANDS else ()
        return given_back


def _asked_bare(settings: WedgeSettings) -> WedgeSettings:
    """The same, with a `known` that is asked about the code alone."""
    known = settings.known
    if known is None or not settings.prefix + settings.suffix:
        return settings
    return replace(settings, known=lambda text: known(settings.bare(text)))


def _between(earlier_ms: int, later_ms: int) -> int:
    """Milliseconds from one time stamp to another; negative where time ran backwards."""
    half = _ROUND_MS // 2
    return (later_ms - earlier_ms + half) % _ROUND_MS - half


def gap_ms(earlier: KeyPress, later: KeyPress) -> int:
    """Milliseconds from one key to another; negative where time ran backwards."""
    return _between(earlier.time_ms, later.time_ms)


def _stands_apart(key: KeyPress, behind: list[KeyPress]) -> bool:
    """Whether a key is plainly farther from those behind it than they are from each other."""
    longest = max(gap_ms(one, other) for one, other in pairwise(behind))
    return gap_ms(key, behind[0]) > max(2 * longest, _PLAINLY_MS)


def _text(keys: list[KeyPress] | tuple[KeyPress, ...]) -> str:
    return "".join(key.text for key in keys)
