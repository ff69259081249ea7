"""Whoever listens to sources on USB, for tests; and devices to plug in."""

from __future__ import annotations

import queue
from dataclasses import dataclass, field, replace

from madoguchi.barcode.sources.hid_reports import RawText
from madoguchi.barcode.sources.hid_source import HidSource
from madoguchi.barcode.sources.source import Device, Received, SourceState, SourceStatus
from tests.support.hid_forms import COUNTED, Form
from tests.support.hid_rig import WANTED
from tests.support.usb_backend import FakeDevice, FakeInterface, FakeUsb

READY, MISSING = SourceStatus(SourceState.READY), SourceStatus(SourceState.MISSING)
_PATIENCE_SECONDS = 20


def refused(why: str) -> SourceStatus:
    """What is said of a device that cannot be used."""
    return SourceStatus(SourceState.REFUSED, why)


@dataclass
class Told:
    """What a source said, in order."""

    _received: queue.Queue[Received] = field(default_factory=queue.Queue)
    _changed: queue.Queue[SourceStatus] = field(default_factory=queue.Queue)

    def begin(self, source: HidSource) -> None:
        """Starts it."""
        source.start(self._received.put, self._changed.put)

    def scan(self) -> Received:
        """The next scan, which is waited for."""
        return self._received.get(timeout=_PATIENCE_SECONDS)

    def text(self) -> str:
        """Of the next scan."""
        return self.scan().text_untrusted

    def status(self) -> SourceStatus:
        """How it says that it stands, next."""
        return self._changed.get(timeout=_PATIENCE_SECONDS)

    def is_silent(self) -> bool:
        """Whether it said nothing that was not asked for here."""
        return self._received.empty() and self._changed.empty()


class Listen:
    """Starts sources, and closes them in the end."""

    def __init__(self) -> None:
        self._sources: list[HidSource] = []

    def __call__(
        self, usb: FakeUsb, wanted: Device = WANTED, raw: RawText | None = None
    ) -> tuple[HidSource, Told]:
        source, heard = HidSource(wanted, raw, backend=usb, look_every_s=0.01), Told()
        self._sources.append(source)
        heard.begin(source)
        return source, heard

    def close(self) -> None:
        """Closes them all."""
        for source in self._sources:
            source.close()


def plugged(*devices: FakeDevice) -> FakeUsb:
    """A bus with these."""
    usb = FakeUsb()
    for device in devices:
        usb.plug(device)
    return usb


def scanner(form: Form = COUNTED, **about: object) -> FakeDevice:
    """A scanner without anything beside it."""
    return replace(FakeDevice([FakeInterface(form.descriptor())]), **about)  # type: ignore[arg-type]
