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
import time
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QObject, Qt, Signal
from PySide6.QtGui import QNativeInterface
from PySide6.QtWidgets import QApplication

from madoguchi.barcode.scan import Scan, Source
from madoguchi.barcode.sources.source import Device, Received
from madoguchi.barcode.wedge import Fate, KeyPress, WedgeRecogniser, WedgeSettings
from madoguchi.barcode.wedge_device import REST_MS, DeviceRun, WedgeScanner, is_device
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
from madoguchi.widgets.x11_layout import Layout, NoLayout, Typed

_NEW_KEYBOARD, _NEW_MAP = 0, 1


@dataclass(frozen=True, slots=True)
class Heard:
    """A scan of a wedge, and which device has typed it: None where that is not known.

    ``scanner`` is the name under which the terminal knows it, or empty.
    """

    received: Received
    device: Device | None
    scanner: str


@dataclass(slots=True, eq=False)
class _Held:
    """A key kept back: its press and, once that has come, its release, and which device it came from."""

    code: int
    window: int
    source: int | None
    time_ms: int
    wires: list[bytes] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Listened:
    """A learned scanner that is plugged in."""

    scanner: WedgeScanner
    device: Device
    run: DeviceRun
    layout: Layout | None = None


class _Filter(QAbstractNativeEventFilter):
    """Qt's filter; a class of its own, since it is no QObject."""

    def __init__(self, native: Callable[[int], bool]) -> None:
        super().__init__()
        self._native = native

    def nativeEventFilter(
        self, _kind: QByteArray | bytes | bytearray | memoryview, message: int, /
    ) -> tuple[bool, int]:
        """Qt's call, for every event of the X server."""
        # what comes is a pointer, whatever the signature says
        # a plain True is not heeded
        return self._native(int(message)), 0


