"""Keys as they stand in an X server's events, before Qt has looked at them. Pure: bytes in, values out.

Layouts: the X Window System Protocol, appendix B; the X Input Extension, version 2 (XI2proto.h). xcb puts its
own sequence number behind the first 32 bytes of a generic event.
"""

from __future__ import annotations

import struct
from collections import deque
from dataclasses import dataclass, field
from typing import Final

EVENT_BYTES: Final = 32
KEY_PRESS, KEY_RELEASE, GENERIC = 2, 3, 35
SENT: Final = 0x80
"""Set in the kind of an event that came from a program, not from a device."""

_RAW_PRESS, _RAW_RELEASE, _HIERARCHY = 13, 14, 11
_KEY: Final = struct.Struct("<BBHIIII4hHBx")
_GENERIC: Final = struct.Struct("<BBHIHHIIHHII")
# the server stamps both with one moment; what is older by this has no counterpart any more
_PAIRED_MS: Final = 2_000


@dataclass(frozen=True, slots=True)
class CoreKey:
    """A key, for the window that has the keyboard.

    Attributes:
        code: the keycode: a place on the keyboard.
        state: modifiers and layout group as they were just before.
        sent: it came from a program, not from a device.
        wire: the event's 32 bytes.
    """

    pressed: bool
    code: int
    time_ms: int
    window: int
    state: int
    sent: bool
    wire: bytes = field(repr=False)

    @property
    def modifiers(self) -> int:
        """The real modifiers, a bit each."""
        return self.state & 0xFF

    @property
    def group(self) -> int:
        """Which of the keyboard's layouts is in force."""
        return (self.state >> 13) & 3


@dataclass(frozen=True, slots=True)
class RawKey:
    """A key of a device, whoever has the keyboard; ``source`` is the device's number."""

    pressed: bool
    code: int
    time_ms: int
    source: int


def core_key(wire: bytes) -> CoreKey:
    """A KeyPress or KeyRelease."""
    kind, code, _, time_ms, _, window, _, *_, state, _ = _KEY.unpack(wire)
    return CoreKey(kind & ~SENT == KEY_PRESS, code, time_ms, window, state, bool(kind & SENT), wire)


def raw_key(wire: bytes, extension: int) -> RawKey | None:
    """A raw key of the X Input extension, which has this number; None: it is something else."""
    _, whose, _, _, kind, _, time_ms, code, source, _, _, _ = _GENERIC.unpack(wire)
    if whose != extension or kind not in (_RAW_PRESS, _RAW_RELEASE):
        return None
    return RawKey(kind == _RAW_PRESS, code, time_ms, source)


def is_hierarchy_change(wire: bytes, extension: int) -> bool:
    """Whether a device came, went, or was turned on or off."""
    return wire[1] == extension and int.from_bytes(wire[8:10], "little") == _HIERARCHY


class Origins:
    """Which device a core key came from: its raw key arrives before it, with the same time and keycode."""

    def __init__(self) -> None:
        self._raw: deque[RawKey] = deque(maxlen=1024)
        self._down: dict[int, int] = {}

    def note(self, raw: RawKey) -> None:
        """A raw key has come."""
        self._raw.append(raw)

    def take(self, key: CoreKey) -> tuple[int | None, bool, set[int]]:
        """Where a core key came from.

        Returns the device, None if nobody knows; whether the key only repeats; and the devices of which
        keys have gone elsewhere since the last time.
        """
        lost: set[int] = set()
        wanted = (key.pressed, key.code, key.time_ms)
        place = next((n for n, r in enumerate(self._raw) if (r.pressed, r.code, r.time_ms) == wanted), -1)
        if place < 0:
            # the server repeats a key that is held down; no device has sent that
            if key.pressed and any(r.code == key.code and not r.pressed for r in self._raw):
                self._down.pop(key.code, None)
            source = self._down.get(key.code)
            return source, source is not None and key.pressed, lost
        for _ in range(place):
            older = self._raw.popleft()
            if older.pressed and 0 <= (key.time_ms - older.time_ms) % 2**32 <= _PAIRED_MS:
                lost.add(older.source)
            if not older.pressed:
                self._down.pop(older.code, None)
        source = self._raw.popleft().source
        if key.pressed:
            self._down[key.code] = source
        else:
            self._down.pop(key.code, None)
        return source, False, lost

    def forget(self) -> None:
        """What has come so far is of no use any more."""
        self._raw.clear()
        self._down.clear()
