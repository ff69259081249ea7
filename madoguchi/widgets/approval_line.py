"""The connection of whoever approves an exception, in a thread of its own: for this one decision."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from madoguchi.app.server.outage import Outage

if TYPE_CHECKING:
    from madoguchi.app.server.approver import ApproverSession

T = TypeVar("T")

Act = Callable[["ApproverSession"], T]


class ApprovalLine(QObject):
    """Asks the server as somebody else than who is signed in, each act once.

    Nothing is asked again after an outage: whoever approves may have left. Once closed, nothing comes home.
    """

    _home = Signal(object)

    def __init__(self, session: Callable[[], ApproverSession]) -> None:
        super().__init__()
        self._make = session
        self._session: ApproverSession | None = None
        self._asked: Final[queue.SimpleQueue[Callable[[], None] | None]] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="approver", daemon=True)
        self._thread.start()

    def ask(self, act: Act[T], on_answer: Callable[[T | None], None], on_fault: Callable[[], None]) -> None:
        """Has ``act`` run; ``on_answer`` is told in the GUI thread, None where the server did not answer.

        A bug is raised in the GUI thread, and then ``on_fault`` is told there.
        """
        self._asked.put(partial(self._run, act, on_answer, on_fault))

    def close(self) -> None:
        """The session ends, and with it the password goes from memory; returns at once."""
        self._closed.set()
        self._asked.put(None)

    @property
    def is_over(self) -> bool:
        """Whether the server was told that they have left, or cannot be."""
        return not self._thread.is_alive()

    def join(self, seconds: float) -> None:
        """Waits until the server was told that they have left, at most so long."""
        self._thread.join(seconds)

    def _work(self) -> None:
        while (asked := self._asked.get()) is not None:
            if not self._closed.is_set():
                asked()
            # a sign-in holds a password: it is not kept until the next act comes
            del asked
        if self._session is not None:
            self._session.leave()

    def _run(self, act: Act[Any], on_answer: Callable[[Any], None], on_fault: Callable[[], None]) -> None:
        answer: Any = None
        try:
            self._session = self._session or self._make()
            answer = act(self._session)
        except Outage:
            pass
        except Exception as error:  # noqa: BLE001 - a bug, shown by the GUI thread's own hook
            self._send(partial(_raise, error))
            self._send(on_fault)
            return
        self._send(partial(on_answer, answer))

    def _send(self, act: Callable[[], None]) -> None:
        if not self._closed.is_set():
            self._home.emit(act)

    def _deliver(self, act: Callable[[], None]) -> None:
        if not self._closed.is_set():
            act()


def _raise(bug: Exception) -> None:
    raise bug
