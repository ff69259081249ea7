"""The way to the lending server and home again: one thread asks, in order; answers come by signal."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from madoguchi.app.server.gateway import Act, LendingServer, Outage

T = TypeVar("T")

RETRY_SECONDS = 1.0


class Job(Generic[T]):
    """One act on its way: asked until it is answered, in its place in the queue.

    Its act must be safe to repeat: it carries an operation id, or it only reads.
    """

    def __init__(
        self, act: Act[T], on_answer: Callable[[T], None], on_outage: Callable[[], None] | None = None
    ) -> None:
        self.act = act
        self.on_answer = on_answer
        self.on_outage = on_outage


class DatabaseWorker(QObject):
    """Runs acts in a thread of its own, first in, first out.

    An act that meets an outage stays first in the queue and is asked again until it is answered: the
    acts behind it wait, so that nothing overtakes.

    Signals:
        line_changed(up): whether the lending server answered last.
    """

    line_changed = Signal(bool)
    _home = Signal(object)

    def __init__(self, server: LendingServer, *, retry_seconds: float = RETRY_SECONDS) -> None:
        super().__init__()
        self._server = server
        self._retry_seconds = retry_seconds
        self._jobs: queue.SimpleQueue[Job[Any] | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._up = True
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="database worker", daemon=True)
        self._thread.start()

    def ask(
        self,
        act: Act[T],
        on_answer: Callable[[T], None],
        on_outage: Callable[[], None] | None = None,
    ) -> Job[T]:
        """Has ``act`` run on the lending server; ``on_answer`` gets its answer in the GUI thread.

        ``on_outage`` is told in the GUI thread the first time the server does not answer. What the
        act raises, a bug, is raised again in the GUI thread.
        """
        job = Job(act, on_answer, on_outage)
        self._jobs.put(job)
        return job

    def close(self) -> None:
        """Ends the thread after the act under way; what has not been asked yet never is."""
        self._closing.set()
        self._jobs.put(None)
        self._thread.join()
        self._server.close()

    def _work(self) -> None:
        while not self._closing.is_set() and (job := self._jobs.get()) is not None:
            self._ask_until_answered(job)

    def _ask_until_answered(self, job: Job[Any]) -> None:
        told = False
        while not self._closing.is_set():
            act, on_answer = job.act, job.on_answer
            try:
                answer = self._server.run(act)
            except Outage:
                self._send(partial(self._set_line, False))
                if not told and job.on_outage is not None:
                    self._send(job.on_outage)
                told = True
                self._closing.wait(self._retry_seconds)
            except Exception as error:  # noqa: BLE001 - a bug, shown by the GUI thread's own hook
                self._send(partial(_raise, error))
                return
            else:
                self._send(partial(self._set_line, True))
                self._send(partial(on_answer, answer))
                return

    def _send(self, message: Callable[[], None]) -> None:
        if not self._closing.is_set():
            self._home.emit(message)

    def _deliver(self, message: Callable[[], None]) -> None:
        if not self._closing.is_set():
            message()

    def _set_line(self, up: bool) -> None:
        if up is not self._up:
            self._up = up
            self.line_changed.emit(up)


def _raise(bug: Exception) -> None:
    raise bug
