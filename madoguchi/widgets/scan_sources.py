"""The scanners of this terminal that the program reads by itself, brought home to the window."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Protocol

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance

from madoguchi.barcode.scan import Scan, Source
from madoguchi.barcode.sources.evdev_access import Exposure, exposure
from madoguchi.barcode.sources.kinds import KINDS, Kind
from madoguchi.barcode.sources.scanner import Scanner
from madoguchi.barcode.sources.source import Device, Received, ScanSource, SourceState, SourceStatus

MOST_ON_THEIR_WAY: Final = 500
"""Scans of one scanner that the window has not taken yet. One that goes on all the same has to wait: what a
faulty device sends fills no memory, and nobody's hands are so quick."""

_LOOK_SECONDS: Final = 0.2


class LearnsKeys(Protocol):
    """What tells which device has typed a scan (`x11_keys`).

    ``heard`` is a signal of a ``wedge_device.Heard`` for every scan while ``learn`` is on. ``present`` are
    all keyboards, ``hands`` those on which somebody has typed since ``learn`` was turned on.
    """

    @property
    def heard(self) -> SignalInstance: ...

    def learn(self, learning: bool) -> None: ...

    def present(self) -> tuple[Device, ...]: ...

    def hands(self) -> tuple[Device, ...]: ...


@dataclass(frozen=True, slots=True)
class Learning:
    """How a scanner that types is learned: ``keys`` gives nothing where no device can be told.

    ``keep`` writes it down, for the next start; raises SettingsError or OSError.
    """

    keys: Callable[[], LearnsKeys | None]
    keep: Callable[[Scanner], None]


class ScanSources(QObject):
    """Owns the sources from the first paint to the end. Of what was scanned it keeps nothing.

    Attributes:
        scanners: as the settings name them.
        learning: how another one is learned; None: this terminal keeps no settings of its own.

    Signals:
        scanned(scan): a ``Scan``, with the name of its scanner.
        received(name, received): what a scanner sent, a ``Received``, as it arrived; before ``scanned``.
        changed(name): a scanner stands otherwise than before.
    """

    scanned = Signal(object)
    received = Signal(str, object)
    changed = Signal(str)
    _home = Signal(object)

    def __init__(self, scanners: Iterable[Scanner], kinds: Mapping[str, Kind] = KINDS) -> None:
        super().__init__()
        self.scanners = tuple(scanners)
        self.learning: Learning | None = None
        # a learned one is told by its device; which of several others types nobody can tell
        typing = [
            scanner.name
            for scanner in self.scanners
            if kinds[scanner.read].make is None and not scanner.device_name
        ]
        self._typing = typing[0] if len(typing) == 1 else ""
        self._sources: dict[str, ScanSource] = {}
        for scanner in self.scanners:
            make = kinds[scanner.read].make
            if make is not None:
                self._sources[scanner.name] = make(scanner)
        self._states: dict[str, SourceStatus] = {}
        self._closed = threading.Event()
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begins to listen."""
        for name, source in self._sources.items():
            room = threading.Semaphore(MOST_ON_THEIR_WAY)
            source.start(partial(self._heard, name, room), partial(self._stands, name))

    def close(self) -> None:
        """Ends every source; nothing is told any more, also of what was on its way."""
        self._closed.set()
        for source in self._sources.values():
            source.close()

    def exposure(self) -> Exposure:
        """What every program of this account could read of keyboards that are no scanner of ours (Linux)."""
        if sys.platform != "linux":
            return Exposure()
        return exposure([scanner.wanted for scanner in self.scanners if scanner.vendor_id >= 0])

    @property
    def unnamed(self) -> bool:
        """Whether a scan that came as keys has no name."""
        return not self._typing

    def state(self, name: str) -> SourceStatus | None:
        """How a scanner stands; None: nobody can tell, or not yet."""
        return self._states.get(name)

    def cannot_hear(self, names: Iterable[str], reason: str) -> None:
        """Learned scanners that type cannot be told by their device here; ``reason`` is the system's."""
        for name in names:
            self._show(name, SourceStatus(SourceState.REFUSED, reason))

    def plugged(self, there: Mapping[str, bool]) -> None:
        """Learned scanners that type, by their names, and whether each is plugged in."""
        for name, is_there in there.items():
            status = SourceStatus(SourceState.READY if is_there else SourceState.MISSING)
            if self._states.get(name) != status:
                self._show(name, status)

    def trouble(self) -> tuple[tuple[str, SourceState], ...]:
        """The scanners that nothing can be read with now, and how each stands, in the settings' order."""
        stand = ((each.name, self._states.get(each.name)) for each in self.scanners)
        return tuple(
            (name, status.state)
            for name, status in stand
            if status is not None and status.state is not SourceState.READY
        )

    def source(self, name: str) -> ScanSource | None:
        """What reads a scanner; None for one that types."""
        return self._sources.get(name)

    def typed(self, scan: Scan) -> None:
        """A scan that came as keys: it is named where one scanner of this terminal types, and no other."""
        if scan.source is Source.WEDGE and not scan.scanner and self._typing:
            scan = replace(scan, scanner=self._typing)
        self.scanned.emit(scan)

    # -- in the sources' threads ---------------------------------------------------------------------------

    def _heard(self, name: str, room: threading.Semaphore, received: Received) -> None:
        while not self._closed.is_set():
            if room.acquire(timeout=_LOOK_SECONDS):
                self._send(partial(self._take, name, room, received))
                return

    def _stands(self, name: str, status: SourceStatus) -> None:
        self._send(partial(self._show, name, status))

    def _send(self, told: Callable[[], None]) -> None:
        if not self._closed.is_set():
            self._home.emit(told)

    # -- in the window's -----------------------------------------------------------------------------------

    def _deliver(self, told: Callable[[], None]) -> None:
        if not self._closed.is_set():
            told()

    def _take(self, name: str, room: threading.Semaphore, received: Received) -> None:
        room.release()
        kind = self._sources[name].device.source
        self.received.emit(name, received)
        self.scanned.emit(Scan(received.text_untrusted, kind, received.at, name, took_ms=received.took_ms))

    def _show(self, name: str, status: SourceStatus) -> None:
        self._states[name] = status
        self.changed.emit(name)