class X11Keys(QObject):
    """Filters an X server's keys.

    Signals:
        scanned(scan): a ``Scan`` came; its keys reach nobody.
        heard(heard): the same as a ``Heard``, for the pages of set-up and diagnostics.
        timing(on): whether scans of unknown devices are told here; ``scan_catcher`` rests meanwhile.
    """

    scanned = Signal(object)
    heard = Signal(object)
    timing = Signal(bool)

    def __init__(
        self,
        server: XServer,
        connection: int,
        settings: WedgeSettings | None = None,
        scanners: Collection[WedgeScanner] = (),
        parent: QObject | None = None,
        *,
        always_timing: bool = False,
    ) -> None:
        super().__init__(parent)
        self._server, self._connection = server, connection
        self._scanners = tuple(scanners)
        self._always_timing = always_timing
        self._learning = False
        self._active = False
        self._recogniser = WedgeRecogniser(settings)
        self._origins = Origins()
        self._listened: dict[int, _Listened] = {}
        self._devices: dict[int, Device] = {}
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
        self._filter = _Filter(self._native)

    def install(self, application: QApplication) -> None:
        """Begins to filter."""
        application.installNativeEventFilter(self._filter)
        application.applicationStateChanged.connect(self._state_changed)
        self._active = application.applicationState() == Qt.ApplicationState.ApplicationActive
        self._look_at_devices()
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

    def present(self) -> tuple[Device, ...]:
        """The keyboards that are plugged in, scanners among them."""
        return tuple(self._devices.values())

    def use(self, scanners: Collection[WedgeScanner]) -> None:
        """From now on these are the learned scanners."""
        self._scanners = tuple(scanners)
        self._look_at_devices()

    def learn(self, learning: bool) -> None:
        """While this is on, ``heard`` names the device of every scan, learned or not.

        For as long as our window is active the server then tells the device of every key.
        """
        self._give_up()
        self._learning = learning
        self._look_at_devices()
        self.timing.emit(self._is_timing())

    def _is_timing(self) -> bool:
        return self._always_timing or self._learning

    # -- devices ---------------------------------------------------------------------------------------

    def _look_at_devices(self) -> None:
        """Which keyboards are there now; those of the learned scanners are listened to."""
        keyboards = self._server.keyboards()
        self._devices = {one.number: one.device for one in keyboards}
        before, self._listened = self._listened, {}
        for number, device in self._devices.items():
            scanner = next((s for s in self._scanners if is_device(s.device, device)), None)
            if scanner is None:
                continue
            there = before.get(number)
            if there is not None and there.scanner == scanner:
                self._listened[number] = before.pop(number)
            else:
                self._listened[number] = _Listened(
                    scanner, device, DeviceRun(scanner.prefix, scanner.terminators)
                )
        for gone in before.values():
            if gone.layout is not None:
                gone.layout.close()
        self._select()

    def _select(self) -> None:
        """Has the raw keys told that are needed. A scanner's are, also while another window has the keyboard:
        half a scan that went there must not become a number here."""
        wanted: tuple[int, ...] = tuple(self._listened)
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
        kind = ctypes.c_ubyte.from_address(address).value
        bare = kind & ~SENT
        if bare in (KEY_PRESS, KEY_RELEASE):
            return self._key(core_key(ctypes.string_at(address, EVENT_BYTES)))
        if bare == GENERIC:
            wire = ctypes.string_at(address, EVENT_BYTES)
            raw = raw_key(wire, self._server.input_extension)
            if raw is not None:
                self._origins.note(raw)
            elif is_hierarchy_change(wire, self._server.input_extension):
                self._selected = ()
                self._look_at_devices()
        elif bare == self._server.keyboard_event:
            if ctypes.c_ubyte.from_address(address + 1).value in (_NEW_KEYBOARD, _NEW_MAP):
                self._forget_layouts()
        return False

    def _key(self, key: CoreKey) -> bool:
        if key.sent:
            self._is_back(key)
            return False
        source, repeats, lost = self._origins.take(key)
        for number in lost & self._listened.keys():
            self._listened[number].run.lose()
        listened = self._listened.get(source) if source is not None else None
        if listened is not None:
            self._of_scanner(listened, key, repeats=repeats)
            return True
        swallowed = self._is_timing() and (
            self._pressed(key, source) if key.pressed else self._released(key)
        )
        if not swallowed and self._on_their_way:
            # what was typed before it is not there yet
            self._send_again(key.window, key.wire)
            return True
        return swallowed

    def _of_scanner(self, listened: _Listened, key: CoreKey, *, repeats: bool) -> None:
        if repeats:
            return
        if listened.layout is None:
            listened.layout = self._layout_of(listened.scanner, self._number_of(listened))
        if key.pressed:
            typed = listened.layout.own_typed(key.code, 0 if listened.scanner.layout else key.group)
            press = KeyPress(typed.key, key.time_ms, typed.text)
            for text in listened.run.feed(press):
                self._tell(text, listened.run.took_ms, listened.device, listened.scanner.name)
            if not listened.run.is_empty:
                self._rest.begin(REST_MS)
        listened.layout.follow(key.code, pressed=key.pressed)

    def _pressed(self, key: CoreKey, source: int | None) -> bool:
        repeat = self._last_release == (key.time_ms, key.code)
        typed = self._typed(key)
        held = _Held(key.code, key.window, source, key.time_ms, [key.wire])
        verdict = self._recogniser.feed(KeyPress(typed.key, key.time_ms, typed.text, repeat, held))
        self._give_back(verdict.released)
        if verdict.fate is Fate.PASS:
            self._down.pop(key.code, None)
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
            device = self._devices.get(sources.pop() or 0) if len(sources) == 1 else None
            took_ms = (keys[-1].time_ms - keys[0].time_ms) % 2**32
            self._tell(verdict.scanned, took_ms, device, "")
        return verdict.fate is not Fate.PASS

    def _released(self, key: CoreKey) -> bool:
        """A release follows its press: not before it, and nowhere if that was part of a scan."""
        self._last_release = (key.time_ms, key.code)
        held = self._down.pop(key.code, None)
        if held is None:
            return False
        held.wires.append(key.wire)
        return True

    def _tell(self, text: str, took_ms: int, device: Device | None, scanner: str) -> None:
        now = time.monotonic()
        self.heard.emit(Heard(Received(text, now, took_ms, "", text.encode()), device, scanner))
        self.scanned.emit(Scan(text, Source.WEDGE, now, scanner))

    # -- layouts ---------------------------------------------------------------------------------------

    def _typed(self, key: CoreKey) -> Typed:
        if self._layout is None:
            self._layout = self._layout_in_force(-1)
        return self._layout.typed(key.code, key.modifiers, key.group)

    def _number_of(self, listened: _Listened) -> int:
        return next(number for number, one in self._listened.items() if one is listened)

    def _layout_of(self, scanner: WedgeScanner, number: int) -> Layout:
        """The one it types on; where that is unknown, the machine's."""
        if scanner.layout:
            try:
                return Layout.named(scanner.layout)
            except NoLayout:
                pass
        return self._layout_in_force(number)

    def _layout_in_force(self, number: int) -> Layout:
        try:
            return Layout.in_force(self._connection, number)
        except NoLayout:
            # a device that has just gone; what it has sent is read as the server's own keyboard
            return Layout.in_force(self._connection)

    def _forget_layouts(self) -> None:
        """The server's keyboard has become another: what its keys type is asked anew."""
        if self._layout is not None:
            self._layout.close()
            self._layout = None
        for listened in self._listened.values():
            if listened.layout is not None and listened.run.is_empty:
                listened.layout.close()
                listened.layout = None

    # -- waiting ---------------------------------------------------------------------------------------

    def _nothing_comes(self) -> None:
        deadline = self._recogniser.deadline_ms
        if deadline is not None:
            self._give_back(self._recogniser.timeout(deadline + 1).released)

    def _scanners_rest(self) -> None:
        """Half a scan, or a scanner that sends no end: said aloud, never joined to the next."""
        for listened in self._listened.values():
            for text in listened.run.give_up():
                self._tell(text, listened.run.took_ms, listened.device, listened.scanner.name)

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        self._active = state == Qt.ApplicationState.ApplicationActive
        if not self._active:
            self._give_up()
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
    """The filter, where there is an X server; None elsewhere. Raises OSError or LookupError as ``XServer``."""
    native = application.nativeInterface()
    if not isinstance(native, QNativeInterface.QX11Application):
        return None
    connection = native.connection()
    server = XServer(native.display(), connection)
    return X11Keys(
        server, connection, settings, scanners, application, always_timing=input_method_in_force()
    )

