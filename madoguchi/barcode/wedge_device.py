"""A scanner that types, told by its own device: whose keys are whose, and its keys made into scans. Pure.

Where the system says which device a key came from, nothing need be judged by timing: all that a learned
scanner types is a scan, and nothing else is. What is lost on the way must not make another number of it: a
run of which a key is missing, or whose end never came, is told with U+FFFD in it, which no code has, so that
it is refused where the clerk sees it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_keys import KeyLayout
from madoguchi.barcode.sources.framing import Terminator
from madoguchi.barcode.sources.scanner import Scanner
from madoguchi.barcode.sources.source import Device, Received
from madoguchi.barcode.wedge import Key, KeyPress, WedgeSettings, gap_ms

LOST: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands where something of a scan is missing."""

REST_MS: Final = 1000
"""So long after its last key a scan has ended, whether it was whole or not."""

AROUND_MS: Final = 150
"""What the same device types so close before or behind a scan it has typed itself."""


_X_LAYOUTS: Final = {None: "", KeyLayout.US: "us", KeyLayout.JIS: "jp"}
# CR and LF are Enter, where they are keys
_TERMINATORS: Final = {
    Terminator.ANY: frozenset({Key.ENTER, Key.TAB}),
    Terminator.CR: frozenset({Key.ENTER}),
    Terminator.LF: frozenset({Key.ENTER}),
    Terminator.CRLF: frozenset({Key.ENTER}),
    Terminator.TAB: frozenset({Key.TAB}),
}


@dataclass(frozen=True, slots=True)
class WedgeScanner:
    """A keyboard wedge that this terminal has learned.

    Attributes:
        name: under which the terminal knows it; ``Scan.scanner``.
        device: which it is; what is empty or -1 there may be anything (``is_device``).
        layout: on which keyboard it types: ``us``, ``jp``, or another of the X keyboard's names. Empty: on
            the one that the machine has.
        prefix: what it types before every code; without it, a scan has lost its beginning.
        suffix: what it types behind every code; without it, a scan has lost its end.
        terminators: which keys it types behind every code.
    """

    name: str
    device: Device
    layout: str = ""
    prefix: str = ""
    terminators: frozenset[Key] = frozenset({Key.ENTER, Key.TAB})
    suffix: str = ""

    def __post_init__(self) -> None:
        if not self.terminators or not self.terminators <= {Key.ENTER, Key.TAB}:
            raise ValueError("a scan ends with Enter or Tab")


def keys_at_the_end(terminator: Terminator) -> frozenset[Key]:
    """The keys that a scanner types behind a code."""
    return _TERMINATORS[terminator]


def learned(scanners: Iterable[Scanner]) -> tuple[WedgeScanner, ...]:
    """Those of a terminal's scanners that type and were learned by their device."""
    return tuple(
        WedgeScanner(
            each.name,
            each.wanted,
            _X_LAYOUTS[each.layout],
            each.frame.prefix,
            keys_at_the_end(each.frame.terminator),
            each.frame.suffix,
        )
        for each in scanners
        if each.read == Source.WEDGE.value and each.device_name
    )


