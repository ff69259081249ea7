"""Takes scans out of the X server's keys before an input method sees them, and leaves typing alone.

A native event filter comes before everything: Qt asks it before it hands a key to the input method, so a scan
that is swallowed here does not even touch what the clerk is half-way through composing.

* The keys of a **learned scanner** are told by their device (XInput 2). Raw keys of these devices, and of no
  others, are had from the server; each arrives just before the key itself. All that such a scanner types is
  taken; it can press no button, whatever has the focus.
* For the others the **timing** decides, on the server's time stamps, by the same ``WedgeRecogniser`` as in
  ``scan_catcher``; but only where an input method would take the keys before that sees them, or while a
  scanner is being learned. A key that was held back and is typing after all is sent to its window once more,
  by way of the server; until it is back, all that comes waits behind it, so that nothing changes places.
"""

from __future__ import annotations

import ctypes
import logging
import time
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QObject, Qt, Signal
from PySide6.QtGui import QNativeInterface
from PySide6.QtWidgets import QApplication

from madoguchi.barcode.scan import Scan, Source
from madoguchi.barcode.sources.source import Device, Received
from madoguchi.barcode.wedge import Fate, Key, KeyPress, WedgeRecogniser, WedgeSettings
from madoguchi.barcode.wedge_device import REST_MS, Hands, Heard, WedgeScanner
from madoguchi.widgets.input_method import input_method_in_force
from madoguchi.widgets.scan_patience import ScanPatience
from madoguchi.widgets.x11_devices import ALL_MASTERS, XServer
from madoguchi.widgets.x11_events import (
    EVENT_BYTES,
    GENERIC,
    KEY_PRESS,
    KEY_RELEASE,
    SENT,
    CoreKey,
    Origins,
    core_key,
    is_hierarchy_change,
    raw_key,
)
from madoguchi.widgets.x11_layout import Layout, Typed
from madoguchi.widgets.x11_scanners import LearnedScanners

_log = logging.getLogger(__name__)

_NEW_KEYBOARD, _NEW_MAP = 0, 1


@dataclass(slots=True, eq=False)
class _Held:
    """A key kept back: its press and, once that has come, its release, and which device it came from."""

    code: int
    window: int
    source: int | None
    time_ms: int
    wires: list[bytes] = field(default_factory=list)


class _Filter(QAbstractNativeEventFilter):
    """Qt's filter; a class of its own, since it is no QObject."""

    def __init__(self, native: Callable[[int], bool]) -> None:
        super().__init__()
        self._native = native

    def nativeEventFilter(
        self, _kind: QByteArray | bytes | bytearray | memoryview, message: int, /
    ) -> tuple[bool, int]:
        """Qt's call, for every event of the X server."""
        # what comes is a pointer, whatever the signature says, and a plain True is not heeded
        return self._native(int(message)), 0


