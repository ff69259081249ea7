"""A USB scanner that sends reports (HID POS, or text on its vendor's page), listened to through pyusb."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from madoguchi.barcode.sources.hid_devices import (
    Gone,
    Held,
    Lost,
    NotUsable,
    Stalled,
    find,
    hold,
    identity,
    libusb,
)
from madoguchi.barcode.sources.hid_reports import RawText
from madoguchi.barcode.sources.source import Device, Received, SourceState, SourceStatus

READ_MS: Final = 100
"""How long one read waits: closing takes no longer than that, and what the system needs."""
PATIENCE_MS: Final = 500
"""Of so much listening without an answer, the rest of a scan is not coming any more."""
SETTLE_MS: Final = 50
"""So long nothing must come before what a device had kept is known to be all read."""
LOOK_EVERY_S: Final = 1.0
"""How often a device that is not there is looked for: pyusb tells of no arrivals."""

_READY: Final = SourceStatus(SourceState.READY)
_STALLS: Final = 3
_OLD_READS: Final = 100  # a device that is never silent (a status, every few milliseconds) keeps nothing
_REFUSALS: Final = 2


class HidSource:
    """A `ScanSource` on USB.

    The interface that scans come by is taken from the kernel's driver and claimed, and nothing else of the
    device; closed, it is given back. While it is listened to, no other program gets its scans.

    A device that has just been plugged in is refused for a moment, until the system has said who may open it:
    so a refusal is told only when it is refused again.
    """

    def __init__(
        self,
        device: Device,
        raw: RawText | None = None,
        *,
        unframed: Callable[[str], tuple[str, str]] | None = None,
        backend: Any = None,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        """``raw``: it sends plain text on its vendor's page; None: it is of the bar code scanner page.

        ``unframed`` takes off what the scanner is set to put around a code; it returns the code, and the
        symbology identifier if the text had one. ``backend`` is pyusb's; None: the system's libusb.
        """
        self._device = device
        self._found: Device | None = None
        self._unframed = unframed
        self._raw = raw
        self._backend = backend
        self._look_every_s = look_every_s
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._status: SourceStatus | None = None
        self._refusals = 0

    @property
    def device(self) -> Device:
        """Whom it listens to, as it is looked for."""
        return self._device

    @property
    def found(self) -> Device | None:
        """What it listened to last: what that says of itself, where it is plugged in; None: nothing yet."""
        return self._found

    def start(self, received: Callable[[Received], None], changed: Callable[[SourceStatus], None]) -> None:
        """Begins to listen, in a thread of its own. Raises RuntimeError when it was started before."""
        if self._thread is not None:
            raise RuntimeError("a source is started once")
        self._thread = threading.Thread(
            target=self._run, args=(received, changed), name="scanner on USB", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Ends the thread and gives the device back; closing from within a call of it returns at once."""
        self._closing.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self, received: Callable[[Received], None], changed: Callable[[SourceStatus], None]) -> None:
        while not self._closing.is_set():
            status = self._visit(received, changed)
            self._refusals = self._refusals + 1 if status.state is SourceState.REFUSED else 0
            if self._refusals != _REFUSALS - 1:
                self._say(status, changed)
            self._closing.wait(self._look_every_s)

    def _visit(
        self, received: Callable[[Received], None], changed: Callable[[SourceStatus], None]
    ) -> SourceStatus:
        """Looks for the device, and listens for as long as it is there; says how it stands after that."""
        try:
            backend = self._backend or libusb()
            found = find(self._device, backend)
            if found is None:
                return SourceStatus(SourceState.MISSING)
            held = hold(found, self._raw)
        except NotUsable as refused:
            return SourceStatus(SourceState.REFUSED, str(refused))
        except Gone:
            return SourceStatus(SourceState.MISSING)
        try:
            self._found = identity(found)
            self._listen(held, received, changed)
        except Gone:
            return SourceStatus(SourceState.MISSING)
        except Stalled as refused:
            return SourceStatus(SourceState.REFUSED, str(refused))
        finally:
            held.let_go()
        return _READY  # closed: there is nobody to tell

    def _listen(
        self,
        held: Held,
        received: Callable[[Received], None],
        changed: Callable[[SourceStatus], None],
    ) -> None:
        """Until it is closed. Raises Gone, and Stalled when the device goes on refusing to send.

        What was scanned before anybody listened, and still waits in the device, is thrown away: the book is
        not in the clerk's hand any more. It is ready once nothing of that is left.
        """
        silent_ms = stalls = old = 0
        is_ready = False
        while not self._closing.is_set():
            try:
                read = held.read(READ_MS if is_ready else SETTLE_MS)
            except Stalled:
                stalls += 1
                if stalls == _STALLS:
                    raise
                held.clear()
                held.lost()
                continue
            except Lost:
                held.lost()
                continue
            at = time.monotonic()
            stalls = 0
            if read is None:
                silent_ms += READ_MS
                if silent_ms >= PATIENCE_MS or not is_ready:
                    held.silence()
            else:
                silent_ms = 0
                for each in held.scans_of(read, at):
                    if is_ready and not self._closing.is_set():
                        received(self._bare(each))
                old += 1
            if not is_ready and (read is None or old == _OLD_READS):
                is_ready = True
                self._say(_READY, changed)

    def _bare(self, scan: Received) -> Received:
        if self._unframed is None:
            return scan
        text, symbology = self._unframed(scan.text_untrusted)
        kept = scan.symbology_untrusted or symbology
        return replace(scan, text_untrusted=text, symbology_untrusted=kept)

    def _say(self, status: SourceStatus, changed: Callable[[SourceStatus], None]) -> None:
        if status != self._status and not self._closing.is_set():
            self._status = status
            changed(status)
