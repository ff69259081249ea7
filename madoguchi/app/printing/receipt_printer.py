"""The way to a receipt printer: straight to its socket, device or USB, past every spool, and bounded in time.

Nothing of what is printed is in an exception, a log or a file. A printer that takes the bytes may still have
no paper, so it is asked: before anything is sent, how it is; after it, whether it got to the end.
"""

from __future__ import annotations

import errno
import os
import re
import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

PRINT_SECONDS: Final = 10.0
"""How long printing a slip may take, all in all."""

_HOW_IS_IT: Final = b"\x10\x04\x02"  # DLE EOT 2: why it is off-line, at once
_COVER, _PAPER_END, _FAULT = 0x04, 0x20, 0x40
_AT_THE_END: Final = b"\x1dr\x01"  # GS r 1: is there paper; answered when all before it is done
_NO_PAPER: Final = 0x0C

_IN: Final = 0x80
"""The direction's bit in the address of an end of USB."""
_USB_PART, _USB_ANSWER = 4096, 16
"""Bytes that go out in one transfer, and bytes of an answer at most."""

_USB: Final = re.compile(r"usb:(?P<vendor>[0-9A-Fa-f]{4}):(?P<product>[0-9A-Fa-f]{4})")
_SYSTEM: Final = "system:"
_PORT: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:/\\\s@]+):(?P<port>[0-9]{1,5})")


class PrinterTrouble(StrEnum):
    """Why a slip was not printed, or perhaps not; each has its sentence."""

    NOT_SET = "not_set"
    NO_ADDRESS = "no_address"
    NOT_REACHED = "not_reached"
    TIMED_OUT = "timed_out"
    BROKE_OFF = "broke_off"
    NO_PAPER = "no_paper"
    COVER_OPEN = "cover_open"
    FAULT = "fault"
    NOT_KNOWN = "not_known"
    """The system knows no printer of this name."""
    NOT_DIRECT = "not_direct"
    """It is one the system knows: its spool keeps what is printed, and what is secret does not go there."""


class NoSuchPrinter(ValueError):
    """What is set is no place of a printer; the message says what would be."""


@dataclass(frozen=True, slots=True)
class PrinterPlace:
    """Where a printer is: ``host`` and ``port``, the path of a ``device``, or ``usb``, vendor and product.

    ``system``: the name the system knows it by, which may be any printer; nothing is sent there from here.
    """

    host: str = ""
    port: int = 0
    device: str = ""
    usb: tuple[int, int] | None = None
    system: str = ""


def parse_printer(text: str) -> PrinterPlace:
    """The place that a setting names.

    ``192.168.10.50:9100``, ``[fd00::50]:9100``, ``/dev/usb/lp0``, where there is no such file
    ``usb:04b8:0e15``, or ``system:`` and a name.

    Raises:
        NoSuchPrinter: it names none.
    """
    text = text.strip()
    if text.startswith("/dev/") and ".." not in text and text.isprintable():
        return PrinterPlace(device=text)
    name = text.removeprefix(_SYSTEM).strip()
    if text.startswith(_SYSTEM) and name and name.isprintable():
        return PrinterPlace(system=name)
    by_usb = _USB.fullmatch(text)
    if by_usb is not None:
        return PrinterPlace(usb=(int(by_usb["vendor"], 16), int(by_usb["product"], 16)))
    found = _PORT.fullmatch(text)
    if found is None or not 1 <= int(found["port"]) <= 65535:
        raise NoSuchPrinter(
            "a receipt printer's address like 192.168.10.50:9100, a device like /dev/usb/lp0 or "
            "usb:04b8:0e15, or system: and the name of a printer"
        )
    return PrinterPlace(host=found["host"].strip("[]"), port=int(found["port"]))


class _Line(Protocol):
    """An open way to a printer, each call bounded by the moment ``ends``."""

    def send(self, part: memoryview, ends: float) -> int: ...

    def read(self, ends: float) -> bytes: ...

    def close(self) -> None: ...


class _Failed(Exception):
    """It was not printed; nothing of what it was."""

    def __init__(self, trouble: PrinterTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def print_slip(
    printer: str, slip: bytes | bytearray, *, seconds: float = PRINT_SECONDS, more: float = 0.0
) -> PrinterTrouble | None:
    """Sends a slip to where ``printer`` says, and waits until the printer has come to its end; blocks.

    None: it is printed. What is not answered within ``seconds`` is taken for not printed: as TIMED_OUT while
    nothing was sent, then as BROKE_OFF, for paper may be out. A printer that has said that it is ready gets
    so many seconds ``more``.
    """
    if not printer.strip():
        return PrinterTrouble.NOT_SET
    try:
        place = parse_printer(printer)
    except NoSuchPrinter:
        return PrinterTrouble.NO_ADDRESS
    ends = time.monotonic() + seconds
    try:
        if place.system:
            return PrinterTrouble.NOT_DIRECT
        with closing(_opened(place, ends)) as line:
            _refuse_unready(_asked(line, _HOW_IS_IT, ends))
            if _printed(line, slip, ends + more) & _NO_PAPER:
                return PrinterTrouble.NO_PAPER
    except _Failed as failed:
        return failed.trouble
    return None


def _opened(place: PrinterPlace, ends: float) -> _Line:
    try:
        if place.usb is not None:
            return _Usb(*place.usb)
        if place.device:
            return _Stream(_Device(place.device))
        connected = socket.create_connection(_resolved(place, ends), timeout=_left(ends))
    except TimeoutError:
        raise _Failed(PrinterTrouble.TIMED_OUT) from None
    except OSError:
        raise _Failed(PrinterTrouble.NOT_REACHED) from None
    connected.setblocking(False)
    return _Stream(connected)


class _Device:
    """A printer's device, opened without waiting for it."""

    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)

    def fileno(self) -> int:
        """What select waits for."""
        return self._descriptor

    def close(self) -> None:
        """Closes it."""
        os.close(self._descriptor)


