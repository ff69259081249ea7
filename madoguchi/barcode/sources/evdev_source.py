"""A scanner that types and is read before it types into anything (Linux): its keyboard is taken whole.

As long as it is listened to, neither the desktop nor a console nor any other program gets a key of it: the
kernel hands them to whoever has grabbed the device (`EVIOCGRAB`). For that the account must be allowed to
open this one device: `evdev_access` has the rule for udev, and says why no account that a clerk works with
may be in the group ``input``.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from madoguchi.barcode.sources.evdev_devices import Keyboard, Keyboards, NotUsable
from madoguchi.barcode.sources.evdev_keys import EVENT, EventReader, KeyDecoder, KeyLayout
from madoguchi.barcode.sources.framing import Frame, Framer
from madoguchi.barcode.sources.source import Device, Received, SourceState, SourceStatus

LOOK_EVERY_SECONDS: Final = 0.5
"""How often a scanner that is not there is looked for: what it types before it is found, others get."""

SILENCE_SECONDS: Final = 0.5
"""After so long without a key the rest of a scan will not come: the slowest setting is some 40 ms a key."""

_MOST_AT_ONCE: Final = EVENT.size * 256
_READY: Final = SourceStatus(SourceState.READY)
_REFUSALS: Final = 2

_Received = Callable[[Received], None]
_Changed = Callable[[SourceStatus], None]


class EvdevSource:
    """A `ScanSource` on the keyboard of one USB device.

    A device that has just been plugged in is refused for a moment, until udev has said who may open it: so a
    refusal is told only when it is refused again.

    Args:
        device: whom to listen to: vendor, product, and its serial number or port.
        layout: the keyboard that the scanner is set to.
        frame: what it puts around a code.
        keyboards: where keyboards are found.
        look_every_seconds: how often a scanner that is not there is looked for.
        silence_seconds: after how long without a key a scan that has begun is dropped.
    """

    def __init__(
        self,
        device: Device,
        layout: KeyLayout = KeyLayout.US,
        frame: Frame | None = None,
        *,
        keyboards: Keyboards | None = None,
        look_every_seconds: float = LOOK_EVERY_SECONDS,
        silence_seconds: float = SILENCE_SECONDS,
    ) -> None:
        self._wanted = device
        self._layout = layout
        self._frame = frame if frame is not None else Frame()
        self._keyboards = keyboards if keyboards is not None else Keyboards()
        self._look_every_seconds = look_every_seconds
        self._silence_seconds = silence_seconds
        self._closing = threading.Event()
        # what wakes the thread from waiting for keys; it is open from start to close
        self._wake: tuple[int, int] | None = None
        self._thread: threading.Thread | None = None
        self._status: SourceStatus | None = None
        self._refusals = 0

    @property
    def device(self) -> Device:
        """Whom it listens to, as it is looked for."""
        return self._wanted

    def start(self, received: _Received, changed: _Changed) -> None:
        """Begins to listen, in a thread of its own. Raises RuntimeError when it was started before."""
        if self._thread is not None:
            raise RuntimeError("a source is started once")
        self._wake = os.pipe()
        self._thread = threading.Thread(
            target=self._run, args=(received, changed), name="scanner by evdev", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Ends the thread and gives the device back; closing from within a call of it returns at once."""
        self._closing.set()
        if self._wake is None:
            return
        if self._thread is threading.current_thread():
            return
        wake, self._wake = self._wake, None
        os.write(wake[1], b"\0")
        if self._thread is not None:
            self._thread.join()
        for end in wake:
            os.close(end)

    # -- in the thread -------------------------------------------------------------------------------------

    def _run(self, received: _Received, changed: _Changed) -> None:
        wake = self._wake[0] if self._wake is not None else -1
        while not self._closing.is_set():
            status = self._visit(wake, received, changed)
            self._refusals = self._refusals + 1 if status.state is SourceState.REFUSED else 0
            if self._refusals != _REFUSALS - 1:
                self._say(status, changed)
            self._closing.wait(self._look_every_seconds)

    def _visit(self, wake: int, received: _Received, changed: _Changed) -> SourceStatus:
        """Looks for the device, and listens for as long as it is there; says how it stands after that."""
        taken: list[_Taken] = []
        try:
            found = self._keyboards.find(self._wanted)
            if not found:
                return SourceStatus(SourceState.MISSING)
            for keyboard in found:
                taken.append(self._take(keyboard))  # those before a refusal must be let go, too
            self._say(_READY, changed)
            self._listen(wake, taken, received)
        except NotUsable as refused:
            return SourceStatus(SourceState.REFUSED, str(refused))
        except FileNotFoundError:
            return SourceStatus(SourceState.MISSING)
        except OSError as refused:
            return SourceStatus(SourceState.REFUSED, refused.strerror or str(refused))
        finally:
            for each in taken:
                self._keyboards.let_go(each.port)
        return _READY if self._closing.is_set() else SourceStatus(SourceState.MISSING)

    def _take(self, keyboard: Keyboard) -> _Taken:
        return _Taken(self._keyboards.take(keyboard), KeyDecoder(self._layout), Framer(self._frame))

    def _listen(self, wake: int, taken: Sequence[_Taken], received: _Received) -> None:
        """Until it is closed, or a node is gone."""
        waiting = select.poll()
        waiting.register(wake, select.POLLIN)
        for each in taken:
            waiting.register(each.port, select.POLLIN)
        while not self._closing.is_set():
            begun = any(each.begun for each in taken)
            ready = {port for port, _ in waiting.poll(self._silence_seconds * 1000 if begun else None)}
            for each in taken:
                if each.port not in ready:
                    if not ready:
                        each.drop()
                    continue
                try:
                    data = os.read(each.port, _MOST_AT_ONCE)
                except BlockingIOError:
                    continue
                except OSError:
                    return
                if not data:
                    return
                for scan in each.feed(data, self._silence_seconds):
                    if not self._closing.is_set():
                        received(scan)

    def _say(self, status: SourceStatus, changed: _Changed) -> None:
        if status != self._status and not self._closing.is_set():
            self._status = status
            changed(status)


@dataclass(slots=True)
class _Taken:
    """One node that is ours, and the scan that has begun there."""

    port: int
    decoder: KeyDecoder
    framer: Framer
    events: EventReader = field(default_factory=EventReader)
    begun: bool = False
    last_at: float = 0.0

    def drop(self) -> None:
        """What has begun is forgotten: its rest will not come any more."""
        self.framer.drop()
        self.begun = False

    def feed(self, data: bytes, silence_seconds: float) -> list[Received]:
        """The scans that are whole with these events."""
        scans = []
        for event in self.events.feed(data):
            if typed := self.decoder.feed(event):
                # by the kernel's stamps, which are right also when this thread was late
                if event.at - self.last_at > silence_seconds:
                    self.drop()
                self.begun = True
                self.last_at = event.at
                scans += self.framer.feed(typed.encode(), event.at)
        return scans
