"""From a scanner's USB report to the `Scan`: what putting it together costs, beside only copying its bytes.

Nothing here waits for a real wire. The last figure goes through pyusb and the source's own thread, on the USB
of `tests.support.usb_backend`; beside it the same bytes by the same way, with nobody who reads them.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import usb.core

from madoguchi.barcode.scan import Scan, Source
from madoguchi.barcode.sources.hid_descriptor import read_descriptor
from madoguchi.barcode.sources.hid_layout import scan_layouts
from madoguchi.barcode.sources.hid_reports import BarCodeAssembler
from madoguchi.barcode.sources.hid_source import HidSource
from madoguchi.barcode.sources.source import Received
from tests.bench.figures import BenchError, Figure, Goal, Limit, number, spread
from tests.bench.ground import Ground
from tests.support.hid_forms import COUNTED
from tests.support.hid_rig import WANTED, HidRig

ON: Final = "Python"
GOAL_RATE: Final = 1_000
"""Reports a second: what a full-speed endpoint can bring at most, one each millisecond (USB 2.0, 5.7)."""
SHORT, LONG = "A1000000016A", "0123456789" * 15
_MICROSECONDS: Final = 1e6


def measure(ground: Ground) -> Iterator[Figure]:
    """Every figure of this section."""
    many = max(20, ground.sizes.filler // 5)
    yield _descriptor(many // 10)
    for what, text in (("one report", SHORT), ("three reports", LONG)):
        yield _assembled(what, COUNTED.reports(text), text, many)
    yield _rate(COUNTED.reports(SHORT) + COUNTED.reports(LONG), many)
    yield _through_pyusb(many // 10)


def _figure(what: str, unit: str, times: Sequence[float], bare: str, bare_times: Sequence[float]) -> Figure:
    limit = Limit(bare, spread(bare_times)["median"])
    return Figure("hid", ON, what, unit, len(times), spread(times), (limit,))


def _descriptor(many: int) -> Figure:
    descriptor = COUNTED.descriptor()
    times = _each(many, lambda: scan_layouts(read_descriptor(descriptor)))
    copied = _each(many, lambda: bytearray(descriptor))
    return _figure("a report descriptor read, as each scanner is opened", "µs", times, "copying it", copied)


def _assembled(what: str, reports: list[bytes], text: str, many: int) -> Figure:
    scans = BarCodeAssembler(scan_layouts(read_descriptor(COUNTED.descriptor())))

    def scan() -> Scan:
        (received,) = [each for report in reports for each in scans.feed(report, 1.0)]
        return Scan(received.text_untrusted, Source.HID, received.at, "counter 1")

    if scan().text_untrusted != text:
        raise BenchError("the scan is not what was sent")
    times = _each(many, scan)
    copied = _each(many, lambda: b"".join(bytearray(report) for report in reports))
    said = f"{what} to Scan ({len(text)} characters)"
    return _figure(said, "µs a scan", times, "copying the bytes", copied)


def _rate(reports: list[bytes], many: int) -> Figure:
    scans = BarCodeAssembler(scan_layouts(read_descriptor(COUNTED.descriptor())))
    rounds = max(1, many // len(reports))
    begun = time.perf_counter()
    found = sum(len(scans.feed(report, 1.0)) for _ in range(rounds) for report in reports)
    took = time.perf_counter() - begun
    if found != rounds * 2:
        raise BenchError(f"{found} scans of {rounds * 2}")
    begun = time.perf_counter()
    copied = sum(len(bytearray(report)) for _ in range(rounds) for report in reports)
    bare = time.perf_counter() - begun
    if copied != rounds * sum(map(len, reports)):
        raise BenchError("the bare loop did not copy everything")
    done = rounds * len(reports)
    goal = Goal(
        f"at least {number(GOAL_RATE)} a second, as many as full-speed USB can bring",
        done / took >= GOAL_RATE,
    )
    limit = Limit("copying the bytes", done / bare)
    return Figure("hid", ON, "reports put together", "reports/s", done, {"": done / took}, (limit,), goal)


def _through_pyusb(many: int) -> Figure:
    rig, heard = HidRig(), queue.Queue[Received]()
    source = HidSource(WANTED, backend=rig.usb)
    source.start(heard.put, lambda status: None)
    try:
        times = _each(many, lambda: _sent(rig, heard))
    finally:
        source.close()
    bare = _bare_pyusb(many)
    what = "from the bus through pyusb and the source's thread to whoever asked"
    return _figure(what, "µs a scan", times, "a thread that reads by pyusb and looks at nothing", bare)


def _sent(rig: HidRig, heard: queue.Queue[Received]) -> None:
    rig.send(SHORT)
    if heard.get(timeout=30).text_untrusted != SHORT:
        raise BenchError("the scan is not what was sent")


def _bare_pyusb(many: int) -> list[float]:
    rig, heard, ending = HidRig(), queue.Queue[bytes](), threading.Event()
    device = next(iter(usb.core.find(find_all=True, backend=rig.usb)))
    device.detach_kernel_driver(1)

    def listen() -> None:
        while not ending.is_set():
            try:
                heard.put(device.read(0x82, 64, 100))
            except usb.core.USBTimeoutError:
                continue

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        return _each(many, lambda: (rig.send(SHORT), heard.get(timeout=30)))
    finally:
        ending.set()
        thread.join()


def _each(many: int, act: Callable[[], object]) -> list[float]:
    """How long the act takes, so many times, in microseconds."""
    for _ in range(5):
        act()
    times = []
    for _ in range(many):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * _MICROSECONDS)
    return times
