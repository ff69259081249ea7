"""The thread that prints slips, one after another; the counter never waits for it, nor it for the counter."""

from __future__ import annotations

import queue
import threading
from collections.abc import Collection
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Signal

from madoguchi.app.printing.escpos_slip import slip_bytes
from madoguchi.app.printing.receipt_printer import (
    NoSuchPrinter,
    PrinterTrouble,
    parse_printer,
    print_slip,
)
from madoguchi.widgets.slip_paper import Ruled

SLIP_SECONDS = 6.0
"""How long one slip may take: those behind it wait for it."""
ROW_SECONDS = 0.2
"""So much longer with every row: a slow printer takes its time over a long slip."""


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One slip on its way to a printer: ``slip_id`` is its number in the spool."""

    slip_id: int
    printer: str
    paper: str
    slip: Ruled = field(repr=False)


class SlipPrinting(QObject):
    """Prints in a thread of its own, first in, first out; one that fails holds up none behind it.

    Signals:
        began(slip_id): it is being printed.
        ended(slip_id, trouble): it is printed, or a ``PrinterTrouble`` stood in the way.
    """

    began = Signal(int)
    ended = Signal(int, object)
    _home = Signal(int, object, object)

    def __init__(self, *, seconds: float = SLIP_SECONDS) -> None:
        super().__init__()
        self._seconds = seconds
        self._jobs: queue.SimpleQueue[PrintJob | None] = queue.SimpleQueue()
        # the jobs that may begin; what is taken back while it waits is not among them any more
        self._live: set[int] = set()
        self._live_lock = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._by_system_thread: threading.Thread | None = None
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def print(self, job: PrintJob) -> None:
        """Has it printed after those before it."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="slip printing", daemon=True)
            self._thread.start()
        with self._live_lock:
            self._live.add(job.slip_id)
        self._jobs.put(job)

    def keep_only(self, slip_ids: Collection[int]) -> None:
        """Whatever waits and is none of these is not printed, and nothing is said of it."""
        with self._live_lock:
            self._live.intersection_update(slip_ids)

    def close(self) -> None:
        """Nothing more is printed: what waits is forgotten, what is being printed comes to its own end."""
        self._closing.set()
        self._jobs.put(None)
        if self._thread is not None:
            # it ends by its own deadline; the window does not wait for a printer that hangs
            self._thread.join(1.0)

    def _work(self) -> None:
        while not self._closing.is_set():
            job = self._jobs.get()
            if job is None or self._closing.is_set():
                return
            with self._live_lock:
                live = job.slip_id in self._live
                self._live.discard(job.slip_id)
            if not live:
                del job
                continue
            self._send(job.slip_id, None, None)
            try:
                trouble = self._print(job)
            except Exception as error:  # noqa: BLE001 - a bug, shown by the GUI thread's own hook
                self._send(job.slip_id, PrinterTrouble.FAULT, error)
            else:
                self._send(job.slip_id, trouble or True, None)
            # what stood on it is not kept until the next one comes
            del job

    def _send(self, slip_id: int, end: object, error: Exception | None) -> None:
        if not self._closing.is_set():
            self._home.emit(slip_id, end, error)

    def _deliver(self, slip_id: int, end: object, error: Exception | None) -> None:
        if self._closing.is_set():
            return
        if end is None:
            self.began.emit(slip_id)
        else:
            self.ended.emit(slip_id, None if end is True else end)
        if error is not None:
            raise error

    def _print(self, job: PrintJob) -> PrinterTrouble | None:
        try:
            name = parse_printer(job.printer).system
        except NoSuchPrinter:
            return PrinterTrouble.NO_ADDRESS
        if name:
            return self._by_system(name, job)
        made = slip_bytes(job.slip.rows, job.slip.columns, job.slip.barcode)
        return print_slip(job.printer, made, seconds=self._seconds, more=self._more(job))

    @staticmethod
    def _more(job: PrintJob) -> float:
        return ROW_SECONDS * len(job.slip.rows)

    def _by_system(self, name: str, job: PrintJob) -> PrinterTrouble | None:
        """Nobody can tell the system how long it may take: it is left behind; no second one follows."""
        if self._by_system_thread is not None and self._by_system_thread.is_alive():
            return PrinterTrouble.TIMED_OUT
        found: list[PrinterTrouble | Exception | None] = []

        def work() -> None:
            # heavy, and few terminals need it
            from madoguchi.widgets.system_printer import print_on_system

            try:
                found.append(print_on_system(name, job.slip, job.paper))
            except Exception as error:  # noqa: BLE001 - raised again where it is waited for
                found.append(error)

        working = threading.Thread(target=work, name="system printer", daemon=True)
        self._by_system_thread = working
        working.start()
        working.join(self._seconds + self._more(job))
        if not found:
            # it may come out yet
            return PrinterTrouble.BROKE_OFF
        if isinstance(found[0], Exception):
            raise found[0]
        return found[0]