class _Stream:
    """Whatever has a file descriptor: a socket, a device."""

    def __init__(self, stream: socket.socket | _Device) -> None:
        self._stream = stream

    def send(self, part: memoryview, ends: float) -> int:
        """Sends what goes now; how many bytes that was."""
        self._wait(ends, reading=False)
        try:
            return os.write(self._stream.fileno(), part)
        except BlockingIOError:
            return 0
        except OSError:
            raise _Failed(PrinterTrouble.BROKE_OFF) from None

    def read(self, ends: float) -> bytes:
        """The one byte that comes next."""
        while True:
            self._wait(ends, reading=True)
            try:
                return os.read(self._stream.fileno(), 1)
            except BlockingIOError:
                continue
            except OSError:
                raise _Failed(PrinterTrouble.BROKE_OFF) from None

    def close(self) -> None:
        """Closes it."""
        self._stream.close()

    def _wait(self, ends: float, *, reading: bool) -> None:
        wanted = [self._stream.fileno()]
        ready = select.select(wanted if reading else [], [] if reading else wanted, [], _left(ends))
        if not any(ready):
            raise _Failed(PrinterTrouble.TIMED_OUT)


class _Usb:
    """A printer on USB that has no device file, as python-escpos opens it."""

    def __init__(self, vendor: int, product: int) -> None:
        # heavy, and few terminals need it
        from madoguchi.app.printing.escpos_library import printers

        found = printers()
        from escpos.exceptions import Error

        self._printer = found.Usb(vendor, product)
        try:
            self._printer.open()
        except (Error, OSError, ValueError):
            # ValueError: there is no USB on this machine
            raise _Failed(PrinterTrouble.NOT_REACHED) from None
        device = self._printer.device
        # what its first interface names, not what most printers have
        self._out = next((end for end in _ends(device) if not end & _IN), self._printer.out_ep)
        self._in = next((end for end in _ends(device) if end & _IN), self._printer.in_ep)

    def send(self, part: memoryview, ends: float) -> int:
        """Sends what goes now; how many bytes that was."""
        return int(self._bounded(self._printer.device.write, self._out, bytes(part[:_USB_PART]), ends))

    def read(self, ends: float) -> bytes:
        """The one byte that comes next."""
        while True:
            # a printer with nothing to say may answer with nothing
            answer = bytes(self._bounded(self._printer.device.read, self._in, _USB_ANSWER, ends))
            if answer:
                return answer[:1]

    def close(self) -> None:
        """Lets go of it."""
        self._printer.close()

    @staticmethod
    def _bounded(call: Callable[..., Any], end: int, what: object, ends: float) -> Any:
        try:
            return call(end, what, max(1, round(_left(ends) * 1000)))
        except TimeoutError:
            raise _Failed(PrinterTrouble.TIMED_OUT) from None
        except OSError as error:
            timed_out = error.errno in (errno.ETIMEDOUT, errno.EAGAIN)
            raise _Failed(PrinterTrouble.TIMED_OUT if timed_out else PrinterTrouble.BROKE_OFF) from None


def _ends(device: Any) -> list[int]:
    """The addresses of the first interface's ends."""
    return [end.bEndpointAddress for end in device.get_active_configuration()[(0, 0)]]


def _resolved(place: PrinterPlace, ends: float) -> tuple[str, int]:
    """The printer's address. Nobody can tell a look-up how long it may take: it is left behind."""
    found: list[tuple[str, int]] = []

    def look_up() -> None:
        try:
            known = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend((str(address[0]), int(address[1])) for *_, address in known[:1])

    looking = threading.Thread(target=look_up, name="receipt printer's address", daemon=True)
    looking.start()
    looking.join(_left(ends))
    if not found:
        raise _Failed(PrinterTrouble.TIMED_OUT if looking.is_alive() else PrinterTrouble.NOT_REACHED)
    return found[0]


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise _Failed(PrinterTrouble.TIMED_OUT)
    return left


def _send(line: _Line, content: bytes | bytearray, ends: float) -> None:
    with memoryview(content) as view:
        sent = 0
        while sent < len(view):
            # a view of the rest, not a copy of it
            with view[sent:] as rest:
                sent += line.send(rest, ends)


def _printed(line: _Line, slip: bytes | bytearray, ends: float) -> int:
    """What the printer answers when it has come to the slip's end."""
    try:
        _send(line, slip, ends)
        return _asked(line, _AT_THE_END, ends)
    except _Failed as failed:
        if failed.trouble is PrinterTrouble.TIMED_OUT:
            raise _Failed(PrinterTrouble.BROKE_OFF) from None
        raise


def _asked(line: _Line, question: bytes, ends: float) -> int:
    """The one byte that the printer answers."""
    _send(line, question, ends)
    answer = line.read(ends)
    if not answer:
        raise _Failed(PrinterTrouble.BROKE_OFF)
    return answer[0]


def _refuse_unready(state: int) -> None:
    if state & _COVER:
        raise _Failed(PrinterTrouble.COVER_OPEN)
    if state & _PAPER_END:
        raise _Failed(PrinterTrouble.NO_PAPER)
    if state & _FAULT:
        raise _Failed(PrinterTrouble.FAULT)
