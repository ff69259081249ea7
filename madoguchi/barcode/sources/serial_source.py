"""A scanner on a serial port, a real one or one over USB (CDC), read through pyserial."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.framing import Frame, Framer
from madoguchi.barcode.sources.source import Device, Received, SourceState, SourceStatus

if TYPE_CHECKING:
    import serial

RETRY_SECONDS: Final = 1.0
"""How often a port that is not there is looked for."""

SILENCE_SECONDS: Final = 0.5
"""After so long without a byte the rest of a scan will not come: at 300 baud a byte takes 33 ms."""

_QUIET_SECONDS: Final = 0.05
_MOST_THROWN_AWAY: Final = 100
_MOST_AT_ONCE: Final = 4096
# What the system says of a port that is not there, or is gone again before it is open.
_NOT_THERE: Final = (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO)
_NOT_THERE_ON_WINDOWS: Final = "FileNotFoundError"

BAUDS: Final = range(300, 921_601)
DATA_BITS: Final = (7, 8)
PARITIES: Final = {"none": "N", "even": "E", "odd": "O"}
STOP_BITS: Final = (1, 2)
FLOWS: Final = ("none", "hardware", "software")

_Received = Callable[[Received], None]
_Changed = Callable[[SourceStatus], None]


@dataclass(frozen=True, slots=True)
class SerialLine:
    """How bytes are sent over the line, as the scanner is set.

    Attributes:
        baud: of ``BAUDS``.
        data_bits: of ``DATA_BITS``.
        parity: a key of ``PARITIES``.
        stop_bits: of ``STOP_BITS``.
        flow: of ``FLOWS``; hardware is RTS/CTS, software XON/XOFF.
    """

    baud: int = 9600
    data_bits: int = 8
    parity: str = "none"
    stop_bits: int = 1
    flow: str = "none"


class SerialSource:
    """Listens to one port, which nobody else may read meanwhile.

    Args:
        port: a device's path or the system's name of a port (``/dev/ttyACM0``, ``COM3``). A path that stays
            with the device, as those below ``/dev/serial/by-id``, finds it again wherever it is plugged in.
        line: how the scanner sends.
        frame: what it puts around a code.
        silence_seconds: after how long without a byte a scan that has begun is dropped.
        retry_seconds: how often a port that is not there is looked for.
    """

    def __init__(
        self,
        port: str,
        line: SerialLine | None = None,
        frame: Frame | None = None,
        *,
        silence_seconds: float = SILENCE_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._device = Device(Source.SERIAL, port=port)
        self._line = line if line is not None else SerialLine()
        self._framer = Framer(frame if frame is not None else Frame())
        self._silence_seconds = silence_seconds
        self._retry_seconds = retry_seconds
        self._status: SourceStatus | None = None
        self._closing = threading.Event()
        self._open: serial.Serial | None = None
        # whoever wakes a read must not meet a port that is just being closed
        self._port_lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def device(self) -> Device:
        """The port."""
        return self._device

    def start(self, received: _Received, changed: _Changed) -> None:
        """Begins to listen, once.

        Raises:
            RuntimeError: it has begun before.
        """
        if self._thread is not None:
            raise RuntimeError("a source is started once")
        self._thread = threading.Thread(
            target=self._work, args=(received, changed), name="serial scanner", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Ends the thread and lets go of the port."""
        self._closing.set()
        with self._port_lock:
            if self._open is not None:
                self._open.cancel_read()
        if self._thread is not None:
            self._thread.join()

    # -- in the thread -------------------------------------------------------------------------------------

    def _work(self, received: _Received, changed: _Changed) -> None:
        # heavy, and the window is to be painted first
        import serial

        while not self._closing.is_set():
            try:
                port = self._opened(serial)
            except _errors() as error:
                self._tell(changed, _why(error))
            else:
                self._listen(port, received, changed)
            self._closing.wait(self._retry_seconds)

    def _opened(self, library: object) -> serial.Serial:
        line = self._line
        port: serial.Serial = library.Serial(  # type: ignore[attr-defined]
            baudrate=line.baud,
            bytesize=line.data_bits,
            parity=PARITIES[line.parity],
            stopbits=line.stop_bits,
            rtscts=line.flow == "hardware",
            xonxoff=line.flow == "software",
            # two programs that read one port get half a scan each
            exclusive=True,
            timeout=self._silence_seconds,
        )
        port.port = self._device.port
        port.open()
        with self._port_lock:
            self._open = port
        return port

    def _listen(self, port: serial.Serial, received: _Received, changed: _Changed) -> None:
        """Until the device is gone or the source is closed."""
        try:
            if self._came_through(self._throw_away, port, changed) is None:
                return
            self._tell(changed, SourceStatus(SourceState.READY))
            while not self._closing.is_set():
                data = self._came_through(self._read, port, changed)
                if data is None:
                    return
                for scan in self._framer.feed(data, time.monotonic()):
                    if not self._closing.is_set():
                        received(scan)
        finally:
            self._framer.drop()
            with self._port_lock:
                self._open = None
                port.close()

    def _came_through(
        self, act: Callable[[serial.Serial], bytes], port: serial.Serial, changed: _Changed
    ) -> bytes | None:
        """What was read; None: the device is gone, and that is told."""
        try:
            return act(port)
        except _errors():
            self._tell(changed, SourceStatus(SourceState.MISSING))
            return None

    def _throw_away(self, port: serial.Serial) -> bytes:
        """What was scanned while nobody listened is no scan of now, nor the rest of one that had begun.

        Some scanners keep it until the port is opened, and by then the book is in nobody's hand.
        """
        port.timeout = _QUIET_SECONDS
        for _ in range(_MOST_THROWN_AWAY):
            if self._closing.is_set() or not port.read(_MOST_AT_ONCE):
                break
        port.timeout = self._silence_seconds
        return b""

    def _read(self, port: serial.Serial) -> bytes:
        """What is there, or what comes next; a scan that has begun is dropped when nothing comes."""
        data: bytes = port.read(min(max(1, port.in_waiting), _MOST_AT_ONCE))
        if not data:
            # it has waited, and nothing lay there at its end: also after this whole process stood still
            self._framer.drop()
        return data

    def _tell(self, changed: _Changed, status: SourceStatus) -> None:
        if status != self._status and not self._closing.is_set():
            self._status = status
            changed(status)


def _errors() -> tuple[type[Exception], ...]:
    """What a port can raise: on POSIX its settings have an error of their own."""
    try:
        import termios
    except ImportError:
        return (OSError, ValueError)
    return (OSError, ValueError, termios.error)


def _why(error: Exception) -> SourceStatus:
    not_there = getattr(error, "errno", None) in _NOT_THERE or _NOT_THERE_ON_WINDOWS in str(error)
    return SourceStatus(SourceState.MISSING) if not_there else SourceStatus(SourceState.REFUSED, str(error))