class X11Keys(QObject):
    """Filters an X server's keys.

    Signals:
        scanned(scan): a ``Scan`` came; its keys reach nobody.
        heard(heard): the same as a ``Heard``, for the pages of set-up and diagnostics.
        plugged(there): each learned scanner by its name, and whether it is there; when that may be another.
        timing(on): whether scans of unknown devices are told here; ``scan_catcher`` rests meanwhile.
    """

    scanned = Signal(object)
    heard = Signal(object)
    plugged = Signal(object)
    timing = Signal(bool)

    def __init__(
        self,
        server: XServer,
        settings: WedgeSettings | None = None,
        scanners: Collection[WedgeScanner] = (),
        parent: QObject | None = None,
        *,
        always_timing: bool = False,
    ) -> None:
        super().__init__(parent)
        self._server = server
        self._scanners = LearnedScanners(server, scanners)
        self._always_timing = always_timing
        self._learning = False
        self._active = False
        self._recogniser = WedgeRecogniser(settings)
        self._origins = Origins()
        self._selected: tuple[int, ...] = ()
        self._layout: Layout | None = None
        self._patience = ScanPatience(self)
        self._patience.over.connect(self._nothing_comes)
        self._rest = ScanPatience(self)
        self._rest.over.connect(self._scanners_rest)
        # keys kept back that are still pressed, and all that are held now
        self._down: dict[int, _Held] = {}
        self._held: list[_Held] = []
        # sent to a window once more, and not back yet
        self._on_their_way: deque[tuple[int, int]] = deque()
        self._last_release = (0, -1)
        self._hands = Hands()
        self._filter = _Filter(self._native)

    def install(self, application: QApplication) -> None:
        """Begins to filter."""
        application.installNativeEventFilter(self._filter)
        application.applicationStateChanged.connect(self._state_changed)
        self._active = application.applicationState() == Qt.ApplicationState.ApplicationActive
        self._look()
        self._select()
        self.timing.emit(self._is_timing())

    def remove(self, application: QApplication) -> None:
        """Ends filtering; keys held back are given up."""
        application.applicationStateChanged.disconnect(self._state_changed)
        self._give_up()
        application.removeNativeEventFilter(self._filter)
        self._server.select_raw_keys(self._selected, on=False)
        self._selected = ()
        self._rest.end()
        self._forget_layouts()
        self._scanners.close()

    def present(self) -> tuple[Device, ...]:
        """The keyboards that are plugged in, scanners among them."""
        return self._scanners.devices()

    def hands(self) -> tuple[Device, ...]:
        """The keyboards on which somebody has typed since ``learn`` was turned on; programs type on none."""
        found = (self._scanners.device(number) for number in self._hands.numbers())
        return tuple(device for device in found if device is not None)

    def use(self, scanners: Collection[WedgeScanner]) -> None:
        """From now on these are the learned scanners."""
        self._scanners.use(scanners)
        self.plugged.emit(self._scanners.plugged)
        self._select()

    def learn(self, learning: bool) -> None:
        """While this is on, ``heard`` names the device of every scan, learned or not.

        For as long as our window is active the server then tells the device of every key.
        """
        self._give_up()
        # a key of another device that is down now: nobody may tell when it comes up
        self._origins.forget()
        self._hands = Hands()
        self._learning = learning
        self._select()
        self.timing.emit(self._is_timing())

    def _is_timing(self) -> bool:
        return self._always_timing or self._learning

    # -- devices ---------------------------------------------------------------------------------------

    def _look(self) -> None:
        self._scanners.look()
        self.plugged.emit(self._scanners.plugged)

    def _select(self) -> None:
        """Has the raw keys told that are needed. A scanner's are, also while another window has the keyboard:
        half a scan that went there must not become a number here."""
        wanted: tuple[int, ...] = self._scanners.numbers
        if self._learning:
            wanted = (ALL_MASTERS,) if self._active else ()
        if wanted != self._selected:
            self._server.select_raw_keys(set(self._selected) - set(wanted), on=False)
            # a device that came back under its old number has forgotten
            self._server.select_raw_keys(wanted, on=True)
            self._selected = wanted

    # -- events ----------------------------------------------------------------------------------------

    def _native(self, address: int) -> bool:
        """Judges an event; True: Qt must not see it."""
        kind = _byte(address)
        bare = kind & ~SENT
        if bare in (KEY_PRESS, KEY_RELEASE):
            return self._key(core_key(ctypes.string_at(address, EVENT_BYTES)))
        if bare == GENERIC:
            wire = ctypes.string_at(address, EVENT_BYTES)
            raw = raw_key(wire, self._server.input_extension)
            if raw is not None:
                self._origins.note(raw)
            elif is_hierarchy_change(wire, self._server.input_extension):
                self._look()
                self._selected = ()
                self._select()
        elif bare == self._server.keyboard_event and _byte(address + 1) in (_NEW_KEYBOARD, _NEW_MAP):
            self._forget_layouts()
        return False

    def _key(self, key: CoreKey) -> bool:
        if key.sent:
            self._is_back(key)
            return False
        source, repeats, lost = self._origins.take(key)
        self._scanners.lose(lost)
        if source in self._scanners.numbers:
            if not repeats:
                self._of_scanner(source, key)
            return True
        swallowed = self._is_timing() and (self._pressed(key, source) if key.pressed else self._released(key))
        if not swallowed and self._on_their_way:
            # what was typed before it is not there yet
            self._send_again(key.window, key.wire)
            return True
        return swallowed

    def _of_scanner(self, number: int, key: CoreKey) -> None:
        for heard in self._scanners.feed(number, key):
            self._tell(heard)
        if key.pressed and self._scanners.is_within_a_scan(number):
            self._rest.begin(REST_MS)

    def _pressed(self, key: CoreKey, source: int | None) -> bool:
        repeat = self._last_release == (key.time_ms, key.code)
        typed = self._typed(key)
        held = _Held(key.code, key.window, source, key.time_ms, [key.wire])
        verdict = self._recogniser.feed(KeyPress(typed.key, key.time_ms, typed.text, repeat, held))
        self._give_back(verdict.released)
        if verdict.fate is Fate.PASS:
            self._down.pop(key.code, None)
            # a scanner, too, presses Shift by itself
            if typed.key is not Key.MODIFIER:
                self._note_hands(held)
        else:
            self._down[key.code] = held
        if verdict.fate is Fate.HELD:
            self._held.append(held)
        self._patience.end()
        if self._recogniser.deadline_ms is not None:
            self._patience.begin(self._recogniser.patience_ms)
        if verdict.scanned is not None:
            keys, self._held = [*self._held, held], []
            sources = {one.source for one in keys}
            for number in sources:
                if number is not None:
                    self._hands.scanned(number, keys[0].time_ms, keys[-1].time_ms)
            device = self._scanners.device(sources.pop()) if len(sources) == 1 else None
            took_ms = (keys[-1].time_ms - keys[0].time_ms) % 2**32
            text = verdict.scanned
            raw = verdict.raw.encode()
            self._tell(Heard(Received(text, time.monotonic(), took_ms, "", raw), device, ""))
        return verdict.fate is not Fate.PASS

    def _note_hands(self, key: _Held) -> None:
        if self._learning and key.source is not None:
            self._hands.typed(key.source, key.time_ms)

    def _released(self, key: CoreKey) -> bool:
        """A release follows its press: not before it, and nowhere if that was part of a scan."""
        self._last_release = (key.time_ms, key.code)
        held = self._down.pop(key.code, None)
        if held is None:
            return False
        held.wires.append(key.wire)
        return True

    def _tell(self, heard: Heard) -> None:
        self.heard.emit(heard)
        received = heard.received
        self.scanned.emit(
            Scan(
                received.text_untrusted,
                Source.WEDGE,
                received.at,
                heard.scanner,
                took_ms=received.took_ms,
                raw_untrusted=received.raw_untrusted.decode(),
            )
        )

    def _typed(self, key: CoreKey) -> Typed:
        if self._layout is None:
            self._layout = Layout.in_force(self._server.connection)
        return self._layout.typed(key.code, key.modifiers, key.group)

    def _forget_layouts(self) -> None:
        """The server's keyboard has become another: what its keys type is asked anew."""
        if self._layout is not None:
            self._layout.close()
            self._layout = None
        self._scanners.forget_layouts()

    # -- waiting ---------------------------------------------------------------------------------------

    def _nothing_comes(self) -> None:
        deadline = self._recogniser.deadline_ms
        if deadline is not None:
            self._give_back(self._recogniser.timeout(deadline + 1).released)

    def _scanners_rest(self) -> None:
        for heard in self._scanners.give_up():
            self._tell(heard)

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        self._active = state == Qt.ApplicationState.ApplicationActive
        if not self._active:
            self._give_up()
            # where Shift comes up elsewhere, nobody here is told
            self._scanners.forget_layouts(every=True)
        self._select()

    def _give_up(self) -> None:
        self._patience.end()
        self._give_back(self._recogniser.give_up().released)

    def _give_back(self, released: tuple[KeyPress, ...]) -> None:
        for press in released:
            held = press.native
            if not isinstance(held, _Held):
                continue
            if held in self._held:
                self._held.remove(held)
            self._note_hands(held)
            if self._down.get(held.code) is held:
                del self._down[held.code]
            for wire in held.wires:
                self._send_again(held.window, wire)

    def _send_again(self, window: int, wire: bytes) -> None:
        self._on_their_way.append((wire[0], int.from_bytes(wire[4:8], "little")))
        self._server.send(window, wire)

    def _is_back(self, key: CoreKey) -> None:
        """Our own come back in their order; another program's are none of them."""
        identity = (KEY_PRESS if key.pressed else KEY_RELEASE, key.time_ms)
        if identity in self._on_their_way:
            while self._on_their_way.popleft() != identity:
                pass


def keys_before_qt(
    application: QApplication, settings: WedgeSettings, scanners: Collection[WedgeScanner]
) -> X11Keys | None:
    """The filter, where there is an X server that tells keys' devices; None elsewhere."""
    native = application.nativeInterface()
    if not isinstance(native, QNativeInterface.QX11Application):
        return None
    try:
        server = XServer(native.display(), native.connection())
    except (OSError, LookupError) as error:
        _log.warning("scanners are told by timing alone: %s", error)
        return None
    return X11Keys(server, settings, scanners, application, always_timing=input_method_in_force())


def _byte(address: int) -> int:
    return ctypes.c_ubyte.from_address(address).value
