"""Pictures of scanners, numbering and labels, for `central_states.py`: what is plugged in is handed over.

In `tests/counter`, `test_scan_sources.py`, `test_scanners_page.py`, `test_numbering.py` and `test_labels.py`
show the same with real parts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import QDeadlineTimer, QObject, Signal
from PySide6.QtTest import QTest

from madoguchi.app.staff.session import ServerState
from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_access import Exposure
from madoguchi.barcode.sources.kinds import KINDS
from madoguchi.barcode.sources.scanner import Scanner, Use
from madoguchi.barcode.sources.source import Device, Received, SourceState, SourceStatus
from madoguchi.barcode.wedge_device import Heard
from madoguchi.widgets.counter_window import CounterWindow
from madoguchi.widgets.labels_page import LabelsPage
from madoguchi.widgets.office.page import OfficePage
from madoguchi.widgets.scan_sources import Learning, ScanSources

STATES = frozenset(
    {
        *("labels", "labels-drop", "labels-print", "scanner-gone", "office-scanners", "office-learning"),
        *("office-staff", "office-numbering", "office-rule"),
    }
)
"""Those that are reached here."""

PATIENCE_MS = 20_000
LABELS = 30

LEFT, RETURNS, TYPES = "カウンター左", "返却ポスト", "カウンター右"
SCANNERS = (
    Scanner(LEFT, "serial", port="/dev/serial/by-id/usb-Scanner-if00"),
    Scanner(RETURNS, "hid", Use.RETURNS, vendor_id=0x1234, product_id=0x5678),
    Scanner(TYPES, "wedge", vendor_id=0x05E0, product_id=0x1200, device_name="Bar Code Scanner"),
)
"""Of each kind one."""


class HandedScanner:
    """A scanner of which nothing is there but what is handed to it."""

    made: ClassVar[dict[str, HandedScanner]] = {}

    def __init__(self, scanner: Scanner) -> None:
        self.device = scanner.wanted
        self.made[scanner.name] = self

    def start(self, received: Callable[[Received], None], changed: Callable[[SourceStatus], None]) -> None:
        """Nobody is listened to."""
        self._received, self._changed = received, changed

    def close(self) -> None:
        """Nothing is there."""

    def stands(self, state: SourceState) -> None:
        """This is how it stands now."""
        self._changed(SourceStatus(state))

    def reads(self, text: str, raw: bytes) -> None:
        """It reads this."""
        self._received(Received(text, 0.0, 14.0, raw_untrusted=raw))


class OneKeyboard(QObject):
    """A scanner on the cable of the keyboard that somebody types on: the system tells of one device."""

    heard = Signal(object)
    _both = Device(Source.WEDGE, 0x05E0, 0x1200, "", "1-1", "Keyboard with Scanner")
    _scanned = False

    def learn(self, learning: bool) -> None:
        """A scan comes once it begins."""
        if learning and not self._scanned:
            self._scanned = True
            self.heard.emit(Heard(Received("1000000016", 0.0, 14.0), self._both, ""))

    def present(self) -> tuple[Device, ...]:
        """That, and the machine's power button."""
        return self._both, Device(Source.WEDGE, name_untrusted="Power Button")

    def hands(self) -> tuple[Device, ...]:
        """Whoever types, types on the same."""
        return (self._both,)


def hand_scanners() -> None:
    """From now on nothing of this machine is looked for."""
    for read in ("serial", "hid"):
        KINDS[read] = replace(KINDS[read], make=HandedScanner)
    ScanSources.exposure = lambda _self: Exposure()  # type: ignore[method-assign]


def all_there(window: CounterWindow) -> None:
    """Every scanner is plugged in."""
    for name in (LEFT, RETURNS):
        HandedScanner.made[name].stands(SourceState.READY)
    window.sources.plugged({TYPES: True})


def reach(state: str, window: CounterWindow) -> None:
    """Brings the window from the state before into this one."""
    if state.startswith("labels"):
        _reach_labels(state, window)
        return
    match state:
        case "scanner-gone":
            window.go_to(1)
            HandedScanner.made[RETURNS].stands(SourceState.MISSING)
        case "office-scanners":
            window.press(7)
            HandedScanner.made[LEFT].reads("A1000000016A", b"A1000000016A\r\n")
            short = Received("200000001", 0.0, 31.0, raw_untrusted=b"200000001")
            window.sources.received.emit(TYPES, short)
        case "office-learning":
            window.sources.learning = Learning(OneKeyboard, lambda _: None)
            window.press(11)
            window.press(10)
        case "office-staff":
            _page_of(window).close_form()
            HandedScanner.made[RETURNS].stands(SourceState.READY)
            window.press(2)
        case "office-numbering":
            window.press(11)
        case "office-rule":
            window.press(10)
            form = _page_of(window).form
            form.set_values({"try": "A1000000019A"})
            form.edited.emit("try")
            form.field("try").start()


def _reach_labels(state: str, window: CounterWindow) -> None:
    if state == "labels":
        window.signs.server_is(ServerState())
        window.pages.open_labels()
        window.press(9)
        page = _labels_of(window)
        page.numbers.form.set_values({"count": str(LABELS)})
        window.press(10)
        _until(lambda: len(page.rows) == LABELS and page.beside.image() is not None)
    elif state == "labels-drop":
        page = _labels_of(window)
        page.table.chosen.emit(page.table.selected() or "")
    else:
        window.between.close_question()
        window.press(10)


def _labels_of(window: CounterWindow) -> LabelsPage:
    if not isinstance(window.page, LabelsPage):
        raise LookupError("no labels")
    return window.page


def _page_of(window: CounterWindow) -> OfficePage:
    if window.office is None:
        raise LookupError("nobody of the office is signed in")
    return window.office.page()


def _until(holds: Callable[[], bool]) -> None:
    """Waits for what comes by itself. Raises TimeoutError."""
    end = QDeadlineTimer(PATIENCE_MS)
    while not holds():
        if end.hasExpired():
            raise TimeoutError
        QTest.qWait(20)
