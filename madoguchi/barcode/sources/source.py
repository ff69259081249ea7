"""What every scanner that the program reads by itself is, whatever it is plugged into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from madoguchi.barcode.scan import Source


class SourceState(Enum):
    """How a source stands."""

    READY = "ready"
    """Its device is there and is listened to."""
    MISSING = "missing"
    """Its device is not there: unplugged, or not yet plugged in. It is looked for until the source is closed.
    """
    REFUSED = "refused"
    """Its device is there and cannot be used; ``SourceStatus.reason_untrusted`` is what the system said."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How a source stands, and why it does not work if the system said so; the reason is untrusted text."""

    state: SourceState
    reason_untrusted: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """Which device a scan came from, as far as the system can tell.

    Two scanners of one make without serial numbers differ by the ``port`` they are plugged into alone.

    Attributes:
        source: how it is read.
        vendor_id: of USB, 0 to 65535; -1: it is no USB device, or nobody knows.
        product_id: of USB, in the same way.
        serial_untrusted: its serial number; empty: it has none.
        port: where it is plugged in: a serial port's name, or a USB path such as ``1-4.2``.
        name_untrusted: what it calls itself.
    """

    source: Source
    vendor_id: int = -1
    product_id: int = -1
    serial_untrusted: str = ""
    port: str = ""
    name_untrusted: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """One scan as its source received it. ``repr`` tells nobody's number.

    Attributes:
        text_untrusted: the text without prefix and terminator, for ``symbology.parse`` to judge.
        at: the moment of its last character, in seconds of ``time.monotonic``.
        took_ms: from its first character to its last, as far as this side can tell.
        symbology_untrusted: the symbology identifier that the scanner sent (``]E0``, AIM's), or empty.
        raw_untrusted: every byte as it arrived, for the page of diagnostics.
    """

    text_untrusted: str = field(repr=False)
    at: float
    took_ms: float
    symbology_untrusted: str = ""
    raw_untrusted: bytes = field(default=b"", repr=False)


class ScanSource(Protocol):
    """A scanner with a thread of its own.

    ``start`` begins to listen and returns at once. ``received`` and ``changed`` are called from the
    source's own thread, one call at a time, in the order in which things happened. Unplugged, the source says
    so, looks for its device again, and goes on when it is back; half a scan that was on its way is dropped,
    never joined to another. ``close`` ends the thread, lets go of the device, and returns once nothing will
    be called any more; closing twice does nothing.
    """

    @property
    def device(self) -> Device:
        """Whom it listens to."""

    def start(self, received: Callable[[Received], None], changed: Callable[[SourceStatus], None]) -> None:
        """Begin to listen."""

    def close(self) -> None:
        """End."""
