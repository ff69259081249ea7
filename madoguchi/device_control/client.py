"""The window's end of the channel: a connection to the agent, and a thread that reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread, current_thread
from typing import Any, Final

from madoguchi.device_control.channel import PROTOCOL, BadMessage, Lines, encode, word_of
from madoguchi.device_control.connection import Connect, connect_here

ANSWER_SECONDS: Final = 10.0
"""An agent that has not answered for so long is as good as gone."""

_END_SECONDS: Final = 1.0


class AgentGone(Exception):
    """There is no agent, it does not answer, or it says what is no message; the connection is closed."""


class AgentRefused(Exception):
    """The agent does not do what was asked.

    Attributes:
        word: why; `channel.Refused` has those that there are.
        fields: what it says beside (`line` and `slip` of a policy).
    """

    def __init__(self, word: str, fields: dict[str, Any]) -> None:
        super().__init__(word)
        self.word = word
        self.fields = fields


class AgentClient:
    """A connection to the agent. A lost one is not made again: make another client.

    One thread asks at a time; others wait for it. ``told`` and ``gone`` are called in the reading thread:
    they must not raise, ask or take long, and can be called before the constructor has returned.

    Args:
        path: of the socket, or the pipe's name.
        told: is given what the agent tells without being asked: its kind and the fields.
        gone: is called once, when the connection has ended and `close` has not been called.
        connect: makes the connection.

    Raises:
        AgentGone: nobody listens there, or whoever does is not our agent.
    """

    def __init__(
        self,
        path: str | Path,
        told: Callable[[str, dict[str, Any]], None],
        gone: Callable[[], None],
        connect: Connect = connect_here,
    ) -> None:
        self._told = told
        self._gone = gone
        self._lines = Lines()
        self._asking = Lock()
        self._answers: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._number = 0
        self._awaited: int | None = None
        self._ended = False
        self._closing = False
        self._early: list[dict[str, Any]] = []
        try:
            self._connection = connect(str(path), ANSWER_SECONDS)
        except OSError as error:
            raise AgentGone(type(error).__name__) from None
        try:
            self._greet()
        except (OSError, BadMessage) as error:
            self._connection.close()
            raise AgentGone(type(error).__name__) from None
        self._thread = Thread(target=self._run, name="usb agent", daemon=True)
        self._thread.start()

    def ask(self, ask: str, **fields: Any) -> dict[str, Any]:
        """Asks, and waits for the answer's fields, ten seconds at most.

        Raises:
            AgentRefused: the agent says no, and why.
            AgentGone: the connection has ended, or it is ended now since no answer came.
            BadMessage: the fields cannot be sent; nothing was.
        """
        if current_thread() is self._thread:
            raise RuntimeError("the thread that reads cannot wait for an answer")
        with self._asking:
            self._number += 1
            message = encode({"ask": ask, "n": self._number, **fields})
            try:
                if self._ended:
                    raise AgentGone("ended")
                self._awaited = self._number
                self._connection.send(message)
                answer = self._answers.get(timeout=ANSWER_SECONDS)
            except (OSError, Empty) as error:
                self._hang_up()
                raise AgentGone(type(error).__name__) from None
        if answer is None:
            raise AgentGone("ended")
        if "refused" in answer:
            raise AgentRefused(answer["refused"], answer)
        return answer

    def close(self) -> None:
        """Ends the connection, which ends a lease that was asked for over it. Waits a second at most."""
        self._closing = True
        self._hang_up()
        if current_thread() is not self._thread:
            self._thread.join(_END_SECONDS)

    def _hang_up(self) -> None:
        self._ended = True
        self._connection.hang_up()

    def _greet(self) -> None:
        while not self._early:
            data = self._connection.receive()
            if not data:
                raise BadMessage("no greeting")
            self._early = self._lines.feed(data)
        if self._early.pop(0).get("hello") != PROTOCOL:
            raise BadMessage("another protocol")

    # -- the thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            for message in self._early:
                self._take(message)
            while data := self._read():
                for message in self._lines.feed(data):
                    self._take(message)
        except (OSError, BadMessage):
            pass
        finally:
            self._ended = True
            self._answers.put(None)
            self._connection.close()
            if not self._closing:
                self._gone()

    def _read(self) -> bytes:
        # the connection's patience is for what is sent; the agent may have nothing to say for hours
        while True:
            try:
                return self._connection.receive()
            except TimeoutError:
                continue

    def _take(self, message: dict[str, Any]) -> None:
        if "told" in message:
            self._told(word_of(message, "told"), {key: message[key] for key in message if key != "told"})
            return
        if self._awaited is None or message.get("n") != self._awaited:
            raise BadMessage("an answer to nothing")
        if "refused" in message:
            word_of(message, "refused")
        self._awaited = None
        self._answers.put({key: message[key] for key in message if key != "n"})
