"""The learned scanners that are plugged in, and what their keys become."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from madoguchi.barcode.sources.source import Device, Received
from madoguchi.barcode.wedge import KeyPress
from madoguchi.barcode.wedge_device import DeviceRun, Heard, WedgeScanner, closest
from madoguchi.widgets.x11_devices import XServer
from madoguchi.widgets.x11_events import CoreKey
from madoguchi.widgets.x11_layout import Layout, NoLayout

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Plugged:
    """A learned scanner that is plugged in, and the scan that it has begun."""

    number: int
    scanner: WedgeScanner
    device: Device
    run: DeviceRun
    layout: Layout | None = None


class LearnedScanners:
    """Which of the X server's devices are scanners, and the scan that each has begun."""

    def __init__(self, server: XServer, scanners: Iterable[WedgeScanner]) -> None:
        self._server = server
        self._scanners = tuple(scanners)
        self._plugged: dict[int, _Plugged] = {}
        self._devices: dict[int, Device] = {}

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers that the server has given them."""
        return tuple(self._plugged)

    @property
    def plugged(self) -> dict[str, bool]:
        """Every learned scanner by its name, and whether it is plugged in."""
        there = {one.scanner.name for one in self._plugged.values()}
        return {scanner.name: scanner.name in there for scanner in self._scanners}

    def devices(self) -> tuple[Device, ...]:
        """Every keyboard that is plugged in, scanner or not."""
        return tuple(self._devices.values())

    def device(self, number: int | None) -> Device | None:
        """The keyboard with this number."""
        return self._devices.get(number) if number is not None else None

    def use(self, scanners: Iterable[WedgeScanner]) -> None:
        """From now on these are the learned ones."""
        self._scanners = tuple(scanners)
        self.look()

    def look(self) -> None:
        """Finds them among what is plugged in now. One that was there before goes on with its scan."""
        self._devices = {one.number: one.device for one in self._server.keyboards()}
        before, self._plugged = self._plugged, {}
        for number, device in self._devices.items():
            scanner = closest(self._scanners, device)
            if scanner is None:
                continue
            there = before.get(number)
            if there is not None and there.scanner == scanner:
                self._plugged[number] = before.pop(number)
            else:
                run = DeviceRun(scanner.prefix, scanner.terminators, scanner.suffix)
                self._plugged[number] = _Plugged(number, scanner, device, run)
        for gone in before.values():
            _close(gone)

    def feed(self, number: int, key: CoreKey) -> Iterator[Heard]:
        """Takes a key of one of them; gives the scans that it ends."""
        plugged = self._plugged[number]
        if plugged.layout is None:
            plugged.layout = self._layout(plugged)
        if key.pressed:
            # a layout that was chosen for the scanner has one group, whatever the clerk has chosen
            typed = plugged.layout.own_typed(key.code, 0 if plugged.scanner.layout else key.group)
            for text in plugged.run.feed(KeyPress(typed.key, key.time_ms, typed.text)):
                yield _heard(plugged, text)
        plugged.layout.follow(key.code, pressed=key.pressed)

    def is_within_a_scan(self, number: int) -> bool:
        """Whether more of its keys are awaited."""
        return not self._plugged[number].run.is_empty

    def lose(self, numbers: Collection[int]) -> None:
        """Keys of these have gone elsewhere."""
        for number in self._plugged.keys() & set(numbers):
            self._plugged[number].run.lose()

    def give_up(self) -> Iterator[Heard]:
        """Half a scan, or one of a scanner that sends no end: told aloud, never joined to the next."""
        for plugged in self._plugged.values():
            for text in plugged.run.give_up():
                yield _heard(plugged, text)

    def forget_layouts(self, *, every: bool = False) -> None:
        """The server's keyboard has become another; ``every``: also of a scanner that is within a scan."""
        for plugged in self._plugged.values():
            if every or plugged.run.is_empty:
                _close(plugged)

    def close(self) -> None:
        """Lets go of everything."""
        for plugged in self._plugged.values():
            _close(plugged)
        self._plugged.clear()

    def _layout(self, plugged: _Plugged) -> Layout:
        """The one it types on; where that is unknown, the one that its device has at the server."""
        wanted = plugged.scanner.layout
        if wanted:
            try:
                return Layout.named(wanted)
            except NoLayout:
                _log.warning("there is no keyboard layout %r; a scanner is read as the machine's", wanted)
        try:
            return Layout.in_force(self._server.connection, plugged.number)
        except NoLayout:
            # a device that has just gone; its last keys are read as the server's own keyboard
            return Layout.in_force(self._server.connection)


def _heard(plugged: _Plugged, text: str) -> Heard:
    received = Received(text, time.monotonic(), plugged.run.took_ms, "", plugged.run.raw.encode())
    return Heard(received, plugged.device, plugged.scanner.name)


def _close(plugged: _Plugged) -> None:
    if plugged.layout is not None:
        plugged.layout.close()
        plugged.layout = None
