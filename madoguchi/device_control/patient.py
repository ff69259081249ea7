"""A bus that makes nobody wait for long: what the kernel is slow with goes on beside the agent's own loop.

Opening a device is a conversation of the kernel with that device, with timeouts of five seconds and more, and
it cannot be broken off (`sysfs`). A device that does not answer, or a hub with a bad cable on it, must not
keep the agent from the others, nor from the end of a lease, nor from telling systemd that it lives.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar

from madoguchi.device_control.device import UsbDevice
from madoguchi.device_control.sysfs import Bus, Changed, Gone, NotDone, Unreadable

_SECONDS: Final = 2.0
_MOST: Final = 12
"""So many devices may be slow at once; behind that nothing is begun any more."""
_ANSWERS: Final = (Changed, Gone, NotDone, Unreadable)

_T = TypeVar("_T")


class Late(NotDone):
    """The kernel has not answered yet. What was asked of it may still be done, at any moment."""


class PatientBus:
    """A `Bus` whose answers take `seconds` at most, and less while others are awaited.

    What takes longer raises Late, and goes on; until it is over, the like of it for that device is NotDone.
    Then `woken`, an eventfd, can be read, and `answered` says which devices it was.
    """

    def __init__(self, bus: Bus, seconds: float = _SECONDS) -> None:
        self._bus, self._seconds = bus, seconds
        self._threads = ThreadPoolExecutor(_MOST, "kernel")
        self._late: dict[tuple[str, bool], Future[Any]] = {}
        """By the device's name, and whether something is done with it. Reading needs its lock only when it is
        new, and closing never waits for reading."""
        self.woken = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self.names = bus.names
        self.is_open = bus.is_open
        self.close_by_default = bus.close_by_default

    def read(self, name: str) -> UsbDevice:
        """As `Bus`."""
        return self._within((name, False), self._bus.read, name)

    def authorize(self, device: UsbDevice) -> None:
        """As `Bus`. After Late it may be open at any moment, until it is `answered`."""
        self._within((device.port, True), self._bus.authorize, device)

    def deauthorize(self, name: str) -> None:
        """As `Bus`."""
        self._within((name, True), self._bus.deauthorize, name)

    def answered(self) -> list[str]:
        """The devices for which the kernel has answered since, however it did. Raises what is a bug."""
        os.eventfd_read(self.woken)
        over = [each for each, future in self._late.items() if future.done()]
        for each in over:
            fault = self._late.pop(each).exception()
            if fault is not None and not isinstance(fault, _ANSWERS):
                raise fault
        return [name for name, _ in over]

    def close(self) -> None:
        """Begins nothing more, and waits for nothing."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    @property
    def is_waiting(self) -> bool:
        """A thread still waits for the kernel; no program can end it."""
        return any(not future.done() for future in self._late.values())

    def _within(self, which: tuple[str, bool], act: Callable[..., _T], *arguments: object) -> _T:
        if which in self._late:
            raise NotDone("the kernel is still busy with it")
        if len(self._late) >= _MOST:
            raise NotDone("the kernel is busy with too many devices")
        future = self._threads.submit(act, *arguments)
        try:
            return future.result(self._seconds / (1 + len(self._late)))
        except TimeoutError:
            self._late[which] = future
            # it may be over by now, and then this calls it here
            future.add_done_callback(lambda _: os.eventfd_write(self.woken, 1))
            raise Late("the kernel has not answered yet") from None
