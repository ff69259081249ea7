"""A bus that makes nobody wait for long: what the kernel is slow with goes on beside the agent's own loop.

Opening a device is a conversation of the kernel with that device, with timeouts of five seconds and more, and
it cannot be broken off (`sysfs`). A device that does not answer, or a hub with a bad cable on it, must not
keep the agent from the others, nor from the end of a lease, nor from telling systemd that it lives.
"""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from madoguchi.device_control.device import UsbDevice
from madoguchi.device_control.sysfs import Bus, Changed, Gone, NotDone, Unreadable

_SECONDS: Final = 1.5
_SHORT_SECONDS: Final = 0.05
"""So long at most for a device that was late the last time."""
_TURNS: Final = 2.0
"""In one turn of the loop all of it waits this many times as long as one call may."""
_AT_ONCE: Final = 8
"""So many devices at once may be read, and so many be opened; the next ones wait for a thread."""
_CLOSING: Final = 64

_T = TypeVar("_T")


class Late(NotDone):
    """The kernel has not answered yet. What was asked of it may still be done, at any moment.

    Attributes:
        call: by which its answer is known; 0: nothing was begun (Busy).
    """

    call: int = 0


class Busy(Late):
    """Nothing was begun: the kernel has not answered yet what it was asked of that device before."""


class Withdrawn(NotDone):
    """It was not begun, and is not any more."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The kernel's late answer.

    Attributes:
        name: the device's, on the bus.
        call: which call it is the answer to.
        is_done: something was done with it, or tried; it was not read alone.
        fault: why it was not; None: it was.
    """

    name: str
    call: int
    is_done: bool
    fault: Changed | Gone | NotDone | Unreadable | None


class PatientBus:
    """A `Bus` that waits for `seconds` at most, and for twice as long in one turn of the agent's loop.

    What takes longer raises Late, and goes on. When it is over `woken`, an eventfd, can be read, and
    `answered` says what became of it; until then nothing of the like is begun with that device (Busy).
    Reading, opening and closing have threads of their own: none of them waits for the others.
    """

    def __init__(self, bus: Bus, seconds: float = _SECONDS) -> None:
        self._bus, self._seconds = bus, seconds
        self._left = seconds * _TURNS
        self._reading, self._opening, self._closing = (
            ThreadPoolExecutor(most, name)
            for most, name in ((_AT_ONCE, "reading"), (_AT_ONCE, "opening"), (_CLOSING, "closing"))
        )
        self._late: dict[tuple[str, bool], tuple[int, Future[Any]]] = {}
        """By the device's name, and whether something is done with it."""
        self._slow: set[tuple[str, bool]] = set()
        self._calls = 0
        self.woken = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        # not before the last thread that may write to it has gone, which holds this object until then
        weakref.finalize(self, os.close, self.woken)
        self.names = bus.names
        self.is_open = bus.is_open
        self.close_by_default = bus.close_by_default

    def read(self, name: str) -> UsbDevice:
        """As `Bus`. Only one that was not read before may be Late."""
        seen = self._bus.seen(name)
        return seen if seen is not None else self._within(self._reading, (name, False), self._bus.read, name)

    def read_ahead(self, names: Iterable[str], seconds: float) -> None:
        """Reads devices all at once, for so long at most; what is done need not be waited for again."""
        futures = {name: self._reading.submit(self._bus.read, name) for name in names}
        wait(futures.values(), seconds)
        for name, future in futures.items():
            if not future.done():
                self._keep((name, False), future)

    def authorize(self, device: UsbDevice) -> None:
        """As `Bus`. After Late it may be open at any moment, until it is `answered`."""
        self._within(self._opening, (device.port, True), self._bus.authorize, device)

    def deauthorize(self, name: str) -> None:
        """As `Bus`."""
        self._within(self._closing, (name, True), self._bus.deauthorize, name)

    def withdraw(self, name: str) -> None:
        """What is to be done with a device and has not begun yet is not begun; the answer is Withdrawn."""
        if (name, True) in self._late:
            self._late[name, True][1].cancel()

    def is_late(self, name: str) -> bool:
        """Whether the kernel may still be doing something with the device of this name."""
        return (name, True) in self._late

    def begin_turn(self) -> None:
        """From now on all of it may wait for as long again."""
        self._left = self._seconds * _TURNS

    def answered(self) -> Iterator[Answered]:
        """What the kernel has answered since, one after another. Raises what is a bug.

        A device is Busy until its answer is taken from here.
        """
        os.eventfd_read(self.woken)
        for which, (call, future) in list(self._late.items()):
            if not future.done():
                continue
            del self._late[which]
            fault = Withdrawn() if future.cancelled() else future.exception()
            if fault is not None and not isinstance(fault, Changed | Gone | NotDone | Unreadable):
                raise fault
            yield Answered(which[0], call, which[1], fault)

    def close(self) -> None:
        """Begins nothing more, and waits for nothing."""
        for threads in (self._reading, self._opening, self._closing):
            threads.shutdown(wait=False, cancel_futures=True)

    def _within(
        self, threads: ThreadPoolExecutor, which: tuple[str, bool], act: Callable[..., _T], *arguments: object
    ) -> _T:
        if which in self._late:
            raise Busy("the kernel is still busy with it")
        seconds = _SHORT_SECONDS if which in self._slow else self._seconds
        future = threads.submit(act, *arguments)
        began = time.monotonic()
        try:
            found = future.result(max(0.0, min(seconds, self._left)))
        except TimeoutError:
            late = Late("the kernel has not answered yet")
            late.call = self._keep(which, future)
            raise late from None
        finally:
            self._left -= time.monotonic() - began
        self._slow.discard(which)
        return found

    def _keep(self, which: tuple[str, bool], future: Future[Any]) -> int:
        self._slow.add(which)
        self._calls += 1
        self._late[which] = self._calls, future
        # it may be over by now, and then this calls it here
        future.add_done_callback(lambda _: os.eventfd_write(self.woken, 1))
        return self._calls
