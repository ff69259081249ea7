"""The way to the agent that decides on USB devices: its socket, in a thread of its own, found again quietly.

Whoever asks while the agent is away is answered at once that it is. The agent ends a lease when the
connection ends that asked for it: closing this, or the program's death, takes the stick away.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, Qt, Signal

from madoguchi.device_control.channel import BadMessage
from madoguchi.device_control.client import AgentGone, AgentRefused

RETRY_SECONDS: Final = 1.0
_END_SECONDS: Final = 3.0

Fields = dict[str, Any]


class Agent(Protocol):
    """A connection to the agent (``device_control.client.AgentClient``)."""

    def ask(self, ask: str, **fields: object) -> Fields: ...

    def close(self) -> None: ...


Opener = Callable[[Callable[[str, Fields], None], Callable[[], None]], Agent]
"""Connects; is handed whom to tell, and whom to say that the agent is gone. Raises AgentGone or OSError."""

Answer = Fields | AgentRefused | None
"""What the agent says; None: it is not there, or went before it answered."""


class _Asked:
    """A request on its way."""

    def __init__(self, ask: str, fields: dict[str, object], on_answer: Callable[[Answer], None]) -> None:
        self.ask = ask
        self.fields = fields
        self.on_answer = on_answer


class AgentLink(QObject):
    """Asks the agent, in order; answers and what it tells by itself come home by signal.

    Signals:
        told(what, fields): the agent said something by itself: ``state``, ``devices`` or ``lease``.
        connected(up): the agent is there, or is not any more.
    """

    told = Signal(str, object)
    connected = Signal(bool)
    _home = Signal(object)

    def __init__(self, opener: Opener, *, retry_seconds: float = RETRY_SECONDS) -> None:
        super().__init__()
        self._opener = opener
        self._retry_seconds = retry_seconds
        self._asked: queue.SimpleQueue[_Asked | Agent | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._begun = False
        self._up = False
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="USB agent", daemon=True)

    def start(self) -> None:
        """Begins to look for the agent."""
        if not self._begun:
            self._begun = True
            self._thread.start()

    @property
    def up(self) -> bool:
        """Whether the agent is there."""
        return self._up

    def ask(self, ask: str, on_answer: Callable[[Answer], None], **fields: object) -> None:
        """Asks the agent; ``on_answer`` is told in the GUI thread."""
        self._asked.put(_Asked(ask, fields, on_answer))

    def close(self) -> None:
        """Ends the connection, and with it a lease; nothing is told any more.

        What was asked before is asked still: a release that waits is not lost by it.
        """
        self._closed.set()
        self._asked.put(None)
        if self._begun:
            self._thread.join(_END_SECONDS)

    # -- in the thread -------------------------------------------------------------------------------------

    def _work(self) -> None:
        agent: Agent | None = None
        while True:
            if agent is None and not self._closed.is_set():
                agent = self._open()
            try:
                asked = self._asked.get(timeout=self._retry_seconds if agent is None else None)
            except queue.Empty:
                continue
            if asked is None:
                if agent is not None:
                    agent.close()
                return
            if isinstance(asked, _Asked):
                self._send(partial(asked.on_answer, self._answer(agent, asked)))
            elif asked is agent:
                agent.close()
                agent = None
                self._send(partial(self._set_up, False))

    def _open(self) -> Agent | None:
        made: list[Agent] = []

        def gone() -> None:
            # in the agent's own reader; it may come before the constructor is back
            ready.wait(_END_SECONDS)
            if made:
                self._asked.put(made[0])

        ready = threading.Event()
        try:
            made.append(self._opener(self._told, gone))
        except (AgentGone, OSError):
            return None
        finally:
            ready.set()
        self._send(partial(self._set_up, True))
        return made[0]

    @staticmethod
    def _answer(agent: Agent | None, asked: _Asked) -> Answer:
        if agent is None:
            return None
        try:
            return agent.ask(asked.ask, **asked.fields)
        except AgentRefused as refused:
            return refused
        except (AgentGone, BadMessage, OSError):
            return None

    def _told(self, what: str, fields: Fields) -> None:
        self._send(partial(self.told.emit, what, fields))

    def _send(self, act: Callable[[], None]) -> None:
        if not self._closed.is_set():
            self._home.emit(act)

    # -- in the window's -----------------------------------------------------------------------------------

    def _deliver(self, act: Callable[[], None]) -> None:
        if not self._closed.is_set():
            act()

    def _set_up(self, up: bool) -> None:
        if up is not self._up:
            self._up = up
            self.connected.emit(up)