def typing_settings(scanners: Iterable[Scanner], known: Callable[[str], bool]) -> WedgeSettings:
    """How scans are told from typing by their timing: as the one scanner types that was not learned.

    ``known`` says whether a text would be a code.
    """
    unlearned = [each for each in scanners if each.read == Source.WEDGE.value and not each.device_name]
    if len(unlearned) != 1:
        return WedgeSettings(known=known)
    frame = unlearned[0].frame
    return WedgeSettings(
        known=known,
        prefix=frame.prefix,
        suffix=frame.suffix,
        terminators=keys_at_the_end(frame.terminator),
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """A scan that was typed, and who typed it.

    Attributes:
        received: what came.
        device: which device has typed it; None where nobody knows.
        scanner: the name under which the terminal knows that; empty if it does not.
    """

    received: Received
    device: Device | None
    scanner: str


def is_device(learned: Device, present: Device) -> bool:
    """Whether a device that is there is the one that was learned; what was left empty may be anything."""
    return (
        learned.name_untrusted == present.name_untrusted
        and learned.vendor_id in (-1, present.vendor_id)
        and learned.product_id in (-1, present.product_id)
        and learned.serial_untrusted in ("", present.serial_untrusted)
        and learned.port in ("", present.port)
    )


def closest(scanners: Iterable[WedgeScanner], present: Device) -> WedgeScanner | None:
    """The learned scanner that a device is: of several that fit, the one that says most of it."""
    fitting = [each for each in scanners if is_device(each.device, present)]
    return max(
        fitting,
        key=lambda each: (bool(each.device.port), bool(each.device.serial_untrusted)),
        default=None,
    )


def to_keep(learned: Device, present: Iterable[Device]) -> Device:
    """What to keep of a device so that it is known again, in another socket, too, if it can be.

    The port is kept only where another one of its make, without another serial number, is there.
    """
    portless = replace(learned, port="")
    alike = {one.port for one in present if is_device(portless, one)}
    return learned if len(alike | {learned.port}) > 1 else portless


def find_device(learned: Device, present: Iterable[Device]) -> Device | None:
    """The learned one among those that are there."""
    return next((one for one in present if is_device(learned, one)), None)


class Doubt(Enum):
    """Why a device is not taken for a scanner: all that a learned one types is a scan, a password too."""

    ONLY_KEYBOARD = "only keyboard"
    """There is no other to type on."""
    SHARED = "shared"
    """Hands typed on it, or on one that looks just like it: a scanner on the keyboard's cable or receiver."""
    NO_HANDS = "no hands"
    """Nobody has typed on any other one yet, so that it is not known which is the keyboard."""


def doubt_of(kept: Device, present: Collection[Device], hands: Iterable[Device]) -> Doubt | None:
    """Whether a device may not be learned, and why.

    ``kept`` is what would be kept of it (``to_keep``), ``present`` every keyboard, ``hands`` those on which
    somebody typed meanwhile (``Hands``).
    """
    if len(present) < 2:
        return Doubt.ONLY_KEYBOARD
    typed_on = tuple(hands)
    if any(is_device(kept, each) for each in typed_on):
        return Doubt.SHARED
    return None if typed_on else Doubt.NO_HANDS


class Hands:
    """On which keyboards somebody types while a scanner is learned. Devices have the system's numbers here.

    What a scanner sends around a code beside its Enter (STX before it, a line feed behind it) is no hands'.
    """

    def __init__(self) -> None:
        self._typed: deque[tuple[int, int]] = deque(maxlen=1024)
        self._tail: tuple[int, int] | None = None

    def typed(self, number: int, time_ms: int) -> None:
        """A key of this device was no part of a scan."""
        if self._tail is not None and self._tail[0] == number:
            if 0 <= (time_ms - self._tail[1]) % 2**32 <= AROUND_MS:
                self._tail = number, time_ms
                return
            self._tail = None
        self._typed.append((number, time_ms))

    def scanned(self, number: int, first_ms: int, last_ms: int) -> None:
        """A scan of this device came, from its first key to its last."""
        before = [
            (each, at)
            for each, at in self._typed
            if each != number or not 0 <= (first_ms - at) % 2**32 <= AROUND_MS
        ]
        self._typed.clear()
        self._typed.extend(before)
        self._tail = number, last_ms

    def numbers(self) -> frozenset[int]:
        """The devices on which hands have typed."""
        return frozenset(number for number, _ in self._typed)


class DeviceRun:
    """The keys of one scanner since its last scan.

    Attributes:
        raw: all that was typed of the last scan, before anything was taken off; untrusted.
    """

    def __init__(
        self,
        prefix: str = "",
        terminators: frozenset[Key] = frozenset({Key.ENTER, Key.TAB}),
        suffix: str = "",
        *,
        max_length: int = 4096,
    ) -> None:
        self._prefix = prefix
        self._terminators = terminators
        self._suffix = suffix
        self._max_length = max_length
        self._text: list[str] = []
        self._first: KeyPress | None = None
        self._last: KeyPress | None = None
        self._lost = False
        self.raw = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing of a scan has come yet."""
        return not self._text and not self._lost

    @property
    def took_ms(self) -> int:
        """From the first key of the last scan to its end."""
        return gap_ms(self._first, self._last) if self._first and self._last else 0

    def feed(self, press: KeyPress) -> tuple[str, ...]:
        """Take a key; returns the scans that end with it or had ended before it, without prefix and end."""
        if press.key is Key.MODIFIER or press.is_auto_repeat:
            return ()
        before: tuple[str, ...] = ()
        # only what has begun can have ended: keys lost before the first one here belong to what comes now
        if self._last is not None and self._text and not 0 <= gap_ms(self._last, press) <= REST_MS:
            before = self.give_up()
        if not self._text:
            self._first = press
        self._last = press
        if press.key in self._terminators:
            # a second one behind a scan (CR and LF) ends nothing
            return before if self.is_empty else (*before, self._take())
        if len(self._text) < self._max_length:
            self._text.append(press.text if press.key is not Key.OTHER and press.text else LOST)
        else:
            self._lost = True
        return before

    def lose(self) -> None:
        """A key of this scan went elsewhere: it is not to be had any more."""
        self._lost = True

    def give_up(self) -> tuple[str, ...]:
        """No more keys come: what has come is no whole scan."""
        if self.is_empty:
            return ()
        self._lost = True
        return (self._take(),)

    def _take(self) -> str:
        self.raw = "".join(self._text)
        text, whole = self.raw, not self._lost
        self._text.clear()
        self._lost = False
        if not (text.startswith(self._prefix) and text.removeprefix(self._prefix).endswith(self._suffix)):
            whole = False
        text = text.removeprefix(self._prefix).removesuffix(self._suffix)
        return text if whole else text + LOST
