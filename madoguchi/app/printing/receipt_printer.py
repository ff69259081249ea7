"""The way to a receipt printer: straight to its socket or its device, past every spool, and bounded in time.

Nothing of what is printed is in an exception, a log or a file. A printer that takes the bytes may still have
no paper, so it is asked: before anything is sent, how it is; after it, whether it got to the end.
"""

from __future__ import annotations

import os
import re
import select
import socket
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

PRINT_SECONDS: Final = 10.0
"""How long printing a slip may take, all in all."""

_HOW_IS_IT: Final = b"\x10\x04\x02"  # DLE EOT 2: why it is off-line, at once
_COVER, _PAPER_END, _FAULT = 0x04, 0x20, 0x40
_AT_THE_END: Final = b"\x1dr\x01"  # GS r 1: is there paper; answered when all before it is done
_NO_PAPER: Final = 0x0C

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


class NoSuchPrinter(ValueError):
    """What is set is no place of a printer; the message says what would be."""


@dataclass(frozen=True, slots=True)
class PrinterPlace:
    """Where a printer is: ``host`` and ``port``, or the path of a ``device``."""

    host: str = ""
    port: int = 0
    device: str = ""


def parse_printer(text: str) -> PrinterPlace:
    """The place that a setting names: ``192.168.10.50:9100``, ``[fd00::50]:9100`` or ``/dev/usb/lp0``.

    Raises:
        NoSuchPrinter: it names none.
    """
    text = text.strip()
    if text.startswith("/dev/") and ".." not in text and text.isprintable():
        return PrinterPlace(device=text)
    found = _PORT.fullmatch(text)
    if found is None or not 1 <= int(found["port"]) <= 65535:
        raise NoSuchPrinter(
            "a receipt printer's address like 192.168.10.50:9100, or a device like /dev/usb/lp0"
        )
    return PrinterPlace(host=found["host"].strip("[]"), port=int(found["port"]))


class _Line(Protocol):
    """An open way to a printer: a file descriptor, and how to close it."""

    def fileno(self) -> int: ...

    def close(self) -> None: ...


class _Failed(Exception):
    """It was not printed; nothing of what it was."""

    def __init__(self, trouble: PrinterTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def print_slip(
    printer: str, slip: bytes | bytearray, *, seconds: float = PRINT_SECONDS
) -> PrinterTrouble | None:
    """Sends a slip to where ``printer`` says, and waits until the printer has come to its end; blocks.

    None: it is printed. What is not answered within ``seconds`` is taken for not printed.
    """
    if not printer.strip():
        return PrinterTrouble.NOT_SET
    try:
        place = parse_printer(printer)
    except NoSuchPrinter:
        return PrinterTrouble.NO_ADDRESS
    ends = time.monotonic() + seconds
    try:
        with closing(_opened(place, ends)) as line:
            _refuse_unready(_asked(line, _HOW_IS_IT, ends))
            _send(line, slip, ends)
            if _asked(line, _AT_THE_END, ends) & _NO_PAPER:
                return PrinterTrouble.NO_PAPER
    except _Failed as failed:
        return failed.trouble
    return None


def _opened(place: PrinterPlace, ends: float) -> _Line:
    try:
        if place.device:
            return _Device(place.device)
        connected = socket.create_connection(_resolved(place, ends), timeout=_left(ends))
    except TimeoutError:
        raise _Failed(PrinterTrouble.TIMED_OUT) from None
    except OSError:
        raise _Failed(PrinterTrouble.NOT_REACHED) from None
    connected.setblocking(False)
    return connected


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
            _wait(line, ends, reading=False)
            try:
                # a view of the rest, not a copy of it
                with view[sent:] as rest:
                    sent += os.write(line.fileno(), rest)
            except BlockingIOError:
                continue
            except OSError:
                raise _Failed(PrinterTrouble.BROKE_OFF) from None


def _asked(line: _Line, question: bytes, ends: float) -> int:
    """The one byte that the printer answers."""
    _send(line, question, ends)
    while True:
        _wait(line, ends, reading=True)
        try:
            answer = os.read(line.fileno(), 1)
        except BlockingIOError:
            continue
        except OSError:
            raise _Failed(PrinterTrouble.BROKE_OFF) from None
        if not answer:
            raise _Failed(PrinterTrouble.BROKE_OFF)
        return answer[0]


def _wait(line: _Line, ends: float, *, reading: bool) -> None:
    wanted = [line.fileno()]
    ready = select.select(wanted if reading else [], [] if reading else wanted, [], _left(ends))
    if not any(ready):
        raise _Failed(PrinterTrouble.TIMED_OUT)


def _refuse_unready(state: int) -> None:
    if state & _COVER:
        raise _Failed(PrinterTrouble.COVER_OPEN)
    if state & _PAPER_END:
        raise _Failed(PrinterTrouble.NO_PAPER)
    if state & _FAULT:
        raise _Failed(PrinterTrouble.FAULT)
