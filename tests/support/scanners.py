"""Scanners to test with: one in memory, and a serial one whose other end is a pseudo-terminal."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.framing import Frame
from madoguchi.barcode.sources.serial_source import SerialLine, SerialSource
from madoguchi.barcode.sources.source import Device, Received, ScanSource, SourceState, SourceStatus

PATIENCE_SECONDS = 10.0


class Rig(Protocol):
    """A source under test, and the hand that holds its scanner. It begins plugged in.

    A kind of its own is one more parameter of ``tests/barcode/sources/conftest.py``.
    """

    source: ScanSource

    def send(self, text: str) -> None:
        """The scanner reads this (ASCII) and sends it, whole."""

    def send_half(self, text: str) -> None:
        """It begins to send this, and the rest never comes."""

    def send_noise(self, noise: bytes) -> None:
        """Whatever a hostile device sends. What is left of it may spoil the scan behind it, no other."""

    def unplug(self) -> None:
        """Nothing of what it had begun to send arrives any more."""

    def plug(self) -> None:
        """It is there again."""

    def close(self) -> None:
        """Everything of the rig ends; the source is closed by whoever started it."""


class Heard:
    """What a source told, from whatever thread."""

    def __init__(self) -> None:
        self.scans: list[Received] = []
        self.states: list[SourceStatus] = []
        self.threads: set[threading.Thread] = set()
        self.overlapped = False
        self._inside = threading.Lock()
        self._told = threading.Condition()

    def received(self, scan: Received) -> None:
        """For ``start``."""
        self._note(self.scans.append, scan)

    def changed(self, status: SourceStatus) -> None:
        """For ``start``."""
        self._note(self.states.append, status)

    def _note(self, keep: Callable[..., None], told: object) -> None:
        if not self._inside.acquire(blocking=False):
            self.overlapped = True
            return
        self.threads.add(threading.current_thread())
        with self._told:
            keep(told)
            self._told.notify_all()
        self._inside.release()

    def until(self, holds: Callable[[], bool]) -> None:
        """Waits for it; fails in the end."""
        with self._told:
            assert self._told.wait_for(holds, PATIENCE_SECONDS), (self.texts(), self.states)

    def until_stands(self, state: SourceState) -> None:
        """Waits until this was told last."""
        self.until(lambda: bool(self.states) and self.states[-1].state is state)

    def texts(self) -> list[str]:
        """What was scanned."""
        return [scan.text_untrusted for scan in self.scans]


class MemorySource:
    """A scanner that is nothing but a queue."""

    def __init__(self) -> None:
        self._device = Device(Source.SERIAL, port="memory", name_untrusted="made up")
        self._told: queue.SimpleQueue[Received | SourceStatus | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    @property
    def device(self) -> Device:
        return self._device

    def tell(self, told: Received | SourceStatus) -> None:
        """Has this told by the source's thread."""
        self._told.put(told)

    def scan(self, text: str) -> None:
        """Has this scanned."""
        self.tell(Received(text, time.monotonic(), 5.0, raw_untrusted=f"{text}\r".encode()))

    def start(self, received: Callable[[Received], None], changed: Callable[[SourceStatus], None]) -> None:
        assert self._thread is None
        self._thread = threading.Thread(target=self._work, args=(received, changed), daemon=True)
        self._thread.start()
        self.tell(SourceStatus(SourceState.READY))

    def close(self) -> None:
        self._closing.set()
        self._told.put(None)
        if self._thread is not None:
            self._thread.join()

    def _work(self, received: Callable[[Received], None], changed: Callable[[SourceStatus], None]) -> None:
        while (told := self._told.get()) is not None:
            if self._closing.is_set():
                continue
            if isinstance(told, Received):
                received(told)
            else:
                changed(told)


class MemoryRig:
    """The plain one: what it is told arrives whole or not at all."""

    def __init__(self) -> None:
        self.memory = MemorySource()
        self.source: ScanSource = self.memory

    def send(self, text: str) -> None:
        self.memory.scan(text)

    def send_half(self, text: str) -> None:
        del text

    def send_noise(self, noise: bytes) -> None:
        self.memory.scan(noise[:100].decode("utf-8", "replace"))

    def unplug(self) -> None:
        self.memory.tell(SourceStatus(SourceState.MISSING))

    def plug(self) -> None:
        self.memory.tell(SourceStatus(SourceState.READY))

    def close(self) -> None:
        """Nothing is left."""


class PtyRig:
    """pyserial on a pseudo-terminal, behind a link that goes and comes as udev's do."""

    def __init__(
        self,
        folder: Path,
        frame: Frame | None = None,
        line: SerialLine | None = None,
        *,
        end: bytes = b"\r",
        silence_seconds: float = 0.3,
        plugged: bool = True,
    ) -> None:
        self.link = folder / "scanner"
        self._end = end
        self._ours = -1
        self.source: ScanSource = SerialSource(
            str(self.link), line, frame, silence_seconds=silence_seconds, retry_seconds=0.02
        )
        if plugged:
            self.plug()

    def send(self, text: str) -> None:
        self.write(text.encode() + self._end)

    def send_half(self, text: str) -> None:
        self.write(text.encode())

    def send_noise(self, noise: bytes) -> None:
        self.write(noise)

    def write(self, data: bytes) -> None:
        """These bytes; waits while the other end has no room for them."""
        while data:
            data = data[os.write(self._ours, data) :]

    def unplug(self) -> None:
        self.link.unlink()
        os.close(self._ours)
        self._ours = -1

    def plug(self) -> None:
        self._ours, theirs = os.openpty()
        tty.setraw(theirs)
        self.link.symlink_to(os.ttyname(theirs))
        # the source opens it by its name; held open here, it would never hang up
        os.close(theirs)

    def close(self) -> None:
        if self._ours >= 0:
            with contextlib.suppress(FileNotFoundError):
                self.unplug()
