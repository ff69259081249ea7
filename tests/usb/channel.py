"""Talks to the guest's agent (`tests.usb.guest.agent`): programs that run there, and acts with an answer."""

from __future__ import annotations

import contextlib
import json
import queue
import signal
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ANSWER_SECONDS: Final = 120.0


class MachineError(Exception):
    """The machine did not start, or did not answer; the message has its own words."""


class GuestError(Exception):
    """A program in the guest failed; the message has what it wrote."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A program that has ended in the guest."""

    status: int
    stdout: str
    stderr: str


class GuestProgram:
    """A program that runs in the guest."""

    def __init__(self, channel: Channel, answers: queue.SimpleQueue[Answer], number: int) -> None:
        self._channel = channel
        self._answers = answers
        self._number = number
        self._written = {"stdout": bytearray(), "stderr": bytearray()}
        self._read = 0
        self._status: int | None = None

    def line(self, seconds: float = ANSWER_SECONDS) -> str:
        """Its next line of standard output, without the line's end.

        Raises GuestError if it has ended instead, MachineError if none came within `seconds`.
        """
        end = time.monotonic() + seconds
        while (found := self._written["stdout"].find(b"\n", self._read)) < 0:
            if self._status is not None:
                raise GuestError(
                    f"it ended with {self._status}: {self._text('stdout')}{self._text('stderr')}"
                )
            self._take(end - time.monotonic())
        line = self._written["stdout"][self._read : found].decode(errors="replace")
        self._read = found + 1
        return line

    def say(self, line: str) -> None:
        """Write a line to its standard input; it was started with `listens`."""
        self._channel.answer("say", {"program": self._number, "line": line})

    def wait(self, seconds: float = ANSWER_SECONDS) -> Ran:
        """Wait for its end. Raises MachineError if it did not come within `seconds`."""
        end = time.monotonic() + seconds
        while self._status is None:
            self._take(end - time.monotonic())
        return Ran(self._status, self._text("stdout"), self._text("stderr"))

    def kill(self, which: signal.Signals = signal.SIGKILL) -> None:
        """Send it, and what it started, a signal."""
        self._channel.answer("signal", {"program": self._number, "which": int(which)})

    def _take(self, seconds: float) -> None:
        try:
            answer = self._answers.get(timeout=max(0, seconds))
        except queue.Empty:
            said = self._text("stdout") + self._text("stderr")
            raise MachineError(f"the guest's program went on for too long, and said: {said}") from None
        if answer.event in self._written:
            self._written[answer.event] += answer.payload
        elif answer.event == "ended":
            self._status = answer.result
        else:
            raise GuestError(answer.reason)

    def _text(self, name: str) -> str:
        return self._written[name].decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the agent said: `done`, `failed`, `ended`, or a piece that a program wrote."""

    event: str
    result: Any = None
    reason: str = ""
    payload: bytes = field(default=b"", repr=False)


class Channel:
    """Asks the guest's agent, and sorts its answers."""

    def __init__(self, port: socket.socket) -> None:
        self.is_up = threading.Event()
        self._port = port
        self._sending = threading.Lock()
        self._asked: dict[int, queue.SimpleQueue[Answer]] = {}
        self._last = 0
        self._reader = threading.Thread(target=self._read, name="the guest's answers", daemon=True)
        self._reader.start()

    def ask(
        self, act: str, arguments: Mapping[str, Any], payload: bytes = b""
    ) -> tuple[queue.SimpleQueue[Answer], int]:
        """Ask; return where the answers come, and the number they come under."""
        answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        with self._sending:
            self._last += 1
            number = self._last
            self._asked[number] = answers
            message = {"number": number, "act": act, "arguments": arguments, "size": len(payload)}
            self._port.sendall(json.dumps(message).encode() + b"\n" + payload)
        return answers, number

    def answer(self, act: str, arguments: Mapping[str, Any], payload: bytes = b"") -> Any:
        """Ask for what has one answer, and wait for it. Raises GuestError, MachineError."""
        answers, number = self.ask(act, arguments, payload)
        try:
            answer = answers.get(timeout=ANSWER_SECONDS)
        except queue.Empty:
            raise MachineError(f"the guest did not answer: {act}") from None
        finally:
            self._asked.pop(number, None)
        if answer.event == "failed":
            raise GuestError(f"{act}: {answer.reason}")
        return answer.result

    def close(self) -> None:
        """End."""
        with contextlib.suppress(OSError):
            self._port.shutdown(socket.SHUT_RDWR)
        self._reader.join(5)
        self._port.close()

    def _read(self) -> None:
        with self._port.makefile("rb") as lines, contextlib.suppress(OSError):
            while line := lines.readline():
                message = json.loads(line)
                payload = lines.read(message.get("size", 0))
                if message["event"] == "up":
                    self.is_up.set()
                elif (answers := self._asked.get(message["number"])) is not None:
                    answers.put(
                        Answer(message["event"], message.get("result"), message.get("reason", ""), payload)
                    )
